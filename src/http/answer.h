/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H

#include <jansson.h>

#include "http/client.h"

/* What a desk is asked and answers, for whoever asks one: JSON objects, and refusals (docs/format/desk-api.md). */

/* ask_get - for what a target says;  ask_octets - the same with a body, which the caller sets: from memory, or a file
 * ask_json - a body of JSON, or none
 *
 * body     taken over; NULL = none
 * text     receives the body, of the heap, as long as it is asked for; NULL when there is none
 * fails    MALFORMED when it is no text */
struct ask ask_get(const char *target);
struct ask ask_octets(const char *target);
err ask_json(enum method method, const char *target, json_t *body, char **text, struct ask *out);

/* answer_json - the body of an answer as one JSON object, at most `max` bytes of it; the caller's to decref
 *
 * fails   MALFORMED, FULL, and as client_body */
err answer_json(struct client *http, size_t max, json_t **out);

/* answer_text - a string of an answer, without a NUL within; as long as the answer is kept
 *
 * fails   MALFORMED */
err answer_text(const json_t *answer, const char *key, span *out);

/* answer_refusal - what an answer of 400 and above says
 *
 * sentence   receives why, UTF-8; as long as the answer is kept
 * Returns the error with the desk's code and "the desk refused"; MALFORMED, and sentence as it was, when the
 * answer is no refusal. */
err answer_refusal(const json_t *answer, span *sentence);

#endif
