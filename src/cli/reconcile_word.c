/* SPDX-License-Identifier: Apache-2.0 */
/* Letters of two guards, side by side: each is compared, and what it tells of is looked for. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/act_text.h"
#include "cli/history_word.h"
#include "cli/reconciling.h"

static void number_tell(struct border *b, const char *kind, uint64_t number, const char *what)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRIu64, number);
    difference_tell(b, kind, text, what, "");
}

/* ---- what a letter of the giver says of an epoch ---- */

struct handles {
    struct passage **list; /* into b->given, by handle */
    size_t           count;
};

static int handle_order(const void *a, const void *b)
{
    const struct passage *const *x = a, *const *y = b;
    return memcmp((*x)->handle.bytes, (*y)->handle.bytes, ID_LEN);
}

static struct handles handles_of(struct border *b)
{
    struct handles h = {calloc(b->given_count + 1, sizeof *h.list), b->given_count};
    MUST(h.list != NULL);
    for (size_t i = 0; i < b->given_count; i++) {
        h.list[i] = &b->given[i];
    }
    qsort((void *)h.list, h.count, sizeof *h.list, handle_order);
    return h;
}

static struct passage *given_under(const struct handles *h, span hex)
{
    struct passage   key = {0}, *at = &key;
    struct passage **found = NULL;
    if (h->count > 0 && !err_is(text_hex(hex, key.handle.bytes, ID_LEN))) {
        found = bsearch((const void *)&at, (const void *)h->list, h->count, sizeof *h->list,
                        handle_order);
    }
    return found == NULL ? NULL : *found;
}

static void cuts_note(const struct handles *h, const struct posted *p)
{
    struct lines      l = posted_lines(p);
    struct instrument i;
    span              value;
    (void)take_number(&l, "leaf", INT64_MAX);
    if (err_is(instrument_read(&l, &i))) {
        return;
    }
    while (take_more(&l, "cut", &value)) {
        struct passage *g = given_under(h, span_cut(&value, ' '));
        uint64_t        items;
        if (g != NULL && !err_is(text_decimal(value, INT64_MAX, &items))) {
            g->cut = items < g->cut ? items : g->cut;
        }
    }
}

static uint64_t order_note(const struct handles *h, const struct posted *p)
{
    struct lines l = posted_lines(p);
    uint64_t     count = 0;
    span         value;
    (void)take_number(&l, "order", INT64_MAX);
    (void)take_text(&l, "kind");
    for (; take_more(&l, "handle", &value); count++) {
        struct passage *g = given_under(h, value);
        if (g != NULL) {
            g->taken_back = true;
        }
    }
    return count;
}

/* A letter of the taker about what it did, which the reading of its ledger must hold. */
static bool answers(const struct border *b, const struct posted *p, const char *kind)
{
    return !p->sent && !p->refused && p->index < b->from->cut.leaves && posted_is(p, kind) &&
           name_equal(&p->partner, &b->taker);
}

/* ---- receipts ---- */

/* A receipt names the leaf that it was written for: a ledger that lacks it was put back. */
static void receipt_compare(struct border *b, const struct handles *h, struct lines *l)
{
    merkle_hash hash;
    id          handle;
    span        hex = take_text(l, "handle");
    (void)take_number(l, "sender-leaf", INT64_MAX);
    uint64_t index = take_number(l, "leaf", INT64_MAX);
    take_hex(l, "hash", hash.bytes, sizeof hash.bytes);
    span step;
    bool refused = take_more(l, "refused", &step);
    if (refused) {
        (void)take_text(l, "epoch");
    }
    if (l->bad || err_is(text_hex(hex, handle.bytes, ID_LEN))) {
        return;
    }
    struct passage    *g = given_under(h, hex);
    const struct deed *d = dealings_deed(&b->to->dealings, index);
    b->receipts++;
    if (d == NULL || !merkle_equal(&d->hash, &hash)) {
        id_tell(b, "handle", handle.bytes, "receipt came, its leaf is not in the taker's ledger",
                "");
    }
    if (g != NULL) {
        g->receipted = g->receipted || !refused;
        g->refused = g->refused || refused;
    }
}

