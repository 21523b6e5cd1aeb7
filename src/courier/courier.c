/* SPDX-License-Identifier: Apache-2.0 */
#include "courier/state.h"

size_t courier_size(void)
{
    return sizeof(struct courier);
}

void courier_init(struct courier *c, const struct courier_port *port, struct random_source random,
                  instant start, int64_t boot_ms)
{
    c->port = *port;
    c->random = random;
    c->start = start;
    random_fill(random, &c->run, sizeof c->run);
    c->now = boot_ms;
    c->epochs = (struct index){.heads = c->epoch_heads,
                               .next = c->epoch_next,
                               .heads_count = ARRAY_LEN(c->epoch_heads),
                               .table = (const uint8_t *)c->epoch,
                               .stride = sizeof c->epoch[0]};
    random_fill(random, &c->epochs.seed, sizeof c->epochs.seed);
    cuts_init(c);
    for (unsigned i = 0; i < OUTBOX_COUNT; i++) {
        c->outbox[i].again = AGAIN_NOWHERE;
    }
}

/* ---- the start ---- */

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

typedef err folder(struct courier *c, const struct courier_item *item);

static err fold_all(struct courier *c, enum courier_reader reader, uint64_t from,
                    enum courier_log log, folder *fold)
{
    struct courier_item item;
    struct written     *w = &c->log[log];
    bool                more = true;
    uint64_t            at = from;
    for (;;) {
        err e = c->port.read(c->port.ctx, reader, at, &item, &more);
        if (e.code == ERR_UNKNOWN && at != 0) {
            at = 0;
            continue;
        }
        TRY(e);
        if (!more) {
            return OK;
        }
        TRY(fold(c, &item));
        w->end = w->flushed = item.position + 1;
        at = item.next;
    }
}

/* Where to go back to: the last batch that is in the lane, as a record begins there, but not past what
 * is known to be on the medium. */
static uint64_t again_from(const struct outbox *o, const struct carried *e, const struct share *s)
{
    uint64_t last = s->done > e->first ? s->done - 1 : e->first;
    return least(last, o->at);
}

/* A grant's batches may have been on their way into its lane when the last run ended.  What a power cut
 * took from the inbox comes again, and others may come to lie there. */
static void shares_restore(struct courier *c, struct carried *e)
{
    struct outbox *o = &c->outbox[e->outbox];
    uint64_t       lost_from = e->outbox == OUTBOX_INBOX ? c->log[COURIER_INBOX].end : UINT64_MAX;
    for (unsigned i = 0; i < c->partner_count; i++) {
        struct share *s = &e->share[i];
        if (s->state == SHARE_GRANTED) {
            s->state = SHARE_BEHIND;
            s->done = least(s->done, lost_from);
            o->again = least(o->again, again_from(o, e, s));
        }
    }
    e->seen_ms = c->now;
}

err courier_restore(struct courier *c)
{
    c->log[COURIER_LANES].synced = UINT64_MAX; /* all that can be read back is on the medium */
    TRY(fold_all(c, READER_LANES, 0, COURIER_LANES, row_fold));
    c->log[COURIER_LANES].synced = c->log[COURIER_LANES].end;
    TRY(fold_all(c, READER_INBOX, c->inbox_needed, COURIER_INBOX, inbox_fold));
    c->log[COURIER_INBOX].synced = c->log[COURIER_INBOX].end;
    for (unsigned i = 0; i < OUTBOX_COUNT; i++) {
        c->outbox[i].at = i == OUTBOX_INBOX ? c->inbox_at : c->outbox[i].synced;
    }
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        if (c->epoch[i].used) {
            shares_restore(c, &c->epoch[i]);
        }
    }
    for (unsigned i = 0; i < c->partner_count; i++) {
        memcpy(c->partner[i].in_synced, c->partner[i].in_last, sizeof c->partner[i].in_last);
    }
    c->stated_end = c->stated_inbox = 0;
    lines_anew(c);
    return OK;
}

/* ---- the guard ---- */

static void plain_ask(struct courier *c, enum guard_request kind, span body)
{
    uint8_t       bytes[64];
    struct writer w = WRITER_OF(bytes);
    guard_message_begin(&w, (uint8_t)kind, TAG_MINE);
    put_span(&w, body);
    err e = c->port.ask(c->port.ctx, writer_span(&w));
    (void)e; /* the channel is new and empty; if it breaks, there will be another */
}

