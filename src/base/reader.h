/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_READER_H
#define BASE_READER_H

#include "base/err.h"
#include "base/span.h"

/* reader - a cursor over bytes from outside
 *
 * The first failure sticks: later reads return zeros and empty spans, and reader_end reports it. So
 * a decoder reads all its fields in a row and asks once.  All numbers are big-endian. */
struct reader {
    span rest;
    bool bad;
};

/*@ predicate bounded{L}(struct reader *r) = readable{L}(r->rest) &&
        \separated(r, r->rest.ptr + (0 .. r->rest.len - 1));
    predicate read_on{A, B}(struct reader *r) = bounded{B}(r) && \at(r->rest.len, B) <= \at(r->rest.len, A) &&
        \at(r->rest.ptr, B) == \at(r->rest.ptr, A) + (\at(r->rest.len, A) - \at(r->rest.len, B)) &&
        (\at(r->bad, A) ==> \at(r->bad, B));
    predicate behind{A, B}(struct reader *r, span got) = readable{B}(got) &&
        got.ptr + got.len == \at(r->rest.ptr, B) && got.len + \at(r->rest.len, B) <= \at(r->rest.len, A); */

/*@ assigns \nothing;
    ensures \result.rest == bytes && !\result.bad; */
struct reader reader_of(span bytes);
/*@ requires \valid(r) && bounded(r);
    assigns *r;
    ensures read_on{Pre, Here}(r); */
uint8_t read_u8(struct reader *r);
/*@ requires \valid(r) && bounded(r);
    assigns *r;
    ensures read_on{Pre, Here}(r); */
uint16_t read_u16(struct reader *r);
/*@ requires \valid(r) && bounded(r);
    assigns *r;
    ensures read_on{Pre, Here}(r); */
uint32_t read_u32(struct reader *r);
/*@ requires \valid(r) && bounded(r);
    assigns *r;
    ensures read_on{Pre, Here}(r); */
uint64_t read_u64(struct reader *r);

/* read_bytes - the next len bytes, not copied; empty when there are fewer */
/*@ requires \valid(r) && bounded(r);
    assigns *r;
    ensures read_on{Pre, Here}(r) && behind{Pre, Here}(r, \result);
    ensures all_or_nothing: \result.len == (r->bad ? 0 : len);
    ensures in_order: \result.ptr == \old(r->rest.ptr);
    ensures nothing_is_lost: r->rest.len + \result.len == \old(r->rest.len); */
span read_bytes(struct reader *r, size_t len);

/* read_copy - the next len bytes into out; zeros when there are fewer */
/*@ requires \valid(r) && bounded(r);
    requires len == 0 || \valid((uint8_t *)out + (0 .. len - 1));
    requires \separated(r, (uint8_t *)out + (0 .. len - 1));
    requires \separated((uint8_t *)out + (0 .. len - 1), r->rest.ptr + (0 .. r->rest.len - 1));
    assigns *r, ((uint8_t *)out)[0 .. len - 1];
    ensures read_on{Pre, Here}(r); */
void read_copy(struct reader *r, void *out, size_t len);

/* read_block8/16/32 - a length of that many bits, then so many bytes; bad when longer than max */
/*@ requires \valid(r) && bounded(r);
    assigns *r;
    ensures read_on{Pre, Here}(r) && behind{Pre, Here}(r, \result);
    ensures no_longer: \result.len <= max && (r->bad ==> \result.len == 0); */
span read_block8(struct reader *r, size_t max);
/*@ requires \valid(r) && bounded(r);
    assigns *r;
    ensures read_on{Pre, Here}(r) && behind{Pre, Here}(r, \result);
    ensures no_longer: \result.len <= max && (r->bad ==> \result.len == 0); */
span read_block16(struct reader *r, size_t max);
/*@ requires \valid(r) && bounded(r);
    assigns *r;
    ensures read_on{Pre, Here}(r) && behind{Pre, Here}(r, \result);
    ensures no_longer: \result.len <= max && (r->bad ==> \result.len == 0); */
span read_block32(struct reader *r, size_t max);

/* reader_end - did everything fit, and is nothing left?
 *
 * fails   MALFORMED on a short, oversized or left-over byte */
/*@ requires \valid_read(r);
    assigns \nothing;
    ensures \result.code == ERR_NONE <==> !r->bad && r->rest.len == 0; */
err reader_end(const struct reader *r);

#endif
