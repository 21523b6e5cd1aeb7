/* SPDX-License-Identifier: Apache-2.0 */
/* releasableTo: a list of codes, without a rule of their order (docs/format/cot-profile.md). */
#include "feed/cot.h"

#define BETWEEN ", \t\r\n"

/* The next code of a list; empty at its end */
static span code_next(const char **rest)
{
    const char *at = *rest + strspn(*rest, BETWEEN);
    size_t      len = strcspn(at, BETWEEN);
    *rest = at + len;
    return (span){(const uint8_t *)at, len};
}

static unsigned codes_like(const char *list, span code)
{
    unsigned count = 0;
    for (span one = code_next(&list); one.len > 0; one = code_next(&list)) {
        count += span_equal(one, code) ? 1 : 0;
    }
    return count;
}

static bool within(const char *a, const char *b)
{
    const char *rest = a;
    for (span one = code_next(&rest); one.len > 0; one = code_next(&rest)) {
        if (codes_like(a, one) != codes_like(b, one)) {
            return false;
        }
    }
    return true;
}

bool cot_lists_equal(const char *a, const char *b)
{
    return within(a, b) && within(b, a);
}
