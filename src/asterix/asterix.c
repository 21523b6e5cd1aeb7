/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks and records, and what of them becomes a report. */
#include "asterix/asterix.h"

#include <math.h>
#include <stdio.h>

#include "asterix/items.h"
#include "feed/arc.h"

/* Places of items in the field specifications of items.c */
enum { I034_WHO = 1, I034_STANDS = 11 };
enum {
    I048_WHO = 1,
    I048_TIME = 2,
    I048_KIND = 3,
    I048_POLAR = 4,
    I048_LEVEL = 6,
    I048_ADDRESS = 8,
    I048_CALLED = 9,
    I048_TRACK = 11,
    I048_PLANE = 12,
    I048_MOVES = 13,
    I048_STATE = 14,
    I048_HEIGHT = 19,
};
enum {
    I062_WHO = 1,
    I062_TIME = 4,
    I062_PLACE = 5,
    I062_MOVES = 7,
    I062_CALLED = 10,
    I062_TRACK = 12,
    I062_STATE = 13,
    I062_LEVEL = 17,
    I062_GEOMETRIC = 18,
    I062_BAROMETRIC = 19,
};

#define TURN    6.283185307179586
#define MILE_M  1852.0
#define FOOT_CM 30.48
#define DAY_128 (UINT32_C(86400) * 128)

/* LEVEL_ERROR_CM - a flight level is a pressure: how far from a height weather can bring it */
#define LEVEL_ERROR_CM 30000

/* Bytes that are not there are zeros. */
static uint32_t number(span item, size_t from, size_t len)
{
    uint32_t v = 0;
    for (size_t i = from; i < from + len; i++) {
        v = v << 8 | (i < item.len ? item.ptr[i] : 0u);
    }
    return v;
}

static int32_t signed_number(span item, size_t from, size_t len)
{
    uint32_t v = number(item, from, len), sign = UINT32_C(1) << (8 * len - 1);
    return (int32_t)((int64_t)(v ^ sign) - (int64_t)sign);
}

/* ---- time ---- */

/* Seconds of the day in 1/128: the moment of such a day that is nearest to now. */
static err time_put(span item, instant now, struct report *r)
{
    uint32_t parts = number(item, 0, 3);
    if (item.len != 3 || parts >= DAY_128) {
        return FAIL(MALFORMED, "a record has no time, or one past the end of the day");
    }
    instant at = now - now % MS_PER_DAY + (instant)((uint64_t)parts * MS_PER_SECOND / 128);
    at += at > now + MS_PER_DAY / 2 ? -MS_PER_DAY : at < now - MS_PER_DAY / 2 ? MS_PER_DAY : 0;
    r->time = r->start = at;
    r->stale = at + ASTERIX_STALE_MS;
    return OK;
}

/* ---- texts ---- */

/* Six bits a letter, as transponders have them: A to Z, blank, 0 to 9. */
static void called_put(span item, size_t from, struct report *r)
{
    size_t len = 0;
    for (size_t i = 0; i < 8 && item.len >= from + 6; i++) {
        uint32_t bits = number(item, from + i * 6 / 8, 2);
        uint32_t c = bits >> (10 - i * 6 % 8) & 63;
        bool     letter = c >= 1 && c <= 26, digit = c >= 48 && c <= 57;
        if (!letter && !digit) {
            break;
        }
        r->callsign[len++] = (char)(letter ? c + 'A' - 1 : c);
    }
}

static void texts_put(struct report *r, uint16_t radar, const char *what, uint32_t track)
{
    (void)snprintf(r->uid, sizeof r->uid, "ASTERIX.%u.%u.%s%u", radar >> 8, radar & 255u, what,
                   track);
    (void)snprintf(r->type, sizeof r->type, "a-u-A");
    (void)snprintf(r->how, sizeof r->how, "m-r");
}

/* ---- where radars stand ---- */

static const struct asterix_site *site_find(const struct asterix *a, uint16_t radar)
{
    if (a->stands.used != 0) {
        return &a->stands;
    }
    for (size_t i = 0; i < ASTERIX_SITES_MAX; i++) {
        if (a->site[i].used != 0 && a->site[i].radar == radar) {
            return &a->site[i];
        }
    }
    return NULL;
}

