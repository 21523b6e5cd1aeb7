/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/kept.h"

#include "agreement/table.h"
#include "crypt/wrap.h"

/* A body's first byte says kind and looked. */
#define KIND_BITS 4
#define KIND_MASK 0x0fu

static uint8_t kind_byte(const struct kept *k)
{
    return (uint8_t)((unsigned)k->kind | (unsigned)k->looked << KIND_BITS);
}

static slot_id slot_of(const id *handle)
{
    slot_id out;
    memcpy(out.bytes, handle->bytes, SLOT_ID_LEN);
    return out;
}

static err put_wrapped(struct guard *g, struct writer *w, span key)
{
    uint8_t wrapped[HPKE_PRIVATE_LEN + WRAP_EXTRA];
    TRY(wrap_make(&g->slot_key, key, wrapped));
    put_block8(w, (span){wrapped, key.len + WRAP_EXTRA});
    return OK;
}

/* bound - the start that wrote a slot, and the leaf that was to tell of it */
struct bound {
    uint32_t boot;
    uint64_t leaf;
};

/* Slot and leaf are two writes, and a crash may come between them.  The slot names the leaf that was to
 * follow and the start that wrote it; if the next start's leaf stands where it should be, or before, then
 * it was never recorded. */
static bool is_recorded(const struct guard *g, struct bound b)
{
    bool forgotten = b.boot + BOOTS_MAX < g->boot_count;
    return b.boot >= g->boot_count || forgotten || b.leaf < g->boot_leaf[b.boot % BOOTS_MAX];
}

/* What was written before the ledger forked rests on leaves that nobody can show. */
static bool is_before_fork(const struct guard *g, struct bound b)
{
    return g->watch.fork_boot != 0 && (b.boot < g->watch.fork_boot || b.leaf < g->watch.fork_leaf);
}

/* An epoch's body with the longest cover: it must fit. */
#define NAME_LEN_MAX (1 + NAME_MAX_LEN)
#define EPOCH_BODY_MAX                                                                             \
    (1 + 4 + 8 + (1 + SECRET_LEN + WRAP_EXTRA) + NAME_LEN_MAX + (2 + 1 + OWED_LEN) +               \
     (1 + 8 + 4 + 1 + 2 + 2 + 2 + 2 + 2 + 1 + 1 + ID_LEN) + 2 + COVER_TEXT_MAX)
_Static_assert(EPOCH_BODY_MAX <= SLOT_BODY_MAX, "a slot is too small for an epoch");
_Static_assert(PARTNERS_MAX <= 16, "partners are bits of 16");

static void later_put(const struct kept *k, struct writer *w)
{
    put_u8(w, k->agreement);
    put_u64(w, k->items);
    put_u32(w, k->lease_ms);
    put_u8(w, k->via);
    put_u8(w, k->via_level.policy);
    put_u8(w, k->via_level.rank);
    put_u16(w, k->given);
    put_u16(w, k->given_via);
    put_u16(w, k->recalled);
    put_u16(w, k->instead);
    put_u8(w, k->only);
    put_u8(w, k->source);
    if (k->only != 0) {
        put_id(w, &k->of);
    }
}

static void later_read(struct reader *r, struct kept *k)
{
    k->agreement = read_u8(r);
    k->items = read_u64(r);
    k->lease_ms = read_u32(r);
    k->via = read_u8(r);
    k->via_level.policy = read_u8(r);
    k->via_level.rank = read_u8(r);
    k->given = read_u16(r);
    k->given_via = read_u16(r);
    k->recalled = read_u16(r);
    k->instead = read_u16(r);
    k->only = read_u8(r);
    k->source = read_u8(r);
    if (k->only != 0) {
        k->of = read_id(r);
    }
}

static err body_put(struct guard *g, const struct kept *k, struct bound bound, struct writer *w)
{
    uint8_t       cover[COVER_TEXT_MAX];
    struct writer c = WRITER_OF(cover);
    span          text;
    put_u8(w, kind_byte(k));
    put_u32(w, bound.boot);
    put_u64(w, bound.leaf);
    TRY(put_wrapped(g, w, SPAN_OF(k->key.key)));
    put_name(w, &k->from);
    put_u16(w, k->candidates);
    put_u8(w, k->handled_as);
    owed_write(&k->owed, w);
    later_put(k, w);
    cover_write(&k->cover, &c);
    TRY(writer_end(&c, &text));
    put_block16(w, text);
    return writer_end(w, &text);
}

