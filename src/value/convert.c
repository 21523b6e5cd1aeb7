/* SPDX-License-Identifier: Apache-2.0 */
/* From one family of forms to another, by way of the marking.  Nothing is left out but what was named. */
#include "ism/convert.h"
#include "base/instant.h"
#include "label/hub.h"
#include "value/given.h"
#include "value/words.h"

const char *const value_part_name[LEAVE_COUNT] = {
    "kind", "originator", "id", "created", "review", "topics", "disciplines", "authority"};

/* What a record says beside its label */
static const struct {
    enum value_part part;
    enum form_part  of;
} parts[] = {
    {LEAVE_KIND, PART_KIND},       {LEAVE_ORIGINATOR, PART_ORIGINATOR}, {LEAVE_ID, PART_ID},
    {LEAVE_CREATED, PART_CREATED}, {LEAVE_REVIEW, PART_REVIEW},
};

static bool leaves(const struct value_given *given, enum value_part part)
{
    return (given->leave_out & part) != 0;
}

static void parts_leave_out(const struct value_given *given, struct label_record *r)
{
    unsigned out = 0;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        out |= leaves(given, parts[i].part) ? parts[i].of : 0u;
    }
    record_without(r, out);
}

unsigned given_parts(unsigned of)
{
    unsigned out = 0;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        out |= (of & parts[i].of) != 0 ? parts[i].part : 0u;
    }
    return out;
}

void given_lost(struct value_problem *p, unsigned lost)
{
    uint8_t       buf[128];
    struct writer w = WRITER_OF(buf);
    for (unsigned i = 0; i < LEAVE_COUNT; i++) {
        if ((lost >> i & 1) != 0) {
            put_text(&w, w.len > 0 ? "," : "");
            put_text(&w, value_part_name[i]);
        }
    }
    if (w.len > 0) {
        put_text(&w, " lets it go");
        put_u8(&w, 0);
        problem_given(p, "leave-out", (const char *)buf);
    }
}

static err register_marking(const struct ground *g, const struct value_given *given,
                            const struct ism *m, struct marking *out, struct value_problem *p)
{
    struct banner_context context = {0};
    struct ism_fault      fault = {0};
    struct ism            said = *m;
    if (leaves(given, LEAVE_AUTHORITY)) {
        ism_line_part(m, &said);
    }
    TRY(given_lists(g, given, &context, p));
    err e = ism_to_marking(&g->groups, &g->policies, &context, &said, out, &fault);
    return err_is(e) ? problem_of_register(p, e, &fault, 0, 0) : OK;
}

static err loss_tell(struct value_problem *p, err e, const struct label_loss *loss)
{
    problem_text(p, loss->value);
    return loss->why != NULL ? (err){e.code, loss->why} : e;
}

/* The marking stands in for a form that carries categories alone.  Whose it is: given, or the party of the
 * policy, as of a banner line. */
static err record_marking(const struct ground *g, const struct value_given *given,
                          const struct label_record *in, struct marking *out,
                          struct value_problem *p)
{
    static const struct form hub = {.carries = PART_CATEGORIES};
    struct label_record      r = *in;
    struct label_loss        loss = {0};
    set64                    originators = 0;
    parts_leave_out(given, &r);
    unsigned lost = record_losses(&hub, &r);
    if (lost != 0) {
        given_lost(p, given_parts(lost));
        return (err){ERR_MALFORMED, part_sentence((enum form_part)(lost & -lost))};
    }
    span of = given->of != NULL ? span_text(given->of) : r.label.scheme->name;
    err  e = given_names(&g->policies.parties, of, &originators);
    if (err_is(e) && given->of == NULL) {
        problem_text(p, of);
        return FAIL(UNKNOWN, "no party has the name of the label's policy: say whose it is");
    }
    if (err_is(e)) {
        problem_given(p, "of", given->of);
        return e;
    }
    e = label_marking(&g->policies, &r.label, originators, out, &loss);
    return err_is(e) ? loss_tell(p, e, &loss) : OK;
}

/* Few forms say when a label was made, and STANAG 4774 must. */
static err created_given(const struct value_given *given, struct label_record *out,
                         struct value_problem *p)
{
    if (given->created == NULL) {
        return OK;
    }
    problem_given(p, "created", given->created);
    if (out->has_created) {
        return FAIL(MALFORMED, "the label says itself when it was created");
    }
    TRY(text_instant(span_text(given->created), &out->created));
    out->has_created = true;
    return OK;
}

