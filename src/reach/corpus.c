/* SPDX-License-Identifier: Apache-2.0 */
#include "reach/corpus.h"

#include <stdlib.h>

#include "reach/except.h"

void *array_grow(void *old, size_t count, size_t *max, size_t size)
{
    if (count < *max) {
        return old;
    }
    size_t more = *max == 0 ? 16 : *max * 2;
    void  *grown = reallocarray(old, more, size);
    *max = grown != NULL ? more : *max;
    return grown;
}

/* ---- sets ---- */

bool corpus_set_within(const struct corpus_set *a, const struct corpus_set *b)
{
    set64 out = 0;
    for (unsigned i = 0; i < CORPUS_SET_WORDS; i++) {
        out |= a->word[i] & ~b->word[i];
    }
    return out == 0;
}

bool corpus_set_meet(const struct corpus_set *a, const struct corpus_set *b)
{
    set64 both = 0;
    for (unsigned i = 0; i < CORPUS_SET_WORDS; i++) {
        both |= a->word[i] & b->word[i];
    }
    return both != 0;
}

void corpus_set_join(struct corpus_set *into, const struct corpus_set *more)
{
    for (unsigned i = 0; i < CORPUS_SET_WORDS; i++) {
        into->word[i] |= more->word[i];
    }
}

unsigned corpus_set_next(const struct corpus_set *s, unsigned from)
{
    for (unsigned w = from / SET64_MAX; w < CORPUS_SET_WORDS; w++) {
        unsigned n = set_next(s->word[w], w == from / SET64_MAX ? from % SET64_MAX : 0);
        if (n < SET64_MAX) {
            return w * SET64_MAX + n;
        }
    }
    return CORPUS_NONE;
}

/* ---- names and levels ---- */

static uint16_t ranks_valid(const struct policy *p)
{
    uint16_t out = 0;
    for (unsigned r = 0; r < p->level_count; r++) {
        const struct policy_level *l = &p->level[r];
        bool fits = !l->obsolete && (l->caveats_required & l->caveats_excluded) == 0;
        out = (uint16_t)(out | (fits ? 1u << r : 0));
    }
    return out;
}

err corpus_new(const struct policies *all, struct corpus **out)
{
    struct corpus *l = calloc(1, sizeof *l);
    if (l == NULL) {
        return FAIL(FULL, "there is no memory for the law");
    }
    l->parties = all->parties;
    l->topics = all->topics;
    l->disciplines = all->disciplines;
    l->policy_count = all->count;
    memset(l->own_policy, 0xff, sizeof l->own_policy);
    for (unsigned p = 0; p < all->count; p++) {
        unsigned party;
        l->policy[p] = all->policy[p].name;
        l->valid[p] = ranks_valid(&all->policy[p]);
        for (unsigned r = 0; r < all->policy[p].level_count; r++) {
            l->level[p][r] = all->policy[p].level[r].name;
        }
        if (!err_is(names_find(&all->parties, name_span(&l->policy[p]), &party))) {
            l->own_policy[party] = (uint16_t)p;
        }
    }
    *out = l;
    return OK;
}

void corpus_free(struct corpus *l)
{
    if (l == NULL) {
        return;
    }
    for (unsigned a = 0; a < l->agreement_count; a++) {
        free(l->agreement[a].line);
    }
    for (unsigned p = 0; p < CORPUS_PARTIES_MAX; p++) {
        free(l->rules[p].rule);
    }
    excepts_free(l->kept != NULL ? l->kept->first : NULL);
    free(l->kept);
    free(l->may);
    free(l->never);
    free(l);
}

/* ---- atoms: two terms are one atom when they say the same, whatever their names ---- */

const name *atom_name(const struct atom *a)
{
    return a->kind == ATOM_AREA     ? &a->area.name
           : a->kind == ATOM_WINDOW ? &a->window.name
                                    : &a->reduction.name;
}

bool atom_within(const struct atom *a, const struct atom *b)
{
    return a->kind == b->kind &&
           (a->kind == ATOM_AREA     ? area_within(&a->area, &b->area)
            : a->kind == ATOM_WINDOW ? window_within(&a->window, &b->window)
                                     : reduction_meets(&a->reduction, &b->reduction));
}

static bool atom_same(const struct atom *a, const struct atom *b)
{
    return atom_within(a, b) && atom_within(b, a);
}

static err atom_add(struct corpus *l, const struct atom *a, uint16_t *out)
{
    unsigned i = 0;
    while (i < l->atom_count && !atom_same(&l->atom[i], a)) {
        i++;
    }
    if (i == CORPUS_ATOMS_MAX) {
        return FAIL(LIMIT, "the texts define more areas, windows and reductions than are compared");
    }
    if (i == l->atom_count || i < l->atoms_shared) {
        l->atom[i] = *a; /* of what is shared, each law has its own name */
    }
    l->atom_count += i == l->atom_count;
    *out = (uint16_t)(i + 1);
    return OK;
}

