/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPT_AEAD_H
#define CRYPT_AEAD_H

#include "base/err.h"
#include "base/secret.h"
#include "base/span.h"

#define AEAD_NONCE_LEN 12
#define AEAD_TAG_LEN   16

/* AEAD_LEN_MAX - of one message: libcrypto counts in int */
#define AEAD_LEN_MAX ((size_t)INT32_MAX)

/* aead - AES-256-GCM under one key whose schedule is kept between messages
 *
 * A pool of them is made at the start; a new epoch takes one and rekeys it, without memory. */
struct aead;

/* aead_open - never NULL; aborts when libcrypto has no memory, so make the pool at the start
 *
 * key     NULL makes one that is asleep: seal and open_box abort until aead_rekey */
struct aead *aead_open(const secret *key);

/* aead_rekey  - another key from now on; cost about 0.2 us
 * aead_forget - the key is wiped, the object asleep again
 * aead_close  - wiped and given back; NULL is nothing */
void aead_rekey(struct aead *a, const secret *key);
void aead_forget(struct aead *a);
void aead_close(struct aead *a);

/* aead_seal - one message; never twice with one nonce under one key: the caller counts
 *
 * ad      authenticated, not hidden
 * plain   at most AEAD_LEN_MAX
 * out     plain.len bytes; may be where plain is
 * cost    256 bytes about 0.25 us, no memory */
void aead_seal(struct aead *a, const uint8_t nonce[static AEAD_NONCE_LEN], span ad, span plain,
               uint8_t *out, uint8_t tag[static AEAD_TAG_LEN]);

/* aead_open_box - the reverse
 *
 * out     box.len bytes; may be where box is; wiped on failure
 * fails   FORGED when key, nonce, ad, box or tag is not what was sealed; LIMIT past AEAD_LEN_MAX */
err aead_open_box(struct aead *a, const uint8_t nonce[static AEAD_NONCE_LEN], span ad, span box,
                  const uint8_t tag[static AEAD_TAG_LEN], uint8_t *out);

#endif
