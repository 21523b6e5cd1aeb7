/* SPDX-License-Identifier: Apache-2.0 */
#include "reach/except.h"

#include <stdlib.h>

/* ---- needs ---- */

void needs_hold(struct needs *n, const struct corpus *l, unsigned atom)
{
    corpus_set_join(&n->holds, &l->wider[atom]);
}

void needs_avoid(struct needs *n, const struct corpus *l, unsigned atom)
{
    corpus_set_join(&n->avoids, &l->narrower[atom]);
}

bool needs_within(const struct needs *a, const struct needs *b)
{
    if (!set_within(a->approvals, b->approvals) || !corpus_set_within(&a->holds, &b->holds) ||
        !corpus_set_within(&a->avoids, &b->avoids)) {
        return false;
    }
    bool fewer = true;
    for (unsigned p = 0; p < CORPUS_PARTIES_MAX; p++) {
        fewer &= a->officers[p] <= b->officers[p];
    }
    return fewer;
}

bool needs_join(struct needs *into, const struct needs *more)
{
    into->approvals |= more->approvals;
    corpus_set_join(&into->holds, &more->holds);
    corpus_set_join(&into->avoids, &more->avoids);
    for (unsigned p = 0; p < CORPUS_PARTIES_MAX; p++) {
        into->officers[p] =
            more->officers[p] > into->officers[p] ? more->officers[p] : into->officers[p];
    }
    return !corpus_set_meet(&into->holds, &into->avoids);
}

/* ---- flows ---- */

static bool has_level(const struct flow *f)
{
    unsigned any = 0;
    for (unsigned r = 0; r < LEVELS_MAX; r++) {
        any |= f->ranks[r];
    }
    return any != 0;
}

/* The smallest items are of one topic and one discipline: one of them evades the others by its needs. */
bool flow_can(const struct flow *f, set64 but)
{
    set64 left = 0;
    for (unsigned t = set_next(f->topics, 0); t < SET64_MAX && left == 0;
         t = set_next(f->topics, t + 1)) {
        left = f->disciplines;
        for (unsigned i = 0; f->except != NULL && i < f->except->count; i++) {
            const struct ban *x = &f->except->ban[i];
            bool              hard =
                set_has(x->scope->topics, t) && except_touches(f, x) && except_hard(f, x, but);
            left &= hard ? ~x->scope->disciplines : ~(set64)0;
        }
    }
    return f->kinds != 0 && left != 0 && has_level(f);
}

bool flow_empty(const struct flow *f)
{
    return !flow_can(f, 0);
}

bool flow_covers(const struct flow *a, const struct flow *b)
{
    if (!set_within(b->topics, a->topics) || !set_within(b->disciplines, a->disciplines) ||
        (b->kinds & ~a->kinds) != 0 || a->policy != b->policy) {
        return false;
    }
    unsigned out = 0;
    for (unsigned r = 0; r < LEVELS_MAX; r++) {
        out |= b->ranks[r] & ~(unsigned)a->ranks[r];
    }
    return out == 0 && needs_within(&a->needs, &b->needs) && excepts_within(a, b);
}

bool flow_meet(struct flow *a, const struct flow *b)
{
    unsigned mask = 0;
    a->topics &= b->topics;
    a->disciplines &= b->disciplines;
    a->kinds &= b->kinds;
    if (a->topics == 0 || a->disciplines == 0 || a->kinds == 0 || a->policy != b->policy) {
        return false;
    }
    for (unsigned r = 0; r < LEVELS_MAX; r++) {
        mask |= b->ranks[r];
    }
    for (unsigned r = 0; r < LEVELS_MAX; r++) {
        a->ranks[r] = (uint16_t)(a->ranks[r] & mask);
    }
    if (!needs_join(&a->needs, &b->needs)) {
        return false;
    }
    if (b->except != NULL && b->except != a->except) {
        flow_except(a, b->except->ban, b->except->count);
    } else {
        flow_tidy(a);
    }
    return !flow_empty(a);
}

/* ---- bags ---- */

static err bag_append(struct bag *b, const struct flow *f)
{
    if (b->count == BAG_MAX) {
        return FAIL(LIMIT, "prohibitions cut one permission into more pieces than can be shown");
    }
    struct flow *grown = array_grow(b->flow, b->count, &b->max, sizeof *grown);
    if (grown == NULL) {
        return FAIL(FULL, "there is no memory for what may flow");
    }
    b->flow = grown;
    b->flow[b->count++] = *f;
    return OK;
}

err bag_add(struct bag *b, const struct flow *f)
{
    size_t kept = b->fixed;
    for (size_t i = 0; i < b->count; i++) {
        if (flow_covers(&b->flow[i], f)) {
            return OK;
        }
    }
    for (size_t i = b->fixed; i < b->count; i++) {
        if (!flow_covers(f, &b->flow[i])) {
            b->flow[kept++] = b->flow[i];
        }
    }
    b->count = kept;
    return bag_append(b, f);
}

void bag_done(struct bag *b)
{
    free(b->flow);
    *b = (struct bag){0};
}

/* ---- what forbids ---- */

static bool is_lifted(const struct flow *f, const struct ban *n)
{
    const struct needs *had = &f->needs;
    return (n->lifted_by != PARTY_NONE && set_has(had->approvals, n->lifted_by)) ||
           (n->officers > 0 && had->officers[n->giver] >= n->officers);
}

static bool is_avoided(const struct flow *f, const struct corpus_scope *s)
{
    return (s->area != TERM_NONE && corpus_set_has(&f->needs.avoids, s->area - 1u)) ||
           (s->window != TERM_NONE && corpus_set_has(&f->needs.avoids, s->window - 1u)) ||
           (s->reduction != TERM_NONE && corpus_set_has(&f->needs.holds, s->reduction - 1u));
}

