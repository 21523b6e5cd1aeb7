/* links: http */
/* SPDX-License-Identifier: Apache-2.0 */
/* Very many connections at a real desk over TLS: what one costs that says nothing, one that watches a stream in which nothing
 * comes, and one that is told of a report each second.
 *
 *   connections PARTY-DIR DESK SOURCE PEOPLE EACH SECONDS PID
 *
 * SOURCE   address of a source by TCP that each of them may see
 * PEOPLE   named r0, r1, …, with EACH connections under the certificate of each
 * PID      of the desk
 *
 * All come at once, from THREADS threads.  Prints one line of JSON. */
#include "terminal.h"

#include <pthread.h>
#include <sys/epoll.h>

#define THREADS     32
#define ALIVE_NS    UINT64_C(60000000000) /* before the desk ends a connection that asks nothing */
#define WAIT_MS     120000
#define REPORTS_MAX 1000
#define JOIN_TRIES  60
#define LATE_S      10

/* report - how many have it, and when the first and the last had it after it was sent */
struct report {
    uint64_t sent_ns, first_ns, last_ns;
    unsigned count;
};

struct watcher {
    struct dial   dial;
    struct client client;
    uint64_t      asked_ns; /* 0: it watches, or is not there yet */
};

static struct {
    const char          *dir, *desk;
    struct net_address   address;
    unsigned long        people, each, seconds;
    struct tls_context **tls;
    struct watcher      *watcher;
    struct report        report[REPORTS_MAX];
    _Atomic unsigned     reports, shown;
    _Atomic bool         ends;
    long                 pid;
} b;

/* cost - of the desk: memory now, and the part of a processor that it took in some seconds */
struct cost {
    unsigned long kib;
    double        share;
};

static struct cost cost_of(unsigned long seconds)
{
    uint64_t cpu = cpu_ns(b.pid), then = now_ns();
    sleep((unsigned)seconds);
    return (struct cost){memory_kib(b.pid),
                         (double)(cpu_ns(b.pid) - cpu) / (double)(now_ns() - then)};
}

/* ---- they come ---- */

/* Where coming takes long, who came first asks for something that is not there, and goes on. */
static void keep_alive(size_t first, size_t step)
{
    uint8_t          body[512];
    span             got;
    const struct ask a = {
        .method = METHOD_GET, .target = SPAN_LIT("/v1/nothing"), .type = "", .body_file = -1};
    for (size_t p = first; p < b.people; p += step) {
        struct watcher *of = &b.watcher[p * b.each];
        for (unsigned long i = 0; i < b.each; i++) {
            if (of[i].asked_ns == 0 || now_ns() - of[i].asked_ns < ALIVE_NS) {
                continue;
            }
            must(client_ask(&of[i].client, &a, sizeof body), "staying");
            must(client_body(&of[i].client, body, sizeof body, &got), "staying");
            of[i].asked_ns = now_ns();
        }
    }
}

static void *come(void *ctx)
{
    const size_t number = *(size_t *)ctx;
    for (size_t p = number; p < b.people; p += THREADS) {
        for (unsigned long i = 0; i < b.each; i++) {
            struct watcher *w = &b.watcher[p * b.each + i];
            must(dial_open(&w->dial, &b.address, b.tls[p], NULL, WAIT_MS), "connecting");
            client_init(&w->client, dial_wire(&w->dial), span_text(b.desk));
            w->asked_ns = now_ns();
        }
        keep_alive(number, THREADS);
    }
    return NULL;
}

static double all_come(void)
{
    pthread_t thread[THREADS];
    size_t    number[THREADS];
    for (unsigned long p = 0; p < b.people; p++) {
        char person[24];
        snprintf(person, sizeof person, "r%lu", p);
        b.tls[p] = terminal_tls(&(struct terminal){b.dir, person});
    }
    uint64_t then = now_ns();
    for (size_t t = 0; t < THREADS; t++) {
        number[t] = t;
        pthread_create(&thread[t], NULL, come, &number[t]);
    }
    for (size_t t = 0; t < THREADS; t++) {
        pthread_join(thread[t], NULL);
    }
    return (double)(now_ns() - then) / 1e9;
}

static void all_watch(void)
{
    for (unsigned long p = 0; p < b.people; p++) {
        char person[24], session[20] = "";
        snprintf(person, sizeof person, "r%lu", p);
        struct watcher *of = &b.watcher[p * b.each];
        keep_alive(0, 1);
        session_open(&(struct terminal){b.dir, person}, &of->client, session);
        for (unsigned long i = 0; i < b.each; i++) {
            stream_ask(&of[i].client, session);
            of[i].asked_ns = 0;
        }
    }
}

/* ---- they are told ---- */

static void bytes_take(const uint8_t *bytes, size_t len)
{
    static const char uid[] = "\"uid\":\"c-";
    const uint8_t    *at = bytes;
    while ((at = memmem(at, len - (size_t)(at - bytes), uid, sizeof uid - 1)) != NULL) {
        at += sizeof uid - 1;
        unsigned long n = strtoul((const char *)at, NULL, 10);
        if (n >= REPORTS_MAX) {
            continue;
        }
        struct report *r = &b.report[n];
        r->last_ns = now_ns();
        r->first_ns = r->count++ == 0 ? r->last_ns : r->first_ns;
        b.shown++;
    }
}

static void watcher_read(struct watcher *w)
{
    static uint8_t bytes[1 << 16];
    enum tls_step  step = TLS_DONE;
    while (step == TLS_DONE) {
        size_t len = 0;
        must(tls_read(w->dial.tls, bytes, sizeof bytes - 1, &len, &step), "a stream");
        must(step == TLS_ENDED ? FAIL(IO, "the desk has ended it") : OK, "a stream");
        bytes[len] = 0;
        bytes_take(bytes, len);
    }
}

