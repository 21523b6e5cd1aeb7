/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/receipts.h"

#include "guard/act.h"
#include "guard/give.h"
#include "guard/onward.h"

#define OWED_A_TURN 16 /* overdue, or granted again */

static const char *const refusal_words[REFUSAL_COUNT] = {
    [REFUSAL_NONE] = "-",          [REFUSAL_SEALED] = "sealed",
    [REFUSAL_COVER] = "cover",     [REFUSAL_RECALLED] = "recalled",
    [REFUSAL_FORK] = "fork",       [REFUSAL_STANDING] = "standing",
    [REFUSAL_VERDICT] = "verdict", [REFUSAL_KEPT] = "kept",
};

const char *refusal_word(enum refusal r)
{
    return refusal_words[r];
}

static err refusal_of(span word, uint8_t *out)
{
    for (unsigned r = REFUSAL_NONE + 1; r < REFUSAL_COUNT; r++) {
        if (span_is(word, refusal_words[r])) {
            *out = (uint8_t)r;
            return OK;
        }
    }
    return FAIL(UNKNOWN, "a grant was refused at a step that is not known here");
}

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

/* A place of that partner's.  One that is late or refused is in the ledger: it makes room. */
static unsigned owed_room(const struct guard *g, unsigned partner)
{
    const struct receipt_owed *owed = g->receipts.owed;
    unsigned                   first = partner * RECEIPTS_OWED_EACH, late = RECEIPTS_OWED_MAX;
    for (unsigned i = first; i < first + RECEIPTS_OWED_EACH; i++) {
        if (!owed[i].used) {
            return i;
        }
        bool later = late != RECEIPTS_OWED_MAX && owed[i].due >= owed[late].due;
        late = (owed[i].late || owed[i].refused != 0) && !later ? i : late;
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
    span duty;
    bool received = take_more(&l, "duty", &duty);
    TRY(lines_end(&l));
    if (p == NULL) {
        return FAIL(MALFORMED, "something is overdue of a party that is no partner");
    }
    if (received) {
        return span_is(duty, "destroy") ? duty_overdue_fold(g, (unsigned)(p - g->partner), &handle)
                                        : OK;
    }
    struct receipt_owed *o = owed_find(g, (unsigned)(p - g->partner), &handle);
    if (o != NULL) {
        o->late = true;
    }
    return OK;
}

/* ---- the letter `receipts`: handle, sender-leaf, leaf, hash, and refused, epoch or not; repeated ---- */

static err receipt_next(struct lines *l, struct receipt_due *out)
{
    out->handle = take_id(l, "handle");
    out->sender_leaf = take_number(l, "sender-leaf", UINT64_MAX);
    out->leaf = take_number(l, "leaf", UINT64_MAX);
    take_hex(l, "hash", out->hash, sizeof out->hash);
    span word;
    out->refused = REFUSAL_NONE;
    if (take_more(l, "refused", &word)) {
        out->epoch = take_id(l, "epoch");
        TRY(refusal_of(word, &out->refused));
    }
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

/* Was it refused for what this party did not know when it judged, and knows now? */
static bool known_better(const struct guard *g, unsigned partner, const struct receipt_due *one)
{
    bool forked = g->partner[partner].mailbox.forks > 0;
    return (one->refused == REFUSAL_FORK && forked) ||
           (one->refused == REFUSAL_STANDING && one->sender_leaf < g->instrument_leaf);
}

/* It is shown until there is no room, also when no receipt was owed for it. */
static void owed_refuse(struct guard *g, const struct letter_view *v, const struct receipt_due *one,
                        struct receipt_owed *known)
{
    unsigned at = owed_room(g, v->partner);
    if (known == NULL && at >= RECEIPTS_OWED_MAX) {
        return; /* the letter stands in the ledger */
    }
    struct receipt_owed *o = known != NULL ? known : &g->receipts.owed[at];
    *o = (struct receipt_owed){.used = true,
                               .handle = one->handle,
                               .epoch = one->epoch,
                               .partner = (uint8_t)v->partner,
                               .refused = one->refused,
                               .again = known_better(g, v->partner, one),
                               .due = v->time};
}

err letter_receipts_fold(struct guard *g, const struct letter_view *v)
{
    struct lines       l = lines_of(v->body);
    struct receipt_due one;
    while (l.rest.len > 0) {
        TRY(receipt_next(&l, &one));
        struct receipt_owed *o = owed_find(g, v->partner, &one.handle);
        if (one.refused != REFUSAL_NONE) {
            owed_refuse(g, v, &one, o);
        } else if (o != NULL) {
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

static bool due_stands(const struct guard *g, const struct receipt_due *d)
{
    for (unsigned i = 0; i < g->receipts.due_count; i++) {
        const struct receipt_due *one = &g->receipts.due[i];
        if (one->partner == d->partner && one->refused == d->refused &&
            id_equal(&one->handle, &d->handle)) {
            return true;
        }
    }
    return false;
}

/* A grant that was refused: handle, partner, reason, step, giver, sender-leaf, epoch.  Letters and beats have
 * no handle, and what was counted was told with the first. */
err receipts_refused_fold(struct guard *g, const struct leaf_head *head)
{
    struct lines       l = lines_of(head->body);
    struct receipt_due d = {.leaf = g->ledger.tree.size - 1};
    span               value;
    g->counters.receive_refused++;
    if (!take_more(&l, "handle", &value)) {
        return OK;
    }
    TRY(text_hex(value, d.handle.bytes, ID_LEN));
    (void)take_name(&l, "partner");
    (void)take_text(&l, "reason");
    if (!take_more(&l, "step", &value)) {
        return OK;
    }
    TRY(refusal_of(value, &d.refused));
    name giver = take_name(&l, "giver");
    d.sender_leaf = take_number(&l, "sender-leaf", UINT64_MAX);
    d.epoch = take_id(&l, "epoch");
    const struct partner *p = partner_find(g, &giver);
    if (l.bad || p == NULL) {
        return FAIL(MALFORMED, "the leaf of a grant that was refused is not as it should be");
    }
    d.partner = (uint8_t)(p - g->partner);
    memcpy(d.hash, &g->leaf_hash, sizeof d.hash);
    if (l.rest.len == 0 && receipts_due_room(g, d.partner) && !due_stands(g, &d)) {
        g->receipts.due[g->receipts.due_count++] = d;
    }
    return OK;
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
        if (d->partner == partner && d->refused != REFUSAL_NONE) {
            line_text(&w, "refused", span_text(refusal_words[d->refused]));
            line_hex(&w, "epoch", id_span(&d->epoch));
            count++; /* it is longer */
        }
    }
    MUST(!w.bad);
    if (count > 0) {
        (void)letter_send(g, partner, "receipts", writer_span(&w));
    }
}

/* It stands as refused until the receipt comes: so a guard that ends before its courier has this grant makes another.
 * What cannot be granted again is not: its leaf says why. */
static void grant_again(struct guard *g, struct receipt_owed *o)
{
    struct kept k = {0};
    id          handle;
    link_handle(g, &o->epoch, &g->partner[o->partner].name, &handle);
    o->again = false;
    bool own = id_equal(&handle, &o->handle) && !err_is(kept_get(g, &o->epoch, &k)) &&
               k.kind == KEPT_OWN && set_has(k.given, o->partner);
    const struct held *h = own ? held_known(g, &o->epoch, o->partner) : NULL;
    if (own) {
        err e = give(g, &k, o->partner, h == NULL ? 0 : h->approval_count, 0);
        if (err_is(e)) {
            withheld_record(g, &o->epoch, &g->partner[o->partner].name, e);
        }
    }
    secret_wipe(&k.key);
}

static void owed_turn(struct guard *g)
{
    unsigned done = 0;
    for (unsigned i = 0; i < RECEIPTS_OWED_MAX && done < OWED_A_TURN; i++) {
        struct receipt_owed *o = &g->receipts.owed[i];
        if (o->used && !o->late && o->refused == REFUSAL_NONE && o->due < g->now) {
            overdue_record(g, o);
            done++;
        }
        if (o->used && o->again && guard_has_room(g) && !err_is(give_waits(g, o->partner))) {
            grant_again(g, o);
            done++;
        }
    }
}

void receipts_turn(struct guard *g)
{
    if (err_is(may_act(g))) {
        return;
    }
    for (unsigned i = 0; i < g->partner_count; i++) {
        if (guard_has_room(g) && letter_room(g, i)) {
            receipts_send(g, i);
        }
    }
    owed_turn(g);
}
