/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/history.h"

#include <stdlib.h>

#include "cli/act_text.h"
#include "cli/covered.h"
#include "cli/duties.h"
#include "cli/history_acts.h"
#include "cli/history_word.h"

void *room_for(void *array, size_t *count, size_t *max, size_t size)
{
    if (*count == *max) {
        *max = *max == 0 ? 64 : 2 * *max;
        array = realloc(array, *max * size);
        MUST(array != NULL);
    }
    memset((uint8_t *)array + *count * size, 0, size);
    (*count)++;
    return array;
}

struct history *history_new(void)
{
    struct history *h = calloc(1, sizeof *h);
    MUST(h != NULL);
    return h;
}

void history_free(struct history *h)
{
    if (h != NULL) {
        free(h->member);
        free(h->peer);
        free(h->epoch);
        free(h->approval);
        free(h->assured);
        free(h->onward_approval);
        free(h->onward_ask);
        free(h->onward_leave);
        free(h->profile);
        free(h->terminal);
        free(h->signature);
        for (size_t i = 0; i < h->passage_count; i++) {
            free(h->passage[i].matter);
        }
        free(h->passage);
        free(h->duty_act);
        free(h->leave);
        free(h);
    }
}

struct member *history_member(const struct history *h, const name *n)
{
    for (size_t i = 0; i < h->member_count; i++) {
        if (name_equal(&h->member[i].name, n)) {
            return &h->member[i];
        }
    }
    return NULL;
}

struct peer *history_peer(const struct history *h, const name *n)
{
    for (size_t i = 0; i < h->peer_count; i++) {
        if (name_equal(&h->peer[i].name, n)) {
            return &h->peer[i];
        }
    }
    return NULL;
}

err history_party(const struct history *h, const name *n, uint8_t *out)
{
    unsigned number;
    TRY(names_find(&h->tables.policies.parties, name_span(n), &number));
    *out = (uint8_t)number;
    return OK;
}

const struct epoch_entry *history_newest(const struct history *h, const id *epoch, bool own)
{
    MUST(!h->indexed);
    for (size_t i = h->epoch_count; i > 0; i--) {
        const struct epoch_entry *e = &h->epoch[i - 1];
        if (e->own == own && id_equal(&e->epoch, epoch)) {
            return e;
        }
    }
    return NULL;
}

static int epoch_order(const void *a, const void *b)
{
    const struct epoch_entry *x = a, *y = b;
    return memcmp(x->handle.bytes, y->handle.bytes, ID_LEN);
}

void history_index(struct history *h)
{
    if (h->epoch_count > 0) {
        qsort(h->epoch, h->epoch_count, sizeof *h->epoch, epoch_order);
    }
    h->indexed = true;
}

const struct epoch_entry *history_epoch(const struct history *h, const id *handle)
{
    struct epoch_entry key = {.handle = *handle};
    MUST(h->indexed);
    return h->epoch_count == 0
               ? NULL
               : bsearch(&key, h->epoch, h->epoch_count, sizeof *h->epoch, epoch_order);
}

static void epoch_add(struct history *h, const struct epoch_entry *e)
{
    h->epoch = room_for(h->epoch, &h->epoch_count, &h->epoch_max, sizeof *h->epoch);
    h->epoch[h->epoch_count - 1] = *e;
}

/* ---- genesis ---- */

static err officer_take(struct history *h, span line)
{
    struct member m = {.registered = true};
    TRY(name_of(span_cut(&line, ' '), &m.name));
    TRY(name_of(span_cut(&line, ' '), &m.chain));
    TRY(roles_of(span_cut(&line, ' '), &m.roles));
    TRY(text_hex(line, m.key, sizeof m.key));
    history_member_add(h, &m);
    return OK;
}

