/* SPDX-License-Identifier: Apache-2.0 */
#include "spif/shape.h"

#define SPIF_NAMESPACE "http://www.xmlspif.org/spif"
#define XSI_NAMESPACE  "http://www.w3.org/2001/XMLSchema-instance"
#define CHILDREN_MAX   4
#define ATTRIBUTES_MAX 8

/* One row per element: its children in the order of the schema, the attributes that it must and may
 * have.  A row without children holds text, if anything. */
static const struct shape {
    const char *tag;
    const char *child[CHILDREN_MAX];
    const char *must[ATTRIBUTES_MAX];
    const char *may[CHILDREN_MAX];
    bool        text;
} shape_table[] = {
    {.tag = "SPIF",
     .child = {"securityPolicyId", "securityClassifications", "securityCategoryTagSets"},
     .must = {"schemaVersion", "creationDate", "originatorDN", "keyIdentifier", "privilegeId",
              "rbacId"},
     .may = {"version"}},
    {.tag = "securityPolicyId", .must = {"name", "id"}},
    {.tag = "securityClassifications", .child = {"securityClassification"}},
    {.tag = "securityClassification",
     .child = {"markingData", "requiredCategory"},
     .must = {"name", "lacv", "hierarchy", "color"},
     .may = {"obsolete"}},
    {.tag = "markingData", .child = {"code"}, .must = {"phrase"}, .may = {"xml:lang"}},
    {.tag = "code", .text = true},
    {.tag = "requiredCategory", .child = {"categoryGroup"}, .must = {"operation"}},
    {.tag = "categoryGroup", .must = {"tagSetRef", "tagType", "lacv"}, .may = {"enumType"}},
    {.tag = "securityCategoryTagSets", .child = {"securityCategoryTagSet"}},
    {.tag = "securityCategoryTagSet", .child = {"securityCategoryTag"}, .must = {"name", "id"}},
    {.tag = "securityCategoryTag",
     .child = {"tagCategory", "markingQualifier"},
     .must = {"tagType"},
     .may = {"name", "enumType", "singleSelection"}},
    {.tag = "tagCategory", .child = {"markingData", "excludedClass"}, .must = {"name", "lacv"}},
    {.tag = "excludedClass", .text = true},
    {.tag = "markingQualifier", .child = {"qualifier"}, .may = {"markingCode"}},
    {.tag = "qualifier", .must = {"markingQualifier", "qualifierCode"}},
};

/* Elements of the schema that are left out on purpose deserve their own sentence */
static const struct {
    const char *tag, *why;
} shape_left_out[] = {
    {"equivalentPolicies", "equivalences belong to an agreement, not to a policy: leave them out"},
    {"equivalentClassification",
     "equivalences belong to an agreement, not to a policy: leave them out"},
    {"equivalentSecCategoryTag",
     "equivalences belong to an agreement, not to a policy: leave them out"},
    {"equivalentSecurityCategoryTagSet",
     "equivalences belong to an agreement, not to a policy: leave them out"},
    {"defaultSecurityPolicyId",
     "there is no default policy: what carries no label is not released"},
    {"privacyMarks", "privacy marks are not read: make them categories"},
    {"excludedCategory", "categories that exclude each other are not read"},
    {"extensions", "extensions are not read"},
};

static bool tag_is(const xmlNode *n, const char *tag)
{
    return strcmp((const char *)n->name, tag) == 0;
}

static const struct shape *shape_find(const xmlNode *n)
{
    bool ours = n->ns != NULL && n->ns->href != NULL &&
                strcmp((const char *)n->ns->href, SPIF_NAMESPACE) == 0;
    for (size_t i = 0; ours && i < ARRAY_LEN(shape_table); i++) {
        if (tag_is(n, shape_table[i].tag)) {
            return &shape_table[i];
        }
    }
    return NULL;
}

static err shape_refuse(const xmlNode *n)
{
    for (size_t i = 0; i < ARRAY_LEN(shape_left_out); i++) {
        if (tag_is(n, shape_left_out[i].tag)) {
            return (err){ERR_MALFORMED, shape_left_out[i].why};
        }
    }
    return FAIL(MALFORMED, "this element is not read, or not at this place");
}

static bool list_has(const char *const *list, size_t max, span text)
{
    for (size_t i = 0; i < max && list[i] != NULL; i++) {
        if (span_is(text, list[i])) {
            return true;
        }
    }
    return false;
}

static bool namespace_is(const xmlAttr *a, const char *href)
{
    return a->ns != NULL && strcmp((const char *)a->ns->href, href) == 0;
}

/* An attribute without a namespace, or xml:lang, its value in one piece; where a schema lies is for
 * validators, and says nothing about the policy */
