/* SPDX-License-Identifier: Apache-2.0 */
/* Acts on passing on: a hub's officer designates or asks, an originator's approves by name. */
#include "guard/act.h"
#include "guard/giving.h"
#include "guard/onward.h"

/* ---- relay: originator KOR, feed warnings (or -), to JPN, level USA:SECRET, purpose TEXT ---- */

static err relay_decode(struct guard *g, const struct act_view *v, struct relay *out)
{
    struct lines l = lines_of(v->body);
    struct relay r = {.originator = take_name(&l, "originator")};
    level        designated;
    span         feed = take_text(&l, "feed");
    r.to = take_name(&l, "to");
    span text = take_text(&l, "level");
    TRY(take_purpose(&l, r.purpose));
    TRY(body_end(&l));
    TRY(name_or_none_read(feed, &r.feed));
    TRY(level_own_read(g, text, &designated));
    r.rank = designated.rank;
    *out = r;
    return OK;
}

static struct relay *relay_find(struct guard *g, const struct relay *r)
{
    for (unsigned i = 0; i < g->onward.relay_count; i++) {
        struct relay *one = &g->onward.relay[i];
        if (!one->ended && name_equal(&one->originator, &r->originator) &&
            name_equal(&one->feed, &r->feed) && name_equal(&one->to, &r->to)) {
            return one;
        }
    }
    return NULL;
}

err relay_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct relay r;
    uint8_t      from, to;
    TRY(relay_decode(g, v, &r));
    TRY(partner_read(g, &r.originator, &from));
    TRY(partner_read(g, &r.to, &to));
    if (from == to) {
        return FAIL(DENIED, "nothing is passed on to its originator");
    }
    if (relay_find(g, &r) != NULL) {
        return FAIL(CONFLICT, "this is designated already");
    }
    if (g->onward.relay_count >= RELAYS_MAX) {
        return FAIL(FULL, "there is no room for another designation");
    }
    line_text(shown, "shown",
              SPAN_LIT("its originator is asked for each epoch, and approves or does not"));
    return OK;
}

err relay_act_fold(struct guard *g, const struct act_view *v)
{
    struct relay r;
    TRY(relay_decode(g, v, &r));
    if (g->onward.relay_count >= RELAYS_MAX) {
        return FAIL(FULL, "there is no room for another designation");
    }
    g->onward.relay[g->onward.relay_count++] = r;
    return OK;
}

/* ---- relay-end: originator, feed, to ---- */

static err relay_end_decode(struct guard *g, const struct act_view *v, struct relay **out)
{
    struct lines l = lines_of(v->body);
    struct relay r = {.originator = take_name(&l, "originator")};
    span         feed = take_text(&l, "feed");
    r.to = take_name(&l, "to");
    TRY(body_end(&l));
    TRY(name_or_none_read(feed, &r.feed));
    *out = relay_find(g, &r);
    return *out == NULL ? FAIL(UNKNOWN, "there is no such designation") : OK;
}

err relay_end_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct relay *r;
    (void)shown;
    return relay_end_decode(g, v, &r);
}

err relay_end_fold(struct guard *g, const struct act_view *v)
{
    struct relay *r;
    TRY(relay_end_decode(g, v, &r));
    r->ended = true;
    return OK;
}

/* ---- onward-ask: handle HEX, to USA, level JPN:HI, purpose TEXT ---- */

static err onward_ask_decode(struct guard *g, const struct act_view *v, struct asked *out,
                             struct kept *k)
{
    struct lines l = lines_of(v->body);
    struct asked a = {.used = true,
                      .ours = true,
                      .by_act = true,
                      .since = v->time,
                      .after = instrument_last(g, g->self)};
    a.handle = take_id(&l, "handle");
    name to = take_name(&l, "to");
    span text = take_text(&l, "level");
    TRY(take_purpose(&l, a.purpose));
    span shown, epoch = {NULL, 0}, originator = {NULL, 0};
    bool told = take_more(&l, "shown", &epoch) && take_more(&l, "shown", &originator);
    while (take_more(&l, "shown", &shown)) {
    }
    TRY(lines_end(&l));
    TRY(level_own_read(g, text, &a.level));
    TRY(partner_read(g, &to, &a.to));
    if (told) { /* as it was shown to the signer: a fold reads no slots */
        name who;
        TRY(text_hex(epoch, a.epoch.bytes, ID_LEN));
        TRY(name_of(originator, &who));
        TRY(partner_read(g, &who, &a.partner));
    }
    if (k != NULL && (err_is(kept_get(g, &a.handle, k)) || k->kind != KEPT_RECEIVED)) {
        return FAIL(UNKNOWN, "nothing was received under this handle");
    }
    *out = a;
    return OK;
}

