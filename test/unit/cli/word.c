/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs of the last word, as far as they go without a desk: what is wrong on the line or in a list of
 * epochs is told before anybody signs; and terminals that are certified at the gateway. */
#include <sys/stat.h>
#include <unistd.h>

#include "cli/act.h"
#include "cli/file.h"
#include "crypt/cert.h"
#include "unit/cli/run.h"

#define EPOCH "e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1"

static char dir[64], list[80];

static int folder(void **state)
{
    (void)state;
    (void)snprintf(dir, sizeof dir, "/tmp/accord-cli-XXXXXX");
    if (mkdtemp(dir) == NULL) {
        return -1;
    }
    (void)snprintf(list, sizeof list, "%s/list", dir);
    return 0;
}

static int folder_gone(void **state)
{
    (void)state;
    return folder_end(dir);
}

static void misused(int status, const char *about)
{
    assert_int_equal(status, CALL_USAGE);
    assert_string_equal(answer_string("code"), "usage");
    assert_string_equal(answer_string("about"), about);
    assert_true(answer_string("error")[0] != 0);
}

static void a_word_is_said_with_its_reason(void **state)
{
    (void)state;
    static const char *const verb[] = {"pause", "resume", "notice", "withdraw"};
    for (size_t i = 0; i < ARRAY_LEN(verb); i++) {
        misused(RUN(verb[i], "GSOMIA", "--as", "kim"), "--reason");
        assert_int_equal(RUN(verb[i], "--reason", "r"), CALL_USAGE);
        assert_int_equal(RUN(verb[i], "GSOMIA", "EXCHANGE", "--reason", "r"), CALL_USAGE);
        assert_int_equal(RUN(verb[i], "GSOMIA", "--reason", "two\nlines"), CALL_USAGE);
        assert_string_equal(answer_string("error"), "a value is one line");
    }
    misused(RUN("head", "sign"), "--reason");
    misused(RUN("clock", "confirm"), "--reason");
    misused(RUN("recall", EPOCH), "--reason");
    misused(RUN("destroy", EPOCH), "--reason");
    misused(RUN("approval", "revoke", "41"), "--reason");
}

/* An act by its number, an agreement by its file; what may be both is neither. */
static void what_is_signed_is_an_act_or_an_agreement(void **state)
{
    char before[256];
    (void)state;
    misused(RUN("sign", "nobody-has-this", "--as", "kim"), "nobody-has-this");
    assert_non_null(strstr(answer_string("error"), "an act is known by its number, an agreement"));
    misused(RUN("sign", "12", "--as", "kim", "--with", "x"), "12");
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(dir), 0);
    BORDER_OK(file_replace("12", SPAN_LIT("agreement X\n"), 0600));
    misused(RUN("sign", "12", "--as", "kim"), "12");
    assert_non_null(strstr(answer_string("error"), "the number of an act and the name of a file"));
    misused(RUN("sign", "./12", "--as", "kim", "--agree"), "./12");
    assert_int_equal(RUN("sign", "./12"), CALL_USAGE); /* two sign it */
    assert_non_null(strstr(answer_string("error"), "two persons of different chains"));
    assert_int_equal(chdir(before), 0);
}

static void minutes_are_1_to_720(void **state)
{
    static const char *const bad[] = {"0", "721", "-1", "x", "", "1.5", "99999999999999999999"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        char about[64];
        (void)snprintf(about, sizeof about, "--minutes %s", bad[i]);
        misused(RUN("room", "display", "on", "wall-1", "--minutes", bad[i], "--as", "kim"), about);
        assert_non_null(strstr(answer_string("error"), "1 to 720 minutes"));
        misused(RUN("tak", "on", "phone", "--minutes", bad[i], "--as", "kim"), about);
        assert_non_null(strstr(answer_string("error"), "1 to 720 minutes"));
    }
}

