/* SPDX-License-Identifier: Apache-2.0 */
#include "pouch/made.h"
#include "pouch/turn.h"

#include "cmocka_all.h"

#define EPOCHS 3

struct scene {
    struct signer *sealer;
    uint8_t        sealer_public[SIGN_PUBLIC_LEN];
    secret         key[EPOCHS];
    struct seal    seal[EPOCHS];
    struct aead   *aead[EPOCHS];
    uint8_t       *buffer[EPOCHS];
    span           batch[EPOCHS];
    struct made   *made; /* NULL: none */
};

static void scene_make(struct scene *s)
{
    secret seed = {{3}};
    s->made = NULL;
    s->sealer = signer_open(&seed);
    signer_public(s->sealer, s->sealer_public);
    for (unsigned i = 0; i < EPOCHS; i++) {
        id epoch = {{(uint8_t)(i + 1)}};
        memset(&s->key[i], (int)i + 40, sizeof s->key[i]);
        s->aead[i] = aead_open(NULL);
        s->buffer[i] = malloc(BATCH_MAX);
        assert_non_null(s->buffer[i]);
        seal_open(&s->seal[i], &epoch, &s->key[i], 1000, s->aead[i], s->buffer[i], BATCH_MAX);
    }
}

static void scene_done(struct scene *s)
{
    for (unsigned i = 0; i < EPOCHS; i++) {
        aead_close(s->aead[i]);
        free(s->buffer[i]);
    }
    signer_close(s->sealer);
}

static void turn(struct scene *s, const char *text)
{
    struct seal *seals[EPOCHS];
    for (unsigned i = 0; i < EPOCHS; i++) {
        assert_false(err_is(seal_item(&s->seal[i], span_text(text))));
        assert_false(err_is(seal_item(&s->seal[i], SPAN_LIT("second"))));
        seals[i] = &s->seal[i];
    }
    turn_end(seals, EPOCHS, s->sealer, s->batch, s->made);
}

static struct unseal unseal_of(struct scene *s, unsigned i)
{
    struct unseal u = {.epoch = s->seal[i].epoch, .aead = s->aead[i]};
    assert_false(err_is(verifier_open(s->sealer_public, &u.sealer)));
    return u;
}

static void opens_what_was_sealed_in_order(void **state)
{
    (void)state;
    struct scene s;
    scene_make(&s);
    for (unsigned round = 0; round < 3; round++) {
        turn(&s, "first");
        for (unsigned i = 0; i < EPOCHS; i++) {
            struct unseal u = unseal_of(&s, i);
            struct batch  b;
            uint8_t       out[1024];
            span          plain;
            assert_false(err_is(batch_read(s.batch[i], &b)));
            assert_int_equal(b.first, 2 * round);
            assert_false(err_is(unseal_check(&u, &b)));
            span items = b.items;
            assert_false(err_is(unseal_item(&u, b.first, batch_item(&items), out, &plain)));
            assert_true(span_is(plain, "first"));
            assert_false(err_is(unseal_item(&u, b.first + 1, batch_item(&items), out, &plain)));
            assert_true(span_is(plain, "second"));
            verifier_close(u.sealer);
        }
    }
    scene_done(&s);
}

/* As docs/format/pouch.md says it, without the code that says it: no number has another's nonce, and nothing shows its length. */
static void each_item_has_its_own_nonce(void **state)
{
    (void)state;
    struct scene s;
    struct batch b;
    span         items = {NULL, 0};
    scene_make(&s);
    for (uint8_t number = 0; number < 6; number++) {
        uint8_t nonce[12] = {[11] = number}, ad[ID_LEN + 8] = {[ID_LEN + 7] = number}, out[128];
        if (number % 2 == 0) {
            turn(&s, "first");
            assert_false(err_is(batch_read(s.batch[0], &b)));
            items = b.items;
        }
        span item = batch_item(&items);
        memcpy(ad, s.seal[0].epoch.bytes, ID_LEN);
        assert_int_equal(item.len, 128 + ITEM_TAG_LEN);
        assert_false(err_is(aead_open_box(s.aead[0], nonce, SPAN_OF(ad), (span){item.ptr, 128},
                                          item.ptr + 128, out)));
        assert_memory_equal(out + 4, number % 2 == 0 ? "first" : "second", 5);
    }
    scene_done(&s);
}

/* Every single bit of a batch but its handle, which each link replaces, is under the signature. */
static void a_flipped_bit_is_found_without_the_key(void **state)
{
    (void)state;
    struct scene s;
    struct batch b;
    scene_make(&s);
    turn(&s, "first");
    uint8_t *bytes = s.buffer[1];
    for (size_t i = ID_LEN; i < s.batch[1].len; i++) {
        bytes[i] ^= 4;
        err e = batch_read(s.batch[1], &b);
        e = err_is(e) ? e : batch_check(&b, &s.seal[1].epoch, s.sealer_public);
        assert_true(err_is(e));
        bytes[i] ^= 4;
    }
    assert_false(err_is(batch_read(s.batch[1], &b)));
    assert_false(err_is(batch_check(&b, &s.seal[1].epoch, s.sealer_public)));
    assert_true(err_is(batch_check(&b, &s.seal[0].epoch, s.sealer_public)));
    scene_done(&s);
}

