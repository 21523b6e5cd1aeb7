/* SPDX-License-Identifier: Apache-2.0 */
#include "base/reader.h"
#include "ismform/st0102.h"

static const struct ism_rule
    rule_form = {"KLV", "SMPTE ST 336", "", "keys, lengths and values do not fit together"},
    rule_twice = {"KLV-TWICE", "MISB ST 0102", "", "an item stands twice"},
    rule_unknown = {"KLV-ITEM", "MISB ST 0102", "",
                    "an item that a security set does not have, so it would be lost"},
    rule_checksum = {"KLV-CHECKSUM", "MISB ST 0601", "", "the checksum of the packet is wrong"},
    rule_none = {"KLV-NONE", "MISB ST 0601", "", "the packet has no security set (item 48)"};

#define KEY_LEN       16
#define SECURITY_ITEM 48
#define CHECKSUM_ITEM 1
#define CHECKSUM_LEN  2

static const uint8_t key_0102[KEY_LEN] = {0x06, 0x0e, 0x2b, 0x34, 0x02, 0x03, 0x01, 0x01,
                                          0x0e, 0x01, 0x03, 0x03, 0x02, 0x00, 0x00, 0x00};
static const uint8_t key_0601[KEY_LEN] = {0x06, 0x0e, 0x2b, 0x34, 0x02, 0x0b, 0x01, 0x01,
                                          0x0e, 0x01, 0x03, 0x01, 0x01, 0x00, 0x00, 0x00};

static err refuse(struct ismform_problem *p, const struct ism_rule *rule, span all, span rest)
{
    return ismform_refuse(p, rule, rule == &rule_unknown ? ERR_UNKNOWN : ERR_MALFORMED, "",
                          (span){0}, all.len - rest.len);
}

/* A BER length: short, or long with one to four bytes */
static size_t length_read(struct reader *r)
{
    uint8_t first = read_u8(r);
    size_t  len = first;
    if (first >= 0x80) {
        unsigned count = first & 0x7fU;
        len = 0;
        r->bad |= count == 0 || count > 4;
        for (unsigned i = 0; i < count && !r->bad; i++) {
            len = len << 8 | read_u8(r);
        }
    }
    return len;
}

/* An item of a local set; numbers above 127 have more bytes (BER-OID), two at most here */
static span item_read(struct reader *r, unsigned *tag)
{
    uint8_t first = read_u8(r);
    *tag = first;
    if (first >= 0x80) {
        uint8_t second = read_u8(r);
        *tag = (first & 0x7fU) << 7 | second;
        r->bad |= second >= 0x80 || *tag < 0x80;
    }
    return read_bytes(r, length_read(r));
}

static bool tag_known(unsigned tag)
{
    return (tag >= 1 && tag <= 14) || (tag >= 19 && tag <= ST0102_TAG_MAX);
}

static err set_read(span all, span set, struct st0102_items *out, struct ismform_problem *p)
{
    struct reader       r = reader_of(set);
    size_t              base = (size_t)(set.ptr - all.ptr);
    struct st0102_items items = {0};
    while (r.rest.len > 0) {
        unsigned tag = 0;
        span     here = r.rest, value = item_read(&r, &tag);
        span     place = {NULL, all.len - base - (set.len - here.len)};
        if (r.bad) {
            return refuse(p, &rule_form, all, place);
        }
        if (!tag_known(tag)) {
            return refuse(p, &rule_unknown, all, place);
        }
        if (items.value[tag].ptr != NULL) {
            return refuse(p, &rule_twice, all, place);
        }
        items.value[tag] = value;
    }
    *out = items;
    return OK;
}

/* The sum of all 16-bit words of the packet up to and with the length of the checksum */
static bool checksum_right(span packet)
{
    unsigned sum = 0, said = 0;
    size_t   upto = packet.len - CHECKSUM_LEN;
    for (size_t i = 0; i < upto; i++) {
        sum += (unsigned)packet.ptr[i] << (8 * ((i + 1) % 2));
    }
    said = (unsigned)packet.ptr[upto] << 8 | packet.ptr[upto + 1];
    return (sum & 0xffffU) == said;
}

/* The checksum is the last item; without one nobody knows what is missing */
static err packet_read(span all, span body, span *set, struct ismform_problem *p)
{
    struct reader r = reader_of(body);
    unsigned      tag = 0;
    *set = (span){0};
    while (r.rest.len > 0) {
        span here = r.rest, value = item_read(&r, &tag);
        if (r.bad || (tag == CHECKSUM_ITEM && (value.len != CHECKSUM_LEN || r.rest.len > 0))) {
            return refuse(p, &rule_form, all, here);
        }
        if (tag == SECURITY_ITEM && set->ptr != NULL) {
            return refuse(p, &rule_twice, all, here);
        }
        *set = tag == SECURITY_ITEM ? value : *set;
    }
    if (tag != CHECKSUM_ITEM || !checksum_right(all)) {
        return refuse(p, &rule_checksum, all, (span){0});
    }
    return set->ptr == NULL ? refuse(p, &rule_none, all, (span){0}) : OK;
}

/* What follows a key: a length, and exactly so much */
static err keyed_read(span in, span *body, struct ismform_problem *p)
{
    struct reader r = reader_of((span){in.ptr + KEY_LEN, in.len - KEY_LEN});
    *body = read_bytes(&r, length_read(&r));
    return err_is(reader_end(&r)) ? refuse(p, &rule_form, in, r.rest) : OK;
}

err st0102_items_of(span in, struct st0102_items *out, struct ismform_problem *p)
{
    span set = in, body = {0};
    if (in.len > ST0102_BYTES_MAX) {
        return ismform_refuse(p, &rule_form_room, ERR_LIMIT, "", (span){0}, 0);
    }
    if (span_starts(in, SPAN_OF(key_0102))) {
        TRY(keyed_read(in, &set, p));
    } else if (span_starts(in, SPAN_OF(key_0601))) {
        TRY(keyed_read(in, &body, p));
        TRY(packet_read(in, body, &set, p));
    } else if (in.len > 0 && in.ptr[0] == SECURITY_ITEM) {
        struct reader r = reader_of(in);
        unsigned      tag = 0;
        set = item_read(&r, &tag);
        if (err_is(reader_end(&r))) {
            return refuse(p, &rule_form, in, r.rest);
        }
    }
    return set_read(in, set, out, p);
}
