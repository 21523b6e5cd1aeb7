/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "library/inside.h"
#include "value/words.h"

err handle_of(const accord_context *c, const struct value *v, accord_marking **out)
{
    accord_marking *m = malloc(sizeof *m);
    if (m == NULL) {
        return FAIL(FULL, "there is no memory");
    }
    m->ground = c->ground;
    m->number = number_next();
    m->deviations = 0;
    m->value = *v;
    *out = m;
    return OK;
}

static err bytes_read(accord_context *c, const char *form, span in, accord_marking **out,
                      struct value_problem *p)
{
    struct value v;
    if (in.len > VALUE_MAX) {
        return FAIL(LIMIT, "the value is longer than 4 MiB");
    }
    TRY(value_parse(c->ground, &c->form, &c->given, form, in, &v, p));
    TRY(handle_of(c, &v, out));
    (*out)->deviations = v.form.family == FAMILY_LABEL ? c->form.deviations : 0;
    return OK;
}

enum accord_code accord_marking_read(accord_context *c, const char *form, const void *bytes,
                                     size_t len, accord_marking **out, accord_error *e)
{
    struct value_problem p = {0};
    err                  why = bytes_read(c, form, (span){bytes, len}, out, &p);
    return error_set(e, why, &p);
}

void accord_marking_free(accord_marking *m)
{
    free(m);
}

const char *accord_marking_form(const accord_marking *m)
{
    return m->value.form.name;
}

int accord_marking_guessed(const accord_marking *m)
{
    return m->value.guessed ? 1 : 0;
}

const char *accord_marking_deviation(const accord_marking *m, unsigned i)
{
    for (unsigned d = 0; d < DEVIATION_COUNT; d++) {
        if ((m->deviations >> d & 1) != 0 && i-- == 0) {
            return deviation_sentence((enum form_deviation)(1u << d));
        }
    }
    return NULL;
}

static err converted(const accord_context *c, const accord_marking *m, const char *form,
                     struct value *out, struct value_problem *p)
{
    struct value_form to;
    if (m->ground != c->ground) {
        return FAIL(MALFORMED, "the marking and the context are of two sets of policies");
    }
    if (!value_form_named(span_text(form), &to)) {
        problem_text(p, span_text(form));
        return FAIL(UNKNOWN, "there is no such form");
    }
    return value_convert(c->ground, &c->given, &to, &m->value, out, p);
}

static err written(const accord_context *c, const accord_marking *m, const char *form, char *text,
                   size_t max, size_t *len, struct value_problem *p)
{
    struct value  v;
    struct writer w = text_begin(text, max);
    TRY(converted(c, m, form, &v, p));
    err e = value_put(c->ground, &v.form, &v, &w, p);
    if (err_is(e)) {
        (void)text_begin(text, max);
        return e;
    }
    return text_end(&w, max, len);
}

enum accord_code accord_marking_write(accord_context *c, const accord_marking *m, const char *form,
                                      char *text, size_t max, size_t *len, accord_error *e)
{
    struct value_problem p = {0};
    err                  why = written(c, m, form, text, max, len, &p);
    return error_set(e, why, &p);
}

enum accord_code accord_marking_convert(accord_context *c, const accord_marking *m,
                                        const char *form, accord_marking **out, accord_error *e)
{
    struct value_problem p = {0};
    struct value         v;
    err                  why = converted(c, m, form, &v, &p);
    why = err_is(why) ? why : handle_of(c, &v, out);
    return error_set(e, why, &p);
}

int accord_marking_valid(const accord_marking *m, accord_hear hear, void *to)
{
    return value_valid(m->ground, &m->value, (struct hearer){hear, to}) ? 1 : 0;
}

void accord_marking_explain(const accord_marking *m, const char *language, accord_hear hear,
                            void *to)
{
    value_explain(m->ground, &m->value, language, (struct hearer){hear, to});
}

enum accord_code accord_marking_display(const accord_marking *m, const char *language, char *text,
                                        size_t max, accord_error *e)
{
    struct writer w = text_begin(text, max);
    value_display(m->ground, &m->value, language, &w);
    if (w.len == 0 && !w.bad) {
        return error_set(e, FAIL(DENIED, "there is no line of a page for it"), NULL);
    }
    return error_set(e, text_end(&w, max, NULL), NULL);
}