static err genesis_take(struct history *h, const struct leaf_head *head)
{
    struct lines l = lines_of(head->body);
    uint8_t      authority[SHA256_LEN];
    span         line;
    take_hex(&l, "identity", h->identity, sizeof h->identity);
    take_hex(&l, "authority", authority, sizeof authority);
    while (take_more(&l, "officer", &line)) {
        TRY(officer_take(h, line));
    }
    h->party = head->party;
    return lines_end(&l);
}

/* ---- epochs ---- */

/* A product's leaf holds the submission that its author signed. */
static err submission_check(struct history *h, struct lines *l, unsigned *signatures)
{
    static uint8_t       buf[SAID_MAX];
    uint8_t              signature[SIGNATURE_LEN];
    span                 text;
    name                 author = take_name(l, "author");
    const struct member *m = history_member(h, &author);
    TRY(said_read(l, buf, sizeof buf, &text));
    take_hex(l, "signature", signature, sizeof signature);
    TRY(lines_end(l));
    if (m == NULL || !m->registered || (m->roles & ROLE_AUTHOR) == 0) {
        return FAIL(DENIED, "a product is of nobody who was an author then");
    }
    (*signatures)++;
    return sign_check(m->key, "accord submission 1", text, signature);
}

static err epoch_take(struct history *h, const struct leaf_head *head, unsigned *signatures)
{
    struct lines       l = lines_of(head->body);
    struct epoch_entry e = {
        .own = true, .items = UINT64_MAX, .since = head->time, .after = history_last_act(h)};
    uint8_t commitment[SHA256_LEN];
    span    feed;
    take_hex(&l, "epoch", e.epoch.bytes, ID_LEN);
    e.handle = e.epoch;
    span kind = take_text(&l, "kind"), marking, extent = {NULL, 0}, reduced = {NULL, 0};
    if (take_more(&l, "feed", &feed)) {
        TRY(name_of(feed, &e.feed));
    }
    if (!line_skip(&l, "marking")) {
        return FAIL(MALFORMED, "the leaf of an epoch is not as it should be");
    }
    marking = take_text(&l, "marking");
    (void)take_more(&l, "extent", &extent);
    (void)take_more(&l, "reduced", &reduced);
    take_hex(&l, "commitment", commitment, sizeof commitment);
    take_hex(&l, "sealer", e.sealer, sizeof e.sealer);
    covered_hash(kind, marking, extent, reduced, e.covered);
    if (l.rest.len > 0 && !span_starts(l.rest, SPAN_LIT(CROSSING_TITLE "\n"))) {
        TRY(submission_check(h, &l, signatures));
    } else {
        l.rest.len = 0; /* the case of what is derived: coarser_check */
    }
    epoch_add(h, &e);
    return lines_end(&l);
}

static err closed_take(struct history *h, const struct leaf_head *head, unsigned *signatures)
{
    struct lines l = lines_of(head->body);
    id           epoch;
    (void)signatures;
    take_hex(&l, "epoch", epoch.bytes, ID_LEN);
    uint64_t items = take_number(&l, "items", UINT64_MAX);
    for (size_t i = h->epoch_count; i > 0 && !l.bad; i--) {
        if (id_equal(&h->epoch[i - 1].epoch, &epoch)) {
            h->epoch[i - 1].items = items;
            return OK;
        }
    }
    return FAIL(UNKNOWN, "an epoch is closed that was never opened");
}

static err received_take(struct history *h, const struct leaf_head *head, unsigned *signatures)
{
    struct lines       l = lines_of(head->body);
    struct epoch_entry e = {.items = UINT64_MAX, .since = head->time};
    (void)signatures;
    take_hex(&l, "handle", e.handle.bytes, ID_LEN);
    take_hex(&l, "epoch", e.epoch.bytes, ID_LEN);
    if (l.bad || !line_skip(&l, "sealer")) {
        return FAIL(MALFORMED, "the leaf of a received epoch is not as it should be");
    }
    take_hex(&l, "sealer", e.sealer, sizeof e.sealer);
    take_hex(&l, "grant", e.grant, sizeof e.grant);
    duty_owed(head->body, &e);
    epoch_add(h, &e);
    return l.bad ? FAIL(MALFORMED, "the leaf of a received epoch is not as it should be") : OK;
}

