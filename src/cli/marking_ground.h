/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_MARKING_GROUND_H
#define CLI_MARKING_GROUND_H

#include "cli/call.h"
#include "value/ground.h"

/* ground_open - the policies of --policies DIR (otherwise ./policies, otherwise the installed ones), of its
 *               folder labels, and each --policy FILE
 *
 * fails   UNKNOWN when there is none; MALFORMED, with file and line, when one is broken */
err  ground_open(struct call *c, struct ground *g);
void ground_close(struct ground *g);

#endif
