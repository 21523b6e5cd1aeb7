/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LOOP_VIEW_H
#define LOOP_VIEW_H

#include "base/err.h"

#include <stdbool.h>

/* view - what a process sees of the machine, when root starts it: all files read-only, without devices and without
 * programs that give privileges, in a mount namespace of its own; and, when it is to be alone, no network interface at
 * all.  Descriptors that it is handed are not touched by this. */

/* view_take - this process, and all that it starts, has such a view from now on
 *
 * returns   false when the system does not let it: nothing may be started then that was to have one */
bool view_take(bool alone);

/* view_possible - tried in a child that ends at once
 *
 * fails   DENIED: which of its steps the system does not let us take; IO: it could not be tried */
err view_possible(void);

#endif
