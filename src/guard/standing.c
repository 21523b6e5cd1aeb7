/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/standing.h"

#include "crypt/hash.h"

#define NOW_SPAN_MS MS_PER_MINUTE     /* a clock that is further off decides nothing */
#define AGE_MS_MAX  (30 * MS_PER_DAY) /* a link that was cut for so long is another case */
#define SETTLE_MS   MS_PER_DAY /* a partner may load an agreement so much later than we did */

/* The agreements that both ends of a way know: those between its ends, and those with the hub. */
static set64 on_the_way(const struct guard *g, const struct crossing *c)
{
    set64 out = agreements_between(&g->tables.agreements, c->from, c->to);
    if (c->via != PARTY_NONE) {
        out |= agreements_between(&g->tables.agreements, c->from, c->via);
    }
    return out;
}

static set64 paused(const struct guard *g, uint8_t giver, instant from, instant until)
{
    return paused_set(&g->tables.agreements, g->instrument, g->instrument_count, giver,
                      PAUSE_GIVING, from < until ? from : until, until, INSTANT_NEVER);
}

/* What was paused by this ledger, and what a partner will find paused at the instant that it is told: a resume
 * that was dated by a clock ahead of time is not there for it yet. */
set64 standing_giving(const struct guard *g, struct crossing *c, instant since)
{
    set64 stands = standing_given(&g->tables.agreements, g->instrument, g->instrument_count,
                                  c->from, c->now_low, c->now_high, c->read_as) &
                   on_the_way(g, c) & ~paused(g, c->from, since, leaf_time(g)) &
                   ~paused(g, c->from, since, told_time(g)) & ~pausing_set(g);
    for (unsigned r = 0; r < READING_COUNT; r++) {
        c->read_as[r] &= stands;
    }
    return stands;
}

/* ---- what a partner says ---- */

/* In force from the earliest that its `now` may have been until then, by what is known here now: a partner may
 * have heard of an instrument before we did. */
static set64 stood_then(const struct guard *g, const struct crossing *c, instant until,
                        set64 read_as[READING_COUNT])
{
    struct instrument known[INSTRUMENTS_MAX];
    for (unsigned i = 0; i < g->instrument_count; i++) {
        known[i] = g->instrument[i];
        known[i].accepted = known[i].accepted < c->now_low ? known[i].accepted : c->now_low;
    }
    return standing_given(&g->tables.agreements, known, g->instrument_count, c->from, c->now_low,
                          until, read_as) &
           on_the_way(g, c);
}

