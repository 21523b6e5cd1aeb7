/* SPDX-License-Identifier: Apache-2.0 */
#include "label/phrase.h"
#include "label/need.h"

/* Who is shown what, where: in the language that is asked for, then in what remains when its last subtag
 * is cut off, at last in phrases that have no language */
struct view {
    span     language;
    uint32_t place;
};

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c == '_' ? '-' : c;
}

static bool language_is(span a, span b)
{
    bool same = a.len == b.len;
    for (size_t i = 0; same && i < a.len; i++) {
        same = lower(a.ptr[i]) == lower(b.ptr[i]);
    }
    return same;
}

/* The next language to try; false when phrases without one were tried */
static bool language_wider(span *language)
{
    if (language->len == 0) {
        return false;
    }
    do {
        language->len--;
    } while (language->len > 0 && lower(language->ptr[language->len]) != '-');
    return true;
}

static bool placed(uint32_t codes, uint32_t place)
{
    return (codes & PLACE_ANY) == 0 || (codes & place) != 0;
}

/* The first phrase of the nearest language for which `fits` */
static const struct scheme_phrase *phrase_find(const struct scheme_marking *m, struct view v,
                                               bool (*fits)(const struct scheme_phrase *p))
{
    span language = v.language;
    do {
        for (unsigned i = 0; i < m->phrase_count; i++) {
            const struct scheme_phrase *p = &m->phrase[i];
            if (language_is(p->language, language) && placed(p->codes, v.place) && fits(p)) {
                return p;
            }
        }
    } while (language_wider(&language));
    return NULL;
}

/* A phrase that is for input, or stands for the policy's name, does not stand for its own, unless it
 * hides that one */
#define CODES_ELSEWHERE ((uint32_t)CODE_NO_MARKING_DISPLAY | (uint32_t)CODE_REPLACE_POLICY)

static bool fits_name(const struct scheme_phrase *p)
{
    return (p->codes & CODES_ELSEWHERE) == 0 || (p->codes & CODE_NO_NAME_DISPLAY) != 0;
}

static bool fits_policy(const struct scheme_phrase *p)
{
    return (p->codes & CODE_NO_MARKING_DISPLAY) == 0 && (p->codes & CODE_REPLACE_POLICY) != 0;
}

static bool fits_suppression(const struct scheme_phrase *p)
{
    return (p->codes & CODE_SUPPRESS_CLASS_NAME) != 0;
}

static const struct scheme_qualifier *qualifier_find(const struct scheme_marking *m,
                                                     enum qualifier_kind kind, struct view v)
{
    span language = v.language;
    do {
        for (unsigned i = 0; i < m->qualifier_count; i++) {
            const struct scheme_qualifier *q = &m->qualifier[i];
            if (q->kind == kind && language_is(q->language, language) &&
                placed(q->codes, v.place)) {
                return q;
            }
        }
    } while (language_wider(&language));
    return NULL;
}

/* One for another place is better than none: "ISAF" alone does not say that it may be released to ISAF */
static span qualifier_of(const struct scheme_marking *m, enum qualifier_kind kind, struct view v,
                         span otherwise)
{
    struct view                    any = {v.language, PLACE_ANY};
    const struct scheme_qualifier *q = qualifier_find(m, kind, v);
    q = q != NULL ? q : qualifier_find(m, kind, any);
    return q != NULL ? q->text : otherwise;
}

/* What stands for a name: empty when nothing is to be shown */
static span name_shown(const struct scheme_marking *m, span name, struct view v)
{
    const struct scheme_phrase *p = phrase_find(m, v, fits_name);
    if (p == NULL) {
        return name;
    }
    if ((p->codes & CODE_NO_NAME_DISPLAY) != 0) {
        return (p->codes & CODES_ELSEWHERE) != 0 ? (span){0} : p->text;
    }
    return p->text.ptr == NULL ? name : p->text;
}

