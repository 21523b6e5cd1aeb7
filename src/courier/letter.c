/* SPDX-License-Identifier: Apache-2.0 */
/* Letters and beats.  What one guard says to another's is sealed: here it is so many bytes. */
#include "courier/state.h"
#include "wire/inbox.h"

#define LETTERS_TURN 8 /* of one partner in a turn: so that no one fills the guard's channel */

/* ---- from the guard ---- */

/* Is that letter on its way already?  Its guard hands it over again until the other one says that it
 * has it. */
static bool letter_on_its_way(const struct lane_out *l, uint64_t number)
{
    bool found = false;
    for (uint32_t i = 0; i < l->count && !found; i++) {
        const struct lane_entry *e = &l->ring[(l->head + i) % RING_MAX];
        found = e->items == number && e->number > l->acked;
    }
    return found;
}

static void letter_put(struct courier *c, struct partner *p, const struct envelope_row *row)
{
    struct lane_out  *l = &p->lane[LANE_CONTROL];
    struct lane_entry entry = {.items = row->number, .kind = ENTRY_LETTER};
    if (letter_on_its_way(l, row->number)) {
        return;
    }
    bool room = !l->behind && l->count < LETTERS_LANE_MAX;
    if (!room || err_is(lane_put(c, p, LANE_CONTROL, &entry, row->envelope))) {
        p->count.letters_refused++; /* it comes again */
    }
}

static void beat_keep(struct beat_kept *b, span envelope)
{
    memcpy(b->bytes, envelope.ptr, envelope.len);
    b->len = envelope.len;
}

/* Until the guard has told of all partners, its letter to one tells of him: it goes when the rest is known. */
static struct partner *letter_partner(struct courier *c, const name *n)
{
    if (!c->partners_known) {
        return peer_place(c, n);
    }
    struct partner *p = peer_find(c, n);
    return p != NULL && p->told ? p : NULL;
}

void on_letter(struct courier *c, const struct guard_message *m)
{
    struct reader       r = reader_of(m->body);
    struct envelope_row row = {0};
    envelope_row_read(&r, &row);
    if (err_is(reader_end(&r)) || row.envelope.len == 0) {
        c->port.note(c->port.ctx, "a letter of the guard is not as it should be", NULL);
        return;
    }
    struct partner *p = letter_partner(c, &row.partner);
    if (p == NULL) {
        c->port.note(c->port.ctx,
                     "the guard has a letter for somebody of whom it did not tell as a partner",
                     &row.partner);
        return;
    }
    if (row.number == 0) {
        beat_keep(&p->letters.out, row.envelope);
    } else {
        letter_put(c, p, &row);
    }
}

/* ---- to the guard ---- */

err beat_come(struct courier *c, struct partner *p, span envelope)
{
    (void)c;
    if (envelope.len == 0 || envelope.len > ENVELOPE_MAX) {
        return FAIL(MALFORMED, "the partner's beat is empty or too long");
    }
    beat_keep(&p->letters.in, envelope);
    return OK;
}

void letter_kept(struct courier *c, struct partner *p, uint64_t number, uint64_t position)
{
    struct letters *l = &p->letters;
    (void)c;
    if (number <= l->handed) {
        return;
    }
    if (l->count == LETTERS_WAIT_MAX) {
        p->count.letters_refused++;
        return;
    }
    uint32_t place = (l->head + l->count++) % LETTERS_WAIT_MAX;
    l->wait[place].number = number;
    l->wait[place].position = position;
}

static err letter_ask(struct courier *c, const struct partner *p, span envelope)
{
    struct writer w = WRITER_OF(c->message);
    guard_message_begin(&w, REQUEST_LETTER, TAG_LETTER);
    put_name(&w, &p->name);
    put_block16(&w, envelope);
    MUST(!w.bad);
    return c->port.ask(c->port.ctx, writer_span(&w));
}

/* Did the first that waits leave, to the guard or for ever? */
static bool letter_hand(struct courier *c, struct partner *p, uint64_t position)
{
    struct courier_item item;
    struct inbox_record i;
    bool                more = false;
    err                 e = c->port.read(c->port.ctx, READER_INBOX, position, &item, &more);
    if (!err_is(e) && !more) {
        return false;
    }
    if (err_is(e) || item.position != position || err_is(inbox_record_read(item.body, &i))) {
        c->port.note(c->port.ctx, "a letter in the inbox is damaged", &p->name);
        return true;
    }
    if (!p->told) {
        p->count.letters_refused++;
        return true;
    }
    return !err_is(letter_ask(c, p, i.body));
}

/* In their order.  Once handed over it is done here: its sender repeats it until it is recorded. */
static void letters_hand(struct courier *c, struct partner *p)
{
    struct letters *l = &p->letters;
    unsigned        left = LETTERS_TURN;
    while (l->count > 0 && left > 0 && l->wait[l->head].position < c->log[COURIER_INBOX].synced &&
           letter_hand(c, p, l->wait[l->head].position)) {
        l->handed = l->wait[l->head].number;
        l->head = (l->head + 1) % LETTERS_WAIT_MAX;
        l->count--;
        left--;
    }
    if (left < LETTERS_TURN) {
        err full = row_letters(c, p);
        (void)full; /* else the next start hands it over once more, which changes nothing */
        c->more = c->more || left == 0;
    }
}

/* A beat that the guard cannot take now is of no use later. */
static void beat_hand(struct courier *c, struct partner *p)
{
    struct letters *l = &p->letters;
    if (l->in.len > 0 && l->in_ms <= c->now) {
        if (p->told) {
            err away = letter_ask(c, p, (span){l->in.bytes, l->in.len});
            (void)away;
        }
        l->in.len = 0;
        l->in_ms = c->now + BEAT_GAP_MS;
    }
}

void letters_turn(struct courier *c)
{
    for (unsigned i = 0; i < c->partner_count && c->partners_known; i++) {
        letters_hand(c, &c->partner[i]);
        beat_hand(c, &c->partner[i]);
    }
}

int64_t letters_next(const struct courier *c)
{
    int64_t next = INT64_MAX;
    for (unsigned i = 0; i < c->partner_count && c->partners_known; i++) {
        const struct letters *l = &c->partner[i].letters;
        next = l->in.len > 0 && l->in_ms < next ? l->in_ms : next;
    }
    return next;
}

uint64_t letters_need(const struct partner *p)
{
    return p->letters.count > 0 ? p->letters.wait[p->letters.head].position : UINT64_MAX;
}
