/* SPDX-License-Identifier: Apache-2.0 */
#include "release/index.h"

#include <stddef.h>

size_t index_size(void)
{
    return sizeof(struct index);
}

/* ---- agreements: their order, what they stand under, what they protect and claim ---- */

static void build_places(const struct agreements *all, struct index *out)
{
    for (unsigned a = 0; a < all->count; a++) {
        for (unsigned b = 0; b < all->count; b++) {
            int order =
                memcmp(all->agreement[b].name.text, all->agreement[a].name.text, sizeof(name));
            out->place[a] = (uint8_t)(out->place[a] + (order < 0));
        }
    }
}

static void build_parents(const struct agreements *all, unsigned a, struct index *out)
{
    struct binding *mine = &out->binding[a];
    mine->up = set_one(a);
    for (unsigned u = 0; u < all->agreement[a].under_count; u++) {
        span     wanted = name_span(&all->agreement[a].under[u].agreement);
        unsigned parent = 0;
        bool     known = !err_is(agreements_find(all, wanted, &parent));
        mine->up |= known ? set_one(parent) : 0;
        mine->broken = mine->broken || !known;
    }
}

/* Ancestors of ancestors: after the k-th turn every path through agreements 0 … k is in */
static void build_ancestors(unsigned count, struct index *out)
{
    for (unsigned through = 0; through < count; through++) {
        for (unsigned a = 0; a < count; a++) {
            if (set_has(out->binding[a].up, through)) {
                out->binding[a].up |= out->binding[through].up;
                out->binding[a].broken = out->binding[a].broken || out->binding[through].broken;
            }
        }
    }
}

/* Of two measures of a duty the smaller; none, 0, is the largest when one is taken off */
static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a - 1 < b - 1 ? a : b;
}

static void obligations_tighten(struct obligations *o, const struct obligations *by)
{
    *o = (struct obligations){
        .duties = o->duties | by->duties,
        .receipt_ms = smaller(o->receipt_ms, by->receipt_ms),
        .loss_ms = smaller(o->loss_ms, by->loss_ms),
        .lease_ms = smaller(o->lease_ms, by->lease_ms),
        .destroy_s = smaller(o->destroy_s, by->destroy_s),
        .copies = (uint8_t)smaller(o->copies, by->copies),
        .certifiers = o->certifiers < by->certifiers ? by->certifiers : o->certifiers,
    };
}

static void build_owed(const struct agreements *all, unsigned a, struct index *out)
{
    struct binding *mine = &out->binding[a];
    for (unsigned p = 0; p < all->count; p++) {
        if (set_has(mine->up, p)) {
            obligations_tighten(&mine->owed, &all->agreement[p].owed);
        }
    }
}

static void build_reach(const struct agreement *from, unsigned a, struct index *out)
{
    for (unsigned p = 0; p < SET64_MAX; p++) {
        out->members[p] |= set_has(from->parties, p) ? set_one(a) : 0;
    }
    for (unsigned p = 0; p < POLICIES_MAX && !from->arrangement; p++) {
        for (unsigned r = 0; r < LEVELS_MAX; r++) {
            bool has = (from->covers.ranks[p] >> r & 1u) != 0;
            out->level_covers[p][r] |= has ? set_one(a) : 0;
        }
    }
    out->claims[a] = from->claims;
    out->claimers |= from->claims != 0 ? set_one(a) : 0;
    out->cover[a] = (struct clause_ref){(uint8_t)a, from->covers_article, from->covers_number};
}

/* ---- clauses ---- */

static struct row_scope row_scope_of(const struct scope *s)
{
    return (struct row_scope){.disciplines = s->disciplines,
                              .topics = s->topics,
                              .levels = s->levels,
                              .kinds = s->kinds,
                              .area = s->area,
                              .window = s->window,
                              .reduction = s->reduction,
                              .bound = (s->area | s->window | s->reduction) != TERM_NONE};
}

static set64 parties_of(uint8_t party)
{
    return party == PARTY_NONE ? ~(set64)0 : set_one(party);
}

static void add_may(const struct agreement *in, unsigned a, const struct clause *c,
                    struct index *out)
{
    const struct binding *b = &out->binding[a];
    uint8_t               next = c->via == PARTY_NONE ? c->to : c->via;
    set64                 needed = set_one(c->from) | set_one(c->to) | set_one(next);
    if (b->broken || !set_within(needed, in->parties)) {
        return; /* it can never permit */
    }
    struct obligations owed = b->owed;
    obligations_tighten(&owed, &c->owed);
    out->may[out->may_count++] = (struct may_row){
        .scope = row_scope_of(&c->scope),
        .up = b->up,
        .covers = b->up & out->members[c->from] & out->members[next],
        .claims = in->claims,
        .owed = owed,
        .from = c->from,
        .to = c->to,
        .via = c->via,
        .giving = c->giving,
        .precedence = c->precedence,
        .ref = {(uint8_t)a, c->article, c->number},
    };
}

static void add_never(const struct agreement *in, unsigned a, const struct clause *c,
                      struct index *out)
{
    out->never[out->never_count++] = (struct never_row){
        .scope = row_scope_of(&c->scope),
        .parties = in->parties,
        .from = parties_of(c->from),
        .to = parties_of(c->to),
        .via = c->via,
        .never = c->never,
        .unless_approved = c->unless_approved,
        .approver = c->approver,
        .ref = {(uint8_t)a, c->article, c->number},
    };
}

