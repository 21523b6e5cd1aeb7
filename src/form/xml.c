/* SPDX-License-Identifier: Apache-2.0 */
#include "form/xml.h"

#include <strings.h>

#include "form/xml_text.h"

#define SPACE_XML   SPAN_LIT("http://www.w3.org/XML/1998/namespace")
#define SPACE_XMLNS SPAN_LIT("http://www.w3.org/2000/xmlns/")

static span rest_of(const struct xml *x)
{
    return (span){x->at, (size_t)(x->end - x->at)};
}

static bool skip(struct xml *x, span what)
{
    bool there = span_starts(rest_of(x), what);
    x->at += there ? what.len : 0;
    return there;
}

static bool skip_space(struct xml *x)
{
    const uint8_t *from = x->at;
    while (x->at < x->end && xml_space(*x->at)) {
        x->at++;
    }
    return x->at > from;
}

static bool name_start(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool name_character(uint8_t c)
{
    return name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static span name_part(struct xml *x)
{
    const uint8_t *from = x->at;
    if (from == x->end || !name_start(*from)) {
        return (span){from, 0};
    }
    while (x->at < x->end && name_character(*x->at)) {
        x->at++;
    }
    return (span){from, (size_t)(x->at - from)};
}

/* A name with at most one prefix; what follows it is for the caller to judge */
static err take_name(struct xml *x, span *prefix, span *name)
{
    const uint8_t *from = x->at;
    *prefix = (span){0};
    *name = name_part(x);
    if (name->len > 0 && x->at < x->end && *x->at == ':') {
        x->at++;
        *prefix = *name;
        *name = name_part(x);
    }
    if (name->len == 0 || (x->at < x->end && *x->at >= 0x80)) {
        return xml_fail(x, FAIL(MALFORMED, "a name is missing, or not of ASCII letters and digits"),
                        from, (span){from, (size_t)(x->at - from)});
    }
    return OK;
}

/* The namespace of a prefix; ptr NULL when it has none.  Without a prefix and a default it is empty. */
static span space_of(const struct xml *x, span prefix)
{
    for (unsigned i = x->binding_count; i > 0; i--) {
        if (span_equal(x->binding[i - 1].prefix, prefix)) {
            return x->binding[i - 1].space;
        }
    }
    return span_is(prefix, "xml") ? SPACE_XML : prefix.len == 0 ? SPAN_LIT("") : (span){0};
}

static err take_value(struct xml *x, span *out)
{
    (void)skip_space(x);
    if (!skip(x, SPAN_LIT("="))) {
        return xml_fail(x, FAIL(MALFORMED, "an attribute has no value"), x->at, (span){0});
    }
    (void)skip_space(x);
    uint8_t quote = x->at < x->end ? *x->at : 0;
    if (quote != '"' && quote != '\'') {
        return xml_fail(x, FAIL(MALFORMED, "the value of an attribute has no quotes"), x->at,
                        (span){0});
    }
    x->at++;
    TRY(xml_text(x, quote, out));
    if (x->at == x->end) {
        return xml_fail(x, FAIL(MALFORMED, "the value of an attribute does not end"), x->at,
                        (span){0});
    }
    x->at++;
    return OK;
}

/* xmlns="…" when prefix is empty, else xmlns:prefix="…" */
static err bind(struct xml *x, span prefix, span space, const uint8_t *at)
{
    bool reserved = span_is(prefix, "xmlns") || span_is(prefix, "xml") ||
                    span_equal(space, SPACE_XML) || span_equal(space, SPACE_XMLNS);
    if (reserved || (prefix.len > 0 && space.len == 0)) {
        return xml_fail(x, FAIL(MALFORMED, "a prefix is given a namespace that it cannot have"), at,
                        space);
    }
    for (unsigned i = x->binding_count; i > 0 && x->binding[i - 1].depth == x->depth; i--) {
        if (span_equal(x->binding[i - 1].prefix, prefix)) {
            return xml_fail(x, FAIL(MALFORMED, "an attribute stands twice"), at, prefix);
        }
    }
    if (x->binding_count == XML_BINDINGS_MAX) {
        return xml_fail(x, FAIL(LIMIT, "more than 64 namespaces are declared"), at, space);
    }
    x->binding[x->binding_count++] = (struct xml_binding){prefix, space, x->depth};
    return OK;
}

static err take_attribute(struct xml *x, struct xml_node *n)
{
    const uint8_t *from = x->at;
    span           prefix, name, value;
    TRY(take_name(x, &prefix, &name));
    TRY(take_value(x, &value));
    if (span_is(prefix, "xmlns") || (prefix.len == 0 && span_is(name, "xmlns"))) {
        return bind(x, prefix.len > 0 ? name : (span){0}, value, from);
    }
    if (n->attribute_count == XML_HERE_MAX || x->attribute_count == XML_ATTRIBUTES_MAX) {
        return xml_fail(x, FAIL(LIMIT, "an element has more than 32 attributes, or all have 4,096"),
                        from, name);
    }
    x->attribute[x->attribute_count++] = (struct xml_attribute){
        .prefix = prefix, .name = name, .value = value, .offset = (uint32_t)(from - x->in.ptr)};
    n->attribute_count++;
    return OK;
}

/* Namespaces of attributes are known when all are read; two are the same when name and namespace are */
static err resolve_attributes(struct xml *x, struct xml_node *n)
{
    struct xml_attribute *a = &x->attribute[n->attribute];
    for (unsigned i = 0; i < n->attribute_count; i++) {
        const uint8_t *at = x->in.ptr + a[i].offset;
        a[i].space = a[i].prefix.len == 0 ? SPAN_LIT("") : space_of(x, a[i].prefix);
        if (a[i].space.ptr == NULL) {
            return xml_fail(x, FAIL(MALFORMED, "a prefix has no namespace"), at, a[i].prefix);
        }
        for (unsigned j = 0; j < i; j++) {
            if (span_equal(a[j].name, a[i].name) && span_equal(a[j].space, a[i].space)) {
                return xml_fail(x, FAIL(MALFORMED, "an attribute stands twice"), at, a[i].name);
            }
        }
    }
    return OK;
}

/* Link the new element behind the last one of its parent, whose text so far must then be white */
static void link_node(struct xml *x, uint32_t at)
{
    if (x->depth == 0) {
        return;
    }
    struct xml_node *parent = &x->node[x->open[x->depth - 1]];
    uint32_t        *last = &x->last[x->depth - 1];
    parent->mixed = parent->mixed || span_trim(parent->text).len > 0;
    parent->text = (span){0};
    if (*last == 0) {
        parent->first = at;
    } else {
        x->node[*last].next = at;
    }
    *last = at;
}

static void close_node(struct xml *x)
{
    struct xml_node *n = &x->node[x->open[--x->depth]];
    if (n->first != 0) {
        n->mixed = n->mixed || span_trim(n->text).len > 0;
        n->text = (span){0};
    }
    while (x->binding_count > 0 && x->binding[x->binding_count - 1].depth == x->depth) {
        x->binding_count--;
    }
}

static err take_attributes(struct xml *x, struct xml_node *n)
{
    bool space = skip_space(x);
    while (x->at < x->end && *x->at != '>' && *x->at != '/') {
        if (!space) {
            return xml_fail(x, FAIL(MALFORMED, "no blank stands before an attribute"), x->at,
                            (span){0});
        }
        TRY(take_attribute(x, n));
        space = skip_space(x);
    }
    return resolve_attributes(x, n);
}

/* Behind '<' */
static err open_node(struct xml *x)
{
    const uint8_t *from = x->at - 1;
    span           prefix;
    if (x->node_count == XML_NODES_MAX) {
        return xml_fail(x, FAIL(LIMIT, "there are more than 4,096 elements"), from, (span){0});
    }
    if (x->depth == XML_DEPTH_MAX) {
        return xml_fail(x, FAIL(LIMIT, "there are elements more than 32 in each other"), from,
                        (span){0});
    }
    uint32_t         at = x->node_count++;
    struct xml_node *n = &x->node[at];
    *n = (struct xml_node){.offset = (uint32_t)(from - x->in.ptr),
                           .attribute = (uint16_t)x->attribute_count};
    TRY(take_name(x, &prefix, &n->name));
    x->tag[x->depth] = (span){from + 1, (size_t)(x->at - from) - 1};
    TRY(take_attributes(x, n));
    n->space = space_of(x, prefix);
    if (n->space.ptr == NULL) {
        return xml_fail(x, FAIL(MALFORMED, "a prefix has no namespace"), from, prefix);
    }
    link_node(x, at);
    x->open[x->depth] = at;
    x->last[x->depth++] = 0;
    if (skip(x, SPAN_LIT("/>"))) {
        close_node(x);
        return OK;
    }
    return skip(x, SPAN_LIT(">"))
               ? OK
               : xml_fail(x, FAIL(MALFORMED, "a tag does not end"), from, n->name);
}

/* Behind "</" */
static err take_end(struct xml *x)
{
    const uint8_t *from = x->at;
    span           tag = x->tag[x->depth - 1];
    if (!skip(x, tag)) {
        return xml_fail(x, FAIL(MALFORMED, "an end tag is not that of the element which is open"),
                        from, tag);
    }
    (void)skip_space(x);
    if (!skip(x, SPAN_LIT(">"))) {
        return xml_fail(x, FAIL(MALFORMED, "an end tag is not that of the element which is open"),
                        from, tag);
    }
    x->node[x->open[x->depth - 1]].end = (uint32_t)(from - x->in.ptr) - 2;
    close_node(x);
    return OK;
}

/* What begins with '<' but is neither tag nor comment has no place in a label */
static err refuse_special(struct xml *x)
{
    const uint8_t *at = x->at;
    if (span_starts(rest_of(x), SPAN_LIT("<!DOCTYPE"))) {
        return xml_fail(x, FAIL(MALFORMED, "there is a DOCTYPE"), at, (span){0});
    }
    if (span_starts(rest_of(x), SPAN_LIT("<![CDATA["))) {
        return xml_fail(x, FAIL(MALFORMED, "there is a CDATA section"), at, (span){0});
    }
    return at[1] == '?'
               ? xml_fail(x, FAIL(MALFORMED, "there is a processing instruction"), at, (span){0})
               : xml_fail(x, FAIL(MALFORMED, "there is a declaration"), at, (span){0});
}

static bool special(const struct xml *x)
{
    return x->end - x->at > 1 && (x->at[1] == '!' || x->at[1] == '?');
}

static err take_markup(struct xml *x)
{
    if (skip(x, SPAN_LIT("<!--"))) {
        return xml_comment(x);
    }
    if (special(x)) {
        return refuse_special(x);
    }
    return skip(x, SPAN_LIT("</")) ? take_end(x) : (x->at++, open_node(x));
}

static err take_content(struct xml *x)
{
    while (x->depth > 0) {
        struct xml_node *n = &x->node[x->open[x->depth - 1]];
        span             text;
        TRY(xml_text(x, '<', &text));
        TRY(xml_joined(x, n->text, text, &n->text));
        if (x->at == x->end) {
            return xml_fail(x, FAIL(MALFORMED, "the text ends before its elements do"), x->at,
                            (span){0});
        }
        TRY(take_markup(x));
    }
    return OK;
}

/* One of the things that an XML declaration says; false when it is not there */
static err declared(struct xml *x, span what, span *value)
{
    const uint8_t *from = x->at;
    *value = (span){0};
    if (!skip_space(x) || !skip(x, what)) {
        x->at = from;
        return OK;
    }
    return take_value(x, value);
}

static err take_declaration(struct xml *x)
{
    const uint8_t *from = x->at;
    span           version, encoding, standalone;
    if (x->end - x->at < 6 || memcmp(x->at, "<?xml", 5) != 0 || !xml_space(x->at[5])) {
        return OK;
    }
    x->at += 5;
    TRY(declared(x, SPAN_LIT("version"), &version));
    TRY(declared(x, SPAN_LIT("encoding"), &encoding));
    TRY(declared(x, SPAN_LIT("standalone"), &standalone));
    (void)skip_space(x);
    bool utf8 = encoding.ptr == NULL ||
                (encoding.len == 5 && strncasecmp((const char *)encoding.ptr, "UTF-8", 5) == 0) ||
                (encoding.len == 8 && strncasecmp((const char *)encoding.ptr, "US-ASCII", 8) == 0);
    bool alone = standalone.ptr == NULL || span_is(standalone, "yes") || span_is(standalone, "no");
    if (!span_is(version, "1.0") || !utf8 || !alone || !skip(x, SPAN_LIT("?>"))) {
        return xml_fail(x, FAIL(MALFORMED, "it is not XML 1.0 in UTF-8"), from, encoding);
    }
    return OK;
}

/* Comments and blanks before and after the root */
static err take_misc(struct xml *x)
{
    for (;;) {
        (void)skip_space(x);
        if (!skip(x, SPAN_LIT("<!--"))) {
            return OK;
        }
        TRY(xml_comment(x));
    }
}

err xml_read(struct xml *x, span in, struct form_problem *problem)
{
    x->in = in;
    x->at = in.ptr;
    x->end = in.ptr + in.len;
    x->problem = problem;
    x->node_count = x->attribute_count = x->binding_count = x->depth = 0;
    x->scratch_len = 0;
    (void)skip(x, SPAN_LIT("\xef\xbb\xbf"));
    TRY(take_declaration(x));
    TRY(take_misc(x));
    if (x->at < x->end && *x->at == '<' && special(x)) {
        return refuse_special(x);
    }
    if (!skip(x, SPAN_LIT("<"))) {
        return xml_fail(x, FAIL(MALFORMED, "it is no XML"), x->at, (span){0});
    }
    TRY(open_node(x));
    TRY(take_content(x));
    TRY(take_misc(x));
    if (x->at < x->end && *x->at == '<' && special(x)) {
        return refuse_special(x);
    }
    return x->at == x->end
               ? OK
               : xml_fail(x, FAIL(MALFORMED, "something stands behind the end"), x->at, (span){0});
}

const struct xml_node *xml_first(const struct xml *x, const struct xml_node *n)
{
    return n->first == 0 ? NULL : &x->node[n->first];
}

const struct xml_node *xml_next(const struct xml *x, const struct xml_node *n)
{
    return n->next == 0 ? NULL : &x->node[n->next];
}

const struct xml_attribute *xml_attribute_of(const struct xml *x, const struct xml_node *n,
                                             span name)
{
    for (unsigned i = n->attribute; i < (unsigned)n->attribute + n->attribute_count; i++) {
        if (x->attribute[i].space.len == 0 && span_equal(x->attribute[i].name, name)) {
            return &x->attribute[i];
        }
    }
    return NULL;
}
