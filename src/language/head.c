/* SPDX-License-Identifier: Apache-2.0 */
#include "language/compile.h"
#include "language/resolve.h"

static bool keep_title(struct draft *draft, const struct statement *s, char *out, size_t size)
{
    const struct token *t = slot_token(&draft->tree, s, SLOT_TITLE, 0);
    if (t->text.len >= size) {
        tell_hint(draft, t->at, "a title is shorter than 200 bytes", "say the rest in a note");
        return false;
    }
    if (t->text.len > 0 && memchr(t->text.ptr, '\t', t->text.len) != NULL) {
        tell_hint(draft, t->at, "a title holds no tab", "write a blank");
        return false;
    }
    memcpy(out, t->text.ptr, t->text.len);
    return true;
}

static void keep_name(struct draft *draft, const struct token *t, name *out)
{
    uint8_t first = t->text.len > 0 ? t->text.ptr[0] : '-';
    err     e = name_of(t->text, out);
    if (err_is(e)) {
        tell(draft, t->at, e.why);
    } else if (first == '-' || first == '.' || first == '_') {
        tell_hint(draft, t->at, "the name of an agreement begins with a letter or a digit",
                  "such as: GSOMIA");
    }
}

void open_agreement(struct draft *draft, const struct statement *s)
{
    struct agreement *a = &draft->agreement;
    a->binding = true;
    keep_name(draft, slot_token(&draft->tree, s, SLOT_NAME, 0), &a->name);
    keep_title(draft, s, a->title, sizeof a->title);
}

static bool already_under(const struct agreement *a, const name *parent)
{
    bool twice = name_equal(&a->name, parent);
    for (unsigned i = 0; i < a->under_count; i++) {
        twice = twice || name_equal(&a->under[i].agreement, parent);
    }
    return twice;
}

/* Stands under one more; its parties are taken over until a line `parties` says otherwise. */
static void add_parent(struct draft *draft, const struct token *t, uint8_t article)
{
    struct agreement *a = &draft->agreement;
    name              parent = {0};
    unsigned          number = 0;
    keep_name(draft, t, &parent);
    if (already_under(a, &parent)) {
        tell_hint(draft, t->at, "an arrangement stands under others, each named once",
                  "strike the second one, or its own name");
        return;
    }
    if (a->under_count == UNDER_MAX) {
        tell(draft, t->at, "an arrangement stands under 4 agreements at most");
        return;
    }
    a->under[a->under_count].agreement = parent;
    a->under[a->under_count++].article = article;
    if (!err_is(texts_find(draft->parents, name_span(&parent), &number))) {
        a->parties |= draft->parents.agreement[number].parties;
    } else {
        struct diagnostic *one = diagnostic_add(draft->d, SEVERITY_WARNING, t->at,
                                                "the agreement '" SPAN_FMT
                                                "' is not loaded: whether this only tightens it "
                                                "cannot be told",
                                                SPAN_ARG(t->text));
        struct nearest     n = nearest_to(t->text);
        for (unsigned i = 0; i < draft->parents.count; i++) {
            nearest_try(&n, name_span(&draft->parents.agreement[i].name));
        }
        if (nearest_found(&n)) {
            diagnostic_hint(one, "did you mean '" SPAN_FMT "'?", SPAN_ARG(n.best));
        } else {
            diagnostic_hint(one, "give its text too, so that this one can be held against it");
        }
    }
}

void open_arrangement(struct draft *draft, const struct statement *s)
{
    unsigned article = 0;
    open_agreement(draft, s);
    draft->agreement.arrangement = true;
    if (s->slot[SLOT_ARTICLE].count > 0 &&
        !resolve_number(draft, s, SLOT_ARTICLE, 1, UINT8_MAX, &article)) {
        return;
    }
    for (unsigned i = 0; i < s->slot[SLOT_UNDER].count; i++) {
        add_parent(draft, slot_token(&draft->tree, s, SLOT_UNDER, i), (uint8_t)article);
    }
}

void open_rules(struct draft *draft, const struct statement *s)
{
    draft->terms = &draft->rules.terms;
    (void)resolve_party(draft, s, SLOT_PARTY, &draft->rules.party);
}

void open_article(struct draft *draft, const struct statement *s)
{
    char     title[AGREEMENT_TITLE_MAX];
    unsigned number = 0;
    if (draft->kind_seen[STATEMENT_RULES]) {
        tell_hint(draft, s->whole, "national rules have no articles",
                  "strike this line: rules are numbered from the first of the file on");
        return;
    }
    keep_title(draft, s, title, sizeof title);
    if (!resolve_number(draft, s, SLOT_ARTICLE, 1, UINT8_MAX, &number)) {
        return;
    }
    if (draft->article_seen[number]) {
        tell_hint(draft, slot_token(&draft->tree, s, SLOT_ARTICLE, 0)->at,
                  "an article of that number stands above", "number each article once");
    }
    draft->article_seen[number] = true;
    draft->article = (uint8_t)number;
    draft->number = 0;
}

