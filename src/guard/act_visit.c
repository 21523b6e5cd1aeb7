/* SPDX-License-Identifier: Apache-2.0 */
/* Visits (GSOMIA article 8): who of another party comes, for what, up to which level, and when. */
#include "guard/act.h"

struct visit *visit_find(struct guard *g, const name *visitor)
{
    for (unsigned i = 0; i < g->showing.visit_count; i++) {
        if (g->showing.visit[i].visitor.text[0] != 0 &&
            name_equal(&g->showing.visit[i].visitor, visitor)) {
            return &g->showing.visit[i];
        }
    }
    return NULL;
}

bool visit_runs(const struct guard *g, const struct visit *v)
{
    instant error = g->clock_error_ms;
    return v->visitor.text[0] != 0 && v->from <= g->now - error && g->now + error < v->until;
}

bool visits_changed(struct guard *g)
{
    bool     changed = false;
    uint16_t partners = 0;
    for (unsigned i = 0; i < g->showing.visit_count; i++) {
        struct visit *v = &g->showing.visit[i];
        bool          runs = visit_runs(g, v);
        changed = changed || runs != v->runs;
        v->runs = runs;
        partners = (uint16_t)(partners | (unsigned)runs << v->partner);
    }
    classes_foresee(g, partners);
    return changed;
}

/* ---- visit-add ---- */

/* What his party certifies is in levels of its own policy, which is named as the party is. */
static err certified_read(struct guard *g, span text, struct visit *v)
{
    span                 item, last = {NULL, 0};
    level                one;
    const struct policy *his =
        policy_find(&g->tables.policies, name_span(&g->partner[v->partner].name));
    if (his == NULL) {
        return FAIL(STATE, "the policy of the visitor's party is not loaded");
    }
    v->policy = (uint8_t)(his - g->tables.policies.policy);
    for (span rest = span_is(text, "-") ? (span){NULL, 0} : text; list_next(&rest, &item);
         last = item) {
        TRY(level_read(&g->tables.policies, item, &one));
        if (one.policy != v->policy || (last.len > 0 && span_order(last, item) >= 0)) {
            return FAIL(MALFORMED,
                        "a visitor's clearance is a list of levels of his own party's policy");
        }
        v->clearance = (uint16_t)(v->clearance | 1U << one.rank);
    }
    return OK;
}

static err rooms_read(struct guard *g, span text, struct visit *v)
{
    span item, last = {NULL, 0};
    for (span rest = text; list_next(&rest, &item); last = item) {
        if (v->room_count == VISIT_ROOMS_MAX) {
            return FAIL(LIMIT, "a visit names eight rooms at most");
        }
        name *n = &v->room[v->room_count++];
        TRY(name_of(item, n));
        if (last.len > 0 && span_order(last, item) >= 0) {
            return FAIL(MALFORMED, "a list is written in the order of its bytes, each item once");
        }
        if (room_find(&g->showing.rooms, n) == NULL) {
            return FAIL(UNKNOWN, "a visit names a room that is not there");
        }
    }
    return v->room_count > 0 ? OK : FAIL(MALFORMED, "a visit names the rooms that it is to");
}

static err parties_read(struct guard *g, const name *party, const name *agreement, struct visit *v)
{
    const struct partner    *p = partner_find(g, party);
    const struct agreements *all = &g->tables.agreements;
    unsigned                 i = 0;
    while (i < all->count && !name_equal(&all->agreement[i].name, agreement)) {
        i++;
    }
    if (p == NULL) {
        return FAIL(UNKNOWN, "the party of a visit is no partner here");
    }
    if (i == all->count) {
        return FAIL(UNKNOWN, "the agreement of a visit is not loaded here");
    }
    v->partner = (uint8_t)(p - g->partner);
    v->agreement = (uint8_t)i;
    return set_has(all->agreement[i].parties, p->party) &&
                   set_has(all->agreement[i].parties, g->self)
               ? OK
               : FAIL(DENIED, "the agreement is not between this party and the visitor's");
}

