/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

/* One row per leading byte range: how many follow, and the smallest code point so long a form may
 * have. */
static const struct {
    uint8_t  first, last, follow, mask;
    uint32_t least;
} utf8_row[] = {
    {0x00, 0x7f, 0, 0x7f, 0},
    {0xc2, 0xdf, 1, 0x1f, 0x80},
    {0xe0, 0xef, 2, 0x0f, 0x800},
    {0xf0, 0xf4, 3, 0x07, 0x10000},
};

static bool code_point_allowed(uint32_t c)
{
    bool control = c < 0x20 ? c != '\t' && c != '\n' : c >= 0x7f && c < 0xa0;
    bool unseen = (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
                  (c >= 0x2060 && c <= 0x2069) || c == 0xfeff;
    return !control && !unseen;
}

static bool code_point_exists(uint32_t c)
{
    return c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
}

size_t text_character(span s, uint32_t *out)
{
    for (size_t row = 0; row < ARRAY_LEN(utf8_row); row++) {
        if (s.ptr[0] < utf8_row[row].first || s.ptr[0] > utf8_row[row].last) {
            continue;
        }
        size_t   len = 1u + utf8_row[row].follow;
        uint32_t c = s.ptr[0] & utf8_row[row].mask;
        if (s.len < len) {
            return 0;
        }
        for (size_t i = 1; i < len; i++) {
            if ((s.ptr[i] & 0xc0) != 0x80) {
                return 0;
            }
            c = c << 6 | (s.ptr[i] & 0x3fu);
        }
        if (c < utf8_row[row].least || !code_point_exists(c)) {
            return 0;
        }
        *out = c;
        return len;
    }
    return 0;
}

static size_t utf8_step(span s)
{
    uint32_t c;
    size_t   len = text_character(s, &c);
    return len > 0 && code_point_allowed(c) ? len : 0;
}

/* Most text is this: letters, digits and what stands between them. */
static size_t plain_step(span s)
{
    size_t len = 0;
    while (len < s.len && s.ptr[len] >= 0x20 && s.ptr[len] < 0x7f) {
        len++;
    }
    return len;
}

err text_utf8(span bytes, utf8 *out)
{
    for (span rest = bytes; rest.len > 0;) {
        size_t plain = plain_step(rest);
        size_t len = plain > 0 ? plain : utf8_step(rest);
        if (len == 0) {
            return FAIL(MALFORMED, "the text is not valid UTF-8, or holds a character that "
                                   "controls and does not show");
        }
        rest = (span){rest.ptr + len, rest.len - len};
    }
    out->bytes = bytes;
    return OK;
}

err text_decimal(span s, uint64_t max, uint64_t *out)
{
    if (s.len == 0 || (s.len > 1 && s.ptr[0] == '0')) {
        return FAIL(MALFORMED, "a whole number is expected here");
    }
    uint64_t value = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9') {
            return FAIL(MALFORMED, "a whole number is expected here");
        }
        uint64_t digit = (uint64_t)(s.ptr[i] - '0');
        if (digit > max || value > (max - digit) / 10) {
            return FAIL(LIMIT, "the number is larger than it may be");
        }
        value = value * 10 + digit;
    }
    *out = value;
    return OK;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

err text_hex(span s, uint8_t *out, size_t len)
{
    if (s.len != 2 * len) {
        return FAIL(MALFORMED, "the hexadecimal value has the wrong length");
    }
    for (size_t i = 0; i < s.len; i++) {
        if (hex_digit(s.ptr[i]) < 0) {
            return FAIL(MALFORMED, "a lower-case hexadecimal digit is expected here");
        }
    }
    for (size_t i = 0; i < len; i++) {
        out[i] = (uint8_t)(hex_digit(s.ptr[2 * i]) << 4 | hex_digit(s.ptr[2 * i + 1]));
    }
    return OK;
}

