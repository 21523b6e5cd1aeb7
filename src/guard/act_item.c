/* SPDX-License-Identifier: Apache-2.0 */
/* An officer's acts on one item: approve or reject what is held, choose the own level of what came. */
#include "guard/act.h"
#include "guard/give.h"
#include "guard/receive.h"

/* ---- approve, reject: epoch HEX, partner JPN ---- */

static err held_named(struct guard *g, const struct act_view *v, struct held **out)
{
    struct lines    l = lines_of(v->body);
    id              epoch = take_id(&l, "epoch");
    name            who = take_name(&l, "partner");
    struct partner *p = partner_find(g, &who);
    TRY(body_end(&l));
    *out = p == NULL ? NULL : held_find(g, &epoch, (unsigned)(p - g->partner));
    return *out == NULL ? FAIL(UNKNOWN, "nothing is held under this id for that partner") : OK;
}

static err approver_may(struct guard *g, const struct held *h, const name *by)
{
    const struct person *officer = person_find(g, by);
    MUST(officer != NULL);
    if (name_equal(&h->author, by)) {
        return FAIL(DENIED, "the author of an item cannot approve it");
    }
    for (unsigned i = 0; i < h->approval_count; i++) {
        if (name_equal(&h->approver[i], by)) {
            return FAIL(CONFLICT, "this officer has approved it already");
        }
        const struct person *other = person_find(g, &h->approver[i]);
        if (other != NULL && name_equal(&other->chain, &officer->chain)) {
            return FAIL(DENIED, "another approval must come from another chain of command");
        }
    }
    return OK;
}

/* What the officer signs names the item, the recipient and the clause. */
static err held_show(struct guard *g, const struct held *h, struct writer *shown)
{
    struct kept           k;
    struct crossing       c;
    bool                  differ;
    uint8_t               clause[128];
    struct writer         w = WRITER_OF(clause);
    const struct partner *p = &g->partner[h->partner];
    TRY(kept_get(g, &h->epoch, &k));
    secret_wipe(&k.key);
    TRY(crossing_of(g, &k, p, h->approval_count, &c));
    struct verdict v = verdict_decide(&g->tables, guard_index(g), &c, &differ);
    clause_ref_format(&g->tables.agreements, v.permit, &w);
    line_text(shown, "shown",
              span_text(cover_is_feed(&k.cover) ? k.cover.feed.text : k.cover.title));
    line_text(shown, "shown", span_text(k.cover.marking));
    line_text(shown, "shown", name_span(&k.cover.kind));
    line_text(shown, "shown", writer_span(&w));
    return OK;
}

err approve_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct held *h;
    TRY(held_named(g, v, &h));
    TRY(approver_may(g, h, &v->by));
    return held_show(g, h, shown);
}

err approve_fold(struct guard *g, const struct act_view *v)
{
    struct held *h;
    TRY(held_named(g, v, &h));
    TRY(approver_may(g, h, &v->by));
    if (h->approval_count >= APPROVERS_MAX) {
        return FAIL(FULL, "the item has all the approvals it can have");
    }
    h->approver[h->approval_count++] = v->by;
    h->approved_after = instrument_last(g, g->self);
    return OK;
}

void approve_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    struct held *h;
    struct kept  k;
    MUST(!err_is(held_named(g, v, &h)));
    if (h->approval_count < h->officers) {
        line_text(result, "outcome", SPAN_LIT("held for another officer"));
        return;
    }
    err e = kept_get(g, &h->epoch, &k);
    if (!err_is(e)) {
        e = give(g, &k, h->partner, h->approval_count, 0);
        secret_wipe(&k.key);
    }
    line_text(result, "outcome",
              err_is(e)                   ? span_text(e.why)
              : h->state == HELD_RELEASED ? SPAN_LIT("released")
                                          : SPAN_LIT("approved, and still not released"));
}

err reject_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct held *h;
    TRY(held_named(g, v, &h));
    return held_show(g, h, shown);
}

err reject_fold(struct guard *g, const struct act_view *v)
{
    struct held *h;
    TRY(held_named(g, v, &h));
    h->state = HELD_REJECTED;
    return OK;
}

void reject_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    struct lines l = lines_of(v->body);
    id           epoch = take_id(&l, "epoch");
    name         who = take_name(&l, "partner");
    withheld_tell(g, &(struct withheld){.epoch = epoch, .partner = who, .until = WITHHELD_NEVER},
                  0);
    line_text(result, "outcome", SPAN_LIT("rejected"));
}

/* ---- designate: handle HEX, level JPN:GOKUHI ---- */

static struct designation *designation_find(struct guard *g, const id *handle)
{
    for (unsigned i = 0; i < g->designation_count; i++) {
        if (id_equal(&g->designation[i].handle, handle)) {
            return &g->designation[i];
        }
    }
    return NULL;
}

static err designate_decode(struct guard *g, const struct act_view *v, struct designation *out)
{
    struct lines l = lines_of(v->body);
    level        chosen;
    out->handle = take_id(&l, "handle");
    span text = take_text(&l, "level");
    TRY(body_end(&l));
    TRY(level_read(&g->tables.policies, text, &chosen));
    if (!name_equal(&g->tables.policies.policy[chosen.policy].name, &g->party)) {
        return FAIL(DENIED, "the own level is chosen in the own policy");
    }
    out->rank = chosen.rank;
    return OK;
}

err designate_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct designation d;
    struct kept        k;
    TRY(designate_decode(g, v, &d));
    if (err_is(kept_get(g, &d.handle, &k))) {
        return FAIL(UNKNOWN, "nothing was received under this handle");
    }
    secret_wipe(&k.key);
    if (k.kind != KEPT_RECEIVED || !set_has(k.candidates, d.rank)) {
        return FAIL(DENIED, "the agreement does not offer this level for this item");
    }
    if (designation_find(g, &d.handle) == NULL && g->designation_count >= DESIGNATIONS_MAX) {
        return FAIL(FULL, "there is no room for another choice of level");
    }
    line_text(shown, "shown", span_text(k.cover.marking));
    line_text(shown, "shown", name_span(&k.cover.originator));
    return OK;
}

err designate_fold(struct guard *g, const struct act_view *v)
{
    struct designation d;
    TRY(designate_decode(g, v, &d));
    struct designation *known = designation_find(g, &d.handle);
    if (known == NULL && g->designation_count >= DESIGNATIONS_MAX) {
        return FAIL(FULL, "there is no room for another choice of level");
    }
    if (known == NULL) {
        known = &g->designation[g->designation_count++];
    }
    *known = d;
    return OK;
}

uint8_t handled_as(const struct guard *g, const id *handle, const struct kept *k, bool *chosen)
{
    for (unsigned i = 0; i < g->designation_count; i++) {
        if (id_equal(&g->designation[i].handle, handle)) {
            *chosen = true;
            return g->designation[i].rank;
        }
    }
    *chosen = k->kind == KEPT_OWN || (k->candidates & (k->candidates - 1)) == 0;
    return k->handled_as;
}
