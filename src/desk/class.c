/* SPDX-License-Identifier: Apache-2.0 */
/* What the guard says of the classes of what may be on a display, and numbers for sets of them. */
#include "base/text.h"
#include "desk/rows.h"
#include "desk/state.h"

/* ---- classes ---- */

static err hex_digit(uint8_t c, uint32_t *out)
{
    bool digit = c >= '0' && c <= '9', letter = c >= 'a' && c <= 'f';
    if (!digit && !letter) {
        return FAIL(MALFORMED, "the colour of a level is not six hexadecimal digits");
    }
    *out = *out << 4 | (uint32_t)(digit ? c - '0' : c - 'a' + 10);
    return OK;
}

static err color_read(span text, uint32_t *out)
{
    uint32_t color = 0;
    if (text.len != 6) {
        return FAIL(MALFORMED, "the colour of a level is not six hexadecimal digits");
    }
    for (size_t i = 0; i < text.len; i++) {
        TRY(hex_digit(text.ptr[i], &color));
    }
    *out = color;
    return OK;
}

err text_keep(span from, char *to, size_t max)
{
    utf8 checked;
    if (from.len == 0 || from.len >= max) {
        return FAIL(LIMIT, "a level or banner is empty, or longer than it may be");
    }
    TRY(text_utf8(from, &checked));
    memset(to, 0, max);
    memcpy(to, from.ptr, from.len);
    return OK;
}

static err class_read(struct desk *d, const struct key_row *row, struct class_known *out)
{
    uint64_t rank;
    *out = (struct class_known){.known = true};
    TRY(text_decimal(row_value(row->describe, "own-rank"), UINT16_MAX, &rank));
    TRY(color_read(row_value(row->describe, "own-color"), &out->color));
    TRY(text_keep(row_value(row->describe, "own-banner"), out->level, sizeof out->level));
    TRY(text_keep(row->banner, out->banner, sizeof out->banner));
    TRY(banner_learn(d, row->describe, out));
    out->rank = (uint16_t)rank;
    sha256(row_value(row->describe, "marking"), out->print);
    return OK;
}

/* A number that has another meaning now: what came under the old one is nowhere any more. */
static void class_renewed(struct desk *d, uint16_t class)
{
    for (uint32_t i = 0; i < d->feed_count; i++) {
        picture_withdraw(d->picture, (uint16_t)i, class);
    }
}

err class_note(struct desk *d, const struct key_row *row)
{
    struct class_known c;
    if (row->class >= CLASSES_MAX) {
        return FAIL(UNKNOWN, "it is of no class, and shows in no room");
    }
    struct class_known *was = &d->class[row->class];
    TRY(class_read(d, row, &c));
    if (was->known && memcmp(was->print, c.print, sizeof c.print) != 0) {
        class_renewed(d, row->class);
    }
    *was = c;
    bit_put(d->warnings.bit, row->class, span_is(row_value(row->describe, "kind"), "warning"));
    return OK;
}

bool classes_warn(const struct desk *d, const struct classes *c)
{
    uint64_t any = 0;
    for (size_t i = 0; i < ARRAY_LEN(c->bit); i++) {
        any |= c->bit[i] & d->warnings.bit[i];
    }
    return any != 0;
}

/* ---- sets ---- */

void classes_meet(const struct classes *a, const struct classes *b, struct classes *out)
{
    for (size_t i = 0; i < ARRAY_LEN(out->bit); i++) {
        out->bit[i] = a->bit[i] & b->bit[i];
    }
}

bool classes_equal(const struct classes *a, const struct classes *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

uint16_t layer_of(struct desk *d, const struct classes *c)
{
    uint64_t at = classes_hash(c);
    for (;; at++) {
        uint16_t *bucket = &d->layer_bucket[at % LAYER_BUCKETS];
        if (*bucket == 0) {
            if (d->layers == DESK_LAYERS_MAX) {
                return LAYER_ALL;
            }
            d->layer[d->layers] = *c;
            *bucket = (uint16_t)++d->layers;
        }
        if (classes_equal(&d->layer[*bucket - 1], c)) {
            return (uint16_t)(*bucket - 1);
        }
    }
}
