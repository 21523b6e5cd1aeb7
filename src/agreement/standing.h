/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AGREEMENT_STANDING_H
#define AGREEMENT_STANDING_H

#include "agreement/agreement.h"

/* Standing: what signed acts make of an agreement.  It is never stored: it is folded afresh from
 * the instruments, so a late act changes no recorded verdict, only what is answered from then on.
 */

/* instrument - a signed act on one agreement; its signature was checked before it came here
 *
 * SIGN             the party is bound by exactly the compiled table of this digest
 * NOTIFY           the party tells that its own procedures for entry into force are done
 * PAUSE, RESUME    the party stops giving, or opening what it was given, and goes on: its own
 *                  decision, which changes nothing in the standing of the agreement (paused_set)
 * NOTICE           the party gives notice to end the agreement
 * NOTICE_SUSPEND   it suspends the effect of its notice: no treaty knows this, 2019 did
 * NOTICE_WITHDRAW  it takes notice and suspension back, as if neither had been
 * AMEND            it consents that the text `into` stand in place of this one from the instant `at` on
 * TERMINATE        it consents that the agreement end at the instant `at`
 * READING          it acts, as a giver, on this reading of a suspended notice */
enum instrument_kind {
    INSTRUMENT_SIGN,
    INSTRUMENT_NOTIFY,
    INSTRUMENT_PAUSE,
    INSTRUMENT_RESUME,
    INSTRUMENT_NOTICE,
    INSTRUMENT_NOTICE_SUSPEND,
    INSTRUMENT_NOTICE_WITHDRAW,
    INSTRUMENT_AMEND,
    INSTRUMENT_TERMINATE,
    INSTRUMENT_READING,
    INSTRUMENT_KIND_COUNT
};

/* reading - what became of a notice whose effect its giver suspended: no text says, so both are shown
 *
 * LAPSED  suspended is spent: at the end of its term the agreement was extended, and only a fresh
 *         notice in time ends it
 * HELD    suspended waits: the term was not extended but held open, and a fresh notice lets the first
 *         take effect, at the end of that term or at once where it is past */
enum reading { READING_LAPSED, READING_HELD, READING_COUNT };

/* pause_direction - what a pause stops: a bit each */
enum pause_direction { PAUSE_GIVING = 1, PAUSE_OPENING = 2, PAUSE_BOTH = 3 };

struct instrument {
    enum instrument_kind kind;
    uint8_t              party;      /* who acts */
    uint8_t              direction;  /* enum pause_direction; of PAUSE and RESUME only, else 0 */
    uint8_t              digest[32]; /* of the agreement */
    instant              effective;  /* from when it counts, in its own words */
    instant              accepted;   /* when this gateway recorded it */
    instant              at; /* of AMEND and TERMINATE: from when on, as all must say; else 0 */
    uint8_t              into[32]; /* of AMEND: the digest of the new text; else zero */
    uint8_t              reading;  /* of READING: enum reading; else 0 */
};

enum standing_state {
    STANDING_UNSIGNED, /* a party's signature is missing */
    STANDING_SIGNED,   /* all signed; not in force yet */
    STANDING_IN_FORCE,
    STANDING_ENDED, /* by its term, a notice, consent or another text; the duties to protect go on */
};

/* standing - an agreement at an instant
 *
 * missing    parties whose act the next state waits for
 * since      when this state began; INSTANT_NEVER while a signature is missing
 * term_end   when the running term ends, or the last one ended; INSTANT_NEVER without a term
 * notice_by  the last instant at which a notice still ends it with this term; INSTANT_NEVER without
 * noticed           a party's notice is on record and not withdrawn; known only once it was in force
 * notice_suspended  each such notice is suspended
 * notice_at         when the earliest was given that has effect (or that is suspended, when all
 *                   are); INSTANT_NEVER without
 * ends              when it ends as far as is known, or when it ended; INSTANT_NEVER: no end is known
 * ending            parties that have signed the consent to end or to amend it that all lack, or the first
 *                   to take effect; 0 = nobody has
 * paused_giving     parties that have it paused in this direction, at this instant
 * paused_opening
 */
struct standing {
    enum standing_state state;
    set64               missing;
    instant             since, term_end, notice_by;
    bool                noticed, notice_suspended;
    instant             notice_at, ends;
    set64               ending;
    set64               paused_giving, paused_opening;
};

