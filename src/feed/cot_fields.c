/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/cot_fields.h"

#include "feed/fixed.h"

static const struct {
    const char      *name;
    enum cot_element parent;
} element[] = {
    [COT_EVENT] = {"event", COT_OUTSIDE},      [COT_POINT] = {"point", COT_EVENT},
    [COT_DETAIL] = {"detail", COT_EVENT},      [COT_CONTACT] = {"contact", COT_DETAIL},
    [COT_TRACK] = {"track", COT_DETAIL},       [COT_REMARKS] = {"remarks", COT_DETAIL},
    [COT_WARNING] = {"__warning", COT_DETAIL}, [COT_LAUNCH] = {"launch", COT_WARNING},
    [COT_IMPACT] = {"impact", COT_WARNING},
};

enum cot_element cot_element_of(enum cot_element parent, span key)
{
    for (enum cot_element e = COT_EVENT; e < COT_OTHER; e++) {
        if (element[e].parent == parent && span_is(key, element[e].name)) {
            return e;
        }
    }
    return COT_OTHER;
}

enum cot_element cot_element_parent(enum cot_element e)
{
    return e > COT_OUTSIDE && e < COT_OTHER ? element[e].parent : COT_OUTSIDE;
}

/* One attribute of one element: where it goes and how it is checked */
struct field {
    enum cot_element of;
    const char      *name;
    bool             needed;
    err (*take)(const struct field *f, span value, struct cot_event *event);
    size_t   offset; /* in struct cot_event */
    size_t   max;    /* of a text */
    uint32_t has;    /* what the report has when this is known */
};

static void *at(const struct field *f, struct cot_event *event)
{
    return (char *)event + f->offset;
}

static err take_version(const struct field *f, span value, struct cot_event *event)
{
    (void)f, (void)event;
    int64_t version = 0;
    TRY(fixed_read(value, 1, 1000, &version));
    return version == 20 ? OK : FAIL(MALFORMED, "the event is not of version 2.0");
}

static err take_text(const struct field *f, span value, struct cot_event *event)
{
    return report_text(span_trim(value), f->max, false, at(f, event));
}

