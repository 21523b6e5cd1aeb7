/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPT_CERT_H
#define CRYPT_CERT_H

#include "base/err.h"
#include "base/instant.h"
#include "base/span.h"
#include "base/text.h"
#include "base/writer.h"
#include "crypt/dh.h"
#include "crypt/hash.h"
#include "crypt/random.h"

/* A party is known by one self-signed certificate, its gateway identity (CN "KOR gateway identity").
 * Its key stays in the guard, and signs short-lived leaves for the TLS keys that the courier, the
 * desk and the party's terminals make for themselves.  A leaf's OU is its role.
 *
 * Everything is DER in the caller's writers; instants are handed in; certificates count in seconds. */

#define CERT_DER_MAX    2048 /* of a certificate of ours, eight names included */
#define CERT_KEY_MAX    256  /* of a private key as PKCS#8: P-384 takes 185 */
#define CERT_SPKI_MAX   128  /* of a public key: P-384 takes 120 */
#define CERT_NAME_MAX   63   /* of a CN or OU that is read: X.520 allows 64 */
#define CERT_SERIAL_LEN 16
#define CERT_HOSTS_MAX  8 /* DNS names and addresses of one leaf, each */

enum cert_role {
    ROLE_COURIER,  /* server and client: gateway to gateway */
    ROLE_DESK,     /* server: to the party's own people */
    ROLE_TERMINAL, /* client: one of theirs */
    ROLE_INTAKE,   /* server: to the party's sensors */
    ROLE_COUNT
};

/* cert_role_name - "courier", …; cert_role_of - the reverse, UNKNOWN when there is none */
const char *cert_role_name(enum cert_role r);
err         cert_role_of(span s, enum cert_role *out);

/* cert_key_make - a TLS or identity key, from OpenSSL's generator, as PKCS#8
 *
 * curve   DH_P256 or DH_P384 */
err cert_key_make(enum dh_curve curve, struct writer *out);

/* cert_key_public - the SubjectPublicKeyInfo of a private key
 *
 * fails   MALFORMED when `key` is not a PKCS#8 key on P-256 or P-384 */
err cert_key_public(span key, struct writer *out);

/* cert_key_check - may a certificate be made for it?
 *
 * fails   MALFORMED when it is not the SubjectPublicKeyInfo of a point on P-256 or P-384 */
err cert_key_check(span spki);

/* cert_identity_make - a party's self-signed CA certificate, path length 0
 *
 * key     the identity key, P-384
 * random  gives the serial number
 * fails   MALFORMED on a key that is not on P-384; LIMIT when out is too small; FULL */
err cert_identity_make(const name *party, span key, instant from, instant until,
                       struct random_source random, struct writer *out);

/* cert_order - what a leaf is to say
 *
 * spki      the public key it is for, P-256 or P-384
 * subject   its CN: a host or terminal
 * dns       host names: letters, digits, '-' and '.', no wildcard, 1 … 253 bytes
 * address   4 or 16 bytes each */
struct cert_order {
    enum cert_role role;
    span           spki;
    name           subject;
    span           dns[CERT_HOSTS_MAX];
    size_t         dns_count;
    span           address[CERT_HOSTS_MAX];
    size_t         address_count;
    instant        from;
    instant        until;
};

/* cert_issue - a leaf, signed by the identity
 *
 * key, ca   of the identity
 * fails     MALFORMED on an order that breaks its own rules; CONFLICT when key and ca do not belong
 * together, or the leaf would outlive the ca; LIMIT; FULL */
err cert_issue(const struct cert_order *order, span key, span ca, struct random_source random,
               struct writer *out);

/* cert - what a certificate says; nothing about it has been verified
 *
 * common, unit    CN and OU, "" when missing; printable ASCII
 * fingerprint     SHA-256 of the whole certificate
 * key_print       SHA-256 of its SubjectPublicKeyInfo */
struct cert {
    char    common[CERT_NAME_MAX + 1];
    char    unit[CERT_NAME_MAX + 1];
    uint8_t serial[20];
    size_t  serial_len;
    instant from;
    instant until;
    bool    authority;
    uint8_t fingerprint[SHA256_LEN];
    uint8_t key_print[SHA256_LEN];
    uint8_t spki[CERT_SPKI_MAX];
    size_t  spki_len;
};

/* cert_read
 *
 * fails   MALFORMED on anything that is not one certificate with a P-256 or P-384 key, at most one
 * CN and one OU, both printable ASCII, and a serial of 1 … 20 bytes; LIMIT past CERT_DER_MAX */
err cert_read(span der, struct cert *out);

/* cert_issued_by - did this authority sign that certificate?   when is not looked at
 *
 * fails   DENIED when it did not; MALFORMED when one of them is no certificate */
err cert_issued_by(span der, span ca);

#endif
