/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "value/given.h"

static bool digit_of(uint8_t c, uint8_t *out)
{
    uint8_t low = c | 0x20;
    bool    decimal = c >= '0' && c <= '9';
    *out = (uint8_t)(decimal ? c - '0' : low - 'a' + 10);
    return decimal || (low >= 'a' && low <= 'f');
}

/* Octets may be given as they are, or in hexadecimal digits: no label in DER, set of ST 0102 or file of NITF is
 * made of those alone.  True when they are digits: out then has half as many. */
static bool octets_of(span text, uint8_t *out)
{
    for (size_t i = 0; i + 1 < text.len; i += 2) {
        uint8_t high, low;
        if (!digit_of(text.ptr[i], &high) || !digit_of(text.ptr[i + 1], &low)) {
            return false;
        }
        out[i / 2] = (uint8_t)(high << 4 | low);
    }
    return text.len > 0 && text.len % 2 == 0;
}

static err label_parse(struct form_reader *r, span in, struct value *out, struct value_problem *p)
{
    err e = form_read(out->form.label, r, in, &out->record);
    return err_is(e) ? problem_of_label(p, e, &r->problem) : OK;
}

static err portion_of_page(const struct ground *g, span in, const char *banner, struct value *out,
                           struct value_problem *p)
{
    struct ism       page;
    struct ism_fault fault = {0};
    err              e = ism_banner_read(&g->groups, span_text(banner), &page, &fault);
    if (err_is(e)) {
        p->given = "banner";
        return problem_of_register(p, e, &fault, 0, 0);
    }
    e = ism_portion_read(&g->groups, in, &page, &out->ism, &fault);
    return err_is(e) ? problem_of_register(p, e, &fault, 0, 0) : OK;
}

static err register_parse(const struct ground *g, const struct value_given *given, span in,
                          struct value *out, struct value_problem *p)
{
    struct ismform_problem said = {0};
    if (given->banner != NULL && strcmp(out->form.name, "portion") == 0) {
        return portion_of_page(g, in, given->banner, out, p);
    }
    err e = ismform_read(out->form.line, &g->groups, in, &out->ism, &said);
    return err_is(e) ? problem_of_register(p, e, &said.fault, said.line, said.at) : OK;
}

err given_names(const struct names *names, span list, set64 *out)
{
    set64 found = 0;
    do {
        span     word = span_trim(span_cut(&list, ','));
        unsigned n;
        if (word.len == 0) {
            return FAIL(MALFORMED, "a list is written a,b,c");
        }
        TRY(names_find(names, word, &n));
        found |= set_one(n);
    } while (list.len > 0);
    *out = found;
    return OK;
}

static err names_given(const char *field, const char *text, const struct names *names, set64 *out,
                       struct value_problem *p)
{
    if (text == NULL) {
        problem_given(p, field, NULL);
        return FAIL(UNKNOWN, "a marking has it and a line does not, so it has to be given");
    }
    err e = given_names(names, span_text(text), out);
    if (err_is(e)) {
        problem_given(p, field, text);
    }
    return e;
}

err given_lists(const struct ground *g, const struct value_given *given, struct banner_context *out,
                struct value_problem *p)
{
    TRY(names_given("topics", given->topics, &g->policies.topics, &out->topics, p));
    return names_given("disciplines", given->disciplines, &g->policies.disciplines,
                       &out->disciplines, p);
}

static err national_context(const struct ground *g, const struct value_given *given,
                            struct banner_context *out, struct value_problem *p)
{
    const struct policy *found =
        given->of == NULL ? NULL : policy_find(&g->policies, span_text(given->of));
    if (found == NULL) {
        problem_given(p, "of", given->of);
        return given->of == NULL ? FAIL(MALFORMED, "whose line it is has to be given")
                                 : FAIL(UNKNOWN, "there is no policy of this party");
    }
    out->policy = (uint8_t)(found - g->policies.policy);
    return given_lists(g, given, out, p);
}

static err marking_parse(const struct ground *g, const struct value_given *given, span in,
                         struct value *out, struct value_problem *p)
{
    struct banner_context context = {0};
    bool                  national = strcmp(out->form.name, "national") == 0;
    if (national) {
        TRY(national_context(g, given, &context, p));
    }
    err e = national ? banner_read(&g->policies, &context, span_trim(in), &out->marking)
                     : marking_read(&g->policies, span_trim(in), &out->marking);
    if (err_is(e)) {
        problem_text(p, span_trim(in));
    }
    return e;
}

