/* SPDX-License-Identifier: Apache-2.0 */
/* A partner's grant comes in: everything in it is checked again here, the verdict included. */
#include "guard/receive.h"

#include "base/lines.h"
#include "crypt/hash.h"
#include "guard/act.h"
#include "guard/giving.h"
#include "guard/onward.h"
#include "guard/passage.h"
#include "guard/receipts.h"
#include "guard/standing.h"

struct arrival {
    const struct partner *sender, *giver; /* who carried it here, and whose guard signed it */
    id                    handle;
    struct grant          grant;
    struct papers         papers;
    struct kept           kept;
    struct crossing       crossing;
    enum refusal          step;    /* refused now, it would be at this one */
    const struct passage *passage; /* of the hub that passed it on; NULL: it came straight */
    uint8_t               papers_room[PAPERS_LEN];
};

/* Its signature tells whose it is: the sender's, or that of a partner for whom the sender is the hub. */
static err grant_opened(struct guard *g, span sealed, const struct hpke_key *key, struct arrival *a)
{
    a->giver = a->sender;
    err e = grant_open(sealed, key, a->giver->identity, &a->grant, &a->papers, a->papers_room);
    for (unsigned i = 0; e.code == ERR_FORGED && i < g->partner_count; i++) {
        const struct partner *p = &g->partner[i];
        if (p != a->sender &&
            !err_is(grant_open(sealed, key, p->identity, &a->grant, &a->papers, a->papers_room))) {
            a->giver = p;
            return OK;
        }
    }
    return e;
}

static err grant_unseal(struct guard *g, span sealed, struct arrival *a)
{
    struct hpke_key key;
    TRY(day_key_of(g, sealed, &key));
    err e = grant_opened(g, sealed, &key, a);
    hpke_key_wipe(&key);
    TRY(e);
    static const name none = {{0}};
    const name       *via = a->giver == a->sender ? &none : &a->sender->name;
    if (!name_equal(&a->grant.from, &a->giver->name) || !name_equal(&a->grant.to, &g->party) ||
        !name_equal(&a->grant.via, via) || !id_equal(&a->grant.handle, &a->handle)) {
        return FAIL(
            FORGED,
            "the grant is of another party, for another party, another way or another pouch");
    }
    return OK;
}

/* A grant is judged after what its giver said before it, and a hub's after its own verdict; when it is
 * known whose clock is wrong; and when its giver has taken the receipts for others. */
static bool must_wait(struct guard *g, struct arrival *a)
{
    unsigned giver = (unsigned)(a->giver - g->partner);
    bool     ahead = a->grant.at > g->now + g->clock_error_ms;
    /* Until the giver knows that this ledger was put back, nobody knows on what it rests. */
    bool forking = a->giver->mailbox.fork_due;
    if ((ahead && !times_agree(g, giver)) || forking || !receipts_due_room(g, giver)) {
        return true;
    }
    a->passage = a->giver == a->sender
                     ? NULL
                     : passage_find(g, (unsigned)(a->sender - g->partner), &a->handle);
    return a->giver->mailbox.received < a->grant.letter ||
           (a->giver != a->sender && a->passage == NULL);
}

static err cover_check(struct arrival *a)
{
    TRY(cover_read(a->papers.cover, &a->kept.cover));
    if (!name_equal(&a->kept.cover.originator, &a->giver->name)) {
        return FAIL(DENIED, "the cover is of another originator than whoever granted it");
    }
    return sign_check(a->giver->identity, COVER_PURPOSE, a->papers.cover,
                      a->papers.cover_signature);
}

/* Where the crossing's text ends and the verdict's begins is where crossing_read stops. */
static err matter_read(struct guard *g, struct arrival *a, span *crossing, span *verdict)
{
    struct lines l = lines_of(a->papers.matter);
    TRY(crossing_read(&g->tables, &l, &a->crossing));
    *crossing = (span){a->papers.matter.ptr, a->papers.matter.len - l.rest.len};
    *verdict = l.rest;
    return OK;
}

/* Where it lies and how much less it shows: as the cover says */
static bool said_matches(const struct arrival *a)
{
    uint8_t       text[COVER_EXTENT_MAX + COVER_REDUCED_MAX];
    struct writer extent = WRITER_OF(text), reduced;
    extent_format(&a->crossing.extent, &extent);
    reduced = writer_of(text + extent.len, sizeof text - extent.len);
    reduction_format(&a->crossing.reduced, &reduced);
    return !extent.bad && !reduced.bad && span_is(writer_span(&extent), a->kept.cover.extent) &&
           span_is(writer_span(&reduced), a->kept.cover.reduced);
}

