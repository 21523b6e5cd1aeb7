/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include "base/span.h"
#include "http/fault.h"

/* What the head of a request and the head of an answer have in common: lines that end in CR LF, the
 * first of its own form, then name ':' value, then an empty one. */

/* HEAD_MAX - a head with its empty line; the largest that curl and browsers make for us is below
 * 2 KiB */
#define HEAD_MAX 8192

/* HEAD_FIELDS_MAX - browsers send about 20 */
#define HEAD_FIELDS_MAX 64

/* field - one header; the value without blanks around it; both lie in the head */
struct field {
    span name;
    span value;
};

/* fields - the headers of one head, in their order */
struct fields {
    size_t       count;
    struct field field[HEAD_FIELDS_MAX];
};

/* head_scan - how far the search for the end of a head has come; zero it before a new head */
struct head_scan {
    size_t at;      /* bytes looked at */
    size_t line;    /* bytes of the present line */
    bool   cr;      /* the last byte was a CR */
    bool   started; /* the first line is complete */
};

/* head_find_end - look at the bytes that have come since the last call
 *
 * have    the head from its first byte; it grows from call to call and may move
 * len     receives the length of the head with its empty line, or 0 when more must come
 * returns BYTE, LINE or HEAD_LONG
 * holds   the result is the same however the bytes are cut                  (test/law/http/split.c)
 */
enum fault head_find_end(struct head_scan *scan, span have, size_t *len);

/* head_line - take the next line off a head that head_find_end has passed, without its CR LF */
span head_line(span *rest);

/* head_fields - the lines after the first
 * returns FIELD, FOLD or FIELD_COUNT */
enum fault head_fields(span rest, struct fields *out);

/* fields_find - the first header of this name, in any case of letters, or NULL */
const struct field *fields_find(const struct fields *f, const char *lower_name);

/* fields_has - is `token` one of the comma-separated words of this header? */
bool fields_has(const struct fields *f, const char *lower_name, const char *lower_token);

/* token_valid - one or more characters of RFC 9110 section 5.6.2 */
bool token_valid(span s);

/* span_is_caseless - equal but for the case of ASCII letters */
bool span_is_caseless(span s, const char *lower);

#endif
