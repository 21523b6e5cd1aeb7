/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_DER_H
#define FORM_DER_H

#include "base/writer.h"
#include "form/problem.h"

/* The part of DER (X.690) that labels need: one encoding for each value.  What BER allows beside it is
 * refused by name.  docs/why/forms.md says why it is our own. */

/* Tags, with the bit of a constructed one */
enum der_tag {
    DER_INTEGER = 0x02,
    DER_BITS = 0x03,
    DER_OID = 0x06,
    DER_UTF8 = 0x0c,
    DER_PRINTABLE = 0x13,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_CONTEXT_0 = 0x80, /* primitive [0] */
    DER_CONTEXT_1 = 0xa1, /* constructed [1] */
};

/* DER_OID_TEXT - longest dotted text of an object identifier, with its NUL */
#define DER_OID_TEXT 160

/* der - a cursor over the items of one constructed value
 *
 * in    the whole input, for offsets */
struct der {
    span                 rest, in;
    struct form_problem *problem;
};

/* der_item - one value: its tag and its content
 *
 * whole   with its tag and length, for the order of a SET */
struct der_item {
    uint8_t tag;
    span    body, whole;
};

/* der_next - the next item
 * der_take - the next item, which must have that tag
 *
 * fails   MALFORMED when there is none, on an indefinite length or one that is longer than needed, on a tag
 *         of more than one byte */
err der_next(struct der *d, struct der_item *out);
err der_take(struct der *d, uint8_t tag, struct der_item *out);
err der_end(const struct der *d); /* MALFORMED when something is left */

/* der_within - a cursor over what a constructed item has in it */
struct der der_within(const struct der *d, const struct der_item *item);

/* der_fail - refuse at an item */
err der_fail(const struct der *d, err why, const struct der_item *at, span value);

/* der_integer - 0 … 2^64 - 1, in as few bytes as can be
 * der_oid     - as dotted text; an arc has at most 128 bits, as those below 2.25 have
 * der_bits    - the bits of a BIT STRING: body without its first byte; those left over are 0 */
err der_integer(const struct der *d, const struct der_item *item, uint64_t *out);
err der_oid(const struct der *d, const struct der_item *item, char out[static DER_OID_TEXT]);
err der_bits(const struct der *d, const struct der_item *item, span *out);

/* der_open - begin an item whose length is not known yet: returns where it began, for der_close */
size_t der_open(struct writer *w, uint8_t tag);
void   der_close(struct writer *w, size_t began);

void put_der_integer(struct writer *w, uint64_t v);
void put_der_text(struct writer *w, uint8_t tag, span s);

/* put_der_oid - from dotted text
 *
 * fails   MALFORMED when it is none */
err put_der_oid(struct writer *w, uint8_t tag, span dotted);

/* der_sort - put the items that stand in w from `began` on (behind a der_open) in the order of a SET OF:
 *            by their bytes
 *
 * spare   room for as many bytes as they have */
void der_sort(struct writer *w, size_t began, uint8_t *spare, size_t spare_len);

#endif
