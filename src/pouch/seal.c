/* SPDX-License-Identifier: Apache-2.0 */
#include "pouch/seal.h"

#include "pouch/made.h"
#include "pouch/turn.h"

void seal_open(struct seal *s, const id *epoch, const secret *key, uint64_t items_max,
               struct aead *aead, void *buffer, size_t buffer_len)
{
    aead_rekey(aead, key);
    s->epoch = *epoch;
    s->aead = aead;
    s->next = 0;
    s->items_max = items_max;
    s->count = 0;
    s->w = writer_of(buffer, buffer_len);
    memset(s->chain, 0, sizeof s->chain);
}

/* Steps of 1, 1.5, 2, 3, 4, 6, … times 128 */
size_t seal_bucket(size_t len)
{
    size_t step = 128;
    while (step < len) {
        if (step + step / 2 >= len) {
            return step + step / 2;
        }
        step *= 2;
    }
    return step;
}

static void item_names(const id *epoch, uint64_t number, uint8_t nonce[static 12],
                       uint8_t associated[static ID_LEN + 8])
{
    struct writer n = writer_of(nonce, 12);
    put_u32(&n, 0);
    put_u64(&n, number);
    struct writer a = writer_of(associated, ID_LEN + 8);
    put_id(&a, epoch);
    put_u64(&a, number);
}

static void batch_begin(struct seal *s)
{
    s->w.len = 0;
    s->w.bad = false;
    put_id(&s->w, &s->epoch);
    put_u64(&s->w, s->next);
    put_u16(&s->w, 0);
    put_u32(&s->w, 0);
}

static bool batch_has_room(const struct seal *s, size_t item_len)
{
    size_t used = s->count == 0 ? BATCH_HEAD_LEN : s->w.len;
    return s->count < BATCH_COUNT_MAX && used + item_len + BATCH_TAIL_MAX <= s->w.max;
}

err seal_item(struct seal *s, span plain)
{
    if (plain.len > ITEM_PLAIN_MAX - 4) {
        return FAIL(LIMIT, "an item is longer than an item may be");
    }
    size_t padded = seal_bucket(4 + plain.len);
    if (s->next >= s->items_max) {
        return FAIL(STATE, "the epoch has had all the items it may have");
    }
    if (!batch_has_room(s, 4 + padded + ITEM_TAG_LEN)) {
        return FAIL(FULL, "the batch of this turn is full");
    }
    if (s->count == 0) {
        batch_begin(s);
    }
    put_u32(&s->w, (uint32_t)(padded + ITEM_TAG_LEN));
    uint8_t *at = put_space(&s->w, padded + ITEM_TAG_LEN);
    MUST(at != NULL);
    struct writer item = writer_of(at, padded);
    put_block32(&item, plain);
    memset(at + item.len, 0, padded - item.len);
    uint8_t nonce[12], associated[ID_LEN + 8];
    item_names(&s->epoch, s->next, nonce, associated);
    aead_seal(s->aead, nonce, SPAN_OF(associated), (span){at, padded}, at, at + padded);
    sha256((span){at, padded + ITEM_TAG_LEN}, s->hashes[s->count]);
    s->count++;
    s->next++;
    return OK;
}

static void batch_hash_of(const id *epoch, uint64_t first, uint16_t count, span hashes,
                          uint8_t out[static 32])
{
    uint8_t       head[1 + ID_LEN + 8 + 2];
    struct writer w = WRITER_OF(head);
    put_u8(&w, 0);
    put_id(&w, epoch);
    put_u64(&w, first);
    put_u16(&w, count);
    const span part[] = {SPAN_OF(head), hashes};
    sha256_parts(part, ARRAY_LEN(part), out);
}

void batch_hash(const id *epoch, const struct batch *b, uint8_t out[static 32])
{
    uint8_t hashes[BATCH_COUNT_MAX][32];
    span    items = b->items;
    for (unsigned i = 0; i < b->count; i++) {
        sha256(batch_item(&items), hashes[i]);
    }
    batch_hash_of(epoch, b->first, b->count, (span){hashes[0], (size_t)b->count * 32}, out);
}

