/* SPDX-License-Identifier: Apache-2.0 */
#include "store/record.h"

#include "store/crc.h"

/* crc 4, length 4, unsynced 4, kind 1, type 1, check 2; big-endian */
enum { AT_CRC = 0, AT_LENGTH = 4, AT_UNSYNCED = 8, AT_KIND = 12, AT_TYPE = 13, AT_CHECK = 14 };
#define SIGNED_LEN 24 /* position, length, unsynced, kind, type, six zeros */

static inline void store32(uint8_t *at, uint32_t v)
{
    at[0] = (uint8_t)(v >> 24);
    at[1] = (uint8_t)(v >> 16);
    at[2] = (uint8_t)(v >> 8);
    at[3] = (uint8_t)v;
}

static inline uint32_t load32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint32_t head_crc(struct record_place at, const struct record_head *h)
{
    uint8_t bytes[SIGNED_LEN] = {0};
    store32(bytes, (uint32_t)(at.position >> 32));
    store32(bytes + 4, (uint32_t)at.position);
    store32(bytes + 8, h->length);
    store32(bytes + 12, h->unsynced);
    bytes[16] = h->kind;
    bytes[17] = h->type;
    return crc32c(at.seed, SPAN_OF(bytes));
}

/* Half of the header's checksum: that it finds each single bit is tested bit by bit. */
static uint16_t head_check(uint32_t crc)
{
    return (uint16_t)(crc ^ crc >> 16);
}

/* No kind is 0: an empty place is not a record, wherever it lies. */
static bool head_sound(const struct record_head *h)
{
    bool bookkeeping = h->kind == RECORD_MARK || h->kind == RECORD_END;
    return h->kind >= RECORD_DURABLE && h->kind <= RECORD_END &&
           h->length <= (bookkeeping ? 0 : RECORD_BODY_MAX);
}

void record_format(struct record_place at, const struct record_head *h, const span *part,
                   size_t count, uint8_t *out)
{
    uint32_t head = head_crc(at, h);
    uint8_t *end = out + RECORD_HEAD_LEN;
    store32(out + AT_LENGTH, h->length);
    store32(out + AT_UNSYNCED, h->unsynced);
    out[AT_KIND] = h->kind;
    out[AT_TYPE] = h->type;
    out[AT_CHECK] = (uint8_t)(head_check(head) >> 8);
    out[AT_CHECK + 1] = (uint8_t)head_check(head);
    for (size_t i = 0; i < count; i++) {
        if (part[i].len > 0) {
            memcpy(end, part[i].ptr, part[i].len);
            end += part[i].len;
        }
    }
    uint8_t *body = out + RECORD_HEAD_LEN;
    size_t   padded = record_len(h->length) - RECORD_HEAD_LEN;
    memset(end, 0, (size_t)(body + padded - end));
    store32(out + AT_CRC, crc32c(head, (span){body, padded}));
}

err record_head_read(struct record_place at, const uint8_t in[static RECORD_HEAD_LEN],
                     struct record_head *out)
{
    struct record_head h = {.length = load32(in + AT_LENGTH),
                            .unsynced = load32(in + AT_UNSYNCED),
                            .kind = in[AT_KIND],
                            .type = in[AT_TYPE]};
    uint16_t           check = (uint16_t)(in[AT_CHECK] << 8 | in[AT_CHECK + 1]);
    if (!head_sound(&h) || check != head_check(head_crc(at, &h))) {
        return FAIL(FORGED, "the header of a log record is damaged");
    }
    *out = h;
    return OK;
}

err record_body_read(struct record_place at, const struct record_head *h, const uint8_t *in,
                     span *body)
{
    size_t padded = record_len(h->length) - RECORD_HEAD_LEN;
    span   all = {in + RECORD_HEAD_LEN, padded};
    if (load32(in + AT_CRC) != crc32c(head_crc(at, h), all)) {
        return FAIL(FORGED, "a log record is damaged");
    }
    *body = (span){all.ptr, h->length};
    return OK;
}
