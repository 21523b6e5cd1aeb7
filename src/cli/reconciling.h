/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_RECONCILING_H
#define CLI_RECONCILING_H

#include "cli/passages.h"

/* border - one direction over one border: what the giver says it gave, what the taker says it took
 *
 * given, taken   sorted by epoch; only what concerns the other side
 * left           reports of tracks that did not come, as newer ones of them came
 * waiting        epochs, letters, instruments and receipts on their way: no differences */
struct border {
    struct call           *call;
    name                   giver, taker;
    const struct passages *from, *to;
    struct passage        *given, *taken;
    size_t                 given_count, taken_count;
    bool                   lanes_whole;
    uint64_t compared, differ, letters, receipts, orders, instruments, passed, waiting, left;
};

/* difference_tell - a line, and a row of --json that names it: {"giver", "taker", KIND: which, "difference"}
 * id_tell - the same of an epoch or a handle */
void difference_tell(struct border *b, const char *kind, const char *which, const char *what,
                     const char *detail);
void id_tell(struct border *b, const char *kind, const uint8_t *bytes, const char *what,
             const char *detail);

/* reconcile_word - letters from giver to taker, receipts for what was given, orders and what was done,
 * instruments; what letters say of each epoch is set in `given`
 * reconcile_instruments - the giver's own; as part of the word
 * reconcile_hub - what the giver passed on for somebody else */
void reconcile_word(struct border *b);
void reconcile_instruments(struct border *b);
void reconcile_hub(struct border *b);

#endif
