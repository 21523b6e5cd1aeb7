/* SPDX-License-Identifier: Apache-2.0 */
/* diff names every change that a verdict, a standing or a date rests on, and none that is not there. */
#include <stdlib.h>
#include <unistd.h>

#include "unit/cli/run.h"

static const char head[] =
    "agreement D \"t\"\n"
    "    parties KOR, JPN, USA\n"
    "    signed 2024-01-01\n"
    "    in force 2024-01-01\n"
    "    term 2 years from 2024-01-01, extended each year\n"
    "    notice 60 days\n"
    "    after end return\n"
    "    define area SEA = polygon 5N 110E, 20N 110E, 20N 121E, 5N 119E\n"
    "    define window DRILL = 2027-04-01 to 2027-04-30, each day 06:00 to "
    "18:00 UTC\n"
    "    define reduction COARSE = position to 10 km, delay 60 s\n"
    "article 1 \"a\"\n"
    "    covers any between the parties up to KOR:II, JPN:GOKUHI, USA:SECRET\n"
    "    KOR:II = USA:SECRET\n"
    "    KOR:II => JPN:GOKUHI\n"
    "    never for another purpose\n"
    "    receipt within 36 hours\n"
    "article 2 \"b\"\n"
    "    KOR may release track from radar to USA about cyber in SEA at "
    "IMMEDIATE\n"
    "    KOR may release report from human to USA about cyber during DRILL\n"
    "        copies at most 1\n"
    "    KOR may release image from imagery to USA about cyber reduced COARSE\n"
    "    KOR may release thing from human to USA about cyber\n"
    "        copies at most 1\n"
    "    KOR may release thing, oral from human, open to USA about cyber\n";

/* change - of one place of the text, and what is told of it: how many rows, and in which part */
static const struct {
    const char *was, *is;
    unsigned    possible, impossible, duties, terms, parts;
} change[] = {
    {"term 2 years", "term 3 years", 0, 0, 0, 1, 0},
    {", extended each year\n    notice 60 days", "\n    notice 60 days", 0, 0, 0, 1, 0},
    {"notice 60", "notice 90", 0, 0, 0, 1, 0},
    {"agreement D", "agreement D2", 0, 0, 0, 1, 0}, /* as an amended text has */
    {"after end return", "after end destroy", 0, 0, 0, 1, 0},
    {"signed 2024", "signed 2023", 0, 0, 0, 1, 0},
    {"in force 2024-01-01\n    term 2 years from 2024",
     "in force 2025-01-01\n    term 2 years from 2025", 0, 0, 0, 1, 0},
    {"    signed", "    not binding\n    signed", 0, 0, 0, 1, 0},
    {"another purpose", "another purpose without prior written approval of the originator", 0, 0, 0,
     1, 1},
    {"at IMMEDIATE", "at FLASH", 0, 0, 1, 0, 1},
    {"36 hours", "12 hours", 0, 0, 5, 1, 0},
    {"    KOR may release thing from human to USA about cyber\n        copies at most 1\n", "", 0,
     0, 1, 0, 1},
    {"2027-04-30", "2027-05-01", 1, 0, 0, 1, 0},
    {"2027-04-30", "2027-04-29", 0, 1, 0, 1, 0},
    {"18:00 UTC", "18:01 UTC", 1, 0, 0, 1, 0},
    {"18:00 UTC", "17:00 UTC", 0, 1, 0, 1, 0},
    {"06:00 to 18:00", "07:00 to 19:00", 1, 1, 0, 1, 0},
    {"5N 119E", "5N 118E", 0, 1, 0, 1, 0},
    {"5N 119E", "5N 120E", 1, 0, 0, 1, 0},
    {"20N 121E, 5N 119E", "20N 121E, 12.5N 120E, 5N 119E", 0, 0, 0, 1,
     0}, /* a corner on the edge */
    {"delay 60 s", "delay 61 s", 0, 1, 0, 1, 0},
    {" in SEA", "", 1, 0, 0, 0, 1},
    {"D \"t\"", "D \"u\"", 0, 0, 0, 0, 1},
    {"KOR:II = USA:SECRET", "KOR:II => USA:SECRET", 0, 0, 0, 1, 0},
    {"D \"t\"", "D \"t\" # no more than a word to a reader", 0, 0, 0, 0, 0},
};

static char folder[] = "/tmp/accord-diff-XXXXXX";

static const char *text_put(const char *file, const char *text)
{
    static char path[2][128];
    static int  turn;
    turn = 1 - turn;
    (void)snprintf(path[turn], sizeof path[turn], "%s/%s", folder, file);
    FILE *f = fopen(path[turn], "we");
    assert_non_null(f);
    (void)fputs(text, f);
    (void)fclose(f);
    return path[turn];
}

static unsigned told(const char *member)
{
    return (unsigned)json_array_size(json_object_get(border_answer, member));
}

/* Every occurrence: a window's name stands twice. */
static void replace(const char *was, const char *is, char *out)
{
    const char *rest = head, *at;
    out[0] = 0;
    while ((at = strstr(rest, was)) != NULL) {
        (void)strncat(out, rest, (size_t)(at - rest));
        (void)strcat(out, is);
        rest = at + strlen(was);
    }
    (void)strcat(out, rest);
    assert_int_not_equal(strcmp(out, head), 0);
}

