/* SPDX-License-Identifier: Apache-2.0 */
#include "box/parts.h"

/* What opens the wrapped keys: what it was handed, and no more. */
static const struct filter_table *const table[] = {&box_every, &box_heap, NULL};

const struct box box_unwrap = {.program = "unwrap", .table = table};
