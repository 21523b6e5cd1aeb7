/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_PARTNERS_H
#define GUARD_PARTNERS_H

#include "guard/state.h"

/* day_keys_turn - make the day's key when there is none of today, destroy those past their time
 * fails   FULL, IO when the slot table takes no more */
err day_keys_turn(struct guard *g);

err day_key_fold(struct guard *g, const struct leaf_head *head);
err key_destroyed_fold(struct guard *g, const struct leaf_head *head);
err partner_day_key_fold(struct guard *g, const struct leaf_head *head);

#endif
