/* SPDX-License-Identifier: Apache-2.0 */
/* accord-intake: gives intake's machine what came in at its ports, the guard's messages, time and the outbox.  At the
 * end of a turn everybody who has something is served; then the turn is signed and written.  A thread waits for syncs. */
#include "intake/intake.h"
#include "crypt/memory.h"
#include "crypt/warm.h"
#include "intakeio/ports.h"
#include "pouch/made.h"

/* A cipher for each source, a signer, libcrypto's own tables, and some 70 KiB for each connection by TLS, as far as they are used */
#define ARENA_LEN ((size_t)48 << 20)

/* Live reports are synced so often; readers have them before. */
#define SYNC_MS 200

/* Then it is looked whether who was held back may go on */
#define HELD_MS 10

/* Where reports come thick, what comes in so long is one turn: a signature costs the sealer as much as several
 * reports, and each who checks it more.  Where they do not, nothing waits.
 *
 * PACE_EVENTS - in so long are thick: 6,400 a second */
#define PACE_MS     5
#define PACE_EVENTS 32

struct program {
    struct shell      shell;
    struct intake    *intake;
    struct loop_timer tick, sync, held, pace;
    bool              tick_due, sync_due, syncing, durable, live, stopping;
    bool              open, thick; /* the turn was not ended yet;  events came thick just before */
    int64_t           pace_ms;     /* since then events are counted */
    unsigned          events;
    struct ports      ports;
};

_Static_assert(sizeof(struct made) <= LOG_BESIDE_LEN, "there is room beside the marks");

static uint8_t        arena[ARENA_LEN];
static struct program program;

static int64_t now_ms(struct program *p)
{
    return shell_loop(&p->shell)->now.boot_ms;
}

static void set_timer(struct program *p, struct loop_timer *t, int64_t after_ms)
{
    err e = loop_timer_set(shell_loop(&p->shell), t, now_ms(p) + after_ms);
    MUST(!err_is(e)); /* there are four */
}

static void due(void *ctx)
{
    (void)ctx; /* the end of the turn does the work */
}

/* ---- the machine's port ---- */

static void source_open(void *ctx, const struct source_row *row)
{
    ports_open(&((struct program *)ctx)->ports, row);
}

static void source_close(void *ctx, uint16_t number)
{
    ports_close(&((struct program *)ctx)->ports, number);
}

static err ask(void *ctx, span message)
{
    struct program *p = ctx;
    if (p->live) { /* an epoch that is told to be closed lies in the outbox where the courier sees it */
        TRY(log_flush(shell_writer(&p->shell, LOG_OUTBOX_INTAKE)));
    }
    return shell_ask(&p->shell, message);
}

static err append(void *ctx, const struct intake_batch *b)
{
    struct program   *p = ctx;
    uint64_t          position = 0;
    struct log_record record = {&b->bytes, 1, b->durable ? RECORD_DURABLE : RECORD_LIVE, b->type};
    err e = log_append(shell_writer(&p->shell, LOG_OUTBOX_INTAKE), &record, &position);
    if (err_is(e) && e.code != ERR_FULL) {
        shell_fail(&p->shell, e);
    }
    p->durable = p->durable || (b->durable && !err_is(e));
    p->live = p->live || !err_is(e);
    return e;
}

static void note(void *ctx, const struct intake_note *n)
{
    struct program  *p = ctx;
    uint8_t          digits[20];
    struct writer    w = WRITER_OF(digits);
    struct note_fact fact[3];
    size_t           count = 0;
    if (n->source.text[0] != 0) {
        fact[count++] = (struct note_fact){"source", name_span(&n->source)};
    }
    if (n->because != NULL) {
        fact[count++] = (struct note_fact){"because", span_text(n->because)};
    }
    if (n->count > 0) {
        put_decimal(&w, n->count);
        fact[count++] = (struct note_fact){"count", writer_span(&w)};
    }
    shell_note(&p->shell, n->sentence, fact, count);
}

/* ---- turns ---- */

/* What must be on the medium is synced as soon as the sync before has ended; nobody waits for it here. */
static err sync_next(struct program *p)
{
    p->sync_due = p->sync_due || p->durable;
    if (p->syncing || !p->sync_due) {
        return OK;
    }
    p->sync_due = false;
    p->syncing = true;
    return shell_sync_begin(&p->shell, LOG_OUTBOX_INTAKE);
}

/* Warnings are synced before anybody has them, as readers look; tracks are out at once, and synced when it is time. */
static err commit(struct program *p)
{
    if (p->stopping) {
        return shell_sync(&p->shell, LOG_OUTBOX_INTAKE);
    }
    if (p->live) {
        TRY(log_flush(shell_writer(&p->shell, LOG_OUTBOX_INTAKE)));
        shell_flushed(&p->shell, LOG_OUTBOX_INTAKE);
        if (p->sync.at == 0) {
            set_timer(p, &p->sync, SYNC_MS);
        }
    }
    TRY(sync_next(p));
    p->durable = p->live = false;
    return OK;
}

