/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LANGUAGE_RESOLVE_H
#define LANGUAGE_RESOLVE_H

#include <inttypes.h>

#include "config/nearest.h"
#include "language/draft.h"

/* From the words that fill a slot to what they mean.  Each tells of its mistakes with a "did you
 * mean", and returns false when there was one; out is then untouched. */

#define SET_ANY UINT64_MAX

bool resolve_party(struct draft *draft, const struct statement *s, enum slot slot, uint8_t *out);
bool resolve_parties(struct draft *draft, const struct statement *s, enum slot slot, set64 *out);

/* resolve_topics, resolve_disciplines - a set; SET_ANY for the one word `any` */
bool resolve_topics(struct draft *draft, const struct statement *s, set64 *out);
bool resolve_disciplines(struct draft *draft, const struct statement *s, set64 *out);

/* resolve_kinds - kinds into scope.kinds
 * resolve_what  - kinds or, all of them, disciplines: into the one or the other of the scope */
bool resolve_kinds(struct draft *draft, const struct statement *s, struct scope *out);
bool resolve_what(struct draft *draft, const struct statement *s, struct scope *out);

/* resolve_level - one; resolve_top - one, or those that the text defines by this name;
 * resolve_tops - of a list of such;
 * resolve_ceiling - every level at most one of those named */
bool resolve_level(struct draft *draft, const struct token *t, level *out);
bool resolve_top(struct draft *draft, const struct token *t, struct levels *out);
bool resolve_tops(struct draft *draft, const struct statement *s, enum slot slot,
                  struct levels *out);
bool resolve_ceiling(struct draft *draft, const struct statement *s, struct levels *out,
                     struct levels *named);

bool resolve_number(struct draft *draft, const struct statement *s, enum slot slot, unsigned least,
                    unsigned most, unsigned *out);
bool resolve_date(struct draft *draft, const struct statement *s, enum slot slot, instant *out);

/* resolve_above - every level that is at most none of those named, of their policies */
bool resolve_above(struct draft *draft, const struct statement *s, struct levels *out);

/* resolve_time   - <number> <unit>, at most `most` milliseconds
 * resolve_within - that, or in its place the name of a parameter */
bool resolve_time(struct draft *draft, const struct statement *s, uint64_t most, uint64_t *out);
bool resolve_within(struct draft *draft, const struct statement *s, uint64_t most, uint64_t *out);

/* resolve_measure - a slot of a number and its unit, such as 1.5 km
 *
 * sort    which units may stand, and what out counts
 * most    the largest that may be meant, in that */
enum measure { MEASURE_METRES, MEASURE_CENTIMETRES, MEASURE_MS };
bool resolve_measure(struct draft *draft, const struct statement *s, enum slot slot,
                     enum measure sort, uint32_t most, uint32_t *out);

/* resolve_point - the i-th latitude and longitude of a slot, such as 38.5N 128.4E, in 1e-7 degrees
 * resolve_hour  - 09:00, in milliseconds of the day; 24:00 too */
bool resolve_point(struct draft *draft, const struct statement *s, enum slot slot, unsigned i,
                   struct area_point *out);
bool resolve_hour(struct draft *draft, const struct statement *s, enum slot slot, uint32_t *out);

/* resolve_term - the slot's name as an area, window or reduction that the text defines; TERM_NONE
 * when the statement has no such slot */
bool resolve_term(struct draft *draft, const struct statement *s, enum slot slot, enum sort sort,
                  uint8_t *out);

/* resolve_word - the slot's word as one of `words` (NULL after the last): its place */
bool resolve_word(struct draft *draft, const struct token *t, const char *const *words,
                  unsigned *out);

/* definition_find - what the text defines by this name, of this sort; NULL when it does not
 * try_definitions - the names of that sort, for a "did you mean"
 * tell_unknown    - that no <sort> is called so    warn_twice - that a list has it already */
struct definition *definition_find(struct draft *draft, enum sort sort, span wanted);
void               try_definitions(const struct draft *draft, enum sort sort, struct nearest *n);
struct diagnostic *tell_unknown(struct draft *draft, const struct token *t, const char *sort,
                                const struct nearest *n);
void               warn_twice(struct draft *draft, const struct token *t);

/* parameter_find - by name; NULL when the head states none */
struct parameter *parameter_find(struct draft *draft, span wanted);

/* tell - an error at a place; without a hint of its own it gets an example of the statement, in the end
 * tell_hint - with what to do about it */
void tell(struct draft *draft, struct place at, const char *sentence);
void tell_hint(struct draft *draft, struct place at, const char *sentence, const char *hint);

/* party_of_policy - the party whose scheme it is; PARTY_NONE when no party has that name */
uint8_t party_of_policy(const struct policies *all, uint8_t policy);

#endif
