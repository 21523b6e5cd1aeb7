/* SPDX-License-Identifier: Apache-2.0 */
#include "crypt/dh.h"

#include "crypt/openssl.h"

static const struct {
    int    id;
    size_t private_len;
} curves[DH_COUNT] = {
    [DH_P256] = {NID_X9_62_prime256v1, 32},
    [DH_P384] = {NID_secp384r1, 48},
    [DH_P521] = {NID_secp521r1, 66},
};

/* work - what one multiplication needs; made and freed together */
struct work {
    const EC_GROUP *group;
    BN_CTX         *ctx;
    BIGNUM         *scalar;
    BIGNUM         *x;
    EC_POINT       *point;
    EC_POINT       *product;
};

size_t dh_private_len(enum dh_curve c)
{
    return curves[c].private_len;
}

size_t dh_public_len(enum dh_curve c)
{
    return 2 * curves[c].private_len + 1;
}

static const EC_GROUP *group_of(enum dh_curve c)
{
    static _Thread_local EC_GROUP *group[DH_COUNT];
    if (group[c] == NULL) {
        group[c] = EC_GROUP_new_by_curve_name(curves[c].id);
    }
    return group[c];
}

static void work_done(struct work *w)
{
    EC_POINT_clear_free(w->product);
    EC_POINT_clear_free(w->point);
    BN_clear_free(w->x);
    BN_clear_free(w->scalar);
    BN_CTX_free(w->ctx);
    ERR_clear_error();
}

static err work_make(struct work *w, enum dh_curve c)
{
    *w = (struct work){.group = group_of(c)};
    if (w->group == NULL) {
        return FAIL(FULL, "no memory left for a key agreement");
    }
    w->ctx = BN_CTX_new();
    w->scalar = BN_new();
    w->x = BN_new();
    w->point = EC_POINT_new(w->group);
    w->product = EC_POINT_new(w->group);
    if (w->ctx == NULL || w->scalar == NULL || w->x == NULL || w->point == NULL ||
        w->product == NULL) {
        return FAIL(FULL, "no memory left for a key agreement");
    }
    return OK;
}

static err take_scalar(struct work *w, enum dh_curve c, const uint8_t *scalar)
{
    if (BN_bin2bn(scalar, (int)curves[c].private_len, w->scalar) == NULL) {
        return FAIL(FULL, "no memory left for a key agreement");
    }
    BN_set_flags(w->scalar, BN_FLG_CONSTTIME);
    if (BN_is_zero(w->scalar) || BN_cmp(w->scalar, EC_GROUP_get0_order(w->group)) >= 0) {
        return FAIL(MALFORMED, "a private key is outside the range of its curve");
    }
    return OK;
}

static err multiply(struct work *w, const EC_POINT *by)
{
    int done = by == NULL ? EC_POINT_mul(w->group, w->product, w->scalar, NULL, NULL, w->ctx)
                          : EC_POINT_mul(w->group, w->product, NULL, by, w->scalar, w->ctx);
    return done == 1 ? OK : FAIL(FULL, "no memory left for a key agreement");
}

static err public_of(struct work *w, enum dh_curve c, const uint8_t *scalar, uint8_t *out)
{
    size_t len = dh_public_len(c);
    TRY(work_make(w, c));
    TRY(take_scalar(w, c, scalar));
    TRY(multiply(w, NULL));
    if (EC_POINT_point2oct(w->group, w->product, POINT_CONVERSION_UNCOMPRESSED, out, len, w->ctx) !=
        len) {
        return FAIL(FULL, "no memory left for a key agreement");
    }
    return OK;
}

err dh_public(enum dh_curve c, const uint8_t *scalar, uint8_t *out)
{
    struct work w;
    err         e = public_of(&w, c, scalar, out);
    work_done(&w);
    return e;
}

static err shared_of(struct work *w, enum dh_curve c, const uint8_t *scalar, span point,
                     uint8_t *out)
{
    TRY(work_make(w, c));
    TRY(take_scalar(w, c, scalar));
    if (EC_POINT_oct2point(w->group, w->point, point.ptr, point.len, w->ctx) != 1) {
        return FAIL(MALFORMED, "a public key is not a point of its curve");
    }
    TRY(multiply(w, w->point));
    if (EC_POINT_get_affine_coordinates(w->group, w->product, w->x, NULL, w->ctx) != 1 ||
        BN_bn2binpad(w->x, out, (int)curves[c].private_len) < 0) {
        return FAIL(FULL, "no memory left for a key agreement");
    }
    return OK;
}

err dh_shared(enum dh_curve c, const uint8_t *scalar, span point, uint8_t *out)
{
    struct work w;
    if (point.len != dh_public_len(c) || point.ptr[0] != POINT_CONVERSION_UNCOMPRESSED) {
        return FAIL(MALFORMED, "a public key is not an uncompressed point of its curve");
    }
    err e = shared_of(&w, c, scalar, point, out);
    work_done(&w);
    return e;
}
