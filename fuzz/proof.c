/* links: ledger */
/* SPDX-License-Identifier: Apache-2.0 */
/* A proof of inclusion from anywhere; also its hashes as a path between sizes from the input */
#include "ledger/proof.h"

#include "base/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void text_reads_back(span text)
{
    static uint8_t buf[PROOF_MAX];
    struct proof   p;
    struct writer  w = WRITER_OF(buf);
    if (err_is(proof_read(text, &p))) {
        return;
    }
    proof_format(&p, &w);
    MUST(span_equal(writer_span(&w), text));
}

/* No root of all zeros has a preimage that anybody knows, so nothing may be accepted but what is equal
 * from the start. */
static void path_is_refused(span bytes)
{
    struct reader      r = reader_of(bytes);
    struct merkle_path path = {0};
    struct merkle_head older = {0}, newer = {0};
    merkle_hash        leaf = {{1}};
    older.size = read_u64(&r);
    newer.size = read_u64(&r);
    while (r.rest.len >= SHA256_LEN && path.count < MERKLE_LEVELS) {
        read_copy(&r, path.hash[path.count++].bytes, SHA256_LEN);
    }
    MUST(err_is(merkle_check_inclusion(&leaf, older.size, &newer, &path)));
    older.root.bytes[0] = 1;
    MUST(err_is(merkle_check_consistency(&older, &newer, &path)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    text_reads_back((span){data, len});
    path_is_refused((span){data, len});
    return 0;
}