/* line - a display marking on its way: pieces that are not empty, the separator between them */
struct line {
    struct writer *w;
    span           separator;
    bool           any;
};

static void line_piece(struct line *l, const struct scheme_marking *m, span text, struct view v)
{
    if (text.len == 0) {
        return;
    }
    put_span(l->w, l->any ? l->separator : (span){0});
    put_span(l->w, qualifier_of(m, QUALIFIER_PREFIX, v, (span){0}));
    put_span(l->w, text);
    put_span(l->w, qualifier_of(m, QUALIFIER_SUFFIX, v, (span){0}));
    l->any = true;
}

static bool replaced(const struct scheme_marking *m, span name, struct view v, span *out)
{
    const struct scheme_phrase *p = phrase_find(m, v, fits_policy);
    if (p != NULL) {
        *out = p->text.ptr == NULL ? name : p->text;
    }
    return p != NULL;
}

/* The policy's name, or what the policy, the classification or the first category puts in its place */
static span policy_shown(const struct label *l, struct view v)
{
    const struct scheme *s = l->scheme;
    const struct scheme_class *class = &s->class[l->class];
    span out = {0};
    if (replaced(&s->marking, s->name, v, &out) ||
        replaced(&class->marking, class->name, v, &out)) {
        return out;
    }
    for (unsigned c = category_next(&l->categories, 0); c < s->category_count;
         c = category_next(&l->categories, c + 1)) {
        if (replaced(&s->category[c].marking, s->category[c].name, v, &out)) {
            return out;
        }
    }
    return name_shown(&s->marking, name_shown(&s->policy_marking, s->name, v), v);
}

static bool class_suppressed(const struct label *l, struct view v)
{
    const struct scheme *s = l->scheme;
    for (unsigned c = category_next(&l->categories, 0); c < s->category_count;
         c = category_next(&l->categories, c + 1)) {
        if (phrase_find(&s->category[c].marking, v, fits_suppression) != NULL) {
            return true;
        }
    }
    return false;
}

/* values - those of one tag on their way into the line: how many are there, how many more there will be */
struct values {
    unsigned put, left;
};

static void category_put_shown(struct line *line, const struct scheme_tag *t, struct values *values,
                               span text, const struct scheme_marking *own, struct view v)
{
    span between = qualifier_of(&t->marking, QUALIFIER_SEPARATOR, v, SPAN_LIT("/"));
    if (values->left == 1) {
        between = qualifier_of(&t->marking, QUALIFIER_FINAL_SEPARATOR, v, between);
    }
    if (values->put++ > 0) {
        put_span(line->w, between);
    } else {
        put_span(line->w, line->any ? line->separator : (span){0});
        put_span(line->w, qualifier_of(&t->marking, QUALIFIER_PREFIX, v, (span){0}));
        line->any = true;
    }
    values->left--;
    put_span(line->w, own == NULL ? (span){0} : qualifier_of(own, QUALIFIER_PREFIX, v, (span){0}));
    put_span(line->w, text);
    put_span(line->w, own == NULL ? (span){0} : qualifier_of(own, QUALIFIER_SUFFIX, v, (span){0}));
}

/* One tag: its prefix, its values with its separator, its suffix; nothing when no value is to be shown */
static void tag_shown(struct line *line, const struct scheme *s, unsigned tag,
                      const struct category_set *has, bool nobody, struct view v)
{
    const struct scheme_tag *t = &s->tag[tag];
    struct values            values = {0, nobody ? 1 : 0};
    for (int pass = 0; pass < 2; pass++) {
        for (unsigned c = category_next(has, t->first); c < (unsigned)t->first + t->count;
             c = category_next(has, c + 1)) {
            const struct scheme_category *x = &s->category[c];
            span                          text = name_shown(&x->marking, x->name, v);
            if (text.len > 0 && pass == 0) {
                values.left++;
            } else if (text.len > 0) {
                category_put_shown(line, t, &values, text, &x->marking, v);
            }
        }
    }
    if (nobody) {
        category_put_shown(line, t, &values, SPAN_LIT("NOBODY"), NULL, v);
    }
    if (values.put > 0) {
        put_span(line->w, qualifier_of(&t->marking, QUALIFIER_SUFFIX, v, (span){0}));
    }
}

