/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/attributes.h"
#include "ismform/countries.h"
#include "ismform/nitf.h"

static const struct ism_rule
    rule_system = {"NITF-SYSTEM", "MIL-STD-2500C", "",
                   "the fields do not say whose classification it is"},
    rule_country = {"COUNTRY", "", "",
                    "two letters that are no country here, or not the same one in every list"},
    rule_field = {"NITF-FIELD", "MIL-STD-2500C", "",
                  "no marking has what this field says, so it would be lost"},
    rule_value = {"NITF-VALUE", "MIL-STD-2500C", "", "a value that this field cannot have"},
    rule_clas = {"NITF-LEVEL", "MIL-STD-2500C", "", "a classification is T, S, C, R or U"},
    rule_width = {"NITF-WIDTH", "MIL-STD-2500C", "",
                  "the field is too short for it, and it is never cut"};

/* digraph - a control in two letters, in SCTLH or SCODE; any other code in SCODE is of SCI */
static const struct digraph {
    const char *two, *attribute, *token;
} digraphs[] = {
    {"AT", "nonUSControls", "ATOMAL"},       {"CN", "atomicEnergyMarkings", "RD-CNWDI"},
    {"RD", "atomicEnergyMarkings", "RD"},    {"RF", "atomicEnergyMarkings", "FRD"},
    {"FO", "disseminationControls", "FOUO"}, {"NC", "disseminationControls", "NOCON"},
    {"OR", "disseminationControls", "OC"},   {"PI", "disseminationControls", "PR"},
    {"UO", "disseminationControls", "NF"},   {"DS", "nonICmarkings", "DS"},
};

/* The attributes that a block can say */
enum said {
    SAID_LEVEL,
    SAID_OWNER,
    SAID_SCI,
    SAID_AEA,
    SAID_NONUS,
    SAID_DISSEM,
    SAID_NONIC,
    SAID_RELEASE,
    SAID_CLASSIFIED_BY,
    SAID_DERIVED_FROM,
    SAID_REASON,
    SAID_DATE,
    SAID_EVENT,
    SAID_EXCEPTION,
    SAID_COUNT
};

static const char *const said_names[SAID_COUNT] = {
    "classification", "ownerProducer",         "SCIcontrols",          "atomicEnergyMarkings",
    "nonUSControls",  "disseminationControls", "nonICmarkings",        "releasableTo",
    "classifiedBy",   "derivedFrom",           "classificationReason", "declassDate",
    "declassEvent",   "declassException"};

/* VALUE_MAX - one attribute of a block: a release list of ten groups is the longest */
#define VALUE_MAX 256

/* block_work - a block on its way to or from attributes */
struct block_work {
    const struct groups     *g;
    const struct nitf_block *b;
    struct ismform_problem  *p;
    size_t                   base;
    struct writer            said[SAID_COUNT];
    uint8_t                  bytes[SAID_COUNT][VALUE_MAX];
};

static void work_init(struct block_work *w)
{
    for (unsigned i = 0; i < SAID_COUNT; i++) {
        w->said[i] = WRITER_OF(w->bytes[i]);
    }
}

static enum said said_of(span attribute)
{
    unsigned i = 0;
    while (i < SAID_COUNT && !span_is(attribute, said_names[i])) {
        i++;
    }
    return i;
}

static void token_say(struct block_work *w, enum said which, span token)
{
    put_text(&w->said[which], w->said[which].len > 0 ? " " : "");
    put_span(&w->said[which], token);
}

static err field_refuse(struct block_work *w, const struct ism_rule *rule, enum nitf_field f)
{
    size_t at = w->base;
    for (unsigned i = 0; i < (unsigned)f; i++) {
        at += nitf_widths[i];
    }
    return ismform_refuse(w->p, rule, ERR_MALFORMED, nitf_names[f], w->b->field[f], at);
}

