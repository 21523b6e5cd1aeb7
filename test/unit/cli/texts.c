/* SPDX-License-Identifier: Apache-2.0 */
/* check, fmt, grammar and compile on files: by their long and their short names, and on files that are no text. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/writer.h"
#include "cli/file.h"
#include "unit/cli/run.h"

static char dir[] = "/tmp/accord-texts-XXXXXX";

static const char *in_dir(const char *file)
{
    static char path[8][64];
    static int  next;
    char       *out = path[next++ % 8];
    (void)snprintf(out, sizeof path[0], "%s/%s", dir, file);
    return out;
}

static void put_file(const char *path, const char *bytes, size_t len)
{
    BORDER_OK(file_replace(path, (span){(const uint8_t *)bytes, len}, 0640));
}

static span get_file(const char *path)
{
    static uint8_t buf[1 << 17];
    span           out;
    BORDER_OK(file_read(path, buf, sizeof buf, &out));
    return out;
}

#define LOOSE                                                                                      \
    "#x\nagreement A  \"a\"\n  parties KOR ,JPN\n  either may release track from radar to the "    \
    "other about cyber at FLASH up to KOR:III,JPN:HI # y\n      copies at most 2\n"
#define TIGHT                                                                                      \
    "#x\nagreement A \"a\"\n    parties KOR, JPN\n    either may release track from radar to the " \
    "other about cyber up to KOR:III, JPN:HI at FLASH  # y\n        copies at most 2\n"

static void fmt_shows_checks_and_writes(void **state)
{
    (void)state;
    static const char *const verb[] = {"fmt", "agreement"};
    const char              *path = in_dir("a.agreement");
    struct stat              st;
    for (unsigned i = 0; i < 2; i++) {
        const char *second = i == 0 ? path : "fmt", *third = i == 0 ? NULL : path;
        put_file(path, LOOSE, sizeof LOOSE - 1);
        assert_int_equal(RUN(verb[i], second, third), CALL_DONE);
        const json_t *row = json_array_get(json_object_get(border_answer, "files"), 0);
        assert_string_equal(json_string_value(json_object_get(row, "text")), TIGHT);
        assert_true(json_is_false(json_object_get(row, "canonical")));
        assert_true(span_is(get_file(path), LOOSE));
    }
    assert_int_equal(RUN("fmt", "--check", path), CALL_FAILED);
    assert_int_equal(RUN("fmt", "--write", path), CALL_DONE);
    assert_true(span_is(get_file(path), TIGHT));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_int_equal(RUN("fmt", "--check", path), CALL_DONE);
}

static void a_text_with_a_mistake_is_not_formatted(void **state)
{
    (void)state;
    const char *path = in_dir("b.agreement");
    put_file(path, "agreement A \"a\"\n  partis KOR\n", 29);
    assert_int_equal(RUN("fmt", "--write", path), CALL_FAILED);
    const json_t *one = json_array_get(json_object_get(border_answer, "findings"), 0);
    assert_int_equal(json_integer_value(json_object_get(one, "line")), 2);
    assert_string_equal(json_string_value(json_object_get(one, "hint")), "did you mean 'parties'?");
    assert_int_equal(get_file(path).len, 29);
}

static void the_grammar_is_printed(void **state)
{
    (void)state;
    assert_int_equal(RUN("agreement", "grammar"), CALL_DONE);
    assert_true(span_is(get_file("docs/format/agreement-grammar.ebnf"), answer_string("grammar")));
}

static void rules_are_judged_with_the_agreements_beside_them(void **state)
{
    (void)state;
    const char *path = in_dir("KOR.rules");
    put_file(path, "rules KOR\n    release thing from human\n", 39);
    assert_int_equal(RUN("check", path), CALL_DONE);
    assert_null(json_object_get(border_answer, "findings"));
    assert_int_equal(
        RUN("check", path, "agreements/gsomia.agreement", "agreements/exchange.agreement"),
        CALL_DONE);
    bool          found = false;
    size_t        i;
    const json_t *one;
    json_array_foreach(json_object_get(border_answer, "findings"), i, one)
    {
        found = found || strstr(json_string_value(json_object_get(one, "sentence")),
                                "no agreement permits KOR") != NULL;
    }
    assert_true(found);
    assert_int_equal(json_array_size(json_object_get(border_answer, "agreements")), 2);
    assert_int_equal(json_array_size(json_object_get(border_answer, "rules")), 1);
}

static const json_t *finding(size_t i)
{
    return json_array_get(json_object_get(border_answer, "findings"), i);
}

static void put_text_file(const char *path, const char *text)
{
    put_file(path, text, strlen(text));
}

/* A ring of two and what hangs from it; without its like, an arrangement that waits in vain is told so. */
static void arrangements_under_each_other_are_refused(void **state)
{
    (void)state;
    const char *one = in_dir("a.agreement"), *two = in_dir("b.agreement"),
               *three = in_dir("c.agreement");
    put_text_file(three, "arrangement C3 under C2 \"c\"\n    parties KOR, JPN\n");
    put_text_file(one, "arrangement C1 under C2 \"a\"\n    parties KOR, JPN\n");
    put_text_file(two, "arrangement C2 under GSOMIA, C1 \"b\"\n    parties KOR, JPN\n");
    assert_int_equal(RUN("check", three, one, two, "agreements/gsomia.agreement"), CALL_FAILED);
    assert_string_equal(answer_string("error"), "arrangements stand under each other");
    unsigned told = 0;
    for (size_t i = 0; i < json_array_size(json_object_get(border_answer, "findings")); i++) {
        const char *says = json_string_value(json_object_get(finding(i), "sentence"));
        const char *file = json_string_value(json_object_get(finding(i), "file"));
        bool        ring = strstr(says, "stands itself under this arrangement") != NULL;
        assert_true(!ring || strcmp(file, three) != 0);
        told += ring;
    }
    assert_int_equal(told, 2);
    assert_int_equal(RUN("check", three, one), CALL_DONE);
    assert_non_null(
        strstr(json_string_value(json_object_get(finding(0), "sentence")), "not loaded"));
    put_text_file(one, "arrangement C1 under C2 \"a\"\n    note \"x\"\n");
    assert_int_equal(RUN("check", one), CALL_FAILED);
    (void)unlink(three);
}

