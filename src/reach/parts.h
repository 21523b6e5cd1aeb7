/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REACH_PARTS_H
#define REACH_PARTS_H

#include "agreement/agreement.h"

/* An agreement part by part, each as lines for people: so two texts are compared line by line. */

/* part - judged: what it changes is seen in what flows and is owed; defines: so too, but for the name that a line
 * begins with */
enum part_sort { PART_TOLD, PART_DEFINES, PART_JUDGED };

#define PARTS_COUNT 19

/* put - lines; after `|` stands what no person is shown */
struct part {
    const char *text;
    void (*put)(const struct policies *all, const struct agreement *a, struct writer *w);
    enum part_sort sort;
};

extern const struct part parts[PARTS_COUNT];

#endif
