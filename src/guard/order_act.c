/* SPDX-License-Identifier: Apache-2.0 */
/* The acts recall and destroy: what they name, who has it, and the order that they leave behind. */
#include "guard/act.h"
#include "guard/derived.h"
#include "guard/orders.h"
#include "guard/tell.h"
#include "marking/names.h"

#define ORDER_REASON_MAX 256

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

static err epoch_wrong(struct guard *g, enum err_code code, const id *epoch, const char *what)
{
    struct writer w = writer_of((uint8_t *)g->orders.why, sizeof g->orders.why - 1);
    put_text(&w, "epoch ");
    put_hex(&w, id_span(epoch));
    put_text(&w, what);
    g->orders.why[w.len] = 0;
    return (err){code, g->orders.why};
}

/* Is it destroyed here too? */
static bool is_everywhere(const struct order_act *o)
{
    return o->kind == ORDER_DESTROY && o->partners == ~(set64)0;
}

static id *out_place(struct guard *g, const id *epoch)
{
    struct reader r = reader_of(id_span(epoch));
    return &g->orders.out[read_u32(&r) % ORDERED_OUT_MAX];
}

/* An order that is on record is carried out however long a partner is away: a second one would tell each of it twice.
 *
 * k   NULL: its slot cannot be read */
static bool ordered_before(struct guard *g, const struct order_act *o, const id *epoch,
                           const struct kept *k)
{
    static const id none; /* what a place holds that is free */
    if (!id_equal(epoch, &none) && id_equal(out_place(g, epoch), epoch)) {
        return true;
    }
    bool all = k != NULL && g->partner_count > 0 && !is_everywhere(o);
    for (unsigned p = 0; all && p < g->partner_count; p++) {
        all = !set_has(o->partners, p) || set_has(k->recalled, p) || order_takes(g, p, epoch);
    }
    return all;
}

/* What is destroyed already, and not by an order to everybody, may be named: somebody may still have it.  So may what can
 * no longer be read.
 *
 * coarser   receives the partners for whom something is made of what is named, and is taken back with it */
