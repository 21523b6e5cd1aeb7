/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/give.h"

#include "guard/act.h"
#include "guard/onward.h"
#include "guard/receipts.h"

void withheld_tell(struct guard *g, const struct withheld *h, uint32_t tag)
{
    withheld_put(mail_begin(g, CALLER_COURIER, ANSWER_WITHHELD, tag), h);
    mail_end(g);
}

static void never_tell(struct guard *g, const struct giving_case *v, uint32_t tag)
{
    struct withheld h = {
        .epoch = v->kept->cover.epoch, .partner = v->partner->name, .until = WITHHELD_NEVER};
    withheld_tell(g, &h, tag);
}

/* Nobody has said yet that all of it is what its author signed: the courier is told when that is so. */
static void not_seen_tell(struct guard *g, const struct giving_case *v, uint32_t tag)
{
    struct withheld h = {
        .epoch = v->kept->cover.epoch, .partner = v->partner->name, .until = WITHHELD_OFFICER};
    withheld_tell(g, &h, tag);
}

/* ---- what is decided already ---- */

/* One way for each epoch and party, straight or by a hub: the first stays.  What was taken back stays
 * taken back.  What is derived is its one partner's, which never has what it is derived from. */
static bool is_over(struct guard *g, const struct kept *k, unsigned partner)
{
    const struct held *h = held_known(g, &k->cover.epoch, partner);
    bool               taken = order_takes(g, partner, &k->cover.epoch) ||
                 (k->only != 0 && order_takes(g, partner, &k->of));
    return k->looked == LOOKED_STOPPED || set_has(k->recalled, partner) || taken ||
           set_has(k->given_via, partner) || set_has(k->instead, partner) ||
           (k->only != 0 && k->only != partner + 1) || (h != NULL && h->state == HELD_REJECTED);
}

err give_waits(const struct guard *g, unsigned partner)
{
    TRY(may_give(g, partner));
    return partner_reachable(g, partner) ? OK : FAIL(STATE, "no day key of that partner is known");
}

/* Why this one must.  What it had before owes no second receipt. */
static err must_wait(const struct guard *g, const struct giving_case *v, unsigned partner)
{
    TRY(give_waits(g, partner));
    return receipts_room(g, partner) || v->again
               ? OK
               : FAIL(FULL, "receipts are owed for more items than can be kept in mind");
}

static uint8_t outbox_of(const struct kept *k)
{
    return cover_is_feed(&k->cover) ? OUTBOX_INTAKE : OUTBOX_DESK;
}

/* ---- the grant ---- */

static err given_note(struct guard *g, struct kept *k, unsigned partner, const struct verdict *v)
{
    uint8_t agreement =
        v->permit.agreement != CLAUSE_NONE ? v->permit.agreement : v->cover.agreement;
    uint16_t given = (uint16_t)(k->given | 1u << partner);
    if (given != k->given) {
        k->given = given;
        TRY(kept_change(g, &k->cover.epoch, k));
    }
    running_given(g, &k->cover.epoch, partner, agreement);
    return OK;
}

static err released(struct guard *g, const struct giving_case *v, struct kept *k, uint32_t tag)
{
    uint8_t         sealed[GRANT_MAX];
    struct writer   w = WRITER_OF(sealed);
    struct leaf     l;
    enum precedence precedence;
    TRY(precedence_of(name_span(&k->cover.precedence), &precedence));
    TRY(given_note(g, k, (unsigned)(v->partner - g->partner), &v->verdict));
    giving_leaf(g, v, &l);
    struct recorded leaf = record(g, &l);
    TRY(giving_grant(g, v, &leaf, &w));
    struct granted granted = {.epoch = k->cover.epoch,
                              .partner = v->partner->name,
                              .handle = v->handle,
                              .precedence = (uint8_t)precedence,
                              .outbox = outbox_of(k),
                              .items = UINT64_MAX,
                              .grant = writer_span(&w)};
    granted_put(mail_begin(g, CALLER_COURIER, ANSWER_GRANTED, tag), &granted);
    mail_end(g);
    return OK;
}

