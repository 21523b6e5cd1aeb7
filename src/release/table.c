/* SPDX-License-Identifier: Apache-2.0 */
/* The verdict by look-up in the rows of index.h: the first row that fits is the one to cite. */
#include "release/index.h"
#include "release/outcome.h"

/* query - the crossing, with what more than one row asks of it */
struct query {
    const struct tables   *t; /* for the terms of a row that names some */
    const struct index    *i;
    const struct crossing *c;
    level                  level;
    unsigned               kind, rank; /* a bit each */
    set64                  disciplines, topics;
    unsigned               next;    /* who holds it first: the hub, if there is one */
    set64                  both;    /* agreements that join the giver and that party */
    set64                  covers;  /* those of them that protect the level, and stand */
    set64                  claimed; /* topics that are kept to claiming agreements */
    set64                  others;  /* originators but the giver */
    bool                   onward, approved;
    uint32_t lineage_never; /* row of the first never of what it was received under, or NO_ROW */
};

#define NO_ROW UINT32_MAX

/* What the row lacks of kind and level: 0 = nothing.  Sums of misses cost one branch a row. */
static set64 row_lacks(const struct query *q, const struct row_scope *s)
{
    return (q->kind & ~(unsigned)s->kinds) |
           (q->rank & ~(unsigned)s->levels.ranks[q->level.policy]);
}

/* What permits needs every term that it names; `of` are those of the row's text */
static bool terms_hold(const struct query *q, const struct row_scope *s, const struct terms *of)
{
    bool lacks = s->area != 0 && !area_holds(of->area + s->area - 1, &q->c->extent);
    lacks |=
        s->reduction != 0 && !reduction_meets(&q->c->reduced, of->reduction + s->reduction - 1);
    lacks |=
        s->window != 0 && !window_holds(of->window + s->window - 1, q->c->now_low, q->c->now_high);
    return !lacks;
}

/* What forbids is out of reach when one of its terms keeps it off */
static bool terms_touch(const struct query *q, const struct row_scope *s, const struct terms *of)
{
    bool off = s->area != 0 && !area_touches(of->area + s->area - 1, &q->c->extent);
    off |= s->reduction != 0 && reduction_meets(&q->c->reduced, of->reduction + s->reduction - 1);
    off |= s->window != 0 &&
           !window_touches(of->window + s->window - 1, q->c->now_low, q->c->now_high);
    return !off;
}

static bool row_holds(const struct query *q, const struct row_scope *s, const struct terms *of)
{
    return (row_lacks(q, s) | (q->disciplines & ~s->disciplines) | (q->topics & ~s->topics)) == 0 &&
           (!s->bound || terms_hold(q, s, of));
}

static bool row_touches(const struct query *q, const struct row_scope *s, const struct terms *of)
{
    return row_lacks(q, s) == 0 && (q->disciplines & s->disciplines) != 0 &&
           (q->topics & s->topics) != 0 && (!s->bound || terms_touch(q, s, of));
}

static const struct terms *terms_of(const struct query *q, struct clause_ref ref)
{
    return &q->t->agreements.agreement[ref.agreement].terms;
}

static bool binding_stands(const struct query *q, unsigned a)
{
    return !q->i->binding[a].broken && (q->i->binding[a].up & ~q->c->standing) == 0;
}

/* ---- prohibitions ---- */

static bool never_hits(const struct query *q, const struct never_row *n)
{
    if (!row_touches(q, &n->scope, terms_of(q, n->ref)) || !set_has(n->from, q->c->from) ||
        !set_has(n->to, q->c->to) || (n->via != PARTY_NONE && n->via != q->c->via)) {
        return false;
    }
    bool back = q->others == set_one(q->c->to) && (n->parties & q->others) != 0;
    bool applies[] = {
        [NEVER_SCOPE] = true,
        [NEVER_ONWARD] = q->onward && !back,
        [NEVER_OTHER_PURPOSE] = q->c->other_purpose,
    };
    bool approved =
        n->approver == PARTY_NONE ? q->approved : set_has(q->c->onward_approved, n->approver);
    return applies[n->never] && !(n->unless_approved && approved);
}

/* The first row that hits among those of these agreements */
static uint32_t never_first(const struct query *q, set64 agreements)
{
    uint32_t first = NO_ROW;
    for (set64 left = agreements; left != 0; left &= left - 1) {
        struct run run = q->i->nevers[__builtin_ctzll(left)];
        for (uint32_t r = run.first; r < (uint32_t)run.first + run.count && r < first; r++) {
            if (never_hits(q, &q->i->never[r])) {
                first = r;
            }
        }
    }
    return first;
}

