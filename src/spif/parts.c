/* SPDX-License-Identifier: Apache-2.0 */
#include "spif/parts.h"
#include "base/text.h"

/* TEXT_MAX - longest name or phrase: 256 characters of the schema, in bytes */
#define TEXT_MAX 1024

void part_blame(struct build *b, const xmlNode *n, span value, const char *why)
{
    scheme_problem_add(b->problems, node_line(n), value, why);
}

void *part_take(struct build *b, size_t count, size_t size)
{
    size_t align = _Alignof(max_align_t);
    if (count == 0) {
        return b->block;
    }
    size_t at = (b->used + align - 1) / align * align;
    MUST(count * size <= b->max - at);
    b->used = at + count * size;
    return b->block + at;
}

static bool line_valid(span s)
{
    utf8 checked;
    return s.len <= TEXT_MAX && !err_is(text_utf8(s, &checked)) &&
           memchr(s.ptr, '\n', s.len) == NULL && memchr(s.ptr, '\t', s.len) == NULL;
}

/* Text needs no alignment, and there is as much room for it as the file has bytes */
static span text_keep(struct build *b, span s)
{
    uint8_t *at = b->block + b->used;
    MUST(s.len <= b->max - b->used);
    memcpy(at, s.ptr, s.len);
    b->used += s.len;
    return (span){at, s.len};
}

span part_text(struct build *b, const xmlNode *n, const char *attribute)
{
    span s = node_attribute(n, attribute);
    if (s.len == 0) {
        return (span){0};
    }
    if (!line_valid(s)) {
        part_blame(b, n, s, "a name or phrase is not one line of UTF-8 of at most 1,024 bytes");
        return (span){0};
    }
    return text_keep(b, s);
}

/* Numbers with points between them, the first of them 0, 1 or 2; no number begins with a zero that does
 * not count */
static bool oid_valid(span s)
{
    unsigned arcs = 0;
    span     first = s;
    first = span_cut(&first, '.');
    while (s.len > 0) {
        bool more = memchr(s.ptr, '.', s.len) != NULL;
        span arc = span_cut(&s, '.');
        bool digits = arc.len > 0 && (arc.len == 1 || arc.ptr[0] != '0');
        for (size_t i = 0; i < arc.len; i++) {
            digits = digits && arc.ptr[i] >= '0' && arc.ptr[i] <= '9';
        }
        if (!digits || (more && s.len == 0)) {
            return false;
        }
        arcs++;
    }
    return arcs >= 2 && first.len == 1 && first.ptr[0] <= '2';
}

span part_oid(struct build *b, const xmlNode *n, const char *attribute)
{
    span s = node_attribute(n, attribute);
    if (!node_has(n, attribute)) {
        return (span){0};
    }
    if (!oid_valid(s)) {
        part_blame(b, n, s, "an object identifier is numbers with points between them");
        return (span){0};
    }
    return text_keep(b, s);
}

uint64_t part_number(struct build *b, const xmlNode *n, const char *attribute, uint64_t max,
                     uint64_t otherwise)
{
    uint64_t value = 0;
    span     s = node_attribute(n, attribute);
    if (!node_has(n, attribute)) {
        return otherwise;
    }
    while (s.len > 1 && s.ptr[0] == '0') { /* country codes are written 004 */
        s = (span){s.ptr + 1, s.len - 1};
    }
    if (err_is(text_decimal(s, max, &value))) {
        part_blame(b, n, node_attribute(n, attribute), "a number is not one, or too large");
        return otherwise;
    }
    return value;
}

unsigned part_word(struct build *b, const xmlNode *n, const char *attribute,
                   const struct word *words, unsigned otherwise, const char *why)
{
    span s = node_attribute(n, attribute);
    if (!node_has(n, attribute)) {
        return otherwise;
    }
    for (; words->text != NULL; words++) {
        if (span_is(s, words->text)) {
            return words->value;
        }
    }
    part_blame(b, n, s, why);
    return otherwise;
}

bool part_flag(struct build *b, const xmlNode *n, const char *attribute)
{
    static const struct word words[] = {{"true", 1}, {"false", 0}, {"1", 1}, {"0", 0}, {NULL, 0}};
    return part_word(b, n, attribute, words, 0,
                     "obsolete, all and singleSelection are true or false") != 0;
}

instant part_time(struct build *b, const xmlNode *n, const char *attribute, instant otherwise)
{
    instant at = otherwise;
    if (node_has(n, attribute) && err_is(text_instant(node_attribute(n, attribute), &at))) {
        part_blame(b, n, node_attribute(n, attribute), "a time is one in UTC, with a Z at its end");
    }
    return at;
}

enum tag_type part_type(struct build *b, const xmlNode *n)
{
    static const struct word types[] = {{"restrictive", TAG_RESTRICTIVE},
                                        {"permissive", TAG_PERMISSIVE},
                                        {"tagType7", TAG_INFORMATIVE},
                                        {NULL, 0}};
    static const struct word enumerated[] = {{"restrictive", TAG_ENUMERATED_RESTRICTIVE},
                                             {"permissive", TAG_ENUMERATED_PERMISSIVE},
                                             {NULL, 0}};
    bool                     is_enumerated = span_is(node_attribute(n, "tagType"), "enumerated");
    if (is_enumerated != node_has(n, "enumType")) {
        part_blame(b, n, node_attribute(n, "enumType"),
                   "an enumerated tag has an enumType, and no other has");
    }
    return is_enumerated ? (enum tag_type)part_word(b, n, "enumType", enumerated, TAG_INFORMATIVE,
                                                    "an enumType is restrictive or permissive")
                         : (enum tag_type)part_word(
                               b, n, "tagType", types, TAG_INFORMATIVE,
                               "a tagType is restrictive, permissive, enumerated or tagType7");
}

uint16_t part_policy(struct build *b, const xmlNode *n)
{
    span called = node_attribute(n, "policyRef");
    for (unsigned i = 0; i < b->scheme->policy_count; i++) {
        if (span_equal(b->scheme->policy[i].name, called)) {
            return (uint16_t)i;
        }
    }
    part_blame(b, n, called, "an equivalence refers to a policy that is not in equivalentPolicies");
    return SCHEME_NONE;
}

enum applied part_applied(struct build *b, const xmlNode *n)
{
    static const struct word words[] = {{"encrypt", APPLIED_ENCRYPT},
                                        {"decrypt", APPLIED_DECRYPT},
                                        {"both", APPLIED_BOTH},
                                        {NULL, 0}};
    return (enum applied)part_word(b, n, "applied", words, APPLIED_BOTH,
                                   "an equivalence is applied at encrypt, decrypt or both");
}
