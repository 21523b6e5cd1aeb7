/* links: desk */
/* SPDX-License-Identifier: Apache-2.0 */
/* 1,000 rooms, 10,000 viewers, 100,000 live tracks at one desk: memory, and what a report costs by whom it goes to.
 *
 *   scale [TRACKS]     20,000, half a minute of processor; 100,000 are two to three minutes, and 4 GB
 *
 * The desk's own machine without its guard, signatures, TLS and sockets (those are bench/fanout's and bench/mask's); time
 * is the bench's own, so that 500 reports a second come however slow the machine is.  Of ten viewers one is a display
 * with a room of its own; nine are streams under one person's session, three of all feeds and six of one each.  Each
 * room, and each person, may see another three of 20 feeds: no two rooms show the same.  A delivery is a report that
 * one viewer is told.
 *
 * Printed for all of the viewers, for a tenth of them, for all of them while what is reported is nobody's to see, and for
 * a tenth of the tracks.  A row that takes more than a minute and 5 ms a track is ended, and says so. */
#include "desk/rows.h"
#include "desk/state.h"

#include <linux/perf_event.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FEEDS    20 /* and one more, which nobody may see */
#define SEEN     3
#define STREAMS  9  /* of a session */
#define BATCH    10 /* reports that come together */
#define BATCH_MS 20
#define REPORTS  2000
#define ROOM     400 /* rooms whose word comes again, as when a reader is heard */
#define FAR      (INT64_MAX / 4)

/* cost - the processor's seconds, and instructions of this process; 0: not counted here */
struct cost {
    double   s;
    uint64_t instructions;
};

static struct desk  *desk;
static struct epoch *feed[FEEDS + 1];
static uint64_t      streams_told, bytes;
static instant       now = 1000000;
static int64_t       boot_ms = 5000;
static int           counter = -1;

static void must(err e)
{
    MUST(!err_is(e));
}

static void counter_open(void)
{
    struct perf_event_attr what = {.type = PERF_TYPE_HARDWARE,
                                   .size = sizeof what,
                                   .config = PERF_COUNT_HW_INSTRUCTIONS,
                                   .exclude_kernel = 1};
    counter = (int)syscall(SYS_perf_event_open, &what, 0, -1, -1, 0);
}

static struct cost cost_now(void)
{
    struct timespec t;
    struct cost     c = {0};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    c.s = (double)t.tv_sec + (double)t.tv_nsec / 1e9;
    if (counter < 0 || read(counter, &c.instructions, sizeof c.instructions) < 0) {
        c.instructions = 0;
    }
    return c;
}

static void cost_add(struct cost *sum, struct cost from)
{
    struct cost to = cost_now();
    sum->s += to.s - from.s;
    sum->instructions += to.instructions - from.instructions;
}

static size_t rss_mib(void)
{
    size_t pages = 0;
    FILE  *f = fopen("/proc/self/statm", "re");
    if (f != NULL) {
        (void)!fscanf(f, "%*u %zu", &pages);
        fclose(f);
    }
    return pages * (size_t)sysconf(_SC_PAGESIZE) >> 20;
}

/* ---- the desk's port: whatever is told is counted ---- */

static err ask_guard(void *ctx, span message)
{
    (void)ctx;
    (void)message;
    return OK;
}

static void refuse_it(void *ctx, struct asker a, err e)
{
    (void)ctx;
    (void)a;
    must(e);
}

static err stream_begin(void *ctx, struct asker a)
{
    (void)ctx;
    (void)a;
    return OK;
}

static void event(void *ctx, const struct asker *to, size_t count, const char *kind, span data)
{
    (void)ctx;
    (void)to;
    (void)kind;
    bytes += count * data.len;
}

static void marked(void *ctx, const struct asker *to, size_t count, const char *kind,
                   const name *event_id, span data)
{
    (void)event_id;
    event(ctx, to, count, kind, data);
    streams_told += count;
}

static bool quiet(void *ctx, struct asker a)
{
    (void)ctx;
    (void)a;
    return true;
}

static bool none(void *ctx, struct asker a)
{
    (void)ctx;
    (void)a;
    return false;
}

/* ---- who sees what ---- */

/* The n-th set of three feeds: 1,140 are different. */
static uint32_t seen_by(unsigned n)
{
    for (uint32_t a = 0; a < FEEDS; a++) {
        for (uint32_t b = a + 1; b < FEEDS; b++) {
            for (uint32_t c = b + 1; c < FEEDS; c++) {
                if (n-- == 0) {
                    return 1u << a | 1u << b | 1u << c;
                }
            }
        }
    }
    abort();
}

static name named(const char *stem, unsigned n)
{
    char text[NAME_MAX_LEN + 1];
    name out;
    (void)snprintf(text, sizeof text, "%s-%u", stem, n);
    must(name_of(span_text(text), &out));
    return out;
}

