/* SPDX-License-Identifier: Apache-2.0 */
/* From one family of forms to another, by way of the marking.  Nothing is left out but what was named. */
#include "base/instant.h"
#include "cli/marking_value.h"
#include "ism/convert.h"
#include "label/hub.h"

/* What a record says beside its label, as --leave-out names it */
static const struct {
    const char    *name;
    enum form_part part;
} parts[] = {
    {"kind", PART_KIND},       {"originator", PART_ORIGINATOR}, {"id", PART_ID},
    {"created", PART_CREATED}, {"review", PART_REVIEW},
};

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

static void parts_leave_out(const struct call *c, struct label_record *r)
{
    unsigned out = 0;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        out |= value_leaves_out(c, parts[i].name) ? parts[i].part : 0u;
    }
    record_without(r, out);
}

static err lists_given(struct call *c, const struct ground *g, struct banner_context *out)
{
    const struct {
        const char         *option;
        const struct names *names;
        set64              *to;
    } lists[] = {{"topics", &g->policies.topics, &out->topics},
                 {"disciplines", &g->policies.disciplines, &out->disciplines}};
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        const char *text = call_option(c, lists[i].option);
        call_about(c, "--%s%s%s", lists[i].option, text == NULL ? "" : " ",
                   text == NULL ? "" : text);
        if (text == NULL) {
            return FAIL(UNKNOWN, "a marking has it and a line does not, so it has to be given");
        }
        TRY(names_read(lists[i].names, span_text(text), lists[i].to));
    }
    c->about[0] = 0;
    return OK;
}

static err register_marking(struct call *c, const struct ground *g, const struct ism *m,
                            struct marking *out)
{
    struct banner_context context = {0};
    struct ism_fault      fault = {0};
    struct ism            said = *m;
    if (value_leaves_out(c, "authority")) {
        ism_line_part(m, &said);
    }
    TRY(lists_given(c, g, &context));
    err e = ism_to_marking(&g->groups, &g->policies, &context, &said, out, &fault);
    return err_is(e) ? blame_register(c, e, &fault, 0, 0) : OK;
}

/* Whose it is: --of, or the party of the policy, as of a banner line */
static err originators_of(struct call *c, const struct ground *g, const struct scheme *s,
                          set64 *out)
{
    const char *of = call_option(c, "of");
    span        text = of != NULL ? span_text(of) : s->name;
    call_about(c, "%.*s", (int)(text.len < 80 ? text.len : 80), (const char *)text.ptr);
    TRY(names_read(&g->policies.parties, text, out));
    c->about[0] = 0;
    return OK;
}

/* The marking stands in for a form that carries categories alone */
static err record_marking(struct call *c, const struct ground *g, const struct label_record *in,
                          struct marking *out)
{
    static const struct form hub = {.carries = PART_CATEGORIES};
    struct label_record      r = *in;
    struct label_loss        loss = {0};
    set64                    originators = 0;
    parts_leave_out(c, &r);
    unsigned lost = record_losses(&hub, &r);
    if (lost != 0) {
        return (err){ERR_MALFORMED, part_sentence((enum form_part)(lost & -lost))};
    }
    TRY(originators_of(c, g, r.label.scheme, &originators));
    err e = label_marking(&g->policies, &r.label, originators, out, &loss);
    if (err_is(e)) {
        call_about(c, "%.*s", (int)(loss.value.len < 160 ? loss.value.len : 160),
                   loss.value.len > 0 ? (const char *)loss.value.ptr : "");
        return loss.why != NULL ? (err){e.code, loss.why} : e;
    }
    return OK;
}

/* Few forms say when a label was made, and STANAG 4774 must. */
static err created_given(struct call *c, struct label_record *out)
{
    const char *text = call_option(c, "created");
    if (text == NULL) {
        return OK;
    }
    if (out->has_created) {
        call_about(c, "--created %s", text);
        return FAIL(MALFORMED, "the label says itself when it was created");
    }
    call_about(c, "--created %s", text);
    TRY(text_instant(span_text(text), &out->created));
    c->about[0] = 0;
    out->has_created = true;
    return OK;
}

static err record_of_marking(struct call *c, const struct ground *g, const struct marking *m,
                             struct label_record *out)
{
    const struct policy        *p = &g->policies.policy[m->level.policy];
    const struct catalog_entry *e = catalog_by_name(&g->catalog, name_span(&p->name), CASE_EXACT);
    struct label_loss           loss = {0};
    unsigned                    party;
    if (e == NULL || err_is(names_find(&g->policies.parties, name_span(&p->name), &party))) {
        return FAIL(UNKNOWN, "there is no policy of this name");
    }
    if (m->originators != set_one(party) && !value_leaves_out(c, "originator")) {
        return FAIL(MALFORMED, "it would lose who the originators are");
    }
    *out = label_record_of(e->scheme);
    err failed = marking_label(&g->policies, m, e->scheme, &out->label, &loss);
    if (err_is(failed)) {
        call_about(c, "%.*s", (int)(loss.value.len < 160 ? loss.value.len : 160),
                   loss.value.len > 0 ? (const char *)loss.value.ptr : "");
        return loss.why != NULL ? (err){failed.code, loss.why} : failed;
    }
    return created_given(c, out);
}

/* Topics and disciplines stand in no line */
static err topics_let_go(struct call *c)
{
    if (!value_leaves_out(c, "topics") || !value_leaves_out(c, "disciplines")) {
        call_about(c, "--leave-out topics,disciplines lets them go");
        return FAIL(MALFORMED, "it would lose the topics and the disciplines");
    }
    return OK;
}

static err line_of_marking(struct call *c, const struct ground *g, const struct marking *m,
                           struct ism *out)
{
    struct ism_fault fault = {0};
    TRY(topics_let_go(c));
    err e = ism_of_marking(&g->groups, &g->policies, m, out, &fault);
    return err_is(e) ? blame_register(c, e, &fault, 0, 0) : OK;
}

static err to_marking(struct call *c, struct ground *g, const struct value *in, struct marking *out)
{
    if (in->form.family == FAMILY_LABEL) {
        return record_marking(c, g, &in->record, out);
    }
    if (in->form.family == FAMILY_REGISTER) {
        return register_marking(c, g, &in->ism, out);
    }
    *out = in->marking;
    return OK;
}

err value_to(struct call *c, struct ground *g, const struct value_form *to, const struct value *in,
             struct value *out)
{
    struct marking m;
    *out = *in;
    out->form = *to;
    if (to->family == in->form.family) {
        if (to->family == FAMILY_LABEL) {
            parts_leave_out(c, &out->record);
            TRY(created_given(c, &out->record));
        } else if (to->family == FAMILY_REGISTER && value_leaves_out(c, "authority")) {
            ism_line_part(&in->ism, &out->ism);
        } else if (strcmp(to->name, "national") == 0 && strcmp(in->form.name, "national") != 0) {
            TRY(topics_let_go(c));
        }
        return OK;
    }
    TRY(to_marking(c, g, in, &m));
    if (strcmp(to->name, "national") == 0) {
        TRY(topics_let_go(c));
    }
    out->marking = m;
    return to->family == FAMILY_LABEL      ? record_of_marking(c, g, &m, &out->record)
           : to->family == FAMILY_REGISTER ? line_of_marking(c, g, &m, &out->ism)
                                           : OK;
}
