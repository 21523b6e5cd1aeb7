/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECK_RULES_H
#define CHECK_RULES_H

#include "check/inspect.h"
#include "check/report_own.h"

/* What a report must be, beyond being one: as its source makes them, and as its recipient may have them. */

/* rules_source  - of its source;   returns   FORM, AREA, WITHOUT, DATE
 * rules_reduced - of a derived epoch;   returns   PLACE, HEIGHT, EXACT, HIDDEN, EARLY */
enum inspect_fault rules_source(const struct inspect_row *t, const struct own_report *r,
                                instant now);
enum inspect_fault rules_reduced(const struct inspect_row *t, const struct own_report *r,
                                 instant now);

/* HOW_HIDDEN - what stands in place of how a report was made: a machine made it
 * rules_uid_hidden - is it a name that is given where the source's own is taken away: 16 hexadecimal digits? */
#define HOW_HIDDEN "m"
bool rules_uid_hidden(span uid);

#endif
