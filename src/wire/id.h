/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_ID_H
#define WIRE_ID_H

#include "base/reader.h"
#include "base/writer.h"

/* id - 16 random bytes that mean nothing
 *
 * An epoch has one id inside its originator, and another on every link: the *handle* under which
 * the processes of a party know it.  At the originator the handle is the epoch id itself. */
#define ID_LEN 16

typedef struct id {
    uint8_t bytes[ID_LEN];
} id;

static inline bool id_equal(const id *a, const id *b)
{
    return memcmp(a->bytes, b->bytes, ID_LEN) == 0;
}

static inline span id_span(const id *i)
{
    return (span){i->bytes, ID_LEN};
}

/*@ requires \valid(r) && bounded(r);
    assigns *r;
    ensures bounded(r) && r->rest.len <= \old(r->rest.len) && (\old(r->bad) ==> r->bad); */
static inline id read_id(struct reader *r)
{
    id out;
    read_copy(r, out.bytes, ID_LEN);
    return out;
}

static inline void put_id(struct writer *w, const id *i)
{
    put_span(w, id_span(i));
}

#endif
