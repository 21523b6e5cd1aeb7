/* SPDX-License-Identifier: Apache-2.0 */
#include "spif/parts.h"

/* Every marking code of the schema.  `pageTopBottom` is both places. */
static const struct word codes[] = {
    {"pageTop", PLACE_PAGE_TOP},
    {"pageBottom", PLACE_PAGE_BOTTOM},
    {"pageTopBottom", PLACE_PAGE},
    {"documentStart", PLACE_DOCUMENT_START},
    {"documentEnd", PLACE_DOCUMENT_END},
    {"noNameDisplay", CODE_NO_NAME_DISPLAY},
    {"noMarkingDisplay", CODE_NO_MARKING_DISPLAY},
    {"suppressClassName", CODE_SUPPRESS_CLASS_NAME},
    {"firstLineOfText", PLACE_FIRST_LINE},
    {"lastLineOfText", PLACE_LAST_LINE},
    {"subject", PLACE_SUBJECT},
    {"xHeader", PLACE_X_HEADER},
    {"portionMarking", PLACE_PORTION},
    {"inputTitle", PLACE_INPUT_TITLE},
    {"waterMark", PLACE_WATERMARK},
    {"replacePolicy", CODE_REPLACE_POLICY},
    {NULL, 0},
};

static const struct word kinds[] = {
    {"prefix", QUALIFIER_PREFIX},
    {"separator", QUALIFIER_SEPARATOR},
    {"finalSeparator", QUALIFIER_FINAL_SEPARATOR},
    {"suffix", QUALIFIER_SUFFIX},
    {NULL, 0},
};

static uint32_t code_of(struct build *b, const xmlNode *n)
{
    span s = node_text(n);
    for (const struct word *w = codes; w->text != NULL; w++) {
        if (span_is(s, w->text)) {
            return w->value;
        }
    }
    part_blame(b, n, s, "a marking code that the schema does not know");
    return 0;
}

/* A language is letters and digits in pieces of one to eight, or nothing */
static span language_of(struct build *b, const xmlNode *n)
{
    span s = part_text(b, n, "lang");
    bool good = true;
    for (size_t i = 0, piece = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        bool    letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        piece = letter ? piece + 1 : 0;
        good = good && piece <= 8 && (letter || (c == '-' && i > 0 && i + 1 < s.len));
    }
    if (!good) {
        part_blame(b, n, s, "xml:lang is not the tag of a language");
        return (span){0};
    }
    return s;
}

static struct scheme_phrase phrase_of(struct build *b, const xmlNode *n)
{
    struct scheme_phrase p = {.line = node_line(n)};
    p.language = language_of(b, n);
    p.text = part_text(b, n, "phrase");
    if (p.text.ptr == NULL && node_has(n, "phrase")) {
        p.text = SPAN_LIT("");
    }
    for (const xmlNode *c = node_first(n, "code"); c != NULL; c = node_next(c)) {
        p.codes |= code_of(b, c);
    }
    return p;
}

/* Schema version 3.0 has no codes: a phrase is for every place, but for portions and for input where it
 * says another.  simplePhrase stands in no line of ours. */
static unsigned phrases_3(struct build *b, const xmlNode *n, struct scheme_phrase *p)
{
    static const struct {
        const char *attribute;
        uint32_t    place;
    } others[] = {{"shortPhrase", PLACE_PORTION}, {"inputPhrase", PLACE_INPUT_TITLE}};
    unsigned count = 1;
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        if (node_has(n, others[i].attribute)) {
            p[count] = p[0];
            p[count].text = part_text(b, n, others[i].attribute);
            p[count++].codes = others[i].place;
            p[0].codes = (p[0].codes == 0 ? PLACE_ANY : p[0].codes) & ~others[i].place;
        }
    }
    return count;
}

/* What a markingQualifier says is meant for its qualifiers that say nothing else */
static struct scheme_qualifier outer_of(struct build *b, const xmlNode *n)
{
    struct scheme_qualifier q = {0};
    const char             *code = node_has(n, "markingCode") ? "markingCode" : "code";
    q.language = language_of(b, n);
    q.codes = part_word(b, n, code, codes, 0, "a marking code that the schema does not know");
    return q;
}

static struct scheme_qualifier qualifier_of(struct build *b, struct scheme_qualifier q,
                                            const xmlNode *n)
{
    q.line = node_line(n);
    q.language = node_has(n, "lang") ? language_of(b, n) : q.language;
    q.text = part_text(b, n, "markingQualifier");
    q.kind = (enum qualifier_kind)part_word(
        b, n, "qualifierCode", kinds, QUALIFIER_PREFIX,
        "a qualifierCode is prefix, separator, finalSeparator or suffix");
    return q;
}

static bool languages_equal(span a, span b)
{
    bool same = a.len == b.len;
    for (size_t i = 0; same && i < a.len; i++) {
        same = (a.ptr[i] | 0x20) == (b.ptr[i] | 0x20);
    }
    return same;
}

/* Two that could both be meant at one place are none that is */
static void qualifier_once(struct build *b, const struct scheme_qualifier *all, unsigned i)
{
    const struct scheme_qualifier *q = &all[i];
    for (unsigned j = 0; j < i; j++) {
        bool meet = (q->codes | all[j].codes) == 0 || (q->codes & all[j].codes) != 0;
        if (all[j].kind == q->kind && meet && languages_equal(all[j].language, q->language)) {
            scheme_problem_add(b->problems, q->line, q->text,
                               "two qualifiers of one kind stand for one place and language");
        }
    }
}

static void qualifiers_of(struct build *b, const xmlNode *n, struct scheme_marking *m)
{
    unsigned count = 0;
    for (const xmlNode *o = node_first(n, "markingQualifier"); o != NULL; o = node_next(o)) {
        count += node_children(o, "qualifier");
    }
    struct scheme_qualifier *q = part_take(b, count, sizeof *q);
    m->qualifier = q;
    for (const xmlNode *o = node_first(n, "markingQualifier"); o != NULL; o = node_next(o)) {
        struct scheme_qualifier outer = outer_of(b, o);
        for (const xmlNode *c = node_first(o, "qualifier"); c != NULL; c = node_next(c)) {
            if (m->qualifier_count == QUALIFIERS_MAX) {
                part_blame(b, c, (span){0}, "a part of a policy has more than 64 qualifiers");
                return;
            }
            q[m->qualifier_count] = qualifier_of(b, outer, c);
            qualifier_once(b, q, m->qualifier_count++);
        }
    }
}

struct scheme_marking marking_of(struct build *b, const xmlNode *n)
{
    struct scheme_marking m = {0};
    struct scheme_phrase *p = part_take(b, 3 * (size_t)node_children(n, "markingData"), sizeof *p);
    m.phrase = p;
    for (const xmlNode *d = node_first(n, "markingData"); d != NULL; d = node_next(d)) {
        p[m.phrase_count] = phrase_of(b, d);
        m.phrase_count += phrases_3(b, d, &p[m.phrase_count]);
    }
    qualifiers_of(b, n, &m);
    return m;
}