/* standing_at - the standing at one instant, as known at another, under the reading by which it ends
 *               first (HELD): so this gateway acts
 * standing_read - the same under one reading; where standing_equal says that the two differ, show both
 *
 * list          in any order; acts on other agreements and by non-parties are passed over
 * effective_at  the instant asked about
 * known_at      only instruments accepted by then count
 * cost          one pass, one more for each notice, suspension and withdrawal; no memory
 * holds         the order of the list does not matter; an instrument accepted after known_at changes
 *               nothing; what stands when HELD stands when LAPSED   (test/law/agreement/standing.c)
 * from          GSOMIA article 21: in force on the later notification; a year, then each year unless
 *               notice is given 90 days before */
struct standing standing_at(const struct agreement *a, const struct instrument *list, size_t count,
                            instant effective_at, instant known_at);
struct standing standing_read(enum reading r, const struct agreement *a,
                              const struct instrument *list, size_t count, instant effective_at,
                              instant known_at);
bool            standing_equal(const struct standing *a, const struct standing *b);

/* consent_at - from when on what all parties consented to has effect: the stated instant, or the last party's
 *              act where that is later; INSTANT_NEVER until all have signed the same
 *
 * a         the agreement that is ended or amended
 * into      the digest of the new text; NULL: its end by TERMINATE
 * holds     the first that all consented to has effect; what is signed later never makes it later
 *           (test/law/agreement/consent.c)
 * from      GSOMIA article 21: amended at any time by mutual written consent */
instant consent_at(const struct agreement *a, const struct instrument *list, size_t count,
                   const uint8_t *into, instant effective_at, instant known_at);

/* reading_signed - the reading on which a party said last that it acts, by then; READING_COUNT: it has
 *                  not said, so only what is in force by every reading is; of two at one instant HELD */
enum reading reading_signed(const struct agreement *a, const struct instrument *list, size_t count,
                            uint8_t party, instant effective_at, instant known_at);

/* standing_set - the numbers of the agreements in force at both ends of `now` under every reading, with
 * every agreement that they stand under; what is known is what was accepted by that end.  Pauses are
 * not in it: take away paused_set
 *
 * cost          AGREEMENTS_MAX passes over the list */
set64 standing_set(const struct agreements *all, const struct instrument *list, size_t count,
                   instant low, instant high);

/* standing_given - the same for one giver: by the reading that it signed, where it has signed one
 *
 * read_as   receives which of them stand by which signed reading; may be NULL */
set64 standing_given(const struct agreements *all, const struct instrument *list, size_t count,
                     uint8_t giver, instant low, instant high, set64 read_as[READING_COUNT]);

/* paused_set - the agreements that `giver` has paused at any instant of [from, until], with every
 *              arrangement that stands under one of them, over any number of steps
 *
 * A pause counts from its instant to the next resume by the same party in the same direction; of two
 * at one instant the pause stands.  One that names no direction pauses both, or resumes nothing.
 *
 * list        in any order; acts of others, and on what the giver is no party of, are passed over
 * direction   bits of enum pause_direction: paused in any of them
 * from        after until: every agreement, because nothing can be known
 * known_at    only instruments accepted by then count
 * cost        a pass over the list for each agreement; no memory
 * holds       order does not matter; a longer interval never has fewer (test/law/agreement/pause.c) */
set64 paused_set(const struct agreements *all, const struct instrument *list, size_t count,
                 uint8_t giver, unsigned direction, instant from, instant until, instant known_at);

/* instrument_kind_name - "sign", "notify", "pause", "resume", "notice", "notice-suspend",
 *                        "notice-withdraw", "amend", "terminate", "reading"; instrument_kind_of - the
 *                        reverse, UNKNOWN
 * pause_direction_name - "giving", "opening", "both"; pause_direction_of - the reverse, UNKNOWN
 * standing_state_name - "unsigned", "signed", "in force", "ended"
 * reading_name - "lapsed", "held"; reading_of - the reverse, UNKNOWN */
const char *instrument_kind_name(enum instrument_kind k);
err         instrument_kind_of(span s, enum instrument_kind *out);
const char *pause_direction_name(enum pause_direction d);
err         pause_direction_of(span s, enum pause_direction *out);
const char *standing_state_name(enum standing_state s);
const char *reading_name(enum reading r);
err         reading_of(span s, enum reading *out);

#endif
