/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_RECEIPTS_H
#define GUARD_RECEIPTS_H

#include "guard/limits.h"
#include "guard/mailbox.h"

/* Receipts: what was accepted is told to its giver within a second; the giver's clock runs until then
 * (GSOMIA article 12). */

#define RECEIPTS_OWED_EACH                                                                         \
    1024 /* grants to one partner of items with a receipt time that have none yet */
#define RECEIPTS_OWED_MAX (PARTNERS_MAX * RECEIPTS_OWED_EACH)
#define RECEIPTS_DUE_EACH 256 /* own receipts to one partner that have not gone */
#define RECEIPTS_DUE_MAX  (PARTNERS_MAX * RECEIPTS_DUE_EACH)
#define RECEIPTS_A_LETTER 60

/* refusal - at which step a grant was refused by its receiver; its giver is told by a receipt */
enum refusal {
    REFUSAL_NONE,
    REFUSAL_SEALED,   /* it could not be opened, or is not what it says */
    REFUSAL_COVER,    /* its cover is not its giver's */
    REFUSAL_RECALLED, /* its giver took it back */
    REFUSAL_FORK, /* it was granted before the receiver's ledger was put back: it may be granted anew */
    REFUSAL_STANDING, /* it rests on other instruments than are known there */
    REFUSAL_VERDICT,  /* no release follows there */
    REFUSAL_KEPT,     /* it could not be kept */
    REFUSAL_COUNT
};
const char *refusal_word(enum refusal r);

/* receipt_owed - refused: it was, and stays here while there is room, so that it is seen
 *
 * epoch   what was refused; zeros: it could not be opened
 * again   it was refused for what is known by now: it is judged once more, and granted if it may be */
struct receipt_owed {
    id      handle, epoch;
    uint8_t partner;
    uint8_t refused; /* enum refusal */
    bool    used, again;
    bool    late; /* the leaf `overdue` stands */
    instant due;  /* refused: since */
};

struct receipt_due {
    id       handle;
    uint8_t  partner;
    uint64_t sender_leaf, leaf;
    uint8_t  hash[32];
    uint8_t  refused; /* enum refusal; then: */
    id       epoch;   /* zeros: it could not be opened */
};

/* receipts - what is owed lies by partners, so that one that answers nothing takes no place of others */
struct receipts {
    unsigned            due_count;
    struct receipt_owed owed[RECEIPTS_OWED_MAX];
    struct receipt_due  due[RECEIPTS_DUE_MAX];
};

struct leaf_head;
struct given_leaf;
struct arrived_leaf;

/* receipts_room - may that partner owe one more?   receipts_due_room - may this party owe it one more? */
bool receipts_room(const struct guard *g, unsigned partner);
bool receipts_due_room(const struct guard *g, unsigned partner);

/* What is owed since a leaf `released`, and what this party owes since a leaf `received` */
err  receipts_given_fold(struct guard *g, const struct leaf_head *head, const struct given_leaf *l);
void receipts_arrived_fold(struct guard *g, const struct arrived_leaf *l);
err  receipts_refused_fold(struct guard *g, const struct leaf_head *head);
err  overdue_fold(struct guard *g, const struct leaf_head *head);

/* receipts_turn - those that are due go, those that have not come are recorded, what was refused for what is known
 *                 by now is granted once more; from guard_tick */
void receipts_turn(struct guard *g);
err  letter_receipts_check(struct guard *g, const struct letter_view *v);
err  letter_receipts_fold(struct guard *g, const struct letter_view *v);
err  letter_receipts_sent_fold(struct guard *g, const struct letter_view *v);

#endif
