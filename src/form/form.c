/* SPDX-License-Identifier: Apache-2.0 */
#include "form/form.h"

#include "label/need.h"

static const char *const deviation_why[DEVIATION_COUNT] = {
    "an attribute is called URL, not URI",
    "a label has no CreationDateTime",
    "a name is not in the case that the policy has",
    "white space stands around a value",
    "a value has a URI, which no policy file has",
    "a value stands twice",
    "base64 has no padding",
    "others' elements or attributes, of which nothing is understood",
    "the display marking is not the policy's",
};

static const struct {
    enum form_part part;
    const char    *why;
} losses[] = {
    {PART_KIND, "it would lose that this is not the originator's own label"},
    {PART_PRIVACY, "it would lose the privacy mark"},
    {PART_CATEGORIES, "it would lose the categories"},
    {PART_ORIGINATOR, "it would lose who the originator is"},
    {PART_ID, "it would lose the label's Id"},
    {PART_CREATED, "it would lose when the label was created"},
    {PART_REVIEW, "it would lose when the label is to be reviewed"},
    {PART_SUCCESSOR, "it would lose the label that succeeds it"},
};

const char *deviation_sentence(enum form_deviation d)
{
    return deviation_why[__builtin_ctz((unsigned)d | 1u << (DEVIATION_COUNT - 1))];
}

const char *part_sentence(enum form_part part)
{
    return losses[__builtin_ctz((unsigned)part | (unsigned)PART_SUCCESSOR)].why;
}

void form_reader_init(struct form_reader *r, const struct catalog *catalog, bool lenient)
{
    r->catalog = catalog;
    r->lenient = lenient;
    r->deviations = 0;
    r->problem = (struct form_problem){0};
    r->in = (span){0};
}

struct label_record label_record_of(const struct scheme *s)
{
    return (struct label_record){.label = {.scheme = s, .privacy = SCHEME_NONE},
                                 .successor = {.scheme = s, .privacy = SCHEME_NONE}};
}

const struct form *form_find(span name)
{
    unsigned           count;
    const struct form *all = form_table(&count);
    for (unsigned i = 0; i < count; i++) {
        if (span_is(name, all[i].name)) {
            return &all[i];
        }
    }
    return NULL;
}

static err input_check(struct form_reader *r, span in, bool readable)
{
    r->deviations = 0;
    r->problem = (struct form_problem){0};
    r->in = in;
    if (!readable) {
        return problem_set(&r->problem, FAIL(UNKNOWN, "this form is not read"), 0, (span){0});
    }
    if (in.len == 0) {
        return problem_set(&r->problem, FAIL(MALFORMED, "there is nothing to read"), 0, (span){0});
    }
    return in.len <= FORM_MAX
               ? OK
               : problem_set(&r->problem, FAIL(LIMIT, "the label is longer than 256 KiB"), 0,
                             (span){0});
}

/* After a failure: deviations that were met on the way say nothing */
static err input_done(struct form_reader *r, err e)
{
    if (err_is(e) && r->in.len > 0) {
        r->deviations = 0;
        problem_place(&r->problem, r->in.len <= FORM_MAX ? r->in : (span){0});
    }
    return e;
}

static err read_checked(const struct form *f, struct form_reader *r, span in,
                        struct label_record *out)
{
    TRY(input_check(r, in, f->read != NULL));
    return f->read(r, in, out);
}

err form_read(const struct form *f, struct form_reader *r, span in, struct label_record *out)
{
    return input_done(r, read_checked(f, r, in, out));
}

static err clearance_checked(const struct form *f, struct form_reader *r, span in,
                             struct label_clearance *out)
{
    struct label_clearance c;
    TRY(input_check(r, in, f->clearance_read != NULL));
    TRY(f->clearance_read(r, in, &c));
    if (err_is(clearance_valid(&c))) {
        return problem_set(
            &r->problem,
            FAIL(MALFORMED, "a clearance has no classification, or an informative category"), 0,
            (span){0});
    }
    *out = c;
    return OK;
}

err form_clearance_read(const struct form *f, struct form_reader *r, span in,
                        struct label_clearance *out)
{
    return input_done(r, clearance_checked(f, r, in, out));
}