/* ---- what is no text ---- */

#define HUGE_LEN (10u << 20)

static char huge[HUGE_LEN];

static void fill(const char *with)
{
    size_t len = strlen(with);
    for (size_t i = 0; i < HUGE_LEN; i++) {
        huge[i] = with[i % len];
    }
}

static void refused(const char *file, size_t len)
{
    const char *path = in_dir(file), *out = in_dir("table");
    put_file(path, huge, len);
    assert_int_equal(RUN("check", path), CALL_FAILED);
    (void)RUN("fmt", path); /* what is empty has a form, and means nothing */
    assert_int_equal(RUN("compile", path, "--out", out), CALL_FAILED);
    assert_true(answer_string("error")[0] != 0);
    assert_int_not_equal(access(out, F_OK), 0);
}

/* Ten megabytes, and what fits into one: repeated, nested, without an end, of no letters at all. */
static void what_is_no_text_is_refused_and_leaves_nothing(void **state)
{
    (void)state;
    static const char *const with[] = {"x",
                                       "[",
                                       "(((",
                                       "\"",
                                       "\n",
                                       "    never track\n",
                                       "agreement A \"a\"\n",
                                       "a,",
                                       ",,,",
                                       "= =>",
                                       "\xff",
                                       "\xc3",
                                       "\xed\xa0\x80",
                                       "\xf4\x90\x80\x80",
                                       "\xd0\x90",
                                       "\xe2\x80\xae",
                                       "\r\n",
                                       "rules KOR\n",
                                       "    note \"x\"\n",
                                       "    define area A = polygon 1N 1E, ",
                                       "article 1 \"x\"\n    article 1 \"x\"\n"};
    for (size_t i = 0; i < ARRAY_LEN(with); i++) {
        fill(with[i]);
        refused("huge", HUGE_LEN);
        refused("large", 1u << 20);
        refused("small", 4096);
    }
    memset(huge, 0, HUGE_LEN);
    refused("zeros", HUGE_LEN);
    refused("zero", 1);
    refused("empty", 0);
}

