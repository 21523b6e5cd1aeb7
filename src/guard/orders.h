/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_ORDERS_H
#define GUARD_ORDERS_H

#include "base/set64.h"
#include "guard/limits.h"
#include "guard/mailbox.h"
#include "ledger/leaf.h"
#include "wire/id.h"

/* Recall and destruction: an order is recorded (intent), carried out a bounded part a turn, and recorded
 * as done; at a start what has no second leaf is carried out again (docs/format/recall.md). */

#define ORDER_IDS_MAX   3000 /* epochs of one order: an attachment that fits a request of the desk */
#define ORDERS_EACH_MAX 16   /* orders to one partner that are not done … */
#define ORDERS_ALL_MAX  64 /* … and orders to everybody: a silent partner takes no place of others */
#define ORDERS_MAX      (PARTNERS_MAX * ORDERS_EACH_MAX + ORDERS_ALL_MAX)
#define ORDERS_EACH_IDS 12000 /* epochs in all of these, to one partner */
#define ORDERS_ALL_IDS  48000 /* and to everybody */
#define ORDERS_IDS_MAX  (PARTNERS_MAX * ORDERS_EACH_IDS + ORDERS_ALL_IDS)
#define ORDER_AGAIN_MS  1000 /* what could not be read or overwritten is tried again then */
#define ORDER_TICK_IDS  512  /* slots that one turn reads or changes */
#define ORDER_MAIL_IDS  200  /* handles in one letter */
#define ORDERS_SENT_MAX 1024 /* letters `order` whose `done` is looked for; the oldest make room */
#define ORDERS_DUE_EACH 16   /* own letters `done` to one partner that have not gone */
#define ORDERS_DUE_MAX  (PARTNERS_MAX * ORDERS_DUE_EACH)
#define ORDERED_EACH_MAX                                                                           \
    8192 /* handles that one partner took back, a ring: nothing may come under them */

enum order_kind { ORDER_RECALL, ORDER_DESTROY, ORDER_KIND_COUNT };

/* order_step - first every slot says that it was taken back, so that nothing is given any more; then all
 * who have it are told; then, when it is to be destroyed here too, the slots are overwritten */
enum order_step { ORDER_FREE, ORDER_MARK, ORDER_TELL, ORDER_END };

/* order - own; the first part is a fold, the second is of this start
 *
 * Those to one partner lie together, and those to everybody: each has a share of the places and ids.
 * first, count   its ids in orders.ids; what is carried out leaves no gap */
struct order {
    enum order_kind kind;
    set64           partners; /* all ones: everybody that was given it, and the own slots */
    uint64_t        leaf;     /* the intent */
    uint32_t        total, first, count;

    enum order_step step;
    bool            told_stuck;              /* that it is tried again is on record */
    uint64_t        again_boot_ms;           /* not before this */
    uint8_t  stuck[(ORDER_IDS_MAX + 7) / 8]; /* ids whose slot could not be read or written */
    uint32_t next;                           /* ORDER_MARK, ORDER_END: id that is next */
    uint32_t at[PARTNERS_MAX];               /* ORDER_TELL: id that is next for each partner */
    uint32_t told[PARTNERS_MAX];             /* handles in letters to each */
    uint64_t rests_turn; /* the slots wait until this turn is synced: its act, or its letters */
};

/* order_sent - an own letter `order`, and what came back; or an order that is done, and no letter was sent: then
 * number is ORDER_TO_NOBODY, partner none, and handles the epochs that it names */
#define ORDER_TO_NOBODY UINT64_MAX
struct order_sent {
    uint64_t        number; /* of the letter; 0: free */
    uint64_t        order;  /* leaf */
    enum order_kind kind;
    uint8_t         partner;
    bool            done;
    instant         at;
    uint32_t        handles, gone, missing, opened;
};

/* order_due - a partner's order was carried out here, and is to be answered: a fold */
struct order_due {
    uint64_t number; /* of its letter; 0: free */
    uint64_t order, leaf;
    uint8_t  partner;
    uint8_t  hash[32]; /* of the leaf */
    uint32_t gone, missing, opened;
};

/* ordered - what one partner took back */
struct ordered {
    uint32_t next;
    uint32_t left;      /* so many of them could not be overwritten yet */
    instant  forgotten; /* of the newest letter that made room */
    struct {
        id      handle;
        instant at; /* of its letter */
        bool    left;
    } ring[ORDERED_EACH_MAX];
};

