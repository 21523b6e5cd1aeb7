/* SPDX-License-Identifier: Apache-2.0 */
/* Own orders: what this party gave is taken back. */
#include "guard/orders.h"

#include "guard/act.h"
#include "guard/giving.h"
#include "guard/opened.h"
#include "guard/tell.h"
#include "marking/names.h"

#define ORDER_REASON_MAX 256

const enum leaf_kind order_leaf[ORDER_KIND_COUNT] = {LEAF_RECALLED, LEAF_DESTROYED};

/* ---- the acts recall, destroy: partner, reason; the ids ---- */

struct order_act {
    enum order_kind kind;
    set64           partners;
    uint32_t        count;
};

static id id_at(span ids, uint32_t at)
{
    id out;
    memcpy(out.bytes, ids.ptr + (size_t)at * ID_LEN, ID_LEN);
    return out;
}

static err partners_read(struct guard *g, span text, set64 *out)
{
    name who;
    if (span_is(text, "-")) {
        *out = ~(set64)0;
        return OK;
    }
    TRY(name_of(text, &who));
    const struct partner *p = partner_find(g, &who);
    if (p == NULL) {
        return FAIL(UNKNOWN, "there is no partner of this name");
    }
    *out = set_one((unsigned)(p - g->partner));
    return OK;
}

static err order_decode(struct guard *g, const struct act_view *v, struct order_act *out)
{
    struct lines     l = lines_of(v->body);
    struct order_act o = {.count = (uint32_t)(v->attachment.len / ID_LEN)};
    o.kind = span_is(name_span(&v->act), "destroy") ? ORDER_DESTROY : ORDER_RECALL;
    span partner = take_text(&l, "partner");
    span reason = take_text(&l, "reason");
    TRY(body_end(&l));
    TRY(partners_read(g, partner, &o.partners));
    if (reason.len > ORDER_REASON_MAX) {
        return FAIL(LIMIT, "the reason is longer than 256 bytes");
    }
    if (o.count == 0 || o.count > ORDER_IDS_MAX || v->attachment.len % ID_LEN != 0) {
        return FAIL(LIMIT, "an order names 1 to 3,000 epochs, 16 bytes each");
    }
    *out = o;
    return OK;
}

static err row_wrong(struct guard *g, uint32_t row, const char *what)
{
    struct writer w = writer_of((uint8_t *)g->orders.why, sizeof g->orders.why - 1);
    put_text(&w, "row ");
    put_decimal(&w, (uint64_t)row + 1);
    put_text(&w, what);
    g->orders.why[w.len] = 0;
    return (err){ERR_UNKNOWN, g->orders.why};
}

/* What is destroyed already may be named again: somebody may still have it.  So may what can no longer be
 * read. */
static err rows_check(struct guard *g, span ids, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct kept k;
        id          epoch = id_at(ids, i);
        err         e = kept_get(g, &epoch, &k);
        bool        own = !err_is(e) && k.kind == KEPT_OWN;
        secret_wipe(&k.key);
        if (e.code == ERR_IO) {
            return e;
        }
        if (!own && e.code != ERR_STATE && e.code != ERR_FORGED) {
            return row_wrong(g, i, " is no epoch of this party");
        }
    }
    return OK;
}

/* share - the places and ids of the orders to one partner, or to everybody */
struct share {
    unsigned place, places;
    uint32_t id, ids;
};

static struct share share_of(set64 partners)
{
    unsigned p = set_next(partners, 0);
    return partners == ~(set64)0 ? (struct share){PARTNERS_MAX * ORDERS_EACH_MAX, ORDERS_ALL_MAX,
                                                  PARTNERS_MAX * ORDERS_EACH_IDS, ORDERS_ALL_IDS}
                                 : (struct share){p * ORDERS_EACH_MAX, ORDERS_EACH_MAX,
                                                  p * ORDERS_EACH_IDS, ORDERS_EACH_IDS};
}

