/* SPDX-License-Identifier: Apache-2.0 */
/* accord-guard: gives the guard's machine its messages, time, ledger and key slots.
 *
 * A turn takes what the other processes sent, one message of each in rotation; then the slots are
 * synced, the records appended and synced, and only then the mail is sent. */
#include "guard/guard.h"
#include "crypt/memory.h"
#include "crypt/warm.h"
#include "shell/shell.h"

#include <unistd.h>

/* libcrypto's own tables, and a signer that stays open. */
#define PAGE_LEN  4096
#define ARENA_LEN ((size_t)8 << 20)

/* The longest record of a ledger is below 64 KiB; one write takes what a usual turn makes. */
#define LEDGER_BUFFER ((size_t)256 << 10)

/* A sync serves all of them; more would make the first of them wait for the last. */
#define MESSAGES_PER_TURN 256

#define CALLERS     5 /* enum caller has a bit for each */
#define GENESIS_MAX 16384

/* CHECK_COMES_MS - after a start nobody misses it yet */
#define CHECK_COMES_MS (5 * MS_PER_SECOND)

/* caller_channel - one of the processes that may ask */
struct caller_channel {
    enum caller    caller;
    const char    *name;
    int            fd; /* -1 = not there */
    bool           ready;
    uint32_t       id;
    struct channel channel;
    uint8_t        queue[CHANNEL_QUEUE_MAX];
};

/* program - all that this process has
 *
 * appended   how much of this turn's records is in the log; when that has no room the rest waits,
 *            and nothing is taken, stepped or sent meanwhile */
struct program {
    struct shell          shell;
    struct guard         *guard;
    struct block_file     slots_file;
    struct slots          slots;
    struct shell_reader   reader;
    struct caller_channel caller[CALLERS];
    struct loop_timer     tick;
    bool                  tick_due, full, stopping;
    bool                  counter_bad; /* told once */
    bool                  unheard;     /* told: check is silent */
    int64_t               begun_ms;    /* of the first turn; 0: none yet */
    size_t                appended;
    uint64_t              folded;
    uint8_t               message[MESSAGE_MAX];
    uint8_t               read_buffer[LEDGER_BUFFER];
};

static uint8_t        arena[ARENA_LEN];
static struct program program = {
    .caller = {{.caller = CALLER_INTAKE, .name = "intake", .fd = -1},
               {.caller = CALLER_DESK, .name = "desk", .fd = -1},
               {.caller = CALLER_COURIER, .name = "courier", .fd = -1},
               {.caller = CALLER_CHECK, .name = "check", .fd = -1},
               {.caller = CALLER_ACCORDD, .name = "accordd", .fd = -1}},
};

/* ---- channels ---- */

static void caller_close(struct program *p, struct caller_channel *c)
{
    loop_close(shell_loop(&p->shell), c->id);
    channel_done(&c->channel);
    c->fd = -1;
    c->ready = false;
}

/* While the ledger has no room nothing is taken, so nothing is waited for. */
static err caller_watch(struct program *p, struct caller_channel *c)
{
    uint32_t in = p->full ? 0 : EPOLLIN;
    uint32_t out = channel_waits(&c->channel) ? EPOLLOUT : 0;
    return loop_watch(shell_loop(&p->shell), c->id, in | out);
}

/* A process that died, or takes nothing: it must not hold up the others. */
static void caller_failed(struct program *p, struct caller_channel *c, err e)
{
    struct note_fact fact[] = {{"process", span_text(c->name)}, {"because", span_text(e.why)}};
    shell_note(&p->shell, "a process is no longer listened to", fact, 2);
    caller_close(p, c);
}

static void caller_ready(void *ctx, uint32_t events)
{
    struct caller_channel *c = ctx;
    err                    e = OK;
    if ((events & EPOLLOUT) != 0) {
        e = channel_send_rest(&c->channel);
        e = err_is(e) ? e : caller_watch(&program, c);
    }
    if (program.full && (events & (EPOLLHUP | EPOLLERR)) != 0) {
        e = FAIL(STATE, "the other process is gone");
    }
    c->ready = c->ready || (events & ~(uint32_t)EPOLLOUT) != 0;
    if (err_is(e)) {
        caller_failed(&program, c, e);
    }
}

static void on_channel(void *ctx, unsigned caller, int fd)
{
    struct program *p = ctx;
    for (size_t i = 0; i < CALLERS; i++) {
        struct caller_channel *c = &p->caller[i];
        if (c->caller != caller) {
            continue;
        }
        if (c->fd >= 0) {
            caller_close(p, c);
        }
        err e = loop_add(shell_loop(&p->shell), fd, p->full ? 0 : EPOLLIN, caller_ready, c, &c->id);
        if (err_is(e)) {
            shell_fail(&p->shell, e);
            break;
        }
        c->fd = fd;
        channel_init(&c->channel, fd, c->queue, sizeof c->queue);
        return;
    }
    close(fd);
}

