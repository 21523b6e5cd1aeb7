/* SPDX-License-Identifier: Apache-2.0 */
/* accord-desk: gives the desk's machine its clients, the guard's messages, the logs and time.
 *
 * At the start both logs that hold products are read once, to index them; then the guard certifies the
 * TLS key of this start, and only then is anybody listened to.  At the end of a turn what was submitted
 * is synced, and acknowledged. */
#include "crypt/warm.h"
#include "desk/body.h"
#include "deskio/front.h"
#include "loop/net.h"
#include "shell/shell.h"

#include <sys/resource.h>
#include <unistd.h>

#define TICK_MS 500

/* A minute later nothing waits any more that was before it. */
#define NEED_TICKS 120

/* FOLLOW_NOTE_TICKS - of notes on lines of a followed log: ten minutes between them */
#define FOLLOW_NOTE_TICKS 1200

/* Records of a log in one turn, and reports of them, in a millisecond or two: then clients are served. */
#define TURN_RECORDS 256
#define TURN_REPORTS 256

/* FILES_OWN - descriptors that are not a client's: segments of three logs, and a few */
#define FILES_OWN (3 * SEGMENTS_MAX + 64)

/* CONNECTIONS_LEAST - whatever the limit of open files is: who runs a desk with so few has few segments too */
#define CONNECTIONS_LEAST 256

/* TURN_MS - no further report then: with many audiences one takes long, and a mask waits for the end of the turn */
#define TURN_MS 8

/* SOON_MS - when displays have been told as much as they may be, they are told more after so long */
#define SOON_MS 2

struct program {
    struct shell        shell;
    struct desk        *desk;
    struct front        front;
    struct drop         drop;
    struct page         page;
    struct follow       follow;
    struct loop_timer   tick, soon;
    struct viewers      viewers;
    unsigned            ticks, follow_tick, lost_tick;
    uint64_t            follow_told; /* lines passed over, of which a note was made */
    const char         *lost_told;   /* why the followed log cannot be, as it was noted */
    struct shell_reader inbox, own, feeds;
    uint64_t            need_then[3]; /* where inbox, own outbox and own feeds were a while ago */
    bool                written, ready, indexed, following, broken_told, strange_told;
    size_t              key_len;
    struct log_window   window;
    uint8_t             key[CERT_KEY_MAX];
    uint8_t             inbox_buffer[SHELL_BUFFER_MAX], own_buffer[SHELL_BUFFER_MAX];
    uint8_t             feeds_buffer[SHELL_BUFFER_MAX];
    uint8_t             window_buffer[SHELL_BUFFER_MAX];
};

static struct program program;

static void now_tell(struct program *p)
{
    const struct loop_clock *now = &shell_loop(&p->shell)->now;
    desk_at(p->desk, now->boot_ms, now->real);
}

/* ---- the desk's port ---- */

static struct program *program_of(void *ctx)
{
    (void)ctx; /* the front; both are here once */
    return &program;
}

static err ask_guard(void *ctx, span message)
{
    return shell_ask(&program_of(ctx)->shell, message);
}

/* What is read again was seen by the reader before, so it may be read. */
static err log_read(void *ctx, enum log_name log, uint64_t position, span *body)
{
    struct program          *p = program_of(ctx);
    const struct log_reader *r = log == LOG_INBOX           ? &p->inbox.log
                                 : log == LOG_OUTBOX_INTAKE ? &p->feeds.log
                                                            : &p->own.log;
    struct log_item          item;
    uint64_t                 limit =
        log == LOG_OUTBOX_DESK ? atomic_load(&r->marks->synced) : atomic_load(&r->marks->written);
    if (!segments_has(&r->segments, position)) {
        return FAIL(UNKNOWN, "a part of it is no longer kept here");
    }
    err e = log_item_at(&p->window, &r->segments, position, limit, &item);
    if (e.code == ERR_IO) {
        shell_fail(&p->shell,
                   e); /* who starts anew reads it again: what was on its way is not passed over */
    }
    TRY(e);
    *body = item.body;
    return OK;
}

static err log_write(void *ctx, span body, uint64_t *position)
{
    struct program         *p = program_of(ctx);
    const struct log_record r = {.part = &body, .count = 1, .kind = RECORD_DURABLE};
    err                     e = log_append(shell_writer(&p->shell, LOG_OUTBOX_DESK), &r, position);
    p->written = p->written || !err_is(e);
    if (e.code == ERR_IO) {
        shell_fail(&p->shell, e);
    }
    return e;
}

