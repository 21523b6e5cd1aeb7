/* SPDX-License-Identifier: Apache-2.0 */
#include "tak/scan.h"

#include "base/text.h"
#include "tak/tak.h"

#include <tak.pb-c.h>

/* How a value is written, by the low three bits of what stands before it */
enum wire { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_LENGTH = 2, WIRE_32 = 5 };

#define FIELD_MAX UINT64_C(536870911) /* 29 bits, as the format says */

err tak_varint(span *rest, uint64_t *out)
{
    uint64_t value = 0;
    for (size_t i = 0; i < rest->len && i < 10; i++) {
        uint8_t byte = rest->ptr[i];
        value |= (uint64_t)(byte & 0x7f) << (7 * i);
        if ((byte & 0x80) != 0) {
            continue;
        }
        if (i == 9 && byte > 1) {
            break;
        }
        *rest = (span){rest->ptr + i + 1, rest->len - i - 1};
        *out = value;
        return OK;
    }
    return FAIL(MALFORMED, "a number of the message is not written as it should be");
}

static err take_bytes(span *rest, uint64_t len, span *out)
{
    if (len > rest->len) {
        return FAIL(MALFORMED, "the message ends within a field");
    }
    *out = (span){rest->ptr, (size_t)len};
    *rest = (span){rest->ptr + len, rest->len - (size_t)len};
    return OK;
}

static err take_value(span *rest, unsigned wire, span *out)
{
    uint64_t len = 0;
    span     before = *rest;
    switch (wire) {
    case WIRE_VARINT:
        TRY(tak_varint(rest, &len));
        *out = (span){before.ptr, before.len - rest->len};
        return OK;
    case WIRE_64:
        return take_bytes(rest, 8, out);
    case WIRE_LENGTH:
        TRY(tak_varint(rest, &len));
        return take_bytes(rest, len, out);
    case WIRE_32:
        return take_bytes(rest, 4, out);
    default:
        return FAIL(MALFORMED, "the message has a field of a kind that is not in use");
    }
}

static unsigned wire_of(const ProtobufCFieldDescriptor *f)
{
    switch (f->type) {
    case PROTOBUF_C_TYPE_DOUBLE:
        return WIRE_64;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return WIRE_LENGTH;
    default:
        return WIRE_VARINT;
    }
}

/* Carriage returns and their like stand in xmlDetail, which expat judges; here it is only whether every reader
 * sees the same text. */
static err check_string(span s)
{
    uint32_t c = 0;
    while (s.len > 0) {
        size_t len = text_character(s, &c);
        if (len == 0 || c == 0) {
            return FAIL(MALFORMED, "a text of the message is no UTF-8, or has a NUL in it");
        }
        s = (span){s.ptr + len, s.len - len};
    }
    return OK;
}

static err scan(span message, const ProtobufCMessageDescriptor *type, uint32_t *unknown);

static err scan_known(span value, const ProtobufCFieldDescriptor *f, uint32_t *unknown)
{
    if (f->type == PROTOBUF_C_TYPE_STRING) {
        return check_string(value);
    }
    /* As deep as the types are, which do not hold themselves */
    return f->type == PROTOBUF_C_TYPE_MESSAGE ? scan(value, f->descriptor, unknown) : OK;
}

static err scan_unknown(const ProtobufCMessageDescriptor *type, uint32_t *unknown)
{
    if (type == &tak__cot_event__descriptor) {
        return FAIL(MALFORMED, "the event has a field that the format does not have");
    }
    if (*unknown == TAK_UNKNOWN_MAX) {
        return FAIL(LIMIT, "the message has more than 64 unknown fields");
    }
    ++*unknown;
    return OK;
}

static err scan(span message, const ProtobufCMessageDescriptor *type, uint32_t *unknown)
{
    uint64_t seen = 0;
    while (message.len > 0) {
        uint64_t key = 0;
        span     value = {0};
        TRY(tak_varint(&message, &key));
        unsigned wire = (unsigned)(key & 7);
        uint64_t number = key >> 3;
        if (number == 0 || number > FIELD_MAX) {
            return FAIL(MALFORMED, "the message has a field with no number");
        }
        TRY(take_value(&message, wire, &value));
        const ProtobufCFieldDescriptor *f =
            protobuf_c_message_descriptor_get_field(type, (unsigned)number);
        if (f == NULL) {
            TRY(scan_unknown(type, unknown));
            continue;
        }
        uint64_t bit = UINT64_C(1) << (f - type->fields);
        if (wire != wire_of(f) || (seen & bit) != 0) {
            return FAIL(MALFORMED, "a field of the message stands twice, or is of another type");
        }
        seen |= bit;
        TRY(scan_known(value, f, unknown));
    }
    return OK;
}

err tak_scan(span message, uint32_t *unknown)
{
    *unknown = 0;
    return scan(message, &tak__tak_message__descriptor, unknown);
}
