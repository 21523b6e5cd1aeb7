/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_INSTANT_H
#define BASE_INSTANT_H

#include "base/err.h"
#include "base/span.h"
#include "base/writer.h"

/* instant - milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted
 *
 * Machines never ask for the time: they are told it. */
typedef int64_t instant;

#define INSTANT_NEVER INT64_MAX
#define MS_PER_SECOND INT64_C(1000)
#define MS_PER_MINUTE (60 * MS_PER_SECOND)
#define MS_PER_HOUR   (60 * MS_PER_MINUTE)
#define MS_PER_DAY    (24 * MS_PER_HOUR)

/* put_instant - RFC 3339 in UTC with milliseconds: 2016-11-23T00:00:00.000Z
 * put_date    - the day of it: 2016-11-23 */
void put_instant(struct writer *w, instant t);
void put_date(struct writer *w, instant t);

/* text_instant - RFC 3339 in UTC ('Z' only), 0 to 9 fraction digits (past the third they are
 * dropped), years 1970 … 9999 text_date    - YYYY-MM-DD, the instant at which that day begins in
 * UTC
 *
 * fails   MALFORMED on anything else, days that do not exist included */
err text_instant(span s, instant *out);
err text_date(span s, instant *out);

/* instant_add_years - the same day `years` later; 29 February becomes 1 March in a common year */
instant instant_add_years(instant t, int years);

#endif
