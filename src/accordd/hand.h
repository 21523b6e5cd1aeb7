/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCORDD_HAND_H
#define ACCORDD_HAND_H

#include "accordd/stores.h"
#include "loop/channel.h"

/* What is handed to a process over its channel (src/wire/control.h): what src/accordd/roles.c gives
 * it, and nothing else. */

/* hand_all - party, files, logs and segments; GO is said when its channel is handed too
 *
 * key     for each file, what is handed over in its place: where an unwrapped key comes; -1: nothing.  NULL: none
 * fails   IO when a file cannot be opened, UNKNOWN when it is missing; as channel_send */
err hand_all(struct channel *to, enum process p, const struct party *party,
             const struct stores *stores, const int *key);

/* hand_segment - one segment to a process, in each use that it has of the log */
err hand_segment(struct channel *to, enum process p, const struct stores *stores, enum log_name log,
                 uint64_t number);

/* hand_channel - an end of a channel of `caller`, the other process's from now on, or closed
 * hand_word    - GO or STOP */
err hand_channel(struct channel *to, uint8_t caller, int fd);
err hand_word(struct channel *to, enum control word);

/* hand_drop - segments of a log before a number are gone */
err hand_drop(struct channel *to, enum log_name log, uint64_t before);

#endif
