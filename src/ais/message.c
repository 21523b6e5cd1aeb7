/* SPDX-License-Identifier: Apache-2.0 */
/* Messages: where each field lies, a row for each kind that says where somebody is. */
#include <stdio.h>

#include "ais/ais.h"

uint32_t ais_bits(const struct ais_message *m, uint32_t from, uint32_t count)
{
    uint32_t v = 0;
    for (uint32_t i = from; i < from + count; i++) {
        uint32_t bit = i < m->bits ? (uint32_t)m->bytes[i / 8] >> (7 - i % 8) & 1u : 0;
        v = v << 1 | bit;
    }
    return v;
}

int32_t ais_signed(const struct ais_message *m, uint32_t from, uint32_t count)
{
    uint32_t v = ais_bits(m, from, count), sign = 1u << (count - 1);
    return (int32_t)((int64_t)(v ^ sign) - (int64_t)sign);
}

#define MMSI_AT   8
#define MMSI_BITS 30
#define MMSI_MAX  999999999u

/* ---- where somebody is ---- */

#define NO_FIELD UINT16_MAX

/* place_row - a kind of message; fields by their first bit
 *
 * bits      to the end of the last that is read: some senders leave out bits behind it
 * wide      bits of the longitude; the latitude has one less
 * minute    parts of a minute of arc that a unit is: 10,000, or 10
 * speed_unit, course_unit    a unit in 1/100,000 cm/s, in hundredths of a degree
 * speed_none, course_none    what says that there is none; a speed one below says "more than that" */
struct place_row {
    uint16_t    bits;
    uint16_t    accuracy, longitude, latitude, second;
    uint8_t     wide;
    uint16_t    minute;
    uint16_t    speed, speed_bits, speed_none;
    uint32_t    speed_unit;
    uint16_t    course, course_bits, course_none, course_unit;
    uint16_t    height; /* metres, 12 bits */
    uint16_t    own_name;
    const char *type; /* CoT: a ship that is no warship as far as is known, or an aircraft */
};

#define SHIP     "a-u-S-X-M"
#define AIRCRAFT "a-u-A-C"
#define TENTH_KN 514444u /* a tenth of a knot, in 1/100,000 cm/s */
#define KNOT     5144444u

#define FINE   .wide = 28, .minute = 10000
#define TENTHS .speed_bits = 10, .speed_none = 1023, .speed_unit = TENTH_KN
#define COURSE .course_bits = 12, .course_none = 3600, .course_unit = 10

static const struct place_row class_a = {.bits = 143,
                                         .accuracy = 60,
                                         .longitude = 61,
                                         .latitude = 89,
                                         .second = 137,
                                         FINE,
                                         .speed = 50,
                                         TENTHS,
                                         .course = 116,
                                         COURSE,
                                         .height = NO_FIELD,
                                         .own_name = NO_FIELD,
                                         .type = SHIP};
static const struct place_row class_b = {.bits = 139,
                                         .accuracy = 56,
                                         .longitude = 57,
                                         .latitude = 85,
                                         .second = 133,
                                         FINE,
                                         .speed = 46,
                                         TENTHS,
                                         .course = 112,
                                         COURSE,
                                         .height = NO_FIELD,
                                         .own_name = NO_FIELD,
                                         .type = SHIP};
static const struct place_row class_b_long = {.bits = 263,
                                              .accuracy = 56,
                                              .longitude = 57,
                                              .latitude = 85,
                                              .second = 133,
                                              FINE,
                                              .speed = 46,
                                              TENTHS,
                                              .course = 112,
                                              COURSE,
                                              .height = NO_FIELD,
                                              .own_name = 143,
                                              .type = SHIP};
static const struct place_row rescue = {.bits = 134,
                                        .accuracy = 60,
                                        .longitude = 61,
                                        .latitude = 89,
                                        .second = 128,
                                        FINE,
                                        .speed = 50,
                                        .speed_bits = 10,
                                        .speed_none = 1023,
                                        .speed_unit = KNOT,
                                        .course = 116,
                                        COURSE,
                                        .height = 38,
                                        .own_name = NO_FIELD,
                                        .type = AIRCRAFT};
