/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_VECTORS_SPIFFY_H
#define TEST_VECTORS_SPIFFY_H

#include "base/text.h"
#include "label/label.h"

/* A reader of the labels and clearances that lie beside spiffing's tests: of its own form
 * (http://surevine.com/xmlns/spiffy), of STANAG 4774 as it is written there, and of the little DER that
 * there is.  It is no strict reader of any of them: what counts in these tests is what labels mean. */

/* spiffy_tag - the next start tag, comments left out
 *
 * rest    in: what is left; out: what follows the tag
 * out     receives what stands between < and >, the name first
 * text    receives what follows up to the next < */
static inline bool spiffy_tag(span *rest, span *out, span *text)
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

/* spiffy_is - is it a tag of that name, whatever its prefix? */
static inline bool spiffy_is(span tag, const char *called)
{
    size_t len = strlen(called);
    return tag.len >= len && memcmp(tag.ptr, called, len) == 0 &&
           (tag.len == len || tag.ptr[len] == ' ' || tag.ptr[len] == '/');
}

/* spiffy_attribute - the value of an attribute; ptr NULL when it is absent */
static inline span spiffy_attribute(span tag, const char *called)
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

static inline uint64_t spiffy_number(span s)
{
    uint64_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        n = n * 10 + (uint64_t)(s.ptr[i] - '0');
    }
    return n;
}

static inline enum tag_type spiffy_type(span s)
{
    static const char *const types[TAG_TYPE_COUNT] = {
        [TAG_RESTRICTIVE] = "restrictive",
        [TAG_ENUMERATED_RESTRICTIVE] = "enumeratedRestrictive",
        [TAG_PERMISSIVE] = "permissive",
        [TAG_ENUMERATED_PERMISSIVE] = "enumeratedPermissive",
        [TAG_INFORMATIVE] = "informative"};
    for (unsigned t = 0; t < TAG_TYPE_COUNT; t++) {
        if (span_is(s, types[t])) {
            return (enum tag_type)t;
        }
    }
    return TAG_TYPE_COUNT;
}

/* spiffy_policy - the object identifier that the text names, or the name, as 4774 does; for DER the
 *                 one of the policy; ptr NULL when there is none */
static inline span spiffy_policy(span text)
{
    span tag, inner;
    if (text.len > 0 && text.ptr[0] == 0x31) { /* SET { OBJECT IDENTIFIER 1.1 … } of one byte */
        const uint8_t *oid = memmem(text.ptr, text.len, "\x06\x01\x29", 3);
        return oid == NULL ? (span){0} : SPAN_LIT("1.1");
    }
    while (spiffy_tag(&text, &tag, &inner)) {
        if (spiffy_is(tag, "policy")) {
            return spiffy_attribute(tag, "id");
        }
        if (spiffy_is(tag, "PolicyIdentifier")) {
            return inner;
        }
    }
    return (span){0};
}

/* What is read of both kinds: a label has one class, a clearance a set */
struct spiffy {
    const struct scheme *scheme;
    set64                classes;
    struct category_set  categories;
};

static inline bool spiffy_own(struct spiffy *out, span tag)
{
    if (spiffy_is(tag, "classification")) {
        uint16_t c =
            scheme_class_by_lacv(out->scheme, spiffy_number(spiffy_attribute(tag, "lacv")));
        out->classes |= c == SCHEME_NONE ? 0 : set_one(c);
        return c != SCHEME_NONE;
    }
    if (!spiffy_is(tag, "tag")) {
        return true;
    }
    uint16_t      set = scheme_set_by_id(out->scheme, spiffy_attribute(tag, "id"));
    enum tag_type type = spiffy_type(spiffy_attribute(tag, "type"));
    if (set == SCHEME_NONE || type == TAG_TYPE_COUNT) {
        return false;
    }
    uint16_t c = scheme_category_by_lacv(out->scheme, set, type,
                                         spiffy_number(spiffy_attribute(tag, "lacv")));
    if (c != SCHEME_NONE) {
        category_put(&out->categories, c);
    }
    return c != SCHEME_NONE;
}

/* 4774: the values of a Category follow it; `at` is its tag set and type from one call to the next */
struct spiffy_at {
    uint16_t      set;
    enum tag_type type;
};

static inline bool spiffy_4774(struct spiffy *out, struct spiffy_at *at, span tag, span text)
{
    if (spiffy_is(tag, "Classification")) {
        uint16_t c = scheme_class_by_name(out->scheme, text);
        out->classes |= c == SCHEME_NONE ? 0 : set_one(c);
        return c != SCHEME_NONE;
    }
    if (spiffy_is(tag, "Category")) {
        span type = spiffy_attribute(tag, "Type");
        at->set = scheme_set_by_name(out->scheme, spiffy_attribute(tag, "TagName"));
        at->type = span_is(type, "PERMISSIVE")    ? TAG_PERMISSIVE
                   : span_is(type, "RESTRICTIVE") ? TAG_RESTRICTIVE
                                                  : TAG_INFORMATIVE;
        return at->set != SCHEME_NONE;
    }
    if (!spiffy_is(tag, "GenericValue")) {
        return true;
    }
    uint16_t c = at->set == SCHEME_NONE
                     ? SCHEME_NONE
                     : scheme_category_by_name(out->scheme, at->set, at->type, text);
    if (c != SCHEME_NONE) {
        category_put(&out->categories, c);
    }
    return c != SCHEME_NONE;
}

/* spiffy_read - false when it names what the scheme has not */
static inline bool spiffy_read(const struct scheme *s, span text, struct spiffy *out)
{
    span             tag, inner;
    struct spiffy_at at = {SCHEME_NONE, TAG_INFORMATIVE};
    bool             good = true;
    *out = (struct spiffy){.scheme = s};
    while (spiffy_tag(&text, &tag, &inner)) {
        good = spiffy_own(out, tag) && spiffy_4774(out, &at, tag, inner) && good;
    }
    return good && out->classes != 0;
}

static inline bool spiffy_label(const struct scheme *s, span text, struct label *out)
{
    struct spiffy read;
    bool          good = spiffy_read(s, text, &read) && set_count(read.classes) == 1;
    *out = (struct label){.scheme = s, .privacy = SCHEME_NONE, .categories = read.categories};
    out->class = good ? (uint16_t)set_next(read.classes, 0) : SCHEME_NONE;
    return good;
}

static inline bool spiffy_clearance(const struct scheme *s, span text, struct label_clearance *out)
{
    struct spiffy read;
    bool          good = spiffy_read(s, text, &read);
    *out = (struct label_clearance){s, read.classes, read.categories};
    return good;
}

#endif
