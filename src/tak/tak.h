/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TAK_TAK_H
#define TAK_TAK_H

#include "feed/cot.h"

/* Version 1 of the TAK protocol: the same events as Cursor on Target in XML, as protocol buffers, and how
 * two sides agree on it (tak/talk.h).  docs/format/cot-profile.md is the profile of both. */

#define TAK_VERSION 1
#define TAK_MAGIC   0xbf

/* TAK_MESSAGE_MAX - longest message; with its head no longer than an event in XML
 * TAK_HEAD_MAX    - of what we write before it: the magic byte and a length, or a version and another
 * TAK_FRAME_MAX   - a report written as a message, with its head
 * TAK_UNKNOWN_MAX - unknown fields in one message; newer peers have a few
 * TAK_ARENA_BYTES - all that protobuf-c may use for one message: its texts once, and its structs */
#define TAK_MESSAGE_MAX (COT_EVENT_MAX - 4)
#define TAK_HEAD_MAX    4
#define TAK_FRAME_MAX   4096
#define TAK_UNKNOWN_MAX 64
#define TAK_ARENA_BYTES (128 * 1024)

/* tak_reader - one for a process, in the caller's storage
 *
 * cot   reads what of an event is XML */
struct tak_reader {
    struct cot_reader *cot;
    struct arena       arena;
    _Alignas(ARENA_ALIGN) uint8_t memory[TAK_ARENA_BYTES];
};

/* tak_read - one message, checked
 *
 * message  without a head
 * event    receives what of it is an event; untouched without one, and on failure
 * is       receives whether there was one: a message may be of control only
 * fails    MALFORMED on what is no such message, on a field that stands twice, on one of the event itself that
 *          is not known (it could be a label), and when a typed detail and xmlDetail do not say the same;
 *          LIMIT past a limit above or of struct report
 * cost     no memory but the readers', no system call */
err tak_read(struct tak_reader *reader, span message, struct cot_event *event, bool *is);

/* tak_write - a report as a message
 *
 * r        a valid report
 * labels   NULL = it has none
 * w        TAK_FRAME_MAX is enough
 * holds    tak_read of it is r and labels again                            (test/law/tak/tak.c) */
void tak_write(const struct report *r, const struct cot_labels *labels, struct writer *w);

/* tak_write_also - with what stands beside the report; TAK_FRAME_MAX is enough */
void tak_write_also(const struct report *r, const struct report_also *also, struct writer *w);

/* tak_frame - the first message of a stream, with its head; as cot_frame
 *
 * tak_frame_body - the message in such a piece
 * tak_frame_put  - a message with its head for a stream; fails LIMIT past TAK_MESSAGE_MAX */
err  tak_frame(span buffer, span *piece, size_t *used);
span tak_frame_body(span piece);
err  tak_frame_put(struct writer *w, span message);

/* tak_datagram - the message in a datagram, or in a connection that carries one only: behind its head, or bare
 *
 * out      receives it; its ptr is NULL when the bytes are XML, or nothing known
 * fails    MALFORMED on a head of another version
 *
 * tak_datagram_put - a message with the head of a datagram */
err  tak_datagram(span bytes, span *out);
void tak_datagram_put(struct writer *w, span message);

#endif
