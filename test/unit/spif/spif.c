/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "files.h"
#include "marking/marking.h"
#include <libxml/parser.h>

static struct policies all;
static uint8_t         file[65536], changed[65536], table[3][POLICY_TABLE_MAX], again[65536];

static const char *const shipped[] = {"policies/KOR.xml", "policies/JPN.xml", "policies/USA.xml"};

static int load(void **state)
{
    (void)state;
    all = (struct policies){0};
    for (size_t i = 0; i < ARRAY_LEN(shipped); i++) {
        struct spif_problem problem;
        struct writer       w = WRITER_OF(table[i]);
        uint8_t             digest[32] = {(uint8_t)i};
        span                xml = file_of(shipped[i], file, sizeof file);
        err                 e = spif_compile(xml, &w, &problem);
        if (err_is(e)) {
            print_error("%s:%u: %s\n", shipped[i], problem.line, problem.why);
            return -1;
        }
        if (err_is(policy_read(&all, writer_span(&w), digest))) {
            return -1;
        }
    }
    return 0;
}

static void the_shipped_policies_are_read_and_written_back(void **state)
{
    (void)state;
    assert_int_equal(all.count, 3);
    assert_int_equal(all.parties.count, 3);
    for (unsigned i = 0; i < all.count; i++) {
        struct writer w = WRITER_OF(again);
        policy_write(&all, &all.policy[i], &w);
        assert_false(w.bad);
        assert_memory_equal(again, table[i], w.len);
    }
}

static void the_levels_of_the_agreements_are_there(void **state)
{
    (void)state;
    static const char *const known[] = {
        "KOR:UNCLASSIFIED", "KOR:III",    "KOR:II",           "KOR:I",
        "JPN:UNCLASSIFIED", "JPN:HI",     "JPN:GOKUHI",       "JPN:TOKUTEI-HIMITSU",
        "JPN:KIMITSU",      "USA:SECRET", "USA:UNCLASSIFIED", "USA:TOP-SECRET",
        "USA:CONFIDENTIAL",
    };
    level gokuhi, tokutei, kimitsu, none;
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        uint8_t       buf[64];
        struct writer w = WRITER_OF(buf);
        level         l;
        assert_false(err_is(level_read(&all, span_text(known[i]), &l)));
        level_format(&all, l, &w);
        assert_true(span_is(writer_span(&w), known[i]));
    }
    assert_false(err_is(level_read(&all, SPAN_LIT("JPN:GOKUHI"), &gokuhi)));
    assert_false(err_is(level_read(&all, SPAN_LIT("JPN:TOKUTEI-HIMITSU"), &tokutei)));
    assert_false(err_is(level_read(&all, SPAN_LIT("JPN:KIMITSU"), &kimitsu)));
    assert_true(level_at_most(&all, gokuhi, tokutei));
    assert_false(level_at_most(&all, tokutei, gokuhi));
    assert_true(level_at_most(&all, tokutei, kimitsu));
    assert_true(err_is(level_read(&all, SPAN_LIT("KOR:SECRET"), &none)));
    const struct policy_level *ii = &policy_find(&all, SPAN_LIT("KOR"))->level[2];
    assert_string_equal(ii->banner, "군사 II급 비밀");
    assert_string_equal(ii->title[TITLE_EN], "MILITARY SECRET CLASS II");
    assert_string_equal(ii->title[TITLE_JA], "軍事II級秘密");
    assert_int_equal(ii->color, 0xc8102e);
}

/* Replace the first `from` in the file by `to` */
static span change(span xml, const char *from, const char *to)
{
    struct writer w = WRITER_OF(changed);
    return file_change(xml, from, to, &w);
}

#define II "name=\"II\" lacv=\"4\" hierarchy=\"40\" color=\"#C8102E\""
#define CYBER                                                                                      \
    "<tagCategory name=\"cyber\" lacv=\"2\">\n"                                                    \
    "          <markingData xml:lang=\"ko\" "                                                      \
    "phrase=\"사이버\"><code>documentStart</code></markingData>\n"                              \
    "          <markingData xml:lang=\"ja\" "                                                      \
    "phrase=\"サイバー\"><code>documentStart</code></markingData>\n"                           \
    "        </tagCategory>"
#define NO_COPY "<tagCategory name=\"NO-COPY\" lacv=\"1\">"
#define REQUIRE(of)                                                                                \
    "</markingData><requiredCategory operation=\"all\"><categoryGroup tagSetRef=\"Caveats\" "      \
    "tagType=\"restrictive\" lacv=\"" of "\"/></requiredCategory></securityClassification>"
#define LAST_LEVEL "</markingData>\n    </securityClassification>\n  </securityClassifications>"

