/* SPDX-License-Identifier: Apache-2.0 */
#include "base/lines.h"

void line_title(struct writer *w, const char *title)
{
    put_text(w, title);
    put_u8(w, '\n');
}

static void line_start(struct writer *w, const char *key)
{
    put_text(w, key);
    put_u8(w, ' ');
}

void line_text(struct writer *w, const char *key, span value)
{
    w->bad = w->bad || (value.len > 0 && memchr(value.ptr, '\n', value.len) != NULL);
    line_start(w, key);
    put_span(w, value);
    put_u8(w, '\n');
}

void line_said(struct writer *w, const char *key, const char *text)
{
    if (text[0] != 0) {
        line_text(w, key, span_text(text));
    }
}

void line_name(struct writer *w, const char *key, const name *value)
{
    line_text(w, key, name_span(value));
}

void line_hex(struct writer *w, const char *key, span value)
{
    line_start(w, key);
    put_hex(w, value);
    put_u8(w, '\n');
}

void line_number(struct writer *w, const char *key, uint64_t value)
{
    line_start(w, key);
    put_decimal(w, value);
    put_u8(w, '\n');
}

void line_instant(struct writer *w, const char *key, instant value)
{
    line_start(w, key);
    put_instant(w, value);
    put_u8(w, '\n');
}

struct lines lines_of(span text)
{
    return (struct lines){.rest = text};
}

static span next_line(struct lines *l)
{
    if (l->bad || l->rest.len == 0 || memchr(l->rest.ptr, '\n', l->rest.len) == NULL) {
        l->bad = true;
        return (span){l->rest.ptr, 0};
    }
    return span_cut(&l->rest, '\n');
}

void take_title(struct lines *l, const char *title)
{
    l->bad = !span_is(next_line(l), title) || l->bad;
}

bool take_more(struct lines *l, const char *key, span *value)
{
    struct lines ahead = *l;
    span         line = next_line(&ahead);
    span         wanted = span_text(key);
    if (ahead.bad || line.len <= wanted.len || !span_starts(line, wanted) ||
        line.ptr[wanted.len] != ' ') {
        return false;
    }
    *value = (span){line.ptr + wanted.len + 1, line.len - wanted.len - 1};
    *l = ahead;
    return true;
}

span take_text(struct lines *l, const char *key)
{
    span value = {l->rest.ptr, 0};
    l->bad = !take_more(l, key, &value) || l->bad;
    return value;
}

/* Of a line that is not there nothing is wrong but that. */
static void value_taken(struct lines *l, err e)
{
    l->why = !l->bad && err_is(e) ? e.why : l->why;
    l->bad = l->bad || err_is(e);
}

name take_name(struct lines *l, const char *key)
{
    name out = {0};
    span text = take_text(l, key);
    value_taken(l, name_of(text, &out));
    return out;
}

void take_hex(struct lines *l, const char *key, uint8_t *out, size_t len)
{
    memset(out, 0, len);
    span text = take_text(l, key);
    value_taken(l, text_hex(text, out, len));
}

uint64_t take_number(struct lines *l, const char *key, uint64_t max)
{
    uint64_t out = 0;
    span     text = take_text(l, key);
    value_taken(l, text_decimal(text, max, &out));
    return out;
}

instant take_instant(struct lines *l, const char *key)
{
    instant out = 0;
    span    text = take_text(l, key);
    value_taken(l, text_instant(text, &out));
    return out;
}

err lines_end(const struct lines *l)
{
    if (l->bad && l->why != NULL) {
        return (err){ERR_MALFORMED, l->why};
    }
    if (l->bad) {
        return FAIL(MALFORMED, "a line is missing, out of order or not as it should be");
    }
    if (l->rest.len != 0) {
        return FAIL(MALFORMED, "there is text left over at the end");
    }
    return OK;
}
