/* SPDX-License-Identifier: Apache-2.0 */
/* marking translate --agreement: the receiver's level by the table of one agreement, never by another way. */
#include "cli/added.h"
#include "cli/law.h"
#include "cli/marking_tell.h"
#include "cli/marking_uses.h"
#include "cli/marking_verbs.h"
#include "marking/names.h"
#include "marking/policy.h"

/* The agreement whose table counts is the first; those of --with only say what it stands under. */
static err law_read(struct call *c, const struct ground *g, struct tables **out, unsigned *place)
{
    const char *path[CALL_ARGS_MAX];
    unsigned    count = 0, places[CALL_ARGS_MAX];
    struct law  law = law_fresh(LAW_ANALYSED);
    policies_copy(&g->policies, &law.tables->policies);
    TRY(call_need(c, "agreement", &path[count++]));
    for (const char *file;
         count < CALL_ARGS_MAX && (file = call_option_each(c, "with", count - 1)) != NULL;) {
        path[count++] = file;
    }
    TRY(law_agreements(c, &law, path, count, places));
    TRY(law_hold(&law));
    *place = places[0];
    *out = law.tables;
    return OK;
}

static err marking_given(struct call *c, struct ground *g, struct marking *out)
{
    static struct value v, as;
    struct value_form   form;
    TRY(value_of_call(c, g, 0, &v));
    TRY(value_form_find(c, "marking", &form));
    TRY(translate_uses_check(c, (value_uses(&v, &form) & ~(unsigned)USE_OUT) | USE_AGREEMENT));
    TRY(value_to(c, g, &form, &v, &as));
    *out = as.marking;
    return OK;
}

static err receiver_of_call(struct call *c, const struct ground *g, const struct marking *m,
                            const struct policy **out)
{
    const char *wanted;
    TRY(call_need(c, "to-policy", &wanted));
    const struct policy *p = policy_find(&g->policies, span_text(wanted));
    call_about(c, "--to-policy %.80s", wanted);
    if (p == NULL) {
        return call_misuse(c, FAIL(UNKNOWN, "no party has a policy of this name"));
    }
    if (p == &g->policies.policy[m->level.policy]) {
        return FAIL(MALFORMED, "the marking is of this policy already");
    }
    c->about[0] = 0;
    *out = p;
    return OK;
}

static void level_tell(struct call *c, const struct ground *g, const char *key, level one)
{
    uint8_t       text[64];
    struct writer w = WRITER_OF(text);
    level_format(&g->policies, one, &w);
    tell_field(c, key, writer_span(&w));
}

static void line_tell(struct call *c, const struct tables *t, unsigned place,
                      const struct equivalence *e)
{
    uint8_t           text[256];
    struct writer     w = WRITER_OF(text);
    struct clause_ref ref = {(uint8_t)place, e->article, e->number};
    clause_ref_format(&t->agreements, ref, &w);
    tell_field(c, "by", writer_span(&w));
}

static void originators_put(const struct ground *g, const struct marking *m, struct writer *w)
{
    names_format(&g->policies.parties, m->originators, w);
}

static err several_tell(struct call *c, const struct ground *g, const struct policy *p,
                        const struct equivalence *e)
{
    for (unsigned r = 0; r < p->level_count; r++) {
        if (set_has(e->ranks, r)) {
            uint8_t       text[64];
            struct writer w = WRITER_OF(text);
            level_format(&g->policies, (level){e->receiver_policy, (uint8_t)r}, &w);
            call_append(c, "candidates", json_span(writer_span(&w)));
            call_tell(c, "%-16s " SPAN_FMT, "candidate", SPAN_ARG(writer_span(&w)));
        }
    }
    struct label_hold hold = {
        .why = "an officer of the receiver chooses among several levels; until then it "
               "is handled as the strictest"};
    return hold_tell(c, &hold);
}

/* In a form of labels, with the originators named; any other form would pass it off as the receiver's own. */
static err added_answer(struct call *c, struct ground *g, const struct marking *m, level added)
{
    static struct value in, out;
    struct value_form   form;
    uint8_t             text[4096];
    struct writer       w = WRITER_OF(text);
    memset(&in, 0, sizeof in);
    TRY(value_form_find(c, call_option(c, "to"), &form));
    if (form.family != FAMILY_LABEL) {
        call_about(c, "--to %s", form.name);
        return FAIL(MALFORMED, "such a form cannot say that a level was added by somebody else");
    }
    TRY(value_form_find(c, "marking", &in.form));
    TRY(added_marking(&g->policies, m, added, &in.marking));
    TRY(value_to(c, g, &form, &in, &out));
    originators_put(g, m, &w);
    TRY(added_name(c, writer_span(&w), &out.record));
    return value_answer(c, g, &form, &out);
}

static err equivalent_tell(struct call *c, struct ground *g, const struct marking *m,
                           const struct policy *p, const struct equivalence *e)
{
    level         added = {e->receiver_policy, (uint8_t)policy_strictest(p, e->ranks)};
    uint8_t       text[4096];
    struct writer w = WRITER_OF(text);
    bool          written = call_has(c, "to");
    if (!written || c->json) {
        originators_put(g, m, &w);
        tell_field(c, "originators", writer_span(&w));
        level_tell(c, g, "level", m->level);
        level_tell(c, g, "handled-as", added);
    }
    if ((e->ranks & (e->ranks - 1)) != 0) {
        return several_tell(c, g, p, e);
    }
    call_set_text(c, "outcome", SPAN_LIT("ok"));
    return written ? added_answer(c, g, m, added) : OK;
}

err translate_agreed(struct call *c, struct ground *g)
{
    struct marking       m;
    const struct policy *p = NULL;
    struct tables       *t = NULL;
    unsigned             place = 0;
    if (call_has(c, "direction")) {
        call_about(c, "--direction");
        return call_misuse(c, FAIL(MALFORMED, "an agreement's lines have their own directions"));
    }
    TRY(marking_given(c, g, &m));
    TRY(receiver_of_call(c, g, &m, &p));
    TRY(law_read(c, g, &t, &place));
    const struct equivalence *e = agreement_equivalent(&t->agreements.agreement[place], m.level,
                                                       (uint8_t)(p - g->policies.policy));
    if (e == NULL) {
        level_tell(c, g, "level", m.level);
        return FAIL(DENIED, "the agreement states no equivalent of this level for that party");
    }
    if (!call_has(c, "to") || c->json) {
        line_tell(c, t, place, e);
    }
    return equivalent_tell(c, g, &m, p, e);
}
