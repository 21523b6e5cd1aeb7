/* SPDX-License-Identifier: Apache-2.0 */
/* Records of an outbox made by hand, so that each part of them can be wrong by itself. */
#ifndef TEST_CHECK_MADE_H
#define TEST_CHECK_MADE_H

#include "check/inspect.h"
#include "crypt/aead.h"
#include "crypt/hash.h"
#include "feed/report.h"
#include "wire/line.h"

#include "cmocka_all.h"

#define MADE_MAX ((size_t)2 << 20)
#define NOW      INT64_C(1700000000000)

/* made - how the next record is made; zero: as it should be
 *
 * bucket_more   so many bytes more than the item needs;   padding   a byte of the zeros
 * length_more   the inner length is longer;   number_more   the item is sealed under another number
 * seeds         of the signer: that of the epoch is 1 */
struct made_wrong {
    size_t   bucket_more;
    uint8_t  padding;
    uint32_t length_more;
    uint64_t number_more;
    uint8_t  seed;
    unsigned depth, place;
};

static struct aead *made_aead;
static uint8_t      made_record[MADE_MAX];
static size_t       made_len;

static inline size_t made_bucket(size_t len)
{
    size_t at = 128;
    for (bool half = true; at < len; half = !half) {
        at += half ? at / 2 : at / 3;
    }
    return at;
}

static inline void made_item(struct writer *w, const struct inspect_row *t, uint64_t number,
                             span plain, const struct made_wrong *wrong)
{
    size_t        len = made_bucket(4 + plain.len) + wrong->bucket_more;
    uint8_t       nonce[12] = {0}, associated[24];
    struct writer n = writer_of(nonce + 4, 8), a = WRITER_OF(associated);
    put_u32(w, (uint32_t)(len + 16));
    uint8_t *at = put_space(w, len + 16);
    assert_non_null(at);
    memset(at, 0, len);
    struct writer i = writer_of(at, len);
    put_u32(&i, (uint32_t)plain.len + wrong->length_more);
    put_span(&i, plain);
    at[len - 1] |= wrong->padding;
    put_u64(&n, number + wrong->number_more);
    put_id(&a, &t->epoch);
    put_u64(&a, number + wrong->number_more);
    aead_rekey(made_aead, &t->key);
    aead_seal(made_aead, nonce, SPAN_OF(associated), (span){at, len}, at, at + len);
}

/* Of items at body.ptr + 30, each with its length, the signature of a turn of two batches or of this alone */
static inline void made_sign(struct writer *w, const struct inspect_row *t, uint64_t first,
                             uint16_t count, const struct made_wrong *wrong)
{
    static const uint8_t sibling[32] = {7};
    uint8_t              root[32], signature[64], node[65] = {1};
    static uint8_t       leaf[27 + 1024 * 32];
    struct writer        l = WRITER_OF(leaf);
    struct reader        items = reader_of((span){w->ptr + 30, w->len - 30});
    secret               own = {{wrong->seed == 0 ? 1 : wrong->seed}};
    put_u8(&l, 0);
    put_id(&l, &t->epoch);
    put_u64(&l, first);
    put_u16(&l, count);
    for (unsigned i = 0; i < count; i++) {
        uint8_t hash[32];
        sha256(read_block32(&items, MADE_MAX), hash);
        put_span(&l, SPAN_OF(hash));
    }
    sha256(writer_span(&l), root);
    for (unsigned i = 0; i < wrong->depth; i++) {
        bool right = (wrong->place >> i & 1) != 0;
        memcpy(node + (right ? 33 : 1), root, 32);
        memcpy(node + (right ? 1 : 33), sibling, 32);
        sha256(SPAN_OF(node), root);
    }
    sign_make(&own, "accord turn 1", SPAN_OF(root), signature);
    put_u8(w, (uint8_t)wrong->depth);
    put_u16(w, (uint16_t)wrong->place);
    put_span(w, SPAN_OF(signature));
    for (unsigned i = 0; i < wrong->depth; i++) {
        put_span(w, SPAN_OF(sibling));
    }
}

/* A record with these items, at made_record */
static inline span made_batch(const struct inspect_row *t, uint64_t first, const span *plain,
                              uint16_t count, const struct made_wrong *wrong)
{
    struct writer w = WRITER_OF(made_record);
    put_id(&w, &t->epoch);
    put_u64(&w, first);
    put_u16(&w, count);
    put_u32(&w, 0);
    for (unsigned i = 0; i < count; i++) {
        made_item(&w, t, first + i, plain[i], wrong);
    }
    struct writer len = writer_of(made_record + 26, 4);
    put_u32(&len, (uint32_t)(w.len - 30));
    made_sign(&w, t, first, count, wrong);
    assert_false(w.bad);
    made_len = w.len;
    return writer_span(&w);
}

static inline void made_commit(struct inspect_row *t)
{
    const span part[] = {SPAN_LIT("accord commitment 1"), id_span(&t->epoch), SPAN_OF(t->key.key)};
    const secret own = {{1}};
    sha256_parts(part, ARRAY_LEN(part), t->commitment);
    sign_public(&own, t->sealer);
    t->items_max = 1u << 20;
}

/* A feed of tracks in events, in a box about the peninsula */
static inline struct inspect_row made_feed(void)
{
    struct inspect_row t = {.epoch = {{9, 9}},
                            .key = {{3}},
                            .source = 4,
                            .form = SOURCE_COT,
                            .dated = DATED_NOW,
                            .tracks = true,
                            .bounded = true,
                            .box = {330000000, 1240000000, 430000000, 1320000000}};
    made_commit(&t);
    return t;
}

static inline struct inspect_record made_in_line(span body)
{
    return (struct inspect_record){
        .body = body, .outbox = OUTBOX_INTAKE, .type = line_type(5, PART_PLAIN)};
}

static inline struct report made_track(void)
{
    return (struct report){.time = NOW - 500,
                           .start = NOW - 500,
                           .stale = NOW + 9000,
                           .place = {375000000, 1270000000},
                           .hae_cm = 100000,
                           .ce_cm = 900,
                           .le_cm = 800,
                           .course_cdeg = 9000,
                           .speed_cms = 20000,
                           .has = REPORT_HAE | REPORT_CE | REPORT_LE | REPORT_COURSE | REPORT_SPEED,
                           .uid = "track-1",
                           .type = "a-h-A",
                           .how = "m-r",
                           .callsign = "HAWK",
                           .remarks = "seen at the coast"};
}

static inline span made_bytes(const struct report *r)
{
    static uint8_t bytes[REPORT_BYTES_MAX];
    struct writer  w = WRITER_OF(bytes);
    err            e = report_encode(r, &w);
    assert_false(err_is(e));
    return writer_span(&w);
}

#endif
