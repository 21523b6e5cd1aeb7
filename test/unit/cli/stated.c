/* SPDX-License-Identifier: Apache-2.0 */
/* submit with a marking in another form, and the labels of what was opened. */
#include <stdlib.h>
#include <unistd.h>

#include "cli/file.h"
#include "cli/opened_label.h"
#include "unit/cli/run.h"

#define USA "USA:SECRET of USA about dprk-missile from imagery to JPN,KOR"
#define KOR "KOR:II of KOR about dprk-missile from radar to JPN,USA"

static char dir[] = "/tmp/accord-stated-XXXXXX";

static const char *in_dir(const char *file)
{
    static char path[8][256];
    static int  next;
    char       *p = path[next++ % 8];
    (void)snprintf(p, sizeof path[0], "%s/%.128s", dir, file);
    return p;
}

static void put_file(const char *file, const char *text)
{
    BORDER_OK(file_replace(in_dir(file), span_text(text), 0600));
}

/* A marking of the line, in a form, as a file */
static void label_file(const char *marking, const char *form, const char *file)
{
    (void)unlink(in_dir(file));
    assert_int_equal(RUN("marking", "convert", "--text", marking, "--to", form, "--leave-out",
                         "topics,disciplines", "--out", in_dir(file)),
                     CALL_DONE);
}

static int start(void **state)
{
    (void)state;
    if (mkdtemp(dir) == NULL ||
        RUN("party", "init", "USA", "--dir", in_dir("usa"), "--desk", "127.0.0.1:7100", "--courier",
            "127.0.0.1:7101", "--officer", "jones:G2", "--officer", "smith:G3") != CALL_DONE) {
        return 1;
    }
    put_file("report.txt", "one page\n");
    return 0;
}

static int stop(void **state)
{
    (void)state;
    return folder_end(dir);
}

#define SUBMIT(file, ...)                                                                          \
    (dropped_gone(file),                                                                           \
     RUN("submit", in_dir(file), "--dir", in_dir("usa"), "--as", "jones", "--title", "a title",    \
         "--kind", "image", "--precedence", "ROUTINE", "--drop", __VA_ARGS__))

static void dropped_gone(const char *file)
{
    char path[128];
    (void)snprintf(path, sizeof path, "usa/drop/%s", file);
    (void)unlink(in_dir(path));
    (void)snprintf(path, sizeof path, "usa/drop/%s.submission", file);
    (void)unlink(in_dir(path));
}

static void a_line_of_the_register_becomes_a_marking(void **state)
{
    (void)state;
    put_file("line", "SECRET//REL TO USA, JPN, KOR\n");
    assert_int_equal(SUBMIT("report.txt", "--marking-file", in_dir("line"), "--marking-form",
                            "banner", "--topics", "dprk-missile", "--disciplines", "imagery"),
                     CALL_DONE);
    assert_string_equal(answer_string("marking"), USA);
}

static void what_no_line_says_has_to_be_given(void **state)
{
    (void)state;
    put_file("line", "SECRET//REL TO USA, JPN, KOR\n");
    assert_int_equal(
        SUBMIT("report.txt", "--marking-file", in_dir("line"), "--marking-form", "banner"),
        CALL_FAILED);
    assert_non_null(strstr(answer_string("about"), "--topics"));
    assert_int_equal(SUBMIT("report.txt", "--marking-file", in_dir("line")), CALL_USAGE);
    assert_int_equal(SUBMIT("report.txt", "--marking-file", in_dir("line"), "--marking-form", "x"),
                     CALL_USAGE);
    assert_int_equal(SUBMIT("report.txt", "--marking-file", in_dir("line"), "--marking-form",
                            "banner", "--to", "JPN"),
                     CALL_USAGE);
    assert_int_equal(SUBMIT("report.txt", "--marking-file", in_dir("nowhere"), "--marking-form",
                            "banner", "--topics", "dprk-missile", "--disciplines", "imagery"),
                     CALL_FAILED);
}

static void what_a_marking_cannot_hold_is_named(void **state)
{
    (void)state;
    put_file("line", "SECRET//SI//REL TO USA, JPN\n");
    assert_int_equal(SUBMIT("report.txt", "--marking-file", in_dir("line"), "--marking-form",
                            "banner", "--topics", "dprk-missile", "--disciplines", "imagery"),
                     CALL_FAILED);
    assert_non_null(strstr(answer_string("about"), "SCIcontrols"));
}

static void a_label_is_read_with_all_its_parts(void **state)
{
    (void)state;
    (void)unlink(in_dir("label.xml"));
    assert_int_equal(RUN("marking", "convert", "--text", USA, "--to", "stanag4774", "--created",
                         "2026-11-22T00:00:00Z", "--out", in_dir("label.xml")),
                     CALL_DONE);
    /* when it was made is in no marking */
    assert_int_equal(
        SUBMIT("report.txt", "--marking-file", in_dir("label.xml"), "--marking-form", "stanag4774"),
        CALL_FAILED);
    assert_non_null(strstr(answer_string("error"), "created"));
    assert_int_equal(SUBMIT("report.txt", "--marking-file", in_dir("label.xml"), "--marking-form",
                            "stanag4774", "--leave-out", "created"),
                     CALL_DONE);
    assert_string_equal(answer_string("marking"), USA);
    assert_int_equal(SUBMIT("report.txt", "--marking-file", in_dir("label.xml"), "--marking-form",
                            "stanag4774", "--leave-out", "created", "--topics", "other"),
                     CALL_FAILED);
}

