/* SPDX-License-Identifier: Apache-2.0 */
/* A display goes from the wall that it stands on to that of what it may show now, and what it was told leaves. */
#include "desk/rows.h"
#include "desk/state.h"

/* ---- from wall to wall ---- */

void display_blank(struct desk *d, struct display *x)
{
    struct writer        w = WRITER_OF(d->put_room);
    const struct classes none = {0};
    put_text(&w, "{\"turn\":");
    put_decimal(&w, d->room[x->room].turn);
    put_text(&w, ",\"layers\":[],\"all\":true");
    banner_put(d, &none, &w);
    put_u8(&w, '}');
    (void)d->port.purge(d->port.ctx, x->asker);
    d->port.event(d->port.ctx, &x->asker, 1, "mask", writer_span(&w));
}

static void wall_leave(struct desk *d, struct display *x)
{
    wall_drop(d, x->wall);
    carry_drop(d, x->carry);
    x->wall = x->carry = NONE;
}

void display_begin(struct desk *d, struct display *x, uint32_t carry)
{
    x->carry = carry;
    x->stays = d->wall[x->wall].sees;
    x->told = 0;
    carry_begin(d, carry, x->wall, x->reach);
    memcpy(x->safe, x->reach, sizeof x->safe);
}

/* False: in another turn. */
static bool wall_change(struct desk *d, struct display *x)
{
    uint32_t carry = NONE, to = x->coming;
    if (x->wall != NONE && !carry_make(d, x, &carry)) {
        return false;
    }
    if (x->wall != NONE && carry == NONE) {
        display_blank(d, x);
    }
    wall_leave(d, x);
    x->wall = to;
    x->coming = NONE;
    x->staged = true;
    display_begin(d, x, carry);
    display_tell(d, x);
    return true;
}

static void coming_drop(struct desk *d, struct display *x)
{
    wall_drop(d, x->coming);
    x->coming = NONE;
}

/* Is there more to do for it?  Without room for its wall the clock tries again. */
static bool stage(struct desk *d, struct display *x)
{
    if (x->coming != NONE && !classes_equal(&d->wall[x->coming].sees, &x->sees)) {
        coming_drop(d, x);
    }
    if (x->coming == NONE && err_is(wall_take(d, &x->sees, &x->coming))) {
        if (x->wall != NONE) {
            display_blank(d, x);
            wall_leave(d, x);
        }
        return false;
    }
    if (d->wall[x->coming].filling) {
        return true;
    }
    if (x->coming == x->wall && classes_equal(&x->stays, &x->sees)) {
        coming_drop(d, x);
        x->staged = true;
        return false;
    }
    return !wall_change(d, x);
}

void displays_stage(struct desk *d)
{
    bool more = false;
    for (uint32_t i = 0; i < DESK_DISPLAYS_MAX; i++) {
        struct display *x = &d->display[i];
        if (display_shows(x) && !x->staged) {
            more = stage(d, x) || more;
        }
    }
    d->stage_at = more ? d->turns : 0;
}

/* ---- what has left ---- */

/* Once what it said has left, nothing of it is ever told again. */
static void carry_end(struct desk *d, struct display *x)
{
    bool left = false;
    for (enum wall_kind k = 0; k < WALL_KINDS; k++) {
        const struct carry_part *c = carry_part(d, x, k);
        left = left || carry_gone_left(c, &x->safe[k]) || carry_put_left(c, &x->safe[k]);
    }
    if (left) {
        return;
    }
    carry_drop(d, x->carry);
    x->carry = NONE;
    for (size_t k = 0; k < WALL_KINDS; k++) {
        x->reach[k].carry_gone = x->safe[k].carry_gone = 0;
        x->reach[k].carry_put = x->safe[k].carry_put = 0;
    }
}

/* What a quiet stream was told in a turn before is with TLS, and cannot be taken back. */
void displays_settle(struct desk *d)
{
    for (uint32_t i = 0; i < DESK_DISPLAYS_MAX; i++) {
        struct display *x = &d->display[i];
        if (display_shows(x) && x->told != 0 && d->port.quiet(d->port.ctx, x->asker)) {
            memcpy(x->safe, x->reach, sizeof x->safe);
            x->told = 0;
        }
        if (x->told == 0 && x->carry != NONE) {
            carry_end(d, x);
        }
    }
}
