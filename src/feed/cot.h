/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FEED_COT_H
#define FEED_COT_H

#include "feed/arena.h"
#include "feed/report.h"

/* Cursor on Target events (MITRE Event-PUBLIC) from outside: docs/format/cot-profile.md says what
 * of the schema is kept, what is dropped and what is refused. */

/* COT_EVENT_MAX      - longest event; also what one UDP datagram can carry
 * COT_DEPTH_MAX      - elements within elements; the deepest real events have 7
 * COT_ATTRIBUTES_MAX - of one element; the largest real ones have 17
 * COT_ARENA_BYTES    - all that expat may use for one event: twice the event for its buffer, the
 *                      rest for names; an event that needs more is made to exhaust */
#define COT_EVENT_MAX      65536
#define COT_DEPTH_MAX      32
#define COT_ATTRIBUTES_MAX 64
#define COT_ARENA_BYTES    (384 * 1024)

#define COT_LABEL_MAX  63
#define COT_LABELS_MAX 127 /* of caveat and releasableTo, which are lists */

/* cot_lists_equal - the same codes, each as often, whatever their order and whether blanks or commas stand
 * between them */
bool cot_lists_equal(const char *a, const char *b);

/* cot_labels - what the event says of its own classification, as it stands there
 *
 * Empty = absent; an access of "Undefined" is absent too (MIL-STD-6090).  Who takes events in must
 * compare them with the source's profile: they are never to be dropped in silence. */
struct cot_labels {
    char access[COT_LABEL_MAX + 1];
    char caveat[COT_LABELS_MAX + 1];
    char releasable_to[COT_LABELS_MAX + 1];
};

/* cot_event - what is read from one event
 *
 * dropped  how many elements and attributes the report has no place for; those inside an element
 *          that is itself dropped are not counted */
struct cot_event {
    struct report     report;
    struct cot_labels labels;
    uint32_t          dropped;
};

/* cot_reader - made once for each source, in the caller's storage
 *
 * used_max  most of the arena that any event has needed, in bytes */
struct cot_reader {
    uint64_t     salt;
    size_t       used_max;
    struct arena arena;
    _Alignas(ARENA_ALIGN) uint8_t memory[COT_ARENA_BYTES];
};

/* cot_init - make ready
 *
 * salt     random, so that nobody can choose names that collide in expat's tables */
void cot_init(struct cot_reader *reader, uint64_t salt);

/* cot_read - one event, checked
 *
 * xml     exactly one event, with or without an XML declaration, UTF-8
 * out     untouched on failure
 * fails   MALFORMED on what is not well-formed, not an event, lacks a mandatory attribute, or has a
 *         DOCTYPE or a processing instruction; LIMIT past a limit above or of struct report
 * cost    no memory but the arena, no system call; about 4 us for an event of 600 bytes */
err cot_read(struct cot_reader *reader, span xml, struct cot_event *out);

/* cot_listener - hears of each element within detail, in order, before anything of it is kept
 *
 * element      depth 1: straight in detail; attributes: name, value, … and NULL.  What it fails with refuses
 *              the event */
struct cot_listener {
    void *ctx;
    err (*element)(void *ctx, unsigned depth, const char *tag, const char *const *attributes);
};

/* cot_read_heard - cot_read, with somebody who hears what is in detail
 *
 * cot_read_detail - only what stands within detail, as other forms of an event carry it
 *
 * xml     the content of a detail element: any number of elements; no declaration
 * event   what is already known of the event; receives what this adds; untouched on failure */
err cot_read_heard(struct cot_reader *reader, span xml, const struct cot_listener *listener,
                   struct cot_event *out);
err cot_read_detail(struct cot_reader *reader, span xml, const struct cot_listener *listener,
                    struct cot_event *event);

/* cot_frame - the first event in a stream of events, as TCP carries them
 *
 * buffer  what has come and was not used yet
 * event   receives the event, in buffer; empty when more bytes are needed
 * used    receives how many bytes to take off the front of buffer (blank space between events and
 *         the event itself)
 * fails   MALFORMED on anything between events that is no event; LIMIT when an event does not end
 *         within COT_EVENT_MAX.  The stream is then lost: close it.  To look for the next
 *         "<event" instead could take text inside a broken event for an event.
 * cost    one pass over the buffer */
err cot_frame(span buffer, span *event, size_t *used);

#endif
