/* links: crypt */
/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate and its key from outside: what is read is within its bounds, reads the same twice,
 * and its key can be certified again */
#include <string.h>

#include "base/err.h"
#include "crypt/cert.h"

static struct identity {
    uint8_t key[CERT_KEY_MAX], ca[CERT_DER_MAX];
    span    key_der, ca_der;
} ours;

static void identity_make(void)
{
    name          party = {"KOR"};
    struct writer w = WRITER_OF(ours.key);
    MUST(!err_is(cert_key_make(DH_P384, &w)));
    ours.key_der = writer_span(&w);
    w = WRITER_OF(ours.ca);
    MUST(!err_is(cert_identity_make(&party, ours.key_der, 0, MS_PER_DAY, random_system(), &w)));
    ours.ca_der = writer_span(&w);
}

static err certify(span spki)
{
    uint8_t           der[CERT_DER_MAX];
    struct writer     w = WRITER_OF(der);
    struct cert_order order = {
        .role = ROLE_DESK, .spki = spki, .subject = {"host"}, .until = MS_PER_DAY};
    return cert_issue(&order, ours.key_der, ours.ca_der, random_system(), &w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct cert   c, again;
    uint8_t       spki[CERT_SPKI_MAX];
    struct writer w = WRITER_OF(spki);

    if (ours.key_der.len == 0) {
        identity_make();
    }
    (void)cert_key_public((span){data, len}, &w).code;
    (void)certify((span){data, len}).code;
    if (err_is(cert_read((span){data, len}, &c))) {
        return 0;
    }
    MUST(strlen(c.common) <= CERT_NAME_MAX && strlen(c.unit) <= CERT_NAME_MAX);
    MUST(c.serial_len >= 1 && c.serial_len <= sizeof c.serial && c.spki_len <= sizeof c.spki);
    MUST(!err_is(cert_read((span){data, len}, &again)) && memcmp(&c, &again, sizeof c) == 0);
    (void)certify((span){c.spki, c.spki_len}).code;
    return 0;
}
