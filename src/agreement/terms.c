/* SPDX-License-Identifier: Apache-2.0 */
#include "agreement/terms.h"

bool window_valid(const struct window *w)
{
    bool days = w->from >= 0 && (w->until == INSTANT_NEVER || w->until > w->from);
    bool hours = w->day_from < MS_PER_DAY && w->day_until <= MS_PER_DAY;
    return days && hours && (w->day_from != w->day_until || w->day_from == 0);
}

static bool whole_day(const struct window *w)
{
    return w->day_from == w->day_until;
}

/* How long the hours of a day are, and how far into them `t` is; past midnight it is still one run */
static uint64_t hours_of(const struct window *w)
{
    return (w->day_until + (uint64_t)MS_PER_DAY - w->day_from) % MS_PER_DAY;
}

static uint64_t into_hours(const struct window *w, instant t)
{
    return ((uint64_t)t + (uint64_t)MS_PER_DAY - w->day_from) % MS_PER_DAY;
}

bool window_holds(const struct window *w, instant low, instant high)
{
    if (low > high || low < w->from || (w->until != INSTANT_NEVER && high >= w->until)) {
        return false;
    }
    uint64_t at = into_hours(w, low), hours = hours_of(w), lasts = (uint64_t)(high - low);
    return whole_day(w) || (at < hours && lasts < hours - at);
}

bool window_touches(const struct window *w, instant low, instant high)
{
    instant first = low > w->from ? low : w->from;
    instant last = w->until != INSTANT_NEVER && high >= w->until ? w->until - 1 : high;
    if (first > last) {
        return false;
    }
    uint64_t at = into_hours(w, first), lasts = (uint64_t)(last - first);
    return whole_day(w) || at < hours_of(w) || at + lasts >= MS_PER_DAY;
}

/* Hours of a within those of b: how far into b's run a's begins, and whether it ends by b's end. */
static bool hours_within(const struct window *a, const struct window *b)
{
    uint64_t at = into_hours(b, (instant)a->day_from), hours = hours_of(b);
    return whole_day(b) || (!whole_day(a) && at < hours && hours_of(a) <= hours - at);
}

bool window_within(const struct window *a, const struct window *b)
{
    bool ends = b->until == INSTANT_NEVER || (a->until != INSTANT_NEVER && a->until <= b->until);
    return a->from >= b->from && ends && hours_within(a, b);
}

bool reduction_valid(const struct reduction *r)
{
    return (r->without & ~(uint32_t)WITHOUT_ALL) == 0;
}

bool reduction_meets(const struct reduction *done, const struct reduction *asked)
{
    return done->position_m >= asked->position_m && done->height_m >= asked->height_m &&
           done->pixel_cm >= asked->pixel_cm && done->delay_ms >= asked->delay_ms &&
           done->every_ms >= asked->every_ms && (asked->without & ~done->without) == 0;
}
