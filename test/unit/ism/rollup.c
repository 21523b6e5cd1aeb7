/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/rollup.h"
#include "cmocka_all.h"
#include "ism/authority.h"
#include "sample.h"

/* Portions stand apart by ';' */
static size_t portions_of(const char *marks, struct ism *each)
{
    size_t count = 0;
    for (span rest = span_text(marks); rest.len > 0; count++) {
        struct ism_fault fault = {0};
        assert_false(err_is(
            ism_portion_read(sample_groups(), span_cut(&rest, ';'), NULL, &each[count], &fault)));
    }
    return count;
}

static void whole_is(enum ism_rule_set rules, const char *marks, const char *line)
{
    struct ism    each[4], whole;
    uint8_t       buf[ISM_LINE_MAX];
    struct writer w = WRITER_OF(buf);
    size_t        count = portions_of(marks, each);
    assert_false(err_is(ism_rollup(sample_groups(), rules, each, count, &whole)));
    ism_banner_show(sample_groups(), &whole, &w);
    if (!span_is(writer_span(&w), line)) {
        print_message("%s: " SPAN_FMT "\n", marks, SPAN_ARG(writer_span(&w)));
    }
    assert_true(span_is(writer_span(&w), line));
}

static void each_rule_of_the_register(void **state)
{
    (void)state;
    static const struct {
        const char *marks, *line;
    } cases[] = {
        {"(S//REL TO USA, AUS, CAN);(S//REL TO USA, AUS)", "SECRET//REL TO USA, AUS"},
        {"(S//REL TO USA, AUS, CAN);(S//REL TO USA, GBR)", "SECRET//NOFORN"},
        {"(S//REL TO USA, AUS, CAN);(S//REL TO USA, FVEY)", "SECRET//REL TO USA, AUS, CAN"},
        {"(S//REL TO USA, FVEY);(S//REL TO USA, FVEY)", "SECRET//REL TO USA, FVEY"},
        {"(S//REL TO USA, NKIC);(S//REL TO USA, KOR)", "SECRET//NOFORN"},
        {"(S//REL TO USA, NKIC);(C//REL TO USA, NKIC)", "SECRET//REL TO USA, NKIC"},
        {"(S//REL TO USA, JPN);(U)", "SECRET//REL TO USA, JPN"},
        {"(S//REL TO USA, JPN);(U//FOUO)", "SECRET//NOFORN"},
        {"(S//REL TO USA, JPN);(S)", "SECRET//NOFORN"},
        {"(S);(S)", "SECRET"},
        {"(S//RELIDO);(S)", "SECRET//NOFORN"},
        {"(S//REL TO USA, JPN, KOR);(S//DISPLAY ONLY JPN)", "SECRET//DISPLAY ONLY JPN"},
        {"(S//REL TO USA, JPN);(S//DISPLAY ONLY KOR)", "SECRET//NOFORN"},
        {"(U//SBU-NF);(S)", "SECRET//NOFORN//SBU"},
        {"(U//LES-NF);(U//REL TO USA, JPN)", "UNCLASSIFIED//NOFORN//LES"},
        {"(U//SBU-NF);(U)", "UNCLASSIFIED//SBU NOFORN"},
        {"(S//FGI KOR//NF);(S//FGI//NF)", "SECRET//FGI//NOFORN"},
        {"(//KOR S);(U)", "SECRET//FGI KOR//NOFORN"},
        {"(//KOR R//REL TO USA, JPN, KOR);(U)", "CONFIDENTIAL//FGI KOR//REL TO USA, JPN, KOR"},
        {"(S//OC-USGOV/NF);(S//OC/NF)", "SECRET//ORCON/NOFORN"},
        {"(S//OC-USGOV/NF);(S//NF)", "SECRET//ORCON-USGOV/NOFORN"},
        {"(U//DCNI);(S//NF)", "SECRET//NOFORN"},
        {"(U//FOUO);(U//DSEN)", "UNCLASSIFIED//DEA SENSITIVE"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        whole_is(ISM_REGISTER, cases[i].marks, cases[i].line);
    }
}

static void the_closed_rules_make_no_exception(void **state)
{
    (void)state;
    whole_is(ISM_CLOSED, "(S//REL TO USA, JPN);(U)", "SECRET//NOFORN");
    whole_is(ISM_CLOSED, "(S);(S)", "SECRET//NOFORN");
    whole_is(ISM_CLOSED, "(S//REL TO USA, JPN, KOR);(C//REL TO USA, KOR)",
             "SECRET//REL TO USA, KOR");
    whole_is(ISM_CLOSED, "(//KOR S//REL TO USA, JPN, KOR);(//KOR C//REL TO JPN, KOR)",
             "//KOR SECRET//REL TO JPN, KOR");
    whole_is(ISM_CLOSED, "(//KOR S//REL TO JPN, KOR);(//KOR C)", "//KOR SECRET");
    whole_is(ISM_CLOSED, "(//KOR S//REL TO USA, KOR);(//JPN S//REL TO USA, KOR)",
             "SECRET//FGI JPN KOR//REL TO USA, KOR");
}

static void what_a_person_decides(void **state)
{
    (void)state;
    struct ism each[4], whole;
    size_t     count = portions_of("(//KOR S);(S//NF)", each);
    assert_int_equal(ism_rollup(sample_groups(), ISM_CLOSED, each, count, &whole).code, ERR_DENIED);
    count = portions_of("(//KOR S);(//KOR S//NF)", each);
    assert_int_equal(ism_rollup(sample_groups(), ISM_CLOSED, each, count, &whole).code, ERR_DENIED);
    count = portions_of("(S//NF)", each);
    each[0].flags |= ISM_BIT(ISM_EXCLUDED);
    assert_int_equal(ism_rollup(sample_groups(), ISM_REGISTER, each, count, &whole).code,
                     ERR_MALFORMED);
    assert_int_equal(ism_rollup(sample_groups(), ISM_CLOSED, each, 0, &whole).code, ERR_MALFORMED);
}

static void a_day_is_the_latest_or_none(void **state)
{
    (void)state;
    struct ism each[4], whole;
    size_t     count = portions_of("(S//NF);(S//NF)", each);
    assert_false(err_is(ism_text_set(&each[0], ISM_DECLASS_DATE, SPAN_LIT("2040-01-01"))));
    assert_false(err_is(ism_rollup(sample_groups(), ISM_CLOSED, each, count, &whole)));
    assert_int_equal(ism_text_of(&whole, ISM_DECLASS_DATE).len, 0);
    assert_false(err_is(ism_rollup(sample_groups(), ISM_REGISTER, each, count, &whole)));
    assert_true(span_is(ism_text_of(&whole, ISM_DECLASS_DATE), "2040-01-01"));
    assert_false(err_is(ism_text_set(&each[1], ISM_DECLASS_DATE, SPAN_LIT("2047-11-22"))));
    assert_false(err_is(ism_rollup(sample_groups(), ISM_CLOSED, each, count, &whole)));
    assert_true(span_is(ism_text_of(&whole, ISM_DECLASS_DATE), "2047-11-22"));
}

/* A list says who was in the group when it was written */
static void groups_are_those_of_each_marking(void **state)
{
    (void)state;
    static struct groups g;
    unsigned             line = 0;
    struct ism           each[2], whole;
    struct ism_fault     fault = {0};
    assert_false(err_is(groups_read(
        SPAN_LIT("accord groups 1\nversion 202404\ncode DEU\ncode SWE\ncode USA\ngroup NATO\n"
                 "since 202211 DEU,USA\nsince 202404 DEU,SWE,USA\n"),
        &g, &line)));
    for (size_t i = 0; i < 2; i++) {
        assert_false(
            err_is(ism_banner_read(&g, SPAN_LIT("SECRET//REL TO USA, NATO"), &each[i], &fault)));
    }
    assert_false(err_is(ism_rollup(&g, ISM_CLOSED, each, 2, &whole)));
    assert_true(codes_have(&whole.release.codes, code_find(&g, SPAN_LIT("NATO"))));
    each[1].groups = 202211;
    assert_false(err_is(ism_rollup(&g, ISM_CLOSED, each, 2, &whole)));
    assert_false(codes_have(&whole.release.codes, code_find(&g, SPAN_LIT("NATO"))));
    assert_true(codes_have(&whole.release.codes, code_find(&g, SPAN_LIT("DEU"))));
    assert_false(codes_have(&whole.release.codes, code_find(&g, SPAN_LIT("SWE"))));
    uint8_t       buf[ISM_LINE_MAX];
    struct writer w = WRITER_OF(buf);
    assert_true(err_is(ism_banner_write(&g, &each[1], &w, &fault)));
    assert_string_equal(fault.name, "ISMCATCESVersion");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_of_the_register),
        cmocka_unit_test(the_closed_rules_make_no_exception),
        cmocka_unit_test(what_a_person_decides),
        cmocka_unit_test(a_day_is_the_latest_or_none),
        cmocka_unit_test(groups_are_those_of_each_marking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
