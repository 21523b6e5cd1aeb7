/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISM_COVER_H
#define ISM_COVER_H

#include "ism/ism.h"

/* ism_covers - does the banner of a page protect each of its portions, and claim no more than they do?
 *
 * each    count of them; those that are excluded do not count, plain unclassified ones only for level
 * at      receives the index of the portion that is not covered; count when it is about all
 * fails   MALFORMED with the rule: ISM-ID-00056 (level), 00064 and 00065 (foreign sources), 00088 (REL),
 *         00108 (a level that no portion has, without a reason), 00132 (RELIDO), and for the other
 *         categories those of CAPCO D.2
 * from    domain rules of ISM V13 and 2021-NOV that look at a whole resource */
err ism_covers(const struct groups *g, const struct ism *banner, const struct ism *each,
               size_t count, size_t *at, struct ism_fault *fault);

#endif
