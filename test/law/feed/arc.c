/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/arc.h"

#include <math.h>

#include "cmocka_all.h"

#define DEGREE (M_PI / 180)

struct vector {
    double x, y, z;
};

/* A second way to the same places: vectors instead of spherical triangles */
static struct vector vector_of(double lat_deg, double lon_deg)
{
    double lat = lat_deg * DEGREE;
    double lon = lon_deg * DEGREE;
    return (struct vector){cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)};
}

static double dot(struct vector a, struct vector b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

static struct vector cross(struct vector a, struct vector b)
{
    return (struct vector){a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

static double distance_km(struct vector a, struct vector b)
{
    struct vector c = cross(a, b);
    return EARTH_RADIUS_KM * atan2(sqrt(dot(c, c)), dot(a, b));
}

static double bearing_deg(double lat_deg, double lon_deg, struct vector to)
{
    struct vector east = {-sin(lon_deg * DEGREE), cos(lon_deg * DEGREE), 0};
    struct vector north = cross(vector_of(lat_deg, lon_deg), east);
    double        deg = atan2(dot(to, east), dot(to, north)) / DEGREE;
    return deg < 0 ? deg + 360 : deg;
}

static const struct arc_shape shapes[] = {
    {39.282, 125.869, 4475, 950, 76},  {39.200159, 125.673256, 770, 3700, 72},
    {39.112, 125.998, 7687, 1001, 62}, {39.6596, 124.7057, 502, 2500, 181},
    {39.1677, 127.4817, 150, 150, 90}, {39.811611, 127.66375, 20, 190, 57},
    {40.0368, 128.1839, 189, 60, 90},  {39.275721, 126.804867, 60, 800, 80},
    {-33, 170, 1200, 9000, 118},       {0, -179.9, 30000, 10, 270},
    {75, 20, 1300, 10000, 5},          {38.5, 126, 300, 0, 45},
    {39, 127, 1000, 20000, 60},        {39, 127, 1, 2000, 60},
};

static void near(double a, double b, double within, size_t i, const char *what)
{
    if (!(fabs(a - b) <= within)) {
        fail_msg("flight %zu, %s: %.9f is not %.9f", i, what, a, b);
    }
}

static void it_starts_at_the_site_and_ends_at_the_distance(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const struct arc_shape *s = &shapes[i];
        struct arc              arc;
        struct arc_point        start, end;
        assert_false(err_is(arc_make(s, &arc)));
        arc_at(&arc, 0, &start);
        arc_at(&arc, arc.flight_s, &end);
        struct vector site = vector_of(s->lat_deg, s->lon_deg);
        struct vector target = vector_of(end.lat_deg, end.lon_deg);
        near(distance_km(site, vector_of(start.lat_deg, start.lon_deg)), 0, 0.01, i, "start");
        near(distance_km(site, target), s->distance_km, 0.01, i, "distance");
        near(start.altitude_km, 0, 0.001, i, "altitude at launch");
        near(end.altitude_km, 0, 0.001, i, "altitude at impact");
        if (s->distance_km > 0) {
            near(bearing_deg(s->lat_deg, s->lon_deg, target), s->bearing_deg, 0.001, i, "bearing");
            near(start.course_deg, s->bearing_deg, 0.001, i, "course at launch");
        }
    }
}

static void half_way_it_is_at_its_apogee(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct arc       arc;
        struct arc_point top, other;
        assert_false(err_is(arc_make(&shapes[i], &arc)));
        arc_at(&arc, arc.flight_s / 2, &top);
        near(top.altitude_km, shapes[i].apogee_km, shapes[i].apogee_km / 1000, i, "apogee");
        for (int k = 0; k <= 200; k++) {
            arc_at(&arc, arc.flight_s * k / 200, &other);
            assert_true(other.altitude_km <= top.altitude_km + 1e-6);
        }
    }
}

static void it_comes_down_as_it_went_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct arc       arc;
        struct arc_point up, down, start, end;
        assert_false(err_is(arc_make(&shapes[i], &arc)));
        arc_at(&arc, 0, &start);
        arc_at(&arc, arc.flight_s, &end);
        for (int k = 0; k < 50; k++) {
            arc_at(&arc, arc.flight_s * k / 100, &up);
            arc_at(&arc, arc.flight_s * (100 - k) / 100, &down);
            near(up.altitude_km, down.altitude_km, 0.001, i, "altitude");
            near(distance_km(vector_of(start.lat_deg, start.lon_deg),
                             vector_of(up.lat_deg, up.lon_deg)),
                 distance_km(vector_of(end.lat_deg, end.lon_deg),
                             vector_of(down.lat_deg, down.lon_deg)),
                 0.01, i, "ground covered");
        }
    }
}

