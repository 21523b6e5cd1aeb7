/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "label/phrase.h"
#include "unit/spif/files.h"
#include <jansson.h>
#include <libxml/parser.h>
#include <stdlib.h>

/* ADatP-4774.1 4.4, Table 12, under its ACME policy: $ACCORD_VECTORS/labels/ism-rollup/dominance.  The
 * policy lies there as facts; the file is written here, and so is the little of MOCK that is known. */

#define MOCK_FILE                                                                                  \
    "<SPIF xmlns=\"http://www.xmlspif.org/spif\" schemaVersion=\"2.1\" "                           \
    "creationDate=\"20211101Z\" "                                                                  \
    "originatorDN=\"CN=MOCK\" keyIdentifier=\"\" privilegeId=\"2.16.840.1.101.2.1.8.3\" "          \
    "rbacId=\"2.16.840.1.101.2.1.8.3\">"                                                           \
    "<securityPolicyId name=\"MOCK\" id=\"1.3.6.1.4.1.31778.120.1\"/><securityClassifications>"    \
    "<securityClassification name=\"CONFIDENTIAL\" lacv=\"3\" hierarchy=\"3\"/>"                   \
    "<securityClassification name=\"SECRET\" lacv=\"4\" hierarchy=\"4\"/>"                         \
    "</securityClassifications></SPIF>"

static struct scheme *acme, *mock;
static json_t        *vectors;
static uint8_t        text[1 << 16];

/* Table 12/1 takes a mapped label as it is; its own rule 9, and vector 8, refuse one without Releasable
 * To.  We hold both for a person. */
static const char *const held_here[] = {"ADatP-4774.1/Table12/1"};

static json_t *json_of(const char *called)
{
    const char *base = getenv("ACCORD_VECTORS");
    char        path[512];
    (void)snprintf(path, sizeof path, "%s/labels/ism-rollup/dominance/%s",
                   base != NULL ? base : "../shared/data", called);
    return json_load_file(path, 0, NULL);
}

static const char *string_of(json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s == NULL ? "" : s;
}

static void put_attribute(struct writer *w, const char *called, const char *value)
{
    put_text(w, " ");
    put_text(w, called);
    put_text(w, "=\"");
    put_text(w, value);
    put_text(w, "\"");
}

static void put_number(struct writer *w, json_t *o, const char *called)
{
    put_text(w, " ");
    put_text(w, called);
    put_text(w, "=\"");
    put_decimal(w, (uint64_t)json_integer_value(json_object_get(o, called)));
    put_text(w, "\"");
}

static void put_markings(struct writer *w, json_t *o)
{
    if (json_object_get(o, "markingFr") != NULL) {
        put_text(w, "<markingData xml:lang=\"fr\"");
        put_attribute(w, "phrase", string_of(o, "markingFr"));
        put_text(w, "><code>pageTopBottom</code></markingData>");
    }
}

static void put_equivalents(struct writer *w, json_t *o, const char *element)
{
    size_t  i;
    json_t *e;
    json_array_foreach(json_object_get(o, "equivalent"), i, e)
    {
        bool category = json_object_get(e, "tagSetId") != NULL;
        put_text(w, element);
        put_attribute(w, "policyRef", string_of(e, "policy"));
        put_attribute(w, "applied", string_of(e, "applied"));
        put_number(w, e, "lacv");
        if (category) {
            put_attribute(w, "tagSetId", string_of(e, "tagSetId"));
            put_attribute(w, "tagType", "enumerated");
            put_attribute(w, "enumType", "permissive");
        }
        put_text(w, "/>");
    }
}

/* Both values of what CONFIDENTIAL requires, by the lacv that the tag set gives them */
static void put_requires(struct writer *w, json_t *o)
{
    if (json_object_get(o, "requires") != NULL) {
        put_text(w, "<requiredCategory operation=\"oneOrMore\">"
                    "<categoryGroup tagSetRef=\"Releasable To\" tagType=\"enumerated\" "
                    "enumType=\"permissive\" lacv=\"100\"/>"
                    "<categoryGroup tagSetRef=\"Releasable To\" tagType=\"enumerated\" "
                    "enumType=\"permissive\" lacv=\"200\"/></requiredCategory>");
    }
}

static void put_classes(struct writer *w, json_t *root)
{
    size_t  i;
    json_t *c;
    put_text(w, "<securityClassifications>");
    json_array_foreach(json_object_get(root, "classifications"), i, c)
    {
        put_text(w, "<securityClassification");
        put_attribute(w, "name", string_of(c, "name"));
        put_number(w, c, "lacv");
        put_number(w, c, "hierarchy");
        put_text(w, ">");
        put_equivalents(w, c, "<equivalentClassification");
        put_markings(w, c);
        put_requires(w, c);
        put_text(w, "</securityClassification>");
    }
    put_text(w, "</securityClassifications>");
}

