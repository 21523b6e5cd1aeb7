/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_WRITER_H
#define BASE_WRITER_H

#include "base/err.h"
#include "base/span.h"

/* writer - bytes into a buffer that the caller owns
 *
 * The first overflow sticks; nothing is written past the end; writer_end reports it.  Numbers are
 * big-endian.  `put_text` and friends make canonical text with the same buffer. */
struct writer {
    uint8_t *ptr;
    size_t   len;
    size_t   max;
    bool     bad;
};

/*@ predicate writable{L}(struct writer *w) = \valid{L}(w) && w->len <= w->max &&
        (w->max == 0 || \valid{L}(w->ptr + (0 .. w->max - 1))) &&
        \separated(w, w->ptr + (0 .. w->max - 1));
    predicate added{L1, L2}(struct writer *w, integer len) =
        \at(w->bad, L2)
            ? (\at(w->bad, L1) || \at(w->max - w->len, L1) < len) && \at(w->len, L2) == \at(w->len, L1)
            : \at(w->len, L2) == \at(w->len, L1) + len; */

#define WRITER_OF(array) (writer_of((array), sizeof(array)))

/*@ requires max == 0 || \valid((uint8_t *)buf + (0 .. max - 1));
    assigns \nothing;
    ensures \result.ptr == (uint8_t *)buf && \result.len == 0 && \result.max == max && !\result.bad; */
struct writer writer_of(void *buf, size_t max);
/*@ requires writable(w);
    assigns w->len, w->bad, w->ptr[w->len .. w->max - 1];
    ensures writable(w) && (\old(w->bad) ==> w->bad);
    ensures all_or_nothing: added{Pre, Post}(w, 1); */
void put_u8(struct writer *w, uint8_t v);
/*@ requires writable(w);
    assigns w->len, w->bad, w->ptr[w->len .. w->max - 1];
    ensures writable(w) && (\old(w->bad) ==> w->bad);
    ensures all_or_nothing: added{Pre, Post}(w, 2); */
void put_u16(struct writer *w, uint16_t v);
/*@ requires writable(w);
    assigns w->len, w->bad, w->ptr[w->len .. w->max - 1];
    ensures writable(w) && (\old(w->bad) ==> w->bad);
    ensures all_or_nothing: added{Pre, Post}(w, 4); */
void put_u32(struct writer *w, uint32_t v);
/*@ requires writable(w);
    assigns w->len, w->bad, w->ptr[w->len .. w->max - 1];
    ensures writable(w) && (\old(w->bad) ==> w->bad);
    ensures all_or_nothing: added{Pre, Post}(w, 8); */
void put_u64(struct writer *w, uint64_t v);
/*@ requires writable(w) && readable(s);
    requires \separated(s.ptr + (0 .. s.len - 1), w->ptr + (w->len .. w->max - 1));
    assigns w->len, w->bad, w->ptr[w->len .. w->max - 1];
    ensures writable(w) && (\old(w->bad) ==> w->bad);
    ensures all_or_nothing: added{Pre, Post}(w, s.len); */
void put_span(struct writer *w, span s);
/*@ requires writable(w) && valid_read_string(s);
    requires \separated(s + (0 .. strlen(s)), (char *)w->ptr + (w->len .. w->max - 1));
    assigns w->len, w->bad, w->ptr[w->len .. w->max - 1];
    ensures writable(w) && (\old(w->bad) ==> w->bad);
    ensures all_or_nothing: added{Pre, Post}(w, strlen(s)); */
void put_text(struct writer *w, const char *s);

/* put_decimal - base ten, no leading zeros; put_hex - lower case */
/*@ requires writable(w);
    assigns w->len, w->bad, w->ptr[w->len .. w->max - 1];
    ensures writable(w) && (\old(w->bad) ==> w->bad);
    ensures no_longer: \old(w->len) <= w->len <= \old(w->len) + 20; */
void put_decimal(struct writer *w, uint64_t v);
/*@ requires writable(w) && readable(s);
    requires \separated(s.ptr + (0 .. s.len - 1), w->ptr + (w->len .. w->max - 1));
    assigns w->len, w->bad, w->ptr[w->len .. w->max - 1];
    ensures writable(w) && (\old(w->bad) ==> w->bad);
    ensures all_or_bad: w->bad ? w->len >= \old(w->len) : w->len == \old(w->len) + 2 * s.len; */
void put_hex(struct writer *w, span s);

/* put_block8/16/32 - a length, then the bytes; bad when the length does not fit */
/*@ requires writable(w) && readable(s);
    requires \separated(s.ptr + (0 .. s.len - 1), w->ptr + (w->len .. w->max - 1));
    assigns w->len, w->bad, w->ptr[w->len .. w->max - 1];
    ensures writable(w) && (\old(w->bad) ==> w->bad);
    ensures all_or_bad: w->bad ? w->len >= \old(w->len) : w->len == \old(w->len) + 1 + s.len;
    ensures length_fits: !w->bad ==> s.len <= UINT8_MAX; */
void put_block8(struct writer *w, span s);
/*@ requires writable(w) && readable(s);
    requires \separated(s.ptr + (0 .. s.len - 1), w->ptr + (w->len .. w->max - 1));
    assigns w->len, w->bad, w->ptr[w->len .. w->max - 1];
    ensures writable(w) && (\old(w->bad) ==> w->bad);
    ensures all_or_bad: w->bad ? w->len >= \old(w->len) : w->len == \old(w->len) + 2 + s.len;
    ensures length_fits: !w->bad ==> s.len <= UINT16_MAX; */
void put_block16(struct writer *w, span s);
/*@ requires writable(w) && readable(s);
    requires \separated(s.ptr + (0 .. s.len - 1), w->ptr + (w->len .. w->max - 1));
    assigns w->len, w->bad, w->ptr[w->len .. w->max - 1];
    ensures writable(w) && (\old(w->bad) ==> w->bad);
    ensures all_or_bad: w->bad ? w->len >= \old(w->len) : w->len == \old(w->len) + 4 + s.len;
    ensures length_fits: !w->bad ==> s.len <= UINT32_MAX; */
void put_block32(struct writer *w, span s);

/* put_space - room for len bytes to be filled in later; NULL when there is none */
/*@ requires writable(w);
    assigns w->len, w->bad;
    ensures writable(w) && (\old(w->bad) ==> w->bad);
    ensures all_or_nothing: added{Pre, Post}(w, len);
    ensures in_it: w->bad ? \result == \null && w->len == \old(w->len)
                          : \result == w->ptr + \old(w->len); */
uint8_t *put_space(struct writer *w, size_t len);

/* writer_end - what was written
 *
 * out     the bytes, in the caller's buffer
 * fails   LIMIT when the buffer was too small */
/*@ requires \valid_read(w) && \valid(out) && \separated(w, out);
    assigns *out;
    ensures \result.code == ERR_NONE <==> !w->bad;
    ensures whole: !w->bad ==> out->ptr == w->ptr && out->len == w->len; */
err writer_end(const struct writer *w, span *out);

/*@ requires \valid_read(w);
    assigns \nothing;
    ensures \result.ptr == w->ptr && \result.len == w->len; */
static inline span writer_span(const struct writer *w)
{
    return (span){w->ptr, w->len};
}

#endif
