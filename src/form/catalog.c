/* SPDX-License-Identifier: Apache-2.0 */
#include "form/catalog.h"

enum tag_type type_plain(enum tag_type t)
{
    return tag_is_restrictive(t) ? TAG_RESTRICTIVE : tag_is_permissive(t) ? TAG_PERMISSIVE : t;
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

static bool names_equal(span a, span b, enum name_case as)
{
    if (a.len != b.len || as == CASE_EXACT) {
        return span_equal(a, b);
    }
    for (size_t i = 0; i < a.len; i++) {
        if (lower(a.ptr[i]) != lower(b.ptr[i])) {
            return false;
        }
    }
    return true;
}

/* Names of a policy are chosen by its author, not by who sends a label: no need for a secret */
static unsigned slot_of(unsigned set, enum tag_type like, span name)
{
    uint32_t h = 2166136261u ^ (set << 3 | (unsigned)like);
    for (size_t i = 0; i < name.len; i++) {
        h = (h ^ lower(name.ptr[i])) * 16777619u;
    }
    return (h ^ h >> 15) % CATALOG_SLOTS;
}

static void entry_fill(struct catalog_entry *e, const struct scheme *s)
{
    e->scheme = s;
    for (unsigned i = 0; i < CATALOG_SLOTS; i++) {
        e->slot[i] = SCHEME_NONE;
    }
    for (unsigned c = 0; c < s->category_count; c++) {
        const struct scheme_tag *t = &s->tag[s->category[c].tag];
        unsigned                 at = slot_of(t->set, type_plain(t->type), s->category[c].name);
        while (e->slot[at] != SCHEME_NONE) {
            at = (at + 1) % CATALOG_SLOTS;
        }
        e->slot[at] = (uint16_t)c;
    }
}

err catalog_add(struct catalog *c, const struct scheme *s)
{
    if (catalog_by_name(c, s->name, CASE_ANY) != NULL || catalog_by_id(c, s->id) != NULL) {
        return FAIL(CONFLICT, "two policies have one name or one id");
    }
    if (c->count == CATALOG_SCHEMES_MAX) {
        return FAIL(FULL, "there are more than 64 policies");
    }
    entry_fill(&c->entry[c->count++], s);
    return OK;
}

const struct catalog_entry *catalog_by_name(const struct catalog *c, span name, enum name_case as)
{
    for (unsigned i = 0; i < c->count; i++) {
        if (names_equal(c->entry[i].scheme->name, name, as)) {
            return &c->entry[i];
        }
    }
    return NULL;
}

const struct catalog_entry *catalog_by_id(const struct catalog *c, span id)
{
    for (unsigned i = 0; i < c->count; i++) {
        if (span_equal(c->entry[i].scheme->id, id)) {
            return &c->entry[i];
        }
    }
    return NULL;
}

/* found - the index of the one that was found, SCHEME_NONE when it is the second */
static uint16_t found(uint16_t before, unsigned now)
{
    return before == SCHEME_NONE ? (uint16_t)now : SCHEME_NONE;
}

/* The names of a list are those of structs of one size, the name at the same place in each */
static uint16_t list_find(const void *first, size_t stride, unsigned count, span name,
                          enum name_case as)
{
    uint16_t at = SCHEME_NONE;
    for (unsigned i = 0; i < count; i++) {
        const span *s = (const span *)(const void *)((const char *)first + i * stride);
        if (names_equal(*s, name, as)) {
            if (as == CASE_EXACT) {
                return (uint16_t)i;
            }
            if ((at = found(at, i)) == SCHEME_NONE) {
                return SCHEME_NONE;
            }
        }
    }
    return at;
}

uint16_t entry_class(const struct catalog_entry *e, span name, enum name_case as)
{
    const struct scheme *s = e->scheme;
    return list_find(&s->class->name, sizeof *s->class, s->class_count, name, as);
}

uint16_t entry_set(const struct catalog_entry *e, span name, enum name_case as)
{
    const struct scheme *s = e->scheme;
    return s->set_count == 0 ? SCHEME_NONE
                             : list_find(&s->set->name, sizeof *s->set, s->set_count, name, as);
}

uint16_t entry_privacy(const struct catalog_entry *e, span name, enum name_case as)
{
    const struct scheme *s = e->scheme;
    return s->privacy_count == 0
               ? SCHEME_NONE
               : list_find(&s->privacy->name, sizeof *s->privacy, s->privacy_count, name, as);
}

uint16_t entry_category(const struct catalog_entry *e, uint16_t set, enum tag_type like, span name,
                        enum name_case as)
{
    const struct scheme *s = e->scheme;
    uint16_t             at = SCHEME_NONE;
    for (unsigned i = slot_of(set, like, name); e->slot[i] != SCHEME_NONE;
         i = (i + 1) % CATALOG_SLOTS) {
        const struct scheme_category *c = &s->category[e->slot[i]];
        const struct scheme_tag      *t = &s->tag[c->tag];
        if (t->set != set || type_plain(t->type) != like || !names_equal(c->name, name, as)) {
            continue;
        }
        if ((at = found(at, e->slot[i])) == SCHEME_NONE) {
            return SCHEME_NONE;
        }
    }
    return at;
}
