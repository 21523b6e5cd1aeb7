/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_RECORD_H
#define LEDGER_RECORD_H

#include "ledger/leaf.h"

/* record - what lies in the ledger's log, one each; framing and checksum are the log's
 *
 *     1  salt (32 bytes), text      a leaf
 *     2  bytes                      an attachment: a following leaf names their SHA-256
 *     3  text                       a checkpoint: a signed note
 */
enum record_type { RECORD_LEAF = 1, RECORD_ATTACHMENT = 2, RECORD_CHECKPOINT = 3 };

/* ATTACHMENT_MAX - a compiled agreement or a marking policy in one piece, below the log's 64 KiB */
#define ATTACHMENT_MAX (60 * 1024)
/* RECORD_MAX - the longest record of any type */
#define RECORD_MAX (1 + ATTACHMENT_MAX)

/* record - salt points at LEAF_SALT_LEN bytes for a leaf and is NULL for the others; all in the
 * caller's bytes */
struct record {
    enum record_type type;
    const uint8_t   *salt;
    span             bytes;
};

/* record_read - one whole record
 *
 * fails   MALFORMED on another type, an empty one or one cut short; LIMIT past a maximum.  What is
 *         inside is not looked at. */
err record_read(span bytes, struct record *out);

/* record_write_* - the reverse
 *
 * fails   LIMIT past a maximum, or when w is too small (w is untouched then); MALFORMED if empty */
err record_write_leaf(struct writer *w, const uint8_t salt[static LEAF_SALT_LEN], span text);
err record_write_attachment(struct writer *w, span bytes);
err record_write_checkpoint(struct writer *w, span note);

#endif
