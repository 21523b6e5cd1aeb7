/* SPDX-License-Identifier: Apache-2.0 */
#include "language/parse.h"

#include "config/nearest.h"
#include "language/slip.h"

/* Which statements an indented line may be: what the last line that is not indented began. */
enum context { CONTEXT_NONE, CONTEXT_AGREEMENT, CONTEXT_RULES };

/* indent      of the lines since the last one that is not indented; no pointer before the first
 * permission  the line above is one, or a part of one
 * lost        the line above is wrong, so nobody knows what stands under it */
struct parser {
    struct tree        *tree;
    struct diagnostics *d;
    enum context        context;
    span                indent;
    bool                permission, lost;
};

static bool part_fits(enum context context, const struct lex_line *line, enum part part)
{
    if (!line->indented) {
        return part == PART_OPENING;
    }
    return part == PART_DEFINE ||
           (part != PART_OPENING && (part == PART_RULE) == (context == CONTEXT_RULES));
}

static void hint_example(struct diagnostic *one, enum statement_kind kind)
{
    diagnostic_hint(one, "such as: %s", statement_example(kind));
}

static void hint_nearest(struct diagnostic *one, const struct nearest *n)
{
    if (nearest_found(n)) {
        diagnostic_hint(one, "did you mean '" SPAN_FMT "'?", SPAN_ARG(n->best));
    }
}

/* The words that statements of this part begin with or, in a form that begins with a name, that
 * stand second. */
static void try_keywords(const struct parser *p, const struct lex_line *line, unsigned place,
                         struct nearest *n)
{
    for (unsigned i = 0; i < grammar_count; i++) {
        bool list;
        span pattern = span_text(grammar[i].pattern);
        span first = element_next(&pattern);
        bool named = element_slot(first, &list) != SLOT_COUNT;
        if (part_fits(p->context, line, grammar[i].part) && named == (place == 1)) {
            nearest_try(n, named ? element_next(&pattern) : first);
        }
    }
}

static bool keyword_anywhere(span word)
{
    for (unsigned i = 0; i < grammar_count; i++) {
        span pattern = span_text(grammar[i].pattern);
        if (span_equal(element_next(&pattern), word)) {
            return true;
        }
    }
    return false;
}

/* Written as names of parties are. */
static bool is_name(const struct token *t)
{
    return t->kind == TOKEN_WORD && t->text.len > 1 && t->text.ptr[0] >= 'A' &&
           t->text.ptr[0] <= 'Z' && t->text.ptr[1] >= 'A' && t->text.ptr[1] <= 'Z';
}

static void tell_unknown(const struct parser *p, const struct lex_line *line)
{
    const struct token *t = &line->token[0];
    struct nearest      n = nearest_to(t->text);
    try_keywords(p, line, 0, &n);
    if (!nearest_found(&n) && line->count > 1) {
        struct nearest second = nearest_to(line->token[1].text);
        try_keywords(p, line, 1, &second);
        if (nearest_found(&second)) {
            t = &line->token[1];
            n = second;
        }
    }
    struct diagnostic *one =
        diagnostic_add(p->d, SEVERITY_ERROR, t->at, "no statement reads like this");
    if (t == line->token && keyword_anywhere(t->text)) {
        diagnostic_hint(one, line->indented ? "this statement is not indented, or does not belong "
                                              "into this kind of text"
                                            : "this statement is indented under the line that it "
                                              "belongs to");
    } else if (nearest_found(&n)) {
        hint_nearest(one, &n);
    } else {
        hint_example(one, !line->indented                 ? STATEMENT_ARTICLE
                          : p->context == CONTEXT_RULES   ? STATEMENT_RULE_HOLD
                          : line->count > 1 && is_name(t) ? STATEMENT_MAY
                                                          : STATEMENT_NOTE);
    }
}

/* ---- what could have stood there ---- */

#define POSSIBLE_MAX 24

/* possible - the beginnings of all that could stand at a place, each once
 *
 * words     of the grammar, then (from `named` on) what a name there means: "a kind" */
struct possible {
    unsigned count, named;
    span     words[POSSIBLE_MAX];
};

