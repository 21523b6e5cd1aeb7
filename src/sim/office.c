/* SPDX-License-Identifier: Apache-2.0 */
/* The desk's machine: what it wants done, and what comes to it from its logs. */
#include "sim/cast.h"
#include "sim/grow.h"
#include "sim/liar.h"
#include "wire/inbox.h"
#include "wire/told.h"

/* So long a sync takes, at most */
#define SYNC_US (8 * 1000)

/* shown_to - whom the reports of one event are for */
struct shown_to {
    struct gateway     *gateway;
    const struct asker *to;
    size_t              count;
};

/* ---- the port ---- */

/* The oracles are tested: a key for one session is asked for under another's number, to whom it was opened. */
static void session_swap(struct gateway *g, uint8_t *message)
{
    struct world *w = g->world;
    struct reader r = reader_of((span){message + 5, 8 + ID_LEN});
    uint64_t      asked = read_u64(&r), other = 0;
    id            handle = read_id(&r);
    bool          stranger = false;
    name          reader;
    MUST(!err_is(name_of(span_text(player_name[PLAYER_READER]), &reader)));
    for (size_t i = 0; i < w->cast->task_count; i++) {
        const struct task *t = w->cast->task[i];
        if (t->gateway == g && t->active && t->kind == TASK_WATCH) {
            other = t->role == PLAYER_READER ? t->session : other;
            stranger = stranger || (t->session == asked && !may_watch(t->role));
        }
    }
    if (stranger && other != 0 && oracle_find(g, LEAF_OPENED, &handle, &reader) != NULL &&
        fault_now(w, FAULT_SESSION)) {
        struct writer out = writer_of(message + 5, 8);
        put_u64(&out, other);
    }
}

static err office_ask(void *ctx, span message)
{
    static uint8_t  copy[GUARD_MESSAGE_MAX];
    struct gateway *g = ctx;
    MUST(message.len <= sizeof copy);
    memcpy(copy, message.ptr, message.len);
    oracle_asked(g, message);
    if (copy[0] == REQUEST_OPEN && g->world->plan.fault == FAULT_SESSION) {
        session_swap(g, copy);
    }
    return channel_ask(g, PROCESS_DESK, (span){copy, message.len});
}

static void answer_later(struct gateway *g, struct asker a, unsigned status, span json)
{
    struct event e = {.kind = HAPPENS_ANSWER, .a = a.slot, .b = a.turn, .life = status};
    happen(g->world, 100 + roll(g->world, 4000), e, json);
}

static void office_answer(void *ctx, struct asker a, unsigned status, span json)
{
    answer_later(ctx, a, status, json);
}

static void office_refuse(void *ctx, struct asker a, err e)
{
    static const unsigned status[] = {
        [ERR_MALFORMED] = 400, [ERR_UNKNOWN] = 404, [ERR_LIMIT] = 413,
        [ERR_FULL] = 503,      [ERR_DENIED] = 403,  [ERR_CONFLICT] = 409,
        [ERR_STATE] = 409,     [ERR_FORGED] = 403,  [ERR_IO] = 500,
    };
    struct gateway    *g = ctx;
    const struct task *t = task_of(g->world, a);
    say(g->world, "%s: %s is refused: %s", law_party[g->number],
        t == NULL ? "somebody" : player_name[t->role], e.why);
    g->world->totals.caught += e.code == ERR_FORGED;
    if (e.code == ERR_FORGED && !liar_anywhere(g->world)) {
        wrong(g->world, "%s: the desk finds something forged: %s", law_party[g->number], e.why);
    }
    answer_later(g, a, status[e.code], (span){0});
}

static err office_body_begin(void *ctx, struct asker a, uint64_t len)
{
    struct gateway *g = ctx;
    struct task    *t = task_of(g->world, a);
    if (t == NULL) {
        return FAIL(STATE, "the asker has gone");
    }
    t->len = (size_t)len;
    return OK;
}

/* No displays are in the simulator's worlds. */
static bool office_quiet(void *ctx, struct asker a)
{
    (void)ctx;
    (void)a;
    return false;
}

