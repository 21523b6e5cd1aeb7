/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/rollup.h"
#include "ism/authority.h"
#include "json.h"

/* Official unit tests of the roll-up, and runs of the official engine for lists of three nations.
 * Where the engine opens what should stay shut, or its own unit test contradicts the manual, ours is
 * closed and the difference is printed. */
#define PORTIONS_MAX 16

static struct ism portions[PORTIONS_MAX];

static const instant today = INT64_C(1795305600000); /* 2026-11-22 */

/* 0: refused, with the fault */
static bool portions_read(const json_t *list, size_t *count, struct ism_fault *fault)
{
    struct ism_attribute given[ISM_ATTRIBUTES_MAX];
    const json_t        *portion = NULL;
    *count = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        portion = json_array_get(list, i);
        assert_true(*count < PORTIONS_MAX);
        size_t n = attributes_of(portion, given);
        if (err_is(ism_attributes_read(vectors_groups(), given, n, &portions[*count], fault))) {
            return false;
        }
        ++*count;
    }
    return true;
}

/* What is carried over of the element of the whole; its old markings are stale */
static const char *const carried[] = {"DESVersion", "compliesWith", "resourceElement", "createDate",
                                      "ISMCATCESVersion"};

static void resource_read(const json_t *resource, struct ism *out)
{
    struct ism_attribute given[8] = {{SPAN_LIT("classification"), SPAN_LIT("U")},
                                     {SPAN_LIT("ownerProducer"), SPAN_LIT("USA")}};
    size_t               count = 2;
    struct ism_fault     fault = {0};
    for (size_t i = 0; i < ARRAY_LEN(carried); i++) {
        if (text_at(resource, carried[i])[0] != 0) {
            given[count++] = (struct ism_attribute){span_text(carried[i]),
                                                    span_text(text_at(resource, carried[i]))};
        }
    }
    assert_false(err_is(ism_attributes_read(vectors_groups(), given, count, out, &fault)));
}

/* attributes - the whole as the vectors have it: a JSON object */
static err attribute_keep(void *to, span name, span value)
{
    char key[64];
    (void)snprintf(key, sizeof key, SPAN_FMT, SPAN_ARG(name));
    json_object_set_new(to, key, json_stringn((const char *)value.ptr, value.len));
    return OK;
}

static json_t *attributes_made(const struct ism *m)
{
    json_t          *object = json_object();
    struct ism_fault fault = {0};
    assert_false(err_is(ism_attributes_write(vectors_groups(), m, attribute_keep, object, &fault)));
    return object;
}

static bool token_in(const char *list, const char *token)
{
    for (span rest = span_text(list); rest.len > 0;) {
        if (span_is(span_cut(&rest, ' '), token)) {
            return true;
        }
    }
    return false;
}

static bool told(bool fits, const char *matcher, const char *name, const char *have)
{
    if (!fits) {
        print_message("    %s %s: ours is \"%s\"\n", matcher, name, have);
    }
    return fits;
}

static bool tokens_fit(const json_t *matcher, const json_t *have, bool there)
{
    const char *name = NULL;
    json_t     *tokens = NULL, *token = NULL;
    size_t      i = 0;
    bool        fits = true;
    json_object_foreach((json_t *)(uintptr_t)matcher, name, tokens)
    {
        json_array_foreach(tokens, i, token)
        {
            const char *value = text_at(have, name);
            fits &= told(token_in(value, json_string_value(token)) == there,
                         there ? "contains" : "lacks", name, value);
        }
    }
    return fits;
}

