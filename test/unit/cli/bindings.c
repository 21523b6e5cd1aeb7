/* SPDX-License-Identifier: Apache-2.0 */
/* accord marking bind and unbind: what is told, and what is refused. */
#include <stdlib.h>
#include <unistd.h>

#include "crypt/cert.h"
#include "crypt/pem.h"
#include "loop/loop.h"
#include "unit/cli/run.h"

#define LABEL "KOR:II of KOR about dprk-missile from radar to JPN,USA"
#define MADE  "--created", "2026-11-22T00:00:00Z"
#define SIGNS "--key", at[KEY], "--certificate", at[SIGNER]

enum file { DATA, OTHER, SAME, DOCUMENT, KEY, SIGNER, STRANGER, BOUND, INSIDE, OPEN, FILE_COUNT };
static const char *const names[FILE_COUNT] = {
    "a picture.png", "other.txt",    "sub/a picture.png", "report.xml", "key.pem",
    "signer.pem",    "stranger.pem", "bound.xml",         "inside.xml", "open.xml"};
static char folder[] = "/tmp/accord-bind-XXXXXX";
static char at[FILE_COUNT][64];

static void file_put(enum file f, span bytes)
{
    FILE *out = fopen(at[f], "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, out), bytes.len);
    assert_int_equal(fclose(out), 0);
}

static void pem_file(enum file f, const char *label, span der)
{
    uint8_t       text[8192];
    struct writer w = WRITER_OF(text);
    pem_put(&w, label, der);
    file_put(f, writer_span(&w));
}

static void signer_make(const char *called, enum file certificate)
{
    uint8_t       key_bytes[CERT_KEY_MAX], der_bytes[CERT_DER_MAX];
    struct writer key = WRITER_OF(key_bytes), der = WRITER_OF(der_bytes);
    name          party;
    instant       now = loop_clock_now().real;
    BORDER_OK(name_of(span_text(called), &party));
    BORDER_OK(cert_key_make(DH_P384, &key));
    BORDER_OK(cert_identity_make(&party, writer_span(&key), now - MS_PER_DAY, now + MS_PER_DAY,
                                 random_system(), &der));
    pem_file(KEY, "PRIVATE KEY", writer_span(&key));
    pem_file(certificate, "CERTIFICATE", writer_span(&der));
}

static int enter(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < FILE_COUNT; i++) {
        (void)snprintf(at[i], sizeof at[i], "%s/%s", folder, names[i]);
    }
    char line[64];
    (void)snprintf(line, sizeof line, "mkdir %s/sub", folder);
    assert_int_equal(system(line), 0);
    file_put(DATA, SPAN_LIT("a picture"));
    file_put(SAME, SPAN_LIT("another picture"));
    file_put(OTHER, SPAN_LIT("text"));
    file_put(DOCUMENT, SPAN_LIT("<report><part Id=\"p1\">x</part><part>y</part></report>"));
    signer_make("USA", STRANGER);
    signer_make("KOR", SIGNER);
    return 0;
}

static int leave(void **state)
{
    char line[64];
    (void)state;
    (void)snprintf(line, sizeof line, "rm -r %s", folder);
    return system(line) == 0 ? 0 : -1;
}

static json_t *told(const char *list, size_t i)
{
    json_t *one = json_array_get(json_object_get(border_answer, "bindings"), 0);
    return json_array_get(json_object_get(one, list), i);
}

static const char *told_text(const char *list, size_t i, const char *key)
{
    const char *s = json_string_value(json_object_get(told(list, i), key));
    return s == NULL ? "" : s;
}

static void three_labels_are_bound_to_two_files(void **state)
{
    (void)state;
    assert_int_equal(RUN("marking", "bind", "--data", at[DATA], "--data", at[OTHER], "--label",
                         LABEL, "--alternative", "TLP:RED", "--added-by", "dNSName=gate.example",
                         "--metadata", LABEL, MADE, SIGNS, "--out", at[BOUND]),
                     CALL_DONE);
    assert_int_equal(RUN("marking", "unbind", at[BOUND], "--data", at[DATA], "--data", at[OTHER],
                         "--trust", at[STRANGER], "--trust", at[SIGNER]),
                     CALL_DONE);
    assert_string_equal(answer_string("form"), "detached");
    assert_string_equal(answer_string("signer"), "KOR gateway identity");
    assert_string_equal(told_text("labels", 0, "kind"), "originator");
    assert_string_equal(told_text("labels", 0, "policy"), "KOR");
    assert_string_equal(told_text("labels", 1, "kind"), "alternative");
    assert_string_equal(told_text("labels", 1, "originator"), "gate.example");
    assert_string_equal(told_text("labels", 2, "kind"), "metadata");
    assert_string_equal(told_text("data", 0, "name"), "a picture.png");
    assert_true(json_is_true(json_object_get(told("data", 1), "agrees")));
    assert_int_equal(RUN("marking", "bind", "--data", at[DATA], "--label", LABEL, MADE, SIGNS,
                         "--out", at[BOUND]),
                     CALL_FAILED); /* it is there */
}

