/* SPDX-License-Identifier: Apache-2.0 */
#include "reduce/reduce.h"

#include <math.h>

#include "crypt/digest.h"
#include "crypt/hash.h"
#include "reduce/cell.h"

#define UID_DIGITS 16

void reduce_keys_of(const secret *of, span recipient, struct reduce_keys *out)
{
    span key = {of->key, SECRET_LEN};
    hkdf_sha256(SPAN_LIT("accord reduce 1"), key, SPAN_LIT("shift"), out->shift.key, SECRET_LEN);
    hkdf_sha256(SPAN_LIT("accord reduce mark 1"), key, recipient, out->mark.key, SECRET_LEN);
}

void reduce_keys_wipe(struct reduce_keys *k)
{
    secret_wipe(&k->shift);
    secret_wipe(&k->mark);
}

err reducing_valid(const struct reducing *r)
{
    if (r->position_m > REDUCE_POSITION_MAX_M || r->height_m > REDUCE_HEIGHT_MAX_M) {
        return FAIL(LIMIT, "a reduction leaves nothing of the place or height");
    }
    return (r->without & ~(uint32_t)WITHOUT_ALL) == 0
               ? OK
               : FAIL(MALFORMED, "a reduction takes away a field that there is not");
}

void reduce_uid(const secret *mark, const char *uid, char out[static REPORT_UID_MAX + 1])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t           hash[SHA256_LEN];
    const span        part[] = {SPAN_LIT("accord reduce uid 1"), span_text(uid)};
    hmac_parts(DIGEST_SHA256, (span){mark->key, SECRET_LEN}, part, ARRAY_LEN(part), hash);
    memset(out, 0, REPORT_UID_MAX + 1);
    for (unsigned i = 0; i < UID_DIGITS; i++) {
        out[i] = digits[i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 15];
    }
}

instant reduce_due(const struct reducing *r, const struct report *in)
{
    return in->time + (instant)r->delay_ms;
}

/* ---- values that are made coarser ---- */

/* Of a box too small to choose from, the one cell of all places may lie beyond an edge. */
static struct place place_within(const struct cell_box *box, struct place p)
{
    int32_t lat = p.lat_e7 < box->south ? box->south : p.lat_e7;
    int32_t lon = p.lon_e7 < box->west ? box->west : p.lon_e7;
    return (struct place){lat > box->north ? box->north : lat, lon > box->east ? box->east : lon};
}

/* names - of a track: its source's, and that under which this recipient is shown it */
struct names {
    const char *uid, *shown;
};

/* Moved by a part of a cell that no recipient knows, then to the one point of its cell that this recipient
 * is shown.  So the mean of many reports of a moving thing comes to the moved place, not to the true one.
 * The point goes by the name that is shown: who has the recipient's key can tell it without the original. */
static struct place place_coarser(const struct reducing *r, const struct reduce_keys *k,
                                  enum cell_of_what what, const struct names *of, struct place p)
{
    struct part in, by = cell_shift(&k->shift, what, of->uid);
    struct cell c = cell_at(r->position_m, p, &in);
    by = (struct part){by.north - 0.5, by.east - 0.5};
    if (r->boxed != 0) {
        c = cell_within(r->position_m, c, in, by, &r->box);
    } else {
        in = (struct part){in.north + by.north, in.east + by.east};
        c = cell_at(r->position_m, cell_point(r->position_m, c, in), &in);
    }
    struct place shown = cell_point(r->position_m, c, cell_mark(&k->mark, what, of->shown, c));
    return r->boxed != 0 ? place_within(&r->box, shown) : shown;
}

static int32_t height_coarser(uint32_t metres, const struct reduce_keys *k, const struct names *of,
                              int32_t hae_cm)
{
    double step = (double)metres * 100;
    double moved = (double)hae_cm / step + cell_shift(&k->shift, CELL_HEIGHT, of->uid).north - 0.5;
    struct cell c = {.row = (int64_t)floor(moved)};
    double shown = (floor(moved) + cell_mark(&k->mark, CELL_HEIGHT, of->shown, c).north) * step;
    return (int32_t)fmin(fmax(shown, -REPORT_DEPTH_MAX_CM), REPORT_HEIGHT_MAX_CM);
}

/* What is told of a place is wrong by one cell and a half each way at most: moved by up to half of one, then
 * anywhere in its cell.  In a box by one more, whether it lies near its edge or not: the error does not tell. */
