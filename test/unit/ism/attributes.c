/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/attributes.h"
#include "cmocka_all.h"
#include "sample.h"

/* "name=value|name=value" */
static err read_all(const char *text, struct ism *out, struct ism_fault *fault)
{
    struct ism_attribute given[ISM_ATTRIBUTES_MAX];
    size_t               count = 0;
    for (span rest = span_text(text); rest.len > 0; count++) {
        span value = span_cut(&rest, '|');
        given[count].name = span_cut(&value, '=');
        given[count].value = value;
    }
    return ism_attributes_read(sample_groups(), given, count, out, fault);
}

static void a_wrong_attribute_is_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *text, *rule, *name, *value;
    } wrong[] = {
        {"classification=S", "REQUIRED", "classification", ""},
        {"ownerProducer=USA", "REQUIRED", "classification", ""},
        {"", "REQUIRED", "classification", ""},
        {"classification=S|ownerProducer=USA|colour=red", "ATTRIBUTE", "", "colour"},
        {"classification=S|ownerProducer=USA|classification=S", "REPEATED", "classification", "S"},
        {"classification=SECRET|ownerProducer=USA", "TOKEN", "classification", "SECRET"},
        {"classification=S|ownerProducer=ZZZ", "TOKEN", "ownerProducer", "ZZZ"},
        {"classification=S|ownerProducer= ", "VOID", "ownerProducer", " "},
        {"classification=S|ownerProducer=FGI KOR", "VALUE", "ownerProducer", "FGI KOR"},
        {"classification=S|ownerProducer=USA|releasableTo=USA JPN USA", "TWICE", "releasableTo",
         "USA"},
        {"classification=S|ownerProducer=USA|releasableTo=USA AX1", "TOKEN", "releasableTo", "AX1"},
        {"classification=S|ownerProducer=USA|SCIcontrols=SI--G", "TOKEN", "SCIcontrols", "SI--G"},
        {"classification=S|ownerProducer=USA|SCIcontrols=XX", "TOKEN", "SCIcontrols", "XX"},
        {"classification=S|ownerProducer=USA|atomicEnergyMarkings=RD-BOBOB", "TOKEN",
         "atomicEnergyMarkings", "RD-BOBOB"},
        {"classification=S|ownerProducer=USA|atomicEnergyMarkings=RD-SG-16", "TOKEN",
         "atomicEnergyMarkings", "RD-SG-16"},
        {"classification=S|ownerProducer=USA|declassDate=2035-02-30", "VALUE", "declassDate",
         "2035-02-30"},
        {"classification=S|ownerProducer=USA|joint=yes", "VALUE", "joint", "yes"},
        {"classification=S|ownerProducer=USA|ISMCATCESVersion=209901", "VERSION",
         "ISMCATCESVersion", "209901"},
        {"classification=S|ownerProducer=USA|cuiBasic=PRVCY", "NOT-CARRIED", "cuiBasic", "PRVCY"},
        {"classification=S|ownerProducer=USA|declassException=NEVER", "TOKEN", "declassException",
         "NEVER"},
        {"classification=S|ownerProducer=USA|classifiedBy=a\nb", "VALUE", "classifiedBy", "a?b"},
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct ism       m;
        struct ism_fault fault = {0};
        assert_true(err_is(read_all(wrong[i].text, &m, &fault)));
        if (strcmp(fault.rule, wrong[i].rule) != 0) {
            print_message("%s: %s\n", wrong[i].text, fault.rule);
        }
        assert_string_equal(fault.rule, wrong[i].rule);
        assert_string_equal(fault.name, wrong[i].name);
        assert_string_equal(fault.value, wrong[i].value);
    }
}

/* Rules that one element can be held to, by their ids */
static void what_does_not_fit_together_names_the_rule(void **state)
{
    (void)state;
    static const struct {
        const char *text, *rule, *from;
    } wrong[] = {
        {"disseminationControls=REL", "REL-LIST", "ISM-ID-00031"},
        {"releasableTo=USA JPN", "REL-SAID", "ISM-ID-00032"},
        {"disseminationControls=REL|releasableTo=JPN KOR", "REL-USA", "ISM-ID-00214"},
        {"disseminationControls=REL NF|releasableTo=USA JPN", "NOFORN-REL", "ISM-ID-00033"},
        {"disseminationControls=NF RELIDO", "NOFORN-RELIDO", "ISM-ID-00169"},
        {"disseminationControls=RELIDO DISPLAYONLY|displayOnlyTo=JPN", "DISPLAY-KEPT",
         "ISM-ID-00169"},
        {"disseminationControls=FOUO", "FOUO-LEVEL", "ISM-ID-00030"},
        {"disseminationControls=RELIDO|FGIsourceOpen=JPN", "RELIDO-FOREIGN", "ISM-ID-00124"},
        {"FGIsourceProtected=FGI JPN", "FGI-WITHIN", "ISM-ID-00217"},
        {"disseminationControls=REL|releasableTo=USA ISAF|createDate=2016-03-17", "GROUP-ENDED",
         "ISM.ACES 5.6.8"},
        {"compliesWith=USGov USIC", "ICD710", "ISM-ID-00119"},
        {"disseminationControls=OC-USGOV", "ORCON-USGOV", "CAPCO H.8"},
        {"SCIcontrols=SI-G-ABCD", "SCI-CHAIN", "CAPCO H.4"},
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct ism       m;
        struct ism_fault fault = {0};
        char             text[256];
        (void)snprintf(text, sizeof text, "classification=S|ownerProducer=USA|%s", wrong[i].text);
        assert_false(err_is(read_all(text, &m, &fault)));
        assert_true(err_is(ism_attributes_rules(sample_groups(), &m, &fault)));
        if (strcmp(fault.rule, wrong[i].rule) != 0) {
            print_message("%s: %s\n", text, fault.rule);
        }
        assert_string_equal(fault.rule, wrong[i].rule);
        assert_string_equal(fault.from, wrong[i].from);
    }
}

static void blanks_and_order_do_not_matter(void **state)
{
    (void)state;
    struct ism       a, b;
    struct ism_fault fault = {0};
    assert_false(err_is(read_all("classification=S|ownerProducer=USA|disseminationControls=REL OC|"
                                 "releasableTo=USA JPN KOR",
                                 &a, &fault)));
    assert_false(err_is(read_all("releasableTo= KOR\n USA \tJPN|ownerProducer=USA|"
                                 "disseminationControls=OC  REL|classification= S ",
                                 &b, &fault)));
    assert_true(ism_equal(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_attribute_is_refused_by_name),
        cmocka_unit_test(what_does_not_fit_together_names_the_rule),
        cmocka_unit_test(blanks_and_order_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
