/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/note.h"

#include "base/text.h"
#include "unit/ledger/sample.h"

static uint8_t buf[NOTE_MAX + 1024];

static span signed_text(const struct sample *s, const char *text)
{
    struct writer w = WRITER_OF(buf);
    must_be_ok(note_sign(&s->key, s->signer, span_text(text), &w));
    return writer_span(&w);
}

/* Puts a well-formed line of a key that nobody knows; `len` bytes of signature with the id. */
static void put_unknown(struct writer *w, const char *key_name, size_t len)
{
    static uint8_t bytes[NOTE_SIGNATURE_MAX + 3];
    put_text(w, "\xe2\x80\x94 ");
    put_text(w, key_name);
    put_u8(w, ' ');
    put_base64(w, (span){bytes, len});
    put_u8(w, '\n');
}

static void what_was_signed_is_read_and_checked(void **state)
{
    (void)state;
    struct sample s;
    struct note   n;
    sample_begin(&s);
    must_be_ok(note_read(signed_text(&s, "one\n\nthree\n"), &n));
    assert_true(span_is(n.text, "one\n\nthree\n"));
    must_be_ok(note_check(&n, &s.key));
    buf[0] ^= 1;
    must_fail(note_check(&n, &s.key), FORGED);
    sample_end(&s);
}

static void another_key_has_not_signed(void **state)
{
    (void)state;
    struct sample   s;
    struct note     n;
    struct note_key same_name, same_key;
    sample_begin(&s);
    must_be_ok(note_read(signed_text(&s, "text\n"), &n));
    must_be_ok(note_key_make(note_key_name(&s.key), (const uint8_t[32]){9}, &same_name));
    must_be_ok(note_key_make(SPAN_LIT("jpn.example/accord"), s.key.key, &same_key));
    must_fail(note_check(&n, &same_name), UNKNOWN);
    must_fail(note_check(&n, &same_key), UNKNOWN);
    same_name.id = s.key.id; /* a collision of ids is a failed signature */
    must_fail(note_check(&n, &same_name), FORGED);
    sample_end(&s);
}

static void one_false_line_of_a_known_key_spoils_the_note(void **state)
{
    (void)state;
    struct sample s;
    struct note   n;
    sample_begin(&s);
    span          once = signed_text(&s, "text\n");
    struct writer w = writer_of(buf, sizeof buf);
    size_t        line_at = sizeof "text\n\n" - 1;
    w.len = once.len;
    put_span(&w, (span){buf + line_at, once.len - line_at});
    must_be_ok(note_read(writer_span(&w), &n));
    must_be_ok(note_check(&n, &s.key));
    buf[once.len + 40] = buf[once.len + 40] == 'A' ? 'B' : 'A';
    must_be_ok(note_read(writer_span(&w), &n));
    must_fail(note_check(&n, &s.key), FORGED);
    sample_end(&s);
}

static void cosignatures_of_other_kinds_are_passed_over(void **state)
{
    (void)state;
    struct sample s;
    struct note   n;
    sample_begin(&s);
    struct writer w = writer_of(buf, sizeof buf);
    w.len = signed_text(&s, "text\n").len;
    put_unknown(&w, "witness.example/w1", 4 + 8 + 64);   /* timestamped Ed25519, type 4 */
    put_unknown(&w, "witness.example/w2", 4 + 8 + 2420); /* ML-DSA-44, type 6 */
    put_unknown(&w, "\xed\x95\x9c\xea\xb5\xad", 5);
    put_unknown(&w, SAMPLE_ORIGIN, 5); /* our name, another id */
    must_be_ok(note_read(writer_span(&w), &n));
    must_be_ok(note_check(&n, &s.key));
    sample_end(&s);
}

static void limits_hold(void **state)
{
    (void)state;
    struct note   n;
    struct writer w = WRITER_OF(buf);
    put_text(&w, "text\n\n");
    for (size_t i = 0; i < NOTE_SIGNATURES_MAX; i++) {
        put_unknown(&w, "a", 5);
    }
    must_be_ok(note_read(writer_span(&w), &n));
    put_unknown(&w, "a", 5);
    must_fail(note_read(writer_span(&w), &n), LIMIT);

    w = WRITER_OF(buf);
    put_text(&w, "text\n\n");
    put_unknown(&w, "a", NOTE_SIGNATURE_MAX);
    must_be_ok(note_read(writer_span(&w), &n));
    w.len = 6;
    put_unknown(&w, "a", NOTE_SIGNATURE_MAX + 1);
    must_fail(note_read(writer_span(&w), &n), LIMIT);

    memset(buf, 'x', sizeof buf);
    must_fail(note_read((span){buf, NOTE_MAX + 1}, &n), LIMIT);
}

#define SIG "\xe2\x80\x94 a AAAAAAA=\n"

