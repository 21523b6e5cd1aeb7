/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/cot.h"

#include <expat.h>

#include "feed/cot_fields.h"

/* Where the parser stands, and what has been found so far. */
struct parse {
    XML_Parser       parser;
    struct cot_event event;
    err              failed;
    enum cot_element inside;
    unsigned         depth;
    unsigned         skipping; /* elements entered within one that is dropped */
    uint32_t         seen;     /* a set of enum cot_element */
    size_t           remarks_len;
    char            *remarks; /* COT_REMARKS_ROOM bytes */
    unsigned         detail;  /* how deep detail stands while it is open; else 0 */

    const struct cot_listener *listener; /* NULL: nobody */
};

/* expat's allocator is told nothing of who asks, so it must be found through this. */
static _Thread_local struct arena *arena_now;

static void *memory_take(size_t len)
{
    return arena_take(arena_now, len);
}

static void *memory_grow(void *old, size_t len)
{
    return arena_grow(arena_now, old, len);
}

static void memory_drop(void *block)
{
    (void)block;
}

static void stop(struct parse *p, err why)
{
    p->failed = why;
    (void)XML_StopParser(p->parser, XML_FALSE);
}

static err take_attributes(struct parse *p, const XML_Char **attributes)
{
    uint64_t found = 0;
    size_t   count = 0;
    for (; attributes[2 * count] != NULL; count++) {
        if (count == COT_ATTRIBUTES_MAX) {
            return FAIL(LIMIT, "an element of the event has more than 64 attributes");
        }
        span key = span_text(attributes[2 * count]);
        TRY(cot_field_take(p->inside, key, span_text(attributes[2 * count + 1]), &found,
                           &p->event));
    }
    return cot_field_all(p->inside, found);
}

static err tell(struct parse *p, const XML_Char *tag, const XML_Char **attributes)
{
    if (p->listener == NULL || p->detail == 0) {
        return OK;
    }
    return p->listener->element(p->listener->ctx, p->depth - p->detail, tag,
                                (const char *const *)attributes);
}

static err enter(struct parse *p, const XML_Char *tag, const XML_Char **attributes)
{
    enum cot_element element = cot_element_of(p->inside, span_text(tag));
    if (p->depth > COT_DEPTH_MAX) {
        return FAIL(LIMIT, "the event has elements more than 32 deep");
    }
    TRY(tell(p, tag, attributes));
    if (p->skipping > 0 || element == COT_OTHER) {
        p->event.dropped += p->skipping == 0;
        p->skipping++;
        return p->inside == COT_OUTSIDE ? FAIL(MALFORMED, "the outermost element is not an event")
                                        : OK;
    }
    if ((p->seen & 1u << element) != 0) {
        return FAIL(MALFORMED, "an element stands twice in the event");
    }
    p->seen |= 1u << element;
    p->inside = element;
    p->detail = element == COT_DETAIL ? p->depth : p->detail;
    return take_attributes(p, attributes);
}

static void XMLCALL on_start(void *data, const XML_Char *tag, const XML_Char **attributes)
{
    struct parse *p = data;
    if (err_is(p->failed)) {
        return;
    }
    p->depth++;
    err e = enter(p, tag, attributes);
    if (err_is(e)) {
        stop(p, e);
    }
}

static void XMLCALL on_end(void *data, const XML_Char *tag)
{
    struct parse *p = data;
    (void)tag;
    if (err_is(p->failed)) {
        return;
    }
    p->depth--;
    if (p->skipping > 0) {
        p->skipping--;
        return;
    }
    if (p->inside == COT_REMARKS) {
        span text = span_trim((span){(const uint8_t *)p->remarks, p->remarks_len});
        err  e = report_text(text, REPORT_REMARKS_MAX, true, p->event.report.remarks);
        if (err_is(e)) {
            stop(p, e);
        }
    }
    p->detail = p->inside == COT_DETAIL ? 0 : p->detail;
    p->inside = cot_element_parent(p->inside);
}

static void XMLCALL on_text(void *data, const XML_Char *text, int len)
{
    struct parse *p = data;
    if (err_is(p->failed) || p->inside != COT_REMARKS || p->skipping > 0) {
        return;
    }
    if ((size_t)len > COT_REMARKS_ROOM - p->remarks_len) {
        stop(p, FAIL(LIMIT, "the remarks are longer than they may be"));
        return;
    }
    memcpy(p->remarks + p->remarks_len, text, (size_t)len);
    p->remarks_len += (size_t)len;
}

static void XMLCALL on_doctype(void *data, const XML_Char *tag, const XML_Char *system_id,
                               const XML_Char *public_id, int has_subset)
{
    (void)tag, (void)system_id, (void)public_id, (void)has_subset;
    stop(data, FAIL(MALFORMED, "the event has a DOCTYPE"));
}

static void XMLCALL on_instruction(void *data, const XML_Char *target, const XML_Char *text)
{
    (void)target, (void)text;
    stop(data, FAIL(MALFORMED, "the event has a processing instruction"));
}