/* Newton's law, checked by differences: the second derivative of the place is -mu/r^2 towards the
 * centre.  This knows nothing of ellipses. */
static struct vector place_at(const struct arc *arc, double t)
{
    struct arc_point p;
    arc_at(arc, t, &p);
    struct vector v = vector_of(p.lat_deg, p.lon_deg);
    double        r = EARTH_RADIUS_KM + p.altitude_km;
    return (struct vector){v.x * r, v.y * r, v.z * r};
}

static void it_falls_as_newton_says(void **state)
{
    (void)state;
    const double h = 1.0;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct arc arc;
        assert_false(err_is(arc_make(&shapes[i], &arc)));
        for (double t = 2 * h; t < arc.flight_s - 2 * h; t += arc.flight_s / 37) {
            struct vector a = place_at(&arc, t - h), b = place_at(&arc, t),
                          c = place_at(&arc, t + h);
            struct vector pull = {(a.x - 2 * b.x + c.x) / h / h, (a.y - 2 * b.y + c.y) / h / h,
                                  (a.z - 2 * b.z + c.z) / h / h};
            double        r = sqrt(dot(b, b));
            near(-dot(pull, b) / r, EARTH_MU_KM3_S2 / r / r, 1e-5, i, "pull");
            near(sqrt(fabs(dot(pull, pull) - pow(dot(pull, b) / r, 2))), 0, 2e-5, i, "sideways");
        }
    }
}

static void the_speed_is_that_of_the_ground_point(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct arc       arc;
        struct arc_point a, b, c;
        assert_false(err_is(arc_make(&shapes[i], &arc)));
        arc_at(&arc, arc.flight_s / 3 - 0.5, &a);
        arc_at(&arc, arc.flight_s / 3, &b);
        arc_at(&arc, arc.flight_s / 3 + 0.5, &c);
        double moved =
            distance_km(vector_of(a.lat_deg, a.lon_deg), vector_of(c.lat_deg, c.lon_deg));
        near(b.speed_mps, moved * 1000, 0.05 + b.speed_mps / 1000, i, "speed");
    }
}

static void refuses_what_is_no_flight(void **state)
{
    (void)state;
    static const struct arc_shape bad[] = {
        {91, 0, 100, 100, 0},
        {0, 181, 100, 100, 0},
        {0, 0, 0, 100, 0},
        {0, 0, 30001, 100, 0},
        {0, 0, 100, 20001, 0},
        {0, 0, 100, -1, 0},
        {0, 0, 100, 100, 360},
        {0, 0, 100, 100, -1},
        {(double)NAN, 0, 100, 100, 0},
        {0, 0, 100, 100, (double)INFINITY},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct arc arc;
        assert_int_equal(arc_make(&bad[i], &arc).code, ERR_LIMIT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_starts_at_the_site_and_ends_at_the_distance),
        cmocka_unit_test(half_way_it_is_at_its_apogee),
        cmocka_unit_test(it_comes_down_as_it_went_up),
        cmocka_unit_test(it_falls_as_newton_says),
        cmocka_unit_test(the_speed_is_that_of_the_ground_point),
        cmocka_unit_test(refuses_what_is_no_flight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
