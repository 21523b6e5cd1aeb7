/* SPDX-License-Identifier: Apache-2.0 */
/* What check calls an error is compiled for nobody: each kind of it, by the same line, and nothing is left behind. */
#include <sys/stat.h>
#include <unistd.h>

#include "cli/file.h"
#include "unit/cli/run.h"
#include "unit/language/finding_rows.h"
#include "unit/language/mistake_rows.h"

static char dir[] = "/tmp/accord-signed-XXXXXX";

static const char *in_dir(const char *file)
{
    static char path[8][96];
    static int  next;
    char       *out = path[next++ % 8];
    (void)snprintf(out, sizeof path[0], "%s/%s", dir, file);
    return out;
}

static void put_text_file(const char *path, const char *text)
{
    BORDER_OK(file_replace(path, span_text(text), 0640));
}

static bool is_error(const json_t *finding, unsigned line, const char *sentence)
{
    return json_integer_value(json_object_get(finding, "line")) == line &&
           strcmp(json_string_value(json_object_get(finding, "severity")), "error") == 0 &&
           strstr(json_string_value(json_object_get(finding, "sentence")), sentence) != NULL;
}

static bool told(unsigned line, const char *sentence)
{
    size_t        i;
    const json_t *one;
    json_array_foreach(json_object_get(border_answer, "findings"), i, one)
    {
        if (is_error(one, line, sentence)) {
            return true;
        }
    }
    return false;
}

static void refused(const char *text, const char *beside, unsigned line, const char *sentence)
{
    const char *path = in_dir("text"), *out = in_dir("table"), *with = in_dir(beside);
    put_text_file(path, text);
    for (unsigned i = 0; i < 2; i++) {
        int status = i == 0 ? RUN("compile", path, "--with", with, "--out", out)
                            : RUN("check", path, "--with", with);
        if (status != CALL_FAILED || !told(line, sentence)) {
            print_message("%s wants at line %u: %s\n%s", i == 0 ? "compile" : "check", line,
                          sentence, text);
        }
        assert_int_equal(status, CALL_FAILED);
        assert_true(told(line, sentence));
        assert_int_not_equal(access(out, F_OK), 0);
    }
}

static void what_check_refuses_compile_refuses(void **state)
{
    (void)state;
    unsigned errors = 0;
    for (size_t i = 0; i < ARRAY_LEN(finding_row); i++) {
        const struct finding *f = &finding_row[i];
        bool                  rules = strncmp(f->has, RULES, sizeof RULES - 1) == 0;
        if (f->severity == SEVERITY_ERROR && !rules) {
            refused(f->has, "above", f->line, f->sentence);
            errors++;
        }
    }
    assert_true(errors >= 14);
    for (size_t i = 0; i < ARRAY_LEN(mistake_row); i++) {
        const struct mistake *m = &mistake_row[i];
        if (strncmp(m->text, RULES, sizeof RULES - 1) != 0) {
            refused(m->text, "above/b.agreement", m->line, m->says);
        }
    }
}

/* The nearest text that has no such error is compiled, and of what is only worth a look nothing is told. */
static void the_nearest_that_is_right_is_compiled(void **state)
{
    (void)state;
    const char *path = in_dir("text"), *out = in_dir("table"), *above = in_dir("above");
    for (size_t i = 0; i < ARRAY_LEN(finding_row); i++) {
        const struct finding *f = &finding_row[i];
        bool                  rules = strncmp(f->has, RULES, sizeof RULES - 1) == 0;
        if (f->severity != SEVERITY_ERROR || rules) {
            continue;
        }
        put_text_file(path, f->has_not);
        assert_int_equal(RUN("compile", path, "--with", above, "--out", out), CALL_DONE);
        assert_null(json_object_get(border_answer, "findings"));
        assert_int_equal(access(out, F_OK), 0);
        assert_int_equal(unlink(out), 0);
    }
}

static void without_what_it_stands_under_nothing_is_compiled(void **state)
{
    (void)state;
    const char *path = in_dir("text"), *out = in_dir("table");
    put_text_file(path, "arrangement B under A \"b\"\n    parties KOR, JPN\n");
    assert_int_equal(RUN("compile", path, "--out", out), CALL_FAILED);
    assert_true(told(1, "the agreement 'A' is not here"));
    assert_int_not_equal(access(out, F_OK), 0);
    assert_int_equal(RUN("check", path), CALL_DONE);
    assert_int_equal(RUN("compile", path, "--with", in_dir("above/a.agreement"), "--out", out),
                     CALL_DONE);
    assert_int_equal(unlink(out), 0);
}

/* A folder may hold the text itself. */
static void a_text_may_stand_in_the_folder_beside_it(void **state)
{
    (void)state;
    const char *out = in_dir("table");
    assert_int_equal(
        RUN("compile", in_dir("above/c.agreement"), "--with", in_dir("above"), "--out", out),
        CALL_DONE);
    assert_int_equal(RUN("check", in_dir("above")), CALL_DONE);
    assert_int_equal(json_array_size(json_object_get(border_answer, "agreements")), 3);
    assert_int_equal(unlink(out), 0);
}

static int folder_begin(void **state)
{
    (void)state;
    if (mkdtemp(dir) == NULL || mkdir(in_dir("above"), 0750) != 0) {
        return -1;
    }
    put_text_file(in_dir("above/a.agreement"), SOUND);
    put_text_file(in_dir("above/b.agreement"), EMPTY);
    put_text_file(in_dir("above/c.agreement"), CLAIMER);
    return 0;
}

static int folder_gone(void **state)
{
    (void)state;
    return folder_end(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_check_refuses_compile_refuses),
        cmocka_unit_test(the_nearest_that_is_right_is_compiled),
        cmocka_unit_test(without_what_it_stands_under_nothing_is_compiled),
        cmocka_unit_test(a_text_may_stand_in_the_folder_beside_it),
    };
    return cmocka_run_group_tests(tests, folder_begin, folder_gone);
}
