/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/under_way.h"

#include <stdlib.h>

#include "base/reader.h"
#include "cli/book.h"
#include "wire/inbox.h"

/* Types of records in the lanes (docs/format/lanes.md) */
enum { LANES_ENTRY = 1, LANES_CAME = 6, LANES_LANE = 9 };

struct way {
    const name     *partner;
    uint64_t        cut;              /* of the taker's log that is read */
    uint64_t        last[LANE_COUNT]; /* that the taker has of the giver */
    struct passage *passage;          /* sorted by epoch */
    size_t          count;
};

static void last_at_least(struct way *w, uint8_t lane, uint64_t number)
{
    w->last[lane] = number > w->last[lane] ? number : w->last[lane];
}

/* ---- at the taker ---- */

static err inbox_take(void *ctx, const struct log_item *item)
{
    struct way         *w = ctx;
    struct inbox_record r;
    TRY(inbox_record_read(item->body, &r));
    if (item->position < w->cut && name_equal(&r.partner, w->partner)) {
        last_at_least(w, r.lane, r.number);
    }
    return OK;
}

/* What left nothing in the inbox, and where the inbox has let go of its oldest. */
static err came_take(void *ctx, const struct log_item *item)
{
    struct way   *w = ctx;
    struct reader r = reader_of(item->body);
    if (item->type != LANES_CAME && item->type != LANES_LANE) {
        return OK;
    }
    name    who = read_name(&r);
    uint8_t lane = read_u8(&r);
    if (item->type == LANES_LANE) {
        (void)read_u64(&r);
        (void)read_u64(&r);
    }
    uint64_t number = read_u64(&r);
    if (err_is(reader_end(&r)) || lane >= LANE_COUNT) {
        return FAIL(MALFORMED, "a record of the lanes is not as it should be");
    }
    if (item->position < w->cut && name_equal(&who, w->partner)) {
        last_at_least(w, lane, number);
    }
    return OK;
}

/* ---- at the giver ---- */

static int epoch_order(const void *a, const void *b)
{
    const struct passage *x = a, *y = b;
    return memcmp(x->epoch.bytes, y->epoch.bytes, ID_LEN);
}

static err entry_take(void *ctx, const struct log_item *item)
{
    struct way    *w = ctx;
    struct reader  r = reader_of(item->body);
    struct passage key = {0};
    if (item->type != LANES_ENTRY) {
        return OK;
    }
    name     who = read_name(&r);
    uint8_t  lane = read_u8(&r);
    uint64_t number = read_u64(&r);
    uint8_t  kind = read_u8(&r);
    key.epoch = read_id(&r);
    (void)read_id(&r);
    (void)read_u8(&r);
    (void)read_u64(&r);
    uint64_t items = read_u64(&r);
    if (r.bad || lane >= LANE_COUNT) {
        return FAIL(MALFORMED, "a record of the lanes is not as it should be");
    }
    struct passage *p = w->count == 0 || !name_equal(&who, w->partner)
                            ? NULL
                            : bsearch(&key, w->passage, w->count, sizeof *w->passage, epoch_order);
    if (p == NULL) {
        return OK;
    }
    bool came = number <= w->last[lane];
    p->seen = true;
    p->granted = p->granted || (came && kind == ENTRY_GRANT);
    p->waits = (p->waits || kind == ENTRY_GRANT) && !p->granted;
    p->through = came && kind == ENTRY_BATCH && items > p->through ? items : p->through;
    return OK;
}

err under_way_read(const struct passages *giver, const struct passages *taker,
                   struct passage *passage, size_t count, bool *whole)
{
    struct way      w = {.partner = &giver->party, .passage = passage, .count = count};
    struct book_end end;
    w.cut = taker->cut.end[CUT_INBOX];
    TRY(book_read(taker->dir, "inbox", inbox_take, &w, &end));
    w.cut = taker->cut.end[CUT_LANES];
    TRY(book_read(taker->dir, "lanes", came_take, &w, &end));
    w.partner = &taker->party;
    TRY(book_read(giver->dir, "lanes", entry_take, &w, &end));
    *whole = end.whole && end.segments > 0;
    return OK;
}
