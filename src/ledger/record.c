/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/record.h"

#include "base/reader.h"
#include "ledger/note.h"

/* Each type: how much salt, and how long the rest may be.  A checkpoint is also a note, but more
 * than an attachment's length of it does not fit the log. */
static const struct {
    size_t salt_len, max;
} record_row[] = {
    [RECORD_LEAF] = {LEAF_SALT_LEN, LEAF_TEXT_MAX},
    [RECORD_ATTACHMENT] = {0, ATTACHMENT_MAX},
    [RECORD_CHECKPOINT] = {0, ATTACHMENT_MAX},
};
_Static_assert(ATTACHMENT_MAX < NOTE_MAX, "a checkpoint record is never longer than a note");

static err check_len(enum record_type type, size_t len)
{
    if (len == 0) {
        return FAIL(MALFORMED, "a record of the ledger is empty");
    }
    if (len > record_row[type].max) {
        return FAIL(LIMIT, "a record of the ledger is longer than its kind may be");
    }
    return OK;
}

err record_read(span bytes, struct record *out)
{
    struct reader r = reader_of(bytes);
    unsigned      type = read_u8(&r);
    if (r.bad || type < RECORD_LEAF || type > RECORD_CHECKPOINT) {
        return FAIL(MALFORMED, "a record of the ledger is of no known type");
    }
    span salt = read_bytes(&r, record_row[type].salt_len);
    if (r.bad) {
        return FAIL(MALFORMED, "a record of the ledger is cut short");
    }
    TRY(check_len((enum record_type)type, r.rest.len));
    *out = (struct record){
        .type = (enum record_type)type,
        .salt = salt.len > 0 ? salt.ptr : NULL,
        .bytes = r.rest,
    };
    return OK;
}

static err record_write(struct writer *w, enum record_type type, span salt, span bytes)
{
    struct writer made = *w;
    TRY(check_len(type, bytes.len));
    put_u8(&made, (uint8_t)type);
    put_span(&made, salt);
    put_span(&made, bytes);
    if (made.bad) {
        return FAIL(LIMIT, "the record of the ledger is longer than its buffer");
    }
    *w = made;
    return OK;
}

err record_write_leaf(struct writer *w, const uint8_t salt[static LEAF_SALT_LEN], span text)
{
    return record_write(w, RECORD_LEAF, (span){salt, LEAF_SALT_LEN}, text);
}

err record_write_attachment(struct writer *w, span bytes)
{
    return record_write(w, RECORD_ATTACHMENT, (span){0}, bytes);
}

err record_write_checkpoint(struct writer *w, span note)
{
    return record_write(w, RECORD_CHECKPOINT, (span){0}, note);
}
