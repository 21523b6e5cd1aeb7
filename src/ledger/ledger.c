/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger.h"

static err read_next(const struct ledger *l, span text, struct leaf_head *head)
{
    struct leaf_head read;
    TRY(leaf_head_read(text, &read));
    if (l->tree.size > 0 && read.time < l->last_time) {
        return FAIL(STATE, "the leaf is earlier than the one before it");
    }
    *head = read;
    return OK;
}

static void commit(struct ledger *l, const merkle_hash *hash, instant time)
{
    merkle_add(&l->tree, hash);
    l->last_time = time;
}

err ledger_append_leaf(struct ledger *l, struct random_source salt, span text,
                       struct writer *record, uint64_t *index, merkle_hash *hash)
{
    struct leaf_head head;
    uint8_t          salted[LEAF_SALT_LEN];
    TRY(read_next(l, text, &head));
    random_fill(salt, salted, sizeof salted);
    TRY(record_write_leaf(record, salted, text));
    *hash = leaf_hash(salted, text);
    *index = l->tree.size;
    commit(l, hash, head.time);
    return OK;
}

err ledger_attach(span bytes, struct writer *record, uint8_t digest[static SHA256_LEN])
{
    TRY(record_write_attachment(record, bytes));
    sha256(bytes, digest);
    return OK;
}

err ledger_checkpoint(const struct ledger *l, const struct note_key *key, struct signer *signer,
                      struct writer *record)
{
    uint8_t            note[CHECKPOINT_NOTE_MAX];
    struct writer      w = WRITER_OF(note);
    struct merkle_head head = merkle_head(&l->tree);
    TRY(checkpoint_sign(key, signer, &head, &w));
    return record_write_checkpoint(record, writer_span(&w));
}

static err check_head(const struct ledger *l, span bytes)
{
    struct note        n;
    struct checkpoint  c;
    struct merkle_head head = merkle_head(&l->tree);
    TRY(note_read(bytes, &n));
    TRY(checkpoint_read(n.text, &c));
    if (c.head.size != head.size || !merkle_equal(&c.head.root, &head.root)) {
        return FAIL(FORGED, "a checkpoint is not that of the leaves before it");
    }
    return OK;
}

err ledger_fold(struct ledger *l, span bytes, struct record *record, struct leaf_head *head)
{
    struct record    r;
    struct leaf_head h;
    TRY(record_read(bytes, &r));
    if (r.type == RECORD_LEAF) {
        TRY(read_next(l, r.bytes, &h));
        merkle_hash hash = leaf_hash(r.salt, r.bytes);
        commit(l, &hash, h.time);
        *head = h;
    } else if (r.type == RECORD_CHECKPOINT) {
        TRY(check_head(l, r.bytes));
    }
    *record = r;
    return OK;
}
