/* SPDX-License-Identifier: Apache-2.0 */
#include "library/inside.h"
#include "value/join.h"

/* joined - what came of it: a value, an err or a hold */
struct joined {
    struct value         value;
    enum label_outcome   outcome;
    struct label_hold    hold;
    struct value_problem problem;
};

static enum accord_code answer(const accord_context *c, err why, const struct joined *j,
                               accord_marking **out, accord_error *e)
{
    if (!err_is(why) && j->outcome == LABEL_HOLD) {
        return error_hold(e, &j->hold);
    }
    why = err_is(why) ? why : handle_of(c, &j->value, out);
    return error_set(e, why, &j->problem);
}

enum accord_code accord_join(accord_context *c, enum accord_rule rule,
                             const accord_marking *const *each, size_t count, accord_marking **out,
                             accord_error *e)
{
    static const enum value_rule rules[] = {RULE_CLOSED, RULE_ADATP, RULE_REGISTER};
    const struct value          *v[VALUES_MAX];
    struct joined                j = {0};
    if ((unsigned)rule >= ARRAY_LEN(rules) || count > VALUES_MAX) {
        return error_set(e,
                         count > VALUES_MAX ? FAIL(LIMIT, "1 to 64 values are joined at once")
                                            : FAIL(UNKNOWN, "there is no such rule"),
                         NULL);
    }
    for (size_t i = 0; i < count; i++) {
        if (each[i]->ground != c->ground) {
            return error_set(
                e, FAIL(MALFORMED, "the marking and the context are of two sets of policies"),
                NULL);
        }
        v[i] = &each[i]->value;
    }
    err why = value_join(c->ground, rules[rule], v, (unsigned)count, &j.value, &j.outcome, &j.hold,
                         &j.problem);
    return answer(c, why, &j, out, e);
}

enum accord_code accord_translate(accord_context *c, const accord_marking *m, const char *policy,
                                  enum accord_direction direction, accord_marking **out,
                                  accord_error *e)
{
    struct joined        j = {0};
    const struct scheme *to = ground_scheme(c->ground, span_text(policy));
    if (m->ground != c->ground) {
        return error_set(
            e, FAIL(MALFORMED, "the marking and the context are of two sets of policies"), NULL);
    }
    if (to == NULL || (direction != ACCORD_ENCRYPT && direction != ACCORD_DECRYPT)) {
        problem_text(&j.problem, to == NULL ? span_text(policy) : (span){0});
        return error_set(e,
                         to == NULL ? FAIL(UNKNOWN, "there is no policy of this name or identifier")
                                    : FAIL(UNKNOWN, "a direction is encrypt or decrypt"),
                         &j.problem);
    }
    err why = value_alternative(&m->value, to,
                                direction == ACCORD_ENCRYPT ? APPLIED_ENCRYPT : APPLIED_DECRYPT,
                                &j.value, &j.outcome, &j.hold);
    return answer(c, why, &j, out, e);
}
