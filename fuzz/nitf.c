/* links: ismform */
/* SPDX-License-Identifier: Apache-2.0 */
#include "ismform_round.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    ismform_round("nitf", data, len);
    return 0;
}
