/* SPDX-License-Identifier: Apache-2.0 */
/* The two acts that a mute guard, or one whose clock is astray, still takes. */
#include "guard/act.h"

#define FORK_BOOTS                                                                                 \
    (UINT32_C(1) << 20) /* more starts than the ledger that was lost can have had since */

static err reason_read(const struct act_view *v)
{
    struct lines l = lines_of(v->body);
    (void)take_text(&l, "reason");
    return body_end(&l);
}

/* ---- head-sign: reason TEXT: two officers go on with this ledger as it is ---- */

err head_sign_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    TRY(reason_read(v));
    if (!g->watch.mute) {
        return FAIL(STATE, "this guard is not mute: there is nothing to sign");
    }
    if (g->instrument_count + g->tables.agreements.count > INSTRUMENTS_MAX) {
        return FAIL(FULL, "there is no room for the pauses that go with it");
    }
    line_text(shown, "shown",
              SPAN_LIT("what this ledger does not hold is given up; what it received and made "
                       "until now opens no more"));
    line_text(shown, "shown", SPAN_LIT("every agreement is paused until it is resumed"));
    return OK;
}

static void pause_all(struct guard *g, instant at)
{
    for (unsigned i = 0; i < g->tables.agreements.count; i++) {
        const struct agreement *a = &g->tables.agreements.agreement[i];
        struct instrument       pause = {.kind = INSTRUMENT_PAUSE,
                                         .party = g->self,
                                         .direction = PAUSE_BOTH,
                                         .effective = at,
                                         .accepted = at};
        if (set_has(a->parties, g->self) && g->instrument_count < INSTRUMENTS_MAX) {
            memcpy(pause.digest, a->digest, sizeof pause.digest);
            g->instrument[g->instrument_count++] = pause;
            instrument_own(g, at);
        }
    }
}

/* The ledger that was lost counted its starts on from here: those numbers are left to it, so that no slot
 * of it can look like one of ours. */
err head_sign_fold(struct guard *g, const struct act_view *v)
{
    g->watch.mute = g->watch.forked = false;
    g->boot_count += FORK_BOOTS;
    g->watch.fork_boot = g->boot_count;
    g->watch.fork_leaf = g->ledger.tree.size - 1;
    for (unsigned i = 0; i < g->partner_count; i++) {
        struct mailbox *m = &g->partner[i].mailbox;
        m->fork_due = true;
        m->acked = m->sent;
        g->outgoing[i].count = 0;
        g->outgoing[i].used = 0;
    }
    (void)v;
    pause_all(g, g->ledger.last_time);
    return OK;
}

/* ---- clock-confirm: reason TEXT: an officer has looked at another clock ---- */

err clock_confirm_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    TRY(reason_read(v));
    if (!g->watch.clock_astray) {
        return FAIL(STATE, "the clock is not astray: there is nothing to confirm");
    }
    line_instant(shown, "shown", g->now);
    return OK;
}

void clock_confirm_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    (void)result;
    clock_confirmed(g, &v->by);
}
