/* SPDX-License-Identifier: Apache-2.0 */
#include "agreement/terms.h"
#include "base/text.h"
#include <stddef.h>

/* ---- places ---- */

#define UNITS_OF_DEGREE 10000000 /* 1e-7 degrees: seven places */

void put_degrees(struct writer *w, int32_t e7)
{
    uint32_t all = e7 < 0 ? 0u - (uint32_t)e7 : (uint32_t)e7;
    put_text(w, e7 < 0 ? "-" : "");
    put_decimal(w, all / UNITS_OF_DEGREE);
    put_u8(w, '.');
    for (uint32_t of = UNITS_OF_DEGREE / 10; of > 0; of /= 10) {
        put_u8(w, (uint8_t)('0' + all / of % 10));
    }
}

void extent_format(const struct extent *e, struct writer *w)
{
    const int32_t side[] = {e->south, e->west, e->north, e->east};
    for (unsigned i = 0; e->known && i < ARRAY_LEN(side); i++) {
        put_text(w, i == 0 ? "" : ",");
        put_degrees(w, side[i]);
    }
}

/* Digits before the point: any but a leading 0; seven behind it */
err degrees_read(span text, int32_t *out)
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
        return FAIL(MALFORMED,
                    "a place is in degrees, 180 at most, with seven digits behind the point");
    }
    *out = (int32_t)(south ? -(int64_t)all : (int64_t)all);
    return OK;
}

err extent_read(span text, struct extent *out)
{
    struct extent e = {.known = text.len > 0};
    int32_t      *side[] = {&e.south, &e.west, &e.north, &e.east};
    for (unsigned i = 0; e.known && i < ARRAY_LEN(side); i++) {
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
    const char *name;
    size_t      at;
} measures[] = {
    {"position-m", offsetof(struct reduction, position_m)},
    {"height-m", offsetof(struct reduction, height_m)},
    {"pixel-cm", offsetof(struct reduction, pixel_cm)},
    {"delay-ms", offsetof(struct reduction, delay_ms)},
    {"every-ms", offsetof(struct reduction, every_ms)},
};

static uint32_t measure_of(const struct reduction *r, unsigned i)
{
    uint32_t measure = 0;
    memcpy(&measure, (const uint8_t *)r + measures[i].at, sizeof measure);
    return measure;
}

void reduction_format(const struct reduction *r, struct writer *w)
{
    const char *before = "", *first = "without=";
    for (unsigned i = 0; i < ARRAY_LEN(measures); i++) {
        uint32_t measure = measure_of(r, i);
        if (measure != 0) {
            put_text(w, before);
            put_text(w, measures[i].name);
            put_u8(w, '=');
            put_decimal(w, measure);
            before = ",";
        }
    }
    for (unsigned i = 0; i < ARRAY_LEN(fields); i++) {
        if ((r->without & fields[i].field) != 0) {
            put_text(w, before);
            put_text(w, first);
            put_text(w, fields[i].name);
            before = "";
            first = "+";
        }
    }
}

static err measure_read(span called, span value, struct reduction *out)
{
    for (unsigned i = 0; i < ARRAY_LEN(measures); i++) {
        uint64_t measure = 0;
        if (span_is(called, measures[i].name)) {
            TRY(text_decimal(value, UINT32_MAX, &measure));
            uint32_t kept = (uint32_t)measure;
            memcpy((uint8_t *)out + measures[i].at, &kept, sizeof kept);
            return OK;
        }
    }
    return FAIL(
        UNKNOWN,
        "a reduction is of position-m, height-m, pixel-cm, delay-ms, every-ms, or without fields");
}

static err without_read(span list, uint32_t *out)
{
    bool more = true;
    while (more) {
        uint32_t one = 0;
        more = list.len > 0 && memchr(list.ptr, '+', list.len) != NULL;
        TRY(without_of(span_cut(&list, '+'), &one));
        *out |= one;
    }
    return OK;
}

/* Written again it must be the same: so order, repetition and zeros need no rules of their own */
static err same_text(const struct reduction *r, span text)
{
    uint8_t       again[REDUCTION_TEXT_MAX];
    struct writer w = WRITER_OF(again);
    reduction_format(r, &w);
    if (w.bad || !span_equal(writer_span(&w), text)) {
        return FAIL(
            MALFORMED,
            "a reduction says position-m, height-m, pixel-cm, delay-ms, every-ms, without: in this "
            "order, each once and above 0, fields by the alphabet, such as "
            "position-m=10000,without=course+speed");
    }
    return OK;
}

err reduction_read(span text, struct reduction *out)
{
    struct reduction r = {0};
    span             rest = text;
    bool             more = text.len > 0;
    while (more) {
        more = memchr(rest.ptr, ',', rest.len) != NULL;
        span value = span_cut(&rest, ',');
        span called = span_cut(&value, '=');
        TRY(span_is(called, "without") ? without_read(value, &r.without)
                                       : measure_read(called, value, &r));
    }
    TRY(same_text(&r, text));
    *out = r;
    return OK;
}

/* ---- windows ---- */

#define DAY_TEXT_LEN 10

static void put_day(struct writer *out, instant t)
{
    uint8_t       text[32];
    struct writer w = WRITER_OF(text);
    put_instant(&w, t);
    put_span(out, (span){text, DAY_TEXT_LEN});
}

static void put_two(struct writer *out, uint32_t number)
{
    put_u8(out, (uint8_t)('0' + number / 10));
    put_u8(out, (uint8_t)('0' + number % 10));
}

static void put_of_day(struct writer *out, uint32_t ms)
{
    put_two(out, (uint32_t)(ms / MS_PER_HOUR));
    put_u8(out, ':');
    put_two(out, (uint32_t)(ms % MS_PER_HOUR / MS_PER_MINUTE));
}

void window_format(const struct window *w, struct writer *out)
{
    bool days = w->until != INSTANT_NEVER, hours = w->day_from != w->day_until;
    if (days) {
        put_day(out, w->from);
        put_text(out, " to ");
        put_day(out, w->until - MS_PER_DAY); /* that day is in it */
    }
    if (hours) {
        put_text(out, days ? ", each day " : "each day ");
        put_of_day(out, w->day_from);
        put_text(out, " to ");
        put_of_day(out, w->day_until);
        put_text(out, " UTC");
    }
}

void length_format(uint64_t ms, struct writer *w)
{
    static const struct {
        uint64_t    ms;
        const char *one, *many;
    } unit[] = {{MS_PER_DAY, " day", " days"},
                {MS_PER_HOUR, " hour", " hours"},
                {MS_PER_MINUTE, " minute", " minutes"},
                {MS_PER_SECOND, " second", " seconds"},
                {1, " millisecond", " milliseconds"}};
    unsigned i = 0;
    while (ms % unit[i].ms != 0 || (i == 0 && ms < 2 * unit[i].ms)) {
        i++;
    }
    put_decimal(w, ms / unit[i].ms);
    put_text(w, ms / unit[i].ms == 1 ? unit[i].one : unit[i].many);
}
