/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_VECTORS_TAGS_H
#define TEST_VECTORS_TAGS_H

#include "base/text.h"

/* The tags of spiffing's tests.xml: a file that says what is to be tested, not one that is tested */

/* tag_next - the next start tag, comments left out
 *
 * rest    in: what is left; out: what follows the tag
 * out     receives what stands between < and >, the name first
 * text    receives what follows up to the next < */
static inline bool tag_next(span *rest, span *out, span *text)
{
    while (rest->len > 0) {
        (void)span_cut(rest, '<');
        if (span_starts(*rest, SPAN_LIT("!--"))) {
            const uint8_t *end = memmem(rest->ptr, rest->len, "-->", 3);
            size_t         skip = end == NULL ? rest->len : (size_t)(end - rest->ptr);
            *rest = (span){rest->ptr + skip, rest->len - skip};
            continue;
        }
        *out = span_cut(rest, '>');
        *text = *rest;
        *text = span_trim(span_cut(text, '<'));
        return out->len > 0;
    }
    return false;
}

/* tag_is - is it a tag of that name, whatever its prefix? */
static inline bool tag_is(span tag, const char *called)
{
    size_t len = strlen(called);
    return tag.len >= len && memcmp(tag.ptr, called, len) == 0 &&
           (tag.len == len || tag.ptr[len] == ' ' || tag.ptr[len] == '/');
}

/* tag_attribute - the value of an attribute; ptr NULL when it is absent */
static inline span tag_attribute(span tag, const char *called)
{
    size_t len = strlen(called);
    for (size_t i = 1; i + len + 2 < tag.len; i++) {
        uint8_t quote = tag.ptr[i + len + 1];
        if (tag.ptr[i - 1] == ' ' && memcmp(tag.ptr + i, called, len) == 0 &&
            tag.ptr[i + len] == '=' && (quote == '"' || quote == '\'')) {
            span value = {tag.ptr + i + len + 2, tag.len - i - len - 2};
            return span_cut(&value, quote);
        }
    }
    return (span){0};
}

#endif
