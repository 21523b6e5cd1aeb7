/* SPDX-License-Identifier: Apache-2.0 */
/* The library as its header says: each call on what is good and what is not. */
#include <accord/marking.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define KOR     "KOR:II of KOR about dprk-missile from radar to JPN,USA"
#define KOR_OID "2.25.147695777703673308978538883565360363509.410"

static accord_policies *policies;
static accord_context  *context;
static accord_error    *error;

static int open_all(void **state)
{
    (void)state;
    policies = accord_policies_new();
    error = accord_error_new();
    assert_int_equal(accord_policies_add_folder(policies, "policies", error), ACCORD_OK);
    assert_int_equal(accord_context_new(policies, 0, &context, error), ACCORD_OK);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    accord_context_free(context);
    accord_policies_free(policies);
    accord_error_free(error);
    accord_marking_free(NULL);
    accord_reader_free(NULL);
    accord_context_free(NULL);
    accord_policies_free(NULL);
    return 0;
}

static accord_marking *read_as(const char *form, const char *text)
{
    accord_marking *m = NULL;
    if (accord_marking_read(context, form, text, strlen(text), &m, error) != ACCORD_OK) {
        print_message("%s: %s\n", accord_error_sentence(error), accord_error_about(error));
        fail();
    }
    return m;
}

static enum accord_code refused(const char *form, const char *text)
{
    accord_marking  *m = NULL;
    enum accord_code code = accord_marking_read(context, form, text, strlen(text), &m, error);
    assert_null(m);
    assert_int_equal(accord_error_code(error), code);
    assert_true(accord_error_sentence(error)[0] != 0);
    return code;
}

static void given(enum accord_given what, const char *text)
{
    assert_int_equal(accord_context_set(context, what, text, error), ACCORD_OK);
}

static void a_form_is_found_or_named(void **state)
{
    (void)state;
    accord_marking *m = read_as(NULL, "SECRET//NOFORN");
    assert_string_equal(accord_marking_form(m), "banner");
    assert_int_equal(accord_marking_guessed(m), 1);
    accord_marking_free(m);
    m = read_as("marking", KOR);
    assert_int_equal(accord_marking_guessed(m), 0);
    assert_null(accord_marking_deviation(m, 0));
    accord_marking_free(m);
    unsigned forms = 0;
    while (accord_form_name(forms) != NULL) {
        assert_non_null(accord_form_title(forms++));
    }
    assert_true(forms > 15);
    assert_null(accord_form_title(forms));
    assert_int_equal(accord_form_is_binary("ess"), 1);
    assert_int_equal(accord_form_is_binary("banner"), 0);
    assert_int_equal(accord_form_is_binary("no such"), 0);
}

static void what_is_wrong_has_value_and_place(void **state)
{
    (void)state;
    assert_int_equal(refused("banner", "SECRET//NOFORN/REL TO USA, JPN"), ACCORD_MALFORMED);
    assert_true(strstr(accord_error_about(error), "rule ") != NULL);
    assert_int_equal(refused("banner", "SECRET//NOTHING"), ACCORD_UNKNOWN);
    assert_string_equal(accord_error_value(error), "NOTHING");
    assert_int_equal(accord_error_offset(error), 8);
    assert_int_equal(refused("portion", "(S//REL)"), ACCORD_MALFORMED);
    assert_int_equal(refused("no such", KOR), ACCORD_UNKNOWN);
    assert_int_equal(refused(NULL, "no form"), ACCORD_UNKNOWN);
    assert_int_equal(refused("tlp", "TLP:BLUE"), ACCORD_UNKNOWN);
    assert_int_equal(refused("stanag4774", "<a>\n<b></a>"), ACCORD_MALFORMED);
    assert_true(accord_error_line(error) >= 1);
    accord_marking_free(read_as("tlp", "TLP:RED"));
    assert_int_equal(accord_error_code(error), ACCORD_OK);
    assert_string_equal(accord_error_sentence(error), "");
    static char     long_text[ACCORD_VALUE_MAX + 2];
    accord_marking *m = NULL;
    memset(long_text, 'S', sizeof long_text - 1);
    assert_int_equal(
        accord_marking_read(context, "banner", long_text, sizeof long_text - 1, &m, NULL),
        ACCORD_LIMIT);
}

