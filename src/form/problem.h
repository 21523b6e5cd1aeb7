/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_PROBLEM_H
#define FORM_PROBLEM_H

#include "base/err.h"
#include "base/span.h"

/* form_problem - where a label was refused, and what stands there
 *
 * offset  of the place, in bytes from the start of the input; line is that place's, from 1.  Both are 0
 *         when a label could not be written
 * value   the value that is meant, cut to 63 bytes of UTF-8, NUL-terminated; "" when there is none
 * why     a literal sentence, never NULL after a failure */
struct form_problem {
    size_t      offset;
    unsigned    line;
    char        value[64];
    const char *why;
};

/* problem_set - say what is wrong and give it back as an err: return problem_set(p, FAIL(…), …) */
err problem_set(struct form_problem *p, err why, size_t offset, span value);

/* problem_place - the line of the offset, when the whole input is at hand */
void problem_place(struct form_problem *p, span in);

#endif
