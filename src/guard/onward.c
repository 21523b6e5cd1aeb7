/* SPDX-License-Identifier: Apache-2.0 */
/* The originator: who asks to pass something on, what an officer approved by name, and what follows. */
#include "guard/onward.h"

#include "guard/act.h"
#include "guard/give.h"
#include "guard/receipts.h"

#define TURN_MAX 4 /* questions that one turn answers */

/* ---- the letter `ask`: handle, epoch, to, level, by, purpose ---- */

static err ask_read(struct guard *g, const struct letter_view *v, struct asked *out)
{
    struct lines l = lines_of(v->body);
    struct asked a = {.used = true, .partner = (uint8_t)v->partner, .since = v->time};
    a.handle = take_id(&l, "handle");
    a.epoch = take_id(&l, "epoch");
    name who = take_name(&l, "to");
    span under = take_text(&l, "level"), by = take_text(&l, "by");
    span purpose = take_text(&l, "purpose");
    TRY(lines_end(&l));
    const struct partner *to = partner_find(g, &who);
    TRY(level_read(&g->tables.policies, under, &a.level));
    if (to == NULL || (unsigned)(to - g->partner) == v->partner) {
        return FAIL(UNKNOWN, "it is to be passed on to a party that is no partner here");
    }
    if (purpose.len == 0 || purpose.len >= sizeof a.purpose) {
        return FAIL(LIMIT, "a purpose is stated in fewer than 96 bytes");
    }
    memcpy(a.purpose, purpose.ptr, purpose.len);
    a.to = (uint8_t)(to - g->partner);
    a.by_act = span_is(by, "act");
    *out = a;
    return OK;
}

err letter_ask_check(struct guard *g, const struct letter_view *v)
{
    struct asked a;
    id           handle;
    TRY(ask_read(g, v, &a));
    link_handle(g, &a.epoch, &g->partner[v->partner].name, &handle);
    return id_equal(&handle, &a.handle)
               ? OK
               : FAIL(UNKNOWN, "the partner was not given what it asks to pass on");
}

/* Asked twice is asked once. */
err letter_ask_fold(struct guard *g, const struct letter_view *v)
{
    struct asked a;
    TRY(ask_read(g, v, &a));
    struct asked *at = asked_find(g, false, a.partner, &a.handle, a.to);
    at = at == NULL ? asked_new(g, false, a.partner) : at;
    *at = a;
    return OK;
}

void letter_ask_done(struct guard *g, const struct letter_view *v)
{
    struct asked a;
    if (!err_is(ask_read(g, v, &a))) {
        onward_answer(g, asked_find(g, false, a.partner, &a.handle, a.to));
    }
}

/* ---- which approval speaks of it ---- */

static bool speaks_of(const struct approval *p, const struct asked *a, const struct kept *k)
{
    bool feed = p->feed.text[0] != 0 && name_equal(&p->feed, &k->cover.feed);
    return p->partner == a->partner && (feed || id_equal(&p->epoch, &a->epoch));
}

static err approval_good(const struct guard *g, const struct approval *p, const struct asked *a)
{
    if (p->to != a->to) {
        return FAIL(DENIED, "the approval is for another third party");
    }
    if (strcmp(p->purpose, a->purpose) != 0) {
        return FAIL(DENIED, "the approval is for another purpose");
    }
    if (p->revoked) {
        return FAIL(DENIED, "the approval was revoked");
    }
    if (p->until <= g->now) {
        return FAIL(DENIED, "the approval has expired");
    }
    return p->count > 0 ? OK : FAIL(DENIED, "the approval is used up");
}

/* One that is good; else the reason why the newest is not; UNKNOWN when none speaks of it: it waits. */
static err approval_for(struct guard *g, const struct asked *a, const struct kept *k,
                        struct approval **out)
{
    err e = FAIL(UNKNOWN, "no approval speaks of it");
    *out = NULL;
    for (unsigned i = 0; i < g->onward.approval_count; i++) {
        struct approval *p = &g->onward.approval[i];
        if (speaks_of(p, a, k)) {
            *out = p;
            e = approval_good(g, p, a);
            if (!err_is(e)) {
                return OK;
            }
        }
    }
    return e;
}

/* ---- the answers ---- */

static void way_line(struct guard *g, struct writer *w, const struct asked *a,
                     const struct approval *p)
{
    line_name(w, "via", &g->partner[a->partner].name);
    if (p != NULL) {
        line_number(w, "approval", p->leaf);
    }
}

