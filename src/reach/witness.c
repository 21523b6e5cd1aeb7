/* SPDX-License-Identifier: Apache-2.0 */
#include "reach/witness.h"

#include "reach/place.h"

/* trial - one item on its way */
struct trial {
    const struct corpus       *law;
    struct tables             *t;
    const struct rules *const *rules;
    const struct row          *row;
    enum kind                  kind;
    uint8_t                    rank[ROW_LEGS_MAX + 1]; /* at each crossing, then at the end */
    struct placing             placing;
};

static const struct piece *piece_at(const struct row *row, unsigned i)
{
    return row->leg[i].piece;
}

static unsigned number_of(const struct trial *q, unsigned agreement)
{
    unsigned out = CLAUSE_NONE;
    err e = agreements_find(&q->t->agreements, name_span(&q->law->agreement[agreement].name), &out);
    return err_is(e) ? CLAUSE_NONE : out;
}

/* ---- levels on the way ---- */

/* The leg whose receiver marks the item for leg i: a hub takes its level from the leg that is meant. */
static unsigned leg_before(const struct row *row, unsigned i)
{
    return row->way == WAY_HUB ? 1 : i - 1;
}

static bool levels_from(struct trial *q, unsigned i, unsigned origin, unsigned last)
{
    const struct row *row = q->row;
    if (i == row->leg_count) {
        q->rank[i] = (uint8_t)last;
        return (piece_at(row, i - 1)->map[q->rank[i - 1]] >> last & 1u) != 0;
    }
    bool     begins = i == 0 || (row->way == WAY_HUB && i == 1);
    unsigned may = row->leg[i].ranks[origin];
    may &=
        begins ? 1u << origin : piece_at(row, leg_before(row, i))->map[q->rank[leg_before(row, i)]];
    for (unsigned r = set_next(may, 0); r < LEVELS_MAX; r = set_next(may, r + 1)) {
        q->rank[i] = (uint8_t)r;
        if (levels_from(q, i + 1, origin, last)) {
            return true;
        }
    }
    return false;
}

/* ---- one crossing ---- */

static set64 route_of(const struct row *row)
{
    set64 all = 0;
    for (unsigned i = 0; i < row->leg_count; i++) {
        const struct leg *leg = &piece_at(row, i)->leg;
        all |= set_one(leg->from) | set_one(leg->to) | set_one(leg->via);
    }
    return all;
}

static struct marking marking_at(const struct trial *q, unsigned i)
{
    const struct piece  *p = piece_at(q->row, i);
    level                at = {p->flow.policy, q->rank[i]};
    const struct policy *policy = &q->t->policies.policy[at.policy];
    return (struct marking){.level = at,
                            .originators = set_one(p->leg.origin),
                            .release_to = route_of(q->row),
                            .disclose_to = route_of(q->row),
                            .topics = q->row->flow.topics,
                            .disciplines = q->row->flow.disciplines,
                            .caveats = policy->level[at.rank].caveats_required};
}

static set64 lineage_at(const struct trial *q, unsigned i)
{
    set64    out = 0;
    unsigned before = q->row->way == WAY_HUB ? i == 2 : i; /* a hub has it by the first leg */
    for (unsigned k = 0; k < before; k++) {
        out |= set_one(number_of(q, piece_at(q->row, k)->clause->agreement));
    }
    return out;
}

static struct crossing crossing_at(const struct trial *q, unsigned i, set64 paused)
{
    const struct piece *p = piece_at(q->row, i);
    bool                last = i + 1 == q->row->leg_count || (q->row->way == WAY_HUB && i == 1);
    struct crossing     c = {.marking = marking_at(q, i),
                             .kind = q->kind,
                             .from = p->leg.from,
                             .to = p->leg.to,
                             .via = p->leg.via,
                             .giving = last ? q->row->giving : GIVING_RELEASE,
                             .now_low = q->placing.at,
                             .now_high = q->placing.at,
                             .extent = q->placing.extent,
                             .reduced = q->placing.reduced,
                             .lineage = lineage_at(q, i),
                             .onward_approved = q->row->flow.needs.approvals};
    for (unsigned a = 0; a < q->law->agreement_count; a++) {
        unsigned n = number_of(q, a);
        c.standing |= q->law->agreement[a].stands && n != CLAUSE_NONE ? set_one(n) : 0;
    }
    c.standing &= ~paused;
    c.assurance = (struct assurance){.present = true,
                                     .agreement = (uint8_t)number_of(q, p->cover),
                                     .topics = c.marking.topics,
                                     .until = NOW_LAST};
    levels_add(&c.assurance.levels, c.marking.level);
    bool known = q->rules[c.from] != NULL;
    c.approvals = known ? q->row->flow.needs.officers[c.from] : 1;
    return c;
}

