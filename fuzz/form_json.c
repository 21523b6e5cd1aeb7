/* links: form */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../test/unit/form/fuzzing.h"
#include "form/stix.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void seen(void *context, const struct stix_portion *p)
{
    unsigned *count = context;
    MUST(p->object.ptr != NULL && (!p->marked || p->label.scheme != NULL));
    ++*count;
}

/* A label in JSON or on a line, and the markings of a bundle. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const char *const forms[] = {"ztdf", "stix", "tlp", "misp"};
    fuzz_forms(forms, ARRAY_LEN(forms), (span){data, len});
    static struct form_reader reader;
    unsigned                  count = 0;
    form_reader_init(&reader, sample_catalog(), false);
    MUST(!err_is(stix_portions(&reader, (span){data, len}, seen, &count)) || count == 0);
    return 0;
}
