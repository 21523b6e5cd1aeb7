/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/hpke.h"

#include "base/secret.h"
#include "base/writer.h"
#include "crypt/gcm.h"

static const struct suite {
    uint16_t      kem_id;
    uint16_t      kdf_id;
    uint16_t      aead_id;
    enum dh_curve curve;
    enum digest   digest;
    size_t        key_len;
    uint8_t       first_mask; /* of DeriveKeyPair: P-521's scalars have one bit in the first byte */
    const EVP_CIPHER *(*cipher)(void);
} suites[HPKE_COUNT] = {
    [HPKE_P256] = {0x10, 1, 1, DH_P256, DIGEST_SHA256, 16, 0xff, EVP_aes_128_gcm},
    [HPKE_P384] = {0x11, 2, 2, DH_P384, DIGEST_SHA384, 32, 0xff, EVP_aes_256_gcm},
    [HPKE_P521] = {0x12, 3, 2, DH_P521, DIGEST_SHA512, 32, 0x01, EVP_aes_256_gcm},
};

#define VERSION   SPAN_LIT("HPKE-v1")
#define MODE_BASE 0
#define SUITE_LEN 10 /* "HPKE" and three ids */
#define NOTHING   ((span){NULL, 0})

/* labels - which labelled functions: those of the KEM, or those of the whole suite */
struct labels {
    enum digest digest;
    uint8_t     id[SUITE_LEN];
    size_t      id_len;
};

static struct labels kem_labels(const struct suite *s)
{
    struct labels l = {.digest = s->digest};
    struct writer w = WRITER_OF(l.id);
    put_text(&w, "KEM");
    put_u16(&w, s->kem_id);
    l.id_len = w.len;
    return l;
}

static struct labels suite_labels(const struct suite *s)
{
    struct labels l = {.digest = s->digest};
    struct writer w = WRITER_OF(l.id);
    put_text(&w, "HPKE");
    put_u16(&w, s->kem_id);
    put_u16(&w, s->kdf_id);
    put_u16(&w, s->aead_id);
    l.id_len = w.len;
    return l;
}

/* extract, expand - LabeledExtract and LabeledExpand, RFC 9180 §4 */
static void extract(const struct labels *l, span salt, const char *label, span ikm, uint8_t *out)
{
    const span part[] = {VERSION, {l->id, l->id_len}, span_text(label), ikm};
    hkdf_extract(l->digest, salt, part, ARRAY_LEN(part), out);
}

static void expand(const struct labels *l, const uint8_t *prk, const char *label, span info,
                   uint8_t *out, size_t out_len)
{
    const uint8_t len[] = {(uint8_t)(out_len >> 8), (uint8_t)out_len};
    const span    part[] = {SPAN_OF(len), VERSION, {l->id, l->id_len}, span_text(label), info};
    hkdf_expand(l->digest, (span){prk, digest_len(l->digest)}, part, ARRAY_LEN(part), out, out_len);
}

span hpke_key_public(const struct hpke_key *k)
{
    return (span){k->point, dh_public_len(suites[k->suite].curve)};
}

span hpke_key_private(const struct hpke_key *k)
{
    return (span){k->scalar, dh_private_len(suites[k->suite].curve)};
}

void hpke_key_wipe(struct hpke_key *k)
{
    bytes_wipe(k, sizeof *k);
}

err hpke_key_read(enum hpke_suite suite, span scalar, struct hpke_key *out)
{
    struct hpke_key k = {.suite = suite};
    if (scalar.len != dh_private_len(suites[suite].curve)) {
        return FAIL(MALFORMED, "a private key has a length that its suite does not know");
    }
    memcpy(k.scalar, scalar.ptr, scalar.len);
    err e = dh_public(suites[suite].curve, k.scalar, k.point);
    if (!err_is(e)) {
        *out = k;
    }
    hpke_key_wipe(&k);
    return e;
}

