/* links: client */
/* SPDX-License-Identifier: Apache-2.0 */
/* Across a border: events into one party's source, out of another party's live stream; each carries the
 * time at which it was sent.
 *
 *   border PARTY-DIR PERSON DESK SOURCE RATE SECONDS     RATE events a second
 *
 * Prints one line of JSON: sent, shown, seconds, rate, and the latencies in microseconds; those of the first
 * reports of each epoch after the first, on their own; and when the last that was shown was sent and shown, in
 * milliseconds since 1970. */
#include "terminal.h"
#include "wire/told.h"

#include <pthread.h>
#include <signal.h>

#define SAMPLES_MAX (1 << 24)
#define QUIET_MS    2000
#define BURST_MAX   64

#define EPOCH_BEGINS 200 /* so many reports of an epoch count as its begin */

struct bench {
    struct terminal     at;
    const char         *source;
    unsigned long       rate, seconds;
    struct dial         dial;
    struct client       client;
    struct event_reader reader;
    _Atomic uint64_t    sent;
    _Atomic bool        done;
    uint64_t            shown, first_ns, last_ns, last_sent_ns;
    uint32_t           *sample_us;
    uint32_t           *begin_us;
    size_t              begins;
    bool                rotated;
};

static uint64_t number_of(span text)
{
    static const char mark[] = "\"number\":";
    const char       *at = memmem(text.ptr, text.len, mark, sizeof mark - 1);
    return at == NULL ? UINT64_MAX : strtoull(at + sizeof mark - 1, NULL, 10);
}

/* Of each epoch but the one that the run began with. */
static void begin_note(struct bench *b, uint64_t number, uint64_t latency_ns)
{
    b->rotated = b->rotated || (number == 0 && b->shown > EPOCH_BEGINS);
    if (b->rotated && number < EPOCH_BEGINS && b->begins < SAMPLES_MAX) {
        b->begin_us[b->begins++] = (uint32_t)(latency_ns / 1000);
    }
}

static err shown(void *ctx, const name *event_id, span data)
{
    struct bench     *b = ctx;
    static const char mark[] = "\"uid\":\"b-";
    const char       *at = memmem(data.ptr, data.len, mark, sizeof mark - 1);
    (void)event_id;
    if (at != NULL) {
        uint64_t now = now_ns();
        uint64_t sent = strtoull(at + sizeof mark - 1, NULL, 10);
        b->first_ns = b->shown == 0 ? sent : b->first_ns;
        begin_note(b, number_of(data), now - sent);
        b->last_ns = now;
        b->last_sent_ns = sent;
        if (b->shown < SAMPLES_MAX) {
            b->sample_us[b->shown] = (uint32_t)((now - sent) / 1000);
        }
        b->shown++;
    }
    return OK;
}

static err event_take(void *ctx, const struct event *e)
{
    const struct bench *b = ctx;
    if (span_is(name_span(&e->kind), "reports")) {
        TRY(told_each(&e->id, e->data.bytes, shown, ctx));
    }
    return b->done && b->shown >= b->sent ? FAIL(STATE, "enough") : OK;
}

/* ---- the sensor's side ---- */

static size_t event_text(char *out, size_t max)
{
    int len = snprintf(out, max,
                       "<event version='2.0' uid='b-%llu' type='a-h-A-W-M-S-S' how='m-r' "
                       "time='2026-11-22T00:00:00.000Z' start='2026-11-22T00:00:00.000Z' "
                       "stale='2026-11-22T00:01:00.000Z'><point lat='39.2820000' lon='125.8690000' "
                       "hae='100' ce='9999999' le='9999999'/></event>\n",
                       (unsigned long long)now_ns());
    return (size_t)len;
}

/* How many events are due by now: those of a turn go out in one write, as a busy radar's do. */
static size_t events_due(const struct bench *b, uint64_t began, uint64_t n)
{
    uint64_t due = (now_ns() - began) * b->rate / 1000000000u;
    if (due <= n) {
        struct timespec t = {
            0, (long)(1000000000u / b->rate < 200000 ? 200000 : 1000000000u / b->rate)};
        nanosleep(&t, NULL);
        return 0;
    }
    return due - n < BURST_MAX ? (size_t)(due - n) : BURST_MAX;
}

