/* SPDX-License-Identifier: Apache-2.0 */
/* The courier's machine, with its logs, its connections and its turns. */
#include "sim/grow.h"
#include "sim/liar.h"
#include "sim/state.h"
#include "wire/inbox.h"

static const enum log_name written_log[COURIER_LOGS] = {LOG_LANES, LOG_INBOX};

static const enum log_name read_log[READER_COUNT] = {
    [READER_FOLLOW + OUTBOX_INTAKE] = LOG_OUTBOX_INTAKE,
    [READER_FOLLOW + OUTBOX_DESK] = LOG_OUTBOX_DESK,
    [READER_FOLLOW + OUTBOX_INBOX] = LOG_INBOX,
    [READER_AGAIN + OUTBOX_INTAKE] = LOG_OUTBOX_INTAKE,
    [READER_AGAIN + OUTBOX_DESK] = LOG_OUTBOX_DESK,
    [READER_AGAIN + OUTBOX_INBOX] = LOG_INBOX,
    [READER_SEND + OUTBOX_INTAKE] = LOG_OUTBOX_INTAKE,
    [READER_SEND + OUTBOX_DESK] = LOG_OUTBOX_DESK,
    [READER_SEND + OUTBOX_INBOX] = LOG_INBOX,
    [READER_LANES] = LOG_LANES,
    [READER_INBOX] = LOG_INBOX,
};

#define DEAD FAIL(IO, "the process has died in a write")

/* What a lying courier has of a partner is joined, so that it can be changed. */
static uint64_t inbox_lie(struct gateway *g, const struct courier_record *r)
{
    static uint8_t room[INBOX_RECORD_MAX];
    struct writer  w = WRITER_OF(room);
    for (size_t i = 0; i < r->count; i++) {
        put_span(&w, r->part[i]);
    }
    MUST(!w.bad);
    span body = liar_record(g, PROCESS_COURIER, writer_span(&w));
    return journal_append(&g->log[LOG_INBOX], &body, 1, r->live, r->type);
}

static err carrier_append(void *ctx, enum courier_log log, const struct courier_record *r,
                          uint64_t *position)
{
    struct gateway *g = ctx;
    struct journal *j = &g->log[written_log[log]];
    if (!write_allowed(g, PROCESS_COURIER)) {
        return DEAD;
    }
    if (j->full) {
        g->world->totals.full_appends++;
        return FAIL(FULL, "the log has no room: no spare segment");
    }
    if (log == COURIER_INBOX && r->live && fault_now(g->world, FAULT_AGAIN)) {
        (void)journal_append(j, r->part, r->count, r->live, r->type);
    }
    if (log == COURIER_INBOX && lies(g, PROCESS_COURIER)) {
        *position = inbox_lie(g, r);
    } else {
        *position = journal_append(j, r->part, r->count, r->live, r->type);
    }
    return OK;
}

/* Where a lane's record says of a batch which partner and epoch it is for (docs/format/lanes.md): all
 * parties' names are as long. */
#define ROW_ENTRY   1
#define ROW_KIND_AT (1 + 3 + 1 + 8)

static bool is_batch(uint8_t kind)
{
    return kind == ENTRY_BATCH || kind == ENTRY_BATCH_LIVE;
}

static bool rows_follow(const struct journal_record *a, const struct journal_record *b)
{
    bool entries = a->type == ROW_ENTRY && b->type == ROW_ENTRY;
    return entries && is_batch(a->body[ROW_KIND_AT]) && memcmp(a->body, b->body, 4) == 0 &&
           memcmp(a->body + ROW_KIND_AT + 1, b->body + ROW_KIND_AT + 1, ID_LEN) == 0;
}

/* The oracles are tested: a record of a lane is gone before it was sent, and the courier with it.  One
 * that is the last of its epoch would be made again. */
static void lane_lose(struct gateway *g, size_t before)
{
    struct journal *j = &g->log[LOG_LANES];
    for (size_t i = before; g->world->plan.fault == FAULT_LANE && i < j->count; i++) {
        for (size_t k = i + 1; k < j->count; k++) {
            if (rows_follow(&j->record[i], &j->record[k]) && fault_now(g->world, FAULT_LANE)) {
                journal_forget(j, i);
                g->dying[PROCESS_COURIER] = true;
                return;
            }
        }
    }
}

static err carrier_flush(void *ctx, enum courier_log log)
{
    struct gateway *g = ctx;
    if (!write_allowed(g, PROCESS_COURIER)) {
        return DEAD;
    }
    journal_write(&g->log[written_log[log]]);
    if (log == COURIER_INBOX) {
        process_turn_soon(g, PROCESS_DESK);
    }
    return OK;
}

/* … or a bit of what came from a partner is another. */
static void inbox_flip(struct gateway *g)
{
    struct journal *j = &g->log[LOG_INBOX];
    if (j->count > 0 && j->record[j->count - 1].len > 8000 && fault_now(g->world, FAULT_CONTENT)) {
        j->record[j->count - 1].body[200] ^= 1;
    }
}

static err carrier_sync(void *ctx, enum courier_log log)
{
    struct gateway *g = ctx;
    if (!write_allowed(g, PROCESS_COURIER)) {
        return DEAD;
    }
    size_t before = g->log[written_log[log]].synced;
    journal_sync(&g->log[written_log[log]]);
    if (log == COURIER_INBOX) {
        inbox_flip(g);
        process_turn_soon(g, PROCESS_DESK);
    } else {
        lane_lose(g, before);
    }
    return OK;
}

