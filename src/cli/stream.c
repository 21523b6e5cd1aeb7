/* SPDX-License-Identifier: Apache-2.0 */
/* stream: live reports as they come, one a line. */
#include <stdlib.h>
#include <time.h>

#include "cli/act.h"
#include "cli/verbs.h"
#include "http/target.h"
#include "wire/told.h"

#define SECONDS_MAX     (12 * 3600) /* a session is not longer */
#define SECONDS_DEFAULT SECONDS_MAX

/* watching - a stream that is being read
 *
 * left   reports that are still wanted; 0 = no bound
 * until  on the boot clock */
struct watching {
    struct desk *desk;
    struct wire  inner;
    uint64_t     left, until_ms, seen;
    bool         bounded, over;
};

static uint64_t boot_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_BOOTTIME, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* The end of the time is the end of the stream; before it, silence for long is a fault. */
static err bounded_receive(void *ctx, uint8_t *buf, size_t max, size_t *len)
{
    struct watching *w = ctx;
    uint64_t         now = boot_ms();
    *len = 0;
    if (w->over || now >= w->until_ms) {
        w->over = true;
        return OK;
    }
    uint64_t left = w->until_ms - now;
    w->desk->dial.wait_ms = left < DESK_WAIT_MS ? (int)left : DESK_WAIT_MS;
    err e = w->inner.receive(w->inner.ctx, buf, max, len);
    if (err_is(e) && boot_ms() >= w->until_ms) {
        w->over = true;
        *len = 0;
        return OK;
    }
    return e;
}

static const char *text_of(const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));
    return text == NULL ? "-" : text;
}

static void report_line(struct call *c, const json_t *data)
{
    const json_t *r = json_object_get(data, "report");
    const json_t *lat = json_object_get(r, "lat"), *lon = json_object_get(r, "lon");
    call_tell(c, "%s | %s %s %" JSON_INTEGER_FORMAT " | %s %s %.5f %.5f %s",
              text_of(data, "banner"), text_of(data, "originator"), text_of(data, "feed"),
              json_integer_value(json_object_get(data, "number")), text_of(r, "uid"),
              text_of(r, "type"), json_number_value(lat), json_number_value(lon),
              text_of(r, "time"));
}

/* Dark and light are events of their own: here they are told like the notes. */
static bool is_note_of_its_own(const struct event *e)
{
    return span_is(name_span(&e->kind), "dark") || span_is(name_span(&e->kind), "light");
}

static void event_tell(struct call *c, const struct event *e, const json_t *data)
{
    if (c->json && is_note_of_its_own(e)) {
        char *line = json_dumps(data, JSON_COMPACT);
        MUST(line != NULL);
        (void)fprintf(c->out, "%s\n", line);
        free(line);
    } else if (c->json) {
        (void)fprintf(c->out, SPAN_FMT "\n", SPAN_ARG(e->data.bytes));
    } else if (span_is(name_span(&e->kind), "report")) {
        report_line(c, data);
    } else if (strcmp(text_of(data, "note"), "session") != 0) {
        call_note(c, "%s %s %s", text_of(data, "originator"), text_of(data, "feed"),
                  text_of(data, "note"));
    }
    (void)fflush(c->out);
}

/* The guard ends a session when its time is over, or when its person may no longer look. */
static err session_over(struct call *c, const json_t *data)
{
    const char *why = json_string_value(json_object_get(data, "why"));
    (void)snprintf(c->refusal, sizeof c->refusal, "%s", why == NULL ? "" : why);
    return FAIL(DENIED, "the session has ended");
}

static err event_take(void *ctx, const struct event *e)
{
    struct watching *w = ctx;
    json_t          *data = json_loadb((const char *)e->data.bytes.ptr, e->data.bytes.len, 0, NULL);
    if (!json_is_object(data)) {
        json_decref(data);
        return FAIL(MALFORMED, "an event of the stream is not as it should be");
    }
    if (is_note_of_its_own(e)) {
        (void)json_object_set_new(data, "note", json_string(e->kind.text));
    }
    if (!span_is(name_span(&e->kind), "begin")) {
        event_tell(w->desk->call, e, data);
    }
    if (strcmp(text_of(data, "note"), "session") == 0) {
        err ended = session_over(w->desk->call, data);
        json_decref(data);
        return ended;
    }
    json_decref(data);
    if (span_is(name_span(&e->kind), "report")) {
        w->seen++;
        w->over = w->bounded && --w->left == 0;
    }
    return w->over ? FAIL(STATE, "all that was asked for has come") : OK;
}

static err report_take(void *ctx, const name *event_id, span report)
{
    struct event e = {.id = *event_id, .data = {report}};
    TRY(name_of(SPAN_LIT("report"), &e.kind));
    return event_take(ctx, &e);
}

static err events_take(void *ctx, const struct event *e)
{
    return span_is(name_span(&e->kind), "reports")
               ? told_each(&e->id, e->data.bytes, report_take, ctx)
               : event_take(ctx, e);
}

static err number_option(struct call *c, const char *option, uint64_t max, uint64_t otherwise,
                         uint64_t *out)
{
    const char *text = call_option(c, option);
    *out = otherwise;
    if (text == NULL || (!err_is(text_decimal(span_text(text), max, out)) && *out > 0)) {
        return OK;
    }
    call_about(c, "--%s", option);
    return call_misuse(c, FAIL(MALFORMED, "this option wants a number"));
}

static void filter_put(struct call *c, const char *option, struct writer *w)
{
    const char *value = call_option(c, option);
    if (value != NULL) {
        put_u8(w, '&');
        put_text(w, option);
        put_u8(w, '=');
        put_escaped(w, span_text(value));
    }
}

static err target_make(struct call *c, const char *session, char *buf, size_t max)
{
    struct writer w = writer_of(buf, max - 1);
    span          target;
    put_text(&w, "/v1/stream?session=");
    put_text(&w, session);
    filter_put(c, "originator", &w);
    filter_put(c, "feed", &w);
    TRY(writer_end(&w, &target));
    buf[target.len] = 0;
    return OK;
}

static err watch(struct watching *w, uint64_t seconds)
{
    static struct event_reader reader;
    struct desk               *d = w->desk;
    char                       session[ACT_SESSION_LEN], target[512];
    TRY(act_session(d, (unsigned)(seconds / 60 + 1 < 720 ? seconds / 60 + 1 : 720), session));
    TRY(target_make(d->call, session, target, sizeof target));
    struct ask a = {.method = METHOD_GET, .target = span_text(target), .type = "", .body_file = -1};
    TRY(client_ask(&d->client, &a, DESK_ANSWER_MAX));
    if (d->client.answer.status >= 400) {
        return desk_answer_error(d);
    }
    w->inner = d->client.wire;
    d->client.wire.ctx = w;
    d->client.wire.receive = bounded_receive;
    w->until_ms = boot_ms() + seconds * 1000;
    err e = client_events(&d->client, &reader, events_take, w);
    if (w->over || err_is(e)) {
        return w->over ? OK : e;
    }
    return FAIL(IO, "the stream ended before its time: the desk has ended it, or has stopped");
}

err do_stream(struct call *c)
{
    struct watching w = {0};
    uint64_t        seconds;
    TRY(signers_need(c));
    TRY(number_option(c, "count", UINT32_MAX, 0, &w.left));
    TRY(number_option(c, "seconds", SECONDS_MAX, SECONDS_DEFAULT, &seconds));
    w.bounded = w.left > 0;
    TRY(desk_open(c, &w.desk));
    err e = watch(&w, seconds);
    desk_close(w.desk);
    call_set_number(c, "reports", w.seen);
    return e;
}
