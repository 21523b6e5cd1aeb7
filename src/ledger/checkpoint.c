/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/checkpoint.h"

#include "base/text.h"

void checkpoint_format(span origin, const struct merkle_head *head, struct writer *w)
{
    put_span(w, origin);
    put_u8(w, '\n');
    put_decimal(w, head->size);
    put_u8(w, '\n');
    put_base64(w, SPAN_OF(head->root.bytes));
    put_u8(w, '\n');
}

/* The next line, which must be there, end in a newline and not be empty */
static err next_line(span *rest, span *line)
{
    if (rest->len == 0 || memchr(rest->ptr, '\n', rest->len) == NULL) {
        return FAIL(MALFORMED, "a checkpoint has an origin, a size and a root, a line each");
    }
    *line = span_cut(rest, '\n');
    if (line->len == 0) {
        return FAIL(MALFORMED, "a line of a checkpoint is empty");
    }
    return OK;
}

static err read_root(span line, merkle_hash *out)
{
    size_t len = 0;
    TRY(text_base64(line, out->bytes, sizeof out->bytes, &len));
    if (len != sizeof out->bytes) {
        return FAIL(MALFORMED, "the root of a checkpoint is not 32 bytes");
    }
    return OK;
}

err checkpoint_read(span text, struct checkpoint *out)
{
    struct checkpoint c = {0};
    span              rest = text, line;
    TRY(next_line(&rest, &c.origin));
    TRY(next_line(&rest, &line));
    TRY(text_decimal(line, MERKLE_SIZE_MAX, &c.head.size));
    TRY(next_line(&rest, &line));
    TRY(read_root(line, &c.head.root));
    c.extensions = rest;
    while (rest.len > 0) {
        TRY(next_line(&rest, &line));
    }
    *out = c;
    return OK;
}

err checkpoint_sign(const struct note_key *key, struct signer *signer,
                    const struct merkle_head *head, struct writer *w)
{
    uint8_t       text[CHECKPOINT_TEXT_MAX];
    struct writer text_writer = WRITER_OF(text);
    checkpoint_format(note_key_name(key), head, &text_writer);
    return note_sign(key, signer, writer_span(&text_writer), w);
}

err checkpoint_open(span note, const struct note_key *key, struct checkpoint *out)
{
    struct note       n;
    struct checkpoint c;
    TRY(note_read(note, &n));
    TRY(note_check(&n, key));
    TRY(checkpoint_read(n.text, &c));
    if (!span_equal(c.origin, note_key_name(key))) {
        return FAIL(FORGED, "the checkpoint is of another ledger");
    }
    *out = c;
    return OK;
}