#define REFUSED(why, ...)                                                                          \
    do {                                                                                           \
        assert_int_not_equal(RUN("marking", __VA_ARGS__), CALL_DONE);                              \
        assert_string_equal(answer_string("error"), why);                                          \
    } while (0)

static void each_file_is_given_and_is_what_was_signed(void **state)
{
    (void)state;
    REFUSED("the binding is about a file that is not given: --data", "unbind", at[BOUND], "--data",
            at[DATA], "--trust", at[SIGNER]);
    REFUSED("the data is not what was signed", "unbind", at[BOUND], "--data", at[SAME], "--data",
            at[OTHER], "--trust", at[SIGNER]);
    REFUSED("two files of this name are given", "unbind", at[BOUND], "--data", at[DATA], "--data",
            at[SAME], "--data", at[OTHER], "--trust", at[SIGNER]);
    REFUSED("the binding says nothing about this file", "unbind", at[BOUND], "--data", at[DATA],
            "--data", at[OTHER], "--data", at[DOCUMENT], "--trust", at[SIGNER]);
}

static void nobody_is_trusted_who_is_not_named(void **state)
{
    (void)state;
    REFUSED("the signer's certificate is not one that is trusted", "unbind", at[BOUND], "--data",
            at[DATA], "--data", at[OTHER], "--trust", at[STRANGER]);
    REFUSED("it is signed: say whose signature is trusted", "unbind", at[BOUND], "--data", at[DATA],
            "--data", at[OTHER], "--unsigned");
    REFUSED("the key is not that of the certificate", "bind", "--data", at[DATA], "--label", LABEL,
            MADE, "--key", at[KEY], "--certificate", at[STRANGER]);
    REFUSED("the key is not PKCS#8 in PEM, on P-256 or P-384", "bind", "--data", at[DATA],
            "--label", LABEL, MADE, "--key", at[SIGNER], "--certificate", at[SIGNER]);
    REFUSED("say who signs it, or that nobody does", "bind", "--data", at[DATA], "--label", LABEL,
            MADE);
    REFUSED("say who signs it, or that nobody does", "bind", "--data", at[DATA], "--label", LABEL,
            MADE, "--unsigned", SIGNS);
}

static void what_is_unsigned_is_told_so(void **state)
{
    (void)state;
    assert_int_equal(RUN("marking", "bind", "--data", at[DATA], "--label", LABEL, MADE,
                         "--unsigned", "--out", at[OPEN]),
                     CALL_DONE);
    REFUSED("nobody has signed the binding", "unbind", at[OPEN], "--data", at[DATA], "--trust",
            at[SIGNER]);
    assert_int_equal(RUN("marking", "unbind", at[OPEN], "--data", at[DATA], "--unsigned"),
                     CALL_DONE);
    assert_true(json_is_false(json_object_get(border_answer, "signed")));
    assert_true(json_is_false(json_object_get(told("data", 0), "agrees")));
}

static void a_document_carries_its_own(void **state)
{
    (void)state;
    assert_int_equal(RUN("marking", "bind", "--embedded", "--data", at[DOCUMENT], "--element", "p1",
                         "--label", LABEL, MADE, SIGNS, "--out", at[INSIDE]),
                     CALL_DONE);
    assert_int_equal(RUN("marking", "unbind", at[INSIDE], "--trust", at[SIGNER]), CALL_DONE);
    assert_string_equal(answer_string("form"), "embedded");
    assert_string_equal(told_text("data", 0, "uri"), "#p1");
    REFUSED("the document has a binding already", "bind", "--embedded", "--data", at[INSIDE],
            "--label", LABEL, MADE, SIGNS);
    REFUSED("a data reference leads to no element beside the binding", "bind", "--embedded",
            "--data", at[DOCUMENT], "--element", "p2", "--label", LABEL, MADE, SIGNS);
    REFUSED("an element is in a document: --embedded", "bind", "--data", at[DOCUMENT], "--element",
            "p1", "--label", LABEL, MADE, SIGNS);
}

static void labels_are_of_the_kind_that_is_said(void **state)
{
    (void)state;
    REFUSED("an alternative label does not name whose it is", "bind", "--data", at[DATA], "--label",
            LABEL, "--alternative", "TLP:RED", MADE, SIGNS);
    REFUSED("one object has two labels of its originator", "bind", "--data", at[DATA], "--label",
            LABEL, "--label", "TLP:RED", MADE, SIGNS);
    REFUSED("a label of STANAG 4774 says when it was created", "bind", "--data", at[DATA],
            "--label", LABEL, SIGNS);
    REFUSED("there is no BindingInformation of STANAG 4778", "unbind", at[DOCUMENT], "--unsigned");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_labels_are_bound_to_two_files),
        cmocka_unit_test(each_file_is_given_and_is_what_was_signed),
        cmocka_unit_test(nobody_is_trusted_who_is_not_named),
        cmocka_unit_test(what_is_unsigned_is_told_so),
        cmocka_unit_test(a_document_carries_its_own),
        cmocka_unit_test(labels_are_of_the_kind_that_is_said),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
