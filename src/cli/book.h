/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_BOOK_H
#define CLI_BOOK_H

#include "store/log.h"

/* book - a log of a party's store, read from its files without a word to the gateway that writes it */

/* book_take - one durable or live record; its err ends the reading */
typedef err book_take(void *ctx, const struct log_item *item);

/* book_end - how far the reading came
 *
 * records    given to take, the refused one included
 * position   where it ended, or what is wrong
 * segments   files that were read; 0 = there is no such log
 * whole      it still begins with its first segment */
struct book_end {
    uint64_t records, position;
    size_t   segments;
    bool     whole;
};

/* book_read - every record of a log, in order, and that nothing else stands in its files
 *
 * dir      the party's folder; log "ledger", "inbox", …
 * end      is set also on failure
 * fails    FORGED when a byte of it is not as it was written; IO; as take
 * cost     reads all of it once; a writer at work is waited for, for a second */
err book_read(const char *dir, const char *log, book_take *take, void *ctx, struct book_end *end);

#endif
