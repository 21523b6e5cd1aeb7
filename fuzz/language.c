/* links: language */
/* SPDX-License-Identifier: Apache-2.0 */
#include "language/language.h"
#include "../test/unit/agreement/sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void put_both(const struct diagnostics *d, span text)
{
    static uint8_t buf[1 << 16];
    struct writer  w = WRITER_OF(buf);
    diagnostics_put(d, DIAGNOSTIC_TEXT, SPAN_LIT("x"), text, &w);
    diagnostics_put(d, DIAGNOSTIC_JSON, SPAN_LIT("x"), text, &w);
}

/* A text is refused with a reason that has a place in it, or has a table. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct policies    all;
    static struct agreements  parents;
    static struct agreement   a;
    static struct rules       r;
    static struct diagnostics d;
    span                      text = {data, len};
    if (all.count == 0) {
        sample_policies(&all, false);
    }
    d.count = d.errors = d.left_out = 0;
    err e = language_is_rules(text) ? language_check_rules(text, &all, &parents, &d, &r)
                                    : language_check(text, &all, &parents, &d, &a);
    MUST(err_is(e) == (d.errors > 0));
    for (unsigned i = 0; i < d.count; i++) {
        MUST(d.item[i].at.line > 0 && d.item[i].at.column > 0 && d.item[i].sentence[0] != '\0');
    }
    put_both(&d, text);
    return 0;
}
