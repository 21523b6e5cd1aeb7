/* SPDX-License-Identifier: Apache-2.0 */
/* Google's and C2SP's collection of attacks: every row says valid, invalid or acceptable.  The files
 * are found in $ACCORD_VECTORS/wycheproof, or beside the checkout; absent files are skipped. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "cmocka_all.h"
#include "crypt/aead.h"
#include "crypt/hash.h"
#include "crypt/sign.h"
#include "crypt/wrap.h"

#define FIELD_MAX 70000

/* field - one hex string of a row */
struct field {
    uint8_t at[FIELD_MAX];
    size_t  len;
};

/* row - a test, and the group it is in; true when our code accepted what the row shows */
typedef bool row_check(const json_t *group, const json_t *row);

static void hex(const json_t *o, const char *key, struct field *out)
{
    const char *digits = json_string_value(json_object_get(o, key));
    assert_non_null(digits);
    out->len = strlen(digits) / 2;
    assert_true(out->len <= sizeof out->at);
    assert_false(err_is(text_hex(span_text(digits), out->at, out->len)));
}

static span in(const struct field *f)
{
    return (span){f->at, f->len};
}

static secret secret_of(const struct field *f)
{
    secret s;
    assert_int_equal(f->len, sizeof s.key);
    memcpy(s.key, f->at, sizeof s.key);
    return s;
}

static size_t number(const json_t *o, const char *key)
{
    return (size_t)json_integer_value(json_object_get(o, key));
}

static bool valid(const json_t *row)
{
    return strcmp(json_string_value(json_object_get(row, "result")), "valid") == 0;
}

static struct field key, iv, ad, text, box, tag;
static uint8_t      out[FIELD_MAX];

static bool check_gcm(const json_t *group, const json_t *row)
{
    (void)group;
    hex(row, "key", &key);
    hex(row, "iv", &iv);
    hex(row, "aad", &ad);
    hex(row, "msg", &text);
    hex(row, "ct", &box);
    hex(row, "tag", &tag);
    SECRET       s = secret_of(&key);
    struct aead *a = aead_open(&s);
    uint8_t      made[AEAD_TAG_LEN];
    bool         good = !err_is(aead_open_box(a, iv.at, in(&ad), in(&box), tag.at, out)) &&
                span_equal((span){out, box.len}, in(&text));
    if (valid(row)) {
        aead_seal(a, iv.at, in(&ad), in(&text), out, made);
        assert_true(span_equal((span){out, text.len}, in(&box)));
        assert_memory_equal(made, tag.at, sizeof made);
    }
    aead_close(a);
    return good;
}

static bool check_wrap(const json_t *group, const json_t *row)
{
    (void)group;
    hex(row, "key", &key);
    hex(row, "msg", &text);
    hex(row, "ct", &box);
    SECRET s = secret_of(&key);
    bool   good = !err_is(wrap_open(&s, in(&box), out)) &&
                span_equal((span){out, box.len - WRAP_EXTRA}, in(&text));
    if (valid(row)) {
        assert_false(err_is(wrap_make(&s, in(&text), out)));
        assert_true(span_equal((span){out, text.len + WRAP_EXTRA}, in(&box)));
    }
    return good;
}

static bool check_ed25519(const json_t *group, const json_t *row)
{
    hex(json_object_get(group, "publicKey"), "pk", &key);
    hex(row, "msg", &text);
    hex(row, "sig", &tag);
    assert_int_equal(key.len, SIGN_PUBLIC_LEN);
    return tag.len == SIGNATURE_LEN && !err_is(sign_check(key.at, "", in(&text), tag.at));
}

static bool check_hmac(const json_t *group, const json_t *row)
{
    hex(row, "key", &key);
    hex(row, "msg", &text);
    hex(row, "tag", &tag);
    hmac_sha256(in(&key), in(&text), out);
    return tag.len == number(group, "tagSize") / 8 && memcmp(out, tag.at, tag.len) == 0;
}

static bool check_hkdf(const json_t *group, const json_t *row)
{
    (void)group;
    hex(row, "ikm", &key);
    hex(row, "salt", &iv);
    hex(row, "info", &ad);
    hex(row, "okm", &text);
    size_t len = number(row, "size");
    if (len > (size_t)255 * SHA256_LEN) {
        return false; /* our callers ask for fixed lengths; more is an abort */
    }
    hkdf_sha256(in(&iv), in(&key), in(&ad), out, len);
    return span_equal((span){out, len}, in(&text));
}

static const struct file {
    const char *name;
    row_check  *check;
    size_t      key_bits; /* only groups of this key size; 0: all */
    size_t      iv_bits;
    size_t      rows_min; /* so that a filter that lets nothing through is seen */
} files[] = {
    {"aes_gcm_test.json", check_gcm, 256, 96, 60},
    {"aes_wrap_test.json", check_wrap, 256, 0, 50},
    {"ed25519_test.json", check_ed25519, 0, 0, 150},
    {"hmac_sha256_test.json", check_hmac, 0, 0, 170},
    {"hkdf_sha256_test.json", check_hkdf, 0, 0, 80},
};

static bool wanted(const struct file *f, const json_t *group)
{
    return (f->key_bits == 0 || number(group, "keySize") == f->key_bits) &&
           (f->iv_bits == 0 || number(group, "ivSize") == f->iv_bits);
}

static size_t run_group(const struct file *f, const json_t *group)
{
    size_t  i;
    json_t *row;
    json_array_foreach(json_object_get(group, "tests"), i, row)
    {
        bool acceptable =
            strcmp(json_string_value(json_object_get(row, "result")), "acceptable") == 0;
        bool good = f->check(group, row);
        if (!acceptable && good != valid(row)) {
            fail_msg("%s: row %zu is %s", f->name, number(row, "tcId"),
                     good ? "taken though it is invalid" : "refused though it is valid");
        }
    }
    return i;
}

static json_t *load(const char *file)
{
    const char *folder = getenv("ACCORD_VECTORS");
    char        path[4096];
    snprintf(path, sizeof path, "%s/wycheproof/%s", folder != NULL ? folder : "../shared/data",
             file);
    return json_load_file(path, 0, NULL);
}

static void every_row_is_judged_as_it_should(void **state)
{
    (void)state;
    for (size_t n = 0; n < ARRAY_LEN(files); n++) {
        json_t *all = load(files[n].name);
        size_t  rows = 0, i;
        json_t *group;
        if (all == NULL) {
            printf("skipped: %s is not there\n", files[n].name);
            continue;
        }
        json_array_foreach(json_object_get(all, "testGroups"), i, group)
        {
            rows += wanted(&files[n], group) ? run_group(&files[n], group) : 0;
        }
        printf("%s: %zu rows\n", files[n].name, rows);
        assert_true(rows >= files[n].rows_min);
        json_decref(all);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_judged_as_it_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
