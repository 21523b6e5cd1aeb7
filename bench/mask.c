/* links: deskio */
/* SPDX-License-Identifier: Apache-2.0 */
/* From a badge to dark screens, at a real desk: many displays over TLS, tracks at 1 Hz, people who come and go.
 *
 *   mask PARTY-DIR DESK TERMINAL CHANGES [PID...] < plan
 *
 * The plan has a line for each source, room, display and visitor (bench/mask.py writes it):
 *
 *   source NAME ADDRESS TRACKS          CoT by UDP, each track once a second
 *   room NAME READER SEED READER SEED   two readers with their keys in hexadecimal
 *   display NAME ROOM
 *   visitor NAME SOURCE...              who may not see these
 *
 * One change after the other, room by room: a reader says that a visitor comes; each display of the room acknowledges
 * its mask at once; both readers say that he leaves.  A room is used again when each of its displays shows again something
 * of each source that had gone.  Prints JSON: of each change, from before the badge's text is sent, to the last object read that he may not
 * see, to the last display's mask, to the last acknowledgement that the desk has answered; and what a display reads.
 * Of the slowest change also its first mask, and how long from badge to acknowledgement each process that was named, and
 * last the clients' thread, ran and waited for a processor.  All times are of this process, which the clients' own work is
 * part of. */
#include "terminal.h"

#include <pthread.h>
#include <sys/epoll.h>

#define SOURCES_MAX  8
#define ROOMS_MAX    300
#define WALLS_MAX    1024
#define VISITORS_MAX 8
#define TEXT_MAX     32768
#define ALIVE_NS     UINT64_C(50000000000) /* before the desk ends a connection that says nothing */
#define WAIT_S       300
#define BURST        32 /* tracks in one call of the system */
#define TRACK_TEXT   700
#define PROCESSES    6 /* whose time is looked at */

struct source {
    char               name[32], mark[48]; /* mark: how its objects are known */
    struct net_address to;
    unsigned           tracks;
};

struct badge {
    char     name[32];
    secret   seed;
    uint64_t number;
};

/* room - hidden: sources that are to go, a bit each, while somebody is there who may not see them;  back: that are to be
 * shown again before the next comes */
struct room {
    char         name[32];
    struct badge reader[2];
    unsigned     walls, masked, done, showing, hidden, back;
    uint64_t     first_ns, mask_ns, done_ns, last_ns;
};

struct visitor {
    char     name[32];
    unsigned hidden;
};

/* spent - by a process since its start, in ns: on a processor, and waiting for one */
struct spent {
    uint64_t ran, waited;
};

/* slowest - the change whose last mask came latest */
struct slowest {
    double       first_ms, mask_ms, badge_ms, done_ms;
    unsigned     walls;
    struct spent spent[PROCESSES];
};

/* wall - two connections of one display; seen: sources of which something has come since they were to come back */
struct wall {
    char         name[32];
    struct room *room;
    struct dial  stream, ack;
    uint64_t     ack_ns; /* when something was asked last */
    unsigned     seen, turn;
    bool         masked, asked;
    size_t       have;
    char         text[TEXT_MAX];
};

static struct {
    const char        *dir, *desk;
    struct source      source[SOURCES_MAX];
    struct room        room[ROOMS_MAX];
    struct wall        wall[WALLS_MAX];
    struct visitor     visitor[VISITORS_MAX];
    unsigned           sources, rooms, walls, visitors, tracks;
    struct net_address address;
    struct dial        gate;
    const char        *keeper; /* whose terminal the badges come by */
    uint64_t           gate_ns;
    struct client      client;
    pthread_mutex_t    lock;
    pthread_cond_t     changed;
    uint64_t           bytes, objects, voids, after, ended, waited;
    _Atomic uint64_t   sent;
    char               process[PROCESSES][64]; /* files of the system that say what each spent */
    unsigned           processes;
    struct slowest     slowest;
} b = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void must_be(bool is, const char *what)
{
    must(is ? OK : FAIL(STATE, "is not as it must be"), what);
}