static void *sensor(void *ctx)
{
    struct bench *b = ctx;
    static char   bytes[BURST_MAX * 400];
    int           fd = source_connect(b->source);
    uint64_t      began = now_ns(), until = began + b->seconds * 1000000000u;
    for (uint64_t n = 0; now_ns() < until;) {
        size_t len = 0, count = events_due(b, began, n);
        for (size_t i = 0; i < count; i++) {
            len += event_text(bytes + len, sizeof bytes - len);
        }
        send_all(fd, bytes, len);
        n += count;
        b->sent = n;
    }
    b->done = true;
    sleep(QUIET_MS / 1000);
    close(fd);
    return NULL;
}

static void last_tell(const struct bench *b)
{
    struct timespec real;
    clock_gettime(CLOCK_REALTIME, &real);
    uint64_t ahead = (uint64_t)real.tv_sec * 1000000000u + (uint64_t)real.tv_nsec - now_ns();
    printf(", \"last_sent_ms\": %llu, \"last_shown_ms\": %llu}\n",
           (unsigned long long)((b->last_sent_ns + ahead) / 1000000),
           (unsigned long long)((b->last_ns + ahead) / 1000000));
}

static void begins_tell(struct bench *b)
{
    qsort(b->begin_us, b->begins, sizeof *b->begin_us, by_value);
    if (b->begins > 0) {
        printf(", \"epoch_begins\": %zu, \"epoch_begin_p99_us\": %u, \"epoch_begin_max_us\": %u",
               b->begins / EPOCH_BEGINS, b->begin_us[b->begins * 99 / 100],
               b->begin_us[b->begins - 1]);
    }
}

static void report(struct bench *b)
{
    size_t   n = b->shown < SAMPLES_MAX ? (size_t)b->shown : SAMPLES_MAX;
    double   seconds = (double)(b->last_ns - b->first_ns) / 1e9;
    uint32_t none = 0, *s = n > 0 ? b->sample_us : &none;
    qsort(b->sample_us, n, sizeof *b->sample_us, by_value);
    printf("{\"sent\": %llu, \"shown\": %llu, \"seconds\": %.2f, \"per_second\": %.0f, "
           "\"p50_us\": %u, \"p99_us\": %u, \"max_us\": %u",
           (unsigned long long)b->sent, (unsigned long long)b->shown, seconds,
           seconds > 0 ? (double)b->shown / seconds : 0, s[n / 2], s[n * 99 / 100],
           s[n > 0 ? n - 1 : 0]);
    begins_tell(b);
    last_tell(b);
}

int main(int argc, char **argv)
{
    static struct bench b;
    char                session[20];
    pthread_t           thread;
    if (argc != 7) {
        fprintf(stderr, "usage: border PARTY-DIR PERSON DESK SOURCE RATE SECONDS\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    b.at = (struct terminal){argv[1], argv[2]};
    b.source = argv[4];
    b.rate = strtoul(argv[5], NULL, 10);
    b.seconds = strtoul(argv[6], NULL, 10);
    b.sample_us = calloc(SAMPLES_MAX, sizeof *b.sample_us);
    b.begin_us = calloc(SAMPLES_MAX, sizeof *b.begin_us);
    desk_connect(argv[3], terminal_tls(&b.at), &b.dial, &b.client);
    session_open(&b.at, &b.client, session);
    stream_ask(&b.client, session);
    sleep(1);
    pthread_create(&thread, NULL, sensor, &b);
    event_reader_init(&b.reader);
    b.dial.wait_ms = QUIET_MS + 1000;
    err e = client_events(&b.client, &b.reader, event_take, &b);
    if (e.code != ERR_STATE) {
        fprintf(stderr, "the stream: %s\n", e.why);
    }
    report(&b);
    return b.shown == 0;
}
