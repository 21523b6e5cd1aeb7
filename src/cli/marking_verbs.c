/* SPDX-License-Identifier: Apache-2.0 */
/* marking parse, format, convert, explain, forms: one value. */
#include "cli/marking_verbs.h"

#include "cli/marking_options.h"
#include "cli/marking_tell.h"
#include "cli/verbs.h"

static err parse_one(struct call *c, struct ground *g)
{
    static struct value v;
    TRY(value_of_call(c, g, 0, &v));
    value_tell(c, g, &v, language_of_call(c));
    return OK;
}

static err explain_one(struct call *c, struct ground *g)
{
    static struct value v;
    TRY(value_of_call(c, g, 0, &v));
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

static err format_one(struct call *c, struct ground *g)
{
    static struct value in, out;
    struct value_form   to;
    span                text;
    TRY(form_of_call(c, g, &to));
    TRY(input_read(c, 0, &text));
    TRY(value_read(c, g, "marking", text, &in));
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
