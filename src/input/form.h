/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INPUT_FORM_H
#define INPUT_FORM_H

#include "input/input.h"

/* input_form - one row of the table: how the pieces of a form are found and read
 *
 * init    NULL: it keeps nothing
 * greet   NULL: it says nothing
 * frame   NULL: it does not come in streams
 * last    NULL: what is left of a stream is never a piece
 * take    as input_take */
struct input_form {
    void (*init)(struct input *in);
    void (*greet)(struct input *in, struct input_stream *s, const struct input_time *t,
                  struct writer *reply);
    err (*frame)(const struct input_stream *s, span buffer, span *piece, size_t *used);
    bool (*last)(const struct input_stream *s, span buffer);
    void (*take)(struct input *in, struct input_stream *s, span bytes, const struct input_time *t,
                 const struct input_sink *sink, struct writer *reply);
};

extern const struct input_form input_cot, input_ais, input_asterix;

#endif
