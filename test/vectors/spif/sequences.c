/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "label/phrase.h"
#include "spiffy.h"
#include "unit/spif/files.h"
#include <libxml/parser.h>
#include <stdlib.h>
#include <strings.h>

/* spiffing's own tests, in the order of its file: $ACCORD_VECTORS/labels/spiffing/tests.xml */

#define POLICIES_MAX_HERE 8
#define MISSPELT          "securityCategiryTagSet"

static uint8_t tests[1 << 16], policy_file[SPIF_MAX], label_file[1 << 16], clearance_file[1 << 16];
static struct scheme *policy[POLICIES_MAX_HERE];
static unsigned       policy_count, passed, there, repaired;

static span vector_of(span called, void *buf, size_t max)
{
    const char *base = getenv("ACCORD_VECTORS");
    char        path[512];
    (void)snprintf(path, sizeof path, "%s/labels/spiffing/" SPAN_FMT,
                   base != NULL ? base : "../shared/data", SPAN_ARG(called));
    return file_of(path, buf, max);
}

static bool differs(span test, const char *what, span want, span got)
{
    if (want.ptr == NULL || span_equal(want, got)) {
        return false;
    }
    print_error("<" SPAN_FMT ">: %s is\n  '" SPAN_FMT "'\n", SPAN_ARG(test), what, SPAN_ARG(got));
    return true;
}

static const struct scheme *policy_called(span id)
{
    for (unsigned i = 0; i < policy_count; i++) {
        if (span_equal(policy[i]->id, id) || span_equal(policy[i]->name, id)) {
            return policy[i];
        }
    }
    return NULL;
}

/* A policy that is not well-formed must be refused; that its tests count, its misspelt end tags are
 * mended here, in memory */
static bool policy_mended(span xml)
{
    struct scheme_problems problems;
    size_t                 mended = 0, len = strlen(MISSPELT);
    for (size_t i = 0; i + len <= xml.len; i++) {
        if (memcmp(policy_file + i, MISSPELT, len) == 0) {
            memcpy(policy_file + i, "securityCategoryTagSet", len);
            mended++;
        }
    }
    repaired += mended > 0;
    return mended > 0 && !err_is(spif_scheme(xml, &policy[policy_count], &problems));
}

static bool says(const struct scheme_problems *problems, span what)
{
    for (unsigned i = 0; i < problems->count; i++) {
        const char *why = problems->problem[i].why;
        if (strncasecmp(why, (const char *)what.ptr, what.len) == 0) {
            return true;
        }
    }
    return false;
}

static bool policy_read_here(span tag)
{
    struct scheme_problems problems;
    span                   called = spiffy_attribute(tag, "spif");
    span                   want = spiffy_attribute(tag, "exception");
    span                   xml = vector_of(called, policy_file, sizeof policy_file);
    err                    e = spif_scheme(xml, &policy[policy_count], &problems);
    for (unsigned i = 0; i < problems.count; i++) {
        print_message(SPAN_FMT ":%u: %s%s%s\n", SPAN_ARG(called), problems.problem[i].line,
                      problems.problem[i].why, problems.problem[i].value[0] != 0 ? ": " : "",
                      problems.problem[i].value);
    }
    if (want.ptr != NULL) {
        there++;
        passed += err_is(e) && says(&problems, want);
        return err_is(e) && says(&problems, want);
    }
    bool read = !err_is(e) || policy_mended(xml);
    policy_count += read;
    return read;
}

/* The exceptions of those tests: no file, a policy that is not there, or what the policy has not */
static bool refused(span test, span want)
{
    struct label l;
    span         text = vector_of(spiffy_attribute(test, "label"), label_file, sizeof label_file);
    span         id = spiffy_policy(text), unknown = SPAN_LIT("Unknown policy id: ");
    const struct scheme *s = policy_called(id);
    if (span_is(want, "No data to parse")) {
        return text.len == 0;
    }
    if (span_starts(want, unknown)) {
        span named = {want.ptr + unknown.len, want.len - unknown.len};
        return text.len > 0 && s == NULL && span_equal(named, id);
    }
    return s == NULL || !spiffy_label(s, text, &l);
}

