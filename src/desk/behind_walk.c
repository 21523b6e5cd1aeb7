/* SPDX-License-Identifier: Apache-2.0 */
/* Who comes back walks through what he missed, and then goes on with what comes. */
#include "desk/behind.h"

/* WALK_BATCHES - of one reader in one turn */
#define WALK_BATCHES 32

static struct behind_seen *seen_of(struct behind *b, const struct epoch *e)
{
    for (uint32_t i = 0; i < b->epochs && i < BEHIND_EPOCHS; i++) {
        if (id_equal(&b->seen[i].epoch, &e->u.epoch)) {
            return &b->seen[i];
        }
    }
    uint32_t at = b->epochs++ % BEHIND_EPOCHS;
    b->seen[at].epoch = e->u.epoch;
    b->seen[at].next = b->seen[at].left = 0;
    return &b->seen[at];
}

/* What was shown was shown in the order of the past; what was there at the start lies in the order in which it came, each
 * log for itself, and may have been shown a little later. */
static bool shelved(const struct desk *d, uint64_t number)
{
    return number < d->past_shelved;
}

/* frontier - the last that he has seen of what came the same way as this: of its feed, else of its log, else of all */
static uint64_t frontier(const struct desk *d, const struct behind *b, const struct past *p)
{
    uint64_t of_feed = 0, of_log = 0, of_all = 0;
    uint32_t feed = behind_feed(d, b->at);
    for (uint32_t i = 0; i < b->froms; i++) {
        uint64_t at = b->from[i].at;
        of_all = at > of_all ? at : of_all;
        if (past_get(d, at) != NULL && past_get(d, at)->log == p->log) {
            of_log = at > of_log ? at : of_log;
        }
        if (feed != NONE && behind_feed(d, at) == feed) {
            of_feed = at > of_feed ? at : of_feed;
        }
    }
    if (!shelved(d, b->at) || !shelved(d, of_all)) {
        return of_all;
    }
    return of_feed != 0 ? of_feed : of_log != 0 ? of_log : d->past_shelved;
}

/* Has he seen all of it, or the items below b->done? */
static bool has_seen(const struct desk *d, struct behind *b, const struct past *p)
{
    b->done = 0;
    for (uint32_t i = 0; i < b->froms; i++) {
        if (b->from[i].at == b->at) {
            b->done = b->from[i].done > b->done ? b->from[i].done : b->done;
        }
    }
    if (b->done != 0) {
        return b->done >= p->first + p->count;
    }
    return b->froms > 0 && b->at < frontier(d, b, p);
}

static void batch_walk(struct desk *d, const struct stream *s, struct behind *b, struct epoch *e,
                       const struct batch *batch)
{
    struct behind_seen *seen = seen_of(b, e);
    uint64_t            end = batch->first + batch->count;
    if (b->done > seen->next) {
        seen->next = b->done; /* the event that he named */
    }
    uint64_t missed = seen->left > seen->next ? seen->left : seen->next;
    if (seen->next > 0 && batch->first > missed) {
        note_reader(d, s, e, "gap", missed, batch->first - missed);
    }
    behind_show(d, s, e, batch, (struct part){seen->next, end});
    seen->next = end > seen->next ? end : seen->next;
}

static void left_walk(struct behind *b, const struct epoch *e, const struct past *p)
{
    struct behind_seen *seen = seen_of(b, e);
    seen->left = p->first > seen->left ? p->first : seen->left;
}

static enum step past_walk(struct desk *d, const struct stream *s, struct behind *b)
{
    const struct past p = *past_get(d, b->at);
    struct batch      batch;
    enum step         step = STEP_OVER;
    bool              seen = has_seen(d, b, &p);
    struct epoch     *e = seen || p.log == LOG_COUNT ? NULL : behind_epoch(d, s, b, &p, &step);
    if (e != NULL && p.count == 0) {
        left_walk(b, e, &p);
    } else if (e != NULL && behind_read(d, s, e, &p, &batch)) {
        e->last_ms = d->boot_ms;
        batch_walk(d, s, b, e, &batch);
    }
    if (step == STEP_OVER) {
        b->at++;
        b->stalled_ms = 0;
    }
    return step;
}

/* From here on he is shown what comes: the numbers that he has do not come again, and what is missing is told. */
static void walk_end(struct desk *d, struct stream *s, struct behind *b)
{
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        struct epoch *e = &d->epoch[i];
        for (uint32_t k = 0; e->keyed && k < b->epochs && k < BEHIND_EPOCHS; k++) {
            if (id_equal(&b->seen[k].epoch, &e->u.epoch) && b->seen[k].next > e->next) {
                e->next = b->seen[k].next;
                e->paused = false;
            }
        }
    }
    behind_drop(d, s);
}

bool behind_walk(struct desk *d, struct stream *s, struct behind *b)
{
    if (b->lost || b->at < past_oldest(d)) {
        b->lost = false;
        b->at = b->at < past_oldest(d) ? past_oldest(d) : b->at;
        behind_note(d, s, "{\"note\":\"gap\"}");
    }
    for (unsigned i = 0; i < WALK_BATCHES && b->at < d->past_next; i++) {
        if (past_walk(d, s, b) == STEP_WAITS) {
            return false;
        }
    }
    if (b->at >= d->past_next) {
        walk_end(d, s, b);
        return false;
    }
    return true;
}

/* Where nothing that he named is here any more, all that is left comes after a gap; but to who was shown nothing, what comes
 * from now on. */
err behind_resume(struct desk *d, struct stream *s, const struct desk_request *r)
{
    struct behind *b = behind_take(d, s);
    if (b == NULL) {
        return FAIL(FULL, "too many readers come back at once; try again");
    }
    bool marks = r->seen_count > 0;
    b->walks = true;
    for (unsigned i = 0; i < r->seen_count; i++) {
        uint64_t item, at = past_find(d, &r->seen[i], &item);
        marks = marks && past_is_mark(&r->seen[i]);
        if (at != 0) {
            b->from[b->froms].at = at;
            b->from[b->froms++].done = item + 1;
            b->at = b->at == 0 || at < b->at ? at : b->at;
        }
    }
    b->lost = b->froms == 0;
    b->at = b->lost ? (marks ? d->past_next : past_oldest(d)) : b->at;
    return OK;
}
