/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "ism/authority.h"
#include "sample.h"

static void banner_is(const char *in, const char *out, const char *portion)
{
    const struct groups *g = sample_groups();
    uint8_t              buf[2][ISM_LINE_MAX];
    struct writer        w[2] = {WRITER_OF(buf[0]), WRITER_OF(buf[1])};
    struct ism           m;
    struct ism_fault     fault = {0};
    assert_false(err_is(ism_banner_read(g, span_text(in), &m, &fault)));
    assert_false(err_is(ism_banner_write(g, &m, &w[0], &fault)));
    assert_true(span_is(writer_span(&w[0]), out));
    ism_portion_show(g, &m, NULL, &w[1]);
    assert_true(span_is(writer_span(&w[1]), portion));
}

static void each_kind_is_read_and_written(void **state)
{
    (void)state;
    static const struct {
        const char *line, *portion;
    } same[] = {
        {"SECRET//REL TO USA, JPN, KOR", "(S//REL TO USA, JPN, KOR)"},
        {"//KOR SECRET//REL TO USA, JPN, KOR", "(//KOR S//REL TO USA, JPN, KOR)"},
        {"//JOINT SECRET CAN GBR USA//REL TO USA, CAN, GBR",
         "(//JOINT S CAN GBR USA//REL TO USA, CAN, GBR)"},
        {"//COSMIC TOP SECRET//BOHEMIA", "(//CTS//BOHEMIA)"},
        {"//NATO CONFIDENTIAL//RELEASABLE TO AUS", "(//NC//REL TO AUS)"},
        {"//NATO Partnership For Peace SECRET", "(//NPfPS)"},
        {"//FGI TOP SECRET", "(//FGI TS)"},
        {"SECRET//FGI JPN KOR NATO ISAF//NOFORN", "(S//FGI JPN KOR NATO ISAF//NF)"},
        {"SECRET//FGI//NOFORN", "(S//FGI//NF)"},
        {"SECRET//REL TO USA, JPN/DISPLAY ONLY KOR", "(S//REL TO USA, JPN/DISPLAY ONLY KOR)"},
        {"SECRET//REL TO USA, JPN, AUSTRALIA GROUP, FVEY",
         "(S//REL TO USA, JPN, AUSTRALIA GROUP, FVEY)"},
        {"SECRET//ORCON-USGOV/USA/AUS/CAN EYES ONLY", "(S//OC-USGOV/USA/AUS/CAN EYES ONLY)"},
        {"TOP SECRET//SI-G ABCD ACDE/TK//SAR-BP-J12 K15/GB//RD-CNWDI-SIGMA 14 20//"
         "ORCON/NOFORN//EXDIS/ACCM-FICTITIOUS EFFORT/TEA LEAF/SSI",
         "(TS//SI-G ABCD ACDE/TK//SAR-BP-J12 K15/GB//RD-CNWDI-SG 14 20//OC/NF//XD/"
         "ACCM-FICTITIOUS EFFORT/TEA LEAF/SSI)"},
        {"UNCLASSIFIED//DOD UCNI/DOE UCNI//PROPIN//SBU NOFORN", "(U//DCNI/UCNI//PR//SBU-NF)"},
        {"//JOINT SECRET GBR USA//FGI NZL//REL TO USA, GBR",
         "(//JOINT S GBR USA//FGI NZL//REL TO USA, GBR)"},
    };
    for (size_t i = 0; i < ARRAY_LEN(same); i++) {
        banner_is(same[i].line, same[i].line, same[i].portion);
    }
    banner_is("TOP SECRET//SI-GAMMA/TALENT KEYHOLE-BLUEFISH ABCD//RISK SENSITIVE/"
              "ORIGINATOR CONTROLLED/NOFORN",
              "TOP SECRET//SI-G/TK-BLFH ABCD//RSEN/ORCON/NOFORN",
              "(TS//SI-G/TK-BLFH ABCD//RS/OC/NF)");
    banner_is("SECRET//RESERVE-123//FOREIGN GOVERNMENT INFORMATION JPN//AUTHORIZED FOR RELEASE TO "
              "USA, JPN",
              "SECRET//RSV-123//FGI JPN//REL TO USA, JPN",
              "(S//RSV-123//FGI JPN//REL TO USA, JPN)");
    banner_is("SECRET//RESTRICTED DATA-CRITICAL NUCLEAR WEAPON DESIGN INFORMATION//NOFORN",
              "SECRET//RD-CNWDI//NOFORN", "(S//RD-CNWDI//NF)");
    banner_is("SECRET//RESTRICTED DATA-N//NOT RELEASABLE TO FOREIGN NATIONALS",
              "SECRET//RD-CNWDI//NOFORN", "(S//RD-CNWDI//NF)");
}

