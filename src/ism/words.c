/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/words.h"

static bool word_char(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' ||
           c == '_' || c == ':' || c == '.';
}

/* Where the first token not before `token` begins; *same when it is that one */
static size_t place_of(const struct words *w, span token, bool *same)
{
    span rest = words_span(w);
    *same = false;
    while (rest.len > 0) {
        size_t at = (size_t)w->len - rest.len;
        int    order = span_order(span_cut(&rest, ' '), token);
        if (order >= 0) {
            *same = order == 0;
            return at;
        }
    }
    return w->len;
}

static err token_check(span token)
{
    for (size_t i = 0; i < token.len; i++) {
        if (!word_char(token.ptr[i])) {
            return FAIL(MALFORMED, "a word has a character that no marking has");
        }
    }
    return token.len > 0 ? OK : FAIL(MALFORMED, "a word is missing");
}

err words_add(struct words *w, span token)
{
    bool   same = false;
    size_t at = place_of(w, token, &same), blank = w->len > 0 ? 1 : 0;
    TRY(token_check(token));
    if (same) {
        return OK;
    }
    if (token.len + blank + w->len >= WORDS_MAX) {
        return FAIL(LIMIT, "the words of one kind are longer than 255 bytes");
    }
    char *here = w->text + at;
    if (at < w->len) {
        memmove(here + token.len + 1, here, w->len - at);
        here[token.len] = ' ';
    } else if (blank != 0) {
        *here++ = ' ';
    }
    memcpy(here, token.ptr, token.len);
    w->len = (uint16_t)(w->len + token.len + blank);
    return OK;
}

bool words_have(const struct words *w, span token)
{
    bool same = false;
    (void)place_of(w, token, &same);
    return same;
}

bool words_equal(const struct words *a, const struct words *b)
{
    return span_equal(words_span(a), words_span(b));
}

err words_unite(const struct words *a, const struct words *b, struct words *out)
{
    struct words all = *a;
    for (span rest = words_span(b); rest.len > 0;) {
        TRY(words_add(&all, span_cut(&rest, ' ')));
    }
    *out = all;
    return OK;
}

/* Those of a that b has, or has not; a part of a set that fitted fits */
static void words_some(const struct words *a, const struct words *b, bool had, struct words *out)
{
    struct words some = {0};
    for (span rest = words_span(a); rest.len > 0;) {
        span one = span_cut(&rest, ' ');
        if (words_have(b, one) == had) {
            MUST(!err_is(words_add(&some, one)));
        }
    }
    *out = some;
}

void words_common(const struct words *a, const struct words *b, struct words *out)
{
    words_some(a, b, true, out);
}

void words_without(const struct words *a, const struct words *b, struct words *out)
{
    words_some(a, b, false, out);
}
