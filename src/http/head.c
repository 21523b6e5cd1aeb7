/* SPDX-License-Identifier: Apache-2.0 */
#include "http/head.h"

/* Everything but the line ends is printable ASCII, blank or tab: RFC 9110 section 5.5 lets bytes
 * above 0x7f pass as opaque; nobody who speaks to a desk needs them. */
static bool head_byte(uint8_t c)
{
    return (c >= 0x20 && c < 0x7f) || c == '\t';
}

static enum fault scan_byte(struct head_scan *s, uint8_t c, bool *end)
{
    if (c == '\n') {
        if (!s->cr) {
            return FAULT_LINE;
        }
        *end = s->line == 0;
        s->started = true;
        s->line = 0;
        s->cr = false;
        return FAULT_NONE;
    }
    if (s->cr) {
        return FAULT_LINE;
    }
    s->cr = c == '\r';
    if (s->cr) {
        return FAULT_NONE;
    }
    s->line++;
    return head_byte(c) ? FAULT_NONE : FAULT_BYTE;
}

enum fault head_find_end(struct head_scan *s, span have, size_t *len)
{
    bool end = false;
    while (s->at < have.len) {
        if (s->at == HEAD_MAX) {
            return FAULT_HEAD_LONG;
        }
        enum fault f = scan_byte(s, have.ptr[s->at++], &end);
        if (f != FAULT_NONE) {
            return f;
        }
        if (end) {
            *len = s->at;
            return FAULT_NONE;
        }
    }
    *len = 0;
    return FAULT_NONE;
}

span head_line(span *rest)
{
    span line = span_cut(rest, '\r');
    if (rest->len > 0) {
        *rest = (span){rest->ptr + 1, rest->len - 1};
    }
    return line;
}

bool token_valid(span s)
{
    static const char other[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        bool    letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool    digit = c >= '0' && c <= '9';
        if (!letter && !digit && memchr(other, c, sizeof other - 1) == NULL) {
            return false;
        }
    }
    return s.len > 0;
}

bool span_is_caseless(span s, const char *lower)
{
    span want = span_text(lower);
    if (s.len != want.len) {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        c = c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
        if (c != want.ptr[i]) {
            return false;
        }
    }
    return true;
}

static enum fault field_read(span line, struct field *out)
{
    if (line.ptr[0] == ' ' || line.ptr[0] == '\t') {
        return FAULT_FOLD;
    }
    span   value = line;
    size_t colon = span_cut(&value, ':').len;
    if (colon == line.len) {
        return FAULT_FIELD;
    }
    *out = (struct field){{line.ptr, colon}, span_trim(value)};
    return token_valid(out->name) ? FAULT_NONE : FAULT_FIELD;
}

enum fault head_fields(span rest, struct fields *out)
{
    out->count = 0;
    for (span line = head_line(&rest); line.len > 0; line = head_line(&rest)) {
        if (out->count == HEAD_FIELDS_MAX) {
            return FAULT_FIELD_COUNT;
        }
        enum fault f = field_read(line, &out->field[out->count]);
        if (f != FAULT_NONE) {
            return f;
        }
        out->count++;
    }
    return FAULT_NONE;
}

const struct field *fields_find(const struct fields *f, const char *lower_name)
{
    for (size_t i = 0; i < f->count; i++) {
        if (span_is_caseless(f->field[i].name, lower_name)) {
            return &f->field[i];
        }
    }
    return NULL;
}

bool fields_has(const struct fields *f, const char *lower_name, const char *lower_token)
{
    for (size_t i = 0; i < f->count; i++) {
        if (!span_is_caseless(f->field[i].name, lower_name)) {
            continue;
        }
        for (span rest = f->field[i].value; rest.len > 0;) {
            if (span_is_caseless(span_trim(span_cut(&rest, ',')), lower_token)) {
                return true;
            }
        }
    }
    return false;
}
