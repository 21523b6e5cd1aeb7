/* SPDX-License-Identifier: Apache-2.0 */
/* The hub: what it asks for, what it was allowed, and its own verdict on passing it on. */
#include "guard/act.h"
#include "guard/give.h"
#include "guard/onward.h"
#include "guard/passage.h"
#include "guard/tell.h"

#define TURN_MAX 4 /* own verdicts, or questions, in one turn */

static void level_line(const struct guard *g, struct writer *w, level l)
{
    uint8_t       text[64];
    struct writer t = WRITER_OF(text);
    level_format(&g->tables.policies, l, &t);
    line_text(w, "level", writer_span(&t));
}

/* ---- what a designation says of a thing that came ---- */

static bool relays(const struct relay *r, const struct kept *k)
{
    return !r->ended && name_equal(&r->originator, &k->cover.originator) &&
           (r->feed.text[0] == 0 || name_equal(&r->feed, &k->cover.feed));
}

static level own_level(const struct guard *g, uint8_t rank)
{
    const struct policy *own = policy_find(&g->tables.policies, name_span(&g->party));
    MUST(own != NULL);
    return (level){(uint8_t)(own - g->tables.policies.policy), rank};
}

/* A line `relay N FEED`: the place of the designation, and of what feed it is; "-" for a product. */
void relay_lines(struct guard *g, const struct kept *k, struct writer *w)
{
    uint8_t       text[64];
    struct writer t = WRITER_OF(text);
    for (unsigned i = 0; i < g->onward.relay_count; i++) {
        const struct relay *r = &g->onward.relay[i];
        bool                offered = set_has(k->candidates, r->rank);
        if (k->via != PARTY_NONE || !relays(r, k) || !offered) {
            continue;
        }
        t.len = 0;
        put_decimal(&t, i);
        put_u8(&t, ' ');
        put_text(&t, cover_is_feed(&k->cover) ? k->cover.feed.text : "-");
        line_text(w, "relay", writer_span(&t));
    }
}

err relay_fold(struct guard *g, const struct arrived_leaf *l, span value, instant since)
{
    uint64_t place;
    TRY(text_decimal(span_cut(&value, ' '), RELAYS_MAX - 1, &place));
    const struct relay   *r = &g->onward.relay[place];
    const struct partner *to = partner_find(g, &r->to);
    if (place >= g->onward.relay_count || to == NULL) {
        return FAIL(MALFORMED, "a leaf names a designation that is not there");
    }
    struct asked *a = asked_new(g, true, l->partner);
    a->to = (uint8_t)(to - g->partner);
    a->handle = l->handle;
    a->epoch = l->epoch;
    a->level = own_level(g, r->rank);
    a->since = since;
    memcpy(a->purpose, r->purpose, sizeof a->purpose);
    return span_is(value, "-") ? OK : name_of(value, &a->feed);
}

/* ---- the letter `ask` ---- */

static void ask_send(struct guard *g, const struct asked *a)
{
    uint8_t       text[1024];
    struct writer w = WRITER_OF(text);
    line_hex(&w, "handle", id_span(&a->handle));
    line_hex(&w, "epoch", id_span(&a->epoch));
    line_name(&w, "to", &g->partner[a->to].name);
    level_line(g, &w, a->level);
    line_text(&w, "by", a->by_act ? SPAN_LIT("act") : SPAN_LIT("relay"));
    line_text(&w, "purpose", span_text(a->purpose));
    MUST(!w.bad);
    err e = letter_send(g, a->partner, "ask", writer_span(&w));
    if (err_is(e)) {
        withheld_record(g, &a->epoch, &g->partner[a->to].name, e);
    }
}

static unsigned asks_send(struct guard *g)
{
    unsigned sent = 0;
    for (unsigned i = 0; i < ASKED_MAX && sent < TURN_MAX; i++) {
        struct asked *a = &g->onward.asked[i];
        if (a->used && a->ours && !a->sent && guard_has_room(g) && letter_room(g, a->partner)) {
            ask_send(g, a);
            sent++;
        }
    }
    return sent;
}

err letter_ask_sent_fold(struct guard *g, const struct letter_view *v)
{
    struct lines l = lines_of(v->body);
    id           handle = take_id(&l, "handle");
    (void)take_id(&l, "epoch");
    name                  who = take_name(&l, "to");
    const struct partner *to = partner_find(g, &who);
    struct asked         *a =
        to == NULL ? NULL : asked_find(g, true, v->partner, &handle, (unsigned)(to - g->partner));
    if (a != NULL) {
        a->sent = true;
    }
    return l.bad ? FAIL(MALFORMED, "a question to a partner is not as it should be") : OK;
}

/* ---- the letters `onward`: handle, third, to, grant; `declined`: handle, to, reason ---- */

struct onward_text {
    id       handle, third;
    unsigned to;
    span     grant;
};

