/* SPDX-License-Identifier: Apache-2.0 */
#include "spif/spif.h"
#include "spif/guard.h"
#include "spif/parts.h"
#include <libxml/parser.h>
#include <stdlib.h>
#include <strings.h>

static const struct word versions[] = {{"1.0", 1}, {"2.0", 1}, {"2.1", 1}, {"3.0", 1}, {NULL, 0}};

static void header_read(struct build *b)
{
    struct scheme *s = b->scheme;
    if (shape_namespace(b->root)) {
        s->schema_version = part_text(b, b->root, "schemaVersion");
    }
    (void)part_word(b, b->root, "schemaVersion", versions, 0,
                    "a schema version is 1.0, 2.0, 2.1 or 3.0");
    s->version = part_text(b, b->root, "version");
    s->creation_date = part_text(b, b->root, "creationDate");
    s->originator = part_text(b, b->root, "originatorDN");
    s->key_identifier = part_text(b, b->root, "keyIdentifier");
    s->privilege_id = part_oid(b, b->root, "privilegeId");
    s->rbac_id = part_oid(b, b->root, "rbacId");
    s->not_before = part_time(b, b->root, "notBefore", INT64_MIN);
    s->not_after = part_time(b, b->root, "notAfter", INSTANT_NEVER);
}

static void identity_read(struct build *b)
{
    struct scheme *s = b->scheme;
    const xmlNode *id = node_first(b->root, "securityPolicyId");
    const xmlNode *other = node_first(b->root, "defaultSecurityPolicyId");
    if (id != NULL) {
        s->line = node_line(id);
        s->name = part_text(b, id, "name");
        s->id = part_oid(b, id, "id");
        s->policy_marking = marking_of(b, id);
    }
    if (other != NULL) {
        s->default_name = part_text(b, other, "name");
        s->default_id = part_oid(b, other, "id");
    }
    s->marking = marking_of(b, b->root);
}

static void scheme_read(struct build *b)
{
    header_read(b);
    identity_read(b);
    policies_read(b);
    classes_read(b);
    sets_read(b);
    privacy_read(b);
    scheme_index(b->scheme, b->problems);
}

/* A file that is too large or broken has one problem, and no err that says more */
static err refuse(struct scheme_problems *problems, unsigned line, err e)
{
    scheme_problem_add(problems, line, (span){0}, e.why);
    return e;
}

static err tree_read(const xmlNode *root, size_t text, struct scheme **out,
                     struct scheme_problems *problems)
{
    if (!shape_check(root, problems)) {
        return (err){ERR_MALFORMED, problems->problem[0].why};
    }
    struct build b = {.problems = problems, .root = root, .max = shape_room(root) + text};
    b.block = calloc(1, b.max);
    if (b.block == NULL) {
        return refuse(problems, 0, FAIL(FULL, "there is no memory to read the file"));
    }
    b.scheme = part_take(&b, 1, sizeof *b.scheme);
    scheme_read(&b);
    if (problems->count > 0) {
        free(b.block);
        return (err){ERR_MALFORMED, problems->problem[0].why};
    }
    *out = b.scheme;
    return OK;
}

/* A DOCTYPE is looked for before libxml2 sees the file: it would read one even when told not to.  Its line,
 * or 0 when there is none */
static unsigned doctype_line(span xml)
{
    const uint8_t *at = memmem(xml.ptr, xml.len, "<!DOCTYPE", 9);
    unsigned       line = at == NULL ? 0 : 1;
    for (const uint8_t *c = xml.ptr; at != NULL && c < at; c++) {
        line += *c == '\n' ? 1 : 0;
    }
    return line;
}

/* What the declaration says of the encoding, if anything, is what the file is read in: libxml2 would pass over it.
 * US-ASCII is UTF-8, too */
