/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_CHECKPOINT_H
#define LEDGER_CHECKPOINT_H

#include "ledger/merkle.h"
#include "ledger/note.h"

/* checkpoint - the head of a ledger as a note's text (C2SP tlog-checkpoint):
 *
 *     kor.example/accord
 *     20852163
 *     CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
 *
 * origin       whose ledger; in the caller's bytes
 * extensions   what follows the third line, whole lines; Accord writes none */
struct checkpoint {
    span               origin;
    struct merkle_head head;
    span               extensions;
};

/* CHECKPOINT_TEXT_MAX - the three lines: a name, 20 digits, 44 of base64, newlines */
#define CHECKPOINT_TEXT_MAX (NOTE_NAME_MAX + 20 + 44 + 3)
/* CHECKPOINT_NOTE_MAX - those and one signature line: dash, name, 92 of base64 */
#define CHECKPOINT_NOTE_MAX (CHECKPOINT_TEXT_MAX + 1 + 4 + NOTE_NAME_MAX + 1 + 92 + 1)

/* checkpoint_format - the three lines; checkpoint_read - those, and non-empty extension lines
 *
 * fails   MALFORMED on any other form, LIMIT on a size past MERKLE_SIZE_MAX */
void checkpoint_format(span origin, const struct merkle_head *head, struct writer *w);
err  checkpoint_read(span text, struct checkpoint *out);

/* checkpoint_sign - a signed note whose origin is the name of the key
 *
 * fails   LIMIT when w has not room for CHECKPOINT_NOTE_MAX (w is untouched then) */
err checkpoint_sign(const struct note_key *key, struct signer *signer,
                    const struct merkle_head *head, struct writer *w);

/* checkpoint_open - a note that this key signed, of the ledger that bears the key's name
 *
 * fails   as note_read, note_check and checkpoint_read; FORGED when the origin is another */
err checkpoint_open(span note, const struct note_key *key, struct checkpoint *out);

#endif
