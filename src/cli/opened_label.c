/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/opened_label.h"

#include "base/lines.h"
#include "cli/added.h"
#include "cli/file.h"
#include "cli/marking_ground.h"
#include "cli/marking_value.h"

err label_wanted_open(struct call *c, struct label_wanted *out)
{
    const char *form = call_option(c, "label-form");
    out->label = call_option(c, "label");
    out->own = call_option(c, "own-label");
    out->open = false;
    if (form == NULL && out->label == NULL && out->own == NULL) {
        return OK;
    }
    if (form == NULL || (out->label == NULL && out->own == NULL)) {
        call_about(c, "--label-form, --label, --own-label");
        return call_misuse(c, FAIL(MALFORMED, "a label's form and its file are named together"));
    }
    TRY(value_form_find(c, form, &out->form));
    if (out->own != NULL && out->form.family != FAMILY_LABEL) {
        call_about(c, "--label-form %s", form);
        return FAIL(UNKNOWN, "such a form cannot say that a level was added by somebody else");
    }
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

static err label_make(struct call *c, struct label_wanted *l, span describe,
                      const struct marking *m, struct value *out)
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
    given.created = is_dated(&l->form) ? created : NULL;
    return blame(c, value_convert(&l->ground, &given, &l->form, &in, out, &p), &p);
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

static err own_label(struct call *c, struct label_wanted *l, span describe, const struct marking *m)
{
    static struct value    v;
    const struct policies *all = &l->ground.policies;
    level                  added;
    struct marking         made;
    TRY(level_read(all, described(describe, "own-level"), &added));
    if (added.policy == m->level.policy) {
        call_about(c, "--own-label");
        return FAIL(UNKNOWN, "no level was added: the marking is of the own policy");
    }
    TRY(added_marking(all, m, added, &made));
    TRY(label_make(c, l, describe, &made, &v));
    TRY(added_name(c, described(describe, "originator"), &v.record));
    return label_save(c, l, &v, l->own);
}

err opened_labels(struct call *c, struct label_wanted *l, span describe)
{
    static struct value v;
    struct marking      m;
    if (!l->open) {
        return OK;
    }
    TRY(marking_read(&l->ground.policies, described(describe, "marking"), &m));
    if (l->label != NULL) {
        TRY(label_make(c, l, describe, &m, &v));
        TRY(label_save(c, l, &v, l->label));
    }
    return l->own == NULL ? OK : own_label(c, l, describe, &m);
}