static void a_million_clauses_are_too_many(void **state)
{
    (void)state;
    static const char clause[] = "    never image\n";
    size_t            at = (size_t)snprintf(huge, 64, "agreement A \"a\"\n    parties KOR, JPN\n");
    for (; at + sizeof clause < HUGE_LEN; at += sizeof clause - 1) {
        memcpy(huge + at, clause, sizeof clause - 1);
    }
    refused("million", at);
    refused("thousands", 1u << 20);
    refused("hundreds", 16384);
}

/* ---- who has signed ---- */

static const char *signature_of(const char *party, const char *digest)
{
    char        text[512], zeros[2 * 64 + 1];
    const char *path = in_dir(party);
    memset(zeros, '0', sizeof zeros - 1);
    zeros[sizeof zeros - 1] = 0;
    int len = snprintf(text, sizeof text,
                       "accord agreement 1\nagreement GSOMIA\nparty %s\ndigest %s\nsignature %s\n",
                       party, digest, zeros);
    put_file(path, text, (size_t)len);
    return path;
}

static void load_refused(const char *one, const char *two, const char *error, const char *about)
{
    assert_int_equal(RUN("agreement", "load", "agreements/gsomia.agreement", "--as", "kim",
                         "--signature", one, "--signature", two),
                     CALL_FAILED);
    assert_string_equal(answer_string("error"), error);
    assert_non_null(strstr(answer_string("about"), about));
}

static void who_has_not_signed_is_named(void **state)
{
    (void)state;
    char digest[65];
    assert_int_equal(RUN("check", "agreements/gsomia.agreement"), CALL_DONE);
    const json_t *row = json_array_get(json_object_get(border_answer, "agreements"), 0);
    (void)snprintf(digest, sizeof digest, "%s", json_string_value(json_object_get(row, "digest")));
    const char *kor = signature_of("KOR", digest), *jpn = signature_of("JPN", digest),
               *usa = signature_of("USA", digest);
    /* Where there is no ledger the guard alone knows who has signed by letter, and no guard is named here. */
    assert_int_equal(
        RUN("agreement", "load", "agreements/gsomia.agreement", "--as", "kim", "--signature", kor),
        CALL_USAGE);
    load_refused(kor, kor, "of each party one signature is given, and this is its second",
                 "of KOR");
    load_refused(kor, usa, "whoever signed this is no party to the agreement", "of USA");
    digest[0] = digest[0] == '0' ? '1' : '0';
    jpn = signature_of("JPN", digest);
    load_refused(kor, jpn,
                 "what was signed there is another text than the one that is loaded, or was "
                 "compiled with other policies",
                 "JPN");
}

static int folder(void **state)
{
    (void)state;
    return mkdtemp(dir) == NULL ? -1 : 0;
}

static int folder_gone(void **state)
{
    (void)state;
    static const char *const file[] = {
        "a.agreement", "b.agreement", "KOR.rules", "huge",     "large", "small", "zeros", "zero",
        "empty",       "million",     "thousands", "hundreds", "KOR",   "JPN",   "USA"};
    for (size_t i = 0; i < ARRAY_LEN(file); i++) {
        (void)unlink(in_dir(file[i]));
    }
    return rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fmt_shows_checks_and_writes),
        cmocka_unit_test(a_text_with_a_mistake_is_not_formatted),
        cmocka_unit_test(the_grammar_is_printed),
        cmocka_unit_test(rules_are_judged_with_the_agreements_beside_them),
        cmocka_unit_test(arrangements_under_each_other_are_refused),
        cmocka_unit_test(what_is_no_text_is_refused_and_leaves_nothing),
        cmocka_unit_test(a_million_clauses_are_too_many),
        cmocka_unit_test(who_has_not_signed_is_named),
    };
    return cmocka_run_group_tests(tests, folder, folder_gone);
}
