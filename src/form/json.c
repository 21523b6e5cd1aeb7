/* SPDX-License-Identifier: Apache-2.0 */
#include "form/json.h"

#include "base/text.h"

static bool too_deep(span in)
{
    unsigned depth = 0;
    bool     text = false;
    for (size_t i = 0; i < in.len; i++) {
        uint8_t c = in.ptr[i];
        if (text) {
            i += c == '\\';
            text = c != '"';
        } else if (c == '[' || c == '{') {
            if (++depth > JSON_DEPTH_MAX) {
                return true;
            }
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        } else {
            text = c == '"';
        }
    }
    return false;
}

err json_open(struct form_reader *r, span in, json_t **out)
{
    json_error_t where;
    *out = NULL;
    if (too_deep(in)) {
        return reader_fail(r, FAIL(LIMIT, "the JSON has values more than 32 in each other"),
                           (struct text_at){0});
    }
    *out = json_loadb((const char *)in.ptr, in.len, JSON_REJECT_DUPLICATES, &where);
    if (*out == NULL) {
        size_t at = where.position > 0 ? (size_t)where.position : 0;
        return json_error_code(&where) == json_error_duplicate_key
                   ? reader_fail(r, FAIL(MALFORMED, "two members of an object have one name"),
                                 (struct text_at){json_name_before(in, at), at})
                   : reader_fail(r, FAIL(MALFORMED, "it is no JSON"), (struct text_at){{0}, at});
    }
    return OK;
}

err json_text(struct form_reader *r, json_t *in, const char *key, enum json_need need,
              struct text_at *out)
{
    json_t *v = json_object_get(in, key);
    *out = (struct text_at){0};
    if (v == NULL && need == JSON_OPTIONAL) {
        return OK;
    }
    if (!json_is_string(v)) {
        return reader_fail(r, FAIL(MALFORMED, "a member is missing, or not a string"),
                           json_at(span_text(key)));
    }
    *out = json_at((span){(const uint8_t *)json_string_value(v), json_string_length(v)});
    return OK;
}

static bool listed(const char *key, span keys)
{
    while (keys.len > 0) {
        if (span_is(span_cut(&keys, ' '), key)) {
            return true;
        }
    }
    return false;
}

err json_only(struct form_reader *r, json_t *in, const char *keys)
{
    const char *key;
    json_t     *value;
    if (!json_is_object(in)) {
        return reader_fail(r, FAIL(MALFORMED, "something is no JSON object that must be one"),
                           (struct text_at){0});
    }
    json_object_foreach(in, key, value)
    {
        if (!listed(key, span_text(keys))) {
            return reader_fail(r, FAIL(UNKNOWN, "a member that is not known here"),
                               json_at(span_text(key)));
        }
    }
    return OK;
}