static void put_value(struct writer *w, json_t *v)
{
    size_t  i;
    json_t *x;
    put_text(w, "<tagCategory");
    put_attribute(w, "name", string_of(v, "name"));
    put_number(w, v, "lacv");
    put_text(w, ">");
    put_equivalents(w, v, "<equivalentSecCategoryTag");
    put_markings(w, v);
    json_array_foreach(json_object_get(v, "excludedClasses"), i, x)
    {
        put_text(w, "<excludedClass>");
        put_text(w, json_string_value(x));
        put_text(w, "</excludedClass>");
    }
    put_text(w, "</tagCategory>");
}

static void put_qualifiers(struct writer *w, json_t *marking)
{
    const char *key;
    json_t     *value;
    put_text(w, "<markingQualifier>");
    json_object_foreach(marking, key, value)
    {
        put_text(w, "<qualifier");
        put_attribute(w, "markingQualifier", json_string_value(value));
        put_attribute(w, "qualifierCode", key);
        put_text(w, "/>");
    }
    put_text(w, "</markingQualifier>");
}

static void put_set(struct writer *w, json_t *set)
{
    const char *key;
    json_t     *value;
    size_t      i;
    put_text(w, "<securityCategoryTagSet");
    put_attribute(w, "name", string_of(set, "name"));
    put_attribute(w, "id", string_of(set, "id"));
    put_text(w, "><securityCategoryTag");
    json_object_foreach(json_object_get(set, "spif"), key, value)
    {
        put_attribute(w, key, json_string_value(value));
    }
    put_text(w, ">");
    json_array_foreach(json_object_get(set, "values"), i, value)
    {
        put_value(w, value);
    }
    put_qualifiers(w, json_object_get(set, "marking"));
    put_text(w, "</securityCategoryTag></securityCategoryTagSet>");
}

static span acme_file(json_t *root)
{
    struct writer w = WRITER_OF(text);
    size_t        i;
    json_t       *set;
    json_t       *id = json_object_get(root, "policy");
    put_text(&w, "<SPIF xmlns=\"http://www.xmlspif.org/spif\" schemaVersion=\"2.1\" "
                 "creationDate=\"20211101Z\" originatorDN=\"CN=ACME\" keyIdentifier=\"\" "
                 "privilegeId=\"2.16.840.1.101.2.1.8.3\" rbacId=\"2.16.840.1.101.2.1.8.3\">"
                 "<securityPolicyId");
    put_attribute(&w, "name", string_of(id, "name"));
    put_attribute(&w, "id", string_of(id, "id"));
    put_text(&w, "/>");
    put_classes(&w, root);
    put_text(&w, "<securityCategoryTagSets>");
    json_array_foreach(json_object_get(root, "tagSets"), i, set)
    {
        put_set(&w, set);
    }
    put_text(&w, "</securityCategoryTagSets><equivalentPolicies><equivalentPolicy name=\"MOCK\" "
                 "id=\"1.3.6.1.4.1.31778.120.1\"/></equivalentPolicies></SPIF>");
    return writer_span(&w);
}

static enum tag_type type_of(const char *type)
{
    return strcmp(type, "PERMISSIVE") == 0    ? TAG_PERMISSIVE
           : strcmp(type, "RESTRICTIVE") == 0 ? TAG_RESTRICTIVE
                                              : TAG_INFORMATIVE;
}

static void category_read(struct label *l, json_t *c)
{
    uint16_t set = scheme_set_by_name(l->scheme, span_text(string_of(c, "tagName")));
    size_t   i;
    json_t  *v;
    assert_int_not_equal(set, SCHEME_NONE);
    json_array_foreach(json_object_get(c, "values"), i, v)
    {
        uint16_t at = scheme_category_by_name(l->scheme, set, type_of(string_of(c, "type")),
                                              span_text(json_string_value(v)));
        assert_int_not_equal(at, SCHEME_NONE);
        category_put(&l->categories, at);
    }
}

static struct label label_of(json_t *o)
{
    struct label l = {.privacy = SCHEME_NONE};
    size_t       i;
    json_t      *c;
    l.scheme = strcmp(string_of(o, "policy"), "MOCK") == 0 ? mock : acme;
    l.class = scheme_class_by_name(l.scheme, span_text(string_of(o, "classification")));
    assert_int_not_equal(l.class, SCHEME_NONE);
    json_array_foreach(json_object_get(o, "categories"), i, c)
    {
        category_read(&l, c);
    }
    return l;
}

