/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_REPEATS_H
#define LEDGER_REPEATS_H

#include "ledger/leaf.h"

/* Equal refusals must not fill the ledger.  The first is recorded at once; those that follow it
 * within a second, or until somebody asks for what is due, are counted, and one leaf with the line
 * `repeated N` then stands for them.  `now` is always the time that a leaf would get. */

/* REPEATS_MAX - different refusals kept apart at one time: more than callers with a budget make in
 * a second.  Past it the oldest makes room and nothing is lost but folding. */
#define REPEATS_MAX 256
/* REPEATS_BODY_MAX - longest body that is folded; longer ones, and those that name an attachment,
 * are recorded each */
#define REPEATS_BODY_MAX  2048
#define REPEATS_WINDOW_MS MS_PER_SECOND

/* repeat - one leaf without its time, and how often it came again */
struct repeat {
    enum leaf_kind kind;
    name           party;
    instant        since;
    uint64_t       count;
    size_t         body_len;
    uint8_t        body[REPEATS_BODY_MAX];
};

/* repeats - a ring, oldest first; all zeros is an empty one; about half a megabyte */
struct repeats {
    size_t        first, count;
    struct repeat item[REPEATS_MAX];
};

enum repeats_answer {
    REPEATS_RECORD,  /* the first of its kind: append the leaf now */
    REPEATS_COUNTED, /* an equal one stands in the ledger: append nothing */
};

/* repeats_offer - is this leaf to be recorded now?
 *
 * now       not before an earlier call's
 * leaf      kind, party and body of the leaf; its time plays no part
 * flushed   at least LEAF_TEXT_MAX; receives, when the table was full and the oldest had been
 *           repeated, the text of the leaf that stands for it: append it first.  Else untouched
 * cost      one comparison of lengths for each refusal of the last second, no memory */
enum repeats_answer repeats_offer(struct repeats *t, instant now, const struct leaf_head *leaf,
                                  struct writer *flushed);

/* repeats_due - the next leaf that stands for repeats whose second has passed
 *
 * text      receives its text, at least LEAF_TEXT_MAX; its time is `now`
 * returns   false when there is none, or no more: call it until then */
bool repeats_due(struct repeats *t, instant now, struct writer *text);

/* repeats_all - the same, without waiting for the second to pass: before the guard stops */
bool repeats_all(struct repeats *t, instant now, struct writer *text);

/* repeats_next_due - when to call repeats_due again; INSTANT_NEVER when the table is empty */
instant repeats_next_due(const struct repeats *t);

#endif