static err record_of_marking(const struct ground *g, const struct value_given *given,
                             const struct marking *m, struct label_record *out,
                             struct value_problem *p)
{
    const struct policy        *own = &g->policies.policy[m->level.policy];
    const struct catalog_entry *e = catalog_by_name(&g->catalog, name_span(&own->name), CASE_EXACT);
    struct label_loss           loss = {0};
    unsigned                    party;
    if (e == NULL || err_is(names_find(&g->policies.parties, name_span(&own->name), &party))) {
        return FAIL(UNKNOWN, "there is no policy of this name");
    }
    if (m->originators != set_one(party) && !leaves(given, LEAVE_ORIGINATOR)) {
        given_lost(p, LEAVE_ORIGINATOR);
        return FAIL(MALFORMED, "it would lose who the originators are");
    }
    *out = label_record_of(e->scheme);
    err failed = marking_label(&g->policies, m, e->scheme, &out->label, &loss);
    return err_is(failed) ? loss_tell(p, failed, &loss) : created_given(given, out, p);
}

/* Topics and disciplines stand in no line */
static err topics_let_go(const struct value_given *given, struct value_problem *p)
{
    if (!leaves(given, LEAVE_TOPICS) || !leaves(given, LEAVE_DISCIPLINES)) {
        given_lost(p, LEAVE_TOPICS | LEAVE_DISCIPLINES);
        return FAIL(MALFORMED, "it would lose the topics and the disciplines");
    }
    return OK;
}

static err line_of_marking(const struct ground *g, const struct value_given *given,
                           const struct marking *m, struct ism *out, struct value_problem *p)
{
    struct ism_fault fault = {0};
    TRY(topics_let_go(given, p));
    err e = ism_of_marking(&g->groups, &g->policies, m, out, &fault);
    return err_is(e) ? problem_of_register(p, e, &fault, 0, 0) : OK;
}

static err to_marking(const struct ground *g, const struct value_given *given,
                      const struct value *in, struct marking *out, struct value_problem *p)
{
    if (in->form.family == FAMILY_LABEL) {
        return record_marking(g, given, &in->record, out, p);
    }
    if (in->form.family == FAMILY_REGISTER) {
        return register_marking(g, given, &in->ism, out, p);
    }
    *out = in->marking;
    return OK;
}

static bool is_national(const struct value_form *f)
{
    return strcmp(f->name, "national") == 0;
}

static err within_family(const struct value_given *given, const struct value_form *to,
                         const struct value *in, struct value *out, struct value_problem *p)
{
    if (to->family == FAMILY_LABEL) {
        parts_leave_out(given, &out->record);
        return created_given(given, &out->record, p);
    }
    if (to->family == FAMILY_REGISTER && leaves(given, LEAVE_AUTHORITY)) {
        ism_line_part(&in->ism, &out->ism);
    }
    return is_national(to) && !is_national(&in->form) ? topics_let_go(given, p) : OK;
}

static void reason_kept(void *to, const char *line)
{
    struct value_problem *p = to;
    if (p->about[0] == 0) {
        problem_say(p, "%s", line);
    }
}

/* What its own policy forbids is not handed on: read, it is told with every reason */
static err label_stands(const struct ground *g, const struct value *v, struct value_problem *p)
{
    if (v->form.family != FAMILY_LABEL || value_valid(g, v, (struct hearer){reason_kept, p})) {
        return OK;
    }
    return FAIL(MALFORMED, "the label is not valid under its policy");
}

err value_convert(const struct ground *g, const struct value_given *given,
                  const struct value_form *to, const struct value *in, struct value *out,
                  struct value_problem *p)
{
    struct marking m;
    *out = *in;
    out->form = *to;
    TRY(label_stands(g, in, p));
    if (to->family == in->form.family) {
        return within_family(given, to, in, out, p);
    }
    TRY(to_marking(g, given, in, &m, p));
    if (is_national(to)) {
        TRY(topics_let_go(given, p));
    }
    out->marking = m;
    return to->family == FAMILY_LABEL      ? record_of_marking(g, given, &m, &out->record, p)
           : to->family == FAMILY_REGISTER ? line_of_marking(g, given, &m, &out->ism, p)
                                           : OK;
}