static void another_party_s_is_refused(void **state)
{
    (void)state;
    label_file(KOR, "xep-0258", "kor.xml");
    assert_int_equal(
        SUBMIT("report.txt", "--marking-file", in_dir("kor.xml"), "--marking-form", "xep-0258"),
        CALL_FAILED);
    assert_string_equal(answer_string("code"), "denied");
}

/* ---- what the product says itself ---- */

static void an_image_s_own_fields_are_its_marking(void **state)
{
    (void)state;
    label_file(USA, "nitf", "image");
    assert_int_equal(
        SUBMIT("image", "--inside", "nitf", "--topics", "dprk-missile", "--disciplines", "imagery"),
        CALL_DONE);
    assert_string_equal(answer_string("marking"), USA);
    assert_int_equal(SUBMIT("report.txt", "--inside", "nitf", "--topics", "dprk-missile",
                            "--disciplines", "imagery"),
                     CALL_FAILED);
}

static void a_product_that_says_otherwise_is_refused(void **state)
{
    (void)state;
    label_file(USA, "nitf", "image");
    assert_int_equal(SUBMIT("image", "--inside", "nitf", "--marking", USA), CALL_DONE);
    assert_string_equal(answer_string("marking"), USA);
    assert_int_equal(SUBMIT("image", "--inside", "nitf", "--marking",
                            "USA:SECRET of USA about dprk-missile from imagery to JPN"),
                     CALL_FAILED);
    assert_string_equal(answer_string("code"), "conflict");
    assert_non_null(strstr(answer_string("about"), "to JPN,KOR"));
    assert_int_equal(SUBMIT("image", "--inside", "nitf", "--level", "USA:CONFIDENTIAL", "--topics",
                            "dprk-missile", "--disciplines", "imagery", "--to", "JPN,KOR"),
                     CALL_FAILED);
    assert_string_equal(answer_string("code"), "conflict");
    put_file("line", "SECRET//NOFORN\n");
    assert_int_equal(SUBMIT("image", "--inside", "nitf", "--marking-file", in_dir("line"),
                            "--marking-form", "banner", "--topics", "dprk-missile", "--disciplines",
                            "imagery"),
                     CALL_FAILED);
    assert_string_equal(answer_string("code"), "conflict");
    put_file("line", "SECRET//REL TO USA, JPN, KOR\n");
    assert_int_equal(SUBMIT("image", "--inside", "nitf", "--marking-file", in_dir("line"),
                            "--marking-form", "banner", "--topics", "dprk-missile", "--disciplines",
                            "imagery"),
                     CALL_DONE);
}

/* What stands in the product stays in it: a date of its label is not lost. */
static void a_date_inside_is_not_lost(void **state)
{
    (void)state;
    (void)unlink(in_dir("label.xml"));
    assert_int_equal(RUN("marking", "convert", "--text", USA, "--to", "stanag4774", "--created",
                         "2026-11-22T00:00:00Z", "--out", in_dir("label.xml")),
                     CALL_DONE);
    assert_int_equal(SUBMIT("label.xml", "--inside", "stanag4774"), CALL_DONE);
    assert_string_equal(answer_string("marking"), USA);
}

/* ---- what the events of a source may say ---- */

#define SOURCE(...)                                                                                \
    RUN("source", "add", "radar", "--dir", in_dir("usa"), "--as", "jones", "--as", "smith",        \
        "--udp", "127.0.0.1:7001", "--kind", "track", "--precedence", "FLASH", "--marking", USA,   \
        __VA_ARGS__)

static void a_source_s_labels_say_its_marking(void **state)
{
    (void)state;
    assert_int_equal(SOURCE("--access", "SECRET", "--releasable-to", "USA, JPN"), CALL_FAILED);
    assert_string_equal(answer_string("code"), "conflict");
    assert_non_null(strstr(answer_string("about"), "to JPN"));
    assert_int_equal(SOURCE("--access", "CONFIDENTIAL", "--releasable-to", "USA, JPN, KOR"),
                     CALL_FAILED);
    assert_string_equal(answer_string("code"), "conflict");
    assert_int_equal(SOURCE("--releasable-to", "USA, JPN, KOR"), CALL_FAILED);
    assert_non_null(strstr(answer_string("error"), "classification"));
    assert_int_equal(SOURCE("--access", "SECRET", "--caveat", "ORCON"), CALL_USAGE);
    /* what is right comes as far as the desk, which is not there */
    assert_int_equal(SOURCE("--access", "SECRET", "--releasable-to", "JPN KOR USA"), CALL_FAILED);
    assert_string_not_equal(answer_string("code"), "conflict");
    assert_null(strstr(answer_string("about"), "they say"));
}

