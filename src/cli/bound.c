/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/bound.h"

#include "cli/bindings.h"
#include "cli/file.h"
#include "cli/marking_value.h"

/* ---- in ---- */

/* What the binding says of the product: as a file of that name, or as the document that carries it */
static const struct binding_data *data_of(const struct binding *b, const char *product)
{
    for (unsigned i = 0; i < b->data_count; i++) {
        const struct binding_data *d = &b->data[i];
        bool                       is =
            b->form == BINDING_EMBEDDED ? d->uri[0] == 0 : strcmp(d->name, file_base(product)) == 0;
        if (is) {
            return d;
        }
    }
    return NULL;
}

static err content_check(struct call *c, const struct binding *b, const struct binding_data *d,
                         span in, const char *product)
{
    span content;
    err  e = OK;
    call_about(c, "%s", product);
    TRY(file_map(product, &content));
    if (b->form == BINDING_DETACHED) {
        e = binding_data_check(d, content);
    } else if (!span_equal(content, in)) {
        e = FAIL(CONFLICT, "the binding is embedded in another document");
    }
    file_unmap(content);
    TRY(e);
    c->about[0] = 0;
    return OK;
}

/* The originator's; the others are lost, unless they stay in the product */
static err label_of(struct call *c, const struct binding *b, const struct binding_data *of,
                    bool may_lose, const struct label_record **out)
{
    unsigned others = 0;
    for (unsigned i = 0; i < b->data_count; i++) {
        const struct binding_data *d = &b->data[i];
        bool same = strcmp(d->name, of->name) == 0 && (d->name[0] != 0 || d->uri[0] == 0);
        for (unsigned k = 0; k < b->label_count && same; k++) {
            const struct binding_label *l = &b->label[k];
            if (l->group == d->group && l->record.kind == LABEL_ORIGINATOR) {
                *out = &l->record;
            } else if (l->group == d->group) {
                others++;
            }
        }
    }
    if (others > 0 && b->form == BINDING_DETACHED && !may_lose) {
        call_about(c, "--leave-out kind lets them go");
        return FAIL(MALFORMED, "it would lose labels that others added, or of the metadata");
    }
    return OK;
}

static err record_marking(struct call *c, struct ground *g, const struct value_given *given,
                          const struct label_record *r, struct marking *out)
{
    static struct value  in, made;
    struct value_problem p = {0};
    struct value_form    to;
    memset(&in, 0, sizeof in);
    TRY(value_form_find(c, "stanag4774", &in.form));
    TRY(value_form_find(c, "marking", &to));
    in.record = *r;
    TRY(blame(c, value_convert(g, given, &to, &in, &made, &p), &p));
    *out = made.marking;
    return OK;
}

err bound_marking(struct call *c, struct ground *g, const struct value_given *given,
                  const char *product, struct marking *out)
{
    static struct binding      b;
    const struct label_record *label = NULL;
    struct value_given         may = *given;
    span                       in;
    TRY(bindings_on(c));
    TRY(binding_file(c, call_option(c, "binding"), &in));
    TRY(binding_verified(c, g, in, &b));
    const struct binding_data *d = data_of(&b, product);
    if (d == NULL) {
        call_about(c, "%s", product);
        return FAIL(UNKNOWN, "the binding says nothing about this file");
    }
    TRY(content_check(c, &b, d, in, product));
    TRY(label_of(c, &b, d, (given->leave_out & LEAVE_KIND) != 0, &label));
    MUST(label != NULL); /* binding_rules */
    may.leave_out |= b.form == BINDING_EMBEDDED ? LEAVE_ID | LEAVE_CREATED | LEAVE_REVIEW : 0u;
    return record_marking(c, g, &may, label, out);
}

/* ---- out ---- */

err bound_check(struct call *c)
{
    TRY(bindings_on(c));
    return binding_signer_check(c);
}

err bound_write(struct call *c, struct ground *g, const struct label_record *label, unsigned count,
                const char *file)
{
    static struct binding b;
    const char           *path = call_option(c, "binding");
    span                  text;
    memset(&b, 0, sizeof b);
    b.group_count = 1;
    for (unsigned i = 0; i < count; i++) {
        b.label[b.label_count++].record = label[i];
    }
    TRY(binding_file_add(c, &b, file));
    TRY(binding_made(c, g, &b, (span){NULL, 0}, &text));
    call_about(c, "%s", path);
    TRY(file_create(path, text, 0600));
    c->about[0] = 0;
    return OK;
}
