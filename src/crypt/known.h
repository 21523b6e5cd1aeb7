/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPT_KNOWN_H
#define CRYPT_KNOWN_H

#include "base/err.h"

/* crypt_known - libcrypto gives the answers that standards print: SHA-2, HKDF, AES-256-GCM, AES key wrap, Ed25519,
 * Diffie-Hellman on P-384; and refuses what was changed
 *
 * Each process asks it once, as it is bound for its work (box/box.h) and before it opens a port: what libcrypto needs
 * then, it has.
 *
 * fails   FORGED when an answer is another one
 * cost    about 1 ms
 * from    FIPS 180-4; RFC 5869 A.1; the GCM specification, case 16; RFC 3394 4.6; RFC 8032 7.1; RFC 5903 8.2 */
err crypt_known(void);

#endif
