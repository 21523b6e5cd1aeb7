/* SPDX-License-Identifier: Apache-2.0 */
/* What a liar writes: batches of others, batches of its own under keys that it was given, and its machine's with a bit
 * that is another. */
#include "feed/report.h"
#include "pouch/seal.h"
#include "sim/grow.h"
#include "sim/liar.h"

#define PLAIN_MAX 600

/* A report that was sealed, with another place, as far as the liar can open it */
static bool report_forge(struct world *w, const struct sealing_key *k, struct writer *out)
{
    static uint8_t room[ITEM_MAX];
    span           record = hoard_draw(w, &w->hoard->record);
    struct batch   b;
    struct unseal  u = {.epoch = k->epoch};
    struct report  r;
    span           plain;
    if (err_is(batch_read(record, &b)) || !id_equal(&b.handle, &k->epoch)) {
        return false;
    }
    span items = b.items;
    u.aead = aead_open(&k->key);
    err e = unseal_item(&u, b.first, batch_item(&items), room, &plain);
    aead_close(u.aead);
    if (err_is(e) || err_is(report_decode(plain, &r))) {
        return false;
    }
    r.hae_cm += 100 * 1000;
    return !err_is(report_encode(&r, out));
}

/* Sealed as it must be, with the liar's signature: of content that nobody sent or signed, under numbers that were used */
static span sealed(struct gateway *g, const struct liar *l, const struct sealing_key *k)
{
    static uint8_t     room[BATCH_HEAD_LEN + 8 * (PLAIN_MAX + 512) + BATCH_TAIL_MAX];
    struct world      *w = g->world;
    uint8_t            plain[PLAIN_MAX];
    struct aead       *aead = aead_open(&k->key);
    struct seal        seal;
    struct seal *const one[] = {&seal};
    struct signer     *signer = signer_open(&l->key);
    span               batch = {0};
    struct writer      forged = WRITER_OF(plain);
    random_fill(random_from(&w->stream), plain, sizeof plain);
    bool known = report_forge(w, k, &forged);
    seal_open(&seal, &k->epoch, &k->key, UINT64_MAX / 2, aead, room, sizeof room);
    seal.next = chance(w, 3) ? roll(w, 1000) : roll(w, 12);
    for (unsigned i = 1 + roll(w, 3); i > 0; i--) {
        (void)err_is(
            seal_item(&seal, (span){plain, known ? forged.len : 1 + roll(w, PLAIN_MAX - 1)}));
    }
    turn_end(one, 1, signer, &batch, NULL);
    signer_close(signer);
    aead_close(aead);
    return batch;
}

static span bent(struct world *w, span record)
{
    static uint8_t room[32768];
    size_t         len = record.len < sizeof room ? record.len : sizeof room;
    if (len > 0) {
        memcpy(room, record.ptr, len);
    }
    liar_bend(w, room, &len);
    return (span){room, len};
}

span liar_batch(struct gateway *g, enum process p)
{
    struct world *w = g->world;
    struct hoard *h = w->hoard;
    uint64_t      keys = h->sealing_count < HOARD_MAX ? h->sealing_count : HOARD_MAX;
    if (keys > 0 && !chance(w, 3)) {
        return sealed(g, g->liar[p], &h->sealing[roll(w, (uint32_t)keys)]);
    }
    span old = hoard_draw(w, &h->record);
    return chance(w, 2) ? old : bent(w, old);
}

span liar_record(struct gateway *g, enum process p, span body)
{
    struct world *w = g->world;
    hoard_put(&w->hoard->record, body);
    if (!chance(w, g->liar[p]->boldness)) {
        return body;
    }
    w->totals.lies++;
    if (chance(w, 3)) {
        span other = hoard_draw(w, &w->hoard->record);
        return other.len > ID_LEN ? other : body;
    }
    span changed = bent(w, body);
    return changed.len > ID_LEN ? changed : body;
}
