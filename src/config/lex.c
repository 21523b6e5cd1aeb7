/* SPDX-License-Identifier: Apache-2.0 */
#include "config/lex.h"

#include "config/stranger.h"

static uint32_t characters_in(span s)
{
    uint32_t count = 0;
    for (size_t i = 0; i < s.len; i++) {
        count += (s.ptr[i] & 0xc0) != 0x80;
    }
    return count;
}

static span span_from(span s, size_t at)
{
    return (span){s.ptr + at, s.len - at};
}

/* What stands before its first stranger, which is then in *out. */
static span plain_part(span line, struct stranger *out)
{
    size_t at = 0;
    while (at < line.len && !stranger_at(span_from(line, at), out)) {
        at += out->len;
    }
    return (span){line.ptr, at};
}

err lex_begin(span text, struct lexer *out, struct place *at)
{
    *at = (struct place){1, 1, 1};
    if (text.len > LEX_TEXT_MAX) {
        return FAIL(LIMIT, "the text is longer than 1 MiB");
    }
    for (span rest = text; rest.len > 0; at->line++) {
        if (at->line > LEX_LINES_MAX) {
            return FAIL(LIMIT, "the text has more than 8192 lines");
        }
        (void)span_cut(&rest, '\n');
    }
    *out = (struct lexer){.rest = text, .line = 1};
    return OK;
}

static bool is_word(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != 0 && strchr("-_.:/@+[]", c) != NULL);
}

static size_t word_len(span s)
{
    size_t len = 0;
    while (len < s.len && is_word(s.ptr[len])) {
        len++;
    }
    return len;
}

/* One token at the start of s: how many bytes it takes, 0 with *why when it is none. */
static size_t token_take(span s, struct token *out, const char **why)
{
    *out = (struct token){.kind = TOKEN_WORD, .text = {s.ptr, word_len(s)}};
    if (out->text.len > 0) {
        *why = out->text.len > LEX_WORD_MAX ? "this word is longer than 255 characters" : NULL;
        return out->text.len;
    }
    if (s.ptr[0] == '"') {
        span rest = span_from(s, 1);
        out->kind = TOKEN_STRING;
        out->text = span_cut(&rest, '"');
        bool closed = out->text.len + 1 < s.len;
        *why = !closed                          ? "this string has no closing quote"
               : out->text.len > LEX_STRING_MAX ? "this string is longer than 1000 bytes"
                                                : NULL;
        return out->text.len + 2;
    }
    out->kind = s.ptr[0] == ',' ? TOKEN_COMMA : TOKEN_EQUALS;
    size_t len = 1;
    if (span_starts(s, SPAN_LIT("=>"))) {
        out->kind = TOKEN_ARROW;
        len = 2;
    }
    out->text = (span){s.ptr, len};
    *why = s.ptr[0] >= 0x80
               ? "outside a string in quotes stand ASCII letters only; another script has "
                 "letters that look like them"
           : s.ptr[0] != ',' && s.ptr[0] != '='
               ? "this character has no meaning here outside a string in quotes"
               : NULL;
    return len;
}

static size_t blanks_len(span s)
{
    size_t len = 0;
    while (len < s.len && (s.ptr[len] == ' ' || s.ptr[len] == '\t')) {
        len++;
    }
    return len;
}

static void line_fail(struct lex_line *out, struct place at, const char *why)
{
    out->why = why;
    out->bad_at = at;
}

/* What to do about a word, string or sign that is none. */
static const char *hint_for(span s)
{
    static const struct {
        const char *text, *hint;
    } row[] = {
        {"\"", "close it with \" in the same line"},
        {"\xe2\x80\x9c", "quotes are written as \"so\""},
        {"\xe2\x80\x9d", "quotes are written as \"so\""},
        {"\xe2\x80\x98", "quotes are written as \"so\""},
        {"\xe2\x80\x99", "quotes are written as \"so\""},
        {"\xe3\x80\x8c", "quotes are written as \"so\""},
        {"'", "quotes are written as \"so\""},
        {"\xc2\xa0", "write a plain blank"},
        {"\xe3\x80\x80", "write a plain blank"},
        {";", "take it out: a line ends a statement"},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        if (span_starts(s, span_text(row[i].text))) {
            return row[i].hint;
        }
    }
    return s.ptr[0] >= 0x80
               ? "write it with letters of ASCII; titles and notes, in quotes, take any script"
               : "take it out, or write titles and notes in quotes";
}

