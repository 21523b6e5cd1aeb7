/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_TRANSLATED_H
#define GUARD_TRANSLATED_H

#include "guard/kept.h"

/* translated - a submission that is the translation of an item that came (docs/format/duties.md)
 *
 * original  handle of it
 * author    may open it now, and has opened it
 * m         marking of the translation: own policy, at least as strict, of the same originators
 * k         receives whose it is, and what is owed for the original
 * fails     DENIED, with what is missing; STATE when the original opens for nobody now */
err translated(struct guard *g, const id *original, const struct person *author,
               const struct marking *m, struct kept *k);

#endif
