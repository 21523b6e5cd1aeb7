/* SPDX-License-Identifier: Apache-2.0 */
/* How far a display has been told of a wall.  One that keeps up is told in the order of changes.  In that order one that
 * is behind would never come to what is reported again before its turn comes: it goes by place, once around, instead. */
#include "desk/state.h"

/* Whatever was told before the oldest that is there makes no difference any more. */
uint64_t reach_put(const struct wall *w, enum wall_kind kind, const struct reach *r)
{
    const struct wall_order *o = &w->order[kind];
    uint64_t before = o->oldest == 0 ? o->version : w->entry[o->oldest - 1].version - 1;
    return r->put > before ? r->put : before;
}

bool reach_equal(const struct wall *w, enum wall_kind kind, const struct reach *a,
                 const struct reach *b)
{
    return a->gone == b->gone && a->carry_gone == b->carry_gone && a->carry_put == b->carry_put &&
           (a->to != 0) == (b->to != 0) && a->at == b->at &&
           reach_put(w, kind, a) == reach_put(w, kind, b);
}

/* From where those are who go around already: then one text is for all. */
void reach_sweep(const struct wall_order *o, struct reach *r)
{
    r->to = o->version;
    r->from = r->at = o->sweep;
    r->wrapped = false;
}

bool reach_place(struct wall *w, enum wall_kind kind, struct reach *r, uint32_t *out)
{
    if (r->wrapped && r->at >= r->from) {
        return false;
    }
    *out = r->at++;
    if (r->at >= w->top) {
        r->at = 0;
        r->wrapped = true;
    }
    w->order[kind].sweep = r->at;
    return true;
}

/* Each ends where it began itself, also when it was told together with others. */
void reach_take(struct reach *r, const struct reach *before, const struct reach *after)
{
    const struct reach was = *r;
    bool               wrapped = after->wrapped && !before->wrapped;
    *r = *after;
    r->on = after->on > before->on && after->on > was.on ? after->on : was.on;
    if (was.to != 0) {
        r->to = was.to;
        r->from = was.from;
        r->wrapped = was.wrapped || wrapped;
    }
    bool past = was.to != 0 && was.wrapped && wrapped;
    if (r->to != 0 && (past || (r->wrapped && r->at >= r->from))) {
        r->put = r->to;
        r->on = r->to > r->on ? r->to : r->on;
        r->to = r->from = r->at = 0;
        r->wrapped = false;
    }
}

#define LEAST(member) (r->member = other->member < r->member ? other->member : r->member)

void reach_least(struct reach *r, const struct reach *other)
{
    LEAST(put);
    LEAST(on);
    LEAST(gone);
    LEAST(carry_gone);
    LEAST(carry_put);
}
