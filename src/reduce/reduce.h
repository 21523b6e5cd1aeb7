/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REDUCE_REDUCE_H
#define REDUCE_REDUCE_H

#include "base/secret.h"
#include "base/without.h"
#include "feed/report.h"
#include "reduce/cell.h"

/* A report made coarser for one recipient (docs/format/reduce.md).
 *
 * Nothing is random: the same report for the same recipient is the same bytes, so repeating or averaging
 * shows no more than one report does; and what a recipient got can be told from what any other got
 * (reduce/trace.h). */

/* reducing - how much less than the original is shown; zero = as it is
 *
 * position_m   the place, the launch point and the area of impact, no finer than this
 * height_m     the height, no finer than this
 * delay_ms     not before so long after the observation; reduce_due
 * every_ms     not more often than this for one track; reduce/pace.h
 * without      fields that are gone, enum without
 * boxed, box   all places of the source lie in this box, and so do those that are shown; boxed 0: nobody said */
struct reducing {
    uint32_t        position_m, height_m, delay_ms, every_ms, without;
    uint32_t        boxed;
    struct cell_box box;
};

/* REDUCE_POSITION_MAX_M - half the way round the earth: a coarser place is none
 * REDUCE_HEIGHT_MAX_M   - the highest that a report can say */
#define REDUCE_POSITION_MAX_M 20000000u
#define REDUCE_HEIGHT_MAX_M   9999998u

/* reduce_keys - of one recipient
 *
 * shift   the same for all recipients of this party, so that recipients who put theirs together do not
 *         learn what each is kept from
 * mark    this recipient's alone */
struct reduce_keys {
    secret shift, mark;
};

/* reduce_keys_of - out of a secret of the originator's guard; recipient: a party, or a party's one reader */
void reduce_keys_of(const secret *of, span recipient, struct reduce_keys *out);
void reduce_keys_wipe(struct reduce_keys *k);

/* reducing_valid - within the limits above, known fields only
 * fails   LIMIT, MALFORMED */
err reducing_valid(const struct reducing *r);

/* reduce_report - what this recipient is shown of a report
 *
 * A coarser place takes the remarks away as well: free text may say where a thing is.  Its circular error
 * is told so that the true place lies within, unless accuracy is to be hidden.
 *
 * in      a valid report; may be out
 * out     a valid report
 * cost    one HMAC for each value that is made coarser, and two for the track */
void reduce_report(const struct reducing *r, const struct reduce_keys *k, const struct report *in,
                   struct report *out);

/* reduce_uid - the name under which a recipient sees a track whose source is hidden: 16 hexadecimal digits */
void reduce_uid(const secret *mark, const char *uid, char out[static REPORT_UID_MAX + 1]);

/* reduce_due - the instant from which the report may be shown */
instant reduce_due(const struct reducing *r, const struct report *in);

#endif
