/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/act.h"

#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/verbs.h"
#include "wire/challenge.h"

static json_t *act_json(struct desk *d, const char *act, span body, span attachment)
{
    static uint8_t base64[(ACT_ATTACHED_MAX / 3 + 2) * 4];
    struct writer  w = WRITER_OF(base64);
    json_t        *o = json_pack("{s:s, s:s}", "person", d->call->as[0], "act", act);
    (void)json_object_set_new(o, "body", json_span(body));
    if (attachment.len > 0) {
        put_base64(&w, attachment);
        (void)json_object_set_new(o, "attachment", json_span(writer_span(&w)));
    }
    return o;
}

static json_t *signature_json(const char *who, const secret *seed, span text)
{
    uint8_t       signature[SIGNATURE_LEN], hex[2 * SIGNATURE_LEN];
    struct writer w = WRITER_OF(hex);
    sign_make(seed, CHALLENGE_TITLE, text, signature);
    put_hex(&w, SPAN_OF(signature));
    json_t *o = json_pack("{s:s}", "person", who);
    (void)json_object_set_new(o, "signature", json_span(writer_span(&w)));
    return o;
}

/* Each of --as in turn, until the guard has enough; *answer is the last answer, complete or not. */
static err signatures_give(struct desk *d, json_int_t number, span text, json_t **answer)
{
    char target[64];
    (void)snprintf(target, sizeof target, "/v1/acts/%lld/signatures", (long long)number);
    for (unsigned i = 0; i < d->call->as_count; i++) {
        SECRET seed;
        TRY(person_seed(d->call, d->call->as[i], &seed));
        json_t *got = NULL;
        TRY(desk_ask(d, METHOD_POST, target, signature_json(d->call->as[i], &seed, text), &got));
        json_decref(*answer);
        *answer = got;
        if (json_integer_value(json_object_get(got, "needed")) == 0) {
            return OK;
        }
    }
    return OK;
}

static err challenge_sign(struct desk *d, const json_t *challenge, const char *act, span body,
                          json_t **answer)
{
    const json_t *number = json_object_get(challenge, "act");
    span          text = {NULL, 0};
    TRY(answer_text(challenge, "text", &text));
    TRY(challenge_check(text, &(struct challenge){&d->party.code, act, d->call->as[0], body}));
    if (!json_is_integer(number)) {
        return FAIL(MALFORMED, "the desk's answer is not as it should be");
    }
    call_note(d->call, SPAN_FMT, SPAN_ARG(text));
    return signatures_give(d, json_integer_value(number), text, answer);
}

err act_do(struct desk *d, const char *act, span body, span attachment, json_t **answer)
{
    json_t *challenge = NULL;
    utf8    checked;
    if (err_is(text_utf8(body, &checked))) {
        return FAIL(MALFORMED, "what is asked for is not valid UTF-8, or holds a character that "
                               "controls and does not show");
    }
    if (attachment.len > ACT_ATTACHED_MAX) {
        return FAIL(LIMIT, "what the act brings along is too long");
    }
    TRY(desk_ask(d, METHOD_POST, "/v1/acts", act_json(d, act, body, attachment), &challenge));
    err e = challenge_sign(d, challenge, act, body, answer);
    json_decref(challenge);
    return e;
}

/* Line by line, without the title: each is a member of its own. */
static void result_set(struct call *c, span result)
{
    while (result.len > 0) {
        char   key[NAME_MAX_LEN + 1] = "";
        span   line = span_cut(&result, '\n'), word = span_cut(&line, ' ');
        size_t len = word.len < NAME_MAX_LEN ? word.len : NAME_MAX_LEN;
        memcpy(key, word.ptr, len);
        if (strcmp(key, "accord") != 0) {
            call_set_text(c, key, line);
        }
    }
}

/* The first of two has signed here; the other may do so at another terminal. */
static err second_wanted(struct call *c, const json_t *answer)
{
    json_int_t number = json_integer_value(json_object_get(answer, "act"));
    call_set_number(c, "act", (uint64_t)number);
    call_set_number(c, "needed", 1);
    call_tell(c,
              "act %lld waits five minutes for a second signature, from another chain of command: "
              "accord sign %lld --as NAME shows it, and with --agree signs it",
              (long long)number, (long long)number);
    c->waits = true;
    return OK;
}

static err result_take(struct call *c, const json_t *answer, char **out)
{
    span result = {NULL, 0};
    TRY(answer_text(answer, "result", &result));
    result_set(c, result);
    if (out != NULL) {
        *out = strdup(json_string_value(json_object_get(answer, "result")));
        MUST(*out != NULL);
    }
    return OK;
}

/* An act may end what the terminal's own certificate is good for, and the connection before the answer has come. */
static bool is_cut_off(struct call *c)
{
    struct desk *d = NULL;
    json_t      *answer = NULL;
    err          e = desk_open(c, &d);
    e = err_is(e) ? e : desk_ask(d, METHOD_GET, "/v1/status", NULL, &answer);
    desk_close(d);
    json_decref(answer);
    return e.code == ERR_DENIED && strcmp(e.why, TLS_WE_ARE_REVOKED) == 0;
}

