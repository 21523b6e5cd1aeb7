/* SPDX-License-Identifier: Apache-2.0 */
/* marking join, rollup, dominates, translate: a value beside others. */
#include "cli/marking_tell.h"
#include "cli/marking_verbs.h"
#include "cli/verbs.h"
#include "label/phrase.h"
#include "value/join.h"
#include "value/person.h"

/* JOINED_MAX - values that are joined at once: as many as a line has arguments */
#define JOINED_MAX CALL_ARGS_MAX

/* ---- join, rollup ---- */

static err rule_of_call(struct call *c, enum value_rule *out)
{
    static const char *const words[] = {"closed", "adatp", "register"};
    const char              *word = call_option(c, "rule");
    *out = RULE_CLOSED;
    for (unsigned i = 0; word != NULL && i < ARRAY_LEN(words); i++) {
        if (strcmp(word, words[i]) == 0) {
            *out = (enum value_rule)i;
            word = NULL;
        }
    }
    if (word != NULL) {
        call_about(c, "--rule %s", word);
        return call_misuse(c, FAIL(UNKNOWN, "a rule is closed, adatp or register"));
    }
    call_set_text(c, "rule", span_text(words[*out]));
    return OK;
}

static err hold_tell(struct call *c, const struct label_hold *hold)
{
    call_set_text(c, "outcome", SPAN_LIT("hold"));
    call_about(c, "hold for a person%s%.*s", hold->value.len > 0 ? ": " : "",
               (int)(hold->value.len < 160 ? hold->value.len : 160),
               hold->value.len > 0 ? (const char *)hold->value.ptr : "");
    return (err){ERR_DENIED, hold->why};
}

static err values_join(struct call *c, struct ground *g, const struct value *v, unsigned count,
                       struct value *out)
{
    const struct value  *each[VALUES_MAX];
    struct value_problem p = {0};
    struct label_hold    hold = {0};
    enum label_outcome   outcome;
    enum value_rule      rule;
    TRY(rule_of_call(c, &rule));
    for (unsigned i = 0; i < count; i++) {
        each[i] = &v[i];
    }
    TRY(blame(c, value_join(g, rule, each, count, out, &outcome, &hold, &p), &p));
    return outcome == LABEL_HOLD ? hold_tell(c, &hold) : OK;
}

static err joined_answer(struct call *c, struct ground *g, const char *to_name,
                         const struct value *v)
{
    static struct value out;
    struct value_form   to;
    TRY(value_form_find(c, to_name, &to));
    TRY(value_to(c, g, &to, v, &out));
    call_set_text(c, "outcome", SPAN_LIT("ok"));
    return value_answer(c, g, &to, &out);
}

static err join_with(struct call *c, struct ground *g, const char *from, const char *to)
{
    static struct value v[JOINED_MAX], out;
    unsigned            count = c->arg_count > 0 ? c->arg_count : 1;
    for (unsigned i = 0; i < count; i++) {
        span in;
        TRY(input_read(c, i, &in));
        err e = value_read(c, g, from, in, &v[i]);
        if (err_is(e)) {
            char about[200];
            (void)snprintf(about, sizeof about, "%.199s", c->about);
            call_about(c, "value %u: %s", i + 1, about);
            return e;
        }
    }
    TRY(values_join(c, g, v, count, &out));
    return joined_answer(c, g, to != NULL ? to : out.form.name, &out);
}

static err join_one(struct call *c, struct ground *g)
{
    return join_with(c, g, call_option(c, "from"), call_option(c, "to"));
}

static err rollup_one(struct call *c, struct ground *g)
{
    const char *from = call_option(c, "from"), *to = call_option(c, "to");
    return join_with(c, g, from != NULL ? from : "portion", to != NULL ? to : "banner");
}

/* ---- dominates ---- */

static err answer_no(struct call *c, bool yes)
{
    call_set(c, "dominates", json_boolean(yes));
    call_tell(c, "%-16s %s", "dominates", yes ? "yes" : "no");
    return yes ? OK : FAIL(DENIED, "the clearance does not dominate the label");
}

static err clearance_of_call(struct call *c, struct ground *g, struct label_clearance *out)
{
    const char *text, *named = call_option(c, "clearance-form");
    struct call one = *c;
    span        in;
    TRY(call_need(c, "clearance", &text));
    one.arg[0] = text;
    one.arg_count = 1;
    err                e = input_read(&one, 0, &in);
    const struct form *f = err_is(e)       ? NULL
                           : named != NULL ? form_find(span_text(named))
                                           : form_guess(in);
    if (err_is(e) || f == NULL) {
        call_about(c, "--clearance %.100s", text);
        return err_is(e) ? e : FAIL(UNKNOWN, "it looks like no form of a clearance");
    }
    e = form_clearance_read(f, &g->reader, in, out);
    return err_is(e) ? blame_label(c, e, &g->reader.problem) : OK;
}

