/* SPDX-License-Identifier: Apache-2.0 */
#include "agreement/locals.h"

void uses_party(struct uses *u, uint8_t party)
{
    u->parties |= party == PARTY_NONE ? 0 : set_one(party);
}

void uses_levels(struct uses *u, const struct levels *l)
{
    if (levels_any(l)) {
        return;
    }
    for (unsigned i = 0; i < POLICIES_MAX; i++) {
        u->levels.ranks[i] |= l->ranks[i];
    }
}

void uses_scope(struct uses *u, const struct scope *s)
{
    u->topics |= s->topics == SET_ANY ? 0 : s->topics;
    u->disciplines |= s->disciplines == SET_ANY ? 0 : s->disciplines;
    uses_levels(u, &s->levels);
}

static void places_of(const struct names *names, set64 used, struct places *out)
{
    out->count = 0;
    for (unsigned i = set_next(used, 0); i < SET64_MAX; i = set_next(used, i + 1)) {
        unsigned at = out->count++;
        for (; at > 0 && span_order(name_span(&names->name[out->number[at - 1]]),
                                    name_span(&names->name[i])) > 0;
             at--) {
            out->number[at] = out->number[at - 1];
        }
        out->number[at] = (uint8_t)i;
    }
}

static int level_order(const struct policies *all, level a, level b)
{
    const struct policy *pa = &all->policy[a.policy], *pb = &all->policy[b.policy];
    int                  order = span_order(name_span(&pa->name), name_span(&pb->name));
    return order != 0
               ? order
               : span_order(name_span(&pa->level[a.rank].name), name_span(&pb->level[b.rank].name));
}

static err levels_of(const struct policies *all, const struct levels *used, struct locals *out)
{
    out->level_count = 0;
    for (unsigned i = 0; i < POLICIES_MAX * LEVELS_MAX; i++) {
        level one = {(uint8_t)(i / LEVELS_MAX), (uint8_t)(i % LEVELS_MAX)};
        if (!levels_have(used, one)) {
            continue;
        }
        if (out->level_count == PLACES_MAX) {
            return FAIL(LIMIT, "the text speaks of more than 64 levels");
        }
        unsigned at = out->level_count++;
        for (; at > 0 && level_order(all, out->level[at - 1], one) > 0; at--) {
            out->level[at] = out->level[at - 1];
        }
        out->level[at] = one;
    }
    return OK;
}

err locals_of(const struct policies *all, const struct uses *u, struct locals *out)
{
    places_of(&all->parties, u->parties, &out->parties);
    places_of(&all->topics, u->topics, &out->topics);
    places_of(&all->disciplines, u->disciplines, &out->disciplines);
    return levels_of(all, &u->levels, out);
}

static void places_write(const struct names *names, const struct places *p, struct writer *w)
{
    put_u8(w, (uint8_t)p->count);
    for (unsigned i = 0; i < p->count; i++) {
        put_block8(w, name_span(&names->name[p->number[i]]));
    }
}

void locals_write(const struct policies *all, const struct locals *l, struct writer *w)
{
    places_write(&all->parties, &l->parties, w);
    places_write(&all->topics, &l->topics, w);
    places_write(&all->disciplines, &l->disciplines, w);
    put_u8(w, (uint8_t)l->level_count);
    for (unsigned i = 0; i < l->level_count; i++) {
        const struct policy *p = &all->policy[l->level[i].policy];
        put_block8(w, name_span(&p->name));
        put_block8(w, name_span(&p->level[l->level[i].rank].name));
    }
}

/*@ requires \valid_read(names) && names->count <= SET64_MAX && \valid(r) && bounded(r) && \valid(out);
    requires \separated(r, out) && \separated(r, names) && \separated(out, names);
    assigns *r, *out;
    ensures read_on{Pre, Here}(r) && (\result.code == ERR_NONE ==> listed(out)); */
static err places_read(const struct names *names, struct reader *r, struct places *out)
{
    out->count = read_u8(r);
    if (out->count > PLACES_MAX) {
        return FAIL(LIMIT, "the table lists more than 64 names of one sort");
    }
    /*@ loop invariant 0 <= i <= out->count <= PLACES_MAX && read_on{Pre, Here}(r);
        loop invariant \forall integer k; 0 <= k < i ==> out->number[k] < SET64_MAX;
        loop assigns i, *r, out->number[0 .. PLACES_MAX - 1];
        loop variant out->count - i; */
    for (unsigned i = 0; i < out->count; i++) {
        name     one = {0};
        unsigned number = 0;
        TRY(name_of(read_block8(r, NAME_MAX_LEN), &one));
        TRY(names_find(names, name_span(&one), &number));
        out->number[i] = (uint8_t)number;
    }
    return OK;
}

/*@ requires policies_loaded(all) && readable(policy_name) && readable(level_name) && \valid(out);
    requires \separated(out, all);
    assigns *out;
    ensures \result.code == ERR_NONE ==> is_level(*out); */
static err level_find(const struct policies *all, span policy_name, span level_name, level *out)
{
    const struct policy *p = policy_find(all, policy_name);
    /*@ loop invariant 0 <= i && (p != \null ==> i <= p->level_count);
        loop assigns i;
        loop variant LEVELS_MAX - i; */
    for (unsigned i = 0; p != NULL && i < p->level_count; i++) {
        if (span_equal(name_span(&p->level[i].name), level_name)) {
            *out = (level){(uint8_t)(p - all->policy), (uint8_t)i};
            return OK;
        }
    }
    return FAIL(UNKNOWN, "the table names a level that no loaded policy defines");
}

