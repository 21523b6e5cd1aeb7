/* links: cli */
/* SPDX-License-Identifier: Apache-2.0 */
/* Records of a ledger, each behind a 16-bit length, as an auditor reads a copy that somebody gave him. */
#include <stdint.h>

#include "base/reader.h"
#include "cli/history.h"
#include "cli/matter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct reader       r = reader_of((span){data, len});
    struct history     *h = history_new();
    struct history_step step;
    while (r.rest.len > 0 && !r.bad) {
        span          record = read_block16(&r, RECORD_MAX);
        struct matter m;
        if (r.bad || err_is(history_take(h, record, &step))) {
            continue;
        }
        if (step.leaf && matter_of(&step.head, &m)) {
            set64 left_out = 0;
            err   e = matter_check(h, &m, &left_out);
            (void)e.code;
        }
    }
    history_index(h);
    history_free(h);
    return 0;
}
