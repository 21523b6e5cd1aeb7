/* SPDX-License-Identifier: Apache-2.0 */
#include "form/ess.h"
#include "value/given.h"

/* Octets of DER may be given as they are, or in hexadecimal digits: those begin with '3' as no DER
 * of a label does. */
static err octets_of(span in, uint8_t buf[static ESS_MAX], span *out)
{
    span text = span_trim(in);
    *out = in;
    if (text.len == 0 || text.ptr[0] != '3' || text.len / 2 > ESS_MAX || text.len % 2 != 0) {
        return OK;
    }
    for (size_t i = 0; i < text.len; i += 2) {
        uint8_t pair[2];
        for (size_t k = 0; k < 2; k++) {
            uint8_t b = text.ptr[i + k];
            pair[k] = b >= 'A' && b <= 'F' ? (uint8_t)(b - 'A' + 'a') : b;
        }
        TRY(text_hex(SPAN_OF(pair), buf + i / 2, 1));
    }
    *out = (span){buf, text.len / 2};
    return OK;
}

static err label_parse(struct form_reader *r, span in, struct value *out, struct value_problem *p)
{
    uint8_t buf[ESS_MAX];
    span    bytes = in;
    if (strcmp(out->form.name, "ess") == 0) {
        TRY(octets_of(in, buf, &bytes));
    }
    err e = form_read(out->form.label, r, bytes, &out->record);
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

static err names_given(const char *field, const char *text, const struct names *names, set64 *out,
                       struct value_problem *p)
{
    if (text == NULL) {
        problem_given(p, field, NULL);
        return FAIL(UNKNOWN, "a marking has it and a line does not, so it has to be given");
    }
    err e = names_read(names, span_text(text), out);
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

err value_parse(const struct ground *g, struct form_reader *r, const struct value_given *given,
                const char *from, span in, struct value *out, struct value_problem *p)
{
    memset(out, 0, sizeof *out);
    out->guessed = from == NULL;
    from = from == NULL ? value_guess(g, in) : from;
    if (from == NULL) {
        problem_text(p, span_trim(in));
        return FAIL(UNKNOWN, "it looks like no form that is known; name the form");
    }
    if (!value_form_named(span_text(from), &out->form)) {
        problem_text(p, span_text(from));
        return FAIL(UNKNOWN, "there is no such form");
    }
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

err value_put(const struct ground *g, const struct value_form *to, const struct value *v,
              struct writer *w, struct value_problem *p)
{
    if (to->family == FAMILY_LABEL) {
        struct form_problem said = {0};
        err                 e = form_write(to->label, &v->record, w, &said);
        return err_is(e) ? problem_of_label(p, e, &said) : OK;
    }
    if (to->family == FAMILY_REGISTER) {
        struct ismform_problem said = {0};
        err                    e = ismform_write(to->line, &g->groups, &v->ism, w, &said);
        return err_is(e) ? problem_of_register(p, e, &said.fault, said.line, said.at) : OK;
    }
    if (strcmp(to->name, "national") == 0) {
        return banner_write(&g->policies, &v->marking, w);
    }
    marking_format(&g->policies, &v->marking, w);
    return w->bad ? FAIL(LIMIT, "there is no room for what is to be written") : OK;
}
