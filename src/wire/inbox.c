/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/inbox.h"

void inbox_head_put(struct writer *w, const struct inbox_record *i)
{
    put_name(w, &i->partner);
    put_u8(w, i->lane);
    put_u64(w, i->number);
    put_u8(w, i->kind);
}

err inbox_record_read(span bytes, struct inbox_record *out)
{
    struct reader       r = reader_of(bytes);
    struct inbox_record i = {.partner = read_name(&r)};
    i.lane = read_u8(&r);
    i.number = read_u64(&r);
    i.kind = read_u8(&r);
    i.body = r.rest;
    if (r.bad || i.partner.text[0] == 0 || i.lane >= LANE_COUNT || i.kind < ENTRY_GRANT ||
        i.kind > ENTRY_LEFT) {
        return FAIL(MALFORMED, "a record of the inbox is not as the courier writes it");
    }
    *out = i;
    return OK;
}
