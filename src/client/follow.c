/* SPDX-License-Identifier: Apache-2.0 */
/* A stream that is followed over cuts: one descriptor to be polled, holding the connection and a timer. */
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "client/inside.h"
#include "crypt/random.h"
#include "http/target.h"
#include "wire/told.h"

/* BACKOFF  a desk that was started anew is there within a second; one that is away is not hammered
 * SILENT   three pulses of the desk (http/session.h) */
#define BACKOFF_FIRST_MS 250
#define BACKOFF_MAX_MS   15000
#define SILENT_MS        45000

#define ENDED "the following was ended by its caller"

static int64_t boot_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_BOOTTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void timer_set(const struct follow *f, int64_t ms)
{
    struct itimerspec at = {.it_value = {ms / 1000, (ms % 1000) * 1000000}};
    if (ms <= 0) {
        at.it_value.tv_nsec = 1;
    }
    MUST(timerfd_settime(f->timer, 0, &at, NULL) == 0);
}

/* ---- telling the caller ---- */

static err tell(accord_client *c, const char *kind, const char *id, span data)
{
    struct follow            *f = &c->follow;
    const struct accord_event e = {kind, id, (const char *)data.ptr, data.len};
    if (f->call(f->ctx, &e) != 0) {
        return FAIL(STATE, ENDED);
    }
    return OK;
}

static err tell_lost(accord_client *c, const char *why)
{
    char          text[512];
    struct writer w = writer_of(text, sizeof text - 1);
    put_text(&w, "{\"why\":");
    put_json(&w, span_text(why));
    put_u8(&w, '}');
    MUST(!w.bad);
    text[w.len] = 0;
    return tell(c, "lost", "", writer_span(&w));
}

/* ---- the connection ---- */

static void stream_close(struct follow *f)
{
    if (f->streams) {
        (void)epoll_ctl(f->poll, EPOLL_CTL_DEL, f->dial.fd, NULL);
        dial_close(&f->dial);
    }
    f->streams = false;
}

void follow_end(accord_client *c)
{
    stream_close(&c->follow);
    c->follow.on = false;
}

static err target_put(const accord_client *c, char *buf, size_t max)
{
    const struct follow *f = &c->follow;
    char                 ids[ACCORD_SEEN_MAX];
    struct writer        w = writer_of(buf, max - 1), i = WRITER_OF(ids);
    span                 all;
    put_text(&w, "/v1/stream?session=");
    put_text(&w, c->session);
    const char *const filter[][2] = {{"&originator=", f->originator}, {"&feed=", f->feed}};
    for (size_t k = 0; k < ARRAY_LEN(filter); k++) {
        if (filter[k][1][0] != 0) {
            put_text(&w, filter[k][0]);
            put_escaped(&w, span_text(filter[k][1]));
        }
    }
    seen_put(&f->seen, false, &i);
    if (i.len > 0) {
        put_text(&w, "&after=");
        put_escaped(&w, writer_span(&i));
    }
    TRY(writer_end(&w, &all));
    buf[all.len] = 0;
    return OK;
}

static err stream_ask(accord_client *c)
{
    struct follow *f = &c->follow;
    char           target[TARGET_MAX];
    TRY(target_put(c, target, sizeof target));
    struct ask a = ask_get(target);
    TRY(client_ask(&f->http, &a, ACCORD_ANSWER_MAX));
    if (f->http.answer.status >= 400) {
        err e = client_refused(c, &f->http);
        if (e.code == ERR_DENIED) {
            c->session[0] = 0; /* it has ended: the next try signs a new one */
            e = FAIL(STATE, "the session has ended");
        }
        return e;
    }
    if (!f->http.answer.endless || !span_is(f->http.answer.type, "text/event-stream")) {
        return FAIL(MALFORMED, "the answer is not a stream of events");
    }
    return OK;
}

