/* SPDX-License-Identifier: Apache-2.0 */
#include "token/token.h"

#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS_MAX 64
#define AD_MAX    512 /* what is before `sealed` in a key file is far shorter */

struct wrap_token {
    P11KitUri        *uri;
    CK_FUNCTION_LIST *module;
    bool              ready, session_open;
    CK_SESSION_HANDLE session;
    CK_OBJECT_HANDLE  key;
};

bool wrap_token_is(const char *from)
{
    return strncmp(from, "pkcs11:", 7) == 0;
}

/* ---- the URI ---- */

static const CK_ATTRIBUTE *label_of(P11KitUri *u)
{
    return p11_kit_uri_get_attribute(u, CKA_LABEL);
}

static err uri_parse(const char *text, P11KitUri **out)
{
    P11KitUri *u = p11_kit_uri_new();
    if (u == NULL) {
        return FAIL(FULL, "no memory left for the name of a token");
    }
    bool good = strlen(text) <= TOKEN_URI_MAX &&
                p11_kit_uri_parse(text, P11_KIT_URI_FOR_ANY, u) == P11_KIT_URI_OK;
    good = good && p11_kit_uri_any_unrecognized(u) == 0;
    if (!good || p11_kit_uri_get_module_path(u) == NULL || label_of(u) == NULL ||
        p11_kit_uri_get_token_info(u)->label[0] == 0) {
        p11_kit_uri_free(u);
        return FAIL(MALFORMED, "a token's key is named "
                               "pkcs11:token=LABEL;object=LABEL?module-path=FILE");
    }
    *out = u;
    return OK;
}

/* ---- module, token, key ---- */

static err slot_find(struct wrap_token *t, CK_SLOT_ID *out)
{
    CK_SLOT_ID    slot[SLOTS_MAX];
    unsigned long count = SLOTS_MAX;
    unsigned      found = 0;
    if (t->module->C_GetSlotList(CK_TRUE, slot, &count) != CKR_OK) {
        return FAIL(IO, "the module of the token does not tell its slots");
    }
    for (unsigned long i = 0; i < count; i++) {
        CK_TOKEN_INFO info;
        if (t->module->C_GetTokenInfo(slot[i], &info) == CKR_OK &&
            p11_kit_uri_match_token_info(t->uri, &info) == 1) {
            *out = slot[i];
            found++;
        }
    }
    return found == 1 ? OK
           : found == 0
               ? FAIL(UNKNOWN, "there is no token of that label")
               : FAIL(UNKNOWN, "there are several tokens of that label: name its serial, too");
}

static err log_in(struct wrap_token *t, CK_SLOT_ID slot, const char *pin, CK_FLAGS more)
{
    unsigned char copy[256];
    size_t        len = strlen(pin);
    if (t->module->C_OpenSession(slot, CKF_SERIAL_SESSION | more, NULL, NULL, &t->session) !=
        CKR_OK) {
        return FAIL(IO, "the token opens no session");
    }
    t->session_open = true;
    if (len >= sizeof copy) {
        return FAIL(LIMIT, "the PIN is too long");
    }
    memcpy(copy, pin, len);
    CK_RV r = t->module->C_Login(t->session, CKU_USER, copy, len);
    bytes_wipe(copy, sizeof copy);
    return r == CKR_OK || r == CKR_USER_ALREADY_LOGGED_IN ? OK
           : r == CKR_PIN_INCORRECT || r == CKR_PIN_LOCKED || r == CKR_PIN_LEN_RANGE ||
                   r == CKR_PIN_INVALID
               ? FAIL(DENIED, "the token does not take the PIN")
               : FAIL(IO, "the token lets nobody in");
}

static err key_find(struct wrap_token *t, unsigned long *count)
{
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_KEY_TYPE  type = CKK_AES;
    CK_ATTRIBUTE want[] = {
        {CKA_CLASS, &class, sizeof class}, {CKA_KEY_TYPE, &type, sizeof type}, *label_of(t->uri)};
    CK_OBJECT_HANDLE found[2];
    bool good = t->module->C_FindObjectsInit(t->session, want, ARRAY_LEN(want)) == CKR_OK &&
                t->module->C_FindObjects(t->session, found, 2, count) == CKR_OK;
    good = t->module->C_FindObjectsFinal(t->session) == CKR_OK && good;
    t->key = good && *count > 0 ? found[0] : 0;
    return good ? OK : FAIL(IO, "the token does not tell its keys");
}