/* A free place for so many ids, and where they begin: behind those of the others of its share. */
static struct order *order_room(struct guard *g, set64 partners, uint32_t count, uint32_t *first)
{
    struct share  s = share_of(partners);
    struct order *room = NULL;
    uint32_t      used = 0;
    for (unsigned i = 0; i < s.places; i++) {
        struct order *o = &g->orders.own[s.place + i];
        used += o->step == ORDER_FREE ? 0 : o->total;
        room = o->step == ORDER_FREE ? o : room;
    }
    *first = s.id + used;
    return used + count <= s.ids ? room : NULL;
}

/* Those of its share that lie behind it move up. */
static void order_free(struct guard *g, struct order *gone)
{
    struct share s = share_of(gone->partners);
    uint32_t     end = gone->first + gone->total;
    memmove(&g->orders.ids[gone->first], &g->orders.ids[end],
            (s.id + s.ids - end) * sizeof g->orders.ids[0]);
    gone->step = ORDER_FREE;
    for (unsigned i = 0; i < s.places; i++) {
        struct order *o = &g->orders.own[s.place + i];
        o->first -= o->step != ORDER_FREE && o->first > gone->first ? gone->total : 0;
    }
}

static const err orders_full = {ERR_FULL, "too many orders to that partner are not done yet"};

err order_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct order_act o;
    uint32_t         first;
    TRY(order_decode(g, v, &o));
    TRY(rows_check(g, v->attachment, o.count));
    if (order_room(g, o.partners, o.count, &first) == NULL) {
        return orders_full;
    }
    bool all = o.partners == ~(set64)0;
    line_text(shown, "shown", SPAN_LIT("epochs:"));
    line_number(shown, "shown", o.count);
    line_text(shown, "shown",
              all && o.kind == ORDER_DESTROY
                  ? SPAN_LIT("everybody who has them is ordered to destroy them, and they are "
                             "destroyed here too")
                  : SPAN_LIT("who has them is ordered to destroy them; they stay here"));
    return OK;
}

/* No author has the second word on the destruction of his own product. */
static err second_differs(struct guard *g, const struct act *a, span ids, uint32_t count)
{
    for (uint32_t i = 0; a->signer_count > 1 && i < count; i++) {
        struct kept k;
        id          epoch = id_at(ids, i);
        if (err_is(kept_get(g, &epoch, &k))) {
            continue;
        }
        secret_wipe(&k.key);
        if (name_equal(&k.from, &a->signer[1])) {
            return row_wrong(g, i, " is a product of the second officer: another must sign");
        }
    }
    return OK;
}

/* The parties among those who are ordered that have any of it; of what was destroyed before all may. */
static set64 who_has(struct guard *g, const struct order_act *o, span ids)
{
    set64 has = 0, parties = 0;
    for (uint32_t i = 0; i < o->count; i++) {
        struct kept k = {.given = UINT16_MAX};
        id          epoch = id_at(ids, i);
        err         e = kept_get(g, &epoch, &k);
        has |= e.code == ERR_UNKNOWN ? 0 : (set64)k.given | k.given_via;
        secret_wipe(&k.key);
    }
    for (unsigned p = 0; p < g->partner_count; p++) {
        parties |= set_has(has & o->partners, p) ? set_one(g->partner[p].party) : 0;
    }
    return parties;
}

err order_perform(struct guard *g, struct act *a, const struct act_view *v, struct writer *result)
{
    struct order_act o;
    struct leaf      l;
    TRY(order_decode(g, v, &o));
    TRY(second_differs(g, a, v->attachment, o.count));
    set64 have = who_has(g, &o, v->attachment);
    leaf_start(g, &l, LEAF_ACT);
    record_attachment(g, &l, v->attachment);
    act_leaf(&l, a);
    struct recorded leaf = record(g, &l);
    line_number(result, "order", leaf.index);
    put_text(result, "partners ");
    names_format(&g->tables.policies.parties, have, result);
    put_text(result, have == 0 ? "-\n" : "\n");
    return OK;
}