static err may_ask(struct guard *g, const struct asked *a, const struct kept *k)
{
    if (k->via != PARTY_NONE) {
        return FAIL(DENIED, "what came by way of a hub is not passed on");
    }
    if (name_equal(&g->partner[a->to].name, &k->from)) {
        return FAIL(DENIED, "nothing is passed on to its originator");
    }
    if (!set_has(k->candidates, a->level.rank)) {
        return FAIL(DENIED, "the agreement does not offer this level for this item");
    }
    return OK;
}

/* Without the originator's word: which clause forbids it now. */
static err unapproved(struct guard *g, struct asked *a, const struct kept *k, struct giving_case *v)
{
    TRY(partner_read(g, &k->from, &a->partner));
    v->kept = k;
    v->partner = &g->partner[a->to];
    v->passing = &g->partner[a->partner];
    v->approval = UINT64_MAX;
    TRY(relay_question(g, k, a, false, &v->crossing));
    return giving_decide(g, v);
}

err onward_ask_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct asked       a;
    struct kept        k = {0};
    struct giving_case now = {0};
    uint8_t            clause[128];
    struct writer      w = WRITER_OF(clause);
    err                e = onward_ask_decode(g, v, &a, &k);
    e = err_is(e) ? e : may_ask(g, &a, &k);
    e = err_is(e) ? e : unapproved(g, &a, &k, &now);
    secret_wipe(&k.key);
    TRY(e);
    clause_ref_format(&g->tables.agreements, now.verdict.never, &w);
    line_hex(shown, "shown", id_span(&k.cover.epoch));
    line_name(shown, "shown", &k.from);
    line_text(shown, "shown", span_text(k.cover.marking));
    line_text(shown, "shown", writer_span(&w));
    return OK;
}

err onward_ask_fold(struct guard *g, const struct act_view *v)
{
    struct asked a;
    TRY(onward_ask_decode(g, v, &a, NULL));
    struct asked *at = asked_find(g, true, a.partner, &a.handle, a.to);
    at = at == NULL ? asked_new(g, true, a.partner) : at;
    *at = a;
    return OK;
}

/* The verdict as it is without the originator's word is put on record; with it, there is another. */
void onward_ask_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    struct asked       a;
    struct kept        k = {0};
    struct giving_case now = {0};
    struct leaf        l;
    err                e = onward_ask_decode(g, v, &a, &k);
    e = err_is(e) ? e : unapproved(g, &a, &k, &now);
    if (!err_is(e) && now.verdict.outcome != OUTCOME_RELEASE) {
        giving_leaf(g, &now, &l);
        record(g, &l);
    }
    secret_wipe(&k.key);
    relay_turn(g);
    line_text(result, "outcome", SPAN_LIT("its originator is asked"));
}

/* ---- onward-approve: partner, epoch (or -), feed (or -), to, purpose, until, count ---- */

static err approve_decode(struct guard *g, const struct act_view *v, struct approval *out)
{
    struct lines    l = lines_of(v->body);
    struct approval p = {.at = v->time, .after = instrument_last(g, g->self)};
    name            partner = take_name(&l, "partner");
    span            epoch = take_text(&l, "epoch"), feed = take_text(&l, "feed");
    name            to = take_name(&l, "to");
    TRY(take_purpose(&l, p.purpose));
    p.until = take_instant(&l, "until");
    p.count = (uint32_t)take_number(&l, "count", UINT32_MAX);
    TRY(body_end(&l));
    TRY(partner_read(g, &partner, &p.partner));
    TRY(partner_read(g, &to, &p.to));
    TRY(name_or_none_read(feed, &p.feed));
    if (span_is(epoch, "-") == span_is(feed, "-") || p.partner == p.to || p.count == 0) {
        return FAIL(MALFORMED, "an approval names one epoch or one feed, two parties, and a count");
    }
    if (!span_is(epoch, "-")) {
        TRY(text_hex(epoch, p.epoch.bytes, ID_LEN));
    }
    *out = p;
    return OK;
}

static bool is_over(const struct guard *g, const struct approval *p)
{
    bool over = p->revoked || p->count == 0 || p->until <= g->ledger.last_time;
    for (unsigned i = 0; over && i < ONWARD_MAX; i++) {
        over = !g->onward.given[i].used || g->onward.given[i].approval != p->leaf;
    }
    return over;
}

