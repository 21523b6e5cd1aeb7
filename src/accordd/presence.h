/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ACCORDD_PRESENCE_H
#define ACCORDD_PRESENCE_H

#include "accordd/gateway.h"

/* The folder of `presence-log`.  The desk is handed the folder and finds the file in it by its name, as whoever writes it moves
 * it away and makes it anew.  A folder that was made anew the desk cannot find: by Landlock it may open nothing outside of the
 * one that it has, so it is started anew with the other. */

/* PRESENCE_LOOK_MS - between two looks whether it is still the folder that the desk has; PRESENCE_TELL_MS: between two lines that
 * it is not there */
#define PRESENCE_LOOK_MS 1000
#define PRESENCE_TELL_MS 600000

/* presence_open - the folder, by O_PATH; -1 when no log is named, or it cannot be opened */
int presence_open(const struct party *p);

/* presence_handed - before the desk is handed what it gets: this is what it will have
 * presence_watch  - from now on; nothing when no log is named */
void presence_handed(struct gateway *g);
void presence_watch(struct gateway *g);

#endif