void head_parties(struct draft *draft, const struct statement *s)
{
    struct agreement *a = &draft->agreement;
    set64             parties = 0;
    if (!resolve_parties(draft, s, SLOT_PARTIES, &parties)) {
        return;
    }
    if (a->under_count > 0 && a->parties != 0 && !set_within(parties, a->parties)) {
        tell_hint(draft, s->whole, "an arrangement has no party that none of its agreements has",
                  "name parties of the agreements above alone");
    }
    a->parties = parties;
}

void head_signed(struct draft *draft, const struct statement *s)
{
    (void)resolve_date(draft, s, SLOT_DATE, &draft->agreement.signed_on);
}

/* A term begins on the day of entry into force: the table holds one date for both. */
void set_in_force(struct draft *draft, const struct statement *s)
{
    struct agreement *a = &draft->agreement;
    instant           day = 0;
    if (!resolve_date(draft, s, SLOT_DATE, &day)) {
        return;
    }
    if (a->in_force_on != 0 && a->in_force_on != day) {
        tell_hint(draft, slot_token(&draft->tree, s, SLOT_DATE, 0)->at,
                  "the term begins on the day on which the agreement enters into force",
                  "give both the same date");
    }
    a->in_force_on = day;
}

void head_term(struct draft *draft, const struct statement *s)
{
    unsigned years = 0;
    set_in_force(draft, s);
    if (!resolve_number(draft, s, SLOT_NUMBER, 1, TERM_YEARS_MAX, &years)) {
        return;
    }
    if (instant_add_years(draft->agreement.in_force_on, (int)years) > DAY_LAST) {
        tell_hint(draft, s->whole, "the term ends after the last day that can be named",
                  "end it on 9999-12-31 or before");
    } else {
        draft->agreement.term_years = (uint16_t)years;
        draft->agreement.extends = s->form->value != 0;
    }
}

void head_notice(struct draft *draft, const struct statement *s)
{
    unsigned days = 0;
    if (resolve_number(draft, s, SLOT_NUMBER, 1, NOTICE_DAYS_MAX, &days)) {
        draft->agreement.notice_days = (uint16_t)days;
    }
}

void head_not_binding(struct draft *draft, const struct statement *s)
{
    (void)s;
    draft->agreement.binding = false;
}

void head_after_end(struct draft *draft, const struct statement *s)
{
    draft->agreement.after = (enum after_end)s->form->value;
    draft->after_at = s->whole;
}

/* Nothing of it stands in the table; the text says it to people. */
void says_to_people(struct draft *draft, const struct statement *s)
{
    (void)draft;
    (void)s;
}

struct parameter *parameter_find(struct draft *draft, span wanted)
{
    for (unsigned i = 0; i < draft->parameter_count; i++) {
        if (span_equal(draft->parameter[i].name, wanted)) {
            return &draft->parameter[i];
        }
    }
    return NULL;
}

void head_parameter(struct draft *draft, const struct statement *s)
{
    const struct token *t = slot_token(&draft->tree, s, SLOT_NAME, 0);
    struct parameter    p = {.name = t->text, .at = t->at};
    if (p.name.ptr[0] >= '0' && p.name.ptr[0] <= '9') {
        tell_hint(draft, t->at,
                  "the name of a parameter begins with a letter: this reads as a number",
                  "such as: parameter RECEIPT-TIME = 24 hours");
        return;
    }
    if (!resolve_time(draft, s, PARAMETER_MS_MAX, &p.ms)) {
        return;
    }
    if (parameter_find(draft, p.name) != NULL) {
        tell_hint(draft, t->at, "this parameter has a value above",
                  "take another name, or strike one of the two");
    } else if (draft->parameter_count == PARAMETERS_MAX) {
        tell(draft, t->at, "an agreement has 8 parameters at most");
    } else {
        draft->parameter[draft->parameter_count++] = p;
    }
}

void head_claims(struct draft *draft, const struct statement *s)
{
    set64 topics = 0;
    if (!resolve_topics(draft, s, &topics)) {
        return;
    }
    if (topics == SET_ANY) {
        tell_hint(draft, s->whole, "an arrangement claims topics by name, not any",
                  "name each topic");
        return;
    }
    if (!draft->agreement.arrangement) {
        tell_hint(draft, s->whole, "an arrangement claims topics, an agreement does not",
                  "strike it, or write an arrangement");
    }
    draft->agreement.claims |= topics;
    draft->claims_at = s->whole;
}
