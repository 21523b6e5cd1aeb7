/* SPDX-License-Identifier: Apache-2.0 */
#include "ismform/json.h"
#include "base/text.h"
#include "ism/attribute_rows.h"
#include "ism/attributes.h"

#include <jansson.h>

static const struct ism_rule
    rule_json = {"JSON", "RFC 8259", "", "this is no JSON, or has a key twice"},
    rule_object = {"OBJECT", "", "", "a marking in JSON is one object, alone or below \"ism\""},
    rule_version = {"VERSION", "", "", "a version of the form that is not known here"},
    rule_kind = {"KIND", "", "",
                 "a value of an attribute is a text, a list of texts, or yes or no"},
    rule_many = {"MANY", "", "", "one object has more than 64 attributes"},
    rule_bytes = {"BYTES", "", "", "a marking in JSON is longer than 32 KiB"};

static const char *const flags[] = {
    "joint",         "resourceElement", "excludeFromRollup", "hasApproximateMarkings",
    "noAggregation", "externalNotice"};

static bool flag_is(span key)
{
    for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
        if (span_is(key, flags[i])) {
            return true;
        }
    }
    return false;
}

/* given - attributes as XML would have them; lists are put together in `bytes` */
struct given {
    struct ism_attribute each[ISM_ATTRIBUTES_MAX];
    size_t               count;
    struct writer        bytes;
};

static span text_of(const json_t *value)
{
    return (span){(const uint8_t *)json_string_value(value), json_string_length(value)};
}

/* An entry with a blank in it would be two, and an empty one none */
static bool entry_is(const json_t *entry)
{
    span text = text_of(entry);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] <= ' ') {
            return false;
        }
    }
    return json_is_string(entry) && text.len > 0;
}

static err list_of(const json_t *array, const char *key, struct given *out, span *value,
                   struct ismform_problem *p)
{
    size_t from = out->bytes.len, count = json_array_size(array);
    for (size_t i = 0; i < count; i++) {
        const json_t *entry = json_array_get(array, i);
        if (!entry_is(entry)) {
            return ismform_refuse(p, &rule_kind, ERR_MALFORMED, key, text_of(entry), 0);
        }
        put_text(&out->bytes, i > 0 ? " " : "");
        put_span(&out->bytes, text_of(entry));
    }
    *value = (span){out->bytes.ptr + from, out->bytes.len - from};
    return OK;
}

static err value_of(const char *key, const json_t *json, struct given *out, span *value,
                    struct ismform_problem *p)
{
    const struct attribute_row *row = attribute_row_of(span_text(key));
    if (json_is_string(json)) {
        *value = text_of(json);
        return OK;
    }
    if (json_is_boolean(json) && flag_is(span_text(key))) {
        *value = span_text(json_is_true(json) ? "true" : "false");
        return OK;
    }
    if (json_is_array(json) && (row == NULL || row->tokens)) {
        return list_of(json, row != NULL ? row->name : "", out, value, p);
    }
    return ismform_refuse(p, &rule_kind, ERR_MALFORMED, row != NULL ? row->name : "",
                          span_text(key), 0);
}

static err object_read(const json_t *object, struct given *out, struct ismform_problem *p)
{
    const char *key = NULL;
    json_t     *value = NULL;
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        if (strcmp(key, "version") == 0) {
            if (!json_is_string(value) || !span_is(text_of(value), "1")) {
                return ismform_refuse(p, &rule_version, ERR_UNKNOWN, "version", text_of(value), 0);
            }
            continue;
        }
        if (out->count == ISM_ATTRIBUTES_MAX) {
            return ismform_refuse(p, &rule_many, ERR_LIMIT, "", span_text(key), 0);
        }
        out->each[out->count].name = span_text(key);
        TRY(value_of(key, value, out, &out->each[out->count].value, p));
        out->count++;
    }
    return OK;
}

static err marking_read(const struct groups *g, const json_t *root, struct ism *out,
                        struct ismform_problem *p)
{
    uint8_t       bytes[JSON_BYTES_MAX];
    struct given  given = {.bytes = WRITER_OF(bytes)};
    const json_t *inner = json_object_get(root, "ism");
    if (inner != NULL && json_object_size(root) == 1) {
        root = inner;
    }
    if (!json_is_object(root)) {
        return ismform_refuse(p, &rule_object, ERR_MALFORMED, "", (span){0}, 0);
    }
    TRY(object_read(root, &given, p));
    TRY(ism_attributes_read(g, given.each, given.count, out, &p->fault));
    return OK;
}

err ism_json_read(const struct groups *g, span in, struct ism *out, struct ismform_problem *p)
{
    json_error_t where = {0};
    struct ism   m;
    if (in.len > JSON_BYTES_MAX) {
        return ismform_refuse(p, &rule_bytes, ERR_LIMIT, "", (span){0}, 0);
    }
    json_t *root = json_loadb((const char *)in.ptr, in.len, JSON_REJECT_DUPLICATES, &where);
    if (root == NULL) {
        err e = ismform_refuse(p, &rule_json, ERR_MALFORMED, "", (span){0},
                               where.position > 0 ? (size_t)where.position : 0);
        p->line = where.line > 0 ? (unsigned)where.line : 0;
        return e;
    }
    err e = marking_read(g, root, &m, p);
    json_decref(root);
    if (!err_is(e)) {
        e = ism_attributes_rules(g, &m, &p->fault);
    }
    if (!err_is(e)) {
        *out = m;
    }
    return e;
}

/* list_put - tokens with one blank between, as an array */
static void list_put(struct writer *w, span list)
{
    put_text(w, "[");
    for (const char *comma = ""; list.len > 0; comma = ", ") {
        put_text(w, comma);
        put_json(w, span_cut(&list, ' '));
    }
    put_text(w, "]");
}

static err attribute_put(void *to, span key, span value)
{
    struct writer              *w = to;
    const struct attribute_row *row = attribute_row_of(key);
    put_text(w, writer_span(w).ptr[w->len - 1] == '{' ? "" : ", ");
    put_json(w, key);
    put_text(w, ": ");
    if (row->tokens) {
        list_put(w, value);
    } else if (flag_is(key)) {
        put_span(w, value);
    } else {
        put_json(w, value);
    }
    return OK;
}

err ism_json_write(const struct groups *g, const struct ism *m, struct writer *w,
                   struct ismform_problem *p)
{
    put_text(w, "{");
    TRY(ism_attributes_write(g, m, attribute_put, w, &p->fault));
    put_text(w, "}\n");
    return OK;
}
