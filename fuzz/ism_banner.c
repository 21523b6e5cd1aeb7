/* links: ism */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../test/unit/ism/sample.h"
#include "ism/attributes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static err attribute_dropped(void *to, span name, span value)
{
    (void)to, (void)name, (void)value;
    return OK;
}

/* What is read writes itself as a line that reads the same, and as attributes or not at all */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct groups *g = sample_groups();
    uint8_t              buf[ISM_LINE_MAX];
    struct writer        w = WRITER_OF(buf);
    struct ism           m, again;
    struct ism_fault     fault = {0};
    err                  e = ism_banner_read(g, (span){data, len}, &m, &fault);
    if (err_is(e)) {
        MUST(fault.rule != NULL && fault.why != NULL && fault.at <= len);
        return 0;
    }
    MUST(!err_is(ism_banner_write(g, &m, &w, &fault)));
    MUST(!err_is(ism_banner_read(g, writer_span(&w), &again, &fault)));
    MUST(ism_equal(&m, &again));
    e = ism_attributes_write(g, &m, attribute_dropped, NULL, &fault);
    MUST(!err_is(e) || fault.rule != NULL);
    return 0;
}
