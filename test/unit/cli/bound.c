/* SPDX-License-Identifier: Apache-2.0 */
/* Bindings at the border: off until accord.conf says otherwise; the marking of a product, and what was opened. */
#include <stdlib.h>
#include <unistd.h>

#include "cli/file.h"
#include "cli/opened_label.h"
#include "crypt/cert.h"
#include "crypt/pem.h"
#include "loop/loop.h"
#include "unit/cli/run.h"

#define USA   "USA:SECRET of USA about dprk-missile from imagery to JPN,KOR"
#define KOR   "KOR:II of KOR about dprk-missile from radar to JPN,USA"
#define MADE  "--created", "2026-11-22T00:00:00Z"
#define SIGNS "--key", in_dir("key.pem"), "--certificate", in_dir("signer.pem")

static char dir[] = "/tmp/accord-bound-XXXXXX";

static const char *in_dir(const char *file)
{
    static char path[8][256];
    static int  next;
    char       *p = path[next++ % 8];
    (void)snprintf(p, sizeof path[0], "%s/%.128s", dir, file);
    return p;
}

static void put_file(const char *file, span text)
{
    BORDER_OK(file_replace(in_dir(file), text, 0600));
}

static void pem_file(const char *file, const char *label, span der)
{
    uint8_t       text[8192];
    struct writer w = WRITER_OF(text);
    pem_put(&w, label, der);
    put_file(file, writer_span(&w));
}

static void signer_make(const char *certificate)
{
    uint8_t       key_bytes[CERT_KEY_MAX], der_bytes[CERT_DER_MAX];
    struct writer key = WRITER_OF(key_bytes), der = WRITER_OF(der_bytes);
    name          party;
    instant       now = loop_clock_now().real;
    BORDER_OK(name_of(SPAN_LIT("USA"), &party));
    BORDER_OK(cert_key_make(DH_P384, &key));
    BORDER_OK(cert_identity_make(&party, writer_span(&key), now - MS_PER_DAY, now + MS_PER_DAY,
                                 random_system(), &der));
    pem_file("key.pem", "PRIVATE KEY", writer_span(&key));
    pem_file(certificate, "CERTIFICATE", writer_span(&der));
}

static void bind(const char *product, const char *label, const char *alternative)
{
    (void)unlink(in_dir("b.xml"));
    int status = alternative == NULL
                     ? RUN("marking", "bind", "--data", in_dir(product), "--label", label, MADE,
                           SIGNS, "--out", in_dir("b.xml"))
                     : RUN("marking", "bind", "--data", in_dir(product), "--label", label,
                           "--alternative", alternative, "--added-by", "dNSName=gate.example", MADE,
                           SIGNS, "--out", in_dir("b.xml"));
    assert_int_equal(status, CALL_DONE);
}

static int start(void **state)
{
    (void)state;
    if (mkdtemp(dir) == NULL ||
        RUN("party", "init", "USA", "--dir", in_dir("usa"), "--desk", "127.0.0.1:7100", "--courier",
            "127.0.0.1:7101", "--officer", "jones:G2", "--officer", "smith:G3") != CALL_DONE) {
        return 1;
    }
    put_file("report.txt", SPAN_LIT("one page\n"));
    put_file("report.xml", SPAN_LIT("<report>one page</report>"));
    signer_make("stranger.pem");
    signer_make("signer.pem");
    return 0;
}

static int stop(void **state)
{
    (void)state;
    return folder_end(dir);
}

static void dropped_gone(const char *file)
{
    char path[128];
    (void)snprintf(path, sizeof path, "usa/drop/%s", file);
    (void)unlink(in_dir(path));
    (void)snprintf(path, sizeof path, "usa/drop/%s.submission", file);
    (void)unlink(in_dir(path));
}

#define SUBMIT(file, ...)                                                                          \
    (dropped_gone(file),                                                                           \
     RUN("submit", in_dir(file), "--dir", in_dir("usa"), "--as", "jones", "--title", "a title",    \
         "--kind", "image", "--precedence", "ROUTINE", "--drop", __VA_ARGS__))
#define BOUND   "--binding", in_dir("b.xml")
#define TRUSTED "--trust", in_dir("signer.pem"), "--leave-out", "created"

static void refused(int status, const char *why)
{
    assert_int_not_equal(status, CALL_DONE);
    assert_string_equal(answer_string("error"), why);
}

#define OFF "bindings are off at this party's border: accord.conf has to say `bindings on`"

static void off_until_it_is_on(void **state)
{
    static uint8_t buf[4096];
    span           text;
    struct writer  w = WRITER_OF(buf);
    (void)state;
    bind("report.txt", USA, NULL);
    refused(SUBMIT("report.txt", BOUND, TRUSTED), OFF);
    refused(RUN("open", "00000000000000000000000000000000", "--dir", in_dir("usa"), "--as", "jones",
                "--purpose", "p", "--out", in_dir("out"), "--binding", in_dir("new.xml"), SIGNS),
            OFF);
    BORDER_OK(file_read(in_dir("usa/accord.conf"), buf, sizeof buf - 16, &text));
    w.len = text.len;
    put_text(&w, "bindings on\n");
    put_file("usa/accord.conf", writer_span(&w));
    assert_int_equal(SUBMIT("report.txt", BOUND, TRUSTED), CALL_DONE);
    assert_string_equal(answer_string("marking"), USA);
}

