/* SPDX-License-Identifier: Apache-2.0 */
/* Lists: the guard is asked for one item, or one answer of rows, after the other. */
#include "desk/rows.h"
#include "desk/state.h"

/* The longest description of an item, as JSON. */
#define ITEM_JSON_MAX (16 << 10)

/* Room that is kept for `],"next":N}`. */
#define LISTING_TAIL 64

static const struct {
    const char *key;
    enum look   look;
} listing_row[ASK_COUNT] = {
    [ASK_ITEMS] = {"items", LOOK_ITEM},
    [ASK_QUEUE] = {"held", LOOK_QUEUE},
    [ASK_PERSONS] = {"persons", LOOK_PERSONS},
    [ASK_SOURCES] = {"sources", LOOK_SOURCES},
    [ASK_AGREEMENTS] = {"agreements", LOOK_AGREEMENTS},
    [ASK_PARTNERS] = {"partners", LOOK_PARTNERS},
    [ASK_ASKED] = {"asked", LOOK_ASKED},
    [ASK_ORDERS] = {"orders", LOOK_ORDERS},
    [ASK_DUTIES] = {"duties", LOOK_DUTIES},
    [ASK_LEVELS] = {"levels", LOOK_LEVEL},
    [ASK_ROOMS] = {"rooms", LOOK_ROOMS},
};

/* Is it a list of products, of which each is asked for by its handle? */
static bool is_of_products(const struct listing *l)
{
    return l->what == ASK_ITEMS || l->what == ASK_LEVELS;
}

static void listing_end(struct listing *l)
{
    bytes_wipe(l->room, l->w.len);
    l->used = false;
}

/* The row to go on from is told always for items, and for others when not all was said. */
static void listing_answer(struct desk *d, struct listing *l, bool more)
{
    l->w.max = LISTING_MAX;
    put_u8(&l->w, ']');
    if (more) {
        json_key(&l->w, false, "next");
        put_decimal(&l->w, l->row);
    }
    put_u8(&l->w, '}');
    answer_text(d, l->asker, 200, &l->w);
    listing_end(l);
}

static void listing_ask(struct desk *d, struct listing *l, const id *handle, uint16_t row)
{
    struct errand *e = errand_begin(d, ERRAND_LISTING, REQUEST_LOOK);
    err            sent = FAIL(FULL, "too much is being asked of the guard; try again");
    if (e != NULL) {
        e->asker = l->asker;
        e->place = (uint32_t)(l - d->listing);
        put_u8(&d->out, (uint8_t)listing_row[l->what].look);
        put_u64(&d->out, l->session);
        put_id(&d->out, handle);
        put_u16(&d->out, row);
        sent = errand_send(d, e);
    }
    if (err_is(sent)) {
        refuse(d, l->asker, sent);
        listing_end(l);
    }
}

/* The next product that may be one; l->row counts those that were looked at. */
static void items_next(struct desk *d, struct listing *l)
{
    while (l->row < d->product_count && d->product[l->row].feed) {
        l->row++;
    }
    bool full = l->count == DESK_PAGE_ITEMS || l->w.max - l->w.len < ITEM_JSON_MAX;
    if (full || l->row >= d->product_count) {
        listing_answer(d, l, true);
        return;
    }
    listing_ask(d, l, &d->product[l->row++].handle, 0);
}

static void listing_next(struct desk *d, struct listing *l)
{
    static const id none;
    if (is_of_products(l)) {
        items_next(d, l);
    } else if (l->row > UINT16_MAX) {
        listing_answer(d, l, false);
    } else {
        listing_ask(d, l, &none, (uint16_t)l->row);
    }
}

static struct listing *listing_free(struct desk *d)
{
    for (uint32_t i = 0; i < DESK_LISTINGS_MAX; i++) {
        if (!d->listing[i].used) {
            return &d->listing[i];
        }
    }
    return NULL;
}

