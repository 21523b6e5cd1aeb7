/* SPDX-License-Identifier: Apache-2.0 */
/* Letters of guards, as both ends record them. */
#include <stdlib.h>

#include "cli/duties.h"
#include "cli/history_acts.h"
#include "cli/history_word.h"

err letter_leaf_read(const struct leaf_head *head, struct letter_leaf *out)
{
    struct lines l = lines_of(head->body);
    out->partner = take_name(&l, "partner");
    TRY(said_read(&l, out->room, sizeof out->room, &out->text));
    if (l.bad) {
        return FAIL(MALFORMED, "the leaf of a letter is not as it should be");
    }
    out->rest = l.rest;
    return letter_read(out->text, &out->letter);
}

/* ---- what letters that came change ---- */

static bool history_act_between(const struct history *h, const struct instrument *i, uint8_t party,
                                uint8_t other)
{
    for (unsigned k = 0; k < h->tables.agreements.count; k++) {
        const struct agreement *a = &h->tables.agreements.agreement[k];
        if (memcmp(a->digest, i->digest, sizeof a->digest) == 0) {
            return i->kind >= INSTRUMENT_PAUSE && i->party == party && set_has(a->parties, party) &&
                   set_has(agreements_between(&h->tables.agreements, party, other), k);
        }
    }
    return false;
}

static err instrument_came(struct history *h, const struct letter_leaf *v,
                           const struct leaf_head *head)
{
    struct lines      l = lines_of(v->letter.body);
    struct instrument i;
    span              cut;
    (void)take_number(&l, "leaf", INT64_MAX);
    TRY(instrument_read(&l, &i));
    TRY(history_party(h, &v->partner, &i.party));
    i.accepted = head->time;
    while (take_more(&l, "cut", &cut)) {
    }
    TRY(lines_end(&l));
    return history_instrument(h, &i);
}

/* All that the sender has done on agreements of both, in place of what was known of it. */
static err acts_replaced(struct history *h, const struct letter_leaf *v,
                         const struct leaf_head *head, struct lines *l)
{
    unsigned left = 0;
    uint8_t  party, own;
    TRY(history_party(h, &v->partner, &party));
    TRY(history_party(h, &h->party, &own));
    for (unsigned k = 0; k < h->instrument_count; k++) {
        if (!history_act_between(h, &h->instrument[k], party, own)) {
            h->instrument[left++] = h->instrument[k];
        }
    }
    h->instrument_count = left;
    while (l->rest.len > 0) {
        struct instrument i;
        TRY(instrument_read(l, &i));
        i.party = party;
        i.accepted = head->time;
        if (history_act_between(h, &i, party, own)) {
            TRY(history_instrument(h, &i));
        }
    }
    return lines_end(l);
}

static err acts_came(struct history *h, const struct letter_leaf *v, const struct leaf_head *head)
{
    struct lines l = lines_of(v->letter.body);
    return acts_replaced(h, v, head, &l);
}

static err fork_came(struct history *h, const struct letter_leaf *v, const struct leaf_head *head)
{
    struct lines l = lines_of(v->letter.body);
    (void)take_number(&l, "heard", INT64_MAX);
    (void)take_head(&l);
    return l.bad ? FAIL(MALFORMED, "the letter of a fork is not as it should be")
                 : acts_replaced(h, v, head, &l);
}

static err assurance_came(struct history *h, const struct letter_leaf *v,
                          const struct leaf_head *head)
{
    (void)head;
    return history_assurance(h, v->letter.body);
}

static err signature_came(struct history *h, const struct letter_leaf *v,
                          const struct leaf_head *head)
{
    return history_signature(h, &v->partner, v->letter.body, head->time);
}

static err leave_came(struct history *h, const struct letter_leaf *v, const struct leaf_head *head)
{
    struct lines        l = lines_of(v->letter.body);
    struct onward_leave o = {.partner = v->partner};
    (void)head;
    take_hex(&l, "handle", o.handle.bytes, ID_LEN);
    take_hex(&l, "third", o.third.bytes, ID_LEN);
    o.to = take_name(&l, "to");
    (void)take_text(&l, "grant");
    TRY(lines_end(&l));
    h->onward_leave = room_for(h->onward_leave, &h->onward_leave_count, &h->onward_leave_max,
                               sizeof *h->onward_leave);
    h->onward_leave[h->onward_leave_count - 1] = o;
    return OK;
}

static err passage_came(struct history *h, const struct letter_leaf *v,
                        const struct leaf_head *head)
{
    struct lines         l = lines_of(v->letter.body);
    struct passage_paper p = {.leaf = h->leaves, .hub = v->partner};
    (void)head;
    take_hex(&l, "handle", p.handle.bytes, ID_LEN);
    (void)take_text(&l, "level");
    if (l.bad) {
        return FAIL(MALFORMED, "the papers of what is passed on are not as they should be");
    }
    p.matter = malloc(l.rest.len + 1);
    MUST(p.matter != NULL);
    memcpy(p.matter, l.rest.ptr, l.rest.len);
    p.matter_len = l.rest.len;
    h->passage = room_for(h->passage, &h->passage_count, &h->passage_max, sizeof *h->passage);
    h->passage[h->passage_count - 1] = p;
    return OK;
}

