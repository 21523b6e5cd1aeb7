/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_LIVE_PROBE_H
#define TEST_LIVE_PROBE_H

/* Stand-ins for intake, check, courier and desk: numbers go the way that reports go, and the desk says when
 * all have come in order, each once.  They use all that the shell gives. */
#include "shell/shell.h"
#include "wire/request.h"

#define PROBE_NUMBERS 120
#define PROBE_LEN     (48 << 10) /* with 2 MiB a segment: some segments in all */

struct probe {
    struct shell        shell;
    struct shell_reader from, own;
    enum log_name       to;
    uint32_t            next;    /* the number that is written or expected next */
    bool                waiting; /* a record was not taken: the log had no room */
    uint8_t             body[PROBE_LEN];
    uint8_t             buf[2][SHELL_BUFFER_MAX];
};

static struct probe probe;

static inline uint32_t probe_number(span body)
{
    struct reader r = reader_of(body);
    uint32_t      n = read_u32(&r);
    if (body.len != PROBE_LEN) {
        shell_fail(&probe.shell, FAIL(MALFORMED, "a number came damaged"));
    }
    return n;
}

/* false while the log has no room: a segment will come, and with it a turn */
static inline bool probe_write(struct probe *p)
{
    struct writer     w = WRITER_OF(p->body);
    span              body = SPAN_OF(p->body);
    struct log_record r = {&body, 1, RECORD_DURABLE, 1};
    uint64_t          position;
    put_u32(&w, p->next);
    err e = log_append(shell_writer(&p->shell, p->to), &r, &position);
    if (err_is(e) && e.code != ERR_FULL) {
        shell_fail(&p->shell, e);
    }
    p->next += err_is(e) ? 0 : 1;
    return !err_is(e);
}

static inline void probe_sync(struct probe *p)
{
    err e = log_sync(shell_writer(&p->shell, p->to));
    if (err_is(e)) {
        shell_fail(&p->shell, e);
    }
    shell_flushed(&p->shell, p->to);
}

static inline void intake_turn(void *ctx)
{
    struct probe *p = ctx;
    if (p->next < PROBE_NUMBERS && probe_write(p)) {
        loop_again(shell_loop(&p->shell));
    }
    probe_sync(p);
}

/* All is passed, a record a turn; what was looked at before a kill is not looked at again. */
static inline void check_turn(void *ctx)
{
    struct probe   *p = ctx;
    struct passing *page = shell_passing_of(&p->shell, LOG_OUTBOX_INTAKE)->page;
    struct log_item item;
    bool            more = true;
    err             e = log_next(&p->from.log, &item, &more);
    if (err_is(e)) {
        shell_fail(&p->shell, e);
    } else if (more) {
        (void)probe_number(item.body);
        err bad = looked_put(&shell_passing_of(&p->shell, LOG_OUTBOX_INTAKE)->looked, &item);
        MUST(!err_is(bad));
        passing_to(page, item.next);
        shell_passed(&p->shell, LOG_OUTBOX_INTAKE);
        loop_again(shell_loop(&p->shell));
    }
}

/* A record that had no room is read once more from its place. */
static inline void courier_turn(void *ctx)
{
    struct probe   *p = ctx;
    struct log_item item;
    bool            more = true;
    uint64_t        at = p->from.log.at;
    err             e = log_next(&p->from.log, &item, &more);
    if (err_is(e)) {
        shell_fail(&p->shell, e);
    } else if (more && probe_number(item.body) < p->next) {
        loop_again(shell_loop(&p->shell)); /* it was carried before this process was killed */
    } else if (more && probe_number(item.body) != p->next) {
        shell_fail(&p->shell, FAIL(MALFORMED, "a number was lost on its way to the courier"));
    } else if (more && probe_write(p)) {
        loop_again(shell_loop(&p->shell));
    } else if (more) {
        p->from.log.at = at;
    }
    probe_sync(p);
}