/* ---- the labels of what was opened ---- */

static struct label_wanted wanted;
static struct call         opening;

static err labels_of(const char *form, const char *describe)
{
    memset(&opening, 0, sizeof opening);
    opening.answer = border_answer = border_answer == NULL ? json_object() : border_answer;
    opening.notes = stderr;
    (void)unlink(in_dir("theirs"));
    (void)unlink(in_dir("ours"));
    opening.given[0].name = "label-form";
    opening.given[0].value = form;
    opening.given[1].name = "label";
    opening.given[1].value = in_dir("theirs");
    opening.given[2].name = "own-label";
    opening.given[2].value = in_dir("ours");
    opening.given_count = 3;
    err e = label_wanted_open(&opening, &wanted);
    if (!err_is(e)) {
        e = opened_labels(&opening, &wanted, span_text(describe), in_dir("report.txt"));
        label_wanted_close(&wanted);
    }
    return e;
}

#define DESCRIBE                                                                                   \
    "handle 00\noriginator KOR\nkind image\ntitle own-level USA:SECRET\nmarking " KOR "\n"         \
    "own-level JPN:GOKUHI\nown-level-chosen no\nbanner x\ncreated 2026-11-22T12:00:00.125Z\n"

static const char *text_of(const char *file)
{
    static char buf[16384];
    span        text;
    BORDER_OK(file_read(in_dir(file), (uint8_t *)buf, sizeof buf - 1, &text));
    buf[text.len] = 0;
    return buf;
}

static void the_added_level_stands_beside_the_originator_s(void **state)
{
    (void)state;
    BORDER_OK(labels_of("stanag4774", DESCRIBE));
    assert_non_null(strstr(text_of("theirs"), "<originatorConfidentialityLabel"));
    assert_non_null(strstr(text_of("ours"), "<alternativeConfidentialityLabel"));
    assert_non_null(strstr(text_of("ours"), ">O=KOR</OriginatorID>"));
    assert_non_null(strstr(text_of("ours"), "2026-11-22T12:00:00.125Z"));
    assert_int_equal(
        RUN("marking", "convert", in_dir("theirs"), "--to", "marking", "--leave-out", "created"),
        CALL_DONE);
    assert_string_equal(answer_string("text"), KOR);
    assert_int_equal(RUN("marking", "convert", in_dir("ours"), "--to", "marking", "--leave-out",
                         "created,originator"),
                     CALL_FAILED); /* it is no originator's label */
    assert_int_equal(RUN("marking", "convert", in_dir("ours"), "--to", "marking", "--leave-out",
                         "created,originator,kind"),
                     CALL_DONE);
    assert_string_equal(answer_string("text"),
                        "JPN:GOKUHI of JPN about dprk-missile from radar to JPN,USA");
}

static void a_form_without_a_word_for_it_is_refused(void **state)
{
    (void)state;
    assert_true(labels_of("banner", DESCRIBE).code == ERR_UNKNOWN);
    assert_int_not_equal(access(in_dir("theirs"), F_OK), 0);
    assert_true(labels_of("xep-0258", DESCRIBE).code == ERR_MALFORMED);
    assert_int_equal(access(in_dir("theirs"), F_OK), 0);
    assert_int_not_equal(access(in_dir("ours"), F_OK), 0);
}

static void what_is_our_own_has_no_level_added(void **state)
{
    (void)state;
    assert_true(labels_of("stanag4774", "originator KOR\nmarking " KOR "\nown-level KOR:II\n"
                                        "created 2026-11-22T12:00:00.125Z\n")
                    .code == ERR_UNKNOWN);
}

static void caveats_have_no_words_elsewhere(void **state)
{
    (void)state;
    assert_true(
        labels_of("stanag4774",
                  "originator USA\nmarking USA:SECRET of USA about dprk-missile from radar to KOR "
                  "caveats ORCON\nown-level KOR:II\ncreated 2026-11-22T12:00:00.125Z\n")
            .code == ERR_DENIED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_of_the_register_becomes_a_marking),
        cmocka_unit_test(what_no_line_says_has_to_be_given),
        cmocka_unit_test(what_a_marking_cannot_hold_is_named),
        cmocka_unit_test(a_label_is_read_with_all_its_parts),
        cmocka_unit_test(another_party_s_is_refused),
        cmocka_unit_test(an_image_s_own_fields_are_its_marking),
        cmocka_unit_test(a_product_that_says_otherwise_is_refused),
        cmocka_unit_test(a_date_inside_is_not_lost),
        cmocka_unit_test(a_source_s_labels_say_its_marking),
        cmocka_unit_test(the_added_level_stands_beside_the_originator_s),
        cmocka_unit_test(a_form_without_a_word_for_it_is_refused),
        cmocka_unit_test(what_is_our_own_has_no_level_added),
        cmocka_unit_test(caveats_have_no_words_elsewhere),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