static const struct {
    const char *from, *to;
    const char *says; /* part of the reason */
} refused[] = {
    {"<SPIF", "<!DOCTYPE SPIF><SPIF", "DOCTYPE"},
    {"<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<!DOCTYPE SPIF [<!ENTITY a \"b\">]>",
     "DOCTYPE"},
    {"</SPIF>", "", "well-formed"},
    {"encoding=\"UTF-8\"", "encoding=\"ISO-8859-1\"", "not in UTF-8"},
    {"encoding=\"UTF-8\"", "encoding='UTF-16'", "not in UTF-8"},
    {"군사", "\xff\xfe", "well-formed"},
    {"http://www.xmlspif.org/spif", "http://www.xmlspif.org/other", "not a SPIF"},
    {"schemaVersion=\"2.1\"", "schemaVersion=\"2.0\"", "schema version"},
    {"<SPIF", "<SPIF notAfter=\"2020-01-01T00:00:00Z\"", "attribute"},
    {"rbacId=\"2.16.840.1.101.2.1.8.3\"", "", "missing"},
    {"<securityClassifications>", "<equivalentPolicies/><securityClassifications>", "must have"},
    {"<securityClassifications>",
     "<equivalentPolicies><equivalentPolicy name=\"a\" id=\"1.1\"/></equivalentPolicies>"
     "<securityClassifications>",
     "agreement"},
    {"<markingData xml:lang=\"en\"",
     "<equivalentClassification policyRef=\"a\" lacv=\"1\" applied=\"both\"/><markingData "
     "xml:lang=\"en\"",
     "not in equivalentPolicies"},
    {"<securityPolicyId", "<defaultSecurityPolicyId name=\"a\" id=\"1.1\"/><securityPolicyId",
     "default policy"},
    {"<securityClassifications>", "text<securityClassifications>", "text"},
    {"<securityClassifications>", "<?pi x?><securityClassifications>", "instruction"},
    {II, "name=\"II\" lacv=\"4\" color=\"#C8102E\"", "missing"},
    {II, "name=\"II\" lacv=\"4\" hierarchy=\"x\" color=\"#C8102E\"", "number"},
    {II, "name=\"II\" lacv=\"70000\" hierarchy=\"40\" color=\"#C8102E\"", "number"},
    {II, "name=\"II\" lacv=\"4\" hierarchy=\"40\" color=\"reddish\"", "colour"},
    {II, "name=\"II\" lacv=\"4\" hierarchy=\"40\"", "colour"},
    {II, "name=\"II\" lacv=\"4\" hierarchy=\"30\" color=\"#C8102E\"", "one hierarchy"},
    {II, "name=\"II\" lacv=\"4\" hierarchy=\"40\" color=\"#0033A0\"", "one colour"},
    {II, "name=\"II\" lacv=\"3\" hierarchy=\"40\" color=\"#C8102E\"", "one lacv"},
    {II, "name=\"III\" lacv=\"4\" hierarchy=\"40\" color=\"#C8102E\"", "one name"},
    {II, "name=\"II x\" lacv=\"4\" hierarchy=\"40\" color=\"#C8102E\"", "a name has"},
    {"군사 II급 비밀", "군사 III급 비밀", "two levels"},
    {"군사 II급 비밀", "군사//II급", "banner form"},
    {"군사 II급 비밀", "", "banner form"},
    {"xml:lang=\"ja\"", "xml:lang=\"fr\"", "en, ko and ja"},
    {"xml:lang=\"ja\"", "xml:lang=\"ko\"", "en, ko and ja"},
    {"xml:lang=\"ja\"", "lang=\"ja\"", "attribute"},
    {"documentStart", "pageTopBottom", "pageTopBottom"},
    {"documentStart", "waterMark", "pageTopBottom"},
    {"<code>documentStart</code>", "", "one code"},
    {"<code>documentStart</code></markingData>\n          <excludedClass>",
     "<code>pageTopBottom</code></markingData>\n          <excludedClass>", "one marking"},
    {"phrase=\"일본\"><code>documentStart", "phrase=\"일본\"><code>pageTop", "banner line"},
    {"phrase=\"사이버\"><code>documentStart", "phrase=\"사이버\"><code>documentEnd", "banner line"},
    {NO_COPY, "<tagCategory name=\"NO-COPY\">", "missing"},
    {NO_COPY, "<tagCategory name=\"NO-COPY\" lacv=\"1\" requiredClass=\"UNCLASSIFIED\">",
     "requires a classification that it excludes"},
    {NO_COPY, "<tagCategory name=\"NO-COPY\" lacv=\"1\" obsolete=\"true\">", "obsolete"},
    {NO_COPY, "<tagCategory name=\"NO-COPY\" lacv=\"1\" userInput=\"date\">", "free"},
    {NO_COPY, "<tagCategory name=\"B\" lacv=\"1\"/>" NO_COPY, "one lacv"},
    {NO_COPY, "<tagCategory name=\"NO-COPY\" lacv=\"2\"/>" NO_COPY, "one name"},
    {"<excludedClass>UNCLASSIFIED", "<excludedClass>SECRET", "not defined"},
    {"<excludedClass>UNCLASSIFIED</excludedClass>",
     "<excludedClass>II</excludedClass><excludedClass>II</excludedClass>", "twice"},
    {LAST_LEVEL, REQUIRE("7") "</securityClassifications>", "not defined"},
    {"tagType=\"restrictive\"", "tagType=\"tagType7\"", "tag7Encoding"},
    {"tagType=\"restrictive\"", "tagType=\"tagType7\" tag7Encoding=\"bitSetAttributes\"",
     "restrictive"},
    {"tagType=\"restrictive\"", "tagType=\"permissive\"", "restrictive"},
    {"tagType=\"restrictive\"", "tagType=\"sometimes\"", "restrictive"},
    {"enumType=\"permissive\"", "enumType=\"restrictive\"", "permissive"},
    {"enumType=\"permissive\"", "enumType=\"permissive\" singleSelection=\"true\"", "only one"},
    {"name=\"Topic\" id", "name=\"Caveats\" id", "one name"},
    {"name=\"Topic\" id", "name=\"Subject\" id", "tag sets are"},
    {"<tagCategory name=\"cyber\" lacv=\"2\">", "<tagCategory name=\"disaster\" lacv=\"2\">",
     "one name"},
    {"<tagCategory name=\"cyber\" lacv=\"2\">", "<tagCategory name=\"cyber\" lacv=\"3\">",
     "one lacv"},
    {"<tagCategory name=\"cyber\" lacv=\"2\">",
     "<tagCategory name=\"cyber\" lacv=\"2\"><excludedClass>I</excludedClass>", "only a caveat"},
    {"\"REL TO \"", "\"EYES \"", "another form"},
    {"<tagCategory name=\"KOR\" lacv=\"410\">", "<tagCategory name=\"PRK\" lacv=\"408\">",
     "Releasable To"},
    {"name=\"KOR\" id=\"2.25.", "name=\"PRK\" id=\"2.25.", "Releasable To"},
    {"name=\"KOR\" id=\"2.25.", "name=\"KOR\" id=\"2..25.", "object identifier"},
};

