/* SPDX-License-Identifier: Apache-2.0 */
/* What officers took back, from the leaves alone: the keys are no more, and nothing is done by them. */
#include "base/lines.h"
#include "sim/cast.h"
#include "sim/grow.h"

static bool order_lists(const struct seen_order *r, const id *epoch)
{
    for (size_t i = 0; i < r->ids.len / ID_LEN; i++) {
        if (memcmp(r->ids.ptr + i * ID_LEN, epoch->bytes, ID_LEN) == 0) {
            return true;
        }
    }
    return false;
}

/* The epoch itself, or the one of its feed from which it is derived */
static bool order_names(const struct world *w, const struct seen_order *r, const id *epoch,
                        const name *partner)
{
    const id *of = coarse_of_epoch(w, r->gateway, epoch);
    bool      whom = r->partner.text[0] == 0 || partner == NULL || name_equal(&r->partner, partner);
    return whom && (order_lists(r, epoch) || (of != NULL && order_lists(r, of)));
}

bool oracle_ordered(const struct gateway *g, const id *epoch, const name *partner)
{
    const struct oracle *o = &g->world->oracle;
    for (size_t i = 0; i < o->order_count; i++) {
        if (o->order[i].gateway == g->number &&
            order_names(g->world, &o->order[i], epoch, partner)) {
            return true;
        }
    }
    return false;
}

bool oracle_destroyed(const struct gateway *g, const id *epoch)
{
    const struct oracle *o = &g->world->oracle;
    for (size_t i = 0; i < o->order_count; i++) {
        const struct seen_order *r = &o->order[i];
        if (r->gateway == g->number && r->destroy && r->partner.text[0] == 0 &&
            order_names(g->world, r, epoch, NULL)) {
            return true;
        }
    }
    return false;
}

static void order_see(struct gateway *g, const struct seen_leaf *leaf, span attached)
{
    struct oracle *o = &g->world->oracle;
    span           act = leaf_value(leaf->head.body, "act"), rest = leaf->head.body;
    if (!span_is(act, "recall") && !span_is(act, "destroy")) {
        return;
    }
    o->order = grow(o->order, &o->order_count, &o->order_max, sizeof *o->order);
    struct seen_order *r = &o->order[o->order_count - 1];
    *r = (struct seen_order){.gateway = g->number, .leaf = leaf->index, .ids = attached};
    r->destroy = span_is(act, "destroy");
    while (rest.len > 0) {
        span line = span_cut(&rest, '\n');
        if (span_starts(line, SPAN_LIT("say partner "))) {
            line = (span){line.ptr + 12, line.len - 12};
            MUST(span_is(line, "-") || !err_is(name_of(line, &r->partner)));
        }
    }
}

bool oracle_taken_back(const struct gateway *g, const id *handle)
{
    const struct oracle *o = &g->world->oracle;
    for (size_t i = 0; i < o->gone_count; i++) {
        if (o->gone[i].gateway == g->number && id_equal(&o->gone[i].handle, handle)) {
            return true;
        }
    }
    return false;
}

void oracle_gone(struct gateway *g, const id *handle)
{
    struct oracle *o = &g->world->oracle;
    o->gone = grow(o->gone, &o->gone_count, &o->gone_max, sizeof *o->gone);
    o->gone[o->gone_count - 1] = (struct seen_gone){.gateway = g->number, .handle = *handle};
}

static void gone_add(struct gateway *g, const id *handle)
{
    oracle_gone(g, handle);
    g->world->totals.taken_back++;
}

/* … and with it what was made coarser of it */
static void gone_here(struct gateway *g, const id *epoch)
{
    const struct oracle *o = &g->world->oracle;
    gone_add(g, epoch);
    for (size_t i = 0; i < o->epoch_count; i++) {
        const struct seen_epoch *e = &o->epoch[i];
        if (e->gateway == g->number && e->to != NOBODY && id_equal(&e->of, epoch)) {
            gone_add(g, &e->epoch);
        }
    }
}

