/* SPDX-License-Identifier: Apache-2.0 */
#include "pouch/letter.h"

#include "wire/request.h"

#include "cmocka_all.h"

struct scene {
    struct random_stream  stream;
    struct random_source  random;
    struct signer        *kor;
    uint8_t               kor_public[SIGN_PUBLIC_LEN];
    struct hpke_key       day;
    struct day_key_public day_public;
    uint8_t               sealed[ENVELOPE_MAX];
    struct writer         out;
};

static void scene_make(struct scene *s)
{
    secret seed = {{7}};
    memset(s, 0, sizeof *s);
    s->stream.seed[0] = 1;
    s->random = random_from(&s->stream);
    s->kor = signer_open(&seed);
    signer_public(s->kor, s->kor_public);
    assert_false(err_is(hpke_key_make(HPKE_P384, s->random, &s->day)));
    memcpy(s->day_public.key, hpke_key_public(&s->day).ptr, HPKE_PUBLIC_LEN);
    random_fill(s->random, s->day_public.id, DAY_KEY_ID_LEN);
    s->out = WRITER_OF(s->sealed);
}

static struct letter letter_of(span body)
{
    struct letter l = {.number = 5, .at = 1479859200000, .body = body};
    strcpy(l.from.text, "KOR");
    strcpy(l.to.text, "JPN");
    strcpy(l.kind.text, "order");
    return l;
}

static err open_it(struct scene *s, span *text, span *signature)
{
    static uint8_t buffer[ENVELOPE_LARGE];
    return envelope_open(writer_span(&s->out), &s->day, s->kor_public, text, signature, buffer);
}

static void what_is_sealed_opens_and_has_one_of_two_sizes(void **state)
{
    static uint8_t body[LETTER_BODY_MAX];
    static const struct {
        size_t lines, sealed;
    } row[] = {{0, ENVELOPE_SMALL}, {10, ENVELOPE_SMALL}, {100, ENVELOPE_LARGE}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct scene  s;
        uint8_t       text[LETTER_TEXT_MAX];
        struct writer b = WRITER_OF(body), w = WRITER_OF(text);
        struct letter l, back;
        span          said, signature;
        scene_make(&s);
        for (size_t k = 0; k < row[i].lines; k++) {
            put_text(&b, "handle 00112233445566778899aabbccddeeff\n");
        }
        l = letter_of(writer_span(&b));
        letter_write(&l, &w);
        assert_false(w.bad || err_is(envelope_seal(writer_span(&w), s.kor, &s.day_public, s.random,
                                                   &s.out)));
        assert_int_equal(s.out.len,
                         row[i].sealed + DAY_KEY_ID_LEN + HPKE_PUBLIC_LEN + HPKE_TAG_LEN);
        assert_false(err_is(open_it(&s, &said, &signature)));
        assert_true(span_equal(said, writer_span(&w)));
        assert_false(err_is(letter_read(said, &back)));
        assert_true(span_equal(back.body, l.body) && back.number == 5 && back.at == l.at);
        assert_false(err_is(sign_check(s.kor_public, LETTER_TITLE, said, signature.ptr)));
        signer_close(s.kor);
    }
}

static void any_changed_byte_is_found(void **state)
{
    struct scene  s;
    uint8_t       text[512];
    struct writer w = WRITER_OF(text);
    struct letter l = letter_of(SPAN_LIT("reason none\n"));
    span          said, signature;
    (void)state;
    scene_make(&s);
    letter_write(&l, &w);
    assert_false(err_is(envelope_seal(writer_span(&w), s.kor, &s.day_public, s.random, &s.out)));
    for (size_t i = 0; i < s.out.len; i += i < 200 ? 3 : 97) {
        s.sealed[i] ^= 1;
        assert_true(err_is(open_it(&s, &said, &signature)));
        s.sealed[i] ^= 1;
    }
    s.out.len--;
    assert_int_equal(open_it(&s, &said, &signature).code, ERR_MALFORMED);
    s.out.len++;
    s.kor_public[3] ^= 1;
    assert_int_equal(open_it(&s, &said, &signature).code, ERR_FORGED);
    signer_close(s.kor);
}

static void what_is_too_long_is_not_sealed(void **state)
{
    struct scene   s;
    static uint8_t text[LETTER_TEXT_MAX + 1];
    struct writer  w = WRITER_OF(text);
    (void)state;
    scene_make(&s);
    put_text(&w, LETTER_TITLE "\n");
    memset(put_space(&w, sizeof text - w.len), 'a', sizeof text - w.len);
    assert_int_equal(envelope_seal(writer_span(&w), s.kor, &s.day_public, s.random, &s.out).code,
                     ERR_LIMIT);
    assert_int_equal(s.out.len, 0);
    w.len--;
    assert_false(err_is(envelope_seal(writer_span(&w), s.kor, &s.day_public, s.random, &s.out)));
    signer_close(s.kor);
}

