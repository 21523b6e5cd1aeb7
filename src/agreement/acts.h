/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AGREEMENT_ACTS_H
#define AGREEMENT_ACTS_H

#include "agreement/standing.h"

/* What standing.c, notice.c and pause.c ask of a list of instruments: nothing here is for other
 * folders. */

/* acts - the instruments on one agreement that count: known by then, effective by then */
struct acts {
    const struct agreement  *a;
    const struct instrument *list;
    size_t                   count;
    instant                  effective_at, known_at;
};

bool acts_count(const struct acts *of, const struct instrument *i);

/* consent - what all parties consented to, or the most have; at: INSTANT_NEVER until all have
 *
 * consent_of - of one kind, on the agreement of this digest; into NULL: whatever text */
struct consent {
    instant at;
    set64   by;
};
struct consent consent_of(const struct acts *of, enum instrument_kind kind,
                          const uint8_t digest[static 32], const uint8_t *into);

/* notice - what one party's notices have come to
 *
 * at     when it was given
 * ends   when it ends the agreement, unless it is suspended; INSTANT_NEVER when no text says when
 * term   the end of the term that it was in time for; INSTANT_NEVER without a term */
struct notice {
    bool    given, suspended;
    instant at, ends, term;
};

/* notice_of - of one party, under a reading; `start`: entry into force, from which terms are counted
 *
 * cost   a pass for each of its acts on notice, since the list has no order */
struct notice notice_of(const struct acts *of, enum reading r, uint8_t party, instant start);

/* term_end_at - the end of the term that runs at `at`; term_years must not be 0 */
instant term_end_at(const struct agreement *a, instant start, instant at);

/* pause_holds - has the party paused it in one of these directions at any instant from `from` until
 *               effective_at? */
bool pause_holds(const struct acts *of, uint8_t party, unsigned direction, instant from);

#endif