/* A key that may leave it is one that lies in some backup. */
static err key_check(struct wrap_token *t)
{
    CK_BBOOL      leaves = CK_TRUE, hidden = CK_FALSE;
    unsigned long bytes = 0;
    CK_ATTRIBUTE  is[] = {{CKA_EXTRACTABLE, &leaves, sizeof leaves},
                          {CKA_SENSITIVE, &hidden, sizeof hidden},
                          {CKA_VALUE_LEN, &bytes, sizeof bytes}};
    if (t->module->C_GetAttributeValue(t->session, t->key, is, ARRAY_LEN(is)) != CKR_OK) {
        return FAIL(IO, "the token does not tell what its key is");
    }
    return leaves != CK_FALSE || hidden != CK_TRUE
               ? FAIL(DENIED, "the key may leave the token: make one that may not")
           : bytes == SECRET_LEN ? OK
                                 : FAIL(DENIED, "the token's key is not of 256 bits");
}

static err module_load(struct wrap_token *t, const char *uri)
{
    TRY(uri_parse(uri, &t->uri));
    t->module = p11_kit_module_load(p11_kit_uri_get_module_path(t->uri), 0);
    if (t->module == NULL) {
        return FAIL(UNKNOWN, "the module of the token cannot be loaded");
    }
    t->ready = p11_kit_module_initialize(t->module) == CKR_OK;
    return t->ready ? OK : FAIL(IO, "the module of the token does not start");
}

static err key_make(struct wrap_token *t)
{
    CK_BBOOL      yes = CK_TRUE, no = CK_FALSE;
    unsigned long bytes = SECRET_LEN;
    CK_MECHANISM  how = {CKM_AES_KEY_GEN, NULL, 0};
    CK_ATTRIBUTE  what[] = {{CKA_TOKEN, &yes, sizeof yes},         {CKA_PRIVATE, &yes, sizeof yes},
                            {CKA_SENSITIVE, &yes, sizeof yes},     {CKA_EXTRACTABLE, &no, sizeof no},
                            {CKA_ENCRYPT, &yes, sizeof yes},       {CKA_DECRYPT, &yes, sizeof yes},
                            {CKA_VALUE_LEN, &bytes, sizeof bytes}, *label_of(t->uri)};
    return t->module->C_GenerateKey(t->session, &how, what, ARRAY_LEN(what), &t->key) == CKR_OK
               ? OK
               : FAIL(IO, "the token makes no such key");
}

static err wrap_token_begin(const char *uri, const char *pin, bool make, struct wrap_token *t)
{
    CK_SLOT_ID    slot = 0;
    unsigned long count = 0;
    TRY(module_load(t, uri));
    TRY(slot_find(t, &slot));
    TRY(log_in(t, slot, pin, make ? CKF_RW_SESSION : 0));
    TRY(key_find(t, &count));
    if (make) {
        TRY(count == 0 ? key_make(t) : FAIL(CONFLICT, "the token has a key of that label already"));
    } else if (count != 1) {
        return count == 0 ? FAIL(UNKNOWN, "the token has no AES key of that label")
                          : FAIL(UNKNOWN, "the token has several keys of that label");
    }
    return key_check(t);
}

static err wrap_token_get(const char *uri, const char *pin, bool make, struct wrap_token **out)
{
    struct wrap_token *t = calloc(1, sizeof *t);
    if (t == NULL) {
        return FAIL(FULL, "no memory left for a token");
    }
    err e = wrap_token_begin(uri, pin, make, t);
    if (err_is(e)) {
        wrap_token_close(t);
        return e;
    }
    *out = t;
    return OK;
}

err wrap_token_open(const char *uri, const char *pin, struct wrap_token **out)
{
    return wrap_token_get(uri, pin, false, out);
}

err wrap_token_make(const char *uri, const char *pin, struct wrap_token **out)
{
    return wrap_token_get(uri, pin, true, out);
}

