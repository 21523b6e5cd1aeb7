/* SPDX-License-Identifier: Apache-2.0 */
#include "agreement/terms.h"
#include "base/lines.h"

/* ---- places ---- */

#define UNITS_OF_DEGREE 10000000 /* 1e-7 degrees: seven places */

static void put_degrees(struct writer *w, int32_t e7)
{
    uint32_t all = e7 < 0 ? 0u - (uint32_t)e7 : (uint32_t)e7;
    put_text(w, e7 < 0 ? "-" : "");
    put_decimal(w, all / UNITS_OF_DEGREE);
    put_u8(w, '.');
    for (uint32_t of = UNITS_OF_DEGREE / 10; of > 0; of /= 10) {
        put_u8(w, (uint8_t)('0' + all / of % 10));
    }
}

void extent_format(const char *key, const struct extent *e, struct writer *w)
{
    const int32_t side[] = {e->south, e->west, e->north, e->east};
    for (unsigned i = 0; e->known && i < ARRAY_LEN(side); i++) {
        put_text(w, i == 0 ? key : ",");
        put_text(w, i == 0 ? " " : "");
        put_degrees(w, side[i]);
    }
    put_text(w, e->known ? "\n" : "");
}

/* Digits before the point: any but a leading 0; seven behind it */
static err degrees_read(span text, int32_t *out)
{
    uint64_t whole = 0, part = 0;
    bool     south = span_starts(text, SPAN_LIT("-"));
    span     rest = south ? (span){text.ptr + 1, text.len - 1} : text;
    span     before = span_cut(&rest, '.');
    bool digits = before.len <= 3 && rest.len == 7 && !err_is(text_decimal(before, 180, &whole));
    for (size_t i = 0; digits && i < rest.len; i++) {
        digits = rest.ptr[i] >= '0' && rest.ptr[i] <= '9';
        part = part * 10 + (uint64_t)(rest.ptr[i] - '0');
    }
    uint64_t all = whole * UNITS_OF_DEGREE + part;
    if (!digits || all > UINT64_C(1800000000) || (south && all == 0)) {
        return FAIL(MALFORMED, "a place is in degrees with seven digits behind the point");
    }
    *out = (int32_t)(south ? -(int64_t)all : (int64_t)all);
    return OK;
}

err extent_read(span text, struct extent *out)
{
    struct extent e = {.known = true};
    int32_t      *side[] = {&e.south, &e.west, &e.north, &e.east};
    for (unsigned i = 0; i < ARRAY_LEN(side); i++) {
        bool more = memchr(text.ptr, ',', text.len) != NULL;
        if (more != (i < 3)) {
            return FAIL(MALFORMED, "an extent is south, west, north, east");
        }
        TRY(degrees_read(span_cut(&text, ','), side[i]));
    }
    if (!extent_valid(&e)) {
        return FAIL(MALFORMED,
                    "an extent lies within the earth, south below north and west of east");
    }
    *out = e;
    return OK;
}

err extent_take(struct lines *l, const char *key, struct extent *out)
{
    span value = {0};
    return take_more(l, key, &value) ? extent_read(value, out) : OK;
}

/* ---- reductions ---- */

/* In byte order of the names, as the text has them */
static const struct {
    enum without field;
    const char  *name;
} fields[] = {
    {WITHOUT_ACCURACY, "accuracy"}, {WITHOUT_COURSE, "course"}, {WITHOUT_HEIGHT, "height"},
    {WITHOUT_IDENTITY, "identity"}, {WITHOUT_IMPACT, "impact"}, {WITHOUT_LAUNCH, "launch"},
    {WITHOUT_REMARKS, "remarks"},   {WITHOUT_SOURCE, "source"}, {WITHOUT_SPEED, "speed"},
};

err without_of(span text, uint32_t *out)
{
    for (unsigned i = 0; i < ARRAY_LEN(fields); i++) {
        if (span_is(text, fields[i].name)) {
            *out = fields[i].field;
            return OK;
        }
    }
    return FAIL(UNKNOWN, "no field has this name that a reduction could take away");
}

static const struct {
    const char *key;
    size_t      at;
} measures[] = {
    {"reduced-position-m", offsetof(struct reduction, position_m)},
    {"reduced-height-m", offsetof(struct reduction, height_m)},
    {"reduced-pixel-cm", offsetof(struct reduction, pixel_cm)},
    {"reduced-delay-ms", offsetof(struct reduction, delay_ms)},
    {"reduced-every-ms", offsetof(struct reduction, every_ms)},
};

void reduction_format(const struct reduction *r, struct writer *w)
{
    const char *before = "reduced-without ";
    for (unsigned i = 0; i < ARRAY_LEN(measures); i++) {
        uint32_t measure = 0;
        memcpy(&measure, (const uint8_t *)r + measures[i].at, sizeof measure);
        if (measure != 0) {
            line_number(w, measures[i].key, measure);
        }
    }
    for (unsigned i = 0; i < ARRAY_LEN(fields); i++) {
        if ((r->without & fields[i].field) != 0) {
            put_text(w, before);
            put_text(w, fields[i].name);
            before = ",";
        }
    }
    put_text(w, r->without != 0 ? "\n" : "");
}

static err measure_take(struct lines *l, const char *key, uint32_t *out)
{
    span     value = {0};
    uint64_t measure = 0;
    if (!take_more(l, key, &value)) {
        return OK;
    }
    if (err_is(text_decimal(value, UINT32_MAX, &measure)) || measure == 0) {
        return FAIL(MALFORMED, "a reduction is a number, and one of nothing is left out");
    }
    *out = (uint32_t)measure;
    return OK;
}

static err without_take(struct lines *l, uint32_t *out)
{
    span value = {0};
    bool more = take_more(l, "reduced-without", &value);
    for (uint32_t one = 0, last = 0; more; last = one) {
        more = memchr(value.ptr, ',', value.len) != NULL;
        span text = span_cut(&value, ',');
        TRY(without_of(text, &one));
        for (unsigned i = 0; last != 0 && fields[i].field != last; i++) {
            if (fields[i].field == one) {
                return FAIL(MALFORMED, "the fields of a list are in byte order, each once");
            }
        }
        if (one == last) {
            return FAIL(MALFORMED, "the fields of a list are in byte order, each once");
        }
        *out |= one;
    }
    return OK;
}

err reduction_take(struct lines *l, struct reduction *out)
{
    for (unsigned i = 0; i < ARRAY_LEN(measures); i++) {
        uint32_t measure = 0;
        TRY(measure_take(l, measures[i].key, &measure));
        memcpy((uint8_t *)out + measures[i].at, &measure, sizeof measure);
    }
    return without_take(l, &out->without);
}