/* The first fields of a slot's body. */
static err body_bound(span body, struct bound *out)
{
    struct reader r = reader_of(body);
    (void)read_u8(&r);
    out->boot = read_u32(&r);
    out->leaf = read_u64(&r);
    return r.bad ? FAIL(MALFORMED, "a key slot holds something else") : OK;
}

err kept_put(struct guard *g, const id *handle, const struct kept *k)
{
    uint8_t       body[SLOT_BODY_MAX], old[SLOT_BODY_MAX];
    struct writer w = WRITER_OF(body);
    slot_id       slot = slot_of(handle);
    size_t        len;
    struct bound  known;
    TRY(body_put(g, k, (struct bound){g->boot_count, g->ledger.tree.size}, &w));
    err e = slot_put(g->slots, &slot, writer_span(&w));
    if (e.code != ERR_CONFLICT || err_is(slot_get(g->slots, &slot, old, &len)) ||
        err_is(body_bound((span){old, len}, &known)) || is_recorded(g, known)) {
        return e;
    }
    return slot_replace(g->slots, &slot, writer_span(&w));
}

err kept_change(struct guard *g, const id *handle, const struct kept *k)
{
    uint8_t       body[SLOT_BODY_MAX], old[SLOT_BODY_MAX];
    struct writer w = WRITER_OF(body);
    slot_id       slot = slot_of(handle);
    size_t        len;
    struct bound  known;
    TRY(slot_get(g->slots, &slot, old, &len));
    TRY(body_bound((span){old, len}, &known));
    if ((old[0] & KIND_MASK) != k->kind || !is_recorded(g, known)) {
        return FAIL(UNKNOWN, "no epoch is known by this id");
    }
    TRY(body_put(g, k, known, &w));
    return slot_replace(g->slots, &slot, writer_span(&w));
}

err kept_destroy(struct guard *g, const id *handle)
{
    uint8_t noise[SLOT_BODY_MAX];
    slot_id slot = slot_of(handle);
    random_fill(g->random, noise, sizeof noise);
    return slot_overwrite(g->slots, &slot, noise);
}

/* From whom the slot of a received key is, whether the ledger speaks of it or not; an empty name: of nobody */
static err slot_giver(struct guard *g, const id *handle, name *from, bool *recorded)
{
    uint8_t      body[SLOT_BODY_MAX];
    size_t       len;
    slot_id      slot = slot_of(handle);
    struct bound bound;
    TRY(slot_get(g->slots, &slot, body, &len));
    struct reader r = reader_of((span){body, len});
    uint8_t       kind = read_u8(&r) & KIND_MASK;
    TRY(body_bound((span){body, len}, &bound));
    (void)read_bytes(&r, 4 + 8);
    (void)read_block8(&r, SECRET_LEN + WRAP_EXTRA);
    name giver = read_name(&r);
    *from = kind == KEPT_RECEIVED && !r.bad ? giver : (name){0};
    *recorded = is_recorded(g, bound);
    return OK;
}

err kept_giver(struct guard *g, const id *handle, name *out)
{
    name from;
    bool recorded;
    TRY(slot_giver(g, handle, &from, &recorded));
    *out = recorded ? from : (name){0};
    return OK;
}

err kept_destroy_unrecorded(struct guard *g, const id *handle, const name *from)
{
    name giver;
    bool recorded;
    err  e = slot_giver(g, handle, &giver, &recorded);
    if (e.code == ERR_UNKNOWN || e.code == ERR_STATE) {
        return OK;
    }
    TRY(e);
    return !recorded && name_equal(&giver, from) ? kept_destroy(g, handle) : OK;
}

