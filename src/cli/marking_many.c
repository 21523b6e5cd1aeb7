/* SPDX-License-Identifier: Apache-2.0 */
/* marking join, rollup, translate: many values as one, one in another policy. */
#include "cli/marking_options.h"
#include "cli/marking_tell.h"
#include "cli/marking_uses.h"
#include "cli/marking_verbs.h"
#include "cli/verbs.h"
#include "label/phrase.h"
#include "value/join.h"

/* JOINED_MAX - values that are joined at once: as many as a line has arguments */
#define JOINED_MAX CALL_ARGS_MAX

/* ---- join, rollup ---- */

static err values_join(struct call *c, struct ground *g, const struct value *v, unsigned count,
                       struct value *out)
{
    const struct value        *each[VALUES_MAX];
    struct value_problem       p = {0};
    struct label_hold          hold = {0};
    enum label_outcome         outcome;
    static struct option_value rule;
    TRY(option_take(c, g, "rule", &rule));
    call_set_text(c, "rule", span_text(rule_name(rule.rule)));
    for (unsigned i = 0; i < count; i++) {
        each[i] = &v[i];
    }
    TRY(blame(c, value_join(g, rule.rule, each, count, out, &outcome, &hold, &p), &p));
    return outcome == LABEL_HOLD ? hold_tell(c, &hold) : OK;
}

static err joined_answer(struct call *c, struct ground *g, const char *to_name,
                         const struct value *v)
{
    static struct value out;
    struct value_form   to;
    TRY(value_form_find(c, to_name, &to));
    TRY(value_to(c, g, &to, v, &out));
    TRY(value_answer(c, g, &to, &out));
    call_set_text(c, "outcome", SPAN_LIT("ok"));
    return OK;
}

static err join_with(struct call *c, struct ground *g, const char *from, const char *to)
{
    static struct value v[JOINED_MAX], out;
    unsigned            count = c->arg_count > 0 ? c->arg_count : 1, uses = 0;
    struct value_form   form;
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
        TRY(value_form_find(c, to != NULL ? to : v[i].form.name, &form));
        uses |= value_uses(&v[i], &form);
    }
    TRY(uses_check(c, uses));
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

/* ---- translate ---- */

err translate_uses_check(struct call *c, unsigned uses)
{
    unsigned written = call_has(c, "to") ? USE_CREATED | USE_OUT | USE_LOSS : 0u;
    return uses_check(c, uses | USE_LANGUAGE | written);
}

static err translate_one(struct call *c, struct ground *g)
{
    if (call_has(c, "agreement")) {
        return translate_agreed(c, g);
    }
    static struct value        v, other;
    static uint8_t             buf[8192];
    struct writer              w = WRITER_OF(buf);
    struct label_hold          hold = {0};
    enum label_outcome         outcome;
    static struct option_value policy, direction;
    TRY(option_need(c, g, "to-policy", &policy));
    TRY(option_need(c, g, "direction", &direction));
    TRY(value_of_call(c, g, 0, &v));
    TRY(translate_uses_check(c, value_uses(&v, NULL) | USE_CLEARANCE));
    call_about(c, "%s", v.form.name);
    TRY(value_alternative(&v, policy.scheme, direction.direction, &other, &outcome, &hold));
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

err do_marking_translate(struct call *c)
{
    return marking_run(c, translate_one);
}
