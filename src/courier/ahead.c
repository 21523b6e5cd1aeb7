/* SPDX-License-Identifier: Apache-2.0 */
/* Grants of epochs of which there is nothing yet, so that the first warning under one does not wait for its grant.  They go
 * in a lane of their own, past what is urgent, and decide nothing: what is not at the partner when the first batch is met
 * is asked for like any other, and goes before it. */
#include "courier/state.h"

/* All of it lies behind what was followed; it is asked for once what is written now was.  No row tells the next start of it:
 * that one, or one without room now, asks for it when it is met. */
void on_ahead(struct courier *c, const struct guard_message *m)
{
    struct reader r = reader_of(m->body);
    id            epoch = read_id(&r);
    if (err_is(reader_end(&r)) || carried_find(c, &epoch) != NULL) {
        return;
    }
    uint64_t        written = c->port.written(c->port.ctx, READER_FOLLOW + OUTBOX_INTAKE);
    uint64_t        at = c->outbox[OUTBOX_INTAKE].at;
    struct carried *e = carried_add(c, &epoch, OUTBOX_INTAKE, at);
    if (e != NULL) {
        e->ahead = true;
        e->after = written;
        carried_ask(c, e);
    }
}

/* The partner's guard and desk hear of epochs in their order: no grant overtakes one that is on its way in the other lane,
 * or one that is still to come. */
static bool goes_too_early(const struct courier *c, const struct carried *e, unsigned partner,
                           unsigned lane)
{
    const struct lane_out *l = &c->partner[partner].lane[lane];
    struct earliest        early = order_earliest(c, partner, true);
    bool                   waits = l->behind || order_waits(&early, e, lane);
    for (uint32_t i = 0; i < l->count && !waits; i++) {
        const struct lane_entry *on_its_way = &l->ring[(l->head + i) % RING_MAX];
        waits = on_its_way->kind == ENTRY_GRANT && on_its_way->number > l->acked;
    }
    return waits;
}

void ahead_granted(struct courier *c, struct carried *e, struct partner *p, const struct granted *g)
{
    unsigned          lane = LANE_ROUTINE - g->precedence;
    struct share     *s = &e->share[peer_number(c, p)];
    struct lane_entry entry = {.position = e->first,
                               .epoch = e->epoch,
                               .handle = g->handle,
                               .kind = ENTRY_GRANT,
                               .outbox = e->outbox};
    if (goes_too_early(c, e, peer_number(c, p), lane) ||
        err_is(lane_put(c, p, LANE_AHEAD, &entry, g->grant))) {
        ahead_ends(c, e); /* it is on record as released: the partner is to have it */
        return;
    }
    *s = (struct share){
        .handle = g->handle, .done = entry.number, .state = SHARE_AHEAD, .lane = (uint8_t)lane};
}

void ahead_ends(struct courier *c, struct carried *e)
{
    for (unsigned i = 0; i < c->partner_count; i++) {
        struct share *s = &e->share[i];
        if (s->state == SHARE_AHEAD) {
            bool            there = c->partner[i].lane[LANE_AHEAD].acked >= s->done;
            struct earliest early = order_earliest(c, i, true);
            bool            may = there && !order_waits(&early, e, s->lane);
            s->state = may ? SHARE_GRANTED : SHARE_NONE;
            s->done = e->first;
        }
    }
    e->ahead = false;
    carried_ask(c, e);
}
