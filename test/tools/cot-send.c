/* SPDX-License-Identifier: Apache-2.0 */

/* cot-send - sends the CoT events of a file as they stand
 *
 *     cot-send --file FILE --to udp:HOST:PORT|tcp:HOST:PORT|- [--rate 10] [--count N] [--now]
 *
 * FILE holds events one after another, or just one; it is read whole.  N events are sent (default:
 * each once); when the file has fewer, it begins again.  --now gives each event the present time
 * and 10 s to live, which is what a live source would say; the rest is read and written again, so
 * what the gateway would refuse is not sent.
 */
#include <getopt.h>

#include "feed/cot.h"
#include "target.h"

#define FILE_MAX_LEN (64u << 20)
#define COUNT_MAX    100000000
#define RATE_MAX     1000000
#define STALE_AFTER  (10 * MS_PER_SECOND)

struct job {
    const char *file, *to;
    double      rate;
    uint64_t    count; /* 0 = each once */
    int         now;
};

static struct cot_reader reader;

static span file_load(const char *path)
{
    FILE    *file = fopen(path, "rb");
    uint8_t *text = malloc(FILE_MAX_LEN);
    if (file == NULL || text == NULL) {
        perror(path);
        exit(1);
    }
    size_t len = fread(text, 1, FILE_MAX_LEN, file);
    if (len == FILE_MAX_LEN) {
        fprintf(stderr, "%s: longer than 64 MiB\n", path);
        exit(1);
    }
    fclose(file);
    return (span){text, len};
}

/* The next event of rest; empty at the end of the file */
static span event_next(span *rest)
{
    span   event = {0};
    size_t used = 0;
    err    e = cot_frame(*rest, &event, &used);
    if (err_is(e) || (event.len == 0 && used < rest->len)) {
        fprintf(stderr, "%s\n", err_is(e) ? e.why : "the file ends within an event");
        exit(1);
    }
    *rest = (span){rest->ptr + used, rest->len - used};
    return event;
}

/* The same event, as of now */
static span event_renew(span event, struct writer *w)
{
    struct cot_event e;
    err              failed = cot_read(&reader, event, &e);
    if (err_is(failed)) {
        fprintf(stderr, "not sent: %s\n", failed.why);
        return (span){event.ptr, 0};
    }
    e.report.time = e.report.start = clock_now();
    e.report.stale = e.report.start + STALE_AFTER;
    report_cot(&e.report, &e.labels, w);
    return writer_span(w);
}

static void event_send(int fd, bool udp, bool now, span event)
{
    static uint8_t buf[COT_EVENT_MAX + 1];
    struct writer  w = WRITER_OF(buf);
    if (now) {
        event = event_renew(event, &w);
    } else {
        put_span(&w, event);
    }
    if (event.len > 0) {
        put_text(&w, udp ? "" : "\n");
        target_send(fd, udp, writer_span(&w));
    }
}

static void run(const struct job *j)
{
    struct timespec start;
    span            whole = file_load(j->file);
    span            rest = whole;
    bool            udp = strncmp(j->to, "udp:", 4) == 0;
    int             fd = target_open(j->to);
    uint64_t        sent = 0;
    clock_gettime(CLOCK_MONOTONIC, &start);
    while (j->count == 0 || sent < j->count) {
        span event = event_next(&rest);
        if (event.len == 0 && (j->count == 0 || sent == 0)) {
            break;
        }
        if (event.len == 0) {
            rest = whole;
            continue;
        }
        pace(&start, sent, j->rate);
        event_send(fd, udp, j->now, event);
        sent++;
    }
    close(fd);
    fprintf(stderr, "%llu events sent\n", (unsigned long long)sent);
}

static _Noreturn void usage(void)
{
    fprintf(stderr, "usage: cot-send --file FILE --to udp:HOST:PORT|tcp:HOST:PORT|-\n"
                    "                [--rate 10] [--count N] [--now]\n");
    exit(2);
}

int main(int argc, char **argv)
{
    struct job          j = {.rate = 10};
    const struct option known[] = {
        {"file", required_argument, NULL, 'f'}, {"to", required_argument, NULL, 't'},
        {"rate", required_argument, NULL, 'r'}, {"count", required_argument, NULL, 'c'},
        {"now", no_argument, &j.now, 1},        {0},
    };
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        j.file = c == 'f' ? optarg : j.file;
        j.to = c == 't' ? optarg : j.to;
        j.rate = c == 'r' ? number_of("rate", optarg, 0.01, RATE_MAX) : j.rate;
        j.count = c == 'c' ? (uint64_t)number_of("count", optarg, 1, COUNT_MAX) : j.count;
        if (c == '?') {
            usage();
        }
    }
    if (j.file == NULL || j.to == NULL || optind != argc) {
        usage();
    }
    cot_init(&reader, 1);
    run(&j);
    return 0;
}