static err stream_open(accord_client *c)
{
    struct follow *f = &c->follow;
    TRY(session_need(c));
    TRY(wire_open(c, &f->dial, &f->http));
    err                e = stream_ask(c);
    struct epoll_event on = {.events = EPOLLIN};
    if (!err_is(e) && epoll_ctl(f->poll, EPOLL_CTL_ADD, f->dial.fd, &on) != 0) {
        e = FAIL(IO, "the system does not watch the connection");
    }
    if (err_is(e)) {
        dial_close(&f->dial);
        return e;
    }
    event_reader_init(&f->reader);
    f->streams = true;
    f->heard_ms = boot_ms();
    return OK;
}

/* ---- events ---- */

static err report_note(accord_client *c, const struct event *e, bool *fresh)
{
    json_t     *data = json_loadb((const char *)e->data.bytes.ptr, e->data.bytes.len, 0, NULL);
    const char *originator = "-", *feed = "-"; /* where the stream began */
    bool        report = span_is(name_span(&e->kind), "report");
    err         read = report ? text_of(data, "originator", &originator) : OK;
    read = report && !err_is(read) ? text_of(data, "feed", &feed) : read;
    if (!err_is(read)) {
        *fresh = seen_note(&c->follow.seen, originator, feed, &e->id);
    }
    json_decref(data);
    return read;
}

/* The guard ends a session when its time is over, and who is still let in signs a new one. */
static void note_look(accord_client *c, const struct event *e)
{
    if (span_starts(e->data.bytes, SPAN_LIT("{\"note\":\"session\""))) {
        c->session[0] = 0;
    }
}

static bool is_silent(const name *kind)
{
    return span_is(name_span(kind), "void") || span_is(name_span(kind), "begin");
}

static err event_take(accord_client *c, struct event *e)
{
    char text[EVENT_MAX + 1];
    bool fresh = true;
    if (e->id.text[0] != 0) {
        TRY(report_note(c, e, &fresh));
        c->follow.backoff_ms = is_silent(&e->kind) ? c->follow.backoff_ms : BACKOFF_FIRST_MS;
    }
    note_look(c, e);
    if (!fresh || is_silent(&e->kind)) {
        return OK;
    }
    memcpy(text, e->data.bytes.ptr, e->data.bytes.len);
    text[e->data.bytes.len] = 0;
    return tell(c, e->kind.text, e->id.text, (span){(const uint8_t *)text, e->data.bytes.len});
}

static err report_take(void *ctx, const name *event_id, span report)
{
    accord_client *c = ctx;
    struct event   e = {.id = *event_id, .data = {report}};
    TRY(name_of(SPAN_LIT("report"), &e.kind));
    TRY(event_take(c, &e));
    return c->follow.on ? OK : FAIL(STATE, ENDED);
}

static err events_take(accord_client *c, struct event *e)
{
    if (span_is(name_span(&e->kind), "reports")) {
        return told_each(&e->id, e->data.bytes, report_take, c);
    }
    TRY(event_take(c, e));
    return c->follow.on ? OK : FAIL(STATE, ENDED);
}

/* ended: the caller did, or the stream cannot be believed any more */
static err bytes_take(accord_client *c, span bytes)
{
    struct follow *f = &c->follow;
    while (bytes.len > 0) {
        bool whole = false;
        TRY(event_read(&f->reader, &bytes, &whole));
        if (whole) {
            TRY(events_take(c, &f->reader.event));
        }
    }
    return OK;
}

static err stream_read(accord_client *c)
{
    struct follow *f = &c->follow;
    uint8_t        buf[CLIENT_BUFFER_LEN];
    if (f->http.from < f->http.to) { /* came with the head of the answer */
        span first = {f->http.buf + f->http.from, f->http.to - f->http.from};
        f->http.from = f->http.to;
        TRY(bytes_take(c, first));
    }
    for (;;) {
        size_t        len = 0;
        enum tls_step step = TLS_DONE;
        TRY(tls_read(f->dial.tls, buf, sizeof buf, &len, &step));
        if (step == TLS_WANT_READ || step == TLS_WANT_WRITE) {
            break;
        }
        if (step == TLS_ENDED) {
            return FAIL(IO, "the desk ended the stream");
        }
        f->heard_ms = boot_ms();
        TRY(bytes_take(c, (span){buf, len}));
    }
    return boot_ms() - f->heard_ms >= SILENT_MS ? FAIL(IO, "the desk was silent for too long") : OK;
}