static void feeds_make(void)
{
    for (unsigned n = 0; n <= FEEDS; n++) {
        id            handle = {{(uint8_t)(n + 1)}};
        name          partner = {"JPN"};
        struct epoch *e = &desk->epoch[epoch_add(desk, &handle, &partner)];
        struct writer w = WRITER_OF(e->prefix);
        desk->class[n] =
            (struct class_known){.known = true, .rank = 1, .level = "II", .banner = "JPN II"};
        e->known = e->keyed = e->track = true;
        e->class = (uint16_t)n;
        e->originator = partner;
        e->feed = named("feed", n);
        e->place = desk->feed_count;
        desk->feed[desk->feed_count++] =
            (struct feed_name){.originator = e->originator, .feed = e->feed};
        put_text(&w, "{\"originator\":\"JPN\",\"feed\":");
        put_json(&w, name_span(&e->feed));
        e->prefix_len = w.len;
        feed[n] = e;
    }
}

static void seat(uint32_t sitting, uint32_t sees)
{
    for (unsigned n = 0; n < FEEDS; n++) {
        if ((sees >> n & 1) != 0) {
            epoch_until(feed[n], sitting, FAR);
        }
    }
}

static void room_says(unsigned n, uint32_t turn)
{
    uint8_t         text[GUARD_MESSAGE_MAX];
    struct writer   w = WRITER_OF(text);
    struct room_row row = {.room = named("room", n), .turn = turn, .lease_ms = 1 << 30};
    for (unsigned c = 0; c < FEEDS; c++) {
        row.may[c / 8] |= (uint8_t)((seen_by(n) >> c & 1) << c % 8);
    }
    guard_message_begin(&w, ANSWER_ROOM, 0);
    room_row_put(&w, &row);
    desk_hear(desk, writer_span(&w));
}

static void display_make(unsigned n)
{
    struct desk_request r = {.what = ASK_DISPLAY, .holder = named("wall", n)};
    struct display_row  row = {r.holder, named("room", n), n + 1, {0}};
    room_says(n, 1);
    must(display_on(desk, &row, 600));
    seat(DESK_SITTINGS_MAX + n, seen_by(n));
    desk_ask(desk, (struct asker){n, 1}, &r);
}

static void session_make(unsigned n)
{
    uint8_t  terminal[TERMINAL_LEN] = {(uint8_t)n, (uint8_t)(n >> 8), 1};
    uint32_t at = sitting_add(desk, n + 1, terminal), sees = seen_by(n);
    MUST(at != NONE);
    seat(at, sees);
    for (unsigned i = 0; i < STREAMS; i++) {
        struct stream s = {.asker = {DESK_DISPLAYS_MAX + n * STREAMS + i, 1},
                           .sitting = at,
                           .display = NONE,
                           .behind = NONE};
        for (unsigned f = 0, of = i % SEEN; i >= SEEN && f < FEEDS; f++) {
            if ((sees >> f & 1) != 0 && of-- == 0) {
                s.feed = feed[f]->feed;
                break;
            }
        }
        stream_add(desk, &s);
    }
}

/* ---- reports ---- */

static struct report report_of(unsigned track)
{
    now++;
    struct report r = {.time = now, .start = now, .stale = now + MS_PER_DAY};
    (void)snprintf(r.uid, sizeof r.uid, "TRACK-%u", track);
    memcpy(r.type, "a-f-A-M-F", 10);
    memcpy(r.how, "m-g", 4);
    (void)snprintf(r.callsign, sizeof r.callsign, "CALL%u", track);
    r.place.lat_e7 = (int32_t)(track / 400) * 2000000 - 300000000;
    r.place.lon_e7 = (int32_t)(track % 400) * 2000000 + (int32_t)(now % 1000) - 400000000;
    r.has = REPORT_COURSE | REPORT_SPEED;
    r.speed_cms = 20000;
    return r;
}

/* As show_items does with a batch that was verified and decrypted. */
static void batch_show(struct epoch *e, unsigned first, unsigned tracks)
{
    const id       handle = desk->epoch_handle[e - desk->epoch];
    struct telling t = {
        .e = e, .handle = &handle, .to = desk->to, .count = stream_targets(desk, e)};
    desk_at(desk, boot_ms, now);
    for (unsigned i = 0; i < BATCH; i++) {
        struct report r = report_of((first + i * FEEDS) % tracks);
        telling_put(desk, &t, e->next++, &r);
        epoch_picture(desk, e, &r);
    }
    telling_end(desk, &t);
}

static void settle(void)
{
    while (desk_work(desk) || desk_soon(desk)) {
        desk_at(desk, boot_ms += BATCH_MS, now);
    }
}

