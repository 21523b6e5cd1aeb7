/* links: marking */
/* SPDX-License-Identifier: Apache-2.0 */
#include "marking/banner.h"
#include "../test/unit/marking/sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* The first byte says whose banner it is.  What is read writes itself back as the very same bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct policies all;
    uint8_t                buf[BANNER_MAX];
    struct writer          w = WRITER_OF(buf);
    struct marking         m;
    if (all.count == 0) {
        sample_policies(&all);
        sample_policy(&all, "USA");
    }
    if (len == 0) {
        return 0;
    }
    struct banner_context c = {data[0] & 3, 1, 1};
    span                  line = {data + 1, len - 1};
    if (!err_is(banner_read(&all, &c, line, &m))) {
        MUST(!err_is(banner_write(&all, &m, &w)));
        MUST(span_equal(writer_span(&w), line));
    }
    return 0;
}
