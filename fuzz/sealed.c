/* links: crypt */
/* SPDX-License-Identifier: Apache-2.0 */
/* Sealed and signed bytes from outside: nothing that we did not make ourselves is taken */
#include <string.h>

#include "base/err.h"
#include "crypt/aead.h"
#include "crypt/hpke.h"
#include "crypt/sign.h"
#include "crypt/wrap.h"

static const secret    key = {{1}};
static struct aead    *box_key;
static struct hpke_key ours;

static bool open_wrapped(span in)
{
    uint8_t out[WRAP_LEN_MAX];
    return !err_is(wrap_open(&key, in, out));
}

static bool open_box(span in)
{
    uint8_t out[4096];
    if (in.len < AEAD_NONCE_LEN + AEAD_TAG_LEN || in.len > sizeof out) {
        return false;
    }
    span box = {in.ptr + AEAD_NONCE_LEN + AEAD_TAG_LEN, in.len - AEAD_NONCE_LEN - AEAD_TAG_LEN};
    return !err_is(aead_open_box(box_key, in.ptr, SPAN_LIT(""), box, in.ptr + AEAD_NONCE_LEN, out));
}

static bool open_hpke(span in)
{
    struct hpke h;
    uint8_t     out[4096];
    size_t      len = in.len < HPKE_PUBLIC_LEN ? in.len : HPKE_PUBLIC_LEN;
    if (in.len > sizeof out || err_is(hpke_receive(&ours, (span){in.ptr, len}, in, &h))) {
        return false;
    }
    return !err_is(hpke_open(&h, SPAN_LIT(""), (span){in.ptr + len, in.len - len}, out));
}

static bool check_signature(span in)
{
    uint8_t public[SIGN_PUBLIC_LEN];
    sign_public(&key, public);
    return in.len >= SIGNATURE_LEN &&
           !err_is(sign_check(public, "fuzz",
                              (span){in.ptr + SIGNATURE_LEN, in.len - SIGNATURE_LEN}, in.ptr));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static bool (*const doors[])(span) = {open_wrapped, open_box, open_hpke, check_signature};
    if (box_key == NULL) {
        box_key = aead_open(&key);
        MUST(!err_is(hpke_key_derive(HPKE_P384, SPAN_OF(key.key), &ours)));
    }
    if (len > 0 && data[0] < ARRAY_LEN(doors)) {
        MUST(!doors[data[0]]((span){data + 1, len - 1}));
    }
    return 0;
}