/* Takes the token at `at` into the line; false when the line ends there or is wrong. */
static bool line_take(span line, size_t *at, struct lex_line *out)
{
    size_t          blanks = blanks_len(span_from(line, *at));
    struct token    t;
    const char     *why = NULL;
    struct stranger other;
    *at += blanks;
    out->end.column += (uint32_t)blanks;
    if (*at == line.len || line.ptr[*at] == '#') {
        out->end.column -= (uint32_t)blanks;
        return false;
    }
    size_t len = token_take(span_from(line, *at), &t, &why);
    len = len < line.len - *at ? len : line.len - *at;
    t.at =
        (struct place){out->end.line, out->end.column, characters_in((span){line.ptr + *at, len})};
    if (why == NULL && out->count == LEX_TOKENS_MAX) {
        why = "this line has more than 128 words and signs";
    }
    if (why != NULL) {
        line_fail(out, t.at, why);
        out->hint = hint_for(span_from(line, *at));
        (void)stranger_at(span_from(line, *at), &other);
        memcpy(out->shown, other.shown, sizeof out->shown);
        return false;
    }
    out->token[out->count++] = t;
    out->end.column += t.at.width;
    *at += len;
    return true;
}

/* A text from a system that ends each line with two characters has one mistake, not one a line. */
static span return_told(struct lexer *l, span line)
{
    bool ends = line.len > 0 && line.ptr[line.len - 1] == '\r';
    line.len -= ends && l->return_told;
    l->return_told = l->return_told || ends;
    return line;
}

/* Of what follows a stranger no token is taken, unless none could stand there. */
static void line_strange(struct lex_line *out, span line, size_t at, size_t taken,
                         const struct stranger *one)
{
    bool comment = taken < at && line.ptr[taken] == '#';
    bool last = line.ptr[at] == '\r' && at + 1 == line.len;
    out->whole = out->why == NULL && (comment || last);
    line_fail(out, (struct place){out->end.line, 1 + characters_in((span){line.ptr, at}), 1},
              one->why);
    out->hint = one->hint;
    memcpy(out->shown, one->shown, sizeof out->shown);
}

static void line_lex(span line, struct lex_line *out)
{
    struct stranger one = {0};
    span            plain = plain_part(line, &one);
    size_t          at = 0;
    out->count = 0;
    out->why = out->hint = NULL;
    out->shown[0] = 0;
    out->whole = false;
    out->indented = blanks_len(line) > 0;
    while (line_take(plain, &at, out)) {
    }
    if (plain.len < line.len) {
        line_strange(out, line, plain.len, at, &one);
    }
}

/* A mark of byte order before the first line hides nothing of it. */
static void line_marked(span line, struct lex_line *out)
{
    struct stranger mark;
    MUST(stranger_at(line, &mark));
    out->end.column++;
    line_lex(span_from(line, mark.len), out);
    if (out->why != NULL) {
        out->bad_at.column += out->shown[0] != 0;
        return;
    }
    out->whole = true;
    line_fail(out, (struct place){1, 1, 1}, mark.why);
    out->hint = "save the text as UTF-8 without a mark of byte order";
    memcpy(out->shown, mark.shown, sizeof out->shown);
}

bool lex_next(struct lexer *l, struct lex_line *out)
{
    while (l->rest.len > 0) {
        span line = return_told(l, span_cut(&l->rest, '\n'));
        out->end = (struct place){l->line++, 1, 1};
        bool marked = out->end.line == 1 && span_starts(line, SPAN_LIT("\xef\xbb\xbf"));
        (marked ? line_marked : line_lex)(line, out);
        if (out->count > 0 || out->why != NULL) {
            return true;
        }
    }
    return false;
}

span lex_text_line(span text, uint32_t n)
{
    span line = {text.ptr, 0};
    for (uint32_t i = 0; i < n; i++) {
        line = span_cut(&text, '\n');
    }
    return line;
}

bool token_is(const struct token *t, const char *word)
{
    return t->kind == TOKEN_WORD && span_is(t->text, word);
}
