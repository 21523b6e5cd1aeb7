/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_QUEUE_H
#define HTTP_QUEUE_H

#include "base/span.h"
#include "http/pool.h"

/* BLOCK_LEN - what one TLS record carries (RFC 8446 section 5.1), so that everything queued in a turn of
 * the loop leaves in as few records as can be; see docs/why/http.md */
#define BLOCK_LEN 16384

/* block - bytes that wait, from a pool whose buffers are sizeof(struct block)
 *
 * users   how many hold it: queues that have a piece of it, and whoever still writes it */
struct block {
    uint32_t users;
    uint32_t to; /* bytes filled */
    uint8_t  bytes[BLOCK_LEN];
};

/* piece - what one queue has of a block */
struct piece {
    struct block *block;
    uint32_t      from; /* bytes already sent */
    uint32_t      to;
};

/* queue - bytes on their way to one client
 *
 * piece   a ring of so many, the owner's.  An empty queue holds no block.  Bytes are appended to the last block where
 *         nobody else has it, so they coalesce by themselves */
struct queue {
    struct piece *piece;
    uint32_t      first, count, max;
    size_t        bytes; /* of all pieces */
};

/* block_take - empty, held once; NULL when the pool has none
 * block_drop - held once less; the last gives it back */
struct block *block_take(struct pool *p);
void          block_drop(struct pool *p, struct block *b);

/* queue_need - blocks that queue_put would take from the pool for so many bytes */
size_t queue_need(const struct queue *q, size_t len);

/* queue_put - copied; the pool has queue_need blocks, the ring as many places */
void queue_put(struct queue *q, struct pool *p, span s);

/* queue_follows - does this queue end where the piece begins?  Then it needs no place in the ring
 * queue_share   - a piece of a block that others have too, not copied; it follows, or the ring has a place */
bool queue_follows(const struct queue *q, const struct piece *x);
void queue_share(struct queue *q, const struct piece *x);

/* queue_front - the next bytes to send, at most BLOCK_LEN; empty when there are none
 * queue_drop  - `len` of them have been sent */
span queue_front(const struct queue *q);
void queue_drop(struct queue *q, struct pool *p, size_t len);

/* queue_cut - of what waits keep the first len bytes, which may be all that TLS has begun to send; is any gone? */
bool queue_cut(struct queue *q, struct pool *p, size_t len);
void queue_clear(struct queue *q, struct pool *p);

#endif
