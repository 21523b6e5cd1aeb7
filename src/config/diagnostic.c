/* SPDX-License-Identifier: Apache-2.0 */
#include "config/diagnostic.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

#define GUTTER           5    /* columns for a line number */
#define LINE_SHOWN_MAX   4000 /* bytes: more than any statement that is written to be read */
#define STRANGE_LINE_MAX 1000 /* bytes of a line with what may stand in no text */

/* Cuts a text that snprintf shortened, so that it does not end within a character. */
static void cut_at_character(char text[static DIAGNOSTIC_SENTENCE_SIZE])
{
    size_t len = strlen(text);
    if (len < DIAGNOSTIC_SENTENCE_SIZE - 1) {
        return;
    }
    while (len > 0 && ((uint8_t)text[len - 1] & 0xc0) == 0x80) {
        len--;
    }
    text[len > 0 ? len - 1 : 0] = '\0';
}

/* Room for one more: when the list is full, an error takes the place of the last that is none. */
static struct diagnostic *room_for(struct diagnostics *d, enum severity severity)
{
    if (d->count < DIAGNOSTICS_MAX) {
        return &d->item[d->count++];
    }
    d->left_out++;
    for (unsigned i = DIAGNOSTICS_MAX; severity == SEVERITY_ERROR && i > 0; i--) {
        if (d->item[i - 1].severity != SEVERITY_ERROR) {
            return &d->item[i - 1];
        }
    }
    return &d->spare;
}

static bool is_listed(const struct diagnostics *d, const struct diagnostic *one)
{
    for (unsigned i = 0; i < d->count; i++) {
        const struct diagnostic *other = &d->item[i];
        if (other->severity == one->severity && other->at.line == one->at.line &&
            other->at.column == one->at.column && strcmp(other->sentence, one->sentence) == 0) {
            return true;
        }
    }
    return false;
}

struct diagnostic *diagnostic_add(struct diagnostics *d, enum severity severity, struct place at,
                                  const char *sentence, ...)
{
    d->errors += severity == SEVERITY_ERROR;
    struct diagnostic *one = &d->spare;
    *one = (struct diagnostic){.severity = severity, .at = at};
    va_list args;
    va_start(args, sentence);
    (void)vsnprintf(one->sentence, sizeof one->sentence, sentence, args);
    va_end(args);
    cut_at_character(one->sentence);
    if (is_listed(d, one)) {
        return one;
    }
    struct diagnostic *kept = room_for(d, severity);
    if (kept != one) {
        *kept = *one;
    }
    return kept;
}

void diagnostic_hint(struct diagnostic *one, const char *hint, ...)
{
    va_list args;
    va_start(args, hint);
    (void)vsnprintf(one->hint, sizeof one->hint, hint, args);
    va_end(args);
    cut_at_character(one->hint);
}

void diagnostic_of_line(struct diagnostics *d, const struct lex_line *line)
{
    const char        *mark = line->shown[0] != 0 ? ": " : "";
    struct diagnostic *one =
        diagnostic_add(d, SEVERITY_ERROR, line->bad_at, "%s%s%s", line->why, mark, line->shown);
    if (line->hint != NULL) {
        diagnostic_hint(one, "%s", line->hint);
    }
}

static bool stands_after(const struct diagnostic *a, const struct diagnostic *b)
{
    return a->at.line != b->at.line ? a->at.line > b->at.line : a->at.column > b->at.column;
}

void diagnostics_sort(struct diagnostics *d)
{
    for (unsigned i = 1; i < d->count; i++) {
        struct diagnostic one = d->item[i];
        unsigned          at = i;
        for (; at > 0 && stands_after(&d->item[at - 1], &one); at--) {
            d->item[at] = d->item[at - 1];
        }
        d->item[at] = one;
    }
}

void diagnostics_keep_errors(struct diagnostics *d)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < d->count; i++) {
        if (d->item[i].severity == SEVERITY_ERROR) {
            d->item[kept++] = d->item[i];
        }
    }
    d->count = kept;
    d->left_out = d->errors > kept ? d->errors - kept : 0;
}

static const char *severity_name(enum severity s)
{
    static const char *const text[] = {
        [SEVERITY_ERROR] = "error", [SEVERITY_WARNING] = "warning", [SEVERITY_NOTE] = "note"};
    return text[s];
}

/* Columns of a terminal that a character takes: those of China, Japan and Korea take two. */
static unsigned columns_of(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } wide[] = {
        {0x1100, 0x115f}, {0x2e80, 0xa4cf}, {0xac00, 0xd7a3}, {0xf900, 0xfaff},
        {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x20000, 0x3fffd},
    };
    for (size_t i = 0; i < ARRAY_LEN(wide); i++) {
        if (c >= wide[i].first && c <= wide[i].last) {
            return 2;
        }
    }
    return 1;
}