static const struct place_row far_off = {.bits = 94,
                                         .accuracy = 38,
                                         .longitude = 44,
                                         .latitude = 62,
                                         .second = NO_FIELD,
                                         .wide = 18,
                                         .minute = 10,
                                         .speed = 79,
                                         .speed_bits = 6,
                                         .speed_none = 63,
                                         .speed_unit = KNOT,
                                         .course = 85,
                                         .course_bits = 9,
                                         .course_none = 511,
                                         .course_unit = 100,
                                         .height = NO_FIELD,
                                         .own_name = NO_FIELD,
                                         .type = SHIP};

static const struct place_row *const place_rows[] = {
    [1] = &class_a,  [2] = &class_a,       [3] = &class_a,  [9] = &rescue,
    [18] = &class_b, [19] = &class_b_long, [27] = &far_off,
};

#define LON_NONE 181
#define LAT_NONE 91

/* Minutes of arc in parts, to 1e-7 degrees, rounded */
static int32_t degrees_e7(int32_t value, uint16_t parts)
{
    int64_t scaled = (int64_t)value * 20000000 / (60 * (int64_t)parts);
    return (int32_t)((scaled + (scaled < 0 ? -1 : 1)) / 2);
}

/* Sixty and more: the fix has no time.  Else the last moment with that second of the minute. */
static instant time_of(const struct ais_message *m, const struct place_row *p, instant tagged,
                       instant now)
{
    uint32_t second = p->second == NO_FIELD ? 60 : ais_bits(m, p->second, 6);
    instant  near = tagged != 0 ? tagged : now;
    if (second >= 60) {
        return near;
    }
    instant minute = near - near % MS_PER_MINUTE;
    instant at = minute + (instant)second * MS_PER_SECOND;
    return at > near + AIS_AHEAD_MS ? at - MS_PER_MINUTE : at;
}

static bool place_put(const struct ais_message *m, const struct place_row *p, struct report *out,
                      err *e)
{
    int32_t lon = ais_signed(m, p->longitude, p->wide);
    int32_t lat = ais_signed(m, p->latitude, p->wide - 1u);
    int32_t degree = 60 * (int32_t)p->minute;
    if (lon == LON_NONE * degree || lat == LAT_NONE * degree) {
        return false;
    }
    if (lon < -180 * degree || lon > 180 * degree || lat < -90 * degree || lat > 90 * degree) {
        *e = FAIL(MALFORMED, "a message's place is not on the earth");
        return false;
    }
    out->place = (struct place){degrees_e7(lat, p->minute), degrees_e7(lon, p->minute)};
    return true;
}

static void movement_put(const struct ais_message *m, const struct place_row *p, struct report *out)
{
    uint32_t speed = ais_bits(m, p->speed, p->speed_bits);
    uint32_t course = ais_bits(m, p->course, p->course_bits);
    if (speed != p->speed_none) {
        out->speed_cms = (uint32_t)(((uint64_t)speed * p->speed_unit + 50000) / 100000);
        out->has |= REPORT_SPEED;
    }
    if (course < p->course_none && course * p->course_unit < COURSE_FULL) {
        out->course_cdeg = course * p->course_unit;
        out->has |= REPORT_COURSE;
    }
}

#define ACCURATE_CM 1000 /* better than 10 m, says M.1371 of an accurate fix */
#define HEIGHT_NONE 4095

static void exactness_put(const struct ais_message *m, const struct place_row *p,
                          struct report *out)
{
    uint32_t height = p->height == NO_FIELD ? HEIGHT_NONE : ais_bits(m, p->height, 12);
    if (ais_bits(m, p->accuracy, 1) != 0) {
        out->ce_cm = ACCURATE_CM;
        out->has |= REPORT_CE;
    }
    if (height != HEIGHT_NONE) {
        out->hae_cm = (int32_t)height * 100;
        out->has |= REPORT_HAE;
    }
}

/* ---- names ---- */