static void office_cut(void *ctx, struct asker a)
{
    struct gateway *g = ctx;
    struct task    *t = task_of(g->world, a);
    if (t != NULL) {
        oracle_cut_off(g, &t->handle, g->world->cast->product[t->product].gateway);
    }
    answer_later(g, a, 500, (span){0});
}

static err office_body_piece(void *ctx, struct asker a, span bytes)
{
    struct gateway *g = ctx;
    struct task    *t = task_of(g->world, a);
    if (t == NULL) {
        return FAIL(STATE, "the asker has gone");
    }
    if (chance(g->world, 8)) {
        struct event e = {.kind = HAPPENS_ERRAND, .process = 1, .a = a.slot, .b = a.turn};
        happen(g->world, 1000 + roll(g->world, 9000), e, (span){0});
        if (fault_now(g->world, FAULT_CUT)) {
            office_cut(g, a);
        }
        return FAIL(FULL, "the client is slow");
    }
    open_piece(g->world, t, bytes);
    if (t->got == t->len) {
        answer_later(g, a, 200, (span){0});
    }
    return OK;
}

static err office_stream_begin(void *ctx, struct asker a)
{
    struct gateway *g = ctx;
    struct task    *t = task_of(g->world, a);
    return t == NULL ? FAIL(STATE, "the asker has gone") : OK;
}

static void office_event(void *ctx, const struct asker *to, size_t count, const char *kind,
                         span data)
{
    struct gateway *g = ctx;
    for (size_t i = 0; i < count; i++) {
        struct task *t = task_of(g->world, to[i]);
        if (t != NULL) {
            watch_event(g->world, t, kind, data);
        }
    }
}

static err office_report(void *ctx, const name *event_id, span report)
{
    const struct shown_to *s = ctx;
    (void)event_id;
    office_event(s->gateway, s->to, s->count, "report", report);
    return OK;
}

static void office_marked(void *ctx, const struct asker *to, size_t count, const char *kind,
                          const name *event_id, span data)
{
    struct shown_to s = {ctx, to, count};
    if (strcmp(kind, "reports") == 0) {
        MUST(!err_is(told_each(event_id, data, office_report, &s)));
    } else if (strcmp(kind, "begin") != 0) {
        office_event(ctx, to, count, kind, data);
    }
}

static void office_stream_end(void *ctx, struct asker a)
{
    answer_later(ctx, a, 410, (span){0});
}

static err office_read(void *ctx, enum log_name log, uint64_t position, span *body)
{
    struct gateway              *g = ctx;
    const struct journal_record *r = journal_read(&g->log[log], position);
    if (r == NULL || r->position != position) {
        return FAIL(IO, "there is no such record");
    }
    *body = (span){r->body, r->len};
    return OK;
}

static void sync_soon(struct gateway *g)
{
    if (!g->sync_due[PROCESS_DESK]) {
        struct event e = {.kind = HAPPENS_SYNC,
                          .gateway = (uint8_t)g->number,
                          .process = PROCESS_DESK,
                          .life = g->life[PROCESS_DESK]};
        g->sync_due[PROCESS_DESK] = true;
        happen(g->world, 500 + roll(g->world, SYNC_US), e, (span){0});
    }
}

static err office_append(void *ctx, span body, uint64_t *position)
{
    struct gateway *g = ctx;
    if (!write_allowed(g, PROCESS_DESK)) {
        return FAIL(IO, "the process has died in a write");
    }
    if (g->log[LOG_OUTBOX_DESK].full) {
        g->world->totals.full_appends++;
        return FAIL(FULL, "the log has no room: no spare segment");
    }
    body = lies(g, PROCESS_DESK) ? liar_record(g, PROCESS_DESK, body) : body;
    *position = journal_append(&g->log[LOG_OUTBOX_DESK], &body, 1, false, 0);
    sync_soon(g);
    return OK;
}

static void office_certified(void *ctx, const struct desk_certificate *c)
{
    (void)ctx;
    (void)c;
}

/* ---- the machine ---- */

static void office_clock(struct gateway *g)
{
    desk_at(g->desk, boot_ms(g->world), g->world->stage->start + boot_ms(g->world) + g->skew_ms);
}

