/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_WITHOUT_H
#define BASE_WITHOUT_H

/* without - what a reduction may take away from a report or a product's description; a bit each */
enum without {
    WITHOUT_SOURCE =
        1 << 0, /* which sensor or person it came from: its name may be the call sign */
    WITHOUT_IDENTITY = 1 << 1, /* unit names, call signs, names of persons */
    WITHOUT_HEIGHT = 1 << 2,
    WITHOUT_COURSE = 1 << 3,
    WITHOUT_SPEED = 1 << 4,
    WITHOUT_ACCURACY = 1 << 5, /* how exact the sensor is */
    WITHOUT_REMARKS = 1 << 6,
    WITHOUT_LAUNCH = 1 << 7,
    WITHOUT_IMPACT = 1 << 8,
    WITHOUT_ALL = (1 << 9) - 1
};

#endif
