/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/pouches.h"

#include <stdlib.h>

#include "base/reader.h"
#include "pouch/seal.h"
#include "wire/inbox.h"

const char *const pouch_logs[] = {"outbox-intake", "outbox-desk", "inbox"};
const unsigned    pouch_log_count = ARRAY_LEN(pouch_logs);

static err batch_take(struct pouches *p, span bytes)
{
    struct batch b;
    TRY(batch_read(bytes, &b));
    const struct epoch_entry *e = history_epoch(p->history, &b.handle);
    if (e == NULL) {
        p->strangers++;
        return OK;
    }
    TRY(batch_check(&b, &e->epoch, e->sealer));
    p->batches++;
    p->items += b.count;
    if (p->tally != NULL) {
        struct pouch_tally *t = &p->tally[e - p->history->epoch];
        t->items += b.count;
        t->then += p->then ? b.count : 0;
        t->begun = t->begun || b.first == 0;
        t->next = b.first + b.count > t->next ? b.first + b.count : t->next;
    }
    return OK;
}

/* ---- what only an inbox has ---- */

/* inbox_way - the entries of one partner, lane by lane: the last number of each */
struct inbox_way {
    name     partner;
    uint64_t last[LANE_COUNT];
};

static struct inbox_way *way_of(struct pouches *p, const name *partner)
{
    for (size_t i = 0; i < p->way_count; i++) {
        if (name_equal(&p->way[i].partner, partner)) {
            return &p->way[i];
        }
    }
    p->way = room_for(p->way, &p->way_count, &p->way_max, sizeof *p->way);
    p->way[p->way_count - 1].partner = *partner;
    return &p->way[p->way_count - 1];
}

static err number_take(struct pouches *p, const struct inbox_record *r)
{
    uint64_t *last = &way_of(p, &r->partner)->last[r->lane];
    if (r->number <= *last) {
        return FAIL(FORGED, "the numbers of a partner's entries do not ascend in their lane");
    }
    *last = r->number;
    return OK;
}

/* A partner may send a grant again, sealed anew: the guard took the first that it could believe. */
enum grant_state { GRANT_NONE, GRANT_OTHER, GRANT_SAME };

static err grant_take(struct pouches *p, span body)
{
    struct reader r = reader_of(body);
    uint8_t       digest[SHA256_LEN];
    id            handle = read_id(&r);
    if (r.bad) {
        return FAIL(FORGED, "a grant in the inbox is shorter than its handle");
    }
    const struct epoch_entry *e = history_epoch(p->history, &handle);
    if (e == NULL || e->own) {
        return OK;
    }
    uint8_t *state = &p->granted[e - p->history->epoch];
    sha256(r.rest, digest);
    bool same = memcmp(digest, e->grant, sizeof digest) == 0;
    p->grants += same && *state != GRANT_SAME;
    *state = same || *state == GRANT_SAME ? GRANT_SAME : GRANT_OTHER;
    return OK;
}

/* Where old segments are gone, the accepted grant may have gone with them. */
static err grants_end(const struct pouches *p, const struct book_end *end)
{
    for (size_t i = 0; i < p->history->epoch_count && end->whole; i++) {
        if (p->granted[i] == GRANT_OTHER) {
            return FAIL(FORGED, "a grant in the inbox is not the one that the ledger names");
        }
    }
    return OK;
}

/* What its giver left out for a newer report it has given; what was told twice counts once. */
static err left_take(struct pouches *p, span body)
{
    struct left left = {0};
    TRY(left_read(body, &left));
    for (unsigned i = 0; i < left.count && p->tally != NULL; i++) {
        const struct left_row    *row = &left.row[i];
        const struct epoch_entry *e = history_epoch(p->history, &row->handle);
        struct pouch_tally       *t = e == NULL ? NULL : &p->tally[e - p->history->epoch];
        if (t == NULL || row->next <= t->next) {
            continue;
        }
        uint64_t items = row->next - t->next < row->items ? row->next - t->next : row->items;
        t->items += items;
        t->then += p->then ? items : 0;
        t->left += row->reports < items ? row->reports : items;
        t->begun = t->begun || row->items == row->next;
        t->next = row->next;
    }
    return OK;
}

static err inbox_take(struct pouches *p, span body)
{
    struct inbox_record r;
    TRY(inbox_record_read(body, &r));
    TRY(number_take(p, &r));
    switch (r.kind) {
    case ENTRY_BATCH:
        return batch_take(p, r.body);
    case ENTRY_GRANT:
        return grant_take(p, r.body);
    case ENTRY_LEFT:
        return left_take(p, r.body);
    default:
        return OK;
    }
}

static err pouch_take(void *ctx, const struct log_item *item)
{
    struct pouches *p = ctx;
    p->then = item->position < p->cut;
    return p->inbox ? inbox_take(p, item->body) : batch_take(p, item->body);
}

err pouches_read(struct pouches *p, const char *dir, const char *log, struct book_end *end)
{
    p->inbox = strcmp(log, "inbox") == 0;
    p->granted = calloc(p->history->epoch_count + 1, 1);
    MUST(p->granted != NULL);
    err e = book_read(dir, log, pouch_take, p, end);
    e = err_is(e) ? e : grants_end(p, end);
    free(p->granted);
    free(p->way);
    p->granted = NULL;
    p->way = NULL;
    p->way_count = p->way_max = 0;
    return e;
}