static void receipts_compare(struct border *b, const struct handles *h)
{
    const struct dealings *d = &b->from->dealings;
    for (size_t i = 0; i < d->posted_count; i++) {
        const struct posted *p = &d->posted[i];
        if (answers(b, p, "receipts")) {
            struct lines l = posted_lines(p);
            while (l.rest.len > 0 && !l.bad) {
                receipt_compare(b, h, &l);
            }
        }
    }
}

/* What the taker wrote receipts for, whether or not they have come: by its own leaves. */
static bool *receipts_written(const struct border *b)
{
    const struct dealings *d = &b->to->dealings;
    bool                  *written = calloc(d->deed_count + 1, sizeof *written);
    MUST(written != NULL);
    for (size_t i = 0; i < d->posted_count; i++) {
        const struct posted *p = &d->posted[i];
        if (!p->sent || !posted_is(p, "receipts") || !name_equal(&p->partner, &b->giver)) {
            continue;
        }
        struct lines l = posted_lines(p);
        while (!l.bad && line_skip(&l, "leaf")) {
            const struct deed *of = dealings_deed(d, take_number(&l, "leaf", INT64_MAX));
            if (of != NULL) {
                written[of - d->deed] = true;
            }
        }
    }
    return written;
}

/* A receipt that must come in a time: told once the taker's own ledger is past it. */
static void receipts_owed(struct border *b)
{
    const struct dealings *d = &b->to->dealings;
    bool                  *written = receipts_written(b);
    for (size_t i = 0; i < b->taken_count; i++) {
        const struct passage *t = &b->taken[i];
        const struct deed    *of = dealings_deed(d, t->index);
        if (t->owed_ms == 0 || of == NULL || written[of - d->deed]) {
            continue;
        }
        if (t->at + (instant)t->owed_ms < d->last) {
            id_tell(b, "handle", t->handle.bytes, "received, and not answered by a receipt in time",
                    "");
        } else {
            b->waiting++;
        }
    }
    free(written);
}

/* ---- orders ---- */

static const struct deed *deed_of(const struct border *b, uint64_t letter)
{
    const struct dealings *d = &b->to->dealings;
    for (size_t i = 0; i < d->deed_count; i++) {
        const struct deed *one = &d->deed[i];
        if (one->kind != LEAF_RECEIVED && one->letter == letter &&
            name_equal(&one->from, &b->giver)) {
            return one;
        }
    }
    return NULL;
}

static void order_compare(struct border *b, const struct posted *came, uint64_t handles)
{
    const struct deed *d = deed_of(b, came->number);
    b->orders++;
    if (came->refused) {
        number_tell(b, "order", came->number, "ordered, and refused by the taker");
    } else if (d == NULL && came->index >= b->to->cut.leaves) {
        b->waiting++;
    } else if (d == NULL) {
        number_tell(b, "order", came->number, "ordered, and not done by the taker");
    } else if (d->gone + d->missing != handles) {
        number_tell(b, "order", came->number, "done for more or fewer items than were ordered");
    }
}

/* The taker's answer, as the giver has it, beside the taker's own leaf. */
static void answer_compare(struct border *b, const struct posted *p)
{
    struct lines l = posted_lines(p);
    merkle_hash  hash;
    (void)take_number(&l, "order", INT64_MAX);
    uint64_t letter = take_number(&l, "letter", INT64_MAX);
    uint64_t leaf = take_number(&l, "leaf", INT64_MAX);
    take_hex(&l, "hash", hash.bytes, sizeof hash.bytes);
    uint64_t           gone = take_number(&l, "gone", INT64_MAX);
    uint64_t           missing = take_number(&l, "not-here", INT64_MAX);
    const struct deed *d = deed_of(b, letter);
    if (l.bad || d == NULL || d->index != leaf || !merkle_equal(&d->hash, &hash) ||
        d->gone != gone || d->missing != missing) {
        number_tell(b, "order", letter, "answered otherwise than the taker's ledger says");
    }
}