/* What is taken back waits for no officer any more. */
static void held_end(struct guard *g, const struct order_act *o, span ids)
{
    for (unsigned i = 0; i < g->held_count; i++) {
        struct held *h = &g->held[i];
        bool         waits = h->state == HELD_WAITING && set_has(o->partners, h->partner);
        for (uint32_t k = 0; waits && k < o->count; k++) {
            if (memcmp(h->epoch.bytes, ids.ptr + (size_t)k * ID_LEN, ID_LEN) == 0) {
                h->state = HELD_REJECTED;
                waits = false;
            }
        }
    }
}

err order_fold(struct guard *g, const struct act_view *v)
{
    struct order_act a;
    uint32_t         first;
    TRY(order_decode(g, v, &a));
    struct order *o = order_room(g, a.partners, a.count, &first);
    if (o == NULL) {
        return orders_full;
    }
    *o = (struct order){.kind = a.kind,
                        .partners = a.partners,
                        .leaf = g->ledger.tree.size - 1,
                        .total = a.count,
                        .first = first,
                        .count = a.count,
                        .step = ORDER_MARK,
                        .rests_turn = g->turn};
    memcpy(&g->orders.ids[first], v->attachment.ptr, v->attachment.len);
    held_end(g, &a, v->attachment);
    return OK;
}

/* ---- from the act on, before the slots say it ---- */

static bool is_named(const struct guard *g, const struct order *o, const id *epoch)
{
    bool named = false;
    for (uint32_t i = 0; o->step == ORDER_MARK && i < o->count && !named; i++) {
        named = id_equal(&g->orders.ids[o->first + i], epoch);
    }
    return named;
}

/* Is it destroyed here too? */
static bool ends_here(const struct order *o)
{
    return o->kind == ORDER_DESTROY && o->partners == ~(set64)0;
}

bool order_takes(const struct guard *g, unsigned partner, const id *epoch)
{
    bool takes = false;
    for (unsigned i = 0; i < ORDERS_MAX && !takes; i++) {
        const struct order *o = &g->orders.own[i];
        takes = set_has(o->partners, partner) && is_named(g, o, epoch);
    }
    return takes;
}

bool order_destroys(const struct guard *g, const id *epoch)
{
    bool destroys = false;
    for (unsigned i = 0; i < ORDERS_MAX && !destroys; i++) {
        const struct order *o = &g->orders.own[i];
        destroys = ends_here(o) && is_named(g, o, epoch);
    }
    return destroys;
}

/* ---- carrying it out ---- */

/* work - what one turn may still do */
struct work {
    uint32_t ids;
};

static bool work_left(const struct guard *g, const struct work *w)
{
    return w->ids > 0 && guard_has_room(g);
}

static void step_begin(struct order *o, enum order_step step)
{
    o->step = step;
    o->next = 0;
}

static const id *order_id(const struct guard *g, const struct order *o, uint32_t at)
{
    return &g->orders.ids[o->first + at];
}

/* This id is left over: it is tried again when the others are done. */
static void stick(struct order *o, uint32_t at)
{
    o->stuck[at / 8] = (uint8_t)(o->stuck[at / 8] | 1u << at % 8);
}

static bool is_stuck(const struct order *o, uint32_t at)
{
    return (o->stuck[at / 8] >> at % 8 & 1) != 0;
}

/* Of what is to be destroyed here the key goes at once; the rest of the slot says who is to be told. */
static err mark_slot(struct guard *g, const struct order *o, const id *epoch, struct kept *k)
{
    k->recalled = (uint16_t)(k->recalled | (o->partners & UINT16_MAX));
    if (ends_here(o)) {
        k->items = 0;
        random_fill(g->random, k->key.key, SECRET_LEN);
    }
    return kept_change(g, epoch, k);
}

