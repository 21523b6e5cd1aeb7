/* SPDX-License-Identifier: Apache-2.0 */
#include "language/match.h"

span element_next(span *pattern)
{
    *pattern = span_trim(*pattern);
    if (pattern->len == 0 || pattern->ptr[0] != '[') {
        return span_cut(pattern, ' ');
    }
    span group = {pattern->ptr + 1, pattern->len - 1};
    span inner = span_cut(&group, ']');
    *pattern = group;
    return (span){inner.ptr - 1, inner.len + 2};
}

enum slot element_slot(span element, bool *list)
{
    *list = false;
    if (element.len < 3 || element.ptr[0] != '<') {
        return SLOT_COUNT;
    }
    span inner = {element.ptr + 1, element.len - 2};
    if (inner.ptr[inner.len - 1] == ',') {
        *list = true;
        inner.len--;
    }
    for (unsigned i = 0; i < SLOT_COUNT; i++) {
        if (span_is(inner, slot_table[i].name)) {
            return (enum slot)i;
        }
    }
    return SLOT_COUNT;
}

/* row - several [...] that stand side by side in a form */
struct row {
    unsigned count, number;
    bool     comma;
    span     option[OPTIONS_MAX]; /* without its brackets; empty once the line has had it */
};

span leading_words(span pattern)
{
    span    out = {pattern.ptr, 0};
    uint8_t first = pattern.len > 0 ? pattern.ptr[0] : '<';
    while (first != '<' && first != '[') {
        span element = element_next(&pattern);
        out.len = (size_t)(element.ptr + element.len - out.ptr);
        pattern = span_trim(pattern);
        first = pattern.len > 0 ? pattern.ptr[0] : '<';
    }
    return out;
}

static bool is_group(span element)
{
    return element.len > 0 && element.ptr[0] == '[';
}

static void row_add(struct row *r, span element)
{
    r->comma = element.ptr[1] == ',' && element.ptr[2] != ' ';
    r->option[r->count++] = (span){element.ptr + 1 + r->comma, element.len - 2 - r->comma};
}

/* Does the token fit a word of the form, or one of several that are joined by '|'? */
static bool token_fits(const struct token *t, span element)
{
    while (t->kind != TOKEN_STRING && element.len > 0) {
        if (span_equal(span_cut(&element, '|'), t->text)) {
            return true;
        }
    }
    return false;
}

static bool fail_at(struct match *m, span element)
{
    m->expected = element;
    return false;
}

static bool match_word(struct match *m, span element)
{
    if (m->at == m->line->count || !token_fits(&m->line->token[m->at], element)) {
        return fail_at(m, element);
    }
    m->at++;
    m->literals++;
    return true;
}

static bool fills(const struct match *m, enum slot slot)
{
    const struct token *t = &m->line->token[m->at];
    if (m->at == m->line->count) {
        return false;
    }
    if (slot_table[slot].string) {
        return t->kind == TOKEN_STRING;
    }
    return t->kind == TOKEN_WORD && !word_reserved(t->text);
}

/* Do the words with which the option begins stand at this place of the line? */
static bool option_begins(const struct match *m, unsigned at, span option)
{
    bool list = false;
    for (span e = element_next(&option); e.len > 0 && element_slot(e, &list) == SLOT_COUNT;
         e = element_next(&option), at++) {
        if (at >= m->line->count || !token_fits(&m->line->token[at], e)) {
            return false;
        }
    }
    return true;
}

static bool row_begins(const struct match *m, unsigned at, const struct row *r)
{
    for (unsigned i = 0; r != NULL && i < r->count; i++) {
        if (r->option[i].len > 0 && option_begins(m, at, r->option[i])) {
            return true;
        }
    }
    return false;
}

/* In a row with commas a list ends before the comma that is the row's. */
static bool list_goes_on(const struct match *m, const struct row *r)
{
    return m->at < m->line->count && m->line->token[m->at].kind == TOKEN_COMMA &&
           (r == NULL || !r->comma || !row_begins(m, m->at + 1, r));
}

