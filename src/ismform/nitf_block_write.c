/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/attributes.h"
#include "ismform/countries.h"
#include "ismform/nitf_said.h"

static const struct ism_rule rule_width = {"NITF-WIDTH", "MIL-STD-2500C", "",
                                           "the field is too short for it, and it is never cut"};

/* What the marking says is sorted into the fields; an attribute without one is a loss */
static err said_keep(void *to, span name, span value)
{
    struct block_work *w = to;
    enum said          which = said_of(name);
    if (span_is(name, "ISMCATCESVersion")) {
        return OK; /* the version of the table here: that of another does not read back the same */
    }
    if (which == SAID_COUNT) {
        return ismform_refuse(w->p, &rule_form_loss, ERR_UNKNOWN, (const char *)name.ptr, value, 0);
    }
    put_span(&w->said[which], value);
    return w->said[which].bad
               ? ismform_refuse(w->p, &rule_width, ERR_LIMIT, said_names[which], value, 0)
               : OK;
}

/* fields - a block being filled; blanks where nothing is put */
struct fields {
    uint8_t                 bytes[NITF_FIELD_COUNT][64];
    struct writer           each[NITF_FIELD_COUNT];
    struct ismform_problem *p;
};

static err field_put(struct fields *f, enum nitf_field which, const char *name, span value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] < ' ' || value.ptr[i] > '~') {
            return ismform_refuse(f->p, &rule_form_loss, ERR_UNKNOWN, name, value, 0);
        }
    }
    struct writer *w = &f->each[which];
    if (w->len + value.len > nitf_widths[which]) {
        return ismform_refuse(f->p, &rule_width, ERR_LIMIT, name, value, 0);
    }
    put_span(w, value);
    return OK;
}

static err code_put(struct fields *f, enum nitf_field which, const char *name, span code)
{
    if (f->each[which].len > 0) {
        TRY(field_put(f, which, name, SPAN_LIT(" ")));
    }
    return field_put(f, which, name, code);
}

static const char *digraph_of(const char *attribute, span token)
{
    for (size_t i = 0; i < ARRAY_LEN(digraphs); i++) {
        if (strcmp(digraphs[i].attribute, attribute) == 0 && span_is(token, digraphs[i].token)) {
            return digraphs[i].two;
        }
    }
    return NULL;
}

/* The first control has the field of its own; codes of SCI come before the others in theirs */
static err controls_put(struct block_work *w, struct fields *f)
{
    static const enum said from[] = {SAID_SCI, SAID_AEA, SAID_NONUS, SAID_DISSEM, SAID_NONIC};
    for (size_t i = 0; i < ARRAY_LEN(from); i++) {
        const char *name = said_names[from[i]];
        for (span rest = writer_span(&w->said[from[i]]); rest.len > 0;) {
            span        token = span_cut(&rest, ' ');
            const char *two = digraph_of(name, token);
            if (from[i] == SAID_SCI) {
                TRY(code_put(f, NITF_CODE, name, token));
            } else if (two != NULL) {
                bool first = f->each[NITF_CTLH].len == 0;
                TRY(code_put(f, first ? NITF_CTLH : NITF_CODE, name, span_text(two)));
            } else if (!span_is(token, "REL")) {
                return ismform_refuse(w->p, &rule_form_loss, ERR_UNKNOWN, name, token, 0);
            }
        }
    }
    return OK;
}

/* One way to say until when, and one to say who; a marking with two of them loses one */
static err only_one(struct block_work *w, const enum said *which, size_t count)
{
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        struct writer *said = &w->said[which[i]];
        if (found && said->len > 0) {
            return ismform_refuse(w->p, &rule_form_loss, ERR_UNKNOWN, said_names[which[i]],
                                  writer_span(said), 0);
        }
        found |= said->len > 0;
    }
    return OK;
}

