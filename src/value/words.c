/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>

#include "ism/authority.h"
#include "ism/rules.h"
#include "ism/terms.h"
#include "label/phrase.h"
#include "marking/banner.h"
#include "value/words.h"

static void say(struct hearer h, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(struct hearer h, const char *format, ...)
{
    char    line[2048];
    va_list args;
    if (h.say == NULL) {
        return;
    }
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    h.say(h.to, line);
}

enum title_language title_of(const char *language)
{
    return strncmp(language, "ko", 2) == 0   ? TITLE_KO
           : strncmp(language, "ja", 2) == 0 ? TITLE_JA
                                             : TITLE_EN;
}

void faults_say(const struct scheme *s, const struct label_faults *faults, struct hearer h)
{
    for (unsigned i = 0; i < faults->count; i++) {
        uint8_t       buf[1024];
        struct writer w = WRITER_OF(buf);
        fault_format(s, &faults->fault[i], &w);
        say(h, "%.*s", (int)w.len, (const char *)buf);
    }
    if (faults->more) {
        say(h, "there are more reasons");
    }
}

static void category_say(struct hearer h, const struct scheme *s, unsigned i)
{
    const struct scheme_category *k = &s->category[i];
    const struct scheme_tag      *t = &s->tag[k->tag];
    const char                   *means = tag_is_restrictive(t->type) ? "a reader must hold it"
                                          : tag_is_permissive(t->type) ? "a reader must hold one at least of this tag"
                                                                       : "it says something and decides nothing";
    say(h, "Category %.*s of %.*s is %s: %s.%s", (int)k->name.len, (const char *)k->name.ptr,
        (int)s->set[t->set].name.len, (const char *)s->set[t->set].name.ptr, tag_type_name(t->type),
        means, k->obsolete ? " It is obsolete." : "");
}

static void record_say(struct hearer h, const struct label_record *r, const char *language)
{
    uint8_t                    buf[4096];
    struct writer              w = WRITER_OF(buf);
    struct label_faults        faults;
    const struct label        *l = &r->label;
    const struct scheme       *s = l->scheme;
    const struct scheme_class *k = &s->class[l->class];
    unsigned                   above = 0;
    for (unsigned i = 0; i < s->class_count; i++) {
        above += s->class[i].hierarchy > k->hierarchy ? 1 : 0;
    }
    class_phrase(s, l->class, span_text(language), PLACE_ANY, &w);
    say(h, "Policy %.*s (%.*s) decides what it means.", (int)s->name.len, (const char *)s->name.ptr,
        (int)s->id.len, (const char *)s->id.ptr);
    say(h, "Classification %.*s, shown as %.*s: %u of the policy's %u protect more.",
        (int)k->name.len, (const char *)k->name.ptr, (int)w.len, (const char *)w.ptr, above,
        s->class_count);
    for (unsigned i = category_next(&l->categories, 0); i < CATEGORIES_MAX;
         i = category_next(&l->categories, i + 1)) {
        category_say(h, s, i);
    }
    say(h, "%s",
        r->kind == LABEL_ORIGINATOR    ? "It is the originator's own label."
        : r->kind == LABEL_ALTERNATIVE ? "Somebody else added it for his own policy."
                                       : "It is of the metadata itself.");
    say(h, "%s", label_valid(l, &faults) ? "It is valid under its policy." : "It is not valid.");
    faults_say(s, &faults, h);
}

static void names_say(struct hearer h, const char *begins, const struct names *names, set64 of,
                      const char *none)
{
    uint8_t       buf[4096];
    struct writer w = WRITER_OF(buf);
    names_format(names, of, &w);
    say(h, "%s %.*s.", begins, of == 0 ? (int)strlen(none) : (int)w.len,
        of == 0 ? none : (const char *)w.ptr);
}

static void marking_say(struct hearer h, const struct ground *g, const struct marking *m,
                        const char *language)
{
    const struct policies     *all = &g->policies;
    const struct policy       *p = &all->policy[m->level.policy];
    const struct policy_level *l = &p->level[m->level.rank];
    say(h, "Level %s of the policy of %s, shown as %s.", l->name.text, p->name.text,
        l->title[title_of(language)]);
    names_say(h, "It was given by", &all->parties, m->originators, "nobody");
    names_say(h, "It is about", &all->topics, m->topics, "nothing");
    names_say(h, "It was obtained from", &all->disciplines, m->disciplines, "nothing");
    names_say(h, "It may be kept by", &all->parties, m->release_to, "nobody but who gave it");
    names_say(h, "It may be shown to", &all->parties, m->disclose_to, "nobody but who gave it");
    for (unsigned i = set_next(m->caveats, 0); i < SET64_MAX; i = set_next(m->caveats, i + 1)) {
        say(h, "Caveat %s restricts it further.", p->caveat[i].name.text);
    }
}

static void places_say(struct hearer h, const struct groups *g, const char *begins,
                       const struct places *p)
{
    char list[1024] = "";
    for (unsigned i = codes_next(&p->codes, 0); i < CODES_MAX; i = codes_next(&p->codes, i + 1)) {
        size_t len = strlen(list);
        (void)snprintf(list + len, sizeof list - len, "%s%s", len > 0 ? ", " : "", g->code[i].text);
    }
    if (!places_empty(p)) {
        say(h, "%s %s%s%s.", begins, list, p->nato.len > 0 ? " " : "", p->nato.text);
    }
}

static void terms_say(struct hearer h, const char *what, const struct ism_term *terms,
                      unsigned count, uint32_t set)
{
    for (unsigned i = 0; i < count; i++) {
        if ((set >> i & 1) != 0) {
            say(h, "%s %s%s%s.", what, terms[i].token, terms[i].title != NULL ? ": " : "",
                terms[i].title != NULL ? terms[i].title : "");
        }
    }
}

static void line_say(struct hearer h, const struct ground *g, const struct ism *m)
{
    static const char *const systems[] = {
        "the USA", "a nation other than the USA, or nobody who may be named",
        "the USA together with others", "NATO or one of its parts"};
    const struct ism_term *term = &ism_levels[m->level];
    say(h, "Classification %s%s%s, by %s.", term->token, term->title != NULL ? ": " : "",
        term->title != NULL ? term->title : "", systems[m->system]);
    places_say(h, &g->groups, "Classified by", &m->owners);
    if (m->sci.len > 0) {
        say(h, "Sensitive compartmented information: %s.", m->sci.text);
    }
    if (m->sap.len > 0) {
        say(h, "Special access programs: %s.", m->sap.text);
    }
    terms_say(h, "Atomic energy", ism_aeas, ISM_AEA_COUNT, m->aea);
    places_say(h, &g->groups, "Foreign government information of", &m->fgi);
    if (ism_flag_is(m, ISM_PROTECTED)) {
        say(h, "Foreign government information whose source may not be named.");
    }
    terms_say(h, "Dissemination control", ism_dissems, ISM_DISSEM_COUNT, m->dissem);
    places_say(h, &g->groups, "It may be released to", &m->release);
    places_say(h, &g->groups, "It may be shown, not given, to", &m->display);
    terms_say(h, "Marking of others than the intelligence community", ism_nonics, ISM_NONIC_COUNT,
              m->nonic);
    terms_say(h, "NATO control", ism_nonuses, ISM_NONUS_COUNT, m->nonus);
}

void value_explain(const struct ground *g, const struct value *v, const char *language,
                   struct hearer h)
{
    say(h, "It was read as %s%s.", v->form.title, v->guessed ? ", which it looks like" : "");
    switch (v->form.family) {
    case FAMILY_LABEL:
        record_say(h, &v->record, language);
        return;
    case FAMILY_REGISTER:
        line_say(h, g, &v->ism);
        return;
    case FAMILY_MARKING:
        break;
    }
    marking_say(h, g, &v->marking, language);
}

static bool line_valid(const struct ground *g, const struct ism *m, struct hearer h)
{
    const char            *word = "";
    const struct ism_rule *broken = ism_rules_line(&g->groups, m, ISM_BANNER, &word);
    if (broken != NULL) {
        say(h, "%s%s%s (%s %s)", broken->why, word[0] != 0 ? ": " : "", word, broken->name,
            broken->from);
    }
    return broken == NULL;
}

bool value_valid(const struct ground *g, const struct value *v, struct hearer h)
{
    struct label_faults faults;
    if (v->form.family == FAMILY_REGISTER) {
        return line_valid(g, &v->ism, h);
    }
    if (v->form.family == FAMILY_MARKING) {
        err e = marking_valid(&g->policies, &v->marking);
        if (err_is(e)) {
            say(h, "%s", e.why);
        }
        return !err_is(e);
    }
    bool valid = label_valid(&v->record.label, &faults);
    faults_say(v->record.label.scheme, &faults, h);
    return valid;
}

void value_display(const struct ground *g, const struct value *v, const char *language,
                   struct writer *w)
{
    struct writer line = *w;
    switch (v->form.family) {
    case FAMILY_LABEL:
        label_phrase(&v->record.label, span_text(language), PLACE_ANY, w);
        return;
    case FAMILY_REGISTER:
        ism_banner_show(&g->groups, &v->ism, w);
        return;
    case FAMILY_MARKING:
        break;
    }
    if (!err_is(banner_write(&g->policies, &v->marking, &line))) {
        *w = line;
    }
}
