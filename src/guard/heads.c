/* SPDX-License-Identifier: Apache-2.0 */
/* Partners' heads lie in key slots, not in the ledger: it would grow with every beat. */
#include "crypt/hash.h"
#include "guard/kept.h"

#define KIND_HEAD 16 /* beside enum kept_kind: the first byte of a slot's body */
#define BODY_LEN  (1 + 4 + 8 + 32 + SIGNATURE_LEN)

static slot_id slot_of(const struct guard *g, const name *partner)
{
    slot_id    out;
    uint8_t    hash[SHA256_LEN];
    const span part[] = {SPAN_LIT("accord head slot 1"), SPAN_OF(g->slot_key.key),
                         name_span(partner)};
    sha256_parts(part, ARRAY_LEN(part), hash);
    memcpy(out.bytes, hash, SLOT_ID_LEN);
    return out;
}

err head_keep(struct guard *g, const struct partner *p)
{
    const struct mailbox *m = &p->mailbox;
    uint8_t               body[BODY_LEN];
    struct writer         w = WRITER_OF(body);
    slot_id               slot = slot_of(g, &p->name);
    put_u8(&w, KIND_HEAD);
    put_u32(&w, m->forks);
    put_u64(&w, m->theirs.size);
    put_span(&w, SPAN_OF(m->theirs.root));
    put_span(&w, SPAN_OF(m->theirs.signature));
    err e = slot_put(g->slots, &slot, writer_span(&w));
    return e.code == ERR_CONFLICT ? slot_replace(g->slots, &slot, writer_span(&w)) : e;
}

/* Whatever lies there is believed for its signature; a head from before a fork counts no more. */
void head_recall(struct guard *g, struct partner *p)
{
    uint8_t     body[SLOT_BODY_MAX];
    size_t      len;
    struct head h = {0};
    slot_id     slot = slot_of(g, &p->name);
    if (err_is(slot_get(g->slots, &slot, body, &len))) {
        return;
    }
    struct reader r = reader_of((span){body, len});
    uint8_t       kind = read_u8(&r);
    uint32_t      forks = read_u32(&r);
    h.size = read_u64(&r);
    read_copy(&r, h.root, sizeof h.root);
    read_copy(&r, h.signature, sizeof h.signature);
    if (err_is(reader_end(&r)) || kind != KIND_HEAD || forks != p->mailbox.forks ||
        h.size <= p->mailbox.theirs.size || err_is(head_check(&h, &p->name, p->identity))) {
        return;
    }
    p->mailbox.theirs = h;
}
