/* SPDX-License-Identifier: Apache-2.0 */
#include "spif/parts.h"

#define LACV_MAX      INT64_MAX
#define HIERARCHY_MAX INT32_MAX

static const struct word operations[] = {
    {"onlyOne", OPERATION_ONLY_ONE},
    {"oneOrMore", OPERATION_ONE_OR_MORE},
    {"all", OPERATION_ALL},
    {NULL, 0},
};

/* The colours that the schema names, and two that are seen beside them */
static const struct word colors[] = {
    {"aqua", 0x00ffff},    {"black", 0x000000},  {"blue", 0x0000ff},   {"fuschia", 0xff00ff},
    {"fuchsia", 0xff00ff}, {"gold", 0xffd700},   {"gray", 0x808080},   {"green", 0x008000},
    {"lime", 0x00ff00},    {"maroon", 0x800000}, {"navy", 0x000080},   {"olive", 0x808000},
    {"orange", 0xffa500},  {"purple", 0x800080}, {"red", 0xff0000},    {"silver", 0xc0c0c0},
    {"teal", 0x008080},    {"white", 0xffffff},  {"yellow", 0xffff00}, {NULL, 0},
};

/* Without lacv and without all="true", all is meant: so it is seen, and nothing else is said */
static struct scheme_ref ref_of(struct build *b, const xmlNode *n)
{
    struct scheme_ref r = {.set = SCHEME_NONE, .category = SCHEME_NONE, .line = node_line(n)};
    bool              all = part_flag(b, n, "all");
    r.set_name = part_text(b, n, "tagSetRef");
    r.type = part_type(b, n);
    r.lacv = part_number(b, n, "lacv", LACV_MAX, 0);
    r.all = !node_has(n, "lacv");
    if (all && !r.all) {
        part_blame(b, n, node_attribute(n, "lacv"), "a reference is to one lacv or to all");
    }
    return r;
}

struct scheme_ref *refs_of(struct build *b, const xmlNode *n, const char *tag, unsigned *count)
{
    struct scheme_ref *r = part_take(b, node_children(n, tag), sizeof *r);
    *count = 0;
    for (const xmlNode *c = node_first(n, tag); c != NULL; c = node_next(c)) {
        r[(*count)++] = ref_of(b, c);
    }
    return r;
}

struct scheme_need *needs_of(struct build *b, const xmlNode *n, unsigned *count)
{
    struct scheme_need *need = part_take(b, node_children(n, "requiredCategory"), sizeof *need);
    *count = 0;
    for (const xmlNode *c = node_first(n, "requiredCategory"); c != NULL; c = node_next(c)) {
        struct scheme_need *one = &need[(*count)++];
        one->line = node_line(c);
        one->operation =
            (enum scheme_operation)part_word(b, c, "operation", operations, OPERATION_ALL,
                                             "an operation is onlyOne, oneOrMore or all");
        one->ref = refs_of(b, c, "categoryGroup", &one->ref_count);
    }
    return need;
}

void policies_read(struct build *b)
{
    struct scheme *s = b->scheme;
    const xmlNode *list = node_first(b->root, "equivalentPolicies");
    s->policy = part_take(b, node_children(list, "equivalentPolicy"), sizeof *s->policy);
    for (const xmlNode *n = node_first(list, "equivalentPolicy"); n != NULL; n = node_next(n)) {
        struct scheme_policy *p = &s->policy[s->policy_count];
        if (s->policy_count == EQUIVALENT_POLICIES_MAX) {
            part_blame(b, n, (span){0}, "a policy has more than 64 equivalents");
            return;
        }
        s->policy_count++;
        p->line = node_line(n);
        p->name = part_text(b, n, "name");
        p->id = part_oid(b, n, "id");
        p->need = needs_of(b, n, &p->need_count);
    }
}

