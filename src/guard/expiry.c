/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/expiry.h"

#include "guard/kept.h"
#include "guard/mailbox.h"
#include "guard/state.h"
#include "guard/tell.h"

#define LOOK_MS 1000

static bool anybody(const struct guard *g)
{
    bool any = false;
    for (unsigned i = 0; i < g->source_count; i++) {
        any = any || g->source[i].retention_days > 0;
    }
    return any;
}

/* The newest of this name: a source that was removed, and added anew, is kept as it is told now. */
static const struct source *source_newest(const struct guard *g, const name *feed)
{
    const struct source *s = NULL;
    for (unsigned i = 0; i < g->source_count; i++) {
        s = name_equal(&g->source[i].row.name, feed) ? &g->source[i] : s;
    }
    return s;
}

static bool is_over(struct guard *g, const struct kept *k, unsigned *days)
{
    bool                 derived = k->source != 0 && k->source <= g->source_count;
    const struct source *s =
        source_newest(g, derived ? &g->source[k->source - 1].row.name : &k->cover.feed);
    if (k->kind != KEPT_OWN || !cover_is_feed(&k->cover) || s == NULL || s->retention_days == 0) {
        return false;
    }
    *days = s->retention_days;
    const struct running *r = running_find(g, &k->cover.epoch);
    bool                  open = r != NULL && r->state == RUNNING_OPEN;
    return !open && g->now >= k->cover.created + s->retention_days * MS_PER_DAY;
}

static void expired_record(struct guard *g, const struct kept *k, unsigned days)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_EXPIRED);
    line_hex(&l.w, "epoch", id_span(&k->cover.epoch));
    line_name(&l.w, "feed", &k->cover.feed);
    line_number(&l.w, "days", days);
    record(g, &l);
}

static void place_look(struct guard *g)
{
    struct expiry *x = &g->expiry;
    struct kept    k = {0};
    id             handle;
    unsigned       days = 0;
    err            e = kept_at(g, x->place, &handle, &k);
    secret_wipe(&k.key);
    if (!err_is(e) && is_over(g, &k, &days)) {
        expired_record(g, &k, days);
        x->epoch[x->count++] = handle;
    }
}

/* A slot that cannot be overwritten now is found again on the next way through. */
static void keys_go(struct guard *g)
{
    for (unsigned i = 0; i < g->expiry.count; i++) {
        err e = kept_destroy(g, &g->expiry.epoch[i]);
        (void)e;
    }
    g->expiry.count = 0;
}

void expiry_turn(struct guard *g)
{
    struct expiry *x = &g->expiry;
    if (g->boot_ms - x->looked_boot_ms < LOOK_MS || err_is(may_act(g))) {
        return;
    }
    x->looked_boot_ms = g->boot_ms;
    keys_go(g);
    for (unsigned i = 0;
         anybody(g) && i < EXPIRY_SLOTS_A_TURN && x->count < EXPIRY_A_TURN && guard_has_room(g);
         i++) {
        place_look(g);
        x->place = (x->place + 1) % g->slots->count;
    }
}
