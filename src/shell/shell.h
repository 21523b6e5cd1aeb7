/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHELL_SHELL_H
#define SHELL_SHELL_H

#include "box/box.h"
#include "loop/channel.h"
#include "loop/loop.h"
#include "loop/note.h"
#include "loop/tally.h"
#include "shell/syncer.h"
#include "store/log_reader.h"
#include "wire/control.h"

/* What every process of a gateway shares (docs/format/processes.md): accordd hands it all that it
 * may use on descriptor 3, then it turns until it is told to stop.
 *
 *     static struct shell s;
 *     err e = shell_start(&s, &plan);            everything was handed over
 *     ... shell_writer, shell_reader_open, loop_add(shell_loop(&s), …)
 *     if (!err_is(e)) { e = shell_run(&s); }
 *     return shell_end(&s, e);
 *
 * A turn: sockets, timers, bells and messages of the guard come as calls; then on_turn, once, in
 * which the machine flushes or syncs what it wrote, and sends what waited for that.
 *
 * All memory is mapped by shell_start; afterwards the shell opens and allocates nothing. */

/* All settings of a process as canonical text. */
#define SHELL_SETTINGS_MAX 8192

/* Holds the largest record of any log. */
#define SHELL_BUFFER_MAX ((size_t)RECORD_BODY_MAX + (64 << 10))

/* The writer rings at most this many: a message holds the marks page and three more descriptors. */
#define SHELL_BELLS_MAX (MESSAGE_FDS_MAX - 1)

/* shell_plan - what a program is to the shell; a call that is NULL is not made
 *
 * program         "courier": the name in its notes
 * box             what binds it (box/box.h); NULL, which only stand-ins of tests have: nothing
 * handlers_max    descriptors that the program itself will add to the loop
 * write_buffer    for each log it writes: 0 = SHELL_BUFFER_MAX, else at least LOG_BUFFER_MIN
 * ctx             handed to every call
 *
 * on_guard        a message of the guard; valid during the call
 * on_guard_new    there is a new channel to the guard: once after the start, and again whenever the
 *                 guard was started anew: greet, and ask afresh what had no answer
 * on_revoked      the guard said which certificates were revoked: TLS takes them no more; what is open by one ends
 *                 (tls_is_revoked)
 * on_log          a log that this process reads may have grown, or got a segment: once after the
 *                 start; not for a log that it writes itself
 * on_synced       what shell_sync_begin began is over; with it each log that is written has a thread
 *                 that waits for the medium
 * on_turn         the end of every turn
 * on_stop         accordd wants an end; after this turn's on_turn the process ends
 * on_channel      the guard's only: a channel of a caller, fd its own now; without this call a
 *                 channel is the one to the guard */
struct shell_plan {
    const char       *program;
    const struct box *box;
    uint32_t          handlers_max;
    size_t            write_buffer[LOG_COUNT];
    void             *ctx;
    void (*on_guard)(void *ctx, span message);
    void (*on_guard_new)(void *ctx);
    void (*on_revoked)(void *ctx);
    void (*on_log)(void *ctx, enum log_name log);
    void (*on_synced)(void *ctx, enum log_name log);
    void (*on_turn)(void *ctx);
    void (*on_stop)(void *ctx);
    void (*on_channel)(void *ctx, unsigned caller, int fd);
};

/* shell_segments - the files of one log in one use, as they were handed over: number N, from first on,
 * lies at N % SEGMENTS_MAX */
struct shell_segments {
    uint64_t          first;
    size_t            count;
    struct block_file file[SEGMENTS_MAX];
};

/* shell_written - a log that this process writes */
struct shell_written {
    struct log_marks     *marks;
    struct shell_segments segments;
    struct log_writer     writer;
    uint8_t              *buffer;
    int                   bell[SHELL_BELLS_MAX];
    size_t                bells;
    int64_t               asked_ms; /* when the next spare was last asked for; 0 = not yet */
    enum log_name         name;
    struct shell         *shell;
    struct syncer         syncer; /* of programs with on_synced */
};

