/* SPDX-License-Identifier: Apache-2.0 */
/* From one wall to another: what is on the screen already and stays as it is, is not told again; what comes back is told
 * before anything else, the newest first. */
#include "desk/state.h"

#include <stdlib.h>

/* AGES - what was reported longer ago than so many seconds has no order */
#define AGES 600

/* known - an object
 *
 * now   it is on the new wall
 * on    it is on the screen, in this layer;  old: and not as it is now */
struct known {
    uint64_t id; /* 0 = none */
    uint16_t layer;
    bool     now, on, old;
};

struct screen {
    size_t        size; /* a power of two */
    struct known *known;
};

/* making - of one kind: least: what all displays were told that go together */
struct making {
    const struct desk  *d;
    struct screen       screen;
    const struct carry *c;
    enum wall_kind      kind;
    struct reach        least;
};

static err screen_open(struct screen *s, size_t count)
{
    s->size = 16;
    while (s->size < 2 * count) {
        s->size *= 2;
    }
    s->known = calloc(s->size, sizeof *s->known);
    return s->known == NULL ? FAIL(FULL, "there is no memory for what comes back") : OK;
}

/* Where an id is, or would be: ids are keyed hashes, and half of the places are free.  Their lowest bit is their kind. */
static struct known *known_of(const struct screen *s, uint64_t object)
{
    size_t at = (size_t)(object >> 1) & (s->size - 1);
    while (s->known[at].id != 0 && s->known[at].id != object) {
        at = (at + 1) & (s->size - 1);
    }
    return &s->known[at];
}

static const struct wall *from_of(const struct making *m)
{
    return &m->d->wall[m->c->from];
}

static const struct wall *to_of(const struct making *m)
{
    return &m->d->wall[m->c->to];
}

/* ---- what is on the screen ---- */

static void now_note(const struct making *m)
{
    const struct wall *to = to_of(m);
    for (uint32_t at = to->order[m->kind].oldest; at != 0; at = to->entry[at - 1].after) {
        struct known *k = known_of(&m->screen, to->entry[at - 1].id);
        k->id = to->entry[at - 1].id;
        k->now = true;
    }
}

static bool stays(const struct making *m, const struct wall_entry *e)
{
    return e->since <= m->least.on && classes_within(&m->d->layer[e->layer], &m->c->stays);
}

static void on_note(const struct making *m)
{
    const struct wall *from = from_of(m);
    for (uint32_t at = from->order[m->kind].oldest; at != 0; at = from->entry[at - 1].after) {
        const struct wall_entry *e = &from->entry[at - 1];
        if (stays(m, e)) {
            struct known *k = known_of(&m->screen, e->id);
            k->id = e->id;
            k->layer = e->layer;
            k->on = true;
            k->old = e->version > m->least.put;
        }
    }
}

/* Exceptions from it: what a carry before this one did not come to. */
static void left_note(const struct making *m)
{
    const struct carry_part *was = m->c->was == NONE ? NULL : &m->d->carry[m->c->was].part[m->kind];
    for (uint32_t i = m->least.carry_put; was != NULL && i < was->places; i++) {
        uint64_t      object = from_of(m)->entry[was->place[i]].id;
        struct known *k = object == 0 ? NULL : known_of(&m->screen, object);
        if (k != NULL) {
            k->on = k->on && i >= was->absent;
            k->old = true;
        }
    }
}

/* ---- what goes ---- */

static void gone_add(const struct making *m, struct carry_part *p, uint64_t object)
{
    if (!known_of(&m->screen, object)->now) {
        p->gone[p->gone_count++] = object;
    }
}

/* A mask has taken down what it named; of what rests on more than can be told that is not known. */
static bool is_masked(const struct making *m, const struct wall_entry *e)
{
    return e->layer != LAYER_ALL && e->since <= m->least.on && !stays(m, e);
}

/* Whatever may be on the screen and is not on the new wall. */
static bool gone_fill(const struct making *m, struct carry_part *p)
{
    const struct wall       *from = from_of(m);
    const struct wall_order *order = &from->order[m->kind];
    const struct carry_part *was = m->c->was == NONE ? NULL : &m->d->carry[m->c->was].part[m->kind];
    uint64_t                 since = order->gone_count - m->least.gone;
    size_t                   left = was == NULL ? 0 : was->gone_count - (size_t)m->least.carry_gone;
    p->gone =
        since > WALL_GONE_MAX ? NULL : calloc(from->count + since + left + 1, sizeof *p->gone);
    if (p->gone == NULL) {
        return false;
    }
    for (size_t i = 0; i < left; i++) {
        gone_add(m, p, was->gone[m->least.carry_gone + i]);
    }
    for (uint64_t i = m->least.gone; i < order->gone_count; i++) {
        gone_add(m, p, order->gone[i % WALL_GONE_MAX]);
    }
    for (uint32_t at = order->oldest; at != 0; at = from->entry[at - 1].after) {
        if (!is_masked(m, &from->entry[at - 1])) {
            gone_add(m, p, from->entry[at - 1].id);
        }
    }
    return true;
}

/* ---- what comes back ---- */

static size_t age_of(const struct making *m, const struct wall_entry *e)
{
    instant s = (m->d->now - e->time) / MS_PER_SECOND;
    return s < 0 ? 0 : s < AGES ? (size_t)s : AGES - 1;
}

enum lack { LACK_NOTHING, LACK_OLD, LACK_ABSENT };

