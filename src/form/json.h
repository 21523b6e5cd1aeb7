/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FORM_JSON_H
#define FORM_JSON_H

#include <jansson.h>

#include "form/naming.h"

/* What readers of JSON forms share.  jansson refuses two members of one name, bad UTF-8 and NUL; depth is
 * ours to bound. */
#define JSON_DEPTH_MAX 32

/* json_open - the text as a value, for the caller to json_decref()
 *
 * fails   MALFORMED with its line; LIMIT past JSON_DEPTH_MAX; out is NULL then */
err json_open(struct form_reader *r, span in, json_t **out);

/* json_text - a member that is a string; ptr NULL when it is absent and need not be there
 *
 * fails   MALFORMED when it is missing but needed, or no string */
enum json_need { JSON_OPTIONAL, JSON_NEEDED };
err json_text(struct form_reader *r, json_t *in, const char *key, enum json_need need,
              struct text_at *out);

/* json_only - an object that has no other members than those of a list with blanks between them */
err json_only(struct form_reader *r, json_t *in, const char *keys);

/* json_at - a string; as jansson tells no places, its place is the first where it is found */
static inline struct text_at json_at(span value)
{
    return (struct text_at){value, PLACE_BY_VALUE};
}

#endif
