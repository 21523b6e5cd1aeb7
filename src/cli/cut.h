/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CUT_H
#define CLI_CUT_H

#include "base/err.h"

#include <stdint.h>

/* Logs of a party that grow while they are read, beside its ledger */
enum cut_log { CUT_INBOX, CUT_LANES, CUT_OUTBOX_INTAKE, CUT_OUTBOX_DESK, CUT_LOGS };

/* cut - how far a party's logs had come at one moment, before anything of either party was read
 *
 * leaves   of the ledger
 * end      of each log: what lies before this position was there */
struct cut {
    uint64_t leaves, end[CUT_LOGS];
};

/* cut_read - of the party's folder now
 *
 * fails   as book_read
 * cost    one pass over the logs; no signature is checked */
err cut_read(const char *dir, struct cut *out);

/* cut_end - of the log of that name; UINT64_MAX when it is none of these */
uint64_t cut_end(const struct cut *cut, const char *log);

#endif
