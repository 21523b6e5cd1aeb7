/* links: form */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../test/unit/form/fuzzing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* A label or clearance in DER, or in base64. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const char *const forms[] = {"ess", "ess-base64"};
    span                     in = {data, len};
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        const struct form *f = form_find(span_text(forms[i]));
        fuzz_label(f, in, false);
        fuzz_label(f, in, true);
        fuzz_clearance(f, in);
    }

    return 0;
}
