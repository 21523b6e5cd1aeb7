/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/guard.h"

#include "crypt/hash.h"

#define TITLE "accord\0\1" /* 8 bytes */

void guard_counter_write(const struct guard_counter *c, uint8_t out[static COUNTER_LEN])
{
    struct writer w = writer_of(out, COUNTER_LEN);
    uint8_t       hash[SHA256_LEN];
    put_span(&w, (span){(const uint8_t *)TITLE, 8});
    put_u64(&w, c->size);
    put_span(&w, SPAN_OF(c->root));
    sha256(writer_span(&w), hash);
    put_span(&w, (span){hash, COUNTER_LEN - w.len});
    MUST(!w.bad && w.len == COUNTER_LEN);
}

err guard_counter_read(span bytes, struct guard_counter *out)
{
    struct guard_counter c;
    uint8_t              again[COUNTER_LEN];
    struct reader        r = reader_of(bytes);
    (void)read_bytes(&r, 8);
    c.size = read_u64(&r);
    read_copy(&r, c.root, sizeof c.root);
    if (r.bad || bytes.len != COUNTER_LEN) {
        return FAIL(MALFORMED, "a counter is 64 bytes");
    }
    guard_counter_write(&c, again);
    if (memcmp(again, bytes.ptr, COUNTER_LEN) != 0) {
        return FAIL(FORGED, "the counter is damaged");
    }
    *out = c;
    return OK;
}
