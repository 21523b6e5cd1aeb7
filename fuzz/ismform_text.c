/* links: ismform */
/* SPDX-License-Identifier: Apache-2.0 */
/* Markings of the register in JSON, in a stanza of XMPP and at an event of Cursor on Target, as the first byte says */
#include "ismform_round.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const char *const form[] = {"ism-json", "xep-0258-ism", "cot"};
    if (len > 0) {
        ismform_round(form[data[0] % ARRAY_LEN(form)], data + 1, len - 1);
    }
    return 0;
}
