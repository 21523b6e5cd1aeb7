/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/facts.h"

#include "base/lines.h"
#include "feed/fixed.h"

#define TITLE          "accord launches 1"
#define KM_DIGITS      3
#define BEARING_DIGITS 2
#define LINE_MAX_LEN   256

/* "12:29", as milliseconds of the day; the canonical form is checked by writing it again */
static err take_minute(span s, instant *out)
{
    uint8_t digit[4] = {0};
    size_t  at[4] = {0, 1, 3, 4};
    for (size_t i = 0; i < 4; i++) {
        if (s.len != 5 || s.ptr[at[i]] < '0' || s.ptr[at[i]] > '9') {
            return FAIL(MALFORMED, "a time is expected here, such as 12:29");
        }
        digit[i] = (uint8_t)(s.ptr[at[i]] - '0');
    }
    int hour = digit[0] * 10 + digit[1];
    int minute = digit[2] * 10 + digit[3];
    if (hour > 23 || minute > 59) {
        return FAIL(MALFORMED, "a time is expected here, such as 12:29");
    }
    *out = hour * MS_PER_HOUR + minute * MS_PER_MINUTE;
    return OK;
}

static err take_time(span *rest, struct launch *l)
{
    instant day = 0;
    instant minute = 0;
    TRY(text_date(span_cut(rest, ' '), &day));
    TRY(take_minute(span_cut(rest, ' '), &minute));
    l->at = day + minute;
    return OK;
}

static err take_figure(span *rest, unsigned digits, int64_t limit, int64_t *out)
{
    return fixed_read(span_cut(rest, ' '), digits, limit, out);
}

static err take_figures(span *rest, struct launch *l)
{
    int64_t lat = 0, lon = 0, apogee = 0, distance = 0, bearing = 0;
    TRY(take_figure(rest, 7, LAT_MAX_E7, &lat));
    TRY(take_figure(rest, 7, LON_MAX_E7, &lon));
    TRY(take_figure(rest, KM_DIGITS, (int64_t)ARC_APOGEE_MAX_KM * 1000, &apogee));
    TRY(take_figure(rest, KM_DIGITS, (int64_t)ARC_DISTANCE_MAX_KM * 1000, &distance));
    TRY(take_figure(rest, BEARING_DIGITS, COURSE_FULL, &bearing));
    if (apogee < 0 || distance < 0 || bearing < 0) {
        return FAIL(LIMIT, "an apogee, distance or bearing is negative");
    }
    l->place = (struct place){(int32_t)lat, (int32_t)lon};
    l->apogee_m = (uint32_t)apogee;
    l->distance_m = (uint32_t)distance;
    l->bearing_cdeg = (uint32_t)bearing;
    return OK;
}

struct arc_shape launch_shape(const struct launch *l)
{
    return (struct arc_shape){
        .lat_deg = l->place.lat_e7 / 1e7,
        .lon_deg = l->place.lon_e7 / 1e7,
        .apogee_km = l->apogee_m / 1e3,
        .distance_km = l->distance_m / 1e3,
        .bearing_deg = l->bearing_cdeg / 1e2,
    };
}

void launch_format(const struct launch *l, struct writer *w)
{
    uint8_t       text[32];
    struct writer time = WRITER_OF(text);
    put_instant(&time, l->at);
    put_text(w, "launch ");
    put_span(w, (span){text, 10});
    put_u8(w, ' ');
    put_span(w, (span){text + 11, 5});
    put_u8(w, ' ');
    put_text(w, l->class);
    put_u8(w, ' ');
    put_fixed(w, l->place.lat_e7, 7);
    put_u8(w, ' ');
    put_fixed(w, l->place.lon_e7, 7);
    put_u8(w, ' ');
    put_fixed(w, l->apogee_m, KM_DIGITS);
    put_u8(w, ' ');
    put_fixed(w, l->distance_m, KM_DIGITS);
    put_u8(w, ' ');
    put_fixed(w, l->bearing_cdeg, BEARING_DIGITS);
    put_u8(w, ' ');
    put_text(w, l->missile.text);
    put_u8(w, ' ');
    put_text(w, l->site);
    put_u8(w, '\n');
}

/* There is one way to write a launch: the way that comes out again. */
static err canonical(const struct launch *l, span value)
{
    uint8_t       text[LINE_MAX_LEN];
    struct writer w = WRITER_OF(text);
    launch_format(l, &w);
    span line = writer_span(&w);
    if (w.bad || line.len != value.len + 8 || memcmp(line.ptr + 7, value.ptr, value.len) != 0) {
        return FAIL(MALFORMED, "the launch is not written in its one form");
    }
    return OK;
}

static err read_launch(span value, struct launch *l)
{
    struct arc arc;
    span       rest = value;
    TRY(take_time(&rest, l));
    span class = span_cut(&rest, ' ');
    TRY(report_text(class, LAUNCH_CLASS_MAX, false, l->class));
    TRY(take_figures(&rest, l));
    TRY(name_of(span_cut(&rest, ' '), &l->missile));
    TRY(report_text(rest, LAUNCH_SITE_MAX, false, l->site));
    if (class.len == 0 || rest.len == 0) {
        return FAIL(MALFORMED, "the launch lacks its class or its site");
    }
    struct arc_shape shape = launch_shape(l);
    TRY(arc_make(&shape, &arc));
    return canonical(l, value);
}

static err read_head(struct lines *in, struct facts *f, size_t *line)
{
    *line = 1;
    take_title(in, TITLE);
    TRY(in->bad ? FAIL(MALFORMED, "the file does not begin with \"accord launches 1\"") : OK);
    *line = 2;
    span credit = take_text(in, "credit");
    TRY(in->bad || credit.len == 0 ? FAIL(MALFORMED, "the file does not credit its source") : OK);
    return report_text(credit, FACTS_CREDIT_MAX, false, f->credit);
}

err facts_read(span text, struct facts *out, size_t *line)
{
    struct lines in = lines_of(text);
    span         value = {0};
    *out = (struct facts){0};
    TRY(read_head(&in, out, line));
    for (*line = 3; take_more(&in, "launch", &value); ++*line) {
        if (out->count == FACTS_MAX) {
            return FAIL(LIMIT, "the file has more than 256 launches");
        }
        struct launch *l = &out->launch[out->count];
        TRY(read_launch(value, l));
        if (out->count > 0 && l->at < l[-1].at) {
            return FAIL(MALFORMED, "the launch is earlier than the one before it");
        }
        out->count++;
    }
    return in.rest.len == 0 ? OK : FAIL(MALFORMED, "a line is not a launch");
}
