/* SPDX-License-Identifier: Apache-2.0 */
#include "form/stanag.h"

/* How the schema of ADatP-4774 goes on from one element to the next: each function takes its elements in
 * their order and leaves `*n` at the one that follows */

#define IS(n, name) node_is(n, STANAG_SPACE, SPAN_LIT(name))

static struct text_at text_of(const struct xml_node *n)
{
    return (struct text_at){n->text, n->offset};
}

/* xs:token: blanks around it, line ends in a pretty-printed file, mean nothing */
static struct text_at token_of(const struct xml_node *n)
{
    return (struct text_at){span_trim(n->text), n->offset};
}

static struct text_at name_of_node(const struct xml_node *n)
{
    return (struct text_at){n->name, n->offset};
}

static err fail_at(struct form_reader *r, err why, const struct xml_node *n)
{
    return reader_fail(r, why, name_of_node(n));
}

struct text_at attribute_text(const struct form_reader *r, const struct xml_node *n, span name)
{
    const struct xml_attribute *a = xml_attribute_of(&r->xml, n, name);
    return a == NULL ? (struct text_at){{0}, n->offset} : (struct text_at){a->value, a->offset};
}

static bool word_of(span word, span words)
{
    while (words.len > 0) {
        if (span_equal(span_cut(&words, ' '), word)) {
            return true;
        }
    }
    return false;
}

err attributes_known(struct form_reader *r, const struct xml_node *n, const char *names)
{
    for (unsigned i = n->attribute; i < (unsigned)n->attribute + n->attribute_count; i++) {
        const struct xml_attribute *a = &r->xml.attribute[i];
        struct text_at              at = {a->name, a->offset};
        if (a->space.len > 0) {
            TRY(reader_deviates(r, DEVIATION_EXTENSION,
                                FAIL(UNKNOWN, "an attribute of a namespace that is not known here"),
                                at));
        } else if (!word_of(a->name, span_text(names))) {
            return reader_fail(r, FAIL(UNKNOWN, "an attribute that is not known here"), at);
        }
    }
    return OK;
}

err node_leaf(struct form_reader *r, const struct xml_node *n)
{
    return n->first == 0
               ? OK
               : fail_at(r, FAIL(MALFORMED, "an element that has text only has elements"), n);
}

err node_branch(struct form_reader *r, const struct xml_node *n)
{
    bool bare = n->first == 0 && span_trim(n->text).len > 0;
    return n->mixed || bare ? fail_at(r, FAIL(MALFORMED, "text stands where only elements may"), n)
                            : OK;
}

err node_missing(struct form_reader *r, const struct xml_node *n, const struct xml_node *in,
                 err missing)
{
    return n == NULL ? fail_at(r, missing, in)
                     : fail_at(r,
                               FAIL(MALFORMED, "an element that is unknown, stands twice or stands "
                                               "before one that must come first"),
                               n);
}

/* What others may add, by the schema, at the end of some elements */
static err extensions(struct form_reader *r, const struct xml_node **n, const struct xml_node *in)
{
    for (; *n != NULL; *n = xml_next(&r->xml, *n)) {
        if (span_equal((*n)->space, STANAG_SPACE) || (*n)->space.len == 0) {
            return node_missing(r, *n, in, FAIL(MALFORMED, "an element is missing"));
        }
        TRY(reader_deviates(r, DEVIATION_EXTENSION,
                            FAIL(UNKNOWN, "an element of a namespace that is not known here"),
                            name_of_node(*n)));
    }
    return OK;
}

/* URI, which some write URL */
static err uri_of(struct form_reader *r, const struct xml_node *n, struct text_at *out)
{
    struct text_at url = attribute_text(r, n, SPAN_LIT("URL"));
    *out = attribute_text(r, n, SPAN_LIT("URI"));
    if (url.text.ptr == NULL) {
        return OK;
    }
    TRY(reader_deviates(r, DEVIATION_URL, FAIL(UNKNOWN, "the attribute is called URI, not URL"),
                        url));
    if (out->text.ptr != NULL && !span_equal(out->text, url.text)) {
        return reader_fail(r, FAIL(MALFORMED, "URI and URL differ"), url);
    }
    *out = url;
    return OK;
}

static err take_policy(struct naming *to, const struct xml_node *n)
{
    struct text_at uri;
    TRY(node_leaf(to->reader, n));
    TRY(attributes_known(to->reader, n, "URI URL"));
    TRY(uri_of(to->reader, n, &uri));
    return naming_policy(to, token_of(n), uri);
}