static err attribute_valid(const struct shape *s, const xmlAttr *a)
{
    if (namespace_is(a, XSI_NAMESPACE)) {
        return OK;
    }
    bool lang = namespace_is(a, (const char *)XML_XML_NAMESPACE) &&
                strcmp((const char *)a->name, "lang") == 0;
    span as = span_text(lang ? "xml:lang" : (const char *)a->name);
    bool known = list_has(s->must, ATTRIBUTES_MAX, as) || list_has(s->may, CHILDREN_MAX, as);
    if (!known || (a->ns != NULL && !lang)) {
        return FAIL(MALFORMED, "an attribute of this element is not read");
    }
    const xmlNode *value = a->children;
    if (value != NULL && (value->type != XML_TEXT_NODE || value->next != NULL)) {
        return FAIL(MALFORMED, "an attribute holds an entity");
    }
    return OK;
}

static bool attribute_there(const xmlNode *n, const char *attribute)
{
    for (const xmlAttr *a = n->properties; a != NULL; a = a->next) {
        if (a->ns == NULL && strcmp((const char *)a->name, attribute) == 0) {
            return true;
        }
    }
    return false;
}

static err attributes_valid(const struct shape *s, const xmlNode *n)
{
    for (const xmlAttr *a = n->properties; a != NULL; a = a->next) {
        TRY(attribute_valid(s, a));
    }
    for (size_t i = 0; i < ATTRIBUTES_MAX && s->must[i] != NULL; i++) {
        if (!attribute_there(n, s->must[i])) {
            return FAIL(MALFORMED, "an attribute that this element must have is missing");
        }
    }
    return OK;
}

static bool blank(const xmlNode *text)
{
    return span_trim(span_text((const char *)text->content)).len == 0;
}

/* Elements only in the order of the row; between them blanks and comments */
static err child_valid(const struct shape *s, const xmlNode *c, size_t *place)
{
    if (c->type == XML_COMMENT_NODE || (c->type == XML_TEXT_NODE && (s->text || blank(c)))) {
        return OK;
    }
    if (c->type != XML_ELEMENT_NODE) {
        return FAIL(MALFORMED, "text, an entity or an instruction stands where none is read");
    }
    if (shape_find(c) == NULL) {
        return shape_refuse(c);
    }
    while (*place < CHILDREN_MAX && s->child[*place] != NULL && !tag_is(c, s->child[*place])) {
        ++*place;
    }
    return *place < CHILDREN_MAX && s->child[*place] != NULL ? OK : shape_refuse(c);
}

/* How deep it calls itself is bounded by the table: no row leads back to one above it */
static err node_valid(const struct shape *s, const xmlNode *n, const xmlNode **where)
{
    size_t place = 0;
    *where = n;
    TRY(attributes_valid(s, n));
    if (s->text && (n->children == NULL || n->children->next != NULL)) {
        return FAIL(MALFORMED, "this element holds one piece of text");
    }
    for (const xmlNode *c = n->children; c != NULL; c = c->next) {
        *where = c;
        TRY(child_valid(s, c, &place));
        if (c->type == XML_ELEMENT_NODE) {
            TRY(node_valid(shape_find(c), c, where));
        }
    }
    return OK;
}

err shape_valid(const xmlNode *root, const xmlNode **where)
{
    const struct shape *s = shape_find(root);
    *where = root;
    if (s == NULL || !tag_is(root, "SPIF")) {
        return FAIL(MALFORMED, "this is not a SPIF of the namespace http://www.xmlspif.org/spif");
    }
    if (!span_is(node_attribute(root, "schemaVersion"), "2.1")) {
        return FAIL(MALFORMED, "only a SPIF of schema version 2.1 is read");
    }
    return node_valid(s, root, where);
}

static const xmlNode *node_from(const xmlNode *n, const char *tag)
{
    while (n != NULL && (n->type != XML_ELEMENT_NODE || !tag_is(n, tag))) {
        n = n->next;
    }
    return n;
}

const xmlNode *node_first(const xmlNode *parent, const char *tag)
{
    return node_from(parent->children, tag);
}

const xmlNode *node_next(const xmlNode *node)
{
    return node_from(node->next, (const char *)node->name);
}

span node_text(const xmlNode *node)
{
    const xmlNode *text = node->children;
    return text == NULL || text->type != XML_TEXT_NODE
               ? (span){0}
               : span_trim(span_text((const char *)text->content));
}

span node_attribute(const xmlNode *node, const char *attribute)
{
    for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
        if (!namespace_is(a, XSI_NAMESPACE) && strcmp((const char *)a->name, attribute) == 0 &&
            a->children != NULL && a->children->content != NULL) {
            return span_text((const char *)a->children->content);
        }
    }
    return (span){0};
}
