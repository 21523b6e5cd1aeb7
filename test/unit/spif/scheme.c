/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "files.h"
#include "label/label.h"
#include <libxml/parser.h>
#include <stdlib.h>

/* A whole policy in memory, and every way to break it */
static uint8_t file[1 << 16], changed[1 << 16];

static span whole(void)
{
    return file_of("fuzz/corpus/scheme/whole.xml", file, sizeof file);
}

static void all_of_it_is_read(void **state)
{
    (void)state;
    struct scheme_problems problems;
    struct scheme         *s = NULL;
    err                    e = spif_scheme(whole(), &s, &problems);
    if (err_is(e)) {
        print_error("%u: %s\n", problems.problem[0].line, problems.problem[0].why);
    }
    assert_false(err_is(e));
    assert_true(span_is(s->name, "EX") && span_is(s->id, "1.2.3") && span_is(s->version, "3"));
    assert_true(span_is(s->default_name, "none") && span_is(s->schema_version, "2.1"));
    assert_int_equal(s->class_count, 2);
    assert_int_equal(s->class[0].color, 0x008000);
    assert_int_equal(s->class[1].color, 0xff0000);
    assert_int_equal(s->class[1].equivalent[0].lacv, 3);
    assert_int_equal(s->class[1].equivalent[0].applied, APPLIED_BOTH);
    assert_int_equal(s->class[1].equivalent[0].need[0].ref[0].set, SCHEME_NONE);
    assert_int_equal(s->class[1].need[0].operation, OPERATION_ONE_OR_MORE);
    assert_true(s->class[1].need[0].ref[0].all && s->class[1].need[0].ref[0].set == 0);
    assert_int_equal(s->set_count, 2);
    assert_int_equal(s->tag_count, 3);
    assert_int_equal(s->tag[0].type, TAG_ENUMERATED_PERMISSIVE);
    assert_int_equal(s->tag[0].max, 2);
    assert_true(s->tag[1].type == TAG_INFORMATIVE && s->tag[1].integers);
    assert_true(span_is(s->tag[1].name, "Rel"));
    assert_int_equal(s->tag[2].max, 1);
    assert_int_equal(s->category[0].lacv, 4);
    assert_true(s->category[0].equivalent[0].discard);
    assert_int_equal(s->category[0].excluded_classes, 1);
    assert_true(s->category[1].obsolete && category_has(&s->obsolete, 1));
    assert_int_equal(s->category[2].input, INPUT_DATE);
    assert_int_equal(s->category[3].excluded_classes, 1);
    assert_int_equal(s->category[3].excluded[0].category, 1);
    assert_int_equal(s->privacy_count, 2);
    assert_true(s->privacy[1].obsolete);
    assert_int_equal(s->set[0].equivalent_count, 1);
    assert_int_equal(s->tag[0].marking.qualifier[0].codes, PLACE_PAGE_TOP);
    assert_true(span_is(s->tag[0].marking.qualifier[1].language, "fr"));
    assert_true(s->not_after < INSTANT_NEVER);
    free(s);
}

static span change(span xml, const char *from, const char *to)
{
    struct writer w = WRITER_OF(changed);
    return file_change(xml, from, to, &w);
}

#define LOW  "<securityClassification name=\"LOW\" lacv=\"1\" hierarchy=\"1\" color=\"green\"/>"
#define CODE "name=\"Code\" tagType=\"restrictive\" singleSelection=\"true\""
#define Y    "<tagCategory name=\"Y\" lacv=\"1\"/>"