/* shell_passing - what this process says was passed of a log that it inspects
 *
 * fd       the file, for fdatasync
 * looked   the sums of what was looked at
 * bell     of those who wait for it */
struct shell_passing {
    struct passing   *page;
    struct block_file looked;
    int               fd;
    int               bell[SHELL_BELLS_MAX];
    size_t            bells;
};

/* shell_read - a log that this process reads, with as many readers as it likes
 *
 * passing   it may read only what was passed, and is as it was then by `looked`; NULL: all */
struct shell_read {
    enum log_name           name;
    struct shell           *shell;
    const struct log_marks *marks;
    const struct passing   *passing;
    struct block_file       looked;
    struct shell_segments   segments;
    struct shell_reader    *reader;
    int                     bell; /* -1 = this process writes it itself */
};

/* shell_reader - the caller's; one place in a log */
struct shell_reader {
    struct log_reader    log;
    struct shell_read   *of;
    struct shell_reader *next;
};

struct shell {
    struct shell_plan     plan;
    name                  party;
    struct loop           loop;
    struct loop_handler  *handler;
    struct channel        control;
    uint32_t              control_id;
    struct channel        guard;
    uint32_t              guard_id;
    bool                  guard_there;
    bool                  going;   /* everything was handed over */
    bool                  running; /* calls may be made */
    bool                  stopping;
    err                   failed;
    struct shell_written *written[LOG_COUNT]; /* NULL = not written here */
    struct shell_read    *read[LOG_COUNT];    /* NULL = not read here */
    struct shell_passing  passing[LOG_COUNT]; /* page NULL = not inspected here */
    int                   file[FILE_COUNT];   /* -1 = not handed over */
    struct loop_timer     again;              /* asks anew for a spare that did not come */
    struct box_told       told;
    size_t                settings_len;
    uint8_t               settings[SHELL_SETTINGS_MAX];
    uint8_t               message[MESSAGE_MAX];
    uint8_t               guard_queue[CHANNEL_QUEUE_MAX];
    uint8_t               control_queue[MESSAGE_MAX + CHANNEL_ENTRY_LEN];
};

/* shell_start - the box is closed, libcrypto asked what is known; take everything that accordd hands over, until
 * CONTROL_GO; open the writers
 *
 * s       zeroed storage, best static
 * fails   STATE when descriptor 3 is no channel of accordd, MALFORMED on what it says, as
 *         box_begin, box_files, crypt_known, log_writer_open; IO
 * cost    waits for accordd; reads the logs that it writes */
err shell_start(struct shell *s, const struct shell_plan *plan);

/* shell_run - the box is closed for its work and told; say that this process does it, and turn until the end
 *
 * fails   IO; what shell_fail was given */
err shell_run(struct shell *s);

/* shell_stop - end in good order after this turn; shell_fail - end with a failure that is noted */
void shell_stop(struct shell *s);
void shell_fail(struct shell *s, err e);

/* The exit code of who had everything and cannot begin with it: starting it again changes nothing,
 * and accordd ends.  What the system refused (IO, FULL) may go well the next time. */
#define SHELL_CANNOT_START 3

/* shell_end - the exit code: 0, or 1 or SHELL_CANNOT_START after a note of what failed */
int shell_end(struct shell *s, err e);

/* shell_note - one line to who runs this; facts may be NULL when count is 0 */
void shell_note(struct shell *s, const char *sentence, const struct note_fact *fact, size_t count);

/* shell_note_tally - what of it is due, and in the end all: a line each, with `because` and `count` */
void shell_note_tally(struct shell *s, const char *sentence, struct tally *t);

/* shell_note_because - a line about who or what (`source`; NULL: about nobody), and why; none when why is NULL */
void shell_note_because(struct shell *s, const char *sentence, const name *source, const char *why);

/* shell_note_place - a line that names a log and a position in it */
void shell_note_place(struct shell *s, const char *sentence, const name *log, uint64_t position);

/* shell_zeros - fixed memory of this process, for ever; aborts when there is none */
void *shell_zeros(size_t bytes);

/* shell_setting - the value of a key of accord.conf ("desk"), "" when it is not there
 *
 * shell_setting_number - as a number; `otherwise` when it is not there, or no number */
