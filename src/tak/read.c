/* SPDX-License-Identifier: Apache-2.0 */
/* A message becomes an event by the rules of the attributes that XML would have (feed/cot_fields.h): so there is
 * one profile for both. */
#include "feed/cot_fields.h"
#include "tak/scan.h"
#include "tak/tak.h"
#include "tak/typed.h"

#include <tak.pb-c.h>

#define DEGREES_DIGITS 12
#define METRES_DIGITS  9
#define NUMBER_MAX     32

static void *memory_take(void *arena, size_t len)
{
    return arena_take(arena, len);
}

static void memory_drop(void *arena, void *block)
{
    (void)arena, (void)block;
}

/* ---- the event's own fields ---- */

static err take_texts(const Tak__CotEvent *in, struct cot_event *event)
{
    const struct {
        const char *key, *value;
        bool        needed;
    } text[] = {
        {"uid", in->uid, true},        {"type", in->type, true},
        {"how", in->how, true},        {"access", in->access, false},
        {"caveat", in->caveat, false}, {"releaseableTo", in->releaseableto, false},
        {"qos", in->qos, false},       {"opex", in->opex, false},
    };
    uint64_t found = 0;
    for (size_t i = 0; i < ARRAY_LEN(text); i++) {
        span value = span_text(text[i].value);
        if (text[i].needed || value.len > 0) {
            TRY(cot_field_take(COT_EVENT, span_text(text[i].key), value, &found, event));
        }
    }
    return OK;
}

static err take_times(const Tak__CotEvent *in, struct report *r)
{
    const uint64_t last = INT64_MAX; /* report_valid knows the narrower limit */
    if (in->sendtime > last || in->starttime > last || in->staletime > last) {
        return FAIL(LIMIT, "a time of the message is past any that there is");
    }
    r->time = (instant)in->sendtime;
    r->start = (instant)in->starttime;
    r->stale = (instant)in->staletime;
    return OK;
}

static err take_point(const Tak__CotEvent *in, struct cot_event *event)
{
    const struct {
        const char *key;
        double      value;
        unsigned    digits;
    } number[] = {
        {"lat", in->lat, DEGREES_DIGITS}, {"lon", in->lon, DEGREES_DIGITS},
        {"hae", in->hae, METRES_DIGITS},  {"ce", in->ce, METRES_DIGITS},
        {"le", in->le, METRES_DIGITS},
    };
    uint64_t found = 0;
    for (size_t i = 0; i < ARRAY_LEN(number); i++) {
        char          text[NUMBER_MAX];
        struct writer w = writer_of(text, sizeof text);
        TRY(put_double(&w, number[i].value, number[i].digits));
        TRY(cot_field_take(COT_POINT, span_text(number[i].key), writer_span(&w), &found, event));
    }
    return OK;
}

/* ---- its detail ---- */

static err on_element(void *ctx, unsigned depth, const char *tag, const char *const *attributes)
{
    return depth == 1 ? typed_differs(ctx, tag, attributes) : OK;
}

static err take_detail(struct tak_reader *reader, Tak__Detail *in, struct cot_event *event)
{
    const struct cot_listener listener = {in, on_element};
    if (in == NULL) {
        return OK;
    }
    TRY(typed_take(in, event));
    return in->xmldetail[0] == '\0'
               ? OK
               : cot_read_detail(reader->cot, span_text(in->xmldetail), &listener, event);
}

/* ---- the whole ---- */

static err take_event(struct tak_reader *reader, const Tak__CotEvent *in, struct cot_event *event)
{
    TRY(take_texts(in, event));
    TRY(take_times(in, &event->report));
    TRY(take_point(in, event));
    TRY(take_detail(reader, in->detail, event));
    return report_valid(&event->report);
}

static err unpack(struct tak_reader *reader, span message, Tak__TakMessage **out)
{
    ProtobufCAllocator memory = {memory_take, memory_drop, &reader->arena};
    reader->arena = (struct arena){reader->memory, sizeof reader->memory, 0};
    *out = tak__tak_message__unpack(&memory, message.len, message.ptr);
    return *out != NULL ? OK
                        : FAIL(LIMIT, "the message needs more memory than one message may have");
}

err tak_read(struct tak_reader *reader, span message, struct cot_event *out, bool *is)
{
    struct cot_event event = {0};
    Tak__TakMessage *in = NULL;
    if (message.len > TAK_MESSAGE_MAX) {
        return FAIL(LIMIT, "a message is longer than 64 KiB");
    }
    TRY(tak_scan(message, &event.dropped));
    TRY(unpack(reader, message, &in));
    if (in->cotevent != NULL) {
        event.dropped += (in->submissiontime != 0 ? 1u : 0u) + (in->creationtime != 0 ? 1u : 0u);
        TRY(take_event(reader, in->cotevent, &event));
        *out = event;
    }
    *is = in->cotevent != NULL;
    return OK;
}
