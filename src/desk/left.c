/* SPDX-License-Identifier: Apache-2.0 */
/* Tracks of a feed that a slow link left out: their numbers do not come, and that is no loss, since a newer report of each
 * does.  In the own outbox, what was sealed once more for others: it was shown already. */
#include "desk/state.h"
#include "wire/inbox.h"
#include "wire/line.h"

static void tell(struct desk *d, struct epoch *e)
{
    if (e->left > 0 && e->keyed) {
        note_epoch(d, e, "conflated", e->left_to, e->left);
        e->left = 0;
    }
}

/* A walker meets it in the past, where it has no items. */
static void pass_over(struct desk *d, const struct desk_record *r, const struct left_row *row)
{
    uint32_t place = epoch_find(d, &row->handle);
    uint16_t feed = FEED_UNKNOWN;
    d->counters.left += row->reports;
    if (place != NONE) {
        struct epoch *e = &d->epoch[place];
        e->left_to = row->next > e->left_to ? row->next : e->left_to;
        e->left += row->reports;
        feed = e->place == NONE ? feed : (uint16_t)e->place;
        tell(d, e);
    }
    past_add(d, &(struct past){.handle = row->handle,
                               .position = r->position,
                               .first = row->next,
                               .feed = feed,
                               .log = r->log});
}

bool left_take(struct desk *d, const struct desk_record *r)
{
    struct inbox_record i;
    struct left         left;
    struct batch        b;
    if (r->log == LOG_OUTBOX_INTAKE && line_pictures(r->type) && !err_is(batch_read(r->body, &b))) {
        pass_over(d, r, &(struct left_row){.handle = b.handle, .next = b.first + b.count});
        return true;
    }
    if (r->log != LOG_INBOX || err_is(inbox_record_read(r->body, &i)) || i.kind != ENTRY_LEFT ||
        err_is(left_read(i.body, &left))) {
        return false;
    }
    for (unsigned k = 0; k < left.count; k++) {
        pass_over(d, r, &left.row[k]);
    }
    return true;
}

/* Whose key came later is told when the first of it is shown. */
uint64_t left_behind(struct desk *d, struct epoch *e, uint64_t next)
{
    tell(d, e);
    return e->left_to > next ? e->left_to : next;
}
