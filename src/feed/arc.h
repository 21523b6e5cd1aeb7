/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FEED_ARC_H
#define FEED_ARC_H

#include "base/err.h"

/* The flight of a ballistic missile over a spherical earth that does not turn: for exercises and
 * demonstrations, never for decisions.  docs/why/feed.md has the mathematics. */

#define EARTH_RADIUS_KM 6371.0088 /* mean radius of WGS 84 */
#define EARTH_RADIUS_M  (EARTH_RADIUS_KM * 1000)
#define E7_RADIANS      1.7453292519943295e-9 /* a unit of struct place: 1e-7 degrees */
#define EARTH_MU_KM3_S2 398600.4418

/* ARC_APOGEE_MAX_KM   - four times the highest known test
 * ARC_DISTANCE_MAX_KM - an antipode has no bearing and no one plane */
#define ARC_APOGEE_MAX_KM   30000.0
#define ARC_DISTANCE_MAX_KM 20000.0

/* arc_shape - what is known of a flight: degrees and kilometres over ground */
struct arc_shape {
    double lat_deg, lon_deg; /* launch site */
    double apogee_km;        /* above ground */
    double distance_km;      /* along the ground; 0 = straight up and down */
    double bearing_deg;      /* at the launch site, clockwise from true north */
};

/* arc - the ellipse through both ground points with this apogee, its focus at the earth's centre */
struct arc {
    double lat, lon, bearing; /* radians */
    double half_angle;        /* from launch to apogee, seen from the earth's centre */
    double eccentricity;
    double flattening;     /* 1 - eccentricity, which is too close to 1 to subtract later */
    double axis_km;        /* semi-major */
    double launch_anomaly; /* eccentric anomaly at launch; at impact it is 2 pi less this */
    double motion;         /* mean motion, radians a second */
    double flight_s;       /* from launch to impact */
};

/* arc_point - where the missile is */
struct arc_point {
    double lat_deg, lon_deg; /* lon within -180 … 180 */
    double altitude_km;
    double course_deg; /* 0 … below 360 */
    double speed_mps;  /* along the ground */
};

/* arc_make - the arc of a flight
 *
 * fails   LIMIT when a figure is no number or past its range (apogee above 0, lat ±90, lon ±180,
 *         bearing 0 … below 360) */
err arc_make(const struct arc_shape *shape, struct arc *out);

/* arc_at - the place t_s seconds after launch; before 0 the launch site, after flight_s the impact
 *
 * cost    at most 60 steps of Newton's method with bisection
 * holds   ends, apogee, symmetry, bearing                               (test/law/feed/arc.c) */
void arc_at(const struct arc *arc, double t_s, struct arc_point *out);

#endif
