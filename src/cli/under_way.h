/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_UNDER_WAY_H
#define CLI_UNDER_WAY_H

#include "cli/passages.h"

/* under_way - how far one giver's lanes have come to one taker: what lies behind the last number that the
 * taker has had at its cut is on its way, what lies before it and did not come is lost (docs/format/lanes.md)
 *
 * passage   those of the giver, each with `seen`, `granted` and `through` to be set:
 *   seen      the lanes still tell of it
 *   granted   its grant is among what must have come
 *   through   so do its items before this number
 *   waits     its grant lies in a lane, and none of it is among what must have come
 * whole     the lanes still have their first segment: what they do not tell of has not gone
 *
 * fails     as book_read; MALFORMED on an entry that is none */
err under_way_read(const struct passages *giver, const struct passages *taker,
                   struct passage *passage, size_t count, bool *whole);

#endif