/* Since when we have known an agreement: the newest signature or notification of it. */
static instant known_since(const struct guard *g, const struct agreement *a)
{
    instant since = 0;
    for (unsigned i = 0; i < g->instrument_count; i++) {
        const struct instrument *one = &g->instrument[i];
        bool                     of = memcmp(one->digest, a->digest, sizeof a->digest) == 0 &&
                  (one->kind == INSTRUMENT_SIGN || one->kind == INSTRUMENT_NOTIFY);
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

/* The reading that it says it acts on is the one that it has signed: of what it is party to, nobody else is
 * told. */
static bool readings_known(const struct crossing *c, const set64 read_as[READING_COUNT], set64 told)
{
    for (unsigned r = 0; r < READING_COUNT; r++) {
        if (((c->read_as[r] ^ (read_as[r] & c->standing)) & told) != 0) {
            return false;
        }
    }
    return true;
}

/* With an officer's approval only a pause that lasted until then counts; how long before it he approved
 * is not known here, nor whether a clock ahead dated what was begun before a pause: so the giver may have left
 * out what it had paused within a day before. */
err standing_check(const struct guard *g, const struct crossing *c, instant created, instant at)
{
    if (c->now_low > c->now_high || c->now_high - c->now_low > NOW_SPAN_MS ||
        c->now_low > g->now + g->clock_error_ms || c->now_high + AGE_MS_MAX < g->now ||
        at < c->now_low || at > c->now_high) {
        return FAIL(DENIED, "the sender's verdict is from the future, or too old");
    }
    set64 read_as[READING_COUNT];
    /* What ended a moment after the giver had judged stood when it did, though `now` may reach past that */
    set64 could = stood_then(g, c, at, read_as), stood = stood_then(g, c, c->now_high, NULL);
    set64 ever = paused(g, c->from, created, at), now = paused(g, c->from, at, at);
    set64 before = paused(g, c->from, (created < at ? created : at) - AHEAD_MS_MAX, at);
    if (!set_within(c->standing, could)) {
        return FAIL(CONFLICT, "the sender's verdict rests on an agreement that did not stand then");
    }
    if (!readings_known(c, read_as, agreements_between(&g->tables.agreements, c->from, g->self))) {
        return FAIL(CONFLICT,
                    "the sender's verdict cites a reading that the sender has not signed");
    }
    if ((c->standing & (c->approvals > 0 ? now : ever)) != 0) {
        return FAIL(CONFLICT,
                    "the sender's verdict rests on an agreement that the sender has paused");
    }
    return left_out_is_new(g, stood & ~before & ~c->standing, c->now_low)
               ? OK
               : FAIL(CONFLICT, "the sender's verdict leaves out an agreement that stood then");
}

/* ---- the digest of what stands ---- */

struct digesting {
    uint8_t giver, recipient; /* PARTY_NONE: everybody */
    instant until;
};

/* Of what is done on an agreement its parties are told, and nobody else: a third party that is passed
 * something knows the signatures, and not the pauses. */
static bool counts(const struct digesting *d, const struct agreement *a, const struct instrument *i)
{
    return i->kind == INSTRUMENT_SIGN || i->kind == INSTRUMENT_NOTIFY || d->giver == PARTY_NONE ||
           (i->party == d->giver && i->effective <= d->until && set_has(a->parties, d->recipient));
}

/* What may pause an agreement names a direction, what takes the consent of all says to what, a reading says
 * which; the rest has none of these. */
static void instrument_put(const struct instrument *i, struct writer *w)
{
    put_u8(w, (uint8_t)i->kind);
    put_u64(w, (uint64_t)i->effective);
    if (i->direction != 0) {
        put_u8(w, i->direction);
    }
    if (i->kind == INSTRUMENT_AMEND || i->kind == INSTRUMENT_TERMINATE) {
        put_u64(w, (uint64_t)i->at);
        put_span(w, SPAN_OF(i->into));
    }
    if (i->kind == INSTRUMENT_READING) {
        put_u8(w, i->reading);
    }
}

static void sum_add(uint8_t sum[static 32], const uint8_t hash[static 32])
{
    unsigned carry = 0;
    for (unsigned b = 32; b > 0; b--) {
        carry += (unsigned)sum[b - 1] + hash[b - 1];
        sum[b - 1] = (uint8_t)carry;
        carry >>= 8;
    }
}

/* A text that stands in place of another rests on the consent to that, too. */
static bool is_about(const struct instrument *i, const struct agreement *a)
{
    return memcmp(i->digest, a->digest, sizeof a->digest) == 0 ||
           (i->kind == INSTRUMENT_AMEND && memcmp(i->into, a->digest, sizeof a->digest) == 0);
}

/* One number for one agreement's instruments: each hashed, the hashes added up, so order is nothing.
 * Party numbers differ between gateways, so the party's name is hashed. */
static void instruments_add(const struct guard *g, const struct agreement *a,
                            const struct digesting *d, uint8_t sum[static 32])
{
    for (unsigned i = 0; i < g->instrument_count; i++) {
        const struct instrument *one = &g->instrument[i];
        if (!is_about(one, a) || !counts(d, a, one)) {
            continue;
        }
        uint8_t       head[64], hash[32];
        struct writer w = WRITER_OF(head);
        instrument_put(one, &w);
        const span part[] = {SPAN_OF(a->digest),
                             name_span(&g->tables.policies.parties.name[one->party]),
                             writer_span(&w)};
        sha256_parts(part, ARRAY_LEN(part), hash);
        sum_add(sum, hash);
    }
}

static void digest(const struct guard *g, set64 agreements, struct digesting d,
                   uint8_t out[static 32])
{
    uint8_t sum[32] = {0};
    for (unsigned i = set_next(agreements, 0); i < g->tables.agreements.count;
         i = set_next(agreements, i + 1)) {
        instruments_add(g, &g->tables.agreements.agreement[i], &d, sum);
    }
    sha256(SPAN_OF(sum), out);
}

void giver_digest(const struct guard *g, const struct crossing *c, instant until,
                  uint8_t out[static 32])
{
    digest(g, c->standing, (struct digesting){c->from, c->to, until}, out);
}

void standing_digest(const struct guard *g, set64 agreements, uint8_t out[static 32])
{
    digest(g, agreements, (struct digesting){PARTY_NONE, PARTY_NONE, INSTANT_NEVER}, out);
}
