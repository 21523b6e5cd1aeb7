/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPT_RANDOM_H
#define CRYPT_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* random_source - where a machine gets its randomness: the programs hand in OpenSSL's, the
 * simulator a stream made from its seed */
struct random_source {
    void (*fill)(void *ctx, uint8_t *out, size_t len);
    void *ctx;
};

/* random_system - OpenSSL's generator; aborts when it fails */
struct random_source random_system(void);

/* random_stream - ChaCha20 under `seed`: the same seed, the same bytes.  For tests and simulation.
 * state   32 + 8 bytes that the caller keeps */
struct random_stream {
    uint8_t  seed[32];
    uint64_t at;
};
struct random_source random_from(struct random_stream *state);

static inline void random_fill(struct random_source r, void *out, size_t len)
{
    r.fill(r.ctx, out, len);
}

#endif
