/* SPDX-License-Identifier: Apache-2.0 */
/* reach, assert and diff over the shipped texts.  The tables were read by a person; ACCORD_REFS=1 in the
 * environment writes them anew, and then they want to be read again. */
#include <stdlib.h>
#include <unistd.h>

#include "cli/file.h"
#include "unit/cli/border.h"
#include "unit/cli/run.h"

#define TEXT_MAX (256 << 10)

static char shown[TEXT_MAX];

/* As a person sees it; the exit status is returned. */
static int plain(const char *const argv[])
{
    char *line[32] = {(char *)(uintptr_t) "accord"};
    int   argc = 1;
    for (; argv[argc - 1] != NULL; argc++) {
        line[argc] = (char *)(uintptr_t)argv[argc - 1];
    }
    memset(shown, 0, sizeof shown);
    FILE *out = fmemopen(shown, sizeof shown - 1, "w"), *notes = fopen("/dev/null", "w");
    assert_true(out != NULL && notes != NULL);
    int status = cli_run(argc, line, out, notes);
    (void)fclose(out);
    (void)fclose(notes);
    return status;
}

#define PLAIN(...) plain((const char *const[]){__VA_ARGS__, NULL})

static void is_as_read(const char *ref)
{
    static char text[TEXT_MAX];
    char        path[128];
    span        kept = {NULL, 0};
    (void)snprintf(path, sizeof path, "test/unit/cli/reach/%s.ref", ref);
    if (getenv("ACCORD_REFS") != NULL) {
        FILE *f = fopen(path, "we");
        assert_non_null(f);
        (void)fputs(shown, f);
        (void)fclose(f);
    }
    BORDER_OK(file_read(path, (uint8_t *)text, sizeof text, &kept));
    if (!span_equal(kept, span_text(shown))) {
        print_message("%s is another now:\n%s", path, shown);
        fail();
    }
}

static void the_tables_are_as_they_were_read(void **state)
{
    (void)state;
    assert_int_equal(PLAIN("reach", "agreements", "--from", "KOR", "--to", "JPN"), CALL_DONE);
    is_as_read("KOR-JPN");
    assert_int_equal(PLAIN("reach", "agreements", "--from", "KOR", "--to", "USA"), CALL_DONE);
    is_as_read("KOR-USA");
    assert_int_equal(PLAIN("reach", "agreements", "--from", "JPN", "--to", "KOR", "--via", "USA",
                           "--rules", "agreements/rules/JPN.rules", "--rules",
                           "agreements/rules/USA.rules"),
                     CALL_DONE);
    is_as_read("JPN-USA-KOR");
}

/* One agreement that permits nothing by itself lets nothing flow. */
static void an_agreement_without_a_permission_lets_nothing_flow(void **state)
{
    (void)state;
    assert_int_equal(PLAIN("reach", "agreements/gsomia.agreement", "--from", "KOR", "--to", "JPN"),
                     CALL_DONE);
    assert_string_equal(shown, "Nothing can flow from KOR to JPN.\n\n"
                               "Besides, an officer of the giver may give any one item that is "
                               "covered and not forbidden,\nby a recorded act.\n");
    assert_int_equal(PLAIN("assert", "no any from KOR reaches JPN", "--agreement",
                           "agreements/gsomia.agreement"),
                     CALL_DONE);
    assert_non_null(strstr(shown, "\nBesides, an officer of the giver"));
}

