/* SPDX-License-Identifier: Apache-2.0 */
/* Group commit: one write a turn; a sync when something was promised to be durable, or after SYNC_MS.  Nobody waits
 * for it: what comes meanwhile goes with the next. */
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
    w->promised = r->live ? w->promised : w->end;
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
    if (w->going != 0) {
        return OK;
    }
    if (w->durable && bulk_waits(c, log)) {
        c->more = true;
        return OK;
    }
    if (w->end > w->synced && (w->durable || c->now - w->dirty_ms >= SYNC_MS)) {
        TRY(c->port.begin(c->port.ctx, log));
        w->going = w->end;
        w->dirty_ms = 0;
        w->durable = false;
    }
    return OK;
}

void courier_synced(struct courier *c, enum courier_log log)
{
    struct written *w = &c->log[log];
    w->synced = w->going > w->synced ? w->going : w->synced;
    w->going = 0;
}

static err log_now(struct courier *c, enum courier_log log)
{
    struct written *w = &c->log[log];
    if (w->end > w->synced && !failed(c)) {
        TRY(c->port.sync(c->port.ctx, log));
        w->flushed = w->synced = w->end;
        w->going = 0;
        w->dirty_ms = 0;
        w->durable = false;
    }
    return OK;
}

err commit_inbox(struct courier *c)
{
    err e = log_now(c, COURIER_INBOX);
    c->failed = err_is(e) ? e : c->failed;
    return e;
}

bool commit_behind(const struct courier *c)
{
    const struct written *w = &c->log[COURIER_INBOX];
    return w->end - w->synced > UNSYNCED_MAX;
}

/* ---- what may be acknowledged ---- */

/* Taken as a sync of the inbox begins, or nothing of it waits.  What lanes hold of a number that came in is
 * durable, and must be synced too. */
static void mark_take(struct courier *c)
{
    const struct written *in = &c->log[COURIER_INBOX];
    if (c->marked || (in->going != in->end && in->synced != in->end)) {
        return;
    }
    for (unsigned i = 0; i < c->partner_count; i++) {
        struct partner *p = &c->partner[i];
        c->marked = c->marked || memcmp(p->in_synced, p->in_last, sizeof p->in_synced) != 0;
        memcpy(p->in_marked, p->in_last, sizeof p->in_marked);
    }
    c->mark[COURIER_INBOX] = in->end;
    c->mark[COURIER_LANES] = c->log[COURIER_LANES].promised;
}

/* Where entries came; of what is not synced yet an acknowledgement is still owed. */
static void acks_due(struct partner *p)
{
    bool more = memcmp(p->in_synced, p->in_last, sizeof p->in_synced) != 0;
    for (unsigned i = 0; i < PATH_COUNT; i++) {
        struct link *l = &p->link[0][i];
        l->ack_due = l->ack_due || l->owes;
        l->owes = l->owes && more;
    }
}

static void mark_reach(struct courier *c)
{
    for (unsigned i = 0; i < COURIER_LOGS; i++) {
        if (!c->marked || c->log[i].synced < c->mark[i]) {
            return;
        }
    }
    c->marked = false;
    for (unsigned i = 0; i < c->partner_count; i++) {
        struct partner *p = &c->partner[i];
        if (memcmp(p->in_synced, p->in_marked, sizeof p->in_synced) != 0) {
            memcpy(p->in_synced, p->in_marked, sizeof p->in_synced);
            acks_due(p);
        }
    }
}

static void marks_turn(struct courier *c)
{
    mark_reach(c);
    mark_take(c);
    mark_reach(c);
}

void commit_all(struct courier *c)
{
    err inbox = commit_inbox(c);
    err lanes = log_now(c, COURIER_LANES);
    c->failed = err_is(lanes) && !err_is(inbox) ? lanes : c->failed;
    marks_turn(c);
}

err commit_turn(struct courier *c)
{
    TRY(log_turn(c, COURIER_LANES));
    TRY(log_turn(c, COURIER_INBOX));
    marks_turn(c);
    c->came = 0;
    return OK;
}