span     shell_setting(const struct shell *s, const char *key);
uint64_t shell_setting_number(const struct shell *s, const char *key, uint64_t otherwise);

/* shell_file - the descriptor of a file, -1 when it was not handed over
 * shell_file_done - close it: what was read once need not be read again
 * shell_file_read - all of it
 *
 * fails   UNKNOWN when it was not handed over, LIMIT past max, IO */
int  shell_file(const struct shell *s, enum file_name file);
void shell_file_done(struct shell *s, enum file_name file);
err  shell_file_read(const struct shell *s, enum file_name file, uint8_t *buf, size_t max,
                     span *out);

/* shell_loop - for sockets and timers; its `now` is the time of this turn */
static inline struct loop *shell_loop(struct shell *s)
{
    return &s->loop;
}

/* shell_turn_at - there is a turn at next_ms, when t comes due; at once when that has passed
 *
 * t         the program's, with its call; moved
 * next_ms   as loop_clock's boot_ms */
void shell_turn_at(struct shell *s, struct loop_timer *t, int64_t next_ms);

/* shell_ask - a message to the guard
 *
 * fails   STATE while the guard is away: on_guard_new will come; FULL when it does not take its
 *         messages: ask less; LIMIT */
err shell_ask(struct shell *s, span message);

/* shell_writer - the writer of a log; aborts when accordd did not give it to this process */
struct log_writer *shell_writer(struct shell *s, enum log_name log);

/* shell_beside - what the writer of a log says to its readers beside it: LOG_BESIDE_LEN bytes, which it alone can write
 * shell_said   - the same for a reader */
void       *shell_beside(const struct shell *s, enum log_name log);
const void *shell_said(const struct shell *s, enum log_name log);

/* shell_sync_begin - log_sync, but the waiting is a thread's: on_synced comes when it is over
 *
 * After log_flush, and not while one is under way on this log.  What it fails with later ends the process.
 *
 * fails   as log_sync_begin
 *
 * shell_sync - log_sync, here and now; what was under way is waited for, and tells no more
 *
 * fails   as log_sync */
err shell_sync_begin(struct shell *s, enum log_name log);
err shell_sync(struct shell *s, enum log_name log);

/* shell_flushed - ring the readers of a log, after log_flush or log_sync */
void shell_flushed(struct shell *s, enum log_name log);

/* shell_view - where and how to read; see struct log_view
 *
 * buf    at least LOG_READER_BUFFER_MIN, and larger than any record of that log; SHELL_BUFFER_MAX
 *        holds all.  The caller's as long as it reads */
struct shell_view {
    enum log_name log;
    uint64_t      from;
    bool          live;
    uint8_t      *buf;
    size_t        buf_len;
};

/* shell_reader_open - follow a log; new segments are added by the shell
 *
 * Then log_next(&r->log, …) until there is no more, and again when on_log comes.  log_item_at with
 * r->log.segments finds a record whose position is known.
 *
 * r       the caller's until shell_reader_close
 * fails   DENIED when accordd did not give this log to read; as log_reader_open
 *
 * shell_reader_whole - all of it, what is live too, with a buffer of its own that is never given back: at the start */
err  shell_reader_open(struct shell *s, struct shell_reader *r, const struct shell_view *v);
err  shell_reader_whole(struct shell *s, struct shell_reader *r, enum log_name log);
void shell_reader_close(struct shell_reader *r);

/* shell_passing_of - of a log that this process inspects; aborts when accordd did not give it that
 * shell_passed     - ring for those who wait for it */
struct shell_passing *shell_passing_of(struct shell *s, enum log_name log);
void                  shell_passed(struct shell *s, enum log_name log);

/* shell_done - tell accordd that this process needs nothing of a log before a position
 *
 * fails   as channel_send; telling it later is as good */
err shell_done(struct shell *s, enum log_name log, uint64_t position);

/* shell_end_other - the guard's only: that caller does not answer, accordd ends it
 *
 * caller  enum caller
 * fails   IO */
err shell_end_other(struct shell *s, unsigned caller);

#endif
