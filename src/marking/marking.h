/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MARKING_MARKING_H
#define MARKING_MARKING_H

#include "base/err.h"
#include "base/set64.h"
#include "base/text.h"
#include "marking/policy.h"

/* kind - what an item is; how it was obtained is its discipline.  Both are always stated. */
enum kind { KIND_TRACK, KIND_WARNING, KIND_REPORT, KIND_IMAGE, KIND_THING, KIND_ORAL, KIND_COUNT };

/* level - a level of one policy: KOR:II */
typedef struct level {
    uint8_t policy; /* index into policies.policy */
    uint8_t rank;   /* index into that policy's levels; NOT an order between policies */
} level;

/* marking - a security label
 *
 * All sets are sets of indexes into the names of one `struct policies` (marking/policy.h), so that
 * a decision is a few ANDs.  Only the canonical text leaves a process.
 *
 * release_to   may keep it; missing or empty = nobody but the originators
 * disclose_to  may be shown it; release implies disclosure, so release_to is within disclose_to
 * originators  parties that gave it, never empty */
struct marking {
    level level;
    set64 originators; /* parties */
    set64 release_to;  /* parties */
    set64 disclose_to; /* parties */
    set64 topics;      /* topics */
    set64 disciplines; /* disciplines */
    set64 caveats;     /* caveats of level.policy */
};

/* marking_format - the one canonical text, one line, sets in byte order of their names:
 *
 *     KOR:II of KOR about dprk-missile from radar to JPN,USA
 *     KOR:II of KOR about dprk-missile from human to JPN show USA caveats EYES-ONLY
 *
 * `to`, `show` (those in disclose_to but not in release_to) and `caveats` are left out when empty
 *
 * marking_read - the same text and nothing else
 *
 * fails   MALFORMED on any other form or order; UNKNOWN on a name that no policy defines; the
 * marking must also be marking_valid */
void marking_format(const struct policies *all, const struct marking *m, struct writer *w);
err  marking_read(const struct policies *all, span text, struct marking *out);

/* marking_valid - is it well-formed under its own policy?
 *
 * fails   UNKNOWN on an index outside the tables; MALFORMED when originators, topics or disciplines
 * are empty, an obsolete level, a caveat that the level excludes or one that it requires is missing
 */
/*@ assigns \nothing; */
err marking_valid(const struct policies *all, const struct marking *m);

/* marking_join - the marking of what was made from both
 *
 * a, b    valid markings of one policy
 * out     receives the higher level, all topics, disciplines, caveats and originators, and only
 *         those recipients that both name; may be a or b.  It is valid unless its level excludes a
 *         caveat of the lower one: ask marking_valid
 * fails   UNKNOWN when the policies differ: levels of two policies are compared by an agreement
 * only cost    a few ANDs and ORs, no memory holds   commutes, associates, join(a,a) = a
 * (test/law/marking/join.c) from    ADatP-4774.1 section 4.4; stricter than its rule 5: an empty
 * list stays empty, so nobody */
err marking_join(const struct marking *a, const struct marking *b, struct marking *out);

/* marking_equal - the same in every field; memcmp is not: a marking has padding */
bool marking_equal(const struct marking *a, const struct marking *b);

/* kind_name - "track", …; kind_of - the reverse, UNKNOWN when there is none */
const char *kind_name(enum kind k);
err         kind_of(span s, enum kind *out);

/* level_format - "KOR:II"; level_read - the reverse, UNKNOWN when no policy has it */
void level_format(const struct policies *all, level l, struct writer *w);
err  level_read(const struct policies *all, span text, level *out);

/* level_at_most - a and b of one policy and a not above b in its hierarchy; false between policies
 */
bool level_at_most(const struct policies *all, level a, level b);

#endif
