/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/passage.h"

#include "guard/act.h"
#include "guard/standing.h"

err release_follows(struct guard *g, const struct crossing *c, span crossing_text,
                    span verdict_text, struct verdict *out)
{
    struct ruling ruling;
    bool          differ = false;
    TRY(verdict_check(&g->tables, crossing_text, verdict_text));
    struct verdict own = verdict_decide(&g->tables, guard_index(g), c, &differ);
    TRY(ruling_read(verdict_text, &ruling));
    own = verdict_with(&own, &ruling, c);
    if (differ || own.outcome != OUTCOME_RELEASE || own.equivalents == 0) {
        return FAIL(DENIED, "no release to this party follows from what is in force here");
    }
    *out = own;
    return OK;
}

set64 lineage_of(const struct guard *g, uint8_t agreement)
{
    const struct agreements *all = &g->tables.agreements;
    return agreements_above(all, agreement < all->count ? set_one(agreement) : 0);
}

err designated_marking(const struct marking *m, level designated, struct marking *out)
{
    if (m->caveats != 0) {
        return FAIL(DENIED, "its marking has caveats, which no other policy has words for");
    }
    struct marking d = *m;
    d.level = designated;
    *out = d;
    return OK;
}

/* ---- the letter `passage`: handle HEX, level USA:SECRET, then crossing and verdict ---- */

struct passage_text {
    id    handle;
    level level;
    span  matter;
};

static err passage_read(struct guard *g, span body, struct passage_text *out)
{
    struct lines        l = lines_of(body);
    struct passage_text t = {.handle = take_id(&l, "handle")};
    span                text = take_text(&l, "level");
    if (l.bad) {
        return FAIL(MALFORMED, "the papers of what is passed on are not as they should be");
    }
    TRY(level_read(&g->tables.policies, text, &t.level));
    t.matter = l.rest;
    *out = t;
    return OK;
}

err letter_passage_check(struct guard *g, const struct letter_view *v)
{
    struct passage_text t;
    struct passage     *room = NULL;
    TRY(passage_read(g, v->body, &t));
    return v->body.len <= sizeof room->text
               ? OK
               : FAIL(LIMIT, "the papers of what is passed on are too long");
}

struct passage *passage_find(struct guard *g, unsigned hub, const id *handle)
{
    struct passage *p = &g->onward.passage[hub * PASSAGES_EACH];
    for (unsigned i = 0; i < PASSAGES_EACH; i++) {
        if (p[i].used && id_equal(&p[i].handle, handle)) {
            return &p[i];
        }
    }
    return NULL;
}

/* The newest word of a hub on a handle counts; its oldest papers make room, and no other hub's. */
static struct passage *passage_room(struct guard *g, unsigned hub, const id *handle)
{
    struct passage *p = &g->onward.passage[hub * PASSAGES_EACH];
    struct passage *known = passage_find(g, hub, handle), *room = p;
    for (unsigned i = 1; i < PASSAGES_EACH && room->used; i++) {
        room = !p[i].used || p[i].leaf < room->leaf ? &p[i] : room;
    }
    return known != NULL ? known : room;
}

err letter_passage_fold(struct guard *g, const struct letter_view *v)
{
    struct passage_text t;
    TRY(passage_read(g, v->body, &t));
    struct passage *p = passage_room(g, v->partner, &t.handle);
    if (v->body.len > sizeof p->text) {
        return FAIL(LIMIT, "the papers of what is passed on are too long");
    }
    p->used = true;
    p->hub = (uint8_t)v->partner;
    p->handle = t.handle;
    p->leaf = v->leaf;
    p->len = (uint32_t)v->body.len;
    memcpy(p->text, v->body.ptr, v->body.len);
    return OK;
}

void passage_used(struct guard *g, const id *handle)
{
    for (unsigned i = 0; i < PASSAGES_MAX; i++) {
        struct passage *p = &g->onward.passage[i];
        p->used = p->used && !id_equal(&p->handle, handle);
    }
}

/* ---- the hub's verdict ---- */

/* The same thing under the designated level, to this party, straight, and by the originator's leave. */
static bool is_about(const struct guard *g, const struct crossing *hub, const struct crossing *c,
                     const struct marking *designated)
{
    set64 between = agreements_between(&g->tables.agreements, c->from, c->via);
    bool  said = memcmp(&hub->extent, &c->extent, sizeof c->extent) == 0 &&
                reduction_meets(&hub->reduced, &c->reduced) &&
                reduction_meets(&c->reduced, &hub->reduced);
    return said && marking_equal(&hub->marking, designated) && hub->kind == c->kind &&
           hub->giving == c->giving && hub->from == c->via && hub->to == g->self &&
           hub->via == PARTY_NONE && hub->lineage != 0 && set_within(hub->lineage, between) &&
           hub->onward_approved == set_one(c->from);
}

static instant middle(const struct crossing *c)
{
    return c->now_low + (c->now_high - c->now_low) / 2;
}

err passage_follows(struct guard *g, const struct passage *p, const struct cover *cover,
                    const struct crossing *c, const struct verdict *v, struct verdict *last,
                    level *designated)
{
    struct passage_text t;
    struct crossing     hub = {0};
    struct marking      marking = {0};
    TRY(passage_read(g, (span){p->text, p->len}, &t));
    struct lines l = lines_of(t.matter);
    TRY(crossing_read(&g->tables, &l, &hub));
    if (t.level.policy != v->equivalent_policy || !set_has(v->equivalents, t.level.rank)) {
        return FAIL(DENIED, "the hub designated a level that its agreement does not offer");
    }
    TRY(designated_marking(&c->marking, t.level, &marking));
    if (!is_about(g, &hub, c, &marking)) {
        return FAIL(FORGED, "the hub's verdict is about something else than what it passes on");
    }
    TRY(standing_check(g, &hub, cover->created, middle(&hub)));
    TRY(release_follows(g, &hub, (span){t.matter.ptr, t.matter.len - l.rest.len}, l.rest, last));
    *designated = t.level;
    return OK;
}
