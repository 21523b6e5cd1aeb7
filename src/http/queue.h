/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_QUEUE_H
#define HTTP_QUEUE_H

#include "base/span.h"
#include "http/pool.h"

/* BLOCK_LEN - what one TLS record carries (RFC 8446 section 5.1), so that everything queued in a turn of
 * the loop leaves in as few records as can be; see docs/why/http.md */
#define BLOCK_LEN 16384

/* block - a piece of a queue, from a pool whose buffers are sizeof(struct block) */
struct block {
    struct block *next;
    uint32_t      from; /* bytes already sent */
    uint32_t      to;   /* bytes filled */
    uint8_t       bytes[BLOCK_LEN];
};

/* queue - bytes on their way to one client
 *
 * An empty queue holds no block.  Bytes are appended to the last block before a new one is taken, so
 * pieces coalesce by themselves. */
struct queue {
    struct block *first;
    struct block *last;
    size_t        blocks;
};

/* queue_need - blocks that queue_put would take from the pool for so many bytes */
size_t queue_need(const struct queue *q, size_t len);

/* queue_put - the pool has queue_need blocks */
void queue_put(struct queue *q, struct pool *p, span s);

/* queue_front - the next bytes to send, at most BLOCK_LEN; empty when there are none
 * queue_drop  - `len` of them have been sent */
span queue_front(const struct queue *q);
void queue_drop(struct queue *q, struct pool *p, size_t len);

/* queue_cut - of what waits keep the first len bytes, which may be all that TLS has begun to send; is any gone? */
bool queue_cut(struct queue *q, struct pool *p, size_t len);
void queue_clear(struct queue *q, struct pool *p);

#endif