static void a_loss_is_refused_until_it_is_named(void **state)
{
    static char text[ACCORD_TEXT_MAX];
    size_t      len = 0;
    (void)state;
    accord_marking *m = read_as("marking", KOR), *label = NULL;
    assert_int_equal(accord_marking_write(context, m, "banner", text, sizeof text, &len, error),
                     ACCORD_MALFORMED);
    assert_string_equal(text, "");
    assert_int_equal(accord_context_set(context, ACCORD_GIVEN_LEAVE_OUT, "topics,colour", error),
                     ACCORD_UNKNOWN);
    assert_string_equal(accord_error_value(error), "colour");
    given(ACCORD_GIVEN_LEAVE_OUT, "topics,disciplines");
    assert_int_equal(accord_marking_write(context, m, "banner", text, sizeof text, &len, error),
                     ACCORD_OK);
    assert_string_equal(text, "//KOR SECRET//REL TO USA, JPN, KOR");
    assert_int_equal(len, strlen(text));
    assert_int_equal(accord_marking_write(context, m, "banner", text, len, NULL, error),
                     ACCORD_LIMIT);
    assert_string_equal(text, "");
    given(ACCORD_GIVEN_LEAVE_OUT, NULL);
    given(ACCORD_GIVEN_CREATED, "2026-11-22T00:00:00Z");
    assert_int_equal(accord_marking_convert(context, m, "stanag4774", &label, error), ACCORD_OK);
    given(ACCORD_GIVEN_CREATED, NULL);
    assert_int_equal(
        accord_marking_write(context, label, "stanag4774", text, sizeof text, &len, error),
        ACCORD_OK);
    accord_marking *again = read_as(NULL, text);
    given(ACCORD_GIVEN_LEAVE_OUT, "created");
    assert_int_equal(
        accord_marking_write(context, again, "marking", text, sizeof text, NULL, error), ACCORD_OK);
    given(ACCORD_GIVEN_LEAVE_OUT, NULL);
    assert_string_equal(text, KOR);
    accord_marking_free(again);
    accord_marking_free(label);
    accord_marking_free(m);
}

static void a_line_wants_what_it_does_not_say(void **state)
{
    char text[1024];
    (void)state;
    accord_marking *m = read_as("banner", "SECRET//REL TO USA, JPN, KOR");
    assert_int_equal(accord_marking_write(context, m, "marking", text, sizeof text, NULL, error),
                     ACCORD_UNKNOWN);
    given(ACCORD_GIVEN_TOPICS, "dprk-missile");
    given(ACCORD_GIVEN_DISCIPLINES, "radar");
    assert_int_equal(accord_marking_write(context, m, "marking", text, sizeof text, NULL, error),
                     ACCORD_OK);
    assert_string_equal(text, "USA:SECRET of USA about dprk-missile from radar to JPN,KOR");
    given(ACCORD_GIVEN_TOPICS, NULL);
    given(ACCORD_GIVEN_DISCIPLINES, NULL);
    accord_marking_free(m);
    given(ACCORD_GIVEN_BANNER, "SECRET//REL TO USA, JPN");
    accord_marking_free(read_as("portion", "(S//REL)"));
    given(ACCORD_GIVEN_BANNER, NULL);
    static char long_text[ACCORD_GIVEN_MAX + 2];
    memset(long_text, 'a', sizeof long_text - 1);
    assert_int_equal(accord_context_set(context, ACCORD_GIVEN_OF, long_text, error), ACCORD_LIMIT);
    assert_int_equal(accord_context_set(context, (enum accord_given)99, "a", error),
                     ACCORD_UNKNOWN);
}

static enum accord_code person(const char *levels, const char *nationality, const char *employer,
                               accord_reader **out)
{
    const char *told[] = {levels, nationality, employer};
    return accord_reader_of_person(context, told, 3, out, error);
}

