/* SPDX-License-Identifier: Apache-2.0 */
/* The verdict, to be read beside docs/format/verdict.md, in its words and order */
#include "release/outcome.h"

/* asked - what is given */
struct asked {
    const struct agreement *a;
    unsigned                count;
    const struct crossing  *c;
    const struct marking   *m;
    const struct rules     *rules;
};

#define NOWHERE (SET64_MAX - 1) /* an agreement that nobody has loaded: never stands, no clauses */

/* basis - clause NULL: the giver's act, or nothing; cover NOWHERE: nothing covers */
struct basis {
    const struct clause *clause;
    unsigned             in, cover; /* U is up(in): without a clause, in is cover */
};

#include "release/reference_proof.inc"

static set64 up(const struct asked *q, unsigned a)
{
    set64 all = set_one(a), before = 0;
    while (all != before) {
        before = all;
        for (unsigned i = set_next(before, 0); i < q->count; i = set_next(before, i + 1)) {
            for (unsigned u = 0; u < q->a[i].under_count; u++) {
                unsigned p = 0;
                while (p < q->count && !name_equal(&q->a[p].name, &q->a[i].under[u].agreement)) {
                    p++;
                }
                all |= set_one(p < q->count ? p : NOWHERE);
            }
        }
    }
    return all;
}

static bool stands(const struct asked *q, unsigned a)
{
    return set_within(up(q, a), q->c->standing);
}

/* The receiver of the leg: the hub, or who gets it where there is none */
static uint8_t receiver(const struct asked *q)
{
    return q->c->via == PARTY_NONE ? q->c->to : q->c->via;
}

static bool joins(const struct asked *q, unsigned a, uint8_t party)
{
    return set_has(q->a[a].parties, q->c->from) && set_has(q->a[a].parties, party);
}

static bool covers(const struct asked *q, unsigned a)
{
    return !q->a[a].arrangement && joins(q, a, receiver(q)) &&
           levels_have(&q->a[a].covers, q->m->level) && stands(q, a);
}

static set64 foreign(const struct asked *q)
{
    return q->m->originators & ~set_one(q->c->from);
}

static bool has_kind_and_level(const struct asked *q, const struct scope *s)
{
    return (s->kinds >> q->c->kind & 1u) != 0 && levels_have(&s->levels, q->m->level);
}

/* Wholly where, wholly when, and reduced at least as the scope asks; s is of a text with the terms t */
static bool holds_terms(const struct asked *q, const struct scope *s, const struct terms *t)
{
    const struct crossing *c = q->c;
    return (s->area == TERM_NONE || area_holds(&t->area[s->area - 1], &c->extent)) &&
           (s->window == TERM_NONE ||
            window_holds(&t->window[s->window - 1], c->now_low, c->now_high)) &&
           (s->reduction == TERM_NONE ||
            reduction_meets(&c->reduced, &t->reduction[s->reduction - 1]));
}

/* Perhaps where, at some instant when, and not reduced as the scope asks */
static bool touches_terms(const struct asked *q, const struct scope *s, const struct terms *t)
{
    const struct crossing *c = q->c;
    return (s->area == TERM_NONE || area_touches(&t->area[s->area - 1], &c->extent)) &&
           (s->window == TERM_NONE ||
            window_touches(&t->window[s->window - 1], c->now_low, c->now_high)) &&
           (s->reduction == TERM_NONE ||
            !reduction_meets(&c->reduced, &t->reduction[s->reduction - 1]));
}

static bool holds_all(const struct asked *q, const struct scope *s, const struct terms *t)
{
    return has_kind_and_level(q, s) && set_within(q->m->disciplines, s->disciplines) &&
           set_within(q->m->topics, s->topics) && holds_terms(q, s, t);
}

static bool touches(const struct asked *q, const struct scope *s, const struct terms *t)
{
    return has_kind_and_level(q, s) && (q->m->disciplines & s->disciplines) != 0 &&
           (q->m->topics & s->topics) != 0 && touches_terms(q, s, t);
}

