/* links: deskio */
/* SPDX-License-Identifier: Apache-2.0 */
/* 500 displays of one room and 20,000 live tracks, of which 5,000 may not be seen by somebody who comes: from the
 * guard's word to the last byte of the last mask in its queue, and out of it (without TLS), over so many changes; and
 * from a new warning to the last display that has it, while all tracks wait for all of them. */
#include "crypt/tls.h"
#include "desk/state.h"
#include "http/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define DISPLAYS 500
#define TRACKS   20000
#define HIDDEN   5000
#define REPORTS  200 /* between two changes */
#define CHANGES  30
#define WARNINGS 5
#define FAR      (INT64_MAX / 4)

static struct sessions sessions;
static struct desk    *desk;
static struct tls_peer peer[DISPLAYS];
static name            display_name[DISPLAYS], room_name;
static struct asker    connecting;
static uint64_t        sent_bytes, masks;
static instant         now = 1000000;
static int64_t         boot_ms = 5000;

static double clock_ms(void)
{
    struct timespec t;
    /* Nothing in it waits, so other work does not count. */
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void must(err e)
{
    MUST(!err_is(e));
}

static struct exchange at(struct asker a)
{
    return (struct exchange){&sessions, a.slot, a.turn};
}

/* ---- the desk's port ---- */

static err ask_guard(void *ctx, span message)
{
    (void)ctx;
    (void)message;
    return OK;
}

static void answer(void *ctx, struct asker a, unsigned status, span json)
{
    (void)ctx;
    (void)a;
    (void)status;
    (void)json;
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
    return exchange_stream_begin(at(a));
}

static void event(void *ctx, const struct asker *to, size_t count, const char *kind, span data)
{
    static uint8_t text[EVENT_MAX];
    struct event   e = {.data = {data}};
    struct writer  w = WRITER_OF(text);
    (void)ctx;
    must(name_of(span_text(kind), &e.kind));
    put_event(&w, &e);
    MUST(!w.bad);
    masks += strcmp(kind, "mask") == 0 ? count : 0;
    for (size_t i = 0; i < count; i++) {
        must(exchange_event(at(to[i]), writer_span(&w)));
    }
}

static void over(void *ctx, struct asker a)
{
    (void)ctx;
    (void)a;
    abort();
}

static bool quiet(void *ctx, struct asker a)
{
    (void)ctx;
    return exchange_quiet(at(a));
}

static bool slow(void *ctx, struct asker a)
{
    (void)ctx;
    (void)a;
    return false;
}

static bool purge(void *ctx, struct asker a)
{
    (void)ctx;
    return exchange_purge(at(a));
}

static void on_request(void *ctx, struct exchange x, const struct tls_peer *p,
                       const struct request *r)
{
    struct desk_request asked = {.what = ASK_DISPLAY, .holder = display_name[x.slot]};
    (void)ctx;
    (void)p;
    (void)r;
    connecting = (struct asker){x.slot, x.turn};
    desk_ask(desk, connecting, &asked);
}

/* ---- the world ---- */

static void drain(void)
{
    for (uint32_t slot = 0; slot < DISPLAYS; slot++) {
        for (span s = session_front(&sessions, slot); s.len > 0;
             s = session_front(&sessions, slot)) {
            sent_bytes += s.len;
            session_sent(&sessions, slot, s.len);
        }
    }
}

static void settle(void)
{
    while (desk_work(desk) || desk_soon(desk)) {
        drain();
        desk_at(desk, boot_ms += 50, now); /* as fast as it goes, and not as a link does */
    }
    drain();
}

static struct epoch *epoch_with(uint8_t number)
{
    id            handle = {{(uint8_t)(number + 1)}};
    name          partner = {"JPN"};
    uint32_t      place = epoch_add(desk, &handle, &partner);
    struct epoch *e = &desk->epoch[place];
    desk->class[number] =
        (struct class_known){.known = true, .rank = number, .level = "II", .banner = "JPN II"};
    e->known = e->keyed = true;
    e->class = number;
    e->originator = partner;
    static const char *const feed[] = {"radar", "satellite", "alarm"};
    must(name_of(span_text(feed[number]), &e->feed));
    bit_put(desk->warnings.bit, number, number == 2);
    e->place = desk->feed_count;
    desk->feed[desk->feed_count++] =
        (struct feed_name){.originator = e->originator, .feed = e->feed};
    return e;
}

static void report_one(struct epoch *e, unsigned track)
{
    now++;
    struct report r = {.time = now, .start = now, .stale = now + 10 * MS_PER_MINUTE};
    (void)snprintf(r.uid, sizeof r.uid, "TRACK-%u", track);
    memcpy(r.type, "a-f-A-M-F", 10);
    memcpy(r.how, "m-g", 4);
    (void)snprintf(r.callsign, sizeof r.callsign, "CALL%u", track);
    r.place.lat_e7 = (int32_t)(track / 200) * 8000000 - 400000000;
    r.place.lon_e7 = (int32_t)(track % 200) * 8000000 - 800000000 + (int32_t)(now % 1000);
    r.has = REPORT_COURSE | REPORT_SPEED;
    r.speed_cms = 20000;
    desk_at(desk, boot_ms, now);
    epoch_picture(desk, e, &r);
}

static void room_says(uint32_t turn, bool all)
{
    uint8_t         bytes[GUARD_MESSAGE_MAX];
    struct writer   w = WRITER_OF(bytes);
    struct room_row row = {.room = room_name, .turn = turn, .lease_ms = 1 << 30};
    row.may[0] = all ? 7 : 5;
    guard_message_begin(&w, ANSWER_ROOM, 0);
    room_row_put(&w, &row);
    desk_hear(desk, writer_span(&w));
}

static void all_done(uint32_t turn)
{
    char text[32];
    (void)snprintf(text, sizeof text, "{\"turn\":%u}", turn);
    for (unsigned i = 0; i < DISPLAYS; i++) {
        struct desk_request r = {
            .what = ASK_DONE, .holder = display_name[i], .body = span_text(text)};
        desk_ask(desk, (struct asker){0}, &r);
    }
}

static void connect_all(struct epoch *const e[3])
{
    for (uint32_t i = 0; i < DISPLAYS; i++) {
        char text[32];
        (void)snprintf(text, sizeof text, "wall-%u", i);
        must(name_of(span_text(text), &display_name[i]));
        must(display_on(desk, &(struct display_row){display_name[i], room_name, i + 1, {0}}, 600));
        for (unsigned k = 0; k < 3; k++) {
            epoch_until(e[k], DESK_SITTINGS_MAX + i, FAR);
        }
        session_begin(&sessions, i, &peer[i]);
        session_take(&sessions, i, SPAN_LIT("GET /v1/display HTTP/1.1\r\nHost: x\r\n\r\n"));
    }
    drain();
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void told(const char *what, double *ms, unsigned count)
{
    qsort(ms, count, sizeof *ms, by_size);
    printf("display: %s: p50 %.2f ms, p99 %.2f ms, max %.2f ms of processor over %u\n", what,
           ms[count / 2], ms[count * 99 / 100], ms[count - 1], count);
}

static void change(struct epoch *const e[3], unsigned i, double *queued, double *left,
                   double *built)
{
    uint32_t turn = 2 * i + 2;
    for (unsigned n = 0; n < REPORTS; n++) {
        unsigned track = (unsigned)rand() % TRACKS;
        report_one(e[track < HIDDEN], track);
    }
    double from = clock_ms();
    room_says(turn, false);
    *queued = clock_ms() - from;
    MUST(masks == (uint64_t)DISPLAYS * (i + 1));
    drain();
    *left = clock_ms() - from;
    all_done(turn);
    from = clock_ms();
    settle();
    *built = clock_ms() - from;
    room_says(turn + 1, true);
    settle();
}

static bool warned(void)
{
    for (uint32_t i = 0; i < DISPLAYS; i++) {
        const struct display *x = &desk->display[i];
        if (x->reach[WALL_WARNINGS].put < desk->wall[x->wall].order[WALL_WARNINGS].version) {
            return false;
        }
    }
    return true;
}

/* Each display reads what it was told before the next turn, as slow as all are told together. */
static void warn(struct epoch *const e[3], unsigned i, double *ms)
{
    for (unsigned n = 0; n < TRACKS; n++) {
        report_one(e[n < HIDDEN], n);
    }
    for (unsigned turn = 0; turn < 10; turn++) {
        desk_at(desk, boot_ms += 2, now);
        (void)desk_work(desk);
        drain();
    }
    report_one(e[2], i);
    double from = clock_ms();
    while (!warned()) {
        desk_at(desk, boot_ms += 2, now);
        (void)desk_work(desk);
        drain();
    }
    *ms = clock_ms() - from;
    settle();
}

int main(void)
{
    static double           queued[CHANGES], left[CHANGES], built[CHANGES], late[WARNINGS];
    struct random_stream    stream = {0};
    const struct handler    handler = {.request = on_request};
    const struct desk_setup setup = {.port = {.ask_guard = ask_guard,
                                              .answer = answer,
                                              .refuse = refuse_it,
                                              .stream_begin = stream_begin,
                                              .event = event,
                                              .slow = slow,
                                              .stream_end = over,
                                              .quiet = quiet,
                                              .purge = purge,
                                              .cut = over},
                                     .random = random_from(&stream),
                                     .sealer = {{7}},
                                     .spki = SPAN_LIT("spki"),
                                     .host = SPAN_LIT("127.0.0.1")};
    must(name_of(SPAN_LIT("ops"), &room_name));
    must(sessions_open(&sessions, SESSION_LIMITS, handler));
    must(desk_open(&setup, &desk));
    desk_at(desk, boot_ms, now);
    struct epoch *e[3];
    for (uint8_t i = 0; i < 3; i++) {
        e[i] = epoch_with(i);
    }
    room_says(1, true);
    connect_all(e);
    for (unsigned i = 0; i < TRACKS; i++) {
        report_one(e[i < HIDDEN], i);
    }
    double from = clock_ms();
    settle();
    printf("display: %u displays are told %u tracks in %.0f ms, %.0f MB\n", DISPLAYS, TRACKS,
           clock_ms() - from, (double)sent_bytes / 1e6);
    for (unsigned i = 0; i < CHANGES; i++) {
        change(e, i, &queued[i], &left[i], &built[i]);
    }
    told("the guard's word to the last mask queued", queued, CHANGES);
    told("and out of its queue", left, CHANGES);
    told("the smaller picture made and told", built, CHANGES);
    for (unsigned i = 0; i < WARNINGS; i++) {
        warn(e, i, &late[i]);
    }
    told("a new warning at the last of those whom 20,000 tracks wait for", late, WARNINGS);
    return 0;
}
