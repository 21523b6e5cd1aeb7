/* SPDX-License-Identifier: Apache-2.0 */
#include "form/stix_marks.h"

/* A bundle is gone through twice: to check it, and to tell what it says.  So nothing is told of a bundle that
 * is refused. */
struct walk {
    struct form_reader *reader;
    json_t             *objects;
    json_t             *definitions; /* the bundle's marking definitions by id */
    stix_seen          *seen;        /* NULL the first time */
    void               *context;
};

static span text_of(json_t *v)
{
    return (span){(const uint8_t *)json_string_value(v), json_string_length(v)};
}

static bool more_restrictive(const struct label *a, const struct label *b)
{
    const struct scheme_class *c = a->scheme->class;
    return c[a->class].hierarchy > c[b->class].hierarchy;
}

static err put_color(struct walk *w, const struct tlp_color *c, struct text_at at,
                     struct stix_portion *p)
{
    struct label l;
    if (c == NULL) {
        p->other++;
        return OK;
    }
    TRY(tlp_class(w->reader, at, c->name, &l));
    if (!p->marked || more_restrictive(&l, &p->label)) {
        p->label = l;
    }
    p->marked = true;
    return OK;
}

/* A reference is to what the specifications define, else to an object of the bundle */
static err put_marking(struct walk *w, json_t *ref, struct stix_portion *p)
{
    unsigned                count;
    const struct tlp_color *all = tlp_colors(&count), *c;
    struct text_at          at = json_is_string(ref) ? json_at(text_of(ref)) : (struct text_at){0};
    for (unsigned i = 0; i < count; i++) {
        if (span_is(at.text, all[i].id)) {
            return put_color(w, &all[i], at, p);
        }
    }
    json_t *o = at.text.len > 0 ? json_object_get(w->definitions, json_string_value(ref)) : NULL;
    if (o != NULL) {
        TRY(marking_definition(w->reader, o, &c));
        return put_color(w, c, at, p);
    }
    return reader_fail(w->reader,
                       FAIL(UNKNOWN, "a marking that neither the bundle nor STIX defines"), at);
}

static bool list_or_none(json_t *v)
{
    return v == NULL || (json_is_array(v) && json_array_size(v) > 0);
}

static err put_object(struct walk *w, json_t *o, struct stix_portion *p)
{
    json_t *refs = json_object_get(o, "object_marking_refs");
    if (!list_or_none(refs)) {
        return reader_fail(w->reader, FAIL(MALFORMED, "a list of markings is empty, or none"),
                           json_at(SPAN_LIT("object_marking_refs")));
    }
    for (size_t i = 0; i < json_array_size(refs); i++) {
        TRY(put_marking(w, json_array_get(refs, i), p));
    }
    return OK;
}

/* The number of "[12]"; false when it is none */
static bool index_of(span s, size_t *out)
{
    size_t n = 0;
    if (s.len < 3 || s.len > 8 || s.ptr[0] != '[' || s.ptr[s.len - 1] != ']') {
        return false;
    }
    for (size_t i = 1; i + 1 < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9') {
            return false;
        }
        n = n * 10 + (size_t)(s.ptr[i] - '0');
    }
    *out = n;
    return s.len == 3 || s.ptr[1] != '0';
}

/* Does a selector ("a.b.[1]") select something of the object? */
static bool selects(json_t *o, span selector)
{
    char   key[256];
    size_t at;
    while (selector.len > 0 && o != NULL) {
        span step = span_cut(&selector, '.');
        if (json_is_array(o)) {
            o = index_of(step, &at) ? json_array_get(o, at) : NULL;
            continue;
        }
        if (step.len == 0 || step.len >= sizeof key) {
            return false;
        }
        memcpy(key, step.ptr, step.len);
        key[step.len] = '\0';
        o = json_object_get(o, key);
    }
    return o != NULL;
}

/* above - is `a` the selector `b`, or of something that holds what `b` selects? */
static bool above(span a, span b)
{
    return span_starts(b, a) && (a.len == b.len || b.ptr[a.len] == '.');
}

static err granular_check(struct walk *w, json_t *o, json_t *g)
{
    json_t *selectors = json_object_get(g, "selectors");
    bool    lang = json_object_get(g, "lang") != NULL;
    bool    ref = json_object_get(g, "marking_ref") != NULL;
    if (!json_is_array(selectors) || json_array_size(selectors) == 0 || lang == ref) {
        return reader_fail(
            w->reader, FAIL(MALFORMED, "a granular marking has no selectors, or not one marking"),
            json_at(SPAN_LIT("granular_markings")));
    }
    for (size_t i = 0; i < json_array_size(selectors); i++) {
        json_t *s = json_array_get(selectors, i);
        if (!json_is_string(s) || json_string_length(s) == 0 || !selects(o, text_of(s))) {
            return reader_fail(w->reader,
                               FAIL(MALFORMED, "a selector selects nothing of its object"),
                               json_at(text_of(s)));
        }
    }
    return OK;
}

/* All granular markings that lie on what is selected */
static err put_granular(struct walk *w, json_t *all, struct stix_portion *p)
{
    for (size_t i = 0; i < json_array_size(all); i++) {
        json_t *g = json_array_get(all, i), *selectors = json_object_get(g, "selectors");
        bool    on = false;
        for (size_t k = 0; k < json_array_size(selectors); k++) {
            on = on || above(text_of(json_array_get(selectors, k)), p->selector);
        }
        json_t *ref = json_object_get(g, "marking_ref");
        if (on && ref != NULL) {
            TRY(put_marking(w, ref, p));
        }
    }
    return OK;
}

