/* SPDX-License-Identifier: Apache-2.0 */
#include "courier/state.h"

struct carried *carried_find(struct courier *c, const id *epoch)
{
    unsigned place = index_find(&c->epochs, epoch);
    return place == INDEX_NONE ? NULL : &c->epoch[place];
}

static struct carried *free_place(struct courier *c)
{
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        unsigned place = (c->epoch_hint + i) % EPOCHS_MAX;
        if (!c->epoch[place].used) {
            c->epoch_hint = place + 1;
            return &c->epoch[place];
        }
    }
    return NULL;
}

struct carried *carried_add(struct courier *c, const id *epoch, unsigned outbox, uint64_t first)
{
    struct carried *e = free_place(c);
    if (e == NULL && carried_room(c)) {
        e = free_place(c);
    }
    if (e != NULL) {
        *e = (struct carried){.epoch = *epoch,
                              .first = first,
                              .seen_ms = c->now,
                              .outbox = (uint8_t)outbox,
                              .used = true};
        c->relays += outbox == OUTBOX_INBOX;
        index_add(&c->epochs, (unsigned)(e - c->epoch));
    }
    return e;
}

void carried_drop(struct courier *c, struct carried *e)
{
    index_remove(&c->epochs, (unsigned)(e - c->epoch));
    c->relays -= e->outbox == OUTBOX_INBOX;
    e->used = false;
}

/* A product waits for an officer as long as it takes; of a feed what is past is past. */
bool carried_waits(const struct courier *c, const struct carried *e)
{
    bool waits = e->ask;
    for (unsigned i = 0; i < c->partner_count && !waits; i++) {
        uint8_t s = e->share[i].state;
        waits = (s == SHARE_ASKED && e->outbox != OUTBOX_INBOX) || s == SHARE_BEHIND ||
                s == SHARE_LATE || s == SHARE_DUE || (s == SHARE_HELD && e->outbox == OUTBOX_DESK);
    }
    return waits;
}

/* Is it of a feed, and nothing but late? */
static bool is_late(const struct courier *c, const struct carried *e)
{
    bool late = e->outbox == OUTBOX_INTAKE && !e->ask;
    for (unsigned i = 0; i < c->partner_count && late; i++) {
        uint8_t s = e->share[i].state;
        late = s != SHARE_ASKED && s != SHARE_DUE && s != SHARE_BEHIND;
    }
    return late;
}

/* What came and may be passed on waits in the inbox a while; then a grant finds it from the front. */
bool carried_holds(const struct courier *c, const struct carried *e)
{
    bool given = e->outbox != OUTBOX_INBOX;
    for (unsigned i = 0; i < c->partner_count && !given; i++) {
        given = e->share[i].state == SHARE_GRANTED;
    }
    return !given || carried_waits(c, e);
}

struct carried *carried_place(struct courier *c, const id *epoch, unsigned outbox, uint64_t first)
{
    struct carried *e = carried_find(c, epoch);
    if (e != NULL) {
        return e;
    }
    e = carried_add(c, epoch, outbox, first);
    if (e == NULL) {
        c->port.note(c->port.ctx, "too much is on its way: something is not carried", NULL);
        return NULL;
    }
    err full = row_epoch(c, e);
    (void)full; /* else a grant after the next start finds it from the front */
    return e;
}

static void carried_forget(struct courier *c, struct carried *e)
{
    err gone = row_forget(c, &e->epoch);
    (void)gone; /* else the next start forgets it by itself */
    carried_drop(c, e);
}

/* What leaves first to make room: what is done, then tracks that are late, then warnings; 0: it stays. */
static unsigned leaves_first(const struct courier *c, const struct carried *e)
{
    if (!e->used) {
        return 0;
    }
    return !carried_waits(c, e) ? 3 : !is_late(c, e) ? 0 : e->live ? 2 : 1;
}

/* A partner that is away must not hold up those that are there. */
static void give_up(struct courier *c, struct carried *e)
{
    c->given_up++;
    if ((c->given_up & (c->given_up - 1)) == 0) { /* 1, 2, 4, … */
        c->port.note(c->port.ctx,
                     "a partner is away for too long: the oldest that waits for it is given up",
                     NULL);
    }
    carried_forget(c, e);
}

bool carried_room(struct courier *c)
{
    struct carried *first = NULL;
    unsigned        most = 0;
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        struct carried *e = &c->epoch[i];
        unsigned        worth = leaves_first(c, e);
        if (worth > most || (worth == most && worth > 0 && e->seen_ms < first->seen_ms)) {
            first = e;
            most = worth;
        }
    }
    if (most == 3) {
        carried_forget(c, first);
    } else if (most > 0) {
        give_up(c, first);
    }
    return most > 0;
}

void carried_forget_idle(struct courier *c)
{
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        struct carried *e = &c->epoch[i];
        if (e->used && c->now - e->seen_ms > EPOCH_IDLE_MS && !carried_waits(c, e)) {
            carried_forget(c, e);
        }
    }
}

void carried_ask(struct courier *c, struct carried *e)
{
    e->ask = true;
    c->asks++;
    c->more = c->more || e->ask_ms <= c->now;
}