static void the_product_is_what_was_signed(void **state)
{
    (void)state;
    bind("report.txt", USA, NULL);
    put_file("report.txt", SPAN_LIT("another page\n"));
    refused(SUBMIT("report.txt", BOUND, TRUSTED), "the data is not what was signed");
    put_file("report.txt", SPAN_LIT("one page\n"));
    assert_int_equal(SUBMIT("report.txt", BOUND, TRUSTED), CALL_DONE);
    refused(SUBMIT("report.xml", BOUND, TRUSTED), "the binding says nothing about this file");
}

static void who_signed_it_is_trusted(void **state)
{
    (void)state;
    bind("report.txt", USA, NULL);
    refused(
        SUBMIT("report.txt", BOUND, "--trust", in_dir("stranger.pem"), "--leave-out", "created"),
        "the signer's certificate is not one that is trusted");
    refused(SUBMIT("report.txt", BOUND, "--leave-out", "created"),
            "it is signed: say whose signature is trusted");
    (void)unlink(in_dir("b.xml"));
    assert_int_equal(RUN("marking", "bind", "--data", in_dir("report.txt"), "--label", USA, MADE,
                         "--unsigned", "--out", in_dir("b.xml")),
                     CALL_DONE);
    refused(SUBMIT("report.txt", BOUND, TRUSTED), "nobody has signed the binding");
}

static void the_label_becomes_the_own_marking_without_loss(void **state)
{
    (void)state;
    bind("report.txt", KOR, NULL);
    refused(SUBMIT("report.txt", BOUND, TRUSTED),
            "it is another party's marking: only what is our own is submitted");
    bind("report.txt", USA, NULL);
    assert_int_equal(SUBMIT("report.txt", BOUND, "--trust", in_dir("signer.pem")), CALL_FAILED);
    assert_non_null(strstr(answer_string("error"), "created"));
    refused(SUBMIT("report.txt", BOUND, TRUSTED, "--marking", USA),
            "the marking is stated in one way, not in two");
    bind("report.txt", USA, "TLP:RED");
    refused(SUBMIT("report.txt", BOUND, TRUSTED),
            "it would lose labels that others added, or of the metadata");
    assert_int_equal(SUBMIT("report.txt", BOUND, TRUSTED, "--leave-out", "kind"), CALL_DONE);
    assert_string_equal(answer_string("marking"), USA);
}

static void a_document_is_submitted_with_its_own_binding(void **state)
{
    (void)state;
    (void)unlink(in_dir("bound.xml"));
    assert_int_equal(RUN("marking", "bind", "--embedded", "--data", in_dir("report.xml"), "--label",
                         USA, "--alternative", "TLP:RED", "--added-by", "dNSName=gate.example",
                         MADE, SIGNS, "--out", in_dir("bound.xml")),
                     CALL_DONE);
    assert_int_equal(
        SUBMIT("bound.xml", "--binding", in_dir("bound.xml"), "--trust", in_dir("signer.pem")),
        CALL_DONE);
    assert_string_equal(answer_string("marking"), USA);
    refused(SUBMIT("report.xml", "--binding", in_dir("bound.xml"), "--trust", in_dir("signer.pem")),
            "the binding is embedded in another document");
}

/* ---- what was opened ---- */

#define DESCRIBE                                                                                   \
    "handle 00\noriginator KOR\nkind image\ntitle a title\nmarking " KOR "\nown-level %s\n"        \
    "own-level-chosen no\nbanner x\ncreated 2026-11-22T12:00:00.125Z\n"

static void opened_with(const char *own_level)
{
    static struct label_wanted wanted;
    static struct call         opening;
    char                       describe[1024];
    (void)snprintf(describe, sizeof describe, DESCRIBE, own_level);
    (void)unlink(in_dir("new.xml"));
    memset(&opening, 0, sizeof opening);
    opening.answer = border_answer;
    opening.notes = stderr;
    opening.dir = in_dir("usa");
    opening.given[0].name = "binding";
    opening.given[0].value = in_dir("new.xml");
    opening.given[1].name = "key";
    opening.given[1].value = in_dir("key.pem");
    opening.given[2].name = "certificate";
    opening.given[2].value = in_dir("signer.pem");
    opening.given_count = 3;
    BORDER_OK(label_wanted_open(&opening, &wanted));
    BORDER_OK(opened_labels(&opening, &wanted, span_text(describe), in_dir("report.txt")));
    label_wanted_close(&wanted);
    assert_int_equal(RUN("marking", "unbind", in_dir("new.xml"), "--data", in_dir("report.txt"),
                         "--trust", in_dir("signer.pem")),
                     CALL_DONE);
}

static const char *label_text(size_t i, const char *key)
{
    json_t     *one = json_array_get(json_object_get(border_answer, "bindings"), 0);
    const char *s =
        json_string_value(json_object_get(json_array_get(json_object_get(one, "labels"), i), key));
    return s == NULL ? "" : s;
}

static void both_labels_are_bound_to_what_was_opened(void **state)
{
    (void)state;
    opened_with("USA:SECRET");
    assert_string_equal(label_text(0, "kind"), "originator");
    assert_string_equal(label_text(0, "policy"), "KOR");
    assert_string_equal(label_text(1, "kind"), "alternative");
    assert_string_equal(label_text(1, "policy"), "USA");
    assert_string_equal(label_text(1, "originator"), "O=KOR");
    opened_with("KOR:II");
    assert_string_equal(label_text(0, "policy"), "KOR");
    assert_string_equal(label_text(1, "kind"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(off_until_it_is_on),
        cmocka_unit_test(the_product_is_what_was_signed),
        cmocka_unit_test(who_signed_it_is_trusted),
        cmocka_unit_test(the_label_becomes_the_own_marking_without_loss),
        cmocka_unit_test(a_document_is_submitted_with_its_own_binding),
        cmocka_unit_test(both_labels_are_bound_to_what_was_opened),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