/* first_time - has no granular marking before this one the same selector? */
static bool first_time(json_t *all, size_t at, size_t nth)
{
    json_t *here = json_object_get(json_array_get(all, at), "selectors");
    for (size_t i = 0; i <= at; i++) {
        json_t *selectors = json_object_get(json_array_get(all, i), "selectors");
        for (size_t k = 0; k < json_array_size(selectors) && (i < at || k < nth); k++) {
            if (json_equal(json_array_get(selectors, k), json_array_get(here, nth))) {
                return false;
            }
        }
    }
    return true;
}

static void tell(const struct walk *w, const struct stix_portion *p)
{
    if (w->seen != NULL) {
        w->seen(w->context, p);
    }
}

/* Each selector is compared with each of the object's, so there is a limit to them */
#define SELECTORS_MAX 256

static err walk_granular(struct walk *w, json_t *o, const struct stix_portion *whole)
{
    json_t *all = json_object_get(o, "granular_markings");
    size_t  selectors_all = 0;
    if (!list_or_none(all)) {
        return reader_fail(w->reader,
                           FAIL(MALFORMED, "a list of granular markings is empty, or none"),
                           json_at(SPAN_LIT("granular_markings")));
    }
    for (size_t i = 0; i < json_array_size(all) && selectors_all <= SELECTORS_MAX; i++) {
        TRY(granular_check(w, o, json_array_get(all, i)));
        selectors_all += json_array_size(json_object_get(json_array_get(all, i), "selectors"));
    }
    if (selectors_all > SELECTORS_MAX) {
        return reader_fail(w->reader, FAIL(LIMIT, "an object has more than 256 selectors"),
                           json_at(SPAN_LIT("granular_markings")));
    }
    for (size_t i = 0; i < json_array_size(all); i++) {
        json_t *selectors = json_object_get(json_array_get(all, i), "selectors");
        for (size_t k = 0; k < json_array_size(selectors); k++) {
            struct stix_portion p = *whole;
            p.selector = text_of(json_array_get(selectors, k));
            if (first_time(all, i, k)) {
                TRY(put_granular(w, all, &p));
                tell(w, &p);
            }
        }
    }
    return OK;
}

static err walk_object(struct walk *w, json_t *o)
{
    struct stix_portion p = {0};
    struct text_at      id, type;
    if (!json_is_object(o)) {
        return reader_fail(w->reader,
                           FAIL(MALFORMED, "something is no JSON object that must be one"),
                           (struct text_at){0});
    }
    TRY(json_text(w->reader, o, "id", JSON_NEEDED, &id));
    TRY(json_text(w->reader, o, "type", JSON_NEEDED, &type));
    p.object = id.text;
    TRY(put_object(w, o, &p));
    if (span_is(type.text, "marking-definition")) {
        const struct tlp_color *c;
        TRY(marking_definition(w->reader, o, &c));
    } else {
        tell(w, &p);
    }
    return walk_granular(w, o, &p);
}

/* Definitions have no versions, so two under one id contradict each other */
static err definitions_find(struct walk *w)
{
    for (size_t i = 0; i < json_array_size(w->objects); i++) {
        json_t *o = json_array_get(w->objects, i);
        json_t *id = json_object_get(o, "id"), *type = json_object_get(o, "type");
        if (!json_is_string(id) || !json_is_string(type) ||
            !span_is(text_of(type), "marking-definition")) {
            continue;
        }
        if (json_object_get(w->definitions, json_string_value(id)) != NULL) {
            return reader_fail(w->reader, FAIL(MALFORMED, "two marking definitions have one id"),
                               json_at(text_of(id)));
        }
        if (json_object_set(w->definitions, json_string_value(id), o) != 0) {
            return reader_fail(w->reader, FAIL(FULL, "there is no memory for the bundle"),
                               (struct text_at){0});
        }
    }
    return OK;
}

static err walk_all(struct walk *w)
{
    for (size_t i = 0; i < json_array_size(w->objects); i++) {
        TRY(walk_object(w, json_array_get(w->objects, i)));
    }
    return OK;
}

static err walk_twice(struct walk *w, stix_seen *seen)
{
    if (!json_is_array(w->objects)) {
        return reader_fail(w->reader, FAIL(MALFORMED, "a bundle has no objects"),
                           (struct text_at){0});
    }
    TRY(definitions_find(w));
    TRY(walk_all(w));
    w->seen = seen;
    return walk_all(w);
}

static err walk_root(struct form_reader *r, json_t *root, stix_seen *seen, void *context)
{
    json_t *type = json_object_get(root, "type");
    bool    bundle = json_is_string(type) && span_is(text_of(type), "bundle");
    json_t *objects =
        bundle ? json_incref(json_object_get(root, "objects")) : json_pack("[O]", root);
    struct walk w = {
        .reader = r, .objects = objects, .definitions = json_object(), .context = context};
    err e = walk_twice(&w, seen);
    json_decref(objects);
    json_decref(w.definitions);
    return e;
}

err stix_portions(struct form_reader *r, span in, stix_seen *seen, void *context)
{
    json_t *root = NULL;
    r->in = in;
    r->deviations = 0;
    r->problem = (struct form_problem){0};
    err e = in.len > STIX_MAX ? reader_fail(r, FAIL(LIMIT, "the bundle is longer than 16 MiB"),
                                            (struct text_at){0})
                              : json_open(r, in, &root);
    if (!err_is(e)) {
        e = walk_root(r, root, seen, context);
        json_decref(root);
    }
    if (err_is(e)) {
        problem_place(&r->problem, in);
    }
    return e;
}
