/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FEED_FACTS_H
#define FEED_FACTS_H

#include "base/instant.h"
#include "base/text.h"
#include "feed/arc.h"
#include "feed/report.h"

/* Past missile launches as public sources give them, to be played again in exercises:
 * docs/format/facts.md */

#define FACTS_MAX        256 /* more than any public chronology of one decade */
#define FACTS_CREDIT_MAX 255
#define LAUNCH_CLASS_MAX 7 /* SRBM, … Unknown */
#define LAUNCH_SITE_MAX  63

/* launch - one line of the file */
struct launch {
    instant      at; /* to the minute */
    struct place place;
    uint32_t     apogee_m;
    uint32_t     distance_m;
    uint32_t     bearing_cdeg;
    char class[LAUNCH_CLASS_MAX + 1];
    name missile;
    char site[LAUNCH_SITE_MAX + 1];
};

struct facts {
    char          credit[FACTS_CREDIT_MAX + 1]; /* to be shown with the figures */
    size_t        count;
    struct launch launch[FACTS_MAX];
};

/* facts_read - the whole file; every launch in it can be flown (arc_make)
 *
 * out     half-filled on failure
 * line    receives the number of the line, from 1, at which reading failed
 * fails   MALFORMED on any form but the canonical one, or launches out of order; LIMIT on a figure
 *         past its range or more than FACTS_MAX launches
 *
 * launch_format - the line of a launch, with its newline */
err  facts_read(span text, struct facts *out, size_t *line);
void launch_format(const struct launch *l, struct writer *w);

/* launch_shape - what arc_make asks for */
struct arc_shape launch_shape(const struct launch *l);

#endif
