/* SPDX-License-Identifier: Apache-2.0 */
#include "reach/ground.h"

#include <stddef.h>

static bool joins(const struct corpus_agreement *a, uint8_t x, uint8_t y)
{
    return set_has(a->parties, x) && set_has(a->parties, y);
}

static struct corpus_set joining(const struct corpus *l, const struct leg *leg)
{
    struct corpus_set out = {0};
    for (unsigned a = 0; a < l->agreement_count; a++) {
        if (joins(&l->agreement[a], leg->from, leg->to) ||
            joins(&l->agreement[a], leg->from, leg_receiver(leg))) {
            corpus_set_add(&out, a);
        }
    }
    return out;
}

static struct corpus_set up_of(const struct corpus *l, const struct corpus_set *some)
{
    struct corpus_set out = {0};
    for (unsigned a = corpus_set_next(some, 0); a != CORPUS_NONE;
         a = corpus_set_next(some, a + 1)) {
        corpus_set_join(&out, &l->agreement[a].up);
    }
    return out;
}

static unsigned count_of(const struct corpus_set *s)
{
    unsigned count = 0;
    for (unsigned i = 0; i < CORPUS_SET_WORDS; i++) {
        count += set_count(s->word[i]);
    }
    return count;
}

static bool is_asked(const struct clause *c, const struct leg *leg)
{
    return c->kind == CLAUSE_NEVER ||
           (c->from == leg->from && c->to == leg->to && c->via == leg->via);
}

static void agreement_take(const struct agreement *from, const struct leg *leg,
                           struct agreement *to)
{
    memcpy(to, from, offsetof(struct agreement, clause));
    to->clause_count = 0;
    for (unsigned i = 0; i < from->clause_count; i++) {
        if (is_asked(&from->clause[i], leg)) {
            to->clause[to->clause_count++] = from->clause[i];
        }
    }
}

static void rules_take(struct ground *g, uint8_t giver)
{
    struct rules *r = &g->tables->rules;
    if (g->rules[giver] != NULL) {
        *r = *g->rules[giver];
    } else {
        r->party = PARTY_NONE;
        r->count = 0;
    }
}

static bool is_taken(const struct ground *g, const struct leg *leg, const struct corpus_set *all)
{
    return g->tables->agreements.count > 0 && g->leg.from == leg->from && g->leg.to == leg->to &&
           g->leg.via == leg->via && memcmp(&g->taken, all, sizeof *all) == 0;
}

static struct corpus_set left_out(const struct corpus *l, const struct corpus_set *all,
                                  const struct corpus_set *taken)
{
    struct corpus_set out = {0};
    for (unsigned a = corpus_set_next(all, 0); a != CORPUS_NONE; a = corpus_set_next(all, a + 1)) {
        if (!corpus_set_has(taken, a) && corpus_stands(l, a)) {
            corpus_set_add(&out, a);
        }
    }
    return out;
}

static void agreements_take(struct ground *g, const struct leg *leg, const struct corpus_set *some)
{
    struct agreements *to = &g->tables->agreements;
    to->count = 0;
    for (unsigned a = corpus_set_next(some, 0); a != CORPUS_NONE;
         a = corpus_set_next(some, a + 1)) {
        agreement_take(&g->texts.agreement[a], leg, &to->agreement[to->count]);
        g->number[to->count++] = (uint16_t)a;
    }
}

bool ground_take(struct ground *g, const struct corpus *l, const struct leg *leg,
                 const struct corpus_set *under)
{
    struct corpus_set some = joining(l, leg), take;
    corpus_set_join(&some, under);
    const struct corpus_set all = up_of(l, &some);
    take = count_of(&all) <= AGREEMENTS_MAX ? all : up_of(l, under);
    if (count_of(&take) > AGREEMENTS_MAX) {
        return false;
    }
    if (!is_taken(g, leg, &take)) {
        agreements_take(g, leg, &take);
        rules_take(g, leg->from);
        g->leg = *leg;
        g->taken = take;
        g->paused = left_out(l, &all, &take);
    }
    return true;
}

uint8_t ground_number(const struct ground *g, unsigned agreement)
{
    for (unsigned n = 0; n < g->tables->agreements.count; n++) {
        if (g->number[n] == agreement) {
            return (uint8_t)n;
        }
    }
    return CLAUSE_NONE;
}

set64 ground_standing(const struct ground *g, const struct corpus *l)
{
    set64 out = 0;
    for (unsigned n = 0; n < g->tables->agreements.count; n++) {
        out |= l->agreement[g->number[n]].stands ? set_one(n) : 0;
    }
    return out;
}
