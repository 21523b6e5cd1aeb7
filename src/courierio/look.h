/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIERIO_LOOK_H
#define COURIERIO_LOOK_H

#include "courierio/links.h"

/* Looking after what was sent, by what the system says of each connection.
 *
 * What is urgent must not wait for a loss to be made good: the machine is told of each connection whether answers are
 * late, or only under way where the way is long.  And bulk must not fill the queue before a narrow link, in which all connections wait: as soon as the way
 * there and back takes longer than it need, less of bulk may be on its way. */

/* look_room  - so many bytes may be written to it now; SIZE_MAX = no limit
 * look_sent  - something was
 * look_after - at the end of a turn
 * look_next  - when it is to be looked after again; INT64_MAX = nothing is under way */
size_t  look_room(const struct links *l, const struct connection *c);
void    look_sent(struct connection *c, int64_t now_ms);
err     look_after(struct links *l, struct connection *c);
int64_t look_next(const struct connection *c);

#endif
