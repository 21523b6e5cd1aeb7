/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DESK_ROWS_H
#define DESK_ROWS_H

#include "base/text.h"

/* Canonical text of the guard as JSON.  Values are strings, but those of the keys in the table of
 * rows.c, which are numbers, and `yes` and `no`, which stay words. */

/* rows_json - objects, separated by commas; each begins at a line `row N`, which is left out
 *
 * put     in: how many objects stand before; out: with those added
 * last    receives the number of the last row; untouched when there is none
 * w       as much as six times the text
 * fails   MALFORMED on a line that has no key, or text that is not clean UTF-8; LIMIT */
err rows_json(span text, size_t *put, uint64_t *last, struct writer *w);

/* row_json - the members of one object, without its braces; each line `partner …` begins an object
 * of the array "partners": the status ends so
 *
 * first   is there no member before? */
err row_json(span text, bool first, struct writer *w);

/* row_value - the value of the first line with this key; empty when there is none */
span row_value(span text, const char *key);

/* json_key - a comma where one is needed, the key and its colon
 * json_hex - the same and bytes as a string of hexadecimal digits */
void json_key(struct writer *w, bool first, const char *key);
void json_hex(struct writer *w, bool first, const char *key, span bytes);

#endif
