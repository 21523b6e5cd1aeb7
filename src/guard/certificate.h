/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_CERTIFICATE_H
#define GUARD_CERTIFICATE_H

#include "crypt/cert.h"
#include "guard/state.h"

/* Certificates under the gateway identity, whose key never leaves the guard: short-lived leaves for
 * the courier and the desk, longer ones for the party's own terminals. */

/* certificate_issue - for a public key (SubjectPublicKeyInfo, DER)
 * host    a DNS name or address that it is good for, as text: 127.0.0.1, ::1 without brackets; "" for none
 * fails   MALFORMED when it is no such key or host */
err certificate_issue(struct guard *g, enum cert_role role, const name *subject, span public_key,
                      span host, struct writer *out);

/* certificate_result - for a device of the party's own people, as the result of the act that enrols it: a line
 * `certificate`, or `error` */
void certificate_result(struct guard *g, const name *subject, span public_key,
                        struct writer *result);

#endif
