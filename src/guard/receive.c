/* SPDX-License-Identifier: Apache-2.0 */
/* A partner's grant comes in: everything in it is checked again here, the verdict included. */
#include "guard/receive.h"
#include "base/lines.h"
#include "crypt/hash.h"
#include "guard/give.h"

struct arrival {
    const struct partner *partner;
    id                    handle;
    struct grant          grant;
    struct papers         papers;
    struct kept           kept;
    struct crossing       crossing;
    uint8_t               papers_room[PAPERS_LEN];
};

static err day_key_for(struct guard *g, span sealed, struct hpke_key *out)
{
    uint8_t key_id[DAY_KEY_ID_LEN];
    TRY(grant_day_key(sealed, key_id));
    for (unsigned i = 0; i < g->day_key_count; i++) {
        if (memcmp(g->day_key[i].public.id, key_id, sizeof key_id) == 0) {
            return day_key_get(g, key_id, out);
        }
    }
    return FAIL(UNKNOWN, "the grant is sealed to a day key that is not, or no longer, kept here");
}

static err grant_unseal(struct guard *g, span sealed, struct arrival *a)
{
    struct hpke_key key;
    TRY(day_key_for(g, sealed, &key));
    err e = grant_open(sealed, &key, a->partner->identity, &a->grant, &a->papers, a->papers_room);
    hpke_key_wipe(&key);
    TRY(e);
    if (!name_equal(&a->grant.from, &a->partner->name) || !name_equal(&a->grant.to, &g->party) ||
        !id_equal(&a->grant.handle, &a->handle)) {
        return FAIL(FORGED, "the grant is of another party, for another party, or another pouch");
    }
    return OK;
}

