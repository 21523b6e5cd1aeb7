/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_ONWARD_H
#define GUARD_ONWARD_H

#include "guard/mailbox.h"

/* What one party received and passes on to a third: two verdicts, the originator's approval by name, and
 * a grant that the originator's guard alone signs (docs/format/onward.md). */

#define RELAYS_MAX    64   /* standing designations of a hub */
#define APPROVALS_MAX 256  /* named approvals of an originator, used up ones make room */
#define ASKED_MAX     512  /* questions without an answer, here or at the originator */
#define PASSAGES_MAX  256  /* a hub's papers whose grant has not come */
#define ONWARD_MAX    4096 /* what was granted under an approval, for its revocation */

struct relay {
    name    originator, feed, to; /* feed "": every one */
    uint8_t rank;                 /* the designated level of the own policy */
    bool    ended;
};

struct approval {
    uint64_t leaf;
    uint8_t  partner, to; /* partner numbers: who passes on, and to whom */
    id       epoch;       /* zeros: a feed */
    name     feed, author;
    instant  until;
    uint32_t count;
    bool     revoked;
};

struct asked {
    bool    used, ours; /* ours: this guard asked; else it was asked */
    uint8_t partner, to;
    id      handle, epoch;
    uint8_t rank;
    bool    by_act; /* an officer's onward-ask */
    instant since;
};

/* passage - a hub's second verdict, which came by letter before or after the grant */
struct passage {
    bool     used;
    uint8_t  hub;
    id       handle;
    uint64_t leaf;
    uint32_t len;
    uint8_t  text[3200];
};

struct onward_given {
    id       handle; /* as the third party has it */
    uint8_t  to;
    uint64_t approval; /* leaf */
};

struct onward {
    unsigned            relay_count, approval_count, given_next;
    struct relay        relay[RELAYS_MAX];
    struct approval     approval[APPROVALS_MAX];
    struct asked        asked[ASKED_MAX];
    struct passage      passage[PASSAGES_MAX];
    struct onward_given given[ONWARD_MAX]; /* a ring */
};

struct kept;

/* onward_arrived - a grant was accepted: is it to be passed on?  Asks for it when a relay says so */
bool onward_arrived(struct guard *g, const id *handle, const struct kept *k);

/* passage_find - the papers for a handle; NULL while they have not come */
struct passage *passage_find(struct guard *g, unsigned hub, const id *handle);

#endif
