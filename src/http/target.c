/* SPDX-License-Identifier: Apache-2.0 */
#include "http/target.h"

static bool unreserved(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != 0 && strchr("-._~", c) != NULL);
}

/* RFC 3986: pchar, with '/' that parts the path and '?' that a query may hold */
static bool target_byte(uint8_t c)
{
    return unreserved(c) || (c != 0 && strchr("%!$&'()*+,;=:@/?", c) != NULL);
}

static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    uint8_t lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

err escape_decode(span s, bool plus, uint8_t *buf, size_t buf_len, utf8 *out)
{
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        if (c == '%') {
            int high = i + 2 < s.len ? hex_value(s.ptr[i + 1]) : -1;
            int low = i + 2 < s.len ? hex_value(s.ptr[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return FAIL(MALFORMED, "a percent sign is not followed by two digits");
            }
            c = (uint8_t)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (len == buf_len) {
            return FAIL(LIMIT, "a part of the path or query is longer than it may be");
        }
        buf[len++] = c;
    }
    return text_utf8((span){buf, len}, out);
}

static enum fault segment_check(span segment)
{
    uint8_t buf[TARGET_MAX];
    utf8    text;
    if (err_is(escape_decode(segment, false, buf, sizeof buf, &text))) {
        return FAULT_ESCAPE;
    }
    if (memchr(buf, '/', text.bytes.len) != NULL) {
        return FAULT_ESCAPE;
    }
    bool climbs = span_is(text.bytes, ".") || span_is(text.bytes, "..");
    return climbs ? FAULT_TARGET : FAULT_NONE;
}

/* Names and values are checked one by one: decoded together, halves of a character on the two sides
 * of a '&' would not be seen. */
static enum fault query_check(span query)
{
    uint8_t buf[TARGET_MAX];
    utf8    text;
    while (query.len > 0) {
        span value = span_cut(&query, '&');
        span key = span_cut(&value, '=');
        if (err_is(escape_decode(key, true, buf, sizeof buf, &text)) ||
            err_is(escape_decode(value, true, buf, sizeof buf, &text))) {
            return FAULT_ESCAPE;
        }
    }
    return FAULT_NONE;
}

enum fault target_split(span target, span *path, span *query)
{
    if (target.len > TARGET_MAX) {
        return FAULT_TARGET_LONG;
    }
    if (target.len == 0 || target.ptr[0] != '/') {
        return FAULT_TARGET;
    }
    for (size_t i = 0; i < target.len; i++) {
        if (!target_byte(target.ptr[i])) {
            return FAULT_TARGET;
        }
    }
    span after = target;
    span before = span_cut(&after, '?');
    for (span rest = {before.ptr + 1, before.len - 1}; rest.len > 0;) {
        enum fault f = segment_check(span_cut(&rest, '/'));
        if (f != FAULT_NONE) {
            return f;
        }
    }
    enum fault f = query_check(after);
    if (f == FAULT_NONE) {
        *path = before;
        *query = after;
    }
    return f;
}

err path_segment(span segment, uint8_t *buf, size_t buf_len, utf8 *out)
{
    return escape_decode(segment, false, buf, buf_len, out);
}

err query_value(span query, const char *key, uint8_t *buf, size_t buf_len, utf8 *out)
{
    span found = {NULL, 0};
    bool there = false;
    while (query.len > 0) {
        span    value = span_cut(&query, '&');
        uint8_t have_buf[TARGET_MAX];
        utf8    have;
        TRY(escape_decode(span_cut(&value, '='), true, have_buf, sizeof have_buf, &have));
        if (!span_is(have.bytes, key)) {
            continue;
        }
        if (there) {
            return FAIL(MALFORMED, "a name stands twice in the query");
        }
        there = true;
        found = value;
    }
    if (!there) {
        return FAIL(UNKNOWN, "the query does not have this name");
    }
    return escape_decode(found, true, buf, buf_len, out);
}

void put_escaped(struct writer *w, span s)
{
    static const char digit[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.len; i++) {
        if (unreserved(s.ptr[i])) {
            put_u8(w, s.ptr[i]);
        } else {
            put_u8(w, '%');
            put_u8(w, (uint8_t)digit[s.ptr[i] >> 4]);
            put_u8(w, (uint8_t)digit[s.ptr[i] & 15]);
        }
    }
}