static err marking_matches(struct guard *g, const struct arrival *a)
{
    uint8_t       text[COVER_MARKING_MAX + 1];
    struct writer w = WRITER_OF(text);
    marking_format(&g->tables.policies, &a->crossing.marking, &w);
    bool kind = span_is(name_span(&a->kept.cover.kind), kind_name(a->crossing.kind));
    if (w.bad || !span_is(writer_span(&w), a->kept.cover.marking) || !kind || !said_matches(a) ||
        a->crossing.from != a->giver->party || a->crossing.to != g->self ||
        a->crossing.via != (a->passage == NULL ? PARTY_NONE : a->sender->party)) {
        return FAIL(FORGED, "the verdict is about something else than the cover");
    }
    return OK;
}

/* The same verdict, from our own tables: the giver's word is taken for step 7 alone. */
static err verdict_follows(struct guard *g, struct arrival *a, struct verdict *out)
{
    span    crossing, verdict;
    uint8_t standing[32];
    TRY(matter_read(g, a, &crossing, &verdict));
    TRY(marking_matches(g, a));
    err stands = standing_check(g, &a->crossing, a->kept.cover.created, a->grant.at);
    a->step = stands.code == ERR_CONFLICT ? REFUSAL_STANDING : a->step;
    TRY(stands);
    giver_digest(g, &a->crossing, a->grant.at, standing);
    if (memcmp(standing, a->grant.standing, sizeof standing) != 0) {
        a->step = REFUSAL_STANDING;
        return FAIL(CONFLICT,
                    "the sender's verdict rests on other instruments than are known here");
    }
    return release_follows(g, &a->crossing, crossing, verdict, out);
}

/* What is owed and what it may be handled as: by the last leg of its way; of a hub's both are owed. */
static err terms_take(struct guard *g, struct arrival *a)
{
    struct verdict v, last;
    TRY(verdict_follows(g, a, &v));
    last = v;
    if (a->passage != NULL) {
        TRY(passage_follows(g, a->passage, &a->kept.cover, &a->crossing, &v, &last,
                            &a->kept.via_level));
        a->kept.via = (uint8_t)(a->sender - g->partner);
    }
    a->kept.agreement = v.permit.agreement != CLAUSE_NONE ? v.permit.agreement : v.cover.agreement;
    a->kept.owed = v.obligations;
    obligations_unite(&a->kept.owed, &last.obligations);
    a->kept.candidates = last.equivalents;
    a->kept.handled_as = (uint8_t)policy_strictest(
        &g->tables.policies.policy[last.equivalent_policy], last.equivalents);
    a->kept.lease_ms = a->grant.lease_ms;
    if ((a->kept.owed.duties & DUTY_LEASE) != 0 && a->kept.owed.lease_ms < a->kept.lease_ms) {
        a->kept.lease_ms = a->kept.owed.lease_ms;
    }
    return OK;
}

/* The own level is added to the originator's: the agreement's one candidate, or, until an officer has chosen
 * among several, the strictest. */
static void level_added(const struct guard *g, const struct arrival *a, struct writer *w)
{
    uint8_t       text[64];
    struct writer t = WRITER_OF(text);
    bool          one = (a->kept.candidates & (a->kept.candidates - 1)) == 0;
    ranks_format(g, (uint16_t)(1u << a->kept.handled_as), &t);
    line_text(w, "own-level", writer_span(&t));
    line_text(w, "own-level-chosen", one ? SPAN_LIT("yes") : SPAN_LIT("no"));
}

static void received_leaf(struct guard *g, const struct arrival *a, span sealed)
{
    struct leaf l;
    uint8_t     digest[SHA256_LEN];
    sha256(sealed, digest);
    leaf_start(g, &l, LEAF_RECEIVED);
    line_hex(&l.w, "handle", id_span(&a->handle));
    line_hex(&l.w, "epoch", id_span(&a->grant.epoch));
    line_name(&l.w, "partner", &a->giver->name);
    line_number(&l.w, "sender-leaf", a->grant.leaf);
    line_hex(&l.w, "sender-hash", SPAN_OF(a->grant.leaf_hash));
    line_hex(&l.w, "sealer", SPAN_OF(a->kept.cover.sealer));
    line_hex(&l.w, "grant", SPAN_OF(digest));
    level_added(g, a, &l.w);
    if (a->passage != NULL) {
        line_name(&l.w, "via", &a->sender->name);
        line_number(&l.w, "passage", a->passage->leaf);
    }
    duty_lines(&a->kept, leaf_time(g), &l.w);
    relay_lines(g, &a->kept, &l.w);
    rests_lines(a->grant.at, a->grant.standing, &l.w);
    put_span(&l.w, a->papers.matter);
    record(g, &l);
}

