/* SPDX-License-Identifier: Apache-2.0 */
/* May this guard act?  Not when its ledger may be an old copy, and not by a clock that jumped (clock.c). */
#include "guard/give.h"
#include "guard/instrument.h"
#include "guard/receive.h"
#include "guard/tell.h"

#define HEAD_KEEP_MS 5000 /* a partner's head is written to its slot at most so often */
#define FORK_LETTERS_MAX                                                                           \
    (UINT64_C(1) << 32) /* a ledger that was put back has lost fewer letters than that */

/* ---- what is asked ---- */

err needs(const struct guard *g, enum need n)
{
    if (n == NEED_NOTHING) {
        return OK;
    }
    if (g->watch.mute) {
        return (err){ERR_STATE, g->watch.why};
    }
    return n == NEED_CLOCK && g->watch.clock_astray
               ? FAIL(STATE, "the clock jumped: nothing is released or opened until it is right")
               : OK;
}

err may_act(const struct guard *g)
{
    return needs(g, NEED_CLOCK);
}

err may_give(const struct guard *g, unsigned partner)
{
    TRY(may_open(g, partner));
    if (!told_all(g, partner)) {
        return FAIL(STATE, "that partner has not been told of an instrument yet");
    }
    return !times_agree(g, partner) ? FAIL(STATE, "that partner's clock is too far from ours") : OK;
}

err may_open(const struct guard *g, unsigned partner)
{
    TRY(may_act(g));
    return !partner_fresh(g, partner)
               ? FAIL(STATE, "that partner has not been heard for longer than the lease")
               : OK;
}

/* ---- heads ---- */

static const struct own_head *head_newest(const struct guard *g)
{
    const struct watch *w = &g->watch;
    return w->head_count == 0 ? NULL : &w->head[(w->head_count - 1) % HEADS_MAX];
}

void watch_head(struct guard *g)
{
    struct watch   *w = &g->watch;
    merkle_hash     root = merkle_root(&g->ledger.tree);
    struct own_head h = {.size = g->ledger.tree.size};
    memcpy(h.root, root.bytes, sizeof h.root);
    w->head[w->head_count++ % HEADS_MAX] = h;
    w->counter_found = w->counter_found || (w->counter_given && w->counter.size == h.size &&
                                            memcmp(w->counter.root, h.root, sizeof h.root) == 0);
}

bool watch_counter(const struct guard *g, struct guard_counter *out)
{
    const struct own_head      *h = head_newest(g);
    const struct guard_counter *known = &g->watch.counter;
    if (g->watch.mute || h == NULL ||
        (g->watch.counter_given && h->size == known->size &&
         memcmp(h->root, known->root, sizeof h->root) == 0)) {
        return false;
    }
    out->size = h->size;
    memcpy(out->root, h->root, sizeof out->root);
    return true;
}

/* contained - is a head of ours that somebody shows one that this ledger has? */
enum contained { CONTAINED_YES, CONTAINED_NO, CONTAINED_UNKNOWN };

static enum contained contained(const struct guard *g, const struct head *h)
{
    const struct watch *w = &g->watch;
    unsigned            kept = w->head_count < HEADS_MAX ? w->head_count : HEADS_MAX;
    if (h->size > g->ledger.tree.size) {
        return CONTAINED_NO;
    }
    for (unsigned i = 1; i <= kept; i++) {
        const struct own_head *own = &w->head[(w->head_count - i) % HEADS_MAX];
        if (own->size <= h->size) {
            bool same = own->size == h->size && memcmp(own->root, h->root, sizeof h->root) == 0;
            return same ? CONTAINED_YES : CONTAINED_NO;
        }
    }
    return kept < HEADS_MAX ? CONTAINED_NO : CONTAINED_UNKNOWN;
}

/* ---- muteness ---- */

static void mute_prove(struct guard *g, const struct partner *p, const struct head *h)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_MUTED);
    line_name(&l.w, "partner", &p->name);
    head_write(h, &l.w);
    record(g, &l);
}

err muted_fold(struct guard *g, const struct leaf_head *head)
{
    (void)head;
    g->watch.mute = g->watch.forked = true;
    g->watch.why =
        "a partner holds a head of this ledger that is not in it: it was put back, or a copy of "
        "this "
        "gateway runs. End every copy but one, then let two officers sign it: accord head sign";
    return OK;
}

