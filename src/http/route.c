/* SPDX-License-Identifier: Apache-2.0 */
#include "http/route.h"

static bool is_capture(span segment)
{
    return segment.len > 2 && segment.ptr[0] == '{' && segment.ptr[segment.len - 1] == '}';
}

/* Both begin with '/'.  span_cut cannot tell "a" from "a/", so the count of slashes is compared
 * too.
 */
static size_t slashes(span s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++) {
        count += s.ptr[i] == '/';
    }
    return count;
}

static bool pattern_fits(span pattern, span path, struct route_match *out)
{
    out->count = 0;
    if (slashes(pattern) != slashes(path)) {
        return false;
    }
    while (pattern.len > 0 || path.len > 0) {
        span want = span_cut(&pattern, '/');
        span have = span_cut(&path, '/');
        if (!is_capture(want)) {
            if (!span_equal(want, have)) {
                return false;
            }
            continue;
        }
        MUST(out->count < ROUTE_CAPTURES_MAX);
        if (have.len == 0) {
            return false;
        }
        out->capture[out->count++] = have;
    }
    return true;
}

enum fault route_find(const struct route *table, size_t count, enum method m, span path,
                      struct route_match *out, unsigned *allow)
{
    unsigned others = 0;
    for (size_t i = 0; i < count; i++) {
        struct route_match match = {.route = &table[i]};
        if (!pattern_fits(span_text(table[i].pattern), path, &match)) {
            continue;
        }
        if (table[i].method == m) {
            *out = match;
            return FAULT_NONE;
        }
        others |= 1u << table[i].method;
    }
    if (others == 0) {
        return FAULT_NO_ROUTE;
    }
    *allow = others;
    return FAULT_WRONG_METHOD;
}
