/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPT_PEM_H
#define CRYPT_PEM_H

#include "base/err.h"
#include "base/span.h"
#include "base/writer.h"

/* PEM_DER_MAX - no certificate or key of ours is nearly so long */
#define PEM_DER_MAX 4096

/* pem_put - DER between its two lines; label is "CERTIFICATE", "PRIVATE KEY" or "PUBLIC KEY" */
void pem_put(struct writer *w, const char *label, span der);

/* pem_take - the first block with this label
 *
 * text    in: what is to be read; out: what follows the block, so that a file of several
 * certificates is read by calling again.  Text before a block is skipped, as RFC 7468 §2 says
 * out     receives the DER; appended
 * fails   UNKNOWN when there is no block with this label; MALFORMED when its end line is missing or
 * what is between is not base64; LIMIT past PEM_DER_MAX or out's room */
err pem_take(span *text, const char *label, struct writer *out);

#endif
