/* SPDX-License-Identifier: Apache-2.0 */
/* marking dominates: may this reader have it? */
#include "cli/marking_options.h"
#include "cli/marking_tell.h"
#include "cli/marking_uses.h"
#include "cli/marking_verbs.h"
#include "cli/verbs.h"
#include "label/phrase.h"
#include "value/person.h"

static err answer_no(struct call *c, bool yes)
{
    call_set(c, "dominates", json_boolean(yes));
    call_tell(c, "%-16s %s", "dominates", yes ? "yes" : "no");
    return yes ? OK : FAIL(DENIED, "the clearance does not dominate the label");
}

static err clearance_of_call(struct call *c, struct ground *g, struct label_clearance *out)
{
    static struct option_value named;
    const char                *text;
    struct call                one = *c;
    span                       in;
    TRY(call_need(c, "clearance", &text));
    TRY(option_take(c, g, "clearance-form", &named));
    one.arg[0] = text;
    one.arg_count = 1;
    err                e = input_read(&one, 0, &in);
    const struct form *f = err_is(e)                 ? NULL
                           : named.clearance != NULL ? named.clearance
                                                     : form_guess(in);
    if (err_is(e) || f == NULL) {
        call_about(c, "--clearance %.100s", text);
        return err_is(e) ? e : FAIL(UNKNOWN, "it looks like no form of a clearance");
    }
    e = form_clearance_read(f, &g->reader, in, out);
    return err_is(e) ? blame_label(c, e, &g->reader.problem) : OK;
}

/* A clearance of another policy: the label is translated to it first, when the direction is given. */
static err label_for(struct call *c, const struct ground *g, const struct label *l,
                     const struct scheme *to, struct label *out)
{
    struct label_hold          hold = {0};
    enum label_outcome         outcome;
    static struct option_value direction;
    *out = *l;
    if (l->scheme == to || call_option(c, "direction") == NULL) {
        return OK;
    }
    TRY(option_need(c, g, "direction", &direction));
    TRY(label_translate(l, to, direction.direction, out, &outcome, &hold));
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
    TRY(label_for(c, g, given, held.scheme, &said));
    const char *language = language_of_call(c);
    clearance_phrase(&held, span_text(language), &w);
    tell_field(c, "clearance", writer_span(&w));
    w = WRITER_OF(buf);
    label_phrase(l, span_text(language), PLACE_ANY, &w);
    tell_field(c, "display", writer_span(&w));
    bool yes = label_access_dated(l, &held, &g->label_groups, &faults);
    faults_tell(c, l->scheme, &faults);
    return answer_no(c, yes);
}

static err person_of_call(struct call *c, const struct ground *g, struct ism_person *out)
{
    struct value_problem p = {0};
    struct person_given  given = {0};
    const char          *unused;
    for (unsigned i = 0; i < PERSON_FIELDS; i++) {
        given.text[i] = call_option(c, person_field_name[i]);
        if (i < PERSON_NEEDED) {
            TRY(call_need(c, person_field_name[i], &unused));
        }
    }
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
    unsigned uses = value_uses(&v, NULL) | USE_LANGUAGE;
    if (v.form.family == FAMILY_LABEL) {
        TRY(uses_check(c, uses | USE_CLEARANCE));
        return label_dominated(c, g, &v.record.label);
    }
    if (v.form.family == FAMILY_REGISTER) {
        TRY(uses_check(c, uses | USE_PERSON));
        return line_dominated(c, g, &v.ism);
    }
    return FAIL(UNKNOWN, "who may have a marking is decided under an agreement: accord explain");
}

err do_marking_dominates(struct call *c)
{
    return marking_run(c, dominates_one);
}
