/* SPDX-License-Identifier: Apache-2.0 */
/* Opening: a person, an item, a place.  The reader gets a plain no; the ledger gets the reason. */
#include "guard/opening.h"

#include "guard/act.h"
#include "guard/contractors.h"
#include "guard/receive.h"
#include "marking/banner.h"
#include "marking/names.h"

#define PLACE_ANY UINT16_MAX /* a room has a ceiling (audience.c), a terminal none */

static err own_policy(const struct guard *g, uint8_t *out)
{
    const struct policy *own = policy_find(&g->tables.policies, name_span(&g->party));
    if (own == NULL) {
        return FAIL(STATE, "the own policy is not loaded yet");
    }
    *out = (uint8_t)(own - g->tables.policies.policy);
    return OK;
}

/* What is watched of it; NULL: nothing, or it is our own. */
static const struct duty_item *duty_of(const struct guard *g, const id *handle,
                                       const struct kept *k)
{
    for (unsigned p = 0; k->kind == KEPT_RECEIVED && p < g->partner_count; p++) {
        if (name_equal(&g->partner[p].name, &k->from)) {
            return duty_seen(g, p, handle);
        }
    }
    return NULL;
}

err opening_case(struct guard *g, const id *handle, const struct kept *k, const struct person *p,
                 struct opening *out)
{
    struct opening o = {
        .party = g->self, .reader = p->reader, .obligations = k->owed, .place_ranks = PLACE_ANY};
    bool chosen;
    TRY(marking_read(&g->tables.policies, span_text(k->cover.marking), &o.marking));
    TRY(own_policy(g, &o.own_policy));
    o.handled_as = handled_as(g, handle, k, &chosen);
    const struct duty_item *item = duty_of(g, handle, k);
    instant                 until;
    o.contractor_approved = contractor_leave(g, handle, k, &o.marking, p, &until, NULL);
    o.copied = item == NULL ? COPIES_MAX : item->copied;
    *out = o;
    return OK;
}

static void put_failed(uint16_t failed, struct writer *w)
{
    bool any = false;
    for (unsigned i = 0; i < OPENING_STEP_COUNT; i++) {
        if (set_has(failed, i)) {
            put_text(w, any ? "," : "");
            put_text(w, opening_step_name((enum opening_step)i));
            any = true;
        }
    }
}

/* May this reader have it?  An officer sees what waits for him, whoever it is for (its author's own
 * party), under the same clearance and need. */
uint16_t opening_judge(struct guard *g, const struct opening *o)
{
    bool     differ = false;
    uint16_t failed = opening_decide(&g->tables, o, &differ);
    if (differ) {
        struct leaf l;
        leaf_start(g, &l, LEAF_ALARM);
        line_text(&l.w, "reason",
                  SPAN_LIT("the two evaluators gave different answers to an opening"));
        record_repeatable(g, &l);
        return UINT16_MAX;
    }
    return failed;
}

void own_level_lines(const struct guard *g, const struct opening *o, bool chosen, struct writer *w)
{
    uint8_t       text[64];
    struct writer t = WRITER_OF(text);
    level_format(&g->tables.policies, (level){o->own_policy, o->handled_as}, &t);
    line_text(w, "own-level", writer_span(&t));
    line_text(w, "own-level-chosen", chosen ? SPAN_LIT("yes") : SPAN_LIT("no"));
}

/* KOR 군사 II급 비밀 | 特定秘密: the originator named, the own level added (GSOMIA article 4). */
static void banner_of(const struct guard *g, const struct opening *o, const struct kept *k,
                      struct writer *w)
{
    const struct policies *all = &g->tables.policies;
    const struct policy   *given = &all->policy[o->marking.level.policy];
    const struct policy   *own = &all->policy[o->own_policy];
    const char            *title = given->level[o->marking.level.rank].banner;
    const char            *added = own->level[o->handled_as].banner;
    put_span(w, name_span(&k->cover.originator));
    put_u8(w, ' ');
    put_text(w, title);
    if (given != own) {
        put_text(w, " | ");
        put_text(w, added);
    }
}