static bool clearance_holds(span test, const struct label *l)
{
    struct label_clearance c;
    struct label_faults    faults;
    uint8_t                buf[1024];
    struct writer          w = WRITER_OF(buf);
    span called = spiffy_attribute(test, "clearance"), acdf = spiffy_attribute(test, "acdf-result");
    if (called.ptr == NULL) {
        return true;
    }
    span                 text = vector_of(called, clearance_file, sizeof clearance_file);
    const struct scheme *s = policy_called(spiffy_policy(text));
    if (s == NULL || !spiffy_clearance(s, text, &c)) {
        return false;
    }
    clearance_phrase(&c, (span){0}, &w);
    bool read = label_access(l, &c, &faults);
    bool wrong = differs(test, "clearance-marking", spiffy_attribute(test, "clearance-marking"),
                         writer_span(&w));
    return !wrong && (acdf.ptr == NULL || read == span_is(acdf, "1"));
}

static bool translation_holds(span test, struct label *l)
{
    enum label_outcome outcome;
    struct label_hold  hold;
    uint8_t            buf[1024];
    struct writer      w = WRITER_OF(buf);
    span               id = spiffy_attribute(test, "encrypt");
    if (id.ptr == NULL) {
        return true;
    }
    const struct scheme *to = policy_called(id);
    if (to == NULL || err_is(label_translate(l, to, APPLIED_ENCRYPT, l, &outcome, &hold)) ||
        outcome != LABEL_OK) {
        return false;
    }
    label_phrase(l, (span){0}, PLACE_PAGE, &w);
    return !differs(test, "encrypt-marking", spiffy_attribute(test, "encrypt-marking"),
                    writer_span(&w));
}

static bool label_holds(span test)
{
    struct label        l;
    struct label_faults faults;
    uint8_t             buf[1024];
    struct writer       w = WRITER_OF(buf);
    span                valid = spiffy_attribute(test, "valid");
    span text = vector_of(spiffy_attribute(test, "label"), label_file, sizeof label_file);
    const struct scheme *s = policy_called(spiffy_policy(text));
    if (s == NULL || !spiffy_label(s, text, &l)) {
        return false;
    }
    bool is_valid = label_valid(&l, &faults);
    label_phrase(&l, spiffy_attribute(test, "xml:lang"), PLACE_PAGE, &w);
    bool wrong =
        differs(test, "label-marking", spiffy_attribute(test, "label-marking"), writer_span(&w));
    return !wrong && (valid.ptr == NULL || is_valid == span_is(valid, "true")) &&
           translation_holds(test, &l) && clearance_holds(test, &l);
}

static void test_one(span tag)
{
    span want = spiffy_attribute(tag, "exception");
    bool good = want.ptr != NULL ? refused(tag, want) : label_holds(tag);
    there++;
    passed += good;
    if (!good) {
        print_error("<" SPAN_FMT "> does not hold\n", SPAN_ARG(tag));
    }
}

static void forget_policies(void)
{
    for (; policy_count > 0; policy_count--) {
        free(policy[policy_count - 1]);
    }
}

static void every_sequence_of_spiffing_holds(void **state)
{
    (void)state;
    span rest = vector_of(SPAN_LIT("tests.xml"), tests, sizeof tests), tag, text;
    bool read = true;
    if (rest.len == 0) {
        print_message("0 of 0 tests of spiffing: skipped, no vectors here\n");
        return;
    }
    while (spiffy_tag(&rest, &tag, &text)) {
        if (spiffy_is(tag, "sequence")) {
            forget_policies();
        } else if (spiffy_is(tag, "policy")) {
            read = policy_read_here(tag) && read;
        } else if (spiffy_is(tag, "test")) {
            test_one(tag);
        }
    }
    forget_policies();
    print_message("%u of %u tests of spiffing hold; %u policy file was mended in memory\n", passed,
                  there, repaired);
    assert_true(read);
    assert_int_equal(passed, there);
}

static void those_not_well_formed_are_refused(void **state)
{
    (void)state;
    static const char *const broken[] = {"food-policy.xml", "food-policy-missi.xml",
                                         "bsi-commercial.xml"};
    unsigned                 refusals = 0, files = 0;
    for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
        struct scheme_problems problems;
        struct scheme         *s = NULL;
        span xml = vector_of(span_text(broken[i]), policy_file, sizeof policy_file);
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
    span xml = vector_of(SPAN_LIT("nato-4774-policy.xml"), policy_file, sizeof policy_file);
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

static int done(void **state)
{
    (void)state;
    xmlCleanupParser();
    return 0;
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(every_sequence_of_spiffing_holds),
        cmocka_unit_test(those_not_well_formed_are_refused),
        cmocka_unit_test(the_nato_policy_shows_its_labels),
    };
    return cmocka_run_group_tests(all, NULL, done);
}
