/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_CRC_H
#define STORE_CRC_H

#include "base/span.h"

/* crc32c - the Castagnoli checksum, continued
 *
 * crc     what an earlier call returned, or 0 to begin
 * holds   crc32c(crc32c(0, a), b) = crc32c(0, ab); crc32c(0, "123456789") = e3069283
 * cost    with SSE 4.2 about 0.1 ns a byte, from 3 KiB on 0.04; 2 ns with the table
 * from    RFC 3720 section 12.1 */
uint32_t crc32c(uint32_t crc, span bytes);

/* crc32c_table - the same without the processor's help: its twin in tests */
uint32_t crc32c_table(uint32_t crc, span bytes);

#endif
