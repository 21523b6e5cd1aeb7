/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LOOP_DOORBELL_H
#define LOOP_DOORBELL_H

#include "base/err.h"

/* doorbell - tells a process that a log grew; it says nothing else.  Many rings may be one. */

/* doorbell_make - a descriptor for loop_add with EPOLLIN, and for whoever rings
 *
 * fails   IO */
err doorbell_make(int *fd);

/* doorbell_ring - never blocks, never fails: a bell that is full has been heard already.  A kernel that says otherwise
 * ends the process: whoever sleeps beside a bell that stayed silent would sleep for good */
void doorbell_ring(int fd);

/* doorbell_answer - silence it; then look at the log.  Was it rung? */
bool doorbell_answer(int fd);

#endif
