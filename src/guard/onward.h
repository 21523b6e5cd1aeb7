/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_ONWARD_H
#define GUARD_ONWARD_H

#include "guard/limits.h"
#include "guard/mailbox.h"
#include "marking/marking.h"

/* What one party received and passes on to a third: two verdicts, the originator's approval by name, and
 * a grant that the originator's guard alone signs (docs/format/onward.md). */

#define RELAYS_MAX    64  /* standing designations of a hub */
#define APPROVALS_MAX 256 /* named approvals of an originator, used up ones make room */
#define ASKED_EACH    32  /* questions without an answer, to one partner, and of one partner */
#define ASKED_MAX     (2 * PARTNERS_MAX * ASKED_EACH)
#define PASSAGES_EACH 32 /* one hub's papers whose grant has not come */
#define PASSAGES_MAX  (PARTNERS_MAX * PASSAGES_EACH)
#define CARRIED_MAX   128  /* a hub's: what its courier carries on, to tell it again */
#define ONWARD_MAX    4096 /* what was granted under an approval, for its revocation */
#define PURPOSE_MAX   96
#define REVOKE_IDS    200 /* handles in one letter `revoked`, as in an order */

struct relay {
    name    originator, feed, to; /* feed "": every one */
    uint8_t rank;                 /* the designated level of the own policy */
    bool    ended;
    char    purpose[PURPOSE_MAX];
};

struct approval {
    uint64_t leaf;
    uint8_t  partner, to; /* partner numbers: who passes on, and to whom */
    id       epoch;       /* zeros: a feed */
    name     feed;
    instant  at, until;
    instant  after; /* the own last instrument's, when it was given */
    uint32_t count; /* how many epochs are left */
    bool     revoked;
    char     purpose[PURPOSE_MAX];
};

struct asked {
    bool    used, ours; /* ours: this guard asks; else it was asked */
    bool    sent;       /* ours: the letter has gone */
    uint8_t partner, to;
    id      handle, epoch;
    name    feed;
    level   level;
    bool    by_act;       /* an officer's onward-ask */
    instant since, after; /* after: the own last instrument's then */
    char    purpose[PURPOSE_MAX];
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

/* carried - what a hub was let pass on: it waits for the own verdict, goes, or has ended */
enum carried_state { CARRIED_FREE, CARRIED_WAITS, CARRIED_GOES, CARRIED_ENDED };

struct carried {
    enum carried_state state;
    uint8_t            giver, to;
    id                 handle, third; /* as it lies here; as the third party knows it */
    level              level;
    bool               by_act;
    instant            after; /* as of the question */
    uint32_t           len;
    uint8_t            grant[GRANT_MAX];
};

struct onward_given {
    bool     used;
    id       handle; /* as the third party has it */
    uint8_t  to;
    uint64_t approval; /* leaf */
};

struct onward {
    unsigned            relay_count, approval_count, given_next, carried_next;
    struct relay        relay[RELAYS_MAX];
    struct approval     approval[APPROVALS_MAX];
    struct asked        asked[ASKED_MAX];
    struct passage      passage[PASSAGES_MAX];
    struct carried      carried[CARRIED_MAX]; /* a ring */
    struct onward_given given[ONWARD_MAX];    /* a ring */
    char                why[200];             /* which feeds there are */
};

struct kept;
struct crossing;

/* onward_turn - a bounded part of what waits: questions to be sent and to be answered, revocations;
 * from guard_tick */
void onward_turn(struct guard *g);

/* ---- asked.c: the table of questions ---- */
struct asked *asked_find(struct guard *g, bool ours, unsigned partner, const id *handle,
                         unsigned to);

/* asked_new - a free place of those of that partner; the oldest question makes room */
struct asked *asked_new(struct guard *g, bool ours, unsigned partner);

/* ---- onward.c: the originator ---- */

/* onward_answer - a question that an approval speaks of: letter `onward` or `declined`; else it waits */
void onward_answer(struct guard *g, struct asked *a);

/* given_leaf - the first lines of a leaf `released` */
struct given_leaf {
    uint8_t  partner;
    id       handle;
    bool     via, passed; /* passed: this party is the hub */
    uint64_t approval;
};
void onward_given_fold(struct guard *g, const struct given_leaf *l);

/* ---- relay.c: the hub ---- */

/* arrived_leaf - the first lines of a leaf `received` */
struct arrived_leaf {
    uint8_t  partner;
    id       handle, epoch;
    uint64_t sender_leaf;
};

/* relay_lines - into the leaf `received`: to whom a designation says that it is to be passed on
 * relay_fold  - one such line: a question to its originator, which is to be sent */
void relay_lines(struct guard *g, const struct kept *k, struct writer *w);
err  relay_fold(struct guard *g, const struct arrived_leaf *a, span value, instant since);

/* onward_arrived - a grant was accepted, now or before: is it passed on, or to be?  Sends what is to be
 * asked, and tells the courier again what it may carry */
bool onward_arrived(struct guard *g, const id *handle, const struct kept *k);

/* relay_question - the hub's crossing of what it received; approved: the originator's word is there */
err  relay_question(struct guard *g, const struct kept *k, const struct asked *a, bool approved,
                    struct crossing *out);
void relay_turn(struct guard *g);

/* ---- passage.c: the third party ---- */

/* passage_find - the papers for a handle; NULL while they have not come */
struct passage *passage_find(struct guard *g, unsigned hub, const id *handle);

/* ---- letters ---- */
err  letter_ask_check(struct guard *g, const struct letter_view *v);
err  letter_ask_fold(struct guard *g, const struct letter_view *v);
err  letter_ask_sent_fold(struct guard *g, const struct letter_view *v);
void letter_ask_done(struct guard *g, const struct letter_view *v);
err  letter_onward_check(struct guard *g, const struct letter_view *v);
err  letter_onward_fold(struct guard *g, const struct letter_view *v);
err  letter_onward_sent_fold(struct guard *g, const struct letter_view *v);
void letter_onward_done(struct guard *g, const struct letter_view *v);
err  letter_declined_check(struct guard *g, const struct letter_view *v);
err  letter_declined_fold(struct guard *g, const struct letter_view *v);
err  letter_declined_sent_fold(struct guard *g, const struct letter_view *v);
err  letter_passage_check(struct guard *g, const struct letter_view *v);
err  letter_passage_fold(struct guard *g, const struct letter_view *v);
err  letter_revoked_check(struct guard *g, const struct letter_view *v);
err  letter_revoked_fold(struct guard *g, const struct letter_view *v);
err  letter_revoked_sent_fold(struct guard *g, const struct letter_view *v);
void letter_revoked_done(struct guard *g, const struct letter_view *v);

#endif
