/* SPDX-License-Identifier: Apache-2.0 */
#include "spif/shape.h"

#define SPIF_NAMESPACE "http://www.xmlspif.org/spif"
#define CHILDREN_MAX   11
#define ATTRIBUTES_MAX 8

/* What an element may hold */
enum holds { HOLDS_CHILDREN, HOLDS_TEXT, HOLDS_ANYTHING };

/* One row per element: its children ('+' at least one, '1' exactly one, '?' at most one, else any
 * number), the attributes that it must and may have, what a scheme keeps for it.  A '3' stands before what
 * came with schema version 3.0.  requiredCategory must have its operation, as the schema gives no default;
 * `code` of a markingQualifier is seen for markingCode. */
static const struct shape {
    const char *tag;
    const char *child[CHILDREN_MAX];
    const char *must[ATTRIBUTES_MAX];
    const char *may[ATTRIBUTES_MAX];
    enum holds  holds;
    size_t      room;
} shape_table[] = {
    {.tag = "SPIF",
     .child = {"?defaultSecurityPolicyId", "1securityPolicyId", "?updateInfo",
               "1securityClassifications", "?securityCategoryTagSets", "?privacyMarks",
               "?equivalentPolicies", "*markingData", "*markingQualifier", "?extensions"},
     .must = {"schemaVersion", "creationDate", "originatorDN", "keyIdentifier", "privilegeId",
              "rbacId"},
     .may = {"version", "userRefURI", "docRefURI", "notBefore", "notAfter"},
     .room = sizeof(struct scheme)},
    {.tag = "securityPolicyId",
     .child = {"*markingData", "*markingQualifier"},
     .must = {"name", "id"}},
    {.tag = "defaultSecurityPolicyId",
     .child = {"*markingData", "*markingQualifier"},
     .must = {"name", "id"}},
    {.tag = "updateInfo"},
    {.tag = "securityClassifications",
     .child = {"+securityClassification", "*markingData", "*markingQualifier"},
     .may = {"name"}},
    {.tag = "securityClassification",
     .child = {"*equivalentClassification", "*markingData", "*markingQualifier",
               "*requiredCategory"},
     .must = {"name", "lacv", "hierarchy"},
     .may = {"color", "obsolete", "3fgcolor", "3bgcolor"},
     .room = sizeof(struct scheme_class)},
    {.tag = "equivalentClassification",
     .child = {"*requiredCategory"},
     .must = {"policyRef", "lacv", "applied"},
     .room = sizeof(struct scheme_equivalent_class)},
    {.tag = "requiredCategory",
     .child = {"+categoryGroup"},
     .must = {"operation"},
     .room = sizeof(struct scheme_need)},
    {.tag = "categoryGroup",
     .must = {"tagSetRef", "tagType"},
     .may = {"enumType", "lacv", "all"},
     .room = sizeof(struct scheme_ref)},
    {.tag = "excludedCategory",
     .must = {"tagSetRef", "tagType"},
     .may = {"enumType", "lacv", "all"},
     .room = sizeof(struct scheme_ref)},
    {.tag = "securityCategoryTagSets", .child = {"+securityCategoryTagSet"}},
    {.tag = "securityCategoryTagSet",
     .child = {"+securityCategoryTag", "*equivalentSecurityCategoryTagSet"},
     .must = {"name", "id"},
     .room = sizeof(struct scheme_tag_set)},
    {.tag = "equivalentSecurityCategoryTagSet",
     .child = {"*requiredCategory"},
     .must = {"policyRef"},
     .may = {"name", "id"},
     .room = sizeof(struct scheme_equivalent_set)},
    {.tag = "securityCategoryTag",
     .child = {"*tagCategory", "*markingQualifier", "3markingData"},
     .must = {"tagType"},
     .may = {"name", "enumType", "tag7Encoding", "singleSelection", "maxSelection", "minSelection"},
     .room = sizeof(struct scheme_tag)},
    {.tag = "tagCategory",
     .child = {"*equivalentSecCategoryTag", "*markingData", "*markingQualifier", "*excludedClass",
               "*requiredCategory", "*excludedCategory"},
     .must = {"name", "lacv"},
     .may = {"userInput", "requiredClass", "obsolete", "dateFormat", "notBefore", "notAfter"},
     .room = sizeof(struct scheme_category)},
    {.tag = "equivalentSecCategoryTag",
     .must = {"policyRef", "tagSetId", "tagType", "lacv", "applied"},
     .may = {"enumType", "action"},
     .room = sizeof(struct scheme_equivalent_category)},
    {.tag = "excludedClass", .holds = HOLDS_TEXT},
    {.tag = "privacyMarks",
     .child = {"+privacyMark", "*markingData", "*markingQualifier"},
     .may = {"maxSelection", "minSelection"}},
    {.tag = "privacyMark",
     .child = {"*markingData", "*markingQualifier"},
     .must = {"name"},
     .may = {"obsolete"},
     .room = sizeof(struct scheme_privacy_mark)},
    {.tag = "equivalentPolicies", .child = {"+equivalentPolicy"}},
    {.tag = "equivalentPolicy",
     .child = {"*requiredCategory"},
     .must = {"name", "id"},
     .may = {"userRefURI", "docRefURI"},
     .room = sizeof(struct scheme_policy)},
    {.tag = "markingData",
     .child = {"+code"},
     .may = {"phrase", "xml:lang", "3simplePhrase", "3shortPhrase", "3inputPhrase"},
     .room = 3 * sizeof(struct scheme_phrase)},
    {.tag = "code", .holds = HOLDS_TEXT},
    {.tag = "markingQualifier",
     .child = {"+qualifier"},
     .may = {"markingCode", "code", "xml:lang"}},
    {.tag = "qualifier",
     .must = {"markingQualifier", "qualifierCode"},
     .may = {"xml:lang"},
     .room = sizeof(struct scheme_qualifier)},
    {.tag = "extensions", .holds = HOLDS_ANYTHING},
};

