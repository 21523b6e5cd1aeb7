/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_ORIGIN_H
#define GUARD_ORIGIN_H

#include "guard/kept.h"

/* own_marking - the marking of what begins here: of the own policy, with the own party as originator
 *
 * fails   DENIED when it is another's; as marking_read */
err own_marking(struct guard *g, span text, struct marking *out);

/* submission_take - of the request SUBMIT, a product (docs/format/submission.md) */
#define SUBMISSION_TITLE "accord submission 1"
err submission_take(struct guard *g, const struct request_context *c, span text, span signature);

/* submit_refused - the leaf of a signed text that was not taken; equal ones are counted
 *
 * step    what did not let it pass: "marking", "presence" */
void submit_refused(struct guard *g, span text, const char *step, err e);

/* source_listening - is its address listened to, and why not, in words; LISTENING_YES when it is */
#define LISTENING_YES "yes"
const char *source_listening(const struct guard *g, const struct source *s);

/* text_copy - a text into `max` bytes with a NUL behind it; "-" is an empty one
 *
 * fails   LIMIT */
err text_copy(span text, char *out, size_t max, err longer);

/* epoch_origin - of what is derived from a feed: the feed, its epoch, for whom, and the clause that lets it go */
struct epoch_origin {
    const name       *source;
    const id         *of;
    const name       *recipient;
    struct clause_ref permit;
};

/* feed_kept  - what begins when an epoch of this source does: cover, level, whose it is
 * cover_said - where it lies and how much less it shows, into its cover
 * epoch_make - key, cover and slot of a new epoch, and the lines of its leaf: record that next
 * ahead_tell - to check, that it began; to the courier, of an epoch of what is urgent: its grant is asked for before there is anything of it,
 *              so that the first warning under it does not wait
 *
 * from     NULL: it is derived from nothing
 * fails    as kept_put */
err  feed_kept(struct guard *g, const struct source *s, const id *epoch, struct kept *k);
void cover_said(const struct extent *e, const struct reduction *r, struct cover *out);
err  epoch_make(struct guard *g, struct kept *k, const uint8_t sealer[static SIGN_PUBLIC_LEN],
                const struct epoch_origin *from, struct leaf *l);
void ahead_tell(struct guard *g, const struct source *s, const id *epoch);

/* said_take - the lines `extent` and `reduced` of a source or a submission, each of which may be left out
 *
 * fails   MALFORMED, UNKNOWN as extent_read and reduction_read */
err said_take(struct lines *l, struct extent *extent, struct reduction *reduced);

#endif
