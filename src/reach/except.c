/* SPDX-License-Identifier: Apache-2.0 */
#include "reach/except.h"

#include <stdlib.h>

static unsigned count_of(const struct flow *f)
{
    return f->except == NULL ? 0 : f->except->count;
}

static bool within(unsigned y, unsigned x)
{
    return y == TERM_NONE || y == x;
}

/* Whatever evades y evades x, as far as the box goes. */
static bool implies(const struct flow *f, const struct ban *y, const struct ban *x)
{
    const struct corpus_scope *s = y->scope, *t = x->scope;
    bool                       lifted = y->lifted_by == PARTY_NONE || y->lifted_by == x->lifted_by;
    bool                       held =
        y->officers == 0 || (x->officers > 0 && y->giver == x->giver && y->officers >= x->officers);
    return set_within(f->topics & t->topics, s->topics) &&
           set_within(f->disciplines & t->disciplines, s->disciplines) &&
           within(s->area, t->area) && within(s->window, t->window) &&
           within(s->reduction, t->reduction) && lifted && held;
}

bool excepts_within(const struct flow *a, const struct flow *b)
{
    bool all = true;
    for (unsigned i = 0; all && a->except != b->except && i < count_of(a); i++) {
        const struct ban *x = &a->except->ban[i];
        all = !except_touches(b, x);
        for (unsigned k = 0; !all && k < count_of(b); k++) {
            all = implies(b, &b->except->ban[k], x);
        }
    }
    return all;
}

/* ---- a list of them ---- */

static struct excepts *list_make(const struct corpus *l, const struct ban *ban, size_t count)
{
    struct excepts *e = malloc(sizeof *e + count * sizeof *ban);
    MUST(e != NULL);
    e->next = l->kept->first;
    l->kept->first = e;
    e->count = (unsigned)count;
    memcpy(e->ban, ban, count * sizeof *ban);
    return e;
}

void excepts_free(struct excepts *first)
{
    while (first != NULL) {
        struct excepts *next = first->next;
        free(first);
        first = next;
    }
}

/* Those before it in the list count first, so that of two alike one stays. */
static bool is_said(const struct flow *f, const struct ban *list, size_t count, size_t i)
{
    bool said = !except_touches(f, &list[i]);
    for (size_t k = 0; k < count && !said; k++) {
        said = k != i && except_touches(f, &list[k]) && implies(f, &list[k], &list[i]) &&
               (k < i || !implies(f, &list[i], &list[k]));
    }
    return said;
}

void flow_except(struct flow *f, const struct ban *more, size_t count)
{
    size_t      had = count_of(f), kept = 0;
    struct ban *all = malloc((had + count + 1) * sizeof *all), *few;
    MUST(all != NULL);
    few = malloc((had + count + 1) * sizeof *few);
    MUST(few != NULL);
    if (had > 0) {
        memcpy(all, f->except->ban, had * sizeof *all);
    }
    memcpy(all + had, more, count * sizeof *all);
    for (size_t i = 0; i < had + count; i++) {
        if (!is_said(f, all, had + count, i)) {
            few[kept++] = all[i];
        }
    }
    if (kept == 0) {
        f->except = NULL;
    } else if (kept != had || memcmp(few, f->except->ban, kept * sizeof *few) != 0) {
        f->except = list_make(few->law, few, kept);
    }
    free(all);
    free(few);
}

void flow_tidy(struct flow *f)
{
    if (f->except != NULL) {
        flow_except(f, f->except->ban, 0);
    }
}

/* ---- evading one ---- */

static unsigned way_add(struct flow out[EXCEPT_WAYS], unsigned count)
{
    return count + !flow_empty(&out[count]);
}

static unsigned by_approval(const struct flow *f, const struct ban *x, struct flow *out)
{
    *out = *f;
    if (x->lifted_by != PARTY_NONE) {
        out->needs.approvals |= set_one(x->lifted_by);
    }
    return x->lifted_by != PARTY_NONE;
}

static unsigned by_officers(const struct flow *f, const struct ban *x, struct flow *out)
{
    *out = *f;
    if (x->officers > 0) {
        out->needs.officers[x->giver] = x->officers;
    }
    return x->officers > 0;
}

static unsigned by_term(const struct flow *f, const struct ban *x, unsigned term, bool holds,
                        struct flow *out)
{
    *out = *f;
    if (term == TERM_NONE) {
        return 0;
    }
    (holds ? needs_hold : needs_avoid)(&out->needs, x->law, term - 1u);
    return !corpus_set_meet(&out->needs.holds, &out->needs.avoids);
}

unsigned except_ways(const struct flow *f, const struct ban *x, struct flow out[EXCEPT_WAYS])
{
    unsigned count = by_approval(f, x, &out[0]);
    count += by_officers(f, x, &out[count]);
    count += by_term(f, x, x->scope->reduction, true, &out[count]);
    count += by_term(f, x, x->scope->window, false, &out[count]);
    count += by_term(f, x, x->scope->area, false, &out[count]);
    out[count] = *f;
    out[count].topics &= ~x->scope->topics;
    count = way_add(out, count);
    out[count] = *f;
    out[count].disciplines &= ~x->scope->disciplines;
    return way_add(out, count);
}

