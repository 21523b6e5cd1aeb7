/* SPDX-License-Identifier: Apache-2.0 */
/* Walls: what a view of the picture shows, in the order in which it changed last.  A display that is told more slowly
 * than it changes is told the newest of each object. */
#include "desk/state.h"

#include <stdlib.h>

/* WALL_TURN_MAX - contacts that are put on a wall in one turn, in a millisecond: a mask waits no longer */
#define WALL_TURN_MAX 512

static uint64_t wall_id(const struct desk *d, const struct object *o)
{
    return (o->id & ~UINT64_C(1)) | classes_warn(d, &o->classes);
}

static void entry_leave(struct wall *w, uint32_t at)
{
    struct wall_entry *e = &w->entry[at];
    struct wall_order *order = &w->order[wall_kind(e->id)];
    uint32_t           left = --w->layer_count[e->layer];
    w->told = w->told && left > 0;
    w->count--;
    *(e->before != 0 ? &w->entry[e->before - 1].after : &order->oldest) = e->after;
    *(e->after != 0 ? &w->entry[e->after - 1].before : &order->newest) = e->before;
    *e = (struct wall_entry){0};
}

static void entry_enter(struct wall *w, uint32_t at)
{
    struct wall_entry *e = &w->entry[at];
    struct wall_order *order = &w->order[wall_kind(e->id)];
    e->version = ++order->version;
    e->since = e->since != 0 ? e->since : e->version;
    e->before = order->newest;
    *(order->newest != 0 ? &w->entry[order->newest - 1].after : &order->oldest) = at + 1;
    order->newest = at + 1;
    w->top = at < w->top ? w->top : at + 1;
    w->layer_count[e->layer]++;
    w->count++;
}

static void entry_gone(struct wall *w, uint64_t object)
{
    struct wall_order *order = &w->order[wall_kind(object)];
    order->gone[order->gone_count++ % WALL_GONE_MAX] = object;
}

static void wall_put(struct desk *d, struct wall *w, const struct object *o)
{
    struct wall_entry *e = &w->entry[o->at];
    uint16_t           layer = layer_of(d, &o->trail);
    bool               told = w->told && w->layer_count[layer] > 0;
    struct wall_entry  now = {.id = wall_id(d, o), .time = o->shown.time, .layer = layer};
    if (e->version != 0) {
        told = told && (e->layer == layer || w->layer_count[e->layer] > 1);
        now.since = e->id == now.id && e->layer == layer ? e->since : 0;
        if (e->id != now.id) {
            entry_gone(w, e->id); /* it was a track, and is a warning now, or the reverse */
        }
        entry_leave(w, o->at);
    }
    w->told = told;
    *e = now;
    entry_enter(w, o->at);
}

/* ---- what the picture says ---- */

static void on_changed(void *ctx, unsigned view, const struct object *o)
{
    struct desk *d = ctx;
    if (d->wall[view].entry != NULL) {
        wall_put(d, &d->wall[view], o);
    }
}

static void on_gone(void *ctx, unsigned view, uint32_t at, uint64_t object)
{
    struct desk *d = ctx;
    struct wall *w = &d->wall[view];
    (void)object;
    if (w->entry != NULL && w->entry[at].version != 0) {
        entry_gone(w, w->entry[at].id);
        entry_leave(w, at);
    }
}

err walls_open(struct desk *d)
{
    secret key;
    random_fill(d->random, key.key, SECRET_LEN);
    struct classes all;
    memset(&all, 0xff, sizeof all);
    MUST(layer_of(d, &all) == LAYER_ALL);
    err e = picture_open(&key, (struct picture_sink){d, on_changed, on_gone}, &d->picture);
    secret_wipe(&key);
    return e;
}

static void wall_free(struct wall *w)
{
    free(w->entry);
    for (size_t k = 0; k < WALL_KINDS; k++) {
        free(w->order[k].gone);
    }
    *w = (struct wall){0};
}

void walls_close(struct desk *d)
{
    for (uint32_t i = 0; i < PICTURE_VIEWS_MAX; i++) {
        wall_free(&d->wall[i]);
    }
    for (uint32_t i = 0; i < CARRIES_MAX; i++) {
        carry_free(&d->carry[i]);
    }
    picture_close(d->picture);
}

/* ---- walls ---- */

static err wall_make(struct desk *d, unsigned view, const struct classes *sees)
{
    struct wall *w = &d->wall[view];
    *w = (struct wall){.users = 1, .filling = true, .sees = *sees};
    w->entry = calloc(PICTURE_CONTACTS_MAX, sizeof *w->entry);
    bool whole = w->entry != NULL;
    for (size_t k = 0; k < WALL_KINDS; k++) {
        w->order[k].gone = calloc(WALL_GONE_MAX, sizeof *w->order[k].gone);
        whole = whole && w->order[k].gone != NULL;
    }
    if (!whole) {
        wall_free(w);
        return FAIL(FULL, "there is no memory for what another audience sees");
    }
    d->filling++;
    return OK;
}

err wall_take(struct desk *d, const struct classes *sees, uint32_t *out)
{
    unsigned view;
    TRY(picture_view(d->picture, sees, &view));
    if (d->wall[view].entry != NULL) {
        d->wall[view].users++;
    } else {
        err e = wall_make(d, view, sees);
        if (err_is(e)) {
            picture_view_end(d->picture, view);
            return e;
        }
    }
    *out = view;
    return OK;
}

void wall_drop(struct desk *d, uint32_t wall)
{
    if (wall == NONE) {
        return;
    }
    if (--d->wall[wall].users == 0) {
        d->filling -= d->wall[wall].filling;
        wall_free(&d->wall[wall]);
    }
    picture_view_end(d->picture, wall);
}

/* One after the other has a turn, so that each is finished. */
bool walls_work(struct desk *d)
{
    for (uint32_t i = 0; d->filling > 0 && i < PICTURE_VIEWS_MAX; i++) {
        uint32_t     at = (d->fill_next + i) % PICTURE_VIEWS_MAX;
        struct wall *w = &d->wall[at];
        if (w->entry != NULL && w->filling) {
            w->filling = picture_fill(d->picture, at, WALL_TURN_MAX);
            w->told = !w->filling; /* who comes to stand on it is told then */
            d->filling -= !w->filling;
            d->fill_next = w->filling ? at : at + 1;
            return true;
        }
    }
    return false;
}

/* Of what may stay too: an object that goes is no part of the banner. */
void wall_shows(const struct desk *d, uint32_t wall, const struct classes *within,
                struct classes *out)
{
    *out = (struct classes){0};
    for (uint32_t i = 0; wall != NONE && i < d->layers; i++) {
        if (d->wall[wall].layer_count[i] > 0 && classes_within(&d->layer[i], within)) {
            for (size_t b = 0; b < ARRAY_LEN(out->bit); b++) {
                out->bit[b] |= d->layer[i].bit[b];
            }
        }
    }
    if (wall != NONE && d->wall[wall].layer_count[LAYER_ALL] > 0) {
        *out = d->wall[wall].sees; /* more than can be told: whatever it may be */
        classes_meet(out, within, out);
    }
}

bool wall_after(const struct wall *w, enum wall_kind kind, const struct reach *r, unsigned max,
                uint32_t *out)
{
    uint32_t at = w->order[kind].newest;
    *out = 0;
    for (unsigned i = 0; i < max && at != 0 && w->entry[at - 1].version > r->put; i++) {
        *out = at;
        at = w->entry[at - 1].before;
    }
    return at == 0 || w->entry[at - 1].version <= r->put;
}
