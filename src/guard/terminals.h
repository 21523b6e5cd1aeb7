/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_TERMINALS_H
#define GUARD_TERMINALS_H

#include "guard/state.h"

/* Keys of terminals and displays that were given a certificate, and those of them that were revoked.  A key that was
 * revoked is certified no more; who has it made another one gets a certificate under the same name. */

/* How long a certificate of a terminal lives: one that was revoked before that is past anyway. */
#define TERMINAL_LIFE_MS (90 * MS_PER_DAY)

/* terminal_room - may this key be certified?   fails DENIED when it was revoked, FULL
 * terminal_put  - it was: of a name, and the key's SubjectPublicKeyInfo; one that is there is not revoked any more */
err  terminal_room(const struct guard *g, const name *n, span spki);
void terminal_put(struct guard *g, const name *n, span spki, instant at);

/* terminal_revoke - every certificate of a key, or of all keys on record under a name
 *
 * key    SHA256_LEN bytes; NULL: all of that name, which may be none
 * fails  FULL, when the key is named: as terminal_revoke_room, which is asked first */
err terminal_revoke(struct guard *g, const name *n, const uint8_t *key, instant at);
err terminal_revoke_room(const struct guard *g, instant at);

/* terminal_revoke_key  - may this key be revoked under this name?   Lines `shown` of whose it is, as far as that is known
 *                        fails DENIED when the ledger knows it under other names only, FULL
 * terminal_key_known   - did this gateway ever certify it?
 * terminal_revoke_show - a line `shown` of how many keys of that name go; none when there is none
 * terminals_tell       - a process that takes terminals' connections learns which keys were revoked; nothing to others
 * terminals_tell_all   - each of them does */
err  terminal_revoke_key(const struct guard *g, const name *n, const uint8_t key[static SHA256_LEN],
                         struct writer *shown);
bool terminal_key_known(const struct guard *g, const uint8_t key[static SHA256_LEN]);
void terminal_revoke_show(const struct guard *g, const name *n, struct writer *shown);
void terminals_tell(struct guard *g, enum caller to);
void terminals_tell_all(struct guard *g);

#endif