/* Does a list that has `longer` need no `words`?  Whole words are compared: `within` is no `with`. */
static bool says_already(span longer, span words)
{
    return span_starts(longer, words) && (longer.len == words.len || longer.ptr[words.len] == ' ');
}

static void possible_add(struct possible *all, span words)
{
    for (unsigned i = 0; i < all->count; i++) {
        if (says_already(all->words[i], words)) {
            return;
        }
    }
    if (words.len > 0 && all->count < POSSIBLE_MAX) {
        all->words[all->count++] = words;
    }
}

static void possible_of(struct possible *all, const struct match *m)
{
    bool list = false;
    span expected = m->expected;
    for (unsigned i = 0; i < m->option_count; i++) {
        possible_add(all, leading_words(m->option[i]));
    }
    while (expected.len > 0 && element_slot(m->expected, &list) == SLOT_COUNT) {
        possible_add(all, span_cut(&expected, '|'));
    }
}

static void possible_name(struct possible *all, const struct match *m)
{
    bool      list = false;
    enum slot slot = element_slot(m->expected, &list);
    if (slot != SLOT_COUNT) {
        span words = span_text(slot_table[slot].expected);
        possible_add(all, span_cut(&words, ','));
    }
}

/* Of all forms that the line fits as far as it does the best. */
static void possible_find(const struct parser *p, const struct match *best, struct possible *all,
                          void (*take)(struct possible *all, const struct match *m))
{
    take(all, best);
    for (unsigned i = 0; i < grammar_count; i++) {
        struct match m;
        if (part_fits(p->context, best->line, grammar[i].part) &&
            !match_form(best->line, &grammar[i], &m) && m.literals > 0 && m.at == best->at) {
            take(all, &m);
        }
    }
}

static bool begins_duty(const struct token *t)
{
    for (unsigned i = 0; i < grammar_count; i++) {
        span pattern = span_text(grammar[i].pattern);
        if (grammar[i].part == PART_DUTY && span_equal(element_next(&pattern), t->text)) {
            return true;
        }
    }
    return false;
}

/* A comma and a duty behind a permission, whose first word a list may have taken. */
static bool duty_follows(const struct match *m)
{
    for (unsigned at = m->at; at > 1 && at + 1 >= m->at && at < m->line->count; at--) {
        if (m->line->token[at - 1].kind == TOKEN_COMMA && begins_duty(&m->line->token[at])) {
            return true;
        }
    }
    return false;
}

static void hint_possible(struct diagnostic *one, const struct possible *all)
{
    char          text[DIAGNOSTIC_SENTENCE_SIZE] = "";
    struct writer w = writer_of(text, sizeof text - 1);
    for (unsigned i = 0; i < all->count; i++) {
        put_text(&w, i == 0 ? "here can stand: " : ", ");
        put_span(&w, all->words[i]);
    }
    bool sentence_says = all->count == 1 && (all->named == 0 || one->sentence[0] == '\'');
    if (all->count > 0 && !sentence_says) {
        diagnostic_hint(one, "%s", text);
    }
}

/* A slip of the hand, a duty in the line of its permission, or else all that can stand there. */
static void hint_mismatch(const struct parser *p, const struct match *m, struct diagnostic *one)
{
    bool                at_end = m->at == m->line->count;
    const struct token *t = at_end ? NULL : &m->line->token[m->at];
    struct nearest      n = nearest_to(at_end ? (span){NULL, 0} : t->text);
    struct possible     all = {0};
    possible_find(p, m, &all, possible_of);
    all.named = all.count;
    possible_find(p, m, &all, possible_name);
    for (unsigned i = 0; i < all.named && !at_end; i++) {
        span words = all.words[i];
        nearest_try(&n, span_cut(&words, ' '));
    }
    if (duty_follows(m)) {
        diagnostic_hint(one,
                        "a duty of a permission stands in a line of its own, indented under it");
    } else if (!at_end && nearest_found(&n)) {
        hint_nearest(one, &n);
    } else {
        hint_possible(one, &all);
    }
}

