/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FUZZ_EDITS_H
#define FUZZ_EDITS_H

#include "base/reader.h"
#include "base/writer.h"

/* Canonical text with some lines changed.  An input says u8 how many edits (7 at most), each u8 line, u8 what,
 * block8 text */

#define LINES_MAX 1024

struct text {
    unsigned count;
    span     line[LINES_MAX];
};

static inline void text_of(span body, struct text *t)
{
    t->count = 0;
    while (body.len > 0 && t->count < LINES_MAX - 8) {
        t->line[t->count++] = span_cut(&body, '\n');
    }
}

static inline void line_insert(struct text *t, unsigned at, span line)
{
    memmove(&t->line[at + 1], &t->line[at], (t->count - at) * sizeof t->line[0]);
    t->line[at] = line;
    t->count++;
}

static inline void line_delete(struct text *t, unsigned at)
{
    t->count--;
    memmove(&t->line[at], &t->line[at + 1], (t->count - at) * sizeof t->line[0]);
}

/* The value of a line becomes this; its key stays. */
static inline span value_set(span line, span value, struct writer *room)
{
    size_t at = room->len;
    put_span(room, span_cut(&line, ' '));
    put_u8(room, ' ');
    put_span(room, value);
    return (span){room->ptr + at, room->len - at};
}

static inline void edit(struct reader *r, struct text *t, struct writer *room)
{
    unsigned at = read_u8(r), what = read_u8(r);
    span     text = read_block8(r, UINT8_MAX);
    if (r->bad || t->count == 0 || what % 6 == 0) {
        line_insert(t, 0, text);
        return;
    }
    at %= t->count;
    if (what % 6 == 1) {
        line_insert(t, at, text);
    } else if (what % 6 == 2) {
        line_insert(t, at, t->line[at]);
    } else if (what % 6 == 3) {
        line_delete(t, at);
    } else {
        t->line[at] = what % 6 == 4 ? text : value_set(t->line[at], text, room);
    }
}

/* text_edited - the lines of `body`, changed as the input says */
static inline void text_edited(struct reader *r, span body, struct writer *out)
{
    static struct text t;
    uint8_t            values[4096];
    struct writer      room = WRITER_OF(values);
    unsigned           edits = read_u8(r) & 7;
    text_of(body, &t);
    for (unsigned i = 0; i < edits && !r->bad; i++) {
        edit(r, &t, &room);
    }
    for (unsigned i = 0; i < t.count; i++) {
        put_span(out, t.line[i]);
        put_u8(out, '\n');
    }
}

#endif
