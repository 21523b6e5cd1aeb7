/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/terminal.h"

#include <stdio.h>

#include "base/lines.h"
#include "cli/audit.h"
#include "cli/gateway_key.h"
#include "crypt/cert.h"
#include "crypt/hash.h"

static err public_of(const char *path, struct writer *out)
{
    uint8_t key[CERT_KEY_MAX];
    span    bytes;
    TRY(file_read(path, key, sizeof key, &bytes));
    err e = cert_key_public(bytes, out);
    bytes_wipe(key, sizeof key);
    return e;
}

err terminal_issue(const struct terminal_issuer *i, const name *who,
                   err (*write)(const char *path, span bytes, mode_t mode))
{
    char              folder[FILE_PATH_MAX], person[FILE_PATH_MAX], path[FILE_PATH_MAX];
    uint8_t           spki[CERT_SPKI_MAX], der[CERT_DER_MAX];
    struct writer     public_key = WRITER_OF(spki), crt = WRITER_OF(der);
    struct cert_order order = {.role = ROLE_TERMINAL,
                               .subject = *who,
                               .from = i->now - TERMINAL_BACKDATE_MS,
                               .until = i->now + TERMINAL_DAYS * MS_PER_DAY};
    (void)snprintf(person, sizeof person, "people/%s", who->text);
    TRY(file_path(folder, i->dir, person));
    TRY(file_path(path, folder, "terminal.key"));
    TRY(public_of(path, &public_key));
    order.spki = writer_span(&public_key);
    TRY(cert_issue(&order, i->key, i->certificate, random_system(), &crt));
    TRY(file_path(path, folder, "terminal.crt"));
    return write(path, writer_span(&crt), 0644);
}

/* Before the first start there is no ledger, and nothing was revoked. */
static err not_revoked(struct call *c, const char *dir, const char *who)
{
    uint8_t       spki[CERT_SPKI_MAX], key[SHA256_LEN];
    struct writer w = WRITER_OF(spki);
    struct audit  a = {.has_anchor = false};
    err           known = terminal_public(c, who, &w);
    if (known.code == ERR_UNKNOWN) {
        call_about(c, "%s/people/%s", dir, who); /* nobody of that name has a terminal here */
    }
    TRY(known);
    sha256(writer_span(&w), key);
    call_about(c, "%s/store/ledger", dir);
    err e = audit_ledger(&a, dir);
    if (e.code == ERR_UNKNOWN && a.end.records == 0) {
        c->about[0] = 0;
        return OK;
    }
    TRY(e);
    bool revoked = history_key_revoked(a.history, key);
    audit_done(&a);
    call_about(c, "%s/people/%s", dir, who);
    return revoked ? FAIL(DENIED, "the certificates of this key were revoked: make a new key") : OK;
}

err terminal_issue_here(struct call *c, const char *who)
{
    uint8_t                key[WRAPPED_KEY_MAX], certificate[CERT_DER_MAX];
    struct terminal_issuer i = {.now = party_now(c)};
    name                   person;
    TRY(name_of(span_text(who), &person));
    TRY(party_dir(c, &i.dir));
    TRY(not_revoked(c, i.dir, person.text));
    TRY(party_authority(c, certificate, sizeof certificate, &i.certificate));
    i.key.ptr = key;
    TRY(gateway_key_read(c, "authority.key", key, &i.key.len));
    call_about(c, "%s/people/%s", i.dir, person.text);
    err e = terminal_issue(&i, &person, file_replace);
    bytes_wipe(key, sizeof key);
    return e;
}

err terminal_public(struct call *c, const char *who, struct writer *out)
{
    char path[FILE_PATH_MAX];
    TRY(person_path(c, who, "terminal.key", path));
    TRY(public_of(path, out));
    c->about[0] = 0;
    return OK;
}

static err certificate_take(const char *result, uint8_t *der, size_t max, size_t *len)
{
    struct lines l = lines_of(span_text(result));
    span         why;
    if (take_more(&l, "error", &why)) {
        return FAIL(MALFORMED, "the guard made no certificate: the key is no P-256 or P-384 key");
    }
    return text_base64(take_text(&l, "certificate"), der, max, len);
}

err terminal_keep(struct call *c, const char *who, const char *result)
{
    uint8_t     der[CERT_DER_MAX];
    char        path[FILE_PATH_MAX];
    const char *out = call_option(c, "out");
    size_t      len = 0;
    TRY(certificate_take(result, der, sizeof der, &len));
    if (out == NULL) {
        TRY(person_path(c, who, "terminal.crt", path));
        out = path;
    }
    TRY(file_replace(out, (span){der, len}, 0644));
    call_set_text(c, "out", span_text(out));
    c->about[0] = 0;
    call_tell(c, "%s", out);
    return OK;
}