static void site_keep(struct asterix *a, const struct record *m)
{
    uint16_t             radar = (uint16_t)number(m->item[I034_WHO], 0, 2);
    span                 stands = m->item[I034_STANDS];
    struct asterix_site *room = &a->site[0];
    if (m->item[I034_WHO].len != 2 || stands.len != 8) {
        return;
    }
    for (size_t i = 0; i < ASTERIX_SITES_MAX; i++) {
        struct asterix_site *s = &a->site[i];
        if (s->used != 0 && s->radar == radar) {
            room = s;
            break;
        }
        room = s->used < room->used ? s : room;
    }
    double lat = signed_number(stands, 2, 3) * (180.0 / (1 << 23));
    double lon = signed_number(stands, 5, 3) * (180.0 / (1 << 23));
    if (fabs(lat) <= 90) {
        *room = (struct asterix_site){radar,
                                      ++a->uses,
                                      {(int32_t)lround(lat * 1e7), (int32_t)lround(lon * 1e7)},
                                      signed_number(stands, 0, 2)};
    }
}

/* So many metres from a place in a direction (radians from true north), over a ball. */
static struct place along(struct place from, double metres, double direction)
{
    double lat = from.lat_e7 * E7_RADIANS, lon = from.lon_e7 * E7_RADIANS,
           way = metres / EARTH_RADIUS_M;
    double north = asin(sin(lat) * cos(way) + cos(lat) * sin(way) * cos(direction));
    double east =
        lon + atan2(sin(direction) * sin(way) * cos(lat), cos(way) - sin(lat) * sin(north));
    return (struct place){(int32_t)lround(north / E7_RADIANS),
                          (int32_t)lround(remainder(east, TURN) / E7_RADIANS)};
}

/* The way over ground under a line of sight: with a height by the triangle at the earth's centre. */
static double ground_m(double slant, bool has_height, double height_m, double radar_m)
{
    double a = EARTH_RADIUS_M + radar_m, b = EARTH_RADIUS_M + height_m;
    double up = fabs(b - a);
    if (!has_height || slant <= up) {
        return has_height ? 0 : slant;
    }
    double half = sqrt((slant * slant - up * up) / (4 * a * b));
    return 2 * EARTH_RADIUS_M * asin(fmin(half, 1));
}

/* ---- heights ---- */

static void height_put(double cm, uint32_t error_cm, struct report *r)
{
    if (cm > -REPORT_DEPTH_MAX_CM && cm < REPORT_HEIGHT_MAX_CM) {
        r->hae_cm = (int32_t)lround(cm);
        r->le_cm = error_cm;
        r->has |= REPORT_HAE | (error_cm != 0 ? REPORT_LE : 0u);
    }
}

static void moves_put(double speed_cms, double course, struct report *r)
{
    if (speed_cms <= REPORT_SPEED_MAX) {
        r->speed_cms = (uint32_t)lround(speed_cms);
        r->course_cdeg = (uint32_t)lround(course / TURN * COURSE_FULL) % COURSE_FULL;
        r->has |= REPORT_SPEED | REPORT_COURSE;
    }
}

/* ---- 048 ---- */

#define KIND_SIMULATED 0x10 /* of 020, first byte */
#define KIND_TEST      0x80 /* … and of its second */
#define LEVEL_BAD      0x8000
#define LEVEL_GARBLED  0x4000

static err not_real(span kind)
{
    bool second = kind.len > 1;
    if (kind.len > 0 &&
        ((kind.ptr[0] & KIND_SIMULATED) != 0 || (second && (kind.ptr[1] & KIND_TEST) != 0))) {
        return FAIL(DENIED, "a target is simulated, or of a test");
    }
    return OK;
}

static void level_put_048(const struct record *m, struct report *r)
{
    span     height = m->item[I048_HEIGHT], level = m->item[I048_LEVEL];
    uint32_t bits = number(level, 0, 2);
    if (height.len == 2) {
        uint32_t v = number(height, 0, 2) & 0x3fff;
        int32_t  units = (int32_t)(v ^ 0x2000) - 0x2000;
        height_put(units * 25 * FOOT_CM, 0, r);
    } else if (level.len == 2 && (bits & (LEVEL_BAD | LEVEL_GARBLED)) == 0) {
        int32_t units = (int32_t)((bits & 0x3fff) ^ 0x2000) - 0x2000;
        height_put(units * 25 * FOOT_CM, LEVEL_ERROR_CM, r);
    }
}

