/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SOURCE_LABELS_H
#define CLI_SOURCE_LABELS_H

#include "base/text.h"
#include "cli/call.h"

/* source_labels - what the events of a source may say of themselves (docs/format/cot-profile.md), as lines of the
 *                 act: access, and, when they are given, caveat and releasable-to
 *
 * With --releasable-to the three are a whole marking, and must be the source's.
 *
 * fails   MALFORMED as a usage error for a caveat alone; as cot_marking; CONFLICT when they say another
 *         marking */
err source_labels(struct call *c, const name *party, struct writer *w);

#endif
