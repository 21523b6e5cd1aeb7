/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISM_CONVERT_H
#define ISM_CONVERT_H

#include "ism/ism.h"
#include "marking/banner.h"

/* ism_to_marking - the same as a marking of the policy of its owner: USA, KOR, JPN, …
 *
 * all       has the policy of the owner, and every party that a list names; groups are expanded
 * context   topics and disciplines, which no line has; its policy is not looked at
 * fails     UNKNOWN with what would be lost: a party, level or caveat that the policy has not, a
 *           group whose members are not published, JOINT, NATO, several owners, foreign sources,
 *           programs, lists of a marking that says neither NOFORN nor to whom it may go */
err ism_to_marking(const struct groups *g, const struct policies *all,
                   const struct banner_context *context, const struct ism *m, struct marking *out,
                   struct ism_fault *fault);

/* ism_of_marking - the reverse; topics and disciplines are not in it
 *
 * fails   UNKNOWN with what would be lost: several originators, a party without a code, a caveat or
 *         level that the register has not
 * holds   to_marking(of_marking(m)) = m where both are said */
err ism_of_marking(const struct groups *g, const struct policies *all, const struct marking *m,
                   struct ism *out, struct ism_fault *fault);

#endif
