/* SPDX-License-Identifier: Apache-2.0 */
/* Records of the lanes log (docs/format/lanes.md): facts, each harmless when it is read twice. */
#include "courier/state.h"

enum row {
    ROW_ENTRY = 1, /* an entry of a lane */
    ROW_EPOCH,     /* id epoch, u8 outbox, u64 first, u64 next item, u64 outbox synced */
    ROW_REFUSED,   /* id epoch, partner */
    ROW_GRANTED,   /* id epoch, partner, u8 lane, id handle, u64 done */
    ROW_FORGET,    /* id epoch */
    ROW_IN,        /* partner, u8 lane, u64 last that came in */
    ROW_HANDED,    /* partner, id handle: the guard has judged its grant */
    ROW_STATE,     /* u64 synced of each outbox, u64 from where the inbox is needed */
    ROW_LANE,      /* partner, u8 lane, u64 last, u64 acknowledged, u64 last that came in */
    ROW_HANDLE,    /* partner, id handle, u64 next item, u8 handed */
    ROW_LETTERS,   /* partner, u64 number of its last letter that the guard was given */
    ROW_CUT,       /* id epoch, partner, u64 items: those before this number go to it */
    ROW_END
};

#define ROW_ROOM 256 /* the longest without its grant takes 121 */

struct row_out {
    struct writer w;
    uint8_t       room[ROW_ROOM];
};

static struct writer *row_begin(struct row_out *r)
{
    r->w = writer_of(r->room, sizeof r->room);
    return &r->w;
}

static err row_put(struct courier *c, struct row_out *r, enum row type, bool live)
{
    uint64_t              position;
    const span            part[] = {writer_span(&r->w)};
    struct courier_record record = {.part = part, .count = 1, .live = live, .type = (uint8_t)type};
    MUST(!r->w.bad);
    return log_put(c, COURIER_LANES, &record, &position);
}

/* ---- written ---- */

err row_epoch(struct courier *c, const struct carried *e)
{
    struct row_out r;
    struct writer *w = row_begin(&r);
    put_id(w, &e->epoch);
    put_u8(w, e->outbox);
    put_u64(w, e->first);
    put_u64(w, e->next);
    put_u64(w, c->outbox[e->outbox].synced);
    return row_put(c, &r, ROW_EPOCH, true);
}

err row_refused(struct courier *c, const struct carried *e, const struct partner *p)
{
    struct row_out r;
    struct writer *w = row_begin(&r);
    put_id(w, &e->epoch);
    put_name(w, &p->name);
    return row_put(c, &r, ROW_REFUSED, true);
}

static err row_granted(struct courier *c, const struct carried *e, const struct partner *p)
{
    const struct share *s = &e->share[peer_number(c, p)];
    struct row_out      r;
    struct writer      *w = row_begin(&r);
    put_id(w, &e->epoch);
    put_name(w, &p->name);
    put_u8(w, s->lane);
    put_id(w, &s->handle);
    put_u64(w, s->done);
    return row_put(c, &r, ROW_GRANTED, false);
}

err row_forget(struct courier *c, const id *epoch)
{
    struct row_out r;
    put_id(row_begin(&r), epoch);
    return row_put(c, &r, ROW_FORGET, true);
}

err row_in(struct courier *c, const struct partner *p, unsigned lane)
{
    struct row_out r;
    struct writer *w = row_begin(&r);
    put_name(w, &p->name);
    put_u8(w, (uint8_t)lane);
    put_u64(w, p->in_last[lane]);
    return row_put(c, &r, ROW_IN, false);
}

err row_handed(struct courier *c, const struct partner *p, const id *handle)
{
    struct row_out r;
    struct writer *w = row_begin(&r);
    put_name(w, &p->name);
    put_id(w, handle);
    return row_put(c, &r, ROW_HANDED, true);
}

err row_cut(struct courier *c, const struct cut *k)
{
    for (unsigned i = 0; i < c->partner_count; i++) {
        if (k->items[i] == UINT64_MAX) {
            continue;
        }
        struct row_out r;
        struct writer *w = row_begin(&r);
        put_id(w, &k->epoch);
        put_name(w, &c->partner[i].name);
        put_u64(w, k->items[i]);
        TRY(row_put(c, &r, ROW_CUT, false));
    }
    return OK;
}

err row_letters(struct courier *c, const struct partner *p)
{
    struct row_out r;
    struct writer *w = row_begin(&r);
    put_name(w, &p->name);
    put_u64(w, p->letters.handed);
    return row_put(c, &r, ROW_LETTERS, true);
}

