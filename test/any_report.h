/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_ANY_REPORT_H
#define TEST_ANY_REPORT_H

#include "feed/report.h"

/* Any report that is valid, for what must hold of all */

static uint64_t seed = 20161123;

static inline uint32_t any(uint32_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((seed >> 33) % below);
}

static inline int32_t within(int32_t least, int32_t most)
{
    uint32_t wide = (uint32_t)most - (uint32_t)least;
    return (int32_t)((uint32_t)least + (uint32_t)(((uint64_t)any(1u << 31) << 1) % (wide + 1ull)));
}

/* Characters of one to four bytes, those that XML and JSON escape, and in remarks line breaks */
static inline void any_text(char *out, size_t max, size_t least, bool lines)
{
    static const char *const piece[] = {"a", "Z",  "9",  "-", "&",      "<",   ">", "\"", "'", "\\",
                                        "é", "極", "군", "𝄞", "\u2028", "]]>", " ", "\t", "\n"};
    size_t                   want = least + any((uint32_t)(max - least + 1));
    size_t                   len = 0;
    while (len < want) {
        const char *p = piece[any(lines ? ARRAY_LEN(piece) : ARRAY_LEN(piece) - 2)];
        bool        edge = len == 0 || want - len < 8;
        if (edge && (*p == ' ' || *p == '\t' || *p == '\n')) {
            continue;
        }
        if (len + strlen(p) > max) {
            break;
        }
        memcpy(out + len, p, strlen(p));
        len += strlen(p);
    }
}

static inline void any_code(char *out, size_t max)
{
    static const char letters[] = "abcxyzABCXYZ0189-_.";
    size_t            len = 1 + any((uint32_t)max);
    for (size_t i = 0; i < len; i++) {
        out[i] = letters[any(sizeof letters - 1)];
    }
}

static inline struct place any_place(void)
{
    int32_t lat = within(-LAT_MAX_E7, LAT_MAX_E7);
    int32_t lon = within(-LON_MAX_E7, LON_MAX_E7);
    return (struct place){lat, lon};
}

static inline void any_numbers(struct report *r)
{
    r->has = any(REPORT_HAS_ALL + 1);
    r->place = any_place();
    if ((r->has & REPORT_HAE) != 0) {
        r->hae_cm = within(-REPORT_DEPTH_MAX_CM, REPORT_HEIGHT_MAX_CM);
    }
    r->ce_cm = (r->has & REPORT_CE) != 0 ? any(REPORT_HEIGHT_MAX_CM + 1) : 0;
    r->le_cm = (r->has & REPORT_LE) != 0 ? any(REPORT_HEIGHT_MAX_CM + 1) : 0;
    r->course_cdeg = (r->has & REPORT_COURSE) != 0 ? any(COURSE_FULL) : 0;
    r->speed_cms = (r->has & REPORT_SPEED) != 0 ? any(REPORT_SPEED_MAX + 1) : 0;
    if ((r->has & REPORT_LAUNCH) != 0) {
        r->launch = any_place();
    }
    if ((r->has & REPORT_IMPACT) != 0) {
        r->impact = any_place();
        r->impact_radius_m = any(REPORT_RADIUS_MAX_M + 1);
    }
}

static inline struct report any_report(void)
{
    struct report r = {0};
    any_numbers(&r);
    r.time = (instant)any(1u << 31) * 100000;
    r.start = (instant)any(1u << 31) * 1000 + any(1000);
    r.stale = r.start + any(1000000);
    any_text(r.uid, REPORT_UID_MAX, 5, false);
    any_code(r.type, REPORT_TYPE_MAX);
    any_code(r.how, REPORT_HOW_MAX);
    any_text(r.callsign, REPORT_CALLSIGN_MAX, 0, false);
    any_text(r.remarks, REPORT_REMARKS_MAX, 0, true);
    return r;
}

#endif
