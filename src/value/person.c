/* SPDX-License-Identifier: Apache-2.0 */
#include "value/person.h"

#include "ism/terms.h"

static err codes_given(const struct groups *g, const char *field, const char *text,
                       struct codes *out, struct value_problem *p)
{
    for (span rest = span_text(text == NULL ? "" : text); rest.len > 0;) {
        unsigned n = code_find(g, span_cut(&rest, ','));
        if (n >= CODES_MAX) {
            problem_given(p, field, text);
            return FAIL(UNKNOWN, "the register has no such code");
        }
        codes_add(out, n);
    }
    return OK;
}

static err levels_given(const char *text, uint8_t *out, struct value_problem *p)
{
    for (span rest = span_text(text); rest.len > 0;) {
        unsigned n = ism_term_token(ism_levels, ISM_LEVEL_COUNT, span_cut(&rest, ','));
        if (n == ISM_LEVEL_COUNT) {
            problem_given(p, "levels", text);
            return FAIL(UNKNOWN, "a level is U, R, C, S or TS");
        }
        *out |= (uint8_t)(1u << n);
    }
    return OK;
}

static err words_given(const char *field, const char *text, struct words *out,
                       struct value_problem *p)
{
    for (span rest = span_text(text == NULL ? "" : text); rest.len > 0;) {
        err e = words_add(out, span_cut(&rest, ','));
        if (err_is(e)) {
            problem_given(p, field, text);
            return e;
        }
    }
    return OK;
}

err person_read(const struct groups *g, const struct person_given *given, struct ism_person *out,
                struct value_problem *p)
{
    struct codes      employer = {0};
    struct ism_person person = {0};
    if (given->levels == NULL || given->nationality == NULL) {
        problem_given(p, given->levels == NULL ? "levels" : "nationality", NULL);
        return FAIL(MALFORMED, "of a reader, levels and nationality are given");
    }
    TRY(levels_given(given->levels, &person.levels, p));
    TRY(codes_given(g, "nationality", given->nationality, &person.nations, p));
    TRY(codes_given(g, "employer", given->employer, &employer, p));
    TRY(words_given("sci", given->sci, &person.sci, p));
    person.employer = codes_next(&employer, 0);
    if (person.employer < CODES_MAX && codes_next(&employer, person.employer + 1) < CODES_MAX) {
        problem_given(p, "employer", given->employer);
        return FAIL(MALFORMED, "a reader works for one employer");
    }
    person.agency = person.employer == g->usa;
    *out = person;
    return OK;
}
