/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/giving.h"

#include "crypt/hash.h"
#include "guard/standing.h"

/* ---- the question ---- */

struct law_now giving_law(struct guard *g)
{
    return (struct law_now){&g->tables, guard_index(g), g->assurance, g->assurance_count};
}

void assure(struct guard *g, struct crossing *c)
{
    const struct law_now law = giving_law(g);
    law_assure(&law, c);
}

static err crossing_begin(struct guard *g, const struct kept *k, const struct partner *to,
                          struct crossing *out)
{
    struct crossing c = {
        .from = g->self,
        .to = to->party,
        .via = PARTY_NONE,
        .giving = GIVING_RELEASE,
        .now_low = g->now - g->clock_error_ms,
        .now_high = g->now + g->clock_error_ms,
    };
    TRY(marking_read(&g->tables.policies, span_text(k->cover.marking), &c.marking));
    TRY(kind_of(name_span(&k->cover.kind), &c.kind));
    TRY(extent_read(span_text(k->cover.extent), &c.extent));
    TRY(reduction_read(span_text(k->cover.reduced), &c.reduced));
    *out = c;
    return OK;
}

/* Before which pauses it was begun: by its leaf, since the clock may have been set back after it, and by the
 * instant that the partner is told and judges by. */
static instant begun(const struct guard *g, const struct kept *k)
{
    instant after = k->kind == KEPT_OWN ? instrument_before(g, k->leaf) : k->cover.created;
    return after < k->cover.created ? after : k->cover.created;
}

/* What was begun while its agreement was paused stays back, unless an officer approved it since: after that
 * pause in the ledger, whatever the clock said to him. */
static instant since_of(struct guard *g, const struct kept *k, const struct partner *p,
                        unsigned approvals)
{
    const struct held *h = held_known(g, &k->cover.epoch, (unsigned)(p - g->partner));
    return approvals > 0 && h != NULL ? h->approved_after : begun(g, k);
}

err crossing_of(struct guard *g, const struct kept *k, const struct partner *p, unsigned approvals,
                struct crossing *out)
{
    struct crossing c;
    TRY(crossing_begin(g, k, p, &c));
    c.approvals = (uint8_t)approvals;
    c.standing = standing_giving(g, &c, since_of(g, k, p, approvals));
    assure(g, &c);
    *out = c;
    return OK;
}

err crossing_via(struct guard *g, const struct kept *k, const struct partner *to,
                 const struct partner *via, instant after, struct crossing *out)
{
    struct crossing c;
    TRY(crossing_begin(g, k, to, &c));
    c.via = via->party;
    c.given_by_act = true;
    c.approvals = 1;
    c.standing = standing_giving(g, &c, after > begun(g, k) ? after : begun(g, k));
    assure(g, &c);
    *out = c;
    return OK;
}

/* ---- the verdict and its leaf ---- */

void link_handle(const struct guard *g, const id *epoch, const name *partner, id *out)
{
    uint8_t    hash[SHA256_LEN];
    const span part[] = {SPAN_LIT("accord handle 1"), SPAN_OF(g->slot_key.key), id_span(epoch),
                         name_span(partner)};
    sha256_parts(part, ARRAY_LEN(part), hash);
    memcpy(out->bytes, hash, ID_LEN);
}

static void alarm(struct guard *g, const struct giving_case *v)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_ALARM);
    line_text(&l.w, "reason", SPAN_LIT("the two evaluators gave different verdicts"));
    line_hex(&l.w, "epoch", id_span(&v->kept->cover.epoch));
    line_name(&l.w, "partner", &v->partner->name);
    record_repeatable(g, &l);
}

err giving_decide(struct guard *g, struct giving_case *v)
{
    static const id none = {{0}};
    bool            differ = false;
    v->verdict = verdict_decide(&g->tables, guard_index(g), &v->crossing, &differ);
    if (differ) {
        alarm(g, v);
    }
    v->at = told_time(g);
    giver_digest(g, &v->crossing, v->at, v->rests_on);
    v->matter = WRITER_OF(v->matter_text);
    crossing_format(&g->tables, &v->crossing, &v->matter);
    verdict_format(&g->tables, &v->verdict, &v->matter);
    if (v->matter.bad) {
        return FAIL(LIMIT, "the case is too long to be put on record");
    }
    if (id_equal(&v->handle, &none)) {
        link_handle(g, &v->kept->cover.epoch, &v->partner->name, &v->handle);
    }
    return OK;
}