static const struct {
    const char *sentence;
    int         status;
} claims[] = {
    {"no human from KOR reaches USA without approval", CALL_DONE},
    {"no human from KOR reaches USA", CALL_DONE},
    {"no human from KOR reaches JPN without approval", CALL_FAILED},
    {"no any above KOR:II from KOR reaches anybody", CALL_DONE},
    {"some report from human about dprk-missile from KOR reaches JPN", CALL_DONE},
    {"no image from KOR reaches JPN via USA without approval of KOR", CALL_DONE},
    {"some image from KOR reaches JPN via USA", CALL_DONE},
    {"some image from KOR reaches JPN via USA without approval", CALL_FAILED},
    {"every report from human about dprk-missile above KOR:UNCLASSIFIED from KOR reaches JPN",
     CALL_FAILED}, /* level I does not */
    {"every report from human about dprk-missile above KOR:UNCLASSIFIED up to KOR:II "
     "from KOR reaches JPN",
     CALL_DONE},
    {"no product from human about any above KOR:II from KOR reaches JPN", CALL_DONE},
    {"no product about any up to KOR:II from KOR reaches JPN", CALL_FAILED},
    {"no product from any about any up to KOR:II from KOR reaches JPN", CALL_FAILED},
    {"no any from any from KOR reaches JPN", CALL_FAILED},
    {"no report human from KOR reaches JPN", CALL_USAGE},
    {"no human, report from KOR reaches JPN", CALL_USAGE},
    {"no human about dprk-missile, cybr from KOR reaches JPN", CALL_USAGE},
    /* what would be proved of nothing */
    {"no any above JPN:HI from KOR reaches JPN", CALL_USAGE},
    {"no any above KOR:II from anybody reaches USA", CALL_USAGE},
    {"no any above KOR:II up to KOR:II from KOR reaches JPN", CALL_USAGE},
    {"no any above KOR:III up to JPN:GOKUHI from KOR reaches JPN", CALL_USAGE},
    {"no any from KOR reaches KOR", CALL_USAGE},
    {"no any from KOR reaches JPN via JPN", CALL_USAGE},
    {"no any from KOR reaches anybody via KOR", CALL_USAGE},
    {"no any from anybody reaches anybody via USA", CALL_FAILED},
    {"", CALL_USAGE},
    {"no humn from KOR reaches USA", CALL_USAGE},
    {"human from KOR reaches USA", CALL_USAGE},
    {"no human from KOR reaches", CALL_USAGE},
    {"no human from KOR reaches USA without", CALL_USAGE},
    {"no human up KOR:II from KOR reaches USA", CALL_USAGE},
    {"no human from KOR reaches USA today", CALL_USAGE},
};

static void a_sentence_is_proved_or_refuted(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(claims); i++) {
        int status = PLAIN("assert", claims[i].sentence, "--agreement", "agreements");
        if (status != claims[i].status) {
            print_message("%s: %d\n%s", claims[i].sentence, status, shown);
        }
        assert_int_equal(status, claims[i].status);
    }
}

