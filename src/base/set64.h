/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SET64_H
#define BASE_SET64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* set64 - a set of small numbers 0 … 63 */
typedef uint64_t set64;

#define SET64_MAX 64

/*@ logic set64 one_of(integer n) = 0 <= n < SET64_MAX ? (set64)((set64)1 << n) : (set64)0;
    predicate in_set(integer s, integer n) = (s & one_of(n)) != 0;
    predicate only_in_set(integer s, integer n) = in_set(s, n) && s == one_of(n);
    predicate within(integer a, integer b) = (a & (set64)(~b)) == 0; */

/* bits - what the provers of `make proof` do not know of bits; proof/bits.smt2 has it proved of 64 of them */
/*@ axiomatic Bits {
        axiom none_of_both: \forall integer a, b; 0 <= a && 0 <= b && (a | b) == 0 ==> a == 0 && b == 0;
        axiom in_either: \forall integer a, b, n; 0 <= n < SET64_MAX ==>
            (in_set(a | b, n) <==> in_set(a, n) || in_set(b, n)); } */

/*@ assigns \nothing;
    ensures \result == one_of(n); */
static inline set64 set_one(unsigned n)
{
    return n < SET64_MAX ? (set64)1 << n : 0;
}

/*@ assigns \nothing;
    ensures \result <==> in_set(s, n); */
static inline bool set_has(set64 s, unsigned n)
{
    return (s & set_one(n)) != 0;
}

/* set_within - is every member of a in b? */
/*@ assigns \nothing;
    ensures \result <==> within(a, b); */
static inline bool set_within(set64 a, set64 b)
{
    return (a & ~b) == 0;
}

/*@ assigns \nothing; */
static inline unsigned set_count(set64 s)
{
    return (unsigned)__builtin_popcountll(s);
}

/* set_next - the smallest member not below `from`, or SET64_MAX
 *
 * holds   for (unsigned i = set_next(s, 0); i < SET64_MAX; i = set_next(s, i + 1)) visits each once
 */
/*@ assigns \nothing;
    ensures \result == SET64_MAX || from <= \result < SET64_MAX; */
static inline unsigned set_next(set64 s, unsigned from)
{
    set64 left = from < SET64_MAX ? s >> from : 0;
    return left == 0 ? SET64_MAX : from + (unsigned)__builtin_ctzll(left);
}

/* sets_next - the same of a larger set, in so many words; 64 * words when there is none */
static inline size_t sets_next(const set64 *s, size_t words, size_t from)
{
    for (size_t i = from / SET64_MAX; i < words; i++) {
        unsigned at = set_next(s[i], i == from / SET64_MAX ? from % SET64_MAX : 0);
        if (at < SET64_MAX) {
            return i * SET64_MAX + at;
        }
    }
    return words * SET64_MAX;
}

#endif
