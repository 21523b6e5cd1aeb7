/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/checkpoint.h"

#include "unit/ledger/sample.h"

#define ROOT "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

static void the_three_lines_read_back(void **state)
{
    (void)state;
    uint8_t            buf[CHECKPOINT_TEXT_MAX];
    struct writer      w = WRITER_OF(buf);
    struct merkle_head head = {.size = MERKLE_SIZE_MAX, .root = {{1, 2, 3}}};
    struct checkpoint  c;
    checkpoint_format(SPAN_LIT("go.sum database tree"), &head, &w);
    must_be_ok(checkpoint_read(writer_span(&w), &c));
    assert_true(span_is(c.origin, "go.sum database tree"));
    assert_int_equal(c.head.size, head.size);
    assert_true(merkle_equal(&c.head.root, &head.root));
    assert_int_equal(c.extensions.len, 0);
}

static void extension_lines_are_kept(void **state)
{
    (void)state;
    struct checkpoint c;
    must_be_ok(checkpoint_read(SPAN_LIT("o\n0\n" ROOT "one\ntwo\n"), &c));
    assert_true(span_is(c.extensions, "one\ntwo\n"));
}

static void other_forms_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "o",
        "o\n0\n",
        "\n0\n" ROOT,
        "o\n\n" ROOT,
        "o\n00\n" ROOT,
        "o\n-1\n" ROOT,
        "o\n 1\n" ROOT,
        "o\n0x1\n" ROOT,
        "o\n9223372036854775808\n" ROOT,
        "o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        "o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU\n",
        "o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n",
        "o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hS\n",
        "o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFVF\n",
        "o\n0\n" ROOT "\n",
        "o\n0\n" ROOT "one\n\n",
        "o\n0\n" ROOT "one",
    };
    struct checkpoint c;
    must_be_ok(checkpoint_read(SPAN_LIT("o\n0\n" ROOT), &c));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (!err_is(checkpoint_read(span_text(bad[i]), &c))) {
            fail_msg("accepted: %s", bad[i]);
        }
    }
}

static void a_checkpoint_is_of_the_ledger_whose_key_signed_it(void **state)
{
    (void)state;
    struct sample      s;
    struct checkpoint  c;
    uint8_t            buf[CHECKPOINT_NOTE_MAX];
    struct writer      w = WRITER_OF(buf);
    struct merkle_head head = {.size = 3};
    sample_begin(&s);
    must_be_ok(checkpoint_sign(&s.key, s.signer, &head, &w));
    must_be_ok(checkpoint_open(writer_span(&w), &s.key, &c));
    assert_int_equal(c.head.size, 3);
    w = WRITER_OF(buf);
    must_be_ok(note_sign(&s.key, s.signer, SPAN_LIT("jpn.example/accord\n3\n" ROOT), &w));
    must_fail(checkpoint_open(writer_span(&w), &s.key, &c), FORGED);
    sample_end(&s);
}

static void the_longest_checkpoint_fits_its_maximum_exactly(void **state)
{
    (void)state;
    struct sample      s;
    uint8_t            buf[CHECKPOINT_NOTE_MAX];
    uint8_t            longest[NOTE_NAME_MAX];
    struct writer      w = WRITER_OF(buf);
    struct merkle_head head = {.size = UINT64_MAX};
    sample_begin(&s);
    memset(longest, 'n', sizeof longest);
    must_be_ok(note_key_make(SPAN_OF(longest), s.key.key, &s.key));
    must_be_ok(checkpoint_sign(&s.key, s.signer, &head, &w));
    assert_int_equal(w.len, CHECKPOINT_NOTE_MAX);
    sample_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_three_lines_read_back),
        cmocka_unit_test(extension_lines_are_kept),
        cmocka_unit_test(other_forms_are_refused),
        cmocka_unit_test(a_checkpoint_is_of_the_ledger_whose_key_signed_it),
        cmocka_unit_test(the_longest_checkpoint_fits_its_maximum_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