static span class_shown(const struct scheme *s, uint16_t class, struct view v)
{
    return name_shown(&s->class[class].marking, s->class[class].name, v);
}

void label_phrase(const struct label *l, span language, uint32_t place, struct writer *w)
{
    const struct scheme *s = l->scheme;
    struct view          v = {language, place};
    struct line          line = {.w = w};
    line.separator = qualifier_of(&s->marking, QUALIFIER_SEPARATOR, v, SPAN_LIT(" "));
    put_span(w, qualifier_of(&s->marking, QUALIFIER_PREFIX, v, (span){0}));
    line_piece(&line, &s->policy_marking, policy_shown(l, v), v);
    if (!class_suppressed(l, v)) {
        line_piece(&line, &s->class[l->class].marking, class_shown(s, l->class, v), v);
    }
    for (unsigned t = 0; t < s->tag_count; t++) {
        tag_shown(&line, s, t, &l->categories, tag_nobody(l, t), v);
    }
    if (l->privacy != SCHEME_NONE) {
        const struct scheme_privacy_mark *p = &s->privacy[l->privacy];
        line_piece(&line, &s->privacy_marking, name_shown(&p->marking, p->name, v), v);
    }
    put_span(w, qualifier_of(&s->marking, QUALIFIER_SUFFIX, v, (span){0}));
}

void class_phrase(const struct scheme *s, uint16_t class_index, span language, uint32_t place,
                  struct writer *w)
{
    struct view v = {language, place};
    struct line line = {.w = w};
    line_piece(&line, &s->class[class_index].marking, class_shown(s, class_index, v), v);
}

/* The class of the set that comes next by hierarchy, or SCHEME_NONE */
static uint16_t class_above(const struct label_clearance *c, uint16_t last)
{
    const struct scheme *s = c->scheme;
    uint16_t             next = SCHEME_NONE;
    for (uint16_t i = 0; i < s->class_count; i++) {
        bool above = last == SCHEME_NONE || s->class[i].hierarchy > s->class[last].hierarchy;
        if (set_has(c->classes, i) && above &&
            (next == SCHEME_NONE || s->class[i].hierarchy < s->class[next].hierarchy)) {
            next = i;
        }
    }
    return next;
}

/* A clearance names its classes: their phrase only where the language has one, as a phrase for all
 * languages may say what a label means by it (FREE) and not its name */
static span class_named(const struct scheme *s, uint16_t class, struct view v)
{
    const struct scheme_marking *m = &s->class[class].marking;
    const struct scheme_phrase  *p = phrase_find(m, v, fits_name);
    return p != NULL && p->language.len > 0 && p->text.len > 0 ? p->text : s->class[class].name;
}

void clearance_phrase(const struct label_clearance *c, span language, struct writer *w)
{
    const struct scheme *s = c->scheme;
    struct view          v = {language, PLACE_PAGE};
    struct line          line = {.w = w, .any = true};
    line.separator = qualifier_of(&s->marking, QUALIFIER_SEPARATOR, v, SPAN_LIT(" "));
    put_span(w, qualifier_of(&s->marking, QUALIFIER_PREFIX, v, (span){0}));
    put_text(w, "{");
    for (uint16_t i = class_above(c, SCHEME_NONE), n = 0; i != SCHEME_NONE; i = class_above(c, i)) {
        put_text(w, n++ > 0 ? "|" : "");
        put_span(w, class_named(s, i, v));
    }
    put_text(w, "}");
    for (unsigned t = 0; t < s->tag_count; t++) {
        tag_shown(&line, s, t, &c->categories, false, v);
    }
    put_span(w, qualifier_of(&s->marking, QUALIFIER_SUFFIX, v, (span){0}));
}
