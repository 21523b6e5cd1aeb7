/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_NOTE_H
#define LEDGER_NOTE_H

#include "base/err.h"
#include "base/span.h"
#include "base/writer.h"
#include "crypt/sign.h"

/* Signed notes (C2SP signed-note): a text, a blank line, and signature lines.  Of the kinds of
 * signature only Ed25519 (type 1) is checked; every other is well-formed or the note is refused,
 * and is then passed over as the signature of an unknown key. */

/* NOTE_MAX - 16 signatures of 5 KiB (post-quantum ones) must fit, and a text */
#define NOTE_MAX (100 * 1024)
/* NOTE_SIGNATURES_MAX - the specification wants at least 16 accepted */
#define NOTE_SIGNATURES_MAX 32
/* NOTE_SIGNATURE_MAX - bytes of one signature with its key id; ML-DSA-87 has 4627 */
#define NOTE_SIGNATURE_MAX 5120
/* NOTE_NAME_MAX - room for a host name and a path */
#define NOTE_NAME_MAX 127

/* note_key - a verifier key
 *
 * name     not empty, no blank, no '+', no control character
 * id       the first four bytes of SHA-256 over name, newline, type and key */
struct note_key {
    uint8_t  name[NOTE_NAME_MAX];
    uint8_t  name_len;
    uint32_t id;
    uint8_t  key[SIGN_PUBLIC_LEN];
};

static inline span note_key_name(const struct note_key *key)
{
    return (span){key->name, key->name_len};
}

/* note_key_make - a verifier key of an Ed25519 public key
 *
 * fails   MALFORMED when the name may not be a key name, LIMIT past NOTE_NAME_MAX */
err note_key_make(span key_name, const uint8_t key[static SIGN_PUBLIC_LEN], struct note_key *out);

/* note_key_read - "example.com/foo+530d903a+AekyeR…"; note_key_format - the same text
 *
 * fails   MALFORMED on any other form; UNKNOWN on a type of key other than Ed25519; CONFLICT when
 *         the id is not that of the name and key */
err  note_key_read(span text, struct note_key *out);
void note_key_format(const struct note_key *key, struct writer *w);

/* note - a signed note that note_read has checked for form, not for signatures
 *
 * text         with its last newline; in the caller's bytes
 * signatures   the signature lines */
struct note {
    span text, signatures;
};

/* note_read - is it a well-formed note?
 *
 * fails   MALFORMED on bytes that are not UTF-8, on control characters but newline, on a missing
 *         blank line or signature, on a signature line of another form; LIMIT past a maximum */
err note_read(span bytes, struct note *out);

/* note_check - did this key sign the text?
 *
 * fails   FORGED when any signature under its name and id does not verify; UNKNOWN when there is
 *         none.  Signatures of other keys are passed over.
 * cost    one signature check for each line of that key */
err note_check(const struct note *n, const struct note_key *key);

/* note_sign - text, blank line, one signature line
 *
 * signer  of the key's seed
 * text    ends with a newline, is UTF-8, has no control character but newline
 * fails   MALFORMED on another text, LIMIT when w is too small (w is untouched then)
 * cost    one signature, about 30 us */
err note_sign(const struct note_key *key, struct signer *signer, span text, struct writer *w);

#endif
