/* SPDX-License-Identifier: Apache-2.0 */
/* A small ledger to try things on: always the same key, the same salts, the same leaves */
#ifndef TEST_LEDGER_SAMPLE_H
#define TEST_LEDGER_SAMPLE_H

#include "cmocka_all.h"
#include "ledger/ledger.h"

#define SAMPLE_ORIGIN "kor.example/accord"
#define SAMPLE_TIME   INT64_C(1795000000000)
#define SAMPLE_MAX    64

/* sample - records one after the other; end[i] is where record i ends in bytes */
struct sample {
    struct ledger        ledger;
    struct random_stream salts;
    struct note_key      key;
    struct signer       *signer;
    struct writer        log;
    size_t               count, end[SAMPLE_MAX];
    merkle_hash          leaf[SAMPLE_MAX];
    uint8_t              bytes[64 * 1024];
};

static inline void must_be_ok(err e)
{
    if (err_is(e)) {
        fail_msg("%s: %s", err_name(e.code), e.why);
    }
}

#define must_fail(call, wanted)                                                                    \
    do {                                                                                           \
        err must_fail_ = (call);                                                                   \
        assert_string_equal(err_name(must_fail_.code), err_name(ERR_##wanted));                    \
    } while (0)

static inline void sample_begin(struct sample *s)
{
    secret  seed = {{7}};
    uint8_t public_key[SIGN_PUBLIC_LEN];
    *s = (struct sample){0};
    s->log = WRITER_OF(s->bytes);
    s->signer = signer_open(&seed);
    signer_public(s->signer, public_key);
    must_be_ok(note_key_make(SPAN_LIT(SAMPLE_ORIGIN), public_key, &s->key));
}

static inline void sample_end(struct sample *s)
{
    signer_close(s->signer);
}

static inline void sample_ended(struct sample *s)
{
    assert_true(s->count < SAMPLE_MAX);
    s->end[s->count++] = s->log.len;
}

static inline span sample_record(const struct sample *s, size_t i)
{
    size_t from = i == 0 ? 0 : s->end[i - 1];
    return (span){s->bytes + from, s->end[i] - from};
}

static inline void sample_leaf(struct sample *s, enum leaf_kind kind, instant time,
                               const char *body)
{
    static uint8_t buf[LEAF_TEXT_MAX];
    struct writer  text = WRITER_OF(buf);
    uint64_t       index = 0;
    merkle_hash    hash;
    leaf_begin(&text, kind, time, &(name){"KOR"});
    put_text(&text, body);
    must_be_ok(ledger_append_leaf(&s->ledger, random_from(&s->salts), writer_span(&text), &s->log,
                                  &index, &hash));
    assert_int_equal(index + 1, s->ledger.tree.size);
    s->leaf[index] = hash;
    sample_ended(s);
}

static inline void sample_attachment(struct sample *s, const char *bytes)
{
    uint8_t       digest[SHA256_LEN];
    char          body[128];
    struct writer w = WRITER_OF(body);
    must_be_ok(ledger_attach(span_text(bytes), &s->log, digest));
    sample_ended(s);
    line_hex(&w, "attachment", SPAN_OF(digest));
    put_u8(&w, 0);
    sample_leaf(s, LEAF_AGREEMENT, s->ledger.last_time + 1, body);
}

static inline void sample_checkpoint(struct sample *s)
{
    must_be_ok(ledger_checkpoint(&s->ledger, &s->key, s->signer, &s->log));
    sample_ended(s);
}

/* Two leaves, an attachment and its leaf, a checkpoint, a leaf, a checkpoint */
static inline void sample_small(struct sample *s)
{
    sample_begin(s);
    sample_leaf(s, LEAF_GENESIS, SAMPLE_TIME, "");
    sample_leaf(s, LEAF_RELEASED, SAMPLE_TIME + 5, "epoch 01\nclause GSOMIA/2\n");
    sample_attachment(s, "agreement GSOMIA\n");
    sample_checkpoint(s);
    sample_leaf(s, LEAF_REFUSED, SAMPLE_TIME + 9, "reason no clause\n");
    sample_checkpoint(s);
}

#endif
