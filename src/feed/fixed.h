/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FEED_FIXED_H
#define FEED_FIXED_H

#include "base/err.h"
#include "base/span.h"
#include "base/writer.h"

/* FIXED_TEXT_MAX - longest decimal text; a double printed in full has 24 characters */
#define FIXED_TEXT_MAX 40

/* fixed - a decimal fraction held as an integer: 37.5 with 2 digits is 3750
 *
 * No floating point and no locale: "37.5" is the same number on every machine.
 *
 * fixed_read - an optional sign, digits with an optional point, an optional exponent (e-4), and
 * nothing else; what is past the last digit is rounded, halves away from zero
 *
 * digits  how many decimal places the integer keeps, 0 … 9
 * limit   largest absolute value of the integer, at most 10^17
 * fails   MALFORMED on any other text (NaN, blanks, a comma); LIMIT past the limit */
err fixed_read(span text, unsigned digits, int64_t limit, int64_t *out);

/* put_fixed - the shortest text that fixed_read brings back: 3750 with 2 digits is "37.5" */
void put_fixed(struct writer *w, int64_t value, unsigned digits);

#endif