static void a_name_that_is_none_is_said(void **state)
{
    (void)state;
    misused(RUN("source", "remove", "bad name!", "--as", "kim"), "bad name!");
    misused(RUN("room", "remove", "o/ps", "--as", "kim"), "o/ps");
    misused(RUN("room", "leave", "ops", "../kim", "--as", "kim"), "../kim");
    misused(RUN("room", "enter", "o ps", "kim", "--as", "kim"), "o ps");
    misused(RUN("room", "add", "o ps", "--ceiling", "KOR:I", "--as", "kim"), "o ps");
    misused(RUN("room", "visit", "end", "a b", "--as", "kim"), "a b");
    misused(RUN("room", "visit", "add", "a b", "--as", "kim"), "a b");
    misused(RUN("room", "visit", "add", "sato", "--party", "J/P", "--as", "kim"), "J/P");
}

static void a_direction_is_one_of_three(void **state)
{
    (void)state;
    misused(RUN("pause", "GSOMIA", "--reason", "r", "--direction", "sideways"),
            "--direction sideways");
    assert_non_null(strstr(answer_string("error"), "giving, opening or both"));
}

static void nobody_signs_is_told(void **state)
{
    (void)state;
    assert_int_equal(RUN("pause", "GSOMIA", "--reason", "r", "--dir", dir), CALL_USAGE);
    assert_non_null(strstr(answer_string("error"), "--as"));
    assert_int_equal(RUN("resume", "GSOMIA", "--reason", "r", "--dir", dir, "--as", "a", "--as",
                         "b", "--as", "c"),
                     CALL_USAGE);
}

static void what_is_passed_on_is_named(void **state)
{
    (void)state;
    assert_int_equal(RUN("ask", "a7", "JPN", "--level", "USA:SECRET", "--purpose", "p"),
                     CALL_USAGE);
    assert_non_null(strstr(answer_string("error"), "a handle is 32"));
    misused(RUN("ask", EPOCH, "JPN", "--purpose", "p"), "--level");
    misused(RUN("ask", EPOCH, "JPN", "--level", "USA:SECRET"), "--purpose");
    misused(RUN("relay", "add", "KOR", "JPN", "--purpose", "p"), "--level");
    assert_int_equal(RUN("relay", "end", "KOR"), CALL_USAGE);
}

#define APPROVAL "approval", "give", "USA", "JPN"

static void an_approval_is_of_one_thing_until_a_day(void **state)
{
    (void)state;
    static const char *const until[] = {"2026-13-01", "tomorrow", "", "2026-12-31T25:00:00Z"};
    assert_int_equal(RUN(APPROVAL, "--purpose", "p", "--until", "2026-12-31"), CALL_USAGE);
    assert_non_null(strstr(answer_string("error"), "one --epoch or one --feed"));
    assert_int_equal(RUN(APPROVAL, "--epoch", EPOCH, "--feed", "radar", "--purpose", "p"),
                     CALL_USAGE);
    assert_int_equal(RUN(APPROVAL, "--epoch", "E1", "--purpose", "p"), CALL_USAGE);
    assert_non_null(strstr(answer_string("error"), "an epoch is 32"));
    misused(RUN(APPROVAL, "--feed", "radar", "--until", "2026-12-31"), "--purpose");
    misused(RUN(APPROVAL, "--feed", "radar", "--purpose", "p"), "--until");
    for (size_t i = 0; i < ARRAY_LEN(until); i++) {
        assert_int_equal(RUN(APPROVAL, "--feed", "radar", "--purpose", "p", "--until", until[i]),
                         CALL_USAGE);
    }
    static const char *const count[] = {"0", "-1", "many", "4294967296", "01"};
    for (size_t i = 0; i < ARRAY_LEN(count); i++) {
        assert_int_equal(RUN(APPROVAL, "--feed", "radar", "--purpose", "p", "--until", "2026-12-31",
                             "--count", count[i]),
                         CALL_USAGE);
        assert_non_null(strstr(answer_string("error"), "--count"));
    }
    assert_int_equal(RUN("approval", "revoke", "first", "--reason", "r"), CALL_USAGE);
    assert_non_null(strstr(answer_string("error"), "number of its leaf"));
}

