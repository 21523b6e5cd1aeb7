/* SPDX-License-Identifier: Apache-2.0 */
/* What stands before a message: in a stream its length, in a datagram the version of the protocol. */
#include "base/reader.h"
#include "tak/scan.h"
#include "tak/tak.h"

static void put_varint(struct writer *w, uint64_t v)
{
    while (v > 0x7f) {
        put_u8(w, (uint8_t)(v | 0x80));
        v >>= 7;
    }
    put_u8(w, (uint8_t)v);
}

/* VARINT_MAX - bytes of the longest number; one that is cut short may still come whole */
#define VARINT_MAX 10

static err length_take(span *rest, uint64_t *len, bool *more)
{
    size_t cut = 0;
    while (cut < rest->len && (rest->ptr[cut] & 0x80) != 0) {
        cut++;
    }
    *more = cut == rest->len && cut < VARINT_MAX;
    return *more ? OK : tak_varint(rest, len);
}

err tak_frame(span buffer, span *piece, size_t *used)
{
    uint64_t len = 0;
    bool     more = false;
    *piece = (span){buffer.ptr, 0};
    *used = 0;
    if (buffer.len == 0) {
        return OK;
    }
    if (buffer.ptr[0] != TAK_MAGIC) {
        return FAIL(MALFORMED, "what stands between two messages is no message");
    }
    span rest = {buffer.ptr + 1, buffer.len - 1};
    TRY(length_take(&rest, &len, &more));
    size_t head = buffer.len - rest.len;
    if (!more && len > COT_EVENT_MAX - head) {
        return FAIL(LIMIT, "a message is longer than 64 KiB");
    }
    if (!more && rest.len >= len) {
        *used = head + (size_t)len;
        piece->len = *used;
    }
    return OK;
}

span tak_frame_body(span piece)
{
    span     rest = {piece.ptr + 1, piece.len - 1};
    uint64_t len = 0;
    MUST(!err_is(tak_varint(&rest, &len)) && len == rest.len); /* as tak_frame found it */
    return rest;
}

err tak_frame_put(struct writer *w, span message)
{
    if (message.len > TAK_MESSAGE_MAX) {
        return FAIL(LIMIT, "a message is longer than 64 KiB");
    }
    put_u8(w, TAK_MAGIC);
    put_varint(w, message.len);
    put_span(w, message);
    return w->bad ? FAIL(LIMIT, "the message does not fit into the buffer") : OK;
}

static bool is_xml(span s)
{
    span rest = span_trim(s);
    return rest.len == 0 || rest.ptr[0] == '<' || span_starts(rest, SPAN_LIT("\xef\xbb\xbf"));
}

/* A message begins with one of its four fields. */
static bool is_bare(span s)
{
    static const uint8_t first[] = {0x0a, 0x12, 0x18, 0x20};
    return memchr(first, s.ptr[0], sizeof first) != NULL;
}

err tak_datagram(span bytes, span *out)
{
    span     rest = bytes;
    uint64_t version = 0;
    *out = (span){NULL, 0};
    if (is_xml(bytes)) {
        return OK;
    }
    if (bytes.ptr[0] != TAK_MAGIC) {
        *out = is_bare(bytes) ? bytes : *out;
        return OK;
    }
    rest = (span){bytes.ptr + 1, bytes.len - 1};
    TRY(tak_varint(&rest, &version));
    if (version != TAK_VERSION || rest.len == 0 || rest.ptr[0] != TAK_MAGIC) {
        return FAIL(MALFORMED, "the message is of another version of the TAK protocol");
    }
    *out = (span){rest.ptr + 1, rest.len - 1};
    return out->len > 0 ? OK : FAIL(MALFORMED, "the message is empty");
}

void tak_datagram_put(struct writer *w, span message)
{
    put_u8(w, TAK_MAGIC);
    put_varint(w, TAK_VERSION);
    put_u8(w, TAK_MAGIC);
    put_span(w, message);
}