/* Six bits a character: @ ends, A to _ , blank to ?.  Blanks behind are none. */
static void name_read(const struct ais_message *m, uint32_t from, char out[static AIS_NAME_MAX + 1])
{
    size_t len = 0;
    memset(out, 0, AIS_NAME_MAX + 1);
    for (uint32_t i = 0; i < AIS_NAME_MAX; i++) {
        uint32_t c = ais_bits(m, from + 6 * i, 6);
        if (c == 0) {
            break;
        }
        out[i] = (char)(c < 32 ? c + 64 : c);
        len = c == ' ' ? len : i + 1u;
    }
    memset(out + len, 0, AIS_NAME_MAX + 1 - len);
    size_t blanks = strspn(out, " ");
    memmove(out, out + blanks, AIS_NAME_MAX + 1 - blanks);
    memset(out + AIS_NAME_MAX + 1 - blanks, 0, blanks);
}

/* NAME_TRIES - places of the table in which one ship's name may lie */
#define NAME_TRIES 8

static struct ais_named *named(struct ais *a, uint32_t mmsi)
{
    uint32_t          from = mmsi * 2654435761u >> 20;
    struct ais_named *oldest = &a->named[from % AIS_NAMES_MAX];
    for (uint32_t i = 0; i < NAME_TRIES; i++) {
        struct ais_named *n = &a->named[(from + i) % AIS_NAMES_MAX];
        if (n->mmsi == mmsi) {
            return n;
        }
        oldest = n->used < oldest->used ? n : oldest;
    }
    return oldest;
}

static void name_keep(struct ais *a, const struct ais_message *m, uint32_t mmsi, uint32_t from)
{
    struct ais_named *n = named(a, mmsi);
    n->mmsi = mmsi;
    n->used = ++a->uses;
    name_read(m, from, n->name);
}

/* Where a message without a place has the name: kind 5, and the first half of kind 24 */
static bool name_message(struct ais *a, const struct ais_message *m, uint32_t kind, uint32_t mmsi)
{
    bool voyage = kind == 5 && m->bits >= 420, half = kind == 24 && m->bits >= 160;
    if (voyage) {
        name_keep(a, m, mmsi, 112);
    } else if (half && ais_bits(m, 38, 2) == 0) {
        name_keep(a, m, mmsi, 40);
    }
    return kind == 5 || kind == 24;
}

/* ---- the report ---- */

static void texts_put(struct ais *a, const struct ais_message *m, const struct place_row *p,
                      uint32_t mmsi, struct report *out)
{
    if (p->own_name != NO_FIELD) {
        name_keep(a, m, mmsi, p->own_name);
    }
    const struct ais_named *n = named(a, mmsi);
    if (n->mmsi == mmsi) {
        memcpy(out->callsign, n->name, sizeof n->name);
    }
    (void)snprintf(out->uid, sizeof out->uid, "AIS.%09u", mmsi);
    (void)snprintf(out->type, sizeof out->type, "%s", p->type);
    (void)snprintf(out->how, sizeof out->how, "m-g");
}

err ais_message_read(struct ais *a, const struct ais_message *m, instant at, instant now,
                     enum ais_found *found, struct report *out)
{
    uint32_t      kind = ais_bits(m, 0, 6), mmsi = ais_bits(m, MMSI_AT, MMSI_BITS);
    err           e = OK;
    struct report r = {0};
    *found = AIS_NOTHING;
    if (m->bits < MMSI_AT + MMSI_BITS || kind == 0 || mmsi > MMSI_MAX) {
        return FAIL(MALFORMED, "a message has no kind, or no number of who sent it");
    }
    const struct place_row *p = kind < ARRAY_LEN(place_rows) ? place_rows[kind] : NULL;
    if (p == NULL) {
        (void)name_message(a, m, kind, mmsi);
        return OK;
    }
    if (m->bits < p->bits) {
        return FAIL(MALFORMED, "a message is shorter than its kind is");
    }
    if (!place_put(m, p, &r, &e)) {
        return e;
    }
    movement_put(m, p, &r);
    exactness_put(m, p, &r);
    texts_put(a, m, p, mmsi, &r);
    r.time = r.start = time_of(m, p, at, now);
    r.stale = r.time + AIS_STALE_MS;
    TRY(report_valid(&r));
    *out = r;
    *found = AIS_REPORT;
    return OK;
}
