/* SPDX-License-Identifier: Apache-2.0 */
#include "reach/leg.h"

#include <stdlib.h>

/* ---- what forbids ---- */

static bool route_fits(const struct corpus_clause *n, const struct leg *leg)
{
    return (n->from == PARTY_NONE || n->from == leg->from) &&
           (n->to == PARTY_NONE || n->to == leg->to) &&
           (n->via == PARTY_NONE || n->via == leg->via);
}

/* An origin's own item has no foreign originator: nothing is passed on, and nobody need approve. */
bool never_counts(const struct corpus *l, const struct corpus_clause *n, const struct leg *leg,
                  struct ban *out)
{
    bool own = leg->from == leg->origin;
    bool originators = n->unless_approved && n->approver == PARTY_NONE;
    if (!route_fits(n, leg) || n->never == NEVER_OTHER_PURPOSE ||
        (own && (n->never == NEVER_ONWARD || originators))) {
        return false;
    }
    *out = (struct ban){.law = l, .scope = &n->scope, .clause = n, .lifted_by = PARTY_NONE};
    if (n->unless_approved) {
        out->lifted_by = originators ? leg->origin : n->approver;
    }
    return true;
}

/* bans - a growing list */
struct bans {
    struct ban *ban;
    size_t      count, max;
};

static err bans_add(struct bans *b, const struct ban *one)
{
    struct ban *grown = array_grow(b->ban, b->count, &b->max, sizeof *grown);
    if (grown == NULL) {
        return FAIL(FULL, "there is no memory for what is forbidden");
    }
    b->ban = grown;
    grown[b->count++] = *one;
    return OK;
}

static err nevers_add(const struct corpus *l, const struct leg *leg, unsigned agreement,
                      struct bans *out)
{
    const struct corpus_agreement *a = &l->agreement[agreement];
    for (unsigned i = 0; i < a->never_count; i++) {
        struct ban ban;
        if (never_counts(l, &l->never[a->first + i], leg, &ban)) {
            TRY(bans_add(out, &ban));
        }
    }
    return OK;
}

static err bans_forbid(struct bans *all, err e, struct bag *b)
{
    e = err_is(e) ? e : bag_forbid(b, all->ban, all->count);
    free(all->ban);
    return e;
}

err leg_lineage(const struct corpus *l, const struct leg *leg, const struct corpus_set *lineage,
                const struct corpus_set *but, struct bag *b)
{
    struct bans all = {0};
    err         e = OK;
    for (unsigned a = corpus_set_next(lineage, 0); a != CORPUS_NONE && !err_is(e);
         a = corpus_set_next(lineage, a + 1)) {
        e = corpus_set_has(but, a) ? OK : nevers_add(l, leg, a, &all);
    }
    return bans_forbid(&all, e, b);
}

/* ---- national rules ---- */

static bool joins(const struct corpus *l, unsigned a, const struct leg *leg, uint8_t party)
{
    return set_has(l->agreement[a].parties, leg->from) && set_has(l->agreement[a].parties, party);
}

static bool concerns(const struct corpus *l, unsigned a, const struct leg *leg)
{
    return joins(l, a, leg, leg->to) || joins(l, a, leg, leg_receiver(leg));
}

/* Bound to an agreement, it speaks only while that stands between these two. */
static bool is_under(const struct corpus *l, const struct corpus_rule *r, const struct leg *leg)
{
    unsigned a = r->under.text[0] == 0 ? CORPUS_NONE : corpus_find(l, &r->under);
    return r->under.text[0] == 0 ||
           (a != CORPUS_NONE && concerns(l, a, leg) && corpus_stands(l, a));
}

static bool may_speak(const struct corpus *l, const struct corpus_rule *r, const struct leg *leg)
{
    return set_has(r->to, leg->to) && (r->via == PARTY_NONE || r->via == leg->via) &&
           is_under(l, r, leg);
}