bool except_touches(const struct flow *f, const struct ban *x)
{
    return (f->topics & x->scope->topics) != 0 && (f->disciplines & x->scope->disciplines) != 0 &&
           !is_avoided(f, x->scope) && !is_lifted(f, x);
}

static bool can_avoid(const struct flow *f, const struct corpus *l, unsigned term)
{
    return term != TERM_NONE && !corpus_set_meet(&f->needs.holds, &l->narrower[term - 1]);
}

bool except_hard(const struct flow *f, const struct ban *x, set64 but)
{
    bool lifted = x->lifted_by != PARTY_NONE && !set_has(but, x->lifted_by);
    return !lifted && x->officers == 0 && x->scope->reduction == TERM_NONE &&
           !can_avoid(f, x->law, x->scope->area) && !can_avoid(f, x->law, x->scope->window);
}

static bool is_touched(const struct flow *f, const struct ban *n)
{
    const struct corpus_scope *s = n->scope;
    unsigned                   levels = 0;
    for (unsigned r = 0; r < LEVELS_MAX; r++) {
        levels |= f->ranks[r] & (unsigned)s->ranks[f->policy];
    }
    return (f->kinds & s->kinds) != 0 && (f->topics & s->topics) != 0 &&
           (f->disciplines & s->disciplines) != 0 && levels != 0 && !is_avoided(f, s) &&
           !is_lifted(f, n);
}

static err add_unless_empty(struct bag *to, const struct flow *f)
{
    return flow_empty(f) || corpus_set_meet(&f->needs.holds, &f->needs.avoids) ? OK
                                                                               : bag_add(to, f);
}

/* An item is not touched when one of its sides is wholly outside. */
static err outside_by_side(const struct flow *f, const struct corpus_scope *s, struct bag *to)
{
    struct flow topics = *f, disciplines = *f, kinds = *f, levels = *f;
    topics.topics &= ~s->topics;
    disciplines.disciplines &= ~s->disciplines;
    kinds.kinds = (uint8_t)(kinds.kinds & ~s->kinds);
    for (unsigned r = 0; r < LEVELS_MAX; r++) {
        levels.ranks[r] = (uint16_t)(levels.ranks[r] & ~s->ranks[f->policy]);
    }
    TRY(add_unless_empty(to, &topics));
    TRY(add_unless_empty(to, &disciplines));
    TRY(add_unless_empty(to, &kinds));
    return add_unless_empty(to, &levels);
}

static err outside_by_need(const struct flow *f, const struct ban *n, struct bag *to)
{
    const struct corpus_scope *s = n->scope;
    struct flow                area = *f, window = *f, reduced = *f, lifted = *f;
    if (s->area != TERM_NONE) {
        needs_avoid(&area.needs, n->law, s->area - 1u);
        TRY(add_unless_empty(to, &area));
    }
    if (s->window != TERM_NONE) {
        needs_avoid(&window.needs, n->law, s->window - 1u);
        TRY(add_unless_empty(to, &window));
    }
    if (s->reduction != TERM_NONE) {
        needs_hold(&reduced.needs, n->law, s->reduction - 1u);
        TRY(add_unless_empty(to, &reduced));
    }
    if (n->lifted_by != PARTY_NONE) {
        lifted.needs.approvals |= set_one(n->lifted_by);
    }
    if (n->officers > 0) {
        lifted.needs.officers[n->giver] = n->officers;
    }
    return n->lifted_by != PARTY_NONE || n->officers > 0 ? add_unless_empty(to, &lifted) : OK;
}

/* What is not touched stays, and no part of what is can cover it: else the whole would have before. */
static err untouched_keep(const struct bag *b, const struct ban *n, struct bag *left)
{
    for (size_t i = 0; i < b->count; i++) {
        if (!is_touched(&b->flow[i], n)) {
            TRY(bag_append(left, &b->flow[i]));
        }
    }
    left->fixed = left->count;
    return OK;
}

static err touched_cut(const struct bag *b, const struct ban *n, struct bag *left)
{
    for (size_t i = 0; i < b->count; i++) {
        if (is_touched(&b->flow[i], n)) {
            TRY(outside_by_side(&b->flow[i], n->scope, left));
            TRY(outside_by_need(&b->flow[i], n, left));
        }
    }
    return OK;
}

static err bag_copy(const struct bag *b, struct bag *out)
{
    *out = (struct bag){0};
    for (size_t i = 0; i < b->count; i++) {
        TRY(bag_append(out, &b->flow[i]));
    }
    return OK;
}

err bag_forbid(struct bag *b, const struct ban *ban, size_t count)
{
    struct bag cut;
    if (count == 0) {
        return OK;
    }
    size_t most = ban->law->boxes_most;
    err    e = bag_copy(b, &cut);
    for (size_t i = 0; i < count && !err_is(e) && cut.count <= most; i++) {
        e = bag_subtract(&cut, &ban[i]);
    }
    if (err_is(e) || cut.count > most) {
        bag_done(&cut);
        return err_is(e) && e.code != ERR_LIMIT ? e : bag_except(b, ban, count);
    }
    bag_done(b);
    *b = cut;
    return OK;
}

err bag_subtract(struct bag *b, const struct ban *n)
{
    size_t touched = 0;
    for (size_t i = 0; i < b->count; i++) {
        touched += is_touched(&b->flow[i], n);
    }
    if (touched == 0) {
        return OK;
    }
    struct bag left = {0};
    err        e = untouched_keep(b, n, &left);
    e = err_is(e) ? e : touched_cut(b, n, &left);
    if (err_is(e)) {
        bag_done(&left);
        return e;
    }
    bag_done(b);
    *b = left;
    b->fixed = 0;
    return OK;
}