static bool whole_fits(const json_t *expect, const json_t *have)
{
    const char *name = NULL;
    json_t     *value = NULL;
    size_t      i = 0;
    bool        fits = tokens_fit(json_object_get(expect, "contains"), have, true);
    fits &= tokens_fit(json_object_get(expect, "lacks"), have, false);
    json_object_foreach(json_object_get(expect, "equals"), name, value)
    {
        fits &= told(strcmp(text_at(have, name), json_string_value(value)) == 0, "equals", name,
                     text_at(have, name));
    }
    json_object_foreach(json_object_get(expect, "notEquals"), name, value)
    {
        fits &= told(strcmp(text_at(have, name), json_string_value(value)) != 0, "notEquals", name,
                     text_at(have, name));
    }
    json_array_foreach(json_object_get(expect, "present"), i, value)
    {
        fits &= told(json_object_get(have, json_string_value(value)) != NULL, "present",
                     json_string_value(value), "");
    }
    json_array_foreach(json_object_get(expect, "absent"), i, value)
    {
        fits &= told(json_object_get(have, json_string_value(value)) == NULL, "absent",
                     json_string_value(value), text_at(have, json_string_value(value)));
    }
    json_t *exactly = json_object_get(expect, "exactly");
    if (exactly != NULL) {
        char *text = json_dumps(have, 0);
        fits &= told(json_equal(exactly, have) == 1, "exactly", "", text);
        free(text);
    }
    json_object_foreach(json_object_get(expect, "relativeDate"), name, value)
    {
        fits &= told(strcmp(text_at(have, name), "2051-11-22") == 0, "relativeDate", name,
                     text_at(have, name));
    }
    return fits;
}

static bool rollup_fits(const json_t *v)
{
    struct ism       whole, resource;
    struct ism_fault fault = {0};
    size_t           count = 0;
    const json_t    *context = json_object_get(v, "context");
    if (!portions_read(json_object_get(v, "portions"), &count, &fault)) {
        print_message("    refused: %s %s \"%s\"\n", fault.rule, fault.name, fault.value);
        return false;
    }
    resource_read(json_object_get(context, "resource"), &resource);
    assert_false(err_is(ism_rollup(vectors_groups(), ISM_REGISTER, portions, count, &whole)));
    assert_false(err_is(ism_rollup_resource(&resource, &whole)));
    assert_false(err_is(ism_rollup_declassify(today, &whole)));
    json_t *have = attributes_made(&whole);
    bool    fits = whole_fits(json_object_get(v, "expect"), have);
    json_decref(have);
    return fits;
}

/* Functions of theirs for which ours has one */
static struct places list_read_json(const json_t *tokens)
{
    struct places p = {0};
    for (size_t i = 0; i < json_array_size(tokens); i++) {
        unsigned n =
            code_find(vectors_groups(), span_text(json_string_value(json_array_get(tokens, i))));
        assert_true(n < CODES_MAX);
        codes_add(&p.codes, n);
    }
    return p;
}

static struct places keys_read(const json_t *object)
{
    struct places p = {0};
    const char   *name = NULL;
    json_t       *value = NULL;
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        codes_add(&p.codes, code_find(vectors_groups(), span_text(name)));
    }
    return p;
}

struct call {
    const json_t *input, *expect;
    struct places lists[PORTIONS_MAX];
    uint32_t      versions[PORTIONS_MAX];
    size_t        count;
};

static bool portions_are(struct call *c, bool counted)
{
    struct ism_fault fault = {0};
    size_t           count = 0;
    json_int_t       found = 0;
    assert_true(portions_read(json_object_get(c->input, "portions"), &count, &fault));
    for (size_t i = 0; i < count; i++) {
        bool part = !ism_flag_is(&portions[i], ISM_EXCLUDED);
        found += part && (!counted || ism_counts(&portions[i])) ? 1 : 0;
    }
    return found == json_integer_value(json_object_get(c->expect, "count"));
}

static bool count_counted(struct call *c)
{
    return portions_are(c, true);
}

static bool count_all(struct call *c)
{
    return portions_are(c, false);
}

static bool partakes(struct call *c)
{
    struct ism_attribute given[ISM_ATTRIBUTES_MAX];
    struct ism_fault     fault = {0};
    struct ism           m;
    size_t               n = attributes_of(json_object_get(c->input, "portion"), given);
    assert_false(err_is(ism_attributes_read(vectors_groups(), given, n, &m, &fault)));
    return (ism_counts(&m) && !ism_flag_is(&m, ISM_EXCLUDED)) ==
           json_is_true(json_object_get(c->expect, "result"));
}

