/* SPDX-License-Identifier: Apache-2.0 */
#include "release/least.h"

/* ---- reductions ---- */

static uint32_t most(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

void reduction_unite(struct reduction *to, const struct reduction *also)
{
    to->position_m = most(to->position_m, also->position_m);
    to->height_m = most(to->height_m, also->height_m);
    to->pixel_cm = most(to->pixel_cm, also->pixel_cm);
    to->delay_ms = most(to->delay_ms, also->delay_ms);
    to->every_ms = most(to->every_ms, also->every_ms);
    to->without |= also->without;
}

bool reduction_loses_more(const struct reduction *a, const struct reduction *b)
{
    const uint32_t x[] = {a->position_m, a->height_m,           a->pixel_cm, a->delay_ms,
                          a->every_ms,   set_count(a->without), a->without};
    const uint32_t y[] = {b->position_m, b->height_m,           b->pixel_cm, b->delay_ms,
                          b->every_ms,   set_count(b->without), b->without};
    for (size_t i = 0; i < ARRAY_LEN(x); i++) {
        if (x[i] != y[i]) {
            return x[i] > y[i];
        }
    }
    return false;
}

/* named - those that lose most first */
struct named {
    unsigned                count;
    const struct reduction *of[LEAST_NAMED_MAX];
};

static void named_add(struct named *n, const struct terms *t)
{
    for (unsigned i = 0; i < t->reduction_count && n->count < LEAST_NAMED_MAX; i++) {
        unsigned at = n->count++;
        for (; at > 0 && reduction_loses_more(&t->reduction[i], n->of[at - 1]); at--) {
            n->of[at] = n->of[at - 1];
        }
        n->of[at] = &t->reduction[i];
    }
}

/* What the agreements in standing on its way and the giver's rules define */
static struct named named_by(const struct tables *t, const struct crossing *c)
{
    struct named n = {0};
    for (unsigned i = set_next(c->standing, 0); i < SET64_MAX; i = set_next(c->standing, i + 1)) {
        named_add(&n, &t->agreements.agreement[i].terms);
    }
    named_add(&n, &t->rules.terms);
    return n;
}

/* ---- verdicts ---- */

static enum outcome goes(const struct law_now *g, const struct crossing *c)
{
    return g->index != NULL ? verdict_by_table(g->tables, g->index, c).outcome
                            : verdict_by_reading(g->tables, c).outcome;
}

static bool speaks_for(const struct assurance *a, const struct crossing *c)
{
    instant now = c->now_low + (c->now_high - c->now_low) / 2;
    return levels_have(&a->levels, c->marking.level) && set_within(c->marking.topics, a->topics) &&
           a->from <= now && now < a->until;
}

void law_assure(const struct law_now *g, struct crossing *c)
{
    struct crossing  one = *c;
    struct assurance best = {0};
    enum outcome     furthest = OUTCOME_REFUSE;
    uint8_t          receiver = c->via == PARTY_NONE ? c->to : c->via;
    bool             spoken = false;
    for (size_t i = 0; i < g->assured_count; i++) {
        one.assurance = g->assured[i].assurance;
        if (g->assured[i].partner != receiver) {
            continue;
        }
        bool         speaks = speaks_for(&one.assurance, c);
        enum outcome as_far = speaks ? goes(g, &one) : OUTCOME_REFUSE;
        if (!best.present || (speaks && (!spoken || as_far > furthest))) {
            best = one.assurance;
            furthest = as_far;
        }
        spoken = spoken || speaks;
    }
    c->assurance = best;
}

static struct crossing reduced_by(const struct law_now *g, const struct crossing *c,
                                  const struct reduction *by)
{
    struct crossing out = *c;
    reduction_unite(&out.reduced, by);
    law_assure(g, &out);
    return out;
}

static enum outcome goes_by(const struct law_now *g, const struct crossing *c,
                            const struct reduction *by)
{
    struct crossing one = reduced_by(g, c, by);
    return goes(g, &one);
}

/* ---- which of them ---- */

static struct reduction all_but(const struct named *n, set64 out, unsigned also)
{
    struct reduction r = {0};
    for (unsigned i = 0; i < n->count; i++) {
        if (!set_has(out, i) && i != also) {
            reduction_unite(&r, n->of[i]);
        }
    }
    return r;
}

/* More reduction never goes less far.  So: all of them together, then without the one that loses most, if it
 * goes as far without it, and so on: the worst that can be spared is. */
static struct reduction least(const struct law_now *g, const struct named *n,
                              const struct crossing *c, enum outcome as_far)
{
    set64 out = 0;
    for (unsigned i = 0; i < n->count; i++) {
        struct reduction r = all_but(n, out, i);
        out |= goes_by(g, c, &r) == as_far ? set_one(i) : 0;
    }
    return all_but(n, out, LEAST_NAMED_MAX);
}

struct least least_of(const struct law_now *g, const struct crossing *plain)
{
    struct least     none = {.any = false}, out = {.any = true};
    struct named     n = named_by(g->tables, plain);
    struct reduction every = all_but(&n, 0, LEAST_NAMED_MAX);
    enum outcome     as_it_is = goes(g, plain);
    enum outcome     as_far =
        n.count == 0 || as_it_is == OUTCOME_RELEASE ? as_it_is : goes_by(g, plain, &every);
    if (as_far <= as_it_is) {
        return none;
    }
    out.reduced = least(g, &n, plain, as_far);
    out.crossing = reduced_by(g, plain, &out.reduced);
    return out;
}
