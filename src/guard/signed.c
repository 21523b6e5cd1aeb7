/* SPDX-License-Identifier: Apache-2.0 */
/* A signed text that the desk hands in: its first line says what it is. */
#include "guard/origin.h"
#include "guard/state.h"

/* What only takes away is taken from a mute guard too: who comes into a room. */
static const struct {
    const char *title;
    err (*take)(struct guard *g, const struct request_context *c, span text, span signature);
    enum need need;
} signed_row[] = {
    {SUBMISSION_TITLE, submission_take, NEED_VOICE},
    {PRESENCE_TITLE, presence_take, NEED_NOTHING},
    {DISPLAYS_TITLE, displays_take, NEED_NOTHING},
};

err on_submit(struct guard *g, const struct request_context *c, struct reader *body)
{
    span text = read_block16(body, ACT_TEXT_MAX);
    span signature = read_bytes(body, SIGNATURE_LEN), rest = text;
    TRY(reader_end(body));
    span title = span_cut(&rest, '\n');
    for (unsigned i = 0; i < ARRAY_LEN(signed_row); i++) {
        if (span_is(title, signed_row[i].title)) {
            TRY(needs(g, signed_row[i].need));
            return signed_row[i].take(g, c, text, signature);
        }
    }
    TRY(needs(g, NEED_VOICE));
    return submission_take(g, c, text, signature); /* which puts on record what is none */
}
