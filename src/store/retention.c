/* SPDX-License-Identifier: Apache-2.0 */
#include "store/retention.h"

/* A clock that went back makes nothing old. */
static bool old_enough(const struct segment_age *a, const struct retention *r, instant now)
{
    return r->keep_ms != INSTANT_NEVER && now >= a->written && now - a->written >= r->keep_ms;
}

size_t segments_to_drop(const struct segment_age *age, size_t count, const struct retention *r,
                        instant now)
{
    size_t n = 0;
    while (n < count && (age[n].number + 1) * r->bytes <= r->read_to &&
           old_enough(&age[n], r, now)) {
        n++;
    }
    return n;
}