static void XMLCALL on_declaration(void *data, const XML_Char *version, const XML_Char *encoding,
                                   int standalone)
{
    (void)standalone;
    bool plain = encoding == NULL || strcasecmp(encoding, "UTF-8") == 0 ||
                 strcasecmp(encoding, "US-ASCII") == 0;
    if (version == NULL || strcmp(version, "1.0") != 0 || !plain) {
        stop(data, FAIL(MALFORMED, "the event is not XML 1.0 in UTF-8"));
    }
}

static err result_of(struct parse *p, enum XML_Status status)
{
    if (err_is(p->failed)) {
        return p->failed;
    }
    if (status != XML_STATUS_OK) {
        return XML_GetErrorCode(p->parser) == XML_ERROR_NO_MEMORY
                   ? FAIL(LIMIT, "the event needs more memory than one event may have")
                   : FAIL(MALFORMED, "the event is not well-formed XML");
    }
    return OK;
}

static err event_whole(const struct parse *p)
{
    if ((p->seen & 1u << COT_POINT) == 0) {
        return FAIL(MALFORMED, "the event has no point");
    }
    if (p->event.report.stale < p->event.report.start) {
        return FAIL(MALFORMED, "the event is stale before it starts");
    }
    return OK;
}

static void handlers_set(struct parse *p, uint64_t salt)
{
    /* Without a salt of ours expat asks the system for one, for each event. */
    (void)XML_SetHashSalt(p->parser, (unsigned long)salt);
    XML_SetUserData(p->parser, p);
    XML_SetElementHandler(p->parser, on_start, on_end);
    XML_SetCharacterDataHandler(p->parser, on_text);
    XML_SetStartDoctypeDeclHandler(p->parser, on_doctype);
    XML_SetProcessingInstructionHandler(p->parser, on_instruction);
    XML_SetXmlDeclHandler(p->parser, on_declaration);
}

static enum XML_Status parse_parts(XML_Parser parser, const span *part, size_t count)
{
    enum XML_Status status = XML_STATUS_OK;
    for (size_t i = 0; i < count && status == XML_STATUS_OK; i++) {
        status = XML_Parse(parser, (const char *)part[i].ptr, (int)part[i].len,
                           i + 1 == count ? XML_TRUE : XML_FALSE);
    }
    return status;
}

/* A parser is made anew in the empty arena for each event, so none can leave anything behind for
 * the next. */
static err parse_event(struct cot_reader *reader, const span *part, size_t count, struct parse *p)
{
    static const XML_Memory_Handling_Suite memory = {memory_take, memory_grow, memory_drop};
    reader->arena = (struct arena){reader->memory, sizeof reader->memory, 0};
    arena_now = &reader->arena;
    p->parser = XML_ParserCreate_MM("UTF-8", &memory, NULL);
    MUST(p->parser != NULL); /* it needs a few KiB of an empty arena */
    handlers_set(p, reader->salt);
    err e = result_of(p, parse_parts(p->parser, part, count));
    XML_ParserFree(p->parser);
    arena_now = NULL;
    reader->used_max =
        reader->arena.used > reader->used_max ? reader->arena.used : reader->used_max;
    return e;
}

void cot_init(struct cot_reader *reader, uint64_t salt)
{
    reader->salt = salt | 1; /* 0 would mean "none given" to expat */
    reader->used_max = 0;
}

static err length_fits(span xml)
{
    return xml.len > COT_EVENT_MAX ? FAIL(LIMIT, "the event is longer than 64 KiB") : OK;
}

err cot_read_heard(struct cot_reader *reader, span xml, const struct cot_listener *listener,
                   struct cot_event *out)
{
    TRY(length_fits(xml));
    if (xml.len == 0) {
        return FAIL(MALFORMED, "the event is empty");
    }
    char         remarks[COT_REMARKS_ROOM];
    struct parse p = {.inside = COT_OUTSIDE, .remarks = remarks, .listener = listener};
    TRY(parse_event(reader, &xml, 1, &p));
    TRY(event_whole(&p));
    *out = p.event;
    return OK;
}

err cot_read(struct cot_reader *reader, span xml, struct cot_event *out)
{
    return cot_read_heard(reader, xml, NULL, out);
}

/* What would close detail early does not fit between the two tags, so expat refuses it. */
err cot_read_detail(struct cot_reader *reader, span xml, const struct cot_listener *listener,
                    struct cot_event *event)
{
    const span   part[] = {SPAN_LIT("<detail>"), xml, SPAN_LIT("</detail>")};
    char         remarks[COT_REMARKS_ROOM];
    struct parse p = {
        .event = *event, .inside = COT_EVENT, .remarks = remarks, .listener = listener};
    TRY(length_fits(xml));
    TRY(parse_event(reader, part, ARRAY_LEN(part), &p));
    *event = p.event;
    return OK;
}
