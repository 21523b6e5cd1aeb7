/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/opened_label.h"

#include "base/lines.h"
#include "cli/added.h"
#include "cli/bound.h"
#include "cli/file.h"
#include "cli/marking_ground.h"
#include "cli/marking_value.h"

static err form_wanted(struct call *c, struct label_wanted *out)
{
    const char *form = call_option(c, "label-form");
    bool        any = out->label != NULL || out->own != NULL;
    if (form == NULL && !any) {
        return OK;
    }
    if (form == NULL || !any) {
        call_about(c, "--label-form, --label, --own-label");
        return call_misuse(c, FAIL(MALFORMED, "a label's form and its file are named together"));
    }
    TRY(value_form_find(c, form, &out->form));
    if (out->own != NULL && out->form.family != FAMILY_LABEL) {
        call_about(c, "--label-form %s", form);
        return FAIL(UNKNOWN, "such a form cannot say that a level was added by somebody else");
    }
    return OK;
}

err label_wanted_open(struct call *c, struct label_wanted *out)
{
    out->label = call_option(c, "label");
    out->own = call_option(c, "own-label");
    out->binding = call_option(c, "binding");
    out->open = false;
    TRY(form_wanted(c, out));
    if (out->label == NULL && out->own == NULL && out->binding == NULL) {
        return OK;
    }
    TRY(out->binding != NULL ? bound_check(c) : OK);
    TRY(ground_open(c, &out->ground));
    out->open = true;
    return OK;
}

void label_wanted_close(struct label_wanted *l)
{
    if (l->open) {
        ground_close(&l->ground);
        l->open = false;
    }
}

/* ---- what the guard says of the item ---- */

static span described(span text, const char *key)
{
    size_t len = strlen(key);
    while (text.len > 0) {
        span line = span_cut(&text, '\n');
        if (line.len > len && span_starts(line, span_text(key)) && line.ptr[len] == ' ') {
            return (span){line.ptr + len + 1, line.len - len - 1};
        }
    }
    return (span){NULL, 0};
}

/* A label says when it was made, where its form has a place for that: when the item was. */
static bool is_dated(const struct value_form *form)
{
    return form->family == FAMILY_LABEL && (form->label->carries & PART_CREATED) != 0;
}

static err label_make(struct call *c, struct label_wanted *l, const struct value_form *form,
                      span describe, const struct marking *m, struct value *out)
{
    static struct value  in;
    struct value_given   given = given_of_call(c);
    struct value_problem p = {0};
    char                 created[32];
    span                 text = described(describe, "created");
    memset(&in, 0, sizeof in);
    TRY(value_form_find(c, "marking", &in.form));
    in.marking = *m;
    (void)snprintf(created, sizeof created, SPAN_FMT, SPAN_ARG(text));
    given.created = is_dated(form) ? created : NULL;
    return blame(c, value_convert(&l->ground, &given, form, &in, out, &p), &p);
}

static err label_save(struct call *c, struct label_wanted *l, const struct value *v,
                      const char *path)
{
    static uint8_t buf[WRITTEN_MAX];
    struct writer  w = WRITER_OF(buf);
    TRY(value_write(c, &l->ground, &l->form, v, &w));
    call_about(c, "%s", path);
    TRY(file_create(path, writer_span(&w), 0600));
    c->about[0] = 0;
    return OK;
}

/* ---- the level that was added ---- */

/* added   false when the marking is of the own policy: then no level was added */
static err own_label_make(struct call *c, struct label_wanted *l, const struct value_form *form,
                          span describe, const struct marking *m, bool *added, struct value *out)
{
    const struct policies *all = &l->ground.policies;
    level                  own;
    struct marking         made;
    TRY(level_read(all, described(describe, "own-level"), &own));
    *added = own.policy != m->level.policy;
    if (!*added) {
        return OK;
    }
    TRY(added_marking(all, m, own, &made));
    TRY(label_make(c, l, form, describe, &made, out));
    return added_name(c, described(describe, "originator"), &out->record);
}

static err own_label(struct call *c, struct label_wanted *l, span describe, const struct marking *m)
{
    static struct value v;
    bool                added = false;
    TRY(own_label_make(c, l, &l->form, describe, m, &added, &v));
    if (!added) {
        call_about(c, "--own-label");
        return FAIL(UNKNOWN, "no level was added: the marking is of the own policy");
    }
    return label_save(c, l, &v, l->own);
}

/* The originator's label, and with it the one that was added, if one was */
static err labels_bind(struct call *c, struct label_wanted *l, span describe,
                       const struct marking *m, const char *content)
{
    static struct value v;
    struct value_form   form;
    struct label_record both[2];
    bool                added = false;
    TRY(value_form_find(c, "stanag4774", &form));
    TRY(label_make(c, l, &form, describe, m, &v));
    both[0] = v.record;
    TRY(own_label_make(c, l, &form, describe, m, &added, &v));
    both[1] = v.record;
    return bound_write(c, &l->ground, both, added ? 2 : 1, content);
}

err opened_labels(struct call *c, struct label_wanted *l, span describe, const char *content)
{
    static struct value v;
    struct marking      m;
    if (!l->open) {
        return OK;
    }
    TRY(marking_read(&l->ground.policies, described(describe, "marking"), &m));
    if (l->label != NULL) {
        TRY(label_make(c, l, &l->form, describe, &m, &v));
        TRY(label_save(c, l, &v, l->label));
    }
    TRY(l->own != NULL ? own_label(c, l, describe, &m) : OK);
    return l->binding == NULL ? OK : labels_bind(c, l, describe, &m, content);
}
