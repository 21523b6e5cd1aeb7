/* SPDX-License-Identifier: Apache-2.0 */
#include "ismform/parse.h"
#include "base/text.h"

#include <expat.h>
#include <stdlib.h>

static const struct ism_rule rule_doctype = {"DOCTYPE", "", "", "the document has a DOCTYPE"},
                             rule_utf8 = {"ENCODING", "", "",
                                          "the document is not XML 1.0 in UTF-8"},
                             rule_depth = {"DEPTH", "", "", "elements stand more than 64 deep"},
                             rule_formed = {"XML", "XML 1.0", "",
                                            "the document is not well-formed XML"},
                             rule_memory = {"MEMORY", "", "",
                                            "the document needs more memory than one may have"},
                             rule_bytes = {"BYTES", "", "", "the document is longer than 4 MiB"};

struct parse {
    XML_Parser                  parser;
    const struct parse_handler *handler;
    struct ismform_problem     *p;
    unsigned                    depth;
    err                         failed;
};

/* expat's allocator is told nothing of who asks, so what is held is counted here.  A block knows its
 * length; it stands before it. */
struct block {
    _Alignas(max_align_t) size_t len;
};

static _Thread_local size_t memory_held;

static void *memory_take(size_t len)
{
    struct block *b = NULL;
    if (len > PARSE_MEMORY_MAX - memory_held) {
        return NULL;
    }
    b = malloc(sizeof *b + len);
    if (b == NULL) {
        return NULL;
    }
    b->len = len;
    memory_held += len;
    return b + 1;
}

static void memory_drop(void *old)
{
    if (old != NULL) {
        struct block *b = (struct block *)old - 1;
        memory_held -= b->len;
        free(b);
    }
}

static void *memory_grow(void *old, size_t len)
{
    void *grown = memory_take(len);
    if (grown != NULL && old != NULL) {
        size_t had = ((struct block *)old - 1)->len;
        memcpy(grown, old, had < len ? had : len);
        memory_drop(old);
    }
    return grown;
}

static void place(struct parse *s)
{
    XML_Index at = XML_GetCurrentByteIndex(s->parser);
    s->p->line = (unsigned)XML_GetCurrentLineNumber(s->parser);
    s->p->at = at > 0 ? (size_t)at : 0;
}

static void stop(struct parse *s, err why)
{
    if (!err_is(s->failed)) {
        s->failed = why;
        place(s);
        (void)XML_StopParser(s->parser, XML_FALSE);
    }
}

static void refuse(struct parse *s, const struct ism_rule *rule, enum err_code code)
{
    if (!err_is(s->failed)) {
        stop(s, ismform_refuse(s->p, rule, code, "", (span){0}, 0));
    }
}

static void XMLCALL on_start(void *data, const XML_Char *called, const XML_Char **attributes)
{
    struct parse        *s = data;
    XML_Index            at = XML_GetCurrentByteIndex(s->parser);
    struct parse_element e = {.name = called,
                              .attributes = attributes,
                              .depth = ++s->depth,
                              .line = (unsigned)XML_GetCurrentLineNumber(s->parser),
                              .at = at > 0 ? (size_t)at : 0};
    if (err_is(s->failed)) {
        return;
    }
    if (s->depth > PARSE_DEPTH_MAX) {
        refuse(s, &rule_depth, ERR_LIMIT);
        return;
    }
    err why = s->handler->start(s->handler->to, &e);
    if (err_is(why)) {
        stop(s, why);
    }
}

static void XMLCALL on_end(void *data, const XML_Char *called)
{
    struct parse *s = data;
    (void)called;
    unsigned depth = s->depth--;
    err      why =
        s->handler->end != NULL && !err_is(s->failed) ? s->handler->end(s->handler->to, depth) : OK;
    if (err_is(why)) {
        stop(s, why);
    }
}

static void XMLCALL on_text(void *data, const XML_Char *some, int len)
{
    struct parse *s = data;
    span          text = {(const uint8_t *)some, (size_t)len};
    err           why = err_is(s->failed) ? OK : s->handler->text(s->handler->to, s->depth, text);
    if (err_is(why)) {
        stop(s, why);
    }
}

static void XMLCALL on_doctype(void *data, const XML_Char *called, const XML_Char *system_id,
                               const XML_Char *public_id, int has_subset)
{
    (void)called, (void)system_id, (void)public_id, (void)has_subset;
    refuse(data, &rule_doctype, ERR_MALFORMED);
}

static void XMLCALL on_declaration(void *data, const XML_Char *version, const XML_Char *encoding,
                                   int standalone)
{
    (void)standalone;
    bool plain = encoding == NULL || strcasecmp(encoding, "UTF-8") == 0 ||
                 strcasecmp(encoding, "US-ASCII") == 0;
    if (version == NULL || strcmp(version, "1.0") != 0 || !plain) {
        refuse(data, &rule_utf8, ERR_MALFORMED);
    }
}

static err result_of(struct parse *s, enum XML_Status status)
{
    if (!err_is(s->failed) && status != XML_STATUS_OK) {
        bool memory = XML_GetErrorCode(s->parser) == XML_ERROR_NO_MEMORY;
        refuse(s, memory ? &rule_memory : &rule_formed, memory ? ERR_LIMIT : ERR_MALFORMED);
    }
    return s->failed;
}

/* The whole is given at once, so that no tag is looked at twice */
err parse_xml(span xml, const struct parse_handler *handler, struct ismform_problem *p)
{
    static const XML_Memory_Handling_Suite memory = {memory_take, memory_grow, memory_drop};
    struct parse                           s = {.handler = handler, .p = p};
    if (xml.len > PARSE_BYTES_MAX) {
        return ismform_refuse(p, &rule_bytes, ERR_LIMIT, "", (span){0}, 0);
    }
    memory_held = 0;
    s.parser = XML_ParserCreate_MM("UTF-8", &memory, PARSE_BETWEEN);
    if (s.parser == NULL) {
        return ismform_refuse(p, &rule_memory, ERR_LIMIT, "", (span){0}, 0);
    }
    XML_SetUserData(s.parser, &s);
    XML_SetElementHandler(s.parser, on_start, on_end);
    XML_SetCharacterDataHandler(s.parser, handler->text != NULL ? on_text : NULL);
    XML_SetStartDoctypeDeclHandler(s.parser, on_doctype);
    XML_SetXmlDeclHandler(s.parser, on_declaration);
    err e = result_of(&s, XML_Parse(s.parser, (const char *)xml.ptr, (int)xml.len, XML_TRUE));
    XML_ParserFree(s.parser);
    return e;
}

void put_attribute(struct writer *w, const char *prefix, span called, span value)
{
    put_text(w, " ");
    put_text(w, prefix);
    put_span(w, called);
    put_text(w, "=\"");
    put_xml(w, value);
    put_text(w, "\"");
}