static bool expand_one(struct call *c)
{
    const struct groups *g = vectors_groups();
    struct places        list = list_read_json(json_object_get(c->input, "tokens")),
                  want = list_read_json(json_object_get(c->expect, "tokens"));
    places_expand(g, g->version, &list, &list);
    codes_drop(&list.codes, g->usa);
    return places_equal(&list, &want);
}

static bool expand_all(struct call *c)
{
    const struct groups *g = vectors_groups();
    bool                 same = true;
    for (size_t i = 0; i < c->count; i++) {
        struct places want = list_read_json(json_array_get(json_object_get(c->expect, "lists"), i));
        places_expand(g, g->version, &c->lists[i], &c->lists[i]);
        codes_drop(&c->lists[i].codes, g->usa);
        same &= places_equal(&c->lists[i], &want);
    }
    return same;
}

static struct places literal_common(const struct call *c)
{
    struct places common = c->lists[0];
    for (size_t i = 1; i < c->count; i++) {
        places_common(&common, &c->lists[i], &common);
    }
    return common;
}

static bool common_literal(struct call *c)
{
    struct places common = literal_common(c),
                  want = keys_read(json_object_get(c->expect, "tokenCounts"));
    return places_equal(&common, &want);
}

static bool without_common(struct call *c)
{
    struct places common = literal_common(c);
    bool          same = true;
    for (size_t i = 0; i < c->count; i++) {
        struct places want = list_read_json(json_array_get(json_object_get(c->expect, "lists"), i));
        places_without(&c->lists[i], &common, &c->lists[i]);
        same &= places_equal(&c->lists[i], &want);
    }
    return same;
}

static bool common_expanded(struct call *c)
{
    struct places common, want = keys_read(json_object_get(c->expect, "tokenCounts"));
    assert_false(
        err_is(ism_lists_common(vectors_groups(), c->lists, c->versions, c->count, &common)));
    return places_equal(&common, &want);
}

static bool token_counts(struct call *c)
{
    const char *name = NULL;
    json_t     *value = NULL;
    bool        same = true;
    json_object_foreach(json_object_get(c->expect, "tokenCounts"), name, value)
    {
        json_int_t in = 0;
        for (size_t i = 0; i < c->count; i++) {
            in += codes_have(&c->lists[i].codes, code_find(vectors_groups(), span_text(name))) ? 1
                                                                                               : 0;
        }
        same &= in == json_integer_value(value);
    }
    return same;
}

static bool aea_sorted(struct call *c)
{
    char                 value[512] = "", want[512] = "";
    struct ism_fault     fault = {0};
    struct ism           m;
    struct ism_attribute given[] = {{SPAN_LIT("classification"), SPAN_LIT("S")},
                                    {SPAN_LIT("ownerProducer"), SPAN_LIT("USA")},
                                    {SPAN_LIT("atomicEnergyMarkings"), {0}}};
    const json_t        *in = json_object_get(c->input, "tokens"),
                 *out = json_object_get(c->expect, "tokens");
    for (size_t i = 0; i < json_array_size(in); i++) {
        (void)strcat(strcat(value, i > 0 ? " " : ""), json_string_value(json_array_get(in, i)));
        (void)strcat(strcat(want, i > 0 ? " " : ""), json_string_value(json_array_get(out, i)));
    }
    given[2].value = span_text(value);
    assert_false(err_is(ism_attributes_read(vectors_groups(), given, 3, &m, &fault)));
    json_t *have = attributes_made(&m);
    bool    same = strcmp(text_at(have, "atomicEnergyMarkings"), want) == 0;
    json_decref(have);
    return same;
}

static const struct {
    const char *name;
    bool (*call)(struct call *c);
} functions[] = {
    {"countFdrPortions", count_counted},
    {"partTags", count_all},
    {"PartakesInFDR", partakes},
    {"expandDecomposableTetras", expand_one},
    {"expandAllTetras", expand_all},
    {"commonToAllTokens", common_literal},
    {"RelStringsWithoutCommonTokens", without_common},
    {"unsortedCommonRelTokens", common_expanded},
    {"createRelTokenHash", token_counts},
    {"sortAtomicenergymarkings", aea_sorted},
};

