/* SPDX-License-Identifier: Apache-2.0 */
#include "label/scheme.h"

static const char *const type_names[TAG_TYPE_COUNT] = {
    [TAG_RESTRICTIVE] = "restrictive", [TAG_ENUMERATED_RESTRICTIVE] = "enumerated restrictive",
    [TAG_PERMISSIVE] = "permissive",   [TAG_ENUMERATED_PERMISSIVE] = "enumerated permissive",
    [TAG_INFORMATIVE] = "informative",
};

const char *tag_type_name(enum tag_type t)
{
    return type_names[t];
}

/* A value is cut between characters, so that what is shown stays UTF-8; a control character, which could
 * make it look like another line, ends it as well */
void scheme_problem_add(struct scheme_problems *all, unsigned line, span value, const char *why)
{
    if (all->count == SCHEME_PROBLEMS_MAX) {
        all->more = true;
        return;
    }
    struct scheme_problem *p = &all->problem[all->count++];
    size_t                 len = value.len < sizeof p->value ? value.len : sizeof p->value - 1;
    *p = (struct scheme_problem){.line = line, .why = why};
    while (len > 0 && len < value.len && (value.ptr[len] & 0xc0) == 0x80) {
        len--;
    }
    for (size_t i = 0; i < len && value.ptr[i] >= ' ' && value.ptr[i] != 0x7f; i++) {
        p->value[i] = (char)value.ptr[i];
    }
}

uint16_t scheme_class_by_name(const struct scheme *s, span name)
{
    for (uint16_t i = 0; i < s->class_count; i++) {
        if (span_equal(s->class[i].name, name)) {
            return i;
        }
    }
    return SCHEME_NONE;
}

uint16_t scheme_class_by_lacv(const struct scheme *s, uint64_t lacv)
{
    for (uint16_t i = 0; i < s->class_count; i++) {
        if (s->class[i].lacv == lacv) {
            return i;
        }
    }
    return SCHEME_NONE;
}

uint16_t scheme_set_by_name(const struct scheme *s, span name)
{
    for (uint16_t i = 0; i < s->set_count; i++) {
        if (span_equal(s->set[i].name, name)) {
            return i;
        }
    }
    return SCHEME_NONE;
}

uint16_t scheme_set_by_id(const struct scheme *s, span id)
{
    for (uint16_t i = 0; i < s->set_count; i++) {
        if (span_equal(s->set[i].id, id)) {
            return i;
        }
    }
    return SCHEME_NONE;
}

uint16_t scheme_category_by_lacv(const struct scheme *s, uint16_t set, enum tag_type type,
                                 uint64_t lacv)
{
    const struct scheme_tag_set *in = &s->set[set];
    for (unsigned t = in->first_tag; t < in->first_tag + in->tag_count; t++) {
        const struct scheme_tag *tag = &s->tag[t];
        for (unsigned c = tag->first; tag->type == type && c < tag->first + tag->count; c++) {
            if (s->category[c].lacv == lacv) {
                return (uint16_t)c;
            }
        }
    }
    return SCHEME_NONE;
}

static bool type_like(enum tag_type a, enum tag_type b)
{
    return a == b || (tag_is_restrictive(a) && tag_is_restrictive(b)) ||
           (tag_is_permissive(a) && tag_is_permissive(b));
}

uint16_t scheme_category_by_name(const struct scheme *s, uint16_t set, enum tag_type like,
                                 span name)
{
    const struct scheme_tag_set *in = &s->set[set];
    uint16_t                     found = SCHEME_NONE;
    for (unsigned t = in->first_tag; t < in->first_tag + in->tag_count; t++) {
        const struct scheme_tag *tag = &s->tag[t];
        for (unsigned c = tag->first; type_like(tag->type, like) && c < tag->first + tag->count;
             c++) {
            if (!span_equal(s->category[c].name, name)) {
                continue;
            }
            if (found != SCHEME_NONE) {
                return SCHEME_NONE;
            }
            found = (uint16_t)c;
        }
    }
    return found;
}

uint16_t scheme_privacy_by_name(const struct scheme *s, span name)
{
    for (uint16_t i = 0; i < s->privacy_count; i++) {
        if (span_equal(s->privacy[i].name, name)) {
            return i;
        }
    }
    return SCHEME_NONE;
}
