/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/batch.h"

/*@ requires readable(items);
    assigns \nothing; */
static bool items_fit(span items, uint16_t count)
{
    struct reader r = reader_of(items);
    /*@ loop invariant 0 <= i <= count && bounded(&r);
        loop assigns i, r;
        loop variant count - i; */
    for (unsigned i = 0; i < count; i++) {
        span item = read_block32(&r, ITEM_PLAIN_MAX + ITEM_TAG_LEN);
        r.bad = r.bad || item.len <= ITEM_TAG_LEN;
    }
    return !err_is(reader_end(&r));
}

err batch_read(span bytes, struct batch *out)
{
    struct reader r = reader_of(bytes);
    struct batch  b = {.handle = read_id(&r)};
    b.first = read_u64(&r);
    b.count = read_u16(&r);
    b.items = read_block32(&r, BATCH_MAX);
    b.depth = read_u8(&r);
    b.place = read_u16(&r);
    b.signature = read_bytes(&r, 64);
    b.path = read_bytes(&r, (size_t)b.depth * 32);
    TRY(reader_end(&r));
    if (b.count == 0 || b.count > BATCH_COUNT_MAX || b.depth > BATCH_DEPTH_MAX ||
        b.first > UINT64_MAX - b.count) {
        return FAIL(LIMIT, "a batch holds 1 to 1024 items and a turn at most 64 epochs");
    }
    if (b.place >= 1u << b.depth || !items_fit(b.items, b.count)) {
        return FAIL(MALFORMED, "the items of a batch do not add up");
    }
    *out = b;
    return OK;
}

span batch_item(span *items)
{
    struct reader r = reader_of(*items);
    span          item = read_block32(&r, ITEM_PLAIN_MAX + ITEM_TAG_LEN);
    *items = r.rest;
    return item;
}