/* ---- connections ---- */

/* The first thread of a process, or a thread: all that the gateway's do while displays wait is done by one. */
static void spent_read(struct spent out[static PROCESSES])
{
    for (unsigned i = 0; i < b.processes; i++) {
        unsigned long long ran = 0, waited = 0;
        FILE              *f = fopen(b.process[i], "re");
        must_be(f != NULL && fscanf(f, "%llu %llu", &ran, &waited) == 2, b.process[i]);
        fclose(f);
        out[i] = (struct spent){ran, waited};
    }
}

static void connect_as(struct dial *d, const char *person)
{
    struct tls_context *tls = terminal_tls(&(struct terminal){b.dir, person});
    must(dial_open(d, &b.address, tls, NULL, 60000), person);
    tls_context_close(tls);
}

/* ---- tracks ---- */

/* stamps - of this second, and of a minute later */
struct stamps {
    time_t second;
    char   text[2][32];
};

static void stamp(struct stamps *s)
{
    time_t now = time(NULL);
    for (unsigned i = 0; i < 2 && s->second != now; i++) {
        struct tm tm;
        time_t    t = now + 60 * (int)i;
        gmtime_r(&t, &tm);
        strftime(s->text[i], sizeof s->text[i], "%Y-%m-%dT%H:%M:%SZ", &tm);
    }
    s->second = now;
}

static size_t track_text(const struct stamps *at, const struct source *s, unsigned track,
                         char text[static TRACK_TEXT])
{
    const unsigned lat = 300000 + track / 160 * 1000 + (unsigned)(at->second % 600);
    const unsigned lon = 1200000 + track % 160 * 1000 + (unsigned)(at->second % 600);
    return (size_t)snprintf(
        text, TRACK_TEXT,
        "<event version='2.0' uid='%s-%u' type='a-f-S-X' how='m-g' time='%s' start='%s' stale='%s'>"
        "<point lat='%u.%04u' lon='%u.%04u' hae='10' ce='25' le='9999999'/><detail><contact "
        "callsign='%s-%u'/>"
        "<track course='45' speed='12'/></detail></event>",
        s->name, track, at->text[0], at->text[0], at->text[1], lat / 10000, lat % 10000,
        lon / 10000, lon % 10000, s->name, track);
}

static void burst_send(int fd, unsigned first, unsigned count)
{
    static char          text[BURST][TRACK_TEXT];
    static struct stamps at;
    struct mmsghdr       message[BURST] = {0};
    struct iovec         part[BURST];
    stamp(&at);
    for (unsigned n = 0; n < count; n++) {
        unsigned k = (first + n) % b.tracks, i = 0;
        for (; k >= b.source[i].tracks; i++) {
            k -= b.source[i].tracks;
        }
        part[n] = (struct iovec){text[n], track_text(&at, &b.source[i], k, text[n])};
        message[n].msg_hdr = (struct msghdr){.msg_name = &b.source[i].to.at.any,
                                             .msg_namelen = b.source[i].to.len,
                                             .msg_iov = &part[n],
                                             .msg_iovlen = 1};
    }
    int sent = sendmmsg(fd, message, count, 0);
    b.sent += sent > 0 ? (unsigned)sent : 0;
}

