/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECK_REPORT_OWN_H
#define CHECK_REPORT_OWN_H

#include "base/instant.h"
#include "base/span.h"
#include "check/fault.h"

/* A report as check/ reads it, by docs/format/report.md and by nothing else. */

/* own_has - bits of its second field */
enum own_has {
    OWN_HAE = 1,
    OWN_CE = 2,
    OWN_LE = 4,
    OWN_COURSE = 8,
    OWN_SPEED = 16,
    OWN_LAUNCH = 32,
    OWN_IMPACT = 64,
    OWN_HAS_ALL = 127,
};

enum own_text { OWN_UID, OWN_TYPE, OWN_HOW, OWN_CALLSIGN, OWN_REMARKS, OWN_TEXTS };

/* own_number - in the order of their bytes; what a report lacks is 0 */
enum own_number {
    NUMBER_TIME,
    NUMBER_START,
    NUMBER_STALE,
    NUMBER_LAT,
    NUMBER_LON,
    NUMBER_HAE,
    NUMBER_CE,
    NUMBER_LE,
    NUMBER_COURSE,
    NUMBER_SPEED,
    NUMBER_LAUNCH_LAT,
    NUMBER_LAUNCH_LON,
    NUMBER_IMPACT_LAT,
    NUMBER_IMPACT_LON,
    NUMBER_RADIUS,
    OWN_NUMBERS,
};

/* OWN_CM_MAX     - greatest height and error
 * OWN_RADIUS_MAX - widest area, in metres */
#define OWN_CM_MAX     999999899
#define OWN_RADIUS_MAX 20040000

/* own_report - units as in the page; the texts lie in the bytes that were read */
struct own_report {
    unsigned has;
    int64_t  number[OWN_NUMBERS];
    span     text[OWN_TEXTS];
};

/* own_report_read - these bytes are one report, in its one form, and nothing else
 *
 * returns   INSPECT_PASS; INSPECT_VERSION … INSPECT_TEXT
 * holds     it takes what report_decode of feed/ takes                    (test/twin/check/report.c) */
enum inspect_fault own_report_read(span bytes, struct own_report *out);

#endif
