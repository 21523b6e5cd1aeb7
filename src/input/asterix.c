/* SPDX-License-Identifier: Apache-2.0 */
/* Radars and trackers: a datagram has data blocks, and each of these records.  It does not come over connections. */
#include "input/form.h"

static void on_report(void *ctx, const struct report *r, uint32_t dropped)
{
    const struct input_sink *sink = ctx;
    struct cot_event         event = {.report = *r, .dropped = dropped};
    sink->event(sink->ctx, &event);
}

static void on_passed(void *ctx)
{
    const struct input_sink *sink = ctx;
    sink->passed(sink->ctx, 1);
}

static void on_refused(void *ctx, err why)
{
    const struct input_sink *sink = ctx;
    sink->refused(sink->ctx, why);
}

static void take(struct input *in, struct input_stream *s, span bytes, const struct input_time *t,
                 const struct input_sink *sink, struct writer *reply)
{
    struct input_sink   to = *sink;
    struct asterix_sink each = {&to, on_report, on_passed, on_refused};
    (void)s;
    (void)reply;
    asterix_take(&in->asterix, bytes, t->now, &each);
}

const struct input_form input_asterix = {.take = take};
