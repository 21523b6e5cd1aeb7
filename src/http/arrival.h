/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_ARRIVAL_H
#define HTTP_ARRIVAL_H

#include "http/server.h"

/* How a connection of the server begins; server.c has it from where its certificate is known */

#define NO_SLOT UINT32_MAX

/* ---- arrival.c ---- */

/* arrivals_ready - the listening socket has somebody;  arrival_ready - the next step of a handshake
 * arrivals_tick  - who took too long goes */
void arrivals_ready(void *ctx, uint32_t events);
void arrival_ready(struct link *l);
void arrivals_tick(struct server *s);

/* ---- server.c ---- */

/* link_ready  - what the loop calls
 * link_watch  - what of it it is to tell
 * link_known  - serve it from now on
 * link_linger - no more is served; it ends when the client does, or soon
 * link_free   - it is gone */
void link_ready(void *ctx, uint32_t events);
void link_watch(struct link *l, uint32_t events);
void link_known(struct link *l);
void link_linger(struct link *l);
void link_free(struct link *l);

#endif
