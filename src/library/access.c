/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "library/inside.h"
#include "value/words.h"

static err reader_new(const accord_context *c, const struct accord_reader *filled,
                      accord_reader **out)
{
    accord_reader *r = malloc(sizeof *r);
    if (r == NULL) {
        return FAIL(FULL, "there is no memory");
    }
    *r = *filled;
    r->ground = c->ground;
    r->number = number_next();
    *out = r;
    return OK;
}

static err clearance_read(accord_context *c, const char *form, span in, accord_reader **out,
                          struct value_problem *p)
{
    struct accord_reader filled = {.is_person = false};
    const struct form   *f = form == NULL ? form_guess(in) : form_find(span_text(form));
    if (f == NULL) {
        problem_text(p, form == NULL ? in : span_text(form));
        return FAIL(UNKNOWN, "it looks like no form of a clearance");
    }
    err e = form_clearance_read(f, &c->form, in, &filled.clearance);
    if (err_is(e)) {
        return problem_of_label(p, e, &c->form.problem);
    }
    return reader_new(c, &filled, out);
}

enum accord_code accord_reader_of_clearance(accord_context *c, const char *form, const void *bytes,
                                            size_t len, accord_reader **out, accord_error *e)
{
    struct value_problem p = {0};
    err                  why = clearance_read(c, form, (span){bytes, len}, out, &p);
    return error_set(e, why, &p);
}

static err person_told(const accord_context *c, const char *const *told, size_t count,
                       accord_reader **out, struct value_problem *p)
{
    static const enum person_field fields[] = {[ACCORD_PERSON_LEVELS] = PERSON_LEVELS,
                                               [ACCORD_PERSON_NATIONALITY] = PERSON_NATIONALITY,
                                               [ACCORD_PERSON_EMPLOYER] = PERSON_EMPLOYER,
                                               [ACCORD_PERSON_SCI] = PERSON_SCI,
                                               [ACCORD_PERSON_SAP] = PERSON_SAP,
                                               [ACCORD_PERSON_ACCM] = PERSON_ACCM,
                                               [ACCORD_PERSON_AEA] = PERSON_AEA,
                                               [ACCORD_PERSON_NATO] = PERSON_NATO,
                                               [ACCORD_PERSON_CONTROLS] = PERSON_CONTROLS};
    struct person_given            given = {0};
    struct accord_reader           filled = {.is_person = true};
    if (count > ARRAY_LEN(fields)) {
        return FAIL(UNKNOWN, "more is told of a reader than is known here");
    }
    for (size_t i = 0; i < count; i++) {
        given.text[fields[i]] = told[i];
    }
    TRY(person_read(&c->ground->groups, &given, &filled.person, p));
    return reader_new(c, &filled, out);
}

enum accord_code accord_reader_of_person(accord_context *c, const char *const *told, size_t count,
                                         accord_reader **out, accord_error *e)
{
    struct value_problem p = {0};
    err                  why = person_told(c, told, count, out, &p);
    return error_set(e, why, &p);
}

void accord_reader_free(accord_reader *r)
{
    free(r);
}

static bool of_one_family(const accord_marking *m, const accord_reader *r)
{
    return m->ground == r->ground &&
           m->value.form.family == (r->is_person ? FAMILY_REGISTER : FAMILY_LABEL);
}

static enum accord_giving giving_of(enum ism_giving giving)
{
    return giving == ISM_RELEASE    ? ACCORD_RELEASE
           : giving == ISM_DISCLOSE ? ACCORD_DISCLOSE
                                    : ACCORD_NOTHING;
}

/* The rules of the register are many: what was decided once about a pair is looked up by its two numbers. */
static enum accord_giving line_access(accord_context *c, const accord_marking *m,
                                      const accord_reader *r)
{
    struct decided *d = &c->decided[(m->number * 31 + r->number) % DECIDED_MAX];
    if (d->marking != m->number || d->reader != r->number) {
        const char *why = NULL;
        d->giving =
            (uint8_t)giving_of(ism_access(&m->ground->groups, &m->value.ism, &r->person, &why));
        d->marking = m->number;
        d->reader = r->number;
    }
    return (enum accord_giving)d->giving;
}

static bool label_allows(const accord_marking *m, const accord_reader *r,
                         struct label_faults *faults)
{
    return label_access_dated(&m->value.record.label, &r->clearance, &m->ground->label_groups,
                              faults);
}

enum accord_giving accord_access(accord_context *c, const accord_marking *m, const accord_reader *r)
{
    struct label_faults faults;
    if (!of_one_family(m, r)) {
        return ACCORD_NOTHING;
    }
    if (r->is_person) {
        return line_access(c, m, r);
    }
    return label_allows(m, r, &faults) ? ACCORD_RELEASE : ACCORD_NOTHING;
}

enum accord_giving accord_access_reasons(const accord_marking *m, const accord_reader *r,
                                         accord_hear hear, void *to)
{
    struct label_faults faults;
    const char         *why = NULL;
    enum accord_giving  giving = ACCORD_NOTHING;
    if (!of_one_family(m, r)) {
        why = m->value.form.family == FAMILY_MARKING
                  ? "who may have a marking is decided under an agreement"
                  : "what is known of the reader does not decide about this kind of marking";
    } else if (r->is_person) {
        giving = giving_of(ism_access(&m->ground->groups, &m->value.ism, &r->person, &why));
    } else {
        giving = label_allows(m, r, &faults) ? ACCORD_RELEASE : ACCORD_NOTHING;
        faults_say(m->value.record.label.scheme, &faults, (struct hearer){hear, to});
    }
    if (why != NULL && hear != NULL) {
        hear(to, why);
    }
    return giving;
}
