/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_MAILBOX_H
#define GUARD_MAILBOX_H

#include "pouch/letter.h"

/* Letters and beats: what this guard says to each partner's, and what it has heard from it
 * (docs/format/letter.md). */

struct guard;
struct leaf_head;

#define LETTERS_MAX      128 /* sent and not acknowledged, to all partners */
#define LETTERS_EACH_MAX 32  /* to one partner: a silent one must not silence the others */
#define LETTERS_SEEN_MAX 64  /* of one partner: to tell a repeat from a second content */
#define BEAT_MS          1000
#define BEATS_KEPT       64    /* own beats whose sending time is remembered: a minute */
#define LEASE_BEAT_MS    15000 /* unless accord.conf says another `lease` */
#define LETTER_AGAIN_MS  10000

struct sent_letter {
    uint64_t number; /* 0: free */
    uint8_t  partner;
    uint64_t again_boot_ms; /* hand it to the courier again then */
    uint32_t len;
    uint8_t  text[LETTER_TEXT_MAX];
};

/* mailbox - one partner's; the first part is a fold over the ledger, the second is of this boot */
struct mailbox {
    uint64_t sent, acked, received;
    uint64_t refused_leaf; /* of the last letter that was not acceptable */
    struct {
        uint64_t number;
        uint8_t  digest[32];
    } seen[LETTERS_SEEN_MAX];

    uint64_t    heard_start, heard_number; /* newest beat of it that was accepted */
    uint64_t    fresh_until;               /* boot clock */
    uint64_t    their_letters;             /* the last that it says it sent */
    uint64_t    missing_since; /* boot clock: a letter is known of and has not come; 0: none */
    instant     their_time;
    int64_t     offset_low, offset_high; /* its clock minus ours lies between, milliseconds */
    bool        told_fresh;              /* as the desk was told last */
    struct head theirs; /* newest head of its ledger that a beat brought; in slots */
    struct head held;   /* newest head of ours that it showed; our ledger contains it */
};

/* ---- letters.c ---- */

struct letter_view {
    unsigned partner;
    uint64_t number, leaf; /* of the letter; of the leaf that records it */
    instant  at, time;     /* by the sender; of the leaf */
    span     body;
};

/* letter_row - a kind of letter; any function may be NULL
 *
 * check       may it be taken?  On an err it is recorded as refused, and acknowledged
 * fold        what receiving changes in the state, now and at each later start
 * sent_fold   the same for sending
 * done        what follows once it is received: slots, mail, letters; in the same turn, after the fold */
struct letter_row {
    const char *kind;
    err (*check)(struct guard *g, const struct letter_view *v);
    err (*fold)(struct guard *g, const struct letter_view *v);
    err (*sent_fold)(struct guard *g, const struct letter_view *v);
    void (*done)(struct guard *g, const struct letter_view *v);
};
extern const struct letter_row letter_rows[];
extern const unsigned          letter_row_count;

/* letter_send - record it, keep it until it is acknowledged, hand it to the courier
 *
 * fails   FULL when that partner has too many unacknowledged, or all have: ask letter_room first, and try
 *         later; LIMIT past LETTER_BODY_MAX */
bool letter_room(const struct guard *g, unsigned partner);
err  letter_send(struct guard *g, unsigned partner, const char *kind, span body);

void letters_turn(struct guard *g);    /* those that have waited too long go again */
void letters_greeted(struct guard *g); /* a courier begins: all go again */
err  letter_fold(struct guard *g, const struct leaf_head *head);          /* leaf `letter` */
err  letter_received_fold(struct guard *g, const struct leaf_head *head); /* `letter-received` */
err  letter_refused_fold(struct guard *g, const struct leaf_head *head);  /* `letter-refused` */

/* ---- beats.c ---- */
void beats_turn(struct guard *g);

/* partner_fresh - has it been heard within the lease, and nothing that it sent is missing? */
bool partner_fresh(const struct guard *g, unsigned partner);

/* ---- watch.c: may this guard act at all? (heads, muteness, clock) ---- */

/* may_act    - STATE with the sentence why not: mute, or its clock is astray
 * may_give   - the same, and: the partner is fresh and its clock agrees
 * may_open   - the same for what that partner's guard granted */
err may_act(const struct guard *g);
err may_give(const struct guard *g, unsigned partner);
err may_open(const struct guard *g, unsigned partner);

#endif
