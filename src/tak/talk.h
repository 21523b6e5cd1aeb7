/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TAK_TALK_H
#define TAK_TALK_H

#include "tak/tak.h"

/* How two sides of a connection agree to go from XML to protocol buffers: events of their own in XML, of types that
 * begin with t-x-takp.  Machines without I/O; nothing of what they say is ever a report. */

/* TALK_EVENT_MAX  - longest event that is written here
 * TALK_WAIT_MS    - so long a client waits for the answer, and no less; then nobody knows what the next byte is */
#define TALK_EVENT_MAX 768
#define TALK_WAIT_MS   60000

/* talk_kind - what an event is about */
enum talk_kind {
    TALK_NONE,     /* a report like any other */
    TALK_SUPPORT,  /* server: I know these versions (t-x-takp-v) */
    TALK_REQUEST,  /* client: from now on this version (t-x-takp-q) */
    TALK_RESPONSE, /* server: so be it, or no (t-x-takp-r) */
    TALK_PING,     /* is anybody there? (t-x-c-t) */
    TALK_PONG,     /* yes (t-x-c-t-r) */
};

/* talk - what one such event says
 *
 * known     SUPPORT, REQUEST: version 1 is among those named
 * accepted  RESPONSE
 * uid       of the negotiation: the server's, in all three */
struct talk {
    enum talk_kind kind;
    bool           known, accepted;
    char           uid[REPORT_UID_MAX + 1];
};

/* talk_kind_of - by the type of an event */
enum talk_kind talk_kind_of(const struct report *r);

/* talk_read - one event in XML, and what it says of the protocol if it does
 *
 * fails   as cot_read; MALFORMED on a SUPPORT, REQUEST or RESPONSE that does not hold what it must, once */
err talk_read(struct cot_reader *reader, span xml, struct cot_event *event, struct talk *out);

/* talk_put - such an event in XML
 *
 * now     the time of day; it holds a minute
 * w       TALK_EVENT_MAX is enough */
void talk_put(const struct talk *t, instant now, struct writer *w);

/* talk_side - one end of a connection */
enum talk_phase {
    TALK_XML,   /* both send XML */
    TALK_ASKED, /* client: has asked, and says nothing until it is answered */
    TALK_PROTO, /* both send messages with their length */
    TALK_LOST,  /* client: not answered in time: close the connection */
};
struct talk_side {
    enum talk_phase phase;
    int64_t         until_ms; /* ASKED: wait so long, on the boot clock */
};

/* talk_server_greet - what a server says first
 *
 * number   unique for this connection
 *
 * talk_server_hear - a client's REQUEST: w receives the answer, in XML; after an accepted one the phase is PROTO,
 * from the next byte in both directions
 *
 * talk_pong - the answer to a PING, in the form of the phase; TALK_EVENT_MAX is enough */
void talk_server_greet(struct talk_side *s, uint64_t number, instant now, struct writer *w);
void talk_server_hear(struct talk_side *s, const struct talk *t, instant now, struct writer *w);
void talk_pong(const struct talk_side *s, const struct report *ping, instant now, struct writer *w);

/* talk_client_hear - a server's SUPPORT or RESPONSE: w receives the request, if there is one to be made; only what
 * was offered is asked for, and once at a time
 *
 * talk_client_tick - has the time to answer passed? */
void talk_client_hear(struct talk_side *s, const struct talk *t, instant now, int64_t boot_ms,
                      struct writer *w);
void talk_client_tick(struct talk_side *s, int64_t boot_ms);

#endif
