/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_HISTORY_ACTS_H
#define CLI_HISTORY_ACTS_H

#include "cli/act_text.h"

/* history_act - what an act that was checked changes
 *
 * fails   when it cannot follow from what stood before it */
err history_act(struct history *h, const struct act_text *a);

void history_member_add(struct history *h, const struct member *m);

#endif
