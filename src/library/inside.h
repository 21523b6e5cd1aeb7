/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIBRARY_INSIDE_H
#define LIBRARY_INSIDE_H

#include <accord/marking.h>
#include <stdatomic.h>

#include "value/person.h"
#include "value/value.h"

/* What stands behind the handles of include/accord/marking.h. */

struct accord_error {
    enum accord_code     code;
    const char          *sentence;
    struct value_problem problem;
};

struct accord_policies {
    struct ground ground;
    atomic_bool   in_use;
};

/* number  of all markings and readers of the process, each has another: a decision is remembered by it */
struct accord_marking {
    const struct ground *ground;
    uint64_t             number;
    unsigned             deviations;
    struct value         value;
};

struct accord_reader {
    const struct ground   *ground;
    uint64_t               number;
    bool                   is_person;
    struct label_clearance clearance;
    struct ism_person      person;
};

/* KEPT_SLOTS - twice as many as texts are interned, so that a search is short */
#define KEPT_SLOTS (2 * ACCORD_INTERN_MAX)

/* DECIDED_MAX - decisions on the register that a context remembers; a new one takes the place of an old */
#define DECIDED_MAX 4096

/* kept - a text that was interned; `given` as it was then, because some forms rest on it */
struct kept {
    struct accord_marking *marking;
    const char            *form; /* of the table; NULL: it was guessed */
    uint64_t               given;
    size_t                 len;
    uint8_t                bytes[];
};

struct decided {
    uint64_t marking, reader;
    uint8_t  giving;
};

#define GIVEN_TEXTS 5
struct accord_context {
    const struct ground *ground;
    struct form_reader   form;
    struct value_given   given;
    uint64_t             given_number; /* changes with `given` */
    char                 given_text[GIVEN_TEXTS][ACCORD_GIVEN_MAX + 1];
    unsigned             kept_count;
    struct kept         *kept[KEPT_SLOTS];
    struct decided       decided[DECIDED_MAX];
};

/* error_set - remember and translate it; e may be NULL, p too */
enum accord_code error_set(accord_error *e, err why, const struct value_problem *p);
enum accord_code error_hold(accord_error *e, const struct label_hold *hold);

/* number_next - never 0 */
uint64_t number_next(void);

/* handle_of - a handle of a value   fails FULL */
err handle_of(const accord_context *c, const struct value *v, accord_marking **out);

/* text_begin - a writer into a caller's buffer, with room left for the NUL
 * text_end - put it there
 *
 * fails   LIMIT when the buffer is too small; then it holds "" */
struct writer text_begin(char *text, size_t max);
err           text_end(const struct writer *w, size_t max, size_t *len);

#endif