static bool is_own_end(struct call *c, const char *act)
{
    bool revokes = strcmp(act, "terminal-revoke") == 0 || strcmp(act, "person-revoke") == 0;
    return revokes && c->refusal[0] == 0 && is_cut_off(c);
}

err act_run(struct call *c, const char *act, const struct writer *body, span attachment,
            char **result)
{
    struct desk *d = NULL;
    json_t      *answer = NULL;
    span         text;
    TRY(signers_begin(c));
    TRY(writer_end(body, &text));
    TRY(desk_open(c, &d));
    err e = act_do(d, act, text, attachment, &answer);
    desk_close(d);
    if (err_is(e) && is_own_end(c, act)) {
        call_note(c, "the certificate of this terminal was revoked with it");
        call_set_text(c, "outcome", SPAN_LIT("done: this terminal is cut off with it"));
        c->about[0] = 0;
        return OK;
    }
    TRY(e);
    bool waits = json_integer_value(json_object_get(answer, "needed")) > 0;
    e = waits ? second_wanted(c, answer) : result_take(c, answer, result);
    json_decref(answer);
    return e;
}

err act_session(struct desk *d, unsigned minutes, char out[static ACT_SESSION_LEN])
{
    uint8_t       buf[32];
    struct writer body = WRITER_OF(buf);
    json_t       *answer = NULL;
    span          session = {NULL, 0};
    line_number(&body, "minutes", minutes);
    TRY(act_do(d, "session", writer_span(&body), (span){NULL, 0}, &answer));
    err e = answer_text(answer, "session", &session);
    if (!err_is(e) && session.len >= ACT_SESSION_LEN) {
        e = FAIL(MALFORMED, "the desk's answer is not as it should be");
    }
    if (!err_is(e)) {
        memcpy(out, session.ptr, session.len);
        out[session.len] = 0;
    }
    json_decref(answer);
    return e;
}

/* ---- the second signature, at another terminal ---- */

static err act_sign(struct desk *d, json_int_t number)
{
    char    session[ACT_SESSION_LEN], target[96];
    json_t *shown = NULL, *answer = NULL;
    span    text = {NULL, 0};
    TRY(act_session(d, 1, session));
    (void)snprintf(target, sizeof target, "/v1/acts/%lld?session=%s", (long long)number, session);
    TRY(desk_ask(d, METHOD_GET, target, NULL, &shown));
    err e = answer_text(shown, "text", &text);
    if (!err_is(e)) {
        call_set_text(d->call, "text", text);
        call_tell(d->call, SPAN_FMT, SPAN_ARG(text));
    }
    if (!err_is(e) && call_has(d->call, "agree")) {
        e = signatures_give(d, number, text, &answer);
    }
    if (answer != NULL && json_integer_value(json_object_get(answer, "needed")) == 0) {
        e = result_take(d->call, answer, NULL);
        call_tell(d->call, "signed");
    } else if (!err_is(e) && !call_has(d->call, "agree")) {
        call_note(d->call, "it is not signed: with --agree it is");
    }
    json_decref(shown);
    json_decref(answer);
    return e;
}

static err act_number_sign(struct call *c, uint64_t number)
{
    struct desk *d = NULL;
    c->about[0] = 0;
    TRY(signers_need(c));
    TRY(desk_open(c, &d));
    err e = act_sign(d, (json_int_t)number);
    desk_close(d);
    return e;
}

static const struct verb *agreement_verb(void)
{
    unsigned i = 0;
    while (strcmp(verb_rows[i].words, "agreement sign") != 0) {
        i++;
        MUST(i < verb_row_count);
    }
    return &verb_rows[i];
}

static bool given_any(const struct call *c, const struct option *o)
{
    while (o->name != NULL && !call_has(c, o->name)) {
        o++;
    }
    return o->name != NULL;
}

static err file_sign(struct call *c)
{
    if (call_has(c, "agree")) {
        return call_misuse(c, FAIL(MALFORMED, "--agree is for an act: an agreement that is named "
                                              "is signed"));
    }
    c->about[0] = 0;
    c->verb = agreement_verb();
    return do_agreement_sign(c);
}

/* An act is known by its number, an agreement by its file. */
err do_sign(struct call *c)
{
    uint64_t number = 0;
    bool     act = !err_is(text_decimal(span_text(c->arg[0]), UINT32_MAX, &number));
    bool     file = access(c->arg[0], F_OK) == 0;
    call_about(c, "%s", c->arg[0]);
    if (act && file) {
        return call_misuse(c, FAIL(CONFLICT, "this is the number of an act and the name of a file "
                                             "here: ./ before it names the file; the act is signed "
                                             "from another folder"));
    }
    if (!act && !file) {
        return call_misuse(c, FAIL(MALFORMED, "an act is known by its number, an agreement by its "
                                              "file: this is neither"));
    }
    if (act && given_any(c, agreement_verb()->option)) {
        return call_misuse(c, FAIL(MALFORMED, "of an act nothing is said but --agree: the other "
                                              "options are for the text of an agreement"));
    }
    return file ? file_sign(c) : act_number_sign(c, number);
}