static void arrived_say(struct guard *g, const struct arrived *row)
{
    arrived_put(mail_begin(g, CALLER_DESK, ANSWER_ARRIVED, 0), row);
    mail_end(g);
}

static void arrived_keep(struct guard *g, const struct arrived *row)
{
    g->arrived[g->arrived_next++ % ARRIVED_MAX] = *row;
}

static void row_tell(struct guard *g, const struct arrived *row)
{
    arrived_say(g, row);
    if (row->feed.text[0] != 0) {
        arrived_keep(g, row);
    }
}

static void arrived_tell(struct guard *g, const struct arrival *a)
{
    const struct arrived row = {.handle = a->handle,
                                .kind = (uint8_t)a->crossing.kind,
                                .originator = a->kept.cover.originator,
                                .feed = a->kept.cover.feed};
    row_tell(g, &row);
}

void arrived_own(struct guard *g, const struct cover *c, uint8_t kind)
{
    const struct arrived row = {
        .handle = c->epoch, .kind = kind, .originator = c->originator, .feed = c->feed};
    row_tell(g, &row);
}

/* What came before the start is named by its slot; what has none that can be read opens to nobody. */
static void arrived_name(struct guard *g, struct arrived *row)
{
    struct kept k = {0};
    if (!err_is(kept_get(g, &row->handle, &k))) {
        row->originator = k.cover.originator;
        row->feed = k.cover.feed;
    }
    secret_wipe(&k.key);
}

void arrived_tell_again(struct guard *g)
{
    static const id none;
    for (unsigned i = 0; i < ARRIVED_MAX; i++) {
        struct arrived *row = &g->arrived[(g->arrived_next + i) % ARRIVED_MAX];
        if (row->feed.text[0] == 0 && !id_equal(&row->handle, &none)) {
            arrived_name(g, row);
        }
        if (row->feed.text[0] != 0) {
            arrived_say(g, row);
        }
    }
}

static err receive(struct guard *g, span sealed, struct arrival *a, bool *later)
{
    a->step = REFUSAL_SEALED;
    TRY(grant_unseal(g, sealed, a));
    if (must_wait(g, a)) {
        *later = true;
        return OK;
    }
    a->step = REFUSAL_COVER;
    TRY(cover_check(a));
    a->step = REFUSAL_RECALLED;
    if (order_forbids(g, (unsigned)(a->giver - g->partner), &a->handle)) {
        return FAIL(DENIED, "its giver took it back before it came");
    }
    if (order_forgotten(g, (unsigned)(a->giver - g->partner), a->grant.at)) {
        return FAIL(DENIED, "its giver took back more since than is remembered");
    }
    a->step = REFUSAL_FORK;
    if (a->giver->mailbox.fork_letter != 0 && a->grant.letter <= a->giver->mailbox.fork_heard) {
        return FAIL(DENIED, "it was granted before this ledger was put back");
    }
    a->step = REFUSAL_VERDICT;
    TRY(terms_take(g, a));
    if (duty_wanted(&a->kept) && !duty_room(g, (unsigned)(a->giver - g->partner))) {
        *later = true;
        return OK;
    }
    a->step = REFUSAL_KEPT;
    a->kept.kind = KEPT_RECEIVED;
    a->kept.key = a->grant.key;
    a->kept.from = a->giver->name;
    a->kept.items = cut_items(g, (unsigned)(a->giver - g->partner), &a->handle);
    TRY(kept_put(g, &a->handle, &a->kept));
    received_leaf(g, a, sealed);
    arrived_tell(g, a);
    return OK;
}

static void refused_lines(struct guard *g, struct leaf *l, const id *handle, const name *sender,
                          err e)
{
    leaf_start(g, l, LEAF_RECEIVE_REFUSED);
    line_hex(&l->w, "handle", id_span(handle));
    line_name(&l->w, "partner", sender);
    line_text(&l->w, "reason", span_text(e.why));
}

/* What could not be opened is nobody's yet: whoever sent it is told. */
static void receive_refused(struct guard *g, const struct arrival *a, err e)
{
    static const id none;
    struct leaf     l;
    bool            sealed = a->step == REFUSAL_SEALED;
    refused_lines(g, &l, &a->handle, &a->sender->name, e);
    line_text(&l.w, "step", span_text(refusal_word(a->step)));
    line_name(&l.w, "giver", &(sealed ? a->sender : a->giver)->name);
    line_number(&l.w, "sender-leaf", sealed ? 0 : a->grant.leaf);
    line_hex(&l.w, "epoch", id_span(sealed ? &none : &a->grant.epoch));
    record_repeatable(g, &l);
}

