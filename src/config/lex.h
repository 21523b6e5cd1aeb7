/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONFIG_LEX_H
#define CONFIG_LEX_H

#include "base/err.h"
#include "base/span.h"
#include "config/stranger.h"

/* The one lexer: agreements, national rules and configuration files are lines of words.
 *
 * One statement a line; `#` starts a comment; a line that begins with a blank belongs to the last
 * one that did not.  Outside strings only ASCII stands, so no two names can look alike. */

/* Limits: a text is read by people, so what is longer than this is a mistake or an attack. */
#define LEX_TEXT_MAX   (1024 * 1024) /* bytes */
#define LEX_LINES_MAX  8192
#define LEX_WORD_MAX   255  /* bytes: longest path or address */
#define LEX_STRING_MAX 1000 /* bytes: a note that is longer wants to be two */
#define LEX_TOKENS_MAX 128  /* in a line: 64 names and their commas */

enum token_kind { TOKEN_WORD, TOKEN_STRING, TOKEN_COMMA, TOKEN_EQUALS, TOKEN_ARROW };

/* place - where something stands; line and column from 1, column and width in characters */
struct place {
    uint32_t line, column, width;
};

struct token {
    enum token_kind kind;
    span            text; /* a string's without its quotes */
    struct place    at;
};

/* lex_line - the tokens of one line that has any
 *
 * end      the place just after its last token: where something is missing
 * why      NULL, or what is wrong with it: a literal sentence; `token` holds what stood before
 * bad_at   where
 * shown    the byte or character that may not stand there; "" when something else is wrong
 * hint     what to do about it; NULL = nothing is known
 * whole    it stands in a comment or at the end: the tokens are those of the whole line all the same */
struct lex_line {
    bool         indented;
    unsigned     count;
    struct token token[LEX_TOKENS_MAX];
    struct place end;
    const char  *why, *hint;
    struct place bad_at;
    char         shown[STRANGER_SHOWN_SIZE];
    bool         whole;
};

/* lexer - a cursor over a text; the text must outlive its tokens */
struct lexer {
    span     rest;
    uint32_t line;        /* of the first byte of rest */
    bool     return_told; /* a line that ends with a carriage return was given, with `why` */
};

/* lex_begin - a cursor at the start of a text
 *
 * at      receives the place of what fails
 * fails   LIMIT past LEX_TEXT_MAX or LEX_LINES_MAX
 * cost    one pass; nothing is read of a text that is too long */
err lex_begin(span text, struct lexer *out, struct place *at);

/* lex_next - the next line that holds a token; false at the end of the text
 *
 * A line that is wrong is returned too, with `why`: the reader tells of it and goes on.  Wrong are
 * also bytes that are no UTF-8, control characters, and characters that reorder or hide what a
 * person reads (config/stranger.h), wherever they stand; of a text whose every line ends with a
 * carriage return the first one alone. */
bool lex_next(struct lexer *l, struct lex_line *out);

/* lex_text_line - line n (from 1) of a text, without its newline; empty past its end */
span lex_text_line(span text, uint32_t n);

/* token_is - is it this very word? */
bool token_is(const struct token *t, const char *word);

#endif
