/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKEN_TOKEN_H
#define TOKEN_TOKEN_H

#include "vault/wrapped.h"

/* A wrap key that never leaves a PKCS#11 token: an AES-256 key there, by which the token itself seals and opens
 * (CKM_AES_GCM).  Which one is said by a URI of RFC 7512:
 *
 *     pkcs11:token=KOR;object=wrap?module-path=/usr/lib/softhsm/libsofthsm2.so
 *
 * The module is others' code and is loaded into this process: into one that ends, or a person's tool, never into one
 * that serves (docs/why/keys.md). */

#define TOKEN_URI_MAX 255

struct wrap_token;

/* wrap_token_is - does this name a token's key, and not a file?
 * wrap_token_uri_check - has it all that is needed: module-path, token, object?   fails MALFORMED */
bool wrap_token_is(const char *from);
err  wrap_token_uri_check(const char *uri);

/* wrap_token_open - load the module, find token and key, log in
 *
 * pin     of the user; wiped by its owner
 * out     never NULL on success
 * fails   MALFORMED as wrap_token_uri_check; UNKNOWN when there is no such token or key, or more than one; DENIED on a wrong
 *         PIN, or when the key may leave the token; IO when the module does not do what it should
 *
 * wrap_token_make  - the same, and a new key of that label is made in the token; CONFLICT when there is one
 * wrap_token_close - log out, unload; NULL is nothing */
err  wrap_token_open(const char *uri, const char *pin, struct wrap_token **out);
err  wrap_token_make(const char *uri, const char *pin, struct wrap_token **out);
void wrap_token_close(struct wrap_token *t);

/* wrap_token_holder - it, as what wraps and opens; lives as long as the token is open */
struct wrap_holder wrap_token_holder(struct wrap_token *t);

#endif