static void compare(const char *was, const char *is)
{
    char        text[2 * sizeof head];
    const char *old_path = text_put("old.agreement", head);
    replace(was, is, text);
    const char *new_path = text_put("new.agreement", text);
    int         status = RUN("diff", old_path, new_path);
    if (status != CALL_DONE) {
        print_message("%s: %s\n", is, answer_string("error"));
    }
    assert_int_equal(status, CALL_DONE);
}

static void every_change_is_told_and_no_other(void **state)
{
    (void)state;
    unsigned wrong = 0;
    for (size_t i = 0; i < ARRAY_LEN(change); i++) {
        compare(change[i].was, change[i].is);
        bool same = told("possible") == change[i].possible &&
                    told("impossible") == change[i].impossible &&
                    told("duties") == change[i].duties && told("terms") == change[i].terms &&
                    told("parts") == change[i].parts;
        if (!same) {
            print_message("%s -> %s: %u %u %u %u %u\n", change[i].was, change[i].is,
                          told("possible"), told("impossible"), told("duties"), told("terms"),
                          told("parts"));
        }
        wrong += !same;
    }
    assert_int_equal(wrong, 0);
}

/* By another name it is the same window: two parts of the text differ, and nothing that anybody gets. */
static void a_new_name_changes_nothing(void **state)
{
    (void)state;
    compare("DRILL", "WW");
    assert_int_equal(told("possible") + told("impossible") + told("duties") + told("terms"), 0);
    assert_int_equal(told("parts"), 2);
}

/* ---- many prohibitions ---- */

/* never - each with an area, a window and a reduction of its own: cut, they would be thousands of boxes */
static const char *const never[] = {"acoustic about air-traffic", "communications about cyber",
                                    "electronic about disaster",  "human about exercise",
                                    "imagery about dprk-nuclear", "measurement about maritime"};

/* The last may be over its area in two halves, which is no difference that any place shows. */
static const char *nevers_put(const char *file, unsigned count, bool halves)
{
    char   text[8192];
    size_t at =
        (size_t)snprintf(text, sizeof text,
                         "agreement D \"t\"\n    parties KOR, USA\n"
                         "    define area H1 = polygon 1N 61E, 1.5N 61E, 1.5N 62E, 1N 62E\n"
                         "    define area H2 = polygon 1.5N 61E, 2N 61E, 2N 62E, 1.5N 62E\n");
    for (unsigned i = 0; i < ARRAY_LEN(never); i++) {
        unsigned east = 51 + 2 * i;
        at += (size_t)snprintf(text + at, sizeof text - at,
                               "    define area A%u = polygon 1N %uE, 2N %uE, 2N %uE, 1N %uE\n"
                               "    define window W%u = each day 0%u:00 to 0%u:30 UTC\n"
                               "    define reduction R%u = delay %u s\n",
                               i, east, east, east + 1, east + 1, i, i, i, i, 60 + i);
    }
    at += (size_t)snprintf(text + at, sizeof text - at,
                           "article 1 \"a\"\n"
                           "    covers any between the parties up to KOR:II, USA:SECRET\n"
                           "    KOR:II = USA:SECRET\n"
                           "    KOR may release any from any to USA about any\n");
    for (unsigned i = 0; i < count + halves; i++) {
        bool     last = halves && i + 1 >= count;
        unsigned n = i < count ? i : count - 1;
        char     area[8];
        (void)snprintf(area, sizeof area, last ? "H%u" : "A%u", last ? i - count + 2 : i);
        at += (size_t)snprintf(text + at, sizeof text - at,
                               "    never any from %s in %s during W%u unless reduced R%u without "
                               "prior written approval of %s\n",
                               never[n], area, n, n, n % 2 == 0 ? "USA" : "KOR");
    }
    assert_true(at < sizeof text);
    return text_put(file, text);
}

static void two_texts_of_many_prohibitions_are_compared(void **state)
{
    (void)state;
    const char *few = nevers_put("old.agreement", 4, false);
    const char *more = nevers_put("new.agreement", 6, false);
    assert_int_equal(RUN("diff", few, more), CALL_DONE);
    assert_int_equal(told("impossible"), 1);
    assert_int_equal(told("possible") + answer_number("unsearched"), 0);
    assert_int_equal(RUN("diff", more, few), CALL_DONE);
    assert_int_equal(told("possible"), 1);
    assert_int_equal(told("impossible") + answer_number("unsearched"), 0);
    assert_int_equal(RUN("diff", more, more), CALL_DONE);
    assert_int_equal(told("possible") + told("impossible") + answer_number("unsearched"), 0);
}

static void a_search_that_was_not_ended_is_said_to_be_so(void **state)
{
    (void)state;
    const char *whole = nevers_put("old.agreement", 6, false);
    const char *halves = nevers_put("new.agreement", 6, true);
    assert_int_equal(RUN("diff", whole, halves), CALL_DONE);
    assert_int_equal(told("possible") + told("impossible"), 0);
    assert_true(answer_number("unsearched") > 0);
}

static int folder_make(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int folder_drop(void **state)
{
    (void)state;
    (void)unlink(text_put("old.agreement", ""));
    (void)unlink(text_put("new.agreement", ""));
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_change_is_told_and_no_other),
        cmocka_unit_test(a_new_name_changes_nothing),
        cmocka_unit_test(two_texts_of_many_prohibitions_are_compared),
        cmocka_unit_test(a_search_that_was_not_ended_is_said_to_be_so),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_drop);
}
