/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/access.h"
#include "cmocka_all.h"
#include "sample.h"

/* who is "KOR/KOR", "USA/USA agency": nation, then whose organisation employs him */
static struct ism_person person_of(const char *nation, const char *employer, bool agency)
{
    const struct groups *g = sample_groups();
    struct ism_person    p = {.levels = 31, .agency = agency};
    codes_add(&p.nations, code_find(g, span_text(nation)));
    p.employer = code_find(g, span_text(employer));
    return p;
}

static enum ism_giving given(const char *line, const struct ism_person *p)
{
    struct ism       m;
    struct ism_fault fault = {0};
    const char      *why = NULL;
    assert_false(err_is(ism_banner_read(sample_groups(), span_text(line), &m, &fault)));
    return ism_access(sample_groups(), &m, p, &why);
}

static void nation_and_employer_both_count(void **state)
{
    (void)state;
    static const struct {
        const char     *line, *nation, *employer;
        bool            agency;
        enum ism_giving gives;
    } cases[] = {
        {"SECRET//NOFORN", "USA", "USA", true, ISM_RELEASE},
        {"SECRET//NOFORN", "USA", "USA", false, ISM_NOTHING},
        {"SECRET//NOFORN", "KOR", "USA", true, ISM_NOTHING},
        {"SECRET", "KOR", "KOR", false, ISM_NOTHING},
        {"UNCLASSIFIED", "KOR", "KOR", false, ISM_NOTHING},
        {"SECRET//RELIDO", "KOR", "KOR", false, ISM_NOTHING},
        {"SECRET//REL TO USA, JPN, KOR", "KOR", "KOR", false, ISM_RELEASE},
        {"SECRET//REL TO USA, JPN, KOR", "KOR", "JPN", false, ISM_RELEASE},
        {"SECRET//REL TO USA, JPN, KOR", "KOR", "USA", true, ISM_RELEASE},
        {"SECRET//REL TO USA, JPN, KOR", "KOR", "DEU", false, ISM_NOTHING},
        {"SECRET//REL TO USA, JPN, KOR", "DEU", "KOR", false, ISM_NOTHING},
        {"SECRET//REL TO USA, JPN, KOR", "KOR", "", false, ISM_NOTHING},
        {"SECRET//REL TO USA, FVEY", "AUS", "GBR", false, ISM_RELEASE},
        {"SECRET//REL TO USA, NKIC", "KOR", "KOR", false, ISM_NOTHING},
        {"SECRET//DISPLAY ONLY KOR", "KOR", "KOR", false, ISM_DISCLOSE},
        {"SECRET//REL TO USA, JPN/DISPLAY ONLY KOR", "JPN", "JPN", false, ISM_RELEASE},
        {"SECRET//REL TO USA, JPN/DISPLAY ONLY KOR", "KOR", "KOR", false, ISM_DISCLOSE},
        {"SECRET//FGI KOR//REL TO USA, JPN", "KOR", "KOR", false, ISM_NOTHING},
        {"//KOR SECRET", "KOR", "KOR", false, ISM_RELEASE},
        {"//KOR SECRET", "USA", "USA", true, ISM_NOTHING},
        {"//KOR SECRET//REL TO USA, JPN, KOR", "JPN", "JPN", false, ISM_RELEASE},
        {"//JOINT SECRET JPN USA", "JPN", "JPN", false, ISM_RELEASE},
        {"//JOINT SECRET JPN USA", "USA", "USA", true, ISM_RELEASE},
        {"//JOINT SECRET JPN USA", "KOR", "KOR", false, ISM_NOTHING},
        {"//FGI SECRET", "KOR", "KOR", false, ISM_NOTHING},
        {"//NATO SECRET", "GBR", "GBR", false, ISM_NOTHING},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct ism_person p = person_of(cases[i].nation, cases[i].employer, cases[i].agency);
        if (given(cases[i].line, &p) != cases[i].gives) {
            print_message("%s for %s/%s\n", cases[i].line, cases[i].nation, cases[i].employer);
        }
        assert_int_equal(given(cases[i].line, &p), cases[i].gives);
    }
}

static void all_conditions_hold_or_nothing_does(void **state)
{
    (void)state;
    const char       *line = "TOP SECRET//SI/TK//ORCON/REL TO USA, CAN";
    struct ism_person p = person_of("CAN", "CAN", false);
    assert_int_equal(given(line, &p), ISM_NOTHING);
    assert_false(err_is(words_add(&p.sci, SPAN_LIT("SI"))));
    assert_false(err_is(words_add(&p.sci, SPAN_LIT("TK"))));
    assert_int_equal(given(line, &p), ISM_NOTHING);
    p.controls = ISM_BIT(ISM_OC);
    assert_int_equal(given(line, &p), ISM_RELEASE);
    p.levels = 1 << ISM_S; /* a set, not a ladder */
    assert_int_equal(given(line, &p), ISM_NOTHING);
}

static void what_breaks_a_rule_opens_nothing(void **state)
{
    (void)state;
    const struct groups *g = sample_groups();
    struct ism_person    p = person_of("USA", "USA", true);
    const char          *why = NULL;
    struct ism           m;
    ism_empty(g, &m);
    m.level = ISM_S;
    assert_int_equal(ism_access(g, &m, &p, &why), ISM_RELEASE);
    m.dissem = ISM_BIT(ISM_NF) | ISM_BIT(ISM_RELIDO);
    assert_int_equal(ism_access(g, &m, &p, &why), ISM_NOTHING);
    assert_non_null(strstr(why, "rules"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nation_and_employer_both_count),
        cmocka_unit_test(all_conditions_hold_or_nothing_does),
        cmocka_unit_test(what_breaks_a_rule_opens_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