static uint32_t never_of_lineage(const struct query *q)
{
    set64 all = 0;
    for (set64 left = q->c->lineage; left != 0; left &= left - 1) {
        all |= q->i->binding[__builtin_ctzll(left)].up;
    }
    return never_first(q, all);
}

/* ---- the query ---- */

/*@ assigns \nothing; */
static struct query query_of(const struct tables *t, const struct index *i,
                             const struct crossing *c)
{
    const struct marking *m = &c->marking;
    struct query          q = {
                 .t = t,
                 .i = i,
                 .c = c,
                 .level = m->level,
                 .kind = 1u << c->kind,
                 .rank = 1u << m->level.rank,
                 .disciplines = m->disciplines,
                 .topics = m->topics,
                 .next = c->via < SET64_MAX ? c->via : c->to,
                 .others = m->originators & ~set_one(c->from),
    };
    q.both = i->members[c->from] & i->members[q.next];
    q.onward = (q.others | c->lineage) != 0;
    q.approved = q.others == 0 ? c->lineage == 0 : (q.others & ~c->onward_approved) == 0;
    set64 candidates = q.both & i->level_covers[q.level.policy][q.level.rank] & c->standing;
    for (set64 left = candidates; left != 0; left &= left - 1) {
        unsigned a = (unsigned)__builtin_ctzll(left);
        q.covers |= binding_stands(&q, a) ? left & -left : 0;
    }
    set64 claimers = (q.both | (i->members[c->from] & i->members[c->to])) & i->claimers;
    for (set64 left = claimers & c->standing; left != 0; left &= left - 1) {
        unsigned a = (unsigned)__builtin_ctzll(left);
        q.claimed |= binding_stands(&q, a) ? i->claims[a] & q.topics : 0;
    }
    q.lineage_never = never_of_lineage(&q);
    return q;
}

/* ---- what a cover gives ---- */

static const struct line_row *line_find(const struct query *q, unsigned cover)
{
    struct run run = q->i->lines[cover];
    for (const struct line_row *r = &q->i->line[run.first]; r < &q->i->line[run.first + run.count];
         r++) {
        if (r->given.rank == q->level.rank && r->given.policy == q->level.policy &&
            r->receiver == q->next && r->ranks != 0) {
            return r;
        }
    }
    return NULL;
}

static bool assurance_fits(const struct query *q, unsigned cover)
{
    const struct assurance *s = &q->c->assurance;
    bool                    timely = q->c->now_low >= s->from && q->c->now_high < s->until;
    return s->present && timely && s->agreement == cover && (q->topics & ~s->topics) == 0 &&
           (s->levels.ranks[q->level.policy] & q->rank) != 0;
}

/* answer - a verdict without the steps that no basis changes */
static struct verdict answer_of(const struct query *q, const struct may_row *may, unsigned cover)
{
    struct verdict        v = VERDICT_NOTHING;
    const struct binding *b = &q->i->binding[cover];
    v.cover = q->i->cover[cover];
    v.obligations = b->owed;
    set64 up = b->up;
    if (may != NULL) {
        v.permit = may->ref;
        v.precedence = may->precedence;
        v.obligations = may->owed;
        up = may->up;
    }
    uint32_t never = never_first(q, up);
    never = never < q->lineage_never ? never : q->lineage_never;
    const struct line_row *line = line_find(q, cover);
    if (never != NO_ROW) {
        v.never = q->i->never[never].ref;
        v.failed |= 1u << STEP_NEVER;
    }
    if (line != NULL) {
        v.equivalent = line->ref;
        v.equivalent_policy = line->receiver_policy;
        v.equivalents = line->ranks;
    } else {
        v.failed |= 1u << STEP_EQUIVALENT;
    }
    if ((v.obligations.duties & DUTY_ASSURANCE) != 0 && !assurance_fits(q, cover)) {
        v.failed |= 1u << STEP_ASSURANCE;
    }
    return v;
}

static struct verdict answer_uncovered(const struct query *q)
{
    struct verdict v = VERDICT_NOTHING;
    v.failed = 1u << STEP_EQUIVALENT | 1u << STEP_CLAUSE;
    if (q->lineage_never != NO_ROW) {
        v.never = q->i->never[q->lineage_never].ref;
        v.failed |= 1u << STEP_NEVER;
    }
    return v;
}

