/* links: http */
/* SPDX-License-Identifier: Apache-2.0 */
/* Fan-out: reports into two sources of a party, out of the live streams of many of its people at its own desk.
 *
 *   fanout PARTY-DIR DESK ALL SOME PEOPLE CLIENTS RATE SECONDS PID...
 *
 * ALL, SOME   addresses of two sources; what comes in at SOME is for two of three people
 * PEOPLE      so many, named r0, r1, …; every third (r2, r5, …) may not see SOME.  Client i is of person i % PEOPLE
 * RATE        reports a second, alternately at the two; 0: as fast as they are taken, with at most WINDOW on the way
 * PID         of the processes whose processor time counts; the first is the desk
 *
 * A report is 256 bytes of JSON.  It reaches a client within an event, which says once of several whose they are and how
 * they are marked.  Prints one line of JSON. */
#include "terminal.h"

#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>

#define REPORT_LEN  256
#define WINDOW      512
#define WINDOW_MANY 128 /* for a thousand clients */
#define BURST_MAX   64
#define SAMPLES_MAX (1 << 23)
#define PIDS_MAX    8
#define LINE_ROOM   65536
#define WARM_S      1
#define JOIN_TRIES  100

struct viewer {
    struct dial   dial;
    struct client client;
    uint64_t      last; /* number of the id that came last */
    size_t        len;
    uint8_t       line[LINE_ROOM];
};

struct bench {
    const char      *dir, *desk;
    unsigned long    people, clients, some, rate, seconds;
    struct viewer   *viewer;
    int              source[2];
    _Atomic uint64_t expected, shown, left_out, bytes; /* left_out: to readers who were behind */
    _Atomic bool     measures, stops, ends;
    uint64_t         report_len;
    uint32_t        *sample_us;
    size_t           samples;
    long             pid[PIDS_MAX];
    size_t           pids;
};

/* ---- who watches ---- */

static void viewers_connect(struct bench *b)
{
    unsigned long people = b->people < b->clients ? b->people : b->clients;
    for (unsigned long p = 0; p < people; p++) {
        char person[24], session[20] = "";
        snprintf(person, sizeof person, "r%lu", p);
        const struct terminal t = {b->dir, person};
        struct tls_context   *tls = terminal_tls(&t);
        for (unsigned long i = p; i < b->clients; i += people) {
            struct viewer *v = &b->viewer[i];
            desk_connect(b->desk, tls, &v->dial, &v->client);
            if (i == p) {
                session_open(&t, &v->client, session);
            }
            stream_ask(&v->client, session);
            b->some += p % 3 != 2;
        }
        tls_context_close(tls);
    }
}

static void sample_take(struct bench *b, const uint8_t *uid, uint64_t now)
{
    if (b->measures && b->samples < SAMPLES_MAX) {
        b->sample_us[b->samples++] =
            (uint32_t)((now - strtoull((const char *)uid, NULL, 10)) / 1000);
    }
}

/* Reports of one event: from the number in it to that of its id. */
static void reports_take(struct bench *b, const struct viewer *v, span line, uint64_t now)
{
    static const char number[] = ",\"number\":", reports[] = "\"reports\":[";
    static const char uid[] = "\"uid\":\"b-";
    const char       *from = memmem(line.ptr, line.len, number, sizeof number - 1);
    const uint8_t    *at = memmem(line.ptr, line.len, reports, sizeof reports - 1);
    if (from == NULL || at == NULL) {
        return;
    }
    uint64_t count = v->last + 1 - strtoull(from + sizeof number - 1, NULL, 10);
    size_t   left = line.len - (size_t)(at - line.ptr);
    b->report_len = (left - sizeof reports - 1) / count - 1;
    b->shown += count;
    while (b->rate > 0 && (at = memmem(at, left, uid, sizeof uid - 1)) != NULL) {
        at += sizeof uid - 1;
        left = line.len - (size_t)(at - line.ptr);
        sample_take(b, at, now);
    }
}

static void line_take(struct bench *b, struct viewer *v, span line, uint64_t now)
{
    static const char behind[] = "data: {\"note\":\"conflated\",\"count\":";
    static const char data[] = "data: {\"originator\"";
    const uint8_t    *number = memchr(line.ptr, '-', line.len);
    if (span_starts(line, SPAN_LIT("id: ")) && number != NULL) {
        v->last = strtoull((const char *)number + 1, NULL, 10);
    } else if (span_starts(line, (span){(const uint8_t *)behind, sizeof behind - 1})) {
        b->left_out += strtoull((const char *)line.ptr + sizeof behind - 1, NULL, 10);
    } else if (span_starts(line, (span){(const uint8_t *)data, sizeof data - 1})) {
        reports_take(b, v, line, now);
    }
}