static void count_reason(void *to, const char *line)
{
    assert_true(line[0] != 0);
    ++*(unsigned *)to;
}

static void release_is_not_disclosure(void **state)
{
    unsigned       reasons = 0;
    accord_reader *kor = NULL, *jpn = NULL;
    (void)state;
    assert_int_equal(person("S,C,U", "KOR", "KOR", &kor), ACCORD_OK);
    assert_int_equal(person("S,C,U", "JPN", "JPN", &jpn), ACCORD_OK);
    accord_marking *m = read_as("banner", "SECRET//REL TO USA, JPN/DISPLAY ONLY KOR");
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(accord_access(context, m, jpn), ACCORD_RELEASE);
        assert_int_equal(accord_access(context, m, kor), ACCORD_DISCLOSE);
    }
    assert_int_equal(accord_access_reasons(m, kor, count_reason, &reasons), ACCORD_DISCLOSE);
    assert_true(reasons > 0);
    accord_marking_free(m);
    m = read_as("marking", KOR);
    assert_int_equal(accord_access(context, m, jpn), ACCORD_NOTHING);
    assert_int_equal(accord_access_reasons(m, jpn, NULL, NULL), ACCORD_NOTHING);
    accord_marking_free(m);
    accord_reader_free(jpn);
    accord_reader_free(kor);
    assert_int_equal(person("S,X", "KOR", NULL, &kor), ACCORD_UNKNOWN);
    assert_int_equal(person("S", NULL, NULL, &kor), ACCORD_MALFORMED);
    assert_int_equal(person("S", "KOR", "KOR,USA", &kor), ACCORD_MALFORMED);
    assert_string_equal(accord_error_about(error), "employer: KOR,USA");
    static const char *const told[10] = {"S", "KOR", "KOR"};
    assert_int_equal(accord_reader_of_person(context, told, 10, &kor, error), ACCORD_UNKNOWN);
    assert_int_equal(accord_reader_of_person(context, told, 9, &kor, error), ACCORD_OK);
    accord_reader_free(kor);
}

static const char cleared[] =
    "<clearance xmlns='http://surevine.com/xmlns/spiffy'><policy id='" KOR_OID "'>KOR</policy>"
    "<classification lacv='4'/><classification lacv='3'/>"
    "<tag type='enumeratedPermissive' id='" KOR_OID ".2' lacv='392'/>"
    "<tag type='restrictive' id='" KOR_OID ".3' lacv='5'/>"
    "<tag type='restrictive' id='" KOR_OID ".4' lacv='%s'/></clearance>";

static accord_reader *reader_with(const char *discipline)
{
    accord_reader *r = NULL;
    char           text[1024];
    const char    *at = strstr(cleared, "%s");
    size_t         before = (size_t)(at - cleared);
    memcpy(text, cleared, before);
    strcpy(text + before, discipline);
    strcat(text, at + 2);
    if (accord_reader_of_clearance(context, NULL, text, strlen(text), &r, error) != ACCORD_OK) {
        print_message("%s: %s\n", accord_error_sentence(error), accord_error_about(error));
        fail();
    }
    return r;
}

static void a_clearance_decides_about_a_label(void **state)
{
    accord_marking *m = NULL, *plain = read_as("marking", KOR);
    accord_reader  *r = NULL;
    unsigned        reasons = 0;
    (void)state;
    assert_int_equal(accord_marking_convert(context, plain, "xep-0258", &m, error), ACCORD_OK);
    assert_int_equal(accord_marking_valid(m, NULL, NULL), 1);
    unsigned yes = 0;
    for (char d = '1'; d <= '9'; d++) { /* one of the disciplines is the radar's */
        const char     number[] = {d, 0};
        accord_reader *one = reader_with(number);
        yes += accord_access(context, m, one) == ACCORD_RELEASE;
        reasons = 0;
        assert_int_equal(accord_access_reasons(m, one, count_reason, &reasons),
                         accord_access(context, m, one));
        assert_int_equal(reasons > 0, accord_access(context, m, one) == ACCORD_NOTHING);
        assert_int_equal(accord_access(context, plain, one), ACCORD_NOTHING);
        accord_reader_free(one);
    }
    assert_int_equal(yes, 1);
    assert_int_equal(accord_reader_of_clearance(context, NULL, "x", 1, &r, error), ACCORD_UNKNOWN);
    assert_int_equal(
        accord_reader_of_clearance(context, "no such", cleared, sizeof cleared - 1, &r, error),
        ACCORD_UNKNOWN);
    assert_null(r);
    accord_marking_free(plain);
    accord_marking_free(m);
}

