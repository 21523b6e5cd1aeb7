/* links: agreement */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../test/unit/agreement/sample.h"
#include "agreement/agreement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* What is read writes itself back as the very same bytes; what is refused leaves nothing behind. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const uint8_t    digest[32];
    static struct policies  all;
    static struct agreement a, no_agreement;
    static struct rules     r, no_rules;
    static uint8_t          buf[AGREEMENT_TABLE_MAX];
    span                    table = {data, len};
    if (all.count == 0) {
        sample_policies(&all, false);
    }
    struct writer w = WRITER_OF(buf);
    if (!err_is(agreement_read(&all, table, digest, &a))) {
        agreement_write(&all, &a, &w);
        MUST(span_equal(writer_span(&w), table));
        a = no_agreement;
    } else if (!err_is(rules_read(&all, table, digest, &r))) {
        rules_write(&all, &r, &w);
        MUST(span_equal(writer_span(&w), table));
        r = no_rules;
    }
    MUST(memcmp(&a, &no_agreement, sizeof a) == 0 && memcmp(&r, &no_rules, sizeof r) == 0);
    return 0;
}
