/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/convert.h"
#include "cmocka_all.h"
#include "unit/ism/policies.h"

static struct policies all;

static err converted(const char *line, struct marking *out, struct ism_fault *fault)
{
    struct banner_context context = {0, 1, 1};
    struct ism            m;
    assert_false(err_is(ism_banner_read(sample_groups(), span_text(line), &m, fault)));
    return ism_to_marking(sample_groups(), &all, &context, &m, out, fault);
}

static void a_line_is_a_marking_of_its_owner(void **state)
{
    (void)state;
    static const struct {
        const char *line, *text;
    } same[] = {
        {"SECRET//REL TO USA, JPN, KOR",
         "USA:SECRET of USA about dprk-missile from radar to JPN,KOR"},
        {"SECRET//ORCON/NOFORN", "USA:SECRET of USA about dprk-missile from radar caveats ORCON"},
        {"//KOR SECRET//REL TO USA, JPN, KOR",
         "KOR:II of KOR about dprk-missile from radar to JPN,USA"},
        {"//JPN CONFIDENTIAL//DISPLAY ONLY KOR",
         "JPN:HI of JPN about dprk-missile from radar show KOR"},
        {"//JPN SECRET", "JPN:GOKUHI of JPN about dprk-missile from radar"},
        {"SECRET//REL TO USA, FVEY",
         "USA:SECRET of USA about dprk-missile from radar to AUS,CAN,GBR,NZL"},
    };
    for (size_t i = 0; i < ARRAY_LEN(same); i++) {
        uint8_t          buf[512];
        struct writer    w = WRITER_OF(buf);
        struct marking   m = {0};
        struct ism_fault fault = {0};
        assert_false(err_is(converted(same[i].line, &m, &fault)));
        marking_format(&all, &m, &w);
        assert_true(span_is(writer_span(&w), same[i].text));
    }
}

static void what_would_be_lost_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *line, *name, *value;
    } lost[] = {
        {"//JOINT SECRET JPN USA//REL TO USA, JPN", "ownerProducer", ""},
        {"//NATO SECRET", "ownerProducer", ""},
        {"//FGI SECRET", "ownerProducer", ""},
        {"//DEU SECRET", "ownerProducer", "DEU"},
        {"//JPN TOP SECRET", "classification", "TS"},
        {"SECRET//SI//NOFORN", "SCIcontrols", ""},
        {"SECRET//SAR-BP//NOFORN", "SARIdentifier", ""},
        {"SECRET//RD//NOFORN", "atomicEnergyMarkings", ""},
        {"SECRET//FGI JPN//NOFORN", "FGIsourceOpen", ""},
        {"SECRET//FGI//NOFORN", "FGIsourceProtected", ""},
        {"SECRET//NOFORN//LES", "nonICmarkings", ""},
        {"SECRET//NOFORN/PROPIN", "disseminationControls", "PR"},
        {"SECRET//RELIDO", "disseminationControls", "RELIDO"},
        {"SECRET", "disseminationControls", ""},
        {"SECRET//REL TO USA, NKIC", "releasableTo", "NKIC"},
        {"SECRET//REL TO USA, DEU", "releasableTo", "DEU"},
        {"SECRET//USA/AUS EYES ONLY", "disseminationControls", "EYES"},
    };
    for (size_t i = 0; i < ARRAY_LEN(lost); i++) {
        struct marking   m = {0};
        struct ism_fault fault = {0};
        assert_true(err_is(converted(lost[i].line, &m, &fault)));
        assert_string_equal(fault.name, lost[i].name);
        assert_string_equal(fault.value, lost[i].value);
    }
}

static void a_marking_that_the_register_cannot_say_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *name, *value;
    } lost[] = {
        {"JPN:TOKUTEI-HIMITSU of JPN about dprk-missile from radar to KOR", "classification",
         "TOKUTEI-HIMITSU"},
        {"KOR:II of KOR about dprk-missile from radar to JPN caveats NO-COPY",
         "disseminationControls", "NO-COPY"},
        {"KOR:II of JPN,KOR about dprk-missile from radar to USA", "ownerProducer", "KOR"},
    };
    for (size_t i = 0; i < ARRAY_LEN(lost); i++) {
        struct marking   m;
        struct ism       out;
        struct ism_fault fault = {0};
        assert_false(err_is(marking_read(&all, span_text(lost[i].text), &m)));
        assert_true(err_is(ism_of_marking(sample_groups(), &all, &m, &out, &fault)));
        assert_string_equal(fault.name, lost[i].name);
        assert_string_equal(fault.value, lost[i].value);
    }
}

static void there_and_back_is_the_same(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "KOR:II of KOR about dprk-missile from radar to JPN,USA",
        "KOR:III of KOR about dprk-missile from radar",
        "JPN:GOKUHI of JPN about dprk-missile from radar to KOR show USA",
        "USA:TOP-SECRET of USA about dprk-missile from radar to JPN show KOR caveats ORCON",
        "USA:UNCLASSIFIED of USA about dprk-missile from radar",
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct banner_context context = {0, 1, 1};
        struct marking        m, again;
        struct ism            ism;
        struct ism_fault      fault = {0};
        assert_false(err_is(marking_read(&all, span_text(texts[i]), &m)));
        assert_false(err_is(ism_of_marking(sample_groups(), &all, &m, &ism, &fault)));
        assert_false(err_is(ism_to_marking(sample_groups(), &all, &context, &ism, &again, &fault)));
        assert_true(marking_equal(&m, &again));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_a_marking_of_its_owner),
        cmocka_unit_test(what_would_be_lost_is_named),
        cmocka_unit_test(a_marking_that_the_register_cannot_say_is_refused),
        cmocka_unit_test(there_and_back_is_the_same),
    };
    sample_register(&all);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
