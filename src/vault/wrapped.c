/* SPDX-License-Identifier: Apache-2.0 */
#include "vault/wrapped.h"

#include "base/lines.h"
#include "crypt/hash.h"
#include "crypt/random.h"

#include <string.h>

static const char title[] = "accord key 1";

#define BOX_MAX (WRAPPED_KEY_MAX + AEAD_TAG_LEN)

/* parts - a file, read; ad is all before the last line */
struct parts {
    name    party;
    span    key, ad;
    uint8_t under[WRAP_ID_LEN], nonce[AEAD_NONCE_LEN], box[BOX_MAX];
    size_t  box_len;
};

bool is_wrapped(span file)
{
    return span_starts(file, SPAN_LIT("accord key 1\n"));
}

static err parts_read(span file, struct parts *out)
{
    struct lines l = lines_of(file);
    take_title(&l, title);
    out->party = take_name(&l, "party");
    out->key = take_text(&l, "key");
    take_hex(&l, "under", out->under, sizeof out->under);
    take_hex(&l, "nonce", out->nonce, sizeof out->nonce);
    out->ad = (span){file.ptr, file.len - l.rest.len};
    span sealed = take_text(&l, "sealed");
    out->box_len = sealed.len / 2;
    if (err_is(lines_end(&l)) || out->box_len <= AEAD_TAG_LEN || out->box_len > BOX_MAX ||
        err_is(text_hex(sealed, out->box, out->box_len))) {
        return FAIL(MALFORMED, "a key file is neither a wrapped key nor a plain one");
    }
    return OK;
}

err wrapped_under(span file, uint8_t id[static WRAP_ID_LEN])
{
    struct parts p;
    TRY(parts_read(file, &p));
    memcpy(id, p.under, WRAP_ID_LEN);
    return OK;
}

err wrapped_make(const struct wrap_holder *h, struct wrapped_name n, span plain, struct writer *out)
{
    uint8_t nonce[AEAD_NONCE_LEN], box[BOX_MAX];
    size_t  from = out->len;
    if (plain.len == 0 || plain.len > WRAPPED_KEY_MAX) {
        return FAIL(LIMIT, "a key that is to be wrapped has no bytes, or more than 256");
    }
    random_fill(random_system(), nonce, sizeof nonce);
    line_title(out, title);
    line_name(out, "party", n.party);
    line_text(out, "key", span_text(n.key));
    line_hex(out, "under", SPAN_OF(h->id));
    line_hex(out, "nonce", SPAN_OF(nonce));
    span all = writer_span(out);
    TRY(h->seal(h->ctx, nonce, (span){all.ptr + from, all.len - from}, plain, box));
    line_hex(out, "sealed", (span){box, plain.len + AEAD_TAG_LEN});
    return writer_end(out, &all);
}

err wrapped_open(const struct wrap_holder *h, struct wrapped_name n, span file,
                 uint8_t out[static WRAPPED_KEY_MAX], size_t *len)
{
    struct parts p;
    uint8_t      plain[WRAPPED_KEY_MAX];
    TRY(parts_read(file, &p));
    if (!name_equal(&p.party, n.party) || !span_is(p.key, n.key)) {
        return FAIL(MALFORMED, "a wrapped key is another party's, or another key's");
    }
    if (memcmp(p.under, h->id, WRAP_ID_LEN) != 0) {
        return FAIL(UNKNOWN, "a key of the gateway is wrapped by another wrap key");
    }
    err e = h->open(h->ctx, p.nonce, p.ad, (span){p.box, p.box_len}, plain);
    if (!err_is(e)) {
        *len = p.box_len - AEAD_TAG_LEN;
        memcpy(out, plain, *len);
    }
    bytes_wipe(plain, sizeof plain);
    return e;
}

/* ---- a wrap key from a file ---- */

static err file_seal(void *ctx, const uint8_t nonce[static AEAD_NONCE_LEN], span ad, span plain,
                     uint8_t *box)
{
    struct aead *a = aead_open(ctx);
    aead_seal(a, nonce, ad, plain, box, box + plain.len);
    aead_close(a);
    return OK;
}

static err file_unseal(void *ctx, const uint8_t nonce[static AEAD_NONCE_LEN], span ad, span box,
                       uint8_t *plain)
{
    struct aead *a = aead_open(ctx);
    size_t       len = box.len - AEAD_TAG_LEN;
    err          e = aead_open_box(a, nonce, ad, (span){box.ptr, len}, box.ptr + len, plain);
    aead_close(a);
    return err_is(e) ? FAIL(FORGED, "a wrapped key was changed") : OK;
}

static void id_of(const span *part, size_t count, uint8_t id[static WRAP_ID_LEN])
{
    uint8_t digest[SHA256_LEN];
    sha256_parts(part, count, digest);
    memcpy(id, digest, WRAP_ID_LEN);
}

struct wrap_holder wrap_file_holder(secret *key)
{
    struct wrap_holder h = {.seal = file_seal, .open = file_unseal, .ctx = key};
    const span         part[] = {SPAN_LIT("accord wrap key file 1\n"), SPAN_OF(key->key)};
    id_of(part, ARRAY_LEN(part), h.id);
    return h;
}

void wrap_token_id(span token, span object, uint8_t id[static WRAP_ID_LEN])
{
    const span part[] = {SPAN_LIT("accord wrap key token 1\n"), token, SPAN_LIT("\n"), object};
    id_of(part, ARRAY_LEN(part), id);
}
