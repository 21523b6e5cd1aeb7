/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DESKIO_DROP_H
#define DESKIO_DROP_H

#include "desk/desk.h"

/* The drop folder: NAME and NAME.submission are taken in together, and moved to done/ or refused/.
 * To the desk it is one more client that sits at a terminal of its own. */

#define DROP_POLL_MS INT64_C(500)

/* DROP_SLOT - of the asker that stands for the folder: no connection has it */
#define DROP_SLOT UINT32_MAX

/* DROP_NAME_MAX - of a file, in bytes: with its endings it stays below what file systems take */
#define DROP_NAME_MAX 120

enum drop_state { DROP_IDLE, DROP_SUBMITS, DROP_UPLOADS };

struct drop {
    struct desk    *desk;
    int             folder;  /* -1 = there is none */
    bool            broken;  /* a file could not be moved away: nothing more is taken in */
    bool            strange; /* something lies there that can be neither taken in nor moved away */
    enum drop_state state;
    struct asker    asker;
    int             content; /* the file being taken in */
    uint64_t        left;
    char            name[DROP_NAME_MAX + 1];
    uint8_t         piece[65536];
};

/* drop_open - folder stays the caller's; makes done/ and refused/ in it
 * fails   IO */
err  drop_open(struct drop *p, struct desk *d, int folder);
void drop_close(struct drop *p);

/* drop_poll - about every DROP_POLL_MS: begin with the next pair that is there
 * drop_work - at the end of each turn: a piece of the file on its way.  Is there more? */
void drop_poll(struct drop *p);
bool drop_work(struct drop *p);

/* The desk's answers to the folder */
void drop_answered(struct drop *p, unsigned status, span json);
void drop_refused(struct drop *p, err e);

#endif
