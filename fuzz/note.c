/* links: ledger */
/* SPDX-License-Identifier: Apache-2.0 */
/* A signed note, a checkpoint and a verifier key from anywhere */
#include "ledger/checkpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void key_reads_back(span text)
{
    struct note_key key;
    uint8_t         buf[256];
    struct writer   w = WRITER_OF(buf);
    if (err_is(note_key_read(text, &key))) {
        return;
    }
    note_key_format(&key, &w);
    MUST(span_equal(writer_span(&w), text));
}

static void checkpoint_reads_back(span text)
{
    struct checkpoint c;
    static uint8_t    buf[NOTE_MAX];
    struct writer     w = WRITER_OF(buf);
    if (err_is(checkpoint_read(text, &c))) {
        return;
    }
    checkpoint_format(c.origin, &c.head, &w);
    put_span(&w, c.extensions);
    MUST(span_equal(writer_span(&w), text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    span            bytes = {data, len};
    const uint8_t   public_key[SIGN_PUBLIC_LEN] = {1};
    struct note_key key;
    struct note     n;
    MUST(!err_is(note_key_make(SPAN_LIT("kor.example/accord"), public_key, &key)));
    key_reads_back(bytes);
    checkpoint_reads_back(bytes);
    if (err_is(note_read(bytes, &n))) {
        return 0;
    }
    MUST(n.text.len + 1 + n.signatures.len == len);
    MUST(err_is(note_check(&n, &key)));
    checkpoint_reads_back(n.text);
    return 0;
}