/* order_begun - a partner's order that is on record, without the leaf that says it was carried out: the power
 * failed between the two.  Both are written in one turn, so there is one at most; a fold */
struct order_begun {
    bool     waits;
    unsigned partner;
    uint64_t number; /* of its letter */
    uint32_t len;
    uint8_t  body[LETTER_BODY_MAX];
};

/* ORDERED_OUT_MAX - epochs that were ordered to be destroyed everywhere, by their first bytes; one that falls on the place
 * of another takes it, and that one may be ordered again */
#define ORDERED_OUT_MAX 65536

struct orders {
    struct order       own[ORDERS_MAX];
    id                 ids[ORDERS_IDS_MAX];
    struct order_sent  sent[ORDERS_SENT_MAX];
    struct order_due   due[ORDERS_DUE_MAX];
    struct ordered     ordered[PARTNERS_MAX];
    struct order_begun begun;
    id                 out[ORDERED_OUT_MAX]; /* a fold */
    uint32_t           sent_next;
    uint64_t           again_boot_ms;
    char               why[128]; /* which epoch of a list is wrong */
};

struct leaf_head;

/* orders_turn - a bounded part of what is open; from guard_tick
 * orders_wait - would it do anything now?   orders_open - is any order not done? */
void orders_turn(struct guard *g);
bool orders_wait(const struct guard *g);
bool orders_open(const struct guard *g);

/* order_takes    - does an own order take this epoch back from that partner, and its slot may not say so yet?
 * order_destroys - is it to be destroyed here, and its slot may not say so yet?
 *
 * cost    the ids of all orders that are at ORDER_MARK, which few are at any time */
bool order_takes(const struct guard *g, unsigned partner, const id *epoch);
bool order_destroys(const struct guard *g, const id *epoch);

/* order_send - a letter that orders a partner to recall these handles; used by orders and by
 * onward-revoke
 * fails   as letter_send */
err order_send(struct guard *g, unsigned partner, enum order_kind kind, uint64_t leaf,
               const id *handles, size_t count);

/* order_begun_turn - a partner's order that a start finds begun is carried out; from orders_turn */
void order_begun_turn(struct guard *g);

/* ---- taken.c: what partners took back ---- */

/* taken_add  - a handle that a partner took back, by a letter of then
 * taken_left - its slot could not be overwritten: taken_turn tries it again */
void taken_add(struct guard *g, unsigned partner, const id *handle, instant at);
void taken_left(struct guard *g, unsigned partner, const id *handle);
void taken_turn(struct guard *g);

/* order_sent_nobody - an order is done of which no partner had anything: it shows among those that were sent */
void order_sent_nobody(struct guard *g, const struct order *o, instant at);

/* order_forbids - did that partner take this handle back?  Then no grant under it is taken any more,
 * whether it came before or comes now */
bool order_forbids(const struct guard *g, unsigned partner, const id *handle);

/* order_forgotten - did orders of that partner that came after this instant of its clock make room?  Then
 * nobody knows whether what it granted then was taken back */
bool order_forgotten(const struct guard *g, unsigned partner, instant granted);

/* order_free - it is done: its place is free, and those of its share that lie behind it move up */
void order_free(struct guard *g, struct order *gone);

/* order_leaf - of which kind the second leaf is;   own_order_fold - that leaf, of an own order
 * dues_wait  - would orders_dues write a letter now? */
extern const enum leaf_kind order_leaf[ORDER_KIND_COUNT];
err                         own_order_fold(struct guard *g, const struct leaf_head *head);
bool                        dues_wait(const struct guard *g);

/* recalled_fold - leaf `recalled` or `destroyed`: an own order is done, or a partner's */
err recalled_fold(struct guard *g, const struct leaf_head *head);

/* the letters `order` and `done` */
err  letter_order_check(struct guard *g, const struct letter_view *v);
err  letter_order_fold(struct guard *g, const struct letter_view *v);
err  letter_order_sent_fold(struct guard *g, const struct letter_view *v);
void letter_order_done(struct guard *g, const struct letter_view *v);
err  letter_done_check(struct guard *g, const struct letter_view *v);
err  letter_done_fold(struct guard *g, const struct letter_view *v);
err  letter_done_sent_fold(struct guard *g, const struct letter_view *v);

/* orders_dues - letters `done` that wait, as far as there is room */
void orders_dues(struct guard *g);

/* order_rows - for LOOK_ORDERS, from that row on */
void order_rows(struct guard *g, unsigned from, struct writer *w);

#endif
