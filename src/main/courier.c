/* SPDX-License-Identifier: Apache-2.0 */
/* accord-courier: gives the courier's machine its logs, the guard's messages, time, and TLS links.
 *
 * Sockets only say that something is there.  At the end of the turn all that came is read, the machine
 * has its turn, in which it writes and syncs, and then what it has for the partners is sent. */
#include "courierio/links.h"
#include "crypt/warm.h"

struct program {
    struct shell        shell;
    struct courier     *courier;
    struct shell_reader reader[READER_COUNT];
    struct loop_timer   timer;
    struct certify      certify;
    struct links        links;
    struct tally        changed; /* records of an outbox */
};

static struct program program = {.links.listener = -1};

static int64_t now_ms(struct program *p)
{
    return shell_loop(&p->shell)->now.boot_ms;
}

/* ---- the port: logs and the guard ---- */

static const enum log_name written_name[COURIER_LOGS] = {LOG_LANES, LOG_INBOX};

static const enum log_name outbox_name[OUTBOX_COUNT] = {LOG_OUTBOX_INTAKE, LOG_OUTBOX_DESK,
                                                        LOG_INBOX};

static enum log_name read_name_of(enum courier_reader reader)
{
    if (reader < READER_LANES) {
        return outbox_name[reader % OUTBOX_COUNT];
    }
    return reader == READER_LANES ? LOG_LANES : LOG_INBOX;
}

static err port_append(void *ctx, enum courier_log log, const struct courier_record *r,
                       uint64_t *position)
{
    struct program   *p = ctx;
    struct log_record record = {.part = r->part,
                                .count = r->count,
                                .kind = r->live ? RECORD_LIVE : RECORD_DURABLE,
                                .type = r->type};
    return log_append(shell_writer(&p->shell, written_name[log]), &record, position);
}

static err port_flush(void *ctx, enum courier_log log)
{
    struct program *p = ctx;
    TRY(log_flush(shell_writer(&p->shell, written_name[log])));
    shell_flushed(&p->shell, written_name[log]);
    return OK;
}

static err port_sync(void *ctx, enum courier_log log)
{
    struct program *p = ctx;
    return shell_sync(&p->shell, written_name[log]);
}

static err port_begin(void *ctx, enum courier_log log)
{
    struct program *p = ctx;
    return shell_sync_begin(&p->shell, written_name[log]);
}

/* A disk that does not answer says nothing of what lies there: the machine is told that there is nothing yet, for else
 * it would tell a partner that it is lost; and this process ends with the turn. */
static err read_failed(struct program *p, err e, bool *more)
{
    if (e.code != ERR_IO || !p->shell.running) {
        return e;
    }
    shell_fail(&p->shell, e);
    *more = false;
    return OK;
}

/* The store's readers go on where they are; this one says where. */
static err port_read(void *ctx, enum courier_reader reader, uint64_t at, struct courier_item *out,
                     bool *more)
{
    struct program    *p = ctx;
    struct log_reader *r = &p->reader[reader].log;
    struct log_item    item;
    uint64_t           start = segments_start(&r->segments);
    if (at != 0 && at < start) {
        return FAIL(UNKNOWN, "the log has no such place any more");
    }
    r->at = at == 0 ? start : at;
    *out = (struct courier_item){.next = at};
    uint64_t changed = r->changed;
    err      e = log_next(r, &item, more);
    if (r->changed > changed) {
        tally_add(&p->changed, "it is not as it was when it was looked at, or its sum is damaged",
                  r->changed - changed);
    }
    if (err_is(e)) {
        return read_failed(p, e, more);
    }
    out->next = r->at;
    if (*more) {
        *out = (struct courier_item){.position = item.position,
                                     .next = r->at,
                                     .synced = item.synced,
                                     .live = item.kind == RECORD_LIVE,
                                     .type = item.type,
                                     .body = item.body};
    }
    return OK;
}

static uint64_t port_written(void *ctx, enum courier_reader reader)
{
    struct program *p = ctx;
    return atomic_load_explicit(&p->reader[reader].log.marks->written, memory_order_acquire);
}

static err port_ask(void *ctx, span message)
{
    struct program *p = ctx;
    return shell_ask(&p->shell, message);
}

static void port_done(void *ctx, enum courier_reader reader, uint64_t position)
{
    struct program *p = ctx;
    err             e = shell_done(&p->shell, read_name_of(reader), position);
    (void)e; /* it is told again when more is done */
}