/* Strictly before; none comes last */
static bool before(const struct asked *q, struct clause_ref x, struct clause_ref y)
{
    if (x.agreement == CLAUSE_NONE || y.agreement == CLAUSE_NONE) {
        return x.agreement != CLAUSE_NONE && y.agreement == CLAUSE_NONE;
    }
    int order = span_order(name_span(&q->a[x.agreement].name), name_span(&q->a[y.agreement].name));
    order = order != 0 ? order : x.article - y.article;
    return order != 0 ? order < 0 : x.number < y.number;
}

static struct clause_ref ref(unsigned agreement, uint8_t article, uint8_t number)
{
    return (struct clause_ref){(uint8_t)agreement, article, number};
}

/* Step 2 */
static bool may_have(const struct asked *q, uint8_t party)
{
    set64 named = q->c->giving == GIVING_RELEASE ? q->m->release_to : q->m->disclose_to;
    return set_has(named, party) || q->m->originators == set_one(party);
}

static bool is_releasable(const struct asked *q)
{
    return may_have(q, q->c->to) && may_have(q, receiver(q));
}

/* Step 3 */
static set64 claimed(const struct asked *q)
{
    set64 topics = 0;
    for (unsigned a = 0; a < q->count; a++) {
        bool concerned = joins(q, a, q->c->to) || joins(q, a, receiver(q));
        topics |= q->a[a].claims != 0 && concerned && stands(q, a) ? q->a[a].claims : 0;
    }
    return topics & q->m->topics;
}

static bool permits(const struct asked *q, unsigned a, const struct clause *c)
{
    return c->kind == CLAUSE_MAY && c->from == q->c->from && c->to == q->c->to &&
           c->via == q->c->via && q->c->giving <= c->giving &&
           holds_all(q, &c->scope, &q->a[a].terms) && joins(q, a, q->c->to) &&
           joins(q, a, receiver(q)) && stands(q, a) && set_within(claimed(q), q->a[a].claims);
}

/* Step 4 */
static bool never_touches(const struct asked *q, unsigned a, const struct clause *n)
{
    const struct crossing *c = q->c;
    bool given_back = foreign(q) == set_one(c->to) && set_has(q->a[a].parties, c->to);
    bool onward = (foreign(q) != 0 || c->lineage != 0) && !given_back;
    return n->kind == CLAUSE_NEVER && (n->from == PARTY_NONE || n->from == c->from) &&
           (n->to == PARTY_NONE || n->to == c->to) && (n->via == PARTY_NONE || n->via == c->via) &&
           touches(q, &n->scope, &q->a[a].terms) && (n->never != NEVER_ONWARD || onward) &&
           (n->never != NEVER_OTHER_PURPOSE || c->other_purpose);
}

static bool never_is_met(const struct asked *q, const struct clause *n)
{
    if (n->unless_approved && n->approver != PARTY_NONE) {
        return set_has(q->c->onward_approved, n->approver);
    }
    return n->unless_approved && set_within(foreign(q), q->c->onward_approved) &&
           (foreign(q) != 0 || q->c->lineage == 0);
}

/* U, and what is above each agreement of the lineage */
static set64 counted(const struct asked *q, unsigned in)
{
    set64 all = up(q, in);
    /*@ loop invariant 0 <= i <= q->count && counts_in(q, in, i, all);
        loop assigns i, all;
        loop variant q->count - i; */
    for (unsigned i = 0; i < q->count; i++) {
        all |= set_has(q->c->lineage, i) ? up(q, i) : 0;
    }
    return all;
}

static struct verdict step_never(const struct asked *q, struct basis b, struct verdict v)
{
    set64 all = counted(q, b.in);
    /*@ loop invariant 0 <= a <= q->count && only_never(q, v, \at(v, Pre));
        loop invariant noted: cited(v.never) ==> v.failed != 0;
        loop invariant none: v.failed == 0 ==> none_before(q, b.in, a, 0);
        loop assigns a, v;
        loop variant q->count - a; */
    for (unsigned a = 0; a < q->count; a++) {
        unsigned clauses = set_has(all, a) ? q->a[a].clause_count : 0;
        /*@ loop invariant 0 <= k <= clauses && only_never(q, v, \at(v, Pre));
            loop invariant noted_here: cited(v.never) ==> v.failed != 0;
            loop invariant none_here: v.failed == 0 ==> none_before(q, b.in, a, k);
            loop assigns k, v;
            loop variant clauses - k; */
        for (unsigned k = 0; k < clauses; k++) {
            const struct clause *n = &q->a[a].clause[k];
            struct clause_ref    here = ref(a, n->article, n->number);
            if (never_touches(q, a, n) && !never_is_met(q, n) && before(q, here, v.never)) {
                v.never = here;
                v.failed |= 1u << STEP_NEVER;
            }
        }
    }
    return v;
}

