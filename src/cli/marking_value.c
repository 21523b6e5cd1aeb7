/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/marking_value.h"

err value_form_find(struct call *c, const char *wanted, struct value_form *out)
{
    if (value_form_named(span_text(wanted), out)) {
        return OK;
    }
    call_about(c, "%s; accord marking forms lists them", wanted);
    return call_misuse(c, FAIL(UNKNOWN, "there is no such form"));
}

err blame(struct call *c, err e, const struct value_problem *p)
{
    if (err_is(e) && p->given != NULL) {
        call_about(c, "--%s%s%s", p->given, p->about[0] != 0 ? " " : "", p->about);
    } else if (err_is(e) && p->about[0] != 0) {
        call_about(c, "%s", p->about);
    }
    return e;
}

err blame_label(struct call *c, err e, const struct form_problem *said)
{
    struct value_problem p = {0};
    e = problem_of_label(&p, e, said);
    return blame(c, e, &p);
}

bool value_leaves_out(const struct call *c, const char *part)
{
    const char *list;
    for (unsigned i = 0; (list = call_option_each(c, "leave-out", i)) != NULL; i++) {
        for (span rest = span_text(list); rest.len > 0;) {
            if (span_is(span_cut(&rest, ','), part)) {
                return true;
            }
        }
    }
    return false;
}

struct value_given given_of_call(const struct call *c)
{
    struct value_given given = {.topics = call_option(c, "topics"),
                                .disciplines = call_option(c, "disciplines"),
                                .of = call_option(c, "of"),
                                .banner = call_option(c, "banner"),
                                .created = call_option(c, "created")};
    for (unsigned i = 0; i < LEAVE_COUNT; i++) {
        given.leave_out |= value_leaves_out(c, value_part_name[i]) ? 1u << i : 0u;
    }
    return given;
}

err value_read(struct call *c, struct ground *g, const char *from, span in, struct value *out)
{
    struct value_given   given = given_of_call(c);
    struct value_problem p = {0};
    struct value_form    f;
    if (from != NULL) {
        TRY(value_form_find(c, from, &f));
        if (strcmp(from, "national") == 0) {
            TRY(call_need(c, "of", &given.of));
        }
    }
    return blame(c, value_parse(g, &g->reader, &given, from, in, out, &p), &p);
}

err value_to(struct call *c, struct ground *g, const struct value_form *to, const struct value *in,
             struct value *out)
{
    struct value_given   given = given_of_call(c);
    struct value_problem p = {0};
    return blame(c, value_convert(g, &given, to, in, out, &p), &p);
}

err value_write(struct call *c, struct ground *g, const struct value_form *to,
                const struct value *v, struct writer *w)
{
    struct value_problem p = {0};
    return blame(c, value_put(g, to, v, w, &p), &p);
}