/* ---- the order of trying ---- */

/* attempt - the first answer, until one without a failed step comes */
struct attempt {
    bool           any, passed;
    struct verdict verdict;
};

/* Try these covers, in the order of their names */
static void try_covers(const struct query *q, const struct may_row *may, set64 covers,
                       struct attempt *out)
{
    while (covers != 0 && !out->passed) {
        unsigned next = (unsigned)__builtin_ctzll(covers);
        for (set64 left = covers & (covers - 1); left != 0; left &= left - 1) {
            unsigned a = (unsigned)__builtin_ctzll(left);
            next = q->i->place[a] < q->i->place[next] ? a : next;
        }
        struct verdict v = answer_of(q, may, next);
        if (!out->any || v.failed == 0) {
            out->any = true;
            out->passed = v.failed == 0;
            out->verdict = v;
        }
        covers &= ~set_one(next);
    }
}

static void try_permissions(const struct query *q, struct attempt *out)
{
    struct run            run = q->i->pair[q->c->from][q->c->to];
    const struct may_row *r = &q->i->may[run.first], *end = r + run.count;
    for (; r < end && !out->passed; r++) {
        set64 lacks = row_lacks(q, &r->scope) | (q->disciplines & ~r->scope.disciplines) |
                      (q->topics & ~r->scope.topics) | (r->up & ~q->c->standing) |
                      (q->claimed & ~r->claims) | (set64)(r->via ^ q->c->via) |
                      (set64)(r->giving < q->c->giving);
        if (lacks == 0 && (!r->scope.bound || terms_hold(q, &r->scope, terms_of(q, r->ref)))) {
            try_covers(q, r, r->covers & q->covers, out);
        }
    }
}

/*@ assigns \nothing; */
static struct verdict try_all(const struct query *q)
{
    struct attempt tried = {0};
    try_permissions(q, &tried);
    if (q->c->given_by_act) {
        try_covers(q, NULL, q->covers, &tried);
    }
    if (tried.any) {
        return tried.verdict;
    }
    try_covers(q, NULL, q->covers, &tried);
    tried.verdict.failed |= 1u << STEP_CLAUSE;
    return tried.any ? tried.verdict : answer_uncovered(q);
}

static bool rule_stands(const struct query *q, set64 named)
{
    for (; named != 0; named &= named - 1) {
        if (binding_stands(q, (unsigned)__builtin_ctzll(named))) {
            return true;
        }
    }
    return false;
}

/*@ assigns *v; */
static void apply_rules(const struct query *q, const struct rules *rules, struct verdict *v)
{
    unsigned count = rules->party == q->c->from ? q->i->rule_count : 0;
    set64    concerned = q->both | (q->i->members[q->c->from] & q->i->members[q->c->to]);
    for (const struct rule_row *r = q->i->rule; r < q->i->rule + count; r++) {
        if ((r->anywhere || rule_stands(q, r->under & concerned & q->c->standing)) &&
            set_has(r->to, q->c->to) && (r->via == PARTY_NONE || r->via == q->c->via) &&
            (r->action == RULE_RELEASE ? row_holds(q, &r->scope, &rules->terms)
                                       : row_touches(q, &r->scope, &rules->terms))) {
            v->rule = r->action;
            v->rule_number = r->number;
            v->officers = r->officers;
            break;
        }
    }
}

struct verdict verdict_by_table(const struct tables *t, const struct index *i,
                                const struct crossing *c)
{
    if (!crossing_is_question(t, c)) {
        struct verdict refused = VERDICT_NOTHING;
        refused.failed = 1u << STEP_MARKING;
        return refused;
    }
    const struct marking *m = &c->marking;
    struct query          q = query_of(t, i, c);
    struct verdict        v = try_all(&q);
    set64                 ends = set_one(c->to) | set_one(q.next),
          named = c->giving == GIVING_DISCLOSE ? m->disclose_to : m->release_to;
    named |= set_count(m->originators) == 1 ? m->originators : 0;
    bool failed[] = {
        [STEP_MARKING] = err_is(marking_valid(&t->policies, m)),
        [STEP_RELEASABLE] = (ends & ~named) != 0,
    };
    apply_rules(&q, &t->rules, &v);
    v.failed |= (uint8_t)(failed[STEP_MARKING] << STEP_MARKING |
                          failed[STEP_RELEASABLE] << STEP_RELEASABLE |
                          (v.rule == RULE_NEVER) << STEP_RULES);
    return verdict_end(v, c);
}
