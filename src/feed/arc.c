/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/arc.h"

#include <math.h>
#include <stddef.h>

#define DEGREE (M_PI / 180)

static bool between(double value, double least, double most)
{
    return isfinite(value) && value >= least && value <= most;
}

static bool shape_valid(const struct arc_shape *s)
{
    return between(s->lat_deg, -90, 90) && between(s->lon_deg, -180, 180) &&
           between(s->apogee_km, 0.001, ARC_APOGEE_MAX_KM) &&
           between(s->distance_km, 0, ARC_DISTANCE_MAX_KM) &&
           between(s->bearing_deg, 0, 359.999999);
}

err arc_make(const struct arc_shape *shape, struct arc *out)
{
    if (!shape_valid(shape)) {
        return FAIL(LIMIT, "a figure of the flight is past its range");
    }
    double half = shape->distance_km / EARTH_RADIUS_KM / 2;
    double top = EARTH_RADIUS_KM + shape->apogee_km;
    double span_km = top - EARTH_RADIUS_KM * cos(half);
    double e = shape->apogee_km / span_km;
    double sine = sin(half / 2);
    double axis = top / (1 + e);
    double launch = acos(fmax(-1, fmin(1, (1 - EARTH_RADIUS_KM / axis) / e)));
    double motion = sqrt(EARTH_MU_KM3_S2 / (axis * axis * axis));
    *out = (struct arc){
        .lat = shape->lat_deg * DEGREE,
        .lon = shape->lon_deg * DEGREE,
        .bearing = shape->bearing_deg * DEGREE,
        .half_angle = half,
        .eccentricity = e,
        .flattening = 2 * EARTH_RADIUS_KM * sine * sine / span_km,
        .axis_km = axis,
        .launch_anomaly = launch,
        .motion = motion,
        .flight_s = 2 * (M_PI - launch + e * sin(launch)) / motion,
    };
    return OK;
}

/* Kepler's equation, E - e sin E = mean, between launch and impact.  The left side rises
 * throughout, so a bracket always closes where Newton's step would leave it. */
static double anomaly_at(const struct arc *a, double t_s)
{
    double low = a->launch_anomaly;
    double high = 2 * M_PI - low;
    double mean = low - a->eccentricity * sin(low) + a->motion * t_s;
    double guess = M_PI;
    for (unsigned i = 0; i < 60; i++) {
        double over = guess - a->eccentricity * sin(guess) - mean;
        low = over < 0 ? guess : low;
        high = over < 0 ? high : guess;
        double next = guess - over / (1 - a->eccentricity * cos(guess));
        next = next > low && next < high ? next : (low + high) / 2;
        if (fabs(next - guess) < 1e-15 * M_PI) {
            return next;
        }
        guess = next;
    }
    return guess;
}

/* The true anomaly less that at launch: the angle flown over ground */
static double angle_flown(const struct arc *a, double anomaly)
{
    double e = a->eccentricity;
    double minor = sqrt(a->flattening * (1 + e));
    double true_anomaly = atan2(minor * sin(anomaly), cos(anomaly) - e);
    true_anomaly += true_anomaly < 0 ? 2 * M_PI : 0;
    return true_anomaly - (M_PI - a->half_angle);
}

static double turn(double degrees)
{
    double within = fmod(degrees, 360);
    within += within < 0 ? 360 : 0;
    return within < 360 ? within : 0;
}

/* Along the great circle from the launch site; the course is the bearing there, carried on */
static void go(const struct arc *a, double angle, struct arc_point *out)
{
    double north = cos(a->bearing);
    double east = sin(a->bearing);
    double sine = sin(a->lat) * cos(angle) + cos(a->lat) * sin(angle) * north;
    double lat = asin(fmax(-1, fmin(1, sine)));
    double lon = a->lon + atan2(east * sin(angle) * cos(a->lat), cos(angle) - sin(a->lat) * sine);
    double course =
        atan2(east * cos(a->lat), cos(a->lat) * cos(angle) * north - sin(a->lat) * sin(angle));
    out->lat_deg = lat / DEGREE;
    out->lon_deg = turn(lon / DEGREE + 180) - 180;
    out->course_deg = turn(course / DEGREE);
}

void arc_at(const struct arc *a, double t_s, struct arc_point *out)
{
    double t = fmax(0, fmin(a->flight_s, t_s));
    double anomaly = anomaly_at(a, t);
    double radius = a->axis_km * (1 - a->eccentricity * cos(anomaly));
    double angle = fmax(0, fmin(2 * a->half_angle, angle_flown(a, anomaly)));
    double momentum = sqrt(EARTH_MU_KM3_S2 * a->axis_km * a->flattening * (1 + a->eccentricity));
    go(a, angle, out);
    out->altitude_km = fmax(0, radius - EARTH_RADIUS_KM);
    out->speed_mps = momentum / (radius * radius) * EARTH_RADIUS_KM * 1000;
}
