/* SPDX-License-Identifier: Apache-2.0 */
/* The line: verbs, options, exit status; and the texts that are made of it. */
#include <unistd.h>

#include "cli/act.h"
#include "cli/marking_args.h"
#include "unit/cli/run.h"
#include "wire/challenge.h"

static void a_wrong_line_is_a_usage_error(void **state)
{
    (void)state;
    assert_int_equal(RUN("nothing"), CALL_USAGE);
    assert_string_equal(answer_string("code"), "usage");
    assert_int_equal(RUN("verify"), CALL_USAGE);
    assert_int_equal(RUN("verify", "a", "b"), CALL_USAGE);
    assert_int_equal(RUN("verify", "a", "--wrong"), CALL_USAGE);
    assert_int_equal(RUN("verify", "a", "--key"), CALL_USAGE);
    assert_int_equal(RUN("policy", "compile", "policies/KOR.xml"), CALL_USAGE);
    assert_int_equal(RUN("reject", "a", "b", "--as", "x", "--as", "y", "--as", "z"), CALL_USAGE);
}

static void a_missing_file_is_a_failure(void **state)
{
    (void)state;
    assert_int_equal(RUN("verify", "/nonexistent"), CALL_FAILED);
    assert_string_equal(answer_string("code"), "unknown");
    assert_true(answer_string("error")[0] != 0);
}

/* Wherever --json stands on the line, and however little of it is understood */
static int json_of(json_t **out, const char *const words[])
{
    char  *text = NULL;
    size_t len = 0;
    char  *line[8] = {(char *)(uintptr_t) "accord"};
    int    argc = 1;
    FILE  *to = open_memstream(&text, &len), *notes = fopen("/dev/null", "w");
    assert_true(to != NULL && notes != NULL);
    for (; words[argc - 1] != NULL; argc++) {
        line[argc] = (char *)(uintptr_t)words[argc - 1];
    }
    int status = cli_run(argc, line, to, notes);
    (void)fclose(to);
    (void)fclose(notes);
    *out = json_loads(text, 0, NULL);
    free(text);
    return status;
}

static void a_line_that_is_not_understood_is_told_as_it_was_asked_for(void **state)
{
    (void)state;
    static const char *const lines[][5] = {{"keys", "--json", NULL},
                                           {"keys", "nothing", "--json", NULL},
                                           {"nothing", "--json", NULL},
                                           {"keys", "status", "--wrong", "--json", NULL},
                                           {"simulate", "more", "--json", NULL}};
    for (unsigned i = 0; i < ARRAY_LEN(lines); i++) {
        json_t *answer = NULL;
        assert_int_equal(json_of(&answer, lines[i]), CALL_USAGE);
        assert_non_null(answer);
        assert_string_equal(json_string_value(json_object_get(answer, "code")), "usage");
        json_decref(answer);
    }
}

/* Help, an answer, an answer longer than what is kept back before it is written, and the object of --json */
static void an_answer_that_cannot_be_written_is_a_failure(void **state)
{
    (void)state;
    static const char *const lines[][5] = {{"--help", NULL},
                                           {"verify", "--help", NULL},
                                           {"agreement", "grammar", NULL},
                                           {"marking", "parse", "TLP:RED", NULL},
                                           {"marking", "parse", "TLP:RED", "--json", NULL}};
    for (unsigned i = 0; i < ARRAY_LEN(lines); i++) {
        char  said[256] = "", room[64];
        char *line[8] = {(char *)(uintptr_t) "accord"};
        int   argc = 1;
        FILE *full = fopen("/dev/full", "w"), *notes = fmemopen(said, sizeof said, "w");
        assert_true(full != NULL && notes != NULL);
        assert_int_equal(setvbuf(full, i % 2 == 0 ? room : NULL, _IOFBF, sizeof room), 0);
        for (; lines[i][argc - 1] != NULL; argc++) {
            line[argc] = (char *)(uintptr_t)lines[i][argc - 1];
        }
        assert_int_equal(cli_run(argc, line, full, notes), CALL_FAILED);
        (void)fclose(notes);
        (void)fclose(full);
        assert_non_null(strstr(said, "could not be written"));
    }
}