/* Step 5 */
static struct verdict step_equivalent(const struct asked *q, struct basis b, struct verdict v)
{
    unsigned lines = b.cover == NOWHERE ? 0 : q->a[b.cover].equivalence_count;
    /*@ loop invariant 0 <= i <= lines && only_line(q, v, \at(v, Pre));
        loop invariant line: (v.equivalents != 0 ==> has_line(q, b.cover));
        loop assigns i, v;
        loop variant lines - i; */
    for (unsigned i = 0; i < lines; i++) {
        const struct equivalence *e = &q->a[b.cover].equivalence[i];
        struct clause_ref         here = ref(b.cover, e->article, e->number);
        if (e->given.policy == q->m->level.policy && e->given.rank == q->m->level.rank &&
            e->receiver == receiver(q) && e->ranks != 0 && before(q, here, v.equivalent)) {
            v.equivalent = here;
            v.equivalent_policy = e->receiver_policy;
            v.equivalents = e->ranks;
        }
    }
    v.failed |= v.equivalents == 0 ? 1u << STEP_EQUIVALENT : 0;
    return v;
}

/* Step 6 */
static struct verdict step_assurance(const struct asked *q, struct basis b, struct verdict v)
{
    const struct assurance *s = &q->c->assurance;
    bool assured = s->present && s->agreement == b.cover && levels_have(&s->levels, q->m->level) &&
                   set_within(q->m->topics, s->topics) && s->from <= q->c->now_low &&
                   q->c->now_high < s->until;
    bool owed = (v.obligations.duties & DUTY_ASSURANCE) != 0;
    v.failed |= owed && !assured ? 1u << STEP_ASSURANCE : 0;
    return v;
}

/* Step 7 */
static bool under(const struct asked *q, const struct rule *r)
{
    bool stands_here = r->under.text[0] == 0;
    for (unsigned a = 0; a < q->count; a++) {
        bool concerned = joins(q, a, q->c->to) || joins(q, a, receiver(q));
        stands_here =
            stands_here || (name_equal(&q->a[a].name, &r->under) && concerned && stands(q, a));
    }
    return stands_here;
}

static bool speaks(const struct asked *q, const struct rule *r)
{
    return under(q, r) && set_has(r->to, q->c->to) &&
           (r->via == PARTY_NONE || r->via == q->c->via) &&
           (r->action == RULE_RELEASE ? holds_all(q, &r->scope, &q->rules->terms)
                                      : touches(q, &r->scope, &q->rules->terms));
}

static struct verdict step_rules(const struct asked *q, struct verdict v)
{
    unsigned count = q->rules->party == q->c->from ? q->rules->count : 0;
    /*@ loop invariant 0 <= i <= count && only_rule(v, \at(v, Pre));
        loop invariant heard: v.rule_number <= i;
        loop invariant spoke: chosen(q, v.rule, v.rule_number, v.officers);
        loop invariant none_stricter: strictest(q, i, v.rule, v.rule_number, v.officers);
        loop assigns i, v;
        loop variant count - i; */
    for (unsigned i = 0; i < count; i++) {
        const struct rule *r = &q->rules->rule[i];
        uint8_t officers = r->action != RULE_HOLD ? 0 : r->officers == 0 ? 1 : r->officers;
        bool    stricter = r->action > v.rule || (r->action == v.rule && officers > v.officers);
        if (speaks(q, r) && (v.rule_number == 0 || stricter)) {
            v.rule = r->action;
            v.rule_number = (uint8_t)(i + 1);
            v.officers = officers;
        }
    }
    v.failed |= v.rule == RULE_NEVER ? 1u << STEP_RULES : 0;
    return v;
}