/* The second leaf of an own order, or the one of a partner's: from then on the keys are no more. */
static void order_end_see(struct gateway *g, const struct seen_leaf *leaf)
{
    struct oracle *o = &g->world->oracle;
    uint64_t       number = 0;
    span           rest = leaf->head.body, from = leaf_value(rest, "from");
    (void)text_decimal(leaf_value(rest, "order"), INT64_MAX, &number);
    for (size_t i = 0; i < o->order_count && leaf_value(rest, "order").len > 0 && from.len == 0;
         i++) {
        struct seen_order *r = &o->order[i];
        bool               its = r->gateway == g->number && r->leaf == number;
        g->world->totals.destroyed += its && !r->done && r->destroy;
        g->world->totals.recalled += its && !r->done && !r->destroy;
        r->done = r->done || its;
        for (size_t k = 0; its && r->destroy && r->partner.text[0] == 0 && k < r->ids.len;
             k += ID_LEN) {
            id epoch;
            memcpy(epoch.bytes, r->ids.ptr + k, ID_LEN);
            gone_here(g, &epoch);
        }
    }
    while (from.len > 0 && rest.len > 0) {
        span line = span_cut(&rest, '\n'), key = span_cut(&line, ' '), hex = span_cut(&line, ' ');
        if (span_is(key, "handle") || span_is(key, "missing")) {
            id handle = hex_id(hex);
            gone_add(g, &handle);
            if (span_is(key, "missing") && oracle_find(g, LEAF_RECEIVED, &handle, NULL) != NULL) {
                wrong(g->world, "%s: a key that was received is missing", law_party[g->number]);
            }
        }
    }
}

/* ---- what is asked of it ---- */

/* A leaf of this kind about what was taken back is wrong; `repeated` counts what came before the order. */
static void taken_back_check(struct gateway *g, const struct seen_leaf *leaf, const char *done)
{
    if (leaf_value(leaf->head.body, "repeated").len == 0 && oracle_taken_back(g, &leaf->handle)) {
        wrong(g->world, "%s: leaf %u: what was taken back is %s", law_party[g->number],
              (unsigned)leaf->index, done);
    }
}

void oracle_order_leaf(struct gateway *g, const struct seen_leaf *leaf, span attached)
{
    switch (leaf->kind) {
    case LEAF_ACT:
        order_see(g, leaf, attached);
        break;
    case LEAF_RECALLED:
    case LEAF_DESTROYED:
        order_end_see(g, leaf);
        break;
    case LEAF_RELEASED:
        if (oracle_ordered(g, &leaf->about, &leaf->who)) {
            wrong(g->world, "%s: leaf %u: what was taken back is given again", law_party[g->number],
                  (unsigned)leaf->index);
        }
        break;
    case LEAF_OPENED:
        taken_back_check(g, leaf, "opened");
        break;
    case LEAF_RECEIVED:
        taken_back_check(g, leaf, "taken in again");
        break;
    default:
        break;
    }
}

/* The keys of what was taken back are in no slot, and those of all else that was received are. */
void oracle_order_end(struct gateway *g)
{
    const struct oracle      *o = &g->world->oracle;
    const struct seen_ledger *l = &o->ledger[g->number];
    for (size_t i = 0; i < l->count; i++) {
        const id *handle = &l->leaf[i].handle;
        if (l->leaf[i].kind == LEAF_RECEIVED && !oracle_taken_back(g, handle) &&
            gate_slot(g->gate->slots_now, handle) == NULL) {
            wrong(g->world, "%s: the key of what was received is not there", law_party[g->number]);
            return;
        }
    }
    for (size_t i = 0; i < o->gone_count; i++) {
        if (o->gone[i].gateway == g->number &&
            gate_slot(g->gate->slots_now, &o->gone[i].handle) != NULL) {
            wrong(g->world, "%s: the key of what was taken back is there", law_party[g->number]);
            return;
        }
    }
}

static bool any_courier_lies(const struct world *w)
{
    bool any = false;
    for (unsigned i = 0; i < w->gateways; i++) {
        any = any || lies(&w->gateway[i], PROCESS_COURIER);
    }
    return any;
}

/* Each own order has its second leaf, and each partner that was given what it names has one of its own: also who has not taken
 * it in yet, since what waits in its inbox may be, until it hears of the order. */
bool oracle_orders_done(const struct world *w)
{
    const struct oracle *o = &w->oracle;
    for (size_t i = 0; i < o->order_count; i++) {
        const struct seen_order *r = &o->order[i];
        if (!r->done && !any_courier_lies(w)) {
            return false;
        }
        for (size_t k = 0; k < o->grant_count; k++) {
            const struct seen_grant *grant = &o->grant[k];
            name                     to = party_name(grant->taker);
            const struct gateway    *taker = &w->gateway[grant->taker];
            if (liar_between(&w->gateway[r->gateway], taker)) {
                continue;
            }
            if (grant->giver == r->gateway && order_names(w, r, &grant->epoch, &to) &&
                !oracle_taken_back(taker, &grant->handle)) {
                return false;
            }
        }
    }
    return true;
}
