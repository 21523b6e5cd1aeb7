/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/marking_options.h"

#include "base/instant.h"
#include "value/given.h"
#include "value/person.h"

/* ---- lists ---- */

static err topics_read(const struct ground *g, span text, struct option_value *out)
{
    set64 unused = 0;
    (void)out;
    return given_names(&g->policies.topics, text, &unused);
}

static err disciplines_read(const struct ground *g, span text, struct option_value *out)
{
    set64 unused = 0;
    (void)out;
    return given_names(&g->policies.disciplines, text, &unused);
}

static err parties_read(const struct ground *g, span text, struct option_value *out)
{
    set64 unused = 0;
    (void)out;
    return given_names(&g->policies.parties, text, &unused);
}

/* ---- what may be left out ---- */

static bool is_part(span word)
{
    for (unsigned i = 0; i < LEAVE_COUNT; i++) {
        if (span_is(word, value_part_name[i])) {
            return true;
        }
    }
    return false;
}

static err parts_read(const struct ground *g, span text, struct option_value *out)
{
    (void)g;
    (void)out;
    do {
        if (!is_part(span_cut(&text, ','))) {
            return FAIL(UNKNOWN, "what may be left out is kind, originator, id, created, review, "
                                 "topics, disciplines or authority");
        }
    } while (text.len > 0);
    return OK;
}

/* ---- forms, policies, words ---- */

static err from_read(const struct ground *g, span text, struct option_value *out)
{
    (void)g;
    return value_form_named(text, &out->form)
               ? OK
               : FAIL(UNKNOWN, "there is no such form: accord marking forms lists them");
}

static err to_read(const struct ground *g, span text, struct option_value *out)
{
    TRY(from_read(g, text, out));
    bool written = out->form.label == NULL || out->form.label->write != NULL;
    return written ? OK : FAIL(UNKNOWN, "this form is read and not written");
}

static err clearance_form_read(const struct ground *g, span text, struct option_value *out)
{
    (void)g;
    out->clearance = form_find(text);
    return out->clearance != NULL && out->clearance->clearance_read != NULL
               ? OK
               : FAIL(UNKNOWN, "a form of clearances is stanag4774, ess or spiffy");
}

static err policy_name_read(const struct ground *g, span text, struct option_value *out)
{
    out->scheme = ground_scheme(g, text);
    return out->scheme != NULL ? OK
                               : FAIL(UNKNOWN, "there is no policy of this name or identifier");
}

static const char *const rules[] = {"closed", "adatp", "register"};

static err rule_read(const struct ground *g, span text, struct option_value *out)
{
    (void)g;
    for (unsigned i = 0; i < ARRAY_LEN(rules); i++) {
        if (span_is(text, rules[i])) {
            out->rule = (enum value_rule)i;
            return OK;
        }
    }
    return FAIL(UNKNOWN, "a rule is closed, adatp or register");
}

const char *rule_name(enum value_rule rule)
{
    return rules[rule];
}

static err direction_read(const struct ground *g, span text, struct option_value *out)
{
    (void)g;
    out->direction = span_is(text, "encrypt") ? APPLIED_ENCRYPT : APPLIED_DECRYPT;
    return out->direction == APPLIED_ENCRYPT || span_is(text, "decrypt")
               ? OK
               : FAIL(UNKNOWN, "a direction is encrypt or decrypt");
}

static err time_read(const struct ground *g, span text, struct option_value *out)
{
    instant at;
    (void)g;
    (void)out;
    return err_is(text_instant(text, &at))
               ? FAIL(MALFORMED, "a time is written 2026-11-22T00:00:00Z")
               : OK;
}

/* ---- languages: ours, and those in which a policy has something to show ---- */

static bool language_same(span a, span b)
{
    span x = span_cut(&a, '-'), y = span_cut(&b, '-');
    return span_equal(x, y);
}

static bool marking_speaks(const struct scheme_marking *m, span language)
{
    for (unsigned i = 0; i < m->phrase_count; i++) {
        if (language_same(m->phrase[i].language, language)) {
            return true;
        }
    }
    return false;
}

