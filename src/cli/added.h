/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_ADDED_H
#define CLI_ADDED_H

#include "cli/call.h"
#include "value/value.h"

/* The level that a receiver adds to what he was given: the originator's label stays as it is, and beside it
 * stands another one, of the receiver's policy. */

/* added_marking - the originator's marking under the level that was added at the party of that level
 *
 * For the same recipients, the party itself among them: nobody is one who was none before.
 *
 * fails   DENIED when the marking has caveats: no other policy has words for them */
err added_marking(const struct policies *all, const struct marking *m, level added,
                  struct marking *out);

/* added_name - it as an alternative label that names the originators, as O=KOR or O=KOR+O=USA
 *
 * Not what --leave-out lets go.
 * fails   LIMIT when their names have no room */
err added_name(const struct call *c, span originators, struct label_record *r);

#endif