static void port_note(void *ctx, const char *sentence, const name *partner)
{
    struct program  *p = ctx;
    struct note_fact fact = {"partner", partner == NULL ? SPAN_LIT("") : name_span(partner)};
    shell_note(&p->shell, sentence, &fact, partner != NULL);
}

static void port_dial(void *ctx, struct courier_end end)
{
    struct program *p = ctx;
    links_dial(&p->links, end);
}

static void port_hang_up(void *ctx, struct courier_end end)
{
    struct program *p = ctx;
    links_hang_up(&p->links, end);
}

/* ---- calls of the shell ---- */

static void on_guard_new(void *ctx)
{
    struct program *p = ctx;
    courier_guard_new(p->courier);
    certify_ask(&p->certify);
}

static void on_guard(void *ctx, span message)
{
    struct program *p = ctx;
    courier_guard(p->courier, now_ms(p), message);
    certify_hear(&p->certify, message);
    links_listen(&p->links);
}

static void on_synced(void *ctx, enum log_name log)
{
    struct program *p = ctx;
    courier_synced(p->courier, log == LOG_INBOX ? COURIER_INBOX : COURIER_LANES);
}

static void on_due(void *ctx)
{
    (void)ctx; /* the end of the turn does it all */
}

static void on_turn(void *ctx)
{
    struct program *p = ctx;
    int64_t         next = 0;
    links_take(&p->links);
    err e = courier_turn(p->courier, now_ms(p), &next);
    if (err_is(e)) {
        shell_fail(&p->shell, e);
        return;
    }
    links_send(&p->links);
    shell_note_tally(&p->shell, "something in an outbox does not leave", &p->changed);
    certify_turn(&p->certify);
    next = links_next(&p->links) < next ? links_next(&p->links) : next;
    shell_turn_at(&p->shell, &p->timer, next);
}

/* ---- the start ---- */

static err readers_open(struct program *p)
{
    for (unsigned i = 0; i < READER_COUNT; i++) {
        TRY(shell_reader_whole(&p->shell, &p->reader[i], read_name_of(i)));
    }
    return OK;
}

static void note_memory(struct program *p)
{
    uint8_t       text[2 * 24];
    struct writer w = WRITER_OF(text);
    put_decimal(&w, courier_size());
    size_t machine = w.len;
    put_decimal(&w, sizeof p->shell + READER_COUNT * SHELL_BUFFER_MAX);
    const struct note_fact fact[] = {{"machine-bytes", {text, machine}},
                                     {"shell-bytes", {text + machine, w.len - machine}}};
    shell_note(&p->shell, "memory is fixed from here on, but for TLS", fact, ARRAY_LEN(fact));
}

static err courier_start(struct program *p)
{
    struct courier_port port = {.ctx = p,
                                .append = port_append,
                                .flush = port_flush,
                                .sync = port_sync,
                                .begin = port_begin,
                                .read = port_read,
                                .written = port_written,
                                .ask = port_ask,
                                .dial = port_dial,
                                .hang_up = port_hang_up,
                                .done = port_done,
                                .note = port_note};
    struct loop_clock   now = loop_clock_now();
    p->timer.due = on_due;
    TRY(certify_begin(&p->certify, &p->shell, p->courier));
    p->links.shell = &p->shell;
    p->links.courier = p->courier;
    p->links.certify = &p->certify;
    TRY(readers_open(p));
    courier_init(p->courier, &port, random_system(), now.real, now.boot_ms);
    note_memory(p);
    return courier_restore(p->courier);
}

int main(void)
{
    static const struct shell_plan plan = {.program = "courier",
                                           .box = &box_courier,
                                           .handlers_max = CONNECTIONS_MAX * 2 + 1,
                                           .ctx = &program,
                                           .on_guard = on_guard,
                                           .on_guard_new = on_guard_new,
                                           .on_synced = on_synced,
                                           .on_turn = on_turn};
    program.courier = shell_zeros(courier_size());
    crypt_warm();
    err e = shell_start(&program.shell, &plan);
    e = err_is(e) ? e : courier_start(&program);
    e = err_is(e) ? e : shell_run(&program.shell);
    if (program.shell.running) {
        links_tell(&program.links);
    }
    return shell_end(&program.shell, e);
}
