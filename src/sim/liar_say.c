/* SPDX-License-Identifier: Apache-2.0 */
/* What a liar says to its guard: of every kind, with what it has seen elsewhere, or with what nobody has. */
#include "base/lines.h"
#include "sim/liar.h"

#include <stdio.h>

#define BODY_MAX 20000

void liar_bend(struct world *w, uint8_t *bytes, size_t *len)
{
    if (*len == 0) {
        return;
    }
    switch (roll(w, 4)) {
    case 0:
        *len -= 1 + roll(w, (uint32_t)*len);
        break;
    case 1:
        bytes[roll(w, (uint32_t)*len)] = (uint8_t)roll(w, 256);
        break;
    default:
        bytes[roll(w, (uint32_t)*len)] ^= (uint8_t)(1U << roll(w, 8));
        break;
    }
}

/* ---- a value of a type ---- */

static void number_put(struct world *w, struct writer *out, size_t len, span seen)
{
    static const uint64_t edge[] = {0, 1, 2, 255, UINT16_MAX, UINT32_MAX, INT64_MAX, UINT64_MAX};
    uint64_t              v = edge[roll(w, sizeof edge / sizeof edge[0])];
    struct reader         r = reader_of(seen);
    if (seen.len == len && !chance(w, 5)) {
        v = 0;
        for (size_t i = 0; i < len; i++) {
            v = v << 8 | read_u8(&r);
        }
        v += chance(w, 3) ? (uint64_t)roll(w, 5) - 2 : 0;
    }
    for (size_t i = len; i > 0; i--) {
        put_u8(out, (uint8_t)(v >> (8 * (i - 1))));
    }
}

static void bytes_put(struct world *w, struct writer *out, size_t len, span seen)
{
    uint8_t bytes[SIGNATURE_LEN] = {0};
    if (seen.len == len && !chance(w, 8)) {
        memcpy(bytes, seen.ptr, len);
        bytes[roll(w, (uint32_t)len)] ^= chance(w, 8) ? 1 : 0;
    } else if (!chance(w, 3)) {
        random_fill(random_from(&w->stream), bytes, len);
    }
    put_span(out, (span){bytes, len});
}

static void text_put(struct world *w, struct writer *t, const char *key, enum field f)
{
    span seen = hoard_draw(w, &w->hoard->field[f]);
    put_text(t, key);
    put_u8(t, ' ');
    if (f == FIELD_NAME) {
        put_span(t, seen);
    } else {
        put_hex(t, seen);
    }
    put_u8(t, '\n');
}

/* Texts that nobody has signed: who is in a room, an order, a submission */
static span made_text(struct world *w, uint8_t *room, size_t max)
{
    static const char *const title[] = {PRESENCE_TITLE, DISPLAYS_TITLE, "accord submission 1",
                                        "accord act 1"};
    struct writer            t = writer_of(room, max);
    put_text(&t, title[roll(w, 4)]);
    put_u8(&t, '\n');
    text_put(w, &t, "party", FIELD_NAME);
    text_put(w, &t, chance(w, 2) ? "room" : "handle", chance(w, 2) ? FIELD_NAME : FIELD_ID);
    text_put(w, &t, chance(w, 2) ? "enter" : "person", FIELD_NAME);
    text_put(w, &t, "epoch", FIELD_ID);
    return writer_span(&t);
}

static void block_put(struct world *w, struct writer *out, bool wide, span seen)
{
    static uint8_t room[BODY_MAX];
    size_t         len = seen.len < sizeof room ? seen.len : sizeof room;
    if (len > 0) {
        memcpy(room, seen.ptr, len);
    }
    if (chance(w, 8)) {
        len = made_text(w, room, sizeof room).len;
    } else if (chance(w, 6)) {
        liar_bend(w, room, &len);
    }
    if (wide) {
        put_block16(out, (span){room, len});
    } else {
        put_block8(out, (span){room, len < UINT8_MAX ? len : UINT8_MAX});
    }
}

void liar_field(struct world *w, struct writer *out, enum field f)
{
    span seen = hoard_draw(w, &w->hoard->field[f]);
    switch (f) {
    case FIELD_NAME:
        put_block8(out, seen);
        break;
    case FIELD_BLOCK16:
    case FIELD_BLOCK8:
        block_put(w, out, f == FIELD_BLOCK16, seen);
        break;
    case FIELD_U64:
    case FIELD_U32:
    case FIELD_U16:
    case FIELD_U8:
        number_put(w, out, field_len[f], seen);
        break;
    default:
        bytes_put(w, out, field_len[f], seen);
        break;
    }
}

/* ---- a message ---- */

static const uint8_t own_kinds[PROCESS_COUNT][9] = {
    [PROCESS_INTAKE] = {REQUEST_GREET, REQUEST_SOURCES, REQUEST_ORIGIN, REQUEST_LEASE,
                        REQUEST_CLOSED, REQUEST_CLOSED, REQUEST_CERTIFY, REQUEST_LISTENING,
                        REQUEST_ORIGIN},
    [PROCESS_COURIER] = {REQUEST_RELEASE, REQUEST_RECEIVE, REQUEST_DAYKEY, REQUEST_LETTER,
                         REQUEST_AHEAD, REQUEST_BEHIND, REQUEST_CLOSED, REQUEST_PARTNERS,
                         REQUEST_RECEIVE},
    [PROCESS_DESK] = {REQUEST_GREET, REQUEST_OPEN, REQUEST_SUBMIT, REQUEST_ACT, REQUEST_SIGN,
                      REQUEST_LOOK, REQUEST_CLOSED, REQUEST_OPEN, REQUEST_SIGN},
};

void liar_message(struct world *w, struct writer *out, enum process p, uint32_t tag)
{
    uint8_t kind = chance(w, 4) ? (uint8_t)roll(w, REQUEST_END + 2) : own_kinds[p][roll(w, 9)];
    guard_message_begin(out, kind, tag);
    const char *fields = request_fields(kind);
    if (fields == NULL || chance(w, 30)) {
        for (unsigned i = roll(w, 64); i > 0; i--) {
            put_u8(out, (uint8_t)roll(w, 256));
        }
        return;
    }
    for (; *fields != 0; fields++) {
        liar_field(w, out, field_of(*fields));
    }
}

static void field_put(struct writer *out, enum field f, span value)
{
    if (f == FIELD_BLOCK16) {
        put_block16(out, value);
    } else if (field_len[f] == 0) {
        put_block8(out, value);
    } else {
        put_span(out, value);
    }
}

/* Each field is copied but one. */
void liar_changed(struct world *w, struct writer *out, span message, uint32_t tag)
{
    struct guard_message m;
    MUST(!err_is(guard_message_read(message, &m)));
    const char   *fields = request_fields(m.kind);
    struct reader r = reader_of(m.body);
    guard_message_begin(out, m.kind, tag);
    if (fields == NULL || *fields == 0) {
        put_span(out, m.body);
        return;
    }
    size_t which = roll(w, (uint32_t)strlen(fields));
    for (size_t i = 0; fields[i] != 0; i++) {
        enum field f = field_of(fields[i]);
        span       value = field_read(&r, f);
        if (i == which) {
            liar_field(w, out, f);
        } else {
            field_put(out, f, value);
        }
    }
}
