/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_AGREEMENT_SAMPLE_H
#define TEST_AGREEMENT_SAMPLE_H

#include "agreement/agreement.h"

/* The names of the shipped policies, without their files.  `order` turns the numbers that parties
 * and topics get, as another process would have them. */
static inline set64 sample_add(struct names *names, const char *list)
{
    set64 out = 0;
    for (span rest = span_text(list); rest.len > 0;) {
        unsigned number = 0;
        MUST(!err_is(names_add(names, span_cut(&rest, ' '), &number)));
        out |= set_one(number);
    }
    return out;
}

static inline void sample_policy(struct policies *all, const char *party, const char *levels)
{
    struct policy *p = &all->policy[all->count++];
    *p = (struct policy){.topics = ~(set64)0, .disciplines = ~(set64)0};
    MUST(!err_is(name_of(span_text(party), &p->name)));
    for (span rest = span_text(levels); rest.len > 0;) {
        struct policy_level *l = &p->level[p->level_count];
        MUST(!err_is(name_of(span_cut(&rest, ' '), &l->name)));
        l->lacv = (uint16_t)(p->level_count + 1);
        l->hierarchy = (uint16_t)(10 * p->level_count++);
    }
}

#define SAMPLE_TOPICS      "dprk-missile dprk-nuclear maritime air-traffic cyber exercise"
#define SAMPLE_DISCIPLINES "imagery electronic human radar acoustic open cyber"

static inline void sample_policies(struct policies *all, bool turned)
{
    *all = (struct policies){0};
    sample_add(&all->parties, turned ? "USA JPN PRK KOR" : "KOR JPN USA PRK");
    sample_add(&all->topics, turned ? "exercise cyber dprk-nuclear" : SAMPLE_TOPICS);
    sample_add(&all->topics, SAMPLE_TOPICS);
    sample_add(&all->disciplines, turned ? "cyber radar" : SAMPLE_DISCIPLINES);
    sample_add(&all->disciplines, SAMPLE_DISCIPLINES);
    if (turned) {
        sample_policy(all, "USA", "UNCLASSIFIED CONFIDENTIAL SECRET TOP-SECRET");
    }
    sample_policy(all, "JPN", "UNCLASSIFIED HI GOKUHI TOKUTEI-HIMITSU KIMITSU");
    sample_policy(all, "KOR", "UNCLASSIFIED III II I");
    if (!turned) {
        sample_policy(all, "USA", "UNCLASSIFIED CONFIDENTIAL SECRET TOP-SECRET");
    }
}

static inline unsigned sample_party(const struct policies *all, const char *text)
{
    unsigned number = 0;
    MUST(!err_is(names_find(&all->parties, span_text(text), &number)));
    return number;
}

static inline level sample_level(const struct policies *all, const char *text)
{
    level out = {0};
    MUST(!err_is(level_read(all, span_text(text), &out)));
    return out;
}

#endif
