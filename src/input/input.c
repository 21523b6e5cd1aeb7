/* SPDX-License-Identifier: Apache-2.0 */
#include "input/form.h"

static const struct input_form *const form_row[SOURCE_FORM_COUNT] = {
    [SOURCE_COT] = &input_cot,
    [SOURCE_AIS] = &input_ais,
    [SOURCE_ASTERIX] = &input_asterix,
};

void input_reader_init(struct input_reader *r, uint64_t salt)
{
    cot_init(&r->cot, salt);
    r->tak.cot = &r->cot;
}

err input_init(struct input *in, enum source_form form, struct input_reader *reader)
{
    if (form >= SOURCE_FORM_COUNT || form_row[form] == NULL) {
        return FAIL(UNKNOWN, "nothing here reads what this source sends");
    }
    *in = (struct input){.form = form, .reader = reader};
    if (form_row[form]->init != NULL) {
        form_row[form]->init(in);
    }
    return OK;
}

void input_stands(struct input *in, struct place place, int32_t height_m)
{
    in->asterix.stands = (struct asterix_site){.used = 1, .place = place, .height_m = height_m};
}

void input_greet(struct input *in, struct input_stream *s, const struct input_time *t,
                 struct writer *reply)
{
    *s = (struct input_stream){0};
    if (form_row[in->form]->greet != NULL) {
        form_row[in->form]->greet(in, s, t, reply);
    }
}

err input_frame(const struct input *in, const struct input_stream *s, span buffer, span *piece,
                size_t *used)
{
    if (form_row[in->form]->frame == NULL) {
        return FAIL(STATE, "what this source sends does not come over connections");
    }
    return form_row[in->form]->frame(s, buffer, piece, used);
}

bool input_last(const struct input *in, const struct input_stream *s, span buffer)
{
    return form_row[in->form]->last != NULL && form_row[in->form]->last(s, buffer);
}

void input_take(struct input *in, struct input_stream *s, span bytes, const struct input_time *t,
                const struct input_sink *sink, struct writer *reply)
{
    form_row[in->form]->take(in, s, bytes, t, sink, reply);
    if (s != NULL) {
        s->begun = true;
    }
}
