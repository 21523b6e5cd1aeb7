/* SPDX-License-Identifier: Apache-2.0 */
/* Cursor on Target, as XML or as messages of the TAK protocol: docs/format/cot-profile.md says how the two are told
 * apart, and how a connection goes from one to the other. */
#include "input/form.h"

static void greet(struct input *in, struct input_stream *s, const struct input_time *t,
                  struct writer *reply)
{
    uint64_t number = (uint64_t)t->boot_ms * 1000 + in->greeted++ % 1000;
    talk_server_greet(&s->talk, number, t->now, reply);
}

/* ---- what a stream holds next ---- */

/* A connection that carries one message and ends begins with the head of a datagram.  As the head of a stream it
 * would be a message of one byte, and there is none. */
static bool is_single(const struct input_stream *s, span buffer)
{
    static const uint8_t head[] = {TAK_MAGIC, TAK_VERSION, TAK_MAGIC};
    return !s->begun && span_starts(buffer, SPAN_OF(head));
}

/* Who begins with a message has agreed on that elsewhere. */
static bool is_message(const struct input_stream *s, span buffer)
{
    return s->talk.phase == TALK_PROTO ||
           (!s->begun && buffer.len > 0 && buffer.ptr[0] == TAK_MAGIC);
}

/* Blanks before the first piece tell nothing of what it is. */
static size_t blanks(const struct input_stream *s, span buffer)
{
    size_t count = 0;
    while (!s->begun && count < buffer.len && strchr(" \t\r\n", buffer.ptr[count]) != NULL &&
           buffer.ptr[count] != 0) {
        count++;
    }
    return count;
}

static err frame(const struct input_stream *s, span buffer, span *piece, size_t *used)
{
    size_t before = blanks(s, buffer);
    span   rest = {buffer.ptr + before, buffer.len - before};
    *piece = (span){rest.ptr, 0};
    *used = 0;
    if (is_single(s, rest)) {
        TRY(rest.len < COT_EVENT_MAX ? OK : FAIL(LIMIT, "a message is longer than 64 KiB"));
    } else {
        TRY(is_message(s, rest) ? tak_frame(rest, piece, used) : cot_frame(rest, piece, used));
    }
    *used += before;
    return OK;
}

static bool last(const struct input_stream *s, span buffer)
{
    return is_single(s, buffer);
}

/* ---- a piece ---- */

/* Control and pings are no reports, wherever they come. */
static void take_event(struct input_stream *s, const struct cot_event *event,
                       const struct talk *talk, const struct input_time *t,
                       const struct input_sink *sink, struct writer *reply)
{
    if (talk->kind == TALK_NONE) {
        sink->event(sink->ctx, event);
        return;
    }
    sink->passed(sink->ctx, 1);
    if (s != NULL && talk->kind == TALK_PING) {
        talk_pong(&s->talk, &event->report, t->now, reply);
    } else if (s != NULL) {
        talk_server_hear(&s->talk, talk, t->now, reply);
    }
}

static err message_of(const struct input_stream *s, span bytes, span *out)
{
    if (s == NULL || is_single(s, bytes)) {
        return tak_datagram(bytes, out);
    }
    *out = is_message(s, bytes) ? tak_frame_body(bytes) : (span){NULL, 0};
    return OK;
}

static err read_piece(struct input *in, span bytes, span message, struct cot_event *event,
                      struct talk *talk, bool *is)
{
    if (message.ptr == NULL) {
        *is = true;
        return talk_read(&in->reader->cot, bytes, event, talk);
    }
    TRY(tak_read(&in->reader->tak, message, event, is));
    *talk = (struct talk){.kind = *is ? talk_kind_of(&event->report) : TALK_NONE};
    return OK;
}

static void take(struct input *in, struct input_stream *s, span bytes, const struct input_time *t,
                 const struct input_sink *sink, struct writer *reply)
{
    struct cot_event event;
    struct talk      talk;
    span             message;
    bool             is = false;
    err              e = message_of(s, bytes, &message);
    bool             proto = s != NULL && is_message(s, bytes);
    e = err_is(e) ? e : read_piece(in, bytes, message, &event, &talk, &is);
    if (proto) {
        s->talk.phase = TALK_PROTO;
    }
    if (err_is(e)) {
        sink->refused(sink->ctx, e);
    } else if (!is) {
        sink->passed(sink->ctx, 1);
    } else {
        take_event(s, &event, &talk, t, sink, reply);
    }
}

const struct input_form input_cot = {.greet = greet, .frame = frame, .last = last, .take = take};
