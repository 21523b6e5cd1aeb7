/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_MARKING_SAMPLE_H
#define TEST_MARKING_SAMPLE_H

#include "marking/marking.h"

/* Two small policies that need no file */
static inline unsigned sample_name(struct names *n, const char *text)
{
    unsigned i = 0;
    MUST(!err_is(names_add(n, span_text(text), &i)));
    return i;
}

static inline set64 sample_names(struct names *n, const char *list)
{
    set64 members = 0;
    for (span rest = span_text(list); rest.len > 0;) {
        span     one = span_cut(&rest, ',');
        unsigned i = 0;
        MUST(!err_is(names_add(n, one, &i)));
        members |= set_one(i);
    }
    return members;
}

static inline struct policy_level sample_level(const char *text, const char *title, uint16_t number)
{
    struct policy_level l = {.lacv = number, .hierarchy = (uint16_t)(10 * number), .color = number};
    MUST(!err_is(name_of(span_text(text), &l.name)));
    for (unsigned t = 0; t < TITLE_COUNT; t++) {
        memcpy(l.title[t], title, strlen(title));
    }
    memcpy(l.banner, title, strlen(title));
    return l;
}

static inline struct policy_caveat sample_caveat(const char *text, uint16_t lacv)
{
    struct policy_caveat c = {.lacv = lacv};
    MUST(!err_is(name_of(span_text(text), &c.name)));
    memcpy(c.banner, text, strlen(text));
    return c;
}

/* One policy with levels U, LOW, MID, TOP; TOP requires the first caveat, U excludes both */
static inline void sample_policy(struct policies *all, const char *party)
{
    struct policy *p = &all->policy[all->count++];
    MUST(!err_is(name_of(span_text(party), &p->name)));
    memcpy(p->id, "2.25.7.1", 8);
    p->parties = sample_names(&all->parties, "USA,KOR,JPN,AUS");
    p->topics = sample_names(&all->topics, "maritime,dprk-missile,cyber,air-traffic");
    p->disciplines = sample_names(&all->disciplines, "radar,human,imagery");
    p->caveat[p->caveat_count++] = sample_caveat("EYES-ONLY", 1);
    p->caveat[p->caveat_count++] = sample_caveat("NO-COPY", 2);
    p->level[p->level_count++] = sample_level("U", "평문", 1);
    p->level[p->level_count++] = sample_level("LOW", "대외 비밀", 2);
    p->level[p->level_count++] = sample_level("MID", "軍事 秘密", 3);
    p->level[p->level_count++] = sample_level("TOP", "TOP SECRET", 4);
    p->level[0].caveats_excluded = 3;
    p->level[3].caveats_required = 1;
}

static inline void sample_policies(struct policies *all)
{
    *all = (struct policies){0};
    sample_policy(all, "KOR");
    sample_policy(all, "JPN");
}

#endif
