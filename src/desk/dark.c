/* SPDX-License-Identifier: Apache-2.0 */
/* What the guard takes back for a while, or for good: the key is gone at once; what comes meanwhile waits by
 * its place in the inbox, and the guard is asked again until it says yes. */
#include "desk/state.h"

/* Asked again so often, by ticks of half a second; and what waits of a feed that goes on under a later
 * epoch is given up after so long. */
#define AGAIN_MS 900
#define HELD_MS  (10 * MS_PER_MINUTE)

static const name nobody;

bool epoch_dark(const struct epoch *e)
{
    for (size_t i = 0; i < ARRAY_LEN(e->again); i++) {
        if (e->again[i] != 0) {
            return true;
        }
    }
    return false;
}

bool feed_open(const struct desk *d, const struct epoch *e, uint32_t sitting)
{
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        const struct epoch *other = &d->epoch[i];
        if (other != e && other->keyed && other->place == e->place &&
            other->until[sitting] > d->boot_ms) {
            return true;
        }
    }
    return false;
}

bool feed_asked(const struct desk *d, const struct epoch *e, uint32_t sitting)
{
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        const struct epoch *other = &d->epoch[i];
        if (other != e && other->used && other->place == e->place &&
            bit_has(other->again, sitting)) {
            return true;
        }
    }
    return false;
}

/* ---- dark and light ---- */

void epoch_darken(struct desk *d, struct epoch *e, uint32_t sitting)
{
    bit_put(e->again, sitting, true);
    bit_put(e->refused, sitting, true); /* until it is asked again */
    e->again_ms = d->boot_ms + AGAIN_MS;
    epoch_until(e, sitting, 0);
    taks_take(d, sitting, e);
    if (epoch_seat(d, e, 0) == DESK_SEATS_MAX) {
        epoch_shut(e);
    }
    if (!feed_open(d, e, sitting)) {
        note_dark(d, sitting, e);
    }
}

/* One epoch of a feed is open again, so the others may be: the older ones first. */
void epoch_lit(struct desk *d, struct epoch *e, uint32_t sitting)
{
    bit_put(e->again, sitting, false);
    note_light(d, sitting, e);
    epochs_again(d, e->place);
}

/* A no while another reader has the key is about the reader; any other may be about the partner. */
bool refused_for_now(const struct desk *d, const struct epoch *e, uint32_t sitting, err why)
{
    if (why.code == ERR_STATE) {
        return true;
    }
    return why.code == ERR_DENIED && !e->keyed &&
           (epoch_dark(e) || sitting_dark(d, sitting, e->place));
}

/* ---- asking again ---- */

/* Nobody is left who would see it: it waits for nobody. */
void epoch_watched(struct desk *d, struct epoch *e)
{
    if (!epoch_dark(e)) {
        return;
    }
    for (uint32_t s = 0; s < DESK_SEATS_MAX; s++) {
        if (bit_has(e->again, s) && !sitting_wants(d, e, s)) {
            bit_put(e->again, s, false);
            bit_put(e->refused, s, false); /* who comes back is asked for */
        }
    }
    if (!epoch_dark(e) && !e->opening && !e->draining) {
        waiting_clear(d, e);
        e->paused = true;
    }
}

bool epoch_held(const struct desk *d, const struct epoch *e)
{
    bool waits = e->waits > 0 && d->boot_ms - e->last_ms < HELD_MS;
    return epoch_dark(e) && (waits || feed_dark(d, e->place));
}

static void epoch_again(struct desk *d, uint32_t place)
{
    struct epoch *e = &d->epoch[place];
    e->again_ms = d->boot_ms + AGAIN_MS;
    for (uint32_t s = 0; s < DESK_SEATS_MAX; s++) {
        if (bit_has(e->again, s)) {
            bit_put(e->refused, s, false);
            epoch_open(d, place, s);
        }
    }
}

/* The order in which they are asked for is that in which they are shown. */
void epochs_again(struct desk *d, uint32_t feed)
{
    for (uint64_t after = 0;;) {
        uint32_t next = NONE;
        for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
            const struct epoch *e = &d->epoch[i];
            bool                due = feed == NONE ? e->again_ms <= d->boot_ms : e->place == feed;
            if (e->used && e->born > after && due && epoch_dark(e) &&
                (next == NONE || e->born < d->epoch[next].born)) {
                next = i;
            }
        }
        if (next == NONE) {
            return;
        }
        after = d->epoch[next].born;
        epoch_again(d, next);
    }
}

/* ---- FORGET ---- */

/* Of a class of which no key of its feed is left nothing is on the picture. */
static void epoch_withdraw(struct desk *d, const struct epoch *e)
{
    bool other = !e->used || e->class == CLASS_NONE || e->place == NONE || e->keyed;
    for (uint32_t i = 0; !other && i < DESK_EPOCHS_MAX; i++) {
        const struct epoch *o = &d->epoch[i];
        other = o->used && o->keyed && o->class == e->class && o->place == e->place;
    }
    if (!other) {
        picture_withdraw(d->picture, (uint16_t)e->place, e->class);
    }
}

static void epoch_forget(struct desk *d, struct epoch *e)
{
    const size_t words = ARRAY_LEN(e->open);
    for (size_t s = sets_next(e->open, words, 0); s < DESK_SEATS_MAX;
         s = sets_next(e->open, words, s + 1)) {
        epoch_darken(d, e, (uint32_t)s);
    }
    epoch_shut(e);
    e->again_ms = d->boot_ms;
}

/* Of whom nothing has come yet may be anybody's. */
static bool came_from(const struct epoch *e, const name *partner)
{
    return name_equal(&e->partner, partner) || name_equal(&e->originator, partner) ||
           name_equal(&e->partner, &nobody);
}

void desk_forget(struct desk *d, const name *partner, const id *handle)
{
    static const id all;
    bool            any = id_equal(handle, &all);
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        struct epoch *e = &d->epoch[i];
        if (e->used && e->known &&
            (any ? came_from(e, partner) : id_equal(&d->epoch_handle[i], handle))) {
            epoch_forget(d, e);
        }
    }
    displays_opened(d);
    displays_judge(d);
    for (uint32_t i = 0; i < DESK_EPOCHS_MAX; i++) {
        epoch_withdraw(d, &d->epoch[i]);
    }
    tickets_forget(d, any ? partner : NULL, handle);
    downloads_forget(d, any ? partner : NULL, handle);
}