static bool scheme_speaks(const struct scheme *s, span language)
{
    bool speaks = marking_speaks(&s->policy_marking, language);
    for (unsigned i = 0; i < s->class_count && !speaks; i++) {
        speaks = marking_speaks(&s->class[i].marking, language);
    }
    for (unsigned i = 0; i < s->category_count && !speaks; i++) {
        speaks = marking_speaks(&s->category[i].marking, language);
    }
    return speaks;
}

static err language_read(const struct ground *g, span text, struct option_value *out)
{
    static const char *const ours[] = {"en", "ko", "ja"};
    (void)out;
    for (size_t i = 0; i < ARRAY_LEN(ours); i++) {
        if (language_same(text, span_text(ours[i]))) {
            return OK;
        }
    }
    for (unsigned i = 0; i < g->catalog.count; i++) {
        if (scheme_speaks(g->catalog.entry[i].scheme, text)) {
            return OK;
        }
    }
    return FAIL(UNKNOWN, "a language is en, ko, ja, or one in which a policy shows something");
}

static err page_read(const struct ground *g, span text, struct option_value *out)
{
    struct ism       page;
    struct ism_fault fault = {0};
    (void)out;
    err e = ism_banner_read(&g->groups, text, &page, &fault);
    return err_is(e) && fault.why != NULL ? (err){e.code, fault.why} : e;
}

/* ---- the table ---- */

static const struct {
    const char *option;
    err (*read)(const struct ground *g, span text, struct option_value *out);
} rows[] = {
    {"from", from_read},
    {"to", to_read},
    {"clearance-form", clearance_form_read},
    {"to-policy", policy_name_read},
    {"rule", rule_read},
    {"direction", direction_read},
    {"created", time_read},
    {"lang", language_read},
    {"leave-out", parts_read},
    {"topics", topics_read},
    {"disciplines", disciplines_read},
    {"of", parties_read},
    {"banner", page_read},
};

/* A row's, or what is told of a reader of the register */
static err value_judge(const struct ground *g, const char *option, span text,
                       struct option_value *out)
{
    struct ism_person unused = {0};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(rows[i].option, option) == 0) {
            return rows[i].read(g, text, out);
        }
    }
    for (unsigned i = 0; i < PERSON_FIELDS; i++) {
        if (strcmp(person_field_name[i], option) == 0) {
            return person_field_read(&g->groups, i, text, &unused);
        }
    }
    return OK;
}

static err text_take(struct call *c, const struct ground *g, const char *option, const char *text,
                     struct option_value *out)
{
    memset(out, 0, sizeof *out);
    err e = value_judge(g, option, span_text(text), out);
    if (err_is(e)) {
        call_about(c, "--%s %.160s", option, text);
        return call_misuse(c, e);
    }
    return OK;
}

static bool repeats(const char *option)
{
    static const char *const those[] = {"policy", "leave-out", "with",        "data",   "trust",
                                        "label",  "metadata",  "alternative", "element"};
    for (size_t i = 0; i < ARRAY_LEN(those); i++) {
        if (strcmp(those[i], option) == 0) {
            return true;
        }
    }
    return false;
}

/* Of two values one would be passed over.  A line of a stream has its own in place of the stream's. */
static err once_check(struct call *c)
{
    for (unsigned i = c->given_before; i < c->given_count; i++) {
        const char *option = c->given[i].name;
        for (unsigned k = c->given_before; k < i && !repeats(option); k++) {
            if (strcmp(c->given[k].name, option) == 0) {
                call_about(c, "--%s %.160s", option,
                           c->given[i].value == NULL ? "" : c->given[i].value);
                return call_misuse(c, FAIL(CONFLICT, "an option is given twice"));
            }
        }
    }
    return OK;
}

err options_check(struct call *c, const struct ground *g)
{
    static struct option_value unused;
    TRY(once_check(c));
    for (unsigned i = 0; i < c->given_count; i++) {
        TRY(text_take(c, g, c->given[i].name, c->given[i].value, &unused));
    }
    return OK;
}

err option_take(struct call *c, const struct ground *g, const char *option,
                struct option_value *out)
{
    const char *text = call_option(c, option);
    memset(out, 0, sizeof *out);
    return text == NULL ? OK : text_take(c, g, option, text, out);
}

err option_need(struct call *c, const struct ground *g, const char *option,
                struct option_value *out)
{
    const char *text;
    TRY(call_need(c, option, &text));
    return text_take(c, g, option, text, out);
}
