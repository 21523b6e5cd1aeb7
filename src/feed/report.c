/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/report.h"

#include "base/reader.h"

#define REPORT_VERSION 1
/* 9999-12-31T23:59:59.999Z, the last instant that text can say */
#define INSTANT_LAST INT64_C(253402300799999)

struct text_field {
    size_t offset, max;
    bool   needed;
    bool   lines;
};

#define TEXT_FIELD(field, needed, lines)                                                           \
    {                                                                                              \
        offsetof(struct report, field), sizeof((struct report *)0)->field - 1, needed, lines       \
    }

static const struct text_field text_fields[] = {
    TEXT_FIELD(uid, true, false),     TEXT_FIELD(type, true, false),
    TEXT_FIELD(how, true, false),     TEXT_FIELD(callsign, false, false),
    TEXT_FIELD(remarks, false, true),
};

struct number_field {
    uint32_t has; /* 0 = always there */
    size_t   offset;
    int64_t  least, most;
};

#define NUMBER_FIELD(has, field, least, most)                                                      \
    {                                                                                              \
        (has), offsetof(struct report, field), least, most                                         \
    }

static const struct number_field signed_fields[] = {
    NUMBER_FIELD(0, place.lat_e7, -LAT_MAX_E7, LAT_MAX_E7),
    NUMBER_FIELD(0, place.lon_e7, -LON_MAX_E7, LON_MAX_E7),
    NUMBER_FIELD(REPORT_HAE, hae_cm, -REPORT_DEPTH_MAX_CM, REPORT_HEIGHT_MAX_CM),
    NUMBER_FIELD(REPORT_LAUNCH, launch.lat_e7, -LAT_MAX_E7, LAT_MAX_E7),
    NUMBER_FIELD(REPORT_LAUNCH, launch.lon_e7, -LON_MAX_E7, LON_MAX_E7),
    NUMBER_FIELD(REPORT_IMPACT, impact.lat_e7, -LAT_MAX_E7, LAT_MAX_E7),
    NUMBER_FIELD(REPORT_IMPACT, impact.lon_e7, -LON_MAX_E7, LON_MAX_E7),
};

static const struct number_field unsigned_fields[] = {
    NUMBER_FIELD(REPORT_CE, ce_cm, 0, REPORT_HEIGHT_MAX_CM),
    NUMBER_FIELD(REPORT_LE, le_cm, 0, REPORT_HEIGHT_MAX_CM),
    NUMBER_FIELD(REPORT_COURSE, course_cdeg, 0, COURSE_FULL - 1),
    NUMBER_FIELD(REPORT_SPEED, speed_cms, 0, REPORT_SPEED_MAX),
    NUMBER_FIELD(REPORT_IMPACT, impact_radius_m, 0, REPORT_RADIUS_MAX_M),
};

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

static bool has_break(span s)
{
    return memchr(s.ptr, '\n', s.len) != NULL || memchr(s.ptr, '\t', s.len) != NULL;
}

static err text_allowed(span s, size_t max, bool lines)
{
    utf8 checked = {0};
    if (s.len > max) {
        return FAIL(LIMIT, "a text of the report is longer than it may be");
    }
    if (s.len == 0) {
        return OK;
    }
    TRY(text_utf8(s, &checked));
    if (is_blank(s.ptr[0]) || is_blank(s.ptr[s.len - 1])) {
        return FAIL(MALFORMED, "a text of the report begins or ends with a blank");
    }
    if (!lines && has_break(s)) {
        return FAIL(MALFORMED, "a text of the report has a line break or a tab");
    }
    return OK;
}

err report_text(span s, size_t max, bool lines, char *out)
{
    TRY(text_allowed(s, max, lines));
    if (s.len > 0) {
        memmove(out, s.ptr, s.len);
    }
    memset(out + s.len, 0, max + 1 - s.len);
    return OK;
}

static err texts_valid(const struct report *r)
{
    for (size_t i = 0; i < ARRAY_LEN(text_fields); i++) {
        const struct text_field *f = &text_fields[i];
        const char              *at = (const char *)r + f->offset;
        size_t                   len = strnlen(at, f->max + 1);
        static const char        zero[REPORT_REMARKS_MAX + 1];
        TRY(text_allowed((span){(const uint8_t *)at, len}, f->max, f->lines));
        if (memcmp(zero, at + len, f->max + 1 - len) != 0) {
            return FAIL(MALFORMED, "a text of the report is not zero-filled to its end");
        }
        if (f->needed && len == 0) {
            return FAIL(MALFORMED, "the report lacks its uid, type or how");
        }
    }
    return OK;
}

static err number_valid(const struct report *r, const struct number_field *f, int64_t value)
{
    if ((r->has & f->has) != f->has) {
        return value == 0 ? OK : FAIL(MALFORMED, "a number is given that the report says it lacks");
    }
    if (value < f->least || value > f->most) {
        return FAIL(LIMIT, "a number of the report is past its range");
    }
    return OK;
}

