/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/give.h"

#include "crypt/hash.h"
#include "guard/act.h"

/* ---- the question ---- */

/* Of a partner's assurances the first that speaks for this level and these topics now; else the first
 * there is, so that the verdict can say what is wrong with it. */
static struct assurance assurance_for(const struct guard *g, const struct partner *p,
                                      const struct marking *m)
{
    struct assurance first = {0};
    for (unsigned i = 0; i < g->assurance_count; i++) {
        const struct assurance *a = &g->assurance[i].assurance;
        if (g->assurance[i].partner != p->party) {
            continue;
        }
        if (levels_have(&a->levels, m->level) && set_within(m->topics, a->topics) &&
            a->from <= g->now && g->now < a->until) {
            return *a;
        }
        first = first.present ? first : *a;
    }
    return first;
}

set64 standing_then(const struct guard *g, uint8_t from, uint8_t to, instant low, instant high)
{
    struct instrument known[INSTRUMENTS_MAX];
    for (unsigned i = 0; i < g->instrument_count; i++) {
        known[i] = g->instrument[i];
        known[i].accepted = known[i].accepted < low ? known[i].accepted : low;
    }
    return standing_set(&g->tables.agreements, known, g->instrument_count, low, high) &
           agreements_between(&g->tables.agreements, from, to);
}

err crossing_of(struct guard *g, const struct kept *k, const struct partner *p, unsigned approvals,
                struct crossing *out)
{
    struct crossing c = {
        .from = g->self,
        .to = p->party,
        .via = PARTY_NONE,
        .giving = GIVING_RELEASE,
        .now_low = g->now - g->clock_error_ms,
        .now_high = g->now + g->clock_error_ms,
        .approvals = (uint8_t)approvals,
    };
    TRY(marking_read(&g->tables.policies, span_text(k->cover.marking), &c.marking));
    TRY(kind_of(name_span(&k->cover.kind), &c.kind));
    c.standing = standing_set(&g->tables.agreements, g->instrument, g->instrument_count, c.now_low,
                              c.now_high) &
                 agreements_between(&g->tables.agreements, c.from, c.to);
    c.assurance = assurance_for(g, p, &c.marking);
    *out = c;
    return OK;
}

/* ---- the digest of what stands ---- */

static void instrument_put(const struct instrument *i, struct writer *w)
{
    put_u8(w, (uint8_t)i->kind);
    put_u64(w, (uint64_t)i->effective);
}

/* One number for one agreement's instruments: each hashed, the hashes added up, so order is nothing.
 * Party numbers differ between gateways, so the party's name is hashed. */
static void instruments_add(const struct guard *g, const struct agreement *a,
                            uint8_t sum[static 32])
{
    for (unsigned i = 0; i < g->instrument_count; i++) {
        const struct instrument *one = &g->instrument[i];
        if (memcmp(one->digest, a->digest, sizeof a->digest) != 0) {
            continue;
        }
        uint8_t       head[16], hash[32];
        struct writer w = WRITER_OF(head);
        instrument_put(one, &w);
        const span part[] = {SPAN_OF(a->digest),
                             name_span(&g->tables.policies.parties.name[one->party]),
                             writer_span(&w)};
        sha256_parts(part, ARRAY_LEN(part), hash);
        unsigned carry = 0;
        for (unsigned b = 32; b > 0; b--) {
            carry += (unsigned)sum[b - 1] + hash[b - 1];
            sum[b - 1] = (uint8_t)carry;
            carry >>= 8;
        }
    }
}

void standing_digest(const struct guard *g, set64 agreements, uint8_t out[static 32])
{
    uint8_t sum[32] = {0};
    for (unsigned i = set_next(agreements, 0); i < g->tables.agreements.count;
         i = set_next(agreements, i + 1)) {
        instruments_add(g, &g->tables.agreements.agreement[i], sum);
    }
    sha256(SPAN_OF(sum), out);
}

/* ---- the leaf of a verdict ---- */

static const enum leaf_kind outcome_leaf[] = {
    [OUTCOME_REFUSE] = LEAF_REFUSED,
    [OUTCOME_HOLD] = LEAF_HELD,
    [OUTCOME_RELEASE] = LEAF_RELEASED,
};

struct giving_case {
    const struct kept    *kept;
    const struct partner *partner;
    uint32_t              tag;
    struct crossing       crossing;
    struct verdict        verdict;
    id                    handle;
    struct writer         matter;
    uint8_t               matter_text[CASE_TEXT_MAX];
};

