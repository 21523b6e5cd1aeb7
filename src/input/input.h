/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INPUT_INPUT_H
#define INPUT_INPUT_H

#include "ais/ais.h"
#include "asterix/asterix.h"
#include "tak/talk.h"
#include "wire/request.h"

/* What sources send, in one table: bytes in, reports out.  A form is a row in input.c and a file beside
 * it (cot.c); what reads the bytes of a form is a folder of its own below (docs/why/feed.md).
 *
 *     input_init                                once for each source
 *     input_take                                a datagram
 *     input_greet, then input_frame, input_take a connection, and its pieces */

/* INPUT_PIECE_MAX - longest piece: a datagram, or what a stream frames (an event, a line, a block)
 * INPUT_REPLY_MAX - longest answer to one piece, or greeting */
#define INPUT_PIECE_MAX COT_EVENT_MAX
#define INPUT_REPLY_MAX 1024

/* input_time - when something came: what the time of day is said to be, and a clock that never jumps */
struct input_time {
    instant now;
    int64_t boot_ms;
};

/* input_sink - what becomes of a piece, one call for each thing in it, in order
 *
 * event     a report, checked, with what it says of its own label and how much of it was dropped
 * refused   something that is no report; why.why is a literal sentence, LIMIT or MALFORMED its code
 * passed    so many messages that are well-formed and hold no report (control, status, a part of one) */
struct input_sink {
    void *ctx;
    void (*event)(void *ctx, const struct cot_event *event);
    void (*refused)(void *ctx, err why);
    void (*passed)(void *ctx, uint32_t count);
};

/* input_reader - what all inputs of a process read with, one after another: the parsers' memory */
struct input_reader {
    struct cot_reader cot;
    struct tak_reader tak;
};

/* input_stream - one connection: what was agreed with its sender about how it goes on
 *
 * begun   its first piece has come
 * talk    of Cursor on Target: XML or protocol buffers */
struct input_stream {
    bool             begun;
    struct talk_side talk;
};

/* input - one source: what its form keeps from piece to piece, bounded */
struct input {
    enum source_form     form;
    struct input_reader *reader;
    uint64_t             greeted; /* connections */
    struct ais           ais;
    struct asterix       asterix;
};

/* input_reader_init - salt: random, so that nobody can choose names that collide in a table */
void input_reader_init(struct input_reader *r, uint64_t salt);

/* input_init - make ready for the pieces of a source
 *
 * reader  outlives it
 * fails   UNKNOWN when nothing here reads that form */
err input_init(struct input *in, enum source_form form, struct input_reader *reader);

/* input_stands - where the sensor of this source stands, for forms that measure from there
 *
 * height_m   above the ellipsoid */
void input_stands(struct input *in, struct place place, int32_t height_m);

/* input_greet - a connection is there
 *
 * reply   receives what is to be sent at once, if anything; INPUT_REPLY_MAX is enough */
void input_greet(struct input *in, struct input_stream *s, const struct input_time *t,
                 struct writer *reply);

/* input_frame - the first piece in a stream
 *
 * buffer  what has come and was not used yet; a piece may be as long as INPUT_PIECE_MAX
 * piece   receives it, in buffer; empty when more bytes are needed
 * used    receives how many bytes to take off the front of buffer
 * fails   MALFORMED, LIMIT: the stream is lost, close it */
err input_frame(const struct input *in, const struct input_stream *s, span buffer, span *piece,
                size_t *used);

/* input_last - the stream has ended: is what is left of it, not empty, a piece? */
bool input_last(const struct input *in, const struct input_stream *s, span buffer);

/* input_take - as many reports as the bytes hold
 *
 * s       the connection; NULL: the bytes are a datagram
 * sink    hears of each report and each refusal; a piece that is bad costs itself only
 * reply   receives what is to be sent back, if anything; NULL for a datagram
 * cost    no memory but the reader's, no system call */
void input_take(struct input *in, struct input_stream *s, span bytes, const struct input_time *t,
                const struct input_sink *sink, struct writer *reply);

#endif