static void lines_take(struct bench *b, struct viewer *v)
{
    uint64_t now = b->rate == 0 ? 0 : now_ns();
    uint8_t *from = v->line, *end = v->line + v->len, *at;
    while ((at = memchr(from, '\n', (size_t)(end - from))) != NULL) {
        line_take(b, v, (span){from, (size_t)(at - from)}, now);
        from = at + 1;
    }
    v->len = (size_t)(end - from);
    memmove(v->line, from, v->len);
}

static void viewer_read(struct bench *b, struct viewer *v)
{
    enum tls_step step = TLS_DONE;
    for (;;) {
        size_t len = 0;
        must(tls_read(v->dial.tls, v->line + v->len, LINE_ROOM - v->len, &len, &step), "stream");
        if (step == TLS_ENDED) {
            fprintf(stderr, "the desk has ended a stream\n");
            exit(1);
        }
        if (step != TLS_DONE) {
            return;
        }
        v->len += len;
        b->bytes += len;
        lines_take(b, v);
    }
}

static void *viewers(void *ctx)
{
    struct bench      *b = ctx;
    struct epoll_event event[256];
    int                epoll = epoll_create1(EPOLL_CLOEXEC);
    for (unsigned long i = 0; i < b->clients; i++) {
        struct viewer     *v = &b->viewer[i];
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = v};
        v->len = v->client.to - v->client.from;
        memcpy(v->line, v->client.buf + v->client.from, v->len);
        (void)epoll_ctl(epoll, EPOLL_CTL_ADD, v->dial.fd, &e);
        viewer_read(b, v);
    }
    while (!b->ends) {
        int count = epoll_wait(epoll, event, 256, 50);
        for (int i = 0; i < count; i++) {
            viewer_read(b, event[i].data.ptr);
        }
    }
    close(epoll);
    return NULL;
}

/* ---- the sensors ---- */

static size_t event_text(char *out, size_t max, uint64_t sent)
{
    int len = snprintf(out, max,
                       "<event version='2.0' uid='b-%018llu' type='a-h-A-W-M-S-S' how='m-r' "
                       "time='2026-11-22T00:00:00.000Z' start='2026-11-22T00:00:00.000Z' "
                       "stale='2026-11-22T00:01:00.000Z'><point lat='39.2820000' lon='125.8690000' "
                       "hae='100' ce='9999999' le='9999999'/><detail><contact "
                       "callsign='Incheon approach 3, north-west 04'/></detail></event>\n",
                       (unsigned long long)sent);
    return (size_t)len;
}

static void burst_send(struct bench *b, unsigned to, size_t count, uint64_t sent)
{
    static char bytes[BURST_MAX * 512];
    size_t      len = 0;
    for (size_t i = 0; i < count; i++) {
        len += event_text(bytes + len, sizeof bytes - len, sent);
    }
    b->expected += count * (to == 0 ? b->clients : b->some);
    send_all(b->source[to], bytes, len);
}

static void wait_ms(long ms)
{
    struct timespec t = {0, ms * 1000000};
    nanosleep(&t, NULL);
}

/* Who joins is shown what comes once the guard has answered for him: so until one report of each source is for all. */
static void join(struct bench *b)
{
    for (int i = 0; i < JOIN_TRIES; i++) {
        b->expected = b->shown = b->left_out = 0;
        burst_send(b, 0, 1, now_ns());
        burst_send(b, 1, 1, now_ns());
        for (int n = 0; n < 20 && b->shown < b->expected; n++) {
            wait_ms(20);
        }
        if (b->shown == b->expected) {
            return;
        }
        wait_ms(300); /* what is late does not count for the next */
    }
    fprintf(stderr, "not all who watch are shown what they may see\n");
    exit(1);
}