/* Holding back needs only touch, so it is taken off as a prohibition that officers lift. */
static err rules_restrict(const struct corpus *l, const struct leg *leg, struct bag *b)
{
    const struct corpus_rules *rules = &l->rules[leg->from];
    struct bans                all = {0};
    err                        e = OK;
    for (unsigned i = 0; i < rules->count && !err_is(e); i++) {
        const struct corpus_rule *r = &rules->rule[i];
        if (r->action != RULE_RELEASE && may_speak(l, r, leg)) {
            const struct ban ban = {.law = l,
                                    .scope = &r->scope,
                                    .rule = r,
                                    .lifted_by = PARTY_NONE,
                                    .giver = leg->from,
                                    .officers = r->action == RULE_HOLD ? r->officers : 0};
            e = bans_add(&all, &ban);
        }
    }
    return bans_forbid(&all, e, b);
}

static bool scope_needs(const struct corpus *l, const struct corpus_scope *s, struct needs *out)
{
    const uint16_t term[] = {s->area, s->window, s->reduction};
    for (unsigned i = 0; i < ARRAY_LEN(term); i++) {
        if (term[i] != TERM_NONE) {
            needs_hold(out, l, term[i] - 1u);
        }
    }
    return !corpus_set_meet(&out->holds, &out->avoids);
}

/* The part of f that is wholly in the scope; empty when nothing is. */
static struct flow flow_inside(const struct corpus *l, const struct flow *f,
                               const struct corpus_scope *s)
{
    struct flow in = *f;
    in.topics &= s->topics;
    in.disciplines &= s->disciplines;
    in.kinds &= s->kinds;
    for (unsigned r = 0; r < LEVELS_MAX; r++) {
        in.ranks[r] = (uint16_t)(in.ranks[r] & s->ranks[f->policy]);
    }
    in.kinds = scope_needs(l, s, &in.needs) ? in.kinds : 0;
    return in;
}

/* What no rule speaks of waits for one officer; one line that releases must hold all of an item. */
static err rules_release(const struct corpus *l, const struct leg *leg, struct bag *b)
{
    const struct corpus_rules *rules = &l->rules[leg->from];
    struct bag                 out = {0};
    err                        e = OK;
    for (size_t k = 0; k < b->count && !err_is(e); k++) {
        struct flow asked = b->flow[k];
        for (unsigned i = 0; asked.needs.officers[leg->from] == 0 && i < rules->count; i++) {
            const struct corpus_rule *r = &rules->rule[i];
            struct flow               in = flow_inside(l, &asked, &r->scope);
            bool                      speaks = r->action == RULE_RELEASE && may_speak(l, r, leg);
            e = !err_is(e) && speaks && !flow_empty(&in) ? bag_add(&out, &in) : e;
        }
        uint8_t *officers = &asked.needs.officers[leg->from];
        *officers = *officers == 0 ? 1 : *officers;
        e = err_is(e) ? e : bag_add(&out, &asked);
    }
    bag_done(b);
    *b = out;
    return e;
}

/* ---- one basis ---- */

struct basis {
    const struct corpus        *law;
    const struct leg           *leg;
    const struct corpus_clause *clause;
    unsigned                    cover;
    set64                       topics; /* those that claims leave to the clause */
    uint16_t *answered; /* by policy: levels that an agreement before it answers for */
};

/* The first line by article, number, place: what the receiver's own level is. */
static const struct corpus_line *line_of(const struct corpus_agreement *b, unsigned policy,
                                         unsigned rank, uint8_t receiver)
{
    const struct corpus_line *best = NULL;
    for (unsigned i = 0; i < b->line_count; i++) {
        const struct corpus_line *e = &b->line[i];
        if (e->policy == policy && e->rank == rank && e->receiver == receiver && e->ranks != 0 &&
            (best == NULL || e->article < best->article ||
             (e->article == best->article && e->number < best->number))) {
            best = e;
        }
    }
    return best;
}