/* By range and bearing, or on a plane around the radar; either needs to know where it stands. */
static err place_048(const struct asterix *a, const struct record *m, uint16_t radar,
                     struct report *r)
{
    const struct asterix_site *site = site_find(a, radar);
    span                       polar = m->item[I048_POLAR], plane = m->item[I048_PLANE];
    bool                       has = (r->has & REPORT_HAE) != 0;
    if (site == NULL) {
        return FAIL(
            STATE,
            "neither the radar (category 034, item 120) nor its profile says where it stands");
    }
    if (polar.len == 4) {
        double slant = number(polar, 0, 2) * (MILE_M / 256);
        double way = ground_m(slant, has, r->hae_cm / 100.0, site->height_m);
        r->place = along(site->place, way, number(polar, 2, 2) * (TURN / 65536));
        return OK;
    }
    double x = signed_number(plane, 0, 2) * (MILE_M / 128);
    double y = signed_number(plane, 2, 2) * (MILE_M / 128);
    r->place = along(site->place, hypot(x, y), atan2(x, y));
    return OK;
}

#define STATE_ENDS_048 0x80 /* of 170, second byte */

/* What was not seen this time has no place, as a track that ends. */
static bool placed_048(const struct record *m)
{
    return m->item[I048_POLAR].len == 4 || m->item[I048_PLANE].len == 4;
}

/* A track by its number, or an aircraft by its address; a bare plot is nobody's. */
static bool named_048(const struct record *m, uint16_t radar, struct report *r)
{
    if (m->item[I048_TRACK].len == 2) {
        texts_put(r, radar, "", number(m->item[I048_TRACK], 0, 2) & 0x0fff);
    } else if (m->item[I048_ADDRESS].len == 3) {
        texts_put(r, radar, "aircraft-", number(m->item[I048_ADDRESS], 0, 3));
    }
    return r->uid[0] != 0;
}

static err target(struct asterix *a, const struct record *m, instant now, struct report *r,
                  bool *is)
{
    uint16_t radar = (uint16_t)number(m->item[I048_WHO], 0, 2);
    span     state = m->item[I048_STATE], moves = m->item[I048_MOVES];
    if (m->item[I048_WHO].len != 2) {
        return FAIL(MALFORMED, "a record does not say which radar it is of");
    }
    TRY(not_real(m->item[I048_KIND]));
    *is = placed_048(m) && named_048(m, radar, r);
    if (!*is) {
        return OK;
    }
    TRY(time_put(m->item[I048_TIME], now, r));
    level_put_048(m, r);
    TRY(place_048(a, m, radar, r));
    if (moves.len == 4) {
        moves_put(number(moves, 0, 2) * (MILE_M * 100 / 16384),
                  number(moves, 2, 2) * (TURN / 65536), r);
    }
    called_put(m->item[I048_CALLED], 0, r);
    if (state.len > 1 && (state.ptr[1] & STATE_ENDS_048) != 0) {
        r->stale = r->time + 1;
    }
    return OK;
}

/* ---- 062 ---- */

#define STATE_SIMULATED_062 0x80 /* of 080, second byte: SIM, TSE, … */
#define STATE_ENDS_062      0x40

static void heights_062(const struct record *m, struct report *r)
{
    span geometric = m->item[I062_GEOMETRIC], barometric = m->item[I062_BAROMETRIC];
    span level = m->item[I062_LEVEL];
    if (geometric.len == 2) {
        height_put(signed_number(geometric, 0, 2) * 6.25 * FOOT_CM, 0, r);
    } else if (barometric.len == 2) {
        uint32_t v = number(barometric, 0, 2) & 0x7fff;
        height_put(((int32_t)(v ^ 0x4000) - 0x4000) * 25 * FOOT_CM, LEVEL_ERROR_CM, r);
    } else if (level.len == 2) {
        height_put(signed_number(level, 0, 2) * 25 * FOOT_CM, LEVEL_ERROR_CM, r);
    }
}

static err place_062(const struct record *m, struct report *r)
{
    span   place = m->item[I062_PLACE];
    double lat = (double)signed_number(place, 0, 4) * (180.0 / (1 << 25));
    double lon = (double)signed_number(place, 4, 4) * (180.0 / (1 << 25));
    if (place.len != 8) {
        return FAIL(MALFORMED, "a track has no place on the earth (item 105)");
    }
    if (fabs(lat) > 90 || fabs(lon) > 180) {
        return FAIL(MALFORMED, "a track's place is not on the earth");
    }
    r->place = (struct place){(int32_t)lround(lat * 1e7), (int32_t)lround(lon * 1e7)};
    return OK;
}

