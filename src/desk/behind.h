/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DESK_BEHIND_H
#define DESK_BEHIND_H

#include "desk/state.h"

/* Readers who are not shown what comes when it comes: who has come back walks through what he missed (behind_walk.c), and
 * for who is slow it waits, of tracks the newest (behind_slow.c).  What waits is a place in the logs: whether he may see it is
 * asked when it leaves. */

/* step - of one thing of the past: it is done with, or the guard is waited for */
enum step { STEP_OVER, STEP_WAITS };

/* part - items from this one to before that; what waited is once of the past: one item, or a batch from an item on */
struct part {
    uint64_t from, to;
};

/* ---- behind.c ----
 *
 * behind_take  - a place for him; NULL: there is none
 * behind_note  - to him alone
 * behind_feed  - whose batch that is; NONE: it is not known
 * behind_epoch - the epoch, open to him; or NULL, and what is to be done
 * behind_read  - the batch, whole and signed; false: it is told why not
 * behind_show  - these items of it */
struct behind *behind_take(struct desk *d, struct stream *s);
void           behind_note(struct desk *d, const struct stream *s, const char *text);
uint32_t       behind_feed(const struct desk *d, uint64_t number);
struct epoch  *behind_epoch(struct desk *d, const struct stream *s, struct behind *b,
                            const struct past *p, enum step *step);
bool           behind_read(struct desk *d, const struct stream *s, const struct epoch *e,
                           const struct past *p, struct batch *out);
void behind_show(struct desk *d, const struct stream *s, struct epoch *e, const struct batch *b,
                 struct part part);

/* behind_walk  - on, through what he missed;  behind_drain - what waits for him leaves: is there more to do? */
bool behind_walk(struct desk *d, struct stream *s, struct behind *b);
bool behind_drain(struct desk *d, struct stream *s, struct behind *b);

#endif