static uint32_t error_cm(const struct reducing *r, struct place shown, uint32_t had_cm)
{
    double cells = r->boxed != 0 ? 2.5 : 1.5;
    double reach = cells * 100 * cell_reach(r->position_m, shown) + (double)had_cm;
    return (uint32_t)fmin(reach, REPORT_HEIGHT_MAX_CM);
}

static void places_coarser(const struct reducing *r, const struct reduce_keys *k,
                           const struct report *in, struct report *out)
{
    const struct names of = {in->uid, out->uid};
    out->place = place_coarser(r, k, CELL_PLACE, &of, in->place);
    out->has |= REPORT_CE;
    out->ce_cm = error_cm(r, out->place, in->ce_cm);
    if ((in->has & REPORT_LAUNCH) != 0) {
        out->launch = place_coarser(r, k, CELL_LAUNCH, &of, in->launch);
    }
    if ((in->has & REPORT_IMPACT) != 0) {
        out->impact = place_coarser(r, k, CELL_IMPACT, &of, in->impact);
        uint64_t radius = in->impact_radius_m + (uint64_t)error_cm(r, out->impact, 0) / 100 + 1;
        out->impact_radius_m =
            radius < REPORT_RADIUS_MAX_M ? (uint32_t)radius : REPORT_RADIUS_MAX_M;
    }
    memset(out->remarks, 0, sizeof out->remarks);
}

static void heights_coarser(const struct reducing *r, const struct reduce_keys *k,
                            const struct report *in, struct report *out)
{
    const struct names of = {in->uid, out->uid};
    double             reach = 1.5 * (double)r->height_m * 100 + (double)in->le_cm;
    out->hae_cm = height_coarser(r->height_m, k, &of, in->hae_cm);
    out->has |= REPORT_LE;
    out->le_cm = (uint32_t)fmin(reach, REPORT_HEIGHT_MAX_CM);
}

/* ---- fields that are gone ---- */

struct gone {
    uint32_t without, has;
    size_t   offset, len;
};

#define GONE(without, has, field)                                                                  \
    {                                                                                              \
        (without), (has), offsetof(struct report, field), sizeof((struct report *)0)->field        \
    }

static const struct gone gone_rows[] = {
    GONE(WITHOUT_SOURCE | WITHOUT_IDENTITY, 0, callsign),
    GONE(WITHOUT_HEIGHT, REPORT_HAE, hae_cm),
    GONE(WITHOUT_HEIGHT, REPORT_LE, le_cm),
    GONE(WITHOUT_COURSE, REPORT_COURSE, course_cdeg),
    GONE(WITHOUT_SPEED, REPORT_SPEED, speed_cms),
    GONE(WITHOUT_ACCURACY, REPORT_CE, ce_cm),
    GONE(WITHOUT_ACCURACY, REPORT_LE, le_cm),
    GONE(WITHOUT_SOURCE | WITHOUT_REMARKS, 0, remarks),
    GONE(WITHOUT_LAUNCH, REPORT_LAUNCH, launch),
    GONE(WITHOUT_IMPACT, REPORT_IMPACT, impact),
    GONE(WITHOUT_IMPACT, REPORT_IMPACT, impact_radius_m),
};

/* HOW_HIDDEN - how a report was made is the sensor's: what is left is that a machine made it (CoT: m) */
#define HOW_HIDDEN "m"

static void fields_gone(uint32_t without, struct report *out)
{
    for (size_t i = 0; i < ARRAY_LEN(gone_rows); i++) {
        if ((without & gone_rows[i].without) != 0) {
            memset((char *)out + gone_rows[i].offset, 0, gone_rows[i].len);
            out->has &= ~gone_rows[i].has;
        }
    }
    if ((without & WITHOUT_SOURCE) != 0) {
        memset(out->how, 0, sizeof out->how);
        memcpy(out->how, HOW_HIDDEN, sizeof HOW_HIDDEN);
    }
}

void reduce_report(const struct reducing *r, const struct reduce_keys *k, const struct report *in,
                   struct report *out)
{
    const struct report was = *in;
    *out = was;
    if ((r->without & (WITHOUT_SOURCE | WITHOUT_IDENTITY)) != 0) {
        reduce_uid(&k->mark, was.uid, out->uid);
    }
    if (r->position_m != 0) {
        places_coarser(r, k, &was, out);
    }
    if (r->height_m != 0 && (was.has & REPORT_HAE) != 0) {
        heights_coarser(r, k, &was, out);
    }
    fields_gone(r->without, out);
}
