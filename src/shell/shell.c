/* SPDX-License-Identifier: Apache-2.0 */
#include "shell/parts.h"

#include "base/text.h"

#include <errno.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

/* Signals, control, the guard's old channel and its new one; for each log a bell, or a syncer's. */
#define OWN_HANDLERS (4 + 2 * LOG_COUNT)

/* Then other events get their turn. */
#define MESSAGES_PER_CALL 64

void *shell_zeros(size_t bytes)
{
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    MUST(at != MAP_FAILED);
    return at;
}

/* ---- accordd's channel ---- */

static err control_rest(struct shell *s)
{
    TRY(channel_send_rest(&s->control));
    uint32_t more = channel_waits(&s->control) ? EPOLLOUT : 0;
    return loop_watch(&s->loop, s->control_id, EPOLLIN | more);
}

err control_send(struct shell *s, span message)
{
    TRY(channel_send(&s->control, &(struct message){.bytes = message}));
    return control_rest(s);
}

static err control_receive(struct shell *s)
{
    bool more = true;
    for (unsigned i = 0; i < MESSAGES_PER_CALL && more; i++) {
        struct message m;
        TRY(channel_receive(&s->control, s->message, &m, &more));
        if (more) {
            TRY(handover_take(s, &m));
        }
    }
    return OK;
}

static void control_ready(void *ctx, uint32_t events)
{
    struct shell *s = ctx;
    err           e = (events & EPOLLOUT) != 0 ? control_rest(s) : OK;
    if (!err_is(e) && (events & ~(uint32_t)EPOLLOUT) != 0) {
        e = control_receive(s);
    }
    if (err_is(e)) {
        shell_fail(s, e);
    }
}

/* The time until GO is accordd's: nothing else can be done yet. */
static err control_wait(struct shell *s)
{
    struct pollfd p = {.fd = CONTROL_FD, .events = POLLIN};
    while (!s->going) {
        struct message m;
        bool           more = false;
        TRY(channel_receive(&s->control, s->message, &m, &more));
        if (more) {
            TRY(handover_take(s, &m));
        } else if (poll(&p, 1, -1) < 0 && errno != EINTR) {
            return FAIL(IO, "waiting for accordd failed");
        }
    }
    return OK;
}

/* ---- turns ---- */

/* A terminal or a service manager signals all processes at once; accordd alone knows the order in
 * which they end, and says so. */
static void on_signal(void *ctx, int number)
{
    (void)ctx;
    (void)number;
}

/* After a failure nothing may be sent any more. */
static void turn_end(void *ctx)
{
    struct shell *s = ctx;
    if (!err_is(s->failed) && s->plan.on_turn != NULL) {
        s->plan.on_turn(s->plan.ctx);
    }
    err e = err_is(s->failed) ? OK : logs_turn(s);
    if (err_is(e)) {
        shell_fail(s, e);
    }
}

static err loop_start(struct shell *s)
{
    uint32_t max = s->plan.handlers_max + OWN_HANDLERS;
    s->handler = shell_zeros(max * sizeof *s->handler);
    TRY(loop_init(&s->loop, s->handler, max));
    TRY(loop_signals(&s->loop, on_signal, s));
    TRY(loop_at_end(&s->loop, turn_end, s));
    return loop_add(&s->loop, CONTROL_FD, EPOLLIN, control_ready, s, &s->control_id);
}

err shell_start(struct shell *s, const struct shell_plan *plan)
{
    s->plan = *plan;
    for (size_t i = 0; i < FILE_COUNT; i++) {
        s->file[i] = -1;
    }
    channel_init(&s->control, CONTROL_FD, s->control_queue, sizeof s->control_queue);
    TRY(bounds_begin(s));
    err e = loop_start(s);
    if (err_is(e)) {
        return FAIL(STATE, "this program is started by accordd, not by hand");
    }
    TRY(control_wait(s));
    TRY(bounds_files(s));
    TRY(writers_open(s));
    TRY(syncers_open(s));
    return bells_watch(s);
}

err shell_run(struct shell *s)
{
    uint8_t ready = CONTROL_READY;
    TRY(bounds_work(s));
    TRY(control_send(s, (span){&ready, 1}));
    s->running = true;
    guard_begin(s);
    logs_begin(s);
    loop_again(&s->loop);
    while (!s->stopping && !err_is(s->failed)) {
        TRY(loop_turn(&s->loop, -1));
    }
    return s->failed;
}

