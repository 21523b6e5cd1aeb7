/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/attributes.h"
#include "ism/attribute_rows.h"

static bool blank_is(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

span token_cut(span *rest)
{
    size_t len = 0, next = 0;
    *rest = span_trim(*rest);
    while (len < rest->len && !blank_is(rest->ptr[len])) {
        len++;
    }
    next = len;
    while (next < rest->len && blank_is(rest->ptr[next])) {
        next++;
    }
    span token = {rest->ptr, len};
    *rest = (span){rest->ptr + next, rest->len - next};
    return token;
}

const struct attribute_row *attribute_row_of(span name)
{
    for (const struct attribute_row *row = attribute_rows; row->name != NULL; row++) {
        if (span_is(name, row->name)) {
            return row;
        }
    }
    return NULL;
}

static const struct ism_rule
    rule_attribute = {"ATTRIBUTE", "ISM 2021-NOV", "",
                      "an attribute that the schema does not have"},
    rule_repeated = {"REPEATED", "XML 1.0", "", "an attribute is given twice"},
    rule_void = {"VOID", "ISM-ID-00002", "", "an attribute that is there says something"},
    rule_twice = {"TWICE", "ISM-ID-00236", "", "a token stands twice in one attribute"},
    rule_required = {"REQUIRED", "ISM-ID-00012", "",
                     "classification and ownerProducer are always said"},
    rule_many_tokens = {"MANY", "", "", "one attribute has more than 384 tokens"},
    rule_many = {"MANY", "", "", "one element has more than 64 attributes"};

/* TOKENS_MAX - tokens of one attribute: no more than there are codes */
#define TOKENS_MAX CODES_MAX

static bool stands_in(span token, span list)
{
    while (list.len > 0) {
        if (span_equal(token_cut(&list), token)) {
            return true;
        }
    }
    return false;
}

static err value_checked(struct attribute_reading *r, span value)
{
    span trimmed = span_trim(value);
    if (trimmed.len == 0) {
        return attribute_refuse(r, &rule_void, value);
    }
    for (unsigned count = 0; r->row->tokens && trimmed.len > 0; count++) {
        span token = token_cut(&trimmed);
        if (count == TOKENS_MAX) {
            return attribute_refuse(r, &rule_many_tokens, token);
        }
        if (stands_in(token, trimmed)) {
            return attribute_refuse(r, &rule_twice, token);
        }
    }
    return OK;
}

static err attribute_take(struct attribute_reading *r, const struct ism_attribute *a)
{
    r->row = attribute_row_of(a->name);
    if (r->row == NULL) {
        r->name = "";
        return ism_refuse(r->fault, &rule_attribute, ERR_UNKNOWN, "", a->name, 0);
    }
    size_t bit = (size_t)(r->row - attribute_rows);
    r->name = r->row->name;
    if ((r->seen >> bit & 1) != 0) {
        return attribute_refuse(r, &rule_repeated, a->value);
    }
    r->seen |= (uint64_t)1 << bit;
    TRY(value_checked(r, a->value));
    return r->row->read(r, a->value);
}

static bool row_seen(const struct attribute_reading *r, const char *name)
{
    return (r->seen >> (attribute_row_of(span_text(name)) - attribute_rows) & 1) != 0;
}

/* Who classified it says of which system it is; what is the owners' own is no further source */
static void system_settle(const struct groups *g, struct ism *m, bool joint)
{
    struct places usa = {0}, nato = {0};
    codes_add(&usa.codes, g->usa);
    if (code_find(g, SPAN_LIT("NATO")) < CODES_MAX) {
        codes_add(&nato.codes, code_find(g, SPAN_LIT("NATO")));
    }
    bool part = codes_next(&m->owners.codes, 0) == CODES_MAX && m->owners.nato.len > 0 &&
                memchr(m->owners.nato.text, ' ', m->owners.nato.len) == NULL;
    m->system = joint                                     ? ISM_JOINT
                : places_equal(&m->owners, &usa)          ? ISM_US
                : part || places_equal(&m->owners, &nato) ? ISM_NATO
                                                          : ISM_NON_US;
    if (m->system != ISM_US) {
        places_without(&m->fgi, &m->owners, &m->fgi);
    }
}

static err attributes_take(struct attribute_reading *r, const struct ism_attribute *given,
                           size_t count)
{
    if (count > ISM_ATTRIBUTES_MAX) {
        return ism_refuse(r->fault, &rule_many, ERR_LIMIT, "", (span){0}, 0);
    }
    ism_empty(r->g, &r->m);
    r->m.owners = (struct places){0};
    for (size_t i = 0; i < count; i++) {
        TRY(attribute_take(r, &given[i]));
    }
    if (!row_seen(r, "classification") || !row_seen(r, "ownerProducer")) {
        return ism_refuse(r->fault, &rule_required, ERR_MALFORMED, "classification", (span){0}, 0);
    }
    system_settle(r->g, &r->m, r->joint);
    return OK;
}

err ism_attributes_read(const struct groups *g, const struct ism_attribute *given, size_t count,
                        struct ism *out, struct ism_fault *fault)
{
    struct attribute_reading r;
    r.g = g;
    r.fault = fault;
    r.seen = 0;
    r.joint = false;
    r.name = "";
    TRY(attributes_take(&r, given, count));
    *out = r.m;
    return OK;
}

err ism_attributes_rules(const struct groups *g, const struct ism *m, struct ism_fault *fault)
{
    const char            *word = "";
    const struct ism_rule *broken = ism_rules_attributes(g, m, &word);
    return broken == NULL ? OK : ism_refuse(fault, broken, ERR_MALFORMED, "", span_text(word), 0);
}

err ism_attributes_write(const struct groups *g, const struct ism           *m,
                         err (*each)(void *to, span name, span value), void *to,
                         struct ism_fault *fault)
{
    uint8_t buf[ISM_POOL_MAX * 2];
    for (const struct attribute_row *row = attribute_rows; row->name != NULL; row++) {
        struct writer            w = WRITER_OF(buf);
        struct attribute_writing a = {.g = g, .m = m, .w = &w, .fault = fault, .row = row};
        if (row->write == NULL) {
            continue;
        }
        TRY(row->write(&a));
        if (w.bad) {
            return FAIL(LIMIT, "the value of an attribute is longer than 2048 bytes");
        }
        if (w.len > 0) {
            TRY(each(to, span_text(row->name), writer_span(&w)));
        }
    }
    return OK;
}
