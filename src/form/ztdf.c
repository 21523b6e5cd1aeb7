/* SPDX-License-Identifier: Apache-2.0 */
#include "form/ztdf.h"

#include "base/text.h"
#include "form/json.h"
#include "form/stanag.h"

static err text_is(struct form_reader *r, json_t *in, const char *key, const char *one,
                   const char *other, enum json_need need)
{
    struct text_at at;
    TRY(json_text(r, in, key, need, &at));
    bool good = at.text.ptr == NULL || span_is(at.text, one) || span_is(at.text, other);
    return good ? OK
                : reader_fail(r, FAIL(UNKNOWN, "a member has a value that is not known here"), at);
}

static err take_values(struct naming *to, json_t *values)
{
    struct form_reader *r = to->reader;
    if (!json_is_array(values) || json_array_size(values) == 0) {
        return reader_fail(r, FAIL(MALFORMED, "a category has no value"),
                           json_at(SPAN_LIT("GenericValues")));
    }
    for (size_t i = 0; i < json_array_size(values); i++) {
        json_t *v = json_array_get(values, i);
        if (!json_is_string(v)) {
            return reader_fail(r, FAIL(MALFORMED, "the value of a category is no string"),
                               json_at(SPAN_LIT("GenericValues")));
        }
        TRY(naming_value(
            to, json_at((span){(const uint8_t *)json_string_value(v), json_string_length(v)})));
    }
    return OK;
}

static err take_category(struct naming *to, json_t *c)
{
    struct text_at type, set;
    TRY(json_only(to->reader, c, "Type TagName GenericValues"));
    TRY(json_text(to->reader, c, "Type", JSON_NEEDED, &type));
    TRY(json_text(to->reader, c, "TagName", JSON_NEEDED, &set));
    TRY(naming_category(to, type, set, (struct text_at){0}));
    return take_values(to, json_object_get(c, "GenericValues"));
}

/* One is an object, several are an array of them */
static err take_categories(struct naming *to, json_t *c)
{
    if (c == NULL || json_is_object(c)) {
        return c == NULL ? OK : take_category(to, c);
    }
    if (!json_is_array(c)) {
        return reader_fail(to->reader, FAIL(MALFORMED, "the category is no object and no array"),
                           json_at(SPAN_LIT("Category")));
    }
    for (size_t i = 0; i < json_array_size(c); i++) {
        TRY(take_category(to, json_array_get(c, i)));
    }
    return OK;
}

static err take_information(struct form_reader *r, json_t *in, struct label *out)
{
    struct naming  to = {.reader = r, .privacy = SCHEME_NONE};
    struct text_at policy, class;
    TRY(json_only(r, in, "PolicyIdentifier Classification Category"));
    TRY(json_text(r, in, "PolicyIdentifier", JSON_NEEDED, &policy));
    TRY(json_text(r, in, "Classification", JSON_NEEDED, &class));
    TRY(naming_policy(&to, policy, (struct text_at){0}));
    TRY(naming_class(&to, class));
    TRY(take_categories(&to, json_object_get(in, "Category")));
    *out = naming_label(&to);
    return OK;
}

static err take_value(struct form_reader *r, json_t *v, struct label_record *out)
{
    struct text_at created;
    TRY(json_only(r, v, "Xmlns CreationTime ConfidentialityInformation"));
    TRY(text_is(r, v, "Xmlns", (const char *)STANAG_SPACE.ptr, (const char *)STANAG_SPACE.ptr,
                JSON_NEEDED));
    TRY(json_text(r, v, "CreationTime", JSON_OPTIONAL, &created));
    if (created.text.ptr == NULL) {
        TRY(reader_deviates(r, DEVIATION_CREATED, FAIL(MALFORMED, "a label has no CreationTime"),
                            created));
    } else if (err_is(text_time(created.text, &out->created))) {
        return reader_fail(r, FAIL(MALFORMED, "a time that is not like 2026-11-22T09:30:00Z"),
                           created);
    }
    out->has_created = created.text.ptr != NULL;
    return take_information(r, json_object_get(v, "ConfidentialityInformation"), &out->label);
}

/* SDKs write the value as a text that is JSON, the specification as an object */
static err take_statement(struct form_reader *r, json_t *s, struct label_record *out)
{
    json_t *v = json_object_get(s, "value"), *inner = NULL;
    TRY(json_only(r, s, "schema format value"));
    TRY(text_is(r, s, "schema", (const char *)STANAG_SPACE.ptr, (const char *)STANAG_SPACE.ptr,
                JSON_OPTIONAL));
    TRY(text_is(r, s, "format", "json-structured", "json-structured", JSON_NEEDED));
    if (!json_is_string(v)) {
        return take_value(r, v, out);
    }
    TRY(json_open(r, (span){(const uint8_t *)json_string_value(v), json_string_length(v)}, &inner));
    err e = take_value(r, inner, out);
    json_decref(inner);
    return e;
}

