/* SPDX-License-Identifier: Apache-2.0 */
/* Officers who stop what goes out, let it go on, and take back what went. */
#include "sim/cast.h"
#include "sim/grow.h"

#include <stdio.h>

#define LOOKS 3 /* at the ledger, before an officer is sure that nothing is paused */

/* ---- pause, and after a while resume ---- */

/* One of those that the officer's party has signed, bonds behind the rows */
static const char *agreement_draw(struct world *w, const struct task *t)
{
    const struct law *law = &w->stage->of[w->scene].law;
    while (true) {
        size_t             n = roll(w, (uint32_t)paused_row_count + law->bond_count);
        const struct bond *b = &law->bond[n < paused_row_count ? 0 : n - paused_row_count];
        if (n >= paused_row_count &&
            (b->one == t->gateway->number || b->other == t->gateway->number)) {
            return b->text.name.text;
        }
        if (n < paused_row_count && (paused_rows[n].parties & 1u << t->gateway->number) != 0) {
            return paused_rows[n].agreement;
        }
    }
}

static void resume_done(struct world *w, struct task *t, unsigned status, const char *json)
{
    (void)status;
    (void)json;
    if (oracle_paused(t->gateway, t->path_kept)) {
        task_again(w, t);
    } else {
        task_end(w, t);
    }
}

/* Not on record: he looks once more, a pause may still be taking effect. */
static void resume_begin(struct world *w, struct task *t)
{
    if (!oracle_paused(t->gateway, t->path_kept)) {
        if (t->step++ < LOOKS) {
            task_begin(w, t, 500 * MS);
        } else {
            task_end(w, t);
        }
        return;
    }
    snprintf(t->body, sizeof t->body, "agreement %s\nreason all is well\n", t->path_kept);
    t->both = true;
    task_act(t, "resume", t->body, resume_done);
}

/* Whether the answer came or not: what is on record is resumed. */
static void stop_done(struct world *w, struct task *t, unsigned status, const char *json)
{
    (void)status;
    (void)json;
    t->step = 1;
    t->certain = true;
    task_begin(w, t, 300 * MS + roll(w, 2500000));
}

void stop_begin(struct world *w, struct task *t)
{
    static const char *const direction[] = {"giving", "giving", "both", "opening"};
    bool                     drawn = t->path_kept[0] != 0;
    if (t->step > 0 || (drawn && w->calm)) {
        resume_begin(w, t);
        return;
    }
    if (w->calm) {
        task_end(w, t);
        return;
    }
    t->both = false;
    if (!drawn) { /* of one whose answer was lost nobody knows what became: it is tried again */
        snprintf(t->path_kept, sizeof t->path_kept, "%s", agreement_draw(w, t));
    }
    snprintf(t->body, sizeof t->body, "agreement %s\ndirection %s\nreason to take stock\n",
             t->path_kept, direction[roll(w, ARRAY_LEN(direction))]);
    pause_forgets(t->gateway);
    task_act(t, "pause", t->body, stop_done);
}

/* ---- recall and destroy ---- */

static void back_done(struct world *w, struct task *t, unsigned status, const char *json)
{
    (void)json;
    if (status == 200 || w->calm) {
        task_end(w, t);
    } else {
        task_again(w, t);
    }
}

/* Own epochs that somebody was granted: a product's or a feed's; not one whose key a fault has lost, since then
 * nobody could miss it. */
static unsigned order_draw(struct world *w, const struct task *t, uint8_t *ids, unsigned most)
{
    unsigned count = 0;
    for (unsigned i = 0;
         i < 12 * w->gateways / LAW_PARTIES && count < most && w->oracle.grant_count > 0; i++) {
        const struct seen_grant *g = &w->oracle.grant[roll(w, (uint32_t)w->oracle.grant_count)];
        if (g->giver == t->gateway->number && !id_equal(&g->epoch, &w->forgotten)) {
            memcpy(ids + (size_t)count++ * ID_LEN, g->epoch.bytes, ID_LEN);
        }
    }
    return count;
}

void back_begin(struct world *w, struct task *t)
{
    uint8_t       ids[3 * ID_LEN], text[128];
    struct writer a = WRITER_OF(text);
    unsigned      count = order_draw(w, t, ids, 1 + roll(w, 3));
    unsigned      partner = roll(w, w->gateways + 1);
    bool          all = partner == w->gateways || !joined(w, partner, t->gateway->number);
    if (count == 0 || w->calm) {
        task_end(w, t);
        return;
    }
    put_base64(&a, (span){ids, (size_t)count * ID_LEN});
    put_u8(&a, 0);
    MUST(!a.bad);
    snprintf(t->attachment, sizeof t->attachment, "%s", (const char *)text);
    snprintf(t->body, sizeof t->body, "partner %s\nreason given in error\n",
             all ? "-" : law_party[partner]);
    t->both = chance(w, 2);
    task_act(t, t->both ? "destroy" : "recall", t->body, back_done);
}
