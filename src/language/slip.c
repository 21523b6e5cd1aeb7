/* SPDX-License-Identifier: Apache-2.0 */
#include "language/slip.h"

/* token_at - of the line; NULL where it has none */
static const struct token *token_at(const struct match *m, unsigned i)
{
    return i < m->line->count ? &m->line->token[i] : NULL;
}

/* before - the last token that fitted   slot  what is expected; SLOT_COUNT: a word */
struct slip {
    const struct token *before, *at, *next;
    enum slot           slot;
};

static bool joins(const struct token *t)
{
    return t != NULL && (token_is(t, "and") || token_is(t, "or"));
}

static bool slot_begins(const struct slip *s, const char *means)
{
    return s->slot != SLOT_COUNT && s->before != NULL &&
           span_starts(span_text(slot_table[s->slot].means), span_text(means));
}

/* number_len - how much of it a number takes: digits and points */
static size_t number_len(const struct token *t)
{
    size_t len = 0;
    while (len < t->text.len &&
           ((t->text.ptr[len] >= '0' && t->text.ptr[len] <= '9') || t->text.ptr[len] == '.')) {
        len++;
    }
    return len;
}

static bool is_comma(const struct token *t)
{
    return t != NULL && t->kind == TOKEN_COMMA;
}

static bool is_number(const struct token *t)
{
    return t != NULL && number_len(t) > 0 && number_len(t) == t->text.len;
}

static struct diagnostic *tell_at(struct diagnostics *d, const struct token *t,
                                  const char *sentence)
{
    return diagnostic_add(d, SEVERITY_ERROR, t->at, "%s", sentence);
}

static bool tell_joined(struct diagnostics *d, const struct slip *s)
{
    const struct token *t = joins(s->at) ? s->at : s->before;
    if (!joins(t)) {
        return false;
    }
    diagnostic_hint(tell_at(d, t, "the parts of a list are joined by commas"),
                    "write a comma in place of '" SPAN_FMT "'", SPAN_ARG(t->text));
    return true;
}

static bool tell_glued(struct diagnostics *d, const struct slip *s)
{
    if (!slot_begins(s, "NUMBER ") || number_len(s->before) == 0 || is_number(s->before)) {
        return false;
    }
    span unit = s->before->text, number = {unit.ptr, number_len(s->before)};
    unit.ptr += number.len;
    unit.len -= number.len;
    diagnostic_hint(tell_at(d, s->before, "a blank stands between a number and its unit"),
                    "write " SPAN_FMT " " SPAN_FMT, SPAN_ARG(number), SPAN_ARG(unit));
    return true;
}

static bool tell_grouped(struct diagnostics *d, const struct slip *s)
{
    if (!slot_begins(s, "NUMBER ") || !is_comma(s->at) || !is_number(s->before) ||
        !is_number(s->next)) {
        return false;
    }
    diagnostic_hint(tell_at(d, s->at, "a number has no comma in it"),
                    "write " SPAN_FMT SPAN_FMT ", or with a point what is a fraction",
                    SPAN_ARG(s->before->text), SPAN_ARG(s->next->text));
    return true;
}

static bool tell_parted(struct diagnostics *d, const struct slip *s)
{
    if (!slot_begins(s, "LATITUDE ") || !is_comma(s->at) || number_len(s->before) == 0) {
        return false;
    }
    diagnostic_hint(tell_at(d, s->at, "no comma stands between a latitude and its longitude"),
                    "such as: 37.57N 126.98E");
    return true;
}

bool slip_tell(struct diagnostics *d, const struct match *m)
{
    static bool (*const row[])(struct diagnostics * d, const struct slip *s) = {
        tell_joined, tell_glued, tell_grouped, tell_parted};
    bool        list = false;
    struct slip s = {m->at > 0 ? token_at(m, m->at - 1) : NULL, token_at(m, m->at),
                     token_at(m, m->at + 1), element_slot(m->expected, &list)};
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        if (row[i](d, &s)) {
            return true;
        }
    }
    return false;
}
