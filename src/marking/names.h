/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MARKING_NAMES_H
#define MARKING_NAMES_H

#include "base/err.h"
#include "base/set64.h"
#include "base/text.h"
#include "base/writer.h"

/* names - a growing list of names; a name's place is its number, for this process only */
struct names {
    name     name[SET64_MAX];
    unsigned count;
};

/* names_find - its number, or UNKNOWN; names_add - the same, added when new, FULL past SET64_MAX */
/*@ requires \valid_read(n) && n->count <= SET64_MAX && readable(text) && \valid(out);
    requires \separated(out, n);
    assigns *out;
    ensures \result.code == ERR_NONE ==> *out < n->count; */
err names_find(const struct names *n, span text, unsigned *out);
err names_add(struct names *n, span text, unsigned *out);

/* names_walk - the members in byte order of their names, one a call
 *
 * last    what the call before returned; SET64_MAX at first
 * returns the next member, SET64_MAX after the last */
unsigned names_walk(const struct names *n, set64 members, unsigned last);

/* names_all - the set of all of them */
set64 names_all(const struct names *n);

/* names_cover - does every member have a name? */
bool names_cover(const struct names *n, set64 members);

/* names_format - the members in byte order of their names, with commas: "JPN,USA"; w is bad when
 *                one has no name, so that no incomplete list leaves
 * names_read   - the same; MALFORMED when empty, out of order or repeated, UNKNOWN on a new name */
void names_format(const struct names *n, set64 members, struct writer *w);
err  names_read(const struct names *n, span text, set64 *out);

#endif
