/* links: check */
/* SPDX-License-Identifier: Apache-2.0 */
/* A batch, as wire/ and as check/ read it: both take the same, and find the same items.  The content of an opened item, too. */
#include "check/batch_own.h"
#include "pouch/seal.h"

static void the_same(const struct own_batch *own, const struct batch *b)
{
    span items = b->items;
    MUST(id_equal(&own->handle, &b->handle) && own->first == b->first && own->count == b->count);
    MUST(own->depth == b->depth && own->place == b->place && own->signature == b->signature.ptr);
    MUST(own->path == b->path.ptr);
    for (unsigned i = 0; i < own->count; i++) {
        span item = batch_item(&items);
        MUST(item.ptr == own->at[i] && item.len == own->len[i]);
    }
}

static void content(span opened)
{
    span               inner;
    enum inspect_fault f = own_plain(opened, &inner);
    MUST(f == INSPECT_PASS || f == INSPECT_LENGTH || f == INSPECT_PADDING || f == INSPECT_BUCKET);
    MUST(f != INSPECT_PASS || seal_bucket(4 + inner.len) == opened.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct own_batch own;
    struct batch            b;
    span                    all = {data, len};
    bool                    taken = own_batch_read(all, &own) == INSPECT_PASS;
    MUST(taken == !err_is(batch_read(all, &b)));
    if (taken) {
        the_same(&own, &b);
    }
    content(all);
    return 0;
}