/* shape_walk - one check of one document
 *
 * space   the root's namespace, NULL for none
 * three   is it of schema version 3.0? */
struct shape_walk {
    const char             *space;
    bool                    three;
    struct scheme_problems *problems;
};

static span node_name(const xmlNode *n)
{
    return span_text((const char *)n->name);
}

static void blame(struct shape_walk *w, const xmlNode *n, span value, const char *why)
{
    scheme_problem_add(w->problems, node_line(n), value, why);
}

static const char *namespace_of(const xmlNode *n)
{
    return n->ns == NULL ? NULL : (const char *)n->ns->href;
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Elements of the schema are seen without a namespace in a file that has it, too: in the example of
 * ADatP-4774.1 itself */
static const struct shape *shape_find(const struct shape_walk *w, const xmlNode *n)
{
    bool ours = n->ns == NULL || same_text(namespace_of(n), w->space);
    for (size_t i = 0; ours && i < ARRAY_LEN(shape_table); i++) {
        if (span_is(node_name(n), shape_table[i].tag)) {
            return &shape_table[i];
        }
    }
    return NULL;
}

static bool list_has(const struct shape_walk *w, const char *const *list, span text)
{
    for (size_t i = 0; i < ATTRIBUTES_MAX && list[i] != NULL; i++) {
        if (span_is(text, list[i]) ||
            (w->three && list[i][0] == '3' && span_is(text, list[i] + 1))) {
            return true;
        }
    }
    return false;
}

static bool attribute_in(const xmlAttr *a, const char *href)
{
    return a->ns != NULL && a->ns->href != NULL && strcmp((const char *)a->ns->href, href) == 0;
}

/* An attribute without a namespace, or xml:lang, its value in one piece.  One of another namespace is a
 * vendor's, as extensions are, or says where a schema lies; it says nothing about the policy. */
static void attribute_check(struct shape_walk *w, const struct shape *s, const xmlNode *n,
                            const xmlAttr *a)
{
    if (a->ns != NULL && !attribute_in(a, SPIF_NAMESPACE) &&
        !attribute_in(a, (const char *)XML_XML_NAMESPACE)) {
        return;
    }
    span called = span_text((const char *)a->name);
    bool lang = attribute_in(a, (const char *)XML_XML_NAMESPACE) && span_is(called, "lang");
    span as = lang ? SPAN_LIT("xml:lang") : called;
    bool known = list_has(w, s->must, as) || list_has(w, s->may, as);
    if (!known || (a->ns != NULL && !lang)) {
        blame(w, n, called, "an attribute of this element is not read");
    }
    const xmlNode *value = a->children;
    if (value != NULL && (value->type != XML_TEXT_NODE || value->next != NULL)) {
        blame(w, n, called, "an attribute holds an entity");
    }
}

/* A SPIF without its namespace is seen without the attributes of its root, too */
static void attributes_check(struct shape_walk *w, const struct shape *s, const xmlNode *n)
{
    for (const xmlAttr *a = n->properties; a != NULL; a = a->next) {
        attribute_check(w, s, n, a);
    }
    bool bare = w->space == NULL && s == &shape_table[0];
    for (size_t i = 0; !bare && i < ATTRIBUTES_MAX && s->must[i] != NULL; i++) {
        if (!node_has(n, s->must[i])) {
            blame(w, n, span_text(s->must[i]),
                  "an attribute that this element must have is missing");
        }
    }
}

static void counts_check(struct shape_walk *w, const struct shape *s, const xmlNode *n)
{
    for (size_t i = 0; i < CHILDREN_MAX && s->child[i] != NULL; i++) {
        const char *child = s->child[i] + 1;
        unsigned    count = node_children(n, child);
        char        often = s->child[i][0];
        bool        coded = !w->three || !span_is(span_text(child), "code");
        if (count == 0 && coded && (often == '+' || often == '1')) {
            blame(w, n, span_text(child),
                  span_is(span_text(child), "code")
                      ? "a marking has one code or more"
                      : "an element that this one must have is missing");
        }
        if (count > 1 && (often == '?' || often == '1')) {
            blame(w, n, span_text(child), "an element stands here more than once");
        }
    }
}

static bool child_known(const struct shape_walk *w, const struct shape *s, const xmlNode *c)
{
    for (size_t i = 0; i < CHILDREN_MAX && s->child[i] != NULL; i++) {
        if (span_is(node_name(c), s->child[i] + 1) && (s->child[i][0] != '3' || w->three)) {
            return true;
        }
    }
    return false;
}

static bool blank(const xmlNode *text)
{
    return span_trim(span_text((const char *)text->content)).len == 0;
}

static void node_check(struct shape_walk *w, const struct shape *s, const xmlNode *n);

/* How deep this calls itself is bounded by the table: no row leads back to one above it */
static void child_check(struct shape_walk *w, const struct shape *s, const xmlNode *c)
{
    if (c->type == XML_COMMENT_NODE || (c->type == XML_TEXT_NODE && blank(c))) {
        return;
    }
    if (c->type != XML_ELEMENT_NODE) {
        blame(w, c, (span){0}, "text, an entity or an instruction stands where none is read");
        return;
    }
    const struct shape *shape = shape_find(w, c);
    if (shape == NULL || !child_known(w, s, c)) {
        blame(w, c, node_name(c), "this element is not read, or not at this place");
        return;
    }
    node_check(w, shape, c);
}

static void node_check(struct shape_walk *w, const struct shape *s, const xmlNode *n)
{
    attributes_check(w, s, n);
    counts_check(w, s, n);
    if (s->holds == HOLDS_TEXT &&
        (n->children == NULL || n->children->next != NULL || n->children->type != XML_TEXT_NODE)) {
        blame(w, n, node_name(n), "this element holds one piece of text");
    }
    for (const xmlNode *c = n->children; s->holds == HOLDS_CHILDREN && c != NULL; c = c->next) {
        child_check(w, s, c);
    }
}

bool shape_namespace(const xmlNode *root)
{
    return same_text(namespace_of(root), SPIF_NAMESPACE);
}

/* In the order of the file, without calling itself: an element that is not known may be deep */
static const xmlNode *walk_next(const xmlNode *n, const xmlNode *root)
{
    if (n->children != NULL && n->type == XML_ELEMENT_NODE) {
        return n->children;
    }
    while (n != root && n->next == NULL) {
        n = n->parent;
    }
    return n == root ? NULL : n->next;
}

/* Elements of a name count wherever they stand, as those at a wrong place are read before they are
 * refused */
size_t shape_room(const xmlNode *root)
{
    size_t room = 0;
    for (const xmlNode *n = root; n != NULL; n = walk_next(n, root)) {
        for (size_t i = 0; n->type == XML_ELEMENT_NODE && i < ARRAY_LEN(shape_table); i++) {
            if (span_is(node_name(n), shape_table[i].tag)) {
                room += shape_table[i].room + _Alignof(max_align_t);
            }
        }
    }
    return room;
}

bool shape_check(const xmlNode *root, struct scheme_problems *problems)
{
    struct shape_walk w = {.space = namespace_of(root), .problems = problems};
    if (!span_is(node_name(root), shape_table[0].tag) ||
        (w.space != NULL && !shape_namespace(root))) {
        blame(&w, root, node_name(root),
              "this is not a SPIF of the namespace http://www.xmlspif.org/spif");
        return false;
    }
    w.three = span_is(node_attribute(root, "schemaVersion"), "3.0");
    node_check(&w, &shape_table[0], root);
    return true;
}

static const xmlNode *node_from(const xmlNode *n, const char *tag)
{
    while (n != NULL && (n->type != XML_ELEMENT_NODE || strcmp((const char *)n->name, tag) != 0)) {
        n = n->next;
    }
    return n;
}

const xmlNode *node_first(const xmlNode *parent, const char *tag)
{
    return parent == NULL ? NULL : node_from(parent->children, tag);
}

const xmlNode *node_next(const xmlNode *node)
{
    return node_from(node->next, (const char *)node->name);
}

unsigned node_children(const xmlNode *parent, const char *tag)
{
    unsigned count = 0;
    for (const xmlNode *n = node_first(parent, tag); n != NULL; n = node_next(n)) {
        count++;
    }
    return count;
}

span node_text(const xmlNode *node)
{
    const xmlNode *text = node->children;
    return text == NULL || text->type != XML_TEXT_NODE
               ? (span){0}
               : span_trim(span_text((const char *)text->content));
}

static const xmlAttr *attribute_find(const xmlNode *node, const char *attribute)
{
    for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
        bool ours = a->ns == NULL || attribute_in(a, (const char *)XML_XML_NAMESPACE);
        if (ours && strcmp((const char *)a->name, attribute) == 0) {
            return a;
        }
    }
    return NULL;
}

bool node_has(const xmlNode *node, const char *attribute)
{
    return attribute_find(node, attribute) != NULL;
}

span node_attribute(const xmlNode *node, const char *attribute)
{
    const xmlAttr *a = attribute_find(node, attribute);
    return a == NULL || a->children == NULL || a->children->content == NULL
               ? (span){0}
               : span_text((const char *)a->children->content);
}

unsigned node_line(const xmlNode *node)
{
    long line = xmlGetLineNo(node);
    return line > 0 && line < (long)UINT16_MAX ? (unsigned)line : 0;
}