/* Of a slot that was destroyed or is damaged nobody knows any more who was given it: it counts for all. */
static err mark(struct guard *g, const struct order *o, const id *epoch)
{
    struct kept k = {.kind = KEPT_OWN, .given = UINT16_MAX};
    err         e = kept_get(g, epoch, &k);
    bool        readable = !err_is(e);
    if (e.code == ERR_UNKNOWN || k.kind != KEPT_OWN) {
        secret_wipe(&k.key);
        return OK;
    }
    e = readable ? mark_slot(g, o, epoch, &k) : e.code == ERR_IO ? e : OK;
    set64 has = ((set64)k.given | k.given_via) & o->partners & (set_one(g->partner_count) - 1);
    secret_wipe(&k.key);
    if (ends_here(o)) {
        forget_tell(g, &g->party, epoch);
    }
    stop_tell(g, epoch);
    for (unsigned p = set_next(has, 0); p < SET64_MAX; p = set_next(has, p + 1)) {
        cut_tell(g, epoch, p, 0);
    }
    return e;
}

/* A mark stays when its turn is lost: it is made when the act is surely on record. */
static void marks(struct guard *g, struct order *o, struct work *w)
{
    for (; o->next < o->count && o->rests_turn != g->turn && work_left(g, w); o->next++, w->ids--) {
        if (err_is(mark(g, o, order_id(g, o, o->next)))) {
            stick(o, o->next);
        }
    }
    if (o->next == o->count) {
        step_begin(o, ORDER_TELL);
    }
}

/* fails   IO: it cannot be known just now */
static err has_it(struct guard *g, const id *epoch, unsigned partner, bool *out)
{
    struct kept k = {.kind = KEPT_OWN, .given = UINT16_MAX};
    err         e = kept_get(g, epoch, &k);
    secret_wipe(&k.key);
    *out = e.code != ERR_UNKNOWN && k.kind == KEPT_OWN &&
           set_has((set64)k.given | k.given_via, partner);
    return e.code == ERR_IO ? e : OK;
}

/* One letter's worth of handles for this partner; false when there is no room for it. */
static bool tell(struct guard *g, struct order *o, unsigned partner, struct work *w)
{
    id       handle[ORDER_MAIL_IDS];
    unsigned count = 0;
    uint32_t next = o->at[partner];
    for (; next < o->count && count < ORDER_MAIL_IDS && w->ids > 0; next++, w->ids--) {
        const id *epoch = order_id(g, o, next);
        bool      has;
        if (err_is(has_it(g, epoch, partner, &has))) {
            stick(o, next);
        } else if (has) {
            link_handle(g, epoch, &g->partner[partner].name, &handle[count++]);
        }
    }
    if (count > 0 && err_is(order_send(g, partner, o->kind, o->leaf, handle, count))) {
        return false;
    }
    o->at[partner] = next;
    o->told[partner] += count;
    return true;
}

/* A partner that does not answer keeps no other from being told. */
static void tells(struct guard *g, struct order *o, struct work *w)
{
    bool all = true;
    for (unsigned p = 0; p < g->partner_count; p++) {
        bool room = set_has(o->partners, p);
        while (room && o->at[p] < o->count && work_left(g, w)) {
            room = letter_room(g, p) && tell(g, o, p, w);
        }
        all = all && (!set_has(o->partners, p) || o->at[p] == o->count);
    }
    if (all) {
        step_begin(o, ORDER_END);
        o->rests_turn = g->turn;
    }
}

static void done_record(struct guard *g, const struct order *o)
{
    struct leaf l;
    leaf_start(g, &l, order_leaf[o->kind]);
    line_number(&l.w, "order", o->leaf);
    line_number(&l.w, "epochs", o->total);
    for (unsigned p = 0; p < g->partner_count; p++) {
        if (o->told[p] > 0) {
            line_name(&l.w, "partner", &g->partner[p].name);
            line_number(&l.w, "handles", o->told[p]);
        }
    }
    record(g, &l);
}

static void stuck_record(struct guard *g, struct order *o)
{
    struct leaf l;
    if (o->told_stuck) {
        return;
    }
    o->told_stuck = true;
    leaf_start(g, &l, LEAF_ALARM);
    line_text(
        &l.w, "reason",
        SPAN_LIT("an order is not done: a key slot cannot be read or overwritten, and is tried "
                 "again"));
    line_number(&l.w, "order", o->leaf);
    record(g, &l);
}

