/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_INSPECTION_H
#define GUARD_INSPECTION_H

#include "guard/kept.h"

/* What the guard says to the process that looks at what leaves, and what it heeds of what that one says (docs/why/check.md).
 *
 * It is asked by nobody for leave: it can stop what would go, and never let go what a verdict does not. */

/* began_tell - an own epoch began: what it must be may be asked for before there is anything of it */
void began_tell(struct guard *g, const id *epoch);

/* inspection_heard - was it there a moment ago, and may keys be used by it? */
bool inspection_heard(const struct guard *g);

/* stopped_fold - of the leaf `stopped` */
err stopped_fold(struct guard *g, const struct leaf_head *head);

/* again_tell - to the courier: this epoch may be given now: ask once more */
void again_tell(struct guard *g, const id *epoch);

#endif
