/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "ism/attributes.h"
#include "ism/rules.h"
#include "sample.h"

static void refused(const char *line, const char *rule)
{
    struct ism       m;
    struct ism_fault fault = {0};
    err e = line[0] == '(' ? ism_portion_read(sample_groups(), span_text(line), NULL, &m, &fault)
                           : ism_banner_read(sample_groups(), span_text(line), &m, &fault);
    if (!err_is(e) || strcmp(fault.rule, rule) != 0) {
        print_message("%s: %s\n", line, err_is(e) ? fault.rule : "read");
    }
    assert_true(err_is(e));
    assert_string_equal(fault.rule, rule);
    assert_non_null(strstr(fault.from, "CAPCO"));
}

static void read_well(const char *line)
{
    struct ism       m;
    struct ism_fault fault = {0};
    err e = line[0] == '(' ? ism_portion_read(sample_groups(), span_text(line), NULL, &m, &fault)
                           : ism_banner_read(sample_groups(), span_text(line), &m, &fault);
    if (err_is(e)) {
        print_message("%s: %s, %s\n", line, fault.rule, fault.why);
    }
    assert_false(err_is(e));
    assert_false(err_is(ism_attributes_rules(sample_groups(), &m, &fault)) &&
                 strcmp(fault.rule, "SCI-CHAIN") != 0);
}