static void verdict_leaf(struct guard *g, const struct giving_case *v, struct leaf *l)
{
    leaf_start(g, l, outcome_leaf[v->verdict.outcome]);
    line_hex(&l->w, "epoch", id_span(&v->kept->cover.epoch));
    line_name(&l->w, "partner", &v->partner->name);
    if (v->verdict.outcome == OUTCOME_RELEASE) {
        line_hex(&l->w, "handle", id_span(&v->handle));
    }
    if (v->verdict.outcome == OUTCOME_HOLD) {
        line_number(&l->w, "officers", v->verdict.officers);
        line_name(&l->w, "author", &v->kept->from);
    }
    put_span(&l->w, writer_span(&v->matter));
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

/* ---- the grant ---- */

void withheld_tell(struct guard *g, const id *epoch, const name *partner, bool final, uint32_t tag)
{
    struct writer *w = mail_begin(g, CALLER_COURIER, ANSWER_WITHHELD, tag);
    put_id(w, epoch);
    put_name(w, partner);
    put_u8(w, final);
    mail_end(g);
}

static void link_handle(const struct guard *g, const id *epoch, const name *partner, id *out)
{
    uint8_t    hash[SHA256_LEN];
    const span part[] = {SPAN_LIT("accord handle 1"), SPAN_OF(g->slot_key.key), id_span(epoch),
                         name_span(partner)};
    sha256_parts(part, ARRAY_LEN(part), hash);
    memcpy(out->bytes, hash, ID_LEN);
}

static err grant_make(struct guard *g, const struct giving_case *v, const struct recorded *leaf,
                      struct writer *out)
{
    const struct verdict *verdict = &v->verdict;
    uint8_t               cover[COVER_TEXT_MAX];
    struct writer         w = WRITER_OF(cover);
    struct papers         papers = {.matter = writer_span(&v->matter)};
    struct grant          grant = {
                 .from = g->party,
                 .to = v->partner->name,
                 .epoch = v->kept->cover.epoch,
                 .handle = v->handle,
                 .giving = (uint8_t)v->crossing.giving,
                 .leaf = leaf->index,
                 .at = g->now,
                 .key = v->kept->key,
    };
    if (verdict->permit.agreement < g->tables.agreements.count) {
        memcpy(grant.agreement, g->tables.agreements.agreement[verdict->permit.agreement].digest,
               sizeof grant.agreement);
    }
    standing_digest(g, v->crossing.standing, grant.standing);
    memcpy(grant.leaf_hash, &leaf->hash, sizeof grant.leaf_hash);
    cover_write(&v->kept->cover, &w);
    papers.cover = writer_span(&w);
    signer_sign(g->signer, COVER_PURPOSE, papers.cover, papers.cover_signature);
    err e = grant_seal(&grant, &papers, g->signer, &v->partner->notice.day_key, g->random, out);
    secret_wipe(&grant.key);
    return e;
}

static err released(struct guard *g, const struct giving_case *v, const struct recorded *leaf)
{
    uint8_t         sealed[GRANT_MAX];
    struct writer   w = WRITER_OF(sealed);
    struct granted  granted = {.epoch = v->kept->cover.epoch,
                               .partner = v->partner->name,
                               .handle = v->handle,
                               .items = UINT64_MAX};
    enum precedence precedence;
    TRY(precedence_of(name_span(&v->kept->cover.precedence), &precedence));
    TRY(grant_make(g, v, leaf, &w));
    granted.precedence = (uint8_t)precedence;
    granted.grant = writer_span(&w);
    granted_put(mail_begin(g, CALLER_COURIER, ANSWER_GRANTED, v->tag), &granted);
    mail_end(g);
    return OK;
}

/* A verdict of release for a partner whose day key is not known here waits until it is. */
static err no_day_key(struct guard *g, const struct giving_case *v)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_WITHHELD);
    line_hex(&l.w, "epoch", id_span(&v->kept->cover.epoch));
    line_name(&l.w, "partner", &v->partner->name);
    line_text(&l.w, "reason", SPAN_LIT("no day key of that partner is known"));
    record_repeatable(g, &l);
    withheld_tell(g, &v->kept->cover.epoch, &v->partner->name, false, v->tag);
    return OK;
}

