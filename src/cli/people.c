/* SPDX-License-Identifier: Apache-2.0 */
/* The registry of persons and their terminals. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/act.h"
#include "cli/marking_args.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "crypt/cert.h"
#include "crypt/pem.h"

static err line_option(struct call *c, struct writer *w, const char *key, const char *otherwise)
{
    const char *value = call_option(c, key);
    if (value == NULL && otherwise == NULL) {
        return call_need(c, key, &value);
    }
    line_text(w, key, span_text(value != NULL ? value : otherwise));
    return OK;
}

/* ---- person key ---- */

err do_person_key(struct call *c)
{
    const char   *dir;
    name          who;
    uint8_t       key[SIGN_PUBLIC_LEN], spki[CERT_SPKI_MAX], text[512];
    struct writer s = WRITER_OF(spki), w = WRITER_OF(text);
    TRY(party_dir(c, &dir));
    call_about(c, "%s", c->arg[0]);
    TRY(name_of(span_text(c->arg[0]), &who));
    TRY(person_make(c, dir, &who, key));
    TRY(terminal_public(c, who.text, &s));
    put_base64(&w, writer_span(&s));
    call_set_text(c, "terminal", writer_span(&w));
    call_set_text(c, "person", name_span(&who));
    call_set_hex(c, "key", SPAN_OF(key));
    call_tell(c, "terminal %.*s", (int)w.len, (const char *)text);
    w.len = 0;
    put_hex(&w, SPAN_OF(key));
    call_tell(c, "key %.*s", (int)w.len, (const char *)text);
    return OK;
}

/* ---- person add, clear, revoke ---- */

static err key_line(struct call *c, struct writer *w)
{
    const char *given = call_option(c, "key");
    uint8_t     key[SIGN_PUBLIC_LEN];
    SECRET      seed;
    if (given != NULL) {
        call_about(c, "--key");
        TRY(text_hex(span_text(given), key, sizeof key));
        TRY(sign_key_check(key));
    } else {
        TRY(person_seed(c, c->arg[0], &seed));
        sign_public(&seed, key);
    }
    c->about[0] = 0;
    line_hex(w, "key", SPAN_OF(key));
    return OK;
}

err do_person_add(struct call *c)
{
    uint8_t       buf[ACT_BODY_MAX];
    struct writer w = WRITER_OF(buf);
    const char   *roles;
    line_text(&w, "person", span_text(c->arg[0]));
    TRY(key_line(c, &w));
    TRY(line_option(c, &w, "nationality", NULL));
    TRY(line_option(c, &w, "employer", call_option(c, "nationality")));
    if (call_has(c, "firm") || call_has(c, "facility")) {
        TRY(line_option(c, &w, "firm", NULL));
        TRY(line_option(c, &w, "facility", NULL));
    }
    TRY(line_option(c, &w, "chain", NULL));
    TRY(call_need(c, "roles", &roles));
    TRY(line_list(&w, "roles", roles));
    TRY(line_list(&w, "clearance", call_option(c, "clearance")));
    TRY(line_list(&w, "topics", call_option(c, "topics")));
    TRY(act_run(c, "person-add", &w, (span){NULL, 0}, NULL));
    call_tell(c, "%s is on the registry", c->arg[0]);
    return OK;
}

err do_person_clear(struct call *c)
{
    uint8_t       buf[ACT_BODY_MAX];
    struct writer w = WRITER_OF(buf);
    const char   *clearance, *topics;
    TRY(call_need(c, "clearance", &clearance)); /* the act takes the place of both */
    TRY(call_need(c, "topics", &topics));
    line_text(&w, "person", span_text(c->arg[0]));
    TRY(line_list(&w, "clearance", clearance));
    TRY(line_list(&w, "topics", topics));
    TRY(act_run(c, "person-clear", &w, (span){NULL, 0}, NULL));
    call_tell(c, "the clearance of %s is changed", c->arg[0]);
    return OK;
}

err do_person_revoke(struct call *c)
{
    uint8_t       buf[ACT_BODY_MAX];
    struct writer w = WRITER_OF(buf);
    line_text(&w, "person", span_text(c->arg[0]));
    TRY(act_run(c, "person-revoke", &w, (span){NULL, 0}, NULL));
    call_tell(c, "%s is struck off", c->arg[0]);
    return OK;
}

/* ---- terminal ---- */

