/* SPDX-License-Identifier: Apache-2.0 */
/* Entries that come in go to the inbox; of their grants the guard is told once they are synced. */
#include "courier/state.h"
#include "wire/inbox.h"

/* ---- handles ---- */

static unsigned handle_free(struct partner *p)
{
    unsigned oldest = 0;
    for (unsigned i = 0; i < HANDLES_MAX; i++) {
        if (!p->handle[i].used) {
            return i;
        }
        oldest = p->handle[i].touched < p->handle[oldest].touched ? i : oldest;
    }
    index_remove(&p->handles, oldest);
    return oldest;
}

struct handle *handle_place(struct courier *c, struct partner *p, const id *handle)
{
    unsigned place = index_find(&p->handles, handle);
    if (place == INDEX_NONE) {
        place = handle_free(p);
        p->handle[place] = (struct handle){.handle = *handle, .used = true};
        index_add(&p->handles, place);
    }
    p->handle[place].touched = ++c->touched;
    return &p->handle[place];
}

/* ---- arrivals ---- */

static void arrival_add(struct courier *c, const struct partner *p, const struct inbox_record *i,
                        const id *handle, uint64_t position)
{
    for (unsigned k = 0; c->arrivals_beyond == 0 && k < ARRIVALS_MAX; k++) {
        struct arrival *a = &c->arrival[k];
        if (!a->used) {
            *a = (struct arrival){.handle = *handle,
                                  .position = position,
                                  .partner = (uint8_t)peer_number(c, p),
                                  .lane = i->lane,
                                  .used = true};
            c->arrival_count++;
            return;
        }
    }
    c->arrivals_beyond = c->arrivals_beyond == 0 ? position : c->arrivals_beyond;
}

/* A grant that comes now is handed over, whatever the guard said of an earlier one under its handle. */
static void grant_is_new(struct courier *c, struct partner *p, const struct inbox_record *i)
{
    struct reader r = reader_of(i->body);
    id            handle = read_id(&r);
    handle_place(c, p, &handle)->handed = false;
}

/* Should what was left out come after all, it has come. */
static void left_kept(struct courier *c, struct partner *p, span body)
{
    struct left left = {0};
    err         none = left_read(body, &left);
    for (unsigned i = 0; !err_is(none) && i < left.count; i++) {
        struct handle *h = handle_place(c, p, &left.row[i].handle);
        h->next = left.row[i].next > h->next ? left.row[i].next : h->next;
    }
}

/* What the inbox holds of an entry, whether it came now or is read back. */
static void entry_kept(struct courier *c, struct partner *p, const struct inbox_record *i,
                       uint64_t position)
{
    if (i->kind == ENTRY_LETTER) {
        letter_kept(c, p, i->number, position);
        return;
    }
    if (i->kind == ENTRY_LEFT) {
        left_kept(c, p, i->body);
        return;
    }
    struct reader  r = reader_of(i->body);
    id             handle = read_id(&r);
    struct handle *h = handle_place(c, p, &handle);
    if (i->kind == ENTRY_GRANT) {
        if (!h->handed) {
            arrival_add(c, p, i, &handle, position);
        }
        return;
    }
    uint64_t first = read_u64(&r);
    h->next = first + read_u16(&r);
}

/* ---- entries ---- */

struct coming {
    struct entry_head head;
    uint64_t          first; /* of a gap */
    bool              repeat;
};

static err grant_come(struct courier *c, struct partner *p, struct coming *m)
{
    (void)c;
    (void)p;
    bool sound = m->head.body.len > ID_LEN && m->head.body.len <= ID_LEN + GRANT_MAX;
    return sound ? OK : FAIL(MALFORMED, "the partner's grant is too short or too long");
}

/* A partner that lost the end of its lanes puts the same batches in again under new numbers. */
static err batch_come(struct courier *c, struct partner *p, struct coming *m)
{
    struct batch b;
    TRY(batch_read(m->head.body, &b));
    m->repeat = b.first < handle_place(c, p, &b.handle)->next;
    return OK;
}

static err letter_come(struct courier *c, struct partner *p, struct coming *m)
{
    bool sound = m->head.body.len > 0 && m->head.body.len <= ENVELOPE_MAX;
    (void)c;
    (void)p;
    if (m->head.lane != LANE_CONTROL) {
        return FAIL(MALFORMED, "the partner's letter is in a lane for other things");
    }
    return sound ? OK : FAIL(MALFORMED, "the partner's letter is empty or too long");
}

static err gap_come(struct courier *c, struct partner *p, struct coming *m)
{
    struct reader r = reader_of(m->head.body);
    (void)c;
    (void)p;
    m->first = read_u64(&r);
    TRY(reader_end(&r));
    bool sound = m->first > 0 && m->first <= m->head.number;
    return sound ? OK : FAIL(MALFORMED, "the partner's gap ends before it begins");
}

