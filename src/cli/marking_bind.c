/* SPDX-License-Identifier: Apache-2.0 */
/* marking bind: labels, and what they are about (docs/format/binding.md). */
#include "base/instant.h"
#include "cli/bindings.h"
#include "cli/marking_tell.h"
#include "cli/marking_uses.h"
#include "cli/marking_verbs.h"
#include "cli/verbs.h"
#include "form/naming.h"

/* ---- labels ---- */

/* "dNSName=gate.example" */
static err added_by(struct call *c, struct label_record *r)
{
    const char *option = call_option(c, "added-by");
    span        of = span_text(option == NULL ? "" : option);
    if (option == NULL || r->originator[0] != 0) {
        return OK;
    }
    call_about(c, "--added-by %s", option);
    r->originator_type = originator_type_of(span_cut(&of, '='));
    if (r->originator_type == ORIGINATOR_NONE || of.len == 0 || of.len >= sizeof r->originator) {
        return call_misuse(c, FAIL(UNKNOWN, "it is TYPE=NAME, with a type of STANAG 4774: dNSName, "
                                            "rfc822Name, directoryName, …"));
    }
    memcpy(r->originator, of.ptr, of.len);
    c->about[0] = 0;
    return OK;
}

static err created_of_call(struct call *c, struct label_record *r)
{
    const char *text = call_option(c, "created");
    if (text == NULL || r->has_created) {
        return OK;
    }
    call_about(c, "--created %s", text);
    if (err_is(text_instant(span_text(text), &r->created))) {
        return call_misuse(c, FAIL(MALFORMED, "a time is written 2026-11-22T00:00:00Z"));
    }
    c->about[0] = 0;
    r->has_created = true;
    return OK;
}

/* A form that can say whose label it is has said it; another says nothing about that. */
static err kind_take(struct call *c, const struct value *v, enum label_kind kind,
                     struct label_record *r)
{
    bool says = v->form.family == FAMILY_LABEL && (v->form.label->carries & PART_KIND) != 0;
    if (says && r->kind != kind) {
        call_about(c, "%s", label_kind_name[r->kind]);
        return FAIL(CONFLICT, "the label itself is of another kind than it is given as");
    }
    r->kind = kind;
    return kind == LABEL_ALTERNATIVE ? added_by(c, r) : OK;
}

static err label_take(struct call *c, struct ground *g, const char *text, enum label_kind kind,
                      struct binding *b, unsigned *uses)
{
    static struct value v, made;
    struct value_form   to;
    span                in;
    if (b->label_count == BINDING_LABELS_MAX) {
        return FAIL(LIMIT, "a binding has more than 16 labels");
    }
    TRY(value_form_find(c, "stanag4774", &to));
    TRY(input_named(c, text, &in));
    TRY(value_read(c, g, call_option(c, "from"), in, &v));
    made = v;
    if (v.form.family != FAMILY_LABEL) {
        TRY(value_to(c, g, &to, &v, &made));
    }
    struct label_record *r = &b->label[b->label_count].record;
    *r = made.record;
    bool dated = v.form.family == FAMILY_LABEL && v.record.has_created;
    *uses |= value_uses(&v, &to) & ~(dated ? (unsigned)USE_CREATED : 0u);
    *uses |= kind == LABEL_ALTERNATIVE && r->originator[0] == 0 ? USE_ADDED : 0u;
    TRY(created_of_call(c, r));
    TRY(kind_take(c, &v, kind, r));
    b->label_count++;
    return OK;
}

static err labels_take(struct call *c, struct ground *g, struct binding *b)
{
    static const char *const options[LABEL_KIND_COUNT] = {"label", "alternative", "metadata"};
    const char              *text;
    unsigned                 uses = 0;
    TRY(call_need(c, "label", &text));
    for (unsigned k = 0; k < LABEL_KIND_COUNT; k++) {
        for (unsigned i = 0; (text = call_option_each(c, options[k], i)) != NULL; i++) {
            TRY(label_take(c, g, text, (enum label_kind)k, b, &uses));
        }
    }
    return uses_check(c, uses);
}

/* ---- what they are about ---- */

static err element_add(struct call *c, struct binding *b, const char *id)
{
    struct binding_data *d = &b->data[b->data_count];
    if (b->data_count == BINDING_DATA_MAX || strlen(id) >= BINDING_ID_MAX) {
        call_about(c, "--element");
        return FAIL(LIMIT, "a binding is about more than 16 things, or one with a long Id");
    }
    *d = (struct binding_data){0};
    (void)snprintf(d->uri, sizeof d->uri, "#%s", id);
    b->data_count++;
    return OK;
}

static err document_take(struct call *c, struct binding *b, span *document)
{
    const char *path, *id;
    TRY(call_need(c, "data", &path));
    if (call_option_each(c, "data", 1) != NULL) {
        call_about(c, "--data");
        return call_misuse(c, FAIL(MALFORMED, "what is embedded is in one document"));
    }
    b->form = BINDING_EMBEDDED;
    for (unsigned i = 0; (id = call_option_each(c, "element", i)) != NULL; i++) {
        TRY(element_add(c, b, id));
    }
    b->data_count += b->data_count == 0 ? 1 : 0; /* all zero: the document */
    return binding_file(c, path, document);
}

static err files_take(struct call *c, struct binding *b)
{
    const char *path;
    TRY(call_need(c, "data", &path));
    if (call_has(c, "element")) {
        call_about(c, "--element");
        return call_misuse(c, FAIL(MALFORMED, "an element is in a document: --embedded"));
    }
    for (unsigned i = 0; (path = call_option_each(c, "data", i)) != NULL; i++) {
        TRY(binding_file_add(c, b, path));
    }
    return OK;
}

static err bind_one(struct call *c, struct ground *g)
{
    static struct binding b;
    span                  document = {NULL, 0}, text;
    memset(&b, 0, sizeof b);
    b.group_count = 1;
    TRY(call_has(c, "embedded") ? document_take(c, &b, &document) : files_take(c, &b));
    TRY(labels_take(c, g, &b));
    TRY(binding_made(c, g, &b, document, &text));
    call_set_text(c, "form", span_text(b.form == BINDING_EMBEDDED ? "embedded" : "detached"));
    call_set(c, "signed", json_boolean(!call_has(c, "unsigned")));
    return call_write_new(c, text);
}

err do_marking_bind(struct call *c)
{
    return marking_run(c, bind_one);
}
