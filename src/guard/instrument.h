/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_INSTRUMENT_H
#define GUARD_INSTRUMENT_H

#include "agreement/standing.h"
#include "guard/mailbox.h"
#include "guard/running.h"

/* Instruments: acts on an agreement, own ones and those that partners tell of by letter
 * (docs/format/pause.md). */

#define TELLINGS_MAX          32 /* own instruments that a partner is still to be told of */
#define INSTRUMENT_REASON_MAX 256

/* cut - what a pause leaves of an epoch: items before this number */
struct cut {
    id       epoch; /* in a letter: its handle */
    uint64_t items;
};

/* closing - a cut of an own epoch, and the partners that have it under what is paused; what others have under
 * something else goes on for them as far as it was sealed */
struct closing {
    struct cut cut;
    set64      partners;
};

/* telling - an own instrument that is recorded, and the partners that have no letter of it yet */
struct telling {
    uint64_t          leaf; /* 0: free */
    set64             partners;
    struct instrument instrument;
    unsigned          closing_count;
    struct closing    closing[RUNNING_MAX];
};

/* own_act - the leaf of an act of this party on an agreement, and when it took effect */
struct own_act {
    uint64_t leaf;
    instant  effective;
};

/* cuts_known - a partner's cuts, for a grant that comes after them, and for a slot that could not be read
 * when they came */
#define CUTS_EACH_MAX 1024 /* a ring: four pauses of all that can run */
struct cuts_known {
    uint32_t   next;
    struct cut cut[CUTS_EACH_MAX];
};

struct guard;
struct act;
struct leaf_head;

/* instrument_act - what the act asks for; agreement: its number */
struct instrument_act {
    uint8_t           agreement;
    struct instrument instrument;
};

/* instrument_record - the leaf of an own instrument, from now on
 *
 * closing `count` epochs, at most RUNNING_MAX; the partners of each are among told
 * told    partners, by number, that get a letter of it */
void instrument_record(struct guard *g, const struct act *a, const struct instrument_act *i,
                       const struct closing *closing, unsigned count, set64 told);

#define AHEAD_MS_MAX MS_PER_DAY /* an instrument is dated so far ahead at most */

/* instrument_partners - partners with whom an agreement matters, by number: its parties, and those of what
 * stands under it together with this party */
set64 instrument_partners(const struct guard *g, unsigned agreement);

/* ---- instrument_letter.c: between guards ---- */

/* tellings_turn - letters of instruments, as far as there is room */
void tellings_turn(struct guard *g);
bool tellings_wait(const struct guard *g); /* would tellings_turn write one now? */

/* told_all - has a letter of every own instrument and signature that concerns this partner been written, or did
 * it show that it knows them?  What it is given rests on them */
bool told_all(const struct guard *g, unsigned partner);

/* instrument_taken, instrument_lines - the lines of one, in a leaf and in letters
 * agreement_of                       - the number of the loaded agreement of that digest
 * instrument_keep                     - into the table; FULL
 * instrument_room_for                - may that party's partner tell of one more?
 * instrument_last                    - when that party's newest act took effect; 0 = it has none
 * instrument_own                     - an own act is in the leaf that is folded
 * instrument_before                  - when the last own act before that leaf took effect; 0 = there is none
 * cut_read, cut_put                  - EPOCH N, the value of a line */
err     instrument_taken(struct lines *l, struct instrument *out);
void    instrument_lines(const struct instrument *i, struct writer *w);
err     agreement_of(const struct guard *g, const uint8_t digest[static 32], unsigned *out);
err     instrument_keep(struct guard *g, const struct instrument *i);
bool    instrument_room_for(const struct guard *g, uint8_t party);
instant instrument_last(const struct guard *g, uint8_t party);
void    instrument_own(struct guard *g, instant effective);
instant instrument_before(const struct guard *g, uint64_t leaf);
err     cut_read(span value, struct cut *out);
void    cut_put(const char *key, const struct cut *c, struct writer *w);

/* ---- restate.c: after a fork ---- */

/* restate_put   - the own acts on all agreements with that partner, as they stand
 * restate_check - may these lines, up to the end, be what a partner says so?
 * restate_fold  - it did: what else was known of its acts is forgotten
 * restate_sent  - that partner needs to be told of no older act; of what was signed it is told again
 * restate_turn  - letters `acts` to those whose ledger forked;   restate_waits - is there one to write? */
void restate_put(const struct guard *g, unsigned partner, struct writer *w);
err  restate_check(struct lines *l);
err  restate_fold(struct guard *g, const struct letter_view *v, struct lines *l);
void restate_sent(struct guard *g, unsigned partner);
void restate_turn(struct guard *g);
bool restate_waits(const struct guard *g);
err  letter_acts_check(struct guard *g, const struct letter_view *v);
err  letter_acts_fold(struct guard *g, const struct letter_view *v);
err  letter_acts_sent_fold(struct guard *g, const struct letter_view *v);

/* cut_items - what a partner's pauses leave of the epoch with this handle; UINT64_MAX: all */
uint64_t cut_items(const struct guard *g, unsigned partner, const id *handle);

err  instrument_leaf_fold(struct guard *g, const struct leaf_head *head);
err  letter_instrument_check(struct guard *g, const struct letter_view *v);
err  letter_instrument_fold(struct guard *g, const struct letter_view *v);
err  letter_instrument_sent_fold(struct guard *g, const struct letter_view *v);
void letter_instrument_done(struct guard *g, const struct letter_view *v);

#endif
