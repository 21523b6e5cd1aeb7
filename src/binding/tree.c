/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <strings.h>

#include "binding/parts.h"

/* NAMESPACE_MAX - canonical XML says a namespace anew wherever its prefix is used, so a long one would make a
 * small document large */
#define NAMESPACE_MAX 256

err node_fail(struct form_reader *r, err why, const struct xml_node *n)
{
    return reader_fail(r, why, (struct text_at){n->name, n->offset});
}

static bool called_id(span as)
{
    return as.len == 2 && strncasecmp((const char *)as.ptr, "id", 2) == 0;
}

static bool is_xml_id(const struct xml_attribute *a)
{
    return span_is(a->prefix, "xml") && span_is(a->name, "id");
}

static bool word_of(span word, span words)
{
    while (words.len > 0) {
        if (span_equal(span_cut(&words, ' '), word)) {
            return true;
        }
    }
    return false;
}

err node_attributes(struct form_reader *r, const struct xml_node *n, const char *names)
{
    for (unsigned i = n->attribute; i < (unsigned)n->attribute + n->attribute_count; i++) {
        const struct xml_attribute *a = &r->xml.attribute[i];
        bool                        known = a->space.len == 0
                                                ? span_is(a->name, "Id") || word_of(a->name, span_text(names))
                                                : is_xml_id(a);
        if (!known) {
            return reader_fail(r, FAIL(UNKNOWN, "an attribute that does not belong there"),
                               (struct text_at){a->name, a->offset});
        }
    }
    return OK;
}

static const struct xml_attribute *id_of(const struct form_reader *r, const struct xml_node *n)
{
    for (unsigned i = n->attribute; i < (unsigned)n->attribute + n->attribute_count; i++) {
        if (called_id(r->xml.attribute[i].name)) {
            return &r->xml.attribute[i];
        }
    }
    return NULL;
}

span node_id(const struct form_reader *r, const struct xml_node *n)
{
    const struct xml_attribute *a = id_of(r, n);
    return a == NULL ? (span){0} : a->value;
}

const struct xml_node *node_by_id(const struct form_reader *r, span wanted)
{
    for (unsigned i = 0; i < r->xml.node_count && wanted.len > 0; i++) {
        if (span_equal(node_id(r, &r->xml.node[i]), wanted)) {
            return &r->xml.node[i];
        }
    }
    return NULL;
}

bool node_within(const struct form_reader *r, const struct xml_node *n, const struct xml_node *in)
{
    for (const struct xml_node *c = n == in ? NULL : xml_first(&r->xml, in); c != NULL;
         c = xml_next(&r->xml, c)) {
        if (node_within(r, n, c)) {
            return true;
        }
    }
    return n == in;
}

static int id_order(const void *a, const void *b)
{
    const struct xml_attribute *const *x = a, *const *y = b;
    return span_order((*x)->value, (*y)->value);
}

/* An element with two Ids, or an Id of two elements, is not found by everybody at the same place. */
static err ids_single(struct form_reader *r)
{
    const struct xml_attribute *id[XML_ATTRIBUTES_MAX];
    unsigned                    count = 0;
    for (unsigned i = 0; i < r->xml.node_count; i++) {
        const struct xml_node *n = &r->xml.node[i];
        unsigned               here = count;
        for (unsigned k = n->attribute; k < (unsigned)n->attribute + n->attribute_count; k++) {
            if (called_id(r->xml.attribute[k].name)) {
                id[count++] = &r->xml.attribute[k];
            }
        }
        if (count - here > 1) {
            return node_fail(r, FAIL(MALFORMED, "an element has two Ids"), n);
        }
    }
    qsort((void *)id, count, sizeof id[0], id_order);
    for (unsigned i = 1; i < count; i++) {
        if (span_equal(id[i - 1]->value, id[i]->value)) {
            return reader_fail(r, FAIL(MALFORMED, "two elements have one Id"),
                               (struct text_at){id[i]->value, id[i]->offset});
        }
    }
    return OK;
}

static err namespaces_short(struct form_reader *r)
{
    for (unsigned i = 0; i < r->xml.node_count; i++) {
        const struct xml_node *n = &r->xml.node[i];
        size_t                 longest = n->space.len;
        for (unsigned k = n->attribute; k < (unsigned)n->attribute + n->attribute_count; k++) {
            const struct xml_attribute *a = &r->xml.attribute[k];
            longest = a->space.len > longest ? a->space.len : longest;
        }
        if (longest > NAMESPACE_MAX) {
            return node_fail(r, FAIL(LIMIT, "a namespace is longer than 256 bytes"), n);
        }
    }
    return OK;
}

err tree_read(struct form_reader *r, span in)
{
    r->in = in;
    r->problem = (struct form_problem){0};
    if (in.len > BINDING_ROOM) {
        return problem_set(&r->problem, FAIL(LIMIT, "it is longer than there is room for"), 0,
                           (span){0});
    }
    TRY(xml_read(&r->xml, in, &r->problem));
    TRY(ids_single(r));
    return namespaces_short(r);
}