static void batch_finish(struct seal *s, const struct turn *t, unsigned place,
                         const uint8_t signature[static SIGNATURE_LEN])
{
    struct writer head = writer_of(s->w.ptr + ID_LEN + 8, 6);
    put_u16(&head, s->count);
    put_u32(&head, (uint32_t)(s->w.len - BATCH_HEAD_LEN));
    put_u8(&s->w, (uint8_t)t->depth);
    put_u16(&s->w, (uint16_t)place);
    put_span(&s->w, (span){signature, SIGNATURE_LEN});
    turn_path(t, place, &s->w);
    MUST(!s->w.bad);
}

void turn_end(struct seal *const seals[], size_t count, struct signer *signer, span batch[],
              struct made *made)
{
    struct turn        t;
    struct turn_signed turn;
    turn_begin(&t, count);
    for (size_t i = 0; i < count; i++) {
        struct seal *s = seals[i];
        MUST(s->count > 0);
        batch_hash_of(&s->epoch, s->next - s->count, s->count,
                      (span){s->hashes[0], (size_t)s->count * 32}, turn_leaf(&t, i));
        const span chain[] = {SPAN_OF(s->chain), {turn_leaf(&t, i), 32}};
        sha256_parts(chain, ARRAY_LEN(chain), s->chain);
    }
    turn_root(&t);
    memcpy(turn.root, turn_root_of(&t), sizeof turn.root);
    signer_public(signer, turn.sealer);
    signer_sign(signer, TURN_PURPOSE, SPAN_OF(turn.root), turn.signature);
    if (made != NULL) {
        made_say(made, &turn);
    }
    for (size_t i = 0; i < count; i++) {
        batch_finish(seals[i], &t, (unsigned)i, turn.signature);
        batch[i] = writer_span(&seals[i]->w);
        seals[i]->count = 0;
    }
}

err batch_check(const struct batch *b, const id *epoch,
                const uint8_t sealer[static SIGN_PUBLIC_LEN])
{
    uint8_t root[32];
    batch_hash(epoch, b, root);
    turn_climb(root, b->place, b->path);
    return sign_check(sealer, TURN_PURPOSE, SPAN_OF(root), b->signature.ptr);
}

static bool turn_known(const struct unseal *u, const struct turn_signed *t)
{
    bool seen = u->seen != NULL && u->seen->any && memcmp(&u->seen->turn, t, sizeof *t) == 0;
    return seen || (u->made != NULL && made_has(u->made, t));
}

err unseal_check(const struct unseal *u, const struct batch *b)
{
    struct turn_signed turn;
    batch_hash(&u->epoch, b, turn.root);
    turn_climb(turn.root, b->place, b->path);
    memcpy(turn.sealer, verifier_public(u->sealer), sizeof turn.sealer);
    memcpy(turn.signature, b->signature.ptr, sizeof turn.signature);
    if (turn_known(u, &turn)) {
        return OK;
    }
    TRY(verifier_check(u->sealer, TURN_PURPOSE, SPAN_OF(turn.root), turn.signature));
    if (u->seen != NULL) {
        *u->seen = (struct turn_seen){.any = true, .turn = turn};
    }
    return OK;
}

err unseal_item(const struct unseal *u, uint64_t number, span ciphertext, uint8_t *out, span *plain)
{
    uint8_t nonce[12], associated[ID_LEN + 8];
    if (ciphertext.len <= ITEM_TAG_LEN) {
        return FAIL(MALFORMED, "an item is shorter than its tag");
    }
    size_t len = ciphertext.len - ITEM_TAG_LEN;
    item_names(&u->epoch, number, nonce, associated);
    TRY(aead_open_box(u->aead, nonce, SPAN_OF(associated), (span){ciphertext.ptr, len},
                      ciphertext.ptr + len, out));
    struct reader r = reader_of((span){out, len});
    span          inner = read_block32(&r, ITEM_PLAIN_MAX);
    if (r.bad) {
        return FAIL(MALFORMED, "an item's length is not inside it");
    }
    *plain = inner;
    return OK;
}
