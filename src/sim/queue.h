/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_QUEUE_H
#define SIM_QUEUE_H

#include "base/span.h"

/* queue - what is going to happen, in the order of virtual time
 *
 * Two events of one instant come in the order of `tie`, which is drawn from the seed: nobody may rest
 * on one before the other.  What must keep its order is given different times. */

struct event {
    int64_t  at_us;
    uint64_t tie;
    uint8_t  kind;    /* enum happening of the world */
    uint8_t  gateway; /* whose */
    uint8_t  process; /* of that gateway, where it is one's own */
    uint32_t life;    /* of whom it is for: an event for one that is gone is nothing */
    uint32_t a, b;    /* the kind's own */
    uint8_t *bytes;   /* freed by event_done */
    size_t   len;
};

struct queue {
    struct event *heap;
    size_t        count, max;
};

/* queue_put - takes a copy of `bytes`
 * queue_take - the next; false when there is none.  event_done when it has happened */
void queue_put(struct queue *q, const struct event *e, span bytes);
bool queue_take(struct queue *q, struct event *out);
void event_done(struct event *e);
void queue_free(struct queue *q);

#endif