static void decline(struct guard *g, const struct asked *asked, const struct approval *p, err why)
{
    const struct asked a = *asked; /* its place is free once the letter has gone */
    uint8_t            text[512];
    struct writer      w = WRITER_OF(text);
    struct leaf        l;
    if (!letter_room(g, a.partner)) {
        return;
    }
    leaf_start(g, &l, LEAF_WITHHELD);
    line_hex(&l.w, "epoch", id_span(&a.epoch));
    line_name(&l.w, "partner", &g->partner[a.to].name);
    way_line(g, &l.w, &a, p);
    line_text(&l.w, "reason", span_text(why.why));
    record(g, &l);
    line_hex(&w, "handle", id_span(&a.handle));
    line_name(&w, "to", &g->partner[a.to].name);
    line_text(&w, "reason", span_text(why.why));
    MUST(!w.bad);
    (void)letter_send(g, a.partner, "declined", writer_span(&w));
}

/* What stands in the way of any passing on of it. */
static err may_pass(const struct guard *g, const struct asked *a, const struct kept *k,
                    const id *third)
{
    if (k->kind != KEPT_OWN || !set_has(k->given, a->partner) || k->only != 0) {
        return FAIL(DENIED, "the partner was not given what it asks to pass on");
    }
    if (set_has(k->recalled, a->partner) || set_has(k->recalled, a->to) ||
        order_takes(g, a->partner, &a->epoch) || order_takes(g, a->to, &a->epoch)) {
        return FAIL(DENIED, "it was recalled");
    }
    if (set_has(k->instead, a->to)) {
        return FAIL(DENIED, "the third party has it made coarser, and never as it is");
    }
    if (set_has(k->given, a->to)) {
        return FAIL(CONFLICT, "the third party has it straight from its originator");
    }
    for (unsigned i = 0; i < ONWARD_MAX; i++) {
        if (g->onward.given[i].used && id_equal(&g->onward.given[i].handle, third)) {
            return FAIL(CONFLICT, "the third party has it already");
        }
    }
    return OK;
}

static bool must_wait(const struct guard *g, const struct asked *a)
{
    return err_is(may_give(g, a->partner)) || err_is(may_give(g, a->to)) ||
           !letter_room(g, a->partner) || g->partner[a->to].notice.until <= g->now ||
           !receipts_room(g, a->to);
}

static err onward_send(struct guard *g, const struct asked *a, const struct giving_case *v,
                       const struct recorded *leaf)
{
    uint8_t       sealed[GRANT_MAX], text[LETTER_BODY_MAX];
    struct writer s = WRITER_OF(sealed), w = WRITER_OF(text);
    id            handle = a->handle;
    TRY(giving_grant(g, v, leaf, &s));
    line_hex(&w, "handle", id_span(&handle));
    line_hex(&w, "third", id_span(&v->handle));
    line_name(&w, "to", &v->partner->name);
    put_text(&w, "grant ");
    put_base64(&w, writer_span(&s));
    put_u8(&w, '\n');
    span body;
    TRY(writer_end(&w, &body));
    return letter_send(g, a->partner, "onward", body);
}

static const char *const step_reason[STEP_COUNT] = {
    [STEP_MARKING] = "refused: the marking does not hold",
    [STEP_RELEASABLE] = "refused: the marking does not name both parties",
    [STEP_CLAUSE] = "refused: no agreement in standing protects it, or no clause permits it",
    [STEP_NEVER] = "refused: a clause forbids it",
    [STEP_EQUIVALENT] = "refused: the agreement has no line for its level",
    [STEP_ASSURANCE] = "refused: there is no valid assurance",
    [STEP_RULES] = "refused: the originator's national rules do not allow this way",
};

static err verdict_reason(const struct verdict *v)
{
    unsigned step = set_next(v->failed, 0);
    return v->outcome == OUTCOME_HOLD || step >= STEP_COUNT
               ? FAIL(DENIED, "refused: the originator's national rules want more officers")
               : (err){ERR_DENIED, step_reason[step]};
}

