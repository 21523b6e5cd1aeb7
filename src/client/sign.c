/* SPDX-License-Identifier: Apache-2.0 */
/* What is signed: each text is held against what was asked for before a key touches it. */
#include <stdio.h>
#include <stdlib.h>

#include "client/inside.h"
#include "wire/challenge.h"

static err caller_signs(accord_client *c, const char *purpose, span text,
                        uint8_t out[static SIGNATURE_LEN])
{
    size_t   head = strlen(purpose) + 1, len = head + text.len;
    uint8_t *message = malloc(len);
    if (message == NULL) {
        return FAIL(FULL, "there is no memory for what is to be signed");
    }
    memcpy(message, purpose, head);
    memcpy(message + head, text.ptr, text.len);
    int refused = c->sign(c->sign_ctx, message, len, out);
    free(message);
    return refused != 0 ? FAIL(DENIED, "it was not signed") : OK;
}

err sign_text(accord_client *c, const char *purpose, span text, char out[static SIGNATURE_HEX])
{
    uint8_t       signature[SIGNATURE_LEN];
    struct writer w = writer_of(out, SIGNATURE_HEX - 1);
    if (c->has_seed) {
        sign_make(&c->seed, purpose, text, signature);
    } else {
        TRY(caller_signs(c, purpose, text, signature));
    }
    put_hex(&w, SPAN_OF(signature));
    out[SIGNATURE_HEX - 1] = 0;
    return OK;
}

static err challenge_sign(accord_client *c, const json_t *asked, const char *act, span body,
                          json_t **out)
{
    char                   target[64], hex[SIGNATURE_HEX];
    const char            *text;
    const json_t          *number = json_object_get(asked, "act");
    const struct challenge wanted = {&c->party, act, c->person.text, body};
    TRY(text_of(asked, "text", &text));
    TRY(challenge_check(span_text(text), &wanted));
    if (!json_is_integer(number)) {
        return FAIL(MALFORMED, "the desk's answer is not as it should be");
    }
    TRY(sign_text(c, CHALLENGE_TITLE, span_text(text), hex));
    (void)snprintf(target, sizeof target, "/v1/acts/%lld/signatures",
                   (long long)json_integer_value(number));
    return client_json(c, METHOD_POST, target,
                       json_pack("{s:s, s:s}", "person", c->person.text, "signature", hex), out);
}

err client_act(accord_client *c, const char *act, span body, json_t **out)
{
    json_t *asked = NULL;
    json_t *o = json_pack("{s:s, s:s}", "person", c->person.text, "act", act);
    (void)json_object_set_new(o, "body", json_stringn((const char *)body.ptr, body.len));
    TRY(client_json(c, METHOD_POST, "/v1/acts", o, &asked));
    err e = challenge_sign(c, asked, act, body, out);
    json_decref(asked);
    return e;
}

err session_need(accord_client *c)
{
    uint8_t       buf[32];
    struct writer body = WRITER_OF(buf);
    json_t       *answer = NULL;
    const char   *session = "";
    if (c->session[0] != 0) {
        return OK;
    }
    line_number(&body, "minutes", c->minutes);
    TRY(client_act(c, "session", writer_span(&body), &answer));
    err e = text_of(answer, "session", &session);
    if (!err_is(e) && strlen(session) != ACCORD_SESSION_LEN - 1) {
        e = FAIL(MALFORMED, "the desk's answer is not as it should be");
    }
    if (!err_is(e)) {
        memcpy(c->session, session, ACCORD_SESSION_LEN);
    }
    json_decref(answer);
    return e;
}

enum accord_code accord_client_session(accord_client *c, char session[ACCORD_SESSION_LEN])
{
    err e = session_need(c);
    if (!err_is(e)) {
        memcpy(session, c->session, ACCORD_SESSION_LEN);
    }
    return said(c, e);
}

enum accord_code accord_client_act(accord_client *c, const char *act, const char *body,
                                   char *answer, size_t max)
{
    json_t *root = NULL;
    err     e = client_act(c, act, span_text(body), &root);
    char   *text = err_is(e) ? NULL : json_dumps(root, JSON_COMPACT);
    if (!err_is(e) && (text == NULL || strlen(text) >= max)) {
        e = FAIL(LIMIT, "it was signed, but the answer is longer than the buffer");
    }
    if (!err_is(e)) {
        memcpy(answer, text, strlen(text) + 1);
    }
    free(text);
    json_decref(root);
    return said(c, e);
}