#define CONTRACTOR "contractor", "approve", "JPN", "JPN"

static void a_contractor_is_approved_for_one_thing(void **state)
{
    (void)state;
    assert_int_equal(RUN(CONTRACTOR, "--level", "KOR:II", "--purpose", "p"), CALL_USAGE);
    assert_non_null(strstr(answer_string("error"), "one --agreement or one --epoch"));
    assert_int_equal(RUN(CONTRACTOR, "--agreement", "GSOMIA", "--epoch", EPOCH), CALL_USAGE);
    assert_int_equal(RUN(CONTRACTOR, "--agreement", "GSOMIA", "--firm", "mhi"), CALL_USAGE);
    assert_non_null(strstr(answer_string("error"), "with its --facility"));
    misused(RUN(CONTRACTOR, "--agreement", "GSOMIA", "--purpose", "p"), "--level");
    misused(RUN(CONTRACTOR, "--agreement", "GSOMIA", "--level", "KOR:II", "--purpose", "p"),
            "--until");
    misused(RUN(CONTRACTOR, "--agreement", "GSOMIA", "--level", "KOR:II", "--until", "2026-12-31"),
            "--purpose");
    misused(RUN("contractor", "revoke", "41"), "--reason");
    assert_int_equal(RUN("contractor", "revoke", "first", "--reason", "r"), CALL_USAGE);
    misused(RUN("found", EPOCH), "--what");
}

/* ---- orders ---- */

static int recall_list(span text)
{
    BORDER_OK(file_replace(list, text, 0600));
    return RUN("recall", "--list", list, "--reason", "r");
}

/* Nobody signs in these: an order that is well formed comes as far as that. */
static void comes_to_the_signature(int status)
{
    assert_int_equal(status, CALL_USAGE);
    assert_non_null(strstr(answer_string("error"), "--as"));
}

static void line_is_wrong(const char *text, unsigned number)
{
    char about[128];
    (void)snprintf(about, sizeof about, "%s, line %u", list, number);
    assert_int_equal(recall_list(span_text(text)), CALL_FAILED);
    assert_string_equal(answer_string("code"), "malformed");
    assert_string_equal(answer_string("about"), about);
}

static void an_order_names_epochs(void **state)
{
    (void)state;
    assert_int_equal(RUN("recall", "--reason", "r"), CALL_USAGE);
    assert_non_null(strstr(answer_string("error"), "name an epoch"));
    assert_int_equal(recall_list(SPAN_LIT("")), CALL_USAGE);
    assert_int_equal(recall_list(SPAN_LIT("\n\n")), CALL_USAGE);
    assert_int_equal(RUN("recall", "e1", "--reason", "r"), CALL_USAGE);
    assert_non_null(strstr(answer_string("error"), "an epoch is 32"));
    assert_int_equal(RUN("destroy", "--list", "/nonexistent", "--reason", "r"), CALL_FAILED);
    assert_string_equal(answer_string("code"), "unknown");
    assert_string_equal(answer_string("about"), "/nonexistent");
    comes_to_the_signature(RUN("recall", EPOCH, "--reason", "r"));
    comes_to_the_signature(recall_list(SPAN_LIT(EPOCH " a report, of which more\n\n" EPOCH)));
}

static void a_wrong_line_is_named(void **state)
{
    (void)state;
    line_is_wrong("e1\n", 1);
    line_is_wrong(EPOCH "\n" EPOCH "e\n", 2);
    line_is_wrong(EPOCH "\n\nE1E1E1E1E1E1E1E1E1E1E1E1E1E1E1E1 big letters\n", 3);
    line_is_wrong(" " EPOCH "\n", 1);
    line_is_wrong(EPOCH "\r\n", 1);
    line_is_wrong(EPOCH "\tof a table\n", 1);
}

static span many(unsigned count)
{
    static uint8_t buf[64 * 4096];
    struct writer  w = WRITER_OF(buf);
    for (uint64_t i = 0; i < count; i++) {
        uint8_t id[16] = {0};
        memcpy(id, &i, sizeof i);
        put_hex(&w, SPAN_OF(id));
        put_u8(&w, '\n');
    }
    assert_false(w.bad);
    return writer_span(&w);
}

