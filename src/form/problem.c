/* SPDX-License-Identifier: Apache-2.0 */
#include "form/problem.h"

/* A value is cut between characters, so that what is shown stays UTF-8; a control character, which could
 * make it look like another line, ends it as well */
err problem_set(struct form_problem *p, err why, size_t offset, span value)
{
    size_t len = value.len < sizeof p->value ? value.len : sizeof p->value - 1;
    *p = (struct form_problem){.offset = offset, .why = why.why};
    while (len > 0 && len < value.len && (value.ptr[len] & 0xc0) == 0x80) {
        len--;
    }
    for (size_t i = 0; i < len && value.ptr[i] >= ' ' && value.ptr[i] != 0x7f; i++) {
        p->value[i] = (char)value.ptr[i];
    }
    return why;
}

void problem_place(struct form_problem *p, span in)
{
    p->line = 1;
    for (size_t i = 0; i < p->offset && i < in.len; i++) {
        p->line += in.ptr[i] == '\n';
    }
}
