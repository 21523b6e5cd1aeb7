/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_ISM_POLICIES_H
#define TEST_ISM_POLICIES_H

#include "unit/ism/sample.h"
#include "unit/marking/sample.h"

/* Policies with the numbers of X.841 and the words of the shipped ones, without a file */
struct sample_row {
    const char *name, *banner;
    uint16_t    number;
};

static inline void sample_party(struct policies *all, const char *party,
                                const struct sample_row *levels, unsigned count)
{
    struct policy *p = &all->policy[all->count++];
    MUST(!err_is(name_of(span_text(party), &p->name)));
    memcpy(p->id, "2.25.7.1", 8);
    p->parties = sample_names(&all->parties, "USA,KOR,JPN,AUS,CAN,GBR,NZL");
    p->topics = sample_names(&all->topics, "dprk-missile");
    p->disciplines = sample_names(&all->disciplines, "radar");
    for (unsigned i = 0; i < count; i++) {
        p->level[p->level_count++] =
            sample_level(levels[i].name, levels[i].banner, levels[i].number);
    }
}

static inline void sample_register(struct policies *all)
{
    static const struct sample_row usa[] = {{"UNCLASSIFIED", "UNCLASSIFIED", 1},
                                            {"CONFIDENTIAL", "CONFIDENTIAL", 3},
                                            {"SECRET", "SECRET", 4},
                                            {"TOP-SECRET", "TOP SECRET", 5}};
    static const struct sample_row kor[] = {{"UNCLASSIFIED", "평문", 1},
                                            {"III", "군사 III급 비밀", 3},
                                            {"II", "군사 II급 비밀", 4},
                                            {"I", "군사 I급 비밀", 5}};
    static const struct sample_row jpn[] = {
        {"HI", "秘", 3}, {"GOKUHI", "極秘", 4}, {"TOKUTEI-HIMITSU", "特定秘密", 6}};
    *all = (struct policies){0};
    sample_party(all, "USA", usa, ARRAY_LEN(usa));
    sample_party(all, "KOR", kor, ARRAY_LEN(kor));
    sample_party(all, "JPN", jpn, ARRAY_LEN(jpn));
    all->policy[0].caveat[all->policy[0].caveat_count++] = sample_caveat("IMCON", 2);
    all->policy[0].caveat[all->policy[0].caveat_count++] = sample_caveat("ORCON", 1);
    all->policy[1].caveat[all->policy[1].caveat_count++] = sample_caveat("NO-COPY", 1);
}

#endif