err row_entry(struct courier *c, const struct partner *p, unsigned lane, const struct lane_entry *e,
              span grant, uint64_t *position)
{
    struct row_out r;
    struct writer *w = row_begin(&r);
    put_name(w, &p->name);
    put_u8(w, (uint8_t)lane);
    put_u64(w, e->number);
    put_u8(w, e->kind);
    put_id(w, &e->epoch);
    put_id(w, &e->handle);
    put_u8(w, e->outbox);
    put_u64(w, e->position);
    put_u64(w, e->items);
    put_u64(w, c->outbox[e->outbox].synced);
    put_u8(w, e->type);
    put_u16(w, e->count);
    MUST(!w->bad);
    const span            part[] = {writer_span(w), grant};
    struct courier_record record = {.part = part,
                                    .count = ARRAY_LEN(part),
                                    .live = e->kind == ENTRY_BATCH_LIVE,
                                    .type = ROW_ENTRY};
    return log_put(c, COURIER_LANES, &record, position);
}

/* ---- the full statement ---- */

static err state_lanes(struct courier *c, const struct partner *p)
{
    for (unsigned i = 0; i < LANE_COUNT; i++) {
        struct row_out r;
        struct writer *w = row_begin(&r);
        put_name(w, &p->name);
        put_u8(w, (uint8_t)i);
        put_u64(w, p->lane[i].last);
        put_u64(w, p->lane[i].popped);
        put_u64(w, p->in_synced[i]);
        TRY(row_put(c, &r, ROW_LANE, false));
    }
    return row_letters(c, p);
}

static err state_handles(struct courier *c, const struct partner *p)
{
    for (unsigned i = 0; i < HANDLES_MAX; i++) {
        const struct handle *h = &p->handle[i];
        if (!h->used || h->touched < c->stated_touched) {
            continue;
        }
        struct row_out r;
        struct writer *w = row_begin(&r);
        put_name(w, &p->name);
        put_id(w, &h->handle);
        put_u64(w, h->next);
        put_u8(w, h->handed);
        TRY(row_put(c, &r, ROW_HANDLE, false));
    }
    return OK;
}

static err state_epoch(struct courier *c, const struct carried *e)
{
    TRY(row_epoch(c, e));
    for (unsigned i = 0; i < c->partner_count; i++) {
        uint8_t s = e->share[i].state;
        if (s == SHARE_REFUSED) {
            TRY(row_refused(c, e, &c->partner[i]));
        }
        if (s == SHARE_GRANTED || s == SHARE_BEHIND) {
            TRY(row_granted(c, e, &c->partner[i]));
        }
    }
    return OK;
}

static err state_begin(struct courier *c, uint64_t *position)
{
    struct row_out r;
    struct writer *w = row_begin(&r);
    for (unsigned i = 0; i < OUTBOX_COUNT; i++) {
        put_u64(w, c->outbox[i].synced);
    }
    put_u64(w, c->inbox_needed);
    const span            part[] = {writer_span(w)};
    struct courier_record record = {.part = part, .count = 1, .type = ROW_STATE};
    return log_put(c, COURIER_LANES, &record, position);
}

err rows_state(struct courier *c)
{
    uint64_t began, touched = c->touched;
    TRY(state_begin(c, &began));
    for (unsigned i = 0; i < c->partner_count; i++) {
        TRY(state_lanes(c, &c->partner[i]));
        TRY(state_handles(c, &c->partner[i]));
    }
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        if (c->epoch[i].used && !c->epoch[i].ahead) {
            TRY(state_epoch(c, &c->epoch[i]));
        }
    }
    for (unsigned i = 0; i < CUTS_MAX; i++) {
        if (c->cut[i].used) {
            TRY(row_cut(c, &c->cut[i]));
        }
    }
    c->stated = began;
    c->stated_end = c->log[COURIER_LANES].end;
    c->stated_touched = touched;
    c->stated_inbox = c->inbox_needed;
    return OK;
}

/* ---- read back ---- */

static struct partner *read_partner(struct courier *c, struct reader *r)
{
    name            n = read_name(r);
    struct partner *p = peer_place(c, &n);
    r->bad = r->bad || p == NULL;
    return r->bad ? NULL : p;
}

static unsigned read_lane(struct reader *r)
{
    uint8_t lane = read_u8(r);
    r->bad = r->bad || lane >= LANE_COUNT;
    return r->bad ? 0 : lane;
}

