/* SPDX-License-Identifier: Apache-2.0 */
/* One object, one word of its originator, one label for each other policy. */
#include "binding/parts.h"

/* Found for one object so far */
struct about {
    const struct label_record *originator, *metadata;
    unsigned                   count;
    const struct label_record *alternative[BINDING_LABELS_MAX];
};

static err refuse(struct form_reader *r, err why, span value)
{
    return reader_fail(r, why, (struct text_at){value, PLACE_BY_VALUE});
}

static bool same_data(const struct binding_data *a, const struct binding_data *b)
{
    return a->name[0] != 0 ? strcmp(a->name, b->name) == 0 : strcmp(a->uri, b->uri) == 0;
}

static err alternative_add(struct form_reader *r, struct about *a, const struct label_record *l)
{
    for (unsigned i = 0; i < a->count; i++) {
        if (a->alternative[i]->label.scheme == l->label.scheme) {
            return refuse(r, FAIL(CONFLICT, "one object has two alternative labels of a policy"),
                          l->label.scheme->name);
        }
    }
    if (l->originator[0] == 0) {
        return refuse(r, FAIL(MALFORMED, "an alternative label does not name whose it is"),
                      l->label.scheme->name);
    }
    a->alternative[a->count++] = l;
    return OK;
}

static err label_add(struct form_reader *r, struct about *a, const struct label_record *l)
{
    span of = l->label.scheme->name;
    if (l->kind == LABEL_ALTERNATIVE) {
        return alternative_add(r, a, l);
    }
    const struct label_record **one = l->kind == LABEL_METADATA ? &a->metadata : &a->originator;
    if (*one != NULL) {
        return refuse(r,
                      l->kind == LABEL_METADATA
                          ? FAIL(CONFLICT, "one object has two labels of its metadata")
                          : FAIL(CONFLICT, "one object has two labels of its originator"),
                      of);
    }
    *one = l;
    return OK;
}

static err about_check(struct form_reader *r, const struct about *a, span uri)
{
    if (a->originator == NULL) {
        return refuse(r, FAIL(MALFORMED, "an object has no label of its originator"), uri);
    }
    for (unsigned i = 0; i < a->count; i++) {
        if (a->alternative[i]->label.scheme == a->originator->label.scheme) {
            return refuse(
                r, FAIL(CONFLICT, "an alternative label is of the policy of the originator's"),
                a->originator->label.scheme->name);
        }
    }
    return OK;
}

/* All labels about one object, in whatever MetadataBinding they stand */
static err data_check(struct form_reader *r, const struct binding *b, const struct binding_data *d)
{
    struct about a = {0};
    for (unsigned i = 0; i < b->data_count; i++) {
        const struct binding_data *other = &b->data[i];
        if (!same_data(d, other)) {
            continue;
        }
        if (other != d && other->group == d->group) {
            return refuse(r, FAIL(CONFLICT, "a data reference stands twice in one binding"),
                          span_text(d->uri));
        }
        for (unsigned k = 0; k < b->label_count; k++) {
            if (b->label[k].group == other->group) {
                TRY(label_add(r, &a, &b->label[k].record));
            }
        }
    }
    return about_check(r, &a, span_text(d->uri));
}

err binding_rules(struct form_reader *r, const struct binding *b)
{
    struct label_faults faults;
    for (unsigned i = 0; i < b->label_count; i++) {
        const struct label_record *l = &b->label[i].record;
        if (!label_valid(&l->label, &faults) ||
            (l->has_successor && !label_valid(&l->successor, &faults))) {
            return refuse(r, FAIL(MALFORMED, "a label is not valid under its policy"),
                          l->label.scheme->name);
        }
    }
    for (unsigned i = 0; i < b->data_count; i++) {
        TRY(data_check(r, b, &b->data[i]));
    }
    return OK;
}
