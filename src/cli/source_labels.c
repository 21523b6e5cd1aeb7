/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/source_labels.h"

#include "base/lines.h"
#include "cli/marking_args.h"
#include "cli/marking_ground.h"
#include "cli/marking_value.h"
#include "ismform/cot.h"
#include "marking/names.h"

#define NAMES_TEXT_MAX 4096

static span said_of(const struct call *c, const char *option)
{
    const char *text = call_option(c, option);
    return span_text(text == NULL ? "" : text);
}

/* The three as one marking; topics and disciplines, which no event says, are the source's. */
static err said_marking(struct call *c, const struct ground *g, const struct marking *source,
                        struct marking *out)
{
    static struct value    in, made;
    char                   topics[NAMES_TEXT_MAX] = "", disciplines[NAMES_TEXT_MAX] = "";
    struct writer          t = writer_of((uint8_t *)topics, sizeof topics - 1);
    struct writer          d = writer_of((uint8_t *)disciplines, sizeof disciplines - 1);
    struct value_given     given = {.topics = topics, .disciplines = disciplines};
    struct value_problem   p = {0};
    struct ismform_problem why = {0};
    struct value_form      to;
    const struct cot_said  said = {said_of(c, "access"), said_of(c, "caveat"),
                                   said_of(c, "releasable-to")};
    memset(&in, 0, sizeof in);
    names_format(&g->policies.topics, source->topics, &t);
    names_format(&g->policies.disciplines, source->disciplines, &d);
    TRY(value_form_find(c, "cot", &in.form));
    TRY(value_form_find(c, "marking", &to));
    err e = cot_marking(&g->groups, &said, &in.ism, &why);
    e = err_is(e) ? problem_of_register(&p, e, &why.fault, 0, 0) : OK;
    e = err_is(e) ? e : value_convert(g, &given, &to, &in, &made, &p);
    TRY(blame(c, e, &p));
    *out = made.marking;
    return OK;
}

static err whole_check(struct call *c, const struct ground *g, const name *party)
{
    struct marking source, said;
    uint8_t        text[1024];
    struct writer  w = WRITER_OF(text);
    TRY(marking_of_call(c, &g->policies, party, "to", &source));
    TRY(said_marking(c, g, &source, &said));
    if (!marking_equal(&source, &said)) {
        marking_format(&g->policies, &said, &w);
        call_about(c, "they say %.*s", (int)(w.len < 200 ? w.len : 200), (const char *)w.ptr);
        return FAIL(CONFLICT, "what the events may say is another marking than the source's");
    }
    return OK;
}

static err whole_judge(struct call *c, const name *party)
{
    static struct ground g;
    TRY(ground_open(c, &g));
    err e = whole_check(c, &g, party);
    ground_close(&g);
    return e;
}

err source_labels(struct call *c, const name *party, struct writer *w)
{
    static const char *const lists[] = {"caveat", "releasable-to"};
    bool                     whole = call_has(c, "releasable-to");
    line_text(w, "access", call_has(c, "access") ? said_of(c, "access") : SPAN_LIT("-"));
    if (call_has(c, "caveat") && !whole) {
        call_about(c, "--caveat");
        return call_misuse(c, FAIL(MALFORMED, "a caveat is told together with --releasable-to"));
    }
    TRY(whole ? whole_judge(c, party) : OK);
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        if (call_has(c, lists[i])) {
            line_text(w, lists[i], said_of(c, lists[i]));
        }
    }
    return OK;
}