static err terminal_body(struct call *c, struct writer *w)
{
    const char   *given = call_option(c, "key");
    uint8_t       spki[CERT_SPKI_MAX];
    struct writer s = WRITER_OF(spki);
    line_text(w, "terminal", span_text(c->arg[0]));
    put_text(w, "key ");
    if (given != NULL) {
        put_text(w, given);
    } else {
        TRY(terminal_public(c, c->arg[0], &s));
        put_base64(w, writer_span(&s));
    }
    put_u8(w, '\n');
    return OK;
}

err do_terminal(struct call *c)
{
    uint8_t       buf[ACT_BODY_MAX];
    char         *result = NULL;
    struct writer w = WRITER_OF(buf);
    if (call_has(c, "here")) {
        TRY(terminal_issue_here(c, c->arg[0]));
        c->about[0] = 0;
        call_tell(c, "the terminal of %s is certified for %d days", c->arg[0], TERMINAL_DAYS);
        return OK;
    }
    TRY(terminal_body(c, &w));
    TRY(act_run(c, "terminal", &w, (span){NULL, 0}, &result));
    err e = terminal_keep(c, c->arg[0], result);
    free(result);
    return e;
}

/* ---- terminal revoke ---- */

/* Is it this terminal's?   So nobody else is locked out by the wrong file. */
static err certificate_check(struct call *c, const char *path, span der, struct cert *out)
{
    uint8_t        ca[CERT_DER_MAX];
    span           authority;
    enum cert_role role;
    TRY(party_authority(c, ca, sizeof ca, &authority));
    call_about(c, "%s", path);
    TRY(cert_read(der, out));
    if (out->authority) {
        return FAIL(DENIED, "this is the certificate of an authority, and of no terminal");
    }
    TRY(cert_issued_by(der, authority));
    if (err_is(cert_role_of(span_text(out->unit), &role)) || role != ROLE_TERMINAL) {
        return FAIL(DENIED, "this is no certificate of a terminal");
    }
    call_about(c, "%s, which is of %s", path, out->common);
    return strcmp(out->common, c->arg[0]) == 0
               ? OK
               : FAIL(DENIED, "this is the certificate of another terminal than the one named");
}

/* The officers of the beginning have certificates that no ledger knows: those are named by a file. */
static err certificate_key(struct call *c, const char *path, uint8_t key[static SHA256_LEN])
{
    uint8_t       text[2 * CERT_DER_MAX], der[CERT_DER_MAX];
    struct writer w = WRITER_OF(der);
    struct cert   cert;
    struct stat   s;
    span          bytes;
    call_about(c, "%s", path);
    if (stat(path, &s) == 0 && !S_ISREG(s.st_mode)) {
        return FAIL(MALFORMED, "this is not a plain file"); /* a pipe would be waited for */
    }
    TRY(file_read(path, text, sizeof text, &bytes));
    span pem = bytes;
    err  e = pem_take(&pem, "CERTIFICATE", &w);
    TRY(certificate_check(c, path, err_is(e) ? bytes : writer_span(&w), &cert));
    memcpy(key, cert.key_print, SHA256_LEN);
    c->about[0] = 0;
    return OK;
}

static err revoked_key(struct call *c, struct writer *w)
{
    uint8_t     key[SHA256_LEN];
    const char *file = call_option(c, "certificate"), *hex = call_option(c, "key");
    if (file == NULL && hex == NULL) {
        line_text(w, "key", SPAN_LIT("-"));
        return OK;
    }
    if (file != NULL && hex != NULL) {
        return call_misuse(c, FAIL(MALFORMED, "a key is named by --certificate or by --key"));
    }
    if (file != NULL) {
        TRY(certificate_key(c, file, key));
    } else if (err_is(text_hex(span_text(hex), key, sizeof key))) {
        return call_misuse(c, FAIL(MALFORMED, "a key is named by 64 digits: SHA-256 of its "
                                              "SubjectPublicKeyInfo"));
    }
    line_hex(w, "key", SPAN_OF(key));
    return OK;
}

err do_terminal_revoke(struct call *c)
{
    uint8_t       buf[ACT_BODY_MAX];
    char         *result = NULL;
    struct writer w = WRITER_OF(buf);
    line_text(&w, "terminal", span_text(c->arg[0]));
    TRY(revoked_key(c, &w));
    TRY(act_run(c, "terminal-revoke", &w, (span){NULL, 0}, &result));
    bool unknown = result != NULL && strstr(result, "nothing here is known") != NULL;
    if (unknown && !call_has(c, "certificate")) {
        call_tell(c, "that key is revoked; nothing here is known of it");
    } else {
        call_tell(c, "the certificates of %s are revoked: no connection by them is open any more",
                  c->arg[0]);
    }
    free(result);
    return OK;
}
