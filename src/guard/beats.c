/* SPDX-License-Identifier: Apache-2.0 */
/* Beats: once a second each partner is told that all is as it was.  A beat that echoes one of ours was
 * made after ours was sent: that, and no clock of anybody's, says how old it can be at most. */
#include "guard/give.h"

#define BEATS_A_TURN 4 /* two multiplications on the curve each */

static void standing_between(const struct guard *g, const struct partner *p, uint8_t out[static 32])
{
    standing_digest(g, agreements_between(&g->tables.agreements, g->self, p->party), out);
}

static void beat_send(struct guard *g, unsigned partner)
{
    const struct partner *p = &g->partner[partner];
    const struct mailbox *m = &p->mailbox;
    uint8_t               text[ENVELOPE_SMALL];
    struct writer         w = WRITER_OF(text);
    struct beat           b = {.from = g->party,
                               .to = p->name,
                               .start = g->beating.start,
                               .number = g->beating.number,
                               .at = g->now,
                               .echo_start = m->heard_start,
                               .echo_number = m->heard_number,
                               .letters = m->sent,
                               .received = m->received,
                               .own = g->beating.head,
                               .held = m->theirs,
                               .clock_agrees = !g->watch.clock_astray,
                               .mute = g->watch.mute};
    standing_between(g, p, b.standing);
    beat_write(&b, &w);
    MUST(!w.bad);
    beat_mail(g, partner, writer_span(&w));
}

/* The head of the newest checkpoint, so that only such heads are ever out which are remembered. */
static void head_of_round(struct guard *g)
{
    const struct watch *w = &g->watch;
    struct head        *h = &g->beating.head;
    if (w->head_count == 0) {
        return;
    }
    const struct own_head *own = &w->head[(w->head_count - 1) % HEADS_MAX];
    if (h->size != own->size) {
        h->size = own->size;
        memcpy(h->root, own->root, sizeof h->root);
        head_sign(h, &g->party, g->signer);
    }
}

static void round_begin(struct guard *g)
{
    struct beating *b = &g->beating;
    b->number++;
    b->sent_boot_ms[b->number % BEATS_KEPT] = g->boot_ms;
    b->next_boot_ms = g->boot_ms + BEAT_MS;
    b->partner = 0;
    head_of_round(g);
}

void beats_turn(struct guard *g)
{
    struct beating *b = &g->beating;
    unsigned        sent = 0;
    if (b->partner >= g->partner_count && g->boot_ms >= b->next_boot_ms) {
        round_begin(g);
    }
    for (; b->number > 0 && b->partner < g->partner_count && sent < BEATS_A_TURN; b->partner++) {
        if (partner_reachable(g, b->partner)) {
            beat_send(g, b->partner);
            sent++;
        }
    }
}

uint64_t beats_due(const struct guard *g)
{
    const struct beating *b = &g->beating;
    return b->number > 0 && b->partner < g->partner_count ? g->boot_ms : b->next_boot_ms;
}

/* ---- a partner's beat ---- */

static bool beat_is_later(const struct mailbox *m, const struct beat *b)
{
    return b->start > m->heard_start || (b->start == m->heard_start && b->number > m->heard_number);
}

/* Does it echo a beat of ours of this start that is still remembered?  Then it was made after that. */
static bool beat_answers(const struct guard *g, const struct beat *b)
{
    return b->echo_start == g->beating.start && b->echo_number > 0 &&
           b->echo_number <= g->beating.number && b->echo_number + BEATS_KEPT > g->beating.number;
}

static void letters_told(struct guard *g, unsigned partner, const struct beat *b)
{
    struct mailbox *m = &g->partner[partner].mailbox;
    m->their_letters = b->letters;
    letters_acked(g, partner, b->received);
    bool missing = b->letters > m->received;
    m->missing_since = !missing ? 0 : m->missing_since != 0 ? m->missing_since : g->boot_ms;
}

/* Whose clock is how far from ours?  It read its clock after our beat went and before this one came. */
static void clock_told(struct guard *g, struct mailbox *m, const struct beat *b, uint64_t sent)
{
    int64_t round = (int64_t)(g->boot_ms - sent);
    m->their_time = b->at;
    m->offset_low = b->at - g->now;
    m->offset_high = b->at - (g->now - round);
}

static void beat_answered(struct guard *g, unsigned partner, const struct beat *b)
{
    struct mailbox *m = &g->partner[partner].mailbox;
    uint64_t        sent = g->beating.sent_boot_ms[b->echo_number % BEATS_KEPT];
    m->echoed = b->echo_number > m->echoed ? b->echo_number : m->echoed;
    clock_told(g, m, b, sent);
    watch_heard(g, partner, b);
    if (!b->mute && b->letters <= m->received && sent + g->lease_ms > m->fresh_until) {
        m->fresh_until = sent + g->lease_ms;
    }
}

err beat_take(struct guard *g, unsigned partner, span text)
{
    struct partner *p = &g->partner[partner];
    struct mailbox *m = &p->mailbox;
    struct beat     b;
    uint8_t         standing[32];
    TRY(beat_read(text, &b));
    if (!name_equal(&b.from, &p->name) || !name_equal(&b.to, &g->party)) {
        return FAIL(FORGED, "a beat is of another party, or for another party");
    }
    /* A guard whose ledger was put back may count from below again: that it answers shows it is no copy. */
    bool answers = beat_answers(g, &b);
    if (!beat_is_later(m, &b) && !(answers && b.echo_number > m->echoed)) {
        return FAIL(STATE, "a beat came again, or after a later one");
    }
    m->heard_start = b.start;
    m->heard_number = b.number;
    standing_between(g, p, standing);
    if (memcmp(standing, b.standing, sizeof standing) == 0) {
        signatures_shown(g, partner);
    }
    letters_told(g, partner, &b);
    if (!answers) {
        watch_shown(g, partner, &b);
    } else {
        beat_answered(g, partner, &b);
    }
    return OK;
}

bool partner_fresh(const struct guard *g, unsigned partner)
{
    const struct mailbox *m = &g->partner[partner].mailbox;
    bool                  whole = m->missing_since == 0 || m->received >= m->their_letters ||
                 g->boot_ms < m->missing_since + BEAT_MS;
    return g->boot_ms < m->fresh_until && whole && !m->fork_due && m->acked >= m->fork_letter;
}