static void certified(void *ctx, const struct desk_certificate *c)
{
    struct program *p = program_of(ctx);
    err             e = front_certify(&p->front, c);
    e = err_is(e) ? e : viewers_certify(&p->viewers, c, p->front.key);
    if (err_is(e)) {
        const struct note_fact why = {"why", span_text(e.why)};
        shell_note(&p->shell, "the desk's new certificate cannot be used", &why, 1);
    }
}

/* ---- calls of the shell ---- */

static void revoked_tell(void *ctx, const char *terminal)
{
    struct program *p = ctx;
    name            who;
    bool            named = !err_is(name_of(span_text(terminal), &who));
    shell_note_because(&p->shell, "a client of the desk was cut off", named ? &who : NULL,
                       "its certificate was revoked");
}

static void on_revoked(void *ctx)
{
    struct program *p = ctx;
    if (p->front.tls != NULL) {
        (void)server_revoke(&p->front.server, revoked_tell, p); /* counted there */
    }
    viewers_revoke(&p->viewers);
}

static void on_guard(void *ctx, span message)
{
    struct program *p = ctx;
    if (p->ready) {
        now_tell(p);
        desk_hear(p->desk, message);
        front_urgent(&p->front);
    }
}

static void on_guard_new(void *ctx)
{
    struct program *p = ctx;
    if (p->ready) {
        now_tell(p);
        desk_guard_new(p->desk);
    }
}

static void read_failed(struct program *p, err e)
{
    shell_fail(&p->shell, e);
}

static size_t shelve(struct desk *d, const struct desk_record *r)
{
    desk_shelve(d, r);
    return 0;
}

static bool turn_long(struct program *p)
{
    return loop_clock_now().boot_ms - shell_loop(&p->shell)->now.boot_ms >= TURN_MS;
}

/* What is shelved fills nothing, and of each log one record that is shown goes into a turn whatever the other has filled. */
static bool turn_full(struct program *p, size_t reports)
{
    return reports >= TURN_REPORTS || (reports > 0 && (front_full(&p->front) || turn_long(p)));
}

static void log_turn(struct program *p, enum log_name log, unsigned max,
                     size_t (*take)(struct desk *d, const struct desk_record *r))
{
    struct log_reader *reader = log == LOG_INBOX ? &p->inbox.log : &p->feeds.log;
    struct log_item    item;
    bool               more = true;
    size_t             reports = 0;
    for (unsigned i = 0; i < max && !turn_full(p, reports); i++) {
        err e = log_next(reader, &item, &more);
        if (err_is(e)) {
            read_failed(p, e);
            return;
        }
        if (!more) {
            return;
        }
        const struct desk_record r = {.log = log,
                                      .position = item.position,
                                      .durable = item.kind == RECORD_DURABLE,
                                      .type = item.type,
                                      .body = item.body};
        reports += take(p->desk, &r);
    }
    loop_again(shell_loop(&p->shell));
}

/* What lies there from before is for who comes back: as much of it as a segment holds, and what is in the one that is
 * written. */
static void feeds_begin(struct program *p)
{
    const struct segments *s = &p->feeds.log.segments;
    uint64_t written = atomic_load_explicit(&p->feeds.log.marks->written, memory_order_acquire);
    if (written == 0) {
        return; /* intake has not opened its log yet */
    }
    uint64_t number = written / s->bytes > s->first ? written / s->bytes - 1 : s->first;
    const struct shell_view view = {LOG_OUTBOX_INTAKE, number * s->bytes + SEGMENT_HEAD_LEN, true,
                                    p->feeds_buffer, sizeof p->feeds_buffer};
    shell_reader_close(&p->feeds);
    err e = shell_reader_open(&p->shell, &p->feeds, &view);
    if (err_is(e)) {
        read_failed(p, e);
        return;
    }
    p->following = true;
    log_turn(p, LOG_OUTBOX_INTAKE, UINT32_MAX, shelve);
}

/* After a power cut the courier may be the later of the two: until it has opened its log nothing can be
 * read, and what can be read then came before. */