/* What a hub passed on carries the hub's name and level beside its originator's (TISA paragraph 2). */
static void via_lines(const struct guard *g, const struct kept *k, struct writer *w)
{
    uint8_t       text[64];
    struct writer t = WRITER_OF(text);
    if (k->via >= g->partner_count) {
        return;
    }
    level_format(&g->tables.policies, k->via_level, &t);
    line_name(w, "via", &g->partner[k->via].name);
    line_text(w, "via-level", writer_span(&t));
}

void describe_put(struct guard *g, const id *handle, const struct kept *k, const struct opening *o,
                  struct writer *w)
{
    bool          chosen;
    uint8_t       banner[256];
    struct writer b = WRITER_OF(banner);
    (void)handled_as(g, handle, k, &chosen);
    banner_of(g, o, k, &b);
    line_hex(w, "handle", id_span(handle));
    line_name(w, "originator", &k->cover.originator);
    via_lines(g, k, w);
    line_name(w, "kind", &k->cover.kind);
    if (cover_is_feed(&k->cover)) {
        line_name(w, "feed", &k->cover.feed);
    } else {
        line_text(w, "title", span_text(k->cover.title));
        line_number(w, "length", k->cover.content_len);
    }
    line_text(w, "marking", span_text(k->cover.marking));
    line_said(w, "reduced", k->cover.reduced);
    own_level_lines(g, o, chosen, w);
    if (o->copying) {
        line_number(w, "copy", o->copied + 1U);
        line_number(w, "copies", o->obligations.copies);
    }
    line_text(w, "banner", writer_span(&b));
    line_instant(w, "created", k->cover.created);
}

/* A cut that could not be written into the slot holds all the same. */
static uint64_t items_of(struct guard *g, const id *handle, const struct kept *k)
{
    const struct partner *giver = k->kind == KEPT_OWN ? NULL : partner_find(g, &k->from);
    uint64_t              cut =
        giver == NULL ? UINT64_MAX : cut_items(g, (unsigned)(giver - g->partner), handle);
    return cut < k->items ? cut : k->items;
}

/* May it be opened only because its originator lets this person's employer? */
static bool rests_on_leave(const struct guard *g, const struct opening *o, const struct person *p)
{
    return (o->obligations.duties & DUTY_CONTRACTORS) != 0 && is_contractor(g, p);
}

/* What opens for a shorter time than its giver is heard anyway is asked for again when that time is over. */
static uint32_t key_lease(struct guard *g, const id *handle, const struct kept *k,
                          const struct opening *o, const struct person *p)
{
    const struct partner   *giver = k->kind == KEPT_OWN ? NULL : partner_find(g, &k->from);
    const struct duty_item *item = duty_of(g, handle, k);
    uint64_t                lease = KEY_LEASE_MS;
    if (giver != NULL && k->lease_ms != 0 && k->lease_ms < g->lease_ms) {
        uint64_t end = giver->mailbox.fresh_until - (g->lease_ms - k->lease_ms);
        lease = end - g->boot_ms < lease ? end - g->boot_ms : lease;
    }
    if (item != NULL && item->due - g->now < (instant)lease) {
        lease = (uint64_t)(item->due - g->now);
    }
    instant until;
    bool    left =
        rests_on_leave(g, o, p) && contractor_leave(g, handle, k, &o->marking, p, &until, NULL);
    if (left && until - g->now < (instant)lease) {
        lease = (uint64_t)(until - g->now);
    }
    return (uint32_t)lease;
}

/* What an event says of it to a TAK client; a marking that its three words cannot say is not shown there. */
static void event_lines(const struct guard *g, const struct opening *o, struct writer *w)
{
    struct banner_labels l;
    put_text(w, "topics ");
    names_format(&g->tables.policies.topics, o->marking.topics, w);
    put_u8(w, '\n');
    err e = banner_labels(&g->tables.policies, &o->marking, &l);
    if (err_is(e)) {
        line_text(w, "unsaid", span_text(e.why));
        return;
    }
    line_text(w, "access", span_text(l.access));
    if (l.caveat[0] != 0) {
        line_text(w, "caveat", span_text(l.caveat));
    }
    if (l.releasable_to[0] != 0) {
        line_text(w, "releasable-to", span_text(l.releasable_to));
    }
}

