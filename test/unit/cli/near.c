/* SPDX-License-Identifier: Apache-2.0 */
/* explain says what a case lacks, and which case beside it would go: over the shipped texts. */
#include "unit/cli/run.h"

#define SHIPPED                                                                                    \
    "agreements/gsomia.agreement", "agreements/exchange.agreement", "agreements/tisa.agreement",   \
        "agreements/kor-usa-1987.agreement", "agreements/jpn-usa-2007.agreement", "--rules",       \
        "agreements/rules/KOR.rules", "--at", "2026-11-22"
#define KOREA "explain", "--from", "KOR"
#define COAST "explain", "test/oracle/coast.agreement"

/* The text of the change of that name; "" when it is not among the nearest */
static const char *nearest(const char *change)
{
    size_t  i;
    json_t *row;
    json_array_foreach(json_object_get(border_answer, "nearest"), i, row)
    {
        if (strcmp(json_string_value(json_object_get(row, "change")), change) == 0) {
            return json_string_value(json_object_get(row, "text"));
        }
    }
    return "";
}

static void lacks(const char *wanted)
{
    size_t  i;
    json_t *row;
    json_array_foreach(json_object_get(border_answer, "lacking"), i, row)
    {
        if (strcmp(json_string_value(row), wanted) == 0) {
            return;
        }
    }
    fail_msg("nothing lacks: %s", wanted);
}

static void less_of_it_goes(void **state)
{
    (void)state;
    RUN(KOREA, "--to", "JPN", "--kind", "track", "--marking",
        "KOR:I of KOR about dprk-missile from radar to JPN", SHIPPED);
    assert_string_equal(answer_string("outcome"), "refuse");
    assert_string_equal(nearest("level"), "at level KOR:II: release, by EXCHANGE clause 4");
    lacks("EXCHANGE clause 4: not this level");
    RUN(KOREA, "--to", "JPN", "--kind", "oral", "--marking",
        "KOR:III of KOR about cyber from open to JPN", SHIPPED);
    assert_string_equal(nearest("disclose"),
                        "shown and not kept (disclose): hold for 1 officer, by EXCHANGE clause 5");
    lacks("EXCHANGE clause 5: it lets it be shown and not kept");
    RUN(COAST, "--from", "KOR", "--to", "JPN", "--kind", "report", "--at", "2026-05-10T10:00:00Z",
        "--marking", "KOR:III of KOR about cyber from radar to JPN");
    assert_string_equal(nearest("reduced"),
                        "reduced COARSE of COAST: hold for 1 officer, by COAST clause 14");
    lacks("COAST clause 14: it wants it reduced");
}

static void another_way_goes(void **state)
{
    (void)state;
    RUN(KOREA, "--to", "JPN", "--via", "USA", "--kind", "track", "--marking",
        "KOR:II of KOR about dprk-missile from radar to JPN,USA", SHIPPED);
    assert_string_equal(nearest("route"), "straight: release, by EXCHANGE clause 4");
    RUN("explain", "--from", "JPN", "--to", "KOR", "--kind", "report", "--marking",
        "JPN:GOKUHI of JPN about dprk-missile from radar to KOR,USA", SHIPPED);
    assert_string_equal(nearest("route"),
                        "by way of USA: hold for 1 officer, by TISA article 4 clause 12");
    lacks("TISA article 4 clause 12: it is for another way");
}

static void somebody_can_let_it_go(void **state)
{
    (void)state;
    RUN(KOREA, "--to", "JPN", "--kind", "report", "--marking",
        "KOR:II of KOR about dprk-missile from human to JPN", SHIPPED);
    assert_string_equal(answer_string("outcome"), "hold");
    assert_string_equal(nearest("approvals"),
                        "approved by 1 officer: release, by EXCHANGE clause 3");
    RUN(KOREA, "--to", "USA", "--kind", "track", "--marking",
        "KOR:II of JPN about dprk-missile from radar to USA", SHIPPED);
    assert_string_equal(nearest("originator"),
                        "with the written approval of JPN: release, by TISA article 4 clause 1");
    RUN(KOREA, "--to", "JPN", "--kind", "track", "--no-assurance", "--marking",
        "KOR:II of KOR about dprk-missile from radar to JPN", SHIPPED);
    assert_string_equal(
        nearest("assurance"),
        "with an assurance under GSOMIA by the recipient: release, by EXCHANGE clause 4");
    RUN(KOREA, "--to", "JPN", "--kind", "track", "--marking",
        "KOR:II of KOR about dprk-missile from radar", SHIPPED);
    assert_string_equal(nearest("marking"),
                        "with a marking that names JPN: release, by EXCHANGE clause 4");
    RUN(KOREA, "--to", "JPN", "--kind", "thing", "--marking",
        "KOR:II of KOR about dprk-missile from radar to JPN", SHIPPED);
    assert_string_equal(nearest("act"), "given by a recorded act of the giver's officer: hold for "
                                        "2 officers, under GSOMIA article 2 clause 1");
}

static void elsewhere_and_at_another_time(void **state)
{
    (void)state;
    RUN(COAST, "--from", "JPN", "--to", "KOR", "--kind", "track", "--at", "2026-05-10", "--marking",
        "JPN:GOKUHI of JPN about maritime from radar to KOR");
    assert_string_equal(nearest("area"), "were it known to lie in STRAIT of COAST: hold for 1 "
                                         "officer, by COAST clause 12");
    RUN(COAST, "--from", "USA", "--to", "KOR", "--via", "JPN", "--kind", "image", "--at",
        "2026-04-01", "--marking", "USA:SECRET of USA about cyber from imagery to JPN,KOR");
    assert_string_equal(nearest("window"), "at 2026-05-01T06:00:00.000Z, by the window EXERCISE of "
                                           "COAST: hold for 1 officer, by COAST clause 16");
}

static void of_what_goes_nothing_more_is_said(void **state)
{
    (void)state;
    RUN(KOREA, "--to", "JPN", "--kind", "track", "--marking",
        "KOR:II of KOR about dprk-missile from radar to JPN", SHIPPED);
    assert_string_equal(answer_string("outcome"), "release");
    assert_null(json_object_get(border_answer, "nearest"));
    RUN(KOREA, "--to", "JPN", "--kind", "thing", "--no-assurance", "--marking",
        "KOR:I of KOR about disaster from acoustic", SHIPPED);
    assert_null(json_object_get(border_answer, "nearest"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(less_of_it_goes),
        cmocka_unit_test(another_way_goes),
        cmocka_unit_test(somebody_can_let_it_go),
        cmocka_unit_test(elsewhere_and_at_another_time),
        cmocka_unit_test(of_what_goes_nothing_more_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