static err left_come(struct courier *c, struct partner *p, struct coming *m)
{
    struct left left = {0};
    (void)c;
    (void)p;
    TRY(left_read(m->head.body, &left));
    m->first = left.first;
    return m->first <= m->head.number
               ? OK
               : FAIL(MALFORMED, "the partner left out what ends before it begins");
}

typedef err entry_check(struct courier *c, struct partner *p, struct coming *m);

static entry_check *const check_of[] = {
    [ENTRY_GRANT] = grant_come, [ENTRY_BATCH] = batch_come,   [ENTRY_BATCH_LIVE] = batch_come,
    [ENTRY_GAP] = gap_come,     [ENTRY_LETTER] = letter_come, [ENTRY_LEFT] = left_come,
};

static err inbox_put(struct courier *c, struct partner *p, const struct coming *m)
{
    bool                live = m->head.kind == ENTRY_BATCH_LIVE;
    uint8_t             head[INBOX_HEAD_MAX];
    uint64_t            position;
    struct writer       w = WRITER_OF(head);
    struct inbox_record i = {.partner = p->name,
                             .lane = m->head.lane,
                             .number = m->head.number,
                             .kind = live ? ENTRY_BATCH : m->head.kind,
                             .body = m->head.body};
    inbox_head_put(&w, &i);
    const span            part[] = {writer_span(&w), m->head.body};
    struct courier_record record = {
        .part = part, .count = ARRAY_LEN(part), .live = live || m->head.kind == ENTRY_LEFT};
    TRY(log_put(c, COURIER_INBOX, &record, &position));
    c->inbox_at = position;
    if (i.kind == ENTRY_GRANT) {
        grant_is_new(c, p, &i);
    }
    entry_kept(c, p, &i, position);
    return OK;
}

/* Numbers that hold nothing for the inbox are kept in the lanes.  After a power cut they must not say
 * that entries before them came which the inbox then lacks. */
static err number_put(struct courier *c, struct partner *p, const struct coming *m)
{
    uint64_t *last = &p->in_last[m->head.lane], before = *last;
    TRY(commit_inbox(c));
    *last = m->head.number;
    err e = row_in(c, p, m->head.lane);
    *last = err_is(e) ? before : *last;
    return e;
}

err entry_come(struct courier *c, struct partner *p, const struct entry_head *e)
{
    struct coming m = {.head = *e, .first = e->number};
    uint64_t      last = p->in_last[e->lane];
    if (e->number <= last) {
        p->count.repeated++;
        return OK;
    }
    TRY(check_of[e->kind](c, p, &m));
    if (m.first - 1 > last) {
        return FAIL(MALFORMED, "the partner left out entries of a lane");
    }
    bool nothing = e->kind == ENTRY_GAP || m.repeat;
    TRY(nothing ? number_put(c, p, &m) : inbox_put(c, p, &m));
    p->in_last[e->lane] = e->number;
    p->count.received += !nothing;
    p->count.repeated += m.repeat;
    return OK;
}

err inbox_fold(struct courier *c, const struct courier_item *item)
{
    struct inbox_record i;
    TRY(inbox_record_read(item->body, &i));
    struct partner *p = peer_place(c, &i.partner);
    if (p == NULL) {
        return FAIL(MALFORMED, "the inbox holds entries of more partners than there can be");
    }
    c->inbox_at = item->position;
    p->in_last[i.lane] = i.number > p->in_last[i.lane] ? i.number : p->in_last[i.lane];
    entry_kept(c, p, &i, item->position);
    return OK;
}

/* ---- the guard is told ---- */

static err receive_ask(struct courier *c, const struct arrival *a, span body)
{
    struct writer w = WRITER_OF(c->message);
    guard_message_begin(&w, REQUEST_RECEIVE, TAG_RECEIVE + (uint32_t)(a - c->arrival));
    put_name(&w, &c->partner[a->partner].name);
    put_id(&w, &a->handle);
    put_block16(&w, (span){body.ptr + ID_LEN, body.len - ID_LEN});
    MUST(!w.bad);
    return c->port.ask(c->port.ctx, writer_span(&w));
}

static void arrival_drop(struct courier *c, struct arrival *a)
{
    a->used = false;
    c->arrival_count--;
}

/* Its bytes are read back: what waits for the guard needs no memory for them.  Can the next be asked? */
static bool arrival_ask(struct courier *c, struct arrival *a)
{
    struct courier_item item;
    struct inbox_record i;
    bool                more = false;
    err                 e = c->port.read(c->port.ctx, READER_INBOX, a->position, &item, &more);
    if (!err_is(e) && !more) {
        return false;
    }
    if (err_is(e) || item.position != a->position || err_is(inbox_record_read(item.body, &i))) {
        c->port.note(c->port.ctx, "a grant in the inbox is damaged", &c->partner[a->partner].name);
        arrival_drop(c, a);
        return true;
    }
    a->asked = !err_is(receive_ask(c, a, i.body));
    return a->asked;
}