static int plain(char *text, size_t max, const char *a, const char *b)
{
    char *line[] = {(char *)(uintptr_t) "accord", (char *)(uintptr_t)a, (char *)(uintptr_t)b, NULL};
    FILE *out = fmemopen(text, max, "w"), *notes = fopen("/dev/null", "w");
    assert_true(out != NULL && notes != NULL);
    int status = cli_run(b == NULL ? 2 : 3, line, out, notes);
    (void)fclose(out);
    (void)fclose(notes);
    return status;
}

static void help_names_every_verb_and_option(void **state)
{
    (void)state;
    static char text[32768];
    assert_int_equal(plain(text, sizeof text, "--help", NULL), CALL_DONE);
    for (unsigned i = 0; i < verb_row_count; i++) {
        assert_non_null(strstr(text, verb_rows[i].words));
        assert_non_null(verb_rows[i].run);
    }
    assert_int_equal(plain(text, sizeof text, "verify", "--help"), CALL_DONE);
    assert_non_null(strstr(text, "--key KEY"));
    assert_int_equal(plain(text, sizeof text, "ledger", "--help"), CALL_DONE);
    assert_non_null(strstr(text, "reconcile"));
}

/* Until nothing is missing any more: what is said to be needed must stand in the usage line. */
static void usage_has_what_is_needed(const struct verb *v)
{
    char        words[32], value[] = "7", *word[2] = {words, NULL};
    const char *line[64];
    unsigned    at = 0;
    (void)snprintf(words, sizeof words, "%s", v->words);
    if ((word[1] = strchr(words, ' ')) != NULL) {
        *word[1]++ = 0;
    }
    for (unsigned i = 0; i < 2 && word[i] != NULL; i++) {
        line[at++] = word[i];
    }
    for (unsigned i = 0; i < v->least; i++) {
        line[at++] = "Makefile";
    }
    for (line[at] = NULL; at < 40 && run(line) == CALL_USAGE; line[at] = NULL) {
        const char *about = answer_string("about");
        if (strcmp(answer_string("error"), "an option that is needed is missing") != 0) {
            break;
        }
        if (strstr(v->args, about) == NULL) {
            print_message("not in the usage line of %s: %s\n", v->words, about);
            fail();
        }
        static char given[40][32];
        (void)snprintf(given[at], sizeof given[at], "%s", about);
        line[at] = given[at];
        line[at + 1] = value;
        at += 2;
    }
}

static void the_usage_line_shows_what_must_be_given(void **state)
{
    (void)state;
    for (unsigned i = 0; i < verb_row_count; i++) {
        usage_has_what_is_needed(&verb_rows[i]);
    }
}

static void it_is_told_how_many_sign(void **state)
{
    (void)state;
    assert_int_equal(RUN("partners", "--dir", "/nonexistent"), CALL_USAGE);
    assert_non_null(strstr(answer_string("error"), "say who signs"));
    assert_int_equal(RUN("pause", "A", "--reason", "r", "--as", "a", "--as", "b"), CALL_USAGE);
    assert_non_null(strstr(answer_string("error"), "one person signs this"));
    assert_int_equal(RUN("partners", "--as", "a", "--as", "b"), CALL_USAGE);
    assert_non_null(strstr(answer_string("error"), "one person signs this"));
    assert_int_equal(RUN("resume", "A", "--reason", "r"), CALL_USAGE);
    assert_non_null(strstr(answer_string("error"), "two persons of different chains"));
}

static bool sorted(const char *list, const char *want)
{
    uint8_t       buf[128];
    struct writer w = WRITER_OF(buf);
    err           e = put_sorted(&w, span_text(list));
    return want == NULL ? err_is(e) : !err_is(e) && span_is(writer_span(&w), want);
}

static void lists_come_in_the_order_of_their_bytes(void **state)
{
    (void)state;
    assert_true(sorted("USA,JPN,KOR", "JPN,KOR,USA"));
    assert_true(sorted("b, a,b", "a,b"));
    assert_true(sorted("a,,b", NULL));
    assert_true(sorted("", ""));
}

static void none_is_an_empty_list(void **state)
{
    (void)state;
    assert_true(list_is_none(NULL));
    assert_true(list_is_none(""));
    assert_true(list_is_none("none"));
    assert_false(list_is_none("nonesuch"));
    assert_false(list_is_none("a,none"));
}

