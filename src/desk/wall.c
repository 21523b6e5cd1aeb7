/* SPDX-License-Identifier: Apache-2.0 */
/* Walls: what a view of the picture shows, in the order in which it changed last.  A display that is told more slowly
 * than it changes is told the newest of each object. */
#include "desk/state.h"

#include <stdlib.h>

/* WALL_TURN_MAX - contacts that are put on a wall in one turn, in a millisecond: a mask waits no longer */
#define WALL_TURN_MAX 512

static void entry_leave(struct wall *w, uint32_t at)
{
    struct wall_entry *e = &w->entry[at];
    uint32_t           left = --w->layer_count[e->layer];
    w->told = w->told && left > 0;
    w->count--;
    *(e->before != 0 ? &w->entry[e->before - 1].after : &w->oldest) = e->after;
    *(e->after != 0 ? &w->entry[e->after - 1].before : &w->newest) = e->before;
    *e = (struct wall_entry){0};
}

static void wall_put(struct desk *d, struct wall *w, const struct object *o)
{
    struct wall_entry *e = &w->entry[o->at];
    uint16_t           layer = layer_of(d, &o->trail);
    bool               told = w->told && w->layer_count[layer] > 0;
    if (e->version != 0) {
        told = told && (e->layer == layer || w->layer_count[e->layer] > 1);
        entry_leave(w, o->at);
    }
    w->told = told;
    *e = (struct wall_entry){
        .id = o->id, .version = ++w->version, .before = w->newest, .layer = layer};
    *(w->newest != 0 ? &w->entry[w->newest - 1].after : &w->oldest) = o->at + 1;
    w->newest = o->at + 1;
    w->top = o->at < w->top ? w->top : o->at + 1;
    w->layer_count[e->layer]++;
    w->count++;
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
    if (w->entry != NULL && w->entry[at].version != 0) {
        entry_leave(w, at);
        w->gone[w->gone_count++ % WALL_GONE_MAX] = object;
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
    free(w->gone);
    *w = (struct wall){0};
}

void walls_close(struct desk *d)
{
    for (uint32_t i = 0; i < PICTURE_VIEWS_MAX; i++) {
        wall_free(&d->wall[i]);
    }
    for (uint32_t i = 0; i < CARRIES_MAX; i++) {
        free(d->carry[i].kept);
        free(d->carry[i].gone);
    }
    picture_close(d->picture);
}

/* ---- walls ---- */

static err wall_make(struct desk *d, unsigned view, const struct classes *sees)
{
    struct wall *w = &d->wall[view];
    *w = (struct wall){.users = 1, .filling = true, .sees = *sees};
    w->entry = calloc(PICTURE_CONTACTS_MAX, sizeof *w->entry);
    w->gone = calloc(WALL_GONE_MAX, sizeof *w->gone);
    if (w->entry == NULL || w->gone == NULL) {
        wall_free(w);
        return FAIL(FULL, "there is no memory for what another audience sees");
    }
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
        wall_free(&d->wall[wall]);
    }
    picture_view_end(d->picture, wall);
}

/* One after the other has a turn, so that each is finished. */
bool walls_work(struct desk *d)
{
    for (uint32_t i = 0; i < PICTURE_VIEWS_MAX; i++) {
        uint32_t     at = (d->fill_next + i) % PICTURE_VIEWS_MAX;
        struct wall *w = &d->wall[at];
        if (w->entry != NULL && w->filling) {
            w->filling = picture_fill(d->picture, at, WALL_TURN_MAX);
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

bool wall_after(const struct wall *w, uint64_t version, unsigned max, uint32_t *out)
{
    uint32_t at = w->newest;
    *out = 0;
    for (unsigned i = 0; i < max && at != 0 && w->entry[at - 1].version > version; i++) {
        *out = at;
        at = w->entry[at - 1].before;
    }
    return at == 0 || w->entry[at - 1].version <= version;
}