static err take_assertion(struct form_reader *r, json_t *a, struct label_record *out)
{
    struct text_at id;
    json_t        *binding = json_object_get(a, "binding");
    if (json_object_get(a, "statement") == NULL) {
        return take_statement(r, a, out);
    }
    TRY(json_only(r, a, "id type scope appliesToState statement binding"));
    TRY(json_text(r, a, "id", JSON_NEEDED, &id));
    TRY(text_is(r, a, "type", "handling", "handling", JSON_NEEDED));
    TRY(text_is(r, a, "scope", "tdo", "payload", JSON_NEEDED));
    TRY(text_is(r, a, "appliesToState", "encrypted", "unencrypted", JSON_OPTIONAL));
    if (binding != NULL) {
        TRY(json_only(r, binding, "method signature"));
    }
    return take_statement(r, json_object_get(a, "statement"), out);
}

err ztdf_read(struct form_reader *r, span in, struct label_record *out)
{
    struct label_record record = label_record_of(NULL);
    json_t             *root;
    TRY(json_open(r, in, &root));
    err e = take_assertion(r, root, &record);
    json_decref(root);
    if (!err_is(e)) {
        *out = record;
    }
    return e;
}

static void put_run(const struct scheme *s, const struct naming_run *run,
                    const struct category_set *has, struct writer *w)
{
    const char *between = "";
    put_text(w, "{\"Type\": \"");
    put_text(w, run->type);
    put_text(w, "\", \"TagName\": ");
    put_json(w, run->set->name);
    put_text(w, ", \"GenericValues\": [");
    for (unsigned c = category_next(has, run->tag->first);
         c < (unsigned)run->tag->first + run->tag->count; c = category_next(has, c + 1)) {
        put_text(w, between);
        put_json(w, s->category[c].name);
        between = ", ";
    }
    put_text(w, "]}");
}

static err put_categories(const struct label *l, struct writer *w, struct form_problem *p)
{
    const struct scheme *s = l->scheme;
    struct naming_run    run[TAGS_MAX];
    unsigned             count = 0;
    for (unsigned t = 0; t < s->tag_count; t++) {
        TRY(naming_run_of(s, t, &l->categories, &run[count], p));
        count += run[count].tag != NULL;
    }
    if (count == 0) {
        return OK;
    }
    put_text(w, ", \"Category\": ");
    put_text(w, count > 1 ? "[" : "");
    for (unsigned i = 0; i < count; i++) {
        put_text(w, i > 0 ? ", " : "");
        put_run(s, &run[i], &l->categories, w);
    }
    put_text(w, count > 1 ? "]" : "");
    return OK;
}

/* An assertion's id names it among those of its file: 16 digits of the 64-bit FNV-1a hash of its statement, so
 * that two that say different things have different ids, and writing a label twice gives the same bytes. */
static void put_id(struct writer *w, span statement)
{
    uint64_t hash = 0xcbf29ce484222325;
    uint8_t  bytes[8];
    for (size_t i = 0; i < statement.len; i++) {
        hash = (hash ^ statement.ptr[i]) * 0x100000001b3;
    }
    for (unsigned i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(hash >> (56 - 8 * i));
    }
    put_text(w, "label-");
    put_hex(w, SPAN_OF(bytes));
}

err ztdf_write(const struct label_record *r, struct writer *w, struct form_problem *p)
{
    const struct scheme *s = r->label.scheme;
    if (!r->has_created) {
        return problem_set(p,
                           FAIL(MALFORMED, "a handling assertion says when its label was created"),
                           0, (span){0});
    }
    put_text(w, "{\"type\": \"handling\", \"scope\": \"tdo\", \"appliesToState\": \"encrypted\", "
                "\"statement\": ");
    size_t from = w->len;
    put_text(w, "{\"schema\": \"");
    put_span(w, STANAG_SPACE);
    put_text(w, "\", \"format\": \"json-structured\", \"value\": {\"Xmlns\": \"");
    put_span(w, STANAG_SPACE);
    put_text(w, "\", \"CreationTime\": \"");
    put_time(w, r->created);
    put_text(w, "\", \"ConfidentialityInformation\": {\"PolicyIdentifier\": ");
    put_json(w, s->name);
    put_text(w, ", \"Classification\": ");
    put_json(w, s->class[r->label.class].name);
    TRY(put_categories(&r->label, w, p));
    put_text(w, "}}}");
    size_t to = w->len;
    put_text(w, ", \"id\": \"");
    put_id(w, (span){w->ptr + from, to - from});
    put_text(w, "\"}");
    return OK;
}
