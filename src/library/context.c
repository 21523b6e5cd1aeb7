/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "library/inside.h"

enum accord_code accord_context_new(accord_policies *p, unsigned flags, accord_context **out,
                                    accord_error *e)
{
    if ((flags & ~ACCORD_LENIENT) != 0) {
        return error_set(e, FAIL(UNKNOWN, "there is no such flag of a context"), NULL);
    }
    accord_context *c = calloc(1, sizeof *c);
    if (c == NULL) {
        return error_set(e, FAIL(FULL, "there is no memory"), NULL);
    }
    atomic_store(&p->in_use, true);
    c->ground = &p->ground;
    form_reader_init(&c->form, &p->ground.catalog, (flags & ACCORD_LENIENT) != 0);
    *out = c;
    return error_set(e, OK, NULL);
}

void accord_context_free(accord_context *c)
{
    if (c == NULL) {
        return;
    }
    for (size_t i = 0; i < KEPT_SLOTS; i++) {
        if (c->kept[i] != NULL) {
            accord_marking_free(c->kept[i]->marking);
            free(c->kept[i]);
        }
    }
    free(c);
}

static err leave_out(accord_context *c, const char *text, struct value_problem *p)
{
    unsigned parts = 0;
    for (span rest = span_text(text == NULL ? "" : text); rest.len > 0;) {
        span     word = span_cut(&rest, ',');
        unsigned i = 0;
        while (i < LEAVE_COUNT && !span_is(word, value_part_name[i])) {
            i++;
        }
        if (i == LEAVE_COUNT) {
            problem_text(p, word);
            return FAIL(UNKNOWN, "there is no such part of a marking that may be left out");
        }
        parts |= 1u << i;
    }
    c->given.leave_out = parts;
    return OK;
}

static err text_keep_of(accord_context *c, unsigned what, const char *text)
{
    const char **const to[GIVEN_TEXTS] = {&c->given.topics, &c->given.disciplines, &c->given.of,
                                          &c->given.banner, &c->given.created};
    if (what >= GIVEN_TEXTS) {
        return FAIL(UNKNOWN, "there is nothing of this number that may be given");
    }
    size_t len = text == NULL ? 0 : strlen(text);
    if (len > ACCORD_GIVEN_MAX) {
        return FAIL(LIMIT, "what is given is longer than 1024 bytes");
    }
    memcpy(c->given_text[what], text == NULL ? "" : text, len + 1);
    *to[what] = text == NULL ? NULL : c->given_text[what];
    return OK;
}

enum accord_code accord_context_set(accord_context *c, enum accord_given what, const char *text,
                                    accord_error *e)
{
    struct value_problem p = {0};
    err                  why = what == ACCORD_GIVEN_LEAVE_OUT ? leave_out(c, text, &p)
                                                              : text_keep_of(c, (unsigned)what, text);
    c->given_number++;
    return error_set(e, why, &p);
}