void opening_key(struct guard *g, const id *handle, const struct kept *k, const struct opening *o,
                 const struct person *p, struct writer *w)
{
    uint8_t        banner[256], describe[6144];
    struct writer  b = WRITER_OF(banner), d = WRITER_OF(describe);
    struct key_row row = {.handle = *handle,
                          .epoch = k->cover.epoch,
                          .key = k->key,
                          .lease_ms = key_lease(g, handle, k, o, p),
                          .content_len = k->cover.content_len,
                          .items = items_of(g, handle, k),
                          .class = class_of(g, handle, k, false)};
    banner_of(g, o, k, &b);
    describe_put(g, handle, k, o, &d);
    if (cover_is_feed(&k->cover)) {
        screen_lines(g, o, &d);
        event_lines(g, o, &d);
    }
    row.banner = writer_span(&b);
    row.describe = writer_span(&d);
    memcpy(row.sealer, k->cover.sealer, sizeof row.sealer);
    memcpy(row.content_digest, k->cover.content_digest, sizeof row.content_digest);
    key_row_put(w, &row);
    secret_wipe(&row.key);
}

static void opening_lines(struct guard *g, const id *handle, const struct kept *k,
                          const struct opening *o, const struct person *p, uint16_t failed,
                          struct leaf *l)
{
    bool chosen;
    (void)handled_as(g, handle, k, &chosen);
    line_hex(&l->w, "handle", id_span(handle));
    line_name(&l->w, "person", &p->name);
    line_text(&l->w, "marking", span_text(k->cover.marking));
    own_level_lines(g, o, chosen, &l->w);
    if (failed != 0) {
        uint8_t       text[256];
        struct writer w = WRITER_OF(text);
        put_failed(failed, &w);
        line_text(&l->w, "failed", writer_span(&w));
        return;
    }
    if (rests_on_leave(g, o, p)) {
        instant until;
        (void)contractor_leave(g, handle, k, &o->marking, p, &until, &l->w);
    }
    if (o->copying) {
        line_number(&l->w, "copy", o->copied + 1U);
    }
}

/* An item that is not there is recorded as such, and refused like any other. */
static void opening_unknown(struct guard *g, const id *handle, const struct person *p, err e)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_OPENING_REFUSED);
    line_hex(&l.w, "handle", id_span(handle));
    line_name(&l.w, "person", &p->name);
    line_text(&l.w, "reason", span_text(e.why));
    record_repeatable(g, &l);
}

err giver_stands(struct guard *g, unsigned partner, uint8_t agreement, uint32_t lease_ms)
{
    const struct partner *giver = &g->partner[partner];
    /* the giver's lease may be the shorter one */
    uint64_t shorter = lease_ms != 0 && lease_ms < g->lease_ms ? g->lease_ms - lease_ms : 0;
    TRY(may_open(g, partner));
    if (g->boot_ms + shorter >= giver->mailbox.fresh_until) {
        return FAIL(STATE, "its giver has not been heard for longer than it lets it be opened");
    }
    if (ended_after(g, agreement) != AFTER_PROTECT) {
        return FAIL(STATE,
                    "the agreement under which it came has ended, and its text wants it back, or "
                    "destroyed");
    }
    return paused_for_opening(g, giver->party, agreement)
               ? FAIL(STATE, "the opening of what was given under its agreement is paused")
               : OK;
}

/* May it be opened by anybody now?  What a partner gave rests on hearing from that partner, and on no
 * pause of opening. */
