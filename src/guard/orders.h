/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_ORDERS_H
#define GUARD_ORDERS_H

#include "base/set64.h"
#include "guard/mailbox.h"

/* Recall and destruction: an order is recorded (intent), carried out, and recorded as done; at a start
 * what has no second leaf is carried out again (docs/format/recall.md). */

#define ORDER_IDS_MAX   3072 /* epochs of one order: 48 KiB, an act's attachment */
#define ORDERS_MAX      16   /* orders that are not done */
#define ORDER_TICK_IDS  512  /* slots that one turn changes */
#define ORDER_MAIL_IDS  200  /* handles in one letter */
#define ORDERS_SENT_MAX 1024 /* letters `order` whose `done` is looked for */

enum order_kind { ORDER_RECALL, ORDER_DESTROY, ORDER_KIND_COUNT };

struct order {
    bool            open;
    enum order_kind kind;
    set64           partners;    /* all ones: everybody that was given it */
    uint64_t        leaf;        /* the intent */
    uint32_t        count, next; /* ids, and how many are done */
    unsigned        partner;     /* whose letters are being written */
    id              ids[ORDER_IDS_MAX];
};

/* orders_turn - a bounded part of what is open; from guard_tick;   orders_wait - is there any? */
void orders_turn(struct guard *g);
bool orders_wait(const struct guard *g);

/* order_send - a letter that orders a partner to recall these handles; used by orders and by
 * onward-revoke
 * fails   as letter_send */
err order_send(struct guard *g, unsigned partner, enum order_kind kind, uint64_t leaf,
               const id *handles, size_t count);

err  letter_order_check(struct guard *g, const struct letter_view *v);
void letter_order_done(struct guard *g, const struct letter_view *v);
err  letter_done_check(struct guard *g, const struct letter_view *v);
err  letter_done_fold(struct guard *g, const struct letter_view *v);

#endif