static struct desk_record record_of(enum log_name log, const struct journal_record *r)
{
    return (struct desk_record){.log = log,
                                .position = r->position,
                                .durable = !r->live,
                                .type = r->type,
                                .body = {r->body, r->len}};
}

static uint64_t shelve(struct gateway *g, enum log_name log, uint64_t at)
{
    const struct journal_record *r;
    while ((r = journal_read(&g->log[log], at)) != NULL) {
        struct desk_record record = record_of(log, r);
        desk_shelve(g->desk, &record);
        at = r->next;
    }
    return at;
}

/* As src/main/desk.c does: what is there when the courier opens its log came before. */
static void inbox_index(struct gateway *g)
{
    g->desk_indexed = g->log[LOG_INBOX].open;
    g->desk_at = shelve(g, LOG_INBOX, g->desk_at);
}

static void office_start(struct gateway *g)
{
    static const uint8_t spki[] = {0x30, 0};
    struct desk_setup    setup = {
           .port = {.ctx = g,
                    .ask_guard = office_ask,
                    .answer = office_answer,
                    .refuse = office_refuse,
                    .body_begin = office_body_begin,
                    .body_piece = office_body_piece,
                    .stream_begin = office_stream_begin,
                    .event = office_event,
                    .marked = office_marked,
                    .slow = office_quiet,
                    .stream_end = office_stream_end,
                    .quiet = office_quiet,
                    .purge = office_quiet,
                    .cut = office_cut,
                    .read = office_read,
                    .append = office_append,
                    .certified = office_certified},
           .random = g->gate->random,
           .spki = SPAN_OF(spki),
           .host = SPAN_LIT("127.0.0.1"),
    };
    journal_open(&g->log[LOG_OUTBOX_DESK]);
    random_fill(g->gate->random, setup.sealer.key, SECRET_LEN);
    err e = desk_open(&setup, &g->desk);
    MUST(!err_is(e));
    office_clock(g);
    (void)shelve(g, LOG_OUTBOX_DESK, 0);
    g->desk_at = 0;
    inbox_index(g);
    outbox_grew(g);
}

static void office_stop(struct gateway *g)
{
    desk_close(g->desk);
    g->desk = NULL;
    journal_die(&g->log[LOG_OUTBOX_DESK]);
    cast_desk_gone(g);
}

static void office_greeted(struct gateway *g)
{
    office_clock(g);
    desk_guard_new(g->desk);
}

static void office_hear(struct gateway *g, span message)
{
    office_clock(g);
    desk_hear(g->desk, message);
}

static void office_turn(struct gateway *g)
{
    const struct journal_record *r;
    office_clock(g);
    if (!g->desk_indexed) {
        inbox_index(g);
    }
    while ((r = journal_read(&g->log[LOG_INBOX], g->desk_at)) != NULL) {
        struct desk_record record = record_of(LOG_INBOX, r);
        desk_inbox(g->desk, &record);
        g->desk_at = r->next;
    }
    if (desk_work(g->desk)) {
        process_turn_soon(g, PROCESS_DESK);
    }
}

static void office_tick(struct gateway *g)
{
    office_clock(g);
    desk_tick(g->desk);
}

static void office_sync(struct gateway *g)
{
    struct journal *j = &g->log[LOG_OUTBOX_DESK];
    if (!write_allowed(g, PROCESS_DESK)) {
        return;
    }
    if (fault_now(g->world, FAULT_SYNC)) {
        struct event e = {
            .kind = HAPPENS_LIE, .gateway = (uint8_t)g->number, .b = (uint32_t)j->synced};
        happen(g->world, 20 * MS, e, (span){0});
    }
    journal_sync(j);
    uint64_t safe = journal_safe(j);
    if (fault_now(g->world, FAULT_OUTBOX)) {
        journal_forget(j, j->count - 1);
    }
    office_clock(g);
    desk_synced(g->desk, safe);
    outbox_grew(g);
}

const struct machine desk_machine = {
    .start = office_start,
    .stop = office_stop,
    .greeted = office_greeted,
    .hear = office_hear,
    .turn = office_turn,
    .tick = office_tick,
    .sync = office_sync,
    .tick_us = 500 * MS,
};
