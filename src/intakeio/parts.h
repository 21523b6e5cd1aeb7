/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INTAKEIO_PARTS_H
#define INTAKEIO_PARTS_H

#include "intakeio/ports.h"

/* What the parts of intakeio know of one another */

/* TAG_PORT - of what is said to the guard of a port, and the port's number: no kind of request is so high */
#define TAG_PORT UINT32_C(0x72000000)

static inline int64_t ports_now(const struct ports *p)
{
    return p->shell->loop.now.boot_ms;
}

/* share_left - how many pieces of this port may still be taken now */
unsigned share_left(const struct ports *p, const struct port *port);

/* ---- certify.c ---- */

/* certify_begin - make the key; certify_due - ask the guard for a port's certificate when it is time */
err  certify_begin(struct certify *c);
void certify_due(struct ports *p, struct port *port);

/* ---- stream.c ---- */

/* stream_new   - somebody has connected to a port; fd is the connection's now
 * stream_push  - it has to go for another; NULL is nobody
 * stream_move  - what the loop told of it: shake hands, read, write
 * stream_serve - did any piece come of it?
 * stream_revoke - it ends, when the sender's certificate was revoked
 * stream_watch - what the loop is to tell of it from now on; false when it is to be served again at once */
void stream_new(struct port *port, int fd);
void stream_push(struct ports *p, struct newcomer *one);
void stream_move(struct ports *p, struct connection *c);
bool stream_serve(struct ports *p, struct connection *c);
bool stream_watch(struct ports *p, struct connection *c);
void stream_tick(struct ports *p, struct connection *c);
void stream_close(struct connection *c);
void stream_revoke(struct ports *p, struct connection *c);

#endif
