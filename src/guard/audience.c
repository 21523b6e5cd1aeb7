/* SPDX-License-Identifier: Apache-2.0 */
/* The audience of a room: may everybody who is in it see this? */
#include "guard/act.h"
#include "guard/opening.h"

/* ---- who they are ---- */

static bool visit_here(const struct guard *g, const struct visit *v, const name *room)
{
    bool here = false;
    for (unsigned i = 0; i < v->room_count; i++) {
        here = here || name_equal(&v->room[i], room);
    }
    return here && visit_runs(g, v);
}

struct viewer viewer_of(struct guard *g, const struct room *r, const name *who)
{
    struct viewer        out = {.kind = VIEWER_NOBODY, .name = *who};
    const struct person *p = person_find(g, who);
    const struct visit  *v = visit_find(g, who);
    if (name_equal(who, &unlisted_name)) {
        return out;
    }
    if (p != NULL && p->reader.registered) {
        out.kind = VIEWER_PERSON;
        out.reader = &p->reader;
    } else if (p == NULL && v != NULL && visit_here(g, v, &r->name)) {
        out.kind = VIEWER_VISITOR;
        out.visit = v;
    }
    return out;
}

void audience_of(struct guard *g, struct room *r, struct audience *out)
{
    const struct policy *own = policy_find(&g->tables.policies, name_span(&g->party));
    out->policy = own == NULL ? UINT8_MAX : (uint8_t)(own - g->tables.policies.policy);
    out->fresh = room_fresh_until(r) > g->boot_ms;
    out->ceiling = room_show_of(g, r)->ceiling;
    out->count = r->occupant_count;
    for (unsigned i = 0; i < r->occupant_count; i++) {
        out->viewer[i] = viewer_of(g, r, &r->occupant[i].name);
    }
}

/* ---- may he? ---- */

static const char *person_may(struct guard *g, struct opening *o, const struct viewer *v)
{
    o->reader = *v->reader;
    uint16_t failed = opening_judge(g, o);
    unsigned step = set_next(failed, 0);
    if (failed == 0) {
        return NULL;
    }
    return step < OPENING_STEP_COUNT ? opening_step_name((enum opening_step)step) : "alarm";
}

static const char *visitor_may(struct guard *g, struct class_row *c, const struct visit *v)
{
    unsigned p = v->partner;
    if (!set_has(v->ceiling, c->handled_as)) {
        return "the visit's ceiling";
    }
    if (!set_within(c->marking.topics, v->topics)) {
        return "the visit's topics";
    }
    if (!class_discloses(g, c, p)) {
        return "no disclosure to that party";
    }
    const struct policy *his = &g->tables.policies.policy[c->policy[p]];
    bool                 certified = c->policy[p] == v->policy &&
                     set_has(v->clearance, policy_strictest(his, c->equivalents[p]));
    return certified ? NULL : "the visitor's clearance";
}

static const char *viewer_may(struct guard *g, struct class_row *c, struct opening *o,
                              const struct viewer *v)
{
    if (v->kind == VIEWER_PERSON) {
        return person_may(g, o, v);
    }
    return v->kind == VIEWER_VISITOR ? visitor_may(g, c, v->visit) : "nobody known";
}

static struct mask_reason because(const char *why)
{
    return (struct mask_reason){.why = why};
}

static const char *place_of(const struct audience *a, const struct class_row *c)
{
    if (!c->stands) {
        return "its giver or its agreement does not let it be opened";
    }
    return a->policy == UINT8_MAX || !set_has(a->ceiling, c->handled_as) ? "the room's ceiling"
                                                                         : NULL;
}

struct mask_reason audience_may(struct guard *g, const struct audience *a, struct class_row *c)
{
    struct opening o = {.party = g->self,
                        .own_policy = a->policy,
                        .marking = c->marking,
                        .handled_as = c->handled_as,
                        .obligations = c->owed,
                        .place_ranks = a->ceiling};
    const char    *why = place_of(a, c);
    if (why != NULL || c->bare) {
        return because(why);
    }
    if (!a->fresh || a->count == 0) {
        return because(a->fresh ? "nobody known is there" : "who is there is not known");
    }
    for (unsigned i = 0; i < a->count; i++) {
        why = viewer_may(g, c, &o, &a->viewer[i]);
        if (why != NULL) {
            return (struct mask_reason){a->viewer[i].name, why};
        }
    }
    return because(NULL);
}
