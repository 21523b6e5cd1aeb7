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

/* Each kind of reduction, on a case that is made so, and by one less than is asked for. */
static void what_is_reduced_is_judged_so(void **state)
{
    static const char *const asked[][2] = {
        {"position-m=10000,delay-ms=60000,without=source", "release"},
        {"position-m=9999,delay-ms=60000,without=source", "refuse"},
        {"position-m=10000,delay-ms=59999,without=source", "refuse"},
        {"position-m=10000,delay-ms=60000,without=identity", "refuse"},
        {"position-m=10000,every-ms=60000,without=source", "refuse"},
    };
    static const char rules[] = "/tmp/accord-near.rules";
    (void)state;
    assert_int_equal(system("{ cat agreements/rules/KOR.rules; printf '    define reduction MINE = "
                            "position to 10 km, delay 60 s, without source\\n    never track from "
                            "radar to JPN unless reduced MINE\\n'; } >/tmp/accord-near.rules"),
                     0);
    for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
        RUN(KOREA, "--to", "JPN", "--kind", "track", "--marking",
            "KOR:II of KOR about dprk-missile from radar to JPN", "--reduced", asked[i][0],
            "agreements/gsomia.agreement", "agreements/exchange.agreement", "--rules", rules,
            "--at", "2026-11-22");
        assert_string_equal(answer_string("outcome"), asked[i][1]);
    }
    (void)remove(rules);
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
    assert_string_equal(nearest("window"), "at 2026-05-01T06:00:00.000Z, in the window EXERCISE of "
                                           "COAST, 2026-05-01 to 2026-06-15, each day 06:00 to "
                                           "20:00 UTC: hold for 1 officer, by COAST clause 16");
}

/* ---- texts of this test ---- */

static char folder[] = "/tmp/accord-near-XXXXXX";

static const char *written(const char *file, const char *text)
{
    static char path[4][64];
    static int  next;
    char       *at = path[next++ % 4];
    (void)snprintf(at, sizeof path[0], "%s/%s", folder, file);
    FILE *f = fopen(at, "w");
    assert_non_null(f);
    (void)fputs(text, f);
    assert_int_equal(fclose(f), 0);
    return at;
}

static int folder_make(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int folder_drop(void **state)
{
    (void)state;
    return folder_end(folder);
}

#define COVERS(name)                                                                               \
    "agreement " name                                                                              \
    " \"x\"\n    parties KOR, JPN\n    covers any between the parties up to KOR:II, "              \
    "JPN:GOKUHI\n    KOR:II = JPN:GOKUHI\n    read needs assurance\n"
#define CASE                                                                                       \
    "--from", "KOR", "--to", "JPN", "--kind", "report", "--at", "2026-11-22", "--approvals", "1"

/* Both cover it, and Y alone has a line for its level: the assurance that counts is one under Y. */
static void assurance_is_supposed_where_it_counts(void **state)
{
    (void)state;
    const char *x = written("x", COVERS("X")),
               *y = written("y", COVERS("Y") "    KOR:III = JPN:HI\n"),
               *z = written(
                   "z", "arrangement Z under X, Y \"z\"\n    KOR may release report from open to "
                        "JPN about cyber up to KOR:II\n");
    RUN("explain", x, y, z, CASE, "--marking", "KOR:III of KOR about cyber from open to JPN");
    assert_string_equal(answer_string("outcome"), "release");
    assert_null(json_object_get(border_answer, "nearest"));
    RUN("explain", x, y, z, CASE, "--no-assurance", "--marking",
        "KOR:III of KOR about cyber from open to JPN");
    assert_string_equal(answer_string("outcome"), "refuse");
    assert_string_equal(nearest("assurance"),
                        "with an assurance under Y by the recipient: release, by Z clause 1");
    assert_int_equal(json_array_size(json_object_get(border_answer, "nearest")), 1);
}

/* Two windows open at one instant: the one that the permission speaks of is named, and it alone. */
static void the_window_that_counts_is_named(void **state)
{
    (void)state;
    const char *w = written(
        "w",
        "agreement W \"w\"\n    parties KOR, JPN\n    define window DRILL = each day 06:00 to "
        "09:00 UTC\n    define window NIGHT = each day 06:00 to 07:00 UTC\n    covers any between "
        "the parties up to KOR:II\n    KOR:II = JPN:GOKUHI\n    KOR may release report from open "
        "to "
        "JPN about cyber during DRILL\n    KOR may release track from open to JPN about cyber "
        "during "
        "NIGHT\n");
    RUN("explain", w, CASE, "--marking", "KOR:II of KOR about cyber from open to JPN");
    assert_string_equal(nearest("window"), "at 2026-11-22T06:00:00.000Z, in the window DRILL of W, "
                                           "each day 06:00 to 09:00 UTC: release, by W clause 3");
    assert_string_not_equal(nearest("act"), "");
    assert_int_equal(json_array_size(json_object_get(border_answer, "nearest")), 2);
}

static void duties_are_told_with_their_measures(void **state)
{
    (void)state;
    const char *a = written(
        "m", COVERS("A") "    KOR may release report from open to JPN about cyber at FLASH\n"
                         "        receipt within 1 hour\n        copies at most 3\n");
    RUN("explain", a, CASE, "--marking", "KOR:II of KOR about cyber from open to JPN");
    assert_string_equal(answer_string("outcome"), "release");
    assert_non_null(strstr(answer_string("explanation"), "It goes at precedence FLASH."));
    assert_non_null(
        strstr(answer_string("explanation"), "receipt within 1 hour; copies at most 3."));
}

/* Rules of another party are not the giver's, and two files of one party's are no choice. */
static void the_rules_are_those_of_the_giver(void **state)
{
    (void)state;
    const char *a = written(
                   "a", COVERS("A") "    KOR may release report from open to JPN about cyber\n"),
               *no = written("no", "rules KOR\n    never any\n"),
               *yes = written("yes", "rules KOR\n    release any\n"),
               *other = written("other", "rules JPN\n    never any\n");
#define ITEM "--marking", "KOR:II of KOR about cyber from open to JPN"
    assert_int_not_equal(RUN("explain", a, CASE, ITEM, "--rules", no, "--rules", yes), 0);
    assert_string_equal(answer_string("outcome"), "");
    RUN("explain", a, CASE, ITEM, "--rules", no, "--rules", other);
    assert_string_equal(answer_string("outcome"), "refuse");
    assert_int_equal(json_array_size(json_object_get(border_answer, "rules-not-used")), 1);
    RUN("explain", a, CASE, ITEM, "--rules", other, "--rules", yes);
    assert_string_equal(answer_string("outcome"), "release");
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
        cmocka_unit_test(what_is_reduced_is_judged_so),
        cmocka_unit_test(another_way_goes),
        cmocka_unit_test(somebody_can_let_it_go),
        cmocka_unit_test(elsewhere_and_at_another_time),
        cmocka_unit_test(assurance_is_supposed_where_it_counts),
        cmocka_unit_test(the_window_that_counts_is_named),
        cmocka_unit_test(duties_are_told_with_their_measures),
        cmocka_unit_test(the_rules_are_those_of_the_giver),
        cmocka_unit_test(of_what_goes_nothing_more_is_said),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_drop);
}