/* A foreign label is mapped by the receiver's own word first: rules 1 and 2 */
static enum label_outcome governed(struct label *l, struct label_hold *hold)
{
    enum label_outcome outcome = LABEL_OK;
    if (l->scheme != acme) {
        assert_false(err_is(label_translate(l, acme, APPLIED_DECRYPT, l, &outcome, hold)));
    }
    return outcome;
}

static enum label_outcome combined(json_t *v, enum join_rule rule, struct label *out,
                                   struct label_hold *hold)
{
    json_t            *labels = json_object_get(v, "labels");
    enum label_outcome outcome = LABEL_OK;
    struct label       a = label_of(json_array_get(labels, 0));
    struct label       b = label_of(json_array_get(labels, 1));
    if (governed(&a, hold) == LABEL_HOLD || governed(&b, hold) == LABEL_HOLD) {
        return LABEL_HOLD;
    }
    assert_false(err_is(label_join(&a, &b, rule, out, &outcome, hold)));
    return outcome;
}

static bool same(const struct label *a, const struct label *b)
{
    return a->class == b->class &&
           memcmp(&a->categories, &b->categories, sizeof a->categories) == 0 &&
           (a->nobody[0] | a->nobody[1]) == (b->nobody[0] | b->nobody[1]);
}

static bool vector_holds(json_t *v, bool *known_difference)
{
    json_t            *expect = json_object_get(v, "expect");
    struct label       out = {0};
    struct label_hold  hold = {0};
    enum label_outcome outcome = combined(v, JOIN_ADATP, &out, &hold);
    for (size_t i = 0; i < ARRAY_LEN(held_here); i++) {
        if (strcmp(string_of(v, "id"), held_here[i]) == 0) {
            print_message("%s: held for a person: %s: " SPAN_FMT "\n", held_here[i], hold.why,
                          SPAN_ARG(hold.value));
            *known_difference = true;
            return outcome == LABEL_HOLD;
        }
    }
    if (json_is_true(json_object_get(expect, "policyDecision"))) {
        return outcome == LABEL_HOLD;
    }
    struct label want = label_of(json_object_get(expect, "dominant"));
    return outcome == LABEL_OK && same(&out, &want);
}

static void table_12_holds(void **state)
{
    (void)state;
    unsigned there = 0, held = 0, different = 0;
    size_t   i;
    json_t  *v;
    json_array_foreach(json_object_get(vectors, "vectors"), i, v)
    {
        bool differs = false;
        bool good = vector_holds(v, &differs);
        there++;
        held += good && !differs;
        different += differs;
        if (!good) {
            print_error("%s does not hold\n", string_of(v, "id"));
        }
        assert_true(good);
    }
    print_message("%u of %u vectors of Table 12 hold, %u is stricter here%s\n", held, there,
                  different, there == 0 ? ": skipped, no vectors here" : "");
}

/* The same labels by the closed rule: what the table leaves out is nobody's here */
static void the_closed_rule_never_opens(void **state)
{
    (void)state;
    size_t  i;
    json_t *v;
    json_array_foreach(json_object_get(vectors, "vectors"), i, v)
    {
        struct label        out = {0};
        struct label_hold   hold = {0};
        struct label_faults faults;
        uint8_t             buf[256];
        struct writer       w = WRITER_OF(buf);
        if (combined(v, JOIN_CLOSED, &out, &hold) == LABEL_HOLD) {
            continue;
        }
        label_phrase(&out, (span){0}, PLACE_PAGE, &w);
        print_message("%s: " SPAN_FMT "\n", string_of(v, "id"), SPAN_ARG(writer_span(&w)));
        struct label_clearance all = {
            .scheme = acme, .classes = 7, .categories = acme->restrictive};
        all.categories.word[0] |= acme->known.word[0] & ~acme->informative.word[0];
        assert_true(label_access(&out, &all, &faults) == ((out.nobody[0] | out.nobody[1]) == 0));
    }
}

static int set_up(void **state)
{
    (void)state;
    struct scheme_problems problems = {0};
    json_t                *root = json_of("acme-policy.json");
    vectors = json_of("adatp-4774.1-table12.json");
    if (root == NULL) {
        return 0;
    }
    if (err_is(spif_scheme(SPAN_LIT(MOCK_FILE), &mock, &problems)) ||
        err_is(spif_scheme(acme_file(root), &acme, &problems))) {
        print_error("%s: %s\n", problems.problem[0].why, problems.problem[0].value);
        return -1;
    }
    json_decref(root);
    return 0;
}

static int done(void **state)
{
    (void)state;
    json_decref(vectors);
    free(acme);
    free(mock);
    xmlCleanupParser();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_12_holds),
        cmocka_unit_test(the_closed_rule_never_opens),
    };
    return cmocka_run_group_tests(tests, set_up, done);
}
