/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TAK_SCAN_H
#define TAK_SCAN_H

#include "base/err.h"
#include "base/span.h"

/* tak_varint - take an unsigned number of protocol buffers off the front: seven bits a byte, low ones first
 *
 * fails   MALFORMED when it does not end, or has more than 64 bits */
err tak_varint(span *rest, uint64_t *out);

/* tak_scan - is this one message as the profile has it?
 *
 * What protobuf-c would take in silence is refused: a field that stands twice, one of another type than its
 * number says, a text that is no UTF-8 or has a NUL in it, an unknown field of the event itself.
 *
 * unknown   receives how many unknown fields there are elsewhere, at most TAK_UNKNOWN_MAX
 * fails     MALFORMED, LIMIT */
err tak_scan(span message, uint32_t *unknown);

#endif
