/* links: spif */
/* SPDX-License-Identifier: Apache-2.0 */
#include "spif/spif.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* What compiles is a table that policy_read takes; what is refused has a reason. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const uint8_t   digest[32];
    static struct policies all;
    static uint8_t         table[POLICY_TABLE_MAX];
    struct writer          w = WRITER_OF(table);
    struct spif_problem    problem;
    err                    e = spif_compile((span){data, len}, &w, &problem);
    MUST(err_is(e) == (problem.why != NULL));
    if (!err_is(e)) {
        memset(&all, 0, sizeof all);
        MUST(!err_is(policy_read(&all, writer_span(&w), digest)));
    }
    return 0;
}
