/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FEED_REPORT_H
#define FEED_REPORT_H

#include "base/instant.h"
#include "base/text.h"

#define REPORT_UID_MAX      63  /* a UUID has 36, a radar's track name fewer */
#define REPORT_TYPE_MAX     31  /* longest CoT type code in the public list: 19 */
#define REPORT_HOW_MAX      19  /* longest in the public list: 9 */
#define REPORT_CALLSIGN_MAX 63  /* what fits beside a symbol */
#define REPORT_REMARKS_MAX  255 /* an event with more is a document, and documents are products */

/* REPORT_BYTES_MAX - longest encoding: 75 fixed bytes and five texts with their lengths
 * REPORT_JSON_MAX  - longest JSON: remarks of 255 newlines, each six characters, and the rest
 * REPORT_COT_MAX   - longest CoT event: remarks, labels and a group of '&', each five characters, and
 *                    the rest */
#define REPORT_BYTES_MAX 511
#define REPORT_JSON_MAX  3072
#define REPORT_COT_MAX   8192

/* REPORT_HEIGHT_MAX_CM - heights and errors end before 9,999,999 m, which CoT uses for "unknown"
 * REPORT_DEPTH_MAX_CM  - the deepest sea floor is 11 km down
 * REPORT_SPEED_MAX     - 100 km/s, in cm/s: faster is no vehicle
 * REPORT_RADIUS_MAX_M  - half the earth's circumference: no area is wider */
#define REPORT_HEIGHT_MAX_CM INT32_C(999999899)
#define REPORT_DEPTH_MAX_CM  INT32_C(1200000)
#define REPORT_SPEED_MAX     UINT32_C(10000000)
#define REPORT_RADIUS_MAX_M  UINT32_C(20040000)
#define COURSE_FULL          UINT32_C(36000)

#define LAT_MAX_E7 INT32_C(900000000)
#define LON_MAX_E7 INT32_C(1800000000)

/* place - WGS 84, in 1e-7 degrees (11 mm at most), north and east positive */
struct place {
    int32_t lat_e7;
    int32_t lon_e7;
};

/* What a report may have or lack; also the flags of its encoding.  Texts that a report lacks are
 * empty. */
enum report_has {
    REPORT_HAE = 1 << 0,    /* height above the ellipsoid */
    REPORT_CE = 1 << 1,     /* circular error */
    REPORT_LE = 1 << 2,     /* linear error */
    REPORT_COURSE = 1 << 3, /* of movement */
    REPORT_SPEED = 1 << 4,  /* over ground */
    REPORT_LAUNCH = 1 << 5, /* launch point of a missile */
    REPORT_IMPACT = 1 << 6, /* expected impact area of a missile */
    REPORT_HAS_ALL = (1 << 7) - 1,
};

/* report - one live report, parsed and checked; nothing in it points outside
 *
 * Texts are UTF-8 without control characters (remarks may have newlines and tabs), without leading
 * or trailing blanks, zero-filled to their end.  What `has` does not name is zero.  So equal
 * reports are equal bytes: there is no padding. */
struct report {
    instant      time;            /* when it was made */
    instant      start;           /* from when it holds */
    instant      stale;           /* until when it holds, not before start */
    struct place place;           /* where the thing is */
    struct place launch;          /* where the missile was launched */
    struct place impact;          /* where it is expected to come down … */
    uint32_t     impact_radius_m; /* … within so much */
    int32_t      hae_cm;          /* height above the ellipsoid */
    uint32_t     ce_cm;           /* the place is right within so much */
    uint32_t     le_cm;           /* the height is right within so much */
    uint32_t     course_cdeg;     /* 1/100 degree clockwise from true north, below COURSE_FULL */
    uint32_t     speed_cms;       /* cm/s over ground */
    uint32_t     has;             /* a set of enum report_has */
    char         uid[REPORT_UID_MAX + 1];
    char         type[REPORT_TYPE_MAX + 1];
    char         how[REPORT_HOW_MAX + 1];
    char         callsign[REPORT_CALLSIGN_MAX + 1];
    char         remarks[REPORT_REMARKS_MAX + 1];
};
_Static_assert(sizeof(struct report) == 512, "a report has no padding");

/* report_valid - does it keep every rule above?
 *
 * fails   MALFORMED; LIMIT on a number past its range */
err report_valid(const struct report *r);

/* report_encode - the one binary form (docs/format/report.md)
 *
 * fails   as report_valid; LIMIT when the writer is too small (REPORT_BYTES_MAX is enough)
 * cost    no memory; a track of the usual kind has about 110 bytes
 *
 * report_decode - the same bytes and nothing else
 *
 * fails   MALFORMED on an unknown version or field, bytes left over, or a form that report_encode
 *         would not write; as report_valid
 * holds   decode(encode(r)) = r, encode(decode(b)) = b               (test/law/feed/report.c) */
err report_encode(const struct report *r, struct writer *w);
err report_decode(span bytes, struct report *out);

/* report_json - one line, an object, no newline at its end; what is lacking is left out
 *
 * r       a valid report
 * w       REPORT_JSON_MAX is enough */
void report_json(const struct report *r, struct writer *w);

struct cot_labels; /* feed/cot.h */

/* report_cot - a CoT event (docs/format/cot-profile.md), one piece without an XML declaration
 *
 * r       a valid report
 * labels  what its access, caveat and releasableTo attributes say; NULL = it has none
 * w       REPORT_COT_MAX is enough
 * holds   cot_read of it is r and labels again                       (test/law/feed/report.c) */
void report_cot(const struct report *r, const struct cot_labels *labels, struct writer *w);

/* report_also - what stands in an event beside its report
 *
 * labels     NULL = it has none
 * group      name of the element `__group`, checked UTF-8 without control characters; empty: there is none
 * link       uid of what the event is about, and its type; NULL: of nothing.  With one, it says that this is
 *            to be deleted */
struct report_also {
    const struct cot_labels *labels;
    span                     group;
    const char              *link, *link_type;
};

/* REPORT_GROUP_MAX  - longest name of a group
 * REPORT_ROLE       - the role in it: what is shown is nobody's position in a team */
#define REPORT_GROUP_MAX 255
#define REPORT_ROLE      "Feed"

/* report_cot_also - report_cot with these;  report_cot_link - of them, what is written within detail of the link
 *
 * w       REPORT_COT_MAX is enough */
void report_cot_also(const struct report *r, const struct report_also *also, struct writer *w);
void report_cot_link(const struct report_also *also, struct writer *w);

/* report_cot_rest - of what report_cot writes within detail, what a contact's callsign and a track of both
 * course and speed do not say
 *
 * w       REPORT_COT_MAX is enough */
void report_cot_rest(const struct report *r, struct writer *w);

/* report_text - keep a checked text in a report's array of `max + 1` bytes, zero-filled
 *
 * max     longest in bytes
 * lines   may it have newlines and tabs?
 * fails   LIMIT when longer; MALFORMED on control characters, bad UTF-8, or blanks at an end */
err report_text(span s, size_t max, bool lines, char *out);

#endif
