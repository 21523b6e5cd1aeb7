/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISMFORM_ST0102_H
#define ISMFORM_ST0102_H

#include "ismform/ismform.h"

/* The security local set of motion imagery, MISB ST 0102: alone with its key, as item 48 of a set of
 * ST 0601, in a whole packet of ST 0601, or its items alone. */

/* ST0102_BYTES_MAX - longest packet; ST 0601 of one frame has some hundred bytes */
#define ST0102_BYTES_MAX 65536

/* st0102_items - the items of a set, as they stand; a pointer of NULL: not there */
#define ST0102_TAG_MAX 24
struct st0102_items {
    span value[ST0102_TAG_MAX + 1];
};

/* st0102_items_of - from any of the four
 *
 * fails   MALFORMED on lengths that do not fit, an item twice, a checksum of ST 0601 that is wrong, a
 *         packet without item 48; UNKNOWN on an item that ST 0102 has not, or has no more; LIMIT */
err st0102_items_of(span in, struct st0102_items *out, struct ismform_problem *p);

/* st0102_marking - what the items say of the marking
 *
 * Which countries are seen (12, 13), numbers of streams (19 to 21), versions (22 to 24) are no marking;
 * their form is checked, and they are for who asks st0102_items_of.
 * fails   when 1, 2, 3 or 22 is not there or empty; on comments (14) and another marking system than
 *         CAPCO's (11), which no marking has; as ism_banner_read */
err st0102_marking(const struct groups *g, const struct st0102_items *items, struct ism *out,
                   struct ismform_problem *p);

/* st0102_read - the two in turn
 * st0102_write - a set with its key, GENC codes of three letters; without items 12 and 13, which a
 *                marking does not know */
err st0102_read(const struct groups *g, span in, struct ism *out, struct ismform_problem *p);
err st0102_write(const struct groups *g, const struct ism *m, struct writer *w,
                 struct ismform_problem *p);

#endif
