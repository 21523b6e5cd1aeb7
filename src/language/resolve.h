/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LANGUAGE_RESOLVE_H
#define LANGUAGE_RESOLVE_H

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

/* resolve_level - one; resolve_ceiling - every level at most one of those named */
bool resolve_level(struct draft *draft, const struct token *t, level *out);
bool resolve_ceiling(struct draft *draft, const struct statement *s, struct levels *out,
                     struct levels *named);

bool resolve_number(struct draft *draft, const struct statement *s, enum slot slot, unsigned least,
                    unsigned most, unsigned *out);
bool resolve_date(struct draft *draft, const struct statement *s, instant *out);

/* resolve_time - <number> <unit>, at most RECEIPT_MS_MAX */
bool resolve_time(struct draft *draft, const struct statement *s, uint32_t *out);

/* resolve_word - the slot's word as one of `words` (NULL after the last): its place */
bool resolve_word(struct draft *draft, const struct token *t, const char *const *words,
                  unsigned *out);

/* tell - an error at a place */
void tell(struct draft *draft, struct place at, const char *sentence);

/* party_of_policy - the party whose scheme it is; PARTY_NONE when no party has that name */
uint8_t party_of_policy(const struct policies *all, uint8_t policy);

#endif
