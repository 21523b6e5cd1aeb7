/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "http/server.h"
#include "loop/net.h"

#define CONTENT_MAX (UINT64_C(1) << 40) /* a product is not longer */

/* ---- which terminal ---- */

static bool has_terminal(struct call *c, const char *who)
{
    char path[FILE_PATH_MAX];
    bool there = !err_is(person_path(c, who, "terminal.crt", path)) && access(path, R_OK) == 0;
    c->about[0] = 0;
    return there;
}

static err terminal_any(struct call *c, unsigned skip, name *out)
{
    char            path[FILE_PATH_MAX];
    struct dirent **list = NULL;
    bool            found = false;
    TRY(party_path(c, "people", path));
    int count = scandir(path, &list, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        name who;
        if (!found && list[i]->d_name[0] != '.' &&
            !err_is(name_of(span_text(list[i]->d_name), &who)) && has_terminal(c, who.text) &&
            skip-- == 0) {
            *out = who;
            found = true;
        }
        free(list[i]);
    }
    free((void *)list);
    return found ? OK : FAIL(UNKNOWN, "there is no terminal with a certificate here");
}

static err terminal_of(struct call *c, unsigned skip, name *out)
{
    if (c->as_count == 0) {
        return terminal_any(c, skip, out);
    }
    call_about(c, "%s", c->as[0]);
    TRY(name_of(span_text(c->as[0]), out));
    if (!has_terminal(c, out->text)) {
        call_about(c, "%s", c->as[0]);
        return FAIL(UNKNOWN, "this person has no terminal here, or it has no certificate yet");
    }
    return OK;
}

err terminal_find(struct call *c, name *out)
{
    return terminal_of(c, 0, out);
}

/* ---- the connection ---- */

static err tls_make(struct desk *d, const name *who)
{
    static uint8_t      key[CERT_KEY_MAX], crt[CERT_DER_MAX], ca[CERT_DER_MAX];
    char                path[FILE_PATH_MAX];
    span                authority;
    struct tls_settings s = {
        .trusted = &authority, .trusted_count = 1, .roles = 1u << ROLE_DESK, .alpn = HTTP_ALPN};
    TRY(party_authority(d->call, ca, sizeof ca, &authority));
    TRY(person_path(d->call, who->text, "terminal.crt", path));
    TRY(file_read(path, crt, sizeof crt, &s.cert));
    TRY(person_path(d->call, who->text, "terminal.key", path));
    TRY(file_read(path, key, sizeof key, &s.key));
    err e = tls_context_open(&s, &d->tls);
    bytes_wipe(key, sizeof key);
    return e;
}

static err desk_connect(struct desk *d, unsigned skip)
{
    struct net_address to;
    TRY(party_read(d->call, &d->party));
    TRY(terminal_of(d->call, skip, &d->terminal));
    TRY(tls_make(d, &d->terminal));
    call_about(d->call, "%s", d->party.desk);
    TRY(net_address_of(span_text(d->party.desk), &to));
    TRY(dial_open(&d->dial, &to, d->tls, NULL, DESK_WAIT_MS));
    client_init(&d->client, dial_wire(&d->dial), span_text(d->party.desk));
    d->call->about[0] = 0;
    return OK;
}

err desk_open(struct call *c, struct desk **out)
{
    return desk_open_other(c, 0, out);
}

err desk_open_other(struct call *c, unsigned skip, struct desk **out)
{
    struct desk *d = calloc(1, sizeof *d);
    MUST(d != NULL);
    d->call = c;
    d->dial.fd = -1;
    err e = desk_connect(d, skip);
    if (err_is(e)) {
        desk_close(d);
        return e;
    }
    *out = d;
    return OK;
}

void desk_close(struct desk *d)
{
    if (d != NULL) {
        if (d->dial.fd >= 0) {
            dial_close(&d->dial);
        }
        tls_context_close(d->tls);
        free(d);
    }
}

/* ---- answers ---- */

err desk_answer_error(struct desk *d)
{
    json_t *answer = NULL;
    span    sentence = {NULL, 0};
    TRY(answer_json(&d->client, DESK_ANSWER_MAX, &answer));
    err e = answer_refusal(answer, &sentence);
    if (sentence.ptr != NULL) {
        (void)snprintf(d->call->refusal, sizeof d->call->refusal, SPAN_FMT, SPAN_ARG(sentence));
    }
    json_decref(answer);
    return e;
}

static err answer_take(struct desk *d, json_t **answer)
{
    return d->client.answer.status >= 400 ? desk_answer_error(d)
                                          : answer_json(&d->client, DESK_ANSWER_MAX, answer);
}

err desk_ask(struct desk *d, enum method method, const char *target, json_t *body, json_t **answer)
{
    char      *text;
    struct ask a;
    TRY(ask_json(method, target, body, &text, &a));
    err e = client_ask(&d->client, &a, DESK_ANSWER_MAX);
    free(text);
    TRY(e);
    return answer_take(d, answer);
}

err desk_upload(struct desk *d, const char *target, int file, uint64_t len, json_t **answer)
{
    struct ask a = ask_octets(target);
    a.body_file = file;
    a.body_len = len;
    TRY(client_ask(&d->client, &a, DESK_ANSWER_MAX));
    return answer_take(d, answer);
}

err desk_download(struct desk *d, const char *target, err (*take)(void *ctx, span piece), void *ctx)
{
    struct ask a = ask_get(target);
    TRY(client_ask(&d->client, &a, CONTENT_MAX));
    if (d->client.answer.status >= 400) {
        return desk_answer_error(d);
    }
    return client_body_each(&d->client, take, ctx);
}