static const char base64_digit[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void put_base64(struct writer *w, span s)
{
    for (size_t i = 0; i < s.len; i += 3) {
        size_t   have = s.len - i < 3 ? s.len - i : 3;
        uint32_t group = (uint32_t)s.ptr[i] << 16;
        group |= have > 1 ? (uint32_t)s.ptr[i + 1] << 8 : 0;
        group |= have > 2 ? (uint32_t)s.ptr[i + 2] : 0;
        for (size_t k = 0; k < 4; k++) {
            uint8_t digit = (uint8_t)base64_digit[group >> (18 - 6 * k) & 63];
            put_u8(w, k <= have ? digit : '=');
        }
    }
}

static int base64_value(uint8_t c)
{
    const char *at = c == 0 ? NULL : strchr(base64_digit, c);
    return at == NULL ? -1 : (int)(at - base64_digit);
}

err text_base64(span s, uint8_t *out, size_t max, size_t *len)
{
    size_t pad = s.len > 0 && s.ptr[s.len - 1] == '=' ? 1 : 0;
    pad += pad == 1 && s.len > 1 && s.ptr[s.len - 2] == '=' ? 1u : 0u;
    if (s.len % 4 != 0) {
        return FAIL(MALFORMED, "the base64 value has the wrong length");
    }
    size_t want = s.len / 4 * 3 - pad;
    if (want > max) {
        return FAIL(LIMIT, "the base64 value is longer than it may be");
    }
    uint32_t group = 0;
    size_t   made = 0;
    for (size_t i = 0; i < s.len; i++) {
        int value = i >= s.len - pad ? 0 : base64_value(s.ptr[i]);
        if (value < 0) {
            return FAIL(MALFORMED, "a character is not of the base64 alphabet");
        }
        group = group << 6 | (uint32_t)value;
        if (i % 4 == 3) {
            for (size_t k = 0; k < 3; k++) {
                uint8_t byte = (uint8_t)(group >> (16 - 8 * k));
                if (made < want) {
                    out[made++] = byte;
                } else if (byte != 0) {
                    return FAIL(MALFORMED, "the base64 value has stray bits at its end");
                }
            }
            group = 0;
        }
    }
    *len = want;
    return OK;
}

static bool json_plain(uint8_t c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

static void put_json_escaped(struct writer *w, uint8_t c)
{
    put_text(w, c < 0x20 ? "\\u00" : "\\");
    if (c < 0x20) {
        put_hex(w, (span){&c, 1});
    } else {
        put_u8(w, c);
    }
}

void put_json(struct writer *w, span s)
{
    put_u8(w, '"');
    for (size_t i = 0; i < s.len;) {
        size_t plain = i;
        while (plain < s.len && json_plain(s.ptr[plain])) {
            plain++;
        }
        put_span(w, (span){s.ptr + i, plain - i});
        if (plain < s.len) {
            put_json_escaped(w, s.ptr[plain++]);
        }
        i = plain;
    }
    put_u8(w, '"');
}

void put_xml(struct writer *w, span s)
{
    static const char *const escape[128] = {
        ['<'] = "&lt;",  ['>'] = "&gt;",   ['&'] = "&amp;", ['"'] = "&quot;",
        ['\t'] = "&#9;", ['\n'] = "&#10;", ['\r'] = "&#13;"};
    for (size_t i = 0; i < s.len; i++) {
        const char *as = s.ptr[i] < 128 ? escape[s.ptr[i]] : NULL;
        if (as != NULL) {
            put_text(w, as);
        } else {
            put_u8(w, s.ptr[i]);
        }
    }
}

static bool name_character(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

err name_of(span s, name *out)
{
    if (s.len == 0) {
        return FAIL(MALFORMED, "a name is expected here");
    }
    if (s.len > NAME_MAX_LEN) {
        return FAIL(LIMIT, "the name is longer than 31 characters");
    }
    for (size_t i = 0; i < s.len; i++) {
        if (!name_character(s.ptr[i])) {
            return FAIL(MALFORMED, "a name has letters, digits, '-', '_' and '.' only");
        }
    }
    name whole = {0}; /* s may lie in *out */
    memcpy(whole.text, s.ptr, s.len);
    *out = whole;
    return OK;
}

span json_name_before(span in, size_t at)
{
    size_t end = at <= in.len && at > 0 && in.ptr[at - 1] == '"' ? at - 1 : 0, from = end;
    while (from > 0) {
        size_t slashes = 0;
        from--;
        while (slashes < from && in.ptr[from - slashes - 1] == '\\') {
            slashes++;
        }
        if (in.ptr[from] == '"' && slashes % 2 == 0) {
            return (span){in.ptr + from + 1, end - from - 1};
        }
    }
    return (span){in.ptr, 0};
}
