/* SPDX-License-Identifier: Apache-2.0 */
#include "http/exchange.h"

#include "http/session.h"

/* What a reader who keeps up never has waiting once the socket has taken what it can */
#define SLOW_MAX ((size_t)16 * BLOCK_LEN)

#define GONE_BEFORE "the client has gone, or was answered before"

static const char *const gone_word[] = {
    [GONE_NOT] = "not",   [GONE_LEFT] = "left", [GONE_SLOW] = "slow",
    [GONE_RUDE] = "rude", [GONE_STOP] = "stop",
};

const char *gone_name(enum gone g)
{
    return (size_t)g < ARRAY_LEN(gone_word) ? gone_word[g] : "";
}

static bool answer_begun(const struct session *one)
{
    return one->state == SESSION_ANSWER || one->state == SESSION_STREAM;
}

/* Room for all of an answer is looked for first, so that no half of one is ever queued. */
static err answer_put(struct exchange x, struct response *r, span body)
{
    struct session *one = session_of(x);
    uint8_t         buf[RESPONSE_HEAD_MAX];
    struct writer   w = WRITER_OF(buf);
    if (one == NULL || answer_begun(one)) {
        return FAIL(STATE, GONE_BEFORE);
    }
    r->close = one->close || one->state == SESSION_PIECES;
    response_head(&w, r);
    MUST(!w.bad);
    if (!session_room(x.of, one, w.len + body.len)) {
        return FAIL(FULL, "the answer is larger than the room that is left for it");
    }
    TRY(session_put(x.of, one, writer_span(&w)));
    return session_put(x.of, one, body);
}

err exchange_answer(struct exchange x, unsigned status, enum media media, span body)
{
    struct response r = {.status = status, .media = media, .body_len = body.len};
    TRY(answer_put(x, &r, body));
    session_answered(x.of, session_of(x));
    return OK;
}

/* A refusal must get out: without room for it the connection is cut, which tells as much. */
static err refusal_put(struct exchange x, span text)
{
    struct session *one = session_of(x);
    if (err_is(session_put(x.of, one, text))) {
        session_cut(x.of, one, GONE_SLOW);
        return FAIL(FULL, "there is no room even for the refusal");
    }
    session_answered(x.of, one);
    return OK;
}

static bool closes(const struct session *one)
{
    return one->close || one->state == SESSION_PIECES;
}

err exchange_refuse(struct exchange x, err e)
{
    struct session *one = session_of(x);
    uint8_t         buf[2 * RESPONSE_HEAD_MAX];
    struct writer   w = WRITER_OF(buf);
    if (one == NULL || answer_begun(one)) {
        return FAIL(STATE, GONE_BEFORE);
    }
    response_error(&w, e, closes(one));
    return refusal_put(x, writer_span(&w));
}

err exchange_fault(struct exchange x, enum fault f, unsigned allow)
{
    struct session *one = session_of(x);
    uint8_t         buf[2 * RESPONSE_HEAD_MAX];
    struct writer   w = WRITER_OF(buf);
    if (one == NULL || answer_begun(one)) {
        return FAIL(STATE, GONE_BEFORE);
    }
    x.of->counters.refused[f]++;
    response_fault(&w, f, allow, closes(one));
    return refusal_put(x, writer_span(&w));
}

err exchange_body_begin(struct exchange x, unsigned status, enum media media, uint64_t body_len)
{
    struct response r = {.status = status, .media = media, .body_len = body_len};
    TRY(answer_put(x, &r, (span){0}));
    struct session *one = session_of(x);
    one->close = r.close;
    one->left = body_len;
    one->state = SESSION_ANSWER;
    session_release(x.of, one);
    if (body_len == 0) {
        session_answered(x.of, one);
    }
    return OK;
}

err exchange_body_piece(struct exchange x, span bytes)
{
    struct session *one = session_of(x);
    if (one == NULL || one->state != SESSION_ANSWER) {
        return FAIL(STATE, GONE_BEFORE);
    }
    if (bytes.len > one->left) {
        return FAIL(LIMIT, "more of the body came than was announced");
    }
    err e = session_put(x.of, one, bytes);
    one->wants_room = e.code == ERR_FULL;
    TRY(e);
    one->left -= bytes.len;
    if (one->left == 0) {
        session_answered(x.of, one);
    }
    return OK;
}

err exchange_stream_begin(struct exchange x)
{
    struct response r = {.status = 200, .media = MEDIA_EVENTS};
    TRY(answer_put(x, &r, (span){0}));
    struct session *one = session_of(x);
    one->state = SESSION_STREAM;
    one->held = queue_front(&one->out).len;
    one->pulse = x.of->now + PULSE_TIME_MS;
    session_release(x.of, one);
    return OK;
}

err exchange_event(struct exchange x, span bytes)
{
    struct session *one = session_of(x);
    if (one == NULL || one->state != SESSION_STREAM) {
        return FAIL(STATE, GONE_BEFORE);
    }
    err e = session_put(x.of, one, bytes);
    one->wants_room = e.code == ERR_FULL;
    TRY(e);
    one->pulse = x.of->now + PULSE_TIME_MS;
    x.of->counters.events++;
    return OK;
}

err exchange_stream_end(struct exchange x)
{
    struct session *one = session_of(x);
    if (one == NULL || one->state != SESSION_STREAM) {
        return FAIL(STATE, GONE_BEFORE);
    }
    if (!lane_settle(x.of, one)) {
        return FAIL(STATE, GONE_BEFORE);
    }
    session_answered(x.of, one);
    return OK;
}

bool exchange_quiet(struct exchange x)
{
    const struct session *one = session_of(x);
    if (one == NULL || one->state != SESSION_STREAM) {
        return false;
    }
    bool begun = one->out.count == 1 && one->out.bytes <= one->held && !lane_waits(x.of, one);
    return one->out.count == 0 || begun;
}

bool exchange_slow(struct exchange x)
{
    const struct session *one = session_of(x);
    return one != NULL && one->state == SESSION_STREAM && one->out.bytes > SLOW_MAX;
}

/* A blank line would tell the half of an event as if it were whole; a second `event` line names it anew (WHATWG
 * HTML section 9.2.6). */
bool exchange_purge(struct exchange x)
{
    struct session *one = session_of(x);
    if (one == NULL || one->state != SESSION_STREAM || !lane_settle(x.of, one) ||
        !queue_cut(&one->out, &x.of->blocks, one->held)) {
        return false;
    }
    if (err_is(session_put(x.of, one, SPAN_LIT("\nevent: void\n\n")))) {
        session_cut(x.of, one, GONE_SLOW);
    }
    return true;
}

void exchange_cut(struct exchange x, enum gone why)
{
    struct session *one = session_of(x);
    if (one != NULL) {
        session_cut(x.of, one, why);
    }
}
