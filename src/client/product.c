/* SPDX-License-Identifier: Apache-2.0 */
/* Products, given in and opened; and what a reader of a room saw. */
#include <stdio.h>
#include <stdlib.h>

#include "base/lines.h"
#include "client/inside.h"
#include "crypt/hash.h"
#include "crypt/random.h"
#include "wire/id.h"
#include "wire/request.h"

#include <time.h>

#define SUBMISSION_TITLE "accord submission 1"
#define TEXT_MAX         8192

static instant now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (instant)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void line_given(struct writer *w, const char *key, const char *text)
{
    line_text(w, key, span_text(text == NULL ? "" : text));
}

static void submission_put(const accord_client *c, const struct accord_product *p, struct writer *w)
{
    uint8_t nonce[ID_LEN], digest[SHA256_LEN];
    span    content = {p->content, p->content_len};
    random_fill(random_system(), nonce, sizeof nonce);
    sha256(content, digest);
    line_title(w, SUBMISSION_TITLE);
    line_name(w, "party", &c->party);
    line_name(w, "author", &c->person);
    line_hex(w, "nonce", SPAN_OF(nonce));
    line_instant(w, "time", now());
    line_given(w, "kind", p->kind);
    line_given(w, "precedence", p->precedence);
    line_given(w, "marking", p->marking);
    if (p->translation_of != NULL) {
        line_given(w, "translation-of", p->translation_of);
    }
    line_given(w, "title", p->title);
    line_number(w, "length", content.len);
    line_hex(w, "content", SPAN_OF(digest));
}

/* signed_ask - a text with its signature */
static err signed_ask(accord_client *c, const char *target, const char *purpose,
                      const struct writer *w, json_t **out)
{
    span text;
    char hex[SIGNATURE_HEX];
    TRY(writer_end(w, &text));
    TRY(sign_text(c, purpose, text, hex));
    json_t *o = json_pack("{s:s}", "signature", hex);
    (void)json_object_set_new(o, "text", json_stringn((const char *)text.ptr, text.len));
    return client_json(c, METHOD_POST, target, o, out);
}

static err upload(accord_client *c, const json_t *leave, const struct accord_product *p,
                  char handle[static ACCORD_HANDLE_LEN])
{
    const char *ticket, *epoch;
    char        target[128];
    json_t     *done = NULL;
    TRY(text_of(leave, "ticket", &ticket));
    TRY(text_of(leave, "epoch", &epoch));
    if (strlen(epoch) != ACCORD_HANDLE_LEN - 1) {
        return FAIL(MALFORMED, "the desk's answer is not as it should be");
    }
    (void)snprintf(target, sizeof target, "/v1/uploads/%.64s", ticket);
    TRY(client_bytes(c, target, (span){p->content, p->content_len}, &done));
    json_decref(done);
    memcpy(handle, epoch, ACCORD_HANDLE_LEN);
    return OK;
}

enum accord_code accord_client_submit(accord_client *c, const struct accord_product *p,
                                      char handle[ACCORD_HANDLE_LEN])
{
    uint8_t       buf[TEXT_MAX];
    struct writer w = WRITER_OF(buf);
    json_t       *leave = NULL;
    submission_put(c, p, &w);
    err e = signed_ask(c, "/v1/submissions", SUBMISSION_TITLE, &w, &leave);
    e = err_is(e) ? e : upload(c, leave, p, handle);
    json_decref(leave);
    return said(c, e);
}

/* ---- opening ---- */

struct taking {
    accord_write_call *write;
    void              *ctx;
};

static err give(const struct taking *t, int kind, span bytes)
{
    return t->write(t->ctx, kind, bytes.ptr, bytes.len) != 0
               ? FAIL(STATE, "what was opened was not taken to its end")
               : OK;
}

static err piece_take(void *ctx, span piece)
{
    return give(ctx, 'c', piece);
}

static err opened_take(accord_client *c, const json_t *opened, struct taking *t)
{
    const char *ticket, *banner, *describe;
    char        target[128];
    TRY(text_of(opened, "ticket", &ticket));
    TRY(text_of(opened, "banner", &banner));
    TRY(text_of(opened, "describe", &describe));
    TRY(give(t, 'b', span_text(banner)));
    TRY(give(t, 'd', span_text(describe)));
    (void)snprintf(target, sizeof target, "/v1/opened/%.64s", ticket);
    return client_pieces(c, target, piece_take, t);
}

enum accord_code accord_client_open(accord_client *c, const char *handle, const char *purpose,
                                    accord_write_call *write, void *ctx)
{
    uint8_t       buf[ACT_BODY_MAX];
    struct writer w = WRITER_OF(buf);
    struct taking t = {write, ctx};
    json_t       *opened = NULL;
    span          body;
    id            named;
    line_given(&w, "handle", handle);
    line_given(&w, "purpose", purpose);
    err e = writer_end(&w, &body);
    e = !err_is(e) && err_is(text_hex(span_text(handle == NULL ? "" : handle), named.bytes, ID_LEN))
            ? FAIL(MALFORMED, "a handle is 32 hexadecimal digits, small letters")
            : e;
    e = err_is(e) ? e : client_act(c, "open", body, &opened);
    e = err_is(e) ? e : opened_take(c, opened, &t);
    json_decref(opened);
    return said(c, e);
}

/* ---- presence ---- */

enum accord_code accord_client_presence(accord_client *c, const struct accord_presence *p,
                                        uint64_t *lease_ms)
{
    uint8_t       buf[TEXT_MAX];
    struct writer w = WRITER_OF(buf);
    json_t       *answer = NULL;
    line_title(&w, PRESENCE_TITLE);
    line_given(&w, "reader", p->reader);
    line_given(&w, "room", p->room);
    line_number(&w, "number", p->number);
    line_instant(&w, "time", p->time_ms);
    put_text(&w, p->said == NULL ? "" : p->said);
    err e = signed_ask(c, "/v1/presence", PRESENCE_TITLE, &w, &answer);
    if (!err_is(e) && lease_ms != NULL) {
        *lease_ms = (uint64_t)json_integer_value(json_object_get(answer, "lease"));
    }
    json_decref(answer);
    return said(c, e);
}
