/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_DUTIES_H
#define GUARD_DUTIES_H

#include "agreement/agreement.h"
#include "guard/limits.h"
#include "guard/mailbox.h"
#include "wire/id.h"

/* What is owed for received items from their receipt on: destroyed in time and certified, copied so often at
 * most, frozen and told of when it may be lost (docs/format/duties.md).  A fold over the ledger. */

#define DUTIES_EACH                                                                                \
    2048 /* items of one partner that are watched; while all are, no more of such is taken */
#define DUTIES_MAX      (PARTNERS_MAX * DUTIES_EACH)
#define DUTIES_A_TURN   16 /* slots that one turn overwrites, or notices that it raises */
#define DUTY_SOON_MS    (3 * MS_PER_DAY) /* so long before it is due it is shown */
#define LOSSES_DUE_MAX  32               /* own reports of loss whose letters have not gone */
#define LOSS_WHAT_MAX   256
#define LOSS_AT_ONCE_MS (60 * MS_PER_MINUTE) /* to be told at once: later is overdue */
#define TOLD_MAX        1024 /* losses and certificates that partners told of; the oldest make room */

/* duty_item - late: the leaf `overdue` stands;  ends: it is to be destroyed;  gone: the leaf `destroyed` stands,
 * and its certificate has not gone */
struct duty_item {
    id      handle;
    instant due; /* INSTANT_NEVER: no time is set */
    bool    late, lost, ends, gone;
    uint64_t
        found; /* lost, and found again: the number of the letter that tells so; 0: it has not gone */
    uint8_t  copies, copied; /* copies 0: none are counted */
    uint8_t  certifiers, certified;
    uint16_t person[OFFICERS_MAX]; /* who certified, in order */
    uint64_t leaf;                 /* gone: of it, and its hash */
    uint8_t  hash[32];
};

/* loss_due - an own report of loss, or that the item was found, that its giver has not been sent; leaf 0: free */
struct loss_due {
    uint64_t leaf;
    id       handle;
    uint8_t  partner;
    bool     certain, found;
    instant  discovered;
    uint16_t what_len;
    uint8_t  what[LOSS_WHAT_MAX];
};

/* told - what a partner told of an item that it was given; at 0: free */
enum told_kind { TOLD_LOSS_POSSIBLE, TOLD_LOSS, TOLD_FOUND, TOLD_DESTROYED };
struct told_item {
    id             handle;
    uint8_t        partner;
    enum told_kind kind;
    uint8_t        persons; /* TOLD_DESTROYED: who certified it; 0: its guard alone */
    instant        at;      /* of the letter; of a loss, when it was discovered */
    uint64_t       leaf;    /* of the letter here */
};

/* duties - a partner's items lie together, the first count[partner] of its share
 *
 * rests_turn  slots wait until this turn is synced: somebody certified in it, and a slot is gone whether his act
 *             is on record or not
 * certified   … and the next turn looks */
struct duties {
    uint64_t         rests_turn;
    bool             certified;
    unsigned         count[PARTNERS_MAX];
    struct duty_item item[DUTIES_MAX];
    struct loss_due  loss[LOSSES_DUE_MAX];
    uint32_t         told_next;
    struct told_item told[TOLD_MAX];
};

struct guard;
struct leaf_head;
struct lines;
struct writer;

/* duty_find - the item that is watched; NULL: none is under this handle of that partner
 * duty_watch - the same, made when there is none; NULL: there is no room
 * duty_room - is there a place for another of that partner? */
struct duty_item       *duty_find(struct guard *g, unsigned partner, const id *handle);
const struct duty_item *duty_seen(const struct guard *g, unsigned partner, const id *handle);
struct duty_item       *duty_watch(struct guard *g, unsigned partner, const id *handle);
bool                    duty_room(const struct guard *g, unsigned partner);

/* duty_wanted - must an item be watched from its receipt on?  One that has a time, or a number of copies; an
 *               epoch of a feed is shown and not handed out.  What is to be certified and has no time is
 *               watched from the first certifier on */
struct kept;
bool duty_wanted(const struct kept *k);

/* duty_lines   - of the leaf `received`: what is watched from that leaf's time on
 * duty_arrived - the same lines, folded; nothing when there are none */
void duty_lines(const struct kept *k, instant at, struct writer *w);
err  duty_arrived(struct guard *g, unsigned partner, const id *handle, struct lines *l);

/* duty_copied - this copy of an item was handed out;   duty_forget - its giver took it back */
void duty_copied(struct guard *g, const id *handle, uint64_t number);
void duty_forget(struct guard *g, unsigned partner, const id *handle);

/* duty_lost - is it frozen?  From the report on, until its giver has acknowledged that it was found: what the
 *             giver does not know of opens for nobody, and it may take the item back before anybody has it */
bool duty_lost(const struct guard *g, unsigned partner, const struct duty_item *item);

/* duty_stands - may it be opened, as far as its duties go?  fails STATE */
err duty_stands(const struct guard *g, unsigned partner, const id *handle, const struct kept *k);

/* duties_turn - what is due is destroyed or said to be overdue, and letters go; from guard_tick
 * duties_wait - something is to be destroyed as soon as may be */
void duties_turn(struct guard *g);
bool duties_wait(const struct guard *g);

/* leaves `overdue` of a duty, and `destroyed` of an item whose time had come */
err duty_overdue_fold(struct guard *g, unsigned partner, const id *handle);
err duty_destroyed_fold(struct guard *g, const struct leaf_head *head);

/* duty_rows - for LOOK_DUTIES, from that row on;   duty_status - lines of the status */
void duty_rows(struct guard *g, unsigned from, struct writer *w);
void duty_status(const struct guard *g, struct writer *w);

/* the letters `loss`, `found` and `certificate` (duty_letters.c) */
void duty_letters_turn(struct guard *g);
err  letter_loss_check(struct guard *g, const struct letter_view *v);
err  letter_loss_fold(struct guard *g, const struct letter_view *v);
err  letter_loss_sent_fold(struct guard *g, const struct letter_view *v);
err  letter_found_check(struct guard *g, const struct letter_view *v);
err  letter_found_fold(struct guard *g, const struct letter_view *v);
err  letter_found_sent_fold(struct guard *g, const struct letter_view *v);
err  letter_certificate_check(struct guard *g, const struct letter_view *v);
err  letter_certificate_fold(struct guard *g, const struct letter_view *v);
err  letter_certificate_sent_fold(struct guard *g, const struct letter_view *v);

#endif