/* A candidate outside the range is drawn again with the next number: about 1 in 2^32 on P-256, far
 * fewer on the others.  255 failures in a row do not happen. */
err hpke_key_derive(enum hpke_suite suite, span ikm, struct hpke_key *out)
{
    const struct suite *s = &suites[suite];
    const struct labels labels = kem_labels(s);
    size_t              len = dh_private_len(s->curve);
    uint8_t             prk[DIGEST_LEN_MAX];
    uint8_t             scalar[DH_PRIVATE_MAX];
    err                 e = FAIL(MALFORMED, "no key can be derived from these bytes");

    extract(&labels, NOTHING, "dkp_prk", ikm, prk);
    for (unsigned number = 0; number <= UINT8_MAX && e.code == ERR_MALFORMED; number++) {
        const uint8_t n[] = {(uint8_t)number};
        expand(&labels, prk, "candidate", SPAN_OF(n), scalar, len);
        scalar[0] &= s->first_mask;
        e = hpke_key_read(suite, (span){scalar, len}, out);
    }
    bytes_wipe(prk, sizeof prk);
    bytes_wipe(scalar, sizeof scalar);
    return e;
}

err hpke_key_make(enum hpke_suite suite, struct random_source random, struct hpke_key *out)
{
    uint8_t ikm[DH_PRIVATE_MAX];
    size_t  len = dh_private_len(suites[suite].curve);
    random_fill(random, ikm, len);
    err e = hpke_key_derive(suite, (span){ikm, len}, out);
    bytes_wipe(ikm, sizeof ikm);
    return e;
}

/* share - the KEM's shared secret: RFC 9180 §4.1, ExtractAndExpand */
static err share(const struct hpke_key *mine, span theirs, span enc, span to, uint8_t *out)
{
    const struct suite *s = &suites[mine->suite];
    const struct labels labels = kem_labels(s);
    uint8_t             product[DH_PRIVATE_MAX];
    uint8_t             prk[DIGEST_LEN_MAX];
    uint8_t             both[2 * DH_PUBLIC_MAX];
    struct writer       w = WRITER_OF(both);

    TRY(dh_shared(s->curve, mine->scalar, theirs, product));
    put_span(&w, enc);
    put_span(&w, to);
    extract(&labels, NOTHING, "eae_prk", (span){product, dh_private_len(s->curve)}, prk);
    expand(&labels, prk, "shared_secret", writer_span(&w), out, digest_len(s->digest));
    bytes_wipe(product, sizeof product);
    bytes_wipe(prk, sizeof prk);
    return OK;
}

/* schedule - RFC 9180 §5.1, KeySchedule with no pre-shared key */
static void schedule(enum hpke_suite suite, const uint8_t *shared, span info, struct hpke *out)
{
    const struct suite *s = &suites[suite];
    const struct labels labels = suite_labels(s);
    size_t              len = digest_len(s->digest);
    uint8_t             context[1 + 2 * DIGEST_LEN_MAX];
    uint8_t             root[DIGEST_LEN_MAX];
    span                all = {context, 1 + 2 * len};

    context[0] = MODE_BASE;
    extract(&labels, NOTHING, "psk_id_hash", NOTHING, context + 1);
    extract(&labels, NOTHING, "info_hash", info, context + 1 + len);
    extract(&labels, (span){shared, len}, "secret", NOTHING, root);
    expand(&labels, root, "key", all, out->key, s->key_len);
    expand(&labels, root, "base_nonce", all, out->nonce, sizeof out->nonce);
    expand(&labels, root, "exp", all, out->exporter, len);
    bytes_wipe(root, sizeof root);
}

err hpke_send(enum hpke_suite suite, span to, span info, struct random_source random, uint8_t *enc,
              struct hpke *out)
{
    struct hpke_key once;
    uint8_t         shared[DIGEST_LEN_MAX];

