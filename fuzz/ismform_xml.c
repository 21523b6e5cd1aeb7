/* links: ismform */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../test/unit/ism/sample.h"
#include "ismform/ismform.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* The forms that are text; the first byte chooses.  What is read and can be written reads the same */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const char *const forms[] = {"ism-xml", "ism-json", "cot", "xep-0258-ism"};
    static uint8_t           buf[ISMFORM_BYTES_MAX];
    const struct groups     *g = sample_groups();
    struct writer            w = WRITER_OF(buf);
    struct ism               m, again;
    struct ismform_problem   p;
    if (len == 0) {
        return 0;
    }
    const struct ismform *f = ismform_find(span_text(forms[data[0] % ARRAY_LEN(forms)]));
    err                   e = ismform_read(f, g, (span){data + 1, len - 1}, &m, &p);
    if (err_is(e)) {
        MUST(p.fault.rule != NULL && e.why != NULL);
        return 0;
    }
    if (!err_is(ismform_write(f, g, &m, &w, &p))) {
        MUST(!err_is(ismform_read(f, g, writer_span(&w), &again, &p)));
        MUST(ism_equal(&m, &again));
    }
    return 0;
}