/* Step 8 */
static struct obligations owed(const struct asked *q, struct basis b)
{
    set64              binding = up(q, b.in);
    struct obligations all = b.clause == NULL ? (struct obligations){0} : b.clause->owed;
    for (unsigned a = set_next(binding, 0); a < q->count; a = set_next(binding, a + 1)) {
        obligations_unite(&all, &q->a[a].owed);
    }
    return all;
}

/* Steps 4 to 6 and 8 of one basis */
static struct verdict judge(const struct asked *q, struct basis b)
{
    struct verdict v = VERDICT_NOTHING;
    if (b.cover != NOWHERE) {
        v.cover = ref(b.cover, q->a[b.cover].covers_article, q->a[b.cover].covers_number);
    }
    if (b.clause != NULL) {
        v.permit = ref(b.in, b.clause->article, b.clause->number);
        v.precedence = b.clause->precedence;
    }
    v.obligations = owed(q, b);
    v = step_never(q, b, v);
    v = step_equivalent(q, b, v);
    return step_assurance(q, b, v);
}

/* One without a failed step; of such, or of others, the first by its agreement or by its clause */
static bool better(const struct asked *q, struct verdict v, struct verdict best, bool by_cover)
{
    if (best.cover.agreement == CLAUSE_NONE || (v.failed == 0) != (best.failed == 0)) {
        return best.cover.agreement == CLAUSE_NONE || v.failed == 0;
    }
    return by_cover ? before(q, v.cover, best.cover) : before(q, v.permit, best.permit);
}

/* Each basis of one clause, or of the act when clause is NULL; the best stays */
static struct verdict consider(const struct asked *q, const struct clause *clause, unsigned in,
                               struct verdict best)
{
    struct verdict mine = VERDICT_NOTHING;
    /*@ loop invariant 0 <= a <= q->count && quiet(mine) && (cited(mine.cover) ==> rests_on(q, clause, in, mine));
        loop assigns a, mine;
        loop variant q->count - a; */
    for (unsigned a = 0; a < q->count; a++) {
        if (covers(q, a) && (clause == NULL || set_has(up(q, in), a))) {
            struct verdict v = judge(q, (struct basis){clause, clause == NULL ? a : in, a});
            mine = better(q, v, mine, true) ? v : mine;
        }
    }
    return mine.cover.agreement != CLAUSE_NONE && better(q, mine, best, false) ? mine : best;
}

static struct verdict steps_3_to_6(const struct asked *q)
{
    struct verdict best = judge(q, (struct basis){NULL, NOWHERE, NOWHERE});
    /*@ loop invariant 0 <= a <= q->count && quiet(best) && (cited(best.cover) ==> on_clause(q, best));
        loop assigns a, best;
        loop variant q->count - a; */
    for (unsigned a = 0; a < q->count; a++) {
        /*@ loop invariant 0 <= k <= q->a[a].clause_count && quiet(best) && (cited(best.cover) ==> on_clause(q, best));
            loop assigns k, best;
            loop variant q->a[a].clause_count - k; */
        for (unsigned k = 0; k < q->a[a].clause_count; k++) {
            if (permits(q, a, &q->a[a].clause[k])) {
                best = consider(q, &q->a[a].clause[k], a, best);
            }
        }
    }
    bool act = q->c->given_by_act;
    bool has_clause = best.cover.agreement != CLAUSE_NONE;
    if (act || !has_clause) {
        best = consider(q, NULL, 0, best);
    }
    bool has_basis = has_clause || (act && best.cover.agreement != CLAUSE_NONE);
    best.failed |= has_basis ? 0 : 1u << STEP_CLAUSE;
    return best;
}

struct verdict verdict_by_reading(const struct tables *t, const struct crossing *c)
{
    struct verdict v = VERDICT_NOTHING;
    v.failed = 1u << STEP_MARKING;
    if (!crossing_is_question(t, c)) {
        return v;
    }
    struct asked q = {t->agreements.agreement, t->agreements.count, c, &c->marking, &t->rules};
    v = step_rules(&q, steps_3_to_6(&q));
    v.failed |= err_is(marking_valid(&t->policies, &c->marking)) ? 1u << STEP_MARKING : 0;
    v.failed |= is_releasable(&q) ? 0 : 1u << STEP_RELEASABLE;
    /*@ assert the_theorem: v.failed == 0 ==> lawful(&q, v); */
    return verdict_end(v, c);
}
