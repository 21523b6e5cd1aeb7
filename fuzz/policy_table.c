/* links: marking */
/* SPDX-License-Identifier: Apache-2.0 */
#include "marking/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* What is read writes itself back as the very same bytes; what is refused leaves nothing behind. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const uint8_t   digest[32];
    static struct policies all, none;
    static uint8_t         buf[POLICY_TABLE_MAX];
    struct writer          w = WRITER_OF(buf);
    span                   table = {data, len};
    if (err_is(policy_read(&all, table, digest))) {
        MUST(memcmp(&all, &none, sizeof all) == 0);
        return 0;
    }
    MUST(all.count == 1 && !err_is(policy_valid(&all, &all.policy[0])));
    policy_write(&all, &all.policy[0], &w);
    MUST(span_equal(writer_span(&w), table));
    memset(&all, 0, sizeof all);
    return 0;
}
