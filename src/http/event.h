/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_EVENT_H
#define HTTP_EVENT_H

#include "base/text.h"

/* EVENT_MAX - one server-sent event, written out: a report is below 1 KiB, a room's whole picture
 * comes in several */
#define EVENT_MAX 16384

/* event - one server-sent event
 *
 * id      "" = none: a client that comes back names the last that it saw, and is given what followed it
 * kind    what the data is, such as "reports"
 * data    clean UTF-8; each newline in it starts another `data:` line */
struct event {
    name id;
    name kind;
    utf8 data;
};

/* put_event - "id: 7\nevent: report\ndata: …\n\n"
 * put_pulse - a comment that keeps the connection from being taken for dead
 * from      WHATWG HTML section 9.2.5 */
void put_event(struct writer *w, const struct event *e);
void put_pulse(struct writer *w);

/* event_reader - the reverse, over bytes as they come
 *
 * buf     EVENT_MAX bytes for the event that is being put together; data lies in it */
struct event_reader {
    struct event event;
    size_t       line_from; /* where in buf the present line begins */
    size_t       len;       /* bytes used of buf */
    bool         any;       /* there was a data line */
    uint8_t      buf[EVENT_MAX];
};

/* event_reader_init - before the first byte of a stream */
void event_reader_init(struct event_reader *r);

/* event_read - take bytes up to the end of one event
 *
 * bytes   in: what has come; out: what is left
 * whole   receives true when r->event is complete: valid until the next call
 * fails   MALFORMED on what put_event does not write (a CR, a field of another name, text that is
 *         not clean UTF-8); LIMIT past EVENT_MAX */
err event_read(struct event_reader *r, span *bytes, bool *whole);

#endif
