/* SPDX-License-Identifier: Apache-2.0 */
#include "agreement/locals.h"
#include "agreement/table.h"

static struct uses agreement_uses(const struct agreement *a)
{
    struct uses u = {.parties = a->parties, .topics = a->claims};
    uses_levels(&u, &a->covers);
    for (unsigned i = 0; i < a->equivalence_count; i++) {
        const struct equivalence *e = &a->equivalence[i];
        uses_party(&u, e->receiver);
        levels_add(&u.levels, e->given);
        u.levels.ranks[e->receiver_policy] |= e->ranks;
    }
    for (unsigned i = 0; i < a->clause_count; i++) {
        const struct clause *c = &a->clause[i];
        uses_party(&u, c->from);
        uses_party(&u, c->to);
        uses_party(&u, c->via);
        uses_party(&u, c->unless_approved ? c->approver : PARTY_NONE);
        uses_scope(&u, &c->scope);
    }
    return u;
}

uint64_t clause_key(const struct locals *l, const struct clause *c)
{
    return (uint64_t)c->article << 40 | (uint64_t)c->number << 32 | (uint64_t)c->kind << 24 |
           (uint64_t)place_of_party(l, c->from) << 16 | (uint64_t)place_of_party(l, c->to) << 8 |
           place_of_party(l, c->via);
}

uint64_t equivalence_key(const struct locals *l, const struct equivalence *e)
{
    return (uint64_t)e->article << 24 | (uint64_t)e->number << 16 |
           (uint64_t)place_of_level(l, e->given) << 8 | place_of_party(l, e->receiver);
}

/* Puts i into order[0 .. at), which is in ascending order of key; equal keys keep their order. */
static void order_insert(const uint64_t *key, uint16_t *order, unsigned at, unsigned i)
{
    for (; at > 0 && key[order[at - 1]] > key[i]; at--) {
        order[at] = order[at - 1];
    }
    order[at] = (uint16_t)i;
}

static void put_head(const struct locals *l, const struct agreement *a, struct writer *w)
{
    put_block8(w, name_span(&a->name));
    put_block8(w, span_text(a->title));
    put_u8(w, (uint8_t)((a->arrangement ? FLAG_ARRANGEMENT : 0) | (a->binding ? FLAG_BINDING : 0) |
                        (a->extends ? FLAG_EXTENDS : 0)));
    put_places(&l->parties, a->parties, w);
    put_u32(w, (uint32_t)(a->signed_on / MS_PER_DAY));
    put_u32(w, (uint32_t)(a->in_force_on / MS_PER_DAY));
    put_u16(w, a->term_years);
    put_u16(w, a->notice_days);
    put_levels(l, &a->covers, w);
    put_u8(w, a->covers_article);
    put_u8(w, a->covers_number);
    put_places(&l->topics, a->claims, w);
    owed_write(&a->owed, w);
    put_u8(w, (uint8_t)a->after);
    terms_write(&a->terms, w);
}

/* Parents in byte order of their names: the order in which the text names them means nothing. */
static void put_under(const struct agreement *a, struct writer *w)
{
    uint8_t order[UNDER_MAX] = {0};
    for (unsigned i = 0; i < a->under_count; i++) {
        unsigned at = i;
        for (; at > 0 && span_order(name_span(&a->under[order[at - 1]].agreement),
                                    name_span(&a->under[i].agreement)) > 0;
             at--) {
            order[at] = order[at - 1];
        }
        order[at] = (uint8_t)i;
    }
    put_u8(w, (uint8_t)a->under_count);
    for (unsigned i = 0; i < a->under_count; i++) {
        put_block8(w, name_span(&a->under[order[i]].agreement));
        put_u8(w, a->under[order[i]].article);
    }
}

static void put_equivalences(const struct locals *l, const struct agreement *a, struct writer *w)
{
    uint64_t key[EQUIVALENTS_MAX];
    uint16_t order[EQUIVALENTS_MAX];
    for (unsigned i = 0; i < a->equivalence_count; i++) {
        key[i] = equivalence_key(l, &a->equivalence[i]);
        order_insert(key, order, i, i);
    }
    put_u8(w, (uint8_t)a->equivalence_count);
    for (unsigned i = 0; i < a->equivalence_count; i++) {
        const struct equivalence *e = &a->equivalence[order[i]];
        struct levels             ranks = {0};
        ranks.ranks[e->receiver_policy] = e->ranks;
        put_u8(w, e->article);
        put_u8(w, e->number);
        put_level(l, e->given, w);
        put_party(l, e->receiver, w);
        put_levels(l, &ranks, w);
    }
}

static void put_clause(const struct locals *l, const struct clause *c, struct writer *w)
{
    put_u8(w, c->article);
    put_u8(w, c->number);
    put_u8(w, (uint8_t)c->kind);
    put_party(l, c->from, w);
    put_party(l, c->to, w);
    put_party(l, c->via, w);
    put_u8(w, (uint8_t)c->giving);
    put_u8(w, (uint8_t)c->precedence);
    put_u8(w, (uint8_t)c->never);
    put_u8(w, c->unless_approved);
    put_party(l, c->unless_approved ? c->approver : PARTY_NONE, w);
    put_scope(l, &c->scope, w);
    owed_write(&c->owed, w);
}

static void put_clauses(const struct locals *l, const struct agreement *a, struct writer *w)
{
    uint64_t key[CLAUSES_MAX];
    uint16_t order[CLAUSES_MAX];
    for (unsigned i = 0; i < a->clause_count; i++) {
        key[i] = clause_key(l, &a->clause[i]);
        order_insert(key, order, i, i);
    }
    put_u16(w, (uint16_t)a->clause_count);
    for (unsigned i = 0; i < a->clause_count; i++) {
        put_clause(l, &a->clause[order[i]], w);
    }
}

void agreement_write(const struct policies *all, const struct agreement *a, struct writer *w)
{
    struct uses   u = agreement_uses(a);
    struct locals l;
    if (err_is(locals_of(all, &u, &l))) {
        w->bad = true;
        return;
    }
    put_text(w, AGREEMENT_MAGIC);
    locals_write(all, &l, w);
    put_head(&l, a, w);
    put_under(a, w);
    put_equivalences(&l, a, w);
    put_clauses(&l, a, w);
    put_span(w, SPAN_OF(a->text_digest));
}

void rules_write(const struct policies *all, const struct rules *r, struct writer *w)
{
    struct uses   u = {0};
    struct locals l;
    uses_party(&u, r->party);
    for (unsigned i = 0; i < r->count; i++) {
        u.parties |= r->rule[i].to == SET_ANY ? 0 : r->rule[i].to;
        uses_party(&u, r->rule[i].via);
        uses_scope(&u, &r->rule[i].scope);
    }
    if (err_is(locals_of(all, &u, &l))) {
        w->bad = true;
        return;
    }
    put_text(w, RULES_MAGIC);
    locals_write(all, &l, w);
    put_party(&l, r->party, w);
    terms_write(&r->terms, w);
    put_u8(w, (uint8_t)r->count);
    for (unsigned i = 0; i < r->count; i++) {
        put_u8(w, (uint8_t)r->rule[i].action);
        put_u8(w, r->rule[i].officers);
        put_places(&l.parties, r->rule[i].to, w);
        put_party(&l, r->rule[i].via, w);
        put_block8(w, name_span(&r->rule[i].under));
        put_scope(&l, &r->rule[i].scope, w);
    }
}
