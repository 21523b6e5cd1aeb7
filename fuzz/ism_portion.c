/* links: ism */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../test/unit/ism/sample.h"
#include "ism/rollup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Two portions, a newline between: each that is read writes itself so that it reads the same, save
 * (S//REL), which is written out; and two are made one */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct groups *g = sample_groups();
    struct ism           page, m[2], again;
    struct ism_fault     fault = {0};
    span                 rest = {data, len};
    MUST(!err_is(ism_banner_read(g, SPAN_LIT("SECRET//REL TO USA, JPN, KOR"), &page, &fault)));
    for (size_t i = 0; i < 2; i++) {
        uint8_t       buf[ISM_LINE_MAX];
        struct writer w = WRITER_OF(buf);
        err           e = ism_portion_read(g, span_cut(&rest, '\n'), &page, &m[i], &fault);
        if (err_is(e)) {
            MUST(fault.rule != NULL && fault.why != NULL && fault.at <= len);
            return 0;
        }
        /* What a portion says of a part of NATO cannot be read back, so it is not written */
        if (!err_is(ism_portion_write(g, &m[i], &w, &fault))) {
            MUST(!err_is(ism_portion_read(g, writer_span(&w), NULL, &again, &fault)));
            MUST(ism_equal(&m[i], &again));
        }
    }
    err e = ism_rollup(g, ISM_CLOSED, m, 2, &again);
    MUST(!err_is(e) || e.why != NULL);
    return 0;
}