/* The originator is the sender: what others began comes with the hub (a later capability). */
static err cover_check(struct arrival *a)
{
    TRY(cover_read(a->papers.cover, &a->kept.cover));
    if (!name_equal(&a->kept.cover.originator, &a->partner->name)) {
        return FAIL(DENIED, "the cover is of another originator than the sender");
    }
    return sign_check(a->partner->identity, COVER_PURPOSE, a->papers.cover,
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

static err marking_matches(struct guard *g, const struct arrival *a)
{
    uint8_t       text[COVER_MARKING_MAX + 1];
    struct writer w = WRITER_OF(text);
    marking_format(&g->tables.policies, &a->crossing.marking, &w);
    bool kind = span_is(name_span(&a->kept.cover.kind), kind_name(a->crossing.kind));
    if (w.bad || !span_is(writer_span(&w), a->kept.cover.marking) || !kind ||
        a->crossing.from != a->partner->party || a->crossing.to != g->self) {
        return FAIL(FORGED, "the verdict is about something else than the cover");
    }
    return OK;
}

static uint8_t strictest(const struct guard *g, unsigned policy, uint16_t ranks)
{
    const struct policy *p = &g->tables.policies.policy[policy];
    unsigned             best = LEVELS_MAX;
    for (unsigned i = 0; i < p->level_count; i++) {
        bool candidate = set_has(ranks, i);
        if (candidate && (best == LEVELS_MAX || p->level[i].hierarchy > p->level[best].hierarchy)) {
            best = i;
        }
    }
    return (uint8_t)best;
}

#define NOW_SPAN_MS MS_PER_MINUTE     /* a clock that is further off decides nothing */
#define AGE_MS_MAX  (30 * MS_PER_DAY) /* a link that was cut for so long is another case */
#define SETTLE_MS   MS_PER_DAY /* a partner may load an agreement so much later than we did */

/* Since when we have known an agreement: the newest of its instruments. */
static instant known_since(const struct guard *g, const struct agreement *a)
{
    instant since = 0;
    for (unsigned i = 0; i < g->instrument_count; i++) {
        const struct instrument *one = &g->instrument[i];
        bool                     of = memcmp(one->digest, a->digest, sizeof a->digest) == 0;
        since = of && one->accepted > since ? one->accepted : since;
    }
    return since;
}

/* What the sender left out must be something that it may not have loaded yet. */
static bool left_out_is_new(const struct guard *g, set64 left_out, instant then)
{
    for (unsigned i = set_next(left_out, 0); i < SET64_MAX; i = set_next(left_out, i + 1)) {
        if (known_since(g, &g->tables.agreements.agreement[i]) + SETTLE_MS < then) {
            return false;
        }
    }
    return true;
}

/* What stood when the sender judged is worked out here too, and that was neither in the future nor long ago. */
static err standing_follows(struct guard *g, const struct arrival *a)
{
    const struct crossing *c = &a->crossing;
    if (c->now_low > c->now_high || c->now_high - c->now_low > NOW_SPAN_MS ||
        c->now_low > g->now + g->clock_error_ms || c->now_high + AGE_MS_MAX < g->now) {
        return FAIL(DENIED, "the sender's verdict is from the future, or too old");
    }
    set64 stood = standing_then(g, c->from, c->to, c->now_low, c->now_high);
    if (!set_within(c->standing, stood)) {
        return FAIL(CONFLICT, "the sender's verdict rests on an agreement that did not stand then");
    }
    return left_out_is_new(g, stood & ~c->standing, c->now_low)
               ? OK
               : FAIL(CONFLICT, "the sender's verdict leaves out an agreement that stood then");
}

/* The same verdict, from our own tables: the giver's word is taken for step 7 alone. */
static err verdict_follows(struct guard *g, struct arrival *a)
{
    span    crossing, verdict;
    uint8_t standing[32];
    bool    differ = false;
    TRY(matter_read(g, a, &crossing, &verdict));
    TRY(marking_matches(g, a));
    TRY(verdict_check(&g->tables, crossing, verdict));
    TRY(standing_follows(g, a));
    standing_digest(g, a->crossing.standing, standing);
    if (memcmp(standing, a->grant.standing, sizeof standing) != 0) {
        return FAIL(CONFLICT,
                    "the sender's verdict rests on other instruments than are known here");
    }
    struct ruling  ruling;
    struct verdict own = verdict_decide(&g->tables, guard_index(g), &a->crossing, &differ);
    TRY(ruling_read(verdict, &ruling));
    own = verdict_with(&own, &ruling, &a->crossing);
    if (differ || own.outcome != OUTCOME_RELEASE || own.equivalents == 0) {
        return FAIL(DENIED, "no release to this party follows from what is in force here");
    }
    a->kept.owed = own.obligations;
    a->kept.candidates = own.equivalents;
    a->kept.handled_as = strictest(g, own.equivalent_policy, own.equivalents);
    return OK;
}

static void received_leaf(struct guard *g, const struct arrival *a, span sealed)
{
    struct leaf l;
    uint8_t     digest[SHA256_LEN];
    sha256(sealed, digest);
    leaf_start(g, &l, LEAF_RECEIVED);
    line_hex(&l.w, "handle", id_span(&a->handle));
    line_hex(&l.w, "epoch", id_span(&a->grant.epoch));
    line_name(&l.w, "partner", &a->partner->name);
    line_number(&l.w, "sender-leaf", a->grant.leaf);
    line_hex(&l.w, "sender-hash", SPAN_OF(a->grant.leaf_hash));
    line_hex(&l.w, "sealer", SPAN_OF(a->kept.cover.sealer));
    line_hex(&l.w, "grant", SPAN_OF(digest));
    put_span(&l.w, a->papers.matter);
    record(g, &l);
}

static void arrived_tell(struct guard *g, const struct arrival *a)
{
    struct arrived row = {.handle = a->handle,
                          .kind = (uint8_t)a->crossing.kind,
                          .originator = a->kept.cover.originator,
                          .feed = a->kept.cover.feed};
    arrived_put(mail_begin(g, CALLER_DESK, ANSWER_ARRIVED, 0), &row);
    mail_end(g);
    if (row.feed.text[0] != 0) {
        g->arrived[g->arrived_next++ % ARRIVED_MAX] = row;
    }
}

void arrived_tell_again(struct guard *g)
{
    for (unsigned i = 0; i < ARRIVED_MAX; i++) {
        const struct arrived *row = &g->arrived[(g->arrived_next + i) % ARRIVED_MAX];
        if (row->feed.text[0] != 0) {
            arrived_put(mail_begin(g, CALLER_DESK, ANSWER_ARRIVED, 0), row);
            mail_end(g);
        }
    }
}

static err receive(struct guard *g, span sealed, struct arrival *a)
{
    TRY(grant_unseal(g, sealed, a));
    TRY(cover_check(a));
    TRY(verdict_follows(g, a));
    a->kept.kind = KEPT_RECEIVED;
    a->kept.key = a->grant.key;
    a->kept.from = a->partner->name;
    TRY(kept_put(g, &a->handle, &a->kept));
    received_leaf(g, a, sealed);
    arrived_tell(g, a);
    return OK;
}

static void receive_refused(struct guard *g, const struct arrival *a, err e)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_RECEIVE_REFUSED);
    line_hex(&l.w, "handle", id_span(&a->handle));
    line_name(&l.w, "partner", &a->partner->name);
    line_text(&l.w, "reason", span_text(e.why));
    record_repeatable(g, &l);
}

static void received_tell(struct guard *g, const id *handle, bool accepted, uint32_t tag)
{
    struct writer *w = mail_begin(g, CALLER_COURIER, ANSWER_RECEIVED, tag);
    put_id(w, handle);
    put_u8(w, accepted);
    mail_end(g);
}

err on_receive(struct guard *g, const struct request_context *c, struct reader *body)
{
    name           who = read_name(body);
    struct arrival a = {.handle = read_id(body), .kept = KEPT_NEW};
    span           sealed = read_block16(body, GRANT_MAX);
    struct kept    known;
    TRY(reader_end(body));
    a.partner = partner_find(g, &who);
    if (a.partner == NULL) {
        return FAIL(UNKNOWN, "a grant is of a party that is no partner");
    }
    err  e = kept_get(g, &a.handle, &known);
    bool again = !err_is(e) && known.kind == KEPT_RECEIVED;
    secret_wipe(&known.key);
    if (!again) {
        e = receive(g, sealed, &a);
    }
    if (err_is(e)) {
        receive_refused(g, &a, e);
    }
    received_tell(g, &a.handle, !err_is(e), c->tag);
    secret_wipe(&a.grant.key);
    secret_wipe(&a.kept.key);
    return OK;
}
