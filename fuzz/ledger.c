/* links: ledger */
/* SPDX-License-Identifier: Apache-2.0 */
/* The records of a ledger, each behind its length in two bytes */
#include "base/reader.h"
#include "ledger/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void leaf_reads_back(span text)
{
    static uint8_t   buf[LEAF_TEXT_MAX];
    struct leaf_head head;
    struct writer    w = WRITER_OF(buf);
    if (err_is(leaf_head_read(text, &head))) {
        return;
    }
    leaf_begin(&w, head.kind, head.time, &head.party);
    put_span(&w, head.body);
    MUST(span_equal(writer_span(&w), text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct verify v;
    const uint8_t        public_key[SIGN_PUBLIC_LEN] = {1};
    struct reader        r = reader_of((span){data, len});
    uint64_t             leaves = 0;
    MUST(!err_is(verify_init(&v, SPAN_LIT("kor.example/accord"), public_key)));
    while (r.rest.len > 0 && !r.bad) {
        struct record record;
        span          bytes = read_block16(&r, UINT16_MAX);
        bool          good = !err_is(verify_record(&v, bytes));
        if (!err_is(record_read(bytes, &record)) && record.type == RECORD_LEAF) {
            leaf_reads_back(record.bytes);
            leaves += good;
        }
    }
    struct verify_summary sum = verify_end(&v);
    MUST(sum.head.size == leaves || err_is(sum.bad));
    MUST(sum.covered <= sum.head.size && sum.checkpoints == 0);
    return 0;
}