static err body_read(struct guard *g, span body, struct kept *k)
{
    struct reader r = reader_of(body);
    uint8_t       kind = read_u8(&r);
    k->kind = (enum kept_kind)(kind & KIND_MASK);
    k->looked = (enum kept_looked)(kind >> KIND_BITS);
    struct bound bound;
    bound.boot = read_u32(&r);
    bound.leaf = k->leaf = read_u64(&r);
    span wrapped = read_block8(&r, SECRET_LEN + WRAP_EXTRA);
    k->from = read_name(&r);
    k->candidates = read_u16(&r);
    k->handled_as = read_u8(&r);
    owed_read(&r, &k->owed);
    later_read(&r, k);
    span cover = read_block16(&r, COVER_TEXT_MAX);
    TRY(reader_end(&r));
    if ((k->kind != KEPT_OWN && k->kind != KEPT_RECEIVED) || k->looked > LOOKED_STOPPED ||
        wrapped.len != SECRET_LEN + WRAP_EXTRA || !is_recorded(g, bound)) {
        return FAIL(UNKNOWN, "no epoch is known by this id");
    }
    if (is_before_fork(g, bound)) {
        return FAIL(STATE, "it was kept before the ledger forked, and opens nothing any more");
    }
    TRY(cover_read(cover, &k->cover));
    return wrap_open(&g->slot_key, wrapped, k->key.key);
}

err kept_get(struct guard *g, const id *handle, struct kept *out)
{
    uint8_t     body[SLOT_BODY_MAX];
    size_t      len;
    struct kept k = {0};
    slot_id     slot = slot_of(handle);
    TRY(slot_get(g->slots, &slot, body, &len));
    TRY(body_read(g, (span){body, len}, &k));
    *out = k;
    secret_wipe(&k.key);
    return OK;
}

err kept_at(struct guard *g, uint32_t place, id *handle, struct kept *out)
{
    uint8_t     body[SLOT_BODY_MAX];
    size_t      len;
    struct kept k = {0};
    slot_id     slot;
    TRY(slot_look(g->slots, place, &slot, body, &len));
    TRY(body_read(g, (span){body, len}, &k));
    memcpy(handle->bytes, slot.bytes, SLOT_ID_LEN);
    *out = k;
    secret_wipe(&k.key);
    return OK;
}

static id day_key_handle(const uint8_t key_id[static DAY_KEY_ID_LEN])
{
    id out = {{'d', 'a', 'y', '-', 'k', 'e', 'y', '-'}};
    memcpy(out.bytes + 8, key_id, DAY_KEY_ID_LEN);
    return out;
}

err day_key_put(struct guard *g, const uint8_t key_id[static DAY_KEY_ID_LEN], span scalar)
{
    uint8_t       body[128];
    struct writer w = WRITER_OF(body);
    id            handle = day_key_handle(key_id);
    slot_id       slot = slot_of(&handle);
    put_u8(&w, KEPT_DAY_KEY);
    TRY(put_wrapped(g, &w, scalar));
    return slot_put(g->slots, &slot, writer_span(&w));
}

err day_key_get(struct guard *g, const uint8_t key_id[static DAY_KEY_ID_LEN], struct hpke_key *out)
{
    uint8_t body[SLOT_BODY_MAX], scalar[HPKE_PRIVATE_LEN];
    size_t  len;
    id      handle = day_key_handle(key_id);
    slot_id slot = slot_of(&handle);
    TRY(slot_get(g->slots, &slot, body, &len));
    struct reader r = reader_of((span){body, len});
    uint8_t       kind = read_u8(&r);
    span          wrapped = read_block8(&r, sizeof scalar + WRAP_EXTRA);
    TRY(reader_end(&r));
    if (kind != KEPT_DAY_KEY || wrapped.len != sizeof scalar + WRAP_EXTRA) {
        return FAIL(MALFORMED, "the slot of a day key holds something else");
    }
    TRY(wrap_open(&g->slot_key, wrapped, scalar));
    err e = hpke_key_read(HPKE_P384, SPAN_OF(scalar), out);
    bytes_wipe(scalar, sizeof scalar);
    return e;
}

err day_key_of(struct guard *g, span sealed, struct hpke_key *out)
{
    uint8_t key_id[DAY_KEY_ID_LEN];
    TRY(sealed_day_key(sealed, key_id));
    return day_key_find(g, key_id) != NULL
               ? day_key_get(g, key_id, out)
               : FAIL(UNKNOWN,
                      "what came is sealed to a day key that is not, or no longer, kept here");
}

err day_key_overwrite(struct guard *g, const uint8_t key_id[static DAY_KEY_ID_LEN])
{
    id handle = day_key_handle(key_id);
    return kept_destroy(g, &handle);
}