/* One report at a time, each at the time at which it is due, and its latency counts from there. */
static void sensors_paced(struct bench *b)
{
    uint64_t began = now_ns();
    for (uint64_t n = 0; !b->stops; n++) {
        uint64_t        due = began + n * 1000000000u / b->rate;
        struct timespec t = {(time_t)(due / 1000000000u), (long)(due % 1000000000u)};
        (void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
        burst_send(b, n % 2, 1, due);
    }
}

static uint64_t on_the_way(const struct bench *b)
{
    return b->expected - b->shown - b->left_out;
}

static void sensors_full(struct bench *b)
{
    uint64_t most = b->clients * (b->clients < 1000 ? WINDOW : WINDOW_MANY);
    for (unsigned to = 0; !b->stops; to = !to) {
        while (!b->stops && on_the_way(b) > most - BURST_MAX * b->clients) {
            struct timespec t = {0, 20000};
            nanosleep(&t, NULL);
        }
        burst_send(b, to, BURST_MAX, now_ns());
    }
}

static void *sensors(void *ctx)
{
    struct bench *b = ctx;
    (void)prctl(PR_SET_TIMERSLACK, 1);
    (b->rate > 0 ? sensors_paced : sensors_full)(b);
    return NULL;
}

/* ---- what it costs ---- */

static uint64_t cpus_ns(const struct bench *b, uint64_t *desk)
{
    uint64_t all = 0;
    *desk = cpu_ns(b->pid[0]);
    for (size_t i = 0; i < b->pids; i++) {
        all += cpu_ns(b->pid[i]);
    }
    return all;
}

static void measure(struct bench *b, unsigned long idle_kib, unsigned long joined_kib)
{
    uint64_t desk_before, desk_after;
    b->measures = true;
    uint64_t all = cpus_ns(b, &desk_before), shown = b->shown, bytes = b->bytes, began = now_ns();
    sleep((unsigned)b->seconds);
    double seconds = (double)(now_ns() - began) / 1e9;
    b->measures = false;
    all = cpus_ns(b, &desk_after) - all;
    shown = b->shown - shown;
    bytes = b->bytes - bytes;
    double many = shown == 0 ? 1 : (double)shown;
    printf("{\"clients\": %lu, \"deliveries_per_s\": %.0f, \"desk_us\": %.3f, \"all_us\": %.3f, "
           "\"report_bytes\": %llu, \"bytes_per_delivery\": %.0f, "
           "\"idle_kib\": %lu, \"joined_kib\": %lu, \"busy_kib\": %lu",
           b->clients, (double)shown / seconds, (double)(desk_after - desk_before) / 1e3 / many,
           (double)all / 1e3 / many, (unsigned long long)b->report_len, (double)bytes / many,
           idle_kib, joined_kib, memory_kib(b->pid[0]));
}

static void samples_tell(struct bench *b)
{
    size_t n = b->samples;
    qsort(b->sample_us, n, sizeof *b->sample_us, by_value);
    if (n > 0) {
        printf(", \"p50_us\": %u, \"p99_us\": %u, \"max_us\": %u", b->sample_us[n / 2],
               b->sample_us[n * 99 / 100], b->sample_us[n - 1]);
    }
}

/* Was all shown that had to be, or told as left out, and nothing else? */
static bool drain(struct bench *b)
{
    for (int i = 0; i < 100 && on_the_way(b) != 0; i++) {
        wait_ms(50);
    }
    printf(", \"left_out\": %llu, \"missing\": %lld}\n", (unsigned long long)b->left_out,
           (long long)on_the_way(b));
    return on_the_way(b) == 0;
}

int main(int argc, char **argv)
{
    static struct bench b;
    pthread_t           out, in;
    if (argc < 10 || argc - 9 > PIDS_MAX) {
        fprintf(stderr,
                "usage: fanout PARTY-DIR DESK ALL SOME PEOPLE CLIENTS RATE SECONDS PID...\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    b.dir = argv[1];
    b.desk = argv[2];
    b.people = strtoul(argv[5], NULL, 10);
    b.clients = strtoul(argv[6], NULL, 10);
    b.rate = strtoul(argv[7], NULL, 10);
    b.seconds = strtoul(argv[8], NULL, 10);
    for (int i = 9; i < argc; i++) {
        b.pid[b.pids++] = strtol(argv[i], NULL, 10);
    }
    b.viewer = calloc(b.clients, sizeof *b.viewer);
    b.sample_us = calloc(SAMPLES_MAX, sizeof *b.sample_us);
    unsigned long idle_kib = memory_kib(b.pid[0]);
    viewers_connect(&b);
    unsigned long joined_kib = memory_kib(b.pid[0]);
    b.source[0] = source_connect(argv[3]);
    b.source[1] = source_connect(argv[4]);
    pthread_create(&out, NULL, viewers, &b);
    join(&b);
    pthread_create(&in, NULL, sensors, &b);
    sleep(WARM_S);
    measure(&b, idle_kib, joined_kib);
    b.stops = true;
    pthread_join(in, NULL);
    samples_tell(&b);
    bool whole = drain(&b);
    b.ends = true;
    pthread_join(out, NULL);
    return !whole;
}