static const struct {
    const char *from, *to, *says, *value;
} refused[] = {
    {"schemaVersion=\"2.1\"", "schemaVersion=\"4.0\"", "schema version", "4.0"},
    {"schemaVersion=\"2.1\" ", "", "missing", "schemaVersion"},
    {"http://www.xmlspif.org/spif", "urn:other", "not a SPIF", "SPIF"},
    {"notAfter=\"2030-01-01T00:00:00Z\"", "notAfter=\"2030-01-01\"", "UTC", "2030-01-01"},
    {"notAfter", "notafter", "attribute of this element is not read", "notafter"},
    {"id=\"1.2.3\"", "id=\"3.2.3\"", "object identifier", "3.2.3"},
    {"id=\"1.2.3\"", "id=\"1.02.3\"", "object identifier", "1.02.3"},
    {"id=\"1.2.3\"", "id=\"1\"", "object identifier", "1"},
    {"id=\"1.2.3\"", "id=\"1.2.\"", "object identifier", "1.2."},
    {"phrase=\"EXAMPLE\"", "phrase=\"A&#x202E;B\"", "one line", NULL},
    {"phrase=\"EXAMPLE\"", "phrase=\"A&#10;B\"", "one line", NULL},
    {"<code>pageTopBottom", "<code>everywhere", "marking code", "everywhere"},
    {"<code>pageTopBottom</code>", "", "one code", "code"},
    {"<code>pageTopBottom</code>", "<code><b/></code>", "one piece of text", "code"},
    {LOW, LOW LOW, "one name", "LOW"},
    {LOW, "<securityClassification name=\"L\" lacv=\"4\" hierarchy=\"1\"/>", "one lacv", "HIGH"},
    {LOW, "<securityClassification name=\"L\" lacv=\"1\" hierarchy=\"2\"/>", "one hierarchy",
     "HIGH"},
    {"color=\"green\"", "color=\"red\"", "one colour", "HIGH"},
    {"color=\"green\"", "color=\"greenish\"", "colour is", "greenish"},
    {"color=\"green\"", "color=\"#12345g\"", "colour is", "#12345g"},
    {"lacv=\"1\" hierarchy=\"1\"", "lacv=\"-1\" hierarchy=\"1\"", "number", "-1"},
    {"lacv=\"1\" hierarchy=\"1\"", "lacv=\"\" hierarchy=\"1\"", "number", ""},
    {"lacv=\"1\" hierarchy=\"1\"", "lacv=\"1\"", "missing", "hierarchy"},
    {"policyRef=\"B\" lacv=\"3\"", "policyRef=\"C\" lacv=\"3\"", "not in equivalentPolicies", "C"},
    {"applied=\"both\"", "applied=\"sometimes\"", "encrypt, decrypt or both", "sometimes"},
    {"operation=\"oneOrMore\"", "operation=\"some\"", "onlyOne, oneOrMore or all", "some"},
    {"operation=\"oneOrMore\"", "", "missing", "operation"},
    {"tagSetRef=\"Rel\"", "tagSetRef=\"Rol\"", "tag set that is not defined", "Rol"},
    {"enumType=\"permissive\" all=\"true\"", "enumType=\"restrictive\" all=\"true\"",
     "tag type that is not defined", "Rel"},
    {"enumType=\"permissive\" all=\"true\"", "enumType=\"permissive\" lacv=\"5\"",
     "lacv that is not defined", "Rel"},
    {"enumType=\"permissive\" all=\"true\"", "enumType=\"permissive\" all=\"true\" lacv=\"4\"",
     "one lacv or to all", "4"},
    {"all=\"true\"", "all=\"yes\"", "true or false", "yes"},
    {"name=\"Code\" id", "name=\"Rel\" id", "two tag sets have one name", "Rel"},
    {"id=\"1.2.3.2\"", "id=\"1.2.3.1\"", "two tag sets have one id", "Code"},
    {CODE, "name=\"Code\" tagType=\"notApplicable\"", "tagType is", "notApplicable"},
    {CODE, "name=\"Code\" tagType=\"restrictive\" enumType=\"restrictive\"", "no other has",
     "restrictive"},
    {CODE, "name=\"Code\" tagType=\"enumerated\"", "enumType", ""},
    {CODE, "name=\"Code\" tagType=\"restrictive\" singleSelection=\"true\" maxSelection=\"2\"",
     "singleSelection", "Code"},
    {CODE, "name=\"Code\" tagType=\"restrictive\" minSelection=\"3\"", "requires more values",
     "Code"},
    {CODE, "name=\"Code\" tagType=\"restrictive\" minSelection=\"x\"", "number", "x"},
    {"tag7Encoding=\"securityAttributes\"", "", "tag7Encoding", "Rel"},
    {"tag7Encoding=\"securityAttributes\"", "tag7Encoding=\"both\"", "tag7Encoding is", "both"},
    {Y, "<tagCategory name=\"X\" lacv=\"1\"/>", "two categories of one tag have one name", "X"},
    {Y, "<tagCategory name=\"Y\" lacv=\"00\"/>", "have one lacv", "Y"},
    {Y, "<tagCategory name=\"\" lacv=\"1\"/>", "no name", ""},
    {"<excludedClass>LOW</excludedClass>",
     "<excludedClass>LOW</excludedClass><excludedClass>LOW</excludedClass>",
     "duplicate excluded classification in category", "LOW"},
    {"<excludedClass>LOW", "<excludedClass>LOWER", "not defined", "LOWER"},
    {"requiredClass=\"HIGH\"", "requiredClass=\"HIGHER\"", "not defined", "HIGHER"},
    {"userInput=\"date\"", "userInput=\"text\"", "userInput is", "text"},
    {"action=\"discard\"", "action=\"keep\"", "discard", "keep"},
    {"qualifierCode=\"prefix\"", "qualifierCode=\"infix\"", "qualifierCode is", "infix"},
    {"markingCode=\"pageTop\"", "markingCode=\"nowhere\"", "marking code", "nowhere"},
    {"<qualifier xml:lang=\"fr\" markingQualifier=\", \" qualifierCode=\"separator\"/>",
     "<qualifier markingQualifier=\"X\" qualifierCode=\"prefix\"/>", "two qualifiers", "X"},
    {"xml:lang=\"fr\"", "xml:lang=\"french or so\"", "tag of a language", "french or so"},
    {"<privacyMark name=\"OLD\"", "<privacyMark name=\"PRIVATE\"", "two privacy marks", "PRIVATE"},
    {"minSelection=\"0\"", "minSelection=\"2\"", "one privacy mark or none", ""},
    {"name=\"B\" id=\"1.9.9\"", "name=\"B\" id=\"1.2.3\"", "equivalent to itself", "B"},
    {"<equivalentPolicy name=\"B\" id=\"1.9.9\"/>",
     "<equivalentPolicy name=\"B\" id=\"1.9.9\"/><equivalentPolicy name=\"B\" id=\"1.9.8\"/>",
     "two equivalent policies have one name", "B"},
    {"<privacyMarks", "<privacyMurks/><privacyMarks", "not read, or not at this place",
     "privacyMurks"},
    {"<privacyMarks", "<q:privacyMarks xmlns:q=\"urn:q\"/><privacyMarks", "not at this place",
     "privacyMarks"},
    {"<privacyMarks", "<securityCategoryTagSets/><privacyMarks", "more than once",
     "securityCategoryTagSets"},
    {"<privacyMarks", "<q:x/><privacyMarks", "well-formed", ""},
    {"<privacyMarks", "<privacyMarks minSelection=\"0\"", "well-formed", ""},
    {"<privacyMarks", "words<privacyMarks", "text, an entity", ""},
    {"name=\"PRIVATE\"", "name=\"&private;\"", "well-formed", ""},
    {"rbacId=", "rbacID=", "missing", "rbacId"},
    {"creationDate=\"20261122Z\" ", "", "missing", "creationDate"},
    {"name=\"EX\" id=\"1.2.3\"", "name=\"EX\"", "missing", "id"},
    {"name=\"Code\" id=\"1.2.3.2\"", "name=\"Code\"", "missing", "id"},
    {"name=\"B\" id=\"1.9.9\"", "name=\"B\"", "missing", "id"},
    {"<securityPolicyId name=\"EX\" id=\"1.2.3\">",
     "<securityPolicyId name=\"EX\" id=\"1.2.3\"/><securityPolicyId name=\"EX\" id=\"1.2.3\">",
     "more than once", "securityPolicyId"},
    {LOW, "<securityClassification lacv=\"1\" hierarchy=\"1\"/>", "missing", "name"},
    {LOW, "<securityClassification name=\"LOW\" hierarchy=\"1\"/>", "missing", "lacv"},
    {LOW, "<SecurityClassification name=\"LOW\" lacv=\"1\" hierarchy=\"1\"/>", "not read",
     "SecurityClassification"},
    {"lacv=\"1\" hierarchy=\"1\"", "lacv=\"x\" hierarchy=\"1\"", "number", "x"},
    {"lacv=\"1\" hierarchy=\"1\"", "lacv=\"99999999999999999999\" hierarchy=\"1\"", "number",
     "99999999999999999999"},
    {"lacv=\"1\" hierarchy=\"1\"", "lacv=\"1\" hierarchy=\"1.5\"", "number", "1.5"},
    {"color=\"green\"", "obsolete=\"perhaps\"", "true or false", "perhaps"},
    {CODE, "name=\"Code\"", "missing", "tagType"},
    {CODE, "name=\"Code\" tagType=\"restrictive\" minSelection=\"2\" maxSelection=\"1\"",
     "requires more values", "Code"},
    {CODE, "name=\"Code\" tagType=\"restrictive\" maxSelection=\"many\"", "number", "many"},
    {CODE, "name=\"Code\" tagType=\"Restrictive\"", "tagType is", "Restrictive"},
    {"enumType=\"permissive\" lacv=\"8\"/></tagCategory>",
     "enumType=\"permissive\" lacv=\"9\"/></tagCategory>", "lacv that is not defined", "Rel"},
    {"tagSetRef=\"Rel\" tagType=\"enumerated\" enumType=\"permissive\" lacv=\"8\"",
     "tagSetRef=\"Code\" tagType=\"restrictive\" lacv=\"0\"", "excludes itself", "X"},
    {"<excludedCategory tagSetRef",
     "<requiredCategory operation=\"onlyOne\"><categoryGroup tagSetRef=\"Rel\" "
     "tagType=\"enumerated\" enumType=\"permissive\" lacv=\"8\"/></requiredCategory>"
     "<excludedCategory tagSetRef",
     "excludes what it requires", "X"},
    {"enumType=\"permissive\" all=\"true\"", "enumType=\"permissive\" lacv=\"8\"", "only obsolete",
     "HIGH"},
    {"<tagCategory name=\"A\" lacv=\"004\">",
     "<tagCategory name=\"A\" lacv=\"4\" obsolete=\"true\">", "only obsolete", "HIGH"},
    {"<requiredCategory operation=\"oneOrMore\"><categoryGroup tagSetRef=\"Rel\" "
     "tagType=\"enumerated\" enumType=\"permissive\" all=\"true\"/></requiredCategory>",
     "<requiredCategory operation=\"oneOrMore\"/>", "missing", "categoryGroup"},
    {"policyRef=\"B\" tagSetId=\"1.9\"", "policyRef=\"C\" tagSetId=\"1.9\"",
     "not in equivalentPolicies", "C"},
    {"lacv=\"\" applied=\"encrypt\"", "lacv=\"\" applied=\"out\"", "encrypt, decrypt or both",
     "out"},
    {"<equivalentPolicy name=\"B\" id=\"1.9.9\"/>",
     "<equivalentPolicy name=\"B\" id=\"1.9.9\"/><equivalentPolicy name=\"D\" id=\"1.9.9\"/>",
     "two equivalent policies have one id", "D"},
    {"phrase=\"EXAMPLE\"", "fraise=\"EXAMPLE\"", "attribute of this element", "fraise"},
    {"markingQualifier=\"REL \" ", "", "missing", "markingQualifier"},
    {"<SPIF", "<!DOCTYPE SPIF SYSTEM \"http://127.0.0.1:1/x.dtd\"><SPIF", "DOCTYPE", ""},
};

