/* SPDX-License-Identifier: Apache-2.0 */
#include "pouch/grant.h"

#include "pouch/notice.h"

#include "cmocka_all.h"

struct scene {
    struct random_stream  stream;
    struct random_source  random;
    struct signer        *kor;
    uint8_t               kor_public[SIGN_PUBLIC_LEN];
    struct hpke_key       day;
    struct day_key_public day_public;
    struct grant          grant;
    uint8_t               cover_text[COVER_TEXT_MAX];
    struct papers         papers;
    uint8_t               sealed[GRANT_MAX];
    size_t                sealed_len;
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
    random_fill(s->random, s->grant.key.key, SECRET_LEN);
    random_fill(s->random, s->grant.epoch.bytes, ID_LEN);
    strcpy(s->grant.from.text, "KOR");
    strcpy(s->grant.to.text, "JPN");
    struct cover c = {.epoch = s->grant.epoch, .created = 1479859200000};
    strcpy(c.originator.text, "KOR");
    strcpy(c.kind.text, "track");
    strcpy(c.feed.text, "radar-1");
    strcpy(c.precedence.text, "FLASH");
    strcpy(c.marking, "KOR:II of KOR about dprk-missile from radar to JPN,USA");
    cover_commit(&c.epoch, &s->grant.key, c.commitment);
    struct writer w = WRITER_OF(s->cover_text);
    cover_write(&c, &w);
    assert_false(w.bad);
    s->papers.cover = writer_span(&w);
    s->papers.matter = SPAN_LIT("from KOR\nto JPN\noutcome release\n");
    struct writer out = WRITER_OF(s->sealed);
    assert_false(
        err_is(grant_seal(&s->grant, &s->papers, s->kor, &s->day_public, s->random, &out)));
    assert_false(out.bad);
    s->sealed_len = out.len;
}

static void opens_what_was_sealed(void **state)
{
    (void)state;
    struct scene  s;
    struct grant  g;
    struct papers p;
    uint8_t       buffer[PAPERS_LEN];
    scene_make(&s);
    assert_false(
        err_is(grant_open((span){s.sealed, s.sealed_len}, &s.day, s.kor_public, &g, &p, buffer)));
    assert_memory_equal(g.key.key, s.grant.key.key, SECRET_LEN);
    assert_true(name_equal(&g.to, &s.grant.to));
    assert_true(span_equal(p.cover, s.papers.cover));
    assert_true(span_equal(p.matter, s.papers.matter));
    signer_close(s.kor);
}

static void any_changed_byte_is_found(void **state)
{
    (void)state;
    struct scene  s;
    struct grant  g;
    struct papers p;
    uint8_t       buffer[PAPERS_LEN];
    scene_make(&s);
    for (size_t i = 0; i < s.sealed_len; i += i < 200 ? 3 : 97) {
        s.sealed[i] ^= 1;
        assert_true(err_is(
            grant_open((span){s.sealed, s.sealed_len}, &s.day, s.kor_public, &g, &p, buffer)));
        s.sealed[i] ^= 1;
    }
    assert_true(err_is(
        grant_open((span){s.sealed, s.sealed_len - 1}, &s.day, s.kor_public, &g, &p, buffer)));
    signer_close(s.kor);
}

static void another_signer_or_day_key_opens_nothing(void **state)
{
    (void)state;
    struct scene    s;
    struct grant    g;
    struct papers   p;
    struct hpke_key other;
    uint8_t         buffer[PAPERS_LEN], usa[SIGN_PUBLIC_LEN];
    secret          seed = {{9}};
    scene_make(&s);
    sign_public(&seed, usa);
    assert_false(err_is(hpke_key_make(HPKE_P384, s.random, &other)));
    span sealed = {s.sealed, s.sealed_len};
    assert_int_equal(grant_open(sealed, &s.day, usa, &g, &p, buffer).code, ERR_FORGED);
    assert_true(err_is(grant_open(sealed, &other, s.kor_public, &g, &p, buffer)));
    signer_close(s.kor);
}

static void a_key_the_cover_does_not_commit_to_is_refused(void **state)
{
    (void)state;
    struct scene  s;
    struct grant  g;
    struct papers p;
    uint8_t       buffer[PAPERS_LEN];
    scene_make(&s);
    s.grant.key.key[0] ^= 1;
    struct writer out = WRITER_OF(s.sealed);
    assert_false(err_is(grant_seal(&s.grant, &s.papers, s.kor, &s.day_public, s.random, &out)));
    assert_int_equal(grant_open(writer_span(&out), &s.day, s.kor_public, &g, &p, buffer).code,
                     ERR_FORGED);
    signer_close(s.kor);
}

static void every_grant_has_the_same_length(void **state)
{
    (void)state;
    struct scene s;
    scene_make(&s);
    size_t len = s.sealed_len;
    s.papers.matter = SPAN_LIT("x");
    struct writer out = WRITER_OF(s.sealed);
    assert_false(err_is(grant_seal(&s.grant, &s.papers, s.kor, &s.day_public, s.random, &out)));
    assert_int_equal(out.len, len);
    signer_close(s.kor);
}

/* Nothing of our memory travels in the padding. */
static void padding_is_zeros(void **state)
{
    (void)state;
    struct scene  s;
    struct grant  g;
    struct papers p;
    uint8_t       buffer[PAPERS_LEN];
    scene_make(&s);
    memset(buffer, 0xaa, sizeof buffer);
    assert_false(
        err_is(grant_open((span){s.sealed, s.sealed_len}, &s.day, s.kor_public, &g, &p, buffer)));
    for (const uint8_t *at = p.matter.ptr + p.matter.len; at < buffer + sizeof buffer; at++) {
        assert_int_equal(*at, 0);
    }
    signer_close(s.kor);
}

static void a_notice_is_read_back_and_pinned(void **state)
{
    (void)state;
    struct scene  s;
    struct notice n = {.from = 1000, .until = 2000}, back;
    uint8_t       buf[NOTICE_MAX], other[SIGN_PUBLIC_LEN] = {1};
    struct writer w = WRITER_OF(buf);
    scene_make(&s);
    strcpy(n.party.text, "KOR");
    n.day_key = s.day_public;
    notice_write(&n, s.kor, &w);
    assert_false(w.bad);
    assert_false(err_is(notice_read(writer_span(&w), s.kor_public, &back)));
    assert_memory_equal(&back.day_key, &n.day_key, sizeof n.day_key);
    assert_int_equal(back.until, 2000);
    assert_true(err_is(notice_read(writer_span(&w), other, &back)));
    signer_close(s.kor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_what_was_sealed),
        cmocka_unit_test(any_changed_byte_is_found),
        cmocka_unit_test(another_signer_or_day_key_opens_nothing),
        cmocka_unit_test(a_key_the_cover_does_not_commit_to_is_refused),
        cmocka_unit_test(every_grant_has_the_same_length),
        cmocka_unit_test(padding_is_zeros),
        cmocka_unit_test(a_notice_is_read_back_and_pinned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