void courier_guard_new(struct courier *c)
{
    static const uint8_t no_key[32];
    c->partners_known = false;
    plain_ask(c, REQUEST_GREET, SPAN_OF(no_key));
    plain_ask(c, REQUEST_PARTNERS, (span){0});
    arrivals_again(c);
    halts_again(c);
    for (unsigned i = 0; i < c->partner_count; i++) {
        c->partner[i].notice_due = c->partner[i].notice_len > 0;
        c->partner[i].letters.in.len = 0; /* it is of the time of another guard */
    }
    asks_again(c);
}

static void on_notice(struct courier *c, const struct guard_message *m)
{
    struct reader r = reader_of(m->body);
    span          notice = read_block16(&r, NOTICE_MAX);
    if (err_is(reader_end(&r)) || notice.len == 0) {
        return;
    }
    memcpy(c->notice, notice.ptr, notice.len);
    c->notice_len = notice.len;
    for (unsigned i = 0; i < c->partner_count; i++) {
        for (unsigned k = 0; k < PATH_COUNT; k++) {
            c->partner[i].link[0][k].notice_due = c->partner[i].link[1][k].notice_due = true;
        }
    }
}

static void on_partner(struct courier *c, const struct guard_message *m)
{
    struct reader      r = reader_of(m->body);
    struct partner_row row = {0};
    partner_row_read(&r, &row);
    if (err_is(reader_end(&r)) || row.authority.len > CERT_MAX) {
        return;
    }
    if (row.name.text[0] == 0) {
        c->partners_known = true;
        return;
    }
    struct partner *p = peer_place(c, &row.name);
    if (p == NULL) {
        c->port.note(c->port.ctx, "there is no room for another partner", &row.name);
        return;
    }
    memcpy(p->authority, row.authority.ptr, row.authority.len);
    p->row = row;
    p->row.authority = (span){p->authority, row.authority.len};
    p->told = true;
}

static void on_error(struct courier *c, const struct guard_message *m)
{
    struct reader r = reader_of(m->body);
    enum err_code code = (enum err_code)read_u8(&r);
    if (m->tag - TAG_RELEASE < EPOCHS_MAX) {
        release_failed(c, m->tag - TAG_RELEASE, code);
    } else if (m->tag - TAG_RECEIVE < ARRIVALS_MAX) {
        arrival_failed(c, m->tag - TAG_RECEIVE, code);
    } else if (m->tag == TAG_MINE) {
        c->port.note(c->port.ctx, "the guard refused a partner's day key or a greeting", NULL);
    }
}

typedef void answer_handler(struct courier *c, const struct guard_message *m);

void courier_guard(struct courier *c, int64_t boot_ms, span message)
{
    static answer_handler *const handler[] = {
        [ANSWER_ERROR] = on_error,       [ANSWER_GRANTED] = on_granted,
        [ANSWER_WITHHELD] = on_withheld, [ANSWER_RECEIVED] = on_received,
        [ANSWER_PARTNER] = on_partner,   [ANSWER_NOTICE] = on_notice,
        [ANSWER_LETTER] = on_letter,     [ANSWER_HALT] = on_halt,
        [ANSWER_CUT] = on_cut,           [ANSWER_HEARD] = on_heard,
        [ANSWER_AHEAD] = on_ahead,       [ANSWER_AGAIN] = on_again,
    };
    struct guard_message m;
    c->now = boot_ms;
    if (!err_is(guard_message_read(message, &m)) && m.kind < ARRAY_LEN(handler) &&
        handler[m.kind] != NULL) {
        handler[m.kind](c, &m);
    }
}

/* ---- every second: what may be forgotten, and until where the logs are needed ---- */

static uint64_t lane_needs(const struct lane_out *l, unsigned outbox)
{
    uint64_t low = l->behind ? l->low[outbox] : UINT64_MAX;
    for (uint32_t i = 0; i < l->count; i++) {
        const struct lane_entry *e = &l->ring[(l->head + i) % RING_MAX];
        if (entry_is_batch(e) && e->outbox == outbox) {
            low = least(low, e->position);
        }
    }
    return low;
}

