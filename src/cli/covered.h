/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_COVERED_H
#define CLI_COVERED_H

#include "cli/history_acts.h"

/* What the cover of an own epoch says of its items: kind, marking, extent and reduction.  Three places in a ledger
 * say it, and must say the same: the source's profile, the leaf of the epoch, and each verdict about it. */

/* profile - what a registered source says of itself */
struct profile {
    name             source;
    uint8_t          covered[SHA256_LEN];
    struct reduction reduced;
};

/* covered_hash - of the four, as canonical text; extent and reduced empty where nothing is said
 * covered_asked - of what a verdict asks about */
void covered_hash(span kind, span marking, span extent, span reduced,
                  uint8_t out[static SHA256_LEN]);
void covered_asked(const struct tables *t, const struct crossing *c,
                   uint8_t out[static SHA256_LEN]);

/* profile_add - the act source-add;   profile_find - the newest of this name, or NULL
 * fails   as the texts are read */
err                   profile_add(struct history *h, const struct act_text *a, struct lines *l);
const struct profile *profile_find(const struct history *h, const name *source);

#endif
