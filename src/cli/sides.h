/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SIDES_H
#define CLI_SIDES_H

#include "cli/passages.h"

/* reconcile_sides - both directions of two readings; differences are told, and added to `differ`
 *
 * Both folders may grow while they are read.  Of each a cut was taken first, and then the one was read after the
 * other.  What a side had from the other before its own cut, the other's reading must hold; what it had from it
 * since may be newer than that reading, and is not missed there.
 *
 * fails   as under_way_read */
err reconcile_sides(struct call *c, const struct passages *one, const struct passages *other,
                    uint64_t *differ);

#endif
