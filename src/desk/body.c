/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/body.h"

#include <jansson.h>

static err member_take(const struct body_field *f, json_t *root, size_t *seen, span *out)
{
    json_t *value = json_object_get(root, f->key);
    utf8    checked;
    if (value == NULL) {
        return f->optional ? OK : FAIL(MALFORMED, "a member of the JSON object is missing");
    }
    if (!json_is_string(value)) {
        return FAIL(MALFORMED, "a member of the JSON object is not a string");
    }
    span text = {(const uint8_t *)json_string_value(value), json_string_length(value)};
    TRY(text_utf8(text, &checked));
    *seen += 1;
    *out = text;
    return OK;
}

err body_read(span bytes, const struct body_field *field, size_t count, struct body *out)
{
    size_t       seen = 0;
    json_error_t where;
    *out = (struct body){0};
    MUST(count <= BODY_FIELDS_MAX);
    json_t *root = json_loadb((const char *)bytes.ptr, bytes.len, JSON_REJECT_DUPLICATES, &where);
    out->root = root;
    if (root == NULL && json_error_code(&where) == json_error_invalid_utf8) {
        return FAIL(MALFORMED, "the body is not valid UTF-8");
    }
    if (!json_is_object(root)) {
        return FAIL(MALFORMED, "the body is not one JSON object without duplicate members");
    }
    for (size_t i = 0; i < count; i++) {
        TRY(member_take(&field[i], root, &seen, &out->value[i]));
    }
    if (seen != json_object_size(root)) {
        return FAIL(MALFORMED, "the JSON object has a member that is not known here");
    }
    return OK;
}

void body_done(struct body *b)
{
    json_decref(b->root);
    *b = (struct body){0};
}

void body_warm(struct random_source random)
{
    size_t seed = 0;
    random_fill(random, (uint8_t *)&seed, sizeof seed);
    json_object_seed(seed | 1); /* 0 would be no seed */
}