void ask_rows(struct desk *d, struct asker a, const struct desk_request *r)
{
    struct listing *l = listing_free(d);
    if (sitting_find(d, r->session, r->terminal) == NONE) {
        refuse(d, a, SITTING_ENDED);
        return;
    }
    if (l == NULL) {
        refuse(d, a, FAIL(FULL, "too many lists are being made; try again"));
        return;
    }
    uint8_t *room = l->room;
    *l = (struct listing){.used = true,
                          .what = r->what,
                          .asker = a,
                          .session = r->session,
                          .row = r->after,
                          .w = writer_of(room, LISTING_MAX - LISTING_TAIL),
                          .room = room};
    put_u8(&l->w, '{');
    json_key(&l->w, true, listing_row[r->what].key);
    put_u8(&l->w, '[');
    listing_next(d, l);
}

/* ---- answers ---- */

static err item_put(struct desk *d, struct listing *l, span text)
{
    struct product *p = &d->product[l->row - 1];
    uint64_t        len;
    if (text.len == 0) {
        return OK;
    }
    if (row_value(text, "feed").len > 0) {
        p->feed = true;
        return OK;
    }
    TRY(text_decimal(row_value(text, "length"), UINT64_MAX, &len));
    put_text(&l->w, l->count == 0 ? "{" : ",{");
    json_key(&l->w, true, "row");
    put_decimal(&l->w, l->row);
    json_key(&l->w, false, "complete");
    put_text(&l->w, p->items == chunks_of(len) ? "true" : "false");
    TRY(row_json(text, false, &l->w));
    put_u8(&l->w, '}');
    l->count++;
    return OK;
}

/* What does not fit any more is told of by `next`. */
static void rows_put(struct desk *d, struct listing *l, span text)
{
    struct writer before = l->w;
    size_t        count = l->count;
    uint64_t      last = l->row;
    err           e = rows_json(text, &count, &last, &l->w);
    if (e.code == ERR_LIMIT && l->count > 0) {
        l->w = before;
        listing_answer(d, l, true);
    } else if (err_is(e)) {
        refuse(d, l->asker, e);
        listing_end(l);
    } else if (text.len == 0) {
        listing_answer(d, l, false);
    } else {
        l->count = count;
        l->row = last + 1;
        listing_next(d, l);
    }
}

static struct listing *listing_of(struct desk *d, const struct errand *e)
{
    struct listing *l = &d->listing[e->place];
    return l->used && asker_is(l->asker, e->asker) ? l : NULL;
}

void listing_answered(struct desk *d, const struct errand *e, struct reader *r)
{
    struct listing *l = listing_of(d, e);
    span            text = read_block16(r, UINT16_MAX);
    if (l == NULL) {
        return;
    }
    err bad = reader_end(r);
    if (!err_is(bad) && !is_of_products(l)) {
        rows_put(d, l, text);
        return;
    }
    bad = err_is(bad) ? bad : item_put(d, l, text);
    if (err_is(bad)) {
        listing_refused(d, e, bad);
    } else {
        items_next(d, l);
    }
}

/* An item of which the guard says that it is not there, or not now, is left out as if it said nothing. */
static bool is_left_out(const struct listing *l, err why)
{
    return is_of_products(l) && (why.code == ERR_UNKNOWN || why.code == ERR_STATE);
}

void listing_refused(struct desk *d, const struct errand *e, err why)
{
    struct listing *l = listing_of(d, e);
    if (l != NULL && is_left_out(l, why)) {
        items_next(d, l);
    } else if (l != NULL) {
        refuse(d, l->asker, why);
        listing_end(l);
    }
}

void listing_gone(struct desk *d, struct asker a)
{
    for (uint32_t i = 0; i < DESK_LISTINGS_MAX; i++) {
        if (d->listing[i].used && asker_is(d->listing[i].asker, a)) {
            listing_end(&d->listing[i]);
        }
    }
}
