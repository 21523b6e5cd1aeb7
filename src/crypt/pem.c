/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/pem.h"

#include "base/secret.h"
#include "base/text.h"

#define LINE_BYTES 48 /* 64 characters a line: RFC 7468 §2 */
#define DASHES     "-----"

static void put_edge(struct writer *w, const char *which, const char *label)
{
    put_text(w, DASHES);
    put_text(w, which);
    put_text(w, label);
    put_text(w, DASHES "\n");
}

void pem_put(struct writer *w, const char *label, span der)
{
    put_edge(w, "BEGIN ", label);
    while (der.len > 0) {
        size_t len = der.len < LINE_BYTES ? der.len : LINE_BYTES;
        put_base64(w, (span){der.ptr, len});
        put_text(w, "\n");
        der = (span){der.ptr + len, der.len - len};
    }
    put_edge(w, "END ", label);
}

static bool is_edge(span line, const char *which, const char *label)
{
    uint8_t       buf[64];
    struct writer w = WRITER_OF(buf);
    put_edge(&w, which, label);
    return span_equal(span_trim(line), span_trim(writer_span(&w)));
}

static err decode(span base64, struct writer *out)
{
    uint8_t der[PEM_DER_MAX];
    size_t  len = 0;
    TRY(text_base64(base64, der, sizeof der, &len));
    put_span(out, (span){der, len});
    bytes_wipe(der, sizeof der);
    return out->bad ? FAIL(LIMIT, "a PEM block is longer than allowed") : OK;
}

err pem_take(span *text, const char *label, struct writer *out)
{
    uint8_t       base64[PEM_DER_MAX / 3 * 4 + 4];
    struct writer joined = WRITER_OF(base64);
    span          rest = *text;
    bool          inside = false;

    while (rest.len > 0) {
        span line = span_cut(&rest, '\n');
        if (!inside) {
            inside = is_edge(line, "BEGIN ", label);
        } else if (is_edge(line, "END ", label)) {
            *text = rest;
            err e = joined.bad ? FAIL(LIMIT, "a PEM block is longer than allowed")
                               : decode(writer_span(&joined), out);
            bytes_wipe(base64, sizeof base64);
            return e;
        } else {
            put_span(&joined, span_trim(line));
        }
    }
    return inside ? FAIL(MALFORMED, "a PEM block has no end")
                  : FAIL(UNKNOWN, "there is no such PEM block in the file");
}
