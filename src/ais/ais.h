/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AIS_AIS_H
#define AIS_AIS_H

#include "feed/report.h"

/* Ships' own reports: sentences of NMEA 0183 that carry messages of ITU-R M.1371 (docs/format/ais.md).
 *
 * What says where a ship or an aircraft is becomes a report; names and call signs are kept for the reports
 * that follow; all else is well-formed and no report. */

/* AIS_LINE_MAX    - a sentence has 82 characters, a tag block before it as many again, and some receivers more
 * AIS_PARTS_MAX   - sentences of one message: the number is one digit
 * AIS_BITS_MAX    - longest message: five slots, 1,064 bits, and what fills them up
 * AIS_WAITING_MAX - messages whose sentences come between one another: ten numbers on two channels
 * AIS_WAIT_MS     - the next sentence of a message comes within this
 * AIS_NAMES_MAX   - ships whose names are kept: more than any receiver hears; the oldest goes */
#define AIS_LINE_MAX    384
#define AIS_PARTS_MAX   9
#define AIS_BITS_MAX    1536
#define AIS_WAITING_MAX 20
#define AIS_WAIT_MS     10000
#define AIS_NAMES_MAX   4096
#define AIS_NAME_MAX    20

/* AIS_STALE_MS - a ship at anchor reports every three minutes; two may be lost */
#define AIS_STALE_MS (7 * MS_PER_MINUTE)

/* AIS_AHEAD_MS, AIS_BEHIND_MS - a tag block's time is taken when it is so near to the time at which it came */
#define AIS_AHEAD_MS  (2 * MS_PER_SECOND)
#define AIS_BEHIND_MS MS_PER_HOUR

/* ais_message - the bits of one message, first bit first, highest of a byte first */
struct ais_message {
    uint8_t  bytes[AIS_BITS_MAX / 8];
    uint32_t bits;
};

/* ais_waiting - a message of which sentences are still to come; parts 0: free */
struct ais_waiting {
    uint8_t            parts, next, number;
    char               channel;
    int64_t            boot_ms;
    struct ais_message message;
};

/* ais_named - what a ship is called, by its number of nine digits; 0: free */
struct ais_named {
    uint32_t mmsi;
    uint32_t used; /* the higher, the later */
    char     name[AIS_NAME_MAX + 1];
};

/* ais - what one source keeps from sentence to sentence */
struct ais {
    struct ais_waiting waiting[AIS_WAITING_MAX];
    uint32_t           uses;
    struct ais_named   named[AIS_NAMES_MAX];
};

enum ais_found {
    AIS_REPORT,
    AIS_NOTHING, /* well-formed, and no report: a part, a name, a message without a place */
};

/* ais_read - one line
 *
 * line     without its end; blanks and an empty line are nothing, as is a comment
 * now      when it came; a fix says its second of the minute only
 * boot_ms  the same on a clock that never jumps
 * out      receives the report of AIS_REPORT
 * fails    MALFORMED on a sentence that is none, a wrong checksum, a message that is too short, a place that is
 *          not on the earth; a part without the one before; LIMIT past a limit above
 * cost     some 0.5 us, no memory */
err ais_read(struct ais *a, span line, instant now, int64_t boot_ms, enum ais_found *found,
             struct report *out);

/* ---- parts, for tests ---- */

/* ais_bits   - of a message, from a bit on, as a number; bits past its end are zeros
 * ais_signed - the same, in two's complement */
uint32_t ais_bits(const struct ais_message *m, uint32_t from, uint32_t count);
int32_t  ais_signed(const struct ais_message *m, uint32_t from, uint32_t count);

/* ais_message_read - what one whole message says
 *
 * fails    as ais_read */
err ais_message_read(struct ais *a, const struct ais_message *m, instant at, instant now,
                     enum ais_found *found, struct report *out);

#endif
