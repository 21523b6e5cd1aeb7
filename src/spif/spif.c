/* SPDX-License-Identifier: Apache-2.0 */
#include "spif/spif.h"
#include "spif/parts.h"
#include <libxml/parser.h>
#include <stdlib.h>

static err identity_read(struct spif *s, const xmlNode *root)
{
    const xmlNode *id = node_first(root, "securityPolicyId");
    unsigned       self = 0;
    s->at = root;
    if (id == NULL || node_next(id) != NULL) {
        return FAIL(MALFORMED, "a SPIF has one securityPolicyId");
    }
    s->at = id;
    TRY(name_of(node_attribute(id, "name"), &s->policy->name));
    return names_find(&s->all->parties, name_span(&s->policy->name), &self).code == ERR_NONE
               ? part_line(node_attribute(id, "id"), s->policy->id, sizeof s->policy->id)
               : FAIL(UNKNOWN, "a policy has the name of a party that is in its Releasable To");
}

static err policy_from(struct spif *s, const xmlNode *root)
{
    TRY(shape_valid(root, &s->at));
    TRY(sets_read(s, root));
    TRY(identity_read(s, root));
    TRY(levels_read(s, root));
    TRY(excluded_read(s, root));
    s->at = NULL;
    TRY(policy_valid(s->all, s->policy));
    s->all->count = 1;
    return OK;
}

static unsigned line_of(long line)
{
    return line > 0 && line < (long)UINT16_MAX ? (unsigned)line : 0;
}

/* A DOCTYPE is looked for before libxml2 sees the file: it would read one even when told not to */
static bool doctype_in(span xml)
{
    return memmem(xml.ptr, xml.len, "<!DOCTYPE", 9) != NULL;
}

static err document_read(xmlParserCtxt *parser, span xml, struct spif *s, struct spif_problem *at)
{
    xmlDoc *doc = xmlCtxtReadMemory(parser, (const char *)xml.ptr, (int)xml.len, NULL, "UTF-8",
                                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                        XML_PARSE_NOCDATA);
    if (doc == NULL) {
        const xmlError *last = xmlCtxtGetLastError(parser);
        at->line = last == NULL ? 0 : line_of(last->line);
        return FAIL(MALFORMED, "the file is not well-formed XML in UTF-8");
    }
    const xmlNode *root = xmlDocGetRootElement(doc);
    err            e = root == NULL || doc->intSubset != NULL
                           ? FAIL(MALFORMED, "the file has no SPIF element, or a DOCTYPE")
                           : policy_from(s, root);
    at->line = err_is(e) && s->at != NULL ? line_of(xmlGetLineNo(s->at)) : 0;
    xmlFreeDoc(doc);
    return e;
}

static err file_read(span xml, struct spif *s, struct spif_problem *at)
{
    if (xml.len > SPIF_MAX) {
        return FAIL(LIMIT, "the file is larger than one mebibyte");
    }
    if (xml.len == 0 || doctype_in(xml)) {
        return FAIL(MALFORMED, "the file is empty, or has a DOCTYPE");
    }
    xmlParserCtxt *parser = xmlNewParserCtxt();
    if (parser == NULL) {
        return FAIL(FULL, "there is no memory to read the file");
    }
    err e = document_read(parser, xml, s, at);
    xmlFreeParserCtxt(parser);
    return e;
}

err spif_read(span xml, struct policies *out, struct spif_problem *problem)
{
    struct spif_problem at = {0};
    struct spif         s = {.all = out, .policy = &out->policy[0]};
    memset(out, 0, sizeof *out);
    err e = file_read(xml, &s, &at);
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