static bool has_categories(const struct label *l)
{
    return category_next(&l->categories, 0) < CATEGORIES_MAX;
}

unsigned record_losses(const struct form *f, const struct label_record *r)
{
    unsigned has = 0;
    has |= r->kind != LABEL_ORIGINATOR ? PART_KIND : 0u;
    has |= r->label.privacy != SCHEME_NONE ? PART_PRIVACY : 0u;
    has |= has_categories(&r->label) ? PART_CATEGORIES : 0u;
    has |= r->originator_type != ORIGINATOR_NONE || r->originator[0] != '\0' ? PART_ORIGINATOR : 0u;
    has |= r->id[0] != '\0' ? PART_ID : 0u;
    has |= r->has_created ? PART_CREATED : 0u;
    has |= r->has_review ? PART_REVIEW : 0u;
    has |= r->has_successor ? PART_SUCCESSOR : 0u;
    return has & ~f->carries;
}

void record_without(struct label_record *r, unsigned parts)
{
    if ((parts & PART_KIND) != 0) {
        r->kind = LABEL_ORIGINATOR;
    }
    if ((parts & PART_ORIGINATOR) != 0) {
        r->originator_type = ORIGINATOR_NONE;
        r->originator[0] = '\0';
    }
    if ((parts & PART_ID) != 0) {
        r->id[0] = '\0';
    }
    r->has_created = r->has_created && (parts & PART_CREATED) == 0;
    r->has_review = r->has_review && (parts & PART_REVIEW) == 0;
}

static bool has_nobody(const struct label *l)
{
    uint64_t any = 0;
    for (unsigned i = 0; i < ARRAY_LEN(l->nobody); i++) {
        any |= l->nobody[i];
    }
    return any != 0;
}

static err label_writable(const struct label *l, struct form_problem *p)
{
    if (!label_known(l)) {
        return problem_set(p, FAIL(UNKNOWN, "the label is not of a policy that is known"), 0,
                           (span){0});
    }
    return has_nobody(l)
               ? problem_set(p, FAIL(MALFORMED, "it would lose that nobody may read the label"), 0,
                             (span){0})
               : OK;
}

/* A buffer that is too small is known only at the end */
static err written(const struct writer *w, struct form_problem *p)
{
    return w->bad ? problem_set(p, FAIL(LIMIT, "there is no room for what is to be written"), 0,
                                (span){0})
                  : OK;
}

static err record_writable(const struct label_record *r, struct form_problem *p)
{
    TRY(label_writable(&r->label, p));
    if (r->has_successor) {
        TRY(label_writable(&r->successor, p));
    }
    bool typed = r->originator_type != ORIGINATOR_NONE;
    return typed == (r->originator[0] != '\0')
               ? OK
               : problem_set(p,
                             FAIL(MALFORMED, "an originator has no type, or a type no originator"),
                             0, (span){0});
}

err form_write(const struct form *f, const struct label_record *record, struct writer *w,
               struct form_problem *p)
{
    *p = (struct form_problem){0};
    if (f->write == NULL) {
        return problem_set(p, FAIL(UNKNOWN, "this form is not written"), 0, (span){0});
    }
    TRY(record_writable(record, p));
    unsigned lost = record_losses(f, record);
    if (lost != 0) {
        err why = {ERR_MALFORMED, part_sentence((enum form_part)(lost & -lost))};
        return problem_set(p, why, 0, (span){0});
    }
    TRY(f->write(record, w, p));
    return written(w, p);
}

err form_clearance_write(const struct form *f, const struct label_clearance *c, struct writer *w,
                         struct form_problem *p)
{
    *p = (struct form_problem){0};
    if (f->clearance_write == NULL) {
        return problem_set(p, FAIL(UNKNOWN, "this form has no clearances"), 0, (span){0});
    }
    if (err_is(clearance_valid(c))) {
        return problem_set(p, FAIL(MALFORMED, "the clearance is not valid under its policy"), 0,
                           (span){0});
    }
    TRY(f->clearance_write(c, w, p));
    return written(w, p);
}
