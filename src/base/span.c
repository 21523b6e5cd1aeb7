/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"

int span_order(span a, span b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int    order = len == 0 ? 0 : memcmp(a.ptr, b.ptr, len);
    if (order != 0) {
        return order;
    }
    return (a.len > b.len) - (a.len < b.len);
}

bool span_starts(span a, span prefix)
{
    return a.len >= prefix.len && span_equal((span){a.ptr, prefix.len}, prefix);
}

span span_cut(span *rest, uint8_t at)
{
    span           all = *rest;
    const uint8_t *hit = all.len == 0 ? NULL : memchr(all.ptr, at, all.len);
    if (hit == NULL) {
        *rest = all.len == 0 ? all : (span){all.ptr + all.len, 0};
        return all;
    }
    size_t len = (size_t)(hit - all.ptr);
    *rest = (span){hit + 1, all.len - len - 1};
    return (span){all.ptr, len};
}

/*@ assigns \nothing; */
static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

span span_trim(span a)
{
    /*@ loop invariant readable(a) && a.len <= \at(a, Pre).len;
        loop assigns a;
        loop variant a.len; */
    while (a.len > 0 && is_blank(a.ptr[0])) {
        a.ptr++;
        a.len--;
    }
    /*@ loop invariant readable(a) && a.len <= \at(a, Pre).len;
        loop assigns a.len;
        loop variant a.len; */
    while (a.len > 0 && is_blank(a.ptr[a.len - 1])) {
        a.len--;
    }
    return a;
}