/* It is only late: the courier keeps it in mind, here it is enough to know of the partner. */
static err late(struct guard *g, const struct giving_case *v, err why, uint32_t tag)
{
    enum precedence    precedence;
    const struct kept *k = v->kept;
    TRY(precedence_of(name_span(&k->cover.precedence), &precedence));
    withheld_record(g, &k->cover.epoch, &v->partner->name, why);
    g->partner[v->partner - g->partner].waits = true;
    struct withheld h = {.epoch = k->cover.epoch,
                         .partner = v->partner->name,
                         .until = WITHHELD_HEARD,
                         .outbox = outbox_of(k),
                         .precedence = (uint8_t)precedence};
    withheld_tell(g, &h, tag);
    return OK;
}

/* A free place, or that of the oldest that waits no more: its end is forgotten only then. */
static struct held *held_room(struct guard *g)
{
    struct held *oldest = NULL;
    if (g->held_count < HELD_MAX) {
        return &g->held[g->held_count];
    }
    for (unsigned i = 0; i < g->held_count; i++) {
        struct held *h = &g->held[i];
        if (h->state != HELD_WAITING && (oldest == NULL || h->since < oldest->since)) {
            oldest = h;
        }
    }
    return oldest;
}

/* It is not released: for good, or until an officer has decided. */
static err not_released(struct guard *g, const struct giving_case *v, unsigned partner,
                        uint32_t tag)
{
    struct leaf l;
    bool        refused = v->verdict.outcome == OUTCOME_REFUSE;
    bool        waits = held_find(g, &v->kept->cover.epoch, partner) != NULL;
    if (!refused && !waits && held_room(g) == NULL) {
        return FAIL(FULL, "too many items wait for an officer");
    }
    if (refused || !waits) {
        giving_leaf(g, v, &l);
        record_repeatable(g, &l);
    }
    struct withheld h = {.epoch = v->kept->cover.epoch,
                         .partner = v->partner->name,
                         .until = refused ? WITHHELD_NEVER : WITHHELD_OFFICER};
    withheld_tell(g, &h, tag);
    return OK;
}

static struct giving_case giving_new(const struct guard *g, const struct kept *k, unsigned partner)
{
    return (struct giving_case){.kept = k,
                                .partner = &g->partner[partner],
                                .approval = UINT64_MAX,
                                .again = set_has(k->given, partner)};
}

err give(struct guard *g, struct kept *k, unsigned partner, unsigned approvals, uint32_t tag)
{
    struct giving_case v = giving_new(g, k, partner);
    if (is_over(g, k, partner)) {
        never_tell(g, &v, tag);
        return OK;
    }
    if (k->looked == LOOKED_DUE) {
        not_seen_tell(g, &v, tag);
        return OK;
    }
    /* A guard that may not act may not know what stands either: it refuses nothing for good. */
    err why = may_act(g);
    if (err_is(why)) {
        return late(g, &v, why, tag);
    }
    TRY(crossing_of(g, k, v.partner, approvals, &v.crossing));
    TRY(giving_decide(g, &v));
    if (v.verdict.outcome != OUTCOME_RELEASE) {
        return not_released(g, &v, partner, tag);
    }
    why = must_wait(g, &v, partner);
    return err_is(why) ? late(g, &v, why, tag) : released(g, &v, k, tag);
}

/* ---- when it may go on ---- */

static bool may_go_on(const struct guard *g, unsigned partner)
{
    return g->partner[partner].waits && receipts_room(g, partner) &&
           !err_is(give_waits(g, partner));
}

void give_turn(struct guard *g)
{
    for (unsigned i = 0; i < g->partner_count && guard_has_room(g); i++) {
        if (may_go_on(g, i)) {
            put_name(mail_begin(g, CALLER_COURIER, ANSWER_HEARD, 0), &g->partner[i].name);
            mail_end(g);
            g->partner[i].waits = false;
        }
    }
}

uint64_t give_due(const struct guard *g)
{
    uint64_t due = UINT64_MAX;
    for (unsigned i = 0; i < g->partner_count; i++) {
        due = may_go_on(g, i) ? g->boot_ms : due;
    }
    return due;
}

/* ---- the courier asks ---- */

static err give_asked(struct guard *g, struct kept *k, unsigned partner, uint32_t tag)
{
    const struct held *h = held_known(g, &k->cover.epoch, partner);
    return give(g, k, partner, h == NULL ? 0 : h->approval_count, tag);
}

