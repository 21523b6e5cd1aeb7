/* SPDX-License-Identifier: Apache-2.0 */
/* Batches of which it is not known yet what they are, or who may see them: held by their places in the
 * inbox. */
#include "desk/state.h"

/* Of one epoch, at most: some minutes of a feed that is dark, or the whole of one that comes late, before
 * the guard's word on it does. */
#define EPOCH_WAITS 4096

/* DRAIN_TURN - batches that have waited are shown so many in a turn: a mask waits no longer */
#define DRAIN_TURN 32

static void drained(struct desk *d, struct epoch *e)
{
    d->draining -= e->draining ? 1 : 0;
    e->draining = false;
}

static void waiting_free(struct desk *d, struct epoch *e)
{
    while (e->waiting_first != NONE) {
        uint32_t at = e->waiting_first;
        e->waiting_first = d->waiting[at].next;
        d->waiting[at].next = d->waiting_free;
        d->waiting_free = at;
    }
    e->waiting_last = NONE;
    d->waits -= e->waits;
    e->waits = 0;
    drained(d, e);
}

void waiting_clear(struct desk *d, struct epoch *e)
{
    for (uint32_t i = e->waiting_first; e->known && i != NONE; i = d->waiting[i].next) {
        const struct waiting *at = &d->waiting[i];
        const struct past_row row = {e->log, at->position};
        const struct batch    b = {
               .handle = d->epoch_handle[e - d->epoch], .first = at->first, .count = at->count};
        (void)past_put(d, e, &row, &b);
    }
    waiting_free(d, e);
}

bool waiting_put(struct desk *d, struct epoch *e, uint64_t position, bool durable,
                 const struct batch *b)
{
    uint32_t at = d->waiting_free;
    if (at == NONE || e->waits >= EPOCH_WAITS) {
        d->counters.dropped++;
        return false;
    }
    d->waiting_free = d->waiting[at].next;
    d->waiting[at] = (struct waiting){.position = position,
                                      .first = b->first,
                                      .count = b->count,
                                      .next = NONE,
                                      .durable = durable};
    if (e->waiting_first == NONE) {
        e->waiting_first = at;
    } else {
        d->waiting[e->waiting_last].next = at;
    }
    e->waiting_last = at;
    e->waits++;
    d->waits++;
    d->counters.waited++;
    return true;
}

/* One batch of it; who had the key may have lost it meanwhile. */
static void waiting_one(struct desk *d, struct epoch *e)
{
    uint32_t       at = e->waiting_first;
    struct waiting one = d->waiting[at];
    struct batch   b;
    e->waiting_first = one.next;
    e->waiting_last = one.next == NONE ? NONE : e->waiting_last;
    e->waits--;
    d->waits--;
    d->waiting[at].next = d->waiting_free;
    d->waiting_free = at;
    const struct past_row row = {e->log, one.position};
    if (err_is(log_batch(d, &row, &b))) {
        d->counters.malformed++;
    } else {
        show_batch(d, e, row.position, &b);
    }
}

static void drain(struct desk *d, struct epoch *e)
{
    for (unsigned i = 0; i < DRAIN_TURN && e->keyed && e->waiting_first != NONE; i++) {
        waiting_one(d, e);
    }
    if (e->keyed && e->waiting_first != NONE) {
        return;
    }
    drained(d, e);
    if (e->keyed || !epoch_dark(e)) {
        waiting_clear(d, e);
    }
}

/* Everybody was answered: those who may see it, see it from its beginning.  While it is dark to all, it
 * waits for the next time that the guard is asked. */
void waiting_show(struct desk *d, struct epoch *e)
{
    e->opening = false;
    if (!e->keyed && epoch_dark(e)) {
        return;
    }
    d->draining += e->draining ? 0 : 1;
    e->draining = true;
    drain(d, e);
}

bool waiting_work(struct desk *d)
{
    for (uint32_t i = 0; d->draining > 0 && i < DESK_EPOCHS_MAX; i++) {
        if (d->epoch[i].draining) {
            drain(d, &d->epoch[i]);
            epoch_round(d, &d->epoch[i]); /* the next of its feed, when all of this is shown */
            return true;
        }
    }
    return false;
}

/* The guard calls it a product, or says nothing: on the shelf with what is to be kept. */
void waiting_shelve(struct desk *d, uint32_t place)
{
    struct epoch *e = &d->epoch[place];
    struct batch  b;
    for (uint32_t i = e->waiting_first; e->log == LOG_INBOX && i != NONE; i = d->waiting[i].next) {
        const struct past_row row = {e->log, d->waiting[i].position};
        if (!d->waiting[i].durable) {
            continue;
        }
        if (err_is(log_batch(d, &row, &b))) {
            d->counters.malformed++;
        } else {
            shelf_put(d, LOG_INBOX, row.position, &e->partner, &b);
        }
    }
    epoch_free(d, place);
}