static err carrier_begin(void *ctx, enum courier_log log)
{
    struct gateway *g = ctx;
    g->sync_begun[log] = true;
    return carrier_flush(g, log);
}

/* The waiting is another thread's, which ends before the next turn. */
static void carrier_synced(struct gateway *g)
{
    for (unsigned log = 0; log < COURIER_LOGS; log++) {
        if (g->sync_begun[log]) {
            g->sync_begun[log] = false;
            if (err_is(carrier_sync(g, (enum courier_log)log))) {
                return;
            }
            courier_synced(g->courier, (enum courier_log)log);
            process_turn_soon(g, PROCESS_COURIER);
        }
    }
}

static err carrier_read(void *ctx, enum courier_reader reader, uint64_t at,
                        struct courier_item *out, bool *more)
{
    struct gateway              *g = ctx;
    const struct journal        *j = &g->log[read_log[reader]];
    const struct journal_record *r = passed_read(g, read_log[reader], at);
    *more = r != NULL;
    if (journal_within(j, at)) {
        return FAIL(FORGED, "no record begins there");
    }
    *out = (struct courier_item){.next = j->count == 0 ? journal_written(j) : at};
    *out = (struct courier_item){.next = passed_before(g, read_log[reader], at)};
    if (r != NULL) {
        *out = (struct courier_item){.position = r->position,
                                     .next = r->next,
                                     .synced = r->synced,
                                     .live = r->live,
                                     .type = r->type,
                                     .body = {r->body, r->len}};
    }
    return OK;
}

static uint64_t carrier_written(void *ctx, enum courier_reader reader)
{
    struct gateway *g = ctx;
    return journal_written(&g->log[read_log[reader]]);
}

static err carrier_ask(void *ctx, span message)
{
    return channel_ask(ctx, PROCESS_COURIER, message);
}

static void carrier_dial(void *ctx, struct courier_end end)
{
    net_dial(ctx, end);
}

static void carrier_hang_up(void *ctx, struct courier_end end)
{
    net_hang_up(ctx, end);
}

static void carrier_done(void *ctx, enum courier_reader reader, uint64_t position)
{
    (void)ctx;
    (void)reader;
    (void)position; /* logs are kept whole here: the oracles read them */
}

static void carrier_note(void *ctx, const char *sentence, const name *partner)
{
    struct gateway *g = ctx;
    say(g->world, "%s: courier: %s (%s)", law_party[g->number], sentence,
        partner == NULL ? "-" : partner->text);
}

static void carrier_start(struct gateway *g)
{
    const struct courier_port port = {
        .ctx = g,
        .append = carrier_append,
        .flush = carrier_flush,
        .sync = carrier_sync,
        .begin = carrier_begin,
        .read = carrier_read,
        .written = carrier_written,
        .ask = carrier_ask,
        .dial = carrier_dial,
        .hang_up = carrier_hang_up,
        .done = carrier_done,
        .note = carrier_note,
    };
    journal_open(&g->log[LOG_LANES]);
    journal_open(&g->log[LOG_INBOX]);
    g->courier = zeros(courier_size());
    memset(g->sync_begun, 0, sizeof g->sync_begun);
    courier_init(g->courier, &port, g->gate->random, g->gate->now, boot_ms(g->world));
    err e = courier_restore(g->courier);
    if (err_is(e) && !lies(g, PROCESS_COURIER)) {
        wrong(g->world, "the courier of %s does not start again: %s", law_party[g->number], e.why);
    }
    process_turn_soon(g, PROCESS_DESK);
}

static void carrier_stop(struct gateway *g)
{
    net_gone(g);
    free(g->courier);
    g->courier = NULL;
    journal_die(&g->log[LOG_LANES]);
    journal_die(&g->log[LOG_INBOX]);
}

static void carrier_greeted(struct gateway *g)
{
    courier_guard_new(g->courier);
}

static void carrier_hear(struct gateway *g, span message)
{
    courier_guard(g->courier, boot_ms(g->world), message);
}

static void carrier_turn(struct gateway *g)
{
    struct world *w = g->world;
    int64_t       next_ms;
    carrier_synced(g);
    err e = courier_turn(g->courier, boot_ms(w), &next_ms);
    if (err_is(e)) {
        if (!g->dying[PROCESS_COURIER] && !lies(g, PROCESS_COURIER)) {
            wrong(w, "the courier of %s ends: %s", law_party[g->number], e.why);
        }
        g->dying[PROCESS_COURIER] = true;
        return;
    }
    net_pump(g);
    if (g->sync_begun[COURIER_LANES] || g->sync_begun[COURIER_INBOX]) {
        process_turn_soon(g, PROCESS_COURIER);
    }
    int64_t due = (next_ms - 3000) * MS;
    if (due <= w->now_us) {
        process_turn_soon(g, PROCESS_COURIER);
    } else if (!g->sync_due[PROCESS_COURIER] || due < g->courier_next_us) {
        struct event ev = {.kind = HAPPENS_SYNC,
                           .gateway = (uint8_t)g->number,
                           .process = PROCESS_COURIER,
                           .life = g->life[PROCESS_COURIER]};
        g->sync_due[PROCESS_COURIER] = true;
        g->courier_next_us = due;
        happen(w, due - w->now_us, ev, (span){0});
    }
}

/* What it asked to be called again for. */
static void carrier_due(struct gateway *g)
{
    process_turn_soon(g, PROCESS_COURIER);
}

const struct machine courier_machine = {
    .start = carrier_start,
    .stop = carrier_stop,
    .greeted = carrier_greeted,
    .hear = carrier_hear,
    .turn = carrier_turn,
    .sync = carrier_due,
};