static err direction_of_call(struct call *c, enum applied *out)
{
    const char *word;
    TRY(call_need(c, "direction", &word));
    *out = strcmp(word, "encrypt") == 0 ? APPLIED_ENCRYPT : APPLIED_DECRYPT;
    if (*out == APPLIED_DECRYPT && strcmp(word, "decrypt") != 0) {
        call_about(c, "--direction %s", word);
        return call_misuse(c, FAIL(UNKNOWN, "a direction is encrypt or decrypt"));
    }
    return OK;
}

/* A clearance of another policy: the label is translated to it first, when the direction is given. */
static err label_for(struct call *c, const struct label *l, const struct scheme *to,
                     struct label *out)
{
    struct label_hold  hold = {0};
    enum label_outcome outcome;
    enum applied       direction;
    *out = *l;
    if (l->scheme == to || call_option(c, "direction") == NULL) {
        return OK;
    }
    TRY(direction_of_call(c, &direction));
    TRY(label_translate(l, to, direction, out, &outcome, &hold));
    return outcome == LABEL_HOLD ? hold_tell(c, &hold) : OK;
}

static err label_dominated(struct call *c, struct ground *g, const struct label *given)
{
    static uint8_t         buf[8192];
    struct writer          w = WRITER_OF(buf);
    struct label_clearance held;
    struct label_faults    faults;
    struct label           said, *l = &said;
    TRY(clearance_of_call(c, g, &held));
    TRY(label_for(c, given, held.scheme, &said));
    const char *language = language_of_call(c);
    clearance_phrase(&held, span_text(language), &w);
    tell_field(c, "clearance", writer_span(&w));
    w = WRITER_OF(buf);
    label_phrase(l, span_text(language), PLACE_ANY, &w);
    tell_field(c, "display", writer_span(&w));
    bool yes = label_access(l, &held, &faults);
    faults_tell(c, l->scheme, &faults);
    return answer_no(c, yes);
}

static err person_of_call(struct call *c, const struct ground *g, struct ism_person *out)
{
    struct person_given  given = {.employer = call_option(c, "employer"),
                                  .sci = call_option(c, "sci")};
    struct value_problem p = {0};
    TRY(call_need(c, "levels", &given.levels));
    TRY(call_need(c, "nationality", &given.nationality));
    return blame(c, person_read(&g->groups, &given, out, &p), &p);
}

static err line_dominated(struct call *c, const struct ground *g, const struct ism *m)
{
    static const char *const words[] = {"nothing", "disclose", "release"};
    struct ism_person        person;
    const char              *why = NULL;
    TRY(person_of_call(c, g, &person));
    enum ism_giving giving = ism_access(&g->groups, m, &person, &why);
    tell_field(c, "giving", span_text(words[giving]));
    call_set(c, "reasons", json_array());
    if (why != NULL) {
        call_append(c, "reasons", json_string(why));
        call_tell(c, "%-16s %s", "reason", why);
    }
    return answer_no(c, giving == ISM_RELEASE);
}

static err dominates_one(struct call *c, struct ground *g)
{
    static struct value v;
    TRY(value_of_call(c, g, 0, &v));
    if (v.form.family == FAMILY_LABEL) {
        return label_dominated(c, g, &v.record.label);
    }
    if (v.form.family == FAMILY_REGISTER) {
        return line_dominated(c, g, &v.ism);
    }
    return FAIL(UNKNOWN, "who may have a marking is decided under an agreement: accord explain");
}

/* ---- translate ---- */

static err policy_of_call(struct call *c, const struct ground *g, const struct scheme **out)
{
    const char *wanted;
    TRY(call_need(c, "to-policy", &wanted));
    *out = ground_scheme(g, span_text(wanted));
    if (*out == NULL) {
        call_about(c, "--to-policy %s", wanted);
        return FAIL(UNKNOWN, "there is no policy of this name or identifier");
    }
    return OK;
}

static err translate_one(struct call *c, struct ground *g)
{
    static struct value  v, other;
    static uint8_t       buf[8192];
    struct writer        w = WRITER_OF(buf);
    const struct scheme *to = NULL;
    struct label_hold    hold = {0};
    enum label_outcome   outcome;
    enum applied         direction;
    TRY(policy_of_call(c, g, &to));
    TRY(direction_of_call(c, &direction));
    TRY(value_of_call(c, g, 0, &v));
    call_about(c, "%s", v.form.name);
    TRY(value_alternative(&v, to, direction, &other, &outcome, &hold));
    c->about[0] = 0;
    if (outcome == LABEL_HOLD) {
        return hold_tell(c, &hold);
    }
    label_phrase(&other.record.label, span_text(language_of_call(c)), PLACE_ANY, &w);
    call_set_text(c, "display", writer_span(&w));
    if (call_option(c, "to") == NULL) {
        call_set_text(c, "outcome", SPAN_LIT("ok"));
        call_tell(c, "%.*s", (int)w.len, (const char *)w.ptr);
        return OK;
    }
    return joined_answer(c, g, call_option(c, "to"), &other);
}

err do_marking_join(struct call *c)
{
    return marking_run(c, join_one);
}

err do_marking_rollup(struct call *c)
{
    return marking_run(c, rollup_one);
}

err do_marking_dominates(struct call *c)
{
    return marking_run(c, dominates_one);
}

err do_marking_translate(struct call *c)
{
    return marking_run(c, translate_one);
}
