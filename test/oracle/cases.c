/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle/cases.h"

#include <inttypes.h>
#include <string.h>

#include "oracle/conditions.h"

#define CASE_NOON (INT64_C(20600) * MS_PER_DAY + 12 * MS_PER_HOUR) /* when nothing else is said */

static uint64_t roll(struct dice *d)
{
    d->state += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */
    uint64_t z = d->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static unsigned below(struct dice *d, unsigned n)
{
    return (unsigned)((roll(d) >> 32) * n >> 32);
}

static bool chance(struct dice *d, unsigned percent)
{
    return below(d, 100) < percent;
}

static unsigned member(struct dice *d, set64 s)
{
    unsigned skip = below(d, set_count(s));
    while (skip-- > 0) {
        s &= s - 1;
    }
    return set_next(s, 0);
}

static set64 first(unsigned count)
{
    return count >= SET64_MAX ? ~(set64)0 : set_one(count) - 1;
}

/* One of them, sometimes two; of any when none is left */
static set64 some_of(struct dice *d, set64 among, const struct names *n)
{
    set64 within = among & first(n->count);
    within = within == 0 ? first(n->count) : within;
    set64 s = set_one(member(d, within));
    return chance(d, 30) ? s | set_one(member(d, within)) : s;
}

/* ---- levels ---- */

static level any_level(struct dice *d, const struct policies *all)
{
    uint8_t p = (uint8_t)below(d, all->count);
    return (level){p, (uint8_t)below(d, all->policy[p].level_count)};
}

/* A level of one set, and of the other when some try finds it */
static level level_of(struct dice *d, const struct law *law, const struct levels *in,
                      const struct levels *and)
{
    level l = any_level(d, law->policies);
    for (unsigned tries = 0;
         tries < 200 && (!levels_have(in, l) || (tries < 150 && !levels_have(and, l))); tries++) {
        l = any_level(d, law->policies);
    }
    return l;
}

/* ---- terms ---- */

static const struct terms *terms_any(struct dice *d, const struct law *law)
{
    unsigned which = below(d, law->agreements->count + law->rules_count);
    return which < law->agreements->count ? &law->agreements->agreement[which].terms
                                          : &law->rules[which - law->agreements->count].terms;
}

static int32_t near(struct dice *d, int32_t at, int32_t reach)
{
    return at + (int32_t)below(d, 2 * (unsigned)reach + 1) - reach;
}

/* A small box about some corner, or about the middle of all corners */
static struct extent extent_at(struct dice *d, const struct area *a, bool corner)
{
    int64_t lat = 0, lon = 0;
    for (unsigned i = 0; i < a->count; i++) {
        lat += a->point[i].lat;
        lon += a->point[i].lon;
    }
    unsigned          which = below(d, a->count);
    struct area_point at = {(int32_t)(lat / a->count), (int32_t)(lon / a->count)};
    int32_t           size = chance(d, 50) ? 1 : (int32_t)(1 + below(d, 3000000));
    at = corner ? a->point[which] : at;
    struct extent e = {.known = true, .south = at.lat, .west = at.lon};
    e.south = chance(d, 50) ? e.south : near(d, e.south, size);
    e.west = chance(d, 50) ? e.west : near(d, e.west, size);
    e.north = e.south + size;
    e.east = e.west + size;
    return extent_valid(&e) ? e : (struct extent){0};
}

static void now_set(struct crossing *c, instant low, instant len)
{
    c->now_low = low < 0 ? 0 : low;
    c->now_high = c->now_low + len;
}

/* At an edge of the window, or of its hours on some day of it */
static void now_at_edge(struct dice *d, const struct window *w, struct crossing *c)
{
    instant until = w->until == INSTANT_NEVER ? CASE_NOON + 900 * MS_PER_DAY : w->until;
    instant from = w->from == 0 ? CASE_NOON - 900 * MS_PER_DAY : w->from;
    instant day = from / MS_PER_DAY + below(d, (unsigned)((until - from) / MS_PER_DAY) + 1);
    instant edge[] = {from, until, day * MS_PER_DAY + w->day_from, day * MS_PER_DAY + w->day_until};
    instant len = (instant[]){0, 1, 20, MS_PER_HOUR, 3 * MS_PER_DAY}[below(d, 5)];
    instant low = edge[below(d, 4)];
    low -= below(d, 3);
    low -= chance(d, 50) ? len : 0;
    now_set(c, low, len);
}

static void now_within(struct dice *d, const struct window *w, struct crossing *c)
{
    for (unsigned tries = 0;
         tries < 60 && (tries == 0 || !window_holds(w, c->now_low, c->now_high)); tries++) {
        now_at_edge(d, w, c);
    }
}

/* What holds the terms of a scope */
static void terms_meet(struct dice *d, const struct scope *s, const struct terms *t,
                       struct crossing *c)
{
    if (s->area != TERM_NONE) {
        c->extent = extent_at(d, &t->area[s->area - 1], false);
    }
    if (s->window != TERM_NONE) {
        now_within(d, &t->window[s->window - 1], c);
    }
    if (s->reduction != TERM_NONE) {
        c->reduced = t->reduction[s->reduction - 1];
        c->reduced.name = (name){0};
    }
}

/* ---- what is aimed at ---- */

static void scope_meet(struct dice *d, const struct law *law, const struct scope *s,
                       const struct terms *t, const struct levels *covered, struct crossing *c)
{
    set64 kinds = s->kinds & first(KIND_COUNT);
    c->kind = (enum kind)member(d, kinds == 0 ? first(KIND_COUNT) : kinds);
    c->marking.level = level_of(d, law, &s->levels, covered);
    c->marking.disciplines = some_of(d, s->disciplines, &law->policies->disciplines);
    c->marking.topics = some_of(d, s->topics, &law->policies->topics);
    terms_meet(d, s, t, c);
}

static uint8_t party_but(struct dice *d, const struct law *law, set64 not )
{
    set64 left = first(law->policies->parties.count) & ~not ;
    return (uint8_t)(left == 0 ? PARTY_NONE : member(d, left));
}

/* An agreement that protects between the two, below `in` where one does */
static unsigned cover_for(struct dice *d, const struct law *law, uint8_t from, uint8_t next,
                          set64 up)
{
    set64 can = 0;
    for (unsigned a = 0; a < law->agreements->count; a++) {
        const struct agreement *one = &law->agreements->agreement[a];
        bool                    joins = set_has(one->parties, from) && set_has(one->parties, next);
        can |= !one->arrangement && joins ? set_one(a) : 0;
    }
    can = (can & up) != 0 ? can & up : can;
    return can == 0 ? below(d, law->agreements->count) : member(d, can);
}

/* Of marking, standing and assurance what a permission wants, when it rests on `cover` */
static void rest_on(const struct law *law, unsigned cover, struct crossing *c)
{
    const struct policy_level *l = &law->policies->policy[c->marking.level.policy].level[0];
    c->marking.originators = set_one(c->from);
    c->marking.release_to = set_one(c->to) | (c->via == PARTY_NONE ? 0 : set_one(c->via));
    c->marking.disclose_to = c->marking.release_to;
    c->marking.caveats = l[c->marking.level.rank].caveats_required;
    c->standing = first(law->agreements->count);
    c->assurance = (struct assurance){.present = true,
                                      .agreement = (uint8_t)cover,
                                      .topics = c->marking.topics,
                                      .from = c->now_low,
                                      .until = c->now_high + 1};
    levels_add(&c->assurance.levels, c->marking.level);
}

/* Some clause of some agreement; four times in five what permits */
static const struct clause *clause_any(struct dice *d, const struct law *law, unsigned *in)
{
    bool may = chance(d, 80);
    for (unsigned tries = 0; tries < 200; tries++) {
        *in = below(d, law->agreements->count);
        const struct agreement *a = &law->agreements->agreement[*in];
        const struct clause    *k = &a->clause[below(d, a->clause_count + 1)];
        if (k < a->clause + a->clause_count && (k->kind == CLAUSE_MAY) == may) {
            return k;
        }
    }
    return NULL;
}

static void aim_at_clause(struct dice *d, const struct law *law, struct crossing *c)
{
    unsigned             in;
    bool                 whole;
    const struct clause *k = clause_any(d, law, &in);
    if (k == NULL) {
        return;
    }
    const struct agreement *a = &law->agreements->agreement[in];
    c->from = k->from == PARTY_NONE ? party_but(d, law, 0) : k->from;
    c->to = k->to == PARTY_NONE ? party_but(d, law, set_one(c->from)) : k->to;
    c->via = k->via;
    c->giving = k->kind == CLAUSE_MAY ? k->giving : GIVING_RELEASE;
    uint8_t  next = c->via == PARTY_NONE ? c->to : c->via;
    unsigned cover = cover_for(d, law, c->from, next, law_up(law, in, &whole));
    scope_meet(d, law, &k->scope, &a->terms, &law->agreements->agreement[cover].covers, c);
    rest_on(law, cover, c);
    c->other_purpose = k->kind == CLAUSE_NEVER && k->never == NEVER_OTHER_PURPOSE;
    if (k->kind == CLAUSE_NEVER) {
        c->reduced = (struct reduction){0};
        c->lineage = chance(d, 50) ? set_one(in) : 0;
    }
}

/* What a rule speaks of, by way of some clause of the same giver where one of a few tries finds it */
static void aim_at_rule(struct dice *d, const struct law *law, struct crossing *c)
{
    const struct rules *all = &law->rules[below(d, law->rules_count)];
    if (all->count == 0) {
        return;
    }
    const struct rule *r = &all->rule[below(d, all->count)];
    for (unsigned tries = 0; tries < 80 && (tries == 0 || c->from != all->party); tries++) {
        aim_at_clause(d, law, c);
    }
    set64 kinds = r->scope.kinds & first(KIND_COUNT);
    if (chance(d, 70) && (kinds >> c->kind & 1u) == 0) {
        c->kind = (enum kind)member(d, kinds);
    }
    if (!set_within(c->marking.disciplines, r->scope.disciplines)) {
        c->marking.disciplines = some_of(d, r->scope.disciplines, &law->policies->disciplines);
    }
    if (!set_within(c->marking.topics, r->scope.topics)) {
        c->marking.topics = some_of(d, r->scope.topics, &law->policies->topics);
    }
    if (r->via != PARTY_NONE && chance(d, 70)) {
        c->via = r->via;
    }
    terms_meet(d, &r->scope, &all->terms, c);
    c->reduced = r->action == RULE_RELEASE ? c->reduced : (struct reduction){0};
    rest_on(law, c->assurance.agreement, c);
}

/* Given by the officer's act, under any level that something covers */
static void aim_at_act(struct dice *d, const struct law *law, struct crossing *c)
{
    static const struct scope any = {
        .kinds = SCOPE_KINDS_ANY, .disciplines = ~(set64)0, .topics = ~(set64)0};
    static const struct terms none;
    struct scope              s = any;
    s.levels = levels_of_any();
    c->from = party_but(d, law, 0);
    c->to = party_but(d, law, set_one(c->from));
    c->via = chance(d, 30) ? party_but(d, law, set_one(c->from) | set_one(c->to)) : PARTY_NONE;
    c->giving = chance(d, 70) ? GIVING_RELEASE : GIVING_DISCLOSE;
    unsigned cover = cover_for(d, law, c->from, c->via == PARTY_NONE ? c->to : c->via, ~(set64)0);
    scope_meet(d, law, &s, &none, &law->agreements->agreement[cover].covers, c);
    rest_on(law, cover, c);
    c->given_by_act = true;
}

/* It was received, and is passed on or given back; now and then with the approval asked for */
static void pass_on(struct dice *d, const struct law *law, struct crossing *c)
{
    set64 others = first(law->policies->parties.count) & ~set_one(c->from);
    c->marking.originators = set_one(member(d, others));
    c->marking.originators |= chance(d, 20) ? set_one(member(d, others)) : 0;
    c->marking.originators |= chance(d, 20) ? set_one(c->from) : 0;
    c->lineage = chance(d, 80) ? set_one(below(d, law->agreements->count)) : 0;
    c->onward_approved = chance(d, 60) ? c->marking.originators : set_one(member(d, others));
}

/* ---- what is changed ---- */

static void change_kind(struct dice *d, const struct law *law, struct crossing *c)
{
    (void)law;
    c->kind = (enum kind)below(d, KIND_COUNT);
}

static void change_level(struct dice *d, const struct law *law, struct crossing *c)
{
    c->marking.level = any_level(d, law->policies);
}

static void change_rank(struct dice *d, const struct law *law, struct crossing *c)
{
    unsigned count = law->policies->policy[c->marking.level.policy].level_count;
    c->marking.level.rank =
        (uint8_t)((c->marking.level.rank + (chance(d, 50) ? 1 : count - 1)) % count);
    levels_add(&c->assurance.levels, c->marking.level);
}

static void change_disciplines(struct dice *d, const struct law *law, struct crossing *c)
{
    unsigned count = law->policies->disciplines.count;
    c->marking.disciplines ^= set_one(below(d, count));
    c->marking.disciplines |= chance(d, 30) ? set_one(below(d, count)) : 0;
}

static void change_topics(struct dice *d, const struct law *law, struct crossing *c)
{
    c->marking.topics ^= set_one(below(d, law->policies->topics.count));
    c->assurance.topics |= chance(d, 70) ? c->marking.topics : 0;
}

static void change_to(struct dice *d, const struct law *law, struct crossing *c)
{
    c->to = (uint8_t)below(d, law->policies->parties.count);
    c->marking.release_to |= chance(d, 70) ? set_one(c->to) : 0;
    c->marking.disclose_to |= c->marking.release_to;
}

static void change_via(struct dice *d, const struct law *law, struct crossing *c)
{
    c->via = chance(d, 50) ? PARTY_NONE : (uint8_t)below(d, law->policies->parties.count);
    c->marking.release_to |= c->via != PARTY_NONE && chance(d, 80) ? set_one(c->via) : 0;
    c->marking.disclose_to |= c->marking.release_to;
}

static void change_giving(struct dice *d, const struct law *law, struct crossing *c)
{
    (void)d;
    (void)law;
    c->giving = c->giving == GIVING_RELEASE ? GIVING_DISCLOSE : GIVING_RELEASE;
}

static void change_release(struct dice *d, const struct law *law, struct crossing *c)
{
    set64 one = set_one(below(d, law->policies->parties.count));
    c->marking.release_to ^= one;
    c->marking.disclose_to |= c->marking.release_to | (chance(d, 50) ? one : 0);
}

static void change_show(struct dice *d, const struct law *law, struct crossing *c)
{
    c->marking.disclose_to ^= set_one(below(d, law->policies->parties.count));
}

static void change_originators(struct dice *d, const struct law *law, struct crossing *c)
{
    c->marking.originators ^= set_one(below(d, law->policies->parties.count));
}

static void change_caveats(struct dice *d, const struct law *law, struct crossing *c)
{
    unsigned count = law->policies->policy[c->marking.level.policy].caveat_count;
    c->marking.caveats ^= count == 0 ? 0 : set_one(below(d, count));
}

static void change_standing(struct dice *d, const struct law *law, struct crossing *c)
{
    c->standing &= ~set_one(below(d, law->agreements->count));
}

static void change_lineage(struct dice *d, const struct law *law, struct crossing *c)
{
    c->lineage ^= set_one(below(d, law->agreements->count));
}

static void change_approved(struct dice *d, const struct law *law, struct crossing *c)
{
    c->onward_approved ^= set_one(below(d, law->policies->parties.count));
}

static void change_purpose(struct dice *d, const struct law *law, struct crossing *c)
{
    (void)d;
    (void)law;
    c->other_purpose = !c->other_purpose;
}

static void change_act(struct dice *d, const struct law *law, struct crossing *c)
{
    (void)d;
    (void)law;
    c->given_by_act = !c->given_by_act;
}

static void change_assurance(struct dice *d, const struct law *law, struct crossing *c)
{
    struct assurance *s = &c->assurance;
    switch (below(d, 5)) {
    case 0:
        *s = (struct assurance){0};
        break;
    case 1:
        s->agreement = (uint8_t)below(d, law->agreements->count);
        break;
    case 2:
        s->levels = (struct levels){0};
        levels_add(&s->levels, any_level(d, law->policies));
        break;
    case 3:
        s->topics = set_one(below(d, law->policies->topics.count));
        break;
    default:
        s->from += chance(d, 50) ? 1 : -1;
        s->until -= chance(d, 50) ? 1 : -1;
    }
}

static void change_now(struct dice *d, const struct law *law, struct crossing *c)
{
    const struct terms *t = terms_any(d, law);
    if (t->window_count > 0) {
        now_at_edge(d, &t->window[below(d, t->window_count)], c);
    } else {
        instant len = below(d, 20);
        now_set(c, c->now_low + below(d, 3) - 1, len);
    }
    c->now_high -= chance(d, 3) ? 1 : 0;
}

static void change_extent(struct dice *d, const struct law *law, struct crossing *c)
{
    const struct terms *t = terms_any(d, law);
    c->extent = (struct extent){0};
    if (t->area_count > 0 && chance(d, 85)) {
        const struct area *a = &t->area[below(d, t->area_count)];
        c->extent = extent_at(d, a, chance(d, 70));
    }
}

static void change_reduced(struct dice *d, const struct law *law, struct crossing *c)
{
    const struct terms *t = terms_any(d, law);
    if (t->reduction_count > 0 && chance(d, 60)) {
        c->reduced = t->reduction[below(d, t->reduction_count)];
        c->reduced.name = (name){0};
    }
    uint32_t *measure[] = {&c->reduced.position_m, &c->reduced.height_m, &c->reduced.pixel_cm,
                           &c->reduced.delay_ms, &c->reduced.every_ms};
    uint32_t *one = measure[below(d, ARRAY_LEN(measure))];
    *one += chance(d, 50) ? 1 : 0;
    *one -= *one > 0 && chance(d, 50) ? 1 : 0;
    c->reduced.without ^= chance(d, 50) ? 1u << below(d, 9) : 0;
}

static void change_approvals(struct dice *d, const struct law *law, struct crossing *c)
{
    (void)law;
    c->approvals = (uint8_t)below(d, 4);
}

static void (*const change[])(struct dice *, const struct law *, struct crossing *) = {
    change_kind,        change_level,     change_rank,      change_disciplines, change_topics,
    change_to,          change_via,       change_giving,    change_release,     change_show,
    change_originators, change_caveats,   change_standing,  change_lineage,     change_approved,
    change_purpose,     change_act,       change_assurance, change_now,         change_extent,
    change_reduced,     change_approvals,
};

struct crossing case_make(struct dice *d, const struct law *law)
{
    struct crossing c = {.from = 0, .to = 1, .via = PARTY_NONE, .giving = GIVING_RELEASE};
    unsigned        way = below(d, 100);
    instant         len = below(d, 30);
    now_set(&c, CASE_NOON + below(d, 1000), len);
    if (way < 60) {
        aim_at_clause(d, law, &c);
    } else if (way < 85) {
        aim_at_rule(d, law, &c);
    } else {
        aim_at_act(d, law, &c);
    }
    if (chance(d, 15)) {
        pass_on(d, law, &c);
    }
    for (unsigned left = chance(d, 25) ? 0 : below(d, 4); left > 0; left--) {
        change[below(d, ARRAY_LEN(change))](d, law, &c);
    }
    c.marking.caveats &= first(law->policies->policy[c.marking.level.policy].caveat_count);
    return c;
}

/* ---- as facts ---- */

static void put_set(const char *key, const struct names *n, set64 members, FILE *f)
{
    fprintf(f, ", \"%s\": ", key);
    put_names(n, members, f);
}

static void put_caveat_names(const struct policies *all, const struct marking *m, FILE *f)
{
    const struct policy *p = &all->policy[m->level.policy];
    const char          *comma = "";
    fputs(", \"caveats\": [", f);
    for (unsigned i = set_next(m->caveats, 0); i < p->caveat_count;
         i = set_next(m->caveats, i + 1)) {
        fprintf(f, "%s\"%s\"", comma, p->caveat[i].name.text);
        comma = ", ";
    }
    fputs("]", f);
}

static void put_marking(const struct law *law, const struct marking *m, FILE *f)
{
    const struct policies *all = law->policies;
    const struct policy   *p = &all->policy[m->level.policy];
    fprintf(f, ", \"level\": \"%s:%s\"", p->name.text, p->level[m->level.rank].name.text);
    put_set("originators", &all->parties, m->originators, f);
    put_set("releaseTo", &all->parties, m->release_to, f);
    put_set("showTo", &all->parties, m->disclose_to, f);
    put_set("topics", &all->topics, m->topics, f);
    put_set("disciplines", &all->disciplines, m->disciplines, f);
    put_caveat_names(all, m, f);
}

static void put_assurance(const struct law *law, const struct assurance *s, FILE *f)
{
    if (!s->present) {
        return;
    }
    fprintf(f,
            ", \"assurance\": {\"agreement\": \"%s\", \"from\": %" PRId64 ", \"until\": %" PRId64,
            law->agreements->agreement[s->agreement].name.text, s->from, s->until);
    put_set("topics", &law->policies->topics, s->topics, f);
    fputs(", \"levels\": ", f);
    put_level_set(law, &s->levels, f);
    fputs("}", f);
}

static void put_where(const struct extent *e, FILE *f)
{
    if (e->known) {
        fprintf(f, ", \"extent\": [%" PRId32 ", %" PRId32 ", %" PRId32 ", %" PRId32 "]", e->south,
                e->west, e->north, e->east);
    }
}

static void put_reduced(const struct reduction *r, FILE *f)
{
    static const char *const field[] = {"source",   "identity", "height", "course", "speed",
                                        "accuracy", "remarks",  "launch", "impact"};
    const char              *comma = "";
    fprintf(f,
            ", \"positionM\": %" PRIu32 ", \"heightM\": %" PRIu32 ", \"pixelCm\": %" PRIu32
            ", \"delayMs\": %" PRIu32 ", \"everyMs\": %" PRIu32 ", \"without\": [",
            r->position_m, r->height_m, r->pixel_cm, r->delay_ms, r->every_ms);
    for (unsigned i = 0; i < ARRAY_LEN(field); i++) {
        if ((r->without >> i & 1u) != 0) {
            fprintf(f, "%s\"%s\"", comma, field[i]);
            comma = ", ";
        }
    }
    fputs("]", f);
}

void case_write(const struct law *law, const struct crossing *c, FILE *f)
{
    const struct names *parties = &law->policies->parties;
    fprintf(f, "{\"from\": \"%s\", \"to\": \"%s\", \"via\": \"%s\", \"kind\": \"%s\"",
            parties->name[c->from].text, parties->name[c->to].text,
            c->via == PARTY_NONE ? "" : parties->name[c->via].text, kind_name(c->kind));
    fprintf(f, ", \"giving\": \"%s\", \"low\": %" PRId64 ", \"high\": %" PRId64,
            giving_name(c->giving), c->now_low, c->now_high);
    put_marking(law, &c->marking, f);
    fputs(", \"standing\": ", f);
    put_agreements(law, c->standing, f);
    fputs(", \"lineage\": ", f);
    put_agreements(law, c->lineage, f);
    put_set("approved", parties, c->onward_approved, f);
    fprintf(f, ", \"otherPurpose\": %s, \"byAct\": %s, \"approvals\": %u",
            c->other_purpose ? "true" : "false", c->given_by_act ? "true" : "false", c->approvals);
    put_assurance(law, &c->assurance, f);
    put_reduced(&c->reduced, f);
    put_where(&c->extent, f);
    fputs("}", f);
}
