/* SPDX-License-Identifier: Apache-2.0 */
#include "http/answer.h"

#include <stdlib.h>

#include "base/text.h"

struct ask ask_get(const char *target)
{
    return (struct ask){
        .method = METHOD_GET, .target = span_text(target), .type = "", .body_file = -1};
}

struct ask ask_octets(const char *target)
{
    return (struct ask){.method = METHOD_POST,
                        .target = span_text(target),
                        .type = "application/octet-stream",
                        .body_file = -1};
}

err ask_json(enum method method, const char *target, json_t *body, char **text, struct ask *out)
{
    char *made = body == NULL ? NULL : json_dumps(body, JSON_COMPACT);
    bool  bad = body != NULL && made == NULL;
    json_decref(body);
    if (bad) {
        return FAIL(MALFORMED, "what is asked for is no text");
    }
    *out = ask_get(target);
    out->method = method;
    out->type = made == NULL ? "" : "application/json";
    out->body = made == NULL ? (span){NULL, 0} : span_text(made);
    *text = made;
    return OK;
}

err answer_json(struct client *http, size_t max, json_t **out)
{
    span     bytes = {NULL, 0};
    uint8_t *buf = malloc(max);
    if (buf == NULL) {
        return FAIL(FULL, "there is no memory for an answer");
    }
    err     e = client_body(http, buf, max, &bytes);
    json_t *root =
        err_is(e) ? NULL
                  : json_loadb((const char *)bytes.ptr, bytes.len, JSON_REJECT_DUPLICATES, NULL);
    free(buf);
    TRY(e);
    if (!json_is_object(root)) {
        json_decref(root);
        return FAIL(MALFORMED, "the desk's answer is not one JSON object");
    }
    *out = root;
    return OK;
}

err answer_text(const json_t *answer, const char *key, span *out)
{
    const json_t *value = json_object_get(answer, key);
    if (!json_is_string(value) || strlen(json_string_value(value)) != json_string_length(value)) {
        return FAIL(MALFORMED, "the desk's answer is not as it should be");
    }
    *out = span_text(json_string_value(value));
    return OK;
}

static const struct {
    const char *code;
    err         e;
} code_row[] = {
    {"malformed", {ERR_MALFORMED, "the desk refused"}},
    {"unknown", {ERR_UNKNOWN, "the desk refused"}},
    {"limit", {ERR_LIMIT, "the desk refused"}},
    {"full", {ERR_FULL, "the desk refused"}},
    {"denied", {ERR_DENIED, "the desk refused"}},
    {"conflict", {ERR_CONFLICT, "the desk refused"}},
    {"state", {ERR_STATE, "the desk refused"}},
    {"forged", {ERR_FORGED, "the desk refused"}},
    {"io", {ERR_IO, "the desk refused"}},
};

static err code_error(span code)
{
    for (size_t i = 0; i < ARRAY_LEN(code_row); i++) {
        if (span_is(code, code_row[i].code)) {
            return code_row[i].e;
        }
    }
    return FAIL(IO, "the desk refused");
}

/* {"error": sentence, "code": code} of the desk; {"error": code, "why": sentence} of the layer below */
err answer_refusal(const json_t *answer, span *sentence)
{
    span code = {NULL, 0}, why = {NULL, 0};
    utf8 checked;
    bool below = json_object_get(answer, "why") != NULL;
    TRY(answer_text(answer, below ? "error" : "code", &code));
    TRY(answer_text(answer, below ? "why" : "error", &why));
    TRY(text_utf8(why, &checked));
    *sentence = why;
    return code_error(code);
}
