/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_BASIS_H
#define CLI_BASIS_H

#include "cli/matter.h"

/* basis_check - what an own verdict rests on must be on record before it
 *
 * item        what it asks about is what the leaf of its epoch says
 * standing    just what stood on its way, without what this party had paused since the item was begun, or
 *             since an officer approved it, by the places of their leaves
 * approvals   no more than officers signed; of what goes by a hub the named one, which was for it, was not
 *             revoked, and had neither run out nor been used up; of what this party passes on, the leave of
 *             its originator
 * assurance   one that was loaded, of whoever receives
 *
 * left_out    agreements that it leaves out without a reason on record
 * fails       CONFLICT */
err basis_check(const struct history *h, const struct matter *m, const struct crossing *c,
                set64 *left_out);

#endif