static err case_decide(struct guard *g, struct giving_case *v)
{
    bool differ = false;
    v->verdict = verdict_decide(&g->tables, guard_index(g), &v->crossing, &differ);
    if (differ) {
        alarm(g, v);
    }
    v->matter = WRITER_OF(v->matter_text);
    crossing_format(&g->tables, &v->crossing, &v->matter);
    verdict_format(&g->tables, &v->verdict, &v->matter);
    if (v->matter.bad) {
        return FAIL(LIMIT, "the case is too long to be put on record");
    }
    link_handle(g, &v->kept->cover.epoch, &v->partner->name, &v->handle);
    return OK;
}

/* The oldest that waits no more: its end is forgotten only when there is no other room. */
static struct held *held_ended(struct guard *g)
{
    struct held *oldest = NULL;
    for (unsigned i = 0; i < g->held_count; i++) {
        struct held *h = &g->held[i];
        if (h->state != HELD_WAITING && (oldest == NULL || h->since < oldest->since)) {
            oldest = h;
        }
    }
    return oldest;
}

err give(struct guard *g, const struct kept *k, unsigned partner, unsigned approvals, uint32_t tag)
{
    struct giving_case v = {.kept = k, .partner = &g->partner[partner], .tag = tag};
    struct leaf        l;
    TRY(crossing_of(g, k, v.partner, approvals, &v.crossing));
    TRY(case_decide(g, &v));
    enum outcome outcome = v.verdict.outcome;
    bool         waits = held_find(g, &k->cover.epoch, partner) != NULL;
    if (outcome == OUTCOME_RELEASE && v.partner->notice.until <= g->now) {
        return no_day_key(g, &v);
    }
    if (outcome == OUTCOME_HOLD && !waits && g->held_count >= HELD_MAX && held_ended(g) == NULL) {
        return FAIL(FULL, "too many items wait for an officer");
    }
    verdict_leaf(g, &v, &l);
    if (outcome == OUTCOME_RELEASE) {
        struct recorded leaf = record(g, &l);
        return released(g, &v, &leaf);
    }
    if (outcome == OUTCOME_REFUSE || !waits) {
        record_repeatable(g, &l);
    }
    withheld_tell(g, &k->cover.epoch, &v.partner->name, outcome == OUTCOME_REFUSE, tag);
    return OK;
}

err on_release(struct guard *g, const struct request_context *c, struct reader *body)
{
    id          epoch = read_id(body);
    struct kept k;
    TRY(reader_end(body));
    TRY(kept_get(g, &epoch, &k));
    err e = k.kind == KEPT_OWN ? OK : FAIL(DENIED, "what was received is not given onward");
    for (unsigned i = 0; !err_is(e) && i < g->partner_count; i++) {
        const struct held *h = held_known(g, &epoch, i);
        if (h != NULL && h->state == HELD_REJECTED) {
            withheld_tell(g, &epoch, &g->partner[i].name, true, c->tag);
        } else {
            e = give(g, &k, i, h == NULL ? 0 : h->approval_count, c->tag);
        }
    }
    secret_wipe(&k.key);
    return e;
}

/* ---- the fold ---- */

static err verdict_head(struct guard *g, const struct leaf_head *head, struct lines *l, id *epoch,
                        unsigned *partner)
{
    *l = lines_of(head->body);
    *epoch = take_id(l, "epoch");
    name                  who = take_name(l, "partner");
    const struct partner *p = partner_find(g, &who);
    if (l->bad || p == NULL) {
        return FAIL(MALFORMED, "the leaf of a verdict is not as it should be");
    }
    *partner = (unsigned)(p - g->partner);
    return OK;
}

static struct held *held_room(struct guard *g)
{
    return g->held_count < HELD_MAX ? &g->held[g->held_count++] : held_ended(g);
}

err held_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines l;
    id           epoch;
    unsigned     partner;
    TRY(verdict_head(g, head, &l, &epoch, &partner));
    if (held_known(g, &epoch, partner) != NULL) {
        return OK;
    }
    struct held *h = held_room(g);
    if (h == NULL) {
        return FAIL(FULL, "too many items wait for an officer");
    }
    *h = (struct held){.epoch = epoch, .partner = (uint8_t)partner, .since = head->time};
    h->officers = (uint8_t)take_number(&l, "officers", APPROVERS_MAX);
    h->author = take_name(&l, "author");
    g->counters.held++;
    return l.bad ? FAIL(MALFORMED, "the leaf of a held item is not as it should be") : OK;
}

err released_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines l;
    id           epoch;
    unsigned     partner;
    TRY(verdict_head(g, head, &l, &epoch, &partner));
    struct held *h = held_find(g, &epoch, partner);
    if (h != NULL) {
        h->state = HELD_RELEASED;
    }
    g->counters.released++;
    return OK;
}