static bool box_of(const struct basis *b, unsigned policy, unsigned to_policy, struct piece *out)
{
    const struct corpus           *l = b->law;
    const struct corpus_scope     *s = &b->clause->scope;
    const struct corpus_agreement *cover = &l->agreement[b->cover];
    *out = (struct piece){.flow = {.topics = s->topics & names_all(&l->topics) & b->topics,
                                   .disciplines = s->disciplines & names_all(&l->disciplines),
                                   .kinds = (uint8_t)(s->kinds & ((1u << KIND_COUNT) - 1)),
                                   .policy = (uint8_t)policy},
                          .leg = *b->leg,
                          .clause = b->clause,
                          .cover = (uint16_t)b->cover,
                          .to_policy = (uint8_t)to_policy};
    unsigned ranks = s->ranks[policy] & cover->covers[policy] & (unsigned)l->valid[policy];
    ranks &= ~(unsigned)b->answered[policy];
    for (unsigned r = 0; r < LEVELS_MAX; r++) {
        const struct corpus_line *line =
            (ranks >> r & 1u) != 0 ? line_of(cover, policy, r, leg_receiver(b->leg)) : NULL;
        if (line != NULL && line->receiver_policy == to_policy) {
            out->flow.ranks[r] = (uint16_t)(1u << r);
            out->map[r] = line->ranks;
        }
    }
    (void)scope_needs(l, s, &out->flow.needs);
    return !flow_empty(&out->flow);
}

static err pieces_add(struct pieces *to, const struct piece *like, const struct bag *b)
{
    for (size_t i = 0; i < b->count; i++) {
        struct piece *grown = array_grow(to->piece, to->count, &to->max, sizeof *grown);
        if (grown == NULL) {
            return FAIL(FULL, "there is no memory for what may flow");
        }
        to->piece = grown;
        if (to->count == PIECES_MAX) {
            return FAIL(LIMIT, "there are more permissions between two parties than are analysed");
        }
        grown[to->count] = *like;
        grown[to->count++].flow = b->flow[i];
    }
    return OK;
}

static err bag_judge(const struct basis *b, struct bag *bag)
{
    const struct corpus     *l = b->law;
    const struct corpus_set *up = &l->agreement[b->clause->agreement].up;
    const struct corpus_set  none = {0};
    TRY(leg_lineage(l, b->leg, up, &none, bag));
    if (l->rules[b->leg->from].known) {
        TRY(rules_restrict(l, b->leg, bag));
        TRY(rules_release(l, b->leg, bag));
    }
    return OK;
}

/* answers - for each policy that is asked, those in which the receiver answers */
static void answers_of(const struct basis *b, set64 answers[static CORPUS_POLICIES_MAX])
{
    const struct corpus_agreement *cover = &b->law->agreement[b->cover];
    memset(answers, 0, CORPUS_POLICIES_MAX * sizeof *answers);
    for (unsigned i = 0; i < cover->line_count; i++) {
        const struct corpus_line *e = &cover->line[i];
        if (e->receiver == leg_receiver(b->leg)) {
            answers[e->policy] |= set_one(e->receiver_policy);
        }
    }
}

/* One policy that is asked and one that answers, each pair that a line of the agreement joins. */
static err basis_pieces(const struct basis *b, struct pieces *out)
{
    set64    answers[CORPUS_POLICIES_MAX];
    unsigned origin = b->law->own_policy[b->leg->origin];
    bool     own = b->leg->from == b->leg->origin;
    answers_of(b, answers);
    for (unsigned p = 0; p < b->law->policy_count; p++) {
        set64 asked = own && p != origin ? 0 : answers[p];
        for (unsigned q = set_next(asked, 0); q < SET64_MAX; q = set_next(asked, q + 1)) {
            struct piece one;
            struct bag   bag = {0};
            if (box_of(b, p, q, &one)) {
                err e = bag_add(&bag, &one.flow);
                e = err_is(e) ? e : bag_judge(b, &bag);
                e = err_is(e) ? e : pieces_add(out, &one, &bag);
                bag_done(&bag);
                TRY(e);
            }
        }
    }
    return OK;
}

/* ---- a leg ---- */

