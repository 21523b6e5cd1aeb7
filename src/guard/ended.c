/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/ended.h"

#include "guard/pause.h"
#include "guard/state.h"
#include "guard/tell.h"

#define LOOK_MS 1000 /* an end has effect on what flows so late at most */

static const char *const after_word[] = {
    [AFTER_PROTECT] = "protect",
    [AFTER_RETURN] = "return",
    [AFTER_DESTROY] = "destroy",
};

static bool amended(const struct guard *g, const struct agreement *a)
{
    for (unsigned i = 0; i < g->tables.agreements.count; i++) {
        const struct agreement *new = &g->tables.agreements.agreement[i];
        if (memcmp(new->instead, a->digest, sizeof new->instead) == 0 &&
            consent_at(a, g->instrument, g->instrument_count, new->digest, g->now, g->now) <=
                g->now) {
            return true;
        }
    }
    return false;
}

/* Held ends first, so what has ended when it lapsed has ended by both. */
static enum after_end after_of(const struct guard *g, const struct agreement *a)
{
    if (a->after == AFTER_PROTECT) {
        return AFTER_PROTECT;
    }
    struct standing s =
        standing_read(READING_LAPSED, a, g->instrument, g->instrument_count, g->now, g->now);
    return s.state == STANDING_ENDED && !amended(g, a) ? a->after : AFTER_PROTECT;
}

enum after_end ended_after(const struct guard *g, uint8_t agreement)
{
    const struct agreements *all = &g->tables.agreements;
    enum after_end           most = AFTER_PROTECT;
    if (agreement >= all->count) {
        return AFTER_PROTECT;
    }
    set64 above = agreements_above(all, set_one(agreement));
    for (unsigned i = set_next(above, 0); i < all->count; i = set_next(above, i + 1)) {
        enum after_end one = after_of(g, &all->agreement[i]);
        most = one > most ? one : most;
    }
    return most;
}

set64 ended_covered(const struct guard *g)
{
    const struct agreements *all = &g->tables.agreements;
    set64                    gone = 0, out = 0;
    for (unsigned i = 0; i < all->count; i++) {
        gone |= after_of(g, &all->agreement[i]) == AFTER_PROTECT ? 0 : set_one(i);
    }
    for (unsigned i = 0; gone != 0 && i < all->count; i++) {
        out |= (agreements_above(all, set_one(i)) & gone) == 0 ? 0 : set_one(i);
    }
    return out;
}

static void end_say(struct guard *g, const struct agreement *a)
{
    static const id every;
    struct leaf     l;
    leaf_start(g, &l, LEAF_ALARM);
    line_text(&l.w, "reason",
              a->after == AFTER_DESTROY
                  ? SPAN_LIT("an agreement has ended, and what came under it is to be destroyed")
                  : SPAN_LIT("an agreement has ended, and what came under it is to be returned"));
    line_name(&l.w, "agreement", &a->name);
    record(g, &l);
    for (unsigned p = 0; p < g->partner_count; p++) {
        if (set_has(a->parties, g->partner[p].party)) {
            forget_tell(g, &g->partner[p].name, &every);
        }
    }
}

static void ends_say(struct guard *g)
{
    for (unsigned i = 0; i < g->tables.agreements.count && guard_has_room(g); i++) {
        const struct agreement *a = &g->tables.agreements.agreement[i];
        if (!set_has(g->ended.said, i) && set_has(a->parties, g->self) &&
            after_of(g, a) != AFTER_PROTECT) {
            g->ended.said |= set_one(i);
            g->ended.place = g->ended.found = g->ended.left = 0;
            g->ended.through = false;
            end_say(g, a);
        }
    }
}

void ended_turn(struct guard *g)
{
    struct ended *e = &g->ended;
    if (e->looked && g->boot_ms - e->looked_boot_ms < LOOK_MS) {
        return;
    }
    set64 stands = standing_given(&g->tables.agreements, g->instrument, g->instrument_count,
                                  g->self, g->now, g->now, NULL);
    if (e->looked && (e->stood & ~stands) != 0) {
        feeds_rotate(g);
    }
    e->looked_boot_ms = g->boot_ms;
    e->looked = true;
    e->stood = stands;
    ends_say(g);
    if (e->said != 0 && !err_is(may_act(g))) {
        ended_keys_turn(g, ended_covered(g));
    }
}

void ended_status(const struct guard *g, struct writer *w)
{
    uint8_t       text[AGREEMENTS_MAX * 64];
    struct writer t = WRITER_OF(text);
    uint32_t      left = g->ended.found > g->ended.left ? g->ended.found : g->ended.left;
    if (g->ended.through && left == 0) {
        return;
    }
    for (unsigned i = set_next(g->ended.said, 0); i < SET64_MAX;
         i = set_next(g->ended.said, i + 1)) {
        const struct agreement *a = &g->tables.agreements.agreement[i];
        put_text(&t, t.len > 0 ? "; " : "");
        put_text(&t, after_word[a->after]);
        put_text(&t, " what came under ");
        put_span(&t, name_span(&a->name));
    }
    if (t.len > 0 && !t.bad) {
        line_text(w, "after-end", writer_span(&t));
        line_number(w, "after-end-left", left);
    }
}