/* ---- a turn: take ---- */

static void step_one(struct program *p, struct caller_channel *c)
{
    struct message m;
    bool           more = false;
    err            e = channel_receive(&c->channel, p->message, &m, &more);
    if (err_is(e)) {
        caller_failed(p, c, e);
        return;
    }
    c->ready = more;
    for (size_t i = 0; more && i < m.fds; i++) {
        close(m.fd[i]); /* nobody may hand the guard a descriptor but accordd */
    }
    if (more) {
        const struct loop_clock *now = &shell_loop(&p->shell)->now;
        guard_step(p->guard, now->real, (uint64_t)now->boot_ms, c->caller, m.bytes);
    }
}

/* One message of each in rotation, so that none of them can crowd out another. */
static void take_messages(struct program *p)
{
    bool any = true;
    for (unsigned taken = 0; any && taken < MESSAGES_PER_TURN;) {
        any = false;
        for (size_t i = 0; i < CALLERS; i++) {
            if (p->caller[i].ready && guard_has_room(p->guard)) {
                step_one(p, &p->caller[i]);
                any = true;
                taken++;
            }
        }
    }
    if (any) {
        loop_again(shell_loop(&p->shell));
    }
}

static void tick(struct program *p)
{
    const struct loop_clock *now = &shell_loop(&p->shell)->now;
    if (p->tick_due && guard_has_room(p->guard)) {
        guard_tick(p->guard, now->real, (uint64_t)now->boot_ms);
        p->tick_due = false;
    }
}

/* Whatever a turn did may have changed what waits. */
static void tick_set(struct program *p)
{
    int64_t due = (int64_t)guard_due(p->guard);
    err     e = p->tick_due ? OK : loop_timer_set(shell_loop(&p->shell), &p->tick, due);
    MUST(!err_is(e));
}

/* ---- a turn: record, then release ---- */

static err append_records(struct program *p)
{
    struct log_writer *log = shell_writer(&p->shell, LOG_LEDGER);
    span               all = guard_records(p->guard);
    while (p->appended < all.len) {
        struct reader     r = reader_of((span){all.ptr + p->appended, all.len - p->appended});
        span              bytes = read_block32(&r, RECORD_MAX);
        uint64_t          position = 0;
        struct log_record record = {&bytes, 1, RECORD_DURABLE, bytes.len > 0 ? bytes.ptr[0] : 0};
        MUST(!r.bad);
        TRY(log_append(log, &record, &position));
        p->appended = all.len - r.rest.len;
    }
    return OK;
}

static struct caller_channel *caller_of(struct program *p, uint8_t role)
{
    for (size_t i = 0; i < CALLERS; i++) {
        if (p->caller[i].caller == role && p->caller[i].fd >= 0) {
            return &p->caller[i];
        }
    }
    return NULL;
}

/* accordd ends what does not answer; it is told as its child, not as a caller */
static bool end_asked(struct program *p, uint8_t role, span bytes)
{
    struct guard_message m;
    if (role != CALLER_ACCORDD || err_is(guard_message_read(bytes, &m)) || m.kind != ANSWER_END) {
        return false;
    }
    MUST(m.body.len == 1);
    err e = shell_end_other(&p->shell, m.body.ptr[0]);
    if (err_is(e)) {
        shell_fail(&p->shell, e);
    }
    return true;
}

static void send_mail(struct program *p, span mail)
{
    struct reader r = reader_of(mail);
    while (r.rest.len > 0) {
        uint8_t                role = read_u8(&r);
        struct message         m = {.bytes = read_block32(&r, MESSAGE_MAX)};
        bool                   end = end_asked(p, role, m.bytes);
        struct caller_channel *c = end ? NULL : caller_of(p, role);
        MUST(!r.bad);
        err e = c != NULL ? channel_send(&c->channel, &m) : OK;
        if (!err_is(e) && c != NULL && channel_waits(&c->channel)) {
            e = caller_watch(p, c);
        }
        if (err_is(e)) {
            caller_failed(p, c, e);
        }
    }
}

/* full - the disk has no room for records: nothing is released until it has */
static void set_full(struct program *p, bool full)
{
    if (p->full == full) {
        return;
    }
    p->full = full;
    shell_note(&p->shell,
               full ? "the ledger has no room: nothing is released" : "the ledger has room again",
               NULL, 0);
    for (size_t i = 0; i < CALLERS; i++) {
        err e = p->caller[i].fd >= 0 ? caller_watch(p, &p->caller[i]) : OK;
        if (err_is(e)) {
            shell_fail(&p->shell, e);
        }
    }
}

