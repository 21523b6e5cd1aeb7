/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_MAILBOX_H
#define GUARD_MAILBOX_H

#include "pouch/letter.h"

/* Letters and beats: what this guard says to each partner's, and what it has heard from it
 * (docs/format/letter.md). */

struct guard;
struct guard_counter;
struct leaf_head;

#define LETTERS_EACH_MAX                                                                           \
    32 /* to one partner and not acknowledged: a silent one must not silence others */
#define OUTGOING_ROOM    (28 * 1024) /* bytes of them: two of the largest, and small ones */
#define LETTERS_SEEN_MAX 64          /* of one partner: to tell a repeat from a second content */
#define BEAT_MS          1000
#define BEATS_KEPT       64    /* own beats whose sending time is remembered: a minute */
#define LEASE_BEAT_MS    15000 /* unless accord.conf says another `lease` */
#define LETTER_AGAIN_MS  10000

/* outgoing - letters to one partner that it has not acknowledged, oldest first, their texts one behind
 * the other.  Acknowledgements are not recorded: the fold keeps as many of the last as there is room for,
 * and whoever sends makes sure that what was not acknowledged is among them. */
struct outgoing {
    unsigned count;
    struct {
        uint64_t number, again_boot_ms; /* hand it to the courier again then */
        uint32_t len;
    } letter[LETTERS_EACH_MAX];
    uint32_t used;
    uint8_t  text[OUTGOING_ROOM];
};

/* mailbox - one partner's; the first part is a fold over the ledger, the second is of this boot */
struct mailbox {
    uint64_t sent, acked, received;
    uint64_t refused_leaf; /* of the last letter that was not acceptable */
    instant  last_at;      /* by the sender's clock, of the last letter received */
    uint32_t forks; /* letters `fork` of it: heads that were held before them count no more */
    uint64_t
         fork_letter; /* own letter `fork` to it: until it is acknowledged the partner holds a head
                              that is no longer ours */
    bool fork_due;    /* that letter waits for the partner's next beat */
    uint64_t
         fork_heard; /* its letters up to here were given up by a fork: so is what it granted before
                            the next */
    bool acts_due;   /* its ledger forked: it is to be told all own acts again */
    struct {
        uint64_t number, leaf;
        uint8_t  digest[32];
        bool     fraud; /* a second content is on record */
    } seen[LETTERS_SEEN_MAX];

    uint64_t    heard_start, heard_number; /* newest beat of it that was accepted */
    uint64_t    echoed;        /* highest own beat number of this start that it echoed */
    uint64_t    fresh_until;   /* boot clock */
    uint64_t    their_letters; /* the last that it says it sent */
    uint64_t    missing_since; /* boot clock: a letter is known of and has not come; 0: none */
    instant     their_time;
    int64_t     offset_low, offset_high; /* its clock minus ours lies between, milliseconds */
    bool        vouched;                 /* since the start it has confirmed the own ledger */
    bool        told_fresh;              /* as the desk was told last */
    struct head theirs;            /* newest head of its ledger that a beat brought; in slots */
    uint64_t    theirs_shown;      /* own beats of this start show it from this number on */
    struct head held;              /* newest head of ours that it showed; our ledger contains it */
    uint64_t    head_kept_boot_ms; /* when theirs was last written to its slot */
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
err  fraud_fold(struct guard *g, const struct leaf_head *head);           /* `fraud` */

/* letters_again      - everything to that partner goes again, at the next turns
 * letters_acked      - it has recorded our letters up to this number
 * letters_due        - boot time at which letters_turn is needed; UINT64_MAX: it is not
 * partner_reachable  - is a day key of it known, so that something can be sealed to it? */
void     letters_again(struct guard *g, unsigned partner);
void     letters_acked(struct guard *g, unsigned partner, uint64_t number);
uint64_t letters_due(const struct guard *g);
bool     partner_reachable(const struct guard *g, unsigned partner);
void     beat_mail(struct guard *g, unsigned partner, span text);

/* letter_said - the lines `say` of a leaf, put together again;   letter_say - the reverse */
void letter_said(struct lines *l, struct writer *w);
void letter_say(struct writer *w, span text);

/* letter_refuse - what came is not taken: a leaf, counted when it comes again */
void letter_refuse(struct guard *g, const name *partner, const char *why);

/* ---- beats.c ---- */
void     beats_turn(struct guard *g);
uint64_t beats_due(const struct guard *g); /* boot time */
err      beat_take(struct guard *g, unsigned partner, span text);

/* partner_fresh - has it been heard within the lease, and nothing that it sent is missing? */
bool partner_fresh(const struct guard *g, unsigned partner);

/* ---- watch.c: may this guard act at all? (heads, muteness) ---- */

/* may_act    - STATE with the sentence why not: mute, or its clock is astray
 * may_give   - the same, and: the partner is fresh and its clock agrees
 * may_open   - the same for what that partner's guard granted */
err may_act(const struct guard *g);
err may_give(const struct guard *g, unsigned partner);
err may_open(const struct guard *g, unsigned partner);

/* need - what a request or an act needs of this guard: a column of their tables */
enum need {
    NEED_VOICE,   /* it is not mute */
    NEED_CLOCK,   /* and its clock is not astray */
    NEED_NOTHING, /* it is answered always */
};
err needs(const struct guard *g, enum need n);

void watch_start(struct guard *g, bool was_empty); /* at the start, when the fold is complete */
void watch_turn(struct guard *g); /* tells the desk what it must forget, and may have */
void watch_head(struct guard *g); /* a checkpoint was made, or folded */
bool watch_counter(const struct guard *g, struct guard_counter *out);

/* watch_heard - a beat that answers one of ours came: heads, muteness, clock
 * watch_shown - any other came: a head of ours that it shows is a proof, however old the beat is */
void watch_shown(struct guard *g, unsigned partner, const struct beat *b);
void watch_heard(struct guard *g, unsigned partner, const struct beat *b);

/* ---- clock.c ---- */

/* clock_start     - both clocks are read together, when the fold is complete
 * clock_step      - are they still in step? at every step and tick
 * clock_heard     - what a beat that answers one of ours says of its sender's clock
 * clock_confirmed - an officer, or a partner, says that it is right
 * times_agree     - may what that partner dates be judged by our clock?  Not while it is astray, or that
 *                   partner was not heard since the start, or its clock is another one
 * clock_state     - "agrees", "differs" (from that of a partner that is fresh) or "astray"
 * clock_status    - lines of the status: who confirmed it, and by how much whose differs */
struct partner;
void        clock_start(struct guard *g);
void        clock_step(struct guard *g);
void        clock_heard(struct guard *g, const struct partner *p, const struct beat *b);
void        clock_confirmed(struct guard *g, const name *by);
bool        times_agree(const struct guard *g, unsigned partner);
const char *clock_state(const struct guard *g);
void        clock_status(const struct guard *g, struct writer *w);

/* head_keep - a partner's newest head into its slot;   head_recall - the reverse, at the start */
err  head_keep(struct guard *g, const struct partner *p);
void head_recall(struct guard *g, struct partner *p);

err muted_fold(struct guard *g, const struct leaf_head *head);
err unmuted_fold(struct guard *g, const struct leaf_head *head);
err clock_fold(struct guard *g, const struct leaf_head *head);

err  letter_fork_check(struct guard *g, const struct letter_view *v);
err  letter_fork_fold(struct guard *g, const struct letter_view *v);
void letter_fork_done(struct guard *g, const struct letter_view *v);
err  letter_fork_sent_fold(struct guard *g, const struct letter_view *v);

#endif
