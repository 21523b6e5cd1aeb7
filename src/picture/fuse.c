/* SPDX-License-Identifier: Apache-2.0 */
/* Several contacts of one object, put together. */
#include <math.h>

#include "picture/state.h"

/* ERROR_UNKNOWN_CM - of a place without one: worse than any radar that says so
 * ERROR_LEAST_CM   - nobody is believed to be better than this */
#define ERROR_UNKNOWN_CM 100000.0
#define ERROR_LEAST_CM   500.0

/* The newest; of two at one time the one with the lesser id, so that the order of arrival says nothing */
static const struct contact *newer(const struct contact *a, const struct contact *b)
{
    if (a == NULL || b->report.time != a->report.time) {
        return a == NULL || b->report.time > a->report.time ? b : a;
    }
    return b->id < a->id ? b : a;
}

static double weight(uint32_t has, uint32_t flag, uint32_t error_cm)
{
    double e = (has & flag) != 0 ? fmax((double)error_cm, ERROR_LEAST_CM) : ERROR_UNKNOWN_CM;
    return 1 / (e * e);
}

static uint32_t error_of(double weights)
{
    return (uint32_t)fmin(ceil(sqrt(1 / weights)), REPORT_HEIGHT_MAX_CM);
}

/* Places relative to the newest one's, so that the 180th meridian is nothing special. */
static void fuse_place(const struct contact *const *c, size_t count, const struct report *newest,
                       struct report *out)
{
    double north = 0, east = 0, sum = 0;
    for (size_t i = 0; i < count; i++) {
        const struct report *r = &c[i]->report;
        struct place         p = moved(r, newest->time);
        double               w = weight(r->has, REPORT_CE, r->ce_cm);
        north += w * ((double)p.lat_e7 - newest->place.lat_e7);
        east += w * remainder((double)p.lon_e7 - newest->place.lon_e7, 2.0 * LON_MAX_E7);
        sum += w;
    }
    double lat = newest->place.lat_e7 + north / sum;
    double lon = remainder(newest->place.lon_e7 + east / sum, 2.0 * LON_MAX_E7);
    out->place = (struct place){(int32_t)lround(fmin(fmax(lat, -LAT_MAX_E7), LAT_MAX_E7)),
                                (int32_t)lround(lon)};
    out->ce_cm = error_of(sum);
    out->has |= REPORT_CE;
}

static void fuse_height(const struct contact *const *c, size_t count, struct report *out)
{
    double height = 0, sum = 0;
    for (size_t i = 0; i < count; i++) {
        const struct report *r = &c[i]->report;
        if ((r->has & REPORT_HAE) != 0) {
            double w = weight(r->has, REPORT_LE, r->le_cm);
            height += w * r->hae_cm;
            sum += w;
        }
    }
    if (sum > 0) {
        out->hae_cm = (int32_t)lround(height / sum);
        out->le_cm = error_of(sum);
        out->has |= REPORT_HAE | REPORT_LE;
    }
}

/* The newest contact that says something of a kind */
static const struct contact *newest_with(const struct contact *const *c, size_t count, uint32_t has)
{
    const struct contact *best = NULL;
    for (size_t i = 0; i < count; i++) {
        best = (c[i]->report.has & has) == has ? newer(best, c[i]) : best;
    }
    return best;
}

struct text_row {
    size_t offset, len;
};

#define TEXT_ROW(field)                                                                            \
    {                                                                                              \
        offsetof(struct report, field), sizeof((struct report *)0)->field                          \
    }

static const struct text_row text_rows[] = {TEXT_ROW(callsign), TEXT_ROW(remarks)};

static void fuse_texts(const struct contact *const *c, size_t count, struct report *out)
{
    for (size_t t = 0; t < ARRAY_LEN(text_rows); t++) {
        const struct contact *best = NULL;
        for (size_t i = 0; i < count; i++) {
            bool says = *((const char *)&c[i]->report + text_rows[t].offset) != 0;
            best = says ? newer(best, c[i]) : best;
        }
        if (best != NULL) {
            memcpy((char *)out + text_rows[t].offset,
                   (const char *)&best->report + text_rows[t].offset, text_rows[t].len);
        }
    }
}

/* a-u-… says that it is not known whose it is: then who knows better is believed. */
static bool says_whose(const struct report *r)
{
    return !(r->type[0] == 'a' && r->type[1] == '-' && (r->type[2] == 'u' || r->type[2] == 'p'));
}

static void fuse_type(const struct contact *const *c, size_t count, struct report *out)
{
    const struct contact *best = NULL;
    for (size_t i = 0; i < count; i++) {
        best = says_whose(&c[i]->report) ? newer(best, c[i]) : best;
    }
    if (best != NULL) {
        memcpy(out->type, best->report.type, sizeof out->type);
    }
}

const struct contact *newest_of(const struct contact *const *c, size_t count)
{
    return newest_with(c, count, 0);
}

void fuse(const struct contact *const *c, size_t count, struct report *out)
{
    const struct report  *newest = &newest_of(c, count)->report;
    const struct contact *one;
    *out = *newest;
    if (count < 2) {
        return;
    }
    fuse_place(c, count, newest, out);
    fuse_height(c, count, out);
    if ((one = newest_with(c, count, REPORT_COURSE | REPORT_SPEED)) != NULL) {
        out->course_cdeg = one->report.course_cdeg;
        out->speed_cms = one->report.speed_cms;
        out->has |= REPORT_COURSE | REPORT_SPEED;
    }
    if ((one = newest_with(c, count, REPORT_LAUNCH)) != NULL) {
        out->launch = one->report.launch;
        out->has |= REPORT_LAUNCH;
    }
    if ((one = newest_with(c, count, REPORT_IMPACT)) != NULL) {
        out->impact = one->report.impact;
        out->impact_radius_m = one->report.impact_radius_m;
        out->has |= REPORT_IMPACT;
    }
    fuse_type(c, count, out);
    fuse_texts(c, count, out);
}