/* Columns that the character at the start of a line takes as put_line shows it, and the rest. */
static unsigned columns_take(span *s, bool *tab)
{
    struct stranger one;
    uint32_t        c = 0;
    unsigned        columns = stranger_at(*s, &one)        ? (unsigned)strlen(one.shown)
                              : text_character(*s, &c) > 0 ? columns_of(c)
                                                           : 1;
    *tab = c == '\t';
    *s = (span){s->ptr + one.len, s->len - one.len};
    return columns;
}

static void put_times(struct writer *w, uint8_t c, unsigned times)
{
    for (unsigned i = 0; i < times; i++) {
        put_u8(w, c);
    }
}

/* Blanks up to the place (tabs stay, so that both lines move alike), then ^~~~ as wide as it is. */
static void put_underline(struct writer *w, span line, struct place at)
{
    bool tab;
    for (uint32_t i = 1; i < at.column && line.len > 0; i++) {
        unsigned columns = columns_take(&line, &tab);
        put_times(w, tab ? '\t' : ' ', columns);
    }
    unsigned width = 0;
    for (uint32_t i = 0; i < at.width && line.len > 0; i++) {
        width += columns_take(&line, &tab);
    }
    put_u8(w, '^');
    put_times(w, '~', width > 1 ? width - 1 : 0);
}

/* A line may hold anything: what may stand in no text is shown by its number. */
static void put_line(struct writer *w, span line)
{
    while (line.len > 0) {
        struct stranger one;
        bool            strange = stranger_at(line, &one);
        if (strange) {
            put_text(w, one.shown);
        } else {
            put_span(w, (span){line.ptr, one.len});
        }
        line = (span){line.ptr + one.len, line.len - one.len};
    }
}

static void put_gutter(struct writer *w, uint32_t number)
{
    unsigned digits = 1;
    for (uint32_t n = number; n >= 10; n /= 10) {
        digits++;
    }
    put_times(w, ' ', number == 0 ? GUTTER : digits < GUTTER ? GUTTER - digits : 0);
    if (number > 0) {
        put_decimal(w, number);
    }
}

/* What is no text, or a line without end, could fill the screen: then only the sentence is shown. */
static bool line_printable(span line)
{
    utf8 checked;
    return line.len > 0 && line.len <= LINE_SHOWN_MAX &&
           (line.len <= STRANGE_LINE_MAX || !err_is(text_utf8(line, &checked)));
}

static void put_excerpt(struct writer *w, span line, struct place at)
{
    put_gutter(w, at.line);
    put_text(w, " | ");
    put_line(w, line);
    put_u8(w, '\n');
    put_gutter(w, 0);
    put_text(w, " | ");
    put_underline(w, line, at);
    put_u8(w, '\n');
}

static void put_one(struct writer *w, const struct diagnostic *one, span file, span text)
{
    span line = lex_text_line(text, one->at.line);
    put_span(w, file);
    put_u8(w, ':');
    put_decimal(w, one->at.line);
    put_u8(w, ':');
    put_decimal(w, one->at.column);
    put_text(w, ": ");
    put_text(w, severity_name(one->severity));
    put_text(w, ": ");
    put_text(w, one->sentence);
    put_u8(w, '\n');
    if (line_printable(line)) {
        put_excerpt(w, line, one->at);
    }
    if (one->hint[0] != '\0') {
        put_gutter(w, 0);
        put_text(w, " = ");
        put_text(w, one->hint);
        put_u8(w, '\n');
    }
}

static void put_member(struct writer *w, const char *key, uint32_t value)
{
    put_text(w, ",\"");
    put_text(w, key);
    put_text(w, "\":");
    put_decimal(w, value);
}

static void put_one_json(struct writer *w, const struct diagnostic *one, span file)
{
    put_text(w, "{\"severity\":\"");
    put_text(w, severity_name(one->severity));
    put_text(w, "\",\"file\":");
    put_json(w, file);
    put_member(w, "line", one->at.line);
    put_member(w, "column", one->at.column);
    put_member(w, "width", one->at.width);
    put_text(w, ",\"sentence\":");
    put_json(w, span_text(one->sentence));
    if (one->hint[0] != '\0') {
        put_text(w, ",\"hint\":");
        put_json(w, span_text(one->hint));
    }
    put_u8(w, '}');
}

static void put_all_json(const struct diagnostics *d, span file, struct writer *w)
{
    put_u8(w, '[');
    for (unsigned i = 0; i < d->count; i++) {
        put_text(w, i == 0 ? "" : ",");
        put_one_json(w, &d->item[i], file);
    }
    put_text(w, "]\n");
}

void diagnostics_put(const struct diagnostics *d, enum diagnostic_form form, span file, span text,
                     struct writer *w)
{
    if (form == DIAGNOSTIC_JSON) {
        put_all_json(d, file, w);
        return;
    }
    for (unsigned i = 0; i < d->count; i++) {
        put_one(w, &d->item[i], file, text);
    }
    if (d->left_out > 0) {
        put_text(w, "and ");
        put_decimal(w, d->left_out);
        put_text(w, " more\n");
    }
}
