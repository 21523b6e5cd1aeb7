/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UNWRAP_UNWRAP_H
#define UNWRAP_UNWRAP_H

#include "vault/wrapped.h"

/* accord-unwrap: opens the gateway's wrapped keys, writes each into a pipe that the guard reads, and ends.  accordd
 * starts it whenever it starts a guard; it has what it needs as descriptors, and no word of anybody else.
 *
 *     accord-unwrap PARTY ENVIRONMENT (file | pkcs11:URI) [(file | pkcs11:URI)]
 *
 * ENVIRONMENT is a variable for the module of a token, NAME=VALUE, or empty.
 *
 *     3, 4, 5    keys/master, keys/identity, keys/authority.key, as they lie on the disk
 *     6, 7, 8    pipes, for each of them
 *     9, 10      for each wrap key: its file, or the PIN of its token */

#define UNWRAP_KEYS      3
#define UNWRAP_HOLDERS   2 /* wrap keys of accord.conf: while one is exchanged there are two */
#define UNWRAP_FD_KEY    3
#define UNWRAP_FD_OUT    6
#define UNWRAP_FD_SECRET 9

/* unwrap_keys - all or nothing: no byte is written before every key is open
 *
 * holder  of the wrap keys
 * failed  receives the name of the key that an error is about
 * fails   as wrapped_open; UNKNOWN when no holder has the wrap key; IO */
err unwrap_keys(const name *party, const struct wrap_holder *holder, size_t holders,
                const char **failed);

/* unwrap_key_name - "master", …   n below UNWRAP_KEYS */
const char *unwrap_key_name(size_t n);

#endif
