/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H

#include <jansson.h>

#include "http/client.h"

/* What a desk answers, for whoever asks one: JSON objects, and refusals (docs/format/desk-api.md). */

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