/* Does the guard have some of that lane, or want them again later?  Then those behind wait too. */
static bool lane_waits(const struct courier *c, unsigned partner, unsigned lane)
{
    bool waits = false;
    for (unsigned i = 0; i < ARRIVALS_MAX && !waits; i++) {
        const struct arrival *a = &c->arrival[i];
        bool                  one = a->used && a->partner == partner && a->lane == lane;
        waits = one && (a->asked || a->ask_ms > c->now);
    }
    return waits;
}

static struct arrival *arrival_first(struct courier *c, unsigned partner, unsigned lane)
{
    struct arrival *first = NULL;
    for (unsigned i = 0; i < ARRIVALS_MAX; i++) {
        struct arrival *a = &c->arrival[i];
        bool            one = a->used && a->partner == partner && a->lane == lane && !a->asked;
        if (one && a->position < c->log[COURIER_INBOX].synced &&
            (first == NULL || a->position < first->position)) {
            first = a;
        }
    }
    return first;
}

/* Readers see epochs in the order in which the guard takes them: so it is asked in theirs, for all that
 * there are of a lane at once, and for the next when it has answered. */
static void lane_ask(struct courier *c, unsigned partner, unsigned lane)
{
    struct arrival *a = lane_waits(c, partner, lane) ? NULL : arrival_first(c, partner, lane);
    while (a != NULL && arrival_ask(c, a)) {
        a = arrival_first(c, partner, lane);
    }
}

/* Grants that found no place are looked for in the inbox once there is one. */
static void arrivals_refill(struct courier *c)
{
    struct courier_item item;
    struct inbox_record i;
    bool                more = true;
    for (unsigned n = 0; n < TURN_RECORDS && c->arrivals_beyond != 0; n++) {
        uint64_t at = c->arrivals_beyond;
        err      e = c->port.read(c->port.ctx, READER_INBOX, at, &item, &more);
        if (err_is(e) || !more || c->arrival_count == ARRIVALS_MAX) {
            return;
        }
        c->arrivals_beyond = 0;
        bool            grant = !err_is(inbox_record_read(item.body, &i)) && i.kind == ENTRY_GRANT;
        struct partner *p = grant ? peer_find(c, &i.partner) : NULL;
        if (p != NULL) {
            entry_kept(c, p, &i, item.position);
        }
        c->arrivals_beyond = item.position < c->inbox_at ? item.next : 0;
        c->more = true;
    }
}

void arrivals_turn(struct courier *c)
{
    if (c->arrivals_beyond != 0 && c->arrival_count < ARRIVALS_MAX / 2) {
        arrivals_refill(c);
    }
    bool any = c->arrival_count > 0 && c->partners_known;
    for (unsigned i = 0; any && i < c->partner_count; i++) {
        for (unsigned lane = 0; lane < LANE_COUNT; lane++) {
            lane_ask(c, i, lane);
        }
    }
}

void arrivals_again(struct courier *c)
{
    for (unsigned i = 0; i < ARRIVALS_MAX; i++) {
        c->arrival[i].asked = false;
        c->arrival[i].ask_ms = 0;
    }
}

static void arrival_judged(struct courier *c, struct arrival *a)
{
    struct partner *p = &c->partner[a->partner];
    handle_place(c, p, &a->handle)->handed = true;
    err full = row_handed(c, p, &a->handle);
    (void)full; /* else the next start hands it over once more, which changes nothing */
    arrival_drop(c, a);
}

static void arrival_later(struct courier *c, struct arrival *a)
{
    a->asked = false;
    a->ask_ms = c->now + ASK_AGAIN_MS;
}

/* A refusal is on the guard's record; to the courier it is as good as a yes. */
static void arrival_said(struct courier *c, struct arrival *a, uint8_t said)
{
    if (said == RECEIVED_NOT_YET) {
        arrival_later(c, a);
        return;
    }
    if (said == RECEIVED_RELAYED) {
        (void)carried_place(c, &a->handle, OUTBOX_INBOX, a->position);
    }
    arrival_judged(c, a);
}

void on_received(struct courier *c, const struct guard_message *m)
{
    struct reader r = reader_of(m->body);
    id            handle = read_id(&r);
    uint8_t       said = read_u8(&r);
    uint32_t      place = m->tag - TAG_RECEIVE;
    if (err_is(reader_end(&r)) || place >= ARRIVALS_MAX) {
        return;
    }
    struct arrival *a = &c->arrival[place];
    if (a->used && a->asked && id_equal(&a->handle, &handle)) {
        arrival_said(c, a, said);
    }
}

void arrival_failed(struct courier *c, unsigned place, enum err_code code)
{
    struct arrival *a = &c->arrival[place];
    bool            final = code == ERR_UNKNOWN || code == ERR_DENIED || code == ERR_MALFORMED;
    if (a->used && a->asked && final) {
        arrival_judged(c, a);
    } else if (a->used) {
        arrival_later(c, a);
    }
}
