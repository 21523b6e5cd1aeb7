/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_MARKING_GENERATE_H
#define TEST_MARKING_GENERATE_H

#include "unit/marking/sample.h"

/* Generated markings, the same in every run.  xorshift64*: good enough to reach corners. */
struct dice {
    uint64_t state;
};

static inline uint64_t dice_roll(struct dice *d)
{
    d->state ^= d->state >> 12;
    d->state ^= d->state << 25;
    d->state ^= d->state >> 27;
    return d->state * UINT64_C(2685821657736338717);
}

static inline unsigned dice_below(struct dice *d, unsigned n)
{
    return (unsigned)((dice_roll(d) >> 33) % n);
}

/* Some of the first n; about every fourth time none, and about every fourth time few */
static inline set64 dice_set(struct dice *d, unsigned n)
{
    set64 all = n >= SET64_MAX ? ~(set64)0 : set_one(n) - 1;
    set64 one = dice_roll(d), two = dice_roll(d);
    switch (dice_below(d, 4)) {
    case 0:
        return 0;
    case 1:
        return one & two & all;
    default:
        return one & all;
    }
}

/* Is that of any shape, or one that marking_valid takes?  Levels 1 and 2 of the sample go with every
 * caveat. */
static inline struct marking dice_marking(struct dice *d, const struct policies *all,
                                          uint8_t policy)
{
    struct marking m = {.level = {policy, (uint8_t)dice_below(d, 4)}};
    m.originators = dice_set(d, all->parties.count) | set_one(dice_below(d, all->parties.count));
    m.topics = dice_set(d, all->topics.count) | set_one(dice_below(d, all->topics.count));
    m.disciplines =
        dice_set(d, all->disciplines.count) | set_one(dice_below(d, all->disciplines.count));
    m.release_to = dice_set(d, all->parties.count);
    m.disclose_to = m.release_to | dice_set(d, all->parties.count);
    m.caveats = dice_set(d, all->policy[policy].caveat_count);
    const struct policy_level *l = &all->policy[policy].level[m.level.rank];
    m.caveats = (m.caveats | l->caveats_required) & ~l->caveats_excluded;
    return m;
}

/* The three sample policies, with full lists of names */
static inline void dice_policies(struct policies *all)
{
    sample_policies(all);
    sample_policy(all, "USA");
    for (char c = 'A'; c <= 'Z'; c++) {
        const char three[] = {c, 'Q', c, 0}, five[] = {'T', c, 'P', 'I', 'C', 0};
        (void)sample_name(&all->parties, three);
        (void)sample_name(&all->parties, five);
        (void)sample_name(&all->topics, five);
        (void)sample_name(&all->disciplines, three);
    }
}

#endif
