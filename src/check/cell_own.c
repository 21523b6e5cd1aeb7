/* SPDX-License-Identifier: Apache-2.0 */
#include "check/cell_own.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check/report_own.h"
#include "crypt/hash.h"

/* In 1e-7 degrees; the earth is a ball of 6,371,008.8 m.   NEAR - what rounding may differ by */
#define ROUND    3600000000.0
#define POLE     900000000.0
#define METRE    (ROUND / (2 * 3.14159265358979323846 * 6371008.8))
#define NEAR     1
#define MARK     "accord reduce mark 1"
#define DEPTH_CM 1200000.0

struct fractions {
    double north, east;
};

static void number_put(uint8_t *at, int64_t number)
{
    for (unsigned i = 0; i < 8; i++) {
        at[i] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
    }
}

/* The upper 53 bits of eight bytes, the lowest first, as a part of one */
static double fraction(const uint8_t *at)
{
    uint64_t bits = 0;
    for (unsigned i = 8; i > 0; i--) {
        bits = bits << 8 | at[i - 1];
    }
    return ldexp((double)(bits >> 11), -53);
}

static struct fractions mark_of(const secret *mark, enum own_what what, span uid, int64_t row,
                                int64_t column)
{
    uint8_t text[sizeof MARK - 1 + 1 + 255 + 1 + 16] = MARK, hash[SHA256_LEN];
    size_t  at = sizeof MARK - 1;
    text[at++] = (uint8_t)what;
    memcpy(text + at, uid.ptr, uid.len);
    at += uid.len;
    text[at++] = 0;
    number_put(text + at, row);
    number_put(text + at + 8, column);
    hmac_sha256(SPAN_OF(mark->key), (span){text, at + 16}, hash);
    return (struct fractions){fraction(hash), fraction(hash + 8)};
}

/* ---- places ---- */

/* Whole columns of a ring, as many as fit at its middle */
static double columns_of(double high, int64_t row)
{
    double middle = ((double)row + 0.5) * high - POLE;
    double whole = floor(ROUND * cos(middle / POLE * (3.14159265358979323846 / 2)) / high);
    return whole < 1 ? 1 : whole;
}

static int64_t held(int64_t n, int64_t least, int64_t most)
{
    return n < least ? least : n > most ? most : n;
}

static bool is_point(const struct own_cells *c, enum own_what what, span uid, const int64_t cell[2],
                     const int64_t place[2])
{
    double           high = c->metres * METRE, columns = columns_of(high, cell[0]);
    struct fractions m = mark_of(c->mark, what, uid, cell[0], cell[1]);
    double           lat = ((double)cell[0] + m.north) * high - POLE;
    double           turned = ((double)cell[1] + m.east) / columns * ROUND;
    int64_t          north = held(llround(lat), -(int64_t)POLE, (int64_t)POLE);
    int64_t          east = llround(turned - floor(turned / ROUND) * ROUND - ROUND / 2);
    if (c->box != NULL) {
        north = held(north, c->box[0], c->box[2]);
        east = held(east, c->box[1], c->box[3]);
    }
    return llabs(north - place[0]) <= NEAR && llabs(east - place[1]) <= NEAR;
}

/* The columns of a row near a place: its own first.  The one behind the last is what the 180th meridian east is in. */
static bool row_has(const struct own_cells *c, enum own_what what, span uid, int64_t row,
                    const int64_t place[2])
{
    double  columns = columns_of(c->metres * METRE, row);
    int64_t own = (int64_t)floor(((double)place[1] + ROUND / 2) / ROUND * columns);
    bool    found = false;
    for (int64_t i = 0; !found && i < 3; i++) {
        const int64_t cell[] = {row, own + (i == 2 ? -1 : i)};
        found = is_point(c, what, uid, cell, place);
    }
    const int64_t behind[] = {row, (int64_t)columns};
    return found || (own <= 0 && is_point(c, what, uid, behind, place));
}

bool own_cell_point(const struct own_cells *c, enum own_what what, span uid, int64_t lat,
                    int64_t lon)
{
    const int64_t place[] = {lat, lon};
    int64_t       row = (int64_t)floor(((double)lat + POLE) / (c->metres * METRE));
    return row_has(c, what, uid, row, place) || row_has(c, what, uid, row + 1, place) ||
           row_has(c, what, uid, row - 1, place);
}

int64_t own_cell_error_cm(const struct own_cells *c, int64_t lat)
{
    double  high = c->metres * METRE;
    int64_t row = (int64_t)floor(((double)lat + POLE) / high);
    double  fewest = fmin(columns_of(high, row - 1), columns_of(high, row + 1));
    double  corner = c->metres * sqrt(1 + (1 + 2 / fewest) * (1 + 2 / fewest));
    return (int64_t)fmin((c->box != NULL ? 2.5 : 1.5) * 100 * corner, OWN_CM_MAX) - NEAR;
}

/* ---- heights ---- */

bool own_cell_level(const struct own_cells *c, span uid, int64_t hae_cm)
{
    double  high = 100.0 * c->metres;
    int64_t own = (int64_t)floor((double)hae_cm / high);
    bool    found = false;
    for (int64_t row = own - 1; !found && row <= own + 1; row++) {
        double shown = ((double)row + mark_of(c->mark, OWN_OF_HEIGHT, uid, row, 0).north) * high;
        shown = fmin(fmax(shown, -DEPTH_CM), OWN_CM_MAX);
        found = fabs(shown - (double)hae_cm) <= NEAR;
    }
    return found;
}
