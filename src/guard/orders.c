/* SPDX-License-Identifier: Apache-2.0 */
/* Own orders: what this party gave is taken back. */
#include "guard/orders.h"

#include "guard/act.h"
#include "guard/derived.h"
#include "guard/giving.h"
#include "guard/opened.h"
#include "guard/tell.h"

const enum leaf_kind order_leaf[ORDER_KIND_COUNT] = {LEAF_RECALLED, LEAF_DESTROYED};

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

static void work_did(struct work *w, uint32_t slots)
{
    w->ids -= slots < w->ids ? slots : w->ids;
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

/* each - one slot of what an order names, or of what is derived from that; fails when it is to be tried again */
typedef err each(struct guard *g, const struct order *o, const id *epoch);

/* What is derived first: the slot of the other says that there is any. */
static void each_slot(struct guard *g, struct order *o, each *what, struct work *w)
{
    const id *epoch = order_id(g, o, o->next);
    set64     of = derived_partners(g, epoch) & o->partners;
    bool      done = true;
    for (unsigned p = set_next(of, 0); p < SET64_MAX; p = set_next(of, p + 1)) {
        id derived;
        derived_id(g, epoch, p, &derived);
        done = !err_is(what(g, o, &derived)) && done;
    }
    if (!done || err_is(what(g, o, epoch))) {
        stick(o, o->next);
    }
    work_did(w, 1 + set_count(of));
}

/* A mark stays when its turn is lost: it is made when the act is surely on record. */
static void marks(struct guard *g, struct order *o, struct work *w)
{
    for (; o->next < o->count && o->rests_turn != g->turn && work_left(g, w); o->next++) {
        each_slot(g, o, mark, w);
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

/* The handles under which this partner has what the order names there: of that, and of what is derived from it */
#define HANDLES_AN_ID 2
static unsigned handles_of(struct guard *g, struct order *o, uint32_t at, unsigned partner,
                           id out[static HANDLES_AN_ID])
{
    id       epoch[HANDLES_AN_ID] = {*order_id(g, o, at)};
    bool     coarser = set_has(derived_partners(g, &epoch[0]), partner), has;
    unsigned count = 0;
    derived_id(g, &epoch[0], partner, &epoch[1]);
    for (unsigned i = 0; i < 1u + coarser; i++) {
        if (err_is(has_it(g, &epoch[i], partner, &has))) {
            stick(o, at);
            return 0;
        }
        if (has) {
            link_handle(g, &epoch[i], &g->partner[partner].name, &out[count++]);
        }
    }
    return count;
}

/* One letter's worth of handles for this partner; false when there is no room for it. */
static bool tell(struct guard *g, struct order *o, unsigned partner, struct work *w)
{
    id       handle[ORDER_MAIL_IDS];
    unsigned count = 0;
    uint32_t next = o->at[partner];
    for (; next < o->count && count + HANDLES_AN_ID <= ORDER_MAIL_IDS && w->ids > 0; next++) {
        count += handles_of(g, o, next, partner, &handle[count]);
        work_did(w, HANDLES_AN_ID);
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

static err destroy(struct guard *g, const struct order *o, const id *epoch)
{
    err e = kept_destroy(g, epoch);
    (void)o;
    return e.code == ERR_UNKNOWN ? OK : e;
}

/* Who has what is known from the slots: they go only when the letters are surely on record. */
static void ends(struct guard *g, struct order *o, struct work *w)
{
    for (; ends_here(o) && o->next < o->count && o->rests_turn != g->turn && work_left(g, w);
         o->next++) {
        if (!is_stuck(o, o->next)) {
            each_slot(g, o, destroy, w);
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