/* ---- one row ---- */

struct row {
    const char *what;
    unsigned    tracks, rooms;
    bool        hidden; /* what is reported is nobody's to see */
};

static size_t begin(const struct row *row)
{
    static struct random_stream stream;
    const struct desk_setup     setup = {.port = {.ask_guard = ask_guard,
                                                  .refuse = refuse_it,
                                                  .stream_begin = stream_begin,
                                                  .event = event,
                                                  .marked = marked,
                                                  .slow = none,
                                                  .quiet = quiet,
                                                  .purge = none},
                                         .random = random_from(&stream),
                                         .sealer = {{7}},
                                         .spki = SPAN_LIT("spki"),
                                         .host = SPAN_LIT("127.0.0.1")};
    size_t                      empty = rss_mib();
    must(desk_open(&setup, &desk));
    desk_at(desk, boot_ms, now);
    feeds_make();
    for (unsigned i = 0; i < row->rooms; i++) {
        display_make(i);
        session_make(i);
    }
    settle();
    for (unsigned i = 0; i < row->tracks; i++) {
        struct report r = report_of(i);
        desk_at(desk, boot_ms, now);
        epoch_picture(desk, feed[i % FEEDS], &r);
    }
    settle();
    return rss_mib() - empty;
}

static uint64_t rooms_of(unsigned feed_number, unsigned rooms)
{
    uint64_t count = 0;
    for (unsigned i = 0; i < rooms; i++) {
        count += seen_by(i) >> feed_number & 1;
    }
    return count;
}

static double each(double sum, uint64_t of)
{
    return of == 0 ? 0 : sum / (double)of;
}

static void measure(const struct row *row)
{
    struct cost came = {0}, told = {0}, word = {0}, tick = {0};
    uint64_t    displays_told = 0;
    size_t      mib = begin(row);
    bytes = streams_told = 0;
    for (unsigned i = 0; i < REPORTS / BATCH; i++) {
        unsigned    f = row->hidden ? FEEDS : (unsigned)rand() % FEEDS;
        struct cost from = cost_now();
        batch_show(feed[f], (unsigned)rand() % (row->tracks / FEEDS) * FEEDS + f, row->tracks);
        cost_add(&came, from);
        from = cost_now();
        settle();
        cost_add(&told, from);
        boot_ms += BATCH_MS;
        displays_told += BATCH * (f < FEEDS ? rooms_of(f, row->rooms) : 0);
    }
    struct cost from = cost_now();
    for (unsigned i = 0; i < ROOM; i++) {
        room_says(i % row->rooms, 1);
    }
    cost_add(&word, from);
    from = cost_now();
    desk_tick(desk);
    cost_add(&tick, from);
    uint64_t all = displays_told + streams_told * BATCH;
    double   us = (came.s + told.s) * 1e6;
    printf("%s: %u tracks, %u viewers, %u rooms that differ: %zu MiB; a report %.1f us, to %.0f "
           "viewers, "
           "a delivery %.2f us",
           row->what, row->tracks, row->rooms * (STREAMS + 1), row->rooms, mib, us / REPORTS,
           (double)all / REPORTS, each(us, all));
    if (counter >= 0) {
        double n = (double)(came.instructions + told.instructions);
        printf(" (%.0f and %.0f instructions)", n / REPORTS, each(n, all));
    }
    printf("; of a display %.2f us, %.0f bytes; a room's word %.0f us, a tick %.1f ms\n",
           each(us, displays_told), each((double)bytes, all), word.s * 1e6 / ROOM, tick.s * 1e3);
    desk_close(desk);
}

static void row_run(const struct row *row)
{
    unsigned limit_s = 60 + row->tracks / 200;
    pid_t    child = fork(); /* so that memory is each one's own */
    if (child == 0) {
        (void)alarm(limit_s);
        (void)mallopt(M_MMAP_THRESHOLD, 128 << 10);
        counter_open();
        measure(row);
        (void)fflush(stdout);
        _exit(0);
    }
    int status = 0;
    MUST(child > 0 && waitpid(child, &status, 0) == child);
    if (status != 0) {
        printf("%s: was ended after %u s, or failed: status %d\n", row->what, limit_s, status);
    }
    (void)fflush(stdout);
}

int main(int argc, char **argv)
{
    unsigned         tracks = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 20000;
    const struct row row[] = {
        {"all", tracks, 1000, false},
        {"a tenth of the viewers", tracks, 100, false},
        {"nobody may see it", tracks, 1000, true},
        {"a tenth of the tracks", tracks / 10, 1000, false},
    };
    MUST(tracks >= 10 * FEEDS && tracks <= PICTURE_CONTACTS_MAX);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        row_run(&row[i]);
    }
    return 0;
}