static err partner_taken(struct guard *g, struct lines *l, unsigned *out)
{
    name                  who = take_name(l, "to");
    const struct partner *p = partner_find(g, &who);
    if (l->bad || p == NULL) {
        return FAIL(UNKNOWN, "a letter about passing on names a party that is no partner here");
    }
    *out = (unsigned)(p - g->partner);
    return OK;
}

static err onward_read(struct guard *g, span body, struct onward_text *out)
{
    struct lines       l = lines_of(body);
    struct onward_text t = {.handle = take_id(&l, "handle"), .third = take_id(&l, "third")};
    TRY(partner_taken(g, &l, &t.to));
    t.grant = take_text(&l, "grant");
    TRY(lines_end(&l));
    *out = t;
    return OK;
}

err letter_onward_check(struct guard *g, const struct letter_view *v)
{
    struct onward_text t;
    uint8_t            grant[GRANT_MAX];
    size_t             len;
    TRY(onward_read(g, v->body, &t));
    TRY(text_base64(t.grant, grant, sizeof grant, &len));
    return asked_find(g, true, v->partner, &t.handle, t.to) != NULL
               ? OK
               : FAIL(UNKNOWN, "nobody here asked for leave to pass this on");
}

err letter_onward_fold(struct guard *g, const struct letter_view *v)
{
    struct onward_text t;
    size_t             len;
    TRY(onward_read(g, v->body, &t));
    struct asked *a = asked_find(g, true, v->partner, &t.handle, t.to);
    if (a == NULL) {
        return FAIL(UNKNOWN, "nobody here asked for leave to pass this on");
    }
    struct carried *c = &g->onward.carried[g->onward.carried_next++ % CARRIED_MAX];
    TRY(text_base64(t.grant, c->grant, sizeof c->grant, &len));
    c->state = CARRIED_WAITS;
    c->giver = (uint8_t)v->partner;
    c->to = (uint8_t)t.to;
    c->handle = t.handle;
    c->third = t.third;
    c->level = a->level;
    c->by_act = a->by_act;
    c->after = a->after;
    c->len = (uint32_t)len;
    a->used = false;
    return OK;
}

static err declined_read(struct guard *g, span body, id *handle, unsigned *to)
{
    struct lines l = lines_of(body);
    *handle = take_id(&l, "handle");
    TRY(partner_taken(g, &l, to));
    (void)take_text(&l, "reason");
    return lines_end(&l);
}

err letter_declined_check(struct guard *g, const struct letter_view *v)
{
    id       handle;
    unsigned to;
    return declined_read(g, v->body, &handle, &to);
}

static err declined_fold(struct guard *g, bool ours, const struct letter_view *v)
{
    id       handle;
    unsigned to;
    TRY(declined_read(g, v->body, &handle, &to));
    struct asked *a = asked_find(g, ours, v->partner, &handle, to);
    if (a != NULL) {
        a->used = false;
    }
    return OK;
}

err letter_declined_fold(struct guard *g, const struct letter_view *v)
{
    return declined_fold(g, true, v);
}

err letter_declined_sent_fold(struct guard *g, const struct letter_view *v)
{
    return declined_fold(g, false, v);
}

err letter_onward_sent_fold(struct guard *g, const struct letter_view *v)
{
    struct onward_text t;
    TRY(onward_read(g, v->body, &t));
    struct asked *a = asked_find(g, false, v->partner, &t.handle, t.to);
    if (a != NULL) {
        a->used = false;
    }
    return OK;
}

/* ---- the own verdict ---- */

err relay_question(struct guard *g, const struct kept *k, const struct asked *a, bool approved,
                   struct crossing *out)
{
    struct crossing c;
    struct kept     own = *k;
    secret_wipe(&own.key);
    if (a->by_act) {
        own.cover.created = a->after; /* an officer asked for it after any pause before that */
    }
    TRY(crossing_of(g, &own, &g->partner[a->to], a->by_act ? 1 : 0, &c));
    TRY(designated_marking(&c.marking, a->level, &c.marking));
    c.lineage = lineage_of(g, k->agreement);
    c.onward_approved = approved ? set_one(g->partner[a->partner].party) : 0;
    c.given_by_act = a->by_act;
    assure(g, &c);
    *out = c;
    return OK;
}

static void carried_tell(struct guard *g, const struct carried *c, const struct kept *k)
{
    enum precedence precedence = PRECEDENCE_ROUTINE;
    (void)precedence_of(name_span(&k->cover.precedence), &precedence);
    struct granted granted = {.epoch = c->handle,
                              .partner = g->partner[c->to].name,
                              .handle = c->third,
                              .precedence = (uint8_t)precedence,
                              .outbox = OUTBOX_INBOX,
                              .items = k->items,
                              .grant = {c->grant, c->len}};
    granted_put(mail_begin(g, CALLER_COURIER, ANSWER_GRANTED, 0), &granted);
    mail_end(g);
}

static err passage_send(struct guard *g, const struct carried *c, const struct giving_case *v)
{
    uint8_t       text[sizeof((struct passage *)0)->text];
    struct writer w = WRITER_OF(text);
    line_hex(&w, "handle", id_span(&c->third));
    level_line(g, &w, c->level);
    put_span(&w, writer_span(&v->matter));
    span body;
    TRY(writer_end(&w, &body));
    return letter_send(g, c->to, "passage", body);
}

