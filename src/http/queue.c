/* SPDX-License-Identifier: Apache-2.0 */
#include "http/queue.h"

struct block *block_take(struct pool *p)
{
    struct block *b = pool_take(p);
    if (b != NULL) {
        b->users = 1;
        b->to = 0;
    }
    return b;
}

void block_drop(struct pool *p, struct block *b)
{
    if (--b->users == 0) {
        pool_give(p, b);
    }
}

static struct piece *piece_at(const struct queue *q, uint32_t place)
{
    return &q->piece[(q->first + place) % q->max];
}

static struct piece *last_of(const struct queue *q)
{
    return q->count == 0 ? NULL : piece_at(q, q->count - 1);
}

/* Room behind the last piece: none in what others have too. */
static size_t tail_of(const struct queue *q)
{
    const struct piece *last = last_of(q);
    return last == NULL || last->block->users > 1 ? 0 : BLOCK_LEN - last->to;
}

size_t queue_need(const struct queue *q, size_t len)
{
    size_t tail = tail_of(q);
    return len <= tail ? 0 : (len - tail + BLOCK_LEN - 1) / BLOCK_LEN;
}

static void piece_append(struct queue *q, const struct piece *x)
{
    MUST(q->count < q->max);
    q->count++;
    *last_of(q) = *x;
}

void queue_put(struct queue *q, struct pool *p, span s)
{
    while (s.len > 0) {
        if (tail_of(q) == 0) {
            struct block *b = block_take(p);
            MUST(b != NULL);
            piece_append(q, &(struct piece){b, 0, 0});
        }
        struct piece *last = last_of(q);
        size_t        room = BLOCK_LEN - last->to;
        size_t        len = s.len < room ? s.len : room;
        memcpy(last->block->bytes + last->to, s.ptr, len);
        last->to += (uint32_t)len;
        last->block->to = last->to;
        q->bytes += len;
        s = (span){s.ptr + len, s.len - len};
    }
}

bool queue_follows(const struct queue *q, const struct piece *x)
{
    const struct piece *last = last_of(q);
    return last != NULL && last->block == x->block && last->to == x->from;
}

void queue_share(struct queue *q, const struct piece *x)
{
    q->bytes += x->to - x->from;
    if (queue_follows(q, x)) {
        last_of(q)->to = x->to;
        return;
    }
    x->block->users++;
    piece_append(q, x);
}

span queue_front(const struct queue *q)
{
    const struct piece *x = &q->piece[q->first];
    return q->count == 0 ? (span){0} : (span){x->block->bytes + x->from, x->to - x->from};
}

void queue_drop(struct queue *q, struct pool *p, size_t len)
{
    MUST(len <= queue_front(q).len);
    if (q->count == 0) {
        return;
    }
    struct piece *x = &q->piece[q->first];
    x->from += (uint32_t)len;
    q->bytes -= len;
    if (x->from == x->to) {
        block_drop(p, x->block);
        q->count--;
        q->first = q->count == 0 ? 0 : (q->first + 1) % q->max;
    }
}

bool queue_cut(struct queue *q, struct pool *p, size_t len)
{
    MUST(len <= queue_front(q).len);
    if (q->count == 0) {
        return false;
    }
    struct piece *x = &q->piece[q->first];
    bool          any = q->count > 1 || x->from + len < x->to;
    for (; q->count > 1; q->count--) {
        block_drop(p, last_of(q)->block);
    }
    x->to = x->from + (uint32_t)len;
    q->bytes = len;
    if (len == 0) {
        queue_drop(q, p, 0);
    }
    return any;
}

void queue_clear(struct queue *q, struct pool *p)
{
    while (q->count > 0) {
        queue_drop(q, p, queue_front(q).len);
    }
}
