/* SPDX-License-Identifier: Apache-2.0 */
#include "reach/witness.h"

#include "reach/except.h"

/* trial - one item on its way */
struct trial {
    const struct corpus *law;
    struct ground       *g;
    const struct row    *row;
    enum kind            kind;
    uint8_t              rank[ROW_LEGS_MAX + 1]; /* at each crossing, then at the end */
    struct placing       placing;
};

static const struct piece *piece_at(const struct row *row, unsigned i)
{
    return row->leg[i].piece;
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
    const struct policy *policy = &q->g->tables->policies.policy[at.policy];
    return (struct marking){.level = at,
                            .originators = set_one(p->leg.origin),
                            .release_to = route_of(q->row),
                            .disclose_to = route_of(q->row),
                            .topics = q->row->flow.topics,
                            .disciplines = q->row->flow.disciplines,
                            .caveats = policy->level[at.rank].caveats_required};
}

/* Agreements under which it was received, when crossing i is asked. */
static struct corpus_set lineage_at(const struct row *row, unsigned i)
{
    struct corpus_set out = {0};
    unsigned          before = row->way == WAY_HUB ? i == 2 : i; /* a hub has it by the first leg */
    for (unsigned k = 0; k < before; k++) {
        corpus_set_add(&out, piece_at(row, k)->clause->agreement);
    }
    return out;
}

bool witness_ground(const struct corpus *l, struct ground *g, const struct row *row, unsigned i)
{
    const struct piece *p = piece_at(row, i);
    struct corpus_set   under = lineage_at(row, i);
    corpus_set_add(&under, p->cover);
    corpus_set_add(&under, p->clause->agreement);
    return ground_take(g, l, &p->leg, &under);
}

static set64 numbers_of(const struct trial *q, const struct corpus_set *some)
{
    set64 out = 0;
    for (unsigned a = corpus_set_next(some, 0); a != CORPUS_NONE;
         a = corpus_set_next(some, a + 1)) {
        out |= set_one(ground_number(q->g, a));
    }
    return out;
}

static struct crossing crossing_at(const struct trial *q, unsigned i, set64 paused)
{
    const struct piece *p = piece_at(q->row, i);
    bool                last = i + 1 == q->row->leg_count || (q->row->way == WAY_HUB && i == 1);
    struct corpus_set   lineage = lineage_at(q->row, i);
    struct crossing     c = {.marking = marking_at(q, i),
                             .kind = q->kind,
                             .from = p->leg.from,
                             .to = p->leg.to,
                             .via = p->leg.via,
                             .giving = last ? q->row->giving : GIVING_RELEASE,
                             .now_low = q->placing.at,
                             .now_high = q->placing.until,
                             .extent = q->placing.extent,
                             .reduced = q->placing.reduced,
                             .standing = ground_standing(q->g, q->law) & ~paused,
                             .lineage = numbers_of(q, &lineage),
                             .onward_approved = q->row->flow.needs.approvals};
    c.assurance = (struct assurance){.present = true,
                                     .agreement = ground_number(q->g, p->cover),
                                     .topics = c.marking.topics,
                                     .until = NOW_LAST};
    levels_add(&c.assurance.levels, c.marking.level);
    bool known = q->g->rules[c.from] != NULL;
    c.approvals = known ? q->row->flow.needs.officers[c.from] : 1;
    return c;
}

static void paused_add(const struct trial *q, set64 paused, struct witness *out)
{
    for (unsigned n = set_next(paused, 0); n < SET64_MAX; n = set_next(paused, n + 1)) {
        corpus_set_add(&out->paused, q->g->number[n]);
    }
}

/* What stands before the row's own agreement in the order of names is taken out until the verdict
 * cites it: what was received under another is bound by that one. */
static bool leg_try(const struct trial *q, unsigned i, struct witness *out)
{
    unsigned own = piece_at(q->row, i)->clause->agreement;
    set64    paused = 0;
    if (!witness_ground(q->law, q->g, q->row, i)) {
        out->wide = true;
        return false;
    }
    unsigned mine = ground_number(q->g, own);
    set64    needed = numbers_of(q, &q->law->agreement[own].up);
    for (unsigned tries = 0; tries <= AGREEMENTS_MAX; tries++) {
        struct crossing c = crossing_at(q, i, paused);
        struct verdict  v = verdict_by_reading(q->g->tables, &c);
        out->leg[i].crossing = c;
        out->leg[i].verdict = v;
        bool last = i + 1 == q->row->leg_count;
        if (v.outcome != OUTCOME_RELEASE || last || v.permit.agreement == mine ||
            set_has(needed, v.permit.agreement)) {
            paused_add(q, paused, out);
            corpus_set_join(&out->paused, &q->g->paused);
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
    out->paused = (struct corpus_set){0};
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
    return cited.agreement == ground_number(q->g, c->agreement) && cited.article == c->article &&
           cited.number == c->number;
}

static bool kind_try(struct trial *q, struct witness *out)
{
    static struct witness one;
    bool                  own = false;
    for (unsigned o = LEVELS_MAX; o > 0 && !own && !out->wide; o--) {
        unsigned to = q->row->flow.ranks[o - 1];
        for (unsigned r = set_next(to, 0); r < LEVELS_MAX && !own && !out->wide;
             r = set_next(to, r + 1)) {
            one = (struct witness){.placed = true};
            if (item_try(q, o - 1, r, &one)) {
                own = is_own(q, &one);
                one.found = true;
                *out = own || !out->found ? one : *out;
            }
            out->wide = out->wide || one.wide;
        }
    }
    return own;
}

void witness_at(const struct corpus *l, struct ground *g, const struct row *row,
                const struct placing *at, struct witness *out)
{
    struct trial q = {.law = l, .g = g, .row = row, .placing = *at};
    bool         own = false;
    *out = (struct witness){.placed = true};
    for (unsigned k = 0; !out->wide && k < KIND_COUNT && !own; k++) {
        if ((row->flow.kinds >> k & 1u) != 0) {
            q.kind = (enum kind)k;
            own = kind_try(&q, out);
        }
    }
}

void witness_find(const struct corpus *l, struct ground *g, const struct row *row, instant now,
                  struct witness *out)
{
    *out = (struct witness){0};
    for (int cut = 0; cut < 2 && !out->found; cut++) {
        const struct settling s = {.cut = cut == 1};
        struct row            part = *row;
        struct placing        at;
        if (flow_settle(&part.flow, &s) &&
            place_find(l, &part.flow.needs, now, NULL, NULL, NULL, &at)) {
            witness_at(l, g, &part, &at, out);
        }
        cut += row->flow.except == NULL;
    }
}
