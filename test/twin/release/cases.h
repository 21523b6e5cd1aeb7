/* SPDX-License-Identifier: Apache-2.0 */
/* Random tables and crossings from a seed: mostly near what some clause permits, then disturbed, so
 * that every step both passes and fails often. */
#ifndef TEST_TWIN_RELEASE_CASES_H
#define TEST_TWIN_RELEASE_CASES_H

#include "release/index.h"

#define CASE_PARTIES     4
#define CASE_TOPICS      6
#define CASE_DISCIPLINES 4
#define CASE_POLICIES    3
#define CASE_LEVELS      4
#define CASE_NOW         INT64_C(1700000000000)

/* dice - left: so many bytes are given, each the highest of one roll; then the seed alone decides */
struct dice {
    uint64_t       state;
    const uint8_t *from;
    size_t         left;
};

static inline uint64_t mixed(struct dice *d)
{
    d->state += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */
    uint64_t z = d->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static inline uint64_t roll(struct dice *d)
{
    uint64_t z = mixed(d);
    if (d->left > 0) {
        z = (z >> 8) | (uint64_t)*d->from << 56;
        d->from++;
        d->left--;
    }
    return z;
}

static inline unsigned below(struct dice *d, unsigned n)
{
    return (unsigned)((roll(d) >> 32) * n >> 32);
}

static inline bool chance(struct dice *d, unsigned percent)
{
    return below(d, 100) < percent;
}

/* Each of the first n with so many percent; with `some` at least one */
static inline set64 subset(struct dice *d, unsigned n, unsigned percent, bool some)
{
    set64 s = some ? set_one(below(d, n)) : 0;
    for (unsigned i = 0; i < n; i++) {
        s |= chance(d, percent) ? set_one(i) : 0;
    }
    return s;
}

static inline unsigned member(struct dice *d, set64 s)
{
    unsigned skip = below(d, set_count(s));
    while (skip-- > 0) {
        s &= s - 1;
    }
    return set_next(s, 0);
}

static inline name name_from(const char *text)
{
    name n = {0};
    memcpy(n.text, text, strlen(text));
    return n;
}

static inline name name_lettered(struct dice *d, const char *letters, unsigned i)
{
    char text[16] = {(char)('a' + below(d, 26)), letters[0], (char)('a' + i), 0};
    return name_from(text);
}

static inline void names_make(struct dice *d, struct names *n, unsigned count, const char *letter)
{
    n->count = count;
    for (unsigned i = 0; i < count; i++) {
        n->name[i] = name_lettered(d, letter, i);
    }
}

static inline void policies_make(struct dice *d, struct policies *all)
{
    names_make(d, &all->parties, CASE_PARTIES, "P");
    names_make(d, &all->topics, CASE_TOPICS, "t");
    names_make(d, &all->disciplines, CASE_DISCIPLINES, "d");
    all->count = CASE_POLICIES;
    for (unsigned p = 0; p < all->count; p++) {
        struct policy *policy = &all->policy[p];
        policy->name = all->parties.name[p];
        policy->level_count = CASE_LEVELS;
        policy->caveat_count = 2;
        policy->caveat[0].name = name_from("ALPHA");
        policy->caveat[1].name = name_from("BETA");
        for (unsigned r = 0; r < CASE_LEVELS; r++) {
            struct policy_level *l = &policy->level[r];
            l->name = name_lettered(d, "L", r);
            l->hierarchy = (uint16_t)r;
            l->obsolete = chance(d, 4);
            l->caveats_required = chance(d, 5) ? 1 : 0;
            l->caveats_excluded = chance(d, 10) ? 2 : 0;
        }
    }
}

static inline struct levels levels_make(struct dice *d, unsigned percent)
{
    struct levels l = {0};
    for (unsigned p = 0; p < CASE_POLICIES; p++) {
        l.ranks[p] = (uint16_t)subset(d, CASE_LEVELS, percent, false);
    }
    if (chance(d, 30)) {
        memset(&l, 0xff, sizeof l); /* any */
    }
    return l;
}

static inline set64 set_or_any(struct dice *d, unsigned n, unsigned percent)
{
    return chance(d, 30) ? ~(set64)0 : subset(d, n, percent, true);
}

/* Boxes and polygons of a coarse grid, so that edges often fall on each other */
static inline int32_t grid(struct dice *d)
{
    return (int32_t)below(d, 9) - 4;
}

static inline struct area area_make(struct dice *d, unsigned i)
{
    struct area a = {.name = name_lettered(d, "a", i)};
    do {
        a.count = 3 + below(d, 3);
        for (unsigned p = 0; p < a.count; p++) {
            a.point[p] = (struct area_point){grid(d), grid(d)};
        }
    } while (!area_valid(&a));
    return a;
}

static inline struct window window_make(struct dice *d, unsigned i)
{
    struct window w = {.name = name_lettered(d, "w", i), .until = INSTANT_NEVER};
    uint32_t      now = (uint32_t)(CASE_NOW % MS_PER_DAY);
    w.from = chance(d, 50) ? CASE_NOW - 5 + below(d, 25) : 0;
    w.until = chance(d, 50) ? CASE_NOW + 1 + below(d, 30) : w.until;
    w.until = w.until <= w.from ? w.from + 1 : w.until;
    if (chance(d, 40)) {
        w.day_from = now - 10 + below(d, 30);
        w.day_until = now - 10 + below(d, 30);
        w.day_from += w.day_from == w.day_until;
    }
    return w;
}

static inline struct reduction reduction_make(struct dice *d, unsigned i)
{
    return (struct reduction){.name = name_lettered(d, "r", i),
                              .position_m = below(d, 3),
                              .height_m = below(d, 4) / 3,
                              .pixel_cm = below(d, 4) / 3,
                              .delay_ms = below(d, 4) / 3,
                              .every_ms = below(d, 4) / 3,
                              .without = (uint32_t)subset(d, 3, 20, false)};
}

static inline void terms_make(struct dice *d, struct terms *t)
{
    t->area_count = t->window_count = t->reduction_count = 2;
    for (unsigned i = 0; i < 2; i++) {
        t->area[i] = area_make(d, i);
        t->window[i] = window_make(d, i);
        t->reduction[i] = reduction_make(d, i);
    }
}

static inline struct scope scope_make(struct dice *d, unsigned percent)
{
    struct scope s = {0};
    s.area = chance(d, 7) ? (uint8_t)(1 + below(d, 2)) : TERM_NONE;
    s.window = chance(d, 7) ? (uint8_t)(1 + below(d, 2)) : TERM_NONE;
    s.reduction = chance(d, 7) ? (uint8_t)(1 + below(d, 2)) : TERM_NONE;
    s.kinds = (uint8_t)subset(d, KIND_COUNT, percent, true);
    s.disciplines = set_or_any(d, CASE_DISCIPLINES, percent);
    s.topics = set_or_any(d, CASE_TOPICS, percent);
    s.levels = levels_make(d, percent + 15);
    return s;
}

static inline uint8_t party_or_none(struct dice *d, unsigned percent)
{
    return chance(d, percent) ? (uint8_t)below(d, CASE_PARTIES) : PARTY_NONE;
}

static inline struct obligations owed_make(struct dice *d)
{
    struct obligations o = {.duties = (uint32_t)subset(d, 16, 20, false)};
    o.receipt_ms = (o.duties & DUTY_RECEIPT) != 0 ? 1000 * below(d, 9) : 0;
    o.loss_ms = (o.duties & DUTY_REPORT_LOSS) != 0 ? 1000 * below(d, 9) : 0;
    o.lease_ms = (o.duties & DUTY_LEASE) != 0 ? 1000 * (1 + below(d, 9)) : 0;
    o.destroy_s = (o.duties & DUTY_DESTROY) != 0 ? 1 + below(d, 9) : 0;
    o.copies = (uint8_t)((o.duties & DUTY_COPIES) != 0 ? 1 + below(d, 9) : 0);
    o.certifiers = (uint8_t)((o.duties & DUTY_CERTIFICATE) != 0 ? 1 + below(d, 9) : 0);
    return o;
}

static inline struct clause may_make(struct dice *d, const struct agreement *a)
{
    struct clause c = {.kind = CLAUSE_MAY, .scope = scope_make(d, 70)};
    c.from = (uint8_t)member(d, a->parties);
    c.to = (uint8_t)member(d, a->parties);
    c.from = chance(d, 60) ? 0 : c.from;
    c.via = chance(d, 30) ? (uint8_t)member(d, a->parties) : party_or_none(d, 4);
    c.giving = chance(d, 75) ? GIVING_RELEASE : GIVING_DISCLOSE;
    c.precedence = (enum precedence)below(d, 4);
    c.owed = chance(d, 30) ? owed_make(d) : (struct obligations){0};
    return c;
}

static inline struct clause never_make(struct dice *d)
{
    struct clause c = {.kind = CLAUSE_NEVER, .scope = scope_make(d, 25)};
    c.from = party_or_none(d, 20);
    c.to = party_or_none(d, 20);
    c.via = party_or_none(d, 10);
    c.never = (enum never_kind)below(d, 3);
    c.unless_approved = chance(d, 50);
    c.approver = party_or_none(d, 30);
    if (c.never != NEVER_SCOPE && chance(d, 60)) {
        c.scope = (struct scope){.kinds = 0xff, .disciplines = ~(set64)0, .topics = ~(set64)0};
        memset(&c.scope.levels, 0xff, sizeof c.scope.levels);
    }
    return c;
}

static inline void clauses_make(struct dice *d, struct agreement *a, unsigned mays, unsigned nevers)
{
    a->clause_count = mays + nevers;
    for (unsigned k = 0; k < a->clause_count; k++) {
        a->clause[k] = k < mays ? may_make(d, a) : never_make(d);
        a->clause[k].article = (uint8_t)below(d, 4);
        a->clause[k].number = (uint8_t)(1 + below(d, 5)); /* some twice: `either` does that too */
    }
    for (unsigned k = a->clause_count; k > 1; k--) {
        unsigned      other = below(d, k);
        struct clause moved = a->clause[k - 1];
        a->clause[k - 1] = a->clause[other];
        a->clause[other] = moved;
    }
}

static inline void lines_make(struct dice *d, struct agreement *a)
{
    for (unsigned i = 0; i < CASE_POLICIES * CASE_LEVELS * CASE_PARTIES; i++) {
        if (a->equivalence_count < EQUIVALENTS_MAX && chance(d, 85)) {
            a->equivalence[a->equivalence_count++] = (struct equivalence){
                .given = {(uint8_t)(i % CASE_POLICIES), (uint8_t)(i / CASE_POLICIES % CASE_LEVELS)},
                .receiver = (uint8_t)((1 + i / (CASE_POLICIES * CASE_LEVELS)) % CASE_PARTIES),
                .receiver_policy = (uint8_t)below(d, CASE_POLICIES),
                .ranks = (uint16_t)subset(d, CASE_LEVELS, 30, chance(d, 95)),
                .article = (uint8_t)below(d, 3),
                .number = (uint8_t)(1 + below(d, 4)),
            };
        }
    }
}

static inline void agreement_make(struct dice *d, struct agreements *all, unsigned a)
{
    struct agreement *out = &all->agreement[a];
    memset(out, 0, offsetof(struct agreement, clause));
    out->arrangement = a > 0 && chance(d, 60);
    out->name = name_lettered(d, "A", a);
    out->parties = chance(d, 70) ? 7 : subset(d, CASE_PARTIES, 50, true) | 1;
    out->owed = owed_make(d);
    terms_make(d, &out->terms);
    out->claims = chance(d, 15) ? subset(d, CASE_TOPICS, 10, true) : 0;
    if (out->arrangement) {
        out->under_count = 1 + chance(d, 30);
        for (unsigned u = 0; u < out->under_count; u++) {
            out->under[u].agreement =
                chance(d, 3) ? name_from("unknown") : all->agreement[below(d, a)].name;
        }
        clauses_make(d, out, 2 + below(d, 8), chance(d, 25));
    } else {
        out->covers = levels_make(d, 90);
        out->covers_article = (uint8_t)below(d, 5);
        out->covers_number = 1;
        lines_make(d, out);
        clauses_make(d, out, below(d, 4), chance(d, 80) + chance(d, 40));
    }
}

static inline void rules_make(struct dice *d, const struct agreements *all, struct rules *r)
{
    terms_make(d, &r->terms);
    r->party = 0;
    r->count = chance(d, 90) ? 3 + below(d, 6) : 0;
    for (unsigned i = 0; i < r->count; i++) {
        struct rule *rule = &r->rule[i];
        unsigned     which = below(d, 100);
        *rule = (struct rule){.via = party_or_none(d, 10)};
        rule->action = which < 45 ? RULE_RELEASE : which < 82 ? RULE_HOLD : RULE_NEVER;
        rule->officers = rule->action == RULE_HOLD ? (uint8_t)(1 + below(d, 4)) : 0;
        rule->to = chance(d, 60) ? ~(set64)0 : subset(d, CASE_PARTIES, 50, true);
        rule->under = chance(d, rule->action == RULE_RELEASE ? 0 : 20)
                          ? all->agreement[below(d, all->count)].name
                          : rule->under;
        rule->scope = scope_make(d, rule->action == RULE_RELEASE ? 90 : 30);
    }
}

/* Agreements are then shuffled, so that parents come before and after what stands under them */
static inline void tables_make(struct dice *d, struct tables *t)
{
    static struct agreement moved;
    struct agreements      *all = &t->agreements;
    memset(&t->policies, 0, sizeof t->policies);
    policies_make(d, &t->policies);
    all->count = 2 + below(d, 7);
    for (unsigned a = 0; a < all->count; a++) {
        agreement_make(d, all, a);
    }
    for (unsigned a = all->count; a > 1; a--) {
        unsigned other = below(d, a);
        moved = all->agreement[a - 1];
        all->agreement[a - 1] = all->agreement[other];
        all->agreement[other] = moved;
    }
    rules_make(d, all, &t->rules);
}

/* A level that the scope has, if one of three tries finds it */
static inline level level_in(struct dice *d, const struct levels *l)
{
    level out = {0};
    for (unsigned tries = 0; tries < 8; tries++) {
        out = (level){(uint8_t)below(d, CASE_POLICIES), (uint8_t)below(d, CASE_LEVELS)};
        if (levels_have(l, out)) {
            break;
        }
    }
    return out;
}

static inline set64 some_of(struct dice *d, set64 among, unsigned n)
{
    set64 within = among & (set_one(n) - 1);
    set64 s = within == 0 || chance(d, 4) ? subset(d, n, 20, true) : set_one(member(d, within));
    return chance(d, 20) && within != 0 ? s | set_one(member(d, within)) : s;
}

/* Some clause of the tables that permits something, preferably from the party that has rules */
static inline const struct clause *aim(struct dice *d, const struct tables *t, unsigned *in)
{
    const struct clause *c = &t->agreements.agreement[0].clause[0];
    for (unsigned tries = 0; tries < 60; tries++) {
        *in = below(d, t->agreements.count);
        const struct agreement *a = &t->agreements.agreement[*in];
        if (a->clause_count == 0) {
            continue;
        }
        c = &a->clause[below(d, a->clause_count)];
        if (c->kind == CLAUSE_MAY && c->from == 0 && c->to != 0 && c->via != c->to && c->via != 0) {
            break;
        }
    }
    return c;
}

static inline struct marking marking_make(struct dice *d, const struct tables *t,
                                          const struct scope *s, const struct crossing *c)
{
    struct marking m = {.level = level_in(d, &s->levels)};
    m.originators = chance(d, 80) ? set_one(c->from) : subset(d, CASE_PARTIES, 20, true);
    m.originators = chance(d, 8) ? set_one(c->to) : m.originators;
    m.originators = chance(d, 2) ? set_one(c->via) : m.originators;
    m.release_to = subset(d, CASE_PARTIES, 30, false) | (chance(d, 93) ? set_one(c->to) : 0);
    m.release_to |= chance(d, 93) ? set_one(c->via) : 0;
    m.release_to = chance(d, 3) ? 0 : m.release_to;
    m.disclose_to = m.release_to | subset(d, CASE_PARTIES, 20, false);
    m.disclose_to = chance(d, 1) ? 0 : m.disclose_to;
    m.topics = chance(d, 1) ? 0 : some_of(d, s->topics, CASE_TOPICS);
    m.disciplines = some_of(d, s->disciplines, CASE_DISCIPLINES);
    m.caveats = t->policies.policy[m.level.policy].level[m.level.rank].caveats_required;
    m.caveats ^= chance(d, 4) ? 1 + below(d, 2) : 0;
    return m;
}

static inline struct assurance assurance_make(struct dice *d, const struct tables *t,
                                              const struct marking *m)
{
    struct assurance s = {.present = chance(d, 95), .topics = ~(set64)0 >> (64 - CASE_TOPICS)};
    s.agreement = (uint8_t)below(d, t->agreements.count);
    for (unsigned tries = 0; tries < 6 && t->agreements.agreement[s.agreement].arrangement;
         tries++) {
        s.agreement = (uint8_t)below(d, t->agreements.count);
    }
    s.topics &= chance(d, 8) ? subset(d, CASE_TOPICS, 50, false) : ~(set64)0;
    s.levels.ranks[m->level.policy] = (uint16_t)(chance(d, 90) ? 0xf : subset(d, 4, 50, false));
    s.from = CASE_NOW - below(d, 40);
    s.until = CASE_NOW + 15 + below(d, 40) + 1000 * chance(d, 60);
    return s;
}

static inline struct extent extent_make(struct dice *d)
{
    struct extent e = {.known = true, .south = grid(d), .west = grid(d)};
    e.north = e.south + 1 + (int32_t)below(d, 3);
    e.east = e.west + 1 + (int32_t)below(d, 3);
    return e;
}

static inline struct crossing crossing_make(struct dice *d, const struct tables *t)
{
    unsigned             in = 0;
    const struct clause *aimed = aim(d, t, &in);
    struct crossing      c = {.via = aimed->via, .giving = aimed->giving, .kind = KIND_REPORT};
    unsigned             count = t->agreements.count;
    set64                kinds = aimed->scope.kinds & ((1u << KIND_COUNT) - 1);
    c.from = aimed->from;
    c.to = chance(d, 3) ? (uint8_t)below(d, CASE_PARTIES) : aimed->to;
    c.via = chance(d, 3) ? party_or_none(d, 50) : c.via;
    c.giving = chance(d, 25) ? (enum giving)(1 + below(d, 2)) : c.giving;
    c.giving = chance(d, 1) ? GIVING_NONE : c.giving;
    c.kind =
        kinds == 0 || chance(d, 5) ? (enum kind)below(d, KIND_COUNT) : (enum kind)member(d, kinds);
    c.marking = marking_make(d, t, &aimed->scope, &c);
    c.now_low = CASE_NOW;
    c.now_high = CASE_NOW + below(d, 20) - chance(d, 1);
    c.extent = chance(d, 80) ? extent_make(d) : (struct extent){0};
    c.reduced = chance(d, 60) ? reduction_make(d, 0) : (struct reduction){0};
    c.reduced.name = (name){0};
    c.standing = set_one(count) - 1;
    c.standing &= chance(d, 15) ? ~set_one(below(d, count)) : ~(set64)0;
    c.lineage = chance(d, 14) ? set_one(below(d, count)) | set_one(below(d, count)) : 0;
    if (c.lineage != 0 && chance(d, 30)) {
        c.marking.originators = set_one(c.to); /* it is given back */
    }
    c.onward_approved = chance(d, 30) ? subset(d, CASE_PARTIES, 60, false) : 0;
    c.other_purpose = chance(d, 14);
    c.given_by_act = chance(d, 10);
    c.assurance = assurance_make(d, t, &c.marking);
    c.approvals = (uint8_t)(chance(d, 30) ? below(d, 4) : 0);
    return c;
}

static inline struct opening opening_make(struct dice *d, const struct tables *t)
{
    struct opening o = {.own_policy = (uint8_t)(chance(d, 98) ? below(d, 3) : below(d, 6))};
    struct scope   any = {.disciplines = ~(set64)0, .topics = ~(set64)0};
    memset(&any.levels, 0xff, sizeof any.levels);
    o.party = (uint8_t)(chance(d, 98) ? o.own_policy : below(d, 6));
    const struct crossing c = {.from = (uint8_t)below(d, 4), .to = o.party, .via = PARTY_NONE};
    o.marking = marking_make(d, t, &any, &c);
    bool own = o.marking.level.policy == o.own_policy && chance(d, 95);
    o.handled_as = own ? o.marking.level.rank : (uint8_t)below(d, chance(d, 98) ? 4 : 20);
    o.reader.nationality = chance(d, 85) ? o.party : (uint8_t)below(d, 5);
    o.reader.employer = chance(d, 85) ? o.party : (uint8_t)below(d, 5);
    o.reader.hired = chance(d, 15);
    o.reader.ranks = (uint16_t)(chance(d, 80) ? 0xf : roll(d));
    o.reader.topics = chance(d, 80) ? ~(set64)0 : roll(d);
    o.reader.registered = chance(d, 80);
    o.obligations.duties = (uint32_t)(roll(d) & DUTY_ALL);
    o.obligations.copies = (uint8_t)below(d, 4);
    o.copying = chance(d, 50);
    o.copied = (uint8_t)below(d, 4);
    o.contractor_approved = chance(d, 20);
    o.other_purpose = chance(d, 15);
    o.recalled = chance(d, 7);
    o.place_ranks = (uint16_t)(chance(d, 85) ? 0xf : roll(d));
    return o;
}

#endif