static err act_take(struct history *h, const struct leaf_head *head, unsigned *signatures)
{
    static struct act_text a;
    bool                   found = false;
    TRY(act_text_read(h, head->body, &a, &found));
    if (!found) {
        return OK;
    }
    TRY(act_text_check(h, &a));
    a.recorded = head->time;
    if (head->kind == LEAF_INSTRUMENT) {
        TRY(instrument_leaf(h, head, &a));
    }
    *signatures += a.count;
    return history_act(h, &a);
}

/* Nothing expires before its days are over, and only what began here. */
static err expired_take(struct history *h, const struct leaf_head *head, unsigned *signatures)
{
    struct lines l = lines_of(head->body);
    id           epoch;
    (void)signatures;
    take_hex(&l, "epoch", epoch.bytes, ID_LEN);
    name                      feed = take_name(&l, "feed");
    uint64_t                  days = take_number(&l, "days", UINT16_MAX);
    const struct epoch_entry *e = l.bad ? NULL : history_newest(h, &epoch, true);
    if (e == NULL || !name_equal(&e->feed, &feed)) {
        return FAIL(UNKNOWN, "what never began here expires");
    }
    return head->time >= e->since + (instant)days * MS_PER_DAY
               ? OK
               : FAIL(STATE, "a key expires before its days are over");
}

/* Kinds without a row change nothing here; an act may stand in any leaf of a kind that has none. */
static err (*const take_row[LEAF_KIND_COUNT])(struct history *, const struct leaf_head *,
                                              unsigned *) = {
    [LEAF_EPOCH] = epoch_take,           [LEAF_CLOSED] = closed_take,
    [LEAF_RELEASED] = released_count,    [LEAF_RECEIVED] = received_take,
    [LEAF_LETTER] = letter_sent,         [LEAF_LETTER_RECEIVED] = letter_came,
    [LEAF_LETTER_REFUSED] = letter_came, [LEAF_FRAUD] = fraud_shown,
    [LEAF_MUTED] = head_shown,           [LEAF_FALLS_DUE] = falls_due_take,
    [LEAF_EXPIRED] = expired_take,
};

static bool is_letter(enum leaf_kind k)
{
    return k == LEAF_LETTER || k == LEAF_LETTER_RECEIVED || k == LEAF_LETTER_REFUSED;
}

static err leaf_take(struct history *h, const struct leaf_head *head, unsigned *signatures)
{
    if ((head->kind == LEAF_GENESIS) != (h->leaves == 0)) {
        return FAIL(MALFORMED, "a ledger begins with its genesis, and has no other");
    }
    if (head->kind == LEAF_GENESIS) {
        return genesis_take(h, head);
    }
    if (!name_equal(&head->party, &h->party)) {
        return FAIL(FORGED, "a leaf is of another party");
    }
    return take_row[head->kind] == NULL ? act_take(h, head, signatures)
                                        : take_row[head->kind](h, head, signatures);
}

err history_take(struct history *h, span bytes, struct history_step *out)
{
    struct record r;
    *out = (struct history_step){0};
    TRY(record_read(bytes, &r));
    if (r.type == RECORD_ATTACHMENT) {
        memcpy(h->attached, r.bytes.ptr, r.bytes.len);
        h->attached_len = r.bytes.len;
    }
    if (r.type != RECORD_LEAF) {
        return OK;
    }
    TRY(leaf_head_read(r.bytes, &out->head));
    out->leaf = true;
    out->index = h->leaves;
    out->hash = leaf_hash(r.salt, r.bytes);
    out->letter = is_letter(out->head.kind);
    TRY(leaf_take(h, &out->head, &out->signatures));
    h->leaves++;
    return OK;
}