static bool code_character(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

/* uid, type, how: taken as they stand, and never empty */
static err take_exact(const struct field *f, span value, struct cot_event *event)
{
    if (value.len == 0) {
        return FAIL(MALFORMED, "the uid, type or how of the event is empty");
    }
    return report_text(value, f->max, false, at(f, event));
}

static err take_code(const struct field *f, span value, struct cot_event *event)
{
    for (size_t i = 0; i < value.len; i++) {
        if (!code_character(value.ptr[i])) {
            return FAIL(MALFORMED, "a type or how has letters, digits, '-', '_' and '.' only");
        }
    }
    return take_exact(f, value, event);
}

static err take_time(const struct field *f, span value, struct cot_event *event)
{
    return text_instant(value, at(f, event));
}

static err take_access(const struct field *f, span value, struct cot_event *event)
{
    return span_is(span_trim(value), "Undefined") ? OK : take_text(f, value, event);
}

/* XML spells it one way, the protobuf form another, and senders mix them. */
static err take_releasable(const struct field *f, span value, struct cot_event *event)
{
    if (event->labels.releasable_to[0] != '\0') {
        return FAIL(MALFORMED, "the event says twice to whom it is releasable");
    }
    return take_text(f, value, event);
}

static err take_nothing(const struct field *f, span value, struct cot_event *event)
{
    (void)f, (void)value;
    event->dropped++;
    return OK;
}

static err take_degrees(const struct field *f, int64_t limit, span value, struct cot_event *event)
{
    int64_t degrees = 0;
    TRY(fixed_read(value, 7, limit, &degrees));
    *(int32_t *)at(f, event) = (int32_t)degrees;
    event->report.has |= f->has;
    return OK;
}

static err take_lat(const struct field *f, span value, struct cot_event *event)
{
    return take_degrees(f, LAT_MAX_E7, value, event);
}

static err take_lon(const struct field *f, span value, struct cot_event *event)
{
    return take_degrees(f, LON_MAX_E7, value, event);
}

#define UNKNOWN_CM (REPORT_HEIGHT_MAX_CM + 1)

static err take_height(const struct field *f, span value, struct cot_event *event)
{
    int64_t cm = 0;
    TRY(fixed_read(value, 2, UNKNOWN_CM, &cm));
    if (cm == UNKNOWN_CM) {
        return OK;
    }
    if (cm < -REPORT_DEPTH_MAX_CM) {
        return FAIL(LIMIT, "the height is below the sea floor");
    }
    *(int32_t *)at(f, event) = (int32_t)cm;
    event->report.has |= f->has;
    return OK;
}

static err take_error(const struct field *f, span value, struct cot_event *event)
{
    int64_t cm = 0;
    TRY(fixed_read(value, 2, UNKNOWN_CM, &cm));
    if (cm < 0) {
        return FAIL(MALFORMED, "a circular or linear error is negative");
    }
    if (cm < UNKNOWN_CM) {
        *(uint32_t *)at(f, event) = (uint32_t)cm;
        event->report.has |= f->has;
    }
    return OK;
}

/* Devices write NaN or -1 for a course and speed that they do not know.  Both may be lacking, so
 * that is no reason to lose the position. */
static err take_movement(const struct field *f, int64_t limit, span value, struct cot_event *event)
{
    int64_t size = -1;
    if (!span_is(value, "NaN")) {
        TRY(fixed_read(value, 2, limit, &size));
    }
    if (size < 0) {
        event->dropped++;
        return OK;
    }
    *(uint32_t *)at(f, event) = (uint32_t)size;
    event->report.has |= f->has;
    return OK;
}

static err take_course(const struct field *f, span value, struct cot_event *event)
{
    TRY(take_movement(f, COURSE_FULL, value, event));
    event->report.course_cdeg %= COURSE_FULL;
    return OK;
}

static err take_speed(const struct field *f, span value, struct cot_event *event)
{
    return take_movement(f, REPORT_SPEED_MAX, value, event);
}

static err take_radius(const struct field *f, span value, struct cot_event *event)
{
    int64_t m = 0;
    TRY(fixed_read(value, 0, REPORT_RADIUS_MAX_M, &m));
    if (m < 0) {
        return FAIL(MALFORMED, "the radius of the impact area is negative");
    }
    *(uint32_t *)at(f, event) = (uint32_t)m;
    return OK;
}

#define IN(member) offsetof(struct cot_event, member)

/* In the order of enum cot_element, so that the rows of one element lie together */
static const struct field field[] = {
    {COT_EVENT, "uid", true, take_exact, IN(report.uid), REPORT_UID_MAX, 0},
    {COT_EVENT, "type", true, take_code, IN(report.type), REPORT_TYPE_MAX, 0},
    {COT_EVENT, "how", true, take_code, IN(report.how), REPORT_HOW_MAX, 0},
    {COT_EVENT, "time", true, take_time, IN(report.time), 0, 0},
    {COT_EVENT, "start", true, take_time, IN(report.start), 0, 0},
    {COT_EVENT, "stale", true, take_time, IN(report.stale), 0, 0},
    {COT_EVENT, "version", true, take_version, 0, 0, 0},
    {COT_EVENT, "access", false, take_access, IN(labels.access), COT_LABEL_MAX, 0},
    {COT_EVENT, "caveat", false, take_text, IN(labels.caveat), COT_LABELS_MAX, 0},
    {COT_EVENT, "releasableTo", false, take_releasable, IN(labels.releasable_to), COT_LABELS_MAX,
     0},
    {COT_EVENT, "releaseableTo", false, take_releasable, IN(labels.releasable_to), COT_LABELS_MAX,
     0},
    {COT_EVENT, "qos", false, take_nothing, 0, 0, 0},
    {COT_EVENT, "opex", false, take_nothing, 0, 0, 0},
    {COT_POINT, "lat", true, take_lat, IN(report.place.lat_e7), 0, 0},
    {COT_POINT, "lon", true, take_lon, IN(report.place.lon_e7), 0, 0},
    {COT_POINT, "hae", true, take_height, IN(report.hae_cm), 0, REPORT_HAE},
    {COT_POINT, "ce", true, take_error, IN(report.ce_cm), 0, REPORT_CE},
    {COT_POINT, "le", true, take_error, IN(report.le_cm), 0, REPORT_LE},
    {COT_CONTACT, "callsign", false, take_text, IN(report.callsign), REPORT_CALLSIGN_MAX, 0},
    {COT_TRACK, "course", false, take_course, IN(report.course_cdeg), 0, REPORT_COURSE},
    {COT_TRACK, "speed", false, take_speed, IN(report.speed_cms), 0, REPORT_SPEED},
    {COT_LAUNCH, "lat", true, take_lat, IN(report.launch.lat_e7), 0, REPORT_LAUNCH},
    {COT_LAUNCH, "lon", true, take_lon, IN(report.launch.lon_e7), 0, REPORT_LAUNCH},
    {COT_IMPACT, "lat", true, take_lat, IN(report.impact.lat_e7), 0, REPORT_IMPACT},
    {COT_IMPACT, "lon", true, take_lon, IN(report.impact.lon_e7), 0, REPORT_IMPACT},
    {COT_IMPACT, "radius", true, take_radius, IN(report.impact_radius_m), 0, REPORT_IMPACT},
};
_Static_assert(ARRAY_LEN(field) <= 64, "the rows found are a set of 64");

/* An attribute of event may be a label under a name of its sender's, unless it belongs to XML. */
static err take_unknown(enum cot_element of, span key, struct cot_event *event)
{
    if (of == COT_EVENT && !span_starts(key, SPAN_LIT("xml")) &&
        !span_starts(key, SPAN_LIT("xsi:"))) {
        return FAIL(MALFORMED, "the event has an attribute that the schema does not have");
    }
    event->dropped++;
    return OK;
}

err cot_field_take(enum cot_element of, span key, span value, uint64_t *found,
                   struct cot_event *event)
{
    for (size_t i = 0; i < ARRAY_LEN(field) && field[i].of <= of; i++) {
        if (field[i].of != of || !span_is(key, field[i].name)) {
            continue;
        }
        *found |= UINT64_C(1) << i;
        return field[i].take(&field[i], value, event);
    }
    return take_unknown(of, key, event);
}

err cot_field_all(enum cot_element of, uint64_t found)
{
    for (size_t i = 0; i < ARRAY_LEN(field); i++) {
        if (field[i].of == of && field[i].needed && (found & UINT64_C(1) << i) == 0) {
            return FAIL(MALFORMED, "a mandatory attribute of the event is missing");
        }
    }
    return OK;
}
