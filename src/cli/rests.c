/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rests.h"

static bool same(const uint8_t a[static 32], const uint8_t b[static 32])
{
    return memcmp(a, b, 32) == 0;
}

/* On this agreement, or the consent that it stand in place of another */
static bool is_on(const struct instrument *i, const struct agreement *a)
{
    return same(i->digest, a->digest) || (i->kind == INSTRUMENT_AMEND && same(i->into, a->digest));
}

/* What everybody signed at the beginning, and what the giver did until then and the recipient is told of */
static bool counts(const struct rests *r, const struct crossing *c, const struct agreement *a,
                   const struct instrument *i)
{
    bool first = i->kind == INSTRUMENT_SIGN || i->kind == INSTRUMENT_NOTIFY;
    bool told = i->party == c->from && i->effective <= r->at && set_has(a->parties, c->to);
    return is_on(i, a) && (first || told);
}

static void instrument_hash(const struct rests *r, const struct agreement *a,
                            const struct instrument *i, uint8_t out[static SHA256_LEN])
{
    uint8_t       tail[64];
    struct writer w = WRITER_OF(tail);
    put_u8(&w, (uint8_t)i->kind);
    put_u64(&w, (uint64_t)i->effective);
    switch (i->kind) {
    case INSTRUMENT_PAUSE:
    case INSTRUMENT_RESUME:
        put_u8(&w, i->direction);
        break;
    case INSTRUMENT_AMEND:
    case INSTRUMENT_TERMINATE:
        put_u64(&w, (uint64_t)i->at);
        put_span(&w, SPAN_OF(i->into));
        break;
    case INSTRUMENT_READING:
        put_u8(&w, i->reading);
        break;
    default:
        break;
    }
    const span part[] = {SPAN_OF(a->digest), name_span(&r->tables->policies.parties.name[i->party]),
                         writer_span(&w)};
    sha256_parts(part, ARRAY_LEN(part), out);
}

/* Numbers of 256 bits, the first byte the highest */
static void number_add(uint8_t to[static SHA256_LEN], const uint8_t more[static SHA256_LEN])
{
    unsigned carry = 0;
    for (unsigned b = SHA256_LEN; b-- > 0;) {
        carry += (unsigned)to[b] + more[b];
        to[b] = (uint8_t)(carry & 0xff);
        carry >>= 8;
    }
}

void rests_digest(const struct rests *r, const struct crossing *c, uint8_t out[static SHA256_LEN])
{
    const struct agreements *all = &r->tables->agreements;
    uint8_t                  sum[SHA256_LEN] = {0}, hash[SHA256_LEN];
    for (unsigned n = set_next(c->standing, 0); n < all->count; n = set_next(c->standing, n + 1)) {
        for (size_t i = 0; i < r->count; i++) {
            if (counts(r, c, &all->agreement[n], &r->list[i])) {
                instrument_hash(r, &all->agreement[n], &r->list[i], hash);
                number_add(sum, hash);
            }
        }
    }
    sha256(SPAN_OF(sum), out);
}