static err take_class(struct naming *to, const struct xml_node *n)
{
    TRY(node_leaf(to->reader, n));
    TRY(attributes_known(to->reader, n, ""));
    return naming_class(to, token_of(n));
}

static err take_value(struct naming *to, const struct xml_node *n)
{
    struct text_at uri;
    if (!IS(n, "GenericValue")) {
        return node_missing(to->reader, n, n, FAIL(MALFORMED, "a category has no value"));
    }
    TRY(node_leaf(to->reader, n));
    TRY(attributes_known(to->reader, n, "URI URL"));
    TRY(uri_of(to->reader, n, &uri));
    if (uri.text.ptr != NULL) {
        TRY(reader_deviates(to->reader, DEVIATION_VALUE_URI,
                            FAIL(UNKNOWN, "a value has a URI, which no policy file has"), uri));
    }
    return naming_value(to, text_of(n));
}

static err take_category(struct naming *to, const struct xml_node *n)
{
    struct form_reader *r = to->reader;
    struct text_at      uri;
    TRY(node_branch(r, n));
    TRY(attributes_known(r, n, "Type TagName URI URL"));
    TRY(uri_of(r, n, &uri));
    TRY(naming_category(to, attribute_text(r, n, SPAN_LIT("Type")),
                        attribute_text(r, n, SPAN_LIT("TagName")), uri));
    const struct xml_node *v = xml_first(&r->xml, n);
    if (v == NULL) {
        return fail_at(r, FAIL(MALFORMED, "a category has no value"), n);
    }
    for (; v != NULL; v = xml_next(&r->xml, v)) {
        TRY(take_value(to, v));
    }
    return OK;
}

static err take_categories(struct naming *to, const struct xml_node **n)
{
    for (; IS(*n, "Category"); *n = xml_next(&to->reader->xml, *n)) {
        TRY(take_category(to, *n));
    }
    return OK;
}

static err take_information(struct form_reader *r, const struct xml_node *in, struct label *out)
{
    struct naming          to = {.reader = r, .privacy = SCHEME_NONE};
    const struct xml_node *n = xml_first(&r->xml, in);
    TRY(node_branch(r, in));
    TRY(attributes_known(r, in, ""));
    if (!IS(n, "PolicyIdentifier")) {
        return node_missing(r, n, in, FAIL(MALFORMED, "a label has no PolicyIdentifier"));
    }
    TRY(take_policy(&to, n));
    n = xml_next(&r->xml, n);
    if (!IS(n, "Classification")) {
        return node_missing(r, n, in, FAIL(MALFORMED, "a label has no Classification"));
    }
    TRY(take_class(&to, n));
    n = xml_next(&r->xml, n);
    if (IS(n, "PrivacyMark")) {
        TRY(node_leaf(r, n));
        TRY(attributes_known(r, n, ""));
        TRY(naming_privacy(&to, text_of(n)));
        n = xml_next(&r->xml, n);
    }
    TRY(take_categories(&to, &n));
    TRY(extensions(r, &n, in));
    *out = naming_label(&to);
    return OK;
}

static err take_time(struct form_reader *r, struct text_at at, instant *out)
{
    at.text = span_trim(at.text);
    return err_is(text_time(at.text, out))
               ? reader_fail(r, FAIL(MALFORMED, "a time that is not like 2026-11-22T09:30:00Z"), at)
               : OK;
}

static err take_originator(struct form_reader *r, const struct xml_node *n,
                           struct label_record *out)
{
    struct text_at type = attribute_text(r, n, SPAN_LIT("IDType"));
    TRY(node_leaf(r, n));
    TRY(attributes_known(r, n, "IDType"));
    out->originator_type = originator_type_of(type.text);
    if (out->originator_type == ORIGINATOR_NONE) {
        return reader_fail(r, FAIL(UNKNOWN, "an IDType that the standard does not have"), type);
    }
    return text_keep(r, text_of(n), out->originator, sizeof out->originator);
}

/* ConfidentialityInformation, and nothing that a record could not say of a successor */
static err take_successor(struct form_reader *r, const struct xml_node *in,
                          struct label_record *out)
{
    const struct xml_node *n = xml_first(&r->xml, in);
    TRY(node_branch(r, in));
    TRY(attributes_known(r, in, ""));
    if (!IS(n, "ConfidentialityInformation")) {
        return node_missing(r, n, in, FAIL(MALFORMED, "a label has no ConfidentialityInformation"));
    }
    TRY(take_information(r, n, &out->successor));
    n = xml_next(&r->xml, n);
    return n == NULL
               ? OK
               : fail_at(
                     r, FAIL(UNKNOWN, "of a successor only its ConfidentialityInformation is read"),
                     n);
}

