/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/attributes.h"
#include "ismform/countries.h"
#include "ismform/nitf_said.h"

static const struct ism_rule
    rule_system = {"NITF-SYSTEM", "MIL-STD-2500C", "",
                   "the fields do not say whose classification it is"},
    rule_country = {"COUNTRY", "", "",
                    "two letters that are no country here, or not the same one in every list"},
    rule_field = {"NITF-FIELD", "MIL-STD-2500C", "",
                  "no marking has what this field says, so it would be lost"},
    rule_value = {"NITF-VALUE", "MIL-STD-2500C", "", "a value that this field cannot have"},
    rule_clas = {"NITF-LEVEL", "MIL-STD-2500C", "", "a classification is T, S, C, R or U"};

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

/* Blanks in CLSY say that no system applies, which is so of what is U and has nothing else.  The USA
 * made the format: its plain UNCLASSIFIED opens nothing to anybody else. */
static bool no_system_applies(const struct nitf_block *b)
{
    size_t said = 0;
    for (unsigned f = NITF_CLSY; f < NITF_FIELD_COUNT; f++) {
        said += b->field[f].len;
    }
    return said == 0 && span_is(b->field[NITF_CLAS], "U");
}

static err owner_take(struct block_work *w)
{
    span system = w->b->field[NITF_CLSY];
    if (no_system_applies(w->b)) {
        token_say(w, SAID_OWNER, SPAN_LIT("USA"));
        return OK;
    }
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
