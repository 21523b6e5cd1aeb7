/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "files.h"
#include "label/phrase.h"
#include <libxml/parser.h>
#include <stdlib.h>

/* Labels under two small policies that name each other, HOME and AWAY */
#define HOME                                                                                       \
    "<SPIF><securityPolicyId name='HOME' id='1.2.1'/><equivalentPolicies>"                         \
    "<equivalentPolicy name='AWAY' id='1.2.2'/></equivalentPolicies><securityClassifications>"     \
    "<securityClassification name='OPEN' lacv='1' hierarchy='1'/>"                                 \
    "<securityClassification name='SHUT' lacv='4' hierarchy='2'>"                                  \
    "<equivalentClassification policyRef='AWAY' lacv='7' applied='decrypt'/>"                      \
    "<equivalentClassification policyRef='AWAY' lacv='8' applied='encrypt'/>"                      \
    "<requiredCategory operation='onlyOne'><categoryGroup tagSetRef='Rel' tagType='permissive'/>"  \
    "</requiredCategory></securityClassification>"                                                 \
    "<securityClassification name='GONE' lacv='5' hierarchy='3' obsolete='true'/>"                 \
    "</securityClassifications><securityCategoryTagSets>"                                          \
    "<securityCategoryTagSet name='Rel' id='1.2.1.1'>"                                             \
    "<securityCategoryTag name='Rel' tagType='permissive'>"                                        \
    "<tagCategory name='A' lacv='1'><equivalentSecCategoryTag policyRef='AWAY' "                   \
    "tagSetId='1.2.2.1' tagType='permissive' lacv='11' applied='both'/></tagCategory>"             \
    "<tagCategory name='B' lacv='2'/></securityCategoryTag></securityCategoryTagSet>"              \
    "<securityCategoryTagSet name='Code' id='1.2.1.2'>"                                            \
    "<securityCategoryTag name='Code' tagType='restrictive' minSelection='1' maxSelection='2'>"    \
    "<tagCategory name='X' lacv='1'><equivalentSecCategoryTag policyRef='AWAY' "                   \
    "tagSetId='1.2.2.1' tagType='permissive' lacv='' applied='encrypt' action='discard'/>"         \
    "</tagCategory><tagCategory name='Y' lacv='2' notAfter='2026-01-01T00:00:00Z'>"                \
    "<excludedCategory tagSetRef='Code' tagType='restrictive' all='true'/></tagCategory>"          \
    "<tagCategory name='Z' lacv='3' obsolete='true'/><tagCategory name='V' lacv='4'/>"             \
    "</securityCategoryTag></securityCategoryTagSet></securityCategoryTagSets>"                    \
    "<privacyMarks><privacyMark name='PRIVATE'/><privacyMark name='OLD' obsolete='1'/>"            \
    "</privacyMarks></SPIF>"

#define AWAY                                                                                       \
    "<SPIF><securityPolicyId name='AWAY' id='1.2.2'/><securityClassifications>"                    \
    "<securityClassification name='SEVEN' lacv='7' hierarchy='1'/>"                                \
    "<securityClassification name='EIGHT' lacv='8' hierarchy='2'/></securityClassifications>"      \
    "<securityCategoryTagSets><securityCategoryTagSet name='To' id='1.2.2.1'>"                     \
    "<securityCategoryTag name='To' tagType='permissive'><tagCategory name='AA' lacv='11'/>"       \
    "<tagCategory name='BB' lacv='12'/></securityCategoryTag></securityCategoryTagSet>"            \
    "</securityCategoryTagSets></SPIF>"

static struct scheme *home, *away;

static struct label label_of(const struct scheme *s, const char *class, const char *categories)
{
    struct label l = {.scheme = s, .privacy = SCHEME_NONE};
    l.class = scheme_class_by_name(s, span_text(class));
    for (span rest = span_text(categories); rest.len > 0;) {
        span called = span_cut(&rest, ' ');
        for (unsigned c = 0; c < s->category_count; c++) {
            if (span_equal(s->category[c].name, called)) {
                category_put(&l.categories, c);
            }
        }
    }
    return l;
}

