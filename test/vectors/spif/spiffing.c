/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "label/phrase.h"
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

static void those_not_well_formed_are_refused(void **state)
{
    (void)state;
    static const char *const broken[] = {"spiffing/food-policy.xml",
                                         "spiffing/food-policy-missi.xml",
                                         "spiffing/bsi-commercial.xml"};
    unsigned                 refusals = 0, files = 0;
    for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
        struct scheme_problems problems;
        struct scheme         *s = NULL;
        span                   xml = vector_of(broken[i]);
        if (xml.len == 0) {
            continue;
        }
        files++;
        refusals += err_is(spif_scheme(xml, &s, &problems));
        print_message("%s:%u: %s\n", broken[i], problems.problem[0].line, problems.problem[0].why);
        assert_null(s);
        assert_non_null(strstr(problems.problem[0].why, "well-formed"));
        assert_true(problems.problem[0].line > 0);
    }
    print_message("%u of %u broken policies are refused%s\n", refusals, files,
                  files == 0 ? ": skipped, no vectors here" : "");
}

/* Labels of our own under the NATO policy that lies there: one value for each "set=value" */
static const struct {
    const char *class, *values[6], *shown, *french;
} nato[] = {
    {"RESTRICTED",
     {"Context=NATO", "Context=Releasable", "Releasable To=JPN", "Releasable To=CHE",
      "Releasable To=UKR", "Releasable To=NATO"},
     "NATO RESTRICTED Releasable to Japan, Switzerland, Ukraine",
     "NATO DIFFUSION RESTREINTE Communicable a Japon, Suisse, Ukraine"},
    {"CONFIDENTIAL",
     {"Context=KFOR", "Only=IRL", "Only=SWE", "Only=UKR", "Only=NATO"},
     "NATO/KFOR CONFIDENTIAL Ireland, Sweden, Ukraine, NATO ONLY",
     "NATO/KFOR CONFIDENTIEL Irlande, Suède, Ukraine, NATO SEULEMENT"},
    {"TOP SECRET", {"Context=NATO"}, "COSMIC TOP SECRET", "COSMIC TRES SECRET"},
    {"UNCLASSIFIED",
     {"Context=NATO", "Releasable To=NATO", "Releasable To=KFOR"},
     "NATO UNCLASSIFIED Releasable to KFOR",
     "NATO SANS CLASSIFICATION Communicable a KFOR"},
    {"SECRET",
     {"Context=NATO", "Additional Sensitivity=ATOMAL", "Additional Sensitivity=CRYPTO",
      "Administrative=STAFF"},
     "NATO SECRET ATOMAL CRYPTO - STAFF",
     "NATO SECRET ATOMAL CRYPTO - STAFF"},
};

static void nato_put(struct label *l, const char *value)
{
    static const enum tag_type likes[] = {TAG_PERMISSIVE, TAG_RESTRICTIVE, TAG_INFORMATIVE};
    span                       called = span_text(value);
    span                       in = span_cut(&called, '=');
    uint16_t                   set = scheme_set_by_name(l->scheme, in);
    assert_int_not_equal(set, SCHEME_NONE);
    for (size_t i = 0; i < ARRAY_LEN(likes); i++) {
        uint16_t c = scheme_category_by_name(l->scheme, set, likes[i], called);
        if (c != SCHEME_NONE) {
            category_put(&l->categories, c);
            return;
        }
    }
    fail_msg("%s is not in the policy", value);
}

static void nato_shows(const struct label *l, const char *language, const char *want)
{
    uint8_t       buf[1024];
    struct writer w = WRITER_OF(buf);
    label_phrase(l, span_text(language), PLACE_PAGE, &w);
    if (!span_is(writer_span(&w), want)) {
        print_error("'" SPAN_FMT "', not '%s'\n", SPAN_ARG(writer_span(&w)), want);
    }
    assert_true(span_is(writer_span(&w), want));
}

static void the_nato_policy_shows_its_labels(void **state)
{
    (void)state;
    struct scheme *s = NULL;
    span           xml = vector_of("spiffing/nato-4774-policy.xml");
    if (xml.len == 0) {
        print_message("skipped, no vectors here\n");
        return;
    }
    assert_false(err_is(spif_scheme(xml, &s, NULL)));
    for (size_t i = 0; i < ARRAY_LEN(nato); i++) {
        struct label_faults faults;
        struct label        l = {.scheme = s, .privacy = SCHEME_NONE};
        l.class = scheme_class_by_name(s, span_text(nato[i].class));
        for (size_t v = 0; v < ARRAY_LEN(nato[i].values) && nato[i].values[v] != NULL; v++) {
            nato_put(&l, nato[i].values[v]);
        }
        assert_true(label_valid(&l, &faults));
        nato_shows(&l, "", nato[i].shown);
        nato_shows(&l, "en-GB", nato[i].shown);
        nato_shows(&l, "fr-CA", nato[i].french);
    }
    free(s);
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
        cmocka_unit_test(those_not_well_formed_are_refused),
        cmocka_unit_test(the_nato_policy_shows_its_labels),
        cmocka_unit_test(no_banner_that_they_reject_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, done);
}