static err numbers_valid(const struct report *r)
{
    for (size_t i = 0; i < ARRAY_LEN(signed_fields); i++) {
        int32_t value = 0;
        memcpy(&value, (const char *)r + signed_fields[i].offset, sizeof value);
        TRY(number_valid(r, &signed_fields[i], value));
    }
    for (size_t i = 0; i < ARRAY_LEN(unsigned_fields); i++) {
        uint32_t value = 0;
        memcpy(&value, (const char *)r + unsigned_fields[i].offset, sizeof value);
        TRY(number_valid(r, &unsigned_fields[i], value));
    }
    return OK;
}

static bool instant_valid(instant t)
{
    return t >= 0 && t <= INSTANT_LAST;
}

err report_valid(const struct report *r)
{
    if ((r->has & ~(uint32_t)REPORT_HAS_ALL) != 0) {
        return FAIL(MALFORMED, "the report has a field that this version does not know");
    }
    if (!instant_valid(r->time) || !instant_valid(r->start) || !instant_valid(r->stale)) {
        return FAIL(LIMIT, "a time of the report is before 1970 or after 9999");
    }
    if (r->stale < r->start) {
        return FAIL(MALFORMED, "the report is stale before it starts");
    }
    TRY(numbers_valid(r));
    return texts_valid(r);
}

static void put_place(struct writer *w, struct place p)
{
    put_u32(w, (uint32_t)p.lat_e7);
    put_u32(w, (uint32_t)p.lon_e7);
}

static void put_optional(struct writer *w, const struct report *r, uint32_t has, uint32_t value)
{
    if ((r->has & has) != 0) {
        put_u32(w, value);
    }
}

err report_encode(const struct report *r, struct writer *w)
{
    TRY(report_valid(r));
    put_u8(w, REPORT_VERSION);
    put_u16(w, (uint16_t)r->has);
    put_u64(w, (uint64_t)r->time);
    put_u64(w, (uint64_t)r->start);
    put_u64(w, (uint64_t)r->stale);
    put_place(w, r->place);
    put_optional(w, r, REPORT_HAE, (uint32_t)r->hae_cm);
    put_optional(w, r, REPORT_CE, r->ce_cm);
    put_optional(w, r, REPORT_LE, r->le_cm);
    put_optional(w, r, REPORT_COURSE, r->course_cdeg);
    put_optional(w, r, REPORT_SPEED, r->speed_cms);
    if ((r->has & REPORT_LAUNCH) != 0) {
        put_place(w, r->launch);
    }
    if ((r->has & REPORT_IMPACT) != 0) {
        put_place(w, r->impact);
        put_u32(w, r->impact_radius_m);
    }
    for (size_t i = 0; i < ARRAY_LEN(text_fields); i++) {
        put_block8(w, span_text((const char *)r + text_fields[i].offset));
    }
    return w->bad ? FAIL(LIMIT, "the report does not fit into the buffer") : OK;
}

static struct place read_place(struct reader *in)
{
    int32_t lat = (int32_t)read_u32(in);
    int32_t lon = (int32_t)read_u32(in);
    return (struct place){lat, lon};
}

static uint32_t read_optional(struct reader *in, uint32_t has, uint32_t flag)
{
    return (has & flag) != 0 ? read_u32(in) : 0;
}

static void read_fixed(struct reader *in, struct report *r)
{
    r->has = read_u16(in);
    r->time = (instant)read_u64(in);
    r->start = (instant)read_u64(in);
    r->stale = (instant)read_u64(in);
    r->place = read_place(in);
    r->hae_cm = (int32_t)read_optional(in, r->has, REPORT_HAE);
    r->ce_cm = read_optional(in, r->has, REPORT_CE);
    r->le_cm = read_optional(in, r->has, REPORT_LE);
    r->course_cdeg = read_optional(in, r->has, REPORT_COURSE);
    r->speed_cms = read_optional(in, r->has, REPORT_SPEED);
    if ((r->has & REPORT_LAUNCH) != 0) {
        r->launch = read_place(in);
    }
    if ((r->has & REPORT_IMPACT) != 0) {
        r->impact = read_place(in);
        r->impact_radius_m = read_u32(in);
    }
}

/* A NUL would end the text early, so that two encodings meant one report. */
static err read_texts(struct reader *in, struct report *r)
{
    for (size_t i = 0; i < ARRAY_LEN(text_fields); i++) {
        span text = read_block8(in, text_fields[i].max);
        if (text.len == 0) {
            continue;
        }
        if (memchr(text.ptr, 0, text.len) != NULL) {
            return FAIL(MALFORMED, "a text of the report has a NUL in it");
        }
        memcpy((char *)r + text_fields[i].offset, text.ptr, text.len);
    }
    return OK;
}

err report_decode(span bytes, struct report *out)
{
    struct reader in = reader_of(bytes);
    struct report r = {0};
    if (read_u8(&in) != REPORT_VERSION) {
        return FAIL(MALFORMED, "the report is of a version that this program does not know");
    }
    read_fixed(&in, &r);
    TRY(read_texts(&in, &r));
    TRY(reader_end(&in));
    TRY(report_valid(&r));
    *out = r;
    return OK;
}