/* Where the turn of another batch is known to be signed, too. */
static void what_is_no_batch_of_a_seen_turn_is_found(void **state)
{
    (void)state;
    struct scene     s;
    struct batch     b;
    struct turn_seen seen = {0};
    scene_make(&s);
    turn(&s, "first");
    struct unseal u = unseal_of(&s, 0), other = unseal_of(&s, 1);
    u.seen = other.seen = &seen;
    assert_false(err_is(batch_read(s.batch[0], &b)));
    assert_false(err_is(unseal_check(&u, &b)));
    assert_true(seen.any);
    uint8_t *bytes = s.buffer[1];
    for (size_t i = ID_LEN; i < s.batch[1].len; i++) {
        bytes[i] ^= 4;
        err e = batch_read(s.batch[1], &b);
        assert_true(err_is(err_is(e) ? e : unseal_check(&other, &b)));
        bytes[i] ^= 4;
    }
    const struct turn_seen before = seen;
    assert_false(err_is(batch_read(s.batch[1], &b)));
    assert_false(err_is(unseal_check(&other, &b)));
    assert_memory_equal(&seen, &before, sizeof seen);
    assert_true(err_is(unseal_check(&u, &b)));
    verifier_close(u.sealer);
    verifier_close(other.sealer);
    scene_done(&s);
}

/* What the sealer said is believed of exactly that turn, and of no other. */
static void a_turn_that_its_sealer_said_is_known(void **state)
{
    (void)state;
    static struct made made, empty;
    struct scene       s;
    struct batch       b;
    scene_make(&s);
    s.made = &made;
    struct unseal u = unseal_of(&s, 0);
    u.made = &made;
    turn(&s, "first");
    assert_false(err_is(batch_read(s.batch[0], &b)));
    struct turn_signed said = {0};
    signer_public(s.sealer, said.sealer);
    memcpy(said.signature, b.signature.ptr, SIGNATURE_LEN);
    batch_hash(&u.epoch, &b, said.root);
    turn_climb(said.root, b.place, b.path);
    assert_true(made_has(&made, &said));
    assert_false(made_has(&empty, &said));
    for (size_t i = 0; i < sizeof said; i++) {
        ((uint8_t *)&said)[i] ^= 1;
        assert_false(made_has(&made, &said));
        ((uint8_t *)&said)[i] ^= 1;
    }
    assert_false(err_is(unseal_check(&u, &b)));
    s.buffer[0][BATCH_HEAD_LEN + 10] ^= 1;
    assert_int_equal(unseal_check(&u, &b).code, ERR_FORGED);
    s.buffer[0][BATCH_HEAD_LEN + 10] ^= 1;
    for (unsigned i = 0; i < MADE_TURNS; i++) {
        assert_true(made_has(&made, &said));
        turn(&s, "later");
    }
    assert_false(made_has(&made, &said)); /* so long ago that the signature is worked out */
    verifier_close(u.sealer);
    scene_done(&s);
}

static void who_can_open_cannot_forge(void **state)
{
    (void)state;
    struct scene s;
    struct batch b;
    scene_make(&s);
    turn(&s, "first");
    secret         other_seed = {{8}};
    struct signer *other = signer_open(&other_seed);
    struct seal   *forged = &s.seal[0];
    span           batch;
    assert_false(err_is(seal_item(forged, SPAN_LIT("forged"))));
    turn_end(&forged, 1, other, &batch, NULL);
    assert_false(err_is(batch_read(batch, &b)));
    assert_int_equal(batch_check(&b, &s.seal[0].epoch, s.sealer_public).code, ERR_FORGED);
    signer_close(other);
    scene_done(&s);
}

static void limits_are_kept(void **state)
{
    (void)state;
    struct scene s;
    scene_make(&s);
    struct seal *one = &s.seal[0];
    uint8_t     *chunk = calloc(1, ITEM_PLAIN_MAX);
    assert_non_null(chunk);
    assert_int_equal(seal_item(one, (span){chunk, ITEM_PLAIN_MAX - 3}).code, ERR_LIMIT);
    assert_false(err_is(seal_item(one, (span){chunk, ITEM_PLAIN_MAX - 4})));
    assert_int_equal(seal_item(one, SPAN_LIT("no room")).code, ERR_FULL);
    span batch;
    turn_end(&one, 1, s.sealer, &batch, NULL);
    one->next = one->items_max;
    assert_int_equal(seal_item(one, SPAN_LIT("used up")).code, ERR_STATE);
    free(chunk);
    scene_done(&s);
}

static void buckets_hide_lengths(void **state)
{
    (void)state;
    unsigned buckets = 0;
    for (size_t len = 1; len < 5000; len++) {
        size_t bucket = seal_bucket(len);
        buckets += bucket != seal_bucket(len - 1);
        assert_true(bucket >= len);
        assert_true(len <= 128 || bucket <= len + len / 2);
    }
    assert_int_equal(buckets,
                     11); /* 128, 192, 256, … 6144 tell of 5000 lengths no more than this */
    assert_int_equal(seal_bucket(ITEM_PLAIN_MAX), ITEM_PLAIN_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_what_was_sealed_in_order),
        cmocka_unit_test(each_item_has_its_own_nonce),
        cmocka_unit_test(a_flipped_bit_is_found_without_the_key),
        cmocka_unit_test(what_is_no_batch_of_a_seen_turn_is_found),
        cmocka_unit_test(a_turn_that_its_sealer_said_is_known),
        cmocka_unit_test(who_can_open_cannot_forge),
        cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(buckets_hide_lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
