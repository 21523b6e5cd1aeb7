/* SPDX-License-Identifier: Apache-2.0 */
#include "courier/state.h"

struct partner *peer_find(struct courier *c, const name *n)
{
    for (unsigned i = 0; i < c->partner_count; i++) {
        if (name_equal(&c->partner[i].name, n)) {
            return &c->partner[i];
        }
    }
    return NULL;
}

static void links_init(struct partner *p, unsigned path)
{
    struct link_rooms *r = &p->room[path];
    p->link[0][path] = (struct link){.path = (uint8_t)path,
                                     .come = r->come,
                                     .come_max = sizeof r->come,
                                     .send = r->send_small,
                                     .send_max = sizeof r->send_small};
    p->link[1][path] = (struct link){.dialled = true,
                                     .path = (uint8_t)path,
                                     .come = r->come_small,
                                     .come_max = sizeof r->come_small,
                                     .send = r->send,
                                     .send_max = sizeof r->send,
                                     .dial_wait_ms = DIAL_MS_MIN};
}

static void partner_init(struct courier *c, struct partner *p)
{
    p->handles = (struct index){.heads = p->handle_heads,
                                .next = p->handle_next,
                                .heads_count = HANDLES_MAX,
                                .table = (const uint8_t *)p->handle,
                                .stride = sizeof p->handle[0],
                                .seed = c->epochs.seed};
    for (unsigned i = 0; i < PATH_COUNT; i++) {
        links_init(p, i);
    }
}

struct partner *peer_place(struct courier *c, const name *n)
{
    struct partner *p = peer_find(c, n);
    if (p != NULL || c->partner_count == COURIER_PARTNERS_MAX || n->text[0] == 0) {
        return p;
    }
    p = &c->partner[c->partner_count++];
    p->name = *n;
    partner_init(c, p);
    return p;
}

unsigned peer_number(const struct courier *c, const struct partner *p)
{
    return (unsigned)(p - c->partner);
}

const struct partner_row *courier_partner(const struct courier *c, unsigned partner)
{
    static const struct partner_row nobody;
    if (partner >= c->partner_count) {
        return NULL;
    }
    return c->partner[partner].told ? &c->partner[partner].row : &nobody;
}

void courier_count(const struct courier *c, unsigned partner, struct courier_counters *out)
{
    const struct partner *p = &c->partner[partner];
    *out = p->count;
    for (unsigned i = 0; i < PATH_COUNT; i++) {
        out->sending = out->sending || p->link[1][i].state == LINK_READY;
        out->receiving = out->receiving || p->link[0][i].state == LINK_READY;
    }
    for (unsigned i = 0; i < LANE_COUNT; i++) {
        out->acked += p->lane[i].settled;
    }
}