static err visit_decode(struct guard *g, const struct act_view *act, struct visit *out)
{
    struct lines l = lines_of(act->body);
    struct visit v = {.visitor = take_name(&l, "visitor")};
    name         party = take_name(&l, "party"), agreement = take_name(&l, "agreement");
    span         clearance = take_text(&l, "clearance"), ceiling = take_text(&l, "ceiling");
    span         topics = take_text(&l, "topics"), scope = take_text(&l, "scope");
    span         rooms = take_text(&l, "rooms");
    v.from = take_instant(&l, "from");
    v.until = take_instant(&l, "until");
    TRY(body_end(&l));
    TRY(parties_read(g, &party, &agreement, &v));
    TRY(certified_read(g, clearance, &v));
    TRY(ranks_read(g, ceiling, &v.ceiling));
    TRY(set_read(&g->tables.policies.topics, topics, &v.topics));
    TRY(rooms_read(g, rooms, &v));
    if (scope.len == 0 || scope.len > SCOPE_MAX) {
        return FAIL(LIMIT, "a visit has a scope, of 96 bytes at most");
    }
    memcpy(v.scope, scope.ptr, scope.len);
    v.scope_len = (uint8_t)scope.len;
    *out = v;
    return v.from < v.until ? OK : FAIL(MALFORMED, "a visit ends after it begins");
}

/* A visit that is over makes room. */
static struct visit *visit_place(struct guard *g, const struct visit *v, instant at)
{
    struct visit *known = visit_find(g, &v->visitor);
    if (known != NULL) {
        return known->until <= at ? known : NULL;
    }
    for (unsigned i = 0; i < g->showing.visit_count; i++) {
        struct visit *one = &g->showing.visit[i];
        if (one->visitor.text[0] == 0 || one->until <= at) {
            return one;
        }
    }
    return g->showing.visit_count < VISITS_MAX ? &g->showing.visit[g->showing.visit_count] : NULL;
}

static err visit_new(struct guard *g, const struct act_view *act, struct visit *v,
                     struct visit **place)
{
    TRY(visit_decode(g, act, v));
    if (person_find(g, &v->visitor) != NULL || name_equal(&v->visitor, &unlisted_name)) {
        return FAIL(CONFLICT, "this is the name of a person on the registry, or of nobody");
    }
    *place = visit_place(g, v, act->time);
    if (*place == NULL) {
        return visit_find(g, &v->visitor) != NULL
                   ? FAIL(CONFLICT, "a visit of this visitor is there already")
                   : FAIL(FULL, "there is no room for another visit");
    }
    return OK;
}

err visit_add_check(struct guard *g, const struct act_view *act, struct writer *shown)
{
    struct visit v, *place;
    TRY(visit_new(g, act, &v, &place));
    TRY(ceiling_check(v.ceiling));
    if (v.until <= g->now) {
        return FAIL(STATE, "the window of this visit lies in the past: nobody could come in it");
    }
    line_text(shown, "shown",
              SPAN_LIT("he is shown what the ceiling and the topics reach, and the agreement "
                       "permits to be disclosed to his party; nothing is given to keep"));
    return OK;
}

err visit_add_fold(struct guard *g, const struct act_view *act)
{
    struct visit v, *place;
    TRY(visit_new(g, act, &v, &place));
    g->showing.visit_count += place == &g->showing.visit[g->showing.visit_count] ? 1 : 0;
    *place = v;
    rooms_law(g, true);
    return OK;
}

/* ---- visit-end ---- */

static err end_decode(struct guard *g, const struct act_view *act, struct visit **out)
{
    struct lines l = lines_of(act->body);
    name         n = take_name(&l, "visitor");
    TRY(body_end(&l));
    *out = visit_find(g, &n);
    return *out == NULL ? FAIL(UNKNOWN, "there is no visit of that visitor") : OK;
}

err visit_end_check(struct guard *g, const struct act_view *act, struct writer *shown)
{
    struct visit *v;
    (void)shown;
    return end_decode(g, act, &v);
}

err visit_end_fold(struct guard *g, const struct act_view *act)
{
    struct visit *v;
    TRY(end_decode(g, act, &v));
    *v = (struct visit){0};
    rooms_law(g, true);
    return OK;
}
