/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include "base/err.h"
#include "base/instant.h"
#include "base/span.h"
#include "base/text.h"
#include "base/writer.h"

/* Canonical text: what leaves, covers, acts and checkpoints are made of.
 *
 *   accord cover 1
 *   originator KOR
 *   created 2026-11-22T12:00:00.000Z
 *
 * The first line is a title.  Every other line is a key (lower-case letters and '-'), one blank,
 * and a value up to the newline.  Keys come in a fixed order that the reader asks for; the same key
 * may repeat.  There is one way to write each thing, so equal facts are equal bytes. */

void line_title(struct writer *w, const char *title);
void line_text(struct writer *w, const char *key, span value);
void line_said(struct writer *w, const char *key, const char *text); /* none when it is "" */
void line_name(struct writer *w, const char *key, const name *value);
void line_hex(struct writer *w, const char *key, span value);
void line_number(struct writer *w, const char *key, uint64_t value);
void line_instant(struct writer *w, const char *key, instant value);

/* lines - reads canonical text in its order; the first failure sticks, as in struct reader
 *
 * why   what is wrong with a value of the right line; NULL: with the lines themselves */
struct lines {
    span        rest;
    bool        bad;
    const char *why;
};

struct lines lines_of(span text);

/* take_title - the first line must be exactly `title` */
void take_title(struct lines *l, const char *title);

/* take_text - the next line must have this key; its value
 * take_more - the same, but false and nothing taken when the next line has another key */
span     take_text(struct lines *l, const char *key);
bool     take_more(struct lines *l, const char *key, span *value);
name     take_name(struct lines *l, const char *key);
void     take_hex(struct lines *l, const char *key, uint8_t *out, size_t len);
uint64_t take_number(struct lines *l, const char *key, uint64_t max);
instant  take_instant(struct lines *l, const char *key);

/* lines_end - did every line fit, and is nothing left?   fails MALFORMED, with the first reason */
err lines_end(const struct lines *l);

#endif