static void inbox_index(struct program *p)
{
    const struct log_marks *marks = p->inbox.log.marks;
    p->indexed = atomic_load_explicit(&marks->written, memory_order_acquire) > 0;
    log_turn(p, LOG_INBOX, UINT32_MAX, shelve);
}

static void on_log(void *ctx, enum log_name log)
{
    (void)ctx;
    (void)log; /* the end of the turn looks */
}

static void outbox_sync(struct program *p)
{
    struct log_writer *w = shell_writer(&p->shell, LOG_OUTBOX_DESK);
    if (!p->written) {
        return;
    }
    p->written = false;
    err e = log_sync(w);
    if (err_is(e)) {
        shell_fail(&p->shell, e);
        return;
    }
    shell_flushed(&p->shell, LOG_OUTBOX_DESK);
    desk_synced(p->desk, log_synced(w));
}

static void on_turn(void *ctx)
{
    struct program *p = ctx;
    if (!p->ready) {
        return;
    }
    now_tell(p);
    desk_turn(p->desk);
    if (p->indexed) {
        log_turn(p, LOG_INBOX, TURN_RECORDS, desk_inbox);
    } else {
        inbox_index(p);
    }
    if (p->following) {
        log_turn(p, LOG_OUTBOX_INTAKE, TURN_RECORDS, desk_inbox);
    } else {
        feeds_begin(p);
    }
    bool more = desk_work(p->desk);
    more = drop_work(&p->drop) || more;
    if (p->follow.more) {
        follow_poll(&p->follow);
    }
    outbox_sync(p);
    viewers_turn(&p->viewers);
    if (more) {
        loop_again(shell_loop(&p->shell));
    } else if (desk_soon(p->desk) && p->soon.at == 0) {
        int64_t due = shell_loop(&p->shell)->now.boot_ms + SOON_MS;
        MUST(!err_is(loop_timer_set(shell_loop(&p->shell), &p->soon, due)));
    }
}

static void soon_comes(void *ctx)
{
    (void)ctx; /* the end of the turn looks */
}

/* What was read a while ago may go when its retention is over; a product of it can then no longer be
 * opened here.  At a start all that is left is read again. */
static void needs_tell(struct program *p)
{
    (void)err_is(shell_done(&p->shell, LOG_INBOX, p->need_then[0]));
    (void)err_is(shell_done(&p->shell, LOG_OUTBOX_DESK, p->need_then[1]));
    (void)err_is(shell_done(&p->shell, LOG_OUTBOX_INTAKE, p->need_then[2]));
    p->need_then[0] = p->inbox.log.at;
    p->need_then[2] = p->feeds.log.at;
    p->need_then[1] = log_synced(shell_writer(&p->shell, LOG_OUTBOX_DESK));
}

static void drop_tell(struct program *p, bool is, bool *told, const char *what)
{
    if (is && !*told) {
        *told = true;
        shell_note(&p->shell, what, NULL, 0);
    }
}

/* Of a log whose lines are all passed over there is a note each ten minutes, and the first at once. */
static void follow_tell(struct program *p)
{
    const struct follow *f = &p->follow;
    bool          now = p->follow_told == 0 || p->ticks - p->follow_tick >= FOLLOW_NOTE_TICKS;
    uint8_t       digits[24];
    struct writer w = WRITER_OF(digits);
    if (f->refused == p->follow_told || !now) {
        return;
    }
    p->follow_told = f->refused;
    p->follow_tick = p->ticks;
    put_decimal(&w, f->refused);
    const struct note_fact fact[] = {{"why", span_text(f->why)},
                                     {"passed-over", writer_span(&w)},
                                     {"reader", name_span(&f->said)}};
    shell_note(&p->shell, "a line of presence-log counts for nothing, and is passed over", fact,
               ARRAY_LEN(fact) - (f->said.text[0] == 0 ? 1 : 0));
}

/* A log that cannot be followed is told of at once and then each ten minutes: nobody is heard by it. */
static void lost_tell(struct program *p)
{
    const char *why = p->follow.lost;
    bool        again = p->ticks - p->lost_tick >= FOLLOW_NOTE_TICKS;
    if (why != NULL && (why != p->lost_told || again)) {
        p->lost_tick = p->ticks;
        shell_note_because(&p->shell, "presence-log cannot be followed: nobody is heard by it",
                           NULL, why);
    }
    if (why == NULL && p->lost_told != NULL) {
        shell_note(&p->shell, "presence-log is followed again", NULL, 0);
    }
    p->lost_told = why;
    bool none = shell_setting(&p->shell, "presence-log").len == 0;
    desk_following(p->desk, none ? NULL : why == NULL ? "is followed" : why);
}

