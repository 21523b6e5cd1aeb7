/* SPDX-License-Identifier: Apache-2.0 */
/* What the guard says of an epoch and a partner, and when it is asked. */
#include "courier/state.h"

static bool granted_sound(const struct granted *g)
{
    return g->precedence < PRECEDENCES && g->grant.len > 0 && g->grant.len <= GRANT_MAX;
}

/* The batches that were passed by meanwhile are fetched from its first on. */
static void share_granted(struct courier *c, struct carried *e, struct partner *p,
                          const struct granted *g)
{
    struct share     *s = &e->share[peer_number(c, p)];
    struct outbox    *o = &c->outbox[e->outbox];
    unsigned          lane = LANE_ROUTINE - g->precedence;
    struct lane_entry entry = {.position = e->first,
                               .epoch = e->epoch,
                               .handle = g->handle,
                               .kind = ENTRY_GRANT,
                               .outbox = e->outbox};
    cut_put(c, &e->epoch, peer_number(c, p), g->items);
    err full = lane_put(c, p, lane, &entry, g->grant);
    if (err_is(full)) {
        s->state = SHARE_NONE;
        e->ask_ms = c->now + ASK_AGAIN_MS;
        carried_ask(c, e);
        return;
    }
    *s = (struct share){
        .handle = g->handle, .done = e->first, .state = SHARE_BEHIND, .lane = (uint8_t)lane};
    o->again = e->first < o->again ? e->first : o->again;
    c->more = true;
}

/* The guard grants it once more of itself: its partner could not take the first.  The batches are there. */
static void grant_again(struct courier *c, const struct carried *e, struct partner *p,
                        const struct granted *g)
{
    struct lane_entry entry = {.position = e->first,
                               .epoch = e->epoch,
                               .handle = g->handle,
                               .kind = ENTRY_GRANT,
                               .outbox = e->outbox};
    if (err_is(lane_put(c, p, LANE_ROUTINE - g->precedence, &entry, g->grant))) {
        c->port.note(c->port.ctx, "the lanes are full: a second grant is not sent", &p->name);
    }
}

/* Its grant would come before what is not decided yet: it is asked for once more, behind that. */
static bool comes_too_early(struct courier *c, struct carried *e, unsigned partner,
                            const struct granted *g)
{
    struct share *s = &e->share[partner];
    s->lane = (uint8_t)(LANE_ROUTINE - g->precedence);
    struct earliest early = order_earliest(c, partner, true);
    bool            waits = order_waits(&early, e, s->lane);
    s->state = waits ? SHARE_DUE : s->state;
    c->due = c->due || waits;
    return waits;
}

void on_granted(struct courier *c, const struct guard_message *m)
{
    struct reader  r = reader_of(m->body);
    struct granted g = {0};
    granted_read(&r, &g);
    struct partner *p = peer_find(c, &g.partner);
    if (err_is(reader_end(&r)) || !granted_sound(&g) || p == NULL) {
        c->port.note(c->port.ctx, "a grant of the guard is not as it should be", NULL);
        return;
    }
    struct carried *e = carried_place(c, &g.epoch, g.outbox, 0);
    if (e == NULL || g.outbox != e->outbox) {
        return;
    }
    uint8_t stands = e->share[peer_number(c, p)].state;
    if (e->ahead) {
        ahead_granted(c, e, p, &g);
    } else if (stands == SHARE_GRANTED || stands == SHARE_BEHIND) {
        if (m->tag == 0) {
            grant_again(c, e, p, &g);
        }
    } else if (!comes_too_early(c, e, peer_number(c, p), &g)) {
        share_granted(c, e, p, &g);
    }
}

/* ---- withheld ---- */

static void share_withheld(struct courier *c, struct carried *e, struct partner *p,
                           const struct withheld *h)
{
    static const uint8_t state[] = {[WITHHELD_OFFICER] = SHARE_HELD,
                                    [WITHHELD_NEVER] = SHARE_REFUSED,
                                    [WITHHELD_HEARD] = SHARE_LATE};
    struct share        *s = &e->share[peer_number(c, p)];
    if (s->state == SHARE_GRANTED || s->state == SHARE_BEHIND || s->state == SHARE_REFUSED) {
        return;
    }
    s->state = state[h->until];
    if (h->until == WITHHELD_HEARD) {
        s->lane = (uint8_t)(LANE_ROUTINE - h->precedence);
    }
    if (h->until == WITHHELD_NEVER) {
        err full = row_refused(c, e, p);
        (void)full; /* else the next start asks once more */
    }
}

