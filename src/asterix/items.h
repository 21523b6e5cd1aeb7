/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ASTERIX_ITEMS_H
#define ASTERIX_ITEMS_H

#include "asterix/asterix.h"

/* Records: which items of a category there are, in the order of its field specification, and where each lies. */

#define ITEMS_MAX 35 /* five bytes of a field specification */

/* How long an item is */
enum item_kind {
    ITEM_NONE,  /* no item has this place */
    ITEM_FIXED, /* len bytes */
    ITEM_EXTENDED, /* a first part of len bytes, and more of one while the last bit of a part says so */
    ITEM_REPEATED, /* a count, and so many times len bytes */
    ITEM_EXPLICIT, /* a length that counts itself */
    ITEM_COMPOUND, /* bits that say which subfields follow, `subfields` the lengths of them */
};

/* SUB_… - in the table of a compound's subfields: no such subfield; a count and so many times the length */
#define SUB_NONE        0
#define SUB_REPEATED(n) (0x80 | (n))

struct item_row {
    enum item_kind kind;
    uint8_t        len;
    const uint8_t *subfields; /* ended by SUB_END */
};
#define SUB_END 0xff

/* category - rows by place in the field specification, from 1 */
struct category {
    uint8_t                number;
    const struct item_row *row;
    size_t                 rows;
};

const struct category *category_find(uint8_t number);

/* record - the items of one, by place; empty: it is not there */
struct record {
    span     item[ITEMS_MAX + 1];
    uint32_t count;
};

/* category_record - the next record of a block
 *
 * block   what is left of it; what the record took is cut off
 * fails   MALFORMED on what does not add up, or an item that the category does not have */
err category_record(const struct category *c, span *block, struct record *out);

#endif
