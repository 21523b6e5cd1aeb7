/* SPDX-License-Identifier: Apache-2.0 */
/* What a giver is told of its items: that one may be lost, was found again, was destroyed. */
#include "guard/act.h"
#include "guard/duties.h"

/* ---- the letter `loss`: handle, certain, discovered, leaf, what ---- */

struct loss {
    id       handle;
    bool     certain;
    instant  discovered;
    uint64_t leaf; /* at the party that lost it */
    span     what;
};

static err loss_read(span body, struct loss *out)
{
    struct lines l = lines_of(body);
    out->handle = take_id(&l, "handle");
    span certain = take_text(&l, "certain");
    out->certain = span_is(certain, "yes");
    out->discovered = take_instant(&l, "discovered");
    out->leaf = take_number(&l, "leaf", INT64_MAX);
    out->what = take_text(&l, "what");
    TRY(lines_end(&l));
    return (out->certain || span_is(certain, "no")) && out->what.len <= LOSS_WHAT_MAX
               ? OK
               : FAIL(MALFORMED, "the report of a loss is not as it should be");
}

static void told_add(struct guard *g, const struct told_item *t)
{
    g->duties.told[g->duties.told_next++ % TOLD_MAX] = *t;
}

err letter_loss_check(struct guard *g, const struct letter_view *v)
{
    struct loss one;
    (void)g;
    return loss_read(v->body, &one);
}

err letter_loss_fold(struct guard *g, const struct letter_view *v)
{
    struct loss one;
    TRY(loss_read(v->body, &one));
    told_add(g, &(struct told_item){.handle = one.handle,
                                    .partner = (uint8_t)v->partner,
                                    .kind = one.certain ? TOLD_LOSS : TOLD_LOSS_POSSIBLE,
                                    .at = one.discovered,
                                    .leaf = v->leaf});
    return OK;
}

static void loss_told(struct guard *g, unsigned partner, uint64_t leaf)
{
    for (unsigned i = 0; i < LOSSES_DUE_MAX; i++) {
        struct loss_due *d = &g->duties.loss[i];
        if (d->partner == partner && d->leaf == leaf) {
            d->leaf = 0;
        }
    }
}

err letter_loss_sent_fold(struct guard *g, const struct letter_view *v)
{
    struct loss one;
    TRY(loss_read(v->body, &one));
    loss_told(g, v->partner, one.leaf);
    return OK;
}

static void loss_send(struct guard *g, const struct loss_due *d)
{
    uint8_t       body[1024];
    struct writer w = WRITER_OF(body);
    line_hex(&w, "handle", id_span(&d->handle));
    line_text(&w, "certain", d->certain ? SPAN_LIT("yes") : SPAN_LIT("no"));
    line_instant(&w, "discovered", d->discovered);
    line_number(&w, "leaf", d->leaf);
    line_text(&w, "what", (span){d->what, d->what_len});
    MUST(!w.bad);
    (void)letter_send(g, d->partner, "loss", writer_span(&w));
}

/* ---- the letter `found`: handle, leaf, what ---- */

static err found_read(span body, struct loss *out)
{
    struct lines l = lines_of(body);
    *out = (struct loss){.handle = take_id(&l, "handle")};
    out->leaf = take_number(&l, "leaf", INT64_MAX);
    out->what = take_text(&l, "what");
    TRY(lines_end(&l));
    return out->what.len <= LOSS_WHAT_MAX
               ? OK
               : FAIL(MALFORMED, "the report of what was found is not as it should be");
}

err letter_found_check(struct guard *g, const struct letter_view *v)
{
    struct loss one;
    (void)g;
    return found_read(v->body, &one);
}

/* In place of the losses that were told of it; where they have made room it is told by itself. */
err letter_found_fold(struct guard *g, const struct letter_view *v)
{
    struct loss one;
    bool        any = false;
    TRY(found_read(v->body, &one));
    struct told_item now = {.handle = one.handle,
                            .partner = (uint8_t)v->partner,
                            .kind = TOLD_FOUND,
                            .at = v->at,
                            .leaf = v->leaf};
    for (unsigned i = 0; i < TOLD_MAX; i++) {
        struct told_item *t = &g->duties.told[i];
        if (t->at != 0 && t->kind <= TOLD_LOSS && t->partner == v->partner &&
            id_equal(&t->handle, &one.handle)) {
            *t = now;
            any = true;
        }
    }
    if (!any) {
        told_add(g, &now);
    }
    return OK;
}

