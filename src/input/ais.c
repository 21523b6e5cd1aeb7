/* SPDX-License-Identifier: Apache-2.0 */
/* Ships' own reports: lines, of which a datagram may have several. */
#include "input/form.h"

static err frame(const struct input_stream *s, span buffer, span *piece, size_t *used)
{
    span rest = buffer;
    (void)s;
    *piece = span_cut(&rest, '\n');
    *used = buffer.len - rest.len;
    if (memchr(buffer.ptr, '\n', buffer.len) == NULL) {
        *piece = (span){buffer.ptr, 0};
        *used = 0;
        return buffer.len <= AIS_LINE_MAX ? OK : FAIL(LIMIT, "a line does not end");
    }
    return OK;
}

static bool last(const struct input_stream *s, span buffer)
{
    (void)s;
    return span_trim(buffer).len > 0;
}

static void take_line(struct input *in, span line, const struct input_time *t,
                      const struct input_sink *sink)
{
    struct cot_event event = {0};
    enum ais_found   found;
    err              e = ais_read(&in->ais, line, t->now, t->boot_ms, &found, &event.report);
    if (err_is(e)) {
        sink->refused(sink->ctx, e);
    } else if (found == AIS_REPORT) {
        sink->event(sink->ctx, &event);
    } else {
        sink->passed(sink->ctx, 1);
    }
}

static void take(struct input *in, struct input_stream *s, span bytes, const struct input_time *t,
                 const struct input_sink *sink, struct writer *reply)
{
    (void)s;
    (void)reply;
    while (bytes.len > 0) {
        span line = span_trim(span_cut(&bytes, '\n'));
        if (line.len > 0) {
            take_line(in, line, t, sink);
        }
    }
}

const struct input_form input_ais = {.frame = frame, .last = last, .take = take};
