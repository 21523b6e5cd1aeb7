/* SPDX-License-Identifier: Apache-2.0 */
#include "pouch/grant.h"

#include "crypt/hash.h"

#define PURPOSE   "accord grant 1"
#define FIXED_LEN (3 * 32 + 2 * ID_LEN + 32 + 32 + 1 + 4 + 8 + 32 + 8 + 8 + 32)
#define BODY_LEN  (FIXED_LEN + SECRET_LEN + SIGNATURE_LEN)

static void put_padded_name(struct writer *w, const name *n)
{
    put_span(w, SPAN_OF(n->text));
}

/*@ requires \valid(r) && bounded(r);
    assigns *r;
    ensures bounded(r) && r->rest.len <= \old(r->rest.len) && (\old(r->bad) ==> r->bad); */
static name read_padded_name(struct reader *r)
{
    name   out = {0};
    span   text = read_bytes(r, sizeof out.text);
    size_t len = 0;
    /*@ loop invariant 0 <= len <= text.len;
        loop assigns len;
        loop variant text.len - len; */
    while (len < text.len && text.ptr[len] != 0) {
        len++;
    }
    err e = len == 0 ? OK : name_of((span){text.ptr, len}, &out);
    r->bad = r->bad || err_is(e) || memcmp(out.text, text.ptr, sizeof out.text) != 0;
    return out;
}

/* All that is signed: everything but the key, which the cover's commitment binds. */
static void fixed_put(const struct grant *g, span cover, struct writer *w)
{
    uint8_t cover_digest[32];
    sha256(cover, cover_digest);
    put_padded_name(w, &g->from);
    put_padded_name(w, &g->to);
    put_padded_name(w, &g->via);
    put_id(w, &g->epoch);
    put_id(w, &g->handle);
    put_span(w, SPAN_OF(g->agreement));
    put_span(w, SPAN_OF(g->standing));
    put_u8(w, g->giving);
    put_u32(w, g->lease_ms);
    put_u64(w, g->leaf);
    put_span(w, SPAN_OF(g->leaf_hash));
    put_u64(w, g->letter);
    put_u64(w, (uint64_t)g->at);
    put_span(w, SPAN_OF(cover_digest));
}

static void signed_digest(span fixed, const uint8_t day_key[static DAY_KEY_ID_LEN], span matter,
                          uint8_t out[static 32])
{
    uint8_t matter_digest[32];
    sha256(matter, matter_digest);
    const span part[] = {fixed, {day_key, DAY_KEY_ID_LEN}, SPAN_OF(matter_digest)};
    sha256_parts(part, ARRAY_LEN(part), out);
}

static err papers_put(const struct papers *p, struct writer *w)
{
    put_block16(w, p->cover);
    put_span(w, SPAN_OF(p->cover_signature));
    put_block16(w, p->matter);
    if (w->bad) {
        return FAIL(LIMIT, "cover and verdict do not fit into a grant");
    }
    size_t left = w->max - w->len; /* before put_space: C leaves the order of arguments open */
    memset(put_space(w, left), 0, left);
    return OK;
}

err grant_seal(const struct grant *g, const struct papers *p, struct signer *signer,
               const struct day_key_public *day_key, struct random_source random,
               struct writer *out)
{
    uint8_t       body[BODY_LEN], papers[PAPERS_LEN], digest[32], signature[SIGNATURE_LEN];
    struct writer b = WRITER_OF(body), w = WRITER_OF(papers);
    TRY(papers_put(p, &w));
    fixed_put(g, p->cover, &b);
    signed_digest(writer_span(&b), day_key->id, p->matter, digest);
    signer_sign(signer, PURPOSE, SPAN_OF(digest), signature);
    put_span(&b, SPAN_OF(signature));
    put_span(&b, SPAN_OF(g->key.key));
    MUST(!b.bad && b.len == BODY_LEN);

    struct hpke h;
    put_span(out, SPAN_OF(day_key->id));
    uint8_t *enc = put_space(out, HPKE_PUBLIC_LEN);
    uint8_t *box = put_space(out, BODY_LEN + HPKE_TAG_LEN);
    uint8_t *box2 = put_space(out, PAPERS_LEN + HPKE_TAG_LEN);
    if (box2 == NULL) {
        return FAIL(LIMIT, "the buffer is too small for a grant");
    }
    TRY(hpke_send(HPKE_P384, SPAN_OF(day_key->key), SPAN_LIT(PURPOSE), random, enc, &h));
    err e = hpke_seal(&h, SPAN_OF(day_key->id), SPAN_OF(body), box);
    e = err_is(e) ? e : hpke_seal(&h, SPAN_OF(day_key->id), SPAN_OF(papers), box2);
    hpke_wipe(&h);
    bytes_wipe(body, sizeof body);
    return e;
}

err sealed_day_key(span sealed, uint8_t out[static DAY_KEY_ID_LEN])
{
    if (sealed.len < DAY_KEY_ID_LEN) {
        return FAIL(MALFORMED, "what is sealed to a day key is shorter than the key's name");
    }
    memcpy(out, sealed.ptr, DAY_KEY_ID_LEN);
    return OK;
}