static bool is_told(const struct scheme_problems *problems, const char *says, const char *value)
{
    for (unsigned i = 0; i < problems->count; i++) {
        if (strstr(problems->problem[i].why, says) != NULL &&
            (value == NULL || strcmp(problems->problem[i].value, value) == 0)) {
            return true;
        }
    }
    return false;
}

static void each_breach_is_told_with_its_value(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct scheme_problems problems;
        struct scheme         *s = NULL;
        span                   bad = change(whole(), refused[i].from, refused[i].to);
        err                    e = spif_scheme(bad, &s, &problems);
        bool                   told = is_told(&problems, refused[i].says, refused[i].value);
        for (unsigned k = 0; k < problems.count; k++) {
            told = told && problems.problem[k].line > 0;
        }
        if (!err_is(e) || !told) {
            print_error("row %zu (%s): %s: %s\n", i, refused[i].to,
                        err_is(e) ? problems.problem[0].why : "is read", problems.problem[0].value);
        }
        assert_true(bad.len > 0);
        assert_true(err_is(e) && told);
        assert_null(s);
    }
    print_message("%zu breaches\n", ARRAY_LEN(refused));
}

static void several_are_told_at_once_each_with_its_line(void **state)
{
    (void)state;
    static const char xml[] =
        "<SPIF><securityPolicyId name='F' id='1.2'/>\n<securityClassifications>"
        "<securityClassification name='a' lacv='1' hierarchy='0'/>\n"
        "<securityClassification name='a' lacv='2' hierarchy='0'/>\n"
        "</securityClassifications>\n<odd/></SPIF>";
    struct scheme_problems problems;
    struct scheme         *s = NULL;
    assert_true(err_is(spif_scheme(span_text(xml), &s, &problems)));
    assert_int_equal(problems.count, 3);
    assert_int_equal(problems.problem[0].line, 5);
    assert_int_equal(problems.problem[1].line, 3);
    assert_int_equal(problems.problem[2].line, 3);
    assert_string_equal(problems.problem[1].value, "a");
}