static void on_synced(void *ctx, enum log_name log)
{
    (void)log; /* it writes one; the end of the turn begins the next sync */
    ((struct program *)ctx)->syncing = false;
}

/* May more come into this turn?  What is no track, or is urgent, does not wait. */
static bool turn_waits(struct program *p)
{
    bool over = now_ms(p) - p->pace_ms >= PACE_MS;
    if (over) {
        p->thick = p->events >= PACE_EVENTS;
        p->pace_ms = now_ms(p);
        p->events = 0;
    }
    p->events += p->ports.taken;
    return !over && p->thick && !p->tick_due && !p->stopping && intake_may_wait(p->intake);
}

/* What the guard says is about what was sealed before it. */
static void turn_close(struct program *p)
{
    if (p->open) {
        intake_turn_end(p->intake, now_ms(p));
    }
    p->open = false;
}

static void on_turn(void *ctx)
{
    struct program *p = ctx;
    intake_now(p->intake, shell_loop(&p->shell)->now.real);
    ports_serve(&p->ports);
    p->open = true;
    bool waits = turn_waits(p);
    if (p->tick_due) {
        ports_tick(&p->ports);
        intake_tick(p->intake, now_ms(p));
        set_timer(p, &p->tick, INTAKE_TICK_MS);
        p->tick_due = false;
    }
    if (!waits) {
        turn_close(p);
    } else if (p->pace.at == 0) {
        set_timer(p, &p->pace, p->pace_ms + PACE_MS - now_ms(p));
    }
    ports_settle(&p->ports);
    if (p->ports.held) {
        set_timer(p, &p->held, HELD_MS);
    }
    if (p->stopping) {
        intake_done(p->intake, now_ms(p));
    }
    err e = commit(p);
    if (err_is(e)) {
        shell_fail(&p->shell, e);
    }
}

static void tick_comes(void *ctx)
{
    ((struct program *)ctx)->tick_due = true;
}

static void sync_comes(void *ctx)
{
    ((struct program *)ctx)->sync_due = true;
}

static void on_guard(void *ctx, span message)
{
    struct program *p = ctx;
    turn_close(p);
    if (!ports_hear(&p->ports, message)) {
        intake_from_guard(p->intake, now_ms(p), message);
    }
}

static void on_revoked(void *ctx)
{
    struct program *p = ctx;
    turn_close(p);
    ports_revoke(&p->ports);
}

static void on_guard_new(void *ctx)
{
    struct program *p = ctx;
    turn_close(p);
    intake_guard_new(p->intake, now_ms(p));
}

static void on_stop(void *ctx)
{
    ((struct program *)ctx)->stopping = true;
}

/* ---- the start ---- */

static void program_init(struct program *p)
{
    p->tick = (struct loop_timer){.due = tick_comes, .ctx = p};
    p->sync = (struct loop_timer){.due = sync_comes, .ctx = p};
    p->held = (struct loop_timer){.due = due, .ctx = p};
    p->pace = (struct loop_timer){.due = due, .ctx = p};
    p->tick_due = true;
}

static void machine_make(struct program *p)
{
    struct intake_setup setup = {.random = random_system(),
                                 .port = {.ctx = p,
                                          .ask = ask,
                                          .append = append,
                                          .source_open = source_open,
                                          .source_close = source_close,
                                          .note = note},
                                 .made = shell_beside(&p->shell, LOG_OUTBOX_INTAKE)};
    p->intake = shell_zeros(intake_size());
    intake_init(p->intake, &setup);
}

static void tell_start(struct program *p)
{
    uint8_t          text[96];
    struct writer    w = WRITER_OF(text);
    struct note_fact fact[] = {
        {.key = "machine-bytes"}, {.key = "shell-bytes"}, {.key = "libcrypto-bytes"}};
    note_count(&w, &fact[0], intake_size());
    note_count(&w, &fact[1], sizeof *p + SHELL_BUFFER_MAX + sizeof(struct shell_written));
    note_count(&w, &fact[2], ARENA_LEN);
    shell_note(&p->shell, "memory is fixed from here on", fact, ARRAY_LEN(fact));
}

static err intake_main(struct program *p)
{
    struct shell_plan plan = {.program = "intake",
                              .box = &box_intake,
                              .handlers_max = 2 * SERVED_MAX,
                              .ctx = p,
                              .on_guard = on_guard,
                              .on_guard_new = on_guard_new,
                              .on_revoked = on_revoked,
                              .on_turn = on_turn,
                              .on_synced = on_synced,
                              .on_stop = on_stop};
    TRY(shell_start(&p->shell, &plan));
    program_init(p);
    machine_make(p);
    TRY(ports_init(&p->ports, &p->shell, p->intake));
    tell_start(p);
    return shell_run(&p->shell);
}

int main(void)
{
    crypt_memory_fix(arena, sizeof arena);
    crypt_warm();
    return shell_end(&program.shell, intake_main(&program));
}
