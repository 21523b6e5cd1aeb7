/* SPDX-License-Identifier: Apache-2.0 */
#include "base/writer.h"

struct writer writer_of(void *buf, size_t max)
{
    return (struct writer){.ptr = buf, .max = max};
}

uint8_t *put_space(struct writer *w, size_t len)
{
    if (w->bad || w->max - w->len < len) {
        w->bad = true;
        return NULL;
    }
    uint8_t *at = w->ptr + w->len;
    w->len += len;
    return at;
}

void put_span(struct writer *w, span s)
{
    uint8_t *at = put_space(w, s.len);
    if (at != NULL && s.len > 0) {
        memcpy(at, s.ptr, s.len);
    }
}

void put_text(struct writer *w, const char *s)
{
    put_span(w, span_text(s));
}

/*@ requires writable(w) && len <= 8;
    assigns w->len, w->bad, w->ptr[w->len .. w->max - 1];
    ensures writable(w) && (\old(w->bad) ==> w->bad);
    ensures all_or_nothing: added{Pre, Post}(w, len); */
static void put_number(struct writer *w, uint64_t v, size_t len)
{
    uint8_t *at = put_space(w, len);
    /*@ loop invariant 0 <= i <= len;
        loop assigns i, v, at[0 .. len - 1];
        loop variant i; */
    for (size_t i = len; at != NULL && i > 0; i--) {
        at[i - 1] = (uint8_t)v;
        v >>= 8;
    }
}

void put_u8(struct writer *w, uint8_t v)
{
    uint8_t *at = put_space(w, 1);
    if (at != NULL) {
        *at = v;
    }
}

void put_u16(struct writer *w, uint16_t v)
{
    put_number(w, v, 2);
}

void put_u32(struct writer *w, uint32_t v)
{
    put_number(w, v, 4);
}

void put_u64(struct writer *w, uint64_t v)
{
    put_number(w, v, 8);
}

/*@ logic integer ten_to(integer n) = n <= 0 ? 1 : 10 * ten_to(n - 1); */

void put_decimal(struct writer *w, uint64_t v)
{
    uint8_t digits[20];
    size_t  at = sizeof digits;
    /*@ loop invariant 1 <= at <= 20 && v < ten_to(at);
        loop assigns at, v, digits[0 .. 19];
        loop variant at; */
    do {
        digits[--at] = (uint8_t)('0' + v % 10);
        v /= 10;
    } while (v > 0);
    put_span(w, (span){digits + at, sizeof digits - at});
}

void put_hex(struct writer *w, span s)
{
    static const char digit[] = "0123456789abcdef";
    /*@ loop invariant 0 <= i <= s.len && writable(w) && (\at(w->bad, Pre) ==> w->bad);
        loop invariant w->len >= \at(w->len, Pre);
        loop invariant w->bad || w->len == \at(w->len, Pre) + 2 * i;
        loop assigns i, w->len, w->bad, w->ptr[\at(w->len, Pre) .. w->max - 1];
        loop variant s.len - i; */
    for (size_t i = 0; i < s.len; i++) {
        put_u8(w, (uint8_t)digit[s.ptr[i] / 16]);
        put_u8(w, (uint8_t)digit[s.ptr[i] % 16]);
    }
}

/*@ requires writable(w) && readable(s) && len_bytes <= 8;
    requires \separated(s.ptr + (0 .. s.len - 1), w->ptr + (w->len .. w->max - 1));
    assigns w->len, w->bad, w->ptr[w->len .. w->max - 1];
    ensures writable(w) && (\old(w->bad) ==> w->bad);
    ensures all_or_bad: w->bad ? w->len >= \old(w->len) : w->len == \old(w->len) + len_bytes + s.len;
    ensures length_fits: !w->bad ==> s.len <= max; */
static void put_block(struct writer *w, span s, size_t len_bytes, size_t max)
{
    if (s.len > max) {
        w->bad = true;
        return;
    }
    put_number(w, s.len, len_bytes);
    put_span(w, s);
}

void put_block8(struct writer *w, span s)
{
    put_block(w, s, 1, UINT8_MAX);
}

void put_block16(struct writer *w, span s)
{
    put_block(w, s, 2, UINT16_MAX);
}

void put_block32(struct writer *w, span s)
{
    put_block(w, s, 4, UINT32_MAX);
}

err writer_end(const struct writer *w, span *out)
{
    if (w->bad) {
        return FAIL(LIMIT, "what is to be written is longer than its buffer");
    }
    *out = writer_span(w);
    return OK;
}