static bool encoding_is_ours(span xml)
{
    span text = span_starts(xml, SPAN_LIT("\xef\xbb\xbf")) ? (span){xml.ptr + 3, xml.len - 3} : xml;
    bool declared = span_starts(text, SPAN_LIT("<?xml"));
    const uint8_t *end = declared ? memmem(text.ptr, text.len, "?>", 2) : NULL;
    const uint8_t *at =
        end == NULL ? NULL : memmem(text.ptr, (size_t)(end - text.ptr), "encoding", 8);
    if (at == NULL) {
        return true;
    }
    while (at < end && *at != '"' && *at != '\'') {
        at++;
    }
    const uint8_t *close = at == end ? NULL : memchr(at + 1, *at, (size_t)(end - at - 1));
    size_t         len = close == NULL ? 0 : (size_t)(close - at - 1);
    return (len == 5 && strncasecmp((const char *)at + 1, "UTF-8", 5) == 0) ||
           (len == 8 && strncasecmp((const char *)at + 1, "US-ASCII", 8) == 0);
}

static err document_read(xmlParserCtxt *parser, span xml, struct scheme **out,
                         struct scheme_problems *problems)
{
    xmlDoc *doc = xmlCtxtReadMemory(parser, (const char *)xml.ptr, (int)xml.len, NULL, "UTF-8",
                                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                        XML_PARSE_NOCDATA);
    if (doc == NULL || parser->nsWellFormed == 0) {
        const xmlError *last = xmlCtxtGetLastError(parser);
        unsigned        line = last == NULL || last->line < 0 ? 0 : (unsigned)last->line;
        xmlFreeDoc(doc);
        return refuse(problems, line, FAIL(MALFORMED, "the file is not well-formed XML in UTF-8"));
    }
    const xmlNode *root = xmlDocGetRootElement(doc);
    err            e = root == NULL || doc->intSubset != NULL
                           ? refuse(problems, 0, FAIL(MALFORMED, "the file has no SPIF element, or a DOCTYPE"))
                           : tree_read(root, xml.len, out, problems);
    xmlFreeDoc(doc);
    return e;
}

err spif_scheme(span xml, struct scheme **out, struct scheme_problems *problems)
{
    struct scheme_problems here;
    problems = problems == NULL ? &here : problems;
    *problems = (struct scheme_problems){0};
    *out = NULL;
    if (xml.len > SPIF_MAX) {
        return refuse(problems, 0, FAIL(LIMIT, "the file is larger than one mebibyte"));
    }
    if (xml.len == 0) {
        return refuse(problems, 0, FAIL(MALFORMED, "the file is empty"));
    }
    unsigned doctype = doctype_line(xml);
    if (doctype > 0) {
        return refuse(problems, doctype, FAIL(MALFORMED, "the file has a DOCTYPE"));
    }
    if (!encoding_is_ours(xml)) {
        return refuse(problems, 1, FAIL(MALFORMED, "the file says that it is not in UTF-8"));
    }
    xmlParserCtxt *parser = xmlNewParserCtxt();
    if (parser == NULL) {
        return refuse(problems, 0, FAIL(FULL, "there is no memory to read the file"));
    }
    err e = document_read(parser, xml, out, problems);
    xmlFreeParserCtxt(parser);
    return e;
}

static err guard_read(span xml, struct policies *out, struct spif_problem *at)
{
    struct scheme         *s = NULL;
    struct scheme_problems problems;
    err                    e = spif_scheme(xml, &s, &problems);
    if (err_is(e)) {
        at->line = problems.problem[0].line;
        return e;
    }
    e = guard_policy(s, out, &at->line);
    free(s);
    return e;
}

err spif_read(span xml, struct policies *out, struct spif_problem *problem)
{
    struct spif_problem at = {0};
    memset(out, 0, sizeof *out);
    err e = guard_read(xml, out, &at);
    if (err_is(e)) {
        memset(out, 0, sizeof *out);
        at.why = e.why;
    }
    if (problem != NULL) {
        *problem = at;
    }
    return e;
}

err spif_compile(span xml, struct writer *w, struct spif_problem *problem)
{
    struct policies    *one = malloc(sizeof *one);
    struct spif_problem at = {0};
    span                table = {0};
    err                 e =
        one == NULL ? FAIL(FULL, "there is no memory to read the file") : spif_read(xml, one, &at);
    if (!err_is(e)) {
        policy_write(one, &one->policy[0], w);
        e = writer_end(w, &table);
    }
    free(one);
    at.why = e.why;
    if (problem != NULL) {
        *problem = at;
    }
    return e;
}
