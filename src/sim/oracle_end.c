/* SPDX-License-Identifier: Apache-2.0 */
/* When all has come to rest: what lies in the outboxes and was released lies in the partners' inboxes,
 * once, in order, the same. */
#include "sim/cast.h"
#include "sim/grow.h"
#include "wire/inbox.h"

/* border - one epoch of a giver, on its way to one taker
 *
 * granted   under this handle
 * cut       by a pause: items from this number on do not arrive, or lie there closed */
struct border {
    struct world   *world;
    struct gateway *giver, *taker;
    name            from, to;
    id              epoch, handle;
    bool            granted;
    uint64_t        cut;
};

name party_name(unsigned party)
{
    name n;
    MUST(!err_is(name_of(span_text(law_party[party]), &n)));
    return n;
}

#define CHUNK_LEN (ITEM_PLAIN_MAX - 4) /* docs/format/submission.md */

/* How many of a product's chunks lie in the outbox: all of them, or did its author leave half-way? */
static size_t chunks_there(const struct world *w, const struct product *p)
{
    const struct journal *j = &w->gateway[p->gateway].log[LOG_OUTBOX_DESK];
    size_t                chunks = 0;
    for (size_t i = 0; i < j->count; i++) {
        struct batch b;
        bool         its = memcmp(j->record[i].body, p->epoch.bytes, ID_LEN) == 0;
        chunks += its && !err_is(batch_read((span){j->record[i].body, j->record[i].len}, &b));
    }
    return chunks;
}

static size_t chunks_of(const struct product *p)
{
    return (p->len + CHUNK_LEN - 1) / CHUNK_LEN;
}

/* ---- each epoch in the outboxes, for each partner ---- */

typedef bool border_look(struct border *b);

static bool epoch_first(const struct journal *j, size_t record, const id *epoch)
{
    for (size_t i = 0; i < record; i++) {
        if (memcmp(j->record[i].body, epoch->bytes, ID_LEN) == 0) {
            return false;
        }
    }
    return true;
}

static bool borders_of(struct world *w, unsigned giver, const id *epoch, border_look *look)
{
    for (unsigned to = 0; to < w->gateways; to++) {
        struct border b = {.world = w,
                           .giver = &w->gateway[giver],
                           .taker = &w->gateway[to],
                           .from = party_name(giver),
                           .to = party_name(to),
                           .epoch = *epoch};
        for (size_t i = 0; i < w->oracle.grant_count && !b.granted; i++) {
            const struct seen_grant *g = &w->oracle.grant[i];
            b.granted = g->giver == giver && g->taker == to && id_equal(&g->epoch, epoch);
            b.handle = g->handle;
        }
        b.cut = oracle_cut(b.giver, epoch, &b.to);
        if (joined(w, giver, to) && !liar_between(b.giver, b.taker) &&
            oracle_is_for(w, giver, epoch, to) && !look(&b)) {
            return false;
        }
    }
    return true;
}

