/* SPDX-License-Identifier: Apache-2.0 */
#include "language/language.h"

#include <stdlib.h>

#include "language/draft.h"

static void draft_free(struct draft **draft)
{
    free(*draft);
}
#define DRAFT __attribute__((cleanup(draft_free))) struct draft

static struct draft *draft_new(const struct policies *policies, texts parents,
                               struct diagnostics *d)
{
    struct draft *draft = calloc(1, sizeof *draft);
    if (draft != NULL) {
        draft->policies = policies;
        draft->parents = parents;
        draft->d = d;
        draft->terms = &draft->agreement.terms;
    }
    return draft;
}

bool language_is_rules(span text)
{
    struct lexer    lexer;
    struct lex_line line;
    struct place    at;
    return !err_is(lex_begin(text, &lexer, &at)) && lex_next(&lexer, &line) && line.count > 0 &&
           token_is(&line.token[0], "rules");
}

static void opening_missing(struct draft *draft, const char *sentence, enum statement_kind kind)
{
    struct diagnostic *one =
        diagnostic_add(draft->d, SEVERITY_ERROR, (struct place){1, 1, 1}, "%s", sentence);
    diagnostic_hint(one, "such as: %s", statement_example(kind));
}

/* An arrangement without a line `parties` has those of what it stands under. */
static bool parent_missing(const struct draft *draft, const char **named)
{
    const struct agreement *a = &draft->agreement;
    unsigned                number;
    for (unsigned i = 0; i < a->under_count && !draft->kind_seen[STATEMENT_PARTIES]; i++) {
        if (err_is(texts_find(draft->parents, name_span(&a->under[i].agreement), &number))) {
            *named = a->under[i].agreement.text;
            return true;
        }
    }
    return false;
}

/* Where the first statement of the kind stands; else the line that opens the text. */
static struct place line_of(const struct draft *draft, enum statement_kind kind)
{
    for (unsigned i = 0; i < draft->tree.count; i++) {
        if (draft->tree.statement[i].form->kind == kind) {
            return draft->tree.statement[i].whole;
        }
    }
    return draft->opening_at;
}

static void parties_missing(struct draft *draft)
{
    const char *parent;
    if (!parent_missing(draft, &parent)) {
        diagnostic_add(draft->d, SEVERITY_ERROR, line_of(draft, STATEMENT_PARTIES),
                       "two parties at least are named by a line 'parties'");
        return;
    }
    struct diagnostic *one = diagnostic_add(
        draft->d, SEVERITY_ERROR, draft->opening_at,
        "its parties are not known: '%s', which it stands under, is not here", parent);
    diagnostic_hint(one, "give that text too, or name the parties by a line 'parties'");
}

/* What no single line shows. */
static void whole_agreement(struct draft *draft)
{
    struct agreement *a = &draft->agreement;
    if (draft->opened == 0 || draft->kind_seen[STATEMENT_RULES]) {
        opening_missing(draft, "a line 'agreement NAME \"title\"' opens the text",
                        STATEMENT_AGREEMENT);
    } else if (draft->kind_seen[STATEMENT_PARTIES] && a->parties == 0) {
        return; /* what that line names was told of */
    } else if (set_count(a->parties) < 2) {
        parties_missing(draft);
    }
}

static void whole_rules(struct draft *draft)
{
    if (draft->opened == 0 || !draft->kind_seen[STATEMENT_RULES]) {
        opening_missing(draft, "a line 'rules PARTY' opens the text", STATEMENT_RULES);
    }
}

/* Whoever is told of a mistake, and of nothing that could be done, sees how such a line is written. */
static void hints_complete(struct draft *draft)
{
    for (unsigned i = 0; i < draft->d->count; i++) {
        struct diagnostic *one = &draft->d->item[i];
        bool               wants = one->severity == SEVERITY_ERROR && one->hint[0] == 0;
        for (unsigned k = 0; wants && k < draft->tree.count; k++) {
            const struct statement *s = &draft->tree.statement[k];
            if (s->at.line == one->at.line) {
                diagnostic_hint(one, "such as: %s", statement_example(s->form->kind));
                break;
            }
        }
    }
}

/* Mistakes of form, of names and of the whole are told of in one run. */
static err draft_run(struct draft *draft, span text, void (*whole)(struct draft *draft))
{
    unsigned before = draft->d->errors;
    err      e = parse(text, &draft->tree, draft->d);
    if (e.code == ERR_LIMIT) {
        return e;
    }
    draft_compile(draft);
    if (!err_is(e)) {
        whole(draft);
    }
    hints_complete(draft);
    diagnostics_sort(draft->d);
    if (draft->d->errors != before) {
        return FAIL(MALFORMED, "the text has mistakes");
    }
    draft_order(draft);
    return OK;
}

/* What the caller gets is what a guard reads from the table, rows in their canonical order. */
static err through_table(const struct draft *draft, struct agreement *out)
{
    static const uint8_t no_digest[32];
    uint8_t              bytes[AGREEMENT_FORM_MAX];
    struct writer        w = WRITER_OF(bytes);
    agreement_write(draft->policies, &draft->agreement, &w);
    if (w.bad) {
        return FAIL(LIMIT, "the text names more than a compiled agreement can hold");
    }
    return agreement_read(draft->policies, writer_span(&w), no_digest, out);
}

static err run_agreement(span text, const struct policies *policies, texts parents,
                         struct diagnostics *d, bool check, struct agreement *out)
{
    DRAFT *draft = draft_new(policies, parents, d);
    if (draft == NULL) {
        return FAIL(FULL, "there is no memory to compile the text");
    }
    TRY(draft_run(draft, text, whole_agreement));
    if (check) {
        unsigned before = d->errors;
        draft_check(draft);
        diagnostics_sort(d);
        if (d->errors != before) {
            return FAIL(MALFORMED, "the text contradicts itself, or what it stands under");
        }
    }
    err e = through_table(draft, out);
    if (err_is(e)) {
        diagnostic_add(d, SEVERITY_ERROR, draft->opening_at, "%s", e.why);
    }
    return e;
}

static err run_rules(span text, const struct policies *policies, texts agreements,
                     struct diagnostics *d, bool check, struct rules *out)
{
    DRAFT *draft = draft_new(policies, agreements, d);
    if (draft == NULL) {
        return FAIL(FULL, "there is no memory to compile the text");
    }
    TRY(draft_run(draft, text, whole_rules));
    if (check) {
        draft_check_rules(draft);
        diagnostics_sort(d);
    }
    *out = draft->rules;
    return OK;
}

err language_compile(span text, const struct policies *policies, texts parents,
                     struct diagnostics *d, struct agreement *out)
{
    return run_agreement(text, policies, parents, d, false, out);
}

err language_check(span text, const struct policies *policies, texts parents, struct diagnostics *d,
                   struct agreement *out)
{
    return run_agreement(text, policies, parents, d, true, out);
}

err language_compile_rules(span text, const struct policies *policies, struct diagnostics *d,
                           struct rules *out)
{
    return run_rules(text, policies, (texts){0}, d, false, out);
}

err language_check_rules(span text, const struct policies *policies, texts agreements,
                         struct diagnostics *d, struct rules *out)
{
    return run_rules(text, policies, agreements, d, true, out);
}