err opening_stands(struct guard *g, const id *handle, const struct kept *k)
{
    if (k->kind == KEPT_OWN) {
        return k->items > 0 && !order_destroys(g, handle) ? OK
                                                          : FAIL(STATE, "it is being destroyed");
    }
    const struct partner *giver = partner_find(g, &k->from);
    if (giver == NULL) {
        return FAIL(STATE, "who gave it is no partner");
    }
    unsigned partner = (unsigned)(giver - g->partner);
    TRY(may_open(g, partner));
    if (order_forbids(g, partner, handle)) {
        return FAIL(STATE, "its giver took it back");
    }
    TRY(duty_stands(g, partner, handle, k));
    return giver_stands(g, partner, k->agreement, k->lease_ms);
}

static err opening_find(struct guard *g, const id *handle, const struct person *p, struct kept *k,
                        struct opening *o)
{
    err e = kept_get(g, handle, k);
    err stands = err_is(e) ? e : opening_stands(g, handle, k);
    e = err_is(e) ? e : opening_case(g, handle, k, p, o);
    if (err_is(e) || err_is(stands)) {
        /* who might read it may know why he cannot now */
        bool might = !err_is(e) && opening_judge(g, o) == 0;
        secret_wipe(&k->key);
        opening_unknown(g, handle, p, err_is(e) ? e : stands);
        return might ? stands : NOT_OPEN;
    }
    return OK;
}

err opening_now(struct guard *g, const id *handle, const struct person *p, struct kept *k,
                struct opening *o)
{
    if (!opening_shows(g, handle, p, k, o)) {
        return NOT_OPEN;
    }
    return opening_stands(g, handle, k);
}

bool opening_shows(struct guard *g, const id *handle, const struct person *p, struct kept *k,
                   struct opening *o)
{
    return !err_is(kept_get(g, handle, k)) && !err_is(opening_case(g, handle, k, p, o)) &&
           opening_judge(g, o) == 0;
}

/* A product goes to its reader whole, and nobody sees what he keeps: each time counts. */
bool counts_copies(const struct kept *k)
{
    return k->kind == KEPT_RECEIVED && (k->owed.duties & DUTY_COPIES) != 0 &&
           !cover_is_feed(&k->cover);
}

/* ---- the act `open`: handle HEX, purpose TEXT ---- */

static err open_decode(const struct act_view *v, id *handle)
{
    struct lines l = lines_of(v->body);
    *handle = take_id(&l, "handle");
    (void)take_text(&l, "purpose");
    return body_end(&l);
}

err open_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    id handle;
    (void)g;
    (void)shown;
    return open_decode(v, &handle);
}

err open_perform(struct guard *g, struct act *a, const struct act_view *v, struct writer *result)
{
    id                   handle;
    struct kept          k = {0};
    struct opening       o;
    struct leaf          l;
    const struct person *p = person_find(g, &v->by);
    TRY(open_decode(v, &handle));
    TRY(opening_find(g, &handle, p, &k, &o));
    o.copying = counts_copies(&k);
    uint16_t failed = opening_judge(g, &o);
    leaf_start(g, &l, failed == 0 ? LEAF_OPENED : LEAF_OPENING_REFUSED);
    opening_lines(g, &handle, &k, &o, p, failed, &l);
    if (failed != 0) {
        /* Without the act's own words, so that equal refusals are one counted leaf, as those are of what
         * is not there: the ledger's growth tells a reader nothing. */
        record_repeatable(g, &l);
        secret_wipe(&k.key);
        return NOT_OPEN;
    }
    act_leaf(&l, a);
    record(g, &l);
    opening_key(g, &handle, &k, &o, p, result);
    secret_wipe(&k.key);
    return OK;
}

/* ---- the act `session`: minutes N: one signature for feeds and descriptions, for so long ---- */

static err session_decode(const struct act_view *v, uint64_t *minutes)
{
    struct lines l = lines_of(v->body);
    *minutes = take_number(&l, "minutes", UINT64_MAX);
    return minutes_end(&l, *minutes);
}