static void a_clearance_is_changed_as_a_whole(void **state)
{
    (void)state;
    assert_int_equal(RUN("person", "clear", "park", "--topics", "none"), CALL_USAGE);
    assert_string_equal(answer_string("about"), "--clearance");
    assert_int_equal(RUN("person", "clear", "park", "--clearance", "KOR:II"), CALL_USAGE);
    assert_string_equal(answer_string("about"), "--topics");
}

static void what_is_given_wrongly_is_not_sent(void **state)
{
    (void)state;
    static const char upper[] = "A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7A7";
    assert_int_equal(RUN("open", "a7", "--as", "kim", "--purpose", "p", "--out", "x"), CALL_USAGE);
    assert_int_equal(RUN("designate", upper, "KOR:II", "--as", "kim"), CALL_USAGE);
    assert_non_null(strstr(answer_string("error"), "a handle is 32 hexadecimal digits"));
    assert_int_equal(RUN("approve", "7", "JPN", "--as", "kim"), CALL_USAGE);
    assert_int_equal(RUN("explain", "--epoch", "zz", "--dir", "/nonexistent"), CALL_USAGE);
    assert_non_null(strstr(answer_string("error"), "an epoch is 32 hexadecimal digits"));
    assert_int_equal(RUN("submit", "Makefile", "--title", "two\nlines"), CALL_USAGE);
    assert_string_equal(answer_string("about"), "--title");
    assert_string_equal(answer_string("error"), "a value is one line");
    assert_int_equal(RUN("submit", "Makefile", "--title", "\xff"), CALL_USAGE);
    assert_non_null(strstr(answer_string("error"), "UTF-8"));
    assert_int_equal(RUN("person", "revoke", "park\nperson lee", "--as", "kim"), CALL_USAGE);
}

static void policy_says(const char *path, const char *content, const char *sentence)
{
    BORDER_OK(file_create(path, span_text(content), 0600));
    assert_int_equal(RUN("policy", "compile", path, "--out", "/nonexistent/x"), CALL_FAILED);
    assert_non_null(strstr(answer_string("error"), sentence));
    assert_string_equal(answer_string("about"), path);
    (void)unlink(path);
}

static void a_paper_of_another_kind_is_named_as_such(void **state)
{
    (void)state;
    char path[] = "/tmp/accord-cli-paper-XXXXXX";
    int  fd = mkstemp(path);
    assert_true(fd >= 0);
    (void)close(fd);
    (void)unlink(path);
    policy_says(path, "", "empty");
    policy_says(path, "<!DOCTYPE a>\n<a/>", "DOCTYPE");
    BORDER_OK(file_create(path, SPAN_LIT("accord assurance 1\nfrom \xff\n"), 0600));
    assert_int_equal(RUN("assurance", "load", path, "--as", "kim"), CALL_FAILED);
    assert_string_equal(answer_string("error"), "this is not an assurance");
    (void)unlink(path);
}

static void fingerprints_are_compared_as_people_type_them(void **state)
{
    (void)state;
    char made[FINGERPRINT_LEN + 1];
    /* SHA-256 of "abc" is ba7816bf 8f01cfea 414140de 5d…; its first 100 bits in base32 */
    fingerprint_of(SPAN_LIT("abc"), made);
    assert_string_equal(made, "XJ4B-NP4P-AHH6-UQKB-IDPF");
    assert_true(fingerprint_equal(made, SPAN_LIT("xj4bnp4pahh6uqkbidpf")));
    assert_true(fingerprint_equal(made, SPAN_LIT("XJ4B NP4P-AHH6 UQKB IDPF")));
    assert_false(fingerprint_equal(made, SPAN_LIT("XJ4B-NP4P-AHH6-UQKB-IDPG")));
    assert_false(fingerprint_equal(made, SPAN_LIT("XJ4B-NP4P-AHH6-UQKB")));
    assert_false(fingerprint_equal(made, SPAN_LIT("XJ4B-NP4P-AHH6-UQKB-IDPF-A")));
    assert_false(fingerprint_equal(made, SPAN_LIT("")));
}

#define HEAD                                                                                       \
    "accord act 1\nparty KOR\nact person-revoke\nby kim\nnonce "                                   \
    "000102030405060708090a0b0c0d0e0f\ntime 2026-11-22T12:00:00.000Z\n"

