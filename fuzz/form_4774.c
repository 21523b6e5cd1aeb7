/* links: form */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../test/unit/form/fuzzing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* A label or clearance in XML: STANAG 4774, XEP-0258, spiffing's own; the guess may be wrong. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const char *const forms[] = {"stanag4774", "xep-0258", "spiffy", "ess-xer"};
    fuzz_forms(forms, ARRAY_LEN(forms), (span){data, len});
    return 0;
}