static enum lack lack_of(const struct making *m, const struct wall_entry *e)
{
    const struct known *k = known_of(&m->screen, e->id);
    return !k->on || k->layer != e->layer ? LACK_ABSENT : k->old ? LACK_OLD : LACK_NOTHING;
}

/* Where most of what stays is not as it was, it is told by going around, together with others. */
static bool places_make(const struct making *m, struct carry_part *p, uint32_t start[static AGES])
{
    const struct wall *to = to_of(m);
    uint32_t           all = 0, old = 0;
    p->base = to->order[m->kind].version;
    for (uint32_t at = to->order[m->kind].newest; at != 0; at = to->entry[at - 1].before, all++) {
        enum lack lack = lack_of(m, &to->entry[at - 1]);
        old += lack == LACK_OLD;
        start[age_of(m, &to->entry[at - 1])] += lack == LACK_ABSENT;
    }
    for (size_t age = 0; age < AGES; age++) {
        uint32_t here = start[age];
        start[age] = p->absent;
        p->absent += here;
    }
    p->whole = old <= (all - p->absent) / 2;
    p->places = p->absent + (p->whole ? old : 0);
    p->place = calloc((size_t)p->places + 1, sizeof *p->place);
    return p->place != NULL;
}

static bool places_fill(const struct making *m, struct carry_part *p)
{
    const struct wall *to = to_of(m);
    uint32_t           start[AGES] = {0}, next = 0;
    if (!places_make(m, p, start)) {
        return false;
    }
    next = p->absent;
    for (uint32_t at = to->order[m->kind].newest; at != 0; at = to->entry[at - 1].before) {
        enum lack lack = lack_of(m, &to->entry[at - 1]);
        if (lack == LACK_ABSENT) {
            p->place[start[age_of(m, &to->entry[at - 1])]++] = at - 1;
        } else if (lack == LACK_OLD && p->whole) {
            p->place[next++] = at - 1;
        }
    }
    return true;
}

/* ---- made, shared, dropped ---- */

void carry_free(struct carry *c)
{
    for (size_t k = 0; k < WALL_KINDS; k++) {
        free(c->part[k].place);
        free(c->part[k].gone);
    }
    *c = (struct carry){0};
}

void carry_drop(struct desk *d, uint32_t carry)
{
    if (carry != NONE && --d->carry[carry].users == 0) {
        carry_free(&d->carry[carry]);
    }
}

const struct carry_part *carry_part(const struct desk *d, const struct display *x,
                                    enum wall_kind kind)
{
    return x->carry == NONE ? NULL : &d->carry[x->carry].part[kind];
}

bool carry_gone_left(const struct carry_part *c, const struct reach *r)
{
    return c != NULL && r->carry_gone < c->gone_count;
}

bool carry_put_left(const struct carry_part *c, const struct reach *r)
{
    return c != NULL && r->carry_put < c->places;
}

static bool goes_with(const struct desk *d, const struct carry *c, const struct display *y)
{
    return display_shows(y) && !y->staged && y->wall == c->from && y->carry == c->was &&
           classes_equal(&y->sees, &d->wall[c->to].sees) && classes_equal(&y->stays, &c->stays);
}

static bool part_fill(struct making *m, struct carry_part *p, const struct display *x)
{
    m->least = x->safe[m->kind];
    for (uint32_t i = 0; i < DESK_DISPLAYS_MAX; i++) {
        if (goes_with(m->d, m->c, &m->d->display[i])) {
            reach_least(&m->least, &m->d->display[i].safe[m->kind]);
        }
    }
    now_note(m);
    on_note(m);
    left_note(m);
    return gone_fill(m, p) && places_fill(m, p);
}

static bool carry_fill(const struct desk *d, struct carry *c, const struct display *x)
{
    struct making m = {.d = d, .c = c};
    bool          made =
        !err_is(screen_open(&m.screen, (size_t)d->wall[c->from].count + d->wall[c->to].count));
    for (m.kind = 0; made && m.kind < WALL_KINDS; m.kind++) {
        made = part_fill(&m, &c->part[m.kind], x);
    }
    free(m.screen.known);
    if (!made) {
        carry_free(c);
    }
    return made;
}

bool carry_make(struct desk *d, const struct display *x, uint32_t *out)
{
    uint32_t room = NONE;
    for (uint32_t i = CARRIES_MAX; i-- > 0;) {
        struct carry *c = &d->carry[i];
        if (c->users == 0) {
            room = i;
        } else if (c->turn == d->turns && c->to == x->coming && goes_with(d, c, x)) {
            c->users++;
            *out = i;
            return true;
        }
    }
    if (room != NONE && d->carry_turn == d->turns) {
        return false;
    }
    *out = NONE;
    if (room == NONE) {
        return true;
    }
    d->carry_turn = d->turns;
    struct carry *c = &d->carry[room];
    *c = (struct carry){.users = 1,
                        .turn = d->turns,
                        .from = x->wall,
                        .to = x->coming,
                        .was = x->carry,
                        .stays = x->stays};
    *out = carry_fill(d, c, x) ? room : NONE;
    return true;
}

void carry_begin(const struct desk *d, uint32_t carry, uint32_t wall,
                 struct reach out[static WALL_KINDS])
{
    for (size_t k = 0; k < WALL_KINDS; k++) {
        const struct carry_part *p = carry == NONE ? NULL : &d->carry[carry].part[k];
        out[k] = (struct reach){.gone = d->wall[wall].order[k].gone_count};
        if (p != NULL) {
            out[k].on = p->base;
            out[k].put = p->whole ? p->base : 0;
        }
    }
}
