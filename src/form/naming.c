/* SPDX-License-Identifier: Apache-2.0 */
#include "form/naming.h"

#include "base/text.h"

#define URN_OID SPAN_LIT("urn:oid:")

static const char *const type_names[TAG_TYPE_COUNT] = {[TAG_RESTRICTIVE] = "RESTRICTIVE",
                                                       [TAG_PERMISSIVE] = "PERMISSIVE",
                                                       [TAG_INFORMATIVE] = "INFORMATIVE"};

static const char *const originator_names[ORIGINATOR_TYPE_COUNT] = {
    [ORIGINATOR_NONE] = "",
    [ORIGINATOR_RFC822_NAME] = "rfc822Name",
    [ORIGINATOR_DNS_NAME] = "dNSName",
    [ORIGINATOR_DIRECTORY_NAME] = "directoryName",
    [ORIGINATOR_URI] = "uniformResourceIdentifier",
    [ORIGINATOR_IP_ADDRESS] = "iPAddress",
    [ORIGINATOR_X400_ADDRESS] = "x400Address",
    [ORIGINATOR_USER_PRINCIPAL_NAME] = "userPrincipalName",
    [ORIGINATOR_JID] = "jID",
};

const char *originator_type_name(enum originator_type t)
{
    return originator_names[t];
}

enum originator_type originator_type_of(span s)
{
    unsigned t = ORIGINATOR_TYPE_COUNT - 1;
    while (t > 0 && !span_is(s, originator_names[t])) {
        t--;
    }
    return (enum originator_type)t;
}

static size_t place_of(span in, span value)
{
    const uint8_t *at =
        value.len == 0 || value.len > in.len ? NULL : memmem(in.ptr, in.len, value.ptr, value.len);
    return at == NULL ? 0 : (size_t)(at - in.ptr);
}

err reader_fail(struct form_reader *r, err why, struct text_at at)
{
    size_t offset = at.offset == PLACE_BY_VALUE ? place_of(r->in, at.text) : at.offset;
    return problem_set(&r->problem, why, offset, at.text);
}

err reader_deviates(struct form_reader *r, enum form_deviation d, err why, struct text_at at)
{
    if (!r->lenient) {
        return reader_fail(r, why, at);
    }
    r->deviations |= d;
    return OK;
}

/* A name that is only found in another case, or without the blanks around it, is a deviation */
typedef uint16_t found_fn(const struct naming *n, span called, enum name_case as);

static uint16_t found_class(const struct naming *n, span called, enum name_case as)
{
    return entry_class(n->entry, called, as);
}

static uint16_t found_privacy(const struct naming *n, span called, enum name_case as)
{
    return entry_privacy(n->entry, called, as);
}

static uint16_t found_set(const struct naming *n, span called, enum name_case as)
{
    return entry_set(n->entry, called, as);
}

static uint16_t found_value(const struct naming *n, span called, enum name_case as)
{
    return entry_category(n->entry, n->set, n->like, called, as);
}

static err found(struct naming *n, found_fn *find, struct text_at at, err unknown, uint16_t *out)
{
    span trimmed = span_trim(at.text);
    *out = find(n, at.text, CASE_EXACT);
    if (*out != SCHEME_NONE || !n->reader->lenient) {
        return *out != SCHEME_NONE ? OK : reader_fail(n->reader, unknown, at);
    }
    *out = find(n, trimmed, CASE_EXACT);
    if (*out == SCHEME_NONE) {
        *out = find(n, trimmed, CASE_ANY);
        n->reader->deviations |= DEVIATION_CASE;
    }
    n->reader->deviations |= trimmed.len < at.text.len ? DEVIATION_SPACE : 0u;
    return *out != SCHEME_NONE ? OK : reader_fail(n->reader, unknown, at);
}

static err uri_means(struct naming *n, span id, struct text_at uri, err why)
{
    bool good = span_starts(uri.text, URN_OID) &&
                span_equal((span){uri.text.ptr + URN_OID.len, uri.text.len - URN_OID.len}, id);
    return uri.text.len == 0 || good ? OK : reader_fail(n->reader, why, uri);
}

err naming_policy(struct naming *n, struct text_at called, struct text_at uri)
{
    const struct catalog *c = n->reader->catalog;
    n->entry = catalog_by_name(c, called.text, CASE_EXACT);
    if (n->entry == NULL && n->reader->lenient) {
        n->entry = catalog_by_name(c, called.text, CASE_ANY);
        n->reader->deviations |= DEVIATION_CASE;
    }
    if (n->entry == NULL) {
        return reader_fail(n->reader, FAIL(UNKNOWN, "a policy that is not known here"), called);
    }
    return uri_means(n, n->entry->scheme->id, uri,
                     FAIL(UNKNOWN, "the URI of the policy is not the one that its name has"));
}

err naming_class(struct naming *n, struct text_at called)
{
    uint16_t at;
    TRY(found(n, found_class, called,
              FAIL(UNKNOWN, "a classification that the policy does not have"), &at));
    if (set_has(n->classes, at)) {
        TRY(reader_deviates(n->reader, DEVIATION_TWICE,
                            FAIL(MALFORMED, "a classification stands twice"), called));
    }
    n->classes |= set_one(at);
    return OK;
}