/* What the ledger holds now is told elsewhere, after it is synced.  A counter that cannot be written
 * makes the next start a mute one, no more. */
static void write_counter(struct program *p)
{
    struct guard_counter c;
    uint8_t              bytes[COUNTER_LEN];
    int                  fd = shell_file(&p->shell, FILE_COUNTER);
    if (fd < 0 || !guard_counter_now(p->guard, &c)) {
        return;
    }
    guard_counter_write(&c, bytes);
    bool good = pwrite(fd, bytes, sizeof bytes, 0) == (ssize_t)sizeof bytes &&
                ftruncate(fd, sizeof bytes) == 0 && fdatasync(fd) == 0;
    if (good == p->counter_bad) {
        p->counter_bad = !good;
        shell_note(&p->shell,
                   good ? "the counter is written again"
                        : "the counter cannot be written: the next start will be a mute one",
                   NULL, 0);
    }
}

/* What takes away what a room shows does not wait for the medium. */
static void send_urgent(struct program *p)
{
    send_mail(p, guard_urgent(p->guard));
    guard_urgent_end(p->guard);
}

static err commit(struct program *p)
{
    send_urgent(p);
    TRY(slots_sync(&p->slots));
    err e = append_records(p);
    set_full(p, e.code == ERR_FULL);
    if (p->full) {
        return log_sync(shell_writer(&p->shell, LOG_LEDGER));
    }
    TRY(e);
    TRY(log_sync(shell_writer(&p->shell, LOG_LEDGER)));
    shell_flushed(&p->shell, LOG_LEDGER);
    write_counter(p);
    send_mail(p, guard_mail(p->guard));
    guard_turn_end(p->guard);
    p->appended = 0;
    return OK;
}

/* Once when it falls silent, and once when it is there again; after a start it has as long to come. */
static void tell_inspection(struct program *p)
{
    int64_t now = shell_loop(&p->shell)->now.boot_ms;
    bool    unheard = !guard_inspected(p->guard);
    p->begun_ms = p->begun_ms == 0 ? now : p->begun_ms;
    if (unheard != p->unheard && now - p->begun_ms > CHECK_COMES_MS) {
        shell_note(&p->shell,
                   unheard ? "accord-check is not heard: nothing leaves"
                           : "accord-check is heard again: what waited is looked at",
                   NULL, 0);
        p->unheard = unheard;
    }
}

/* A failed sync is never tried again: accordd starts the guard anew, which folds what is there. */
static void on_turn(void *ctx)
{
    struct program *p = ctx;
    if (!p->full) {
        tick(p);
        take_messages(p);
    }
    err e = commit(p);
    if (!err_is(e) && p->stopping && !p->full) {
        guard_stop(p->guard, shell_loop(&p->shell)->now.real);
        e = commit(p);
    }
    tell_inspection(p);
    tick_set(p);
    if (err_is(e)) {
        shell_fail(&p->shell, e);
    }
}

static void on_stop(void *ctx)
{
    struct program *p = ctx;
    p->stopping = true;
}

static void tick_comes(void *ctx)
{
    struct program *p = ctx;
    p->tick_due = true;
}

/* ---- the start ---- */

static err read_key(struct program *p, enum file_name file, secret *out)
{
    uint8_t bytes[SECRET_LEN];
    span    got;
    err     e = shell_file_read(&p->shell, file, bytes, sizeof bytes, &got);
    if (!err_is(e) && got.len == 0) {
        e = FAIL(IO, "a key of the party was not unwrapped"); /* it may be the next time */
    } else if (!err_is(e) && got.len != SECRET_LEN) {
        e = FAIL(MALFORMED, "a key file of the party does not hold 32 bytes");
    }
    memcpy(out->key, bytes, SECRET_LEN);
    bytes_wipe(bytes, sizeof bytes);
    return e;
}

/* A counter that is empty is a new one; one that is damaged is as good as none, and is told. */
static void read_counter(struct program *p, struct guard_counter *out, struct guard_setup *setup)
{
    uint8_t bytes[COUNTER_LEN];
    span    got = {NULL, 0};
    if (shell_file(&p->shell, FILE_COUNTER) < 0) {
        return;
    }
    err e = shell_file_read(&p->shell, FILE_COUNTER, bytes, sizeof bytes, &got);
    if (!err_is(e) && got.len == 0) {
        return;
    }
    e = err_is(e) ? e : guard_counter_read(got, out);
    setup->counter = err_is(e) ? NULL : out;
    setup->counter_damaged = err_is(e);
    if (err_is(e)) {
        struct note_fact fact[] = {{"because", span_text(e.why)}};
        shell_note(&p->shell, "the counter counts as none: every partner must confirm the ledger",
                   fact, 1);
    }
}

