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
    };
    return cmocka_run_group_tests(tests, folder_make, folder_drop);
}