/* The verdict first, and its papers before the courier may carry anything. */
static err passed_on(struct guard *g, struct carried *c, const struct kept *k)
{
    struct giving_case v = {.kept = k,
                            .partner = &g->partner[c->to],
                            .approval = UINT64_MAX,
                            .passing = &g->partner[c->giver],
                            .handle = c->third};
    const struct asked a = {.partner = c->giver,
                            .to = c->to,
                            .level = c->level,
                            .by_act = c->by_act,
                            .after = c->after};
    struct leaf        l;
    TRY(relay_question(g, k, &a, true, &v.crossing));
    TRY(giving_decide(g, &v));
    giving_leaf(g, &v, &l);
    if (v.verdict.outcome != OUTCOME_RELEASE) {
        c->state = CARRIED_ENDED;
        record(g, &l);
        return OK;
    }
    TRY(passage_send(g, c, &v));
    record(g, &l);
    carried_tell(g, c, k);
    return OK;
}

static bool carried_ready(const struct guard *g, const struct carried *c)
{
    return c->state == CARRIED_WAITS && guard_has_room(g) && !err_is(may_give(g, c->to)) &&
           letter_room(g, c->to);
}

static void carried_turn(struct guard *g, struct carried *c)
{
    struct kept k = {0};
    err         e = kept_get(g, &c->handle, &k);
    e = err_is(e) ? e : passed_on(g, c, &k);
    if (err_is(e)) {
        c->state = CARRIED_ENDED;
        withheld_record(g, &c->handle, &g->partner[c->to].name, e);
    }
    secret_wipe(&k.key);
}

void relay_turn(struct guard *g)
{
    unsigned done = asks_send(g);
    for (unsigned i = 0; i < CARRIED_MAX && done < TURN_MAX; i++) {
        if (carried_ready(g, &g->onward.carried[i])) {
            carried_turn(g, &g->onward.carried[i]);
            done++;
        }
    }
}

void letter_onward_done(struct guard *g, const struct letter_view *v)
{
    (void)v;
    relay_turn(g);
}

bool onward_arrived(struct guard *g, const id *handle, const struct kept *k)
{
    bool relayed = false;
    (void)asks_send(g);
    for (unsigned i = 0; i < ASKED_MAX; i++) {
        const struct asked *a = &g->onward.asked[i];
        relayed = relayed || (a->used && a->ours && id_equal(&a->handle, handle));
    }
    for (unsigned i = 0; i < CARRIED_MAX; i++) {
        const struct carried *c = &g->onward.carried[i];
        bool                  goes = c->state == CARRIED_GOES && id_equal(&c->handle, handle);
        if (goes) {
            carried_tell(g, c, k);
        }
        relayed = relayed || goes || (c->state == CARRIED_WAITS && id_equal(&c->handle, handle));
    }
    return relayed;
}

/* ---- the letter `revoked`: to, then handles as the third party has them ---- */

typedef void revoked_one(struct guard *g, const struct letter_view *v, const id *third);

/* Of what was carried for its giver, the next behind `at` under this handle; NULL: no more */
static struct carried *carried_next(struct guard *g, const struct letter_view *v, const id *third,
                                    unsigned *at)
{
    while (*at < CARRIED_MAX) {
        struct carried *c = &g->onward.carried[(*at)++];
        if (c->state != CARRIED_FREE && c->giver == v->partner && id_equal(&c->third, third)) {
            return c;
        }
    }
    return NULL;
}

static void carried_end(struct guard *g, const struct letter_view *v, const id *third)
{
    unsigned at = 0;
    for (struct carried *c; (c = carried_next(g, v, third, &at)) != NULL;) {
        c->state = CARRIED_ENDED;
    }
}

static void carried_cut(struct guard *g, const struct letter_view *v, const id *third)
{
    unsigned at = 0;
    for (struct carried *c; (c = carried_next(g, v, third, &at)) != NULL;) {
        cut_tell(g, &c->handle, c->to, 0);
    }
}

static err revoked_each(struct guard *g, const struct letter_view *v, revoked_one *each)
{
    struct lines l = lines_of(v->body);
    unsigned     to;
    span         hex;
    id           third;
    TRY(partner_taken(g, &l, &to));
    while (take_more(&l, "handle", &hex)) {
        TRY(text_hex(hex, third.bytes, ID_LEN));
        if (each != NULL) {
            each(g, v, &third);
        }
    }
    return lines_end(&l);
}

err letter_revoked_check(struct guard *g, const struct letter_view *v)
{
    return revoked_each(g, v, NULL);
}

err letter_revoked_fold(struct guard *g, const struct letter_view *v)
{
    return revoked_each(g, v, carried_end);
}

void letter_revoked_done(struct guard *g, const struct letter_view *v)
{
    (void)revoked_each(g, v, carried_cut);
}
