/* SPDX-License-Identifier: Apache-2.0 */
/* Three parties; GSOMIA between KOR and JPN, EXCHANGE under it, ALLIANCE between KOR and USA. */
#ifndef TEST_RELEASE_SAMPLE_H
#define TEST_RELEASE_SAMPLE_H

#include "release/verdict.h"

enum { KOR, JPN, USA };
enum { MISSILE, NUCLEAR, CYBER };
enum { RADAR, IMAGERY, HUMAN };
enum { GSOMIA, EXCHANGE, ALLIANCE };
enum { KOR_III, KOR_II, KOR_I };
enum { JPN_HI, JPN_GOKUHI, JPN_TOKUTEI, JPN_KIMITSU };

#define NOON INT64_C(1795348800000) /* 2026-11-22T12:00:00Z */
#define ANY  (~(set64)0)

static inline name sample_name(const char *text)
{
    name n = {0};
    MUST(!err_is(name_of(span_text(text), &n)));
    return n;
}

static inline void sample_names(struct names *n, const char *list)
{
    for (span rest = span_text(list); rest.len > 0;) {
        unsigned i = 0;
        MUST(!err_is(names_add(n, span_cut(&rest, ','), &i)));
    }
}

static inline void sample_policy(struct policies *all, const char *who, const char *levels)
{
    struct policy *p = &all->policy[all->count++];
    p->name = sample_name(who);
    for (span rest = span_text(levels); rest.len > 0;) {
        struct policy_level *l = &p->level[p->level_count++];
        MUST(!err_is(name_of(span_cut(&rest, ','), &l->name)));
        l->hierarchy = (uint16_t)p->level_count;
    }
}

static inline struct levels sample_levels(unsigned kor, unsigned jpn, unsigned usa)
{
    return (struct levels){.ranks = {(uint16_t)kor, (uint16_t)jpn, (uint16_t)usa}};
}

static inline struct scope sample_scope(set64 disciplines, set64 topics)
{
    return (struct scope){.kinds = 0xff,
                          .disciplines = disciplines,
                          .topics = topics,
                          .levels = sample_levels(7, 7, 7)};
}

static inline void sample_gsomia(struct agreement *a)
{
    *a = (struct agreement){.name = sample_name("GSOMIA"), .parties = 3, .binding = true};
    a->covers = sample_levels(1u << KOR_III | 1u << KOR_II, 7, 0);
    a->covers_article = 2;
    a->covers_number = 1;
    a->owed = (struct obligations){.duties = DUTY_ASSURANCE | DUTY_RECEIPT | DUTY_REGISTRY,
                                   .receipt_ms = 3600000};
    a->equivalence_count = 2;
    a->equivalence[0] =
        (struct equivalence){{KOR, KOR_II}, JPN, JPN, 1u << JPN_GOKUHI | 1u << JPN_TOKUTEI, 4, 1};
    a->equivalence[1] = (struct equivalence){{KOR, KOR_III}, JPN, JPN, 1u << JPN_HI, 4, 2};
    a->clause_count = 2;
    for (unsigned i = 0; i < 2; i++) {
        a->clause[i] = (struct clause){.kind = CLAUSE_NEVER,
                                       .article = 6,
                                       .number = (uint8_t)(i + 1),
                                       .from = PARTY_NONE,
                                       .to = PARTY_NONE,
                                       .via = PARTY_NONE,
                                       .never = i == 0 ? NEVER_ONWARD : NEVER_OTHER_PURPOSE,
                                       .unless_approved = true,
                                       .approver = PARTY_NONE,
                                       .scope = sample_scope(ANY, ANY)};
    }
}

static inline struct clause sample_may(uint8_t from, uint8_t to, set64 disciplines, uint8_t number)
{
    return (struct clause){.kind = CLAUSE_MAY,
                           .number = number,
                           .from = from,
                           .to = to,
                           .via = PARTY_NONE,
                           .giving = GIVING_RELEASE,
                           .precedence = PRECEDENCE_FLASH,
                           .scope = sample_scope(disciplines, 1u << MISSILE | 1u << NUCLEAR)};
}

static inline void sample_exchange(struct agreement *a)
{
    *a = (struct agreement){.name = sample_name("EXCHANGE"), .parties = 3, .arrangement = true};
    a->under_count = 1;
    a->under[0].agreement = sample_name("GSOMIA");
    a->clause_count = 2;
    a->clause[0] = sample_may(KOR, JPN, 1u << RADAR | 1u << IMAGERY, 1);
    a->clause[1] = sample_may(KOR, JPN, 1u << HUMAN, 2);
}

static inline void sample_alliance(struct agreement *a)
{
    *a = (struct agreement){.name = sample_name("ALLIANCE"), .parties = 5, .binding = true};
    a->covers = sample_levels(7, 0, 7);
    a->equivalence_count = 1;
    a->equivalence[0] = (struct equivalence){{KOR, KOR_II}, USA, USA, 2, 3, 1};
    a->clause_count = 2;
    a->clause[0] = sample_may(KOR, USA, ANY, 1);
    a->clause[1] = (struct clause){.kind = CLAUSE_NEVER,
                                   .article = 1,
                                   .number = 2,
                                   .from = PARTY_NONE,
                                   .to = PARTY_NONE,
                                   .via = PARTY_NONE,
                                   .never = NEVER_ONWARD,
                                   .unless_approved = true,
                                   .approver = PARTY_NONE,
                                   .scope = sample_scope(ANY, ANY)};
}

static inline void sample_tables(struct tables *t)
{
    *t = (struct tables){0};
    sample_names(&t->policies.parties, "KOR,JPN,USA");
    sample_names(&t->policies.topics, "dprk-missile,dprk-nuclear,cyber");
    sample_names(&t->policies.disciplines, "radar,imagery,human");
    sample_policy(&t->policies, "KOR", "III,II,I");
    sample_policy(&t->policies, "JPN", "HI,GOKUHI,TOKUTEI-HIMITSU,KIMITSU");
    sample_policy(&t->policies, "USA", "CONFIDENTIAL,SECRET,TOP-SECRET");
    t->agreements.count = 3;
    sample_gsomia(&t->agreements.agreement[GSOMIA]);
    sample_exchange(&t->agreements.agreement[EXCHANGE]);
    sample_alliance(&t->agreements.agreement[ALLIANCE]);
    t->rules = (struct rules){.party = KOR, .count = 1};
    t->rules.rule[0] = (struct rule){
        .action = RULE_RELEASE, .to = ANY, .via = PARTY_NONE, .scope = sample_scope(ANY, ANY)};
}

/* KOR gives JPN a report from radar about the missile, and everything is in order */
static inline struct crossing sample_crossing(void)
{
    return (struct crossing){
        .marking = {.level = {KOR, KOR_II},
                    .originators = 1u << KOR,
                    .release_to = 1u << JPN,
                    .disclose_to = 1u << JPN,
                    .topics = 1u << MISSILE,
                    .disciplines = 1u << RADAR},
        .kind = KIND_REPORT,
        .from = KOR,
        .to = JPN,
        .via = PARTY_NONE,
        .giving = GIVING_RELEASE,
        .now_low = NOON,
        .now_high = NOON + 20,
        .standing = 7,
        .assurance = {.present = true,
                      .agreement = GSOMIA,
                      .levels = {.ranks = {1u << KOR_II}},
                      .topics = 1u << MISSILE | 1u << NUCLEAR,
                      .from = NOON - 1000,
                      .until = NOON + 1000},
    };
}

#endif
