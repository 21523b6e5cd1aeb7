/* SPDX-License-Identifier: Apache-2.0 */
#include "check/batch_own.h"

#include "crypt/hash.h"

static uint64_t number_at(const uint8_t *at, unsigned bytes)
{
    uint64_t n = 0;
    for (unsigned i = 0; i < bytes; i++) {
        n = n << 8 | at[i];
    }
    return n;
}

/* From `at`, which is moved behind the items */
static bool items_find(span body, size_t *at, size_t end, struct own_batch *b)
{
    for (unsigned i = 0; i < b->count; i++) {
        if (end - *at < 4) {
            return false;
        }
        size_t len = number_at(body.ptr + *at, 4);
        if (len <= OWN_TAG_LEN || len > OWN_ITEM_MAX + OWN_TAG_LEN || len > end - *at - 4) {
            return false;
        }
        b->at[i] = body.ptr + *at + 4;
        b->len[i] = (uint32_t)len;
        *at += 4 + len;
    }
    return *at == end;
}

#define TAIL_LEN (1 + 2 + SIGNATURE_LEN)

static bool tail_find(span body, size_t at, struct own_batch *b)
{
    if (body.len - at < TAIL_LEN) {
        return false;
    }
    b->depth = body.ptr[at];
    b->place = (unsigned)number_at(body.ptr + at + 1, 2);
    b->signature = body.ptr + at + 3;
    b->path = body.ptr + at + TAIL_LEN;
    return b->depth <= OWN_DEPTH_MAX && b->place >> b->depth == 0 &&
           body.len - at - TAIL_LEN == (size_t)b->depth * SHA256_LEN;
}

enum inspect_fault own_batch_read(span body, struct own_batch *out)
{
    size_t at = OWN_HEAD_LEN;
    if (body.len < OWN_HEAD_LEN) {
        return INSPECT_BATCH;
    }
    memcpy(out->handle.bytes, body.ptr, ID_LEN);
    out->first = number_at(body.ptr + 16, 8);
    out->count = (unsigned)number_at(body.ptr + 24, 2);
    size_t items = number_at(body.ptr + 26, 4);
    bool   sized = out->count >= 1 && out->count <= OWN_COUNT_MAX && items <= body.len - at &&
                 out->first <= UINT64_MAX - out->count;
    bool good = sized && items_find(body, &at, at + items, out) && tail_find(body, at, out);
    return good ? INSPECT_PASS : INSPECT_BATCH;
}

/* ---- signature ---- */

static void batch_hash_own(const struct own_batch *b, uint8_t out[static 32])
{
    uint8_t       hashes[OWN_COUNT_MAX][SHA256_LEN], head[1 + ID_LEN + 8 + 2];
    struct writer w = WRITER_OF(head);
    put_u8(&w, 0);
    put_id(&w, &b->handle);
    put_u64(&w, b->first);
    put_u16(&w, (uint16_t)b->count);
    for (unsigned i = 0; i < b->count; i++) {
        sha256((span){b->at[i], b->len[i]}, hashes[i]);
    }
    const span part[] = {SPAN_OF(head), {hashes[0], (size_t)b->count * SHA256_LEN}};
    sha256_parts(part, ARRAY_LEN(part), out);
}

void own_batch_root(const struct own_batch *b, uint8_t out[static 32])
{
    uint8_t node[1 + 2 * SHA256_LEN] = {1};
    batch_hash_own(b, out);
    for (unsigned level = 0; level < b->depth; level++) {
        bool right = (b->place >> level & 1) != 0;
        memcpy(node + 1 + (right ? SHA256_LEN : 0), out, SHA256_LEN);
        memcpy(node + 1 + (right ? 0 : SHA256_LEN), b->path + (size_t)level * SHA256_LEN,
               SHA256_LEN);
        sha256(SPAN_OF(node), out);
    }
}

/* ---- items ---- */

/* Even steps are powers of two, odd ones half as much again. */
static size_t bucket_of(unsigned step)
{
    return (size_t)(step % 2 == 0 ? 128 : 192) << step / 2;
}

size_t own_bucket(size_t len)
{
    unsigned step = 0;
    while (bucket_of(step) < len) {
        step++;
    }
    return bucket_of(step);
}

bool own_is_bucket(size_t len)
{
    return len <= OWN_ITEM_MAX && own_bucket(len) == len;
}

void own_item_names(const id *epoch, uint64_t number, uint8_t nonce[static 12],
                    uint8_t associated[static ID_LEN + 8])
{
    memset(nonce, 0, 4);
    memcpy(associated, epoch->bytes, ID_LEN);
    for (unsigned i = 0; i < 8; i++) {
        nonce[4 + i] = associated[ID_LEN + i] = (uint8_t)(number >> (56 - 8 * i));
    }
}

enum inspect_fault own_plain(span opened, span *content)
{
    if (opened.len < 4 || number_at(opened.ptr, 4) > opened.len - 4) {
        return INSPECT_LENGTH;
    }
    size_t len = number_at(opened.ptr, 4);
    for (size_t i = 4 + len; i < opened.len; i++) {
        if (opened.ptr[i] != 0) {
            return INSPECT_PADDING;
        }
    }
    *content = (span){opened.ptr + 4, len};
    return own_bucket(4 + len) == opened.len ? INSPECT_PASS : INSPECT_BUCKET;
}