static void unsaid_tell(struct program *p)
{
    struct desk_unsaid u;
    while (desk_unsaid(p->desk, &u)) {
        const struct note_fact fact[] = {{"originator", name_span(&u.originator)},
                                         {"feed", name_span(&u.feed)},
                                         {"why", span_text(u.why)}};
        shell_note(&p->shell, "TAK clients are not shown a feed: an event cannot say its marking",
                   fact, ARRAY_LEN(fact));
    }
}

static void uncertified_tell(struct program *p)
{
    shell_note_because(&p->shell, "the guard refuses the desk a certificate", NULL,
                       desk_uncertified(p->desk));
}

static void turned_away_tell(struct program *p)
{
    if (p->front.tls != NULL) {
        shell_note_tally(&p->shell, "a client of the desk was turned away",
                         &p->front.server.turned_away);
    }
    shell_note_tally(&p->shell, "a TAK client was turned away", &p->viewers.turned_away);
}

static void tick_comes(void *ctx)
{
    struct program *p = ctx;
    now_tell(p);
    desk_tick(p->desk);
    drop_poll(&p->drop);
    follow_poll(&p->follow);
    follow_tell(p);
    lost_tell(p);
    unsaid_tell(p);
    uncertified_tell(p);
    turned_away_tell(p);
    viewers_tick(&p->viewers);
    drop_tell(p, p->drop.broken, &p->broken_told,
              "a file of the drop folder cannot be moved: no more are taken in");
    drop_tell(p, p->drop.strange, &p->strange_told,
              "something in the drop folder can be neither taken in nor moved away");
    if (p->ticks++ % NEED_TICKS == NEED_TICKS - 1) {
        needs_tell(p);
    }
    int64_t due = shell_loop(&p->shell)->now.boot_ms + TICK_MS;
    MUST(!err_is(loop_timer_set(shell_loop(&p->shell), &p->tick, due)));
}

/* ---- the start ---- */

static err listen_at(struct program *p, span *host)
{
    struct net_address address;
    span               text = shell_setting(&p->shell, "desk");
    TRY(net_address_of(text, &address));
    *host = net_host(text);
    err e = net_listen(&address, &p->front.listener); /* taken today may be free tomorrow */
    return e.code == ERR_CONFLICT ? FAIL(IO, "the desk's address is taken") : e;
}

/* As many clients as there may be files: who comes when all are open would be lost in the midst of others' work. */
static void limits_set(struct program *p)
{
    struct session_limits *limits = &p->front.limits;
    struct rlimit          files;
    uint8_t                digits[24];
    struct writer          w = WRITER_OF(digits);
    struct note_fact       fact = {.key = "connections"};
    *limits = SESSION_LIMITS;
    const size_t others = FILES_OWN + VIEWER_LINKS_MAX + SERVER_ACCEPTS_MAX;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 ||
        files.rlim_cur >= (rlim_t)(limits->connections + others)) {
        return;
    }
    size_t room = files.rlim_cur > others ? (size_t)files.rlim_cur - others : 0;
    limits->connections = room > CONNECTIONS_LEAST ? room : CONNECTIONS_LEAST;
    note_count(&w, &fact, limits->connections);
    shell_note(&p->shell, "the limit of open files leaves fewer places for clients than there are",
               &fact, 1);
}

static err machine_make(struct program *p)
{
    struct desk_setup setup = {.random = random_system()};
    uint8_t           spki[CERT_SPKI_MAX];
    struct writer     key = WRITER_OF(p->key), public_half = WRITER_OF(spki);
    limits_set(p);
    TRY(listen_at(p, &setup.host));
    TRY(viewers_open(&p->viewers, &p->shell, shell_setting(&p->shell, "tak")));
    TRY(cert_key_make(DH_P256, &key));
    p->key_len = key.len;
    TRY(cert_key_public(writer_span(&key), &public_half));
    p->front.key = writer_span(&key);
    setup.spki = writer_span(&public_half);
    random_fill(setup.random, setup.sealer.key, SECRET_LEN);
    front_port(&setup.port);
    setup.port.ctx = &p->front;
    setup.port.ask_guard = ask_guard;
    setup.port.read = log_read;
    setup.port.append = log_write;
    setup.port.certified = certified;
    setup.made = shell_said(&p->shell, LOG_OUTBOX_INTAKE);
    err e = desk_open(&setup, &p->desk);
    secret_wipe(&setup.sealer);
    p->front.desk = p->desk;
    p->front.loop = shell_loop(&p->shell);
    p->front.drop = &p->drop;
    p->front.page = &p->page;
    p->front.follow = &p->follow;
    p->front.viewers = &p->viewers;
    p->viewers.desk = p->desk;
    return e;
}

