/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_GATEWAY_KEY_H
#define CLI_GATEWAY_KEY_H

#include "cli/party.h"
#include "token/token.h"
#include "vault/wrapped.h"

/* The gateway's private keys in keys/, wrapped or plain (docs/format/wrapped.md). */

#define GATEWAY_KEYS 3
extern const char *const gateway_key_name[GATEWAY_KEYS]; /* "master", "identity", "authority.key" */

/* wrap_keys - the wrap keys that accord.conf names, ready to be used: the first one wraps, every one opens
 *
 * wrap_keys_open   dir: of the gateway, in which none may lie; NULL = there is none yet.  Told with the file in c->about
 *                  fails as secret_file_open, wrap_key_read
 * wrap_keys_close  wipes; after a failure of wrap_keys_open too */
struct wrap_keys {
    secret             key[PARTY_WRAP_KEYS];
    struct wrap_token *token[PARTY_WRAP_KEYS]; /* NULL: a file's */
    struct wrap_holder holder[PARTY_WRAP_KEYS];
    unsigned           count;
};
err  wrap_keys_open(struct call *c, const struct party *p, const char *dir, struct wrap_keys *out);
void wrap_keys_close(struct wrap_keys *w);

/* token_key_make - a new one in the token that a URI names, by the PIN of accord.conf   fails as token_make */
err token_key_make(struct call *c, const struct party *p, const char *dir, const char *uri);

/* wrap_key_make - a new one in a new file, in a folder that is made when it is not there
 *
 * fails   CONFLICT when the file is there, IO */
err wrap_key_make(const char *path);

/* gateway_key_open - what a key file holds, wrapped or plain
 *
 * out     wipe it
 * fails   as wrapped_open; LIMIT */
err gateway_key_open(const struct wrap_keys *w, struct wrapped_name n, span file,
                     uint8_t out[static WRAPPED_KEY_MAX], size_t *len);

/* gateway_key_read - the same of keys/KEY of --dir   fails UNKNOWN when it is not there */
err gateway_key_read(struct call *c, const char *key, uint8_t out[static WRAPPED_KEY_MAX],
                     size_t *len);

#endif