err session_check(struct guard *g, const struct act_view *v, struct writer *shown)
{
    uint64_t minutes;
    (void)g;
    TRY(session_decode(v, &minutes));
    line_text(shown, "shown",
              SPAN_LIT("feeds that are open to you will be shown to you, and items described"));
    return OK;
}

/* A free place; but a person has PERSON_SESSIONS_MAX at a time, and the one that would end first makes
 * room for the next. */
static struct session *session_free(struct guard *g, unsigned person)
{
    struct session *room = NULL, *own = NULL;
    unsigned        count = 0;
    for (unsigned i = 0; i < SESSIONS_MAX; i++) {
        struct session *s = &g->session[i];
        if (s->number == 0 || s->until_boot_ms <= g->boot_ms) {
            room = s;
        } else if (s->person == person) {
            count++;
            own = own == NULL || s->until_boot_ms < own->until_boot_ms ? s : own;
        }
    }
    return count >= PERSON_SESSIONS_MAX ? own : room;
}

err session_begin(struct guard *g, const struct act *a, const struct act_view *v, uint64_t minutes,
                  struct session **out)
{
    struct leaf     l;
    unsigned        person = (unsigned)(person_find(g, &v->by) - g->person);
    struct session *s = session_free(g, person);
    if (s == NULL) {
        return FAIL(FULL, "too many sessions are open");
    }
    leaf_start(g, &l, LEAF_ACT);
    act_leaf(&l, a);
    record(g, &l);
    *s = (struct session){.person = person,
                          .until_boot_ms = g->boot_ms + minutes * (uint64_t)MS_PER_MINUTE};
    do {
        random_fill(g->random, &s->number, sizeof s->number);
    } while (s->number == 0);
    *out = s;
    return OK;
}

err session_perform(struct guard *g, struct act *a, const struct act_view *v, struct writer *result)
{
    uint64_t        minutes;
    struct session *s;
    TRY(session_decode(v, &minutes));
    TRY(session_begin(g, a, v, minutes, &s));
    put_u64(result, s->number);
    return OK;
}

/* ---- the request OPEN: the key of one epoch under a session ---- */

bool lowest_level(const struct guard *g, const struct opening *o)
{
    const struct policy *p = &g->tables.policies.policy[o->marking.level.policy];
    uint16_t             rank = p->level[o->marking.level.rank].hierarchy;
    for (unsigned i = 0; i < p->level_count; i++) {
        if (p->level[i].hierarchy < rank) {
            return false;
        }
    }
    return true;
}

err on_open(struct guard *g, const struct request_context *c, struct reader *body)
{
    uint64_t       number = read_u64(body);
    id             handle = read_id(body);
    struct kept    k = {0};
    struct opening o;
    struct leaf    l;
    TRY(reader_end(body));
    const struct display *display = display_session(g, number);
    if (display != NULL) {
        return display_open(g, c, display, &handle);
    }
    const struct session *s = session_find(g, number);
    if (s == NULL) {
        return FAIL(DENIED, "the session has ended, or never began");
    }
    const struct person *p = &g->person[s->person];
    TRY(opening_find(g, &handle, p, &k, &o));
    /* A product above the lowest level wants a signature of its own (the act `open`). */
    bool     allowed = cover_is_feed(&k.cover) || (lowest_level(g, &o) && !counts_copies(&k));
    uint16_t failed = opening_judge(g, &o);
    leaf_start(g, &l, failed == 0 && allowed ? LEAF_OPENED : LEAF_OPENING_REFUSED);
    opening_lines(g, &handle, &k, &o, p, failed, &l);
    if (!allowed) {
        line_text(&l.w, "reason", SPAN_LIT("it needs the reader's own signature"));
    }
    record_repeatable(g, &l);
    if (failed == 0 && allowed) {
        opening_key(g, &handle, &k, &o, p, mail_begin(g, c->from, ANSWER_KEY, c->tag));
        mail_end(g);
    }
    secret_wipe(&k.key);
    return failed == 0 && allowed ? OK : NOT_OPEN;
}