/* All tracks of all sources in each second, spread over it. */
static void *sensors(void *ctx)
{
    int      fd = socket(AF_INET, SOCK_DGRAM, 0);
    uint64_t n = 0;
    (void)ctx;
    for (uint64_t began = now_ns();;) {
        uint64_t due = (now_ns() - began) * b.tracks / 1000000000u;
        for (; n < due; n += due - n < BURST ? due - n : BURST) {
            burst_send(fd, (unsigned)(n % b.tracks), (unsigned)(due - n < BURST ? due - n : BURST));
        }
        nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    return NULL;
}

/* ---- a display ---- */

static void send_now(struct dial *d, const char *text, const char *what)
{
    struct wire w = dial_wire(d);
    must(w.send(w.ctx, span_text(text)), what);
}

static void acknowledge(struct wall *w, unsigned turn)
{
    char body[40], text[300];
    snprintf(body, sizeof body, "{\"turn\":%u}", turn);
    snprintf(text, sizeof text,
             "POST /v1/display/done HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
             "Content-Length: %zu\r\n\r\n%s",
             strlen(body), body);
    send_now(&w->ack, text, w->name);
    w->asked = true;
    w->ack_ns = now_ns();
}

static void on_mask(struct wall *w, const char *data)
{
    const char *turn = strstr(data, "\"turn\":");
    must_be(turn != NULL, data);
    w->turn = (unsigned)strtoul(turn + 7, NULL, 10);
    if (w->room->hidden != 0 && !w->masked) {
        w->masked = true;
        w->room->first_ns = w->room->masked++ == 0 ? now_ns() : w->room->first_ns;
        w->room->mask_ns = now_ns();
    }
    acknowledge(w, w->turn);
}

/* Of what sources is there something in it?  Only of those is asked that it matters of. */
static void on_put(struct wall *w, const char *data, size_t len)
{
    unsigned back = w->room->back, ask = w->room->hidden | (back & ~w->seen);
    for (unsigned i = 0; i < b.sources && ask != 0; i++) {
        if ((ask >> i & 1) == 0 ||
            memmem(data, len, b.source[i].mark, strlen(b.source[i].mark)) == NULL) {
            continue;
        }
        bool shown = (w->seen & back) == back;
        w->seen |= 1u << i;
        if ((w->room->hidden >> i & 1) != 0 && w->masked) {
            b.after++;
        } else if ((w->room->hidden >> i & 1) != 0) {
            w->room->last_ns = now_ns();
        }
        if (!shown && (w->seen & back) == back && w->room->hidden == 0) {
            w->room->showing++;
            pthread_cond_signal(&b.changed);
        }
    }
    if (w == b.wall) {
        for (const char *at = data; (at = strstr(at, "{\"i\":")) != NULL; at += 5) {
            b.objects++;
        }
    }
}

/* One event, its lines ended by zero; the last `event` line names it. */
static void event_take(struct wall *w, char *text, size_t len)
{
    const char *kind = NULL, *data = NULL;
    for (char *line = text; line < text + len; line += strlen(line) + 1) {
        char *end = memchr(line, '\n', (size_t)(text + len - line));
        *(end == NULL ? text + len : end) = 0;
        kind = strncmp(line, "event: ", 7) == 0 ? line + 7 : kind;
        data = strncmp(line, "data: ", 6) == 0 ? line + 6 : data;
    }
    if (kind == NULL) {
        return;
    }
    if (strcmp(kind, "put") == 0 && data != NULL) {
        on_put(w, data, strlen(data));
    } else if (strcmp(kind, "mask") == 0 && data != NULL) {
        on_mask(w, data);
    } else if (strcmp(kind, "end") == 0) {
        fprintf(stderr, "%s: %s\n", w->name, data == NULL ? "" : data);
        b.ended++;
    }
    b.voids += strcmp(kind, "void") == 0;
}

static void events_take(struct wall *w, size_t fresh)
{
    char  *from = w->text, *look = w->text + w->have - fresh, *end;
    size_t left = w->have;
    look = look > w->text ? look - 1 : look;
    while ((end = memmem(look, (size_t)(w->text + w->have - look), "\n\n", 2)) != NULL) {
        event_take(w, from, (size_t)(end - from));
        from = look = end + 2;
        left = (size_t)(w->text + w->have - from);
    }
    memmove(w->text, from, left);
    w->have = left;
    must_be(w->have < TEXT_MAX - 1, "an event");
}

static void stream_ready(struct wall *w)
{
    enum tls_step step = TLS_DONE;
    while (step == TLS_DONE) { /* TLS reads ahead: the descriptor tells of no more */
        size_t len = 0;
        err e = tls_read(w->stream.tls, (uint8_t *)w->text + w->have, TEXT_MAX - 1 - w->have, &len,
                         &step);
        must(step == TLS_ENDED ? FAIL(IO, "the stream has ended") : e, w->name);
        pthread_mutex_lock(&b.lock);
        w->have += len;
        b.bytes += len;
        events_take(w, len);
        pthread_mutex_unlock(&b.lock);
    }
}

static void answered(struct wall *w, char *text)
{
    must_be(strncmp(text, "HTTP/1.1 200", 12) == 0, text);
    pthread_mutex_lock(&b.lock);
    w->asked = false;
    if (w->masked && w->room->hidden != 0 && w->turn != 0) {
        w->turn = 0;
        w->room->done++;
        w->room->done_ns = now_ns();
        pthread_cond_signal(&b.changed);
    }
    pthread_mutex_unlock(&b.lock);
}

static void ack_ready(struct wall *w)
{
    char          buf[4096];
    enum tls_step step = TLS_DONE;
    while (step == TLS_DONE) {
        size_t len = 0;
        must(tls_read(w->ack.tls, (uint8_t *)buf, sizeof buf - 1, &len, &step), w->name);
        buf[len] = 0;
        if (len > 0) {
            answered(w, buf);
        }
    }
}

static void alive(uint64_t now)
{
    for (unsigned i = 0; i < b.walls; i++) {
        if (now - b.wall[i].ack_ns > ALIVE_NS && !b.wall[i].asked) {
            pthread_mutex_lock(&b.lock);
            acknowledge(&b.wall[i], 0);
            pthread_mutex_unlock(&b.lock);
        }
    }
}

static void *screens(void *ctx)
{
    struct epoll_event e[64];
    int                poll = *(int *)ctx;
    uint64_t           looked = now_ns();
    snprintf(b.process[b.processes++], sizeof b.process[0], "/proc/self/task/%d/schedstat",
             gettid());
    for (;;) {
        int count = epoll_wait(poll, e, 64, 1000);
        for (int i = 0; i < count; i++) {
            struct wall *w = &b.wall[e[i].data.u32 / 2];
            (e[i].data.u32 % 2 == 0 ? stream_ready : ack_ready)(w);
        }
        uint64_t now = now_ns();
        if (now - looked > 1000000000u) {
            looked = now;
            alive(now);
        }
    }
    return NULL;
}

static void screens_begin(int poll)
{
    for (unsigned i = 0; i < b.walls; i++) {
        struct wall *w = &b.wall[i];
        connect_as(&w->stream, w->name);
        connect_as(&w->ack, w->name);
        send_now(&w->stream, "GET /v1/display HTTP/1.1\r\nHost: x\r\n\r\n", w->name);
        w->ack_ns = now_ns();
        for (unsigned k = 0; k < 2; k++) {
            struct epoll_event e = {.events = EPOLLIN, .data.u32 = 2 * i + k};
            must_be(epoll_ctl(poll, EPOLL_CTL_ADD, k == 0 ? w->stream.fd : w->ack.fd, &e) == 0,
                    w->name);
        }
    }
}

/* ---- badges ---- */

/* The desk ends a connection that says nothing for a minute. */
static void gate_open(void)
{
    if (b.gate_ns != 0 && now_ns() - b.gate_ns < ALIVE_NS / 2) {
        return;
    }
    if (b.gate_ns != 0) {
        dial_close(&b.gate);
    }
    connect_as(&b.gate, b.keeper);
    client_init(&b.client, dial_wire(&b.gate), span_text(b.desk));
}

static void badge(const struct room *r, struct badge *of, const char *what, const char *who)
{
    char            text[400], at[32];
    uint8_t         signature[SIGNATURE_LEN], hex[2 * SIGNATURE_LEN + 1] = {0};
    struct timespec t;
    struct tm       tm;
    clock_gettime(CLOCK_REALTIME, &t);
    gmtime_r(&t.tv_sec, &tm);
    strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(text, sizeof text,
             "accord presence 1\nreader %s\nroom %s\nnumber %llu\ntime %s.%03ldZ\n%s %s\n",
             of->name, r->name, (unsigned long long)++of->number, at, t.tv_nsec / 1000000, what,
             who);
    sign_make(&of->seed, "accord presence 1", span_text(text), signature);
    struct writer w = writer_of(hex, sizeof hex - 1);
    put_hex(&w, SPAN_OF(signature));
    gate_open();
    json_decref(post(&b.client, "/v1/presence",
                     json_pack("{s:s,s:s}", "text", text, "signature", (const char *)hex)));
    b.gate_ns = now_ns();
}

/* Until so many are there, or the whole run has failed. */
static bool await(const unsigned *what, unsigned count)
{
    struct timespec until;
    int             late = 0;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WAIT_S;
    while (*what < count && late == 0 && b.ended == 0) {
        late = pthread_cond_timedwait(&b.changed, &b.lock, &until);
    }
    return *what >= count;
}

/* What is to go, or with 0 what had gone is to come back. */
static void lights(struct room *r, unsigned hidden)
{
    r->back = hidden != 0 ? r->back : r->hidden;
    r->hidden = hidden;
    r->masked = r->done = r->showing = 0;
    r->first_ns = r->mask_ns = r->done_ns = r->last_ns = 0;
    for (unsigned i = 0; i < b.walls; i++) {
        if (b.wall[i].room == r) {
            b.wall[i].masked = false;
            b.wall[i].turn = 0;
            b.wall[i].seen = hidden != 0 ? b.wall[i].seen : 0;
        }
    }
}

/* times - of one change, in ms: the badge's answer, the last object, the last mask, the last acknowledgement */
enum { TIME_BADGE, TIME_LAST, TIME_MASK, TIME_DONE, TIMES };

static double since(uint64_t then, uint64_t when)
{
    return when > then ? (double)(when - then) / 1e6 : 0;
}

static void slowest_note(const struct room *r, uint64_t then, const double *out,
                         const struct spent before[static PROCESSES])
{
    struct slowest *s = &b.slowest;
    if (out[TIME_MASK] <= s->mask_ms) {
        return;
    }
    *s = (struct slowest){.first_ms = since(then, r->first_ns),
                          .mask_ms = out[TIME_MASK],
                          .badge_ms = out[TIME_BADGE],
                          .done_ms = out[TIME_DONE],
                          .walls = r->walls};
    spent_read(s->spent);
    for (unsigned i = 0; i < b.processes; i++) {
        s->spent[i].ran -= before[i].ran;
        s->spent[i].waited -= before[i].waited;
    }
}

static bool change(struct room *r, const struct visitor *v, double *out)
{
    struct spent before[PROCESSES];
    uint64_t     asked = now_ns();
    pthread_mutex_lock(&b.lock);
    bool shows = await(&r->showing, r->walls);
    b.waited += now_ns() - asked;
    if (!shows) {
        fprintf(stderr, "%s: %u of %u displays show again what had gone\n", r->name, r->showing,
                r->walls);
        pthread_mutex_unlock(&b.lock);
        return false;
    }
    lights(r, v->hidden);
    pthread_mutex_unlock(&b.lock);
    gate_open();
    spent_read(before);
    uint64_t then = now_ns();
    badge(r, &r->reader[0], "enter", v->name);
    out[TIME_BADGE] = since(then, now_ns());
    pthread_mutex_lock(&b.lock);
    must_be(await(&r->done, r->walls), "the acknowledgement of all displays");
    out[TIME_LAST] = since(then, r->last_ns);
    out[TIME_MASK] = since(then, r->mask_ns);
    out[TIME_DONE] = since(then, r->done_ns);
    slowest_note(r, then, out, before);
    lights(r, 0);
    pthread_mutex_unlock(&b.lock);
    badge(r, &r->reader[0], "leave", v->name);
    badge(r, &r->reader[1], "leave", v->name);
    return true;
}

/* ---- the plan ---- */

static struct room *room_named(const char *n)
{
    unsigned i = 0;
    while (i < b.rooms && strcmp(b.room[i].name, n) != 0) {
        i++;
    }
    must_be(i < b.rooms, n);
    return &b.room[i];
}

static unsigned source_bit(const char *n)
{
    unsigned i = 0;
    while (i < b.sources && strcmp(b.source[i].name, n) != 0) {
        i++;
    }
    must_be(i < b.sources, n);
    return 1u << i;
}

static void seed_read(const char *hex, secret *out)
{
    must(text_hex(span_text(hex), out->key, SECRET_LEN), "a reader's key");
}

static void plan_line(char *line)
{
    char    *word[12] = {NULL}, *rest = NULL;
    unsigned count = 0;
    for (char *at = strtok_r(line, " \n", &rest); at != NULL && count < 12;
         at = strtok_r(NULL, " \n", &rest)) {
        word[count++] = at;
    }
    if (strcmp(word[0], "source") == 0 && count == 4) {
        struct source *s = &b.source[b.sources++];
        snprintf(s->name, sizeof s->name, "%s", word[1]);
        snprintf(s->mark, sizeof s->mark, "\"n\":\"%s-", word[1]);
        must(net_address_of(span_text(word[2]), &s->to), word[2]);
        s->tracks = (unsigned)strtoul(word[3], NULL, 10);
        b.tracks += s->tracks;
    } else if (strcmp(word[0], "room") == 0 && count == 6) {
        struct room *r = &b.room[b.rooms++];
        snprintf(r->name, sizeof r->name, "%s", word[1]);
        for (unsigned i = 0; i < 2; i++) {
            snprintf(r->reader[i].name, sizeof r->reader[i].name, "%s", word[2 + 2 * i]);
            seed_read(word[3 + 2 * i], &r->reader[i].seed);
        }
    } else if (strcmp(word[0], "display") == 0 && count == 3) {
        struct wall *w = &b.wall[b.walls++];
        snprintf(w->name, sizeof w->name, "%s", word[1]);
        w->room = room_named(word[2]);
        w->room->walls++;
    } else if (strcmp(word[0], "visitor") == 0) {
        struct visitor *v = &b.visitor[b.visitors++];
        snprintf(v->name, sizeof v->name, "%s", word[1]);
        for (unsigned i = 2; i < count; i++) {
            v->hidden |= source_bit(word[i]);
        }
    } else {
        must_be(false, word[0]);
    }
}

/* ---- what came of it ---- */

static int by_size(const void *a, const void *c)
{
    double x = *(const double *)a, y = *(const double *)c;
    return (x > y) - (x < y);
}

static void told(const char *what, double *ms, unsigned count)
{
    qsort(ms, count, sizeof *ms, by_size);
    printf("\"%s_ms\": [%.1f, %.1f, %.1f], ", what, ms[count / 2], ms[count * 99 / 100],
           ms[count - 1]);
}

/* talk - of each change, when it is asked for; of the run, now and then */
static void talk(unsigned i, unsigned changes, const double *one, double seconds)
{
    if (getenv("MASK_TALK") != NULL) {
        fprintf(stderr, "%u: %.1f %.1f %.1f %.1f\n", i, one[0], one[1], one[2], one[3]);
    } else if ((i + 1) % 100 == 0) {
        fprintf(stderr, "%u of %u changes, %.0f s\n", i + 1, changes, seconds);
    }
}

static void slowest_told(void)
{
    const struct slowest *s = &b.slowest;
    printf("\"slowest\": {\"displays\": %u, \"first_mask_ms\": %.1f, \"last_mask_ms\": %.1f, "
           "\"badge_ms\": %.1f, \"acknowledged_ms\": %.1f, \"ran_and_waited_ms\": [",
           s->walls, s->first_ms, s->mask_ms, s->badge_ms, s->done_ms);
    for (unsigned i = 0; i < b.processes; i++) {
        printf("%s[%.1f, %.1f]", i == 0 ? "" : ", ", (double)s->spent[i].ran / 1e6,
               (double)s->spent[i].waited / 1e6);
    }
    printf("]}, ");
}

/* How many it came to. */
static unsigned run(unsigned changes)
{
    static const char *const what[TIMES] = {"badge", "last_object", "mask", "acknowledged"};
    double                  *ms[TIMES], one[TIMES];
    uint64_t                 then = now_ns(), bytes = b.bytes, objects = b.objects, sent = b.sent;
    unsigned                 i = 0;
    for (unsigned t = 0; t < TIMES; t++) {
        ms[t] = calloc(changes, sizeof *ms[t]);
        must_be(ms[t] != NULL, "memory");
    }
    for (; i < changes && change(&b.room[i % b.rooms], &b.visitor[i / b.rooms % b.visitors], one);
         i++) {
        for (unsigned t = 0; t < TIMES; t++) {
            ms[t][i] = one[t];
        }
        talk(i, changes, one, since(then, now_ns()) / 1e3);
        if (i == 0) {
            fprintf(stderr, "the first change came after %.0f s\n", since(then, now_ns()) / 1e3);
        }
    }
    double seconds = since(then, now_ns()) / 1e3;
    printf("{\"changes\": %u, \"displays\": %u, \"rooms\": %u, ", i, b.walls, b.rooms);
    for (unsigned t = 0; i > 0 && t < TIMES; t++) {
        told(what[t], ms[t], i);
    }
    slowest_told();
    printf("\"after_mask\": %llu, \"ended\": %llu, \"seconds\": %.0f, \"waited_seconds\": %.0f, "
           "\"tracks_per_second\": %.0f, \"displays_mb_per_second\": %.1f, "
           "\"objects_per_second_and_display\": %.0f}\n",
           (unsigned long long)b.after, (unsigned long long)b.ended, seconds,
           (double)b.waited / 1e9, (double)(b.sent - sent) / seconds,
           (double)(b.bytes - bytes) / 1e6 / seconds, (double)(b.objects - objects) / seconds);
    return i;
}

int main(int argc, char **argv)
{
    char      line[1000];
    pthread_t thread[2];
    int       poll = epoll_create1(EPOLL_CLOEXEC);
    if (argc < 5 || argc - 5 >= PROCESSES) {
        fprintf(stderr, "usage: mask PARTY-DIR DESK TERMINAL CHANGES [PID...] < plan\n");
        return 2;
    }
    sockets_many();
    b.dir = argv[1];
    b.desk = argv[2];
    must(net_address_of(span_text(b.desk), &b.address), b.desk);
    while (fgets(line, sizeof line, stdin) != NULL) {
        plan_line(line);
    }
    b.keeper = argv[3];
    for (int i = 5; i < argc; i++) {
        snprintf(b.process[b.processes++], sizeof b.process[0], "/proc/%s/schedstat", argv[i]);
    }
    for (unsigned i = 0; i < b.rooms; i++) {
        b.room[i].back = (1u << b.sources) - 1;
        badge(&b.room[i], &b.room[i].reader[0], "enter", argv[3]);
        badge(&b.room[i], &b.room[i].reader[1], "enter", argv[3]);
    }
    screens_begin(poll);
    pthread_create(&thread[0], NULL, screens, &poll);
    pthread_create(&thread[1], NULL, sensors, NULL);
    unsigned changes = (unsigned)strtoul(argv[4], NULL, 10);
    return run(changes) == changes ? 0 : 1;
}