static void the_whole_is_the_strictest(void **state)
{
    char                  text[256];
    accord_marking       *a = read_as("portion", "(S//REL TO USA, JPN)"), *joined = NULL;
    accord_marking       *b = read_as("portion", "(TS//REL TO USA, JPN, KOR)");
    accord_marking       *red = read_as("tlp", "TLP:RED");
    const accord_marking *two[] = {a, b}, *mixed[] = {a, red}, *reds[] = {red, red};
    (void)state;
    assert_int_equal(accord_join(context, ACCORD_RULE_CLOSED, two, 2, &joined, error), ACCORD_OK);
    assert_int_equal(
        accord_marking_write(context, joined, "banner", text, sizeof text, NULL, error), ACCORD_OK);
    assert_string_equal(text, "TOP SECRET//REL TO USA, JPN");
    accord_marking_free(joined);
    joined = NULL;
    assert_int_equal(accord_join(context, ACCORD_RULE_REGISTER, two, 2, &joined, error), ACCORD_OK);
    accord_marking_free(joined);
    joined = NULL;
    assert_int_equal(accord_join(context, ACCORD_RULE_ADATP, two, 2, &joined, error),
                     ACCORD_MALFORMED);
    assert_int_equal(accord_join(context, ACCORD_RULE_CLOSED, mixed, 2, &joined, error),
                     ACCORD_MALFORMED);
    assert_int_equal(accord_join(context, ACCORD_RULE_CLOSED, two, 0, &joined, error),
                     ACCORD_LIMIT);
    assert_int_equal(accord_join(context, (enum accord_rule)7, two, 2, &joined, error),
                     ACCORD_UNKNOWN);
    assert_null(joined);
    assert_int_equal(accord_join(context, ACCORD_RULE_ADATP, reds, 2, &joined, error), ACCORD_OK);
    accord_marking_free(joined);
    joined = NULL;
    assert_int_equal(accord_translate(context, red, "KOR", ACCORD_ENCRYPT, &joined, error),
                     ACCORD_UNKNOWN);
    assert_int_equal(accord_translate(context, red, "XYZ", ACCORD_ENCRYPT, &joined, error),
                     ACCORD_UNKNOWN);
    assert_int_equal(
        accord_translate(context, red, "KOR", (enum accord_direction)3, &joined, error),
        ACCORD_UNKNOWN);
    assert_int_equal(accord_translate(context, a, "KOR", ACCORD_DECRYPT, &joined, error),
                     ACCORD_MALFORMED);
    assert_null(joined);
    accord_marking_free(red);
    accord_marking_free(b);
    accord_marking_free(a);
}

static void what_a_person_decides_is_held(void **state)
{
    accord_marking       *a = read_as("banner", "SECRET//NOFORN"), *joined = NULL;
    accord_marking       *b = read_as("banner", "//KOR SECRET//REL TO JPN, KOR");
    const accord_marking *two[] = {a, b};
    (void)state;
    assert_int_equal(accord_join(context, ACCORD_RULE_CLOSED, two, 2, &joined, error), ACCORD_HOLD);
    assert_int_equal(accord_error_code(error), ACCORD_HOLD);
    assert_true(accord_error_sentence(error)[0] != 0);
    assert_null(joined);
    accord_marking_free(b);
    accord_marking_free(a);
}