void corpus_atoms_share(struct corpus *l, const struct corpus *like)
{
    for (unsigned i = l->atom_count; i < like->atom_count; i++) {
        l->atom[i] = like->atom[i];
    }
    l->atom_count = like->atom_count > l->atom_count ? like->atom_count : l->atom_count;
    l->atoms_shared = l->atom_count;
}

static err scope_take(struct corpus *l, const struct terms *t, const struct scope *s,
                      struct corpus_scope *out)
{
    *out = (struct corpus_scope){
        .kinds = s->kinds, .disciplines = s->disciplines, .topics = s->topics};
    memcpy(out->ranks, s->levels.ranks, sizeof s->levels.ranks);
    if (levels_any(&s->levels)) {
        memset(out->ranks, 0xff, sizeof out->ranks);
    }
    if (s->area != TERM_NONE) {
        struct atom a = {.kind = ATOM_AREA, .area = t->area[s->area - 1]};
        TRY(atom_add(l, &a, &out->area));
    }
    if (s->window != TERM_NONE) {
        struct atom a = {.kind = ATOM_WINDOW, .window = t->window[s->window - 1]};
        TRY(atom_add(l, &a, &out->window));
    }
    if (s->reduction != TERM_NONE) {
        struct atom a = {.kind = ATOM_REDUCTION, .reduction = t->reduction[s->reduction - 1]};
        TRY(atom_add(l, &a, &out->reduction));
    }
    return OK;
}

/* ---- agreements and rules ---- */

unsigned corpus_find(const struct corpus *l, const name *wanted)
{
    for (unsigned a = 0; a < l->agreement_count; a++) {
        if (name_equal(&l->agreement[a].name, wanted)) {
            return a;
        }
    }
    return CORPUS_NONE;
}

err corpus_clause_add(struct corpus *l, const struct corpus_clause *c)
{
    bool                   may = c->kind == CLAUSE_MAY;
    struct corpus_clause **list = may ? &l->may : &l->never;
    size_t                *count = may ? &l->may_count : &l->never_count;
    struct corpus_clause  *grown =
        array_grow(*list, *count, may ? &l->may_max : &l->never_max, sizeof *grown);
    if (grown == NULL) {
        return FAIL(FULL, "there is no memory for the clauses");
    }
    *list = grown;
    grown[(*count)++] = *c;
    return OK;
}

static err clauses_take(struct corpus *l, const struct agreement *a, unsigned number)
{
    for (unsigned k = 0; k < a->clause_count; k++) {
        const struct clause *c = &a->clause[k];
        struct corpus_clause out = {.kind = c->kind,
                                    .agreement = (uint16_t)number,
                                    .article = c->article,
                                    .number = c->number,
                                    .from = c->from,
                                    .to = c->to,
                                    .via = c->via,
                                    .giving = c->giving,
                                    .precedence = c->precedence,
                                    .never = c->never,
                                    .unless_approved = c->unless_approved,
                                    .approver = c->approver,
                                    .owed = c->owed};
        TRY(scope_take(l, &a->terms, &c->scope, &out.scope));
        TRY(corpus_clause_add(l, &out));
    }
    return OK;
}

static err lines_take(const struct agreement *a, struct corpus_agreement *out)
{
    out->line = calloc(a->equivalence_count + 1, sizeof *out->line);
    if (out->line == NULL) {
        return FAIL(FULL, "there is no memory for the equivalences");
    }
    for (unsigned i = 0; i < a->equivalence_count; i++) {
        const struct equivalence *e = &a->equivalence[i];
        out->line[out->line_count++] =
            (struct corpus_line){e->given.policy, e->given.rank, e->receiver, e->receiver_policy,
                                 e->ranks,        e->article,    e->number};
    }
    return OK;
}

err corpus_add(struct corpus *l, const struct agreement *a)
{
    if (l->agreement_count == CORPUS_AGREEMENTS_MAX) {
        return FAIL(LIMIT, "there are more agreements than are analysed at once");
    }
    if (corpus_find(l, &a->name) != CORPUS_NONE) {
        return FAIL(CONFLICT, "two of the texts hold an agreement of this name");
    }
    unsigned                 number = l->agreement_count++;
    struct corpus_agreement *out = &l->agreement[number];
    *out = (struct corpus_agreement){.name = a->name,
                                     .arrangement = a->arrangement,
                                     .stands = true,
                                     .parties = a->parties,
                                     .claims = a->claims,
                                     .covers_article = a->covers_article,
                                     .covers_number = a->covers_number,
                                     .owed = a->owed,
                                     .under_count = a->under_count};
    memcpy(out->covers, a->covers.ranks, sizeof a->covers.ranks);
    for (unsigned u = 0; u < a->under_count; u++) {
        out->under[u] = a->under[u].agreement;
    }
    TRY(lines_take(a, out));
    return clauses_take(l, a, number);
}