static err level_take(struct block_work *w)
{
    span level = w->b->field[NITF_CLAS];
    if (level.len != 1 || memchr("TSCRU", level.ptr[0], 5) == NULL) {
        return field_refuse(w, &rule_clas, NITF_CLAS);
    }
    token_say(w, SAID_LEVEL, span_is(level, "T") ? SPAN_LIT("TS") : level);
    return OK;
}

static err owner_take(struct block_work *w)
{
    span system = w->b->field[NITF_CLSY];
    if (system.len == 0) {
        return field_refuse(w, &rule_system, NITF_CLSY);
    }
    const char *code = country_of(COUNTRY_ANY, system);
    if (code == NULL) {
        return field_refuse(w, &rule_country, NITF_CLSY);
    }
    token_say(w, SAID_OWNER, span_text(code));
    return OK;
}

static void control_take(struct block_work *w, span token)
{
    for (size_t i = 0; i < ARRAY_LEN(digraphs); i++) {
        if (span_is(token, digraphs[i].two)) {
            token_say(w, said_of(span_text(digraphs[i].attribute)), span_text(digraphs[i].token));
            return;
        }
    }
    token_say(w, SAID_SCI, token);
}

/* Codes with one blank between; none may be empty, so two blanks are refused */
static err code_next(struct block_work *w, enum nitf_field f, span *rest, span *token)
{
    bool more = memchr(rest->ptr, ' ', rest->len) != NULL;
    *token = span_cut(rest, ' ');
    return token->len == 0 || (more && rest->len == 0) ? field_refuse(w, &rule_value, f) : OK;
}

static err controls_take(struct block_work *w, enum nitf_field f)
{
    for (span rest = w->b->field[f], token = {0}; rest.len > 0;) {
        TRY(code_next(w, f, &rest, &token));
        control_take(w, token);
    }
    return OK;
}

static err release_take(struct block_work *w)
{
    span rest = w->b->field[NITF_REL], token = {0};
    if (rest.len > 0) {
        token_say(w, SAID_DISSEM, SPAN_LIT("REL"));
    }
    while (rest.len > 0) {
        TRY(code_next(w, NITF_REL, &rest, &token));
        const char *code = token.len == 2 ? country_of(COUNTRY_ANY, token) : NULL;
        if (token.len == 2 && code == NULL && !span_is(token, "EU")) {
            return field_refuse(w, &rule_country, NITF_REL);
        }
        token_say(w, SAID_RELEASE, code != NULL ? span_text(code) : token);
    }
    return OK;
}

/* "20511122" as 2051-11-22 */
static err date_take(struct block_work *w)
{
    span day = w->b->field[NITF_DCDT];
    if (day.len != nitf_widths[NITF_DCDT]) {
        return field_refuse(w, &rule_value, NITF_DCDT);
    }
    put_span(&w->said[SAID_DATE], (span){day.ptr, 4});
    put_text(&w->said[SAID_DATE], "-");
    put_span(&w->said[SAID_DATE], (span){day.ptr + 4, 2});
    put_text(&w->said[SAID_DATE], "-");
    put_span(&w->said[SAID_DATE], (span){day.ptr + 6, 2});
    return OK;
}

/* "X251" is 25X1; the exemptions X1 to X8 of an older order are no more */
static err exemption_take(struct block_work *w)
{
    span code = w->b->field[NITF_DCXM];
    if (code.len != 4 || !span_starts(code, SPAN_LIT("X25"))) {
        return field_refuse(w, &rule_field, NITF_DCXM);
    }
    put_text(&w->said[SAID_EXCEPTION], "25X");
    put_span(&w->said[SAID_EXCEPTION], (span){code.ptr + 3, 1});
    return OK;
}

static err event_take(struct block_work *w)
{
    span text = w->b->field[NITF_CLTX];
    if (text.len == 0) {
        return field_refuse(w, &rule_value, NITF_CLTX);
    }
    put_span(&w->said[SAID_EVENT], text);
    return OK;
}