/*@ requires readable(sealed) && \valid_read(day_key);
    requires \valid(body + (0 .. BODY_LEN - 1)) && \valid(papers + (0 .. PAPERS_LEN - 1));
    assigns body[0 .. BODY_LEN - 1], papers[0 .. PAPERS_LEN - 1];
    ensures of_that_size: \result.code == ERR_NONE ==>
        sealed.len == DAY_KEY_ID_LEN + HPKE_PUBLIC_LEN + BODY_LEN + PAPERS_LEN + 2 * HPKE_TAG_LEN; */
static err unseal(span sealed, const struct hpke_key *day_key, uint8_t body[static BODY_LEN],
                  uint8_t papers[static PAPERS_LEN])
{
    struct reader r = reader_of(sealed);
    span          key_id = read_bytes(&r, DAY_KEY_ID_LEN);
    span          enc = read_bytes(&r, HPKE_PUBLIC_LEN);
    span          box = read_bytes(&r, BODY_LEN + HPKE_TAG_LEN);
    span          box2 = read_bytes(&r, PAPERS_LEN + HPKE_TAG_LEN);
    struct hpke   h;
    TRY(reader_end(&r));
    TRY(hpke_receive(day_key, enc, SPAN_LIT(PURPOSE), &h));
    err e = hpke_open(&h, key_id, box, body);
    e = err_is(e) ? e : hpke_open(&h, key_id, box2, papers);
    hpke_wipe(&h);
    return e;
}

/*@ requires \valid(buffer + (0 .. PAPERS_LEN - 1)) && \valid(out);
    requires \separated(out, buffer + (0 .. PAPERS_LEN - 1));
    assigns *out;
    ensures within_it: \result.code == ERR_NONE ==> readable(out->cover) && readable(out->matter);
    ensures no_longer: out->cover.len <= COVER_TEXT_MAX && out->matter.len <= CASE_TEXT_MAX; */
static err papers_read(uint8_t buffer[static PAPERS_LEN], struct papers *out)
{
    struct reader r = reader_of((span){buffer, PAPERS_LEN});
    out->cover = read_block16(&r, COVER_TEXT_MAX);
    read_copy(&r, out->cover_signature, SIGNATURE_LEN);
    out->matter = read_block16(&r, CASE_TEXT_MAX);
    if (r.bad) {
        return FAIL(MALFORMED, "the papers of a grant do not add up");
    }
    return OK;
}

static err fixed_read(span body, struct grant *g, uint8_t cover_digest[static 32],
                      uint8_t signature[static SIGNATURE_LEN])
{
    struct reader r = reader_of(body);
    g->from = read_padded_name(&r);
    g->to = read_padded_name(&r);
    g->via = read_padded_name(&r);
    r.bad = r.bad || g->from.text[0] == 0 || g->to.text[0] == 0;
    g->epoch = read_id(&r);
    g->handle = read_id(&r);
    read_copy(&r, g->agreement, 32);
    read_copy(&r, g->standing, 32);
    g->giving = read_u8(&r);
    g->lease_ms = read_u32(&r);
    g->leaf = read_u64(&r);
    read_copy(&r, g->leaf_hash, 32);
    g->letter = read_u64(&r);
    g->at = (instant)read_u64(&r);
    read_copy(&r, cover_digest, 32);
    read_copy(&r, signature, SIGNATURE_LEN);
    read_copy(&r, g->key.key, SECRET_LEN);
    return reader_end(&r);
}

static err grant_check(const struct grant *g, const struct papers *p, span fixed,
                       const uint8_t *day_key, const uint8_t *identity, const uint8_t *cover_digest,
                       const uint8_t *signature)
{
    struct cover cover;
    uint8_t      digest[32];
    signed_digest(fixed, day_key, p->matter, digest);
    TRY(sign_check(identity, PURPOSE, SPAN_OF(digest), signature));
    sha256(p->cover, digest);
    if (memcmp(digest, cover_digest, 32) != 0) {
        return FAIL(FORGED, "the cover is not the one the grant was signed with");
    }
    TRY(cover_read(p->cover, &cover));
    cover_commit(&cover.epoch, &g->key, digest);
    if (!id_equal(&cover.epoch, &g->epoch) || memcmp(digest, cover.commitment, 32) != 0) {
        return FAIL(FORGED, "the key is not the one the cover commits to");
    }
    return OK;
}

err grant_open(span sealed, const struct hpke_key *day_key,
               const uint8_t identity[static SIGN_PUBLIC_LEN], struct grant *out,
               struct papers *papers, uint8_t buffer[static PAPERS_LEN])
{
    uint8_t       body[BODY_LEN], cover_digest[32], signature[SIGNATURE_LEN];
    struct grant  g = {0};
    struct papers p = {0};
    TRY(unseal(sealed, day_key, body, buffer));
    err e = fixed_read(SPAN_OF(body), &g, cover_digest, signature);
    e = err_is(e) ? e : papers_read(buffer, &p);
    e = err_is(e) ? e
                  : grant_check(&g, &p, (span){body, FIXED_LEN}, sealed.ptr, identity, cover_digest,
                                signature);
    bytes_wipe(body, sizeof body);
    if (!err_is(e)) {
        *out = g;
        *papers = p;
    }
    secret_wipe(&g.key);
    return e;
}