static err declassifying_put(struct block_work *w, struct fields *f)
{
    static const enum said ways[] = {SAID_DATE, SAID_EVENT, SAID_EXCEPTION};
    span day = writer_span(&w->said[SAID_DATE]), event = writer_span(&w->said[SAID_EVENT]);
    span code = writer_span(&w->said[SAID_EXCEPTION]);
    TRY(only_one(w, ways, ARRAY_LEN(ways)));
    if (day.len > 0) {
        TRY(field_put(f, NITF_DCTP, "declassDate", SPAN_LIT("DD")));
        for (span rest = day; rest.len > 0;) {
            TRY(field_put(f, NITF_DCDT, "declassDate", span_cut(&rest, '-')));
        }
    } else if (event.len > 0) {
        TRY(field_put(f, NITF_DCTP, "declassEvent", SPAN_LIT("DE")));
        TRY(field_put(f, NITF_CLTX, "declassEvent", event));
    } else if (code.len == 4 && span_starts(code, SPAN_LIT("25X"))) {
        TRY(field_put(f, NITF_DCTP, "declassException", SPAN_LIT("X")));
        TRY(field_put(f, NITF_DCXM, "declassException", SPAN_LIT("X25")));
        TRY(field_put(f, NITF_DCXM, "declassException", (span){code.ptr + 3, 1}));
    } else if (code.len > 0) {
        return ismform_refuse(w->p, &rule_form_loss, ERR_UNKNOWN, "declassException", code, 0);
    }
    return OK;
}

static err authority_put(struct block_work *w, struct fields *f)
{
    static const enum said ways[] = {SAID_CLASSIFIED_BY, SAID_DERIVED_FROM};
    span                   by = writer_span(&w->said[SAID_CLASSIFIED_BY]);
    span                   from = writer_span(&w->said[SAID_DERIVED_FROM]);
    TRY(only_one(w, ways, ARRAY_LEN(ways)));
    if (by.len > 0) {
        TRY(field_put(f, NITF_CATP, "classifiedBy", SPAN_LIT("O")));
        TRY(field_put(f, NITF_CAUT, "classifiedBy", by));
    } else if (from.len > 0) {
        TRY(field_put(f, NITF_CATP, "derivedFrom", span_text(span_is(from, MULTIPLE) ? "M" : "D")));
        TRY(field_put(f, NITF_CAUT, "derivedFrom", from));
    }
    return field_put(f, NITF_CRSN, "classificationReason", writer_span(&w->said[SAID_REASON]));
}

static err level_put(struct block_work *w, struct fields *f)
{
    span level = writer_span(&w->said[SAID_LEVEL]), owner = writer_span(&w->said[SAID_OWNER]);
    const char *two = country_two(COUNTRY_ANY, owner);
    if (two == NULL) {
        return ismform_refuse(w->p, &rule_form_loss, ERR_UNKNOWN, "ownerProducer", owner, 0);
    }
    TRY(field_put(f, NITF_CLAS, "classification", (span){level.ptr, 1}));
    return field_put(f, NITF_CLSY, "ownerProducer", span_text(two));
}

/* The register's own codes: they are the same in every list */
static err release_put(struct block_work *w, struct fields *f)
{
    span list = writer_span(&w->said[SAID_RELEASE]);
    return list.len > nitf_widths[NITF_REL]
               ? ismform_refuse(w->p, &rule_width, ERR_LIMIT, "releasableTo", list, 0)
               : field_put(f, NITF_REL, "releasableTo", list);
}

err nitf_block_write(const struct groups *g, const struct ism *m, struct writer *w,
                     struct ismform_problem *p)
{
    struct block_work work = {.g = g, .p = p};
    struct fields     f = {.p = p};
    work_init(&work);
    for (unsigned i = 0; i < NITF_FIELD_COUNT; i++) {
        f.each[i] = WRITER_OF(f.bytes[i]);
    }
    TRY(ism_attributes_write(g, m, said_keep, &work, &p->fault));
    TRY(level_put(&work, &f));
    TRY(controls_put(&work, &f));
    TRY(release_put(&work, &f));
    TRY(declassifying_put(&work, &f));
    TRY(authority_put(&work, &f));
    for (unsigned i = 0; i < NITF_FIELD_COUNT; i++) {
        put_span(w, writer_span(&f.each[i]));
        for (size_t n = f.each[i].len; n < nitf_widths[i]; n++) {
            put_text(w, " ");
        }
    }
    return OK;
}