static err take_succession(struct form_reader *r, const struct xml_node *in,
                           struct label_record *out)
{
    const struct xml_node *n = xml_first(&r->xml, in);
    TRY(node_branch(r, in));
    TRY(attributes_known(r, in, ""));
    if (!IS(n, "SuccessionDateTime")) {
        return node_missing(r, n, in, FAIL(MALFORMED, "a succession has no SuccessionDateTime"));
    }
    TRY(node_leaf(r, n));
    TRY(take_time(r, text_of(n), &out->succession));
    n = xml_next(&r->xml, n);
    if (!IS(n, "SuccessorConfidentialityLabel")) {
        return node_missing(r, n, in,
                            FAIL(MALFORMED, "a succession has no SuccessorConfidentialityLabel"));
    }
    TRY(take_successor(r, n, out));
    out->has_successor = true;
    n = xml_next(&r->xml, n);
    return extensions(r, &n, in);
}

static err take_root_attributes(struct form_reader *r, const struct xml_node *root,
                                struct label_record *out)
{
    struct text_at id = attribute_text(r, root, SPAN_LIT("Id"));
    struct text_at review = attribute_text(r, root, SPAN_LIT("ReviewDateTime"));
    TRY(attributes_known(r, root, "Id ReviewDateTime"));
    if (id.text.ptr != NULL) {
        TRY(text_keep(r, id, out->id, sizeof out->id));
    }
    if (review.text.ptr != NULL) {
        TRY(take_time(r, review, &out->review));
        out->has_review = true;
    }
    return OK;
}

static err take_created(struct form_reader *r, const struct xml_node **n, const struct xml_node *in,
                        struct label_record *out)
{
    if (!IS(*n, "CreationDateTime")) {
        return reader_deviates(r, DEVIATION_CREATED,
                               FAIL(MALFORMED, "a label has no CreationDateTime"),
                               name_of_node(*n == NULL ? in : *n));
    }
    TRY(node_leaf(r, *n));
    TRY(attributes_known(r, *n, ""));
    TRY(take_time(r, text_of(*n), &out->created));
    out->has_created = true;
    *n = xml_next(&r->xml, *n);
    return OK;
}

err stanag_label(struct form_reader *r, const struct xml_node *root, struct label_record *out)
{
    const struct xml_node *n = xml_first(&r->xml, root);
    TRY(node_branch(r, root));
    TRY(take_root_attributes(r, root, out));
    if (!IS(n, "ConfidentialityInformation")) {
        return node_missing(r, n, root,
                            FAIL(MALFORMED, "a label has no ConfidentialityInformation"));
    }
    TRY(take_information(r, n, &out->label));
    n = xml_next(&r->xml, n);
    if (IS(n, "OriginatorID")) {
        TRY(take_originator(r, n, out));
        n = xml_next(&r->xml, n);
    }
    TRY(take_created(r, &n, root, out));
    if (IS(n, "SuccessionHandling")) {
        TRY(take_succession(r, n, out));
        n = xml_next(&r->xml, n);
    }
    return extensions(r, &n, root);
}

err stanag_clearance(struct form_reader *r, const struct xml_node *root,
                     struct label_clearance *out)
{
    struct naming          to = {.reader = r, .privacy = SCHEME_NONE};
    const struct xml_node *n = xml_first(&r->xml, root);
    TRY(node_branch(r, root));
    TRY(attributes_known(r, root, ""));
    if (!IS(n, "PolicyIdentifier")) {
        return node_missing(r, n, root, FAIL(MALFORMED, "a clearance has no PolicyIdentifier"));
    }
    TRY(take_policy(&to, n));
    n = xml_next(&r->xml, n);
    if (!node_is(n, STANAG_CLEARANCE_SPACE, SPAN_LIT("ClassificationList")) || n->first == 0) {
        return node_missing(r, n, root, FAIL(MALFORMED, "a clearance has no ClassificationList"));
    }
    TRY(node_branch(r, n));
    for (const struct xml_node *c = xml_first(&r->xml, n); c != NULL; c = xml_next(&r->xml, c)) {
        if (!IS(c, "Classification")) {
            return node_missing(r, c, n, FAIL(MALFORMED, "a clearance has no Classification"));
        }
        TRY(take_class(&to, c));
    }
    n = xml_next(&r->xml, n);
    TRY(take_categories(&to, &n));
    TRY(extensions(r, &n, root));
    *out = naming_clearance(&to);
    return OK;
}