static err own_shelve(struct program *p)
{
    struct log_item item;
    bool            more = true;
    for (;;) {
        TRY(log_next(&p->own.log, &item, &more));
        if (!more) {
            return OK;
        }
        const struct desk_record r = {.log = LOG_OUTBOX_DESK,
                                      .position = item.position,
                                      .durable = item.kind == RECORD_DURABLE,
                                      .body = item.body};
        desk_shelve(p->desk, &r);
    }
}

static err logs_index(struct program *p)
{
    const struct shell_view inbox = {LOG_INBOX, 0, true, p->inbox_buffer, sizeof p->inbox_buffer};
    const struct shell_view own = {LOG_OUTBOX_DESK, 0, false, p->own_buffer, sizeof p->own_buffer};
    TRY(shell_reader_open(&p->shell, &p->inbox, &inbox));
    const struct shell_view feeds = {LOG_OUTBOX_INTAKE, 0, true, p->feeds_buffer,
                                     sizeof p->feeds_buffer};
    TRY(shell_reader_open(&p->shell, &p->own, &own));
    TRY(shell_reader_open(&p->shell, &p->feeds, &feeds));
    p->window = (struct log_window){.buf = p->window_buffer, .max = sizeof p->window_buffer};
    inbox_index(p);
    return own_shelve(p);
}

/* A desk without the page is a desk. */
static void page_begin(struct program *p)
{
    err e = page_open(&p->page, shell_file(&p->shell, FILE_WALL));
    shell_file_done(&p->shell, FILE_WALL);
    if (err_is(e)) {
        const struct note_fact why = {"why", span_text(e.why)};
        page_close(&p->page);
        shell_note(&p->shell, "the page for displays cannot be used", &why, 1);
    }
}

static err start(struct program *p)
{
    p->front.listener = -1;
    p->drop.folder = -1;
    page_begin(p);
    TRY(machine_make(p));
    TRY(logs_index(p));
    if (shell_file(&p->shell, FILE_DROP) >= 0) {
        TRY(drop_open(&p->drop, p->desk, shell_file(&p->shell, FILE_DROP)));
    }
    follow_open(&p->follow, p->desk, shell_file(&p->shell, FILE_PRESENCE),
                shell_setting(&p->shell, "presence-log"), shell_loop(&p->shell)->now.real);
    p->soon.due = soon_comes;
    p->tick.due = tick_comes;
    p->tick.ctx = p;
    p->ready = true;
    return loop_timer_set(shell_loop(&p->shell), &p->tick, 0);
}

static void program_close(struct program *p)
{
    front_close(&p->front);
    viewers_close(&p->viewers);
    drop_close(&p->drop);
    follow_close(&p->follow);
    page_close(&p->page);
    desk_close(p->desk);
    bytes_wipe(p->key, sizeof p->key);
}

int main(void)
{
    struct program         *p = &program;
    const struct shell_plan plan = {
        .program = "desk",
        .box = &box_desk,
        .handlers_max = (uint32_t)SESSION_LIMITS.connections + SERVER_ACCEPTS_MAX +
                        VIEWER_LINKS_MAX + VIEWER_ACCEPTS_MAX + 9,
        .ctx = p,
        .on_guard = on_guard,
        .on_guard_new = on_guard_new,
        .on_revoked = on_revoked,
        .on_log = on_log,
        .on_turn = on_turn,
    };
    crypt_warm();
    body_warm(random_system());
    err e = shell_start(&p->shell, &plan);
    e = err_is(e) ? e : start(p);
    e = err_is(e) ? e : shell_run(&p->shell);
    turned_away_tell(p);
    program_close(p);
    return shell_end(&p->shell, e);
}
