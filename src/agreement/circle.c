/* SPDX-License-Identifier: Apache-2.0 */
/* A circle on the earth as a polygon, by integers alone: floating point is not the same everywhere, and
 * every party must compile a text to the same bytes.  Angles are turned by CORDIC, in steps of halving
 * tangents; a step adds and shifts. */
#include "agreement/terms.h"

__extension__ typedef __int128 wide;

/* Fractions of one in 2^-40, angles in 2^-48 turn: a step of either is far below 1e-7 degrees (2^-31.7 turn) */
#define ONE          (INT64_C(1) << 40)
#define TURN         (INT64_C(1) << 48)
#define STEPS        41
#define SHRINK       INT64_C(667681663043) /* product of cos(atan(2^-i)), in ONE */
#define EARTH_MM     INT64_C(40030228885)  /* around it: 2 pi 6371.0088 km */
#define DEGREES_E7   INT64_C(3600000000)   /* a turn */
#define RADIUS_MAX_M 5000000u

/* atan(2^-i), in TURN */
static const int64_t step_angle[STEPS] = {
    35184372088832,
    20770547670515,
    10974586953444,
    5570871696862,
    2796246208089,
    1399486241028,
    699913886760,
    349978300884,
    174991820497,
    87496244017,
    43748163730,
    21874087080,
    10937044192,
    5468522177,
    2734261099,
    1367130551,
    683565276,
    341782638,
    170891319,
    85445659,
    42722830,
    21361415,
    10680707,
    5340354,
    2670177,
    1335088,
    667544,
    333772,
    166886,
    83443,
    41722,
    20861,
    10430,
    5215,
    2608,
    1304,
    652,
    326,
    163,
    81,
    41,
};

/* Rounded towards minus infinity, which the shift of a negative number is not sure to be */
static int64_t halved(int64_t x, unsigned times)
{
    int64_t by = INT64_C(1) << times;
    return x >= 0 ? x / by : -((-x + by - 1) / by);
}

static int64_t times(int64_t a, int64_t b)
{
    return (int64_t)((wide)a * b / ONE);
}

struct vector {
    int64_t x, y, angle;
};

/* One step: turned to the left (back = 1) or right (-1) by atan(2^-i), and longer by its secant */
static struct vector turned(struct vector v, unsigned i, int64_t left)
{
    return (struct vector){v.x - left * halved(v.y, i), v.y + left * halved(v.x, i),
                           v.angle - left * step_angle[i]};
}

/* cosine and sine of an angle of at most a quarter turn either way, in x and y */
static struct vector direction(int64_t angle)
{
    struct vector v = {SHRINK, 0, angle};
    for (unsigned i = 0; i < STEPS; i++) {
        v = turned(v, i, v.angle >= 0 ? 1 : -1);
    }
    return v;
}

/* direction, for any angle of a turn: half a turn on is the opposite */
static struct vector heading(int64_t angle)
{
    bool          back = angle > TURN / 4 && angle <= TURN * 3 / 4;
    struct vector v = direction(back ? angle - TURN / 2 : angle > TURN / 2 ? angle - TURN : angle);
    return back ? (struct vector){-v.x, -v.y, 0} : v;
}

/* Length (in x) and angle of a vector that points to the right half */
static struct vector measured(int64_t x, int64_t y)
{
    struct vector v = {x, y, 0};
    for (unsigned i = 0; i < STEPS; i++) {
        v = turned(v, i, v.y < 0 ? 1 : -1);
    }
    return (struct vector){times(v.x, SHRINK), 0, v.angle};
}

static int32_t degrees_of(int64_t angle)
{
    wide scaled = (wide)angle * DEGREES_E7 * 2 / TURN;
    return (int32_t)((scaled + (scaled >= 0 ? 1 : -1)) / 2);
}

static int64_t angle_of(int32_t degrees_e7)
{
    return (int64_t)((wide)degrees_e7 * TURN / DEGREES_E7);
}

/* Where one comes from latitude `lat` on the zero meridian by going `far` in the direction `way`
 * (x north, y east); false: past a quarter turn of longitude */
static bool gone(struct vector lat, struct vector far, struct vector way, struct area_point *out)
{
    int64_t north = times(far.y, way.x);
    int64_t x = times(far.x, lat.x) - times(north, lat.y);
    int64_t y = times(far.y, way.y);
    int64_t z = times(far.x, lat.y) + times(north, lat.x);
    if (x <= 0) {
        return false;
    }
    struct vector flat = measured(x, y);
    *out = (struct area_point){degrees_of(measured(flat.x, z).angle), degrees_of(flat.angle)};
    return true;
}

static bool circle_fits(struct area_point centre, uint32_t radius_m, int64_t far)
{
    int64_t lat = angle_of(centre.lat);
    return radius_m > 0 && radius_m <= RADIUS_MAX_M && centre.lat >= -INT32_C(900000000) &&
           centre.lat <= INT32_C(900000000) && centre.lon >= -INT32_C(1800000000) &&
           centre.lon <= INT32_C(1800000000) && (lat < 0 ? -lat : lat) + far < TURN / 4;
}

err area_circle(struct area_point centre, uint32_t radius_m, struct area *out)
{
    int64_t     far = (int64_t)((wide)radius_m * 1000 * TURN / EARTH_MM);
    struct area circle = {.name = out->name, .count = AREA_POINTS_MAX};
    if (!circle_fits(centre, radius_m, far)) {
        return FAIL(LIMIT, "a circle is 1 m to 5,000 km wide and does not reach a pole");
    }
    struct vector lat = direction(angle_of(centre.lat)), arc = direction(far);
    for (unsigned i = 0; i < AREA_POINTS_MAX; i++) {
        struct area_point *p = &circle.point[i];
        bool               near = gone(lat, arc, heading(TURN * i / AREA_POINTS_MAX), p);
        int64_t            lon = (int64_t)p->lon + centre.lon;
        if (!near || lon < -INT64_C(1800000000) || lon > INT64_C(1800000000)) {
            return FAIL(LIMIT, "a circle does not reach the 180th meridian");
        }
        p->lon = (int32_t)lon;
    }
    if (!area_valid(&circle)) {
        return FAIL(LIMIT, "a circle of this size has no shape on the map's grid");
    }
    *out = circle;
    return OK;
}