static void only_the_text_that_was_asked_for_is_signed(void **state)
{
    (void)state;
    name party;
    BORDER_OK(name_of(SPAN_LIT("KOR"), &party));
    span body = SPAN_LIT("person lee\n");
    assert_false(err_is(challenge_check(
        SPAN_LIT(HEAD "person lee\n"), &(struct challenge){&party, "person-revoke", "kim", body})));
    assert_false(
        err_is(challenge_check(SPAN_LIT(HEAD "person lee\nshown more\n"),
                               &(struct challenge){&party, "person-revoke", "kim", body})));
    assert_true(err_is(challenge_check(SPAN_LIT(HEAD "person abe\n"),
                                       &(struct challenge){&party, "person-revoke", "kim", body})));
    assert_true(err_is(challenge_check(SPAN_LIT(HEAD "person lee\nperson abe\n"),
                                       &(struct challenge){&party, "person-revoke", "kim", body})));
    assert_true(err_is(challenge_check(SPAN_LIT(HEAD "person lee\n"),
                                       &(struct challenge){&party, "person-add", "kim", body})));
    assert_true(err_is(challenge_check(SPAN_LIT(HEAD "person lee\n"),
                                       &(struct challenge){&party, "person-revoke", "lee", body})));
    BORDER_OK(name_of(SPAN_LIT("JPN"), &party));
    err e = challenge_check(SPAN_LIT(HEAD "person lee\n"),
                            &(struct challenge){&party, "person-revoke", "kim", body});
    assert_non_null(strstr(e.why, "party"));
}

static void what_is_no_text_is_not_asked_for(void **state)
{
    (void)state;
    struct call c = {.as = {"kim"}, .as_count = 1};
    struct desk d = {.call = &c};
    json_t     *answer = NULL;
    err e = act_do(&d, "partner-trust", SPAN_LIT("address \xff\n"), (span){NULL, 0}, &answer);
    assert_int_equal(e.code, ERR_MALFORMED);
    assert_null(answer);
}

/* ---- in a folder ---- */

static char dir[64];

static int folder(void **state)
{
    (void)state;
    (void)snprintf(dir, sizeof dir, "/tmp/accord-cli-XXXXXX");
    return mkdtemp(dir) == NULL ? -1 : 0;
}

static int folder_gone(void **state)
{
    (void)state;
    return folder_end(dir);
}

static int init(const char *officer, const char *second)
{
    return RUN("party", "init", "KOR", "--dir", dir, "--desk", "127.0.0.1:7100", "--courier",
               "127.0.0.1:7101", "--officer", officer, "--officer", second);
}

static void a_party_is_made_once(void **state)
{
    (void)state;
    struct party p;
    struct call  c = {.dir = dir};
    assert_int_equal(init("kim:J2", "lee:J2"), CALL_USAGE); /* one chain of command */
    assert_int_equal(init("kim:J2", "kim:J3"), CALL_USAGE);
    assert_int_equal(init("kim:J2", "lee:J3"), CALL_DONE);
    assert_int_equal(init("kim:J2", "lee:J3"), CALL_FAILED);
    assert_string_equal(answer_string("code"), "conflict");
    BORDER_OK(party_read(&c, &p));
    assert_string_equal(p.code.text, "KOR");
    assert_string_equal(p.desk, "127.0.0.1:7100");
    assert_string_equal(p.drop, "drop");
}

static void an_exchange_file_is_trusted_by_its_fingerprint_only(void **state)
{
    (void)state;
    char file[128];
    (void)snprintf(file, sizeof file, "%s/kor.exchange", dir);
    assert_int_equal(RUN("party", "exchange", "--dir", dir, "--out", file), CALL_DONE);
    assert_int_equal(strlen(answer_string("fingerprint")), FINGERPRINT_LEN);
    assert_int_equal(RUN("party", "exchange", "--dir", dir, "--out", file), CALL_FAILED);
    assert_string_equal(answer_string("code"), "conflict");
    assert_int_equal(RUN("party", "trust", file, "--dir", dir, "--as", "kim", "--as", "lee",
                         "--fingerprint", "AAAA-AAAA-AAAA-AAAA-AAAA"),
                     CALL_FAILED);
    assert_string_equal(answer_string("code"), "denied");
    assert_int_equal(RUN("party", "trust", file, "--dir", dir, "--as", "kim", "--as", "lee"),
                     CALL_FAILED);
    assert_string_equal(answer_string("code"), "denied");
    assert_int_equal(RUN("party", "trust", file, "--dir", dir, "--as", "kim"), CALL_USAGE);
}

