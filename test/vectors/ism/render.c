/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/authority.h"
#include "json.h"

/* Attributes, and the lines that the official stylesheets show of them.  Theirs show any attributes; ours
 * are read first, and refused for these. */
static const struct {
    const char *rule, *reason;
} refusals[] = {
    {"TWICE", "a token stands twice (ISM-ID-00236)"},
    {"TOKEN", "a token that the lists here do not have"},
    {"NOT-CARRIED", "an attribute that cannot be carried"},
};

static const char *reason_of(const struct ism_fault *fault)
{
    for (size_t i = 0; fault->rule != NULL && i < ARRAY_LEN(refusals); i++) {
        if (strcmp(refusals[i].rule, fault->rule) == 0) {
            return refusals[i].reason;
        }
    }
    return NULL;
}

/* '|' stands for a new line in the vectors */
static bool shown_is(const char *what, const char *want, span got)
{
    char   text[4096];
    size_t len = 0;
    for (; len < got.len; len++) {
        text[len] = got.ptr[len] == '\n' ? '|' : (char)got.ptr[len];
    }
    text[len] = 0;
    bool same = want[0] == 0 || strcmp(text, want) == 0;
    if (!same) {
        print_message("  %s: %s\n    theirs: %s\n", what, text, want);
    }
    return same;
}

static bool list_given(const struct groups *g, const json_t *v, struct ism *banner)
{
    const char *list = text_at(json_object_get(json_object_get(v, "parameters"), "portionMark"),
                               "overallreleaseto");
    ism_empty(g, banner);
    for (span rest = span_text(list); rest.len > 0;) {
        codes_add(&banner->release.codes, code_find(g, span_cut(&rest, ' ')));
    }
    return list[0] != 0;
}

static bool one_tried(const json_t *v, struct ism_fault *fault)
{
    const struct groups *g = vectors_groups();
    struct ism_attribute given[ISM_ATTRIBUTES_MAX];
    struct ism           m, overall;
    const json_t        *expect = json_object_get(v, "expect");
    static uint8_t       buf[3][4096];
    struct writer        w[3] = {WRITER_OF(buf[0]), WRITER_OF(buf[1]), WRITER_OF(buf[2])};
    size_t               count = attributes_of(json_object_get(v, "attributes"), given);
    err                  e = ism_attributes_read(g, given, count, &m, fault);
    if (err_is(e)) {
        print_message("  %s: %s %s \"%s\"\n", text_at(v, "id"), fault->rule, fault->name,
                      fault->value);
        return false;
    }
    bool listed = list_given(g, v, &overall);
    ism_banner_show(g, &m, &w[0]);
    ism_portion_show(g, &m, listed ? &overall : NULL, &w[1]);
    ism_authority_write(&m, &w[2]);
    bool same = shown_is("banner", text_at(expect, "banner"), writer_span(&w[0]));
    same &= shown_is("portion", text_at(expect, "portionMark"), writer_span(&w[1]));
    return shown_is("authority", text_at(expect, "authority"), writer_span(&w[2])) && same;
}

static void each_is_shown_as_theirs(void **state)
{
    (void)state;
    json_t  *all = vectors_of("ism-rollup/render/ism-render.json"), *v = NULL;
    size_t   i = 0;
    unsigned same = 0, there = 0;
    json_array_foreach(json_object_get(all, "vectors"), i, v)
    {
        struct ism_fault fault = {0};
        const char      *id = text_at(v, "id");
        bool             as_theirs = one_tried(v, &fault);
        const char      *reason = reason_of(&fault);
        there++;
        same += as_theirs ? 1 : 0;
        if (!as_theirs) {
            print_message("  %s differs: %s\n", id, reason != NULL ? reason : "NO REASON");
            assert_non_null(reason);
        }
    }
    print_message("%u of %u attribute sets are shown as theirs\n", same, there);
    json_decref(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_is_shown_as_theirs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
