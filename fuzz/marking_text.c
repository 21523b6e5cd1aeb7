/* links: marking */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../test/unit/marking/sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* What is read writes itself back as the very same bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct policies all;
    uint8_t                buf[4096];
    struct writer          w = WRITER_OF(buf);
    struct marking         m;
    if (all.count == 0) {
        sample_policies(&all);
    }
    if (!err_is(marking_read(&all, (span){data, len}, &m))) {
        MUST(!err_is(marking_valid(&all, &m)));
        marking_format(&all, &m, &w);
        MUST(span_equal(writer_span(&w), (span){data, len}));
    }
    return 0;
}
