/* SPDX-License-Identifier: Apache-2.0 */
#include "http/queue.h"

size_t queue_need(const struct queue *q, size_t len)
{
    size_t tail = q->last == NULL ? 0 : BLOCK_LEN - q->last->to;
    return len <= tail ? 0 : (len - tail + BLOCK_LEN - 1) / BLOCK_LEN;
}

static void block_append(struct queue *q, struct pool *p)
{
    struct block *b = pool_take(p);
    MUST(b != NULL);
    b->next = NULL;
    b->from = 0;
    b->to = 0;
    if (q->last == NULL) {
        q->first = b;
    } else {
        q->last->next = b;
    }
    q->last = b;
    q->blocks++;
}

void queue_put(struct queue *q, struct pool *p, span s)
{
    while (s.len > 0) {
        if (q->last == NULL || q->last->to == BLOCK_LEN) {
            block_append(q, p);
        }
        size_t room = BLOCK_LEN - q->last->to;
        size_t len = s.len < room ? s.len : room;
        memcpy(q->last->bytes + q->last->to, s.ptr, len);
        q->last->to += (uint32_t)len;
        s = (span){s.ptr + len, s.len - len};
    }
}

span queue_front(const struct queue *q)
{
    const struct block *b = q->first;
    return b == NULL ? (span){0} : (span){b->bytes + b->from, b->to - b->from};
}

void queue_drop(struct queue *q, struct pool *p, size_t len)
{
    MUST(len <= queue_front(q).len);
    struct block *b = q->first;
    if (b == NULL) {
        return;
    }
    b->from += (uint32_t)len;
    if (b->from < b->to) {
        return;
    }
    q->first = b->next;
    q->last = b->next == NULL ? NULL : q->last;
    q->blocks--;
    pool_give(p, b);
}

bool queue_cut(struct queue *q, struct pool *p, size_t len)
{
    struct block *b = q->first;
    MUST(len <= queue_front(q).len);
    if (b == NULL) {
        return false;
    }
    bool any = b->next != NULL || b->from + len < b->to;
    b->to = b->from + (uint32_t)len;
    while (b->next != NULL) {
        struct block *next = b->next;
        b->next = next->next;
        pool_give(p, next);
        q->blocks--;
    }
    q->last = b;
    if (len == 0) {
        q->first = q->last = NULL;
        q->blocks--;
        pool_give(p, b);
    }
    return any;
}

void queue_clear(struct queue *q, struct pool *p)
{
    while (q->first != NULL) {
        queue_drop(q, p, queue_front(q).len);
    }
}
