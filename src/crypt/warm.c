/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/warm.h"

#include "crypt/aead.h"
#include "crypt/cert.h"
#include "crypt/hpke.h"
#include "crypt/sign.h"
#include "crypt/wrap.h"

static void warm_symmetric(const secret *key)
{
    static const uint8_t nonce[AEAD_NONCE_LEN];
    uint8_t              out[DIGEST_LEN_MAX];
    uint8_t              tag[AEAD_TAG_LEN];
    struct aead         *a = aead_open(key);

    for (unsigned d = 0; d < DIGEST_COUNT; d++) {
        digest_parts((enum digest)d, NULL, 0, out);
    }
    aead_seal(a, nonce, SPAN_LIT("ad"), SPAN_LIT("text"), out, tag);
    aead_close(a);
    MUST(!err_is(wrap_make(key, SPAN_OF(key->key), out)));
}

static void warm_signing(const secret *key)
{
    uint8_t public[SIGN_PUBLIC_LEN];
    uint8_t made[SIGNATURE_LEN];

    sign_public(key, public);
    sign_make(key, "warm", SPAN_LIT("text"), made);
    MUST(!err_is(sign_check(public, "warm", SPAN_LIT("text"), made)));
    /* a failure too: libcrypto keeps a place for its errors */
    MUST(err_is(sign_check(public, "cold", SPAN_LIT("text"), made)));
}

static void warm_sealing(void)
{
    struct hpke_key k;
    struct hpke     to, from;
    uint8_t         enc[HPKE_PUBLIC_LEN];

    MUST(!err_is(hpke_key_make(HPKE_P384, random_system(), &k)));
    MUST(!err_is(
        hpke_send(HPKE_P384, hpke_key_public(&k), SPAN_LIT(""), random_system(), enc, &to)));
    MUST(!err_is(hpke_receive(&k, SPAN_OF(enc), SPAN_LIT(""), &from)));
    hpke_key_wipe(&k);
    hpke_wipe(&to);
    hpke_wipe(&from);
}

static void warm_certificates(void)
{
    static const name party = {"warm"};
    uint8_t           key[CERT_KEY_MAX], der[CERT_DER_MAX], spki[CERT_SPKI_MAX];
    struct writer     k = WRITER_OF(key), ca = WRITER_OF(der), p = WRITER_OF(spki);
    struct cert       c;

    MUST(!err_is(cert_key_make(DH_P384, &k)));
    MUST(!err_is(cert_key_public(writer_span(&k), &p)));
    MUST(!err_is(cert_identity_make(&party, writer_span(&k), 0, MS_PER_DAY, random_system(), &ca)));
    MUST(!err_is(cert_read(writer_span(&ca), &c)));
    bytes_wipe(key, sizeof key);
}

void crypt_warm(void)
{
    SECRET key;
    random_fill(random_system(), key.key, sizeof key.key);
    warm_symmetric(&key);
    warm_signing(&key);
    warm_sealing();
    warm_certificates();
}
