/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of the guard and said to it, and what it answers. */
#include "check/state.h"

/* TAG_INSPECT - and the place of the epoch, so that an error finds it; TAG_SAID - the same of what was said */
#define TAG_MINE    1u
#define TAG_LEASE   2u
#define TAG_INSPECT 1024u
#define TAG_SAID    (TAG_INSPECT + EPOCHS_MAX)

static err tell(struct check *c, struct writer *w)
{
    MUST(!w->bad);
    return c->port.ask(c->port.ctx, writer_span(w));
}

void ask_for(struct check *c, struct watched *w)
{
    uint8_t       bytes[32];
    struct writer out = WRITER_OF(bytes);
    guard_message_begin(&out, REQUEST_INSPECT, TAG_INSPECT + (uint32_t)(w - c->watched));
    put_id(&out, &w->epoch);
    w->asked_ms = c->now;
    w->unsent = err_is(tell(c, &out));
}

static void put_fault(struct writer *w, enum inspect_fault f)
{
    name word;
    err  e = name_of(span_text(inspect_fault_name(f)), &word);
    MUST(!err_is(e));
    put_name(w, &word);
}

void say_of(struct check *c, struct watched *w, uint8_t what)
{
    uint8_t       bytes[96];
    struct writer out = WRITER_OF(bytes);
    guard_message_begin(&out, what, TAG_SAID + (uint32_t)(w - c->watched));
    put_id(&out, &w->epoch);
    if (what == REQUEST_STOPPED) {
        put_u64(&out, w->item);
        put_fault(&out, w->fault);
    }
    w->say = what;
    w->asked_ms = c->now;
    w->unsent = err_is(tell(c, &out));
}

/* ---- the lease ---- */

void lease_turn(struct check *c)
{
    uint8_t       bytes[8];
    struct writer out = WRITER_OF(bytes);
    if (!c->lease_due && c->now - c->lease_asked_ms < LEASE_ASK_MS) {
        return;
    }
    guard_message_begin(&out, REQUEST_LEASE, TAG_LEASE);
    c->lease_due = err_is(tell(c, &out));
    c->lease_asked_ms = c->now;
}

bool lease_good(const struct check *c)
{
    return c->now < c->lease_until_ms;
}

static void on_lease(struct check *c, const struct guard_message *m)
{
    struct reader r = reader_of(m->body);
    uint32_t      lease_ms = read_u32(&r);
    if (!err_is(reader_end(&r)) && m->tag == TAG_LEASE) {
        c->lease_until_ms = c->now + lease_ms;
    }
}

/* ---- what an epoch must be ---- */

/* One for each source and recipient, over their epochs; a place that served longest ago makes room. */
static struct pace_seen *pace_for(struct check *c, const struct inspect_row *r)
{
    struct pace_of *best = &c->pace[0];
    for (unsigned i = 0; i < PACES_MAX; i++) {
        struct pace_of *p = &c->pace[i];
        bool            same = p->used && p->source == r->source && p->every_ms == r->every_ms &&
                    bytes_equal_secretly(p->mark.key, r->mark.key, SECRET_LEN);
        if (same) {
            p->used_ms = c->now;
            return &p->seen;
        }
        best = !best->used || (p->used && p->used_ms >= best->used_ms) ? best : p;
    }
    memset(best, 0, sizeof *best);
    best->used = true;
    best->source = r->source;
    best->every_ms = r->every_ms;
    best->mark = r->mark;
    best->used_ms = c->now;
    return &best->seen;
}

/* What was passed before this start need not begin with the first item, but it is read again from where it did. */
static void on_inspect(struct check *c, const struct guard_message *m)
{
    struct reader      r = reader_of(m->body);
    struct inspect_row row;
    inspect_row_read(&r, &row);
    struct watched *w = err_is(reader_end(&r)) ? NULL : watched_find(c, &row.epoch);
    if (w != NULL && w->state == WATCHED_ASKED) {
        struct pace_seen *pace = row.derived && row.every_ms != 0 ? pace_for(c, &row) : NULL;
        err               e = inspect_begin(&w->looked, &row, w->next, pace);
        w->state = err_is(e) ? WATCHED_REFUSED : WATCHED_OPEN;
        if (err_is(e)) {
            w->unknown = true;
            const struct check_note n = {
                .sentence = "what the guard says of an epoch cannot be: nothing of it leaves",
                .outbox = w->outbox,
                .epoch = &w->epoch,
                .because = e.why};
            c->port.note(c->port.ctx, &n);
        }
    }
    bytes_wipe(&row, sizeof row);
}

/* Of what began it is asked at once what it must be, so that its first record does not wait. */
static void on_ahead(struct check *c, const struct guard_message *m)
{
    struct reader r = reader_of(m->body);
    id            epoch = read_id(&r);
    if (!err_is(reader_end(&r)) && watched_find(c, &epoch) == NULL) {
        (void)watched_begin(c, &epoch, OUTBOX_INTAKE);
    }
}

static void on_heeded(struct check *c, const struct guard_message *m)
{
    struct reader   r = reader_of(m->body);
    id              epoch = read_id(&r);
    struct watched *w = err_is(reader_end(&r)) ? NULL : watched_find(c, &epoch);
    if (w != NULL && w->say == REQUEST_WHOLE) {
        watched_end(c, w); /* what comes under it all the same is more than all of it */
    } else if (w != NULL) {
        w->say = 0;
    }
}

/* A guard that will not say what an epoch must be has a reason that stays, or is asked again. */
static void on_error(struct check *c, const struct guard_message *m)
{
    struct reader r = reader_of(m->body);
    unsigned      code = read_u8(&r);
    bool          final = code == ERR_UNKNOWN || code == ERR_DENIED || code == ERR_STATE ||
                 code == ERR_MALFORMED || code == ERR_FORGED;
    struct watched *asked =
        m->tag - TAG_INSPECT < EPOCHS_MAX ? &c->watched[m->tag - TAG_INSPECT] : NULL;
    struct watched *said = m->tag - TAG_SAID < EPOCHS_MAX ? &c->watched[m->tag - TAG_SAID] : NULL;
    if (asked != NULL && asked->state == WATCHED_ASKED && final) {
        asked->state = WATCHED_REFUSED;
        asked->unknown = true;
    }
    if (said != NULL && said->say != 0 && final) {
        said->say = 0; /* its key is gone: it is given to nobody */
    }
}

typedef void answer_handler(struct check *c, const struct guard_message *m);

void check_guard(struct check *c, int64_t boot_ms, span message)
{
    static answer_handler *const handler[] = {
        [ANSWER_ERROR] = on_error,     [ANSWER_LEASE] = on_lease,   [ANSWER_AHEAD] = on_ahead,
        [ANSWER_INSPECT] = on_inspect, [ANSWER_HEEDED] = on_heeded,
    };
    struct guard_message m;
    c->now = boot_ms;
    if (!err_is(guard_message_read(message, &m)) && m.kind < ARRAY_LEN(handler) &&
        handler[m.kind] != NULL) {
        handler[m.kind](c, &m);
    }
}

void check_guard_new(struct check *c)
{
    static const uint8_t none[32];
    uint8_t              bytes[64];
    struct writer        out = WRITER_OF(bytes);
    guard_message_begin(&out, REQUEST_GREET, TAG_MINE);
    put_span(&out, SPAN_OF(none));
    err e = tell(c, &out);
    (void)e; /* the guard needs nothing of it */
    c->lease_due = true;
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        c->watched[i].unsent = true;
    }
}
