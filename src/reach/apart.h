/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REACH_APART_H
#define REACH_APART_H

#include "reach/corpus.h"

/* Between whom two laws can differ at all: so that of large laws of which little changed, little is searched. */

/* apart - by party
 *
 * changed   those to which it may give otherwise than before, by some agreement that is not the same in both
 * onto      those that something may come to from it, by any number of hands, and itself */
struct apart {
    set64 changed[CORPUS_PARTIES_MAX], onto[CORPUS_PARTIES_MAX];
};

/* apart_find - of two laws with the texts that they were made of, by the same numbers
 *
 * holds   where apart_may is false, both let the same flow (test/unit/reach/apart.c) */
void apart_find(const struct corpus *l, texts of_l, const struct corpus *m, texts of_m,
                struct apart *out);

/* apart_may - can what flows from one to the other differ? */
bool apart_may(const struct apart *a, uint8_t from, uint8_t to);

#endif
