/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/err.h"
#include "base/span.h"
#include "base/writer.h"

/* utf8 - bytes that text_utf8 has checked: valid UTF-8, no control characters but tab and newline, and none
 * of those that turn the direction of writing or do not show: they make a text look like another */
typedef struct utf8 {
    span bytes;
} utf8;

/* text_utf8 - check once, at the border
 *
 * fails   MALFORMED on an overlong form, a surrogate, a code point past U+10FFFF, a control
 * character */
/*@ requires readable(bytes) && \valid(out);
    assigns *out; */
err text_utf8(span bytes, utf8 *out);

/* text_character - the code point at the start of s, which is not empty
 *
 * returns   the bytes it takes; 0 when these are no UTF-8 */
size_t text_character(span s, uint32_t *out);

/* text_decimal - base ten, no sign, no leading zero, at most max */
err text_decimal(span s, uint64_t max, uint64_t *out);

/* text_hex - exactly len bytes from 2*len lower-case digits */
err text_hex(span s, uint8_t *out, size_t len);

/* put_base64 / text_base64 - RFC 4648 section 4, with padding, no line breaks
 *
 * out     at least s.len / 4 * 3 bytes; *len receives how many were used */
void put_base64(struct writer *w, span s);
err  text_base64(span s, uint8_t *out, size_t max, size_t *len);

/* put_json - a JSON string with its quotes; s is UTF-8 that was checked */
void put_json(struct writer *w, span s);

/* put_xml - XML text, or an attribute's value between double quotes, which reads back byte for byte; s is
 * UTF-8 that was checked */
void put_xml(struct writer *w, span s);

/* json_name_before - the string that ends, with its quote, right before `at`: a member's name, as it was
 *                    written; empty when none does */
span json_name_before(span in, size_t at);

/* NAME_MAX_LEN - longest name of a topic, source, person, agreement or level, in bytes */
#define NAME_MAX_LEN 31

/* name - an identifier: letters, digits, '-', '_', '.', never empty, zero-filled to its end */
typedef struct name {
    char text[NAME_MAX_LEN + 1];
} name;

/* name_of - check a span and keep it
 *
 * fails   MALFORMED on any other character or none, LIMIT past NAME_MAX_LEN */
/*@ requires readable(s) && \valid(out);
    assigns *out; */
err name_of(span s, name *out);

/* NAME_UNLISTED - somebody who came in and has no name here; nobody else may be called so */
#define NAME_UNLISTED "unlisted"

/*@ requires \valid_read(n);
    assigns \nothing;
    ensures readable(\result); */
static inline span name_span(const name *n)
{
    return span_text(n->text);
}

static inline bool name_equal(const name *a, const name *b)
{
    return memcmp(a->text, b->text, sizeof a->text) == 0;
}

#endif