/* declassifying - what the type says, and which fields then speak; the others must be blank */
static const struct declassifying {
    const char *type;
    err (*take)(struct block_work *w);
    enum nitf_field speaks;
} declassifyings[] = {
    {"DD", date_take, NITF_DCDT}, {"DE", event_take, NITF_CLTX}, {"X", exemption_take, NITF_DCXM}};

static err declassifying_take(struct block_work *w)
{
    static const enum nitf_field tied[] = {NITF_DCDT, NITF_DCXM, NITF_CLTX};
    const struct declassifying  *d = NULL;
    span                         type = w->b->field[NITF_DCTP];
    for (size_t i = 0; i < ARRAY_LEN(declassifyings); i++) {
        d = span_is(type, declassifyings[i].type) ? &declassifyings[i] : d;
    }
    if (d == NULL && type.len > 0) {
        return field_refuse(w, &rule_field, NITF_DCTP);
    }
    for (size_t i = 0; i < ARRAY_LEN(tied); i++) {
        if ((d == NULL || tied[i] != d->speaks) && w->b->field[tied[i]].len > 0) {
            return field_refuse(w, &rule_field, tied[i]);
        }
    }
    return d != NULL ? d->take(w) : OK;
}

#define MULTIPLE "Multiple Sources"

static err authority_take(struct block_work *w)
{
    span type = w->b->field[NITF_CATP], who = w->b->field[NITF_CAUT];
    bool many = span_is(type, "M");
    if (type.len == 0) {
        return who.len > 0 ? field_refuse(w, &rule_field, NITF_CAUT) : OK;
    }
    if (!many && !span_is(type, "O") && !span_is(type, "D")) {
        return field_refuse(w, &rule_value, NITF_CATP);
    }
    if (who.len == 0 || many != span_is(who, MULTIPLE)) {
        return field_refuse(w, &rule_value, NITF_CAUT);
    }
    put_span(&w->said[span_is(type, "O") ? SAID_CLASSIFIED_BY : SAID_DERIVED_FROM], who);
    return OK;
}

static err rest_take(struct block_work *w)
{
    static const enum nitf_field unsaid[] = {NITF_DG, NITF_DGDT, NITF_SRDT, NITF_CTLN};
    for (size_t i = 0; i < ARRAY_LEN(unsaid); i++) {
        if (w->b->field[unsaid[i]].len > 0) {
            return field_refuse(w, &rule_field, unsaid[i]);
        }
    }
    put_span(&w->said[SAID_REASON], w->b->field[NITF_CRSN]);
    return OK;
}

static err said_read(struct block_work *w, struct ism *out)
{
    struct ism_attribute given[SAID_COUNT];
    struct ism           m;
    size_t               count = 0;
    for (unsigned i = 0; i < SAID_COUNT; i++) {
        if (w->said[i].len > 0) {
            given[count++] =
                (struct ism_attribute){span_text(said_names[i]), writer_span(&w->said[i])};
        }
    }
    w->p->at = w->base;
    TRY(ism_attributes_read(w->g, given, count, &m, &w->p->fault));
    TRY(ism_attributes_rules(w->g, &m, &w->p->fault));
    *out = m;
    return OK;
}

err nitf_block_read(const struct groups *g, const struct nitf_block *b, struct ism *out,
                    struct ismform_problem *p)
{
    struct block_work w = {.g = g, .b = b, .p = p, .base = p->at};
    work_init(&w);
    TRY(level_take(&w));
    TRY(owner_take(&w));
    TRY(controls_take(&w, NITF_CODE));
    TRY(controls_take(&w, NITF_CTLH));
    TRY(release_take(&w));
    TRY(declassifying_take(&w));
    TRY(authority_take(&w));
    TRY(rest_take(&w));
    return said_read(&w, out);
}

/* Writing: what the marking says is sorted into the fields; an attribute without one is a loss */
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
