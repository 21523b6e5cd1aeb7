/* links: reach */
/* SPDX-License-Identifier: Apache-2.0 */
#include "reach/claim.h"
#include "../test/unit/release/sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* What is read of a sentence can be judged, and what is not read names a word of it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct tables  t;
    static struct corpus *l;
    static struct reach   r;
    struct claim          c;
    span                  about;
    if (l == NULL) {
        sample_tables(&t);
        MUST(!err_is(corpus_new(&t.policies, &l)));
        for (unsigned a = 0; a < t.agreements.count; a++) {
            MUST(!err_is(corpus_add(l, &t.agreements.agreement[a])));
        }
        corpus_ready(l);
        MUST(!err_is(reach_find(l, &(struct query){0, 1, PARTY_NONE}, &r)));
    }
    if (err_is(claim_read(l, (span){data, len}, &c, &about))) {
        MUST(about.len <= len);
        return 0;
    }
    MUST(c.kinds != 0 && c.topics != 0 && c.disciplines != 0 && c.from != 0 && c.to != 0);
    struct finding f = claim_judge(l, &c, &r);
    MUST(c.sort == CLAIM_EVERY || f.shown == (f.holds == (c.sort == CLAIM_SOME)));
    return 0;
}