static err track(const struct record *m, instant now, struct report *r, bool *is)
{
    uint16_t system = (uint16_t)number(m->item[I062_WHO], 0, 2);
    span     state = m->item[I062_STATE], moves = m->item[I062_MOVES];
    if (m->item[I062_WHO].len != 2 || m->item[I062_TRACK].len != 2) {
        return FAIL(MALFORMED, "a track does not say whose it is, or has no number");
    }
    if (state.len > 1 && (state.ptr[1] & STATE_SIMULATED_062) != 0) {
        return FAIL(DENIED, "a target is simulated, or of a test");
    }
    *is = true;
    texts_put(r, system, "", number(m->item[I062_TRACK], 0, 2));
    TRY(time_put(m->item[I062_TIME], now, r));
    TRY(place_062(m, r));
    heights_062(m, r);
    if (moves.len == 4) {
        double x = signed_number(moves, 0, 2) * 25.0, y = signed_number(moves, 2, 2) * 25.0;
        double course = atan2(x, y);
        moves_put(hypot(x, y), course < 0 ? course + TURN : course, r);
    }
    called_put(m->item[I062_CALLED], 1, r);
    if (state.len > 1 && (state.ptr[1] & STATE_ENDS_062) != 0) {
        r->stale = r->time + 1;
    }
    return OK;
}

/* ---- blocks ---- */

/* Items that a report has a place for, of each category: the rest is dropped */
static const uint8_t kept_048[] = {I048_WHO,    I048_TIME,  I048_KIND,  I048_POLAR, I048_LEVEL,
                                   I048_CALLED, I048_TRACK, I048_MOVES, I048_STATE, I048_HEIGHT};
static const uint8_t kept_062[] = {I062_WHO,    I062_TIME,  I062_PLACE, I062_MOVES,
                                   I062_CALLED, I062_TRACK, I062_STATE, I062_GEOMETRIC};

static uint32_t dropped_of(const struct record *m, const uint8_t *kept, size_t count)
{
    uint32_t there = 0;
    for (size_t i = 0; i < count; i++) {
        there += m->item[kept[i]].len > 0;
    }
    return m->count - there;
}

static void record_take(struct asterix *a, uint8_t category, const struct record *m, instant now,
                        const struct asterix_sink *sink)
{
    struct report r = {0};
    bool          is = false;
    uint32_t      dropped = category == 48 ? dropped_of(m, kept_048, ARRAY_LEN(kept_048))
                                           : dropped_of(m, kept_062, ARRAY_LEN(kept_062));
    if (category == 34) {
        site_keep(a, m);
        sink->passed(sink->ctx);
        return;
    }
    err e = category == 48 ? target(a, m, now, &r, &is) : track(m, now, &r, &is);
    e = err_is(e) || !is ? e : report_valid(&r);
    if (err_is(e)) {
        sink->refused(sink->ctx, e);
    } else if (is) {
        sink->report(sink->ctx, &r, dropped);
    } else {
        sink->passed(sink->ctx);
    }
}

static err block_take(struct asterix *a, const struct category *c, span block, instant now,
                      const struct asterix_sink *sink)
{
    while (block.len > 0) {
        struct record m;
        TRY(category_record(c, &block, &m));
        if (m.count == 0) {
            return FAIL(MALFORMED, "a record has no item at all");
        }
        record_take(a, c->number, &m, now, sink);
    }
    return OK;
}

void asterix_take(struct asterix *a, span bytes, instant now, const struct asterix_sink *sink)
{
    while (bytes.len > 0) {
        size_t                 len = number(bytes, 1, 2);
        const struct category *c = category_find(bytes.ptr[0]);
        if (bytes.len < 3 || len < 4 || len > bytes.len) {
            sink->refused(sink->ctx, FAIL(MALFORMED, "a data block is longer than its datagram"));
            return;
        }
        err e = c == NULL ? OK : block_take(a, c, (span){bytes.ptr + 3, len - 3}, now, sink);
        if (err_is(e)) {
            sink->refused(sink->ctx, e);
        } else if (c == NULL) {
            sink->passed(sink->ctx);
        }
        bytes = (span){bytes.ptr + len, bytes.len - len};
    }
}
