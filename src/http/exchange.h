/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include "http/event.h"
#include "http/request.h"
#include "http/response.h"

struct sessions;
struct tls_peer;

/* exchange - one request and its answer: a handle by value, valid for ever
 *
 * When the client has gone, or the answer is complete, every call with it fails with STATE and does
 * nothing.  So an answer may come as late as it likes.  Nothing here knows the version of HTTP. */
struct exchange {
    struct sessions *of;
    uint32_t         slot;
    uint32_t         turn;
};

/* gone - why an exchange ended before its answer was complete */
enum gone {
    GONE_NOT,
    GONE_LEFT, /* the client closed, or the network did */
    GONE_SLOW, /* it did not take or send its bytes in time, or its queue was full */
    GONE_RUDE, /* it sent what it may not send now */
    GONE_STOP, /* the desk stops, or ends this one */
};

/* handler - what a program does with requests
 *
 * pieces_max  how large a body in pieces this request may have; 0 = its body comes whole, up to
 *             BODY_WHOLE_MAX.  May be NULL: all come whole
 * request     a request has come, whole, or (pieces_max > 0) its head; spans live until the answer
 *             begins or the exchange is gone
 * piece       more of the body, in order; on an err the client is told and the connection ends,
 *             without a call of gone
 * whole       the last piece has come
 * room        the queue that had been full has room again
 * gone        the client went before the answer was complete; called from the loop, never from
 *             within an exchange_ call
 *
 * An answer may be given from within any of these, or later; not before `whole` where the body
 * comes in pieces, save for an error. */
struct handler {
    void *ctx;
    uint64_t (*pieces_max)(void *ctx, const struct request *r);
    void (*request)(void *ctx, struct exchange x, const struct tls_peer *peer,
                    const struct request *r);
    err (*piece)(void *ctx, struct exchange x, span bytes);
    void (*whole)(void *ctx, struct exchange x);
    void (*room)(void *ctx, struct exchange x);
    void (*gone)(void *ctx, struct exchange x, enum gone why);
};

/* exchange_answer - the whole answer
 *
 * body    copied
 * fails   STATE when the client has gone or an answer was begun; FULL when body is larger than the
 *         queue: then use exchange_body_begin */
err exchange_answer(struct exchange x, unsigned status, enum media media, span body);

/* exchange_refuse - the answer is an err of the handler, as JSON
 * exchange_fault  - the answer is NO_ROUTE, WRONG_METHOD or another refusal of this layer
 * fails   STATE */
err exchange_refuse(struct exchange x, err e);
err exchange_fault(struct exchange x, enum fault f, unsigned allow);

/* exchange_body_begin - an answer of known length whose body follows in pieces
 * exchange_body_piece - the next bytes, copied; all or nothing
 *
 * fails   STATE; FULL when the queue has no room: the piece was not taken, and handler.room tells
 *         when to go on; LIMIT when more comes than was announced */
err exchange_body_begin(struct exchange x, unsigned status, enum media media, uint64_t body_len);
err exchange_body_piece(struct exchange x, span bytes);

/* exchange_stream_begin - the answer is a stream of events, until one side ends it
 * exchange_event        - bytes that put_event has made, copied
 *
 * All events of one turn of the loop leave together, in full TLS records.
 *
 * fails   STATE; FULL when this client is too slow: nothing was taken.  The caller drops the event, or
 *         cuts */
err exchange_stream_begin(struct exchange x);
err exchange_event(struct exchange x, span bytes);
err exchange_stream_end(struct exchange x);

/* exchange_quiet - has this stream sent all that it was given in turns before, but for a record that TLS has begun?
 * exchange_slow  - does more than a quarter of a megabyte wait in it? */
bool exchange_quiet(struct exchange x);
bool exchange_slow(struct exchange x);

/* exchange_purge - take back what waits in a stream and TLS has not begun to send
 *
 * An event of which a part is on its way ends as one of the kind "void", with whatever stands in it; all events
 * that waited behind it are gone.
 *
 * returns was anything taken back? */
bool exchange_purge(struct exchange x);

/* exchange_fan_out - one event to many
 *
 * Who has no room is cut, and told to handler.gone as GONE_SLOW at the end of the turn.
 *
 * returns how many took it
 * x       as many as the server has connections at most, none twice
 * cost    one copy for all who were told the same so far (http/lane.h); to look that up when it is not for the same as the
 *         last one; nothing is formatted again */
size_t exchange_fan_out(const struct exchange *x, size_t count, span bytes);

/* exchange_cut - end the connection without finishing the answer; handler.gone is called with `why` at
 * the end of the turn */
void exchange_cut(struct exchange x, enum gone why);

/* gone_name - "left", "slow", … */
const char *gone_name(enum gone g);

#endif
