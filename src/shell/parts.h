/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHELL_PARTS_H
#define SHELL_PARTS_H

#include "base/reader.h"
#include "shell/shell.h"

/* What the parts of the shell know of one another; programs include shell.h only. */

/* handover_take - do what one message of accordd says; its descriptors are taken or closed
 *
 * fails   MALFORMED on a message that nobody knows, with the wrong descriptors, or out of place */
err handover_take(struct shell *s, const struct message *m);

/* bounds_begin - the first of all, with the known answers of libcrypto
 * bounds_files - once all is handed over, and before threads
 * bounds_work  - before it is said that the process works; one line tells what binds it */
err bounds_begin(struct shell *s);
err bounds_files(struct shell *s);
err bounds_work(struct shell *s);

/* log_taken, passing_taken, segment_taken - what CONTROL_LOG, CONTROL_PASSING and CONTROL_SEGMENT bring */
err log_taken(struct shell *s, struct reader *fields, const struct message *m);
err passing_taken(struct shell *s, struct reader *fields, const struct message *m);
err segment_taken(struct shell *s, struct reader *fields, const struct message *m);

/* drop_taken - CONTROL_DROP: the oldest segments of a log are let go */
err drop_taken(struct shell *s, struct reader *fields, const struct message *m);

/* writers_open - once all segments are there; syncers_open, bells_watch - once the loop is */
err writers_open(struct shell *s);
err syncers_open(struct shell *s);
err bells_watch(struct shell *s);

/* logs_begin - tell the machine of every log that it reads
 * logs_turn  - ask for the spares that are wanted */
void logs_begin(struct shell *s);
err  logs_turn(struct shell *s);

/* damage_tell - which log a reader found damaged, and where */
void damage_tell(struct shell *s);

/* guard_taken - a new channel to the guard; guard_begin - tell the machine of it */
err  guard_taken(struct shell *s, int fd);
void guard_begin(struct shell *s);

/* control_send - a message to accordd */
err control_send(struct shell *s, span message);

#endif
