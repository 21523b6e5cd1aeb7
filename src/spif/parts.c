/* SPDX-License-Identifier: Apache-2.0 */
#include "spif/parts.h"

err part_number(struct spif *s, const xmlNode *n, const char *attribute, uint16_t *out)
{
    uint64_t value = 0;
    s->at = n;
    TRY(text_decimal(node_attribute(n, attribute), UINT16_MAX, &value));
    *out = (uint16_t)value;
    return OK;
}

err part_line(span from, char *out, size_t max)
{
    if (from.len >= max) {
        return FAIL(LIMIT, "a title, banner form or identifier is longer than 63 bytes");
    }
    memset(out, 0, max);
    if (from.len > 0) {
        memcpy(out, from.ptr, from.len);
    }
    return OK;
}

/* "restrictive" and "enumerated restrictive" differ in their encoding, which is not ours, only */
bool part_type(const xmlNode *n, const char *type)
{
    bool enumerated = span_is(node_attribute(n, "tagType"), "enumerated");
    span given = node_attribute(n, enumerated ? "enumType" : "tagType");
    return span_is(given, type) && (enumerated || node_attribute(n, "enumType").len == 0);
}
