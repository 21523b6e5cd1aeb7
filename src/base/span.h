/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* span - bytes that somebody else owns; by value; never NUL-terminated */
typedef struct span {
    const uint8_t *ptr;
    size_t         len;
} span;

/*@ predicate readable{L}(span s) = s.len == 0 || \valid_read{L}(s.ptr + (0 .. s.len - 1)); */

#define SPAN_LIT(s)  ((span){(const uint8_t *)("" s), sizeof(s) - 1})
#define SPAN_OF(a)   ((span){(const uint8_t *)(a), sizeof(a)})
#define ARRAY_LEN(a) (sizeof(a) / sizeof *(a))
#define SPAN_FMT     "%.*s"
#define SPAN_ARG(s)  (int)(s).len, (const char *)(s).ptr

/*@ requires valid_read_string(s);
    assigns \nothing;
    ensures readable(\result) && \result.ptr == (uint8_t *)s && \result.len == strlen(s); */
static inline span span_text(const char *s)
{
    return (span){(const uint8_t *)s, strlen(s)};
}

/*@ requires readable(a) && readable(b);
    assigns \nothing; */
static inline bool span_equal(span a, span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/*@ requires readable(a);
    assigns \nothing; */
static inline bool span_is(span a, const char *text)
{
    return span_equal(a, span_text(text));
}

/* span_order - <0, 0, >0 by bytes, the shorter first when one starts the other */
/*@ requires readable(a) && readable(b);
    assigns \nothing; */
int span_order(span a, span b);

/* span_starts - does a start with prefix? */
/*@ requires readable(a) && readable(prefix);
    assigns \nothing;
    ensures \result ==> a.len >= prefix.len; */
bool span_starts(span a, span prefix);

/* span_cut - split at the first `at`
 *
 * rest    in: what is to be split; out: what follows `at` (empty when there is none)
 * returns what stood before `at` (all, when there is none) */
/*@ requires \valid(rest) && readable(*rest);
    requires \separated(rest, rest->ptr + (0 .. rest->len - 1));
    assigns *rest;
    ensures within_it: readable(\result) && readable(*rest);
    ensures a_byte_at_most_is_lost: \result.len + rest->len <= \old(rest->len) <= \result.len + rest->len + 1;
    ensures from_the_start: \result.ptr == \old(rest->ptr); */
span span_cut(span *rest, uint8_t at);

/* span_trim - without leading and trailing blanks, tabs, CR and LF */
/*@ requires readable(a);
    assigns \nothing;
    ensures readable(\result) && \result.len <= a.len; */
span span_trim(span a);

#endif