err naming_privacy(struct naming *n, struct text_at called)
{
    return found(n, found_privacy, called,
                 FAIL(UNKNOWN, "a privacy mark that the policy does not have"), &n->privacy);
}

err naming_category(struct naming *n, struct text_at type, struct text_at set, struct text_at uri)
{
    static const enum tag_type like[] = {TAG_PERMISSIVE, TAG_RESTRICTIVE, TAG_INFORMATIVE};
    n->like = TAG_TYPE_COUNT;
    for (unsigned i = 0; i < ARRAY_LEN(like); i++) {
        n->like = span_is(type.text, type_names[like[i]]) ? like[i] : n->like;
    }
    if (n->like == TAG_TYPE_COUNT) {
        return reader_fail(
            n->reader, FAIL(MALFORMED, "a type that is not RESTRICTIVE, PERMISSIVE or INFORMATIVE"),
            type);
    }
    TRY(found(n, found_set, set, FAIL(UNKNOWN, "a category that the policy does not have"),
              &n->set));
    return uri_means(n, n->entry->scheme->set[n->set].id, uri,
                     FAIL(UNKNOWN, "the URI of the category is not the one that its name has"));
}

err naming_value(struct naming *n, struct text_at value)
{
    uint16_t at;
    TRY(found(n, found_value, value,
              FAIL(UNKNOWN, "a value that the policy does not have in this category and type"),
              &at));
    if (category_has(&n->categories, at)) {
        TRY(reader_deviates(n->reader, DEVIATION_TWICE, FAIL(MALFORMED, "a value stands twice"),
                            value));
    }
    category_put(&n->categories, at);
    return OK;
}

struct label naming_label(const struct naming *n)
{
    return (struct label){.scheme = n->entry->scheme,
                          .class = (uint16_t)set_next(n->classes, 0),
                          .privacy = n->privacy,
                          .categories = n->categories};
}

struct label_clearance naming_clearance(const struct naming *n)
{
    return (struct label_clearance){n->entry->scheme, n->classes, n->categories};
}

err naming_run_of(const struct scheme *s, unsigned tag, const struct category_set *has,
                  struct naming_run *out, struct form_problem *p)
{
    const struct scheme_tag *t = &s->tag[tag];
    *out = (struct naming_run){&s->set[t->set], type_names[type_plain(t->type)], NULL};
    for (unsigned c = category_next(has, t->first); c < (unsigned)t->first + t->count;
         c = category_next(has, c + 1)) {
        span called = s->category[c].name;
        if (scheme_category_by_name(s, t->set, t->type, called) != c) {
            return problem_set(p,
                               FAIL(MALFORMED, "two tags of one category have this value, and the "
                                               "form cannot say which is meant"),
                               0, called);
        }
        out->tag = t;
    }
    return OK;
}

err text_time(span s, instant *out)
{
    uint8_t local[32];
    bool    zone = s.len > 6 && (s.ptr[s.len - 6] == '+' || s.ptr[s.len - 6] == '-');
    size_t  len = s.len - 6;
    if (!zone) {
        return text_instant(s, out);
    }
    const uint8_t *z = s.ptr + len;
    bool           digits = z[3] == ':';
    for (unsigned i = 1; i < 6; i++) {
        digits = digits && (i == 3 || (z[i] >= '0' && z[i] <= '9'));
    }
    int hours = digits ? (z[1] - '0') * 10 + z[2] - '0' : 99;
    int minutes = digits ? (z[4] - '0') * 10 + z[5] - '0' : 99;
    if (len >= sizeof local || hours > 14 || minutes > 59 || (hours == 14 && minutes > 0)) {
        return FAIL(MALFORMED, "a time is not one of xs:dateTime");
    }
    memcpy(local, s.ptr, len);
    local[len] = 'Z';
    TRY(text_instant((span){local, len + 1}, out));
    instant east = hours * MS_PER_HOUR + minutes * MS_PER_MINUTE;
    *out += z[0] == '+' ? -east : east;
    return OK;
}

void put_time(struct writer *w, instant t)
{
    uint8_t       buf[32];
    struct writer time = WRITER_OF(buf);
    put_instant(&time, t);
    span s = writer_span(&time);
    bool whole = t % MS_PER_SECOND == 0 && s.len > 5;
    put_span(w, (span){s.ptr, whole ? s.len - 5 : s.len});
    put_text(w, whole ? "Z" : "");
}

err text_keep(struct form_reader *r, struct text_at at, char *out, size_t max)
{
    utf8 text;
    if (at.text.len == 0 || err_is(text_utf8(at.text, &text)) ||
        memchr(at.text.ptr, '\n', at.text.len)) {
        return reader_fail(r, FAIL(MALFORMED, "a text is empty, or not one line of UTF-8"), at);
    }
    if (at.text.len >= max) {
        return reader_fail(r, FAIL(LIMIT, "a text is longer than it may be"), at);
    }
    memcpy(out, at.text.ptr, at.text.len);
    out[at.text.len] = '\0';
    return OK;
}
