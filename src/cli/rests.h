/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_RESTS_H
#define CLI_RESTS_H

#include "agreement/standing.h"
#include "crypt/hash.h"
#include "release/verdict.h"

/* rests_digest - of the instruments that a verdict rests on, as docs/format/grant.md says: both ends of a border
 * make the same of what each has on record
 *
 * list   all that is known;   at: the instant of the verdict */
struct rests {
    const struct tables     *tables;
    const struct instrument *list;
    size_t                   count;
    instant                  at;
};
void rests_digest(const struct rests *r, const struct crossing *c, uint8_t out[static SHA256_LEN]);

#endif
