/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_FOLD_H
#define GUARD_FOLD_H

#include "guard/state.h"

/* genesis_fold - the first leaf: whose ledger, its identity, the first officers (docs/format/genesis.md) */
err genesis_fold(struct guard *g, const struct leaf_head *head);

#endif