/* A word that is no party, where one stands: what was meant is said. */
static void where_a_party_stands(void **state)
{
    static const struct {
        const char *sentence, *why;
    } row[] = {
        {"no human from any reaches JPN", "any of them is written anybody"},
        {"no product from human from any reaches JPN", "any of them is written anybody"},
        {"no human from KOR reaches any", "any of them is written anybody"},
        {"no product about dprk-missile from human from KOR reaches JPN",
         "disciplines are written"},
        {"no product from human from imagery reaches JPN", "disciplines are written"},
        {"no human from XYZ reaches JPN", "no policy names this party"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        assert_int_equal(RUN("assert", row[i].sentence, "--agreement", "agreements"), CALL_USAGE);
        assert_non_null(strstr(answer_string("error"), row[i].why));
    }
}

static char sentences[] = "/tmp/accord-sentences-XXXXXX";

/* Every line that is no sentence has its place, and the others are judged. */
static void a_file_of_sentences_is_judged_to_its_end(void **state)
{
    (void)state;
    static const char text[] = "# x\n"
                               "no human from KOR reaches USA\n"
                               "no humn from KOR reaches USA\n"
                               "some \xff image\n"
                               "  human from KOR # y\n"
                               "some image from KOR reaches JPN via USA\n";
    int               fd = mkstemp(sentences);
    assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
    (void)close(fd);
    assert_int_equal(RUN("assert", "--file", sentences, "--agreement", "agreements"), CALL_USAGE);
    assert_int_equal(json_array_size(json_object_get(border_answer, "claims")), 2);
    const json_t    *found = json_object_get(border_answer, "findings");
    static const int place[][2] = {{3, 4}, {4, 1}, {5, 3}};
    assert_int_equal(json_array_size(found), ARRAY_LEN(place));
    for (size_t i = 0; i < ARRAY_LEN(place); i++) {
        const json_t *one = json_array_get(found, i);
        assert_int_equal(json_integer_value(json_object_get(one, "line")), place[i][0]);
        assert_int_equal(json_integer_value(json_object_get(one, "column")), place[i][1]);
    }
    (void)unlink(sentences);
}

static void explain_takes_a_folder(void **state)
{
    (void)state;
    assert_int_equal(PLAIN("explain", "agreements", "--from", "KOR", "--to", "JPN", "--kind",
                           "track", "--level", "KOR:II", "--topics", "dprk-missile",
                           "--disciplines", "radar", "--release-to", "JPN", "--at", "2026-11-24"),
                     CALL_DONE);
    assert_non_null(strstr(shown, "release"));
}

static void a_text_without_its_foundation_proves_nothing(void **state)
{
    (void)state;
    const char *alone = "agreements/exchange.agreement";
    assert_int_equal(PLAIN("reach", alone, "--from", "KOR", "--to", "JPN"), CALL_FAILED);
    assert_int_equal(PLAIN("assert", "no human from KOR reaches JPN", "--agreement", alone),
                     CALL_USAGE);
    assert_int_equal(PLAIN("diff", alone, "agreements"), CALL_FAILED);
}

/* What stands in a party's ledger, with its own rules: Korea's let no radar go by way of another. */
static void a_ledger_is_a_law(void **state)
{
    (void)state;
    border_make((struct border_faults){0});
    assert_int_equal(RUN("reach", "--dir", border.kor.dir, "--from", "KOR", "--to", "JPN"),
                     CALL_DONE);
    const json_t *rows = json_object_get(border_answer, "rows");
    const json_t *first = json_array_get(rows, 0);
    assert_true(json_array_size(rows) > 0);
    assert_true(json_is_true(json_object_get(first, "witness")));
    assert_non_null(json_object_get(json_object_get(first, "officers"), "KOR"));
    border_remove();
}

/* ---- a change ---- */

static char folder[] = "/tmp/accord-reach-XXXXXX";

/* A file that was cut off would pass whoever watches for the status alone. */
static void a_file_without_a_sentence_is_a_mistake(void **state)
{
    (void)state;
    static char none[] = "/tmp/accord-none-XXXXXX";
    int         fd = mkstemp(none);
    assert_int_not_equal(RUN("assert", "--file", none, "--agreement", "agreements"), 0);
    assert_int_equal(write(fd, "# x\n\n", 5), 5);
    (void)close(fd);
    assert_int_not_equal(RUN("assert", "--file", none, "--agreement", "agreements"), 0);
    (void)unlink(none);
    assert_int_equal(RUN("assert", "agreements/gsomia.agreement"), CALL_USAGE);
    assert_non_null(strstr(answer_string("error"), "this is a file and no sentence"));
}

static void text_put(const char *file, const char *text)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    (void)fputs(text, f);
    (void)fclose(f);
}

static const char *path_of(const char *file)
{
    static char path[2][128];
    static int  turn;
    turn = 1 - turn;
    (void)snprintf(path[turn], sizeof path[turn], "%s/%s", folder, file);
    return path[turn];
}

#define HEAD "arrangement X under GSOMIA article 5 \"A draft\"\n    parties KOR, JPN\n"