/* Nothing of it is sealed yet, and nothing may ever be.  So what cannot go at once is not on record and in nobody's
 * queue: it is asked for when something of it is there. */
static err give_ahead(struct guard *g, struct kept *k, unsigned partner, uint32_t tag)
{
    struct giving_case v = giving_new(g, k, partner);
    bool               waits = k->looked == LOOKED_DUE || err_is(must_wait(g, &v, partner));
    if (is_over(g, k, partner) || waits) {
        return OK;
    }
    TRY(crossing_of(g, k, v.partner, 0, &v.crossing));
    TRY(giving_decide(g, &v));
    return v.verdict.outcome == OUTCOME_RELEASE ? released(g, &v, k, tag) : OK;
}

typedef err giver(struct guard *g, struct kept *k, unsigned partner, uint32_t tag);

static err give_each(struct guard *g, struct kept *k, uint32_t tag, giver *give_one)
{
    for (unsigned i = 0; i < g->partner_count; i++) {
        TRY(give_one(g, k, i, tag));
    }
    return OK;
}

static err asked(struct guard *g, const struct request_context *c, struct reader *body,
                 giver *give_one)
{
    id          epoch = read_id(body);
    name        who = read_name(body);
    struct kept k;
    TRY(reader_end(body));
    const struct partner *p = partner_find(g, &who);
    if (p == NULL && who.text[0] != 0) {
        return FAIL(STATE, "something is to be released to a party that is no partner");
    }
    err gone = kept_get(g, &epoch, &k);
    if (gone.code == ERR_STATE) {
        return FAIL(DENIED, "its key was destroyed: it is given to nobody any more");
    }
    TRY(gone);
    err e = k.kind != KEPT_OWN ? FAIL(DENIED, "what was received is not given onward")
            : p == NULL        ? give_each(g, &k, c->tag, give_one)
                               : give_one(g, &k, (unsigned)(p - g->partner), c->tag);
    secret_wipe(&k.key);
    return e;
}

err on_release(struct guard *g, const struct request_context *c, struct reader *body)
{
    return asked(g, c, body, give_asked);
}

err on_ahead(struct guard *g, const struct request_context *c, struct reader *body)
{
    return asked(g, c, body, give_ahead);
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
    g->held_count += h == &g->held[g->held_count] ? 1 : 0;
    *h = (struct held){.epoch = epoch, .partner = (uint8_t)partner, .since = head->time};
    h->officers = (uint8_t)take_number(&l, "officers", APPROVERS_MAX);
    h->author = take_name(&l, "author");
    g->counters.held++;
    return l.bad ? FAIL(MALFORMED, "the leaf of a held item is not as it should be") : OK;
}

/* A grant is of the time of its leaf, but no later than the verdict's (told_time). */
static err given_at(struct guard *g, const struct leaf_head *head)
{
    for (span rest = head->body; rest.len > 0;) {
        span    line = span_cut(&rest, '\n');
        instant at;
        if (span_is(span_cut(&line, ' '), "high")) {
            TRY(text_instant(line, &at));
            at = head->time < at ? head->time : at;
            g->given_last = at > g->given_last ? at : g->given_last;
            return OK;
        }
    }
    return FAIL(MALFORMED, "the leaf of a release has no time");
}

err released_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines l;
    id           epoch;
    unsigned     partner;
    span         way;
    TRY(verdict_head(g, head, &l, &epoch, &partner));
    struct given_leaf given = {.partner = (uint8_t)partner, .handle = take_id(&l, "handle")};
    given.via = take_more(&l, "via", &way);
    if (take_more(&l, "approval", &way)) {
        TRY(text_decimal(way, UINT64_MAX, &given.approval));
    }
    given.passed = take_more(&l, "originator", &way);
    bool         again = take_more(&l, "again", &way);
    struct held *h = held_find(g, &epoch, partner);
    if (h != NULL) {
        h->state = HELD_RELEASED;
    }
    TRY(given_at(g, head));
    g->counters.released += again ? 0 : 1;
    onward_given_fold(g, &given);
    return again || given.passed ? OK : receipts_given_fold(g, head, &given);
}
