/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_WRITER_H
#define BASE_WRITER_H

#include "base/err.h"
#include "base/span.h"

/* writer - bytes into a buffer that the caller owns
 *
 * The first overflow sticks; nothing is written past the end; writer_end reports it.  Numbers are
 * big-endian.  `put_text` and friends make canonical text with the same buffer. */
struct writer {
    uint8_t *ptr;
    size_t   len;
    size_t   max;
    bool     bad;
};

#define WRITER_OF(array) (writer_of((array), sizeof(array)))

struct writer writer_of(void *buf, size_t max);
void          put_u8(struct writer *w, uint8_t v);
void          put_u16(struct writer *w, uint16_t v);
void          put_u32(struct writer *w, uint32_t v);
void          put_u64(struct writer *w, uint64_t v);
void          put_span(struct writer *w, span s);
void          put_text(struct writer *w, const char *s);

/* put_decimal - base ten, no leading zeros; put_hex - lower case */
void put_decimal(struct writer *w, uint64_t v);
void put_hex(struct writer *w, span s);

/* put_block8/16/32 - a length, then the bytes; bad when the length does not fit */
void put_block8(struct writer *w, span s);
void put_block16(struct writer *w, span s);
void put_block32(struct writer *w, span s);

/* put_space - room for len bytes to be filled in later; NULL when there is none */
uint8_t *put_space(struct writer *w, size_t len);

/* writer_end - what was written
 *
 * out     the bytes, in the caller's buffer
 * fails   LIMIT when the buffer was too small */
err writer_end(const struct writer *w, span *out);

static inline span writer_span(const struct writer *w)
{
    return (span){w->ptr, w->len};
}

#endif