/* A kind that is not here is of a newer Accord. */
static const struct {
    const char *kind;
    err (*came)(struct history *, const struct letter_leaf *, const struct leaf_head *);
} letter_row[] = {
    {"instrument", instrument_came},
    {"assurance", assurance_came},
    {"signature", signature_came},
    {"onward", leave_came},
    {"passage", passage_came},
    {"order", NULL},
    {"done", NULL},
    {"fraud", NULL},
    {"fork", fork_came},
    {"acts", acts_came},
    {"receipts", NULL},
    {"loss", NULL},
    {"found", NULL},
    {"contractor", contractor_came},
    {"contractor-end", contractor_ended},
    {"certificate", NULL},
    {"ask", NULL},
    {"declined", NULL},
    {"revoked", NULL},
};

static err row_of(const struct letter *l, size_t *out)
{
    for (size_t i = 0; i < ARRAY_LEN(letter_row); i++) {
        if (span_is(name_span(&l->kind), letter_row[i].kind)) {
            *out = i;
            return OK;
        }
    }
    return FAIL(UNKNOWN, "the ledger holds a letter of no known kind");
}

/* ---- the leaves ---- */

static err peer_of(struct history *h, const struct letter_leaf *v, struct peer **out)
{
    struct peer *p = history_peer(h, &v->partner);
    if (p == NULL) {
        return FAIL(UNKNOWN, "a letter is of or for a party that was no partner then");
    }
    *out = p;
    return OK;
}

/* The ledger that was put back has lost letters: what it sends next is numbered from where the partner
 * stands, and what it has heard is what that partner said. */
static err letter_numbered(struct peer *p, const struct letter_leaf *v)
{
    bool fork = span_is(name_span(&v->letter.kind), "fork");
    if (v->letter.number <= p->sent || (v->letter.number != p->sent + 1 && !fork)) {
        return FAIL(MALFORMED, "the numbers of the letters to a partner do not follow");
    }
    if (fork) {
        struct lines l = lines_of(v->letter.body);
        uint64_t     heard = take_number(&l, "heard", INT64_MAX);
        if (l.bad) {
            return FAIL(MALFORMED, "the letter of a fork is not as it should be");
        }
        p->received = heard;
    }
    p->sent = v->letter.number;
    return OK;
}

err letter_sent(struct history *h, const struct leaf_head *head, unsigned *signatures)
{
    static struct letter_leaf v;
    struct peer              *p;
    size_t                    row;
    (void)signatures;
    TRY(letter_leaf_read(head, &v));
    TRY(peer_of(h, &v, &p));
    TRY(row_of(&v.letter, &row));
    if (!name_equal(&v.letter.from, &h->party) || !name_equal(&v.letter.to, &v.partner) ||
        v.rest.len > 0) {
        return FAIL(FORGED, "a letter is not from this party, or not to whom its leaf says");
    }
    return letter_numbered(p, &v);
}

static err letter_signed(const struct history *h, const struct peer *p, const struct letter_leaf *v,
                         struct lines *rest)
{
    uint8_t signature[SIGNATURE_LEN];
    *rest = lines_of(v->rest);
    take_hex(rest, "signature", signature, sizeof signature);
    if (rest->bad || !name_equal(&v->letter.from, &v->partner) ||
        !name_equal(&v->letter.to, &h->party)) {
        return FAIL(FORGED,
                    "a letter that came is not for this party, or not of whom its leaf says");
    }
    return sign_check(p->identity, LETTER_TITLE, v->text, signature);
}

err letter_came(struct history *h, const struct leaf_head *head, unsigned *signatures)
{
    static struct letter_leaf v;
    struct peer              *p;
    struct lines              rest;
    size_t                    row;
    (void)signatures;
    TRY(letter_leaf_read(head, &v));
    TRY(peer_of(h, &v, &p));
    TRY(letter_signed(h, p, &v, &rest));
    if (v.letter.number != p->received + 1) {
        return FAIL(MALFORMED, "the numbers of a partner's letters do not follow");
    }
    p->received = v.letter.number;
    if (head->kind == LEAF_LETTER_REFUSED) {
        (void)take_text(&rest, "reason");
        return lines_end(&rest);
    }
    TRY(lines_end(&rest));
    TRY(row_of(&v.letter, &row));
    return letter_row[row].came == NULL ? OK : letter_row[row].came(h, &v, head);
}

/* Two contents under one number: the first stands in its own leaf, the second must be signed, too. */
err fraud_shown(struct history *h, const struct leaf_head *head, unsigned *signatures)
{
    static struct letter_leaf v;
    struct peer              *p;
    struct lines              rest;
    (void)signatures;
    TRY(letter_leaf_read(head, &v));
    TRY(peer_of(h, &v, &p));
    TRY(letter_signed(h, p, &v, &rest));
    (void)take_number(&rest, "first", h->leaves);
    return lines_end(&rest);
}

err head_shown(struct history *h, const struct leaf_head *head, unsigned *signatures)
{
    struct lines l = lines_of(head->body);
    (void)signatures;
    (void)take_name(&l, "partner");
    struct head shown = take_head(&l);
    TRY(lines_end(&l));
    return head_check(&shown, &h->party, h->identity);
}