void on_withheld(struct courier *c, const struct guard_message *m)
{
    struct reader   r = reader_of(m->body);
    struct withheld h;
    withheld_read(&r, &h);
    if (err_is(reader_end(&r)) || h.precedence >= PRECEDENCES) {
        c->port.note(c->port.ctx, "what the guard withholds is not as it should be", NULL);
        return;
    }
    struct partner *p = peer_find(c, &h.partner);
    struct carried *e = h.until == WITHHELD_HEARD ? carried_place(c, &h.epoch, h.outbox, 0)
                                                  : carried_find(c, &h.epoch);
    if (e != NULL && p != NULL) {
        share_withheld(c, e, p, &h);
    }
}

/* The guard could not judge: what will not change is a no, the rest is asked again, and holds up nothing. */
void release_failed(struct courier *c, unsigned place, enum err_code code)
{
    struct carried *e = &c->epoch[place];
    bool            final = code == ERR_UNKNOWN || code == ERR_DENIED || code == ERR_MALFORMED;
    const struct withheld h = {.until = final ? WITHHELD_NEVER : WITHHELD_OFFICER};
    if (!e->used || (final && e->outbox == OUTBOX_INBOX)) {
        return; /* what came: whether it may be passed on, the guard says of itself */
    }
    for (unsigned i = 0; i < c->partner_count; i++) {
        if (e->share[i].state == SHARE_ASKED) {
            share_withheld(c, e, &c->partner[i], &h);
        }
    }
    if (!final) {
        e->ask_ms = c->now + ASK_AGAIN_MS;
        carried_ask(c, e);
    }
}

/* ---- asking ---- */

static err release_ask(struct courier *c, const struct carried *e, const name *who)
{
    uint8_t       bytes[64];
    struct writer w = WRITER_OF(bytes);
    guard_message_begin(&w, e->ahead ? REQUEST_AHEAD : REQUEST_RELEASE,
                        TAG_RELEASE + (uint32_t)(e - c->epoch));
    put_id(&w, &e->epoch);
    put_name(&w, who);
    MUST(!w.bad);
    return c->port.ask(c->port.ctx, writer_span(&w));
}

/* What is asked ahead is answered by a grant, or not at all. */
static void share_asked(const struct carried *e, struct share *s)
{
    s->state = e->ahead ? s->state : SHARE_ASKED;
}

static err share_ask(struct courier *c, struct carried *e, unsigned partner)
{
    TRY(release_ask(c, e, &c->partner[partner].name));
    share_asked(e, &e->share[partner]);
    return OK;
}

static bool share_open(const struct courier *c, const struct carried *e, unsigned partner)
{
    uint8_t s = e->share[partner].state;
    return c->partner[partner].told && (s == SHARE_NONE || s == SHARE_HELD);
}

/* Is it open for all partners?  Then one question is enough. */
static bool all_open(const struct courier *c, const struct carried *e)
{
    bool all = true;
    for (unsigned i = 0; i < c->partner_count; i++) {
        all = all && (share_open(c, e, i) || !c->partner[i].told);
    }
    return all;
}

static err ask_all(struct courier *c, struct carried *e)
{
    static const name each;
    TRY(release_ask(c, e, &each));
    for (unsigned i = 0; i < c->partner_count; i++) {
        if (share_open(c, e, i)) {
            share_asked(e, &e->share[i]);
        }
    }
    return OK;
}

/* Nobody left to ask for is an answer too. */
static bool epoch_asked(struct courier *c, struct carried *e)
{
    bool all = all_open(c, e);
    err  none = all ? ask_all(c, e) : OK;
    for (unsigned i = 0; i < c->partner_count && !all && !err_is(none); i++) {
        none = share_open(c, e, i) ? share_ask(c, e, i) : OK;
    }
    e->ask = err_is(none);
    return !e->ask;
}

/* What was sealed before it, and was not looked at yet, is not met either: its grant comes first. */
static bool is_clear(const struct courier *c, struct carried *e)
{
    const struct outbox *o = &c->outbox[e->outbox];
    if (e->after == AFTER_UNKNOWN && e->outbox != OUTBOX_INBOX) {
        uint64_t written = c->port.written(c->port.ctx, READER_FOLLOW + e->outbox);
        e->after = written == 0 ? AFTER_UNKNOWN : written;
    }
    return e->outbox == OUTBOX_INBOX || o->damaged || o->clear >= e->after;
}