/* Does a part of the statement begin here that it has had already? */
static bool said_already(const struct match *m)
{
    unsigned at = m->at + (m->at < m->line->count && m->line->token[m->at].kind == TOKEN_COMMA);
    for (unsigned i = 0; i < m->taken_count && at < m->line->count; i++) {
        if (span_equal(m->line->token[m->taken[i].first].text, m->line->token[at].text)) {
            return true;
        }
    }
    return false;
}

static void tell_mismatch(const struct parser *p, const struct match *m)
{
    bool               at_end = m->at == m->line->count;
    struct place       at = at_end ? m->line->end : m->line->token[m->at].at;
    bool               list = false;
    enum slot          slot = element_slot(m->expected, &list);
    struct diagnostic *one;
    if (slip_tell(p->d, m)) {
        return;
    }
    if (slot == SLOT_COUNT && said_already(m)) {
        one = diagnostic_add(p->d, SEVERITY_ERROR, at, "the statement has said this already");
        diagnostic_hint(one, "each part is said once: keep the one that counts");
        return;
    }
    if (m->expected.len == 0) {
        one = diagnostic_add(p->d, SEVERITY_ERROR, at, "the statement could end before this");
    } else if (slot != SLOT_COUNT) {
        one = diagnostic_add(p->d, SEVERITY_ERROR, at, "%s is expected here",
                             slot_table[slot].expected);
    } else if (!at_end && m->option_count > 1 && span_starts(m->option[0], m->expected)) {
        one = diagnostic_add(p->d, SEVERITY_ERROR, at,
                             "'" SPAN_FMT "' is none of the words that can stand here",
                             SPAN_ARG(m->line->token[m->at].text));
    } else {
        span word = m->expected;
        span first = span_cut(&word, '|');
        one = diagnostic_add(p->d, SEVERITY_ERROR, at, "'" SPAN_FMT "' is expected here",
                             SPAN_ARG(first));
    }
    hint_mismatch(p, m, one);
    if (one->hint[0] == 0) {
        hint_example(one, m->form->kind);
    }
}

/* The slots' words of the line into the tree, without the commas. */
static bool slots_keep(struct tree *tree, const struct match *m, struct statement *s)
{
    for (unsigned slot = 0; slot < SLOT_COUNT; slot++) {
        s->slot[slot].first = (uint16_t)tree->token_count;
        for (unsigned i = 0; i < m->slot[slot].count; i++) {
            const struct token *t = &m->line->token[m->slot[slot].first + i];
            if (t->kind == TOKEN_COMMA) {
                continue;
            }
            if (tree->token_count == TREE_TOKENS_MAX) {
                return false;
            }
            tree->token[tree->token_count++] = *t;
            s->slot[slot].count++;
        }
    }
    return true;
}

/* The blanks before the first token. */
static span line_indent(const struct lex_line *line)
{
    const struct token *t = &line->token[0];
    size_t              len = t->at.column - 1;
    return (span){t->text.ptr - (t->kind == TOKEN_STRING) - len, len};
}

static bool deeper(span indent, span than)
{
    return than.ptr != NULL && indent.len > than.len && span_starts(indent, than);
}

/* The lines under one that is not indented stand in one column, so that what is deeper is meant so. */
static void tell_indent(struct parser *p, const struct statement *s, span indent)
{
    const char *why = NULL, *hint = NULL;
    if (s->under && indent.len == p->indent.len + 1 && indent.ptr[indent.len - 1] == ' ') {
        why = "a part of the permission above is indented by two blanks or more";
        hint = "indent it by four more than the permission";
    } else if (!s->under && deeper(indent, p->indent)) {
        why = "only a duty of the permission right above stands deeper than the other lines";
        hint = "begin it in the column of the lines above that are no duties of a permission";
    } else if (!s->under && p->indent.ptr != NULL && !span_equal(indent, p->indent)) {
        why = "this line is not indented as those above it";
        hint = "begin all in one column, with blanks alone or tabs alone";
    }
    if (why != NULL && !p->lost) {
        diagnostic_hint(diagnostic_add(p->d, SEVERITY_ERROR, s->at, "%s", why), "%s", hint);
    }
}

