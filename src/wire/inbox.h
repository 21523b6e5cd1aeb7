/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_INBOX_H
#define WIRE_INBOX_H

#include "base/text.h"
#include "wire/link.h"

/* inbox_record - one entry of a link as it lies in the inbox: the courier writes it, the desk and the
 * courier's own next start read it (docs/format/lanes.md)
 *
 *   block8 partner | u8 lane | u64 number | u8 enum entry | body up to the end of the record
 *
 * body   as in entry_head */
struct inbox_record {
    name     partner;
    uint8_t  lane;
    uint64_t number;
    uint8_t  kind;
    span     body;
};

#define INBOX_HEAD_MAX   (1 + NAME_MAX_LEN + 1 + 8 + 1)
#define INBOX_RECORD_MAX (INBOX_HEAD_MAX + BATCH_MAX)

/* inbox_head_put - what stands before the body, so that a log can join the two without a copy */
void inbox_head_put(struct writer *w, const struct inbox_record *i);

/* inbox_record_read - fails MALFORMED on a short record, a lane or a kind that is none */
err inbox_record_read(span bytes, struct inbox_record *out);

#endif
