/* SPDX-License-Identifier: Apache-2.0 */
#include "language/format.h"

#include <stdlib.h>

#include "language/parse.h"

#define INDENT 4 /* blanks; a duty under a permission has twice as many */

/* formatter - what has been written
 *
 * next      statements of the tree before it are written
 * indented  of the last line    blank    an empty line stood after it */
struct formatter {
    const struct tree *tree;
    struct writer     *w;
    unsigned           next, lines;
    bool               indented, blank;
};

static unsigned depth_of(const struct statement *s)
{
    return s->form->part == PART_OPENING ? 0 : s->under ? 2 : 1;
}

/* Begins a line.  Empty lines are kept as one; before what stands at the margin there always is one. */
static void line_begin(struct formatter *f, unsigned depth)
{
    bool empty = f->lines > 0 && (f->blank || (depth == 0 && f->indented));
    put_text(f->w, empty ? "\n" : "");
    for (unsigned i = 0; i < depth * INDENT; i++) {
        put_u8(f->w, ' ');
    }
    f->lines += empty + 1u;
    f->indented = depth > 0;
    f->blank = false;
}

static void put_token(struct writer *w, const struct token *t, bool first)
{
    put_text(w, first || t->kind == TOKEN_COMMA ? "" : " ");
    put_text(w, t->kind == TOKEN_STRING ? "\"" : "");
    put_span(w, t->text);
    put_text(w, t->kind == TOKEN_STRING ? "\"" : "");
}

static void put_tokens(struct writer *w, const struct lex_line *line, unsigned from, unsigned to)
{
    for (unsigned i = from; i < to; i++) {
        put_token(w, &line->token[i], i == 0);
    }
}

/* The [...] of a row in the order of the form, taken[from .. to): what order they had means nothing. */
static void put_row(struct writer *w, const struct match *m, unsigned from, unsigned to)
{
    static const struct token comma = {.kind = TOKEN_COMMA, .text = {(const uint8_t *)",", 1}};
    unsigned                  written = 0;
    for (unsigned place = 0; place < OPTIONS_MAX; place++) {
        for (unsigned i = from; i < to; i++) {
            const struct taken *t = &m->taken[i];
            if (t->place != place) {
                continue;
            }
            if (t->comma && written > 0) {
                put_token(w, &comma, false);
            }
            put_tokens(w, m->line, t->first, t->first + t->count);
            written++;
        }
    }
}

static void put_statement(struct writer *w, const struct match *m)
{
    unsigned at = 0;
    for (unsigned i = 0; i < m->taken_count;) {
        unsigned            to = i;
        const struct taken *last = &m->taken[i];
        while (to < m->taken_count && m->taken[to].row == m->taken[i].row) {
            last = &m->taken[to++];
        }
        put_tokens(w, m->line, at, m->taken[i].first);
        put_row(w, m, i, to);
        at = last->first + last->count;
        i = to;
    }
    put_tokens(w, m->line, at, m->line->count);
}

/* From its '#' on, without blanks at its end; empty when the line has none. */
static span comment_of(span raw, const struct lex_line *line)
{
    const uint8_t *from = raw.ptr, *end = raw.ptr + raw.len;
    if (line->count > 0) {
        const struct token *last = &line->token[line->count - 1];
        from = last->text.ptr + last->text.len + (last->kind == TOKEN_STRING);
    }
    return span_trim((span){from, (size_t)(end - from)});
}

/* A comment belongs to the statement after it, but one that is indented to the article above. */
static unsigned comment_depth(const struct formatter *f, span raw)
{
    bool     indented = raw.ptr[0] == ' ' || raw.ptr[0] == '\t';
    unsigned depth = f->next < f->tree->count ? depth_of(&f->tree->statement[f->next]) : 0;
    return depth == 0 && indented ? 1 : depth;
}

static void line_format(struct formatter *f, span raw)
{
    struct lexer    lexer = {.rest = raw, .line = 1};
    struct lex_line line;
    struct match    m;
    if (!lex_next(&lexer, &line)) {
        line.count = 0;
    }
    span comment = comment_of(raw, &line);
    if (line.count > 0) {
        const struct statement *s = &f->tree->statement[f->next++];
        MUST(match_form(&line, s->form, &m));
        line_begin(f, depth_of(s));
        put_statement(f->w, &m);
        put_text(f->w, comment.len > 0 ? "  " : "");
    } else if (comment.len > 0) {
        line_begin(f, comment_depth(f, raw));
    } else {
        f->blank = true;
        return;
    }
    put_span(f->w, comment);
    put_u8(f->w, '\n');
}

err language_format(span text, struct diagnostics *d, struct writer *w)
{
    struct tree *tree = calloc(1, sizeof *tree);
    if (tree == NULL) {
        return FAIL(FULL, "there is no memory to read the text");
    }
    err              e = parse(text, tree, d);
    struct formatter f = {.tree = tree, .w = w};
    while (!err_is(e) && text.len > 0) {
        line_format(&f, span_cut(&text, '\n'));
    }
    free(tree);
    diagnostics_sort(d);
    TRY(e);
    if (w->bad || w->len > LEX_TEXT_MAX || f.lines > LEX_LINES_MAX) {
        return FAIL(LIMIT, "the text would be longer than 1 MiB or 8192 lines");
    }
    return OK;
}