static err machine_make(struct program *p)
{
    SECRET             master = {0}, identity = {0};
    uint8_t            certificate[CERT_MAX], key[CERT_MAX];
    struct guard_setup setup = {
        .party = p->shell.party, .random = random_system(), .slots = &p->slots};
    TRY(read_key(p, FILE_MASTER, &master));
    TRY(read_key(p, FILE_IDENTITY, &identity));
    TRY(shell_file_read(&p->shell, FILE_AUTHORITY, certificate, CERT_MAX, &setup.authority));
    TRY(shell_file_read(&p->shell, FILE_AUTHORITY_KEY, key, CERT_MAX, &setup.authority_key));
    setup.master = master;
    setup.identity = identity;
    struct guard_counter counter;
    read_counter(p, &counter, &setup);
    setup.lease_ms = (uint32_t)shell_setting_number(&p->shell, "lease", 0);
    setup.clock_error_ms = (uint32_t)shell_setting_number(&p->shell, "clock-error", 1000);
    p->slots_file = block_file_of(shell_file(&p->shell, FILE_SLOTS));
    err e = slots_open(&p->slots, &p->slots_file);
    e = err_is(e) ? e : guard_init(p->guard, &setup);
    bytes_wipe(key, sizeof key);
    secret_wipe(&setup.master);
    secret_wipe(&setup.identity);
    return e;
}

static err fold_ledger(struct program *p)
{
    struct shell_view view = {
        .log = LOG_LEDGER, .buf = p->read_buffer, .buf_len = sizeof p->read_buffer};
    struct log_item item;
    bool            more = true;
    TRY(shell_reader_open(&p->shell, &p->reader, &view));
    for (;;) {
        TRY(log_next(&p->reader.log, &item, &more));
        if (!more) {
            break;
        }
        err e = guard_fold(p->guard, item.body);
        if (err_is(e)) {
            shell_note_place(&p->shell, "the ledger holds what this guard cannot have written",
                             &p->reader.log.segments.log, item.position);
            return e;
        }
        p->folded++;
    }
    shell_reader_close(&p->reader);
    return OK;
}

static err machine_start(struct program *p)
{
    uint8_t           text[GENESIS_MAX];
    span              genesis = SPAN_LIT("");
    struct loop_clock now = loop_clock_now();
    if (shell_file(&p->shell, FILE_GENESIS) >= 0) {
        TRY(shell_file_read(&p->shell, FILE_GENESIS, text, sizeof text, &genesis));
    }
    TRY(guard_start(p->guard, now.real, (uint64_t)now.boot_ms, genesis));
    p->tick.due = tick_comes;
    p->tick.ctx = p;
    p->tick_due = true;
    return OK;
}

/* Slots and counter stay; the keys are in the machine now, and their files nobody's business. */
static void close_files(struct program *p)
{
    for (unsigned f = 0; f < FILE_COUNT; f++) {
        if (f != FILE_SLOTS && f != FILE_COUNTER) {
            shell_file_done(&p->shell, (enum file_name)f);
        }
    }
}

static void tell_start(struct program *p)
{
    uint8_t          text[96];
    struct writer    w = WRITER_OF(text);
    struct note_fact fact[] = {{.key = "machine-bytes"},
                               {.key = "shell-bytes"},
                               {.key = "libcrypto-bytes"},
                               {.key = "ledger-records"}};
    note_count(&w, &fact[0], guard_size());
    note_count(&w, &fact[1], sizeof *p + LEDGER_BUFFER + sizeof(struct shell_written));
    note_count(&w, &fact[2], ARENA_LEN);
    note_count(&w, &fact[3], p->folded);
    shell_note(&p->shell, "memory is fixed from here on; the ledger is folded", fact, 4);
}

/* Pages are taken now, but for those that only a larger law needs: they are taken when it is loaded. */
static void *memory_take(void)
{
    void *at = shell_zeros(guard_size());
    for (size_t i = 0; i < guard_settled(); i += PAGE_LEN) {
        *((volatile uint8_t *)at + i) = 0;
    }
    return at;
}

static err guard_main(struct program *p)
{
    struct shell_plan plan = {.program = "guard",
                              .box = &box_guard,
                              .handlers_max = 2 * CALLERS,
                              .write_buffer[LOG_LEDGER] = LEDGER_BUFFER,
                              .ctx = p,
                              .on_turn = on_turn,
                              .on_stop = on_stop,
                              .on_channel = on_channel};
    TRY(shell_start(&p->shell, &plan));
    p->guard = memory_take();
    TRY(machine_make(p));
    TRY(fold_ledger(p));
    TRY(machine_start(p));
    close_files(p);
    tell_start(p);
    return shell_run(&p->shell);
}

int main(void)
{
    crypt_memory_fix(arena, sizeof arena);
    crypt_warm();
    return shell_end(&program.shell, guard_main(&program));
}
