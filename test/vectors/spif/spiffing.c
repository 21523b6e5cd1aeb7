/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "marking/banner.h"
#include "unit/spif/files.h"
#include <libxml/parser.h>
#include <stdlib.h>

/* Other people's SPIF files and banner lines: $ACCORD_VECTORS/labels */
static struct policies all;
static uint8_t         file[SPIF_MAX];

static span vector_of(const char *path_in)
{
    const char *base = getenv("ACCORD_VECTORS");
    char        path[512];
    (void)snprintf(path, sizeof path, "%s/labels/%s", base != NULL ? base : "../shared/data",
                   path_in);
    return file_of(path, file, sizeof file);
}

/* None is a policy of a party with topics and disciplines, so none may be made a table; what counts is that
 * each is refused for what it is, and nothing of it is kept. */
static const struct {
    const char *name, *says;
} spifs[] = {
    {"spiffing/bsi-commercial.xml", "well-formed"},
    {"spiffing/food-policy-missi.xml", "well-formed"},
    {"spiffing/food-policy.xml", "well-formed"},
    {"spiffing/food-policy-borked.xml", "this element is not read"},
    {"spiffing/tlp.xml", "schema version 2.1"},
    {"spiffing/tlp-plus.xml", "schema version 2.1"},
    {"spiffing/uk-demo.xml", "schema version 2.1"},
    {"spiffing/nato-4774-policy.xml", "the tag sets are"},
};

static void each_spif_is_refused_for_what_it_is(void **state)
{
    (void)state;
    unsigned there = 0, read = 0;
    for (size_t i = 0; i < ARRAY_LEN(spifs); i++) {
        struct spif_problem problem = {0};
        span                xml = vector_of(spifs[i].name);
        if (xml.len == 0) {
            continue;
        }
        err e = spif_read(xml, &all, &problem);
        there++;
        read += err_is(e) ? 0 : 1;
        print_message("%s:%u: %s\n", spifs[i].name, problem.line,
                      err_is(e) ? problem.why : "is read");
        assert_true(err_is(e));
        assert_non_null(strstr(problem.why, spifs[i].says));
        assert_int_equal(all.count, 0);
    }
    print_message("%u of %u SPIF files are read, all others refused with a reason%s\n", read, there,
                  there == 0 ? ": skipped, no vectors here" : "");
}

/* The next "expect" and "markings" of the JSON, which keeps them in this order and unescaped */
static bool vector_next(span *rest, span *expect, span *banner)
{
    static const char *const key[] = {"\"expect\": \"", "\"markings\": \""};
    span *const              out[] = {expect, banner};
    for (size_t i = 0; i < ARRAY_LEN(key); i++) {
        const uint8_t *at = memmem(rest->ptr, rest->len, key[i], strlen(key[i]));
        if (at == NULL) {
            return false;
        }
        at += strlen(key[i]);
        *rest = (span){at, rest->len - (size_t)(at - rest->ptr)};
        *out[i] = span_cut(rest, '"');
    }
    return true;
}

static void load_usa(void)
{
    static uint8_t           table[POLICY_TABLE_MAX], xml[65536];
    static const uint8_t     digest[32];
    static const char *const other[] = {"AFG", "CAN", "DEU", "GBR", "FRA", "NATO"};
    struct writer            w = WRITER_OF(table);
    all = (struct policies){0};
    for (size_t i = 0; i < ARRAY_LEN(other); i++) {
        unsigned at;
        assert_false(err_is(names_add(&all.parties, span_text(other[i]), &at)));
    }
    assert_false(err_is(spif_compile(file_of("policies/USA.xml", xml, sizeof xml), &w, NULL)));
    assert_false(err_is(policy_read(&all, writer_span(&w), digest)));
}

/* What those authors refuse we refuse; what they take and we do not know we refuse as well */
static void no_banner_that_they_reject_is_read(void **state)
{
    (void)state;
    unsigned              there = 0, rejected = 0, read = 0;
    struct banner_context c = {0, 1, 1};
    span rest = vector_of("us-markings/alliance-banner-vectors.json"), expect, line;
    load_usa();
    while (rest.len > 0 && vector_next(&rest, &expect, &line)) {
        struct marking m;
        err            e = banner_read(&all, &c, line, &m);
        bool           reject = span_is(expect, "reject");
        there++;
        rejected += reject;
        read += err_is(e) ? 0 : 1;
        if (reject && !err_is(e)) {
            print_error("'" SPAN_FMT "' is read\n", SPAN_ARG(line));
        }
        assert_false(reject && !err_is(e));
    }
    print_message("%u of %u banner lines are read; all %u that must be rejected are%s\n", read,
                  there, rejected, there == 0 ? ": skipped, no vectors here" : "");
}

static int done(void **state)
{
    (void)state;
    xmlCleanupParser();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_spif_is_refused_for_what_it_is),
        cmocka_unit_test(no_banner_that_they_reject_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, done);
}
