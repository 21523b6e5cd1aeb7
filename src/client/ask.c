/* SPDX-License-Identifier: Apache-2.0 */
/* One request and its answer, over a connection that is kept. */
#include <stdio.h>
#include <stdlib.h>

#include "client/inside.h"

err wire_open(accord_client *c, struct dial *dial, struct client *http)
{
    TRY(dial_open(dial, &c->to, c->tls, c->has_host ? c->host : NULL, c->wait_ms));
    client_init(http, dial_wire(dial), span_text(c->desk));
    return OK;
}

static void ask_close(accord_client *c)
{
    if (c->open) {
        dial_close(&c->dial);
    }
    c->open = false;
}

/* ---- answers ---- */

err text_of(const json_t *answer, const char *key, const char **out)
{
    span text;
    TRY(answer_text(answer, key, &text));
    *out = (const char *)text.ptr;
    return OK;
}

err client_refused(accord_client *c, struct client *http)
{
    json_t *answer = NULL;
    span    sentence = {NULL, 0};
    TRY(answer_json(http, ACCORD_ANSWER_MAX, &answer));
    err e = answer_refusal(answer, &sentence);
    if (sentence.ptr != NULL) {
        (void)snprintf(c->why, sizeof c->why, SPAN_FMT, SPAN_ARG(sentence));
        c->refused = true;
    }
    json_decref(answer);
    return e;
}

/* ---- requests ---- */

static err ask_once(accord_client *c, const struct ask *a)
{
    if (!c->open) {
        TRY(wire_open(c, &c->dial, &c->http));
        c->open = true;
    }
    err e = client_ask(&c->http, a, ACCORD_ANSWER_MAX);
    if (err_is(e)) {
        ask_close(c);
    }
    return e;
}

/* A desk hangs up on who was silent for two minutes; only what has no effect is asked twice. */
static err ask_send(accord_client *c, const struct ask *a)
{
    bool kept = c->open;
    if (kept && c->http.ended) {
        ask_close(c);
    }
    err e = ask_once(c, a);
    if (err_is(e) && kept && a->method == METHOD_GET) {
        e = ask_once(c, a);
    }
    TRY(e);
    if (c->http.answer.status >= 400) {
        return client_refused(c, &c->http);
    }
    return OK;
}

static err answer_take(accord_client *c, err asked, json_t **out)
{
    TRY(asked);
    err e = answer_json(&c->http, ACCORD_ANSWER_MAX, out);
    if (err_is(e)) {
        ask_close(c);
    }
    return e;
}

err client_json(accord_client *c, enum method method, const char *target, json_t *body,
                json_t **out)
{
    char      *text;
    struct ask a;
    TRY(ask_json(method, target, body, &text, &a));
    err e = ask_send(c, &a);
    free(text);
    return answer_take(c, e, out);
}

err client_bytes(accord_client *c, const char *target, span bytes, json_t **out)
{
    struct ask a = ask_octets(target);
    a.body = bytes;
    return answer_take(c, ask_send(c, &a), out);
}

err client_pieces(accord_client *c, const char *target, err (*take)(void *ctx, span piece),
                  void *ctx)
{
    struct ask a = ask_get(target);
    err        e = ask_send(c, &a);
    e = err_is(e) ? e : client_body_each(&c->http, take, ctx);
    if (err_is(e)) {
        ask_close(c);
    }
    return e;
}

enum accord_code accord_client_get(accord_client *c, const char *target, char *answer, size_t max)
{
    json_t *root = NULL;
    err     e = client_json(c, METHOD_GET, target, NULL, &root);
    char   *text = err_is(e) ? NULL : json_dumps(root, JSON_COMPACT);
    if (!err_is(e) && (text == NULL || strlen(text) >= max)) {
        e = FAIL(LIMIT, "the answer is longer than the buffer");
    }
    if (!err_is(e)) {
        memcpy(answer, text, strlen(text) + 1);
    }
    free(text);
    json_decref(root);
    return said(c, e);
}
