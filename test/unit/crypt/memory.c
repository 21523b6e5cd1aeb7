/* SPDX-License-Identifier: Apache-2.0 */
/* A program of its own: libcrypto's memory is fixed before its first call, and for good. */
#include "crypt/memory.h"
#include "crypt/aead.h"
#include "crypt/hpke.h"
#include "crypt/openssl.h"
#include "crypt/sign.h"
#include "crypt/warm.h"
#include "crypt/wrap.h"
#include "party.h"

#define ROUNDS     10000
#define SLOW_EVERY 100 /* rounds with keys, HPKE and certificates, which take milliseconds */

static _Alignas(16) uint8_t arena[CRYPT_MEMORY_MIN];

__attribute__((constructor)) static void before_libcrypto(void)
{
    crypt_memory_fix(arena, sizeof arena);
}

static void quick_work(const secret *seed)
{
    uint8_t public[SIGN_PUBLIC_LEN], signature[SIGNATURE_LEN], wrapped[SECRET_LEN + WRAP_EXTRA];
    secret back;
    sign_public(seed, public);
    sign_make(seed, "p", SPAN_LIT("text"), signature);
    assert_false(err_is(sign_check(public, "p", SPAN_LIT("text"), signature)));
    assert_false(err_is(wrap_make(seed, SPAN_OF(seed->key), wrapped)));
    assert_false(err_is(wrap_open(seed, SPAN_OF(wrapped), back.key)));
    wrapped[0] ^= 1;
    assert_int_equal(wrap_open(seed, SPAN_OF(wrapped), back.key).code, ERR_FORGED);
}

static void slow_work(void)
{
    struct party    p = party_make("KOR", 0, MS_PER_DAY);
    struct leaf     l = leaf_make(&p, ROLE_COURIER, DH_P256, 0, MS_PER_DAY);
    struct cert     c;
    struct hpke_key k;
    struct hpke     to, from;
    uint8_t         enc[HPKE_PUBLIC_LEN], box[4 + HPKE_TAG_LEN], text[4];

    assert_false(err_is(cert_read(in(&l.cert), &c)));
    assert_int_equal(cert_read((span){l.cert.at, l.cert.len - 1}, &c).code, ERR_MALFORMED);
    assert_false(err_is(hpke_key_make(HPKE_P384, random_system(), &k)));
    assert_false(err_is(
        hpke_send(HPKE_P384, hpke_key_public(&k), SPAN_LIT("i"), random_system(), enc, &to)));
    assert_false(err_is(hpke_receive(&k, SPAN_OF(enc), SPAN_LIT("i"), &from)));
    assert_false(err_is(hpke_seal(&to, SPAN_LIT(""), SPAN_LIT("text"), box)));
    assert_false(err_is(hpke_open(&from, SPAN_LIT(""), SPAN_OF(box), text)));
}

/* what crypt_warm has not touched would be read from disk, or fetched, inside the sandbox */
static void warm_is_warm(void **state)
{
    (void)state;
    secret seed = {{1}};
    crypt_warm();
    size_t before = crypt_memory_now().used;
    quick_work(&seed);
    slow_work();
    size_t kept = crypt_memory_now().used - before;
    printf("first work after crypt_warm keeps %zu bytes\n", kept);
    assert_int_equal(kept, 0);
}

static void nothing_leaks(void **state)
{
    (void)state;
    secret seed = {{1}};
    quick_work(&seed);
    slow_work();
    size_t before = crypt_memory_now().used;
    size_t taken = 0;
    for (int i = 0; i < ROUNDS; i++) {
        quick_work(&seed);
        if (i % SLOW_EVERY == 0) {
            slow_work();
        }
        taken = i == ROUNDS / 2 ? crypt_memory_now().taken : taken;
    }
    struct crypt_memory after = crypt_memory_now();
    assert_int_equal(after.used, before);
    assert_int_equal(after.taken, taken);
    assert_int_equal(after.refused, 0);
    assert_true(after.high >= after.used && after.taken >= after.high);
    assert_true(after.taken <= CRYPT_MEMORY_MIN / 2);
    printf("libcrypto holds %zu, held at most %zu, took %zu bytes\n", after.used, after.high,
           after.taken);
}

