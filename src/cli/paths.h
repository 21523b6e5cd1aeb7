/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_PATHS_H
#define CLI_PATHS_H

#include "agreement/agreement.h"
#include "cli/call.h"

#define PATHS_MAX TEXTS_MAX

/* paths - of agreement texts; those that a folder holds are on the heap */
struct paths {
    const char *path[PATHS_MAX];
    unsigned    count;
    char       *made[PATHS_MAX];
    unsigned    made_count;
};

/* paths_take - add files, and of each folder all its *.agreement in the order of their names, but for those that
 *              are there already
 *
 * fails   UNKNOWN of a folder without any; LIMIT past PATHS_MAX */
err paths_take(struct call *c, const char *const path[], unsigned count, struct paths *p);

void paths_done(struct paths *p);

#endif
