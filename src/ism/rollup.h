/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISM_ROLLUP_H
#define ISM_ROLLUP_H

#include "ism/ism.h"

/* Many markings to one: the banner of a page, or the marking of what was made from several. */

/* ism_rule_set - by which rules
 *
 * ISM_CLOSED    the default: every marking counts, what restricts unites, lists intersect, a
 *               marking without a list releases to nobody
 * ISM_REGISTER  the same with the exceptions of the US register: excluded portions and plain
 *               unclassified ones do not count, what a stronger marking or the level says falls away
 *               (ism/superseded.h), without any release marking none is made up */
enum ism_rule_set { ISM_CLOSED, ISM_REGISTER };

/* ism_rollup - one marking of all
 *
 * each    count of them, at least one; each by its own version of the table of groups
 * out     the USA's marking; by the closed rules, when all have the same owners, theirs.  Of dates
 *         of declassification the latest; by the closed rules none, when a classified one has none.
 *         Never carried over: who classified it and why, notices, exclusion
 * fails   MALFORMED when there is none that takes part; LIMIT when it does not fit; by the
 *         closed rules DENIED when owners differ and one did not let the USA have it, or the whole
 *         would break a rule: a person decides.  `out` is then as it was
 * holds   of parts that meet the rules comes a whole that meets them; commutes, associates up to the groups that lists are written with, and never widens:
 *         whoever may have the whole may have each, but for what the register lets fall
 *                                                                    (test/law/ism/rollup.c)
 * from    CAPCO D.2 table 3; ISM-Rollup 2021-NOV, where it does not widen (docs/format/ism.md) */
err ism_rollup(const struct groups *g, enum ism_rule_set rules, const struct ism *each,
               size_t count, struct ism *out);

/* ism_rollup_resource - what stands at the element of the whole and is no marking: its date, the
 *                       versions, what it complies with
 * ism_rollup_declassify - 25 years from today, where nothing else says until when */
err ism_rollup_resource(const struct ism *resource, struct ism *whole);
err ism_rollup_declassify(instant today, struct ism *whole);

/* ism_counts - does a portion take part in the register's decision on release? */
bool ism_counts(const struct ism *portion);

/* ism_lists_common - who is in all lists: first as they stand, then groups expanded
 *
 * lists, versions   count of them
 * holds   the expansion of the result is the intersection of the expansions */
err ism_lists_common(const struct groups *g, const struct places *lists, const uint32_t *versions,
                     size_t count, struct places *out);

#endif
