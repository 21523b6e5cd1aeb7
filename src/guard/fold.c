/* SPDX-License-Identifier: Apache-2.0 */
/* The state is a fold over the leaves: one row for each kind, the same at work and at a start. */
#include "guard/fold.h"
#include "crypt/hash.h"
#include "guard/act.h"
#include "guard/give.h"
#include "guard/inspection.h"
#include "guard/partners.h"
#include "guard/receipts.h"
#include "guard/receive.h"

#define COUNTER(field)                                                                             \
    static err count_##field(struct guard *g, const struct leaf_head *head)                        \
    {                                                                                              \
        (void)head;                                                                                \
        g->counters.field++;                                                                       \
        return OK;                                                                                 \
    }

/* A start is numbered by how many came before it; key slots name the start that wrote them. */
static err started_fold(struct guard *g, const struct leaf_head *head)
{
    (void)head;
    g->boot_leaf[g->boot_count++ % BOOTS_MAX] = g->ledger.tree.size - 1;
    return OK;
}

COUNTER(refused)
COUNTER(opening_refused)

static err no_change(struct guard *g, const struct leaf_head *head)
{
    (void)g;
    (void)head;
    return OK;
}

/* A kind without a row is one that this guard does not write: it cannot be its ledger. */
static err (*const fold_row[LEAF_KIND_COUNT])(struct guard *, const struct leaf_head *) = {
    [LEAF_GENESIS] = genesis_fold,
    [LEAF_STARTED] = started_fold,
    [LEAF_POLICY] = act_fold,
    [LEAF_PARTY] = act_fold,
    [LEAF_AGREEMENT] = act_fold,
    [LEAF_RULES] = act_fold,
    [LEAF_INSTRUMENT] = instrument_leaf_fold,
    [LEAF_RECALLED] = recalled_fold,
    [LEAF_DESTROYED] = recalled_fold,
    [LEAF_PERSON] = act_fold,
    [LEAF_SOURCE] = act_fold,
    [LEAF_ASSURANCE] = act_fold,
    [LEAF_ACT] = act_fold,
    [LEAF_SIGNED] = act_fold,
    [LEAF_APPROVED] = act_fold,
    [LEAF_REJECTED] = act_fold,
    [LEAF_DESIGNATED] = act_fold,
    [LEAF_EPOCH] = no_change,
    [LEAF_CLOSED] = no_change,
    [LEAF_RELEASED] = released_fold,
    [LEAF_HELD] = held_fold,
    [LEAF_REFUSED] = count_refused,
    [LEAF_WITHHELD] = no_change,
    [LEAF_RECEIVED] = received_fold,
    [LEAF_OVERDUE] = overdue_fold,
    [LEAF_FALLS_DUE] = falls_due_fold,
    [LEAF_RECEIVE_REFUSED] = receipts_refused_fold,
    [LEAF_SUBMIT_REFUSED] = no_change,
    [LEAF_OPENED] = opened_fold,
    [LEAF_OPENING_REFUSED] = count_opening_refused,
    [LEAF_DAY_KEY] = day_key_fold,
    [LEAF_PARTNER_DAY_KEY] = partner_day_key_fold,
    [LEAF_KEY_DESTROYED] = key_destroyed_fold,
    [LEAF_ALARM] = no_change,
    [LEAF_LETTER] = letter_fold,
    [LEAF_LETTER_RECEIVED] = letter_received_fold,
    [LEAF_LETTER_REFUSED] = letter_refused_fold,
    [LEAF_FRAUD] = fraud_fold,
    [LEAF_MUTED] = muted_fold,
    [LEAF_UNMUTED] = unmuted_fold,
    [LEAF_FORK] = act_fold,
    [LEAF_CLOCK] = clock_fold,
    [LEAF_OCCUPANCY] = occupancy_fold,
    [LEAF_CLASS] = no_change,
    [LEAF_SHOWN] = no_change,
    [LEAF_MASKED] = masked_fold,
    [LEAF_DISPLAYS] = no_change,
    [LEAF_EXPIRED] = no_change,
    [LEAF_STOPPED] = stopped_fold,
};

/* What may change who sees what in a room: LAW the classes, EVERYBODY also persons and rooms. */
enum room_matter { MATTERS_NOT, MATTERS_LAW, MATTERS_EVERYBODY };
static const uint8_t room_matter[LEAF_KIND_COUNT] = {
    [LEAF_POLICY] = MATTERS_EVERYBODY, [LEAF_AGREEMENT] = MATTERS_EVERYBODY,
    [LEAF_PERSON] = MATTERS_EVERYBODY, [LEAF_RULES] = MATTERS_LAW,
    [LEAF_PARTY] = MATTERS_LAW,        [LEAF_INSTRUMENT] = MATTERS_LAW,
    [LEAF_ASSURANCE] = MATTERS_LAW,    [LEAF_LETTER_RECEIVED] = MATTERS_LAW,
    [LEAF_MUTED] = MATTERS_LAW,        [LEAF_UNMUTED] = MATTERS_LAW,
    [LEAF_FORK] = MATTERS_LAW,         [LEAF_CLOCK] = MATTERS_LAW,
};

err fold_leaf(struct guard *g, const struct leaf_head *head)
{
    if (fold_row[head->kind] == NULL) {
        return FAIL(UNKNOWN, "the ledger holds a leaf that this guard does not write");
    }
    if (room_matter[head->kind] != MATTERS_NOT) {
        rooms_law(g, room_matter[head->kind] == MATTERS_EVERYBODY);
    }
    unsigned instruments = g->instrument_count;
    TRY(fold_row[head->kind](g, head));
    g->instrument_leaf =
        g->instrument_count > instruments ? g->ledger.tree.size - 1 : g->instrument_leaf;
    return OK;
}

/* An attachment is kept until the leaf that names it, which comes next. */
static err attachment_fold(struct guard *g, span bytes)
{
    if (bytes.len > sizeof g->attached) {
        return FAIL(LIMIT, "the ledger holds an attachment that is longer than one may be");
    }
    memcpy(g->attached, bytes.ptr, bytes.len);
    g->attached_len = (uint32_t)bytes.len;
    return OK;
}

err guard_fold(struct guard *g, span bytes)
{
    struct record    r;
    struct leaf_head head;
    MUST(!g->started);
    TRY(ledger_fold(&g->ledger, bytes, &r, &head));
    if (r.type == RECORD_ATTACHMENT) {
        return attachment_fold(g, r.bytes);
    }
    if (r.type == RECORD_CHECKPOINT) {
        watch_head(g);
    }
    if (r.type != RECORD_LEAF) {
        return OK;
    }
    g->leaf_hash = leaf_hash(r.salt, r.bytes);
    return fold_leaf(g, &head);
}
