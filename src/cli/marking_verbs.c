/* SPDX-License-Identifier: Apache-2.0 */
/* marking parse, format, convert, explain, forms: one value. */
#include "cli/marking_verbs.h"

#include "cli/marking_options.h"
#include "cli/marking_tell.h"
#include "cli/marking_uses.h"
#include "cli/verbs.h"
#include "label/hub.h"
#include "label/phrase.h"
#include "value/words.h"

static err parse_one(struct call *c, struct ground *g)
{
    static struct value v;
    TRY(value_of_call(c, g, 0, &v));
    TRY(uses_check(c, value_uses(&v, NULL) | USE_LANGUAGE));
    value_tell(c, g, &v, language_of_call(c));
    return OK;
}

static err explain_one(struct call *c, struct ground *g)
{
    static struct value v;
    TRY(value_of_call(c, g, 0, &v));
    TRY(uses_check(c, value_uses(&v, NULL) | USE_LANGUAGE));
    value_in_words(c, g, &v, language_of_call(c));
    return OK;
}

static err form_of_call(struct call *c, const struct ground *g, struct value_form *out)
{
    static struct option_value to;
    TRY(option_need(c, g, "to", &to));
    *out = to.form;
    return OK;
}

/* The label that says what a marking says: a table has titles of levels, a policy has all of them */
static err label_of_value(struct call *c, const struct ground *g, const struct value *v,
                          struct label *out)
{
    struct label_loss    loss = {0};
    const struct policy *p = &g->policies.policy[v->marking.level.policy];
    const struct scheme *s = ground_scheme(g, name_span(&p->name));
    if (s == NULL) {
        return FAIL(UNKNOWN, "there is no policy of this name");
    }
    err e = marking_label(&g->policies, &v->marking, s, out, &loss);
    if (err_is(e)) {
        call_about(c, "%.*s", (int)(loss.value.len < 160 ? loss.value.len : 160),
                   loss.value.len > 0 ? (const char *)loss.value.ptr : "");
        return (err){e.code, loss.why};
    }
    return OK;
}

static err show_one(struct call *c, struct ground *g)
{
    static struct value v;
    static uint8_t      buf[WRITTEN_MAX];
    struct writer       w = WRITER_OF(buf);
    struct label        l;
    const char         *language = language_of_call(c);
    TRY(value_of_call(c, g, 0, &v));
    TRY(uses_check(c, value_uses(&v, NULL) | USE_LANGUAGE | USE_OUT));
    if (v.form.family == FAMILY_MARKING) {
        TRY(label_of_value(c, g, &v, &l));
        label_phrase(&l, span_text(language), PLACE_ANY, &w);
    } else {
        value_display(g, &v, language, &w);
    }
    call_set_text(c, "language", span_text(language));
    TRY(call_write(c, writer_span(&w)));
    if (call_option(c, "out") == NULL) {
        call_tell(c, "%s", "");
    }
    return OK;
}

static err format_one(struct call *c, struct ground *g)
{
    static struct value in, out;
    struct value_form   to;
    span                text;
    if (call_option(c, "to") == NULL && call_option(c, "lang") != NULL) {
        return show_one(c, g);
    }
    TRY(form_of_call(c, g, &to));
    TRY(input_read(c, 0, &text));
    TRY(value_read(c, g, "marking", text, &in));
    TRY(uses_check(c, value_uses(&in, &to)));
    TRY(value_to(c, g, &to, &in, &out));
    return value_answer(c, g, &to, &out);
}

static err convert_one(struct call *c, struct ground *g)
{
    static struct value in, out;
    struct value_form   to;
    TRY(form_of_call(c, g, &to));
    TRY(value_of_call(c, g, 0, &in));
    call_set_text(c, "from", span_text(in.form.name));
    TRY(uses_check(c, value_uses(&in, &to)));
    TRY(value_to(c, g, &to, &in, &out));
    return value_answer(c, g, &to, &out);
}

err do_marking_parse(struct call *c)
{
    return marking_run(c, parse_one);
}

err do_marking_format(struct call *c)
{
    return marking_run(c, format_one);
}

err do_marking_convert(struct call *c)
{
    return marking_run(c, convert_one);
}

err do_marking_explain(struct call *c)
{
    return marking_run(c, explain_one);
}

err do_marking_forms(struct call *c)
{
    struct value_form f;
    for (unsigned i = 0; value_form_each(i, &f); i++) {
        call_append(c, "forms", json_pack("{s:s, s:s}", "form", f.name, "title", f.title));
        call_tell(c, "%-12s %s", f.name, f.title);
    }
    return OK;
}