/* One under which nothing was given, or nothing is out any more, makes room. */
static struct approval *approval_room(struct guard *g)
{
    if (g->onward.approval_count < APPROVALS_MAX) {
        return &g->onward.approval[g->onward.approval_count];
    }
    for (unsigned i = 0; i < APPROVALS_MAX; i++) {
        if (is_over(g, &g->onward.approval[i])) {
            return &g->onward.approval[i];
        }
    }
    return NULL;
}

static err epoch_may(struct guard *g, const struct approval *p, const name *by,
                     struct writer *shown)
{
    struct kept k = {0};
    err         e = kept_get(g, &p->epoch, &k);
    secret_wipe(&k.key);
    if (err_is(e) || k.kind != KEPT_OWN) {
        return FAIL(UNKNOWN, "nothing of the own is kept under this id");
    }
    if (name_equal(&k.from, by)) {
        return FAIL(DENIED, "the author of an item cannot approve its passing on");
    }
    line_text(shown, "shown",
              span_text(cover_is_feed(&k.cover) ? k.cover.feed.text : k.cover.title));
    line_text(shown, "shown", span_text(k.cover.marking));
    return OK;
}

static bool is_feed(const struct guard *g, const name *feed)
{
    bool found = false;
    for (unsigned i = 0; i < g->source_count && !found; i++) {
        found = !g->source[i].removed && name_equal(&g->source[i].row.name, feed);
    }
    return found;
}

/* A feed is a source: what nobody has is misspelt, and its approval would wait for nothing. */
static err feed_may(struct guard *g, const struct approval *p)
{
    struct writer w = writer_of((uint8_t *)g->onward.why, sizeof g->onward.why - 1);
    if (is_feed(g, &p->feed)) {
        return OK;
    }
    put_text(&w, "there is no such feed; there are:");
    size_t len = w.len;
    for (unsigned i = 0; i < g->source_count && w.max - w.len > sizeof(name) + 4; i++) {
        const struct source *s = &g->source[i];
        put_text(&w, s->removed ? "" : " ");
        put_text(&w, s->removed ? "" : s->row.name.text);
    }
    put_text(&w, w.len == len ? " none" : "");
    g->onward.why[w.len] = 0;
    return (err){ERR_UNKNOWN, g->onward.why};
}

err onward_approve_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct approval      p;
    const struct person *by = person_find(g, &v->by);
    TRY(approve_decode(g, v, &p));
    if (!is_own_officer(g, by)) {
        return FAIL(DENIED, "an approval is given by an officer of the originator's own");
    }
    if (p.until <= g->now) {
        return FAIL(DENIED, "the approval would have expired already");
    }
    if (approval_room(g) == NULL) {
        return FAIL(FULL, "there is no room for another approval");
    }
    return p.feed.text[0] == 0 ? epoch_may(g, &p, &v->by, shown) : feed_may(g, &p);
}

err onward_approve_fold(struct guard *g, const struct act_view *v)
{
    struct approval  p;
    struct approval *room = approval_room(g);
    TRY(approve_decode(g, v, &p));
    if (room == NULL) {
        return FAIL(FULL, "there is no room for another approval");
    }
    p.leaf = g->ledger.tree.size - 1;
    *room = p;
    g->onward.approval_count += room == &g->onward.approval[g->onward.approval_count] ? 1 : 0;
    return OK;
}

void onward_approve_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    (void)v;
    line_number(result, "approval", g->ledger.tree.size - 1);
    onward_turn(g);
}

/* ---- onward-revoke: approval LEAF, reason TEXT ---- */

static err revoke_decode(struct guard *g, const struct act_view *v, struct approval **out)
{
    struct lines l = lines_of(v->body);
    uint64_t     leaf = take_number(&l, "approval", UINT64_MAX);
    (void)take_text(&l, "reason");
    TRY(body_end(&l));
    for (unsigned i = 0; i < g->onward.approval_count; i++) {
        if (g->onward.approval[i].leaf == leaf && !g->onward.approval[i].revoked) {
            *out = &g->onward.approval[i];
            return OK;
        }
    }
    return FAIL(UNKNOWN, "there is no such approval, or it was revoked");
}

err onward_revoke_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    struct approval *p;
    TRY(revoke_decode(g, v, &p));
    line_text(shown, "shown",
              SPAN_LIT("what was given under it is recalled, and the hub carries no more of it"));
    return OK;
}

err onward_revoke_fold(struct guard *g, const struct act_view *v)
{
    struct approval *p;
    TRY(revoke_decode(g, v, &p));
    p->revoked = true;
    return OK;
}

void onward_revoke_done(struct guard *g, const struct act_view *v, struct writer *result)
{
    (void)v;
    onward_turn(g);
    line_text(result, "outcome", SPAN_LIT("revoked"));
}
