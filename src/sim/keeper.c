/* SPDX-License-Identifier: Apache-2.0 */
/* Who keeps what came: readers who lose it, officers who certify that it is destroyed, and who end its agreement. */
#include "base/lines.h"
#include "sim/cast.h"
#include "sim/grow.h"

#include <stdio.h>

/* Tried again while there is trouble: of an act whose answer was lost nobody knows what became. */
static void done(struct world *w, struct task *t, unsigned status, const char *json)
{
    (void)json;
    if (status == 200 || w->calm) {
        task_end(w, t);
    } else {
        task_again(w, t);
    }
}

static void handle_body(struct task *t, const id *handle, const char *rest)
{
    uint8_t       hex[2 * ID_LEN + 1];
    struct writer h = WRITER_OF(hex);
    put_hex(&h, id_span(handle));
    put_u8(&h, 0);
    MUST(!h.bad);
    snprintf(t->body, sizeof t->body, "handle %s\n%s", (const char *)hex, rest);
}

/* Nothing has come yet: he looks once more. */
static void later(struct world *w, struct task *t)
{
    if (w->calm || t->step++ > 4) {
        task_end(w, t);
    } else {
        task_begin(w, t, 600 * MS);
    }
}

void loss_begin(struct world *w, struct task *t)
{
    const struct seen_duty *d = oracle_duty_draw(t->gateway, false);
    uint8_t                 rest[128];
    struct writer           r = WRITER_OF(rest);
    if (d == NULL) {
        later(w, t);
        return;
    }
    line_text(&r, "certain", chance(w, 2) ? SPAN_LIT("yes") : SPAN_LIT("no"));
    line_instant(&r, "discovered", t->gateway->gate->now - MS_PER_SECOND);
    line_text(&r, "what", SPAN_LIT("a bag left in a train"));
    put_u8(&r, 0);
    MUST(!r.bad);
    handle_body(t, &d->handle, (const char *)rest);
    task_act(t, "loss", t->body, done);
}

/* ---- certify: one officer, then the other ---- */

static void certify_sign(struct world *w, struct task *t);

static void certify_done(struct world *w, struct task *t, unsigned status, const char *json)
{
    (void)json;
    if (status != 200 && !w->calm && t->tries < 8) {
        task_again(w, t);
    } else if (t->role == PLAYER_OFFICER) {
        t->role = PLAYER_SECOND;
        t->tries = 0;
        task_begin(w, t, 100 * MS + roll(w, 1500000));
    } else {
        task_end(w, t);
    }
}

static void certify_sign(struct world *w, struct task *t)
{
    (void)w;
    handle_body(t, &t->handle, "reason burnt\n");
    task_act(t, "certify", t->body, certify_done);
}

void certify_begin(struct world *w, struct task *t)
{
    static const id         none;
    const struct seen_duty *d = NULL;
    if (id_equal(&t->handle, &none)) {
        d = oracle_duty_draw(t->gateway, true);
        if (d == NULL) {
            later(w, t);
            return;
        }
        t->handle = d->handle;
    }
    certify_sign(w, t);
}

/* ---- the end of an arrangement, and a notice of it ---- */

static void end_done(struct world *w, struct task *t, unsigned status, const char *json)
{
    (void)status;
    (void)json;
    if (oracle_consented(t->gateway) || w->calm) {
        task_end(w, t);
    } else {
        task_again(w, t);
    }
}

void end_begin(struct world *w, struct task *t)
{
    if (oracle_consented(t->gateway) || w->calm) {
        task_end(w, t);
        return;
    }
    t->both = true;
    snprintf(t->body, sizeof t->body, "agreement %s\nat 2026-11-22\nreason it is over\n",
             scenes[w->scene].agreement);
    task_act(t, "terminate", t->body, end_done);
}

void notice_begin(struct world *w, struct task *t)
{
    if (w->calm) {
        task_end(w, t);
        return;
    }
    t->both = true;
    snprintf(t->body, sizeof t->body, "agreement %s\nreason in ninety days\n",
             scenes[w->scene].agreement);
    task_act(t, "notice", t->body, done);
}