static void a_person_s_key_is_made_once(void **state)
{
    (void)state;
    assert_int_equal(RUN("person", "key", "park", "--dir", dir), CALL_DONE);
    assert_int_equal(strlen(answer_string("key")), 64);
    assert_true(strlen(answer_string("terminal")) > 100);
    assert_int_equal(RUN("person", "key", "park", "--dir", dir), CALL_FAILED);
    assert_int_equal(RUN("person", "key", "../park", "--dir", dir), CALL_FAILED);
}

static void a_dropped_submission_stands_beside_its_content(void **state)
{
    (void)state;
    char    path[128];
    uint8_t buf[4096];
    span    text;
    (void)snprintf(path, sizeof path, "%s/drop/KOR.rules.submission", dir);
    assert_int_equal(RUN("submit", "agreements/rules/KOR.rules", "--dir", dir, "--as", "kim",
                         "--title", "a title", "--kind", "report", "--precedence", "ROUTINE",
                         "--level", "KOR:II", "--topics", "dprk-missile", "--disciplines",
                         "radar,human", "--to", "USA,JPN", "--drop"),
                     CALL_DONE);
    BORDER_OK(file_read(path, buf, sizeof buf, &text));
    assert_true(span_starts(text, SPAN_LIT("accord submission 1\nparty KOR\nauthor kim\n")));
    buf[text.len] = 0;
    assert_non_null(strstr((char *)buf, "marking KOR:II of KOR about dprk-missile from human,radar "
                                        "to JPN,USA\ntitle a title\nlength "));
    path[strlen(path) - strlen(".submission")] = 0;
    assert_int_equal(access(path, F_OK), 0);
}

static void nobody_may_be_who_gets_it(void **state)
{
    (void)state;
    char    path[128];
    uint8_t buf[4096];
    span    text;
    (void)snprintf(path, sizeof path, "%s/drop/USA.rules.submission", dir);
    assert_int_equal(RUN("submit", "agreements/rules/USA.rules", "--dir", dir, "--as", "kim",
                         "--title", "a title", "--kind", "report", "--precedence", "ROUTINE",
                         "--level", "KOR:II", "--topics", "dprk-missile", "--disciplines", "radar",
                         "--to", "none", "--drop"),
                     CALL_DONE);
    BORDER_OK(file_read(path, buf, sizeof buf, &text));
    buf[text.len] = 0;
    assert_non_null(strstr((char *)buf, "about dprk-missile from radar\ntitle "));
}

int main(void)
{
    const struct CMUnitTest lines[] = {
        cmocka_unit_test(a_wrong_line_is_a_usage_error),
        cmocka_unit_test(a_missing_file_is_a_failure),
        cmocka_unit_test(a_line_that_is_not_understood_is_told_as_it_was_asked_for),
        cmocka_unit_test(an_answer_that_cannot_be_written_is_a_failure),
        cmocka_unit_test(help_names_every_verb_and_option),
        cmocka_unit_test(the_usage_line_shows_what_must_be_given),
        cmocka_unit_test(it_is_told_how_many_sign),
        cmocka_unit_test(lists_come_in_the_order_of_their_bytes),
        cmocka_unit_test(none_is_an_empty_list),
        cmocka_unit_test(a_clearance_is_changed_as_a_whole),
        cmocka_unit_test(what_is_given_wrongly_is_not_sent),
        cmocka_unit_test(a_paper_of_another_kind_is_named_as_such),
        cmocka_unit_test(fingerprints_are_compared_as_people_type_them),
        cmocka_unit_test(only_the_text_that_was_asked_for_is_signed),
        cmocka_unit_test(what_is_no_text_is_not_asked_for),
    };
    const struct CMUnitTest folders[] = {
        cmocka_unit_test(a_party_is_made_once),
        cmocka_unit_test(an_exchange_file_is_trusted_by_its_fingerprint_only),
        cmocka_unit_test(a_person_s_key_is_made_once),
        cmocka_unit_test(a_dropped_submission_stands_beside_its_content),
        cmocka_unit_test(nobody_may_be_who_gets_it),
    };
    int failed = cmocka_run_group_tests(lines, NULL, NULL);
    return failed + cmocka_run_group_tests(folders, folder, folder_gone);
}
