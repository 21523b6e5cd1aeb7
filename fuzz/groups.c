/* links: ism */
/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/places.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* A table is read whole or not at all; each code of it is found again, and expanding ends */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct groups g;
    unsigned             line = 0;
    if (err_is(groups_read((span){data, len}, &g, &line))) {
        MUST(line > 0 && g.count == 0);
        return 0;
    }
    for (unsigned n = 0; n < g.count; n++) {
        struct places one = {0}, all;
        MUST(code_find(&g, span_text(g.code[n].text)) == n);
        codes_add(&one.codes, n);
        places_expand(&g, g.version, &one, &all);
        MUST(!places_empty(&all));
    }
    return 0;
}
