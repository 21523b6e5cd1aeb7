/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHELL_SYNCER_H
#define SHELL_SYNCER_H

#include "store/log_writer.h"

#include <pthread.h>

/* syncer - waits for the medium in the place of who writes a log, who goes on meanwhile
 *
 * A thread that sleeps until it is given a group.  It touches the files of the group and nothing else. */
struct syncer {
    pthread_t        thread;
    int              start; /* rung for the thread */
    int              bell;  /* rung by it: for loop_add with EPOLLIN */
    bool             busy;  /* a group was given, and its end not taken */
    struct log_group group;
    err              waited;
};

/* syncer_open - zeroed storage becomes a syncer, for as long as the process lasts
 *
 * fails   IO when the system gives no thread or descriptors */
err syncer_open(struct syncer *s);

/* syncer_start - what s->group says is synced from now on; not while busy */
void syncer_start(struct syncer *s);

/* syncer_ended - is the group's sync over?  Then waited receives how it went, and the next may start
 * syncer_wait - until it is; busy */
bool syncer_ended(struct syncer *s, err *waited);
void syncer_wait(struct syncer *s, err *waited);

#endif
