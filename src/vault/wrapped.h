/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_WRAPPED_H
#define VAULT_WRAPPED_H

#include "base/err.h"
#include "base/secret.h"
#include "base/span.h"
#include "base/text.h"
#include "base/writer.h"
#include "crypt/aead.h"

/* A private key of the gateway as it lies on the disk: sealed with AES-256-GCM under a wrap key, whose holder is a
 * file or a token (docs/format/wrapped.md).  What the key is, and whose, goes in as associated data: one file cannot
 * pass for another. */

#define WRAPPED_KEY_MAX 256  /* bytes of a key: the authority's as PKCS#8 is the longest */
#define WRAPPED_MAX     1024 /* bytes of the file */
#define WRAP_ID_LEN     8

/* wrap_holder - who has a wrap key, and uses it
 *
 * id      which one: eight bytes that tell it from others and say nothing of it
 * seal    box receives plain.len + AEAD_TAG_LEN bytes, the tag last
 * open    plain receives box.len - AEAD_TAG_LEN bytes; FORGED when it is not what was sealed
 * ctx     of the holder */
struct wrap_holder {
    uint8_t id[WRAP_ID_LEN];
    err (*seal)(void *ctx, const uint8_t nonce[static AEAD_NONCE_LEN], span ad, span plain,
                uint8_t *box);
    err (*open)(void *ctx, const uint8_t nonce[static AEAD_NONCE_LEN], span ad, span box,
                uint8_t *plain);
    void *ctx;
};

/* wrapped_name - what a key file holds: the party's code and the file's name in keys/ */
struct wrapped_name {
    const name *party;
    const char *key; /* "master", "identity", "authority.key" */
};

/* is_wrapped - does it claim to be one?  A plain key of ours does not, but with a chance of 2^-104 */
bool is_wrapped(span file);

/* wrapped_under - the id of the wrap key that a file says it is under
 *
 * fails   MALFORMED */
err wrapped_under(span file, uint8_t id[static WRAP_ID_LEN]);

/* wrapped_make - the file of a key, under a new random nonce
 *
 * plain   1 … WRAPPED_KEY_MAX bytes
 * fails   LIMIT; what the holder fails with */
err wrapped_make(const struct wrap_holder *h, struct wrapped_name n, span plain,
                 struct writer *out);

/* wrapped_open - the reverse
 *
 * out     WRAPPED_KEY_MAX bytes; untouched on failure
 * fails   MALFORMED when it is no such file, or of another party or key; UNKNOWN when it is under another wrap key;
 *         FORGED when it was changed; what the holder fails with */
err wrapped_open(const struct wrap_holder *h, struct wrapped_name n, span file,
                 uint8_t out[static WRAPPED_KEY_MAX], size_t *len);

/* wrap_file_holder - the holder whose key was read from a file
 *
 * key     lives as long as the holder is used; ctx is it */
struct wrap_holder wrap_file_holder(secret *key);

/* wrap_token_id - the id of a token's key: of the labels, since the key itself never leaves it */
void wrap_token_id(span token, span object, uint8_t id[static WRAP_ID_LEN]);

#endif