void wrap_token_close(struct wrap_token *t)
{
    if (t == NULL) {
        return;
    }
    if (t->session_open) {
        (void)t->module->C_CloseSession(t->session); /* the last one logs out */
    }
    if (t->ready) {
        (void)p11_kit_module_finalize(t->module);
    }
    if (t->module != NULL) {
        p11_kit_module_release(t->module);
    }
    if (t->uri != NULL) {
        p11_kit_uri_free(t->uri);
    }
    free(t);
}

/* ---- seal, open ---- */

/* gcm - what the token is given: PKCS#11 takes nothing that is const */
struct gcm {
    unsigned char        nonce[AEAD_NONCE_LEN], ad[AD_MAX], in[WRAPPED_KEY_MAX + AEAD_TAG_LEN];
    struct ck_gcm_params with;
    CK_MECHANISM         how;
};

static err gcm_put(struct gcm *g, const uint8_t nonce[static AEAD_NONCE_LEN], span ad, span in)
{
    if (ad.len > sizeof g->ad || in.len > sizeof g->in) {
        return FAIL(LIMIT, "a key is too long for a token");
    }
    memcpy(g->nonce, nonce, AEAD_NONCE_LEN);
    memcpy(g->ad, ad.ptr, ad.len);
    memcpy(g->in, in.ptr, in.len);
    g->with = (struct ck_gcm_params){g->nonce, AEAD_NONCE_LEN, 8UL * AEAD_NONCE_LEN,
                                     g->ad,    ad.len,         8UL * AEAD_TAG_LEN};
    g->how = (CK_MECHANISM){CKM_AES_GCM, &g->with, sizeof g->with};
    return OK;
}

static err wrap_token_seal(void *ctx, const uint8_t nonce[static AEAD_NONCE_LEN], span ad,
                           span plain, uint8_t *box)
{
    struct wrap_token *t = ctx;
    struct gcm         g = {0};
    unsigned long      len = plain.len + AEAD_TAG_LEN;
    TRY(gcm_put(&g, nonce, ad, plain));
    bool good = t->module->C_EncryptInit(t->session, &g.how, t->key) == CKR_OK &&
                t->module->C_Encrypt(t->session, g.in, plain.len, box, &len) == CKR_OK &&
                len == plain.len + AEAD_TAG_LEN;
    bytes_wipe(&g, sizeof g);
    return good ? OK : FAIL(IO, "the token does not seal by AES-GCM");
}

static err wrap_token_unseal(void *ctx, const uint8_t nonce[static AEAD_NONCE_LEN], span ad,
                             span box, uint8_t *plain)
{
    struct wrap_token *t = ctx;
    struct gcm         g = {0};
    uint8_t            out[WRAPPED_KEY_MAX + AEAD_TAG_LEN];
    unsigned long      len = sizeof out;
    TRY(gcm_put(&g, nonce, ad, box));
    if (t->module->C_DecryptInit(t->session, &g.how, t->key) != CKR_OK) {
        return FAIL(IO, "the token does not open by AES-GCM");
    }
    CK_RV r = t->module->C_Decrypt(t->session, g.in, box.len, out, &len);
    bool  good = r == CKR_OK && len == box.len - AEAD_TAG_LEN;
    if (good) {
        memcpy(plain, out, len);
    }
    bytes_wipe(out, sizeof out);
    return good ? OK
           : r == CKR_DEVICE_ERROR || r == CKR_DEVICE_REMOVED || r == CKR_SESSION_HANDLE_INVALID
               ? FAIL(IO, "the token has gone")
               : FAIL(FORGED, "a wrapped key was changed, or the token's key is another");
}

static span label_span(const unsigned char *label, size_t max)
{
    size_t len = max;
    while (len > 0 && label[len - 1] == ' ') {
        len--;
    }
    return (span){label, len};
}

struct wrap_holder wrap_token_holder(struct wrap_token *t)
{
    struct wrap_holder   h = {.seal = wrap_token_seal, .open = wrap_token_unseal, .ctx = t};
    const CK_ATTRIBUTE  *label = label_of(t->uri);
    const CK_TOKEN_INFO *info = p11_kit_uri_get_token_info(t->uri);
    wrap_token_id(label_span(info->label, sizeof info->label),
                  (span){label->pValue, label->ulValueLen}, h.id);
    return h;
}

err wrap_token_uri_check(const char *uri)
{
    P11KitUri *u;
    TRY(uri_parse(uri, &u));
    p11_kit_uri_free(u);
    return OK;
}