static void other_forms_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "\n",
        "text\n",
        "text\n\n",
        "text\n" SIG,                                     /* no empty line */
        "\n" SIG,                                         /* no text */
        "text\n\n" SIG "\n",                              /* an empty line is the last one */
        "text\n\n" SIG "more\n",                          /* not a signature */
        "text\n\n- a AAAAAAA=\n",                         /* a hyphen */
        "text\n\n\xe2\x80\x94 a AAAAAAA=",                /* no newline */
        "text\n\n\xe2\x80\x94  AAAAAAA=\n",               /* no name */
        "text\n\n\xe2\x80\x94 a+b AAAAAAA=\n",            /* a plus */
        "text\n\n\xe2\x80\x94 a\xc2\xa0z AAAAAAA=\n",     /* no-break space */
        "text\n\n\xe2\x80\x94 a\xe2\x80\x83z AAAAAAA=\n", /* em space */
        "text\n\n\xe2\x80\x94 a\xe3\x80\x80z AAAAAAA=\n", /* ideographic space */
        "text\n\n\xe2\x80\x94 a AAAAAAB=\n",              /* stray bits */
        "text\n\n\xe2\x80\x94 a AAAA AAAA\n",             /* a blank in it */
        "text\n\n\xe2\x80\x94 a AAAAAA==\n",              /* only an id */
        "te\txt\n\n" SIG,
        "te\rxt\n\n" SIG,
        "te\x7fxt\n\n" SIG,
        "te\xc3\x28xt\n\n" SIG,
    };
    struct note n;
    must_be_ok(note_read(SPAN_LIT("text\n\n" SIG), &n));
    must_be_ok(note_read(SPAN_LIT("\n\n" SIG), &n));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (!err_is(note_read(span_text(bad[i]), &n))) {
            fail_msg("accepted: %s", bad[i]);
        }
    }
}

static void a_verifier_key_reads_back(void **state)
{
    (void)state;
    struct sample   s;
    struct note_key k;
    sample_begin(&s);
    struct writer w = WRITER_OF(buf);
    note_key_format(&s.key, &w);
    must_be_ok(note_key_read(writer_span(&w), &k));
    assert_memory_equal(k.key, s.key.key, sizeof k.key);
    assert_int_equal(k.id, s.key.id);
    assert_true(span_is(note_key_name(&k), SAMPLE_ORIGIN));
    buf[0] = 'K'; /* another name under the same id */
    must_fail(note_key_read(writer_span(&w), &k), CONFLICT);
    sample_end(&s);
}

static void key_names_have_no_blank_no_plus_and_an_end(void **state)
{
    (void)state;
    struct note_key k;
    const uint8_t   key[32] = {0};
    char            longest[NOTE_NAME_MAX + 1];
    memset(longest, 'n', sizeof longest);
    must_be_ok(note_key_make((span){(uint8_t *)longest, NOTE_NAME_MAX}, key, &k));
    must_fail(note_key_make(SPAN_OF(longest), key, &k), LIMIT);
    must_fail(note_key_make(SPAN_LIT(""), key, &k), MALFORMED);
    must_fail(note_key_make(SPAN_LIT("a b"), key, &k), MALFORMED);
    must_fail(note_key_make(SPAN_LIT("a+b"), key, &k), MALFORMED);
    must_fail(note_key_make(SPAN_LIT("a\n"), key, &k), MALFORMED);
    must_fail(note_key_read(SPAN_LIT("a"), &k), MALFORMED);
    must_fail(note_key_read(SPAN_LIT("a+530d903a"), &k), UNKNOWN);
    must_fail(note_key_read(SPAN_LIT("a+530D903A+AA=="), &k), MALFORMED);
}

static void only_notes_are_signed(void **state)
{
    (void)state;
    struct sample s;
    sample_begin(&s);
    struct writer w = writer_of(buf, 20);
    must_fail(note_sign(&s.key, s.signer, SPAN_LIT("no newline"), &w), MALFORMED);
    must_fail(note_sign(&s.key, s.signer, SPAN_LIT("tab\t\n"), &w), MALFORMED);
    must_fail(note_sign(&s.key, s.signer, SPAN_LIT(""), &w), MALFORMED);
    must_fail(note_sign(&s.key, s.signer, SPAN_LIT("no room\n"), &w), LIMIT);
    assert_int_equal(w.len, 0);
    assert_false(w.bad);
    sample_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_signed_is_read_and_checked),
        cmocka_unit_test(another_key_has_not_signed),
        cmocka_unit_test(one_false_line_of_a_known_key_spoils_the_note),
        cmocka_unit_test(cosignatures_of_other_kinds_are_passed_over),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(other_forms_are_refused),
        cmocka_unit_test(a_verifier_key_reads_back),
        cmocka_unit_test(key_names_have_no_blank_no_plus_and_an_end),
        cmocka_unit_test(only_notes_are_signed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
