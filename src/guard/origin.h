/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_ORIGIN_H
#define GUARD_ORIGIN_H

#include "guard/state.h"

/* own_marking - the marking of what begins here: of the own policy, with the own party as originator
 *
 * fails   DENIED when it is another's; as marking_read */
err own_marking(struct guard *g, span text, struct marking *out);

/* submission_take - of the request SUBMIT, a product (docs/format/submission.md) */
#define SUBMISSION_TITLE "accord submission 1"
err submission_take(struct guard *g, const struct request_context *c, span text, span signature);

/* submit_refused - the leaf of a signed text that was not taken; equal ones are counted
 *
 * step    what did not let it pass: "marking", "presence" */
void submit_refused(struct guard *g, span text, const char *step, err e);

/* text_copy - a text into `max` bytes with a NUL behind it; "-" is an empty one
 *
 * fails   LIMIT */
err text_copy(span text, char *out, size_t max);

/* said_take - the lines `extent` and `reduced` of a source or a submission, each of which may be left out
 *
 * fails   MALFORMED, UNKNOWN as extent_read and reduction_read */
err said_take(struct lines *l, struct extent *extent, struct reduction *reduced);

#endif