static void it_is_shown_in_a_language(void **state)
{
    char            text[256];
    unsigned        lines = 0;
    accord_marking *m = read_as("marking", KOR);
    (void)state;
    assert_int_equal(accord_marking_display(m, "ko", text, sizeof text, error), ACCORD_OK);
    assert_string_equal(text, "군사 II급 비밀//REL TO JPN, USA");
    assert_int_equal(accord_marking_display(m, "ko", text, 8, error), ACCORD_LIMIT);
    assert_string_equal(text, "");
    accord_marking_explain(m, "ja", count_reason, &lines);
    assert_true(lines > 5);
    assert_int_equal(accord_marking_valid(m, count_reason, &lines), 1);
    accord_marking_free(m);
}

static void what_was_interned_is_the_same_handle(void **state)
{
    const accord_marking *a = NULL, *b = NULL, *c = NULL;
    (void)state;
    assert_int_equal(accord_marking_intern(context, "banner", "SECRET//NOFORN", 14, &a, error),
                     ACCORD_OK);
    assert_int_equal(accord_marking_intern(context, "banner", "SECRET//NOFORN", 14, &b, error),
                     ACCORD_OK);
    assert_ptr_equal(a, b);
    assert_int_equal(accord_marking_intern(context, NULL, "SECRET//NOFORN", 14, &c, error),
                     ACCORD_OK);
    assert_ptr_not_equal(a, c);
    given(ACCORD_GIVEN_BANNER, "SECRET//REL TO USA, JPN");
    assert_int_equal(accord_marking_intern(context, "portion", "(S//REL)", 8, &a, error),
                     ACCORD_OK);
    given(ACCORD_GIVEN_BANNER, "SECRET//REL TO USA, KOR");
    assert_int_equal(accord_marking_intern(context, "portion", "(S//REL)", 8, &b, error),
                     ACCORD_OK);
    assert_ptr_not_equal(a, b);
    given(ACCORD_GIVEN_BANNER, NULL);
    assert_int_equal(accord_marking_intern(context, "portion", "(S//REL)", 8, &c, error),
                     ACCORD_MALFORMED);
    static char long_text[ACCORD_INTERN_BYTES_MAX + 1];
    assert_int_equal(
        accord_marking_intern(context, "banner", long_text, sizeof long_text, &c, error),
        ACCORD_LIMIT);
}

/* Blanks around a line are no part of it, so that one marking has many texts */
static void no_more_is_interned_than_may_be(void **state)
{
    accord_context       *c = NULL;
    const accord_marking *m = NULL, *first = NULL;
    char                  text[128];
    (void)state;
    assert_int_equal(accord_context_new(policies, 0, &c, error), ACCORD_OK);
    for (unsigned i = 0; i <= ACCORD_INTERN_MAX; i++) {
        memset(text, ' ', sizeof text);
        memcpy(text + i % 40, "SECRET//NOFORN", 14);
        enum accord_code code =
            accord_marking_intern(c, "banner", text, 14 + i % 40 + i / 40, &m, error);
        assert_int_equal(code, i < ACCORD_INTERN_MAX ? ACCORD_OK : ACCORD_FULL);
        first = first == NULL ? m : first;
    }
    assert_int_equal(accord_marking_intern(c, "banner", "SECRET//NOFORN", 14, &m, error),
                     ACCORD_OK);
    assert_ptr_equal(m, first);
    accord_context_free(c);
}