/* Where x is to be tried; equal ones stay in the order of the table */
static uint32_t ref_key(const struct index *i, struct clause_ref x)
{
    return (uint32_t)i->place[x.agreement] << 16 | (uint32_t)x.article << 8 | x.number;
}

static uint64_t may_key(const struct index *i, const struct may_row *r)
{
    return (uint64_t)r->from << 40 | (uint64_t)r->to << 32 | ref_key(i, r->ref);
}

/* Insertion: stable, no memory, and quick for the hundreds of clauses that agreements have */
static void sort_may(struct index *out)
{
    for (unsigned i = 1; i < out->may_count; i++) {
        struct may_row moved = out->may[i];
        unsigned       to = i;
        for (; to > 0 && may_key(out, &out->may[to - 1]) > may_key(out, &moved); to--) {
            out->may[to] = out->may[to - 1];
        }
        out->may[to] = moved;
    }
}

static void sort_never(struct index *out)
{
    for (unsigned i = 1; i < out->never_count; i++) {
        struct never_row moved = out->never[i];
        unsigned         to = i;
        for (; to > 0 && ref_key(out, out->never[to - 1].ref) > ref_key(out, moved.ref); to--) {
            out->never[to] = out->never[to - 1];
        }
        out->never[to] = moved;
    }
}

static void sort_lines(struct index *out)
{
    for (unsigned i = 1; i < out->line_count; i++) {
        struct line_row moved = out->line[i];
        unsigned        to = i;
        for (; to > 0 && ref_key(out, out->line[to - 1].ref) > ref_key(out, moved.ref); to--) {
            out->line[to] = out->line[to - 1];
        }
        out->line[to] = moved;
    }
}

static void build_rows(const struct agreements *all, struct index *out)
{
    MUST(clauses_held(all) <= INDEX_ROWS_MAX);
    for (unsigned a = 0; a < all->count; a++) {
        const struct agreement *in = &all->agreement[a];
        for (unsigned k = 0; k < in->clause_count; k++) {
            (in->clause[k].kind == CLAUSE_MAY ? add_may : add_never)(in, a, &in->clause[k], out);
        }
        for (unsigned k = 0; k < in->equivalence_count; k++) {
            const struct equivalence *e = &in->equivalence[k];
            out->line[out->line_count++] = (struct line_row){e->given,
                                                             e->receiver,
                                                             e->receiver_policy,
                                                             e->ranks,
                                                             {(uint8_t)a, e->article, e->number}};
        }
    }
    sort_may(out);
    sort_never(out);
    sort_lines(out);
}

static void run_add(struct run *r, unsigned row)
{
    r->first = r->count == 0 ? (uint16_t)row : r->first;
    r->count++;
}

static void build_runs(struct index *out)
{
    for (unsigned i = 0; i < out->may_count; i++) {
        run_add(&out->pair[out->may[i].from][out->may[i].to], i);
    }
    for (unsigned i = 0; i < out->never_count; i++) {
        run_add(&out->nevers[out->never[i].ref.agreement], i);
    }
    for (unsigned i = 0; i < out->line_count; i++) {
        run_add(&out->lines[out->line[i].ref.agreement], i);
    }
}

/* ---- rules ---- */

/* The strictest first: never, then holds for most officers, then release */
static unsigned strictness(const struct rule_row *r)
{
    return (unsigned)r->action << 8 | r->officers;
}

static set64 agreements_named(const struct agreements *all, const name *wanted)
{
    set64 found = 0;
    for (unsigned a = 0; a < all->count; a++) {
        found |= name_equal(&all->agreement[a].name, wanted) ? set_one(a) : 0;
    }
    return found;
}

static void build_rules(const struct agreements *all, const struct rules *rules, struct index *out)
{
    for (unsigned i = 0; i < rules->count; i++) {
        const struct rule *r = &rules->rule[i];
        struct rule_row    row = {.scope = row_scope_of(&r->scope),
                                  .to = r->to,
                                  .via = r->via,
                                  .number = (uint8_t)(i + 1),
                                  .officers = r->officers,
                                  .action = r->action,
                                  .anywhere = r->under.text[0] == 0,
                                  .under = agreements_named(all, &r->under)};
        if (r->action != RULE_HOLD) {
            row.officers = 0;
        } else if (row.officers == 0) {
            row.officers = 1;
        }
        unsigned to = out->rule_count++;
        for (; to > 0 && strictness(&out->rule[to - 1]) < strictness(&row); to--) {
            out->rule[to] = out->rule[to - 1];
        }
        out->rule[to] = row;
    }
}

void index_build(const struct tables *t, struct index *out)
{
    const struct agreements *all = &t->agreements;
    memset(out, 0, offsetof(struct index, may));
    build_places(all, out);
    for (unsigned a = 0; a < all->count; a++) {
        build_parents(all, a, out);
        build_reach(&all->agreement[a], a, out);
    }
    build_ancestors(all->count, out);
    for (unsigned a = 0; a < all->count; a++) {
        build_owed(all, a, out);
    }
    build_rows(all, out);
    build_rules(all, &t->rules, out);
    build_runs(out);
}
