/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_MESSAGE_H
#define TEST_MESSAGE_H

#include "base/span.h"
#include "base/writer.h"

/* Protocol buffers by hand: what an honest writer would never make can be made too */

static inline void msg_varint(struct writer *w, uint64_t v)
{
    for (; v > 0x7f; v >>= 7) {
        put_u8(w, (uint8_t)(v | 0x80));
    }
    put_u8(w, (uint8_t)v);
}

static inline void msg_number(struct writer *w, unsigned field, uint64_t v)
{
    msg_varint(w, (uint64_t)field << 3);
    msg_varint(w, v);
}

static inline void msg_bytes(struct writer *w, unsigned field, span s)
{
    msg_varint(w, (uint64_t)field << 3 | 2);
    msg_varint(w, s.len);
    put_span(w, s);
}

static inline void msg_text(struct writer *w, unsigned field, const char *text)
{
    msg_bytes(w, field, span_text(text));
}

static inline void msg_double(struct writer *w, unsigned field, double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    msg_varint(w, (uint64_t)field << 3 | 1);
    for (unsigned i = 0; i < 64; i += 8) {
        put_u8(w, (uint8_t)(bits >> i));
    }
}

/* The fields of an event that each must have; its detail and labels are put behind */
static inline void msg_event(struct writer *w, const char *type)
{
    msg_text(w, 1, type);
    msg_text(w, 5, "u-1");
    msg_number(w, 6, 1700000000000);
    msg_number(w, 7, 1700000000000);
    msg_number(w, 8, 1700000060000);
    msg_text(w, 9, "m-g");
    msg_double(w, 10, 37.5);
    msg_double(w, 11, 127.25);
    msg_double(w, 12, 9999999);
    msg_double(w, 13, 9999999);
    msg_double(w, 14, 9999999);
}

/* An event as a message, with this detail and these fields of the event behind it */
static inline void msg_whole(struct writer *w, const char *type, span detail, span behind)
{
    uint8_t       buf[70000];
    struct writer e = WRITER_OF(buf);
    msg_event(&e, type);
    if (detail.len > 0) {
        msg_bytes(&e, 15, detail);
    }
    put_span(&e, behind);
    msg_bytes(w, 2, writer_span(&e));
}

#endif
