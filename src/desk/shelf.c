/* SPDX-License-Identifier: Apache-2.0 */
/* Products as far as they have come: of each, where its chunks lie in the logs.  Made again at every start
 * from the logs themselves (docs/why/desk.md). */
#include "desk/state.h"

/* Handles are random already. */
static uint32_t *bucket_of(struct desk *d, const id *handle)
{
    struct reader r = reader_of(id_span(handle));
    return &d->bucket[read_u64(&r) % DESK_PRODUCTS_MAX];
}

uint32_t shelf_find(const struct desk *d, const id *handle)
{
    struct reader r = reader_of(id_span(handle));
    uint32_t      at = d->bucket[read_u64(&r) % DESK_PRODUCTS_MAX];
    while (at != NONE && !id_equal(&d->product[at].handle, handle)) {
        at = d->product[at].next;
    }
    return at;
}

static uint32_t product_add(struct desk *d, const id *handle, const name *partner)
{
    if (d->product_count == DESK_PRODUCTS_MAX) {
        return NONE;
    }
    uint32_t *bucket = bucket_of(d, handle);
    d->product[d->product_count] = (struct product){.handle = *handle,
                                                    .partner = *partner,
                                                    .next = *bucket,
                                                    .chunk_first = NONE,
                                                    .chunk_last = NONE};
    *bucket = d->product_count;
    return d->product_count++;
}

static void chunk_add(struct desk *d, struct product *p, enum log_name log, uint64_t position)
{
    uint32_t at = d->chunk_count++;
    d->chunk[at] = (struct chunk){.position = position, .next = NONE, .log = log};
    if (p->chunk_first == NONE) {
        p->chunk_first = at;
    } else {
        d->chunk[p->chunk_last].next = at;
    }
    p->chunk_last = at;
    p->items++;
}

void shelf_expect(struct desk *d, const id *handle)
{
    static const name nobody;
    if (shelf_find(d, handle) == NONE && product_add(d, handle, &nobody) == NONE) {
        d->counters.dropped++;
    }
}

/* A chunk is a batch of its own.  It counts only as the next, from the one who gave the first: lanes keep
 * order, and whoever else sends under this handle sends rubbish. */
void shelf_put(struct desk *d, enum log_name log, uint64_t position, const name *partner,
               const struct batch *b)
{
    uint32_t at = shelf_find(d, &b->handle);
    if (b->count != 1 || (at == NONE && b->first != 0) || d->chunk_count == DESK_CHUNKS_MAX) {
        d->counters.dropped++;
        return;
    }
    at = at == NONE ? product_add(d, &b->handle, partner) : at;
    if (at == NONE) {
        d->counters.dropped++;
        return;
    }
    struct product *p = &d->product[at];
    p->partner = p->items == 0 ? *partner : p->partner;
    if (p->feed || b->first != p->items || !name_equal(&p->partner, partner)) {
        d->counters.repeated++;
        return;
    }
    chunk_add(d, p, log, position);
}