static bool function_fits(const json_t *v)
{
    struct call c = {.input = json_object_get(v, "input"), .expect = json_object_get(v, "expect")};
    const json_t *lists = json_object_get(c.input, "lists");
    c.count = json_array_size(lists);
    for (size_t i = 0; i < c.count; i++) {
        c.lists[i] = list_read_json(json_array_get(lists, i));
        c.versions[i] = vectors_groups()->version;
    }
    for (size_t i = 0; i < ARRAY_LEN(functions); i++) {
        if (strcmp(functions[i].name, text_at(v, "function")) == 0) {
            return functions[i].call(&c);
        }
    }
    return false;
}

static const struct {
    const char *kind;
    bool (*fits)(const json_t *v);
} kinds[] = {{"rollup", rollup_fits}, {"function", function_fits}};

static bool function_known(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(functions); i++) {
        if (strcmp(functions[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool stays_home(const json_t *list)
{
    bool home = false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        home |= strstr(text_at(json_array_get(list, i), "nonICmarkings"), "-NF") != NULL;
    }
    return home;
}

/* Why ours may not be theirs; a vector without a reason must fit */
static const char *reason_of(const json_t *v)
{
    if (strcmp(text_at(v, "kind"), "function") == 0) {
        return function_known(text_at(v, "function")) ? NULL : "a function inside theirs";
    }
    if (strcmp(text_at(v, "status"), "pending") == 0) {
        return "their own roll-up does not meet it either";
    }
    return stays_home(json_object_get(v, "portions"))
               ? "ours keeps NOFORN of SBU-NF and LES-NF (CAPCO D.2 table 3 rules 4 and 7)"
               : NULL;
}

static const char *const files[] = {
    "AEARollup",
    "CountryRollup",
    "CountryRollup-Functions",
    "DeclassExceptionRollup",
    "DisplayOnlyRollup",
    "DissemRollup",
    "FGIRollup",
    "ISM-Rollup",
    "NonICRollup",
    "NoticeRollup",
};

static void file_tried(const char *name, unsigned *there, unsigned *same, unsigned *bad)
{
    char path[128];
    (void)snprintf(path, sizeof path, "ism-rollup/rollup/%s.json", name);
    json_t *all = vectors_of(path), *v = NULL;
    size_t  i = 0;
    json_array_foreach(json_object_get(all, "vectors"), i, v)
    {
        for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
            if (strcmp(kinds[k].kind, text_at(v, "kind")) != 0) {
                continue;
            }
            bool        fits = kinds[k].fits(v);
            const char *reason = reason_of(v);
            ++*there;
            *same += fits ? 1 : 0;
            *bad += !fits && reason == NULL ? 1 : 0;
            if (!fits) {
                print_message("  %s differs: %s\n", text_at(v, "id"),
                              reason != NULL ? reason : "NO REASON");
            }
        }
    }
    json_decref(all);
}

static void the_official_unit_tests(void **state)
{
    (void)state;
    unsigned there = 0, same = 0, bad = 0;
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        file_tried(files[i], &there, &same, &bad);
    }
    print_message("%u of %u official roll-ups and functions as theirs\n", same, there);
    assert_int_equal(bad, 0);
}

/* The engine's runs: the banner that it shows, or what the manual says where the engine departs */
static bool engine_fits(const json_t *v, const char *want)
{
    struct ism       whole;
    struct ism_fault fault = {0};
    size_t           count = 0;
    static uint8_t   buf[4096];
    struct writer    w = WRITER_OF(buf);
    bool             read = portions_read(json_object_get(v, "portions"), &count, &fault);
    for (size_t i = 0; read && i < count; i++) {
        read = !err_is(ism_attributes_rules(vectors_groups(), &portions[i], &fault)) ||
               strcmp(fault.rule, "REL-USA-ALONE") == 0;
    }
    if (!read) {
        print_message("  %s (%s): refused by %s, \"%s\": %s\n", text_at(v, "id"),
                      text_at(v, "scenario"), fault.rule, fault.value, fault.why);
        return !json_is_true(json_object_get(v, "useAsOracle"));
    }
    assert_false(err_is(ism_rollup(vectors_groups(), ISM_REGISTER, portions, count, &whole)));
    ism_banner_show(vectors_groups(), &whole, &w);
    bool fits = span_is(writer_span(&w), want);
    if (!fits) {
        print_message("  %s (%s): ours " SPAN_FMT ", wanted %s\n", text_at(v, "id"),
                      text_at(v, "scenario"), SPAN_ARG(writer_span(&w)), want);
    }
    return fits;
}

static const struct {
    const char *id, *reason;
} engine_differs[] = {
    {"ENG/39", "RELIDO beside a marking without any: theirs says nothing, ours is NOFORN"},
    {"ENG/55", "SBU is kept in a classified whole, as ODNI's own NonICRollup/1; NOFORN is agreed"},
    {"ENG/abort", "theirs stops with an error; ours refuses, or releases to nobody: NOFORN"},
};

static bool engine_reason(const char *id)
{
    for (size_t i = 0; i < ARRAY_LEN(engine_differs); i++) {
        if (strcmp(engine_differs[i].id, id) == 0) {
            print_message("    %s\n", engine_differs[i].reason);
            return true;
        }
    }
    return false;
}

static void the_official_engine(void **state)
{
    (void)state;
    json_t  *all = vectors_of("ism-rollup/engine/jpn-kor-engine-runs.json"), *v = NULL;
    size_t   i = 0;
    unsigned there = 0, same = 0, bad = 0;
    json_array_foreach(json_object_get(all, "vectors"), i, v)
    {
        bool        oracle = json_is_true(json_object_get(v, "useAsOracle"));
        const char *want =
            oracle ? text_at(json_object_get(v, "engine"), "bannerText") : text_at(v, "manualSays");
        bool fits = engine_fits(v, want);
        there++;
        same += fits ? 1 : 0;
        bad += !fits && !engine_reason(text_at(v, "id")) ? 1 : 0;
    }
    print_message("%u of %u runs of the engine, or the manual where it departs, as theirs\n", same,
                  there);
    assert_int_equal(bad, 0);
    json_decref(all);
}

/* The worked example of DoDM 5200.01-V2; the manual of 2016 prints the same page with NOFORN, which
 * is the closed reading */
static void the_worked_example(void **state)
{
    (void)state;
    json_t *all = vectors_of("us-markings/dodm-5200-01-v2-example.json"), *v = NULL;
    size_t  i = 0;
    json_array_foreach(json_object_get(all, "vectors"), i, v)
    {
        const json_t    *marks = json_object_get(v, "portions");
        struct ism       whole;
        struct ism_fault fault = {0};
        static uint8_t   buf[ISM_LINE_MAX];
        struct writer    w = WRITER_OF(buf);
        size_t           count = json_array_size(marks);
        char             noforn[256];
        for (size_t k = 0; k < count; k++) {
            const char *mark = json_string_value(json_array_get(marks, k));
            assert_false(err_is(
                ism_portion_read(vectors_groups(), span_text(mark), NULL, &portions[k], &fault)));
        }
        assert_false(err_is(ism_rollup(vectors_groups(), ISM_REGISTER, portions, count, &whole)));
        ism_banner_show(vectors_groups(), &whole, &w);
        (void)snprintf(noforn, sizeof noforn, "%s//NOFORN", text_at(v, "banner"));
        print_message("  DoDM: %s; the manual of 2016 and ours: " SPAN_FMT "\n",
                      text_at(v, "banner"), SPAN_ARG(writer_span(&w)));
        assert_true(span_is(writer_span(&w), noforn));
    }
    json_decref(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_official_unit_tests),
                                       cmocka_unit_test(the_official_engine),
                                       cmocka_unit_test(the_worked_example)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