static const struct {
    const char *class, *categories;
    enum label_reason reasons[4];
    unsigned          count;
} judged[] = {
    {"OPEN", "X", {0}, 0},
    {"OPEN", "X V", {0}, 0},
    {"OPEN", "", {REASON_TOO_FEW}, 1},
    {"OPEN", "X Y", {REASON_CATEGORY_EXCLUDED}, 1},
    {"OPEN", "Y", {0}, 0},
    {"OPEN", "Z", {REASON_CATEGORY_OBSOLETE}, 1},
    {"GONE", "X", {REASON_CLASS_OBSOLETE}, 1},
    {"SHUT", "X", {REASON_CLASS_NEEDS}, 1},
    {"SHUT", "X A", {0}, 0},
    {"SHUT", "X A B", {REASON_CLASS_NEEDS}, 1},
    {"GONE",
     "X Y Z V",
     {REASON_CLASS_OBSOLETE, REASON_CATEGORY_OBSOLETE, REASON_CATEGORY_EXCLUDED, REASON_TOO_MANY},
     4},
};

static void every_failure_is_one_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(judged); i++) {
        struct label_faults faults;
        struct label        l = label_of(home, judged[i].class, judged[i].categories);
        bool                valid = label_valid(&l, &faults);
        if (faults.count != judged[i].count) {
            print_error("row %zu: %u reasons\n", i, faults.count);
        }
        assert_int_equal(faults.count, judged[i].count);
        assert_int_equal(valid, judged[i].count == 0);
        for (unsigned k = 0; k < faults.count; k++) {
            assert_int_equal(faults.fault[k].reason, judged[i].reasons[k]);
            assert_non_null(fault_sentence(faults.fault[k].reason));
        }
    }
}

static void two_failures_of_access_are_two_reasons(void **state)
{
    (void)state;
    struct label_faults    faults;
    uint8_t                buf[256];
    struct writer          w = WRITER_OF(buf);
    struct label           l = label_of(home, "SHUT", "X V A");
    struct label_clearance c = {.scheme = home, .classes = 1};
    assert_false(err_is(clearance_valid(&c)));
    assert_false(label_access(&l, &c, &faults));
    assert_int_equal(faults.count, 4);
    assert_int_equal(faults.fault[0].reason, REASON_CLASS_NOT_HELD);
    assert_int_equal(faults.fault[1].reason, REASON_CATEGORY_NOT_HELD);
    assert_int_equal(faults.fault[2].reason, REASON_CATEGORY_NOT_HELD);
    assert_int_equal(faults.fault[3].reason, REASON_NONE_HELD);
    fault_format(home, &faults.fault[3], &w);
    assert_true(
        span_is(writer_span(&w), "the clearance has no value of the tag that the label has: Rel"));
    c.categories = label_of(home, "SHUT", "X V A").categories;
    c.classes = 2;
    assert_true(label_access(&l, &c, &faults));
    c.scheme = away;
    assert_false(label_access(&l, &c, &faults));
    assert_int_equal(faults.fault[0].reason, REASON_SCHEME);
}

static void what_lies_outside_the_scheme_is_refused(void **state)
{
    (void)state;
    struct label_faults    faults;
    struct label           l = label_of(home, "OPEN", "X");
    struct label_clearance c = {.scheme = home, .classes = 8};
    l.class = 3;
    assert_false(label_valid(&l, &faults));
    assert_int_equal(faults.fault[0].reason, REASON_INDEX);
    assert_false(label_access(&l, &c, &faults));
    l = label_of(home, "OPEN", "X");
    category_put(&l.categories, 900);
    assert_false(label_access(&l, &c, &faults));
    l = label_of(home, "OPEN", "X");
    l.privacy = 2;
    assert_false(label_valid(&l, &faults));
    l.privacy = 1;
    assert_false(label_valid(&l, &faults));
    assert_int_equal(faults.fault[0].reason, REASON_PRIVACY_OBSOLETE);
    l = label_of(home, "OPEN", "X");
    l.nobody[1] = 1;
    assert_false(label_valid(&l, &faults));
    assert_true(err_is(clearance_valid(&c)));
    c.classes = 0;
    assert_true(err_is(clearance_valid(&c)));
}

