/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPT_DH_H
#define CRYPT_DH_H

#include "base/err.h"
#include "base/span.h"

/* Diffie-Hellman on the curves that suites name; keys are raw bytes: a private key is a big-endian
 * scalar, a public key an uncompressed point (4, x, y) */
enum dh_curve { DH_P256, DH_P384, DH_P521, DH_COUNT };

#define DH_PRIVATE_MAX 66
#define DH_PUBLIC_MAX  133

size_t dh_private_len(enum dh_curve c); /* 32, 48, 66; also of a shared secret */
size_t dh_public_len(enum dh_curve c);  /* 65, 97, 133 */

/* dh_public - of a private key
 *
 * scalar  dh_private_len bytes
 * out     dh_public_len bytes
 * fails   MALFORMED when the scalar is zero or not below the order; FULL */
err dh_public(enum dh_curve c, const uint8_t *scalar, uint8_t *out);

/* dh_shared - the x of the product
 *
 * out     dh_private_len bytes
 * fails   MALFORMED when the scalar is as above, or the point is not an uncompressed point of the
 * curve (all three have cofactor 1, so that a point of the curve is a point of the group); FULL
 * from    RFC 9180 §7.1.4; SP 800-56A */
err dh_shared(enum dh_curve c, const uint8_t *scalar, span point, uint8_t *out);

#endif
