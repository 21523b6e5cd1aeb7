/* SPDX-License-Identifier: Apache-2.0 */
/* Who comes and goes: what a reader signed is handed to the guard as it is. */
#include "desk/body.h"
#include "desk/state.h"

static err presence_send(struct desk *d, struct asker a, const struct body *b, bool followed)
{
    static const uint8_t nobody[SIGNATURE_LEN];
    uint8_t              signature[SIGNATURE_LEN];
    span                 title = SPAN_LIT(PRESENCE_TITLE "\n");
    if (b->value[0].len > ACT_TEXT_MAX) {
        return FAIL(LIMIT, "what a reader says is longer than it may be");
    }
    if (b->value[0].len < title.len || memcmp(b->value[0].ptr, title.ptr, title.len) != 0) {
        return FAIL(MALFORMED, "the text does not begin with `accord presence 1`");
    }
    TRY(text_hex(b->value[1], signature, sizeof signature));
    if (!followed && memcmp(signature, nobody, sizeof signature) == 0) {
        return FAIL(DENIED,
                    "a reader signs what it says; for a log speaks the desk that follows it");
    }
    struct errand *e = errand_begin(d, ERRAND_PRESENCE, REQUEST_SUBMIT);
    if (e == NULL) {
        return FAIL(FULL, "too much is being asked of the guard; try again");
    }
    e->asker = a;
    put_block16(&d->out, b->value[0]);
    put_span(&d->out, SPAN_OF(signature));
    return errand_send(d, e);
}

void ask_presence(struct desk *d, struct asker a, const struct desk_request *r)
{
    static const struct body_field field[] = {{"text", false}, {"signature", false}};
    struct body                    b;
    err                            e = body_read(r->body, field, ARRAY_LEN(field), &b);
    e = err_is(e) ? e : presence_send(d, a, &b, r->what == ASK_FOLLOWED);
    body_done(&b);
    if (err_is(e)) {
        refuse(d, a, e);
    }
}

void presence_answered(struct desk *d, const struct errand *e, struct reader *r)
{
    struct writer w = WRITER_OF(d->text);
    uint32_t      lease_ms = read_u32(r);
    bool          open = (read_u8(r) & ROOM_OPEN_DOOR) != 0;
    err           read = reader_end(r);
    if (err_is(read)) {
        refuse(d, e->asker, read);
        return;
    }
    put_text(&w, "{\"lease\":");
    put_decimal(&w, lease_ms);
    put_text(&w, open ? ",\"enter\":true}" : ",\"enter\":false}");
    answer_text(d, e->asker, 200, &w);
}