static void outbox_done(struct courier *c, unsigned outbox)
{
    struct outbox *o = &c->outbox[outbox];
    uint64_t       low = least(o->at, o->again);
    low = outbox == OUTBOX_INBOX ? low : least(low, o->synced);
    for (unsigned i = 0; i < c->partner_count; i++) {
        for (unsigned lane = 0; lane < LANE_COUNT; lane++) {
            low = least(low, lane_needs(&c->partner[i].lane[lane], outbox));
        }
    }
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        const struct carried *e = &c->epoch[i];
        if (e->used && e->outbox == outbox && carried_holds(c, e)) {
            low = least(low, e->first);
        }
    }
    if (low > o->done) {
        o->done = low;
        if (outbox != OUTBOX_INBOX) {
            c->port.done(c->port.ctx, READER_FOLLOW + outbox, low);
        }
    }
}

static uint64_t inbox_needs(const struct courier *c)
{
    uint64_t low = c->arrivals_beyond != 0 ? c->arrivals_beyond : c->inbox_at;
    for (unsigned i = 0; i < ARRIVALS_MAX; i++) {
        if (c->arrival[i].used) {
            low = least(low, c->arrival[i].position);
        }
    }
    for (unsigned i = 0; i < c->partner_count; i++) {
        low = least(low, letters_need(&c->partner[i]));
    }
    return low;
}

static void lanes_done(struct courier *c)
{
    uint64_t low = c->stated;
    if (c->stated_end == 0 || c->stated_end > c->log[COURIER_LANES].synced) {
        return;
    }
    for (unsigned i = 0; i < c->partner_count; i++) {
        for (unsigned lane = 0; lane < LANE_COUNT; lane++) {
            const struct lane_out *l = &c->partner[i].lane[lane];
            low = l->count > 0 ? least(low, l->ring[l->head].at) : low;
            low = l->count == 0 && l->behind ? least(low, l->beyond) : low;
        }
    }
    if (low > c->lanes_done) {
        c->lanes_done = low;
        c->port.done(c->port.ctx, READER_LANES, low);
    }
    uint64_t inbox = least(c->stated_inbox, c->outbox[OUTBOX_INBOX].done);
    if (inbox > c->inbox_done) {
        c->inbox_done = inbox;
        c->port.done(c->port.ctx, READER_INBOX, c->inbox_done);
    }
}

/* A statement is of what is synced: it is made when nothing of the inbox waits. */
static err statement(struct courier *c)
{
    const struct written *in = &c->log[COURIER_INBOX];
    bool                  due = c->log[COURIER_LANES].end > c->stated + STATE_EVERY;
    if (!due || in->synced != in->end) {
        return OK;
    }
    c->inbox_needed = inbox_needs(c);
    err e = rows_state(c);
    return e.code == ERR_FULL ? OK : e;
}

static err housekeeping(struct courier *c)
{
    if (c->now < c->housekeeping_ms) {
        return OK;
    }
    c->housekeeping_ms = c->now + HOUSEKEEPING_MS;
    carried_forget_idle(c);
    for (unsigned i = 0; i < OUTBOX_COUNT; i++) {
        outbox_done(c, i);
    }
    lanes_done(c);
    return statement(c);
}

/* ---- the turn ---- */

static int64_t next_due(const struct courier *c)
{
    int64_t next = c->housekeeping_ms < letters_next(c) ? c->housekeeping_ms : letters_next(c);
    for (unsigned i = 0; i < COURIER_LOGS; i++) {
        bool waits =
            c->log[i].dirty_ms != 0 && c->log[i].going == 0 && c->log[i].dirty_ms + SYNC_MS < next;
        next = waits ? c->log[i].dirty_ms + SYNC_MS : next;
    }
    for (unsigned i = 0; i < c->partner_count; i++) {
        int64_t dial = links_dial_ms(c, &c->partner[i]);
        next = dial < next ? dial : next;
    }
    return c->more ? c->now : next;
}

static err turn(struct courier *c)
{
    TRY(outboxes_turn(c));
    halts_turn(c);
    TRY(lanes_refill(c));
    TRY(commit_turn(c));
    letters_turn(c);
    arrivals_turn(c);
    asks_turn(c);
    links_turn(c);
    return housekeeping(c);
}

err courier_turn(struct courier *c, int64_t boot_ms, int64_t *next_ms)
{
    c->now = boot_ms;
    c->more = false;
    err e = failed(c) ? c->failed : turn(c);
    c->failed = failed(c) ? c->failed : e;
    *next_ms = next_due(c);
    return c->failed;
}