err corpus_add_rules(struct corpus *l, const struct rules *r)
{
    struct corpus_rules *out = &l->rules[r->party];
    if (out->known) {
        return FAIL(CONFLICT, "two of the files hold the rules of this party");
    }
    out->known = true;
    out->rule = calloc(r->count + 1, sizeof *out->rule);
    if (out->rule == NULL) {
        return FAIL(FULL, "there is no memory for the rules");
    }
    for (unsigned i = 0; i < r->count; i++) {
        const struct rule *rule = &r->rule[i];
        bool               bare = rule->action == RULE_HOLD && rule->officers == 0;
        out->rule[i] = (struct corpus_rule){.action = rule->action,
                                            .number = (uint8_t)(i + 1),
                                            .officers = bare ? 1 : rule->officers,
                                            .via = rule->via,
                                            .to = rule->to,
                                            .under = rule->under};
        TRY(scope_take(l, &r->terms, &rule->scope, &out->rule[i].scope));
        out->count++;
    }
    return OK;
}

/* ---- ready ---- */

static void up_make(struct corpus *l, unsigned number)
{
    struct corpus_agreement *a = &l->agreement[number];
    struct corpus_set        before;
    a->up = (struct corpus_set){0};
    a->broken = false;
    corpus_set_add(&a->up, number);
    do {
        before = a->up;
        for (unsigned i = corpus_set_next(&before, 0); i != CORPUS_NONE;
             i = corpus_set_next(&before, i + 1)) {
            for (unsigned u = 0; u < l->agreement[i].under_count; u++) {
                unsigned p = corpus_find(l, &l->agreement[i].under[u]);
                a->broken = a->broken || p == CORPUS_NONE;
                if (p != CORPUS_NONE) {
                    corpus_set_add(&a->up, p);
                }
            }
        }
    } while (memcmp(&before, &a->up, sizeof before) != 0);
}

static int route_order(const struct corpus_clause *x, const struct corpus_clause *y)
{
    int order = x->from - y->from;
    order = order != 0 ? order : x->to - y->to;
    return order != 0 ? order : x->via - y->via;
}

static int place_order(const struct corpus_clause *x, const struct corpus_clause *y)
{
    int order = x->agreement - y->agreement;
    order = order != 0 ? order : x->article - y->article;
    return order != 0 ? order : x->number - y->number;
}

static int may_order(const void *a, const void *b)
{
    int order = route_order(a, b);
    return order != 0 ? order : place_order(a, b);
}

static int never_order(const void *a, const void *b)
{
    return place_order(a, b);
}

static void atoms_order(struct corpus *l)
{
    memset(l->wider, 0, sizeof l->wider);
    memset(l->narrower, 0, sizeof l->narrower);
    for (unsigned i = 0; i < l->atom_count; i++) {
        for (unsigned k = 0; k < l->atom_count; k++) {
            if (atom_within(&l->atom[i], &l->atom[k])) {
                corpus_set_add(&l->wider[i], k);
                corpus_set_add(&l->narrower[k], i);
            }
        }
    }
}

void corpus_ready(struct corpus *l)
{
    if (l->kept == NULL) {
        l->kept = calloc(1, sizeof *l->kept);
        MUST(l->kept != NULL);
        l->boxes_most = BOXES_MOST;
    }
    atoms_order(l);
    if (l->may_count > 0) {
        qsort(l->may, l->may_count, sizeof *l->may, may_order);
    }
    if (l->never_count > 0) {
        qsort(l->never, l->never_count, sizeof *l->never, never_order);
    }
    for (unsigned a = 0; a < l->agreement_count; a++) {
        up_make(l, a);
        l->agreement[a].never_count = 0;
    }
    for (size_t i = l->never_count; i > 0; i--) {
        struct corpus_agreement *a = &l->agreement[l->never[i - 1].agreement];
        a->first = (unsigned)(i - 1);
        a->never_count++;
    }
}

bool corpus_stands(const struct corpus *l, unsigned agreement)
{
    const struct corpus_agreement *a = &l->agreement[agreement];
    bool                           all = !a->broken;
    for (unsigned i = corpus_set_next(&a->up, 0); all && i != CORPUS_NONE;
         i = corpus_set_next(&a->up, i + 1)) {
        all = l->agreement[i].stands;
    }
    return all;
}

/* The first place whose route is not before `key`, or is past it. */
static size_t run_edge(const struct corpus *l, const struct corpus_clause *key, bool past)
{
    size_t low = 0, high = l->may_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int    order = route_order(&l->may[middle], key);
        if (order < 0 || (past && order == 0)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct corpus_run corpus_run(const struct corpus *l, uint8_t from, uint8_t to, uint8_t via)
{
    const struct corpus_clause key = {.from = from, .to = to, .via = via};
    size_t                     first = run_edge(l, &key, false);
    return (struct corpus_run){first, run_edge(l, &key, true) - first};
}

void corpus_ref_format(const struct corpus *l, unsigned agreement, uint8_t article, uint8_t number,
                       struct writer *w)
{
    put_span(w, name_span(&l->agreement[agreement].name));
    if (article != 0) {
        put_text(w, " article ");
        put_decimal(w, article);
    }
    if (number != 0) {
        put_text(w, " clause ");
        put_decimal(w, number);
    }
}
