/* SPDX-License-Identifier: Apache-2.0 */
/* Each ledger by itself, and two side by side. */
#include "ledger/reconcile.h"
#include "ledger/verify.h"
#include "sim/grow.h"
#include "sim/state.h"

#include <stdio.h>

/* ---- the ledger itself ---- */

void ledger_check(struct gateway *g)
{
    struct world *w = g->world;
    struct verify v;
    char          origin[64];
    snprintf(origin, sizeof origin, "accord/%s", law_party[g->number]);
    err           e = verify_init(&v, span_text(origin), g->gate->identity_public);
    struct reader r = reader_of(writer_span(&g->gate->ledger));
    while (r.rest.len > 0 && !err_is(e)) {
        e = verify_record(&v, read_block32(&r, RECORD_MAX));
    }
    struct verify_summary sum = verify_end(&v);
    if (err_is(e)) {
        wrong(w, "%s: the ledger's record %u: %s", law_party[g->number], (unsigned)sum.bad_record,
              e.why);
    } else if (sum.covered != sum.head.size) {
        wrong(w, "%s: no checkpoint covers the last leaves", law_party[g->number]);
    }
    w->end->root[g->number] = sum.head.root;
    w->totals.leaves += sum.head.size;
}

/* ---- two ledgers side by side ---- */

struct sides {
    struct world *world;
    unsigned      giver, taker;
};

static void side_differs(void *ctx, enum difference d, const struct transfer *giver,
                         const struct transfer *taker)
{
    struct sides         *s = ctx;
    const struct gateway *from = &s->world->gateway[s->giver], *to = &s->world->gateway[s->taker];
    bool late = d == DIFFERENCE_NOT_RECEIVED && (liar_between(from, to) || any_lies(from));
    (void)giver;
    (void)taker;
    if (late) {
        return; /* what a courier keeps back is not received, and what no honest sealer wrote may not be */
    }
    wrong(s->world, "%s and %s: the ledgers differ: %s", law_party[s->giver], law_party[s->taker],
          difference_name(d));
}

static int by_epoch(const void *a, const void *b)
{
    return transfer_order(a, b);
}

static merkle_hash sender_hash(const struct seen_leaf *leaf)
{
    merkle_hash out = {{0}};
    span        rest = leaf->head.body;
    while (rest.len > 0) {
        span line = span_cut(&rest, '\n');
        if (span_is(span_cut(&line, ' '), "sender-hash") &&
            err_is(text_hex(line, out.bytes, sizeof out.bytes))) {
            return out;
        }
    }
    return out;
}

/* All that was written of it went with a power cut, and did not get so far as the taker. */
static bool epoch_gone(const struct gateway *giver, const struct transfer *taken, size_t took,
                       const id *epoch)
{
    static const enum log_name outbox[] = {LOG_OUTBOX_INTAKE, LOG_OUTBOX_DESK};
    for (size_t i = 0; i < took; i++) {
        if (memcmp(taken[i].epoch, epoch->bytes, ID_LEN) == 0) {
            return false;
        }
    }
    for (unsigned l = 0; l < ARRAY_LEN(outbox); l++) {
        const struct journal *j = &giver->log[outbox[l]];
        for (size_t i = 0; i < j->count; i++) {
            if (memcmp(j->record[i].body, epoch->bytes, ID_LEN) == 0) {
                return false;
            }
        }
    }
    return true;
}

/* Released, and then stopped by an officer: it may have arrived or not. */
static bool stopped_after(struct sides *s, const struct seen_leaf *leaf,
                          const struct transfer *taken, size_t took)
{
    struct gateway *giver = &s->world->gateway[s->giver];
    name            to = party_name(s->taker);
    for (size_t i = 0; i < took; i++) {
        if (memcmp(taken[i].epoch, leaf->about.bytes, ID_LEN) == 0) {
            return false;
        }
    }
    const struct seen_leaf *refused = oracle_find(giver, LEAF_REFUSED, &leaf->about, &to);
    return oracle_ordered(giver, &leaf->about, &to) ||
           oracle_over(giver, &s->world->gateway[s->taker], leaf) ||
           (refused != NULL && refused->index > leaf->index && officer_gave_reason(giver));
}