#define TIME "time 2026-11-22T00:00:00.000Z\n"

static void what_is_no_letter_is_not_read(void **state)
{
    static const char *const bad[] = {
        "accord letter 2\nfrom KOR\nto JPN\nnumber 1\nkind a\n" TIME,
        "accord letter 1\nfrom KOR\nto JPN\nnumber 0\nkind a\n" TIME,
        "accord letter 1\nfrom KOR\nto JPN\nnumber 01\nkind a\n" TIME,
        "accord letter 1\nto JPN\nfrom KOR\nnumber 1\nkind a\n" TIME,
        "accord letter 1\nfrom KOR\nto JPN\nnumber 1\nkind a b\n" TIME,
        "accord letter 1\nfrom KOR\nto JPN\nnumber 1\nkind a\n" TIME "x",
        "accord letter 1\nfrom KOR\nto JPN\nnumber 1\nkind a\n" TIME "\n",
        "accord letter 1\nfrom KOR\nto JPN\nnumber 1\nkind a\n" TIME "a \a\n",
    };
    struct letter l;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_int_equal(letter_read(span_text(bad[i]), &l).code, ERR_MALFORMED);
    }
}

static void a_letter_of_too_many_lines_is_not_read(void **state)
{
    static uint8_t text[LETTER_TEXT_MAX];
    struct writer  w = WRITER_OF(text);
    struct letter  l = letter_of(SPAN_LIT(""));
    (void)state;
    letter_write(&l, &w);
    for (unsigned i = 0; i < LETTER_LINES_MAX; i++) {
        put_text(&w, "a b\n");
    }
    assert_false(err_is(letter_read(writer_span(&w), &l)));
    put_text(&w, "a b\n");
    assert_int_equal(letter_read(writer_span(&w), &l).code, ERR_MALFORMED);
}

static void a_head_is_its_partys_and_no_others(void **state)
{
    struct scene s;
    struct head  h = {.size = 77, .root = {1, 2, 3}};
    name         kor = {"KOR"}, jpn = {"JPN"};
    (void)state;
    scene_make(&s);
    head_sign(&h, &kor, s.kor);
    assert_false(err_is(head_check(&h, &kor, s.kor_public)));
    assert_int_equal(head_check(&h, &jpn, s.kor_public).code, ERR_FORGED);
    h.size++;
    assert_int_equal(head_check(&h, &kor, s.kor_public).code, ERR_FORGED);
    signer_close(s.kor);
}

static void a_beat_comes_back_as_it_was(void **state)
{
    struct beat b = {.from = {"KOR"},
                     .to = {"JPN"},
                     .start = 1,
                     .number = 2,
                     .at = 1479859200000,
                     .echo_start = 3,
                     .echo_number = 4,
                     .letters = 5,
                     .received = 6,
                     .own = {.size = 7, .root = {8}, .signature = {9}},
                     .standing = {10},
                     .clock_agrees = true},
                back;
    uint8_t       text[ENVELOPE_SMALL], again[ENVELOPE_SMALL];
    struct writer w = WRITER_OF(text), v = WRITER_OF(again);
    (void)state;
    beat_write(&b, &w);
    assert_false(w.bad || err_is(beat_read(writer_span(&w), &back)));
    assert_true(back.own.size == 7 && back.held.size == 0 && back.clock_agrees && !back.mute);
    beat_write(&back, &v);
    assert_true(span_equal(writer_span(&w), writer_span(&v)));
    for (size_t i = 1; i < w.len; i++) {
        assert_true(err_is(beat_read((span){text, w.len - i}, &back)));
    }
    b.held = b.own;
    w.len = 0;
    beat_write(&b, &w);
    assert_true(!w.bad && 2 + w.len + SIGNATURE_LEN <= ENVELOPE_SMALL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sealed_opens_and_has_one_of_two_sizes),
        cmocka_unit_test(any_changed_byte_is_found),
        cmocka_unit_test(what_is_too_long_is_not_sealed),
        cmocka_unit_test(what_is_no_letter_is_not_read),
        cmocka_unit_test(a_letter_of_too_many_lines_is_not_read),
        cmocka_unit_test(a_head_is_its_partys_and_no_others),
        cmocka_unit_test(a_beat_comes_back_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
