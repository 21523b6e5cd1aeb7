/* links: guard */
/* SPDX-License-Identifier: Apache-2.0 */
/* The counter of a ledger, as it lies beside it: what is taken is written as it was read */
#include "guard/guard.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct guard_counter c;
    uint8_t              again[COUNTER_LEN];
    if (!err_is(guard_counter_read((span){data, len}, &c))) {
        guard_counter_write(&c, again);
        MUST(len == COUNTER_LEN && memcmp(again, data, COUNTER_LEN) == 0);
    }
    if (len >= sizeof c.root) { /* one that is good, and one bit of it */
        c.size = data[0];
        memcpy(c.root, data, sizeof c.root);
        guard_counter_write(&c, again);
        MUST(!err_is(guard_counter_read(SPAN_OF(again), &c)));
        again[data[1] % COUNTER_LEN] ^= (uint8_t)(1U << (data[2] & 7));
        MUST(err_is(guard_counter_read(SPAN_OF(again), &c)));
    }
    return 0;
}
