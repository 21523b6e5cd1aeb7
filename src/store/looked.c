/* SPDX-License-Identifier: Apache-2.0 */
#include "store/looked.h"

#include "base/writer.h"
#include "crypt/hash.h"

_Static_assert(SHA256_LEN == 32, "a place holds a sum");
_Static_assert(sizeof LOOKED_HEAD - 1 <= SEGMENT_HEAD_LEN / LOOKED_GRAIN * SHA256_LEN,
               "what it begins with lies before the first sum");

static uint64_t place_of(uint64_t position)
{
    return position / LOOKED_GRAIN * SHA256_LEN;
}

static void sum_of(const struct log_item *item, uint8_t out[static SHA256_LEN])
{
    uint8_t       head[10];
    struct writer w = WRITER_OF(head);
    put_u64(&w, item->position);
    put_u8(&w, item->kind);
    put_u8(&w, item->type);
    sha256_parts((const span[]){writer_span(&w), item->body}, 2, out);
}

err looked_put(struct block_file *f, const struct log_item *item)
{
    uint8_t sum[SHA256_LEN];
    if (record_len(item->body.len) < LOOKED_GRAIN) {
        return FAIL(LIMIT, "a record is too short for what leaves");
    }
    sum_of(item, sum);
    return block_write(f, place_of(item->position), SPAN_OF(sum));
}

err looked_same(struct block_file *f, const struct log_item *item, bool *same)
{
    uint8_t sum[SHA256_LEN], kept[SHA256_LEN];
    sum_of(item, sum);
    TRY(block_read(f, place_of(item->position), kept, sizeof kept));
    *same = memcmp(kept, sum, sizeof sum) == 0;
    return OK;
}
