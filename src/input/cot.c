/* SPDX-License-Identifier: Apache-2.0 */
/* Cursor on Target: docs/format/cot-profile.md */
#include "input/form.h"

static err cot_piece(const struct input_stream *s, span buffer, span *piece, size_t *used)
{
    (void)s;
    return cot_frame(buffer, piece, used);
}

static void cot_take(struct input *in, struct input_stream *s, span bytes,
                     const struct input_time *t, const struct input_sink *sink,
                     struct writer *reply)
{
    struct cot_event event;
    (void)s, (void)t, (void)reply;
    err e = cot_read(&in->reader->cot, bytes, &event);
    if (err_is(e)) {
        sink->refused(sink->ctx, e);
    } else {
        sink->event(sink->ctx, &event);
    }
}

const struct input_form input_cot = {.frame = cot_piece, .take = cot_take};
