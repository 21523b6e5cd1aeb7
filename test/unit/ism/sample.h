/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_ISM_SAMPLE_H
#define TEST_ISM_SAMPLE_H

#include "ism/ism.h"
#include <stdio.h>

/* The shipped table of groups; tests run from the top of the tree */
static inline const struct groups *sample_groups(void)
{
    static struct groups g;
    static uint8_t       table[GROUPS_TABLE_MAX];
    if (g.count == 0) {
        unsigned line = 0;
        FILE    *f = fopen("policies/groups.table", "rb");
        MUST(f != NULL);
        size_t len = fread(table, 1, sizeof table, f);
        (void)fclose(f);
        MUST(!err_is(groups_read((span){table, len}, &g, &line)));
    }
    return &g;
}

#endif
