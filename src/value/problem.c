/* SPDX-License-Identifier: Apache-2.0 */
#include "value/problem.h"

#include <stdarg.h>
#include <stdio.h>

void problem_say(struct value_problem *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(p->about, sizeof p->about, format, args);
    va_end(args);
}

void problem_text(struct value_problem *p, span text)
{
    char   shown[161];
    size_t len = text.len < sizeof shown - 1 ? text.len : sizeof shown - 1;
    for (size_t i = 0; i < len; i++) {
        shown[i] = text.ptr[i] >= ' ' && text.ptr[i] < 0x7f ? (char)text.ptr[i] : '?';
    }
    shown[len] = 0;
    problem_say(p, "%s", shown);
    (void)snprintf(p->value, sizeof p->value, "%.63s", shown);
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
