/* SPDX-License-Identifier: Apache-2.0 */
/* Each part of a value in a sentence: English, Korean or Japanese. */
#include "base/text.h"
#include "ism/terms.h"
#include "label/phrase.h"
#include "value/sentences.h"
#include "value/words.h"

#define TEXT_MAX 4096

/* speaker - to whom, in which of our languages, and in which titles are shown */
struct speaker {
    struct hearer       to;
    enum title_language language;
    span                titles;
};

static void say(const struct speaker *by, enum sentence s, const span *part)
{
    uint8_t       buf[TEXT_MAX];
    struct writer w = WRITER_OF(buf);
    sentence_put(s, by->language, part, &w);
    put_u8(&w, 0);
    if (by->to.say != NULL && !w.bad) {
        by->to.say(by->to.to, (const char *)buf);
    }
}
#define SAY(by, s, ...) say(by, s, (const span[SENTENCE_PARTS_MAX]){__VA_ARGS__})

static span word(const struct speaker *by, enum sentence s)
{
    return span_text(sentence_text(s, by->language));
}

/* ---- labels ---- */

/* What a policy shows for a name in the language that is asked for; empty when it has nothing */
static span phrase_in(const struct scheme_marking *m, span language)
{
    for (unsigned i = 0; i < m->phrase_count; i++) {
        span has = m->phrase[i].language, wanted = language;
        if (m->phrase[i].text.ptr != NULL &&
            span_equal(span_cut(&has, '-'), span_cut(&wanted, '-'))) {
            return m->phrase[i].text;
        }
    }
    return (span){0};
}

static void category_say(const struct speaker *by, const struct scheme *s, unsigned i)
{
    const struct scheme_category *k = &s->category[i];
    const struct scheme_tag      *t = &s->tag[k->tag];
    uint8_t                       buf[512];
    struct writer                 w = WRITER_OF(buf);
    span                          shown = phrase_in(&k->marking, by->titles);
    put_span(&w, k->name);
    if (shown.len > 0 && !span_equal(shown, k->name)) {
        put_text(&w, " [");
        put_span(&w, shown);
        put_text(&w, "]");
    }
    span called = w.bad ? k->name : writer_span(&w);
    SAY(by,
        tag_is_restrictive(t->type)  ? SENTENCE_RESTRICTIVE
        : tag_is_permissive(t->type) ? SENTENCE_PERMISSIVE
                                     : SENTENCE_INFORMATIVE,
        called, s->set[t->set].name, span_text(tag_type_name(t->type)));
    if (k->obsolete) {
        SAY(by, SENTENCE_OBSOLETE, called);
    }
}

static void class_say(const struct speaker *by, const struct label *l)
{
    const struct scheme *s = l->scheme;
    uint8_t              shown[TEXT_MAX], more[16], all[16];
    struct writer        w = WRITER_OF(shown), m = WRITER_OF(more), a = WRITER_OF(all);
    unsigned             above = 0;
    for (unsigned i = 0; i < s->class_count; i++) {
        above += s->class[i].hierarchy > s->class[l->class].hierarchy ? 1 : 0;
    }
    class_phrase(s, l->class, by->titles, PLACE_ANY, &w);
    put_decimal(&m, above);
    put_decimal(&a, s->class_count);
    SAY(by, SENTENCE_CLASS, s->class[l->class].name, writer_span(&w), writer_span(&m),
        writer_span(&a));
}

static void record_say(const struct speaker *by, const struct label_record *r)
{
    static const enum sentence kinds[LABEL_KIND_COUNT] = {[LABEL_ORIGINATOR] =
                                                              SENTENCE_ORIGINATORS_OWN,
                                                          [LABEL_ALTERNATIVE] = SENTENCE_ADDED,
                                                          [LABEL_METADATA] = SENTENCE_OF_METADATA};
    const struct label        *l = &r->label;
    const struct scheme       *s = l->scheme;
    struct label_faults        faults;
    SAY(by, SENTENCE_POLICY, s->name, s->id);
    class_say(by, l);
    for (unsigned i = category_next(&l->categories, 0); i < CATEGORIES_MAX;
         i = category_next(&l->categories, i + 1)) {
        category_say(by, s, i);
    }
    say(by, kinds[r->kind], NULL);
    say(by, label_valid(l, &faults) ? SENTENCE_VALID : SENTENCE_NOT_VALID, NULL);
    faults_say(s, &faults, by->to);
}

/* ---- markings ---- */

static void names_say(const struct speaker *by, enum sentence s, const struct names *names,
                      set64 of, enum sentence none)
{
    uint8_t       buf[TEXT_MAX];
    struct writer w = WRITER_OF(buf);
    names_format(names, of, &w);
    SAY(by, s, of == 0 ? word(by, none) : writer_span(&w));
}