static bool is_way(const struct flow *f, const struct flow *w, const struct settling *s)
{
    bool  less = w->topics != f->topics || w->disciplines != f->disciplines;
    set64 more = w->needs.approvals & ~f->needs.approvals;
    return (more & s->but) == 0 && !(less && s->whole) && flow_can(w, s->but);
}

/* The first way that leaves something: what it leaves can be settled too, since needs exclude no other way. */
bool flow_settle(struct flow *f, const struct settling *s)
{
    struct flow way[EXCEPT_WAYS];
    for (unsigned i = 0; i < count_of(f); i++) {
        const struct ban *x = &f->except->ban[i];
        if (!except_touches(f, x)) {
            continue;
        }
        unsigned count = except_ways(f, x, way), k = 0;
        while (k < count && !is_way(f, &way[s->cut ? count - 1 - k : k], s)) {
            k++;
        }
        if (k == count) {
            return false;
        }
        *f = way[s->cut ? count - 1 - k : k];
    }
    f->except = NULL;
    return !flow_empty(f);
}

/* ---- cutting by kinds and levels ---- */

static bool speaks(const struct ban *x, const struct flow *f, unsigned kind, unsigned rank)
{
    return (x->scope->kinds >> kind & 1u) != 0 && (x->scope->ranks[f->policy] >> rank & 1u) != 0;
}

/* Do the same speak of both? */
static bool alike(const struct ban *ban, size_t count, unsigned policy, bool kinds, unsigned a,
                  unsigned b)
{
    bool same = true;
    for (size_t i = 0; i < count && same; i++) {
        unsigned of = kinds ? ban[i].scope->kinds : ban[i].scope->ranks[policy];
        same = (of >> a & 1u) == (of >> b & 1u);
    }
    return same;
}

static unsigned class_of(const struct ban *ban, size_t count, unsigned policy, bool kinds,
                         unsigned first, unsigned left)
{
    unsigned out = 0;
    for (unsigned i = first; i < LEVELS_MAX; i++) {
        out |= (left >> i & 1u) != 0 && alike(ban, count, policy, kinds, first, i) ? 1u << i : 0;
    }
    return out;
}

/* What nothing evades, and is of all topics or of all disciplines, is taken away for good. */
static void sides_cut(struct flow *f, const struct ban *ban, size_t count)
{
    for (bool again = true; again && f->topics != 0 && f->disciplines != 0;) {
        again = false;
        for (size_t i = 0; i < count; i++) {
            const struct corpus_scope *s = ban[i].scope;
            if (except_touches(f, &ban[i]) && except_hard(f, &ban[i], 0)) {
                bool all_d = set_within(f->disciplines, s->disciplines);
                bool all_t = set_within(f->topics, s->topics);
                f->topics &= all_d ? ~s->topics : ~(set64)0;
                f->disciplines &= all_t ? ~s->disciplines : ~(set64)0;
                again = again || all_d || all_t;
            }
        }
    }
}

static err class_add(const struct flow *f, unsigned kinds, unsigned ranks, const struct ban *ban,
                     size_t count, struct bag *to)
{
    struct flow in = *f;
    struct ban *some = malloc((count + 1) * sizeof *some);
    size_t      kept = 0;
    MUST(some != NULL);
    for (size_t i = 0; i < count; i++) {
        if (speaks(&ban[i], f, set_next(kinds, 0), set_next(ranks, 0))) {
            some[kept++] = ban[i];
        }
    }
    in.kinds = (uint8_t)kinds;
    for (unsigned o = 0; o < LEVELS_MAX; o++) {
        in.ranks[o] = (uint16_t)(in.ranks[o] & ranks);
    }
    sides_cut(&in, some, kept);
    flow_except(&in, some, kept);
    free(some);
    return flow_empty(&in) ? OK : bag_add(to, &in);
}

static err flow_classes(const struct flow *f, const struct ban *ban, size_t count, struct bag *to)
{
    unsigned levels = 0;
    for (unsigned o = 0; o < LEVELS_MAX; o++) {
        levels |= f->ranks[o];
    }
    for (unsigned kinds = f->kinds; kinds != 0;) {
        unsigned k = class_of(ban, count, f->policy, true, set_next(kinds, 0), kinds);
        kinds &= ~k;
        for (unsigned ranks = levels; ranks != 0;) {
            unsigned r = class_of(ban, count, f->policy, false, set_next(ranks, 0), ranks);
            ranks &= ~r;
            TRY(class_add(f, k, r, ban, count, to));
        }
    }
    return OK;
}

err bag_except(struct bag *b, const struct ban *ban, size_t count)
{
    struct bag left = {0};
    err        e = OK;
    for (size_t i = 0; i < b->count && !err_is(e); i++) {
        e = flow_classes(&b->flow[i], ban, count, &left);
    }
    bag_done(b);
    *b = left;
    return e;
}
