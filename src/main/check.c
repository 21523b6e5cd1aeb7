/* SPDX-License-Identifier: Apache-2.0 */
/* accord-check: gives the machine that looks at what leaves its two outboxes, the guard's messages and time; what it passes
 * stands in a file that the courier reads beside each. */
#include "check/check.h"
#include "crypt/memory.h"
#include "crypt/random.h"
#include "crypt/warm.h"
#include "shell/shell.h"

#include <unistd.h>

/* A cipher, a digest for each product under way, libcrypto's own tables */
#define ARENA_LEN ((size_t)16 << 20)

struct program {
    struct shell        shell;
    struct check       *check;
    struct shell_reader reader[CHECK_OUTBOXES];
    uint64_t            done[CHECK_OUTBOXES];     /* told accordd: a position */
    bool                unsynced[CHECK_OUTBOXES]; /* something was refused there */
    struct said {
        bool     begun, lost; /* lost: the file says something else */
        uint64_t passed, floor;
    } said[CHECK_OUTBOXES]; /* what this process wrote last */
    struct loop_timer timer;
};

static uint8_t        arena[ARENA_LEN];
static struct program program;

static const enum log_name log_of[CHECK_OUTBOXES] = {LOG_OUTBOX_INTAKE, LOG_OUTBOX_DESK};
static const char *const   log_text[CHECK_OUTBOXES] = {"outbox-intake", "outbox-desk"};

static struct passing *page_of(struct program *p, unsigned outbox)
{
    return shell_passing_of(&p->shell, log_of[outbox])->page;
}

/* ---- the machine's port ---- */

/* What is left open by a start before this one ends where this one begins to look. */
static void port_from(void *ctx, unsigned outbox, uint64_t *at, uint64_t *passed)
{
    struct program *p = ctx;
    struct passing *page = page_of(p, outbox);
    *passed = atomic_load(&page->passed);
    *at = atomic_load(&page->floor);
    passing_close(page, NULL, *passed);
    shell_passed(&p->shell, log_of[outbox]);
    p->said[outbox] = (struct said){.begun = true, .passed = *passed, .floor = *at};
}

/* A disk, or somebody who may write all files, changed what stands there: before each turn. */
static void said_look(struct program *p)
{
    for (unsigned i = 0; i < CHECK_OUTBOXES; i++) {
        const struct passing *page = page_of(p, i);
        struct said          *s = &p->said[i];
        s->lost = s->begun && (atomic_load(&page->passed) != s->passed ||
                               atomic_load(&page->floor) != s->floor || !passing_whole(page));
    }
}

/* A mark beyond the end is of another log; one that its writer has not opened yet has no end. */
static err passed_sound(struct program *p, unsigned outbox)
{
    uint64_t written = atomic_load(&p->reader[outbox].log.marks->written);
    bool     beyond = atomic_load(&page_of(p, outbox)->passed) > written;
    return beyond && written > 0 ? FAIL(FORGED, "what was passed of an outbox is not in it") : OK;
}

/* A disk that does not answer says nothing of what lies there: there is nothing yet, and this process ends with the turn. */
static err read_failed(struct program *p, err e, bool *more)
{
    if (e.code != ERR_IO) {
        return e;
    }
    shell_fail(&p->shell, e);
    *more = false;
    return OK;
}

static err port_read(void *ctx, unsigned outbox, uint64_t at, struct check_item *out, bool *more)
{
    struct program    *p = ctx;
    struct log_reader *r = &p->reader[outbox].log;
    struct log_item    item;
    uint64_t           start = segments_start(&r->segments);
    if (p->said[outbox].lost) {
        return FAIL(CONFLICT, "what was passed of an outbox is not what was written there");
    }
    TRY(passed_sound(p, outbox));
    if (at != 0 && at < start) {
        return FAIL(UNKNOWN, "the log has no such place any more");
    }
    r->at = at == 0 ? start : at;
    *out = (struct check_item){.next = at};
    err e = log_next(r, &item, more);
    if (err_is(e)) {
        return read_failed(p, e, more);
    }
    uint64_t written = atomic_load(&r->marks->written);
    *out = (struct check_item){.next = r->at < written ? r->at : written};
    if (*more) {
        *out = (struct check_item){.position = item.position,
                                   .next = r->at,
                                   .live = item.kind == RECORD_LIVE,
                                   .type = item.type,
                                   .body = item.body};
    }
    return OK;
}

static void port_pass(void *ctx, unsigned outbox, uint64_t position)
{
    struct program *p = ctx;
    p->said[outbox].passed = position;
    passing_to(page_of(p, outbox), position);
    shell_passed(&p->shell, log_of[outbox]);
}

static err port_see(void *ctx, unsigned outbox, const struct check_item *item)
{
    struct program *p = ctx;
    err             e = looked_put(&shell_passing_of(&p->shell, log_of[outbox])->looked,
                                   &(struct log_item){.position = item->position,
                                                      .kind = item->live ? RECORD_LIVE : RECORD_DURABLE,
                                                      .type = item->type,
                                                      .body = item->body});
    if (err_is(e)) {
        shell_fail(&p->shell, e);
    }
    return e;
}

/* What its writer calls synced may not be: then the sums tell that something else came there. */
static err port_settle(void *ctx, unsigned outbox, uint64_t position, uint64_t floor)
{
    struct program *p = ctx;
    if (atomic_load(&p->reader[outbox].log.marks->synced) < position) {
        return FAIL(STATE, "what was looked at is not on the medium yet");
    }
    TRY(block_sync(&shell_passing_of(&p->shell, log_of[outbox])->looked));
    p->said[outbox].floor = floor;
    passing_settle(page_of(p, outbox), position, floor);
    return OK;
}