static struct verdict verdict_at(const struct trial *q, const struct crossing *c)
{
    struct rules *r = &q->t->rules;
    if (q->rules[c->from] != NULL) {
        *r = *q->rules[c->from];
    } else {
        r->party = PARTY_NONE;
        r->count = 0;
    }
    return verdict_by_reading(q->t, c);
}

/* What stands before the row's own agreement in the order of names is taken out until the verdict
 * cites it: what was received under another is bound by that one. */
static bool leg_try(const struct trial *q, unsigned i, struct witness *out)
{
    const struct corpus_set *up = &q->law->agreement[piece_at(q->row, i)->clause->agreement].up;
    unsigned                 mine = number_of(q, piece_at(q->row, i)->clause->agreement);
    set64                    needed = 0, paused = 0;
    for (unsigned a = corpus_set_next(up, 0); a != CORPUS_NONE; a = corpus_set_next(up, a + 1)) {
        needed |= set_one(number_of(q, a));
    }
    for (unsigned tries = 0; tries <= AGREEMENTS_MAX; tries++) {
        struct crossing c = crossing_at(q, i, paused);
        struct verdict  v = verdict_at(q, &c);
        out->leg[i].crossing = c;
        out->leg[i].verdict = v;
        bool last = i + 1 == q->row->leg_count;
        if (v.outcome != OUTCOME_RELEASE || last || v.permit.agreement == mine ||
            set_has(needed, v.permit.agreement)) {
            out->paused |= paused;
            return v.outcome == OUTCOME_RELEASE;
        }
        paused |= set_one(v.permit.agreement);
    }
    return false;
}

static bool item_try(struct trial *q, unsigned origin, unsigned last, struct witness *out)
{
    if (!levels_from(q, 0, origin, last)) {
        return false;
    }
    out->leg_count = q->row->leg_count;
    out->paused = 0;
    for (unsigned i = 0; i < q->row->leg_count; i++) {
        if (!leg_try(q, i, out)) {
            return false;
        }
    }
    return true;
}

/* Does the last verdict cite the row's own clause?  Such an item shows the row best. */
static bool is_own(const struct trial *q, const struct witness *w)
{
    unsigned                    i = q->row->leg_count - 1;
    const struct corpus_clause *c = piece_at(q->row, i)->clause;
    struct clause_ref           cited = w->leg[i].verdict.permit;
    return cited.agreement == number_of(q, c->agreement) && cited.article == c->article &&
           cited.number == c->number;
}

static bool kind_try(struct trial *q, struct witness *out)
{
    static struct witness one;
    bool                  own = false;
    for (unsigned o = LEVELS_MAX; o > 0 && !own; o--) {
        unsigned to = q->row->flow.ranks[o - 1];
        for (unsigned r = set_next(to, 0); r < LEVELS_MAX && !own; r = set_next(to, r + 1)) {
            one = (struct witness){.placed = true};
            if (item_try(q, o - 1, r, &one)) {
                own = is_own(q, &one);
                one.found = true;
                *out = own || !out->found ? one : *out;
            }
        }
    }
    return own;
}

void witness_find(const struct corpus *l, struct tables *t, const struct rules *const rules[],
                  const struct row *row, instant now, struct witness *out)
{
    struct trial q = {.law = l, .t = t, .rules = rules, .row = row};
    bool         own = false;
    *out = (struct witness){.placed = place_find(l, &row->flow.needs, now, &q.placing)};
    for (unsigned k = 0; out->placed && k < KIND_COUNT && !own; k++) {
        if ((row->flow.kinds >> k & 1u) != 0) {
            q.kind = (enum kind)k;
            own = kind_try(&q, out);
        }
    }
}
