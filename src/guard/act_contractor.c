/* SPDX-License-Identifier: Apache-2.0 */
/* Acts of an originator: a contractor's people at a partner's may open what it gave, or may no more. */
#include "guard/act.h"
#include "guard/contractors.h"
#include "guard/kept.h"

/* ---- contractor-approve: partner, employer, firm, facility, agreement, item, topics, level, until, purpose ---- */

struct approving {
    uint8_t           partner;
    struct contractor contractor;
};

static err approve_decode(struct guard *g, const struct act_view *v, struct approving *out)
{
    struct lines     l = lines_of(v->body);
    struct approving a;
    name             partner = take_name(&l, "partner");
    TRY(contractor_take(g, &l, &g->party, &a.contractor));
    TRY(body_end(&l));
    TRY(partner_read(g, &partner, &a.partner));
    *out = a;
    return OK;
}

static err who_may(struct guard *g, const struct approving *a)
{
    uint8_t employer;
    TRY(party_read(g, &a->contractor.employer, &employer));
    return employer == g->partner[a->partner].party && a->contractor.firm.text[0] == 0
               ? FAIL(DENIED, "a partner's own people are no contractors of it")
               : OK;
}

static err agreement_may(struct guard *g, const struct approving *a, struct writer *shown)
{
    unsigned number;
    TRY(agreements_find(&g->tables.agreements, name_span(&a->contractor.agreement), &number));
    set64 both = set_one(g->self) | set_one(g->partner[a->partner].party);
    if (!set_within(both, g->tables.agreements.agreement[number].parties)) {
        return FAIL(DENIED, "the agreement is not one with that partner");
    }
    line_text(shown, "shown", SPAN_LIT("everything that it was given under the agreement, and is"));
    return OK;
}

static err item_may(struct guard *g, const struct approving *a, const name *by,
                    struct writer *shown)
{
    struct kept k = {0};
    err         e = kept_get(g, &a->contractor.item, &k);
    secret_wipe(&k.key);
    if (err_is(e) || k.kind != KEPT_OWN) {
        return FAIL(UNKNOWN, "nothing of the own is kept under this id");
    }
    if (name_equal(&k.from, by)) {
        return FAIL(DENIED, "the author of an item cannot approve that a contractor opens it");
    }
    line_text(shown, "shown",
              span_text(cover_is_feed(&k.cover) ? k.cover.feed.text : k.cover.title));
    line_text(shown, "shown", span_text(k.cover.marking));
    return OK;
}

err contractor_approve_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct approving     a;
    const struct person *by = person_find(g, &v->by);
    TRY(approve_decode(g, v, &a));
    if (!is_own_officer(g, by)) {
        return FAIL(DENIED, "an approval is given by an officer of the originator's own");
    }
    TRY(who_may(g, &a));
    if (a.contractor.until <= g->now || a.contractor.until > DAY_LAST) {
        return FAIL(DENIED, "the approval would have expired already, or never would");
    }
    if (contractor_room(g, a.partner) == NULL) {
        return FAIL(FULL, "there is no room for another contractor of that partner");
    }
    return a.contractor.agreement.text[0] == 0 ? item_may(g, &a, &v->by, shown)
                                               : agreement_may(g, &a, shown);
}

err contractor_approve_fold(struct guard *g, const struct act_view *v)
{
    struct approving a;
    TRY(approve_decode(g, v, &a));
    struct contractor *room = contractor_room(g, a.partner);
    if (room == NULL) {
        return FAIL(FULL, "there is no room for another contractor of that partner");
    }
    *room = a.contractor;
    room->leaf = g->ledger.tree.size - 1;
    return OK;
}

void contractor_approve_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    (void)v;
    line_number(result, "approval", g->ledger.tree.size - 1);
    contractors_turn(g);
}

/* ---- contractor-revoke: approval LEAF, reason TEXT ---- */

static err revoke_decode(struct guard *g, const struct act_view *v, struct contractor **out)
{
    struct lines l = lines_of(v->body);
    uint64_t     leaf = take_number(&l, "approval", INT64_MAX);
    (void)take_text(&l, "reason");
    TRY(body_end(&l));
    for (unsigned i = 0; i < CONTRACTORS_MAX; i++) {
        struct contractor *c = &g->contractors.given[i];
        if (leaf != 0 && c->leaf == leaf && !c->revoked) {
            *out = c;
            return OK;
        }
    }
    return FAIL(UNKNOWN, "there is no such approval, or it was revoked");
}

err contractor_revoke_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct contractor *c;
    TRY(revoke_decode(g, v, &c));
    line_text(shown, "shown", SPAN_LIT("what was opened under it stays known to who opened it"));
    return OK;
}

err contractor_revoke_fold(struct guard *g, const struct act_view *v)
{
    struct contractor *c;
    TRY(revoke_decode(g, v, &c));
    c->revoked = true;
    return OK;
}

void contractor_revoke_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    (void)v;
    contractors_turn(g);
    line_text(result, "outcome", SPAN_LIT("revoked"));
}