static void every_other_file_is_refused_with_its_reason(void **state)
{
    (void)state;
    static struct policies one;
    span                   xml = file_of(shipped[0], file, sizeof file);
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct spif_problem problem = {0};
        span                bad = change(xml, refused[i].from, refused[i].to);
        err                 e = spif_read(bad, &one, &problem);
        if (!err_is(e) || strstr(problem.why, refused[i].says) == NULL) {
            print_error("row %zu (%s): %s\n", i, refused[i].to, err_is(e) ? e.why : "is read");
        }
        assert_true(bad.len > 0);
        assert_true(err_is(e));
        assert_non_null(strstr(problem.why, refused[i].says));
        assert_int_equal(one.count, 0);
        assert_int_equal(one.parties.count, 0);
    }
}

static void a_level_may_require_a_caveat(void **state)
{
    (void)state;
    static struct policies one;
    span                   xml = file_of(shipped[0], file, sizeof file);
    xml = change(xml, LAST_LEVEL, REQUIRE("1") "</securityClassifications>");
    assert_false(err_is(spif_read(xml, &one, NULL)));
    struct marking m;
    assert_true(err_is(marking_read(&one, SPAN_LIT("KOR:I of KOR about cyber from human"), &m)));
    assert_false(err_is(
        marking_read(&one, SPAN_LIT("KOR:I of KOR about cyber from human caveats NO-COPY"), &m)));
    assert_true(err_is(marking_read(
        &one, SPAN_LIT("KOR:UNCLASSIFIED of KOR about cyber from human caveats NO-COPY"), &m)));
}

static void an_order_in_the_file_does_not_change_the_table(void **state)
{
    (void)state;
    span xml = file_of(shipped[0], file, sizeof file);
    xml = change(xml, CYBER, "");
    memcpy(file, xml.ptr, xml.len);
    xml = change((span){file, xml.len}, "<tagCategory name=\"space\" lacv=\"12\">",
                 CYBER "<!-- later --><tagCategory name=\"space\" lacv=\"12\">");
    struct writer w = WRITER_OF(again);
    assert_false(err_is(spif_compile(xml, &w, NULL)));
    assert_memory_equal(again, table[0], w.len);
}

static void the_line_of_the_fault_is_told(void **state)
{
    (void)state;
    static struct policies one;
    struct spif_problem    problem = {0};
    span                   xml = file_of(shipped[0], file, sizeof file);
    span                   bad = change(xml, "xml:lang=\"ja\"", "xml:lang=\"fr\"");
    unsigned               line = 1;
    for (const uint8_t *p = bad.ptr; memcmp(p, "xml:lang=\"fr\"", 13) != 0; p++) {
        line += *p == '\n';
    }
    assert_true(err_is(spif_read(bad, &one, &problem)));
    assert_int_equal(problem.line, line);
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
        cmocka_unit_test(the_shipped_policies_are_read_and_written_back),
        cmocka_unit_test(the_levels_of_the_agreements_are_there),
        cmocka_unit_test(every_other_file_is_refused_with_its_reason),
        cmocka_unit_test(a_level_may_require_a_caveat),
        cmocka_unit_test(an_order_in_the_file_does_not_change_the_table),
        cmocka_unit_test(the_line_of_the_fault_is_told),
    };
    return cmocka_run_group_tests(tests, load, done);
}
