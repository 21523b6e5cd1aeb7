/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>

#include "ism/authority.h"
#include "ism/rules.h"
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