void shell_stop(struct shell *s)
{
    if (!s->stopping && s->plan.on_stop != NULL) {
        s->plan.on_stop(s->plan.ctx);
    }
    s->stopping = true;
}

void shell_fail(struct shell *s, err e)
{
    s->failed = err_is(s->failed) ? s->failed : e;
}

void shell_turn_at(struct shell *s, struct loop_timer *t, int64_t next_ms)
{
    if (next_ms <= s->loop.now.boot_ms) {
        loop_again(&s->loop);
        return;
    }
    err e = loop_timer_set(&s->loop, t, next_ms);
    if (err_is(e)) {
        shell_fail(s, e);
    }
}

int shell_end(struct shell *s, err e)
{
    struct note_fact code = {"because", span_text(err_name(e.code))};
    bool             as_it_is = s->going && !s->running && e.code != ERR_IO && e.code != ERR_FULL;
    if (!err_is(e)) {
        return 0;
    }
    if (e.code == ERR_FORGED) {
        damage_tell(s);
    }
    shell_note(s, e.why, &code, 1);
    return as_it_is ? SHELL_CANNOT_START : 1;
}

void shell_note(struct shell *s, const char *sentence, const struct note_fact *fact, size_t count)
{
    struct note n = {.at = loop_clock_now().real,
                     .program = s->plan.program,
                     .sentence = sentence,
                     .fact = fact,
                     .facts = count};
    note_write(STDERR_FILENO, &n);
}

void shell_note_because(struct shell *s, const char *sentence, const name *source, const char *why)
{
    const struct note_fact fact[] = {{"source", source == NULL ? (span){0} : name_span(source)},
                                     {"because", span_text(why == NULL ? "" : why)}};
    const size_t           from = source == NULL ? 1 : 0;
    if (why != NULL) {
        shell_note(s, sentence, fact + from, ARRAY_LEN(fact) - from);
    }
}

void shell_note_tally(struct shell *s, const char *sentence, struct tally *t)
{
    const char *why;
    uint64_t    count;
    int64_t     now = s->stopping ? INT64_MAX : s->loop.now.boot_ms;
    while (tally_due(t, now, &why, &count)) {
        uint8_t          digits[24];
        struct writer    w = WRITER_OF(digits);
        struct note_fact fact[] = {{.key = "because", .value = span_text(why)}, {.key = "count"}};
        note_count(&w, &fact[1], count);
        shell_note(s, sentence, fact, ARRAY_LEN(fact));
    }
}

/* ---- settings and files ---- */

span shell_setting(const struct shell *s, const char *key)
{
    span rest = {s->settings, s->settings_len};
    while (rest.len > 0) {
        span line = span_cut(&rest, '\n');
        if (span_is(span_cut(&line, ' '), key)) {
            return line;
        }
    }
    return SPAN_LIT("");
}

uint64_t shell_setting_number(const struct shell *s, const char *key, uint64_t otherwise)
{
    uint64_t n = 0;
    return err_is(text_decimal(shell_setting(s, key), UINT64_MAX, &n)) ? otherwise : n;
}

int shell_file(const struct shell *s, enum file_name file)
{
    return s->file[file];
}

void shell_file_done(struct shell *s, enum file_name file)
{
    if (s->file[file] >= 0) {
        close(s->file[file]);
        s->file[file] = -1;
    }
}

/* A file, or the pipe in which an unwrapped key comes: that is waited for. */
static ssize_t read_from(int fd, void *to, size_t max, size_t at)
{
    ssize_t got = pread(fd, to, max, (off_t)at);
    return got < 0 && errno == ESPIPE ? read(fd, to, max) : got;
}

err shell_file_read(const struct shell *s, enum file_name file, uint8_t *buf, size_t max, span *out)
{
    size_t len = 0;
    if (s->file[file] < 0) {
        return FAIL(UNKNOWN, "a file that this process needs was not handed over");
    }
    for (;;) {
        uint8_t over;
        void   *to = len < max ? &buf[len] : &over;
        ssize_t got = read_from(s->file[file], to, len < max ? max - len : 1, len);
        if (got == 0) {
            *out = (span){buf, len};
            return OK;
        }
        if (got < 0 && errno != EINTR) {
            return FAIL(IO, "a file of the party could not be read");
        }
        if (got > 0 && len == max) {
            return FAIL(LIMIT, "a file of the party is longer than it may be");
        }
        len += got > 0 ? (size_t)got : 0;
    }
}
