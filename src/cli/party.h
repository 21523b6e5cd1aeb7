/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_PARTY_H
#define CLI_PARTY_H

#include "base/instant.h"
#include "base/secret.h"
#include "cli/call.h"
#include "cli/file.h"
#include "crypt/hash.h"
#include "crypt/sign.h"

/* The party's folder: accord.conf, genesis, keys/, authority.crt, people/NAME/, store/. */

#define PARTY_ADDRESS_MAX 64
#define PARTY_WRAP_KEYS   2 /* while one is exchanged for another */

/* party - what accord.conf says, as far as this program needs it
 *
 * drop    folder where submissions are dropped, from the party's folder; "" = none
 * wrap_key  what the keys at rest are wrapped by; the first one wraps, each opens
 * bindings  "on" or "off"; "" is off */
struct party {
    name     code;
    char     desk[PARTY_ADDRESS_MAX], courier[PARTY_ADDRESS_MAX];
    char     drop[256];
    char     bindings[4];
    char     wrap_key[PARTY_WRAP_KEYS][256];
    unsigned wrap_key_count;
    char     wrap_pin[256], wrap_environment[256]; /* of a token */
    char     exercise_clock[24]; /* seconds that are taken off the clock; "" = it is no exercise */
};

/* party_dir - --dir or $ACCORD_DIR   fails MALFORMED, as a usage error
 * party_path - a path inside it
 * party_read - accord.conf   fails UNKNOWN, MALFORMED */
err party_dir(struct call *c, const char **out);
err party_path(struct call *c, const char *file, char out[static FILE_PATH_MAX]);
err party_read(struct call *c, struct party *out);

/* party_now - the time: of the machine, or of the exercise when --dir names a party that is in one */
instant party_now(struct call *c);

/* party_time - an instant or a day that an option names; now, when it is not given
 *
 * fails   MALFORMED as a usage error */
err party_time(struct call *c, const char *option, instant *out);

/* party_identity - the seed of the gateway identity   fails UNKNOWN, MALFORMED
 * party_authority - authority.crt, DER, into buf */
err party_identity(struct call *c, secret *out);
err party_authority(struct call *c, uint8_t *buf, size_t max, span *out);

/* person_path - people/NAME/FILE; person_seed - the key of a person, kept in people/NAME/key
 *
 * fails   UNKNOWN when there is no such person here, MALFORMED */
err person_path(struct call *c, const char *who, const char *file, char out[static FILE_PATH_MAX]);
err person_seed(struct call *c, const char *who, secret *out);

/* person_make - people/NAME with a new key and a new terminal key
 *
 * fails   CONFLICT when the folder is there; public_key receives the person's */
err person_make(struct call *c, const char *dir, const name *who,
                uint8_t public_key[static SIGN_PUBLIC_LEN]);

/* signers_need - as many --as as the verb's row says
 * signers_begin - the same, but of two the first may sign alone: the act then waits for the other
 *
 * fails   MALFORMED, as a usage error */
err signers_need(struct call *c);
err signers_begin(struct call *c);

/* fingerprint - what two people read to each other: the first 100 bits of SHA-256 of a statement, in
 * base32 (RFC 4648), "ABCD-EFGH-IJKL-MNOP-QRST" */
#define FINGERPRINT_LEN 24
void fingerprint_of(span statement, char out[static FINGERPRINT_LEN + 1]);

/* fingerprint_equal - the same but for blanks, dashes and small letters */
bool fingerprint_equal(const char *made, span typed);

#endif