static bool borders_all(struct world *w, border_look *look)
{
    static const enum log_name outbox[] = {LOG_OUTBOX_INTAKE, LOG_OUTBOX_DESK};
    static const enum process  sealer[] = {PROCESS_INTAKE, PROCESS_DESK};
    for (unsigned i = 0; i < w->gateways * ARRAY_LEN(outbox); i++) {
        unsigned giver = i / (unsigned)ARRAY_LEN(outbox);
        if (lies(&w->gateway[giver], sealer[i % ARRAY_LEN(outbox)])) {
            continue; /* it wrote what it liked */
        }
        const struct journal *j = &w->gateway[giver].log[outbox[i % ARRAY_LEN(outbox)]];
        for (size_t r = 0; r < j->count; r++) {
            id epoch;
            memcpy(epoch.bytes, j->record[r].body, ID_LEN);
            if (epoch_first(j, r, &epoch) && !borders_of(w, giver, &epoch, look)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- the giver's batches beside the taker's ---- */

/* Of an epoch's batches in order: those in the outboxes, then what power cuts took from the end. */
static const struct journal_record *outbox_record(const struct border *b, size_t at, bool *lost)
{
    static const enum log_name outbox[] = {LOG_OUTBOX_INTAKE, LOG_OUTBOX_DESK};
    for (unsigned i = 0; i < 2 * ARRAY_LEN(outbox); i++) {
        const struct journal *j = &b->giver->log[outbox[i % ARRAY_LEN(outbox)]];
        *lost = i >= ARRAY_LEN(outbox);
        size_t count = *lost ? j->lost_count : j->count;
        if (at < count) {
            return *lost ? &j->lost[at] : &j->record[at];
        }
        at -= count;
    }
    return NULL;
}

static bool outbox_next(const struct border *b, size_t *at, struct batch *out, bool *lost)
{
    const struct journal_record *r;
    while ((r = outbox_record(b, *at, lost)) != NULL) {
        (*at)++;
        if (memcmp(r->body, b->epoch.bytes, ID_LEN) == 0 &&
            !err_is(batch_read((span){r->body, r->len}, out))) {
            return true;
        }
    }
    return false;
}

static bool inbox_next(const struct border *b, size_t *at, struct batch *out)
{
    const struct journal *j = &b->taker->log[LOG_INBOX];
    while (*at < j->synced) {
        const struct journal_record *r = &j->record[(*at)++];
        struct inbox_record          i;
        if (!err_is(inbox_record_read((span){r->body, r->len}, &i)) && i.kind == ENTRY_BATCH &&
            name_equal(&i.partner, &b->from) && !err_is(batch_read(i.body, out)) &&
            id_equal(&out->handle, &b->handle)) {
            return true;
        }
    }
    return false;
}

static bool batch_same(const struct batch *a, const struct batch *b)
{
    return a->first == b->first && a->count == b->count && span_equal(a->items, b->items) &&
           span_equal(a->signature, b->signature);
}

/* came - how the two compare: 0 the same, -1 something has not come, 1 something else came.  What a power
 * cut took from the giver may have come, and may not */
static int came(const struct border *b)
{
    size_t       out = 0, in = 0;
    struct batch given, taken;
    bool         lost, missing = false, takes = inbox_next(b, &in, &taken);
    while (outbox_next(b, &out, &given, &lost)) {
        if (takes && batch_same(&given, &taken)) {
            takes = inbox_next(b, &in, &taken);
        } else if (takes && !lost && given.first < b->cut) {
            return 1;
        } else {
            missing = missing || !(lost || given.first >= b->cut);
        }
    }
    return takes ? 1 : missing ? -1 : 0;
}

static const struct seen_leaf *judged(const struct border *b)
{
    static const enum leaf_kind kind[] = {LEAF_RELEASED, LEAF_HELD, LEAF_REFUSED};
    const struct seen_leaf     *leaf = NULL;
    for (size_t i = 0; i < ARRAY_LEN(kind); i++) {
        const struct seen_leaf *one = oracle_find(b->giver, kind[i], &b->epoch, &b->to);
        leaf = leaf == NULL || (one != NULL && one->index > leaf->index) ? one : leaf;
    }
    return leaf;
}

/* What an officer took back, or paused before the courier had carried it, need not arrive. */
static bool stopped(const struct border *b)
{
    const struct seen_leaf *leaf = judged(b);
    return oracle_ordered(b->giver, &b->epoch, &b->to) ||
           (leaf != NULL && leaf->kind == LEAF_REFUSED && officer_gave_reason(b->giver)) ||
           oracle_over(b->giver, b->taker, oracle_find(b->giver, LEAF_RELEASED, &b->epoch, &b->to));
}

/* Is it owed no verdict?  Who looks at what leaves has not seen all of it, and never will. */
static bool left_half_way(const struct border *b)
{
    const struct product *p = product_named(b->world, &b->epoch);
    return b->world->checked && p != NULL && p->gateway == b->giver->number && !p->acked &&
           chunks_there(b->world, p) < chunks_of(p);
}

static bool border_rests(struct border *b)
{
    const struct seen_leaf *leaf = judged(b);
    if (stopped(b)) {
        return true;
    }
    if (leaf == NULL || leaf->kind != LEAF_RELEASED) {
        return leaf != NULL || left_half_way(b);
    }
    return b->granted && came(b) >= 0 &&
           oracle_find(b->taker, LEAF_RECEIVED, &b->handle, &b->from) != NULL;
}

static bool products_judged(struct world *w)
{
    for (size_t i = 0; i < w->cast->product_count; i++) {
        const struct product *p = &w->cast->product[i];
        for (unsigned to = 0; p->acked && to < w->gateways; to++) {
            struct border b = {
                .giver = &w->gateway[p->gateway], .to = party_name(to), .epoch = p->epoch};
            bool conceded = liar_between(b.giver, &w->gateway[to]) || lies(b.giver, PROCESS_DESK);
            if (joined(w, p->gateway, to) && judged(&b) == NULL && !conceded &&
                !oracle_ordered(b.giver, &b.epoch, &b.to)) {
                return false;
            }
        }
    }
    return true;
}

const char *oracle_wanting(struct world *w)
{
    return !cast_idle(w)                   ? "somebody waits"
           : !products_judged(w)           ? "a product is not judged"
           : !oracle_orders_done(w)        ? "an order is not carried out"
           : !oracle_duties_done(w)        ? "what is owed is not done"
           : !borders_all(w, border_rests) ? "an epoch is not where it was given"
                                           : NULL;
}

/* ---- the same for what came, in words ---- */

static void hex_of(const id *i, char out[static 2 * ID_LEN + 1])
{
    struct writer w = writer_of(out, 2 * ID_LEN + 1);
    put_hex(&w, id_span(i));
    put_u8(&w, 0);
}

static bool border_check(struct border *b)
{
    char                    hex[2 * ID_LEN + 1];
    const struct seen_leaf *leaf = judged(b);
    hex_of(&b->epoch, hex);
    b->world->totals.checks++;
    b->world->totals.crossings += b->granted;
    if (stopped(b)) {
        if (b->granted && came(b) > 0) {
            wrong(b->world,
                  "%s to %s: epoch %s, which was stopped, came twice, changed or out of order",
                  b->from.text, b->to.text, hex);
        }
        return true;
    }
    if (leaf == NULL && left_half_way(b)) {
        return true; /* product_check sees that it was given to nobody */
    }
    if (leaf == NULL) {
        wrong(b->world, "%s to %s: nobody judged epoch %s", b->from.text, b->to.text, hex);
    } else if (leaf->kind == LEAF_RELEASED && !b->granted) {
        wrong(b->world, "%s to %s: epoch %s was released and never granted", b->from.text,
              b->to.text, hex);
    } else if (leaf->kind == LEAF_RELEASED) {
        int         order = came(b);
        const char *what = order < 0 ? "is not all there" : "came twice, changed or out of order";
        if (order != 0) {
            wrong(b->world, "%s to %s: epoch %s %s", b->from.text, b->to.text, hex, what);
        }
        if (oracle_find(b->taker, LEAF_RECEIVED, &b->handle, &b->from) == NULL) {
            wrong(b->world, "%s to %s: epoch %s is on no record of the taker", b->from.text,
                  b->to.text, hex);
        }
    } else if (b->granted) {
        wrong(b->world, "%s to %s: epoch %s was granted without a release", b->from.text,
              b->to.text, hex);
    }
    return true;
}

/* Is a record of an inbox one that a courier keeps?  A letter is sealed: what a partner's courier sends as one may have any
 * length up to the limit, also one too short to be a letter, and the guard says what it is.  All else but what was left
 * out begins with a handle. */
static bool inbox_whole(span bytes, struct inbox_record *out)
{
    struct left left;
    if (err_is(inbox_record_read(bytes, out))) {
        return false;
    }
    switch (out->kind) {
    case ENTRY_LETTER:
        return out->lane == LANE_CONTROL && out->body.len > 0 && out->body.len <= ENVELOPE_MAX;
    case ENTRY_LEFT:
        return !err_is(left_read(out->body, &left));
    default:
        return out->kind != ENTRY_GAP && out->body.len >= ID_LEN;
    }
}

/* Whatever lies in an inbox was granted to this party, but for letters. */
static void inbox_check(struct gateway *g)
{
    const struct journal *j = &g->log[LOG_INBOX];
    for (size_t i = 0; i < j->count && !lies(g, PROCESS_COURIER); i++) {
        struct inbox_record record;
        span                bytes = {j->record[i].body, j->record[i].len};
        id                  handle;
        if (!inbox_whole(bytes, &record)) {
            wrong(g->world, "%s: a record of the inbox cannot be read", law_party[g->number]);
            continue;
        }
        if (record.kind == ENTRY_LETTER || record.kind == ENTRY_LEFT) {
            continue;
        }
        memcpy(handle.bytes, record.body.ptr, ID_LEN);
        unsigned from = party_number(&record.partner);
        bool     conceded = from != NOBODY && lies(&g->world->gateway[from], PROCESS_COURIER);
        if (!conceded && oracle_grant_of(g->world, g->number, &handle) == NULL) {
            wrong(g->world, "%s: something came that nobody granted", law_party[g->number]);
        }
    }
}

static bool any_grant(const struct world *w, const struct product *p)
{
    bool any = false;
    for (size_t i = 0; i < w->oracle.grant_count && !any; i++) {
        const struct seen_grant *g = &w->oracle.grant[i];
        any = g->giver == p->gateway && id_equal(&g->epoch, &p->epoch);
    }
    return any;
}

/* What an author was told is safe lies in the outbox, whole, whatever became of its release; of what he left half-way
 * nothing is given, where what leaves is looked at. */
static void product_check(struct world *w, const struct product *p)
{
    size_t chunks = chunks_there(w, p);
    if (lies(&w->gateway[p->gateway], PROCESS_DESK)) {
        return;
    }
    if (p->acked && chunks != chunks_of(p)) {
        wrong(w, "%s: product %s was acknowledged and is not there once", law_party[p->gateway],
              p->title);
    }
    if (w->checked && p->named && chunks < chunks_of(p) && any_grant(w, p)) {
        wrong(w, "%s: product %s was given, and not all of it was there", law_party[p->gateway],
              p->title);
    }
}

/* Leaves that were there once are there still, in their order. */
static void ledger_grew_check(struct gateway *g)
{
    const struct seen_ledger *l = &g->world->oracle.ledger[g->number];
    struct reader             rest = reader_of(writer_span(&g->gate->ledger));
    size_t                    seen = 0;
    while (rest.rest.len > 0) {
        struct record r;
        span          bytes = read_block32(&rest, RECORD_MAX);
        if (rest.bad || err_is(record_read(bytes, &r)) || r.type != RECORD_LEAF) {
            continue;
        }
        merkle_hash hash = leaf_hash(r.salt, r.bytes);
        if (seen >= l->count || !merkle_equal(&hash, &l->leaf[seen].hash)) {
            wrong(g->world, "%s: leaf %zu is not what it was", law_party[g->number], seen);
            return;
        }
        seen++;
    }
    if (seen != l->count) {
        wrong(g->world, "%s: the ledger has become shorter", law_party[g->number]);
    }
}

void oracle_end(struct world *w)
{
    (void)borders_all(w, border_check);
    if (!oracle_orders_done(w)) {
        wrong(w, "something was to be taken back, and is not");
    }
    oracle_duties_look(w);
    for (size_t i = 0; i < w->cast->product_count; i++) {
        product_check(w, &w->cast->product[i]);
    }
    for (unsigned i = 0; i < w->gateways; i++) {
        inbox_check(&w->gateway[i]);
        officer_end(&w->gateway[i]);
        oracle_order_end(&w->gateway[i]);
        ledger_grew_check(&w->gateway[i]);
        verdicts_check(&w->gateway[i]);
        ledger_check(&w->gateway[i]);
        for (unsigned k = 0; k < w->gateways; k++) {
            if (k != i) {
                sides_check(w, i, k);
            }
        }
    }
}
