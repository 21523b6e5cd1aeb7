/* SPDX-License-Identifier: Apache-2.0 */
/* Powers modulo the prime 2^61 - 1, where a curve's scalars and points lie. */
#include "sim/cheap.h"

#include "base/reader.h"
#include "base/writer.h"
#include "crypt/dh.h"

#define PRIME ((UINT64_C(1) << 61) - 1)
#define BASE  37

static const size_t private_len[DH_COUNT] = {[DH_P256] = 32, [DH_P384] = 48, [DH_P521] = 66};

void cheap_dh(void)
{
}

size_t dh_private_len(enum dh_curve c)
{
    return private_len[c];
}

size_t dh_public_len(enum dh_curve c)
{
    return 2 * private_len[c] + 1;
}

static uint64_t times(uint64_t a, uint64_t b)
{
    __extension__ unsigned __int128 product = (unsigned __int128)a * b;
    uint64_t                        sum = (uint64_t)(product & PRIME) + (uint64_t)(product >> 61);
    return sum >= PRIME ? sum - PRIME : sum;
}

static uint64_t power(uint64_t base, uint64_t exponent)
{
    uint64_t out = 1;
    for (; exponent > 0; exponent >>= 1) {
        out = exponent % 2 == 1 ? times(out, base) : out;
        base = times(base, base);
    }
    return out;
}

/* Each byte of a scalar counts. */
static uint64_t exponent_of(enum dh_curve c, const uint8_t *scalar)
{
    uint64_t out = 0;
    for (size_t i = 0; i < private_len[c]; i++) {
        out = (times(out, 257) + scalar[i]) % (PRIME - 1);
    }
    return out;
}

static err element_put(enum dh_curve c, uint64_t element, uint8_t *out, bool point)
{
    size_t        at = private_len[c] - sizeof element + point;
    struct writer w = writer_of(out + at, sizeof element);
    if (element <= 1) {
        return FAIL(MALFORMED, "a private key is out of its range");
    }
    memset(out, 0, point ? dh_public_len(c) : private_len[c]);
    out[0] = point ? 4 : 0;
    put_u64(&w, element);
    return OK;
}

static err element_read(enum dh_curve c, span point, uint64_t *out)
{
    uint8_t same[DH_PUBLIC_MAX];
    if (point.len != dh_public_len(c)) {
        return FAIL(MALFORMED, "a public key is not a point of its curve");
    }
    struct reader r = reader_of((span){point.ptr + private_len[c] - 7, 8});
    *out = read_u64(&r);
    if (*out >= PRIME || err_is(element_put(c, *out, same, true)) ||
        memcmp(same, point.ptr, point.len) != 0) {
        return FAIL(MALFORMED, "a public key is not a point of its curve");
    }
    return OK;
}

err dh_public(enum dh_curve c, const uint8_t *scalar, uint8_t *out)
{
    return element_put(c, power(BASE, exponent_of(c, scalar)), out, true);
}

err dh_shared(enum dh_curve c, const uint8_t *scalar, span point, uint8_t *out)
{
    uint64_t element = 0;
    TRY(element_read(c, point, &element));
    return element_put(c, power(element, exponent_of(c, scalar)), out, false);
}
