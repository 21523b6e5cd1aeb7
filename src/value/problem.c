/* SPDX-License-Identifier: Apache-2.0 */
#include "value/problem.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

void problem_say(struct value_problem *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(p->about, sizeof p->about, format, args);
    va_end(args);
}

/* At most `max` bytes, and no half of a character */
static size_t cut_whole(span text, size_t max)
{
    size_t len = text.len < max ? text.len : max;
    while (len > 0 && len < text.len && (text.ptr[len] & 0xc0) == 0x80) {
        len--;
    }
    return len;
}

void problem_text(struct value_problem *p, span text)
{
    char   shown[161];
    utf8   checked;
    size_t len = cut_whole(text, sizeof shown - 1);
    bool   plain = !err_is(text_utf8((span){text.ptr, len}, &checked));
    for (size_t i = 0; i < len; i++) {
        bool stays = text.ptr[i] >= ' ' && (text.ptr[i] < 0x7f || (plain && text.ptr[i] > 0x7f));
        shown[i] = stays ? (char)text.ptr[i] : '?';
    }
    shown[len] = 0;
    problem_say(p, "%s", shown);
    (void)snprintf(p->value, sizeof p->value, "%.*s",
                   (int)cut_whole(span_text(shown), sizeof p->value - 1), shown);
}

void problem_given(struct value_problem *p, const char *field, const char *text)
{
    p->given = field;
    problem_say(p, "%.200s", text == NULL ? "" : text);
    (void)snprintf(p->value, sizeof p->value, "%.63s", text == NULL ? "" : text);
}

err problem_of_label(struct value_problem *p, err e, const struct form_problem *said)
{
    if (said->line > 0) {
        problem_say(p, "line %u, byte %zu%s%s", said->line, said->offset,
                    said->value[0] != 0 ? ": " : "", said->value);
    } else {
        problem_say(p, "%s", said->value);
    }
    p->line = said->line;
    p->offset = said->offset;
    (void)snprintf(p->value, sizeof p->value, "%s", said->value);
    return said->why != NULL ? (err){e.code, said->why} : e;
}

err problem_of_register(struct value_problem *p, err e, const struct ism_fault *said, unsigned line,
                        size_t at)
{
    const char *from = said->from == NULL ? "" : said->from;
    const char *field = said->name == NULL ? "" : said->name;
    char        place[64] = "";
    if (line > 0) {
        (void)snprintf(place, sizeof place, "line %u, ", line);
    }
    problem_say(p, "%sbyte %zu%s%s%s%s; rule %s%s%s", place, at + said->at,
                field[0] != 0 ? ", " : "", field, said->value[0] != 0 ? ": " : "", said->value,
                said->rule == NULL ? "-" : said->rule, from[0] != 0 ? ", " : "", from);
    p->line = line;
    p->offset = at + said->at;
    (void)snprintf(p->value, sizeof p->value, "%s", said->value);
    return said->why != NULL ? (err){e.code, said->why} : e;
}
