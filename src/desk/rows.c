/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/rows.h"

/* Of these the guard's rows give numbers, the offsets with a sign; docs/format/desk-api.md. */
/* clang-format off */
static const char *const number_key[] = {
    "length", "officers", "approvals", "leaves", "released", "refused", "received", "receive-refused",
    "opened", "opening-refused", "bad-requests", "waiting", "not-listening", "lease-left", "sent", "acked",
    "their-letters", "offset-low", "offset-high", "last-beat-age", "letters-waiting", "leaf", "count",
    "gone", "not-here", "approval", "receipts-owed", "receipts-overdue", "receipts-due", "questions",
    "own-questions", "partners-refused", "duties", "duties-soon", "duties-overdue", "losses-told",
    "certified", "certifiers", "copied", "copies", "copy", "presence", "turn", "shows",
};
/* clang-format on */

static bool is_number(span key, span value)
{
    uint64_t n;
    for (size_t i = 0; i < ARRAY_LEN(number_key); i++) {
        if (span_is(key, number_key[i])) {
            size_t sign = span_starts(value, SPAN_LIT("-")) ? 1 : 0;
            span   digits = {value.ptr + sign, value.len - sign};
            return !err_is(text_decimal(digits, INT64_MAX, &n));
        }
    }
    return false;
}

void json_key(struct writer *w, bool first, const char *key)
{
    put_text(w, first ? "" : ",");
    put_json(w, span_text(key));
    put_u8(w, ':');
}

void json_hex(struct writer *w, bool first, const char *key, span bytes)
{
    json_key(w, first, key);
    put_u8(w, '"');
    put_hex(w, bytes);
    put_u8(w, '"');
}

static err line_read(span line, span *key, span *value)
{
    *value = line;
    *key = span_cut(value, ' ');
    if (key->len == 0 || key->len == line.len) {
        return FAIL(MALFORMED, "the guard's rows are not canonical text");
    }
    return OK;
}

static void member_put(struct writer *w, bool first, span key, span value)
{
    put_text(w, first ? "" : ",");
    put_json(w, key);
    put_u8(w, ':');
    if (is_number(key, value)) {
        put_span(w, value);
    } else {
        put_json(w, value);
    }
}

static err end_of(const struct writer *w)
{
    span all;
    return writer_end(w, &all);
}

/* A row that says nothing but its number (someone who is not complete yet) gives no object. */
err rows_json(span text, size_t *put, uint64_t *last, struct writer *w)
{
    utf8 checked;
    bool row = false, open = false;
    TRY(text_utf8(text, &checked));
    while (text.len > 0) {
        span key, value;
        TRY(line_read(span_cut(&text, '\n'), &key, &value));
        if (span_is(key, "row")) {
            TRY(text_decimal(value, UINT16_MAX, last));
            put_text(w, open ? "}" : "");
            row = true;
            open = false;
            continue;
        }
        if (!row) {
            return FAIL(MALFORMED, "the guard's rows do not begin with a number");
        }
        put_text(w, open ? "" : *put == 0 ? "{" : ",{");
        *put += open ? 0 : 1;
        member_put(w, !open, key, value);
        open = true;
    }
    put_text(w, open ? "}" : "");
    return end_of(w);
}

/* Only the partners of the status repeat: they come last, each from its line `partner …` on. */
static err partners_put(span text, bool first, struct writer *w)
{
    json_key(w, first, "partners");
    put_u8(w, '[');
    for (first = true; text.len > 0; first = false) {
        span key, value;
        TRY(line_read(span_cut(&text, '\n'), &key, &value));
        bool begins = span_is(key, "partner");
        put_text(w, first ? "{" : begins ? "},{" : "");
        member_put(w, begins, key, value);
    }
    put_text(w, "}]");
    return OK;
}

err row_json(span text, bool first, struct writer *w)
{
    utf8 checked;
    TRY(text_utf8(text, &checked));
    while (text.len > 0) {
        span rest = text, key, value;
        TRY(line_read(span_cut(&rest, '\n'), &key, &value));
        if (span_is(key, "partner")) {
            TRY(partners_put(text, first, w));
            break;
        }
        member_put(w, first, key, value);
        first = false;
        text = rest;
    }
    return end_of(w);
}

span row_value(span text, const char *key)
{
    while (text.len > 0) {
        span line = span_cut(&text, '\n');
        if (span_is(span_cut(&line, ' '), key)) {
            return line;
        }
    }
    return (span){NULL, 0};
}