/* ---- steps ---- */

/* Somewhere in the upper half, so that many who were cut at once do not come back at once. */
static void backoff(struct follow *f)
{
    uint8_t byte;
    random_fill(random_system(), &byte, 1);
    timer_set(f, f->backoff_ms / 2 + f->backoff_ms * byte / 512);
    f->backoff_ms = 2 * f->backoff_ms < BACKOFF_MAX_MS ? 2 * f->backoff_ms : BACKOFF_MAX_MS;
}

static err lost(accord_client *c, err why)
{
    struct follow *f = &c->follow;
    stream_close(f);
    if (why.code == ERR_DENIED || why.code == ERR_FORGED) {
        return why; /* nothing is tried again, so nothing is told of that */
    }
    backoff(f);
    TRY(tell_lost(c, c->refused ? c->why : why.why));
    c->refused = false;
    return OK;
}

static err step(accord_client *c)
{
    struct follow *f = &c->follow;
    uint64_t       due;
    bool           timed = read(f->timer, &due, sizeof due) == (ssize_t)sizeof due;
    if (!f->streams && !timed) {
        return OK;
    }
    if (!f->streams) {
        err e = stream_open(c);
        if (err_is(e)) {
            return lost(c, e);
        }
        TRY(tell(c, "back", "", SPAN_LIT("{}")));
    }
    timer_set(f, SILENT_MS);
    err e = stream_read(c);
    return err_is(e) && f->on && e.code != ERR_STATE ? lost(c, e) : e;
}

enum accord_code accord_client_step(accord_client *c)
{
    if (!c->follow.on) {
        return said(c, FAIL(STATE, "nothing is followed"));
    }
    err e = step(c);
    if (err_is(e)) {
        follow_end(c);
    }
    return said(c, e);
}

static err follow_begin(accord_client *c)
{
    struct follow     *f = &c->follow;
    struct epoll_event on = {.events = EPOLLIN};
    if (f->poll < 0) {
        f->poll = epoll_create1(EPOLL_CLOEXEC);
        f->timer = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
        if (f->poll < 0 || f->timer < 0 || epoll_ctl(f->poll, EPOLL_CTL_ADD, f->timer, &on) != 0) {
            return FAIL(FULL, "the system has no descriptor left");
        }
    }
    f->backoff_ms = BACKOFF_FIRST_MS;
    f->on = true;
    timer_set(f, 0);
    return OK;
}

static err filter_keep(const char *text, char out[static sizeof(name)])
{
    name n = {0};
    TRY(text == NULL ? OK : name_of(span_text(text), &n));
    memcpy(out, n.text, sizeof n.text);
    return OK;
}

enum accord_code accord_client_follow(accord_client *c, const char *originator, const char *feed,
                                      const char *seen, accord_event_call *call, void *ctx)
{
    struct follow *f = &c->follow;
    follow_end(c);
    err e = filter_keep(originator, f->originator);
    e = err_is(e) ? e : filter_keep(feed, f->feed);
    e = err_is(e) ? e : seen_read(&f->seen, span_text(seen == NULL ? "" : seen));
    f->call = call;
    f->ctx = ctx;
    return said(c, err_is(e) ? e : follow_begin(c));
}

int accord_client_fd(const accord_client *c)
{
    return c->follow.poll;
}

enum accord_code accord_client_seen(const accord_client *c, char *text, size_t max)
{
    struct writer w = writer_of(text, max == 0 ? 0 : max - 1);
    seen_put(&c->follow.seen, true, &w);
    if (w.bad || max == 0) {
        return ACCORD_LIMIT;
    }
    text[w.len] = 0;
    return ACCORD_OK;
}