static unsigned read_outbox(struct reader *r)
{
    uint8_t outbox = read_u8(r);
    r->bad = r->bad || outbox >= OUTBOX_COUNT;
    return r->bad ? 0 : outbox;
}

static uint64_t greater(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static void outbox_synced(struct courier *c, unsigned outbox, uint64_t synced)
{
    c->outbox[outbox].synced = greater(c->outbox[outbox].synced, synced);
}

static struct carried *fold_place(struct courier *c, const id *epoch, unsigned outbox,
                                  uint64_t first)
{
    struct carried *e = carried_find(c, epoch);
    if (e == NULL) {
        e = carried_add(c, epoch, outbox, first);
        if (e != NULL) {
            e->after = AFTER_UNKNOWN;
        }
    }
    return e;
}

struct entry_row {
    struct lane_entry entry;
    unsigned          lane;
    uint64_t          synced;
    span              grant;
};

static void entry_row_read(struct reader *r, struct entry_row *out)
{
    struct lane_entry *e = &out->entry;
    out->lane = read_lane(r);
    e->number = read_u64(r);
    e->kind = read_u8(r);
    e->epoch = read_id(r);
    e->handle = read_id(r);
    e->outbox = (uint8_t)read_outbox(r);
    e->position = read_u64(r);
    e->items = read_u64(r);
    out->synced = read_u64(r);
    e->type = read_u8(r);
    e->count = read_u16(r);
    out->grant = read_bytes(r, r->rest.len);
    r->bad = r->bad || e->number == 0 ||
             (e->kind != ENTRY_GRANT && e->kind != ENTRY_LETTER && !entry_is_batch(e));
}

static void share_fold(struct carried *e, unsigned partner, unsigned lane, const id *handle,
                       uint64_t done)
{
    struct share *s = &e->share[partner];
    s->state = SHARE_GRANTED;
    s->lane = (uint8_t)lane;
    s->handle = *handle;
    s->done = greater(s->done, done);
}

static void entry_share_fold(struct courier *c, const struct partner *p,
                             const struct entry_row *row)
{
    const struct lane_entry *in = &row->entry;
    struct carried          *e = fold_place(c, &in->epoch, in->outbox, in->position);
    if (e != NULL) {
        e->next = entry_is_batch(in) ? greater(e->next, in->items) : e->next;
        share_fold(e, peer_number(c, p), row->lane, &in->handle, in->position + entry_is_batch(in));
    }
}

static err fold_entry(struct courier *c, const struct courier_item *item, struct reader *r)
{
    struct partner  *p = read_partner(c, r);
    struct entry_row row = {0};
    entry_row_read(r, &row);
    row.entry.at = item->position;
    TRY(reader_end(r));
    struct lane_out *l = &p->lane[row.lane];
    if (row.entry.number > l->last) {
        l->last = row.entry.number;
        lane_take(l, &row.entry);
    }
    outbox_synced(c, row.entry.outbox, row.synced);
    if (row.entry.kind != ENTRY_LETTER && row.lane != LANE_AHEAD) {
        entry_share_fold(c, p, &row);
    }
    return OK;
}

static err fold_epoch(struct courier *c, const struct courier_item *item, struct reader *r)
{
    id       epoch = read_id(r);
    unsigned outbox = read_outbox(r);
    uint64_t first = read_u64(r);
    uint64_t next = read_u64(r);
    uint64_t synced = read_u64(r);
    (void)item;
    TRY(reader_end(r));
    struct carried *e = fold_place(c, &epoch, outbox, first);
    if (e != NULL) {
        e->next = greater(e->next, next);
    }
    outbox_synced(c, outbox, synced);
    return OK;
}

static err fold_refused(struct courier *c, const struct courier_item *item, struct reader *r)
{
    id              epoch = read_id(r);
    struct partner *p = read_partner(c, r);
    struct carried *e = carried_find(c, &epoch);
    (void)item;
    TRY(reader_end(r));
    if (e != NULL) {
        e->share[peer_number(c, p)].state = SHARE_REFUSED;
    }
    return OK;
}

static err fold_granted(struct courier *c, const struct courier_item *item, struct reader *r)
{
    id              epoch = read_id(r);
    struct partner *p = read_partner(c, r);
    unsigned        lane = read_lane(r);
    id              handle = read_id(r);
    uint64_t        done = read_u64(r);
    struct carried *e = carried_find(c, &epoch);
    (void)item;
    TRY(reader_end(r));
    if (e != NULL) {
        share_fold(e, peer_number(c, p), lane, &handle, done);
    }
    return OK;
}

static err fold_forget(struct courier *c, const struct courier_item *item, struct reader *r)
{
    id              epoch = read_id(r);
    struct carried *e = carried_find(c, &epoch);
    (void)item;
    TRY(reader_end(r));
    if (e != NULL) {
        carried_drop(c, e);
    }
    return OK;
}

static err fold_in(struct courier *c, const struct courier_item *item, struct reader *r)
{
    struct partner *p = read_partner(c, r);
    unsigned        lane = read_lane(r);
    uint64_t        last = read_u64(r);
    (void)item;
    TRY(reader_end(r));
    p->in_last[lane] = greater(p->in_last[lane], last);
    return OK;
}

static err fold_handed(struct courier *c, const struct courier_item *item, struct reader *r)
{
    struct partner *p = read_partner(c, r);
    id              handle = read_id(r);
    (void)item;
    TRY(reader_end(r));
    handle_place(c, p, &handle)->handed = true;
    return OK;
}

static err fold_state(struct courier *c, const struct courier_item *item, struct reader *r)
{
    for (unsigned i = 0; i < OUTBOX_COUNT; i++) {
        outbox_synced(c, i, read_u64(r));
    }
    c->inbox_needed = read_u64(r);
    c->stated = item->position;
    return reader_end(r);
}

static err fold_lane(struct courier *c, const struct courier_item *item, struct reader *r)
{
    struct partner *p = read_partner(c, r);
    unsigned        lane = read_lane(r);
    uint64_t        last = read_u64(r);
    uint64_t        acked = read_u64(r);
    uint64_t        in = read_u64(r);
    (void)item;
    TRY(reader_end(r));
    struct lane_out *l = &p->lane[lane];
    l->last = greater(l->last, last);
    p->in_last[lane] = greater(p->in_last[lane], in);
    l->popped = greater(l->popped, acked);
    lane_acked(c, l, acked);
    return OK;
}

static err fold_handle(struct courier *c, const struct courier_item *item, struct reader *r)
{
    struct partner *p = read_partner(c, r);
    id              handle = read_id(r);
    uint64_t        next = read_u64(r);
    uint8_t         handed = read_u8(r);
    (void)item;
    TRY(reader_end(r));
    struct handle *h = handle_place(c, p, &handle);
    h->next = greater(h->next, next);
    h->handed = h->handed || handed != 0;
    return OK;
}

static err fold_cut(struct courier *c, const struct courier_item *item, struct reader *r)
{
    id              epoch = read_id(r);
    struct partner *p = read_partner(c, r);
    uint64_t        items = read_u64(r);
    (void)item;
    TRY(reader_end(r));
    cut_fold(c, &epoch, peer_number(c, p), items);
    return OK;
}

static err fold_letters(struct courier *c, const struct courier_item *item, struct reader *r)
{
    struct partner *p = read_partner(c, r);
    uint64_t        handed = read_u64(r);
    (void)item;
    TRY(reader_end(r));
    p->letters.handed = greater(p->letters.handed, handed);
    return OK;
}

typedef err row_folder(struct courier *c, const struct courier_item *item, struct reader *r);

err row_fold(struct courier *c, const struct courier_item *item)
{
    static row_folder *const folder[ROW_END] = {
        [ROW_ENTRY] = fold_entry,     [ROW_EPOCH] = fold_epoch,     [ROW_REFUSED] = fold_refused,
        [ROW_GRANTED] = fold_granted, [ROW_FORGET] = fold_forget,   [ROW_IN] = fold_in,
        [ROW_HANDED] = fold_handed,   [ROW_STATE] = fold_state,     [ROW_LANE] = fold_lane,
        [ROW_HANDLE] = fold_handle,   [ROW_LETTERS] = fold_letters, [ROW_CUT] = fold_cut,
    };
    struct reader r = reader_of(item->body);
    if (item->type >= ROW_END || folder[item->type] == NULL) {
        return FAIL(MALFORMED, "the lanes hold a record that this courier cannot have written");
    }
    return folder[item->type](c, item, &r);
}

bool row_entry_read(const struct courier_item *item, const struct partner *p, unsigned lane,
                    struct lane_entry *out, span *grant)
{
    struct reader    r = reader_of(item->body);
    struct entry_row row = {0};
    name             n = item->type == ROW_ENTRY ? read_name(&r) : (name){0};
    if (item->type != ROW_ENTRY || !name_equal(&n, &p->name)) {
        return false;
    }
    entry_row_read(&r, &row);
    row.entry.at = item->position;
    *out = row.entry;
    *grant = row.grant;
    return !r.bad && row.lane == lane;
}