static void answers_compare(struct border *b)
{
    const struct dealings *d = &b->from->dealings;
    for (size_t i = 0; i < d->posted_count; i++) {
        const struct posted *p = &d->posted[i];
        if (answers(b, p, "done")) {
            answer_compare(b, p);
        }
    }
}

/* ---- certificates ---- */

/* What the taker says it destroyed is in its ledger, by the leaf that it names. */
static void certificate_compare(struct border *b, const struct posted *p)
{
    struct lines l = posted_lines(p);
    merkle_hash  hash;
    span         hex = take_text(&l, "handle");
    id           handle;
    uint64_t     index = take_number(&l, "leaf", INT64_MAX);
    take_hex(&l, "hash", hash.bytes, sizeof hash.bytes);
    const struct deed *d = dealings_deed(&b->to->dealings, index);
    if (l.bad || err_is(text_hex(hex, handle.bytes, ID_LEN))) {
        number_tell(b, "letter", p->number, "a certificate that is not as it should be");
    } else if (d == NULL || d->kind != LEAF_DESTROYED || !merkle_equal(&d->hash, &hash)) {
        id_tell(b, "handle", handle.bytes,
                "certificate came, its leaf is not in the taker's ledger", "");
    }
}

static void certificates_compare(struct border *b)
{
    const struct dealings *d = &b->from->dealings;
    for (size_t i = 0; i < d->posted_count; i++) {
        const struct posted *p = &d->posted[i];
        if (answers(b, p, "certificate")) {
            certificate_compare(b, p);
        }
    }
}

/* ---- letters ---- */

static void letter_compare(struct border *b, const struct handles *h, const struct posted *sent,
                           uint64_t last)
{
    const struct posted *came = dealings_posted(&b->to->dealings, &b->giver, false, sent->number);
    bool                 order = posted_is(sent, "order");
    uint64_t             handles = order ? order_note(h, sent) : 0;
    b->letters++;
    if (posted_is(sent, "instrument")) {
        cuts_note(h, sent);
    }
    if (came != NULL && memcmp(came->digest, sent->digest, sizeof sent->digest) != 0) {
        number_tell(b, "letter", sent->number, "received with another content than was sent");
    } else if (came != NULL && order) {
        order_compare(b, came, handles);
    } else if (came == NULL && sent->number < last) {
        number_tell(b, "letter", sent->number, "sent, not received; later ones were");
    } else if (came == NULL) {
        b->waiting++;
    }
}

static void letters_compare(struct border *b, const struct handles *h)
{
    const struct dealings *from = &b->from->dealings, *to = &b->to->dealings;
    uint64_t               last = dealings_last(to, &b->giver, false, b->to->cut.leaves);
    for (size_t i = 0; i < from->posted_count; i++) {
        const struct posted *p = &from->posted[i];
        if (p->sent && name_equal(&p->partner, &b->taker)) {
            letter_compare(b, h, p, last);
        }
    }
    for (size_t i = 0; i < to->posted_count; i++) {
        const struct posted *p = &to->posted[i];
        if (!p->sent && p->index < b->to->cut.leaves && name_equal(&p->partner, &b->giver) &&
            dealings_posted(from, &b->taker, true, p->number) == NULL) {
            number_tell(b, "letter", p->number, "received, not sent");
        }
    }
}

void reconcile_word(struct border *b)
{
    struct handles h = handles_of(b);
    letters_compare(b, &h);
    receipts_compare(b, &h);
    receipts_owed(b);
    answers_compare(b);
    certificates_compare(b);
    reconcile_instruments(b);
    free((void *)h.list);
}
