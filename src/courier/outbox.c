/* SPDX-License-Identifier: Apache-2.0 */
/* From the outboxes into the lanes: following what is new, going back for what was granted late. */
#include "courier/state.h"
#include "wire/inbox.h"

err batch_in(unsigned outbox, span body, struct batch *out, span *bytes)
{
    struct inbox_record i = {.kind = ENTRY_BATCH, .body = body};
    if (outbox == OUTBOX_INBOX) {
        TRY(inbox_record_read(body, &i));
    }
    if (i.kind != ENTRY_BATCH) {
        return FAIL(UNKNOWN, "a record is no batch");
    }
    *bytes = i.body;
    return batch_read(i.body, out);
}

/* The last of a picture is durable for its sealer's sake: tracks it has like the others. */
static bool is_live(unsigned outbox, const struct courier_item *item)
{
    return item->live || (outbox == OUTBOX_INTAKE && line_pictures(item->type));
}

/* The batch goes into the lane of each partner that stands so with this epoch and lacks it. */
static err batch_give(struct courier *c, struct carried *e, const struct courier_item *item,
                      const struct batch *b, enum share_state stands)
{
    uint64_t items = b->first + b->count;
    e->next = items > e->next ? items : e->next;
    for (unsigned i = 0; i < c->partner_count; i++) {
        struct share *s = &e->share[i];
        if (s->state != stands || item->position < s->done) {
            continue;
        }
        struct lane_entry entry = {.position = item->position,
                                   .epoch = e->epoch,
                                   .handle = s->handle,
                                   .kind =
                                       is_live(e->outbox, item) ? ENTRY_BATCH_LIVE : ENTRY_BATCH,
                                   .outbox = e->outbox,
                                   .type = e->outbox == OUTBOX_INTAKE ? item->type : LINE_NONE,
                                   .count = b->count,
                                   .items = items};
        if (b->first < cut_at(c, &e->epoch, i)) {
            TRY(lane_put(c, &c->partner[i], s->lane, &entry, (span){0}));
            line_given(c, i, &entry);
        }
        s->done = item->position + 1;
    }
    return OK;
}

static err epoch_new(struct courier *c, const id *epoch, unsigned outbox, uint64_t first,
                     struct carried **out)
{
    struct carried *e = carried_add(c, epoch, outbox, first);
    if (e == NULL) {
        return FAIL(FULL, "too many epochs wait for the guard");
    }
    err written = row_epoch(c, e);
    if (err_is(written)) {
        carried_drop(c, e);
        return written;
    }
    carried_ask(c, e);
    *out = e;
    return OK;
}

static err follow_item(struct courier *c, unsigned outbox, const struct courier_item *item)
{
    struct outbox *o = &c->outbox[outbox];
    struct batch   b;
    span           bytes;
    o->synced = item->synced > o->synced ? item->synced : o->synced;
    err none = batch_in(outbox, item->body, &b, &bytes);
    if (err_is(none) && outbox == OUTBOX_INBOX) {
        return OK; /* a grant or a letter */
    }
    if (err_is(none)) {
        c->port.note(c->port.ctx, "a record of an outbox is no batch: it stays here", NULL);
        return OK;
    }
    struct carried *e = carried_find(c, &b.handle);
    if (outbox == OUTBOX_INBOX && (e == NULL || e->outbox != OUTBOX_INBOX)) {
        return OK; /* it is not passed on */
    }
    if (e == NULL) {
        TRY(epoch_new(c, &b.handle, outbox, item->position, &e));
        e->live = item->live;
    } else if (e->ahead) {
        e->first = item->position;
        e->live = item->live;
        TRY(row_epoch(c, e));
        ahead_ends(c, e);
    }
    e->seen_ms = c->now;
    if (outbox == OUTBOX_INTAKE) {
        line_meet(c, item, &b.handle);
    }
    return batch_give(c, e, item, &b, SHARE_GRANTED);
}

static void outbox_damaged(struct courier *c, struct outbox *o)
{
    if (!o->damaged) {
        c->port.note(c->port.ctx, "an outbox is damaged: what follows in it stays here", NULL);
    }
    o->damaged = true;
}

/* Full is not failed: the same record comes again in a later turn. */
static err follow(struct courier *c, unsigned outbox)
{
    struct outbox      *o = &c->outbox[outbox];
    struct courier_item item;
    bool                more = true;
    o->dry = false;
    if (outbox == OUTBOX_INBOX && c->relays == 0) {
        o->at = c->inbox_at;
        o->dry = true;
        return OK;
    }
    for (unsigned i = 0; i < TURN_RECORDS && more && !o->damaged; i++) {
        err e = c->port.read(c->port.ctx, READER_FOLLOW + outbox, o->at, &item, &more);
        if (e.code == ERR_UNKNOWN && o->at != 0) {
            o->at = 0;
            if (outbox == OUTBOX_INTAKE) {
                lines_anew(c);
            }
            continue;
        }
        if (err_is(e)) {
            outbox_damaged(c, o);
            return OK;
        }
        if (more) {
            e = follow_item(c, outbox, &item);
            if (err_is(e)) {
                return e.code == ERR_FULL ? OK : e;
            }
            o->at = item.next;
        }
        o->clear = item.next > o->clear ? item.next : o->clear;
    }
    o->dry = !more;
    c->more = c->more || (more && !o->damaged);
    return OK;
}

/* ---- what was granted late ---- */

static void again_done(struct courier *c, unsigned outbox)
{
    c->outbox[outbox].again = AGAIN_NOWHERE;
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        struct carried *e = &c->epoch[i];
        for (unsigned k = 0; e->used && e->outbox == outbox && k < c->partner_count; k++) {
            if (e->share[k].state == SHARE_BEHIND) {
                e->share[k].state = SHARE_GRANTED;
            }
        }
    }
}

static err again_item(struct courier *c, unsigned outbox, const struct courier_item *item)
{
    struct batch b;
    span         bytes;
    if (err_is(batch_in(outbox, item->body, &b, &bytes))) {
        return OK;
    }
    struct carried *e = carried_find(c, &b.handle);
    return e == NULL || e->outbox != outbox ? OK : batch_give(c, e, item, &b, SHARE_BEHIND);
}

static err go_back(struct courier *c, unsigned outbox)
{
    struct outbox      *o = &c->outbox[outbox];
    struct courier_item item;
    bool                more = true;
    for (unsigned i = 0; i < TURN_RECORDS && o->again < o->at; i++) {
        err e = c->port.read(c->port.ctx, READER_AGAIN + outbox, o->again, &item, &more);
        if (e.code == ERR_UNKNOWN && o->again != 0) {
            o->again = 0;
            continue;
        }
        if (!err_is(e) && !more) {
            return OK; /* its writer has not opened it yet, or nothing but marks is left */
        }
        if (err_is(e)) {
            c->port.note(c->port.ctx,
                         "an outbox is damaged: of what is granted late a part stays here", NULL);
            break;
        }
        if (item.position >= o->at) {
            break;
        }
        e = again_item(c, outbox, &item);
        if (err_is(e)) {
            return e.code == ERR_FULL ? OK : e;
        }
        o->again = item.next;
        c->more = true;
        if (i + 1 == TURN_RECORDS && o->again < o->at) {
            return OK;
        }
    }
    if (o->again != AGAIN_NOWHERE) {
        again_done(c, outbox);
    }
    return OK;
}

err outboxes_turn(struct courier *c)
{
    for (unsigned i = 0; i < OUTBOX_COUNT; i++) {
        TRY(go_back(c, i));
        TRY(follow(c, i));
    }
    return OK;
}
