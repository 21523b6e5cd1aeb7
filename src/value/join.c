/* SPDX-License-Identifier: Apache-2.0 */
#include "value/join.h"

#include <stdio.h>
#include <stdlib.h>

#include "ism/rollup.h"
#include "value/words.h"

static void reason_kept(void *to, const char *line)
{
    char *first = to;
    if (first[0] == 0) {
        (void)snprintf(first, VALUE_ABOUT_MAX, "%.200s", line);
    }
}

static err labels_stand(const struct ground *g, const struct value *const *v, unsigned count,
                        struct value_problem *p)
{
    for (unsigned i = 0; i < count; i++) {
        char first[VALUE_ABOUT_MAX] = "";
        if (!value_valid(g, v[i], (struct hearer){reason_kept, first})) {
            problem_say(p, "value %u: %s", i + 1, first);
            return FAIL(MALFORMED, "a label that is to be joined is not valid under its policy");
        }
    }
    return OK;
}

static err labels_join(enum value_rule rule, const struct value *const *v, unsigned count,
                       struct value *out, enum label_outcome *outcome, struct label_hold *hold)
{
    struct label l = v[0]->record.label;
    if (rule == RULE_REGISTER) {
        return FAIL(MALFORMED, "the register's rule is for its own lines and attributes");
    }
    for (unsigned i = 1; i < count && *outcome == LABEL_OK; i++) {
        TRY(label_join(&l, &v[i]->record.label, rule == RULE_ADATP ? JOIN_ADATP : JOIN_CLOSED, &l,
                       outcome, hold));
    }
    out->record = label_record_of(l.scheme);
    out->record.label = l;
    return OK;
}

static bool is_line(const struct value *v)
{
    return strcmp(v->form.name, "banner") == 0 || strcmp(v->form.name, "portion") == 0;
}

/* What is made of lines is a line.  That RD and what NATO classified are exempt from a date is worked out of their
 * words: none of the lines said it, and the next reader works it out again. */
static void of_lines(const struct value *const *v, unsigned count, struct ism *m)
{
    bool lines = true;
    for (unsigned i = 0; i < count; i++) {
        lines = lines && is_line(v[i]);
    }
    if (lines) {
        ism_line_part(m, m);
    }
}

/* What the roll-up leaves to a person is held, as it is of labels */
static err lines_join(const struct ground *g, enum value_rule rule, const struct value *const *v,
                      unsigned count, struct value *out, enum label_outcome *outcome,
                      struct label_hold *hold)
{
    if (rule == RULE_ADATP) {
        return FAIL(MALFORMED, "the rule of ADatP-4774.1 is for labels of a policy");
    }
    struct ism *each = malloc(count * sizeof *each);
    if (each == NULL) {
        return FAIL(FULL, "there is no memory");
    }
    for (unsigned i = 0; i < count; i++) {
        each[i] = v[i]->ism;
    }
    err e = ism_rollup(&g->groups, rule == RULE_REGISTER ? ISM_REGISTER : ISM_CLOSED, each, count,
                       &out->ism);
    free(each);
    if (e.code == ERR_DENIED) {
        *outcome = LABEL_HOLD;
        *hold = (struct label_hold){.why = e.why};
        return OK;
    }
    if (!err_is(e)) {
        of_lines(v, count, &out->ism);
    }
    return e;
}

static err markings_join(const struct ground *g, enum value_rule rule, const struct value *const *v,
                         unsigned count, struct value *out)
{
    if (rule != RULE_CLOSED) {
        return FAIL(MALFORMED, "markings are joined by the closed rule");
    }
    for (unsigned i = 1; i < count; i++) {
        TRY(marking_join(&out->marking, &v[i]->marking, &out->marking));
    }
    return marking_valid(&g->policies, &out->marking);
}

err value_join(const struct ground *g, enum value_rule rule, const struct value *const *v,
               unsigned count, struct value *out, enum label_outcome *outcome,
               struct label_hold *hold, struct value_problem *p)
{
    *outcome = LABEL_OK;
    if (count == 0 || count > VALUES_MAX) {
        return FAIL(LIMIT, "1 to 64 values are joined at once");
    }
    for (unsigned i = 1; i < count; i++) {
        if (v[i]->form.family != v[0]->form.family) {
            problem_say(p, "%s and %s", v[0]->form.name, v[i]->form.name);
            return FAIL(MALFORMED, "what is joined must be of one kind: convert it first");
        }
    }
    if (v[0]->form.family == FAMILY_LABEL) {
        TRY(labels_stand(g, v, count, p));
    }
    *out = *v[0];
    return v[0]->form.family == FAMILY_LABEL ? labels_join(rule, v, count, out, outcome, hold)
           : v[0]->form.family == FAMILY_REGISTER
               ? lines_join(g, rule, v, count, out, outcome, hold)
               : markings_join(g, rule, v, count, out);
}

err value_alternative(const struct value *v, const struct scheme *to, enum applied direction,
                      struct value *out, enum label_outcome *outcome, struct label_hold *hold)
{
    struct label l;
    *outcome = LABEL_OK;
    if (v->form.family != FAMILY_LABEL) {
        return FAIL(MALFORMED, "labels are translated by what their policies state");
    }
    TRY(label_translate(&v->record.label, to, direction, &l, outcome, hold));
    *out = *v;
    out->record = label_record_of(to);
    out->record.label = l;
    out->record.kind = LABEL_ALTERNATIVE;
    return OK;
}
