/* SPDX-License-Identifier: Apache-2.0 */
#include "reduce/cell.h"

#include <math.h>
#include <string.h>

#include "base/writer.h"
#include "crypt/hash.h"
#include "feed/arc.h"

#define POLE_E7    900000000.0
#define RING_E7    3600000000.0
#define E7_A_METRE (RING_E7 / (2 * 3.14159265358979323846 * EARTH_RADIUS_KM * 1000))
#define LABEL_MAX  32

/* Columns of a ring: its circle at the middle of the row, in whole cells. */
static double ring(double height_e7, int64_t row)
{
    double middle = ((double)row + 0.5) * height_e7 - POLE_E7;
    double round = cos(middle / POLE_E7 * 1.57079632679489661923);
    return fmax(1, floor(RING_E7 * round / height_e7));
}

struct cell cell_at(uint32_t metres, struct place p, struct part *in)
{
    double      height = (double)metres * E7_A_METRE;
    double      north = ((double)p.lat_e7 + POLE_E7) / height;
    struct cell c = {.row = (int64_t)floor(north)};
    double      east = ((double)p.lon_e7 + RING_E7 / 2) / RING_E7 * ring(height, c.row);
    c.column = (int64_t)floor(east);
    *in = (struct part){north - floor(north), east - floor(east)};
    return c;
}

struct place cell_point(uint32_t metres, struct cell c, struct part at)
{
    double height = (double)metres * E7_A_METRE;
    double lat = ((double)c.row + at.north) * height - POLE_E7;
    double lon = ((double)c.column + at.east) / ring(height, c.row) * RING_E7;
    lon = fmod(fmod(lon, RING_E7) + RING_E7, RING_E7) - RING_E7 / 2;
    return (struct place){(int32_t)lround(fmin(fmax(lat, -POLE_E7), POLE_E7)),
                          (int32_t)lround(lon)};
}

bool cell_box_hides(uint32_t metres, const struct cell_box *box)
{
    struct part in;
    struct cell sw = cell_at(metres, (struct place){box->south, box->west}, &in);
    struct cell se = cell_at(metres, (struct place){box->south, box->east}, &in);
    struct cell nw = cell_at(metres, (struct place){box->north, box->west}, &in);
    struct cell ne = cell_at(metres, (struct place){box->north, box->east}, &in);
    return nw.row - sw.row >= 2 && se.column - sw.column >= 2 && ne.column - nw.column >= 2;
}

/* Of the whole cells between two edges, all in cells from one zero, that in which `at` lies when it is moved, or the
 * nearest.  The edge that it is moved away from is moved with it: what lies there is less than a cell. */
static int64_t between(double low, double high, double at, double by)
{
    double first = ceil(low + fmax(by, 0)), last = floor(high + fmin(by, 0)) - 1;
    return first > last ? (int64_t)floor((low + high) / 2)
                        : (int64_t)fmin(fmax(floor(at + by), first), last);
}

struct cell cell_within(uint32_t metres, struct cell c, struct part in, struct part by,
                        const struct cell_box *box)
{
    double      height = (double)metres * E7_A_METRE;
    double      east = ((double)c.column + in.east) / ring(height, c.row);
    struct cell out = {.row = between(((double)box->south + POLE_E7) / height,
                                      ((double)box->north + POLE_E7) / height,
                                      (double)c.row + in.north, by.north)};
    double      round = ring(height, out.row);
    out.column =
        between(((double)box->west + RING_E7 / 2) / RING_E7 * round,
                ((double)box->east + RING_E7 / 2) / RING_E7 * round, east * round, by.east);
    return out;
}

double cell_reach(uint32_t metres, struct place near)
{
    struct part in;
    double      height = (double)metres * E7_A_METRE;
    int64_t     row = cell_at(metres, near, &in).row;
    double      fewest = fmin(ring(height, row - 1), ring(height, row + 1));
    return (double)metres * hypot(1, 1 + 2 / fewest);
}

/* Two fractions out of a keyed hash over label, kind and uid, and the cell where there is one. */
static struct part fractions(const secret *key, const char *label, enum cell_of_what what,
                             const char *uid, const struct cell *c)
{
    uint8_t       text[LABEL_MAX + 1 + REPORT_UID_MAX + 1 + 16], hash[SHA256_LEN];
    struct writer w = WRITER_OF(text);
    uint64_t      bits[2];
    put_text(&w, label);
    put_u8(&w, (uint8_t)what);
    put_text(&w, uid);
    put_u8(&w, 0);
    put_u64(&w, c == NULL ? 0 : (uint64_t)c->row);
    put_u64(&w, c == NULL ? 0 : (uint64_t)c->column);
    hmac_sha256((span){key->key, SECRET_LEN}, writer_span(&w), hash);
    memcpy(bits, hash, sizeof bits);
    return (struct part){(double)(bits[0] >> 11) * 0x1p-53, (double)(bits[1] >> 11) * 0x1p-53};
}

struct part cell_shift(const secret *shift, enum cell_of_what what, const char *uid)
{
    return fractions(shift, "accord reduce shift 1", what, uid, NULL);
}

struct part cell_mark(const secret *mark, enum cell_of_what what, const char *uid, struct cell c)
{
    return fractions(mark, "accord reduce mark 1", what, uid, &c);
}
