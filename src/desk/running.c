/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/running.h"

#include "base/writer.h"

static const uint32_t round_word[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t turned(uint32_t x, unsigned by)
{
    return x >> by | x << (32 - by);
}

static void words_of(const uint8_t block[static 64], uint32_t w[static 64])
{
    for (unsigned i = 0; i < 16; i++) {
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    }
    for (unsigned i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (turned(a, 7) ^ turned(a, 18) ^ a >> 3) +
               (turned(b, 17) ^ turned(b, 19) ^ b >> 10);
    }
}

static void block_add(struct running *r, const uint8_t block[static 64])
{
    uint32_t w[64], s[8];
    words_of(block, w);
    memcpy(s, r->state, sizeof s);
    for (unsigned i = 0; i < 64; i++) {
        uint32_t sum1 = turned(s[4], 6) ^ turned(s[4], 11) ^ turned(s[4], 25);
        uint32_t sum0 = turned(s[0], 2) ^ turned(s[0], 13) ^ turned(s[0], 22);
        uint32_t t1 = s[7] + sum1 + ((s[4] & s[5]) ^ (~s[4] & s[6])) + round_word[i] + w[i];
        uint32_t t2 = sum0 + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (unsigned i = 0; i < 8; i++) {
        r->state[i] += s[i];
    }
}

void running_begin(struct running *r)
{
    *r = (struct running){
        .state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
                  0x1f83d9ab, 0x5be0cd19},
    };
}

void running_add(struct running *r, span bytes)
{
    size_t have = (size_t)(r->len % 64);
    r->len += bytes.len;
    while (bytes.len > 0) {
        size_t len = bytes.len < 64 - have ? bytes.len : 64 - have;
        if (len == 64) {
            block_add(r, bytes.ptr);
        } else {
            memcpy(r->block + have, bytes.ptr, len);
            if (have + len == 64) {
                block_add(r, r->block);
            }
        }
        have = (have + len) % 64;
        bytes = (span){bytes.ptr + len, bytes.len - len};
    }
}

void running_end(struct running *r, uint8_t out[static 32])
{
    static const uint8_t stop = 0x80, zeros[64];
    uint8_t              length[8];
    struct writer        l = WRITER_OF(length), w = writer_of(out, 32);
    put_u64(&l, r->len * 8);
    running_add(r, (span){&stop, 1});
    running_add(r, (span){zeros, (size_t)((120 - r->len % 64) % 64)});
    running_add(r, SPAN_OF(length));
    for (unsigned i = 0; i < 8; i++) {
        put_u32(&w, r->state[i]);
    }
}
