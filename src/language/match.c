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

static bool is_group(span element)
{
    return element.len > 0 && element.ptr[0] == '[';
}

static span group_inner(span element)
{
    return (span){element.ptr + 1, element.len - 2};
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

static bool match_slot(struct match *m, span element, enum slot slot, bool list)
{
    struct run *run = &m->slot[slot];
    run->first = (uint16_t)m->at;
    for (bool more = true; more;) {
        if (!fills(m, slot)) {
            return fail_at(m, element);
        }
        m->at++;
        more = list && m->at < m->line->count && m->line->token[m->at].kind == TOKEN_COMMA;
        m->at += more;
    }
    run->count = (uint16_t)(m->at - run->first);
    return true;
}

/* An element that is no [...]. */
static bool match_element(struct match *m, span element)
{
    bool      list = false;
    enum slot slot = element_slot(element, &list);
    return slot == SLOT_COUNT ? match_word(m, element) : match_slot(m, element, slot, list);
}

static bool match_plain(struct match *m, span pattern)
{
    for (span element = element_next(&pattern); element.len > 0; element = element_next(&pattern)) {
        if (!match_element(m, element)) {
            return false;
        }
    }
    return true;
}

static span first_word(span group)
{
    return element_next(&group);
}

/* Tries each [...] of a row until none fits; each at most once. */
static bool match_options(struct match *m, span *group, unsigned count)
{
    bool again = true;
    while (again) {
        again = false;
        for (unsigned i = 0; i < count; i++) {
            if (group[i].len == 0 || m->at == m->line->count ||
                !token_fits(&m->line->token[m->at], first_word(group[i]))) {
                continue;
            }
            if (!match_plain(m, group[i])) {
                return false;
            }
            group[i].len = 0;
            again = true;
        }
    }
    m->option_count = 0;
    for (unsigned i = 0; i < count; i++) {
        if (group[i].len > 0) {
            m->option[m->option_count++] = first_word(group[i]);
        }
    }
    return true;
}

bool match_form(const struct lex_line *line, const struct form *form, struct match *out)
{
    *out = (struct match){.line = line};
    span pattern = span_text(form->pattern);
    span element = element_next(&pattern);
    while (element.len > 0) {
        span     group[OPTIONS_MAX];
        unsigned count = 0;
        for (; is_group(element) && count < OPTIONS_MAX; element = element_next(&pattern)) {
            group[count++] = group_inner(element);
        }
        if (!match_options(out, group, count)) {
            return false;
        }
        if (element.len > 0) {
            if (!match_element(out, element)) {
                return false;
            }
            out->option_count = 0;
            element = element_next(&pattern);
        }
    }
    out->expected = (span){NULL, 0};
    return out->at == line->count;
}
