/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ISM_INTERN_H
#define ISM_INTERN_H

#include "ism/ism.h"

/* INTERN_MAX - different lines that are kept; INTERN_LINE_MAX - longest one that is, in bytes.  Both
 * bound memory, whoever writes the lines. */
#define INTERN_MAX      1024
#define INTERN_LINE_MAX 256

/* intern - banner lines that were read once, found again by their exact bytes
 *
 * The caller owns the memory, 5 MiB; a line is compared whole, so two never get one number. */
struct intern {
    struct {
        uint16_t len;
        uint8_t  text[INTERN_LINE_MAX];
    } line[INTERN_MAX];
    struct ism marking[INTERN_MAX];
    unsigned   count;
    uint16_t   slot[4 * INTERN_MAX]; /* number + 1; 0 is none */
};

void intern_init(struct intern *i);

/* intern_banner - the number of a line; read when it is new
 *
 * number  index into marking; two lines with equal markings have two numbers
 * fails   as ism_banner_read; LIMIT for a line that is too long, FULL when all numbers are given */
err intern_banner(struct intern *i, const struct groups *g, span text, unsigned *number,
                  struct ism_fault *fault);

#endif