static void *watch(void *ctx)
{
    struct epoll_event event[256];
    int                epoll = epoll_create1(EPOLL_CLOEXEC);
    (void)ctx;
    for (unsigned long i = 0; i < b.people * b.each; i++) {
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = &b.watcher[i]};
        (void)epoll_ctl(epoll, EPOLL_CTL_ADD, b.watcher[i].dial.fd, &e);
        watcher_read(&b.watcher[i]);
    }
    while (!b.ends) {
        int count = epoll_wait(epoll, event, 256, 50);
        for (int i = 0; i < count; i++) {
            watcher_read(event[i].data.ptr);
        }
    }
    close(epoll);
    return NULL;
}

static void send_one(int source)
{
    char            text[600], at[2][32];
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    for (int i = 0; i < 2; i++) {
        struct tm tm;
        time_t    when = t.tv_sec + 60 * i;
        gmtime_r(&when, &tm);
        strftime(at[i], sizeof at[i], "%Y-%m-%dT%H:%M:%SZ", &tm);
    }
    int len =
        snprintf(text, sizeof text,
                 "<event version='2.0' uid='c-%06u' type='a-f-G' how='m-g' time='%s' start='%s' "
                 "stale='%s'><point lat='37.5' lon='127.25' hae='10' ce='25' le='9999999'/>"
                 "<detail/></event>",
                 b.reports, at[0], at[0], at[1]);
    b.report[b.reports++].sent_ns = now_ns();
    send_all(source, text, (size_t)len);
}

/* Who joins is shown what comes once the guard has answered for him: until one report came to all. */
static bool join(int source)
{
    unsigned all = (unsigned)(b.people * b.each);
    for (int i = 0; i < JOIN_TRIES; i++) {
        send_one(source);
        sleep(1);
        if (b.report[b.reports - 1].count == all) {
            return true;
        }
    }
    fprintf(stderr, "only %u of %u are shown a report\n", b.report[b.reports - 1].count, all);
    return false;
}

static void each_second(int source, struct cost *out)
{
    uint64_t cpu = cpu_ns(b.pid), then = now_ns();
    for (unsigned long s = 0; s < b.seconds; s++) {
        send_one(source);
        sleep(1);
    }
    *out =
        (struct cost){memory_kib(b.pid), (double)(cpu_ns(b.pid) - cpu) / (double)(now_ns() - then)};
}

/* What is late on a busy machine is not missing. */
static void late_wait(unsigned from)
{
    for (unsigned n = from; n < b.reports; n++) {
        for (int i = 0; i < LATE_S && b.report[n].count < b.people * b.each; i++) {
            sleep(1);
        }
    }
}

/* Of reports since `from`: the latest first, the latest last, and how many deliveries are missing. */
static void told(unsigned from)
{
    uint64_t first = 0, last = 0, missing = 0;
    for (unsigned n = from; n < b.reports; n++) {
        const struct report *r = &b.report[n];
        uint64_t             a = r->first_ns - r->sent_ns, z = r->last_ns - r->sent_ns;
        missing += b.people * b.each - r->count;
        first = r->count > 0 && a > first ? a : first;
        last = r->count > 0 && z > last ? z : last;
    }
    printf(", \"first_ms\": %.1f, \"last_ms\": %.1f, \"missing\": %llu}\n", (double)first / 1e6,
           (double)last / 1e6, (unsigned long long)missing);
}

static void cost_tell(const char *what, const struct cost *c)
{
    double count = (double)(b.people * b.each);
    printf(", \"%s\": {\"mib\": %.0f, \"share\": %.4f, \"us_per_second_and_connection\": %.3f}",
           what, (double)c->kib / 1024, c->share, c->share * 1e6 / count);
}

static void options_read(char **argv)
{
    sockets_many();
    b.dir = argv[1];
    b.desk = argv[2];
    must(net_address_of(span_text(b.desk), &b.address), b.desk);
    b.people = strtoul(argv[4], NULL, 10);
    b.each = strtoul(argv[5], NULL, 10);
    b.seconds = strtoul(argv[6], NULL, 10);
    b.pid = strtol(argv[7], NULL, 10);
    b.tls = calloc(b.people, sizeof(struct tls_context *));
    b.watcher = calloc(b.people * b.each, sizeof *b.watcher);
    must(b.tls == NULL || b.watcher == NULL ? FAIL(FULL, "none is left") : OK, "memory");
}

int main(int argc, char **argv)
{
    pthread_t thread;
    if (argc != 8) {
        fprintf(stderr, "usage: connections PARTY-DIR DESK SOURCE PEOPLE EACH SECONDS PID\n");
        return 2;
    }
    options_read(argv);
    unsigned long before = memory_kib(b.pid);
    double        took = all_come();
    struct cost   idle = cost_of(b.seconds), streams, busy;
    all_watch();
    int source = source_connect(argv[3]);
    pthread_create(&thread, NULL, watch, NULL);
    bool whole = join(source);
    streams = cost_of(b.seconds);
    unsigned from = b.reports;
    each_second(source, &busy);
    late_wait(from);
    b.ends = true;
    pthread_join(thread, NULL);
    printf("{\"connections\": %lu, \"before_mib\": %.0f, \"come_seconds\": %.1f", b.people * b.each,
           (double)before / 1024, took);
    cost_tell("idle", &idle);
    cost_tell("streams", &streams);
    cost_tell("a_report_a_second", &busy);
    told(from);
    return !whole;
}
