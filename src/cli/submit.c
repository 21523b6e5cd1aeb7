/* SPDX-License-Identifier: Apache-2.0 */
/* submit: an author signs what a product is, and hands it in (docs/format/submission.md). */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/act.h"
#include "cli/given.h"
#include "cli/said.h"
#include "cli/stated.h"
#include "cli/verbs.h"
#include "crypt/random.h"
#include "wire/id.h"

#define TITLE          "accord submission 1"
#define SUBMISSION_MAX 4096

static err option_line(struct call *c, const char *option, struct writer *w)
{
    const char *text;
    TRY(call_need(c, option, &text));
    line_text(w, option, span_text(text));
    return OK;
}

/* What it became is in the answer, too: it may have been read from another form. */
static err marking_line(struct call *c, const struct party *p, struct writer *w)
{
    put_text(w, "marking ");
    size_t from = w->len;
    TRY(stated_marking(c, &p->code, c->arg[0], w));
    call_set_text(c, "marking", (span){w->ptr + from, w->len - from});
    put_u8(w, '\n');
    return OK;
}

/* A translation is marked by its original's originators: the guard holds it to that. */
static err original_line(struct call *c, struct writer *w)
{
    const char *handle = call_option(c, "translation-of");
    id          original;
    if (handle == NULL) {
        return OK;
    }
    call_about(c, "--translation-of %s", handle);
    TRY(given_handle(c, handle, &original));
    c->about[0] = 0;
    line_text(w, "translation-of", span_text(handle));
    return OK;
}

static err submission_text(struct call *c, const struct party *p, struct writer *w)
{
    uint8_t  nonce[ID_LEN], digest[SHA256_LEN];
    uint64_t len = 0;
    random_fill(random_system(), nonce, sizeof nonce);
    line_title(w, TITLE);
    line_name(w, "party", &p->code);
    line_text(w, "author", span_text(c->as[0]));
    line_hex(w, "nonce", SPAN_OF(nonce));
    line_instant(w, "time", party_now(c));
    TRY(option_line(c, "kind", w));
    TRY(option_line(c, "precedence", w));
    TRY(marking_line(c, p, w));
    TRY(said_lines(c, w));
    TRY(original_line(c, w));
    TRY(option_line(c, "title", w));
    call_about(c, "%s", c->arg[0]);
    TRY(file_digest(c->arg[0], digest, &len));
    c->about[0] = 0;
    line_number(w, "length", len);
    line_hex(w, "content", SPAN_OF(digest));
    return OK;
}

static err submission_sign(struct call *c, span text, uint8_t out[static SIGNATURE_LEN])
{
    SECRET seed;
    TRY(person_seed(c, c->as[0], &seed));
    sign_make(&seed, TITLE, text, out);
    return OK;
}

/* ---- to the desk ---- */

static json_t *submission_json(span text, const uint8_t signature[static SIGNATURE_LEN])
{
    uint8_t       hex[2 * SIGNATURE_LEN];
    struct writer w = WRITER_OF(hex);
    json_t       *o = json_object();
    put_hex(&w, (span){signature, SIGNATURE_LEN});
    (void)json_object_set_new(o, "text", json_span(text));
    (void)json_object_set_new(o, "signature", json_span(writer_span(&w)));
    return o;
}

static err upload(struct desk *d, const char *path, const json_t *leave)
{
    span    ticket = {NULL, 0};
    char    target[128];
    json_t *done = NULL;
    TRY(answer_text(leave, "ticket", &ticket));
    (void)snprintf(target, sizeof target, "/v1/uploads/" SPAN_FMT, SPAN_ARG(ticket));
    int   file = open(path, O_RDONLY | O_CLOEXEC);
    off_t len = file < 0 ? -1 : lseek(file, 0, SEEK_END);
    if (len < 0 || lseek(file, 0, SEEK_SET) != 0) {
        return FAIL(IO, "the file cannot be read");
    }
    err e = desk_upload(d, target, file, (uint64_t)len, &done);
    close(file);
    TRY(e);
    (void)json_object_update(d->call->answer, done);
    json_decref(done);
    return OK;
}

static err submit_to_desk(struct call *c, span text, const uint8_t signature[static SIGNATURE_LEN])
{
    struct desk *d = NULL;
    json_t      *leave = NULL;
    TRY(desk_open(c, &d));
    err e = desk_ask(d, METHOD_POST, "/v1/submissions", submission_json(text, signature), &leave);
    e = err_is(e) ? e : upload(d, c->arg[0], leave);
    json_decref(leave);
    desk_close(d);
    TRY(e);
    const char *epoch = json_string_value(json_object_get(c->answer, "epoch"));
    call_tell(c, "%s", epoch == NULL ? "" : epoch);
    return OK;
}

/* ---- to the drop folder ---- */

static err drop_folder(struct call *c, const struct party *p, char out[static FILE_PATH_MAX])
{
    if (p->drop[0] == 0) {
        return FAIL(STATE, "accord.conf names no drop folder");
    }
    if (p->drop[0] == '/') {
        (void)snprintf(out, FILE_PATH_MAX, "%s", p->drop);
        return OK;
    }
    return party_path(c, p->drop, out);
}

/* The content goes first: the desk takes the pair when it sees both. */
static err submit_to_drop(struct call *c, const struct party *p, span text,
                          const uint8_t signature[static SIGNATURE_LEN])
{
    char          folder[FILE_PATH_MAX], content[FILE_PATH_MAX], beside[FILE_PATH_MAX + 16];
    uint8_t       buf[SUBMISSION_MAX];
    struct writer w = WRITER_OF(buf);
    TRY(drop_folder(c, p, folder));
    TRY(file_path(content, folder, file_base(c->arg[0])));
    (void)snprintf(beside, sizeof beside, "%s.submission", content);
    put_span(&w, text);
    line_hex(&w, "signature", (span){signature, SIGNATURE_LEN});
    TRY(file_copy(c->arg[0], content));
    TRY(file_create(beside, writer_span(&w), 0644));
    c->about[0] = 0;
    call_set_text(c, "dropped", span_text(content));
    call_tell(c, "%s", content);
    return OK;
}

err do_submit(struct call *c)
{
    struct party  p;
    uint8_t       buf[SUBMISSION_MAX], signature[SIGNATURE_LEN];
    struct writer w = WRITER_OF(buf);
    span          text;
    TRY(signers_need(c));
    TRY(party_read(c, &p));
    TRY(submission_text(c, &p, &w));
    TRY(writer_end(&w, &text));
    call_note(c, SPAN_FMT, SPAN_ARG(text));
    TRY(submission_sign(c, text, signature));
    return call_has(c, "drop") ? submit_to_drop(c, &p, text, signature)
                               : submit_to_desk(c, text, signature);
}
