/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_TOLD_H
#define WIRE_TOLD_H

#include "base/text.h"

/* TOLD_MAX - of one event: not more than a desk writes out, EVENT_MAX of http/ */
#define TOLD_MAX 16384

/* told_id - the id of an event: a tag of its epoch's handle and its number, 6fd3a01b9c-17; or, of where a stream began, a
 * mark alone, now-6fd3a01b9c, whose number is 0 */
#define TOLD_TAG_LEN 5
#define TOLD_MARK    "now"
struct told_id {
    uint8_t  tag[TOLD_TAG_LEN];
    bool     mark;
    uint64_t number;
};

/* told_id_read - fails MALFORMED */
err told_id_read(span text, struct told_id *out);

/* told_report - one of several: its id, and its JSON as if it had come alone, both during the call only */
typedef err told_report(void *ctx, const name *event_id, span report);

/* told_each - the reports of one event `reports` of a desk's stream, one after the other (docs/format/desk-api.md)
 *
 *   {"originator":"JPN", … ,"number":16,"reports":[{…},{…}]}       whose id is 6fd3a01b9c-17
 *   {"originator":"JPN", … ,"number":16,"report":{…}}              6fd3a01b9c-16, and so on
 *
 * fails   MALFORMED on what a desk does not write; LIMIT; as take, which is not called again then */
err told_each(const name *event_id, span data, told_report *take, void *ctx);

#endif