/* rule and offset of the refusal */
static void a_wrong_line_is_refused_by_name_and_place(void **state)
{
    (void)state;
    static const struct {
        const char *line, *rule, *value;
        size_t      at;
    } wrong[] = {
        {"", "EMPTY", "", 0},
        {"S", "LEVEL", "S", 0},
        {"secret", "LEVEL", "secret", 0},
        {"SECRET ", "LEVEL", "SECRET ", 0},
        {"SECRET//", "EMPTY", "", 8},
        {"SECRET////NOFORN", "EMPTY", "", 8},
        {"SECRET//NOFORN/", "EMPTY", "", 15},
        {"SECRET/NOFORN", "LEVEL", "SECRET/NOFORN", 0},
        {"SECRET//NOFORM", "UNKNOWN", "NOFORM", 8},
        {"SECRET//NOFORN/NOFORN", "ORDER", "NOFORN", 15},
        {"SECRET//NOFORN//NOFORN", "ORDER", "NOFORN", 16},
        {"SECRET//NOFORN//FGI JPN", "ORDER", "FGI JPN", 16},
        {"SECRET//REL TO USA,JPN", "LIST-FORM", "JPN", 19},
        {"SECRET//REL TO USA, JPN,", "LIST-FORM", "", 24},
        {"SECRET//REL TO USA, KOR, JPN", "LIST-ORDER", "JPN", 25},
        {"SECRET//REL TO USA, JPN, JPN", "LIST-ORDER", "JPN", 25},
        {"SECRET//REL TO USA, FVEY, JPN", "LIST-ORDER", "JPN", 26},
        {"SECRET//REL TO JPN, USA", "LIST-ORDER", "USA", 20},
        {"SECRET//REL TO USA, ZZZ", "CODE", "ZZZ", 20},
        {"SECRET//REL TO USA", "REL-USA-ALONE", "USA", 15},
        {"SECRET//REL TO JPN, KOR", "REL-USA", "REL", 8},
        {"SECRET//REL", "UNKNOWN", "REL", 8},
        {"SECRET//REL TO USA, JPN/NOFORN", "ORDER", "NOFORN", 24},
        {"SECRET//NOFORN/REL TO USA, JPN", "NOFORN-REL", "NOFORN", 8},
        {"SECRET//DISPLAY ONLY USA, JPN", "DISPLAY-USA", "USA", 21},
        {"//KOR TOP SECRET//FGI JPN", "FGI-US", "FGI JPN", 18},
        {"//NATO TOP SECRET", "NATO-LEVEL", "NATO TOP SECRET", 2},
        {"//JOINT SECRET CAN GBR", "JOINT-USA", "JOINT", 2},
        {"//JOINT SECRET CAN GBR USA//REL TO USA, CAN", "JOINT-RELEASE", "REL", 28},
        {"SECRET//USA/JPN EYES ONLY", "EYES-FVEY", "EYES", 16},
        {"SECRET//FGI NATO DEU//NOFORN", "CODE", "DEU", 17},
        {"SECRET//SI-//NOFORN", "WORDS", "", 11},
        {"SECRET//NOFORN//ACCM-FOO/PROPIN", "ORDER", "PROPIN", 25},
        {"SECRET//ACCM-FOO/NOFORN", "ORDER", "NOFORN", 17},
        {"SECRET//SAR-BP/NOFORN", "ORDER", "NOFORN", 15},
        {"SECRET//SAR-BP/REL TO USA, JPN", "ORDER", "REL TO USA, JPN", 15},
        {"SECRET//SAR-BP/SAR-GB//NOFORN", "SAP-ORDER", "GB", 19},
        {"//NATO SECRET//RD/ATOMAL", "UNKNOWN", "ATOMAL", 18},
        {"//COSMIC TOP SECRET//SI/BOHEMIA", "UNKNOWN", "BOHEMIA", 24},
        {"SECRET//SAR-BP/NF", "ORDER", "NF", 15},
        {"//NATO  SECRET", "NATO-LEVEL", "NATO  SECRET", 2},
        {"//NATO NATO SECRET", "CODE", "NATO", 7},
        {"SECRET//SI FOO//NOFORN", "UNKNOWN", "SI FOO", 8},
        {"SECRET//ORCON/ORCON-USGOV/NOFORN", "ORCON-BOTH", "ORCON-USGOV", 14},
        {"SECRET//TK/SI//NOFORN", "SCI-ORDER", "SI", 11},
        {"SECRET//FRD/RD", "ORDER", "RD", 12},
        {"SECRET//RD-SIGMA 100//NOFORN", "SIGMA", "100", 17},
        {"SECRET//RD-SIGMA 014//NOFORN", "SIGMA", "014", 17},
        {"SECRET//NOFORN\n", "UNKNOWN", "NOFORN?", 8},
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct ism       m, before;
        struct ism_fault fault = {0};
        ism_empty(sample_groups(), &m);
        before = m;
        assert_true(err_is(ism_banner_read(sample_groups(), span_text(wrong[i].line), &m, &fault)));
        if (strcmp(fault.rule, wrong[i].rule) != 0 || strcmp(fault.value, wrong[i].value) != 0 ||
            fault.at != wrong[i].at) {
            print_message("%s: %s \"%s\" at %zu\n", wrong[i].line, fault.rule, fault.value,
                          fault.at);
        }
        assert_string_equal(fault.rule, wrong[i].rule);
        assert_string_equal(fault.value, wrong[i].value);
        assert_int_equal(fault.at, wrong[i].at);
        assert_true(ism_equal(&m, &before));
    }
}