static void times_are_kept(void **state)
{
    (void)state;
    struct label_faults faults;
    struct label        l = label_of(home, "OPEN", "Y");
    instant             then = 0, limit = 0;
    assert_false(err_is(text_instant(SPAN_LIT("2026-01-01T00:00:00Z"), &limit)));
    assert_true(label_in_time(&l, then, &faults));
    assert_true(label_in_time(&l, limit, &faults));
    assert_false(label_in_time(&l, limit + 1, &faults));
    assert_int_equal(faults.fault[0].reason, REASON_CATEGORY_TIME);
    struct label_record r = {.label = l, .successor = label_of(home, "OPEN", "X")};
    assert_ptr_equal(label_at(&r, limit), &r.label);
    r.has_successor = true;
    r.succession = limit;
    assert_ptr_equal(label_at(&r, limit - 1), &r.label);
    assert_ptr_equal(label_at(&r, limit), &r.successor);
}

/* What crosses, and as what; a sentence when a person has to decide */
static const struct {
    bool out;
    const char *class, *categories, *becomes, *held;
} crossings[] = {
    {true, "SHUT", "X A", "AWAY EIGHT AA", NULL},
    {true, "SHUT", "V A", NULL, "the category has no equivalent in the other policy"},
    {true, "OPEN", "X", NULL, "the classification has no equivalent in the other policy"},
    {false, "SEVEN", "AA", NULL, "a tag has too few values"},
    {false, "EIGHT", "AA", NULL, "the classification has no equivalent in the other policy"},
    {false, "SEVEN", "BB", NULL, "the category has no equivalent in the other policy"},
};

static void equivalences_have_a_direction(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(crossings); i++) {
        struct label       out, l = label_of(crossings[i].out ? home : away, crossings[i].class,
                                       crossings[i].categories);
        enum label_outcome outcome;
        struct label_hold  hold;
        uint8_t            buf[256];
        struct writer      w = WRITER_OF(buf);
        assert_false(err_is(label_translate(&l, crossings[i].out ? away : home,
                                            crossings[i].out ? APPLIED_ENCRYPT : APPLIED_DECRYPT,
                                            &out, &outcome, &hold)));
        assert_int_equal(outcome, crossings[i].becomes != NULL ? LABEL_OK : LABEL_HOLD);
        if (outcome == LABEL_HOLD) {
            assert_string_equal(hold.why, crossings[i].held);
            continue;
        }
        label_phrase(&out, (span){0}, PLACE_PAGE, &w);
        assert_true(span_is(writer_span(&w), crossings[i].becomes));
    }
}

static void there_is_no_way_that_nobody_stated(void **state)
{
    (void)state;
    struct label       l = label_of(away, "SEVEN", "AA"), out;
    enum label_outcome outcome;
    struct label_hold  hold;
    assert_int_equal(label_translate(&l, home, APPLIED_ENCRYPT, &out, &outcome, &hold).code,
                     ERR_UNKNOWN);
    l = label_of(home, "SHUT", "X");
    assert_int_equal(label_translate(&l, away, APPLIED_ENCRYPT, &out, &outcome, &hold).code,
                     ERR_MALFORMED);
    l = label_of(home, "SHUT", "X");
    l.nobody[0] = 1;
    assert_false(err_is(label_translate(&l, away, APPLIED_ENCRYPT, &out, &outcome, &hold)));
    assert_int_equal(outcome, LABEL_HOLD);
}

