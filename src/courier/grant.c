/* SPDX-License-Identifier: Apache-2.0 */
/* What the guard says of an epoch and a partner, and when it is asked. */
#include "courier/state.h"

/* PRECEDENCE_ROUTINE … PRECEDENCE_FLASH are 0 … 3 */
#define PRECEDENCES 4

static bool granted_sound(const struct granted *g)
{
    return g->precedence < PRECEDENCES && g->grant.len > 0 && g->grant.len <= GRANT_MAX;
}

/* The batches that were passed by meanwhile are fetched from its first on. */
static void share_granted(struct courier *c, struct carried *e, struct partner *p,
                          const struct granted *g)
{
    struct share     *s = &e->share[peer_number(c, p)];
    struct outbox    *o = &c->outbox[e->outbox];
    unsigned          lane = LANE_ROUTINE - g->precedence;
    struct lane_entry entry = {.position = e->first,
                               .epoch = e->epoch,
                               .handle = g->handle,
                               .kind = ENTRY_GRANT,
                               .outbox = e->outbox};
    cut_put(c, &e->epoch, peer_number(c, p), g->items);
    err full = lane_put(c, p, lane, &entry, g->grant);
    if (err_is(full)) {
        s->state = SHARE_NONE;
        e->ask_ms = c->now + ASK_AGAIN_MS;
        carried_ask(c, e);
        return;
    }
    *s = (struct share){
        .handle = g->handle, .done = e->first, .state = SHARE_BEHIND, .lane = (uint8_t)lane};
    o->again = e->first < o->again ? e->first : o->again;
    c->more = true;
}

/* The guard grants it once more of itself: its partner could not take the first.  The batches are there. */
static void grant_again(struct courier *c, const struct carried *e, struct partner *p,
                        const struct granted *g)
{
    struct lane_entry entry = {.position = e->first,
                               .epoch = e->epoch,
                               .handle = g->handle,
                               .kind = ENTRY_GRANT,
                               .outbox = e->outbox};
    if (err_is(lane_put(c, p, LANE_ROUTINE - g->precedence, &entry, g->grant))) {
        c->port.note(c->port.ctx, "the lanes are full: a second grant is not sent", &p->name);
    }
}

void on_granted(struct courier *c, const struct guard_message *m)
{
    struct reader  r = reader_of(m->body);
    struct granted g = {0};
    granted_read(&r, &g);
    if (err_is(reader_end(&r)) || !granted_sound(&g)) {
        c->port.note(c->port.ctx, "a grant of the guard is not as it should be", NULL);
        return;
    }
    struct partner *p = peer_find(c, &g.partner);
    struct carried *e =
        g.from_inbox && p != NULL ? carried_relay(c, &g.epoch, 0) : carried_find(c, &g.epoch);
    if (e == NULL || p == NULL || g.from_inbox != (e->outbox == OUTBOX_INBOX)) {
        return;
    }
    uint8_t stands = e->share[peer_number(c, p)].state;
    if (stands != SHARE_GRANTED && stands != SHARE_BEHIND) {
        share_granted(c, e, p, &g);
    } else if (m->tag == 0) {
        grant_again(c, e, p, &g);
    }
}

static void share_withheld(struct courier *c, struct carried *e, struct partner *p, bool final)
{
    struct share *s = &e->share[peer_number(c, p)];
    if (s->state == SHARE_GRANTED || s->state == SHARE_BEHIND || s->state == SHARE_REFUSED) {
        return;
    }
    s->state = final ? SHARE_REFUSED : SHARE_HELD;
    if (final) {
        err full = row_refused(c, e, p);
        (void)full; /* else the next start asks once more */
    }
}

void on_withheld(struct courier *c, const struct guard_message *m)
{
    struct reader r = reader_of(m->body);
    id            epoch = read_id(&r);
    name          who = read_name(&r);
    uint8_t       final = read_u8(&r);
    if (err_is(reader_end(&r))) {
        return;
    }
    struct carried *e = carried_find(c, &epoch);
    struct partner *p = peer_find(c, &who);
    if (e != NULL && p != NULL) {
        share_withheld(c, e, p, final != 0);
    }
}

/* ---- asking ---- */

static err release_ask(struct courier *c, const struct carried *e)
{
    uint8_t       bytes[64];
    struct writer w = WRITER_OF(bytes);
    guard_message_begin(&w, REQUEST_RELEASE, TAG_RELEASE + (uint32_t)(e - c->epoch));
    put_id(&w, &e->epoch);
    return c->port.ask(c->port.ctx, writer_span(&w));
}

static bool share_open(const struct courier *c, const struct carried *e, unsigned partner)
{
    uint8_t s = e->share[partner].state;
    return c->partner[partner].told && (s == SHARE_NONE || s == SHARE_ASKED || s == SHARE_HELD);
}

static bool epoch_open(const struct courier *c, const struct carried *e)
{
    bool any = false;
    for (unsigned i = 0; i < c->partner_count; i++) {
        any = any || share_open(c, e, i);
    }
    return any;
}

/* Nobody left to ask for is an answer too. */
static bool epoch_asked(struct courier *c, struct carried *e)
{
    if (epoch_open(c, e)) {
        if (err_is(release_ask(c, e))) {
            return false;
        }
        for (unsigned i = 0; i < c->partner_count; i++) {
            if (share_open(c, e, i)) {
                e->share[i].state = SHARE_ASKED;
            }
        }
    }
    e->ask = false;
    return true;
}

void asks_turn(struct courier *c)
{
    unsigned left = 0;
    bool     taken = c->asks > 0 && c->partners_known;
    for (unsigned i = 0; i < EPOCHS_MAX && taken; i++) {
        struct carried *e = &c->epoch[i];
        if (e->used && e->ask) {
            bool due = e->ask_ms <= c->now;
            taken = !due || epoch_asked(c, e);
            left += e->ask;
        }
    }
    c->asks = taken ? left : c->asks;
}

/* The guard could not judge: what will not change is a no, the rest is asked again. */
void release_failed(struct courier *c, unsigned place, enum err_code code)
{
    struct carried *e = &c->epoch[place];
    bool            final = code == ERR_UNKNOWN || code == ERR_DENIED || code == ERR_MALFORMED;
    if (!e->used || (final && e->outbox == OUTBOX_INBOX)) {
        return; /* what came: whether it may be passed on, the guard says of itself */
    }
    for (unsigned i = 0; i < c->partner_count && final; i++) {
        if (share_open(c, e, i)) {
            share_withheld(c, e, &c->partner[i], true);
        }
    }
    if (!final) {
        e->ask_ms = c->now + ASK_AGAIN_MS;
        carried_ask(c, e);
    }
}

void peer_asks(struct courier *c, unsigned partner)
{
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        struct carried *e = &c->epoch[i];
        if (e->used && !e->ask && share_open(c, e, partner)) {
            carried_ask(c, e);
        }
    }
}