/* A pool that was made at the start is used and rekeyed without any memory. */
static void a_warm_pool_needs_no_memory(void **state)
{
    (void)state;
    secret               seed = {{1}};
    struct aead         *a = aead_open(NULL);
    static const uint8_t nonce[AEAD_NONCE_LEN];
    uint8_t              box[4], tag[AEAD_TAG_LEN];
    struct crypt_memory  before = crypt_memory_now();

    for (uint8_t i = 0; i < 100; i++) {
        seed.key[0] = i;
        aead_rekey(a, &seed);
        aead_seal(a, nonce, SPAN_LIT("ad"), SPAN_LIT("text"), box, tag);
        assert_false(err_is(aead_open_box(a, nonce, SPAN_LIT("ad"), SPAN_OF(box), tag, box)));
    }
    assert_int_equal(crypt_memory_now().used, before.used);
    assert_int_equal(crypt_memory_now().taken, before.taken);
    aead_close(a);
}

/* fill - take everything that is left, in pieces; then give back `holes` of them */
#define PIECES_MAX 70000
static void  *piece[PIECES_MAX];
static size_t pieces;

static void fill(void)
{
    for (size_t len = 1 << 20; len >= 16; len /= 2) {
        for (void *p; pieces < PIECES_MAX && (p = OPENSSL_malloc(len)) != NULL;) {
            piece[pieces++] = p;
        }
    }
    assert_true(pieces < PIECES_MAX);
}

static void let_go(size_t count)
{
    while (pieces > 0 && count-- > 0) {
        OPENSSL_free(piece[--pieces]);
    }
}

/* try_all - everything that may say no; how many of them did */
static size_t try_all(const struct party *p, const struct leaf *l)
{
    static struct random_stream stream = {{7}, 0};
    uint8_t                     out[CERT_DER_MAX], some[SIGN_PUBLIC_LEN] = {2};
    struct hpke_key             k;
    struct hpke                 h;
    struct cert                 c;
    struct verifier            *v = NULL;
    secret                      seed = {{1}};
    struct writer               w[3] = {WRITER_OF(out), WRITER_OF(out), WRITER_OF(out)};
    struct cert_order           o = order_for(ROLE_COURIER, in(&l->spki), 0, MS_PER_DAY);
    name                        n = name_from("KOR");
    err                         e[7];

    e[0] = wrap_make(&seed, SPAN_OF(seed.key), out);
    e[1] = hpke_key_make(HPKE_P384, random_from(&stream), &k);
    e[2] = cert_key_make(DH_P384, &w[0]);
    e[3] = cert_identity_make(&n, in(&p->key), 0, MS_PER_DAY, random_from(&stream), &w[1]);
    e[4] = cert_issue(&o, in(&p->key), in(&p->ca), random_from(&stream), &w[2]);
    e[5] = cert_read(in(&l->cert), &c);
    e[6] = verifier_open(some, &v);
    size_t refused = 0;
    for (size_t i = 0; i < ARRAY_LEN(e); i++) {
        refused += err_is(e[i]);
        assert_true(!err_is(e[i]) || e[i].why[0] != 0);
    }
    if (!err_is(e[1])) {
        refused += err_is(
            hpke_send(HPKE_P384, hpke_key_public(&k), SPAN_LIT(""), random_from(&stream), out, &h));
    }
    verifier_close(v);
    return refused;
}

static void a_full_arena_is_a_clean_no(void **state)
{
    (void)state;
    struct party p = party_make("KOR", 0, MS_PER_DAY);
    struct leaf  l = leaf_make(&p, ROLE_COURIER, DH_P256, 0, MS_PER_DAY);
    size_t       used = 0;

    assert_int_equal(try_all(&p, &l), 0);
    for (int time = 0; time < 3; time++) {
        fill();
        assert_int_equal(try_all(&p, &l), 7);
        assert_true(crypt_memory_now().refused > 0);
        while (pieces > 0) { /* a little more room each time: the refusal wanders about */
            let_go(pieces > 400 ? 5 : 1);
            (void)try_all(&p, &l);
        }
        assert_int_equal(try_all(&p, &l), 0);
        /* the first time libcrypto makes room for the texts of its errors, and keeps it */
        assert_true(time == 0 || crypt_memory_now().used == used);
        used = crypt_memory_now().used;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(warm_is_warm),
        cmocka_unit_test(nothing_leaks),
        cmocka_unit_test(a_warm_pool_needs_no_memory),
        cmocka_unit_test(a_full_arena_is_a_clean_no),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