static void a_change_is_told_from_both_sides(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    text_put("old.agreement",
             HEAD "    KOR may release report from human to JPN about dprk-missile up to KOR:II\n");
    text_put(
        "new.agreement", HEAD
        "    KOR may release report from human to JPN about dprk-missile, cyber up to KOR:III\n");
    assert_int_equal(RUN("diff", path_of("old.agreement"), path_of("new.agreement"), "--with",
                         "agreements/gsomia.agreement"),
                     CALL_DONE);
    json_t *more = json_object_get(border_answer, "possible");
    json_t *less = json_object_get(border_answer, "impossible");
    assert_int_equal(json_array_size(more), 1);
    assert_int_equal(json_array_size(less), 1);
    assert_int_equal(json_array_size(json_object_get(border_answer, "duties")), 0);
    assert_string_equal(json_string_value(json_object_get(json_array_get(more, 0), "differs")),
                        "cyber");
    assert_string_equal(json_string_value(json_object_get(json_array_get(less, 0), "differs")),
                        "all of it");
    assert_true(json_is_true(json_object_get(json_array_get(more, 0), "witness")));
    assert_int_equal(RUN("diff", path_of("old.agreement"), path_of("old.agreement"), "--with",
                         "agreements/gsomia.agreement"),
                     CALL_DONE);
    assert_int_equal(json_array_size(json_object_get(border_answer, "possible")), 0);
    assert_int_equal(json_array_size(json_object_get(border_answer, "impossible")), 0);
    (void)unlink(path_of("old.agreement"));
    (void)unlink(path_of("new.agreement"));
    (void)rmdir(folder);
}

/* Every topic of every policy, and the table is still as wide as a page. */
static void long_lists_go_on_below(void **state)
{
    (void)state;
    (void)strcpy(folder, "/tmp/accord-reach-XXXXXX");
    assert_non_null(mkdtemp(folder));
    text_put("any.agreement",
             HEAD "    KOR may release track from any to JPN about any up to KOR:II\n");
    assert_int_equal(PLAIN("reach", path_of("any.agreement"), "agreements/gsomia.agreement",
                           "--from", "KOR", "--to", "JPN"),
                     CALL_DONE);
    assert_non_null(strstr(shown, "    about          "));
    for (char *line = shown, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        assert_true(end - line <= 100);
    }
    (void)unlink(path_of("any.agreement"));
    (void)rmdir(folder);
}

/* What was shown and is now given, or wanted a window and wants none, is not told as if it were wholly new. */
static void other_terms_are_told_as_such(void **state)
{
    (void)state;
    static const char *const text[][2] = {
        {HEAD "    KOR may disclose report from human to JPN about cyber up to KOR:III\n",
         HEAD "    KOR may release report from human to JPN about cyber up to KOR:III\n"},
        {HEAD "    define window W = 2027-01-01 to 2027-01-31\n"
              "    KOR may release report from human to JPN about cyber up to KOR:III during W\n",
         HEAD "    KOR may release report from human to JPN about cyber up to KOR:III\n"}};
    for (unsigned i = 0; i < ARRAY_LEN(text); i++) {
        (void)strcpy(folder, "/tmp/accord-reach-XXXXXX");
        assert_non_null(mkdtemp(folder));
        text_put("old.agreement", text[i][0]);
        text_put("new.agreement", text[i][1]);
        assert_int_equal(RUN("diff", path_of("old.agreement"), path_of("new.agreement"), "--with",
                             "agreements/gsomia.agreement"),
                         CALL_DONE);
        json_t *more = json_object_get(border_answer, "possible");
        assert_int_equal(json_array_size(more), 1);
        assert_string_equal(json_string_value(json_object_get(json_array_get(more, 0), "differs")),
                            "all of it on these terms; some of it on others");
        assert_int_equal(json_array_size(json_object_get(border_answer, "impossible")), 0);
        (void)unlink(path_of("old.agreement"));
        (void)unlink(path_of("new.agreement"));
        (void)rmdir(folder);
    }
}

