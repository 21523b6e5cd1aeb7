/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SUMS_H
#define SIM_SUMS_H

#include "sim/journal.h"
#include "store/looked.h"

/* sums - the file of what was looked at of an outbox (store/looked.h), in memory; all zeros before its first use
 *
 * kept   what a power cut leaves: as of the last sync */
struct sums {
    struct block_file file;
    uint8_t          *now, *kept;
    size_t            len, kept_len;
};

/* sums_put, sums_same - looked_put and looked_same of a record of a journal
 * sums_sync, sums_cut, sums_free */
err  sums_put(struct sums *s, const struct journal_record *r);
bool sums_same(struct sums *s, const struct journal_record *r);
void sums_sync(struct sums *s);
void sums_cut(struct sums *s);
void sums_free(struct sums *s);

#endif