static void a_bare_rel_is_read_on_its_page_only(void **state)
{
    (void)state;
    const struct groups *g = sample_groups();
    struct ism           page, silent, m;
    struct ism_fault     fault = {0};
    uint8_t              buf[ISM_LINE_MAX];
    struct writer        w = WRITER_OF(buf), out = WRITER_OF(buf);
    assert_false(
        err_is(ism_banner_read(g, SPAN_LIT("SECRET//REL TO USA, JPN, KOR"), &page, &fault)));
    assert_false(err_is(ism_banner_read(g, SPAN_LIT("SECRET//NOFORN"), &silent, &fault)));
    assert_true(err_is(ism_portion_read(g, SPAN_LIT("(S//REL)"), NULL, &m, &fault)));
    assert_string_equal(fault.rule, "BARE-REL");
    assert_int_equal(fault.at, 4);
    assert_true(err_is(ism_portion_read(g, SPAN_LIT("(S//REL)"), &silent, &m, &fault)));
    assert_false(err_is(ism_portion_read(g, SPAN_LIT("(S//REL)"), &page, &m, &fault)));
    assert_true(places_equal(&m.release, &page.release));
    ism_portion_show(g, &m, &page, &w);
    assert_true(span_is(writer_span(&w), "(S//REL)"));
    assert_false(err_is(ism_portion_write(g, &m, &out, &fault)));
    assert_true(span_is(writer_span(&out), "(S//REL TO USA, JPN, KOR)"));
}

static void what_a_line_cannot_say_is_named(void **state)
{
    (void)state;
    const struct groups *g = sample_groups();
    struct ism           m;
    struct ism_fault     fault = {0};
    uint8_t              buf[ISM_LINE_MAX];
    struct writer        w = WRITER_OF(buf);
    ism_empty(g, &m);
    m.level = ISM_S;
    m.dissem = ISM_BIT(ISM_NF);
    codes_add(&m.fgi_within.codes, code_find(g, SPAN_LIT("JPN")));
    assert_true(err_is(ism_banner_write(g, &m, &w, &fault)));
    assert_string_equal(fault.rule, "LINE-LOSS");
    assert_string_equal(fault.name, "FGIsourceProtected");
    m.fgi_within = (struct places){0};
    m.dissem |= ISM_BIT(ISM_AC);
    assert_true(err_is(ism_banner_write(g, &m, &w, &fault)));
    assert_int_equal(w.len, 0);
    struct ism nato;
    assert_false(err_is(ism_banner_read(g, SPAN_LIT("//NATO ISAF SECRET"), &nato, &fault)));
    assert_true(err_is(ism_portion_write(g, &nato, &w, &fault)));
    assert_string_equal(fault.rule, "LINE-LOSS");
}

static void parentheses_are_a_pair(void **state)
{
    (void)state;
    static const char *const wrong[] = {"(S//NF", "S//NF)", "((S//NF))", "()", " (S)", "(S) "};
    struct ism               m;
    struct ism_fault         fault = {0};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        assert_true(
            err_is(ism_portion_read(sample_groups(), span_text(wrong[i]), NULL, &m, &fault)));
    }
    assert_false(err_is(ism_portion_read(sample_groups(), SPAN_LIT("S//NF"), NULL, &m, &fault)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_is_read_and_written),
        cmocka_unit_test(a_wrong_line_is_refused_by_name_and_place),
        cmocka_unit_test(a_bare_rel_is_read_on_its_page_only),
        cmocka_unit_test(what_a_line_cannot_say_is_named),
        cmocka_unit_test(parentheses_are_a_pair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
