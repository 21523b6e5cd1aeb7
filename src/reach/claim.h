/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REACH_CLAIM_H
#define REACH_CLAIM_H

#include "reach/reach.h"

/* A claim: one sentence about what can flow, to be proved or refuted.
 *
 *   no|some|every WHAT [from DISCIPLINES] [about TOPICS] [up to LEVEL] [above LEVEL]
 *       from PARTY reaches PARTY [via PARTY] [without approval [of PARTY]]
 *
 * WHAT      kinds, or disciplines, or `any`:   human    report, image    warning from radar
 * LEVEL     of the party whose items they are
 * reaches   straight, by a hub, or passed on; `anybody` in place of a party means each one
 * every     also what is of all these disciplines and topics at once */

enum claim_sort { CLAIM_NO, CLAIM_SOME, CLAIM_EVERY };

struct claim {
    enum claim_sort sort;
    uint8_t         kinds;
    set64           disciplines, topics;
    bool            level_said;
    uint8_t         level_policy;
    uint16_t        ranks; /* those that are meant; all of them when no level is said */
    set64           from, to;
    uint8_t         via;
    bool            without; /* without approval, of this party or of any */
    uint8_t         of;
};

/* claim_read - a sentence, one line
 *
 * fails   MALFORMED on another form and on what could speak of nothing, such as a level of a party that does not give;
 *         UNKNOWN on a word that no policy knows; `about` gets the word */
err claim_read(const struct corpus *l, span text, struct claim *out, span *about);

/* finding - what came of a claim between two parties
 *
 * row     with `some` that holds, and with `no` that does not: one that shows it, cut down to the claim; its
 *         legs are the reach's
 * missing   of `every` that does not hold: kind and level of an item that does not reach */
struct finding {
    bool       holds;
    bool       shown;
    struct row row;
    enum kind  kind;
    uint8_t    policy, rank;
};

/* claim_query - what reach_find is to be asked for a pair   claim_judge - what its answer means */
struct query   claim_query(const struct claim *c, uint8_t from, uint8_t to);
struct finding claim_judge(const struct corpus *l, const struct claim *c, const struct reach *r);

#endif