static err port_refuse(void *ctx, unsigned outbox, const struct check_item *item, const id *epoch)
{
    struct program     *p = ctx;
    struct passing_what what = {.from = item->position,
                                .to = epoch == NULL ? item->next : PASSING_OPEN};
    bool                more = false;
    memcpy(what.key, epoch == NULL ? what.key : epoch->bytes, epoch == NULL ? 0 : sizeof what.key);
    TRY(passing_refuse(page_of(p, outbox), &what, segments_start(&p->reader[outbox].log.segments),
                       &more));
    shell_passed(&p->shell, log_of[outbox]);
    p->unsynced[outbox] = p->unsynced[outbox] || more;
    if (p->unsynced[outbox] && fdatasync(shell_passing_of(&p->shell, log_of[outbox])->fd) != 0) {
        return FAIL(IO, "what was refused could not be synced");
    }
    p->unsynced[outbox] = false;
    return OK;
}

static void port_over(void *ctx, unsigned outbox, const id *epoch, uint64_t position)
{
    struct program *p = ctx;
    passing_close(page_of(p, outbox), epoch->bytes, position);
    shell_passed(&p->shell, log_of[outbox]);
}

static void port_forget(void *ctx, unsigned outbox)
{
    struct program *p = ctx;
    passing_forget(page_of(p, outbox));
    p->said[outbox] = (struct said){.begun = true};
}

static err port_ask(void *ctx, span message)
{
    struct program *p = ctx;
    return shell_ask(&p->shell, message);
}

/* Only whole segments go. */
static void port_done(void *ctx, unsigned outbox, uint64_t position)
{
    struct program *p = ctx;
    uint64_t        bytes = p->reader[outbox].log.segments.bytes;
    if (bytes > 0 && position / bytes > p->done[outbox] / bytes) {
        err e = shell_done(&p->shell, log_of[outbox], position);
        p->done[outbox] = err_is(e) ? p->done[outbox] : position;
    }
}

static void port_note(void *ctx, const struct check_note *n)
{
    struct program  *p = ctx;
    uint8_t          text[2 * ID_LEN];
    struct writer    w = WRITER_OF(text);
    struct note_fact fact[3] = {{"log", span_text(log_text[n->outbox])}};
    size_t           count = 1;
    if (n->epoch != NULL) {
        put_hex(&w, id_span(n->epoch));
        fact[count++] = (struct note_fact){"epoch", writer_span(&w)};
    }
    if (n->because != NULL) {
        fact[count++] = (struct note_fact){"because", span_text(n->because)};
    }
    shell_note(&p->shell, n->sentence, fact, count);
}

/* ---- calls of the shell ---- */

static void on_guard_new(void *ctx)
{
    check_guard_new(((struct program *)ctx)->check);
}

static void on_guard(void *ctx, span message)
{
    struct program *p = ctx;
    check_guard(p->check, shell_loop(&p->shell)->now.boot_ms, message);
}

static void on_log(void *ctx, enum log_name log)
{
    (void)ctx; /* the end of the turn looks */
    (void)log;
}

static void on_due(void *ctx)
{
    (void)ctx;
}

static void on_turn(void *ctx)
{
    struct program          *p = ctx;
    const struct loop_clock *now = &shell_loop(&p->shell)->now;
    int64_t                  next = 0;
    said_look(p);
    check_turn(p->check, now->boot_ms, now->real, &next);
    shell_turn_at(&p->shell, &p->timer, next);
}

/* ---- the start ---- */

static err readers_open(struct program *p)
{
    for (unsigned i = 0; i < CHECK_OUTBOXES; i++) {
        TRY(shell_reader_whole(&p->shell, &p->reader[i], log_of[i]));
    }
    return OK;
}

static void tell_start(struct program *p)
{
    uint8_t          text[96];
    struct writer    w = WRITER_OF(text);
    struct note_fact fact[] = {
        {.key = "machine-bytes"}, {.key = "shell-bytes"}, {.key = "libcrypto-bytes"}};
    note_count(&w, &fact[0], check_size());
    note_count(&w, &fact[1], sizeof *p + CHECK_OUTBOXES * SHELL_BUFFER_MAX);
    note_count(&w, &fact[2], ARENA_LEN);
    shell_note(&p->shell, "memory is fixed from here on", fact, ARRAY_LEN(fact));
}

static err check_main(struct program *p)
{
    static const struct shell_plan plan = {.program = "check",
                                           .box = &box_check,
                                           .ctx = &program,
                                           .on_guard = on_guard,
                                           .on_guard_new = on_guard_new,
                                           .on_log = on_log,
                                           .on_turn = on_turn};
    const struct check_port        port = {.ctx = p,
                                           .from = port_from,
                                           .read = port_read,
                                           .pass = port_pass,
                                           .see = port_see,
                                           .settle = port_settle,
                                           .refuse = port_refuse,
                                           .over = port_over,
                                           .forget = port_forget,
                                           .ask = port_ask,
                                           .done = port_done,
                                           .note = port_note};
    uint64_t                       salt;
    TRY(shell_start(&p->shell, &plan));
    p->timer.due = on_due;
    TRY(readers_open(p));
    random_fill(random_system(), (uint8_t *)&salt, sizeof salt);
    check_init(p->check, &port, salt);
    tell_start(p);
    err e = shell_run(&p->shell);
    check_done(p->check);
    return e;
}

int main(void)
{
    crypt_memory_fix(arena, sizeof arena);
    crypt_warm();
    program.check = shell_zeros(check_size());
    return shell_end(&program.shell, check_main(&program));
}
