/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/queue.h"

#include "sim/grow.h"

static bool before(const struct event *a, const struct event *b)
{
    return a->at_us != b->at_us ? a->at_us < b->at_us : a->tie < b->tie;
}

static void swap(struct event *a, struct event *b)
{
    struct event t = *a;
    *a = *b;
    *b = t;
}

void queue_put(struct queue *q, const struct event *e, span bytes)
{
    q->heap = grow(q->heap, &q->count, &q->max, sizeof *q->heap);
    size_t i = q->count - 1;
    q->heap[i] = *e;
    q->heap[i].bytes = bytes.len > 0 ? bytes_keep(bytes) : NULL;
    q->heap[i].len = bytes.len;
    for (; i > 0 && before(&q->heap[i], &q->heap[(i - 1) / 2]); i = (i - 1) / 2) {
        swap(&q->heap[i], &q->heap[(i - 1) / 2]);
    }
}

static void sink(struct queue *q)
{
    for (size_t i = 0;;) {
        size_t least = i, left = 2 * i + 1, right = left + 1;
        least = left < q->count && before(&q->heap[left], &q->heap[least]) ? left : least;
        least = right < q->count && before(&q->heap[right], &q->heap[least]) ? right : least;
        if (least == i) {
            return;
        }
        swap(&q->heap[i], &q->heap[least]);
        i = least;
    }
}

bool queue_take(struct queue *q, struct event *out)
{
    if (q->count == 0) {
        return false;
    }
    *out = q->heap[0];
    q->heap[0] = q->heap[--q->count];
    sink(q);
    return true;
}

void event_done(struct event *e)
{
    free(e->bytes);
    e->bytes = NULL;
}

void queue_free(struct queue *q)
{
    for (size_t i = 0; i < q->count; i++) {
        free(q->heap[i].bytes);
    }
    free(q->heap);
    *q = (struct queue){0};
}