/*@ requires policies_loaded(all) && \valid(r) && bounded(r) && \valid(out);
    requires \separated(r, out) && \separated(r, all) && \separated(out, all);
    assigns *r, out->level_count, out->level[0 .. PLACES_MAX - 1];
    ensures read_on{Pre, Here}(r) && (\result.code == ERR_NONE ==> levels_numbered(out)); */
static err levels_list_read(const struct policies *all, struct reader *r, struct locals *out)
{
    out->level_count = read_u8(r);
    if (out->level_count > PLACES_MAX) {
        return FAIL(LIMIT, "the table lists more than 64 levels");
    }
    /*@ loop invariant 0 <= i <= out->level_count <= PLACES_MAX && read_on{Pre, Here}(r);
        loop invariant \forall integer k; 0 <= k < i ==> is_level(out->level[k]);
        loop assigns i, *r, out->level[0 .. PLACES_MAX - 1];
        loop variant out->level_count - i; */
    for (unsigned i = 0; i < out->level_count; i++) {
        span policy_name = read_block8(r, NAME_MAX_LEN);
        span level_name = read_block8(r, NAME_MAX_LEN);
        TRY(level_find(all, policy_name, level_name, &out->level[i]));
    }
    return OK;
}

err locals_read(const struct policies *all, struct reader *r, struct locals *out)
{
    TRY(places_read(&all->parties, r, &out->parties));
    TRY(places_read(&all->topics, r, &out->topics));
    TRY(places_read(&all->disciplines, r, &out->disciplines));
    return levels_list_read(all, r, out);
}

static uint8_t place_in(const struct places *p, uint8_t number)
{
    for (unsigned i = 0; i < p->count; i++) {
        if (p->number[i] == number) {
            return (uint8_t)i;
        }
    }
    return PLACES_NONE;
}

uint8_t place_of_party(const struct locals *l, uint8_t party)
{
    return party == PARTY_NONE ? PLACES_NONE : place_in(&l->parties, party);
}

uint8_t place_of_level(const struct locals *l, level one)
{
    for (unsigned i = 0; i < l->level_count; i++) {
        if (l->level[i].policy == one.policy && l->level[i].rank == one.rank) {
            return (uint8_t)i;
        }
    }
    return PLACES_NONE;
}

void put_party(const struct locals *l, uint8_t party, struct writer *w)
{
    put_u8(w, place_of_party(l, party));
}

void put_places(const struct places *p, set64 set, struct writer *w)
{
    set64 out = set == SET_ANY ? SET_ANY : 0;
    for (unsigned i = 0; i < p->count && set != SET_ANY; i++) {
        out |= set_has(set, p->number[i]) ? set_one(i) : 0;
    }
    put_u64(w, out);
}

void put_level(const struct locals *l, level one, struct writer *w)
{
    put_u8(w, place_of_level(l, one));
}

void put_levels(const struct locals *l, const struct levels *set, struct writer *w)
{
    set64 out = levels_any(set) ? SET_ANY : 0;
    for (unsigned i = 0; i < l->level_count && out != SET_ANY; i++) {
        out |= levels_have(set, l->level[i]) ? set_one(i) : 0;
    }
    put_u64(w, out);
}

void put_scope(const struct locals *l, const struct scope *s, struct writer *w)
{
    put_u8(w, s->kinds);
    put_u8(w, s->area);
    put_u8(w, s->window);
    put_u8(w, s->reduction);
    put_places(&l->disciplines, s->disciplines, w);
    put_places(&l->topics, s->topics, w);
    put_levels(l, &s->levels, w);
}

uint8_t read_party(const struct locals *l, struct reader *r)
{
    uint8_t place = read_u8(r);
    if (place == PLACES_NONE) {
        return PARTY_NONE;
    }
    if (place >= l->parties.count) {
        r->bad = true;
        return PARTY_NONE;
    }
    return l->parties.number[place];
}

set64 read_places(const struct places *p, struct reader *r)
{
    set64 set = read_u64(r), out = 0;
    if (set == SET_ANY) {
        return SET_ANY;
    }
    /*@ loop invariant 0 <= i <= SET64_MAX && read_on{Pre, Here}(r);
        loop assigns i, out;
        loop variant SET64_MAX - i; */
    for (unsigned i = set_next(set, 0); i < SET64_MAX; i = set_next(set, i + 1)) {
        if (i >= p->count) {
            r->bad = true;
            return 0;
        }
        out |= set_one(p->number[i]);
    }
    return out;
}

level read_level(const struct locals *l, struct reader *r)
{
    uint8_t place = read_u8(r);
    if (place >= l->level_count) {
        r->bad = true;
        return (level){POLICIES_MAX, LEVELS_MAX};
    }
    return l->level[place];
}

struct levels read_levels(const struct locals *l, struct reader *r)
{
    set64         set = read_u64(r);
    struct levels out = {0};
    if (set == SET_ANY) {
        return levels_of_any();
    }
    /*@ loop invariant 0 <= i <= SET64_MAX && read_on{Pre, Here}(r);
        loop assigns i, out;
        loop variant SET64_MAX - i; */
    for (unsigned i = set_next(set, 0); i < SET64_MAX; i = set_next(set, i + 1)) {
        if (i >= l->level_count) {
            r->bad = true;
            return out;
        }
        levels_add(&out, l->level[i]);
    }
    return out;
}

struct scope read_scope(const struct locals *l, struct reader *r)
{
    struct scope out = {.kinds = read_u8(r)};
    out.area = read_u8(r);
    out.window = read_u8(r);
    out.reduction = read_u8(r);
    out.disciplines = read_places(&l->disciplines, r);
    out.topics = read_places(&l->topics, r);
    out.levels = read_levels(l, r);
    return out;
}