err letter_found_sent_fold(struct guard *g, const struct letter_view *v)
{
    struct loss one;
    TRY(found_read(v->body, &one));
    struct duty_item *item = duty_find(g, v->partner, &one.handle);
    loss_told(g, v->partner, one.leaf);
    if (item != NULL && item->lost) {
        item->found = v->number;
    }
    return OK;
}

static void found_send(struct guard *g, const struct loss_due *d)
{
    uint8_t       body[1024];
    struct writer w = WRITER_OF(body);
    line_hex(&w, "handle", id_span(&d->handle));
    line_number(&w, "leaf", d->leaf);
    line_text(&w, "what", (span){d->what, d->what_len});
    MUST(!w.bad);
    (void)letter_send(g, d->partner, "found", writer_span(&w));
}

/* ---- the letter `certificate`: handle, leaf, hash, who certified it; and what it cannot promise ---- */

#define MEDIUM_SENTENCE                                                                            \
    "the slot is overwritten and synced; a medium that keeps old blocks, and copies that left "    \
    "the "                                                                                         \
    "gateway, are for those who sign"

static err certificate_read(span body, struct told_item *out)
{
    struct lines l = lines_of(body);
    uint8_t      hash[32];
    span         value;
    *out = (struct told_item){.kind = TOLD_DESTROYED, .handle = take_id(&l, "handle")};
    (void)take_number(&l, "leaf", INT64_MAX);
    take_hex(&l, "hash", hash, sizeof hash);
    while (out->persons < OFFICERS_MAX && take_more(&l, "certifier", &value)) {
        out->persons++;
    }
    (void)take_text(&l, "medium");
    return lines_end(&l);
}

err letter_certificate_check(struct guard *g, const struct letter_view *v)
{
    struct told_item t;
    (void)g;
    return certificate_read(v->body, &t);
}

err letter_certificate_fold(struct guard *g, const struct letter_view *v)
{
    struct told_item t;
    TRY(certificate_read(v->body, &t));
    t.partner = (uint8_t)v->partner;
    t.at = v->at;
    t.leaf = v->leaf;
    told_add(g, &t);
    return OK;
}

err letter_certificate_sent_fold(struct guard *g, const struct letter_view *v)
{
    struct told_item t;
    TRY(certificate_read(v->body, &t));
    duty_forget(g, v->partner, &t.handle);
    return OK;
}

static void certificate_send(struct guard *g, unsigned partner, const struct duty_item *item)
{
    uint8_t       body[2048];
    struct writer w = WRITER_OF(body);
    line_hex(&w, "handle", id_span(&item->handle));
    line_number(&w, "leaf", item->leaf);
    line_hex(&w, "hash", SPAN_OF(item->hash));
    for (unsigned i = 0; i < item->certified; i++) {
        line_name(&w, "certifier", &g->person[item->person[i]].name);
    }
    line_text(&w, "medium", SPAN_LIT(MEDIUM_SENTENCE));
    MUST(!w.bad);
    (void)letter_send(g, partner, "certificate", writer_span(&w));
}

/* What was lost is told before it is told to be found. */
static bool is_first(const struct guard *g, const struct loss_due *d)
{
    bool first = true;
    for (unsigned i = 0; i < LOSSES_DUE_MAX; i++) {
        const struct loss_due *o = &g->duties.loss[i];
        first = first && !(o->leaf != 0 && o->leaf < d->leaf && id_equal(&o->handle, &d->handle));
    }
    return first;
}

void duty_letters_turn(struct guard *g)
{
    for (unsigned i = 0; i < LOSSES_DUE_MAX; i++) {
        const struct loss_due *d = &g->duties.loss[i];
        bool room = d->leaf != 0 && guard_has_room(g) && letter_room(g, d->partner);
        if (room && is_first(g, d)) {
            (d->found ? found_send : loss_send)(g, d);
        }
    }
    for (unsigned p = 0; p < g->partner_count; p++) {
        for (unsigned i = g->duties.count[p]; i > 0; i--) {
            /* from the end: what is sent is forgotten, and the last takes its place */
            const struct duty_item *item = &g->duties.item[p * DUTIES_EACH + i - 1];
            if (item->gone && guard_has_room(g) && letter_room(g, p)) {
                certificate_send(g, p, item);
            }
        }
    }
}