static void received_tell(struct guard *g, const id *handle, enum received r, uint32_t tag)
{
    struct writer *w = mail_begin(g, CALLER_COURIER, ANSWER_RECEIVED, tag);
    put_id(w, handle);
    put_u8(w, (uint8_t)r);
    mail_end(g);
}

/* What was destroyed here on its giver's order is not taken in again. */
static enum received received_of(struct guard *g, span sealed, struct arrival *a)
{
    struct kept known = {0};
    bool        later = false;
    err         e = kept_get(g, &a->handle, &known);
    secret_wipe(&known.key);
    a->step = REFUSAL_SEALED;
    /* A slot that a power cut tore is none: had its leaf been written, the slot was whole before. */
    if (err_is(e) && (e.code == ERR_UNKNOWN || e.code == ERR_FORGED)) {
        if (err_is(may_act(g))) {
            return RECEIVED_NOT_YET;
        }
        e = receive(g, sealed, a, &later);
        known = a->kept;
    } else if (!err_is(e) && known.kind != KEPT_RECEIVED) {
        a->step = REFUSAL_SEALED;
        e = FAIL(CONFLICT, "a grant came under the id of something else");
    }
    secret_wipe(&known.key);
    if (later || e.code == ERR_IO) { /* a disk that does not answer says nothing of the grant */
        return RECEIVED_NOT_YET;
    }
    if (err_is(e)) {
        receive_refused(g, a, e);
        return RECEIVED_REFUSED;
    }
    return onward_arrived(g, &a->handle, &known) ? RECEIVED_RELAYED : RECEIVED_ACCEPTED;
}

err on_receive(struct guard *g, const struct request_context *c, struct reader *body)
{
    name           who = read_name(body);
    struct arrival a = {.handle = read_id(body), .kept = KEPT_NEW};
    span           sealed = read_block16(body, GRANT_MAX);
    TRY(reader_end(body));
    a.sender = partner_find(g, &who);
    if (a.sender == NULL) {
        err unknown = FAIL(UNKNOWN, "a grant is of a party that is no partner");
        if (who.text[0] != 0) {
            struct leaf l;
            refused_lines(g, &l, &a.handle, &who, unknown);
            record_repeatable(g, &l);
        }
        return unknown;
    }
    received_tell(g, &a.handle, received_of(g, sealed, &a), c->tag);
    secret_wipe(&a.grant.key);
    secret_wipe(&a.kept.key);
    return OK;
}

/* ---- the fold ---- */

/* Tracks and warnings come in feeds, and nothing else does. */
static bool is_of_feed(span body, enum kind *out)
{
    span line = {0}, key = {0};
    while (body.len > 0 && !span_is(key, "kind")) {
        line = span_cut(&body, '\n');
        key = span_cut(&line, ' ');
    }
    return span_is(key, "kind") && !err_is(kind_of(line, out)) &&
           (*out == KIND_TRACK || *out == KIND_WARNING);
}

err received_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines        l = lines_of(head->body);
    struct arrived_leaf a = {.handle = take_id(&l, "handle"), .epoch = take_id(&l, "epoch")};
    name                who = take_name(&l, "partner");
    struct partner     *p = partner_find(g, &who);
    uint8_t             unused[32];
    enum kind           kind;
    span                value;
    a.sender_leaf = take_number(&l, "sender-leaf", UINT64_MAX);
    take_hex(&l, "sender-hash", unused, sizeof unused);
    take_hex(&l, "sealer", unused, sizeof unused);
    take_hex(&l, "grant", unused, sizeof unused);
    if (l.bad || p == NULL) {
        return FAIL(MALFORMED, "the leaf of what came is not as it should be");
    }
    a.partner = (uint8_t)(p - g->partner);
    if (take_more(&l, "own-level", &value)) {
        (void)take_text(&l, "own-level-chosen");
    }
    if (take_more(&l, "via", &value)) {
        (void)take_number(&l, "passage", UINT64_MAX);
        passage_used(g, &a.handle);
    }
    TRY(duty_arrived(g, a.partner, &a.handle, &l));
    while (take_more(&l, "relay", &value)) {
        TRY(relay_fold(g, &a, value, head->time));
    }
    /* since the start its grant is at hand, and names it */
    if (!g->started && is_of_feed(head->body, &kind)) {
        arrived_keep(g, &(struct arrived){.handle = a.handle, .kind = (uint8_t)kind});
    }
    g->counters.received++;
    receipts_arrived_fold(g, &a);
    return OK;
}
