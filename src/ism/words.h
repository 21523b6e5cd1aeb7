/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISM_WORDS_H
#define ISM_WORDS_H

#include "base/err.h"
#include "base/span.h"

/* WORDS_MAX - longest set of words, in bytes with its NUL: what fits in a line of a page */
#define WORDS_MAX 256

/* words - a set of tokens: in byte order, each once, one blank between: "SI SI-G TK"
 *
 * Digits come before letters and a name before those that begin with it, which is the order of the
 * register, so the text is canonical. */
struct words {
    uint16_t len;
    char     text[WORDS_MAX];
};

static inline span words_span(const struct words *w)
{
    return (span){(const uint8_t *)w->text, w->len};
}

/* words_add - one more token: capitals, digits, '-', '_', ':', '.', and small letters
 *
 * fails   MALFORMED on another character or none; LIMIT when it does not fit; then as it was */
err words_add(struct words *w, span token);

bool words_have(const struct words *w, span token);
bool words_equal(const struct words *a, const struct words *b);

/* words_unite, words_common, words_without - out may be a or b; LIMIT when they do not fit */
err  words_unite(const struct words *a, const struct words *b, struct words *out);
void words_common(const struct words *a, const struct words *b, struct words *out);
void words_without(const struct words *a, const struct words *b, struct words *out);

#endif
