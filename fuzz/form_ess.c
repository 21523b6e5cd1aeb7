/* links: form */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../test/unit/form/fuzzing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* A label or clearance in DER, or in base64. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const char *const forms[] = {"ess", "ess-base64"};
    fuzz_forms(forms, ARRAY_LEN(forms), (span){data, len});
    return 0;
}