static err onward_give(struct guard *g, const struct asked *a, const struct approval *p,
                       struct kept *k)
{
    struct giving_case v = {.kept = k,
                            .partner = &g->partner[a->to],
                            .via = &g->partner[a->partner],
                            .approval = p->leaf};
    struct leaf        l;
    link_handle(g, &a->epoch, &v.partner->name, &v.handle);
    TRY(may_pass(g, a, k, &v.handle));
    TRY(crossing_via(g, k, v.partner, v.via, p->after, &v.crossing));
    TRY(giving_decide(g, &v));
    if (v.verdict.outcome != OUTCOME_RELEASE) {
        giving_leaf(g, &v, &l);
        record(g, &l);
        return verdict_reason(&v.verdict);
    }
    k->given_via = (uint16_t)(k->given_via | 1u << a->to);
    TRY(kept_change(g, &a->epoch, k));
    giving_leaf(g, &v, &l);
    struct recorded leaf = record(g, &l);
    return onward_send(g, a, &v, &leaf);
}

void onward_answer(struct guard *g, struct asked *a)
{
    struct kept      k = {0};
    struct approval *p = NULL;
    if (a == NULL || must_wait(g, a)) {
        return;
    }
    err e = kept_get(g, &a->epoch, &k);
    e = err_is(e) ? FAIL(DENIED, "it is not kept any more") : approval_for(g, a, &k, &p);
    if (!err_is(e)) {
        e = onward_give(g, a, p, &k);
    }
    secret_wipe(&k.key);
    if (err_is(e) && e.code != ERR_UNKNOWN) {
        decline(g, a, p, e);
    }
}

/* ---- what was given under an approval, and its end ---- */

void onward_given_fold(struct guard *g, const struct given_leaf *l)
{
    struct onward *o = &g->onward;
    if (l->via) {
        o->given[o->given_next++ % ONWARD_MAX] = (struct onward_given){
            .used = true, .handle = l->handle, .to = l->partner, .approval = l->approval};
    }
    for (unsigned i = 0; l->via && i < o->approval_count; i++) {
        struct approval *p = &o->approval[i];
        p->count -= p->leaf == l->approval && p->count > 0 ? 1 : 0;
    }
    for (unsigned i = 0; l->passed && i < CARRIED_MAX; i++) {
        struct carried *c = &o->carried[i];
        if (c->state == CARRIED_WAITS && c->to == l->partner && id_equal(&c->third, &l->handle)) {
            c->state = CARRIED_GOES;
        }
    }
}

static size_t given_under(const struct guard *g, const struct approval *p,
                          id out[static REVOKE_IDS])
{
    size_t count = 0;
    for (unsigned i = 0; i < ONWARD_MAX && count < REVOKE_IDS; i++) {
        const struct onward_given *o = &g->onward.given[i];
        if (o->used && o->approval == p->leaf) {
            out[count++] = o->handle;
        }
    }
    return count;
}

/* The third party is told to drop it, and the hub to carry no more of it. */
static void revoke_turn(struct guard *g, const struct approval *p)
{
    id            handles[REVOKE_IDS];
    uint8_t       text[LETTER_BODY_MAX];
    struct writer w = WRITER_OF(text);
    if (!guard_has_room(g) || !letter_room(g, p->partner) || !letter_room(g, p->to)) {
        return;
    }
    size_t count = given_under(g, p, handles);
    if (count == 0 || err_is(order_send(g, p->to, ORDER_RECALL, p->leaf, handles, count))) {
        return;
    }
    line_name(&w, "to", &g->partner[p->to].name);
    for (size_t i = 0; i < count; i++) {
        line_hex(&w, "handle", id_span(&handles[i]));
    }
    MUST(!w.bad);
    (void)letter_send(g, p->partner, "revoked", writer_span(&w));
}

err letter_revoked_sent_fold(struct guard *g, const struct letter_view *v)
{
    struct lines l = lines_of(v->body);
    span         hex;
    id           handle;
    (void)take_name(&l, "to");
    while (take_more(&l, "handle", &hex)) {
        TRY(text_hex(hex, handle.bytes, ID_LEN));
        for (unsigned i = 0; i < ONWARD_MAX; i++) {
            struct onward_given *o = &g->onward.given[i];
            o->used = o->used && !id_equal(&o->handle, &handle);
        }
    }
    return lines_end(&l);
}

void onward_turn(struct guard *g)
{
    unsigned answered = 0;
    if (err_is(may_act(g))) {
        return;
    }
    for (unsigned i = 0; i < g->onward.approval_count; i++) {
        if (g->onward.approval[i].revoked) {
            revoke_turn(g, &g->onward.approval[i]);
        }
    }
    for (unsigned i = 0; i < ASKED_MAX && answered < TURN_MAX && guard_has_room(g); i++) {
        struct asked *a = &g->onward.asked[i];
        if (a->used && !a->ours) {
            onward_answer(g, a);
            answered += a->used ? 0 : 1;
        }
    }
    relay_turn(g);
}
