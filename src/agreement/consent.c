/* SPDX-License-Identifier: Apache-2.0 */
/* What takes the consent of all parties: another text in place of this one, and the end. */
#include "agreement/acts.h"

static bool digest_equal(const uint8_t a[static 32], const uint8_t b[static 32])
{
    return memcmp(a, b, 32) == 0;
}

static bool is_offer(const struct acts *of, enum instrument_kind kind,
                     const uint8_t digest[static 32], const struct instrument *i)
{
    return i->kind == kind && i->party < SET64_MAX && set_has(of->a->parties, i->party) &&
           i->accepted <= of->known_at && i->effective <= of->effective_at &&
           digest_equal(i->digest, digest);
}

/* Who has signed just this, and when the last of them did for the first time. */
static struct consent consent_to(const struct acts *of, enum instrument_kind kind,
                                 const uint8_t digest[static 32], const struct instrument *offer)
{
    instant        signed_at[SET64_MAX];
    struct consent c = {.at = offer->at};
    for (const struct instrument *i = of->list; i < of->list + of->count; i++) {
        if (is_offer(of, kind, digest, i) && i->at == offer->at &&
            digest_equal(i->into, offer->into)) {
            bool first = !set_has(c.by, i->party) || i->effective < signed_at[i->party];
            signed_at[i->party] = first ? i->effective : signed_at[i->party];
            c.by |= set_one(i->party);
        }
    }
    for (unsigned p = set_next(c.by, 0); p < SET64_MAX; p = set_next(c.by, p + 1)) {
        c.at = signed_at[p] > c.at ? signed_at[p] : c.at;
    }
    c.at = c.by == of->a->parties ? c.at : INSTANT_NEVER;
    return c;
}

/* Which of two to show and to follow: the first that has effect; of those that wait the one of most
 * parties, then the set of the lowest number, so that order has no part in it. */
static bool comes_before(const struct consent *a, const struct consent *b)
{
    if (a->at != b->at) {
        return a->at < b->at;
    }
    unsigned x = set_count(a->by), y = set_count(b->by);
    return x != y ? x > y : a->by < b->by;
}

struct consent consent_of(const struct acts *of, enum instrument_kind kind,
                          const uint8_t digest[static 32], const uint8_t *into)
{
    struct consent first = {.at = INSTANT_NEVER};
    for (const struct instrument *i = of->list; i < of->list + of->count; i++) {
        if (is_offer(of, kind, digest, i) && (into == NULL || digest_equal(i->into, into))) {
            struct consent one = consent_to(of, kind, digest, i);
            first = comes_before(&one, &first) ? one : first;
        }
    }
    return first;
}

instant consent_at(const struct agreement *a, const struct instrument *list, size_t count,
                   const uint8_t *into, instant effective_at, instant known_at)
{
    struct acts of = {a, list, count, effective_at, known_at};
    return consent_of(&of, into == NULL ? INSTRUMENT_TERMINATE : INSTRUMENT_AMEND, a->digest, into)
        .at;
}

enum reading reading_signed(const struct agreement *a, const struct instrument *list, size_t count,
                            uint8_t party, instant effective_at, instant known_at)
{
    struct acts  of = {a, list, count, effective_at, known_at};
    enum reading r = READING_COUNT;
    instant      last = INT64_MIN;
    for (const struct instrument *i = list; i < list + count; i++) {
        if (i->kind == INSTRUMENT_READING && i->party == party && i->reading < READING_COUNT &&
            acts_count(&of, i) && i->effective >= last) {
            bool stricter = i->effective > last || i->reading == READING_HELD;
            r = stricter ? (enum reading)i->reading : r;
            last = i->effective;
        }
    }
    return r;
}