/* Of several releases of one epoch, as after a restart, the taker names the one whose grant it has. */
static size_t transfers_of(struct sides *s, struct transfer *given, struct transfer *taken,
                           size_t *taken_count)
{
    struct world             *w = s->world;
    const struct seen_ledger *l = &w->oracle.ledger[s->giver];
    const struct seen_ledger *t = &w->oracle.ledger[s->taker];
    name                      from = party_name(s->giver), to = party_name(s->taker);
    size_t                    count = 0;
    *taken_count = 0;
    for (size_t i = 0; i < t->count; i++) {
        if (t->leaf[i].kind == LEAF_RECEIVED && name_equal(&t->leaf[i].who, &from)) {
            struct transfer *c = &taken[(*taken_count)++];
            *c = (struct transfer){.partner = from, .leaf = sender_hash(&t->leaf[i])};
            memcpy(c->epoch, t->leaf[i].about.bytes, ID_LEN);
        }
    }
    for (size_t i = 0; i < l->count; i++) {
        const struct seen_leaf *leaf = &l->leaf[i];
        bool last = oracle_find(&w->gateway[s->giver], LEAF_RELEASED, &leaf->about, &to) == leaf;
        if (leaf->kind != LEAF_RELEASED || !name_equal(&leaf->who, &to) || !last ||
            epoch_gone(&w->gateway[s->giver], taken, *taken_count, &leaf->about) ||
            stopped_after(s, leaf, taken, *taken_count)) {
            continue;
        }
        struct transfer *c = &given[count++];
        *c = (struct transfer){.partner = to, .leaf = leaf->hash};
        memcpy(c->epoch, leaf->about.bytes, ID_LEN);
    }
    return count;
}

static bool leaf_is_release(const struct seen_ledger *l, const struct transfer *taken,
                            const name *to)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct seen_leaf *leaf = &l->leaf[i];
        if (leaf->kind == LEAF_RELEASED && name_equal(&leaf->who, to) &&
            memcmp(leaf->about.bytes, taken->epoch, ID_LEN) == 0 &&
            merkle_equal(&leaf->hash, &taken->leaf)) {
            return true;
        }
    }
    return false;
}

void sides_check(struct world *w, unsigned giver, unsigned taker)
{
    struct sides              s = {w, giver, taker};
    const struct seen_ledger *l = &w->oracle.ledger[giver];
    name                      to = party_name(taker);
    struct transfer          *given = zeros((l->count + 1) * sizeof *given);
    struct transfer          *taken = zeros((w->oracle.ledger[taker].count + 1) * sizeof *taken);
    size_t                    took, gave = transfers_of(&s, given, taken, &took);
    qsort(given, gave, sizeof *given, by_epoch);
    qsort(taken, took, sizeof *taken, by_epoch);
    for (size_t i = 0; i < took; i++) {
        struct transfer *same = NULL;
        for (size_t k = 0; k < gave && same == NULL; k++) {
            same = memcmp(given[k].epoch, taken[i].epoch, ID_LEN) == 0 ? &given[k] : NULL;
        }
        if (same != NULL && leaf_is_release(l, &taken[i], &to)) {
            same->leaf = taken[i].leaf;
        }
    }
    struct side side[] = {{party_name(giver), given, gave}, {party_name(taker), taken, took}};
    err         e = reconcile(&side[0], &side[1], side_differs, &s);
    if (err_is(e)) {
        wrong(w, "%s and %s cannot be reconciled: %s", law_party[giver], law_party[taker], e.why);
    }
    free(given);
    free(taken);
}
