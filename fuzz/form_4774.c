/* links: form */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../test/unit/form/fuzzing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* A label or clearance in XML: STANAG 4774, XEP-0258, spiffing's own; the guess may be wrong. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const char *const forms[] = {"stanag4774", "xep-0258", "spiffy", "ess-xer"};
    span                     in = {data, len};
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        const struct form *f = form_find(span_text(forms[i]));
        fuzz_label(f, in, false);
        fuzz_label(f, in, true);
        fuzz_clearance(f, in);
    }

    return 0;
}
