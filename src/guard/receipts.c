/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/receipts.h"

#include "guard/act.h"
#include "guard/onward.h"

#define OVERDUE_A_TURN 16

/* ---- what partners owe ---- */

static struct receipt_owed *owed_find(struct guard *g, unsigned partner, const id *handle)
{
    struct receipt_owed *owed = &g->receipts.owed[partner * RECEIPTS_OWED_EACH];
    for (unsigned i = 0; i < RECEIPTS_OWED_EACH; i++) {
        if (owed[i].used && id_equal(&owed[i].handle, handle)) {
            return &owed[i];
        }
    }
    return NULL;
}

/* A place of that partner's.  One that is late is in the ledger: it makes room. */
static unsigned owed_room(const struct guard *g, unsigned partner)
{
    const struct receipt_owed *owed = g->receipts.owed;
    unsigned                   first = partner * RECEIPTS_OWED_EACH, late = RECEIPTS_OWED_MAX;
    for (unsigned i = first; i < first + RECEIPTS_OWED_EACH; i++) {
        if (!owed[i].used) {
            return i;
        }
        bool later = late != RECEIPTS_OWED_MAX && owed[i].due >= owed[late].due;
        late = owed[i].late && !later ? i : late;
    }
    return late;
}

bool receipts_room(const struct guard *g, unsigned partner)
{
    return owed_room(g, partner) < RECEIPTS_OWED_MAX;
}

/* The time stands in the verdict of the same leaf; without one nothing runs out. */
static uint64_t receipt_ms(span body)
{
    uint64_t ms = 0;
    for (span rest = body; rest.len > 0;) {
        span line = span_cut(&rest, '\n');
        if (span_is(span_cut(&line, ' '), "receipt-ms") &&
            !err_is(text_decimal(line, RECEIPT_MS_MAX, &ms))) {
            return ms;
        }
    }
    return 0;
}

err receipts_given_fold(struct guard *g, const struct leaf_head *head, const struct given_leaf *l)
{
    uint64_t ms = receipt_ms(head->body);
    unsigned at = owed_room(g, l->partner);
    if (ms == 0 || owed_find(g, l->partner, &l->handle) != NULL) {
        return OK;
    }
    if (at >= RECEIPTS_OWED_MAX) {
        return FAIL(FULL, "receipts are owed for more items than can be kept in mind");
    }
    g->receipts.owed[at] = (struct receipt_owed){
        .used = true, .partner = l->partner, .handle = l->handle, .due = head->time + (instant)ms};
    return OK;
}

static void overdue_record(struct guard *g, const struct receipt_owed *o)
{
    struct leaf l;
    leaf_start(g, &l, LEAF_OVERDUE);
    line_hex(&l.w, "handle", id_span(&o->handle));
    line_name(&l.w, "partner", &g->partner[o->partner].name);
    line_instant(&l.w, "due", o->due);
    record(g, &l);
}

err overdue_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines    l = lines_of(head->body);
    id              handle = take_id(&l, "handle");
    name            who = take_name(&l, "partner");
    struct partner *p = partner_find(g, &who);
    (void)take_instant(&l, "due");
    TRY(lines_end(&l));
    if (p == NULL) {
        return FAIL(MALFORMED, "a receipt is overdue of a party that is no partner");
    }
    struct receipt_owed *o = owed_find(g, (unsigned)(p - g->partner), &handle);
    if (o != NULL) {
        o->late = true;
    }
    return OK;
}

/* ---- the letter `receipts`: handle, sender-leaf, leaf, hash; repeated ---- */

static err receipt_next(struct lines *l, struct receipt_due *out)
{
    out->handle = take_id(l, "handle");
    out->sender_leaf = take_number(l, "sender-leaf", UINT64_MAX);
    out->leaf = take_number(l, "leaf", UINT64_MAX);
    take_hex(l, "hash", out->hash, sizeof out->hash);
    return l->bad ? FAIL(MALFORMED, "a receipt is not as it should be") : OK;
}

err letter_receipts_check(struct guard *g, const struct letter_view *v)
{
    struct lines       l = lines_of(v->body);
    struct receipt_due one;
    while (l.rest.len > 0) {
        TRY(receipt_next(&l, &one));
        if (one.sender_leaf >= g->ledger.tree.size) {
            return FAIL(FORGED, "a receipt is for a leaf that is not there");
        }
    }
    return OK;
}

err letter_receipts_fold(struct guard *g, const struct letter_view *v)
{
    struct lines       l = lines_of(v->body);
    struct receipt_due one;
    while (l.rest.len > 0) {
        TRY(receipt_next(&l, &one));
        struct receipt_owed *o = owed_find(g, v->partner, &one.handle);
        if (o != NULL) {
            o->used = false;
        }
    }
    return OK;
}

/* ---- what this party owes ---- */

bool receipts_due_room(const struct guard *g, unsigned partner)
{
    unsigned count = 0;
    for (unsigned i = 0; i < g->receipts.due_count; i++) {
        count += g->receipts.due[i].partner == partner ? 1 : 0;
    }
    return count < RECEIPTS_DUE_EACH;
}

void receipts_arrived_fold(struct guard *g, const struct arrived_leaf *a)
{
    if (!receipts_due_room(g, a->partner)) {
        return;
    }
    struct receipt_due *d = &g->receipts.due[g->receipts.due_count++];
    *d = (struct receipt_due){.handle = a->handle,
                              .partner = a->partner,
                              .sender_leaf = a->sender_leaf,
                              .leaf = g->ledger.tree.size - 1};
    memcpy(d->hash, &g->leaf_hash, sizeof d->hash);
}

err letter_receipts_sent_fold(struct guard *g, const struct letter_view *v)
{
    struct lines       l = lines_of(v->body);
    struct receipt_due one;
    while (l.rest.len > 0) {
        TRY(receipt_next(&l, &one));
        for (unsigned i = 0; i < g->receipts.due_count; i++) {
            if (g->receipts.due[i].leaf == one.leaf) {
                g->receipts.due_count--;
                memmove(&g->receipts.due[i], &g->receipts.due[i + 1],
                        (g->receipts.due_count - i) * sizeof g->receipts.due[0]);
                break;
            }
        }
    }
    return OK;
}

static void receipts_send(struct guard *g, unsigned partner)
{
    uint8_t       text[LETTER_BODY_MAX];
    struct writer w = WRITER_OF(text);
    unsigned      count = 0;
    for (unsigned i = 0; i < g->receipts.due_count && count < RECEIPTS_A_LETTER; i++) {
        const struct receipt_due *d = &g->receipts.due[i];
        if (d->partner == partner) {
            line_hex(&w, "handle", id_span(&d->handle));
            line_number(&w, "sender-leaf", d->sender_leaf);
            line_number(&w, "leaf", d->leaf);
            line_hex(&w, "hash", SPAN_OF(d->hash));
            count++;
        }
    }
    MUST(!w.bad);
    if (count > 0) {
        (void)letter_send(g, partner, "receipts", writer_span(&w));
    }
}

void receipts_turn(struct guard *g)
{
    unsigned late = 0;
    if (err_is(may_act(g))) {
        return;
    }
    for (unsigned i = 0; i < g->partner_count; i++) {
        if (guard_has_room(g) && letter_room(g, i)) {
            receipts_send(g, i);
        }
    }
    for (unsigned i = 0; i < RECEIPTS_OWED_MAX && late < OVERDUE_A_TURN; i++) {
        const struct receipt_owed *o = &g->receipts.owed[i];
        if (o->used && !o->late && o->due < g->now) {
            overdue_record(g, o);
            late++;
        }
    }
}
