/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/terminal.h"

#include <stdio.h>

#include "crypt/cert.h"

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

err terminal_issue_here(struct call *c, const char *who)
{
    char                   path[FILE_PATH_MAX];
    uint8_t                key[CERT_KEY_MAX], certificate[CERT_DER_MAX];
    struct terminal_issuer i = {.now = party_now(c)};
    name                   person;
    TRY(name_of(span_text(who), &person));
    TRY(party_dir(c, &i.dir));
    TRY(party_authority(c, certificate, sizeof certificate, &i.certificate));
    TRY(party_path(c, "keys/authority.key", path));
    TRY(file_read(path, key, sizeof key, &i.key));
    call_about(c, "%s/people/%s", i.dir, person.text);
    err e = terminal_issue(&i, &person, file_replace);
    bytes_wipe(key, sizeof key);
    return e;
}