/* What is left over is all that the order still names; it begins anew. */
static bool again(struct guard *g, struct order *o)
{
    id      *ids = &g->orders.ids[o->first];
    uint32_t left = 0;
    for (uint32_t i = 0; i < o->count; i++) {
        if (is_stuck(o, i)) {
            ids[left++] = ids[i];
        }
    }
    if (left == 0) {
        return false;
    }
    stuck_record(g, o);
    o->count = left;
    memset(o->stuck, 0, sizeof o->stuck);
    memset(o->at, 0, sizeof o->at);
    o->again_boot_ms = g->boot_ms + ORDER_AGAIN_MS;
    step_begin(o, ORDER_MARK);
    return true;
}

/* Who has what is known from the slots: they go only when the letters are surely on record. */
static void ends(struct guard *g, struct order *o, struct work *w)
{
    for (; ends_here(o) && o->next < o->count && o->rests_turn != g->turn && work_left(g, w);
         o->next++, w->ids--) {
        err e = is_stuck(o, o->next) ? OK : kept_destroy(g, order_id(g, o, o->next));
        if (err_is(e) && e.code != ERR_UNKNOWN) {
            stick(o, o->next);
        }
    }
    if ((!ends_here(o) || o->next == o->count) && !again(g, o)) {
        done_record(g, o);
    }
}

static void order_turn(struct guard *g, struct order *o, struct work *w)
{
    static void (*const step[])(struct guard *, struct order *, struct work *) = {
        [ORDER_MARK] = marks, [ORDER_TELL] = tells, [ORDER_END] = ends};
    step[o->step](g, o, w);
}

void orders_turn(struct guard *g)
{
    struct work w = {.ids = ORDER_TICK_IDS};
    for (unsigned i = 0; i < ORDERS_MAX; i++) {
        struct order   *o = &g->orders.own[i];
        enum order_step before = ORDER_FREE;
        while (work_left(g, &w) && o->step != ORDER_FREE && o->step != before &&
               o->again_boot_ms <= g->boot_ms) {
            before = o->step;
            order_turn(g, o, &w);
        }
    }
    order_begun_turn(g);
    taken_turn(g);
    orders_dues(g);
}

static bool order_waits(const struct guard *g, const struct order *o)
{
    if (o->step == ORDER_FREE || o->again_boot_ms > g->boot_ms) {
        return false;
    }
    for (unsigned p = 0; o->step == ORDER_TELL && p < g->partner_count; p++) {
        bool left = set_has(o->partners, p) && o->at[p] < o->count;
        if (left && letter_room(g, p)) {
            return true;
        }
    }
    return o->step == ORDER_MARK || o->step == ORDER_END;
}

bool orders_wait(const struct guard *g)
{
    for (unsigned i = 0; i < ORDERS_MAX; i++) {
        if (order_waits(g, &g->orders.own[i])) {
            return true;
        }
    }
    return dues_wait(g);
}

bool orders_open(const struct guard *g)
{
    for (unsigned i = 0; i < ORDERS_MAX; i++) {
        if (g->orders.own[i].step != ORDER_FREE) {
            return true;
        }
    }
    return dues_wait(g);
}

/* ---- done ---- */

err own_order_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines l = lines_of(head->body);
    uint64_t     leaf = take_number(&l, "order", INT64_MAX);
    (void)take_number(&l, "epochs", INT64_MAX);
    for (unsigned i = 0; i < ORDERS_MAX; i++) {
        struct order *o = &g->orders.own[i];
        if (o->step != ORDER_FREE && o->leaf == leaf) {
            if (l.rest.len == 0) {
                order_sent_nobody(g, o, head->time);
            }
            order_free(g, o);
            return OK;
        }
    }
    return FAIL(MALFORMED, "the ledger holds the end of an order that is not open");
}
