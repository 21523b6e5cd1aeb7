/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCORDD_CHILD_H
#define ACCORDD_CHILD_H

#include "accordd/gateway.h"
#include "loop/spawn.h"

/* One process that accordd started, or tries to. */

const char *child_name(const struct gateway_child *c);

/* child_spawn - start its program, with a channel whose other end is called by `ready`
 *
 * fails   IO, and nothing runs; FULL */
err child_spawn(struct gateway_child *c, loop_ready *ready);

/* child_watch - wait for what it says and, if something waits for it, until it takes that
 * child_handed - after something was handed to it: watch, or give up when that failed
 * child_give_up - kill it, so that it is started afresh; nothing that it says is heard any more
 * child_unheard - it has ended: its channel is closed */
err  child_watch(struct gateway_child *c);
void child_handed(struct gateway_child *c, err e);
void child_give_up(struct gateway_child *c, err e);
void child_unheard(struct gateway_child *c);

/* child_tell_… - a line to who runs this */
void child_tell_err(const struct gateway_child *c, const char *sentence, err e);
void child_tell_started(const struct gateway_child *c);
void child_tell_ended(const struct gateway_child *c, const struct spawn_end *end);

#endif
