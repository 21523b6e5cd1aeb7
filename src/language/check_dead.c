/* SPDX-License-Identifier: Apache-2.0 */
/* Permissions by which nothing ever goes, for reasons that no other single line shows. */
#include "language/check.h"

#define STEPS_MAX 20000 /* of one permission: enough for hundreds of nevers as people write them */

/* box - items of one kind, level, discipline and topic of these each */
struct box {
    uint8_t  kinds;
    uint16_t ranks; /* of the giver's policy */
    set64    disciplines, topics;
};

struct nevers {
    unsigned   count, steps;
    struct box box[CLAUSES_MAX];
};

static bool box_empty(const struct box *b)
{
    return b->kinds == 0 || b->ranks == 0 || b->disciplines == 0 || b->topics == 0;
}

static struct box box_of(const struct scope *s, unsigned policy)
{
    return (struct box){s->kinds, s->levels.ranks[policy], s->disciplines, s->topics};
}

static struct box box_meet(const struct box *a, const struct box *b)
{
    return (struct box){(uint8_t)(a->kinds & b->kinds), (uint16_t)(a->ranks & b->ranks),
                        a->disciplines & b->disciplines, a->topics & b->topics};
}

/* What of `b` is not in `c`, as up to four boxes apart from each other. */
static void box_without(struct box b, const struct box *c, struct box out[static 4])
{
    for (unsigned i = 0; i < 4; i++) {
        out[i] = b;
    }
    out[0].kinds = (uint8_t)(b.kinds & ~c->kinds);
    b.kinds &= c->kinds;
    out[1] = b;
    out[1].ranks = (uint16_t)(b.ranks & ~c->ranks);
    b.ranks &= c->ranks;
    out[2] = b;
    out[2].disciplines = b.disciplines & ~c->disciplines;
    b.disciplines &= c->disciplines;
    out[3] = b;
    out[3].topics = b.topics & ~c->topics;
}

/* Is there an item in the box that none of them, from the k-th on, forbids?  Yes when it takes too long. */
static bool box_survives(struct nevers *n, struct box b, unsigned k)
{
    struct box part[4], both = {0};
    for (; k < n->count && box_empty(&both); k++) {
        both = box_meet(&b, &n->box[k]);
    }
    if (box_empty(&b) || box_empty(&both)) {
        return !box_empty(&b);
    }
    if (n->steps++ == STEPS_MAX) {
        return true;
    }
    box_without(b, &n->box[k - 1], part);
    for (unsigned i = 0; i < ARRAY_LEN(part); i++) {
        if (box_survives(n, part[i], k)) {
            return true;
        }
    }
    return false;
}

static void nevers_add(struct nevers *n, const struct draft *draft, const struct agreement *of,
                       const struct clause *may, unsigned policy)
{
    for (unsigned k = 0; k < of->clause_count && n->count < CLAUSES_MAX; k++) {
        const struct clause *c = &of->clause[k];
        if (never_faces(c, may) && never_matches(c, &of->terms, may, &draft->agreement.terms)) {
            n->box[n->count++] = box_of(&c->scope, policy);
        }
    }
}

/* Which levels of the giver's an agreement protects on the way, and has an equivalent for. */
static uint16_t ranks_protected(const struct agreement *a, const struct clause *c, unsigned policy)
{
    uint8_t  next = c->via == PARTY_NONE ? c->to : c->via;
    uint16_t out = 0;
    if (!set_has(a->parties, c->from) || !set_has(a->parties, next)) {
        return 0;
    }
    for (unsigned i = 0; i < a->equivalence_count; i++) {
        const struct equivalence *e = &a->equivalence[i];
        if (e->given.policy == policy && e->receiver == next && e->ranks != 0) {
            out = (uint16_t)(out | 1u << e->given.rank);
        }
    }
    return out & a->covers.ranks[policy];
}

static unsigned policy_of_giver(const struct draft *draft, const struct clause *c)
{
    unsigned p = 0;
    while (p < draft->policies->count && party_of_policy(draft->policies, (uint8_t)p) != c->from) {
        p++;
    }
    return p;
}

/* sought - what is asked of one permission: its box, what may protect it, and what forbids of it */
struct sought {
    unsigned      policy;
    struct box    may;
    uint16_t      covered, ranks;
    struct nevers nevers;
};

static void sought_add(struct sought *q, const struct draft *draft, const struct agreement *of,
                       const struct clause *c)
{
    q->covered |= of->covers.ranks[q->policy];
    q->ranks |= ranks_protected(of, c, q->policy);
    nevers_add(&q->nevers, draft, of, c, q->policy);
}

/* Of all that it stands under; false when not all of that is here. */
static bool sought_begin(const struct draft *draft, const struct clause *c, struct sought *q)
{
    const struct layers layers = {draft->policies, draft->parents, &draft->agreement};
    struct above        above;
    *q = (struct sought){.policy = policy_of_giver(draft, c)};
    if (q->policy == draft->policies->count || !layers_above(&layers, &above)) {
        return false;
    }
    const struct policy *own = &draft->policies->policy[q->policy];
    q->may = box_of(&c->scope, q->policy);
    q->may.topics &= own->topics;
    q->may.disciplines &= own->disciplines;
    sought_add(q, draft, &draft->agreement, c);
    for (unsigned n = 0; n < above.count; n++) {
        sought_add(q, draft, &draft->parents.agreement[above.number[n]], c);
    }
    return true;
}

/* One never alone that forbids all of it is a contradiction, which is told of as an error. */
static bool one_suffices(const struct sought *q, const struct box *may)
{
    bool found = false;
    for (unsigned k = 0; k < q->nevers.count; k++) {
        struct nevers alone = {.count = 1};
        alone.box[0] = q->nevers.box[k];
        found = found || !box_survives(&alone, *may, 0);
    }
    return found;
}

static void tell_dead(struct draft *draft, unsigned i, const char *sentence, const char *hint)
{
    diagnostic_hint(diagnostic_add(draft->d, SEVERITY_WARNING, draft->clause_at[i], "%s", sentence),
                    "%s", hint);
}

void check_dead(struct draft *draft, unsigned i)
{
    struct sought q;
    if (!sought_begin(draft, &draft->agreement.clause[i], &q) || (q.may.ranks & q.covered) == 0) {
        return;
    }
    struct box protected = q.may;
    protected.ranks &= q.ranks;
    if (protected.ranks == 0) {
        tell_dead(draft, i,
                  "this never matches: none of its levels that are covered has an equivalent",
                  "state one, such as: KOR:III = JPN:HI, or name a higher level after 'up to'");
    } else if (!box_empty(&protected) && !box_survives(&q.nevers, protected, 0) &&
               !one_suffices(&q, &q.may)) {
        tell_dead(draft, i,
                  "this permits nothing: the nevers that forbid parts of it leave nothing",
                  "strike it, or narrow one of them");
    }
}