static set64 claimed(const struct corpus *l, const struct leg *leg)
{
    set64 topics = 0;
    for (unsigned a = 0; a < l->agreement_count; a++) {
        bool concerned = l->agreement[a].claims != 0 && concerns(l, a, leg);
        topics |= concerned && corpus_stands(l, a) ? l->agreement[a].claims : 0;
    }
    return topics;
}

static bool covers(const struct corpus *l, unsigned b, const struct leg *leg)
{
    return !l->agreement[b].arrangement && joins(l, b, leg, leg_receiver(leg)) &&
           corpus_stands(l, b);
}

/* The next of the set in the order of names, after `last`; CORPUS_NONE: from the first, or none is left. */
static unsigned next_by_name(const struct corpus *l, const struct corpus_set *of, unsigned last)
{
    unsigned best = CORPUS_NONE;
    for (unsigned a = corpus_set_next(of, 0); a != CORPUS_NONE; a = corpus_set_next(of, a + 1)) {
        span here = name_span(&l->agreement[a].name);
        bool past =
            last == CORPUS_NONE || span_order(here, name_span(&l->agreement[last].name)) > 0;
        if (past &&
            (best == CORPUS_NONE || span_order(here, name_span(&l->agreement[best].name)) < 0)) {
            best = a;
        }
    }
    return best;
}

static void answered_add(const struct basis *b)
{
    const struct corpus_agreement *a = &b->law->agreement[b->cover];
    for (unsigned i = 0; i < a->line_count; i++) {
        const struct corpus_line *e = &a->line[i];
        if (e->receiver == leg_receiver(b->leg) && e->ranks != 0) {
            unsigned now = b->answered[e->policy] | (a->covers[e->policy] & 1u << e->rank);
            b->answered[e->policy] = (uint16_t)now;
        }
    }
}

/* Where no assurance is owed the first agreement that covers is the one; where one is, it is the one
 * under which the receiver gave it. */
static err clause_pieces(const struct corpus *l, const struct leg *leg,
                         const struct corpus_clause *c, set64 topics, struct pieces *out)
{
    const struct corpus_set *up = &l->agreement[c->agreement].up;
    uint16_t                 answered[CORPUS_POLICIES_MAX] = {0};
    struct basis             b = {l, leg, c, 0, topics, answered};
    struct piece             any = {.clause = c};
    bool                     assured = (piece_owed(l, &any).duties & DUTY_ASSURANCE) != 0;
    for (unsigned a = next_by_name(l, up, CORPUS_NONE); a != CORPUS_NONE;
         a = next_by_name(l, up, a)) {
        b.cover = a;
        if (covers(l, a, leg)) {
            TRY(basis_pieces(&b, out));
            if (!assured) {
                answered_add(&b);
            }
        }
    }
    return OK;
}

err leg_pieces(const struct corpus *l, const struct leg *leg, struct pieces *out)
{
    struct corpus_run run = corpus_run(l, leg->from, leg->to, leg->via);
    set64             taken = run.count > 0 ? claimed(l, leg) : 0;
    for (size_t i = run.first; i < run.first + run.count; i++) {
        const struct corpus_clause *c = &l->may[i];
        if (joins(l, c->agreement, leg, leg->to) &&
            joins(l, c->agreement, leg, leg_receiver(leg)) && corpus_stands(l, c->agreement)) {
            TRY(clause_pieces(l, leg, c, l->agreement[c->agreement].claims | ~taken, out));
        }
    }
    return OK;
}

void pieces_done(struct pieces *p)
{
    free(p->piece);
    *p = (struct pieces){0};
}

/* ---- duties ---- */

bool owed_within(const struct obligations *a, const struct obligations *b)
{
    struct obligations both = *a;
    obligations_unite(&both, b);
    return obligations_equal(&both, b);
}

struct obligations piece_owed(const struct corpus *l, const struct piece *p)
{
    struct obligations       all = p->clause->owed;
    const struct corpus_set *up = &l->agreement[p->clause->agreement].up;
    for (unsigned a = corpus_set_next(up, 0); a != CORPUS_NONE; a = corpus_set_next(up, a + 1)) {
        obligations_unite(&all, &l->agreement[a].owed);
    }
    return all;
}
