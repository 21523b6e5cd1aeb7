/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "library/inside.h"

static const enum accord_code codes[] = {
    [ERR_NONE] = ACCORD_OK,           [ERR_MALFORMED] = ACCORD_MALFORMED,
    [ERR_UNKNOWN] = ACCORD_UNKNOWN,   [ERR_LIMIT] = ACCORD_LIMIT,
    [ERR_FULL] = ACCORD_FULL,         [ERR_DENIED] = ACCORD_DENIED,
    [ERR_CONFLICT] = ACCORD_CONFLICT, [ERR_STATE] = ACCORD_STATE,
    [ERR_FORGED] = ACCORD_MALFORMED,  [ERR_IO] = ACCORD_IO,
};

enum accord_code error_set(accord_error *e, err why, const struct value_problem *p)
{
    if (e != NULL) {
        memset(e, 0, sizeof *e);
        e->code = codes[why.code];
        e->sentence = why.why;
        if (err_is(why) && p != NULL) {
            e->problem = *p;
            if (p->given != NULL) {
                problem_say(&e->problem, "%s%s%.200s", p->given, p->about[0] != 0 ? ": " : "",
                            p->about);
            }
        }
    }
    return codes[why.code];
}

enum accord_code error_hold(accord_error *e, const struct label_hold *hold)
{
    struct value_problem p = {0};
    problem_text(&p, hold->value);
    (void)error_set(e, (err){ERR_DENIED, hold->why}, &p);
    if (e != NULL) {
        e->code = ACCORD_HOLD;
    }
    return ACCORD_HOLD;
}

accord_error *accord_error_new(void)
{
    return calloc(1, sizeof(accord_error));
}

void accord_error_free(accord_error *e)
{
    free(e);
}

enum accord_code accord_error_code(const accord_error *e)
{
    return e->code;
}

const char *accord_error_sentence(const accord_error *e)
{
    return e->sentence == NULL ? "" : e->sentence;
}

const char *accord_error_value(const accord_error *e)
{
    return e->problem.value;
}

const char *accord_error_about(const accord_error *e)
{
    return e->problem.about;
}

unsigned accord_error_line(const accord_error *e)
{
    return e->problem.line;
}

size_t accord_error_offset(const accord_error *e)
{
    return e->problem.offset;
}

struct writer text_begin(char *text, size_t max)
{
    if (max > 0) {
        text[0] = 0;
    }
    return writer_of(text, max > 0 ? max - 1 : 0);
}

err text_end(const struct writer *w, size_t max, size_t *len)
{
    if (w->bad || max == 0) {
        if (max > 0) {
            w->ptr[0] = 0;
        }
        return FAIL(LIMIT, "the buffer is too small");
    }
    w->ptr[w->len] = 0;
    if (len != NULL) {
        *len = w->len;
    }
    return OK;
}

uint64_t number_next(void)
{
    static atomic_uint_fast64_t last;
    return atomic_fetch_add(&last, 1) + 1;
}

#define WORD(n)    WORD_OF(n)
#define WORD_OF(n) #n

const char *accord_version(void)
{
    return WORD(ACCORD_MARKING_MAJOR) "." WORD(ACCORD_MARKING_MINOR);
}