static void an_order_has_room_for_so_many(void **state)
{
    (void)state;
    comes_to_the_signature(recall_list(many(3000)));
    assert_int_equal(recall_list(many(3001)), CALL_FAILED);
    assert_string_equal(answer_string("code"), "limit");
    BORDER_OK(file_replace(list, many(3000), 0600));
    /* one that is in the list is no more; another is */
    comes_to_the_signature(
        RUN("recall", "00000000000000000000000000000000", "--list", list, "--reason", "r"));
    assert_int_equal(RUN("recall", EPOCH, "--list", list, "--reason", "r"), CALL_FAILED);
    assert_string_equal(answer_string("code"), "limit");
}

static void a_list_that_is_too_long_is_not_read(void **state)
{
    (void)state;
    static uint8_t text[400 * 1000];
    memset(text, '\n', sizeof text);
    assert_int_equal(recall_list(SPAN_OF(text)), CALL_FAILED);
    assert_string_equal(answer_string("code"), "limit");
    assert_string_equal(answer_string("about"), list);
}

/* ---- terminals ---- */

static void path_of(char *out, size_t max, const char *file)
{
    (void)snprintf(out, max, "%s/party/%s", dir, file);
}

static void a_terminal_is_certified_at_its_gateway(void **state)
{
    (void)state;
    char        party[80], path[128];
    uint8_t     before[CERT_DER_MAX], after[CERT_DER_MAX];
    span        old, new;
    struct stat s;
    (void)snprintf(party, sizeof party, "%s/party", dir);
    assert_int_equal(RUN("party", "init", "KOR", "--dir", party, "--desk", "127.0.0.1:7100",
                         "--courier", "127.0.0.1:7101", "--officer", "kim:J2", "--officer",
                         "lee:J3"),
                     CALL_DONE);
    path_of(path, sizeof path, "people/kim/terminal.crt");
    BORDER_OK(file_read(path, before, sizeof before, &old));
    assert_int_equal(RUN("terminal", "kim", "--here", "--dir", party), CALL_DONE);
    BORDER_OK(file_read(path, after, sizeof after, &new));
    assert_false(span_equal(old, new));
    assert_int_equal(stat(path, &s), 0);
    assert_int_equal(s.st_mode & 0777, 0644);
    assert_int_equal(RUN("terminal", "nobody", "--here", "--dir", party), CALL_FAILED);
    assert_string_equal(answer_string("code"), "unknown");
    path_of(path, sizeof path, "people/nobody");
    assert_string_equal(answer_string("about"), path);
    assert_int_equal(RUN("terminal", "../kim", "--here", "--dir", party), CALL_FAILED);
    path_of(path, sizeof path, "keys/authority.key");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(RUN("terminal", "kim", "--here", "--dir", party), CALL_FAILED);
    assert_string_equal(answer_string("about"), path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_is_said_with_its_reason),
        cmocka_unit_test(what_is_signed_is_an_act_or_an_agreement),
        cmocka_unit_test(minutes_are_1_to_720),
        cmocka_unit_test(a_name_that_is_none_is_said),
        cmocka_unit_test(a_direction_is_one_of_three),
        cmocka_unit_test(nobody_signs_is_told),
        cmocka_unit_test(what_is_passed_on_is_named),
        cmocka_unit_test(an_approval_is_of_one_thing_until_a_day),
        cmocka_unit_test(a_contractor_is_approved_for_one_thing),
        cmocka_unit_test(an_order_names_epochs),
        cmocka_unit_test(a_wrong_line_is_named),
        cmocka_unit_test(an_order_has_room_for_so_many),
        cmocka_unit_test(a_list_that_is_too_long_is_not_read),
        cmocka_unit_test(a_terminal_is_certified_at_its_gateway),
    };
    return cmocka_run_group_tests(tests, folder, folder_gone);
}