static void changed_duties_are_told(void **state)
{
    (void)state;
    static char old_text[TEXT_MAX], new_text[TEXT_MAX];
    span        text = {NULL, 0};
    (void)strcpy(folder, "/tmp/accord-reach-XXXXXX");
    assert_non_null(mkdtemp(folder));
    BORDER_OK(
        file_read("agreements/gsomia.agreement", (uint8_t *)old_text, sizeof old_text - 1, &text));
    char *at = strstr(old_text, "readers on registry");
    assert_non_null(at);
    (void)snprintf(new_text, sizeof new_text, "%.*snote \"no registry\"%s", (int)(at - old_text),
                   old_text, at + strlen("readers on registry"));
    text_put("g.agreement", new_text);
    assert_int_equal(RUN("diff", "agreements/gsomia.agreement", path_of("g.agreement"), "--with",
                         "agreements/exchange.agreement"),
                     CALL_DONE);
    json_t *duties = json_object_get(border_answer, "duties");
    assert_true(json_array_size(duties) > 0);
    assert_non_null(strstr(json_string_value(json_object_get(json_array_get(duties, 0), "before")),
                           "registry"));
    assert_null(
        strstr(json_string_value(json_object_get(json_array_get(duties, 0), "after")), "registry"));
    (void)unlink(path_of("g.agreement"));
    (void)rmdir(folder);
}

/* Each prohibition can be evaded in six ways: what is left would be as many rows as there are ways together. */
static void many_prohibitions_are_told_one_by_one(void **state)
{
    (void)state;
    static const char *const topic[] = {"cyber", "maritime", "space", "terrorism"};
    static const char *const from[] = {"human", "radar", "imagery"};
    static char              text[TEXT_MAX];
    int len = snprintf(text, sizeof text, "%s    define reduction R = delay 60 s\n", HEAD);
    for (unsigned i = 0; i < 12; i++) {
        len += snprintf(text + len, sizeof text - (size_t)len,
                        "    define area A%u = polygon 1N %uE, 1N %uE, 2N %uE, 2N %uE\n"
                        "    define window W%u = each day %02u:00 to %02u:30 UTC\n",
                        i, 2 * i, 2 * i + 1, 2 * i + 1, 2 * i, i, i, i);
    }
    len += snprintf(text + len, sizeof text - (size_t)len,
                    "    KOR may release report from any to JPN about any up to KOR:II\n");
    for (unsigned i = 0; i < 12; i++) {
        len += snprintf(text + len, sizeof text - (size_t)len,
                        "    never report from %s about %s in A%u during W%u unless reduced R "
                        "without prior written approval of JPN\n",
                        from[i % 3], topic[i % 4], i, i);
    }
    (void)strcpy(folder, "/tmp/accord-reach-XXXXXX");
    assert_non_null(mkdtemp(folder));
    text_put("n.agreement", text);
    assert_int_equal(RUN("reach", path_of("n.agreement"), "agreements/gsomia.agreement", "--from",
                         "KOR", "--to", "JPN"),
                     CALL_DONE);
    json_t *rows = json_object_get(border_answer, "rows");
    assert_int_equal(json_array_size(rows), 1);
    assert_int_equal(json_array_size(json_object_get(json_array_get(rows, 0), "except")), 12);
    assert_true(json_is_true(json_object_get(json_array_get(rows, 0), "witness")));
    assert_int_equal(PLAIN("assert", "no report from human about cyber from KOR reaches JPN",
                           "--agreement", path_of("n.agreement"), "--agreement",
                           "agreements/gsomia.agreement"),
                     CALL_FAILED);
    (void)unlink(path_of("n.agreement"));
    (void)rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tables_are_as_they_were_read),
        cmocka_unit_test(an_agreement_without_a_permission_lets_nothing_flow),
        cmocka_unit_test(a_sentence_is_proved_or_refuted),
        cmocka_unit_test(where_a_party_stands),
        cmocka_unit_test(a_text_without_its_foundation_proves_nothing),
        cmocka_unit_test(a_file_of_sentences_is_judged_to_its_end),
        cmocka_unit_test(a_file_without_a_sentence_is_a_mistake),
        cmocka_unit_test(explain_takes_a_folder),
        cmocka_unit_test(a_ledger_is_a_law),
        cmocka_unit_test(a_change_is_told_from_both_sides),
        cmocka_unit_test(long_lists_go_on_below),
        cmocka_unit_test(other_terms_are_told_as_such),
        cmocka_unit_test(changed_duties_are_told),
        cmocka_unit_test(many_prohibitions_are_told_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
