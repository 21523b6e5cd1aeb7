/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_ORACLE_CONDITIONS_H
#define TEST_ORACLE_CONDITIONS_H

#include "oracle/translate.h"

/* Conditions in Cedar, each in brackets.  `f` is always the giver; sets and times are the context's. */

/* put_names, put_level_set, put_agreements - "[\"KOR\", \"JPN\"]" */
void put_names(const struct names *n, set64 members, FILE *f);
void put_level_set(const struct law *law, const struct levels *levels, FILE *f);
void put_agreements(const struct law *law, set64 members, FILE *f);

/* law_up - the agreement and all it stands under; `whole` false when one of them is not loaded */
set64 law_up(const struct law *law, unsigned agreement, bool *whole);
void  put_stands(const struct law *law, unsigned agreement, FILE *f);

/* put_holds, put_touches - a scope; `owner` has the terms that it names */
void put_holds(const struct law *law, const struct scope *s, const struct terms *t,
               const char *owner, FILE *f);
void put_touches(const struct law *law, const struct scope *s, const struct terms *t,
                 const char *owner, FILE *f);

/* put_never - a prohibition of that agreement touches, and is not met, when `giver` gives */
void put_never(const struct law *law, unsigned agreement, const struct clause *n, uint8_t giver,
               FILE *f);
bool never_concerns(const struct clause *n, uint8_t giver);

#endif