static bool match_slot(struct match *m, span element, enum slot slot, const struct row *r)
{
    struct run *run = &m->slot[slot];
    bool        list = element.ptr[element.len - 2] == ',';
    run->first = (uint16_t)m->at;
    for (bool more = true; more;) {
        for (unsigned i = 0; i < slot_table[slot].words; i++) {
            if (!fills(m, slot)) {
                return fail_at(m, element);
            }
            m->at++;
        }
        more = list && list_goes_on(m, r);
        m->at += more;
    }
    run->count = (uint16_t)(m->at - run->first);
    return true;
}

/* An element that is no [...]. */
static bool match_element(struct match *m, span element, const struct row *r)
{
    bool      list = false;
    enum slot slot = element_slot(element, &list);
    return slot == SLOT_COUNT ? match_word(m, element) : match_slot(m, element, slot, r);
}

static bool match_plain(struct match *m, span pattern, const struct row *r)
{
    for (span element = element_next(&pattern); element.len > 0; element = element_next(&pattern)) {
        if (!match_element(m, element, r)) {
            return false;
        }
    }
    return true;
}

static span first_word(span option)
{
    return element_next(&option);
}

/* One [...] of the row at this place of the line, if any begins here; false when it does not fit. */
static bool match_option(struct match *m, struct row *r, bool *found)
{
    unsigned comma =
        r->comma && m->taken_count > 0 && m->taken[m->taken_count - 1].row == r->number;
    *found = false;
    if (comma > 0 && (m->at == m->line->count || m->line->token[m->at].kind != TOKEN_COMMA)) {
        return true;
    }
    for (unsigned i = 0; i < r->count && m->at + comma < m->line->count; i++) {
        span option = r->option[i];
        if (option.len == 0 || !token_fits(&m->line->token[m->at + comma], first_word(option))) {
            continue;
        }
        m->at += comma;
        struct taken *t = &m->taken[m->taken_count++];
        *t = (struct taken){(uint16_t)m->at, 0, (uint8_t)r->number, (uint8_t)i, r->comma};
        r->option[i].len = 0;
        *found = true;
        bool good = match_plain(m, option, r);
        t->count = (uint16_t)(m->at - t->first);
        return good;
    }
    return true;
}

/* In a row with commas a comma that nothing of the row follows is one too many. */
static bool row_goes_on(const struct match *m, const struct row *r, unsigned before)
{
    return r->comma && m->option_count > 0 && m->taken_count > before && m->at < m->line->count &&
           m->line->token[m->at].kind == TOKEN_COMMA;
}

/* Tries each [...] of a row until none fits; each at most once. */
static bool match_row(struct match *m, struct row *r)
{
    bool     found = true;
    unsigned before = m->taken_count;
    while (found) {
        if (!match_option(m, r, &found)) {
            return false;
        }
    }
    m->option_count = 0;
    for (unsigned i = 0; i < r->count; i++) {
        if (r->option[i].len > 0) {
            m->option[m->option_count++] = r->option[i];
        }
    }
    bool missing = r->comma && m->taken_count == before;
    if (row_goes_on(m, r, before)) {
        m->at++;
        missing = true;
    }
    return !missing || fail_at(m, first_word(m->option[0]));
}

bool match_form(const struct lex_line *line, const struct form *form, struct match *out)
{
    *out = (struct match){.line = line, .form = form};
    span     pattern = span_text(form->pattern);
    span     element = element_next(&pattern);
    unsigned rows = 0;
    while (element.len > 0) {
        struct row r = {.number = rows++};
        for (; is_group(element) && r.count < OPTIONS_MAX; element = element_next(&pattern)) {
            row_add(&r, element);
        }
        if (!match_row(out, &r)) {
            return false;
        }
        if (element.len > 0) {
            if (!match_element(out, element, NULL)) {
                return false;
            }
            out->option_count = 0;
            element = element_next(&pattern);
        }
    }
    out->expected = (span){NULL, 0};
    return out->at == line->count;
}