err unmuted_fold(struct guard *g, const struct leaf_head *head)
{
    (void)head;
    g->watch.mute = g->watch.forked;
    return OK;
}

static void unmute(struct guard *g, const struct partner *p)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_UNMUTED);
    line_name(&l.w, "partner", &p->name);
    record(g, &l);
}

/* Each partner that letters went to and fro with may hold the newest head: one that is away could be the
 * one who knows.  So all of them are waited for, or two officers sign. */
static bool all_vouched(const struct guard *g)
{
    for (unsigned i = 0; i < g->partner_count; i++) {
        const struct mailbox *m = &g->partner[i].mailbox;
        if (!m->vouched && (m->sent > 0 || m->received > 0)) {
            return false;
        }
    }
    return true;
}

/* What the partner shows of ours: a proof against us, or a word for us, or neither.  Who has recorded more
 * letters than were ever sent knows a later ledger, even if it cannot prove it. */
static void heard_held(struct guard *g, struct partner *p, const struct beat *b, bool answers)
{
    const struct head *h = &b->held;
    struct mailbox    *m = &p->mailbox;
    if (m->fork_due || m->acked < m->fork_letter) {
        return; /* it holds what officers gave up */
    }
    bool known = h->size == 0 || memcmp(h, &m->held, sizeof *h) == 0;
    if (!known && err_is(head_check(h, &g->party, g->identity_public))) {
        letter_refuse(g, &p->name, "a beat shows a head that this guard never signed");
        return;
    }
    enum contained c = known ? CONTAINED_YES : contained(g, h);
    if (c == CONTAINED_NO && !g->watch.forked) {
        mute_prove(g, p, h);
    }
    if (c == CONTAINED_YES && answers) {
        m->held = *h;
        m->vouched = b->received <= m->sent;
        if (g->watch.mute && !g->watch.forked && m->vouched && all_vouched(g)) {
            unmute(g, p);
        }
    }
}

/* ---- a partner's head, kept in a slot ---- */

/* One that is put back has seen what we hold before its next head takes the place of that: it answers a beat
 * that showed it, and does not say that it is mute. */
static void heard_own(struct guard *g, struct partner *p, const struct beat *b)
{
    struct mailbox *m = &p->mailbox;
    if (b->own.size <= m->theirs.size || (b->mute && m->theirs.size > 0) ||
        b->echo_number < m->theirs_shown) {
        return;
    }
    if (err_is(head_check(&b->own, &p->name, p->identity))) {
        letter_refuse(g, &p->name, "a beat shows a head that its sender did not sign");
        return;
    }
    m->theirs = b->own;
    m->theirs_shown = g->beating.number + 1;
    if (g->boot_ms >= m->head_kept_boot_ms + HEAD_KEEP_MS || m->head_kept_boot_ms == 0) {
        m->head_kept_boot_ms = g->boot_ms;
        err e = head_keep(g, p);
        if (err_is(e)) {
            letter_refuse(g, &p->name, e.why);
        }
    }
}

/* ---- after a fork: letters are numbered anew, from where the partner stands ---- */

static void fork_tell(struct guard *g, unsigned partner, const struct beat *b)
{
    struct mailbox        *m = &g->partner[partner].mailbox;
    const struct own_head *own = head_newest(g);
    struct head            h = {0};
    uint8_t                body[LETTER_BODY_MAX];
    struct writer          w = WRITER_OF(body);
    if (own == NULL || own->size <= g->watch.fork_leaf || !letter_room(g, partner)) {
        return;
    }
    if (b->received > m->sent + FORK_LETTERS_MAX || b->letters > m->received + FORK_LETTERS_MAX) {
        letter_refuse(g, &g->partner[partner].name,
                      "a beat counts letters that nobody can have sent");
        return;
    }
    h.size = own->size;
    memcpy(h.root, own->root, sizeof h.root);
    head_sign(&h, &g->party, g->signer);
    line_number(&w, "heard", b->letters);
    head_write(&h, &w);
    restate_put(g, partner, &w);
    MUST(!w.bad);
    m->sent = b->received > m->sent ? b->received : m->sent;
    err e = letter_send(g, partner, "fork", writer_span(&w));
    MUST(!err_is(e));
}