/* Schema version 3.0: no codes, phrases for portions and input of their own, a last separator; with a
 * vendor's attribute, and an element without the namespace */
#define HEADER " creationDate='1Z' originatorDN='' keyIdentifier='' privilegeId='1.3' rbacId='1.3'>"
#define THREE                                                                                      \
    "<s:SPIF xmlns:s='http://www.xmlspif.org/spif' xmlns:v='urn:v' schemaVersion='3.0'" HEADER     \
    "<s:securityPolicyId name='P' id='1.2.3' v:name='other'/><s:securityClassifications>"          \
    "<s:securityClassification name='SECRET' lacv='4' hierarchy='2' fgcolor='white' "              \
    "bgcolor='red' v:id='x'><s:markingData phrase='SECRET' shortPhrase='S' inputPhrase='Secret "   \
    "(4)' simplePhrase='SECRET'/></s:securityClassification></s:securityClassifications>"          \
    "<s:securityCategoryTagSets><s:securityCategoryTagSet name='T' id='1.2.3.1'>"                  \
    "<s:securityCategoryTag name='T' tagType='permissive'><s:tagCategory name='A' lacv='1'/>"      \
    "<tagCategory name='B' lacv='2'/><s:tagCategory name='C' lacv='3'/><s:markingQualifier>"       \
    "<s:qualifier markingQualifier=', ' qualifierCode='separator'/><s:qualifier "                  \
    "markingQualifier=' and ' qualifierCode='finalSeparator'/></s:markingQualifier>"               \
    "</s:securityCategoryTag></s:securityCategoryTagSet></s:securityCategoryTagSets></s:SPIF>"

static void version_3_has_phrases_for_places(void **state)
{
    (void)state;
    static const struct {
        const char *categories, *shown;
        uint32_t    place;
    } rows[] = {
        {"", "P SECRET", PLACE_PAGE},
        {"", "P S", PLACE_PORTION},
        {"", "P Secret (4)", PLACE_INPUT_TITLE},
        {"", "P SECRET", PLACE_ANY},
        {"A", "P SECRET A", PLACE_PAGE},
        {"A B", "P SECRET A and B", PLACE_PAGE},
        {"A B C", "P SECRET A, B and C", PLACE_PAGE},
    };
    struct scheme_problems problems;
    struct scheme         *s = NULL;
    if (err_is(spif_scheme(SPAN_LIT(THREE), &s, &problems))) {
        print_error("%s: %s\n", problems.problem[0].why, problems.problem[0].value);
    }
    assert_non_null(s);
    assert_int_equal(s->class[0].color, 0xff0000);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        uint8_t       buf[64];
        struct writer w = WRITER_OF(buf);
        struct label  l = label_of(s, "SECRET", rows[i].categories);
        label_phrase(&l, (span){0}, rows[i].place, &w);
        if (!span_is(writer_span(&w), rows[i].shown)) {
            print_error("row %zu: " SPAN_FMT "\n", i, SPAN_ARG(writer_span(&w)));
        }
        assert_true(span_is(writer_span(&w), rows[i].shown));
    }
    free(s);
    assert_true(err_is(spif_scheme(
        SPAN_LIT("<s:SPIF xmlns:s='http://www.xmlspif.org/spif' schemaVersion='2.1'" HEADER
                 "<s:securityPolicyId name='P' id='1.2.3'/><s:securityClassifications>"
                 "<s:securityClassification name='S' lacv='4' hierarchy='2' bgcolor='red'/>"
                 "</s:securityClassifications></s:SPIF>"),
        &s, &problems)));
    assert_string_equal(problems.problem[0].value, "bgcolor");
}

