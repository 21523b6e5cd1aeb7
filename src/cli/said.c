/* SPDX-License-Identifier: Apache-2.0 */
/* Where an item lies and how much less than the original it shows, as its author or registrar says. */
#include "cli/said.h"
#include "agreement/terms.h"
#include "base/lines.h"

void degrees_put(span degrees, struct writer *w)
{
    const uint8_t *point = degrees.len > 0 ? memchr(degrees.ptr, '.', degrees.len) : NULL;
    size_t         behind = point == NULL ? 0 : (size_t)(degrees.ptr + degrees.len - point - 1);
    put_span(w, degrees);
    put_text(w, point == NULL ? "." : "");
    for (; behind < 7; behind++) {
        put_u8(w, '0');
    }
}

err extent_stated(span text, struct writer *w)
{
    struct extent e;
    size_t        from = w->len;
    bool          more = text.len > 0;
    while (more) {
        more = memchr(text.ptr, ',', text.len) != NULL;
        degrees_put(span_cut(&text, ','), w);
        put_text(w, more ? "," : "");
    }
    return w->bad ? FAIL(LIMIT, "an extent is south, west, north, east in degrees")
                  : extent_read((span){w->ptr + from, w->len - from}, &e);
}

err said_lines(struct call *c, struct writer *w)
{
    const char      *extent = call_option(c, "extent"), *reduced = call_option(c, "reduced");
    uint8_t          text[EXTENT_TEXT_MAX];
    struct writer    t = WRITER_OF(text);
    struct reduction r;
    if (extent != NULL) {
        err e = extent_stated(span_text(extent), &t);
        if (err_is(e)) {
            return call_misuse(c, e);
        }
        line_text(w, "extent", writer_span(&t));
    }
    if (reduced != NULL) {
        err e = reduction_read(span_text(reduced), &r);
        if (err_is(e) || reduced[0] == 0) {
            return call_misuse(
                c, err_is(e) ? e : FAIL(MALFORMED, "a reduction of nothing is left out"));
        }
        line_text(w, "reduced", span_text(reduced));
    }
    return OK;
}
