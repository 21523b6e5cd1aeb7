/* SPDX-License-Identifier: Apache-2.0 */
/* Group commit: one write a turn; a sync when something was promised to be durable, or after SYNC_MS. */
#include "courier/state.h"

err log_put(struct courier *c, enum courier_log log, const struct courier_record *r,
            uint64_t *position)
{
    struct written *w = &c->log[log];
    if (failed(c)) {
        return c->failed;
    }
    err e = c->port.append(c->port.ctx, log, r, position);
    if (err_is(e)) {
        c->failed = e.code == ERR_FULL ? OK : e;
        return e;
    }
    w->end = *position + 1;
    w->dirty_ms = w->dirty_ms == 0 ? c->now : w->dirty_ms;
    w->durable = w->durable || !r->live;
    return OK;
}

/* While a product streams in, a sync for each turn would cost more than all the rest; as soon as it
 * pauses, what waits is synced. */
static bool bulk_waits(struct courier *c, enum courier_log log)
{
    const struct written *w = &c->log[log];
    return log == COURIER_INBOX && c->came >= BULK_CAME && w->end - w->synced < BULK_BYTES &&
           c->now - w->dirty_ms < BULK_MS;
}

static err log_turn(struct courier *c, enum courier_log log)
{
    struct written *w = &c->log[log];
    if (w->end > w->flushed) {
        TRY(c->port.flush(c->port.ctx, log));
        c->more = c->more || (log == COURIER_INBOX && c->relays > 0);
        w->flushed = w->end;
    }
    if (w->durable && bulk_waits(c, log)) {
        c->more = true;
        return OK;
    }
    if (w->end > w->synced && (w->durable || c->now - w->dirty_ms >= SYNC_MS)) {
        TRY(c->port.sync(c->port.ctx, log));
        c->more = c->more || (log == COURIER_INBOX && c->relays > 0);
        w->synced = w->end;
        w->dirty_ms = 0;
        w->durable = false;
    }
    return OK;
}

err commit_inbox(struct courier *c)
{
    c->log[COURIER_INBOX].durable = true;
    c->came = 0;
    err e = log_turn(c, COURIER_INBOX);
    c->failed = err_is(e) ? e : c->failed;
    return e;
}

/* What lanes hold of a number that came in is durable, so it is synced whenever the inbox is. */
static void inbox_synced(struct courier *c)
{
    for (unsigned i = 0; i < c->partner_count; i++) {
        struct partner *p = &c->partner[i];
        if (memcmp(p->in_synced, p->in_last, sizeof p->in_synced) != 0) {
            memcpy(p->in_synced, p->in_last, sizeof p->in_synced);
            p->link[0].ack_due = true;
        }
    }
}

err commit_turn(struct courier *c)
{
    TRY(log_turn(c, COURIER_LANES));
    TRY(log_turn(c, COURIER_INBOX));
    if (c->log[COURIER_INBOX].synced == c->log[COURIER_INBOX].end) {
        inbox_synced(c);
    }
    c->came = 0;
    return OK;
}