static const enum leaf_kind outcome_leaf[] = {
    [OUTCOME_REFUSE] = LEAF_REFUSED,
    [OUTCOME_HOLD] = LEAF_HELD,
    [OUTCOME_RELEASE] = LEAF_RELEASED,
};

/* What is passed on waits for no officer here: he who asked for it has said yes, and where more are
 * wanted it stays. */
static void way_lines(const struct giving_case *v, struct leaf *l)
{
    if (v->via != NULL) {
        line_name(&l->w, "via", &v->via->name);
    }
    if (v->approval != UINT64_MAX) {
        line_number(&l->w, "approval", v->approval);
    }
    if (v->passing != NULL) {
        line_name(&l->w, "originator", &v->passing->name);
    }
    if (v->again) {
        line_text(&l->w, "again", SPAN_LIT("yes"));
    }
}

void rests_lines(instant at, const uint8_t on[static 32], struct writer *w)
{
    line_instant(w, "rests-at", at);
    line_hex(w, "rests-on", (span){on, 32});
}

void giving_leaf(struct guard *g, const struct giving_case *v, struct leaf *l)
{
    enum outcome outcome = v->verdict.outcome;
    bool         waits = v->via == NULL && v->passing == NULL;
    leaf_start(g, l, outcome == OUTCOME_HOLD && !waits ? LEAF_WITHHELD : outcome_leaf[outcome]);
    line_hex(&l->w, "epoch", id_span(&v->kept->cover.epoch));
    line_name(&l->w, "partner", &v->partner->name);
    if (outcome == OUTCOME_RELEASE) {
        line_hex(&l->w, "handle", id_span(&v->handle));
    }
    way_lines(v, l);
    if (outcome == OUTCOME_HOLD) {
        line_number(&l->w, "officers", v->verdict.officers);
        line_name(&l->w, "author", &v->kept->from);
    }
    rests_lines(v->at, v->rests_on, &l->w);
    put_span(&l->w, writer_span(&v->matter));
}

void withheld_record(struct guard *g, const id *epoch, const name *partner, err why)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_WITHHELD);
    line_hex(&l.w, "epoch", id_span(epoch));
    line_name(&l.w, "partner", partner);
    line_text(&l.w, "reason", span_text(why.why));
    record_repeatable(g, &l);
}

/* ---- the grant ---- */

static struct grant grant_of(const struct guard *g, const struct giving_case *v,
                             const struct recorded *leaf)
{
    uint8_t      permit = v->verdict.permit.agreement;
    struct grant grant = {
        .from = g->party,
        .to = v->partner->name,
        .epoch = v->kept->cover.epoch,
        .handle = v->handle,
        .giving = (uint8_t)v->crossing.giving,
        .lease_ms = g->lease_ms,
        .leaf = leaf->index,
        .letter = v->partner->mailbox.sent,
        .at = v->at,
        .key = v->kept->key,
    };
    if (v->via != NULL) {
        grant.via = v->via->name;
    }
    if (permit < g->tables.agreements.count) {
        memcpy(grant.agreement, g->tables.agreements.agreement[permit].digest,
               sizeof grant.agreement);
    }
    const struct obligations *owed = &v->verdict.obligations;
    if ((owed->duties & DUTY_LEASE) != 0 && owed->lease_ms < grant.lease_ms) {
        grant.lease_ms = owed->lease_ms;
    }
    memcpy(grant.standing, v->rests_on, sizeof grant.standing);
    memcpy(grant.leaf_hash, &leaf->hash, sizeof grant.leaf_hash);
    return grant;
}

err giving_grant(struct guard *g, const struct giving_case *v, const struct recorded *leaf,
                 struct writer *out)
{
    uint8_t       cover[COVER_TEXT_MAX];
    struct writer w = WRITER_OF(cover);
    struct papers papers = {.matter = writer_span(&v->matter)};
    struct grant  grant = grant_of(g, v, leaf);
    cover_write(&v->kept->cover, &w);
    papers.cover = writer_span(&w);
    signer_sign(g->signer, COVER_PURPOSE, papers.cover, papers.cover_signature);
    err e = grant_seal(&grant, &papers, g->signer, &v->partner->notice.day_key, g->random, out);
    secret_wipe(&grant.key);
    return e;
}