static void policies_in_use_do_not_change(void **state)
{
    char             name[64];
    static char      xml[1 << 20];
    accord_context  *c = NULL;
    accord_policies *p = accord_policies_new();
    (void)state;
    FILE  *f = fopen("policies/KOR.xml", "rb");
    size_t len = fread(xml, 1, sizeof xml, f);
    (void)fclose(f);
    assert_int_equal(accord_policies_add_bytes(p, xml, len / 2, error), ACCORD_MALFORMED);
    assert_int_equal(accord_policies_name(p, 0, name, sizeof name, error), ACCORD_UNKNOWN);
    assert_int_equal(accord_policies_add_bytes(p, xml, len, error), ACCORD_OK);
    assert_int_equal(accord_policies_add_file(p, "policies/KOR.xml", error), ACCORD_CONFLICT);
    assert_int_equal(accord_policies_add_file(p, "policies/none.xml", error), ACCORD_IO);
    assert_int_equal(accord_policies_add_groups_bytes(p, "x\n", 2, error), ACCORD_MALFORMED);
    assert_int_equal(accord_policies_add_groups_file(p, "policies/groups.table", error), ACCORD_OK);
    assert_int_equal(accord_policies_add_groups_file(p, "policies/groups.table", error),
                     ACCORD_CONFLICT);
    assert_int_equal(
        accord_policies_add_label_groups_file(p, "policies/labels/groups.table", error), ACCORD_OK);
    assert_int_equal(accord_policies_add_label_groups_bytes(p, "", 0, error), ACCORD_CONFLICT);
    assert_int_equal(accord_policies_name(p, 0, name, sizeof name, error), ACCORD_OK);
    assert_string_equal(name, "KOR");
    assert_int_equal(accord_context_new(p, 0x80, &c, error), ACCORD_UNKNOWN);
    assert_int_equal(accord_policies_add_folder(p, "no such folder", error), ACCORD_UNKNOWN);
    assert_int_equal(accord_context_new(p, ACCORD_LENIENT, &c, error), ACCORD_OK);
    assert_int_equal(accord_policies_add_file(p, "policies/JPN.xml", error), ACCORD_STATE);
    accord_marking *m = read_as("marking", KOR), *out = NULL;
    assert_int_equal(accord_marking_convert(c, m, "banner", &out, error), ACCORD_MALFORMED);
    accord_marking_free(m);
    accord_context_free(c);
    accord_policies_free(p);
    assert_string_equal(accord_version(), "1.0");
}

/* One marking, one reader, a context for each thread */
struct shared {
    const accord_marking *marking;
    const accord_reader  *reader;
    unsigned              released;
};

static void *many(void *arg)
{
    struct shared   *s = arg;
    accord_context  *c = NULL;
    accord_marking  *m = NULL;
    const char       line[] = "SECRET//REL TO USA, JPN, KOR";
    enum accord_code code = accord_context_new(policies, 0, &c, NULL);
    for (unsigned i = 0; code == ACCORD_OK && i < 2000; i++) {
        code = accord_marking_read(c, "banner", line, sizeof line - 1, &m, NULL);
        s->released += code == ACCORD_OK && accord_access(c, m, s->reader) == ACCORD_RELEASE &&
                       accord_access(c, s->marking, s->reader) == ACCORD_RELEASE;
        accord_marking_free(m);
        m = NULL;
    }
    accord_context_free(c);
    return NULL;
}

static void threads_share_what_does_not_change(void **state)
{
    pthread_t      thread[4];
    struct shared  each[4];
    accord_reader *r = NULL;
    (void)state;
    assert_int_equal(person("S,C,U", "KOR", "KOR", &r), ACCORD_OK);
    accord_marking *m = read_as("banner", "SECRET//REL TO USA, KOR");
    for (unsigned i = 0; i < 4; i++) {
        each[i] = (struct shared){m, r, 0};
        assert_int_equal(pthread_create(&thread[i], NULL, many, &each[i]), 0);
    }
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(thread[i], NULL), 0);
        assert_int_equal(each[i].released, 2000);
    }
    accord_marking_free(m);
    accord_reader_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_is_found_or_named),
        cmocka_unit_test(what_is_wrong_has_value_and_place),
        cmocka_unit_test(a_loss_is_refused_until_it_is_named),
        cmocka_unit_test(a_line_wants_what_it_does_not_say),
        cmocka_unit_test(release_is_not_disclosure),
        cmocka_unit_test(a_clearance_decides_about_a_label),
        cmocka_unit_test(the_whole_is_the_strictest),
        cmocka_unit_test(what_a_person_decides_is_held),
        cmocka_unit_test(it_is_shown_in_a_language),
        cmocka_unit_test(what_was_interned_is_the_same_handle),
        cmocka_unit_test(no_more_is_interned_than_may_be),
        cmocka_unit_test(policies_in_use_do_not_change),
        cmocka_unit_test(threads_share_what_does_not_change),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