static void indent_enter(struct parser *p, struct statement *s, span indent)
{
    enum statement_kind kind = s->form->kind;
    if (s->form->part == PART_OPENING) {
        p->indent = (span){NULL, 0};
        p->permission = p->lost = false;
        return;
    }
    s->under = s->form->part == PART_DUTY && p->permission && deeper(indent, p->indent);
    tell_indent(p, s, indent);
    if (p->lost && deeper(indent, p->indent)) {
        return;
    }
    p->lost = false;
    if (!s->under) {
        p->indent = p->indent.ptr == NULL ? indent : p->indent;
        p->permission = kind == STATEMENT_MAY || kind == STATEMENT_EITHER_MAY;
    }
}

static void statement_keep(struct parser *p, const struct form *form, const struct match *m)
{
    struct place     at = m->line->token[0].at;
    struct statement s = {.form = form, .at = at, .whole = at};
    s.whole.width = m->line->end.column - at.column;
    indent_enter(p, &s, line_indent(m->line));
    if (p->tree->count == STATEMENTS_MAX || !slots_keep(p->tree, m, &s)) {
        diagnostic_add(p->d, SEVERITY_ERROR, at, "the text has more statements than it may have");
        return;
    }
    p->tree->statement[p->tree->count++] = s;
}

static enum context context_after(enum context before, const struct lex_line *line)
{
    if (line->indented || line->count == 0) {
        return before;
    }
    bool article = token_is(&line->token[0], "article") && before != CONTEXT_NONE;
    return article                              ? before
           : token_is(&line->token[0], "rules") ? CONTEXT_RULES
                                                : CONTEXT_AGREEMENT;
}

static bool reached_further(const struct match *a, const struct match *b)
{
    return a->literals > 0 && (b->literals == 0 || a->at > b->at);
}

/* The first form that the whole line fits; NULL when there is none: then the one that got furthest is
 * in out. */
static const struct form *form_of_line(enum context context, const struct lex_line *line,
                                       struct match *out)
{
    *out = (struct match){.line = line};
    for (unsigned i = 0; i < grammar_count; i++) {
        struct match m;
        if (!part_fits(context, line, grammar[i].part)) {
            continue;
        }
        if (match_form(line, &grammar[i], &m)) {
            *out = m;
            return &grammar[i];
        }
        *out = reached_further(&m, out) ? m : *out;
    }
    return NULL;
}

static void line_parse(struct parser *p, const struct lex_line *line)
{
    struct match m;
    if (line->why != NULL) {
        diagnostic_of_line(p->d, line);
    }
    if (line->why != NULL && !line->whole) {
        p->lost = true;
        p->context = context_after(p->context, line);
        return;
    }
    if (line->count == 0) {
        return;
    }
    if (line->indented && p->context == CONTEXT_NONE) {
        hint_example(diagnostic_add(
                         p->d, SEVERITY_ERROR, line->token[0].at,
                         "a text begins with 'agreement', 'arrangement' or 'rules', not indented"),
                     STATEMENT_AGREEMENT);
        p->context = CONTEXT_AGREEMENT;
        return;
    }
    const struct form *form = form_of_line(p->context, line, &m);
    p->lost = p->lost || form == NULL;
    if (form != NULL) {
        statement_keep(p, form, &m);
    } else if (m.literals == 0) {
        tell_unknown(p, line);
    } else {
        tell_mismatch(p, &m);
    }
    p->context = context_after(p->context, line);
}

err parse(span text, struct tree *out, struct diagnostics *d)
{
    struct lexer lexer;
    struct place at;
    err          e = lex_begin(text, &lexer, &at);
    if (err_is(e)) {
        diagnostic_add(d, SEVERITY_ERROR, at, "%s", e.why);
        return e;
    }
    unsigned        before = d->errors;
    struct parser   p = {.tree = out, .d = d};
    struct lex_line line;
    out->count = out->token_count = 0;
    while (lex_next(&lexer, &line)) {
        line_parse(&p, &line);
    }
    if (d->errors != before) {
        return FAIL(MALFORMED, "the text has mistakes");
    }
    return OK;
}

const struct token *slot_token(const struct tree *t, const struct statement *s, enum slot slot,
                               unsigned i)
{
    return &t->token[s->slot[slot].first + i];
}
