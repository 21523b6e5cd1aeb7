/* SPDX-License-Identifier: Apache-2.0 */
/* Batches of which it is not known yet what they are, or who may see them: held by their places in the
 * inbox. */
#include "desk/state.h"

/* Of one epoch, at most: some minutes of a feed that is dark, or the whole of one that comes late, before
 * the guard's word on it does. */
#define EPOCH_WAITS 4096

void waiting_clear(struct desk *d, struct epoch *e)
{
    while (e->waiting_first != NONE) {
        uint32_t at = e->waiting_first;
        e->waiting_first = d->waiting[at].next;
        d->waiting[at].next = d->waiting_free;
        d->waiting_free = at;
    }
    e->waiting_last = NONE;
    e->waits = 0;
}

bool waiting_put(struct desk *d, struct epoch *e, uint64_t position, bool durable)
{
    uint32_t at = d->waiting_free;
    if (at == NONE || e->waits >= EPOCH_WAITS) {
        d->counters.dropped++;
        return false;
    }
    d->waiting_free = d->waiting[at].next;
    d->waiting[at] = (struct waiting){.position = position, .next = NONE, .durable = durable};
    if (e->waiting_first == NONE) {
        e->waiting_first = at;
    } else {
        d->waiting[e->waiting_last].next = at;
    }
    e->waiting_last = at;
    e->waits++;
    d->counters.waited++;
    return true;
}

static err waiting_read(struct desk *d, enum log_name log, uint64_t position, struct batch *out)
{
    span                body;
    struct inbox_record i;
    TRY(d->port.read(d->port.ctx, log, position, &body));
    if (log != LOG_INBOX) {
        return batch_read(body, out);
    }
    TRY(inbox_record_read(body, &i));
    return batch_read(i.body, out);
}

/* Everybody was answered: those who may see it, see it from its beginning.  While it is dark to all, it
 * waits for the next time that the guard is asked. */
void waiting_show(struct desk *d, struct epoch *e)
{
    struct batch b;
    e->opening = false;
    if (!e->keyed && epoch_dark(e)) {
        return;
    }
    for (uint32_t i = e->waiting_first; e->keyed && i != NONE; i = d->waiting[i].next) {
        if (err_is(waiting_read(d, e->log, d->waiting[i].position, &b))) {
            d->counters.malformed++;
        } else {
            show_batch(d, e, &b);
        }
    }
    waiting_clear(d, e);
}

/* The guard calls it a product, or says nothing: on the shelf with what is to be kept. */
void waiting_shelve(struct desk *d, uint32_t place)
{
    struct epoch *e = &d->epoch[place];
    struct batch  b;
    for (uint32_t i = e->waiting_first; e->log == LOG_INBOX && i != NONE; i = d->waiting[i].next) {
        if (d->waiting[i].durable && !err_is(waiting_read(d, e->log, d->waiting[i].position, &b))) {
            shelf_put(d, LOG_INBOX, d->waiting[i].position, &e->partner, &b);
        }
    }
    epoch_free(d, place);
}
