/* SPDX-License-Identifier: Apache-2.0 */
/* After a fork both sides say all their acts on agreements once more: what the ledger that was put back has
 * lost is made good, and what its officers gave up is forgotten by the other. */
#include "guard/act.h"
#include "guard/instrument.h"

#define RESTATED_MAX 64 /* the newest acts; a letter holds no more */

/* An act that matters between these two: on an agreement of both, or on one that such stands under. */
static bool is_between(const struct guard *g, const struct instrument *i, uint8_t party,
                       uint8_t other)
{
    unsigned number;
    if (i->kind < INSTRUMENT_PAUSE || i->party != party ||
        err_is(agreement_of(g, i->digest, &number))) {
        return false;
    }
    return set_has(g->tables.agreements.agreement[number].parties, party) &&
           set_has(agreements_between(&g->tables.agreements, party, other), number);
}

void restate_put(const struct guard *g, unsigned partner, struct writer *w)
{
    uint8_t  other = g->partner[partner].party;
    unsigned from = g->instrument_count, count = 0;
    while (from > 0 && count < RESTATED_MAX) {
        from--;
        count += is_between(g, &g->instrument[from], g->self, other) ? 1 : 0;
    }
    for (unsigned i = from; i < g->instrument_count; i++) {
        if (is_between(g, &g->instrument[i], g->self, other)) {
            instrument_lines(&g->instrument[i], w);
        }
    }
}

err restate_check(struct lines *l)
{
    struct instrument i;
    for (unsigned count = 0; l->rest.len > 0; count++) {
        TRY(instrument_taken(l, &i));
        if (count >= RESTATED_MAX) {
            return FAIL(LIMIT, "a letter tells of more acts than it may");
        }
    }
    return lines_end(l);
}

static void acts_forget(struct guard *g, uint8_t party)
{
    unsigned left = 0;
    for (unsigned i = 0; i < g->instrument_count; i++) {
        if (!is_between(g, &g->instrument[i], party, g->self)) {
            g->instrument[left++] = g->instrument[i];
        }
    }
    g->instrument_count = left;
}

/* One for which there is no room makes the digests differ, and what that partner grants is refused. */
err restate_fold(struct guard *g, const struct letter_view *v, struct lines *l)
{
    uint8_t           party = g->partner[v->partner].party;
    struct instrument i;
    acts_forget(g, party);
    while (l->rest.len > 0) {
        TRY(instrument_taken(l, &i));
        i.party = party;
        i.accepted = v->time;
        if (is_between(g, &i, party, g->self) && instrument_room_for(g, party)) {
            TRY(instrument_keep(g, &i));
        }
    }
    return OK;
}

void restate_sent(struct guard *g, unsigned partner)
{
    for (unsigned i = 0; i < TELLINGS_MAX; i++) {
        g->telling[i].partners &= ~set_one(partner);
    }
    signatures_owe(g, partner);
}

/* ---- the letter `acts`: the answer to a letter `fork` ---- */

err letter_acts_check(struct guard *g, const struct letter_view *v)
{
    struct lines l = lines_of(v->body);
    (void)g;
    return restate_check(&l);
}

err letter_acts_fold(struct guard *g, const struct letter_view *v)
{
    struct lines l = lines_of(v->body);
    return restate_fold(g, v, &l);
}

err letter_acts_sent_fold(struct guard *g, const struct letter_view *v)
{
    g->partner[v->partner].mailbox.acts_due = false;
    restate_sent(g, v->partner);
    return OK;
}

void restate_turn(struct guard *g)
{
    for (unsigned i = 0; i < g->partner_count; i++) {
        uint8_t       body[LETTER_BODY_MAX];
        struct writer w = WRITER_OF(body);
        if (g->partner[i].mailbox.acts_due && letter_room(g, i) && guard_has_room(g)) {
            restate_put(g, i, &w);
            MUST(!w.bad && !err_is(letter_send(g, i, "acts", writer_span(&w))));
        }
    }
}

bool restate_waits(const struct guard *g)
{
    for (unsigned i = 0; i < g->partner_count; i++) {
        if (g->partner[i].mailbox.acts_due && letter_room(g, i)) {
            return true;
        }
    }
    return false;
}
