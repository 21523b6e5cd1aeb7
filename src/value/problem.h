/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VALUE_PROBLEM_H
#define VALUE_PROBLEM_H

#include <stddef.h>

#include "base/err.h"
#include "base/span.h"
#include "form/problem.h"
#include "ism/ism.h"

/* VALUE_ABOUT_MAX - as much as is told of what is wrong, in bytes with its NUL */
#define VALUE_ABOUT_MAX 256

/* value_problem - where a value was refused, and what stands there
 *
 * line    from 1; offset: in bytes from the start of the input.  Both 0 where there is no place
 * given   which member of struct value_given is meant, as a user types it ("topics"); NULL: none
 * value   what is wrong, cut to 63 bytes; "" when it is nothing that stands there
 * about   all of that in one line of printable text, and the rule that was broken */
struct value_problem {
    unsigned    line;
    size_t      offset;
    const char *given;
    char        value[64];
    char        about[VALUE_ABOUT_MAX];
};

/* problem_say - what it is about, in so many words
 * problem_text - the same: a value of the input, shown as far as it is printable; '?' for the rest */
void problem_say(struct value_problem *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void problem_text(struct value_problem *p, span text);

/* problem_given - a member of what was given; text NULL: it is missing */
void problem_given(struct value_problem *p, const char *field, const char *text);

/* problem_of_label, problem_of_register - what a form's reader says, and its sentence as the err
 *
 * line, at  of the element in the input, 0 in a line */
err problem_of_label(struct value_problem *p, err e, const struct form_problem *said);
err problem_of_register(struct value_problem *p, err e, const struct ism_fault *said, unsigned line,
                        size_t at);

#endif
