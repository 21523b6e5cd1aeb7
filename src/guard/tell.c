/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/tell.h"

/* What was open of a source is not any more. */
static void source_stopped(struct source *s, const id *epoch)
{
    static const id none;
    s->epoch = id_equal(&s->epoch, epoch) ? none : s->epoch;
    for (unsigned i = 0; i < PARTNERS_MAX; i++) {
        if (id_equal(&s->derived[i].epoch, epoch)) {
            s->derived[i] = (struct source_derived){0};
        }
    }
}

void stop_tell(struct guard *g, const id *epoch)
{
    const struct running *r = running_find(g, epoch);
    if (r == NULL || r->state != RUNNING_OPEN || r->product) {
        return;
    }
    put_id(mail_begin(g, CALLER_INTAKE, ANSWER_STOP, 0), epoch);
    mail_end(g);
    if (r->source < g->source_count) {
        source_stopped(&g->source[r->source], epoch);
    }
}

/* Its sealer decides how often: the courier may say it of any feed, and costs it only bytes. */
err on_behind(struct guard *g, const struct request_context *c, struct reader *body)
{
    id epoch = read_id(body);
    (void)c;
    TRY(reader_end(body));
    const struct running *r = running_find(g, &epoch);
    if (r != NULL && r->state == RUNNING_OPEN && !r->product) {
        put_id(mail_begin(g, CALLER_INTAKE, ANSWER_PICTURE, 0), &epoch);
        mail_end(g);
    }
    return OK;
}

void halt_tell(struct guard *g, const id *epoch, unsigned partner)
{
    struct writer *w = mail_begin(g, CALLER_COURIER, ANSWER_HALT, 0);
    put_id(w, epoch);
    put_name(w, &g->partner[partner].name);
    mail_end(g);
}

void cut_tell(struct guard *g, const id *epoch, unsigned partner, uint64_t items)
{
    struct writer *w = mail_begin(g, CALLER_COURIER, ANSWER_CUT, 0);
    put_id(w, epoch);
    put_name(w, &g->partner[partner].name);
    put_u64(w, items);
    mail_end(g);
}

void forget_tell(struct guard *g, const name *partner, const id *handle)
{
    struct writer *w = mail_begin(g, CALLER_DESK, ANSWER_FORGET, 0);
    put_name(w, partner);
    put_id(w, handle);
    mail_end(g);
}

void end_tell(struct guard *g, enum caller process)
{
    put_u8(mail_begin(g, CALLER_ACCORDD, ANSWER_END, 0), (uint8_t)process);
    mail_end(g);
}