static void new_turn(struct courier *c)
{
    unsigned left = 0;
    bool     taken = c->asks > 0;
    for (unsigned i = 0; i < EPOCHS_MAX && taken; i++) {
        struct carried *e = &c->epoch[i];
        if (e->used && e->ask) {
            bool due = e->ask_ms <= c->now && is_clear(c, e);
            taken = !due || epoch_asked(c, e);
            left += e->ask;
        }
    }
    c->asks = taken ? left : c->asks;
}

/* ---- asking again for what was late, or came too early ---- */

#define DUE_ASKED_MAX 16 /* of one partner at once: what is new is not behind more than that */

static bool goes_before(const struct carried *a, const struct carried *b, unsigned partner)
{
    uint8_t la = a->share[partner].lane, lb = b->share[partner].lane;
    return la < lb || (la == lb && a->first < b->first);
}

/* The most urgent, and of these the first.  Questions are answered in their order, so what is asked already
 * is decided before. */
static struct carried *due_first(struct courier *c, unsigned partner)
{
    struct carried       *best = NULL;
    const struct earliest early = order_earliest(c, partner, false);
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        struct carried     *e = &c->epoch[i];
        const struct share *s = &e->share[partner];
        bool due = e->used && s->state == SHARE_DUE && !order_waits(&early, e, s->lane);
        best = due && (best == NULL || goes_before(e, best, partner)) ? e : best;
    }
    return best;
}

static bool any_due(const struct courier *c)
{
    bool any = false;
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        for (unsigned k = 0; c->epoch[i].used && k < c->partner_count; k++) {
            any = any || c->epoch[i].share[k].state == SHARE_DUE;
        }
    }
    return any;
}

static unsigned asked_of(const struct courier *c, unsigned partner)
{
    unsigned asked = 0;
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        asked += c->epoch[i].used && c->epoch[i].share[partner].state == SHARE_ASKED;
    }
    return asked;
}

static void due_turn(struct courier *c)
{
    for (unsigned i = 0; i < c->partner_count; i++) {
        struct carried *e = due_first(c, i);
        for (unsigned asked = asked_of(c, i); e != NULL && asked < DUE_ASKED_MAX; asked++) {
            e = err_is(share_ask(c, e, i)) ? NULL : due_first(c, i);
        }
    }
    c->due = any_due(c);
}

void asks_turn(struct courier *c)
{
    if (c->partners_known) {
        new_turn(c);
    }
    if (c->partners_known && c->due) {
        due_turn(c);
    }
}

static void late_is_due(struct courier *c, unsigned partner)
{
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        struct carried *e = &c->epoch[i];
        if (e->used && e->share[partner].state == SHARE_LATE) {
            e->share[partner].state = SHARE_DUE;
            c->due = true;
        }
    }
}

void on_heard(struct courier *c, const struct guard_message *m)
{
    struct reader   r = reader_of(m->body);
    name            who = read_name(&r);
    struct partner *p = err_is(reader_end(&r)) ? NULL : peer_find(c, &who);
    if (p != NULL) {
        late_is_due(c, peer_number(c, p));
    }
}

/* Of what was not met here yet is asked when it is. */
void on_again(struct courier *c, const struct guard_message *m)
{
    struct reader   r = reader_of(m->body);
    id              epoch = read_id(&r);
    struct carried *e = err_is(reader_end(&r)) ? NULL : carried_find(c, &epoch);
    if (e != NULL) {
        e->ask_ms = 0;
        carried_ask(c, e);
    }
}

void asks_again(struct courier *c)
{
    for (unsigned i = 0; i < c->partner_count; i++) {
        late_is_due(c, i);
    }
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        struct carried *e = &c->epoch[i];
        for (unsigned k = 0; e->used && k < c->partner_count; k++) {
            struct share *s = &e->share[k];
            s->state = s->state == SHARE_ASKED ? SHARE_NONE : s->state;
        }
        if (e->used) {
            e->ask_ms = 0;
            carried_ask(c, e);
        }
    }
}

void peer_asks(struct courier *c, unsigned partner)
{
    for (unsigned i = 0; i < EPOCHS_MAX; i++) {
        struct carried *e = &c->epoch[i];
        if (e->used && !e->ask && e->share[partner].state == SHARE_NONE) {
            carried_ask(c, e);
        }
    }
}