/* Each value as the register wants it, and without what it wants */
static void what_a_control_system_asks_for(void **state)
{
    (void)state;
    static const char *const well[] = {
        "SECRET//HCS-O//ORCON/NOFORN",
        "(S//HCS-O//OC/NF)",
        "SECRET//HCS-P//NOFORN",
        "SECRET//HCS-P//ORCON-USGOV/NOFORN",
        "TOP SECRET//HCS-P JJJ XYZ//ORCON/NOFORN",
        "TOP SECRET//HCS-O-P//ORCON/NOFORN",
        "SECRET//HCS//NOFORN",
        "SECRET//RSV-ABC//NOFORN",
        "TOP SECRET//RSV-123-ABC//NOFORN",
        "CONFIDENTIAL//SI//NOFORN",
        "TOP SECRET//SI-ABC-EFG-G PXYZ//ORCON/NOFORN",
        "TOP SECRET//SI-EU//REL TO USA, CAN, GBR",
        "TOP SECRET//SI-NK//NOFORN",
        "TOP SECRET//SI-G//ORCON",
        "(TS//SI-G ABCD//OC/NF)",
        "SECRET//TK//RELIDO",
        "TOP SECRET//TK-BLFH ABCD-IDIT//NOFORN",
        "SECRET//TK-IDIT-KAND ABCD//NOFORN",
        "TOP SECRET//TK//RSEN/REL TO USA, ACGU",
    };
    static const char *const wrong[][2] = {
        {"CONFIDENTIAL//HCS-O//ORCON/NOFORN", "HCS-O"},
        {"SECRET//HCS-O//NOFORN", "HCS-O"},
        {"SECRET//HCS-O//ORCON-USGOV/NOFORN", "HCS-O"},
        {"(S//HCS-O//OC/REL TO USA, GBR)", "SCI-NOFORN"},
        {"CONFIDENTIAL//HCS-P//NOFORN", "HCS-P"},
        {"SECRET//HCS-P JJJ//ORCON/NOFORN", "HCS-P-SUB"},
        {"TOP SECRET//HCS-P JJJ//NOFORN", "HCS-P-SUB"},
        {"TOP SECRET//HCS-P JJJ//ORCON-USGOV/NOFORN", "HCS-P-SUB"},
        {"TOP SECRET//HCS-P ABCDEFG//ORCON/NOFORN", "HCS-P-SUB"},
        {"SECRET//RSV//NOFORN", "RSV-COMPARTMENT"},
        {"SECRET//RSV-AB//NOFORN", "RSV-NAME"},
        {"CONFIDENTIAL//RSV-ABC//NOFORN", "RSV-LEVEL"},
        {"SECRET//SI-ABC//NOFORN", "SI-COMPARTMENT"},
        {"TOP SECRET//SI-A1C//NOFORN", "SI-COMPARTMENT"},
        {"TOP SECRET//SI-ABCD//NOFORN", "SI-COMPARTMENT"},
        {"TOP SECRET//SI-G//NOFORN", "SI-G"},
        {"TOP SECRET//SI-G//ORCON-USGOV/NOFORN", "SI-G"},
        {"(S//SI-G//OC/NF)", "SI-G"},
        {"TOP SECRET//SI-G ABC//ORCON/NOFORN", "SI-G-SUB"},
        {"CONFIDENTIAL//TK//NOFORN", "TK-LEVEL"},
        {"SECRET//TK-BLFH//NOFORN", "TK-BLFH"},
        {"TOP SECRET//TK-BLFH//REL TO USA, GBR", "TK-BLFH"},
        {"SECRET//TK-IDIT//RELIDO", "TK-IDIT"},
        {"SECRET//TK-KAND//RELIDO", "TK-KAND"},
        {"SECRET//TK-KAND ABCDEFG//NOFORN", "TK-SUB"},
        {"UNCLASSIFIED//SI//NOFORN", "SCI-LEVEL"},
        {"(TS//TK-BLUEFISH//NF)", "UNKNOWN"},
        {"(S//ACCM-FOO/ORCON)", "ORDER"},
    };
    for (size_t i = 0; i < ARRAY_LEN(well); i++) {
        read_well(well[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        refused(wrong[i][0], wrong[i][1]);
    }
}

static void what_stands_for_another(void **state)
{
    (void)state;
    static const char *const well[] = {
        "SECRET//RD-CNWDI//REL TO USA, GBR",
        "SECRET//FRD-SIGMA 14 18//REL TO USA, ACGU",
        "SECRET//TFNI//REL TO USA, ACGU",
        "(U//FOUO/NF)",
        "UNCLASSIFIED//SBU/SSI",
        "UNCLASSIFIED//NOFORN//SBU",
        "UNCLASSIFIED//SBU NOFORN",
        "UNCLASSIFIED//LES NOFORN",
        "SECRET//NOFORN//LES",
        "SECRET//REL TO USA, FVEY//LES",
        "UNCLASSIFIED//LIMDIS",
        "SECRET//NOFORN//SBU",
        "(S//NF//XD)",
        "UNCLASSIFIED//NOFORN//NODIS",
        "SECRET//NOFORN/DEA SENSITIVE",
        "SECRET//REL TO USA, ACGU//SSI",
    };
    static const char *const wrong[][2] = {
        {"CONFIDENTIAL//RD-CNWDI//NOFORN", "CNWDI-LEVEL"},
        {"CONFIDENTIAL//FRD-SIGMA 14//NOFORN", "SIGMA-LEVEL"},
        {"SECRET//RD/FRD//NOFORN", "RD-BESIDE"},
        {"SECRET//RD-SIGMA 14/FRD-SIGMA 20//NOFORN", "RD-BESIDE"},
        {"(S//RD/TFNI//NF)", "RD-BESIDE"},
        {"SECRET//FRD/TFNI//NOFORN", "FRD-BESIDE"},
        {"CONFIDENTIAL//RSEN/NOFORN", "RSEN-LEVEL"},
        {"(U//FOUO/DSEN)", "FOUO-SUPERSEDED"},
        {"UNCLASSIFIED//FOUO//LES", "FOUO-SUPERSEDED"},
        {"UNCLASSIFIED//FOUO//SSI", "FOUO-SUPERSEDED"},
        {"UNCLASSIFIED//FOUO//LIMDIS", "FOUO-SUPERSEDED"},
        {"UNCLASSIFIED//SBU/SBU NOFORN", "SBU-TWICE"},
        {"UNCLASSIFIED//NOFORN//SBU NOFORN", "HOME-TWICE"},
        {"(U//NF//LES-NF)", "HOME-TWICE"},
        {"UNCLASSIFIED//REL TO USA, JPN//SBU NOFORN", "HOME-RELEASED"},
        {"UNCLASSIFIED//RELIDO//LES NOFORN", "HOME-RELEASED"},
        {"UNCLASSIFIED//NOFORN//EXDIS/SBU", "SBU-SUPERSEDED"},
        {"SECRET//EXDIS", "EXDIS-NOFORN"},
        {"(S//RELIDO//ND)", "NODIS-NOFORN"},
        {"SECRET//NOFORN//LIMDIS", "LIMDIS-LEVEL"},
        {"SECRET//SBU NOFORN", "SBU-NF-LEVEL"},
        {"(C//NF//SBU)", "SBU-LEVEL"},
        {"//JOINT SECRET GBR USA//FGI GBR//REL TO USA, GBR", "FGI-OWNER"},
    };
    for (size_t i = 0; i < ARRAY_LEN(well); i++) {
        read_well(well[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        refused(wrong[i][0], wrong[i][1]);
    }
}

/* A portion that leaves its list to the page's banner, and one that has no such page */
static void a_bare_portion_is_read_on_its_page_only(void **state)
{
    (void)state;
    static const char *const pages[][3] = {
        {"//JOINT SECRET CAN GBR USA//REL TO USA, CAN, GBR", "(//JOINT S//REL)",
         "(//JOINT S CAN GBR USA//REL TO USA, CAN, GBR)"},
        {"TOP SECRET//USA/CAN/GBR EYES ONLY", "(TS//EYES)", "(TS//USA/CAN/GBR EYES ONLY)"},
    };
    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        struct ism       page, m, full;
        struct ism_fault fault = {0};
        span             portion = span_text(pages[i][1]);
        assert_false(
            err_is(ism_banner_read(sample_groups(), span_text(pages[i][0]), &page, &fault)));
        assert_false(err_is(ism_portion_read(sample_groups(), portion, &page, &m, &fault)));
        assert_false(
            err_is(ism_portion_read(sample_groups(), span_text(pages[i][2]), NULL, &full, &fault)));
        assert_true(ism_equal(&m, &full));
        assert_true(err_is(ism_portion_read(sample_groups(), portion, NULL, &m, &fault)));
        assert_string_equal(fault.rule, "BARE-REL");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_control_system_asks_for),
        cmocka_unit_test(what_stands_for_another),
        cmocka_unit_test(a_bare_portion_is_read_on_its_page_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
