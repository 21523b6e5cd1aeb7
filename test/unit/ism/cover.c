/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/cover.h"
#include "cmocka_all.h"
#include "sample.h"

/* Portions stand apart by ';' */
static err covered(const char *line, const char *marks, size_t *at, struct ism_fault *fault)
{
    const struct groups *g = sample_groups();
    struct ism           banner, each[4];
    size_t               count = 0;
    assert_false(err_is(ism_banner_read(g, span_text(line), &banner, fault)));
    for (span rest = span_text(marks); rest.len > 0; count++) {
        assert_false(
            err_is(ism_portion_read(g, span_cut(&rest, ';'), &banner, &each[count], fault)));
    }
    return ism_covers(g, &banner, each, count, at, fault);
}

static void a_banner_that_covers_its_portions(void **state)
{
    (void)state;
    static const struct {
        const char *line, *marks;
    } good[] = {
        {"SECRET//REL TO USA, JPN, KOR", "(S//REL);(U);(C//REL TO USA, FVEY, IMSP)"},
        {"SECRET//NOFORN", "(S//REL TO USA, JPN);(S//NF)"},
        {"TOP SECRET//FGI CAN DEU//NOFORN",
         "(S//REL TO USA, AUS);(//CAN S//REL TO USA, CAN);(//DEU TS)"},
        {"SECRET//FGI//NOFORN", "(S//FGI//NF);(S//FGI KOR//NF)"},
        {"CONFIDENTIAL//FGI KOR//NOFORN", "(//KOR R)"},
        {"SECRET//NOFORN//SBU", "(U//SBU-NF);(S//REL TO USA, JPN)"},
        {"SECRET//DISPLAY ONLY KOR", "(S//REL TO USA, JPN, KOR);(S//DISPLAY ONLY KOR)"},
        {"SECRET//NOFORN", "(U//FOUO);(S//NF)"},
    };
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        size_t           at = 0;
        struct ism_fault fault = {0};
        err              e = covered(good[i].line, good[i].marks, &at, &fault);
        if (err_is(e)) {
            print_message("%s: %s\n", good[i].line, fault.rule);
        }
        assert_false(err_is(e));
    }
}

static void one_that_does_not_names_the_rule_and_the_portion(void **state)
{
    (void)state;
    static const struct {
        const char *line, *marks, *from;
        size_t      at;
    } wrong[] = {
        {"CONFIDENTIAL//NOFORN", "(C//NF);(S//NF)", "ISM-ID-00056", 1},
        {"TOP SECRET//NOFORN", "(S//NF);(C//NF)", "ISM-ID-00108", 2},
        {"SECRET//REL TO USA, JPN, KOR", "(S//REL TO USA, JPN, KOR);(S//REL TO USA, JPN)",
         "ISM-ID-00088", 1},
        {"SECRET//REL TO USA, JPN", "(S//REL TO USA, JPN);(S)", "ISM-ID-00088", 1},
        {"SECRET//REL TO USA, JPN", "(S//REL TO USA, JPN);(U//FOUO)", "ISM-ID-00088", 1},
        {"SECRET//RELIDO", "(S//RELIDO);(C)", "ISM-ID-00132", 1},
        {"SECRET//NOFORN", "(S//FGI KOR//NF)", "ISM-ID-00064", 0},
        {"SECRET//FGI KOR//NOFORN", "(S//FGI KOR//NF);(S//FGI//NF)", "ISM-ID-00065", 1},
        {"SECRET//NOFORN", "(S//NF);(//JPN S)", "ISM-ID-00064", 1},
        {"SECRET//NOFORN", "(S//SI//NF)", "CAPCO D.2", 0},
        {"SECRET//REL TO USA, JPN", "(S//OC/REL TO USA, JPN)", "CAPCO D.2", 0},
        {"SECRET//DISPLAY ONLY KOR", "(S//DISPLAY ONLY JPN)", "CAPCO D.2", 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        size_t           at = 99;
        struct ism_fault fault = {0};
        assert_true(err_is(covered(wrong[i].line, wrong[i].marks, &at, &fault)));
        if (strcmp(fault.from, wrong[i].from) != 0) {
            print_message("%s: %s\n", wrong[i].line, fault.from);
        }
        assert_string_equal(fault.from, wrong[i].from);
        assert_int_equal(at, wrong[i].at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_banner_that_covers_its_portions),
        cmocka_unit_test(one_that_does_not_names_the_rule_and_the_portion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