static inline void desk_turn(void *ctx)
{
    struct probe   *p = ctx;
    struct log_item item;
    bool            more = true;
    while (more) {
        err e = log_next(&p->from.log, &item, &more);
        if (err_is(e)) {
            shell_fail(&p->shell, e);
            return;
        }
        if (more && probe_number(item.body) != p->next) {
            shell_fail(&p->shell, FAIL(MALFORMED, "a number came twice or never"));
            return;
        }
        p->next += more ? 1 : 0;
        if (more && (p->next == 10 || p->next == PROBE_NUMBERS)) {
            shell_note(&p->shell, p->next == 10 ? "ten have come" : "all have come", NULL, 0);
        }
    }
}

static inline void desk_greets(void *ctx)
{
    struct probe *p = ctx;
    uint8_t       bytes[64], key[32] = {1};
    struct writer w = WRITER_OF(bytes);
    guard_message_begin(&w, REQUEST_GREET, 7);
    put_span(&w, SPAN_OF(key));
    err e = shell_ask(&p->shell, writer_span(&w));
    if (err_is(e)) {
        shell_note(&p->shell, e.why, NULL, 0);
    }
}

static inline void desk_hears(void *ctx, span message)
{
    struct probe        *p = ctx;
    struct guard_message m;
    if (!err_is(guard_message_read(message, &m)) && m.kind == ANSWER_GREETED && m.tag == 7) {
        shell_note(&p->shell, "greeted by the guard", NULL, 0);
    }
}

static inline void probe_log(void *ctx, enum log_name log)
{
    (void)ctx; /* the turn reads */
    (void)log;
}

static inline void probe_stop(void *ctx)
{
    struct probe *p = ctx;
    shell_note(&p->shell, "told to stop", NULL, 0);
}

/* Where a former one of this log stopped */
static inline err probe_resume(struct probe *p)
{
    struct shell_view v = {.log = p->to, .buf = p->buf[1], .buf_len = SHELL_BUFFER_MAX};
    struct log_item   item;
    bool              more = true;
    TRY(shell_reader_open(&p->shell, &p->own, &v));
    while (more) {
        TRY(log_next(&p->own.log, &item, &more));
        p->next = more ? probe_number(item.body) + 1 : p->next;
    }
    shell_reader_close(&p->own);
    return OK;
}

static inline err probe_run(struct probe *p, const struct shell_plan *plan, enum log_name from)
{
    struct shell_view v = {.log = from, .buf = p->buf[0], .buf_len = SHELL_BUFFER_MAX};
    TRY(shell_start(&p->shell, plan));
    if (from != LOG_COUNT) {
        TRY(shell_reader_open(&p->shell, &p->from, &v));
    }
    if (plan->on_turn == courier_turn) {
        TRY(probe_resume(p));
    }
    return shell_run(&p->shell);
}

/* probe_main - as the program that accordd believes this is; false when it is none */
static inline bool probe_main(const char *program, int *code)
{
    static const struct {
        const char       *program;
        enum log_name     from, to;
        struct shell_plan plan;
    } row[] = {
        {"accord-intake",
         LOG_COUNT,
         LOG_OUTBOX_INTAKE,
         {.program = "intake", .on_turn = intake_turn}},
        {"accord-check",
         LOG_OUTBOX_INTAKE,
         LOG_OUTBOX_INTAKE,
         {.program = "check", .on_turn = check_turn, .on_log = probe_log}},
        {"accord-courier",
         LOG_OUTBOX_INTAKE,
         LOG_INBOX,
         {.program = "courier", .on_turn = courier_turn, .on_log = probe_log}},
        {"accord-desk",
         LOG_INBOX,
         LOG_OUTBOX_DESK,
         {.program = "desk",
          .on_turn = desk_turn,
          .on_log = probe_log,
          .on_guard = desk_hears,
          .on_guard_new = desk_greets,
          .on_stop = probe_stop}},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        if (strcmp(program, row[i].program) == 0) {
            struct shell_plan plan = row[i].plan;
            plan.ctx = &probe;
            probe.to = row[i].to;
            *code = shell_end(&probe.shell, probe_run(&probe, &plan, row[i].from));
            return true;
        }
    }
    return false;
}

#endif