/* One value and all of a tag set, under each operation; a prefix for pages, which portions get as well */
#define NEED(name, lacv, operation)                                                                \
    "<securityClassification name='" name "' lacv='" lacv "' hierarchy='" lacv "'>"                \
    "<requiredCategory operation='" operation "'>"                                                 \
    "<categoryGroup tagSetRef='R' tagType='permissive' lacv='1'/>"                                 \
    "<categoryGroup tagSetRef='C' tagType='restrictive' all='true'/>"                              \
    "</requiredCategory></securityClassification>"
#define NEEDS                                                                                      \
    "<SPIF><securityPolicyId name='N' id='1.2'/><securityClassifications>" NEED(                   \
        "one", "1", "onlyOne") NEED("some", "2", "oneOrMore")                                      \
        NEED("every", "3",                                                                         \
             "all") "</securityClassifications><securityCategoryTagSets>"                          \
                    "<securityCategoryTagSet name='R' id='1.2.1'><securityCategoryTag name='R' "   \
                    "tagType='permissive'><tagCategory name='A' lacv='1'/><tagCategory name='B' "  \
                    "lacv='2'/>"                                                                   \
                    "<markingQualifier markingCode='pageTop'><qualifier markingQualifier='REL TO " \
                    "' "                                                                           \
                    "qualifierCode='prefix'/></markingQualifier></securityCategoryTag>"            \
                    "</securityCategoryTagSet><securityCategoryTagSet name='C' id='1.2.2'>"        \
                    "<securityCategoryTag name='C' tagType='restrictive'><tagCategory name='X' "   \
                    "lacv='1'/>"                                                                   \
                    "<tagCategory name='Y' "                                                       \
                    "lacv='2'/></securityCategoryTag></securityCategoryTagSet>"                    \
                    "</securityCategoryTagSets></SPIF>"

static void what_is_required_is_counted(void **state)
{
    (void)state;
    static const struct {
        const char *categories;
        bool        one, some, every;
    } rows[] = {
        {"", false, false, false},    {"A", true, true, false},    {"B", false, false, false},
        {"X", true, true, false},     {"X Y", false, true, false}, {"A X", false, true, true},
        {"A X Y", false, true, true}, {"B Y", true, true, false},
    };
    struct scheme *s = NULL;
    assert_false(err_is(spif_scheme(SPAN_LIT(NEEDS), &s, NULL)));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct label_faults faults;
        struct label        one = label_of(s, "one", rows[i].categories);
        struct label        some = label_of(s, "some", rows[i].categories);
        struct label        every = label_of(s, "every", rows[i].categories);
        assert_int_equal(label_valid(&one, &faults), rows[i].one);
        assert_int_equal(label_valid(&some, &faults), rows[i].some);
        assert_int_equal(label_valid(&every, &faults), rows[i].every);
    }
    uint8_t       buf[64];
    struct writer w = WRITER_OF(buf);
    struct label  l = label_of(s, "some", "A B");
    label_phrase(&l, (span){0}, PLACE_PORTION, &w);
    assert_true(span_is(writer_span(&w), "N some REL TO A/B"));
    free(s);
}

static int set_up(void **state)
{
    (void)state;
    return err_is(spif_scheme(SPAN_LIT(HOME), &home, NULL)) ||
                   err_is(spif_scheme(SPAN_LIT(AWAY), &away, NULL))
               ? -1
               : 0;
}

static int done(void **state)
{
    (void)state;
    free(home);
    free(away);
    xmlCleanupParser();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failure_is_one_reason),
        cmocka_unit_test(two_failures_of_access_are_two_reasons),
        cmocka_unit_test(what_lies_outside_the_scheme_is_refused),
        cmocka_unit_test(times_are_kept),
        cmocka_unit_test(equivalences_have_a_direction),
        cmocka_unit_test(there_is_no_way_that_nobody_stated),
        cmocka_unit_test(version_3_has_phrases_for_places),
        cmocka_unit_test(what_is_required_is_counted),
    };
    return cmocka_run_group_tests(tests, set_up, done);
}