/* l is left at the sender's acts. */
static err fork_body(const struct letter_view *v, struct lines *l, uint64_t *heard, struct head *h)
{
    *l = lines_of(v->body);
    *heard = take_number(l, "heard", INT64_MAX);
    *h = take_head(l);
    return l->bad ? FAIL(MALFORMED, "the letter of a fork is not as it should be") : OK;
}

err letter_fork_check(struct guard *g, const struct letter_view *v)
{
    const struct partner *p = &g->partner[v->partner];
    uint64_t              heard;
    struct head           h;
    struct lines          l;
    TRY(fork_body(v, &l, &heard, &h));
    TRY(restate_check(&l));
    return head_check(&h, &p->name, p->identity);
}

err letter_fork_fold(struct guard *g, const struct letter_view *v)
{
    struct mailbox *m = &g->partner[v->partner].mailbox;
    uint64_t        heard;
    struct lines    l;
    TRY(fork_body(v, &l, &heard, &m->theirs));
    m->forks++;
    m->acts_due = true;
    letters_acked(g, v->partner, heard);
    return restate_fold(g, v, &l);
}

void letter_fork_done(struct guard *g, const struct letter_view *v)
{
    struct partner *p = &g->partner[v->partner];
    err             e = head_keep(g, p);
    if (err_is(e)) {
        letter_refuse(g, &p->name, e.why);
    }
    tellings_turn(g);
}

err letter_fork_sent_fold(struct guard *g, const struct letter_view *v)
{
    struct mailbox *m = &g->partner[v->partner].mailbox;
    struct head     h;
    struct lines    l;
    TRY(fork_body(v, &l, &m->received, &h));
    restate_sent(g, v->partner);
    m->fork_heard = m->received;
    m->fork_letter = v->number;
    m->fork_due = false;
    m->held = (struct head){0};
    return OK;
}

/* ---- together ---- */

void watch_shown(struct guard *g, unsigned partner, const struct beat *b)
{
    heard_held(g, &g->partner[partner], b, false);
}

void watch_heard(struct guard *g, unsigned partner, const struct beat *b)
{
    struct partner *p = &g->partner[partner];
    clock_heard(g, p, b);
    heard_own(g, p, b);
    heard_held(g, p, b, true);
    if (p->mailbox.fork_due && !g->watch.mute) {
        fork_tell(g, partner, b);
    }
}

static void alarm_record(struct guard *g, const char *reason)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_ALARM);
    line_text(&l.w, "reason", span_text(reason));
    record(g, &l);
}

void watch_start(struct guard *g, bool was_empty)
{
    struct watch *w = &g->watch;
    clock_start(g);
    if (w->counter_given && !w->counter_found) {
        w->mute = w->forked = true;
        w->why =
            "the ledger is not the one that the counter tells of: it was put back, or a copy of "
            "this "
            "gateway ran. End every copy but one, then let two officers sign it: accord head sign";
        alarm_record(g, w->why);
    } else if (!was_empty && !w->counter_found && !w->forked) {
        w->mute = true;
        w->why = "the ledger may have been put back from an older copy: wait until every partner's "
                 "guard has confirmed it, or let two officers sign it: accord head sign";
    }
    if (w->counter_damaged) {
        alarm_record(g, "the counter is damaged: it counts as none");
    }
    g->beating.start = (uint64_t)leaf_time(g) + g->boot_count;
    g->beating.partner = PARTNERS_MAX;
    for (unsigned i = 0; i < g->partner_count; i++) {
        head_recall(g, &g->partner[i]);
    }
}

void watch_turn(struct guard *g)
{
    static const id all;
    bool            back = false;
    for (unsigned i = 0; i < g->partner_count; i++) {
        struct mailbox *m = &g->partner[i].mailbox;
        bool            fresh = !g->watch.mute && !g->watch.clock_astray && partner_fresh(g, i);
        if (m->told_fresh && !fresh) {
            forget_tell(g, &g->partner[i].name, &all);
        }
        back = back || (fresh && !m->told_fresh);
        m->told_fresh = fresh;
    }
    if (back) {
        arrived_tell_again(g);
    }
}