static err rows_check(struct guard *g, const struct order_act *o, span ids, set64 *coarser)
{
    *coarser = 0;
    for (uint32_t i = 0; i < o->count; i++) {
        struct kept k;
        id          epoch = id_at(ids, i);
        err         e = kept_get(g, &epoch, &k);
        bool        own = !err_is(e) && k.kind == KEPT_OWN;
        *coarser |= own ? k.instead : 0;
        secret_wipe(&k.key);
        if (e.code == ERR_IO) {
            return e;
        }
        if (ordered_before(g, o, &epoch, own ? &k : NULL)) {
            return epoch_wrong(g, ERR_CONFLICT, &epoch,
                               " was ordered back before: `accord orders` shows what became of it");
        }
        if (!own && e.code != ERR_STATE && e.code != ERR_FORGED) {
            return epoch_wrong(g, ERR_UNKNOWN, &epoch, " is none of this party's");
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

void order_free(struct guard *g, struct order *gone)
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

/* Parties of the partners with these numbers */
static set64 parties_of(const struct guard *g, set64 partners)
{
    set64 parties = 0;
    for (unsigned p = 0; p < g->partner_count; p++) {
        parties |= set_has(partners, p) ? set_one(g->partner[p].party) : 0;
    }
    return parties;
}

static void coarser_show(const struct guard *g, set64 partners, struct writer *shown)
{
    if (partners != 0) {
        put_text(shown, "shown with what was made coarser of them for ");
        names_format(&g->tables.policies.parties, parties_of(g, partners), shown);
        put_u8(shown, '\n');
    }
}

err order_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct order_act o;
    uint32_t         first;
    set64            coarser;
    TRY(order_decode(g, v, &o));
    TRY(rows_check(g, &o, v->attachment, &coarser));
    if (order_room(g, o.partners, o.count, &first) == NULL) {
        return orders_full;
    }
    line_text(shown, "shown", SPAN_LIT("epochs:"));
    line_number(shown, "shown", o.count);
    coarser_show(g, coarser & o.partners, shown);
    line_text(shown, "shown",
              is_everywhere(&o)
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
            return epoch_wrong(g, ERR_UNKNOWN, &epoch,
                               " is a product of the second officer: another must sign");
        }
    }
    return OK;
}

/* Partners that were given it; of what was destroyed, or cannot be read, all may have been. */
static set64 given_to(struct guard *g, const id *epoch)
{
    struct kept k = {.kind = KEPT_OWN, .given = UINT16_MAX};
    err         e = kept_get(g, epoch, &k);
    secret_wipe(&k.key);
    return e.code == ERR_UNKNOWN || k.kind != KEPT_OWN ? 0 : (set64)k.given | k.given_via;
}

/* has - partners among those who are ordered that have any of what is named;   coarser - of what is made of it */
struct has {
    set64 it, coarser;
};

static struct has who_has(struct guard *g, const struct order_act *o, span ids)
{
    struct has has = {0};
    for (uint32_t i = 0; i < o->count; i++) {
        id    epoch = id_at(ids, i), derived;
        set64 of = derived_partners(g, &epoch) & o->partners;
        has.it |= given_to(g, &epoch) & o->partners;
        for (unsigned p = set_next(of, 0); p < SET64_MAX; p = set_next(of, p + 1)) {
            derived_id(g, &epoch, p, &derived);
            has.coarser |= given_to(g, &derived) & set_one(p);
        }
    }
    return has;
}

static void parties_line(const struct guard *g, const char *key, set64 partners, struct writer *w)
{
    put_text(w, key);
    names_format(&g->tables.policies.parties, parties_of(g, partners), w);
    put_text(w, partners == 0 ? "-\n" : "\n");
}

err order_perform(struct guard *g, struct act *a, const struct act_view *v, struct writer *result)
{
    struct order_act o;
    struct leaf      l;
    TRY(order_decode(g, v, &o));
    TRY(second_differs(g, a, v->attachment, o.count));
    struct has has = who_has(g, &o, v->attachment);
    leaf_start(g, &l, LEAF_ACT);
    record_attachment(g, &l, v->attachment);
    act_leaf(&l, a);
    struct recorded leaf = record(g, &l);
    line_number(result, "order", leaf.index);
    parties_line(g, "partners ", has.it | has.coarser, result);
    parties_line(g, "coarser ", has.coarser, result);
    return OK;
}

static bool is_waiting(const struct held *h, set64 partners)
{
    return h->state == HELD_WAITING && set_has(partners, h->partner);
}

static void held_reject(struct guard *g, const id *epoch, set64 partners)
{
    for (unsigned i = 0; i < g->held_count; i++) {
        struct held *h = &g->held[i];
        bool         of = is_waiting(h, partners) && id_equal(&h->epoch, epoch);
        h->state = of ? HELD_REJECTED : h->state;
    }
}

/* What is taken back waits for no officer any more.  (A fold: slots may say something else by now.) */
static void held_end(struct guard *g, const struct order_act *o, span ids)
{
    set64 waits = 0;
    for (unsigned i = 0; i < g->held_count; i++) {
        waits |= is_waiting(&g->held[i], o->partners) ? set_one(g->held[i].partner) : 0;
    }
    for (uint32_t k = 0; waits != 0 && k < o->count; k++) {
        id epoch = id_at(ids, k), derived;
        held_reject(g, &epoch, o->partners);
        for (unsigned p = set_next(waits, 0); p < SET64_MAX; p = set_next(waits, p + 1)) {
            derived_id(g, &epoch, p, &derived);
            held_reject(g, &derived, set_one(p));
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
    for (uint32_t i = 0; is_everywhere(&a) && i < a.count; i++) {
        id epoch = id_at(v->attachment, i);
        *out_place(g, &epoch) = epoch;
    }
    held_end(g, &a, v->attachment);
    return OK;
}