static err family_parse(const struct ground *g, struct form_reader *r,
                        const struct value_given *given, span in, struct value *out,
                        struct value_problem *p)
{
    switch (out->form.family) {
    case FAMILY_LABEL:
        return label_parse(r, in, out, p);
    case FAMILY_REGISTER:
        return register_parse(
            g, given, out->form.line->binary || in.len > ISM_LINE_MAX ? in : span_trim(in), out, p);
    case FAMILY_MARKING:
        break;
    }
    return marking_parse(g, given, in, out, p);
}

static err binary_parse(const struct ground *g, struct form_reader *r,
                        const struct value_given *given, span in, struct value *out,
                        struct value_problem *p)
{
    span     text = span_trim(in);
    uint8_t *octets = malloc(text.len / 2 + 1);
    if (octets == NULL) {
        return FAIL(FULL, "there is no memory");
    }
    bool digits = octets_of(text, octets);
    err  e = family_parse(g, r, given, digits ? (span){octets, text.len / 2} : in, out, p);
    free(octets);
    return e;
}

/* What looks like no form is said to be what it is */
static err no_form(span text)
{
    static const struct {
        const char *starts, *why;
    } kinds[] = {
        {"<", "it is XML of no namespace that is known here; name the form"},
        {"{", "it is JSON without a member that is known here; name the form"},
    };
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (span_starts(text, span_text(kinds[i].starts))) {
            return (err){ERR_UNKNOWN, kinds[i].why};
        }
    }
    return FAIL(UNKNOWN, "it looks like no form that is known; name the form");
}

err value_parse(const struct ground *g, struct form_reader *r, const struct value_given *given,
                const char *from, span in, struct value *out, struct value_problem *p)
{
    memset(out, 0, sizeof *out);
    out->guessed = from == NULL;
    if (in.len > VALUE_MAX) {
        return FAIL(LIMIT, "the value is longer than 4 MiB");
    }
    if (span_trim(in).len == 0) {
        return FAIL(MALFORMED, "there is nothing to read");
    }
    if (span_starts(in, SPAN_LIT("\xff\xfe")) || span_starts(in, SPAN_LIT("\xfe\xff"))) {
        return FAIL(MALFORMED, "it is UTF-16, and only UTF-8 is read");
    }
    from = from == NULL ? value_guess(g, in) : from;
    if (from == NULL) {
        problem_text(p, span_trim(in));
        return no_form(span_trim(in));
    }
    if (!value_form_named(span_text(from), &out->form)) {
        problem_text(p, span_text(from));
        return FAIL(UNKNOWN, "there is no such form");
    }
    return value_form_binary(&out->form) ? binary_parse(g, r, given, in, out, p)
                                         : family_parse(g, r, given, in, out, p);
}

/* What the form cannot carry, and what lets it go */
static err label_put(const struct form *f, const struct label_record *r, struct writer *w,
                     struct value_problem *p)
{
    struct form_problem said = {0};
    unsigned            lost = record_losses(f, r);
    err                 e = form_write(f, r, w, &said);
    if (!err_is(e)) {
        return OK;
    }
    e = problem_of_label(p, e, &said);
    if (lost != 0) {
        given_lost(p, given_parts(lost));
    } else if (!r->has_created && (f->carries & PART_CREATED) != 0 && p->about[0] == 0) {
        problem_given(p, "created", "TIME says it");
    }
    return e;
}

/* Writes over what it tried first: `w` is as it was when that was refused */
static err register_put(const struct ground *g, const struct ismform *f, const struct ism *m,
                        struct writer *w, struct value_problem *p)
{
    struct ismform_problem said = {0}, unused = {0};
    struct ism             line;
    const struct writer    before = *w;
    err                    e = ismform_write(f, &g->groups, m, w, &said);
    if (!err_is(e)) {
        return OK;
    }
    e = problem_of_register(p, e, &said.fault, said.line, said.at);
    ism_line_part(m, &line);
    *w = before;
    if (!err_is(ismform_write(f, &g->groups, &line, w, &unused))) {
        char about[VALUE_ABOUT_MAX];
        memcpy(about, p->about, sizeof about);
        problem_say(p, "%.200s; --leave-out authority lets it go", about);
    }
    *w = before;
    return e;
}

err value_put(const struct ground *g, const struct value_form *to, const struct value *v,
              struct writer *w, struct value_problem *p)
{
    if (to->family == FAMILY_LABEL) {
        return label_put(to->label, &v->record, w, p);
    }
    if (to->family == FAMILY_REGISTER) {
        return register_put(g, to->line, &v->ism, w, p);
    }
    if (strcmp(to->name, "national") == 0) {
        return banner_write(&g->policies, &v->marking, w);
    }
    marking_format(&g->policies, &v->marking, w);
    return w->bad ? FAIL(LIMIT, "there is no room for what is to be written") : OK;
}
