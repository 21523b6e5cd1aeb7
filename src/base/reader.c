/* SPDX-License-Identifier: Apache-2.0 */
#include "base/reader.h"

struct reader reader_of(span bytes)
{
    return (struct reader){.rest = bytes};
}

span read_bytes(struct reader *r, size_t len)
{
    if (r->bad || r->rest.len < len) {
        r->bad = true;
        return (span){r->rest.ptr, 0};
    }
    span got = {r->rest.ptr, len};
    if (len > 0) {
        r->rest.ptr += len;
        r->rest.len -= len;
    }
    return got;
}

void read_copy(struct reader *r, void *out, size_t len)
{
    span got = read_bytes(r, len);
    if (len == 0) {
        return; /* out may be anything then, and memset asks for a place */
    }
    if (got.len == len) {
        memcpy(out, got.ptr, len);
    } else {
        memset(out, 0, len);
    }
}

/*@ requires \valid(r) && bounded(r);
    assigns *r;
    ensures read_on{Pre, Here}(r); */
static uint64_t read_number(struct reader *r, size_t len)
{
    span     got = read_bytes(r, len);
    uint64_t value = 0;
    /*@ loop invariant 0 <= i <= got.len;
        loop assigns i, value;
        loop variant got.len - i; */
    for (size_t i = 0; i < got.len; i++) {
        value = value << 8 | got.ptr[i];
    }
    return value;
}

uint8_t read_u8(struct reader *r)
{
    return (uint8_t)read_number(r, 1);
}

uint16_t read_u16(struct reader *r)
{
    return (uint16_t)read_number(r, 2);
}

uint32_t read_u32(struct reader *r)
{
    return (uint32_t)read_number(r, 4);
}

uint64_t read_u64(struct reader *r)
{
    return read_number(r, 8);
}

/*@ requires \valid(r) && bounded(r);
    assigns *r;
    ensures read_on{Pre, Here}(r) && behind{Pre, Here}(r, \result);
    ensures no_longer: \result.len <= max && (r->bad ==> \result.len == 0); */
static span read_block(struct reader *r, size_t len, size_t max)
{
    if (len > max) {
        r->bad = true;
    }
    return read_bytes(r, len);
}

span read_block8(struct reader *r, size_t max)
{
    return read_block(r, read_u8(r), max);
}

span read_block16(struct reader *r, size_t max)
{
    return read_block(r, read_u16(r), max);
}

span read_block32(struct reader *r, size_t max)
{
    return read_block(r, read_u32(r), max);
}

err reader_end(const struct reader *r)
{
    if (r->bad) {
        return FAIL(MALFORMED, "the bytes end early or a part is longer than its limit");
    }
    if (r->rest.len != 0) {
        return FAIL(MALFORMED, "there are bytes left over at the end");
    }
    return OK;
}
