/* SPDX-License-Identifier: Apache-2.0 */
#include "form/xml_text.h"

/* piece - one character as it is to be read; `same` when that is how it was written */
struct piece {
    uint8_t bytes[4];
    uint8_t len;
    bool    same;
};

bool xml_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

err xml_fail(struct xml *x, err why, const uint8_t *at, span value)
{
    return problem_set(x->problem, why, (size_t)(at - x->in.ptr), value);
}

/* What needs no second look, in text and in a value */
static bool plain(uint8_t c)
{
    return c >= ' ' && c < 0x7f && c != '<' && c != '&' && c != ']' && c != '"' && c != '\'';
}

static bool is_character(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c < 0xd800) ||
           (c >= 0xe000 && c < 0xfffe) || (c >= 0x10000 && c <= 0x10ffff);
}

/* The length of the UTF-8 sequence at `at`, 0 when it is none or no character of XML */
static unsigned sequence_len(const uint8_t *at, const uint8_t *end)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned len = *at < 0x80 ? 1 : *at < 0xc0 ? 0 : *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;
    uint32_t c = len == 1 ? *at : *at & (0x7fu >> len);
    if (len == 0 || *at >= 0xf8 || (size_t)(end - at) < len) {
        return 0;
    }
    for (unsigned i = 1; i < len; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
        c = c << 6 | (at[i] & 0x3f);
    }
    return c >= least[len] && is_character(c) ? len : 0;
}

static void piece_encode(struct piece *p, uint32_t c)
{
    unsigned len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (unsigned i = len - 1; i > 0; i--) {
        p->bytes[i] = (uint8_t)(0x80 | (c & 0x3f));
        c >>= 6;
    }
    p->bytes[0] = (uint8_t)(len == 1 ? c : (0xf00u >> len & 0xf0) | c);
    p->len = (uint8_t)len;
}

/* "#233" or "#xE9" */
static bool number_of(span name, uint32_t *out)
{
    bool     hex = name.len > 1 && name.ptr[1] == 'x';
    uint32_t base = hex ? 16 : 10, c = 0;
    size_t   i = hex ? 2 : 1;
    if (i >= name.len) {
        return false;
    }
    for (; i < name.len && c < 0x110000; i++) {
        uint8_t  d = name.ptr[i];
        uint32_t digit = d >= '0' && d <= '9'          ? d - 48u
                         : hex && d >= 'a' && d <= 'f' ? d - 87u
                         : hex && d >= 'A' && d <= 'F' ? d - 55u
                                                       : 99;
        if (digit >= base) {
            return false;
        }
        c = c * base + digit;
    }
    *out = c;
    return is_character(c);
}

static err reference(struct xml *x, struct piece *p)
{
    static const struct {
        const char *name;
        char        is;
    } entity[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
    const uint8_t *from = x->at;
    uint32_t       c = 0;
    span           name = {from + 1, (size_t)(x->end - from) - 1};
    name = span_cut(&name, ';');
    if (name.len > 10 || from + 1 + name.len == x->end) {
        return xml_fail(x, FAIL(MALFORMED, "an '&' begins no reference"), from, (span){0});
    }
    x->at = name.ptr + name.len + 1;
    for (unsigned i = 0; i < ARRAY_LEN(entity); i++) {
        if (span_is(name, entity[i].name)) {
            piece_encode(p, (uint8_t)entity[i].is);
            return OK;
        }
    }
    if (name.len == 0 || name.ptr[0] != '#') {
        return xml_fail(x, FAIL(MALFORMED, "an entity that XML itself does not have"), from, name);
    }
    if (!number_of(name, &c)) {
        return xml_fail(x, FAIL(MALFORMED, "a reference to what is no character"), from, name);
    }
    piece_encode(p, c);
    return OK;
}

/* White space in a value is blanks; a line end, however it was written, is one */
static void line_end(struct xml *x, uint8_t until, struct piece *p)
{
    bool both = x->end - x->at > 1 && x->at[0] == '\r' && x->at[1] == '\n';
    *p = (struct piece){.bytes = {until != '<' ? ' ' : *x->at == '\r' ? '\n' : *x->at}, .len = 1};
    p->same = !both && p->bytes[0] == *x->at;
    x->at += both ? 2 : 1;
}

static err other(struct xml *x, uint8_t until, struct piece *p)
{
    const uint8_t *from = x->at;
    *p = (struct piece){.same = true};
    if (*from == '&') {
        p->same = false;
        return reference(x, p);
    }
    if (*from == '\t' || *from == '\n' || *from == '\r') {
        line_end(x, until, p);
        return OK;
    }
    if (until != '<' && *from == '<') {
        return xml_fail(x, FAIL(MALFORMED, "a '<' stands in the value of an attribute"), from,
                        (span){0});
    }
    if (until == '<' && x->end - from > 2 && memcmp(from, "]]>", 3) == 0) {
        return xml_fail(x, FAIL(MALFORMED, "\"]]>\" stands in a text"), from, (span){0});
    }
    unsigned len = sequence_len(from, x->end);
    x->at += len;
    return len > 0 ? OK
                   : xml_fail(x, FAIL(MALFORMED, "bytes that are no UTF-8, or no character of XML"),
                              from, (span){0});
}

static err keep(struct xml *x, const void *bytes, size_t len)
{
    if (len > sizeof x->scratch - x->scratch_len) {
        return xml_fail(x, FAIL(LIMIT, "there are more than 64 KiB of text with references"), x->at,
                        (span){0});
    }
    memcpy(x->scratch + x->scratch_len, bytes, len);
    x->scratch_len += len;
    return OK;
}

err xml_text(struct xml *x, uint8_t until, span *out)
{
    const uint8_t *from = x->at; /* of what is not in scratch yet */
    size_t         kept = x->scratch_len;
    bool           copied = false;
    while (x->at < x->end && *x->at != until) {
        const uint8_t *before = x->at;
        struct piece   p;
        if (plain(*x->at)) {
            x->at++;
            continue;
        }
        TRY(other(x, until, &p));
        if (!p.same) {
            TRY(keep(x, from, (size_t)(before - from)));
            TRY(keep(x, p.bytes, p.len));
            from = x->at;
            copied = true;
        }
    }
    if (copied) {
        TRY(keep(x, from, (size_t)(x->at - from)));
    }
    *out = copied ? (span){x->scratch + kept, x->scratch_len - kept}
                  : (span){from, (size_t)(x->at - from)};
    return OK;
}

err xml_joined(struct xml *x, span a, span b, span *out)
{
    size_t kept = x->scratch_len;
    if (a.len == 0 || b.len == 0) {
        *out = a.len == 0 ? b : a;
        return OK;
    }
    TRY(keep(x, a.ptr, a.len));
    TRY(keep(x, b.ptr, b.len));
    *out = (span){x->scratch + kept, x->scratch_len - kept};
    return OK;
}

err xml_comment(struct xml *x)
{
    const uint8_t *from = x->at;
    for (;;) {
        if (x->end - x->at < 3) {
            return xml_fail(x, FAIL(MALFORMED, "a comment does not end"), from, (span){0});
        }
        if (x->at[0] == '-' && x->at[1] == '-') {
            break;
        }
        unsigned len = sequence_len(x->at, x->end);
        if (len == 0) {
            return xml_fail(x, FAIL(MALFORMED, "bytes that are no UTF-8, or no character of XML"),
                            x->at, (span){0});
        }
        x->at += len;
    }
    if (x->at[2] != '>') {
        return xml_fail(x, FAIL(MALFORMED, "\"--\" stands in a comment"), x->at, (span){0});
    }
    x->at += 3;
    return OK;
}
