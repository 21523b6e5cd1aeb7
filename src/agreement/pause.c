/* SPDX-License-Identifier: Apache-2.0 */
#include "agreement/acts.h"

/* What an instrument does to this direction */
static bool is_act(const struct instrument *i, enum instrument_kind kind, unsigned direction)
{
    bool unnamed = i->direction == 0 || i->direction > PAUSE_BOTH;
    bool meant = unnamed ? kind == INSTRUMENT_PAUSE : (i->direction & direction) != 0;
    return i->kind == kind && meant;
}

/* The last pause decides, unless a later resume came; one within the interval holds in any case. */
static bool holds_one(const struct acts *of, uint8_t party, unsigned direction, instant from)
{
    instant paused = INT64_MIN, resumed = INT64_MIN;
    bool    any = false;
    for (const struct instrument *i = of->list; i < of->list + of->count; i++) {
        if (i->party != party || !acts_count(of, i)) {
            continue;
        }
        if (is_act(i, INSTRUMENT_PAUSE, direction)) {
            any = true;
            paused = i->effective > paused ? i->effective : paused;
        } else if (is_act(i, INSTRUMENT_RESUME, direction) && i->effective <= from) {
            resumed = i->effective > resumed ? i->effective : resumed;
        }
    }
    return any && paused >= resumed;
}

bool pause_holds(const struct acts *of, uint8_t party, unsigned direction, instant from)
{
    bool holds = false;
    for (unsigned one = PAUSE_GIVING; one <= PAUSE_OPENING; one <<= 1) {
        holds = holds || ((direction & one) != 0 && holds_one(of, party, one, from));
    }
    return holds;
}

static bool under_one_of(const struct agreements *all, const struct agreement *a, set64 paused)
{
    for (unsigned u = 0; u < a->under_count; u++) {
        unsigned parent = 0;
        err      e = agreements_find(all, name_span(&a->under[u].agreement), &parent);
        if (!err_is(e) && set_has(paused, parent)) {
            return true;
        }
    }
    return false;
}

set64 paused_set(const struct agreements *all, const struct instrument *list, size_t count,
                 uint8_t giver, unsigned direction, instant from, instant until, instant known_at)
{
    set64 out = 0, before;
    for (unsigned i = 0; i < all->count; i++) {
        struct acts of = {&all->agreement[i], list, count, until, known_at};
        out |= from > until || pause_holds(&of, giver, direction, from) ? set_one(i) : 0;
    }
    do {
        before = out;
        for (unsigned i = 0; i < all->count; i++) {
            out |= under_one_of(all, &all->agreement[i], out) ? set_one(i) : 0;
        }
    } while (out != before);
    return out;
}

/* ---- names ---- */

static const char *const direction_text[] = {
    [PAUSE_GIVING] = "giving",
    [PAUSE_OPENING] = "opening",
    [PAUSE_BOTH] = "both",
};

const char *pause_direction_name(enum pause_direction d)
{
    return d >= PAUSE_GIVING && d <= PAUSE_BOTH ? direction_text[d] : "none";
}

err pause_direction_of(span s, enum pause_direction *out)
{
    for (unsigned d = PAUSE_GIVING; d <= PAUSE_BOTH; d++) {
        if (span_is(s, direction_text[d])) {
            *out = (enum pause_direction)d;
            return OK;
        }
    }
    return FAIL(UNKNOWN, "a pause is of giving, of opening, or of both");
}