static void what_is_too_much_is_refused(void **state)
{
    (void)state;
    static uint8_t         big[SPIF_MAX + 1];
    struct writer          w = WRITER_OF(big);
    struct scheme_problems problems;
    struct scheme         *s = NULL;
    memset(big, ' ', sizeof big);
    assert_int_equal(spif_scheme(SPAN_OF(big), &s, &problems).code, ERR_LIMIT);
    put_text(&w, "<SPIF><securityPolicyId name='F' id='1.2'/><securityClassifications>"
                 "<securityClassification name='a' lacv='1' hierarchy='0'/>"
                 "</securityClassifications><securityCategoryTagSets><securityCategoryTagSet "
                 "name='x' id='1.3'><securityCategoryTag tagType='restrictive'>");
    for (unsigned i = 0; i <= CATEGORIES_MAX; i++) {
        put_text(&w, "<tagCategory name='c");
        put_decimal(&w, i);
        put_text(&w, "' lacv='");
        put_decimal(&w, i);
        put_text(&w, "'/>");
    }
    put_text(&w,
             "</securityCategoryTag></securityCategoryTagSet></securityCategoryTagSets></SPIF>");
    assert_true(err_is(spif_scheme(writer_span(&w), &s, &problems)));
    assert_true(is_told(&problems, "more than 1,024 categories", NULL));
    w.len = 0;
    for (unsigned i = 0; i < 10000; i++) {
        put_text(&w, "<SPIF>");
    }
    assert_true(err_is(spif_scheme(writer_span(&w), &s, &problems)));
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
        cmocka_unit_test(all_of_it_is_read),
        cmocka_unit_test(each_breach_is_told_with_its_value),
        cmocka_unit_test(several_are_told_at_once_each_with_its_line),
        cmocka_unit_test(what_is_too_much_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, done);
}