    TRY(hpke_key_make(suite, random, &once));
    span mine = hpke_key_public(&once);
    err  e = share(&once, to, mine, to, shared);
    if (!err_is(e)) {
        *out = (struct hpke){.suite = suite, .sends = true};
        schedule(suite, shared, info, out);
        memcpy(enc, mine.ptr, mine.len);
    }
    hpke_key_wipe(&once);
    bytes_wipe(shared, sizeof shared);
    return e;
}

err hpke_receive(const struct hpke_key *k, span enc, span info, struct hpke *out)
{
    uint8_t shared[DIGEST_LEN_MAX];

    TRY(share(k, enc, enc, hpke_key_public(k), shared));
    *out = (struct hpke){.suite = k->suite};
    schedule(k->suite, shared, info, out);
    bytes_wipe(shared, sizeof shared);
    return OK;
}

static void nonce_now(const struct hpke *h, uint8_t nonce[static GCM_NONCE_LEN])
{
    memcpy(nonce, h->nonce, GCM_NONCE_LEN);
    for (unsigned i = 0; i < 8; i++) {
        nonce[GCM_NONCE_LEN - 1 - i] ^= (uint8_t)(h->sequence >> (8 * i));
    }
}

/* A context for each message: beside the multiplications its cost is nothing, and no schedule of a
 * key stays behind. */
static EVP_CIPHER_CTX *cipher_of(const struct hpke *h)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    if (ctx != NULL &&
        EVP_CipherInit_ex(ctx, suites[h->suite].cipher(), NULL, h->key, NULL, 1) != 1) {
        EVP_CIPHER_CTX_free(ctx);
        return NULL;
    }
    return ctx;
}

static err may_go_on(const struct hpke *h, bool sends, span ad, span bytes)
{
    if (h->sends != sends) {
        return FAIL(STATE, "this end of a sealed conversation only goes the other way");
    }
    if (h->sequence == UINT64_MAX || ad.len > INT32_MAX || bytes.len > INT32_MAX) {
        return FAIL(LIMIT, "a sealed conversation or message is too long");
    }
    return OK;
}

err hpke_seal(struct hpke *h, span ad, span plain, uint8_t *out)
{
    uint8_t nonce[GCM_NONCE_LEN];

    TRY(may_go_on(h, true, ad, plain));
    EVP_CIPHER_CTX *ctx = cipher_of(h);
    nonce_now(h, nonce);
    bool done = ctx != NULL && gcm_seal(ctx, nonce, ad, plain, out, out + plain.len);
    EVP_CIPHER_CTX_free(ctx);
    if (!done) {
        return FAIL(FULL, "no memory left to seal a message");
    }
    h->sequence++;
    return OK;
}

err hpke_open(struct hpke *h, span ad, span box, uint8_t *out)
{
    uint8_t nonce[GCM_NONCE_LEN];

    TRY(may_go_on(h, false, ad, box));
    if (box.len < HPKE_TAG_LEN) {
        return FAIL(MALFORMED, "a sealed message is shorter than its tag");
    }
    EVP_CIPHER_CTX *ctx = cipher_of(h);
    if (ctx == NULL) {
        return FAIL(FULL, "no memory left to open a message");
    }
    span text = {box.ptr, box.len - HPKE_TAG_LEN};
    nonce_now(h, nonce);
    bool fits = gcm_open(ctx, nonce, ad, text, box.ptr + text.len, out);
    EVP_CIPHER_CTX_free(ctx);
    if (!fits) {
        bytes_wipe(out, text.len);
        ERR_clear_error();
        return FAIL(FORGED, "the sealed message was altered or is for another key");
    }
    h->sequence++;
    return OK;
}

void hpke_export(const struct hpke *h, span context, uint8_t *out, size_t out_len)
{
    const struct labels labels = suite_labels(&suites[h->suite]);
    expand(&labels, h->exporter, "sec", context, out, out_len);
}

void hpke_wipe(struct hpke *h)
{
    bytes_wipe(h, sizeof *h);
}