/* 3.0 has a colour of the ground and one of the text; that of the ground is the one that 2.1 has */
static uint32_t color_of(struct build *b, const xmlNode *n)
{
    const char *attribute = node_has(n, "bgcolor") ? "bgcolor" : "color";
    span        s = node_attribute(n, attribute);
    uint32_t    rgb = 0;
    if (s.len != 7 || s.ptr[0] != '#') {
        return part_word(b, n, attribute, colors, COLOR_NONE,
                         "a colour is # and six hexadecimal digits, or a name of the schema");
    }
    for (size_t i = 1; i < s.len; i++) {
        uint8_t c = s.ptr[i] | 0x20;
        bool    digit = s.ptr[i] >= '0' && s.ptr[i] <= '9', letter = c >= 'a' && c <= 'f';
        if (!digit && !letter) {
            part_blame(b, n, s,
                       "a colour is # and six hexadecimal digits, or a name of the schema");
            return COLOR_NONE;
        }
        rgb = rgb << 4 | (uint32_t)(digit ? s.ptr[i] - '0' : c - 'a' + 10);
    }
    return rgb;
}

static void equivalent_classes_of(struct build *b, const xmlNode *n, struct scheme_class *c)
{
    unsigned                        count = node_children(n, "equivalentClassification");
    struct scheme_equivalent_class *e = part_take(b, count, sizeof *e);
    c->equivalent = e;
    for (const xmlNode *x = node_first(n, "equivalentClassification"); x != NULL;
         x = node_next(x), e++) {
        c->equivalent_count++;
        e->line = node_line(x);
        e->policy = part_policy(b, x);
        e->lacv = part_number(b, x, "lacv", LACV_MAX, 0);
        e->applied = part_applied(b, x);
        e->need = needs_of(b, x, &e->need_count);
    }
}

static void class_of(struct build *b, const xmlNode *n, struct scheme_class *c)
{
    c->line = node_line(n);
    c->name = part_text(b, n, "name");
    c->lacv = part_number(b, n, "lacv", LACV_MAX, 0);
    c->hierarchy = (uint32_t)part_number(b, n, "hierarchy", HIERARCHY_MAX, 0);
    c->color = color_of(b, n);
    c->obsolete = part_flag(b, n, "obsolete");
    c->marking = marking_of(b, n);
    c->need = needs_of(b, n, &c->need_count);
    equivalent_classes_of(b, n, c);
    if (c->name.len == 0) {
        part_blame(b, n, (span){0}, "a classification has no name");
    }
}

void classes_read(struct build *b)
{
    struct scheme *s = b->scheme;
    const xmlNode *list = node_first(b->root, "securityClassifications");
    s->class = part_take(b, node_children(list, "securityClassification"), sizeof *s->class);
    if (list != NULL) {
        s->class_marking = marking_of(b, list);
    }
    for (const xmlNode *n = node_first(list, "securityClassification"); n != NULL;
         n = node_next(n)) {
        if (s->class_count == CLASSES_MAX) {
            part_blame(b, n, (span){0}, "a policy has more than 64 classifications");
            return;
        }
        class_of(b, n, &s->class[s->class_count++]);
    }
}

static uint16_t selection_of(struct build *b, const xmlNode *n, const char *attribute,
                             uint16_t unbounded)
{
    return span_is(node_attribute(n, attribute), "unbounded")
               ? unbounded
               : (uint16_t)part_number(b, n, attribute, SELECTION_MAX - 1, unbounded);
}

void privacy_read(struct build *b)
{
    struct scheme *s = b->scheme;
    const xmlNode *list = node_first(b->root, "privacyMarks");
    s->privacy = part_take(b, node_children(list, "privacyMark"), sizeof *s->privacy);
    s->privacy_max = SELECTION_MAX;
    if (list == NULL) {
        return;
    }
    s->privacy_marking = marking_of(b, list);
    s->privacy_min = selection_of(b, list, "minSelection", 0);
    s->privacy_max = selection_of(b, list, "maxSelection", SELECTION_MAX);
    if (s->privacy_min > 1 || s->privacy_max == 0) {
        part_blame(b, list, (span){0}, "a label has one privacy mark or none");
    }
    for (const xmlNode *n = node_first(list, "privacyMark"); n != NULL; n = node_next(n)) {
        struct scheme_privacy_mark *p = &s->privacy[s->privacy_count];
        if (s->privacy_count == PRIVACY_MARKS_MAX) {
            part_blame(b, n, (span){0}, "a policy has more than 256 privacy marks");
            return;
        }
        s->privacy_count++;
        p->line = node_line(n);
        p->name = part_text(b, n, "name");
        p->obsolete = part_flag(b, n, "obsolete");
        p->marking = marking_of(b, n);
    }
}
