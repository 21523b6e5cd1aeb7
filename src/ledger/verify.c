/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/verify.h"

err verify_init(struct verify *v, span origin, const uint8_t key[static SIGN_PUBLIC_LEN])
{
    *v = (struct verify){0};
    return note_key_make(origin, key, &v->key);
}

static err add_attachment(struct verify *v, span bytes)
{
    if (v->pending_count == VERIFY_PENDING_MAX) {
        return FAIL(LIMIT, "more than 64 attachments wait for a leaf that names them");
    }
    sha256(bytes, v->pending[v->pending_count++]);
    v->sum.attachments++;
    return OK;
}

static err take_attachment(struct verify *v, span hex)
{
    uint8_t digest[SHA256_LEN];
    TRY(text_hex(hex, digest, sizeof digest));
    for (size_t i = 0; i < v->pending_count; i++) {
        if (memcmp(v->pending[i], digest, sizeof digest) == 0) {
            memcpy(v->pending[i], v->pending[--v->pending_count], sizeof digest);
            return OK;
        }
    }
    return FAIL(FORGED, "a leaf names an attachment that does not stand before it");
}

static err check_leaf(struct verify *v, const struct leaf_head *head)
{
    span rest = head->body, hex;
    while (leaf_attachment(&rest, &hex)) {
        TRY(take_attachment(v, hex));
    }
    v->sum.first = v->ledger.tree.size == 1 ? head->time : v->sum.first;
    v->sum.last = head->time;
    return OK;
}

/* ledger_fold has compared size and root; what is left is who says so. */
static err check_checkpoint(struct verify *v, span note)
{
    struct checkpoint c;
    TRY(checkpoint_open(note, &v->key, &c));
    if (c.extensions.len > 0) {
        return FAIL(MALFORMED, "a checkpoint of a ledger has no lines but its three");
    }
    v->sum.checkpoints++;
    v->sum.covered = c.head.size;
    return OK;
}

static err check_record(struct verify *v, span bytes)
{
    struct record    r;
    struct leaf_head head;
    TRY(ledger_fold(&v->ledger, bytes, &r, &head));
    switch (r.type) {
    case RECORD_LEAF:
        return check_leaf(v, &head);
    case RECORD_ATTACHMENT:
        return add_attachment(v, r.bytes);
    case RECORD_CHECKPOINT:
        return check_checkpoint(v, r.bytes);
    }
    return FAIL(MALFORMED, "a record of the ledger is of no known type");
}

err verify_record(struct verify *v, span record)
{
    if (!err_is(v->sum.bad)) {
        v->sum.bad = check_record(v, record);
        v->sum.bad_record = v->sum.records++;
    }
    return v->sum.bad;
}

struct verify_summary verify_end(const struct verify *v)
{
    struct verify_summary sum = v->sum;
    sum.head = merkle_head(&v->ledger.tree);
    sum.unnamed = v->pending_count;
    sum.bad_record = err_is(sum.bad) ? sum.bad_record : 0;
    return sum;
}