static void marking_say(const struct speaker *by, const struct ground *g, const struct marking *m)
{
    const struct policies     *all = &g->policies;
    const struct policy       *p = &all->policy[m->level.policy];
    const struct policy_level *l = &p->level[m->level.rank];
    SAY(by, SENTENCE_LEVEL, name_span(&l->name), name_span(&p->name),
        span_text(l->title[by->language]));
    names_say(by, SENTENCE_GIVEN_BY, &all->parties, m->originators, SENTENCE_NOBODY);
    names_say(by, SENTENCE_ABOUT, &all->topics, m->topics, SENTENCE_NOTHING);
    names_say(by, SENTENCE_OBTAINED, &all->disciplines, m->disciplines, SENTENCE_NOTHING);
    names_say(by, SENTENCE_KEPT, &all->parties, m->release_to, SENTENCE_ONLY_GIVER);
    names_say(by, SENTENCE_SHOWN, &all->parties, m->disclose_to, SENTENCE_ONLY_GIVER);
    for (unsigned i = set_next(m->caveats, 0); i < SET64_MAX; i = set_next(m->caveats, i + 1)) {
        SAY(by, SENTENCE_CAVEAT, name_span(&p->caveat[i].name));
    }
}

/* ---- the register ---- */

static void places_say(const struct speaker *by, const struct groups *g, enum sentence s,
                       const struct places *p)
{
    uint8_t       buf[TEXT_MAX];
    struct writer w = WRITER_OF(buf);
    for (unsigned i = codes_next(&p->codes, 0); i < CODES_MAX; i = codes_next(&p->codes, i + 1)) {
        put_text(&w, w.len > 0 ? ", " : "");
        put_text(&w, g->code[i].text);
    }
    put_text(&w, w.len > 0 && p->nato.len > 0 ? ", " : "");
    put_span(&w, words_span(&p->nato));
    if (!places_empty(p)) {
        SAY(by, s, writer_span(&w));
    }
}

static void terms_say(const struct speaker *by, enum sentence s, const struct ism_term *terms,
                      unsigned count, uint32_t set)
{
    for (unsigned i = 0; i < count; i++) {
        uint8_t       buf[256];
        struct writer w = WRITER_OF(buf);
        put_text(&w, terms[i].token);
        put_text(&w, terms[i].title != NULL ? ": " : "");
        put_text(&w, terms[i].title != NULL ? terms[i].title : "");
        if ((set >> i & 1) != 0) {
            SAY(by, s, writer_span(&w));
        }
    }
}

static void words_say(const struct speaker *by, enum sentence s, const struct words *words)
{
    if (words->len > 0) {
        SAY(by, s, words_span(words));
    }
}

static void line_say(const struct speaker *by, const struct ground *g, const struct ism *m)
{
    static const enum sentence systems[] = {SENTENCE_BY_US, SENTENCE_BY_OTHERS, SENTENCE_BY_JOINT,
                                            SENTENCE_BY_NATO};
    SAY(by, SENTENCE_LINE_LEVEL, span_text(ism_levels[m->level].line[ISM_BANNER]),
        word(by, systems[m->system]));
    places_say(by, &g->groups, SENTENCE_OWNERS, &m->owners);
    words_say(by, SENTENCE_SCI, &m->sci);
    words_say(by, SENTENCE_SAP, &m->sap);
    terms_say(by, SENTENCE_AEA, ism_aeas, ISM_AEA_COUNT, m->aea);
    places_say(by, &g->groups, SENTENCE_FGI, &m->fgi);
    if (ism_flag_is(m, ISM_PROTECTED)) {
        say(by, SENTENCE_FGI_UNNAMED, NULL);
    }
    terms_say(by, SENTENCE_DISSEM, ism_dissems, ISM_DISSEM_COUNT, m->dissem);
    places_say(by, &g->groups, SENTENCE_RELEASED, &m->release);
    places_say(by, &g->groups, SENTENCE_DISPLAYED, &m->display);
    terms_say(by, SENTENCE_NONIC, ism_nonics, ISM_NONIC_COUNT, m->nonic);
    terms_say(by, SENTENCE_NONUS, ism_nonuses, ISM_NONUS_COUNT, m->nonus);
}

void value_explain(const struct ground *g, const struct value *v, const char *language,
                   struct hearer h)
{
    const struct speaker by = {h, title_of(language), span_text(language)};
    SAY(&by, v->guessed ? SENTENCE_READ_GUESSED : SENTENCE_READ, span_text(v->form.title));
    switch (v->form.family) {
    case FAMILY_LABEL:
        record_say(&by, &v->record);
        return;
    case FAMILY_REGISTER:
        line_say(&by, g, &v->ism);
        return;
    case FAMILY_MARKING:
        break;
    }
    marking_say(&by, g, &v->marking);
}
