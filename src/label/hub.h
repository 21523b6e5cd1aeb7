/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LABEL_HUB_H
#define LABEL_HUB_H

#include "label/label.h"
#include "marking/marking.h"

/* Between a label and the guard's marking, by the names of tag sets: "Releasable To", "Display Only" or
 * "Show", "Topic", "Discipline", "Caveats".  The policy of the marking has the name of the scheme.
 * What the other side cannot say is refused, and named; nothing is dropped. */

/* label_loss - what would be lost
 *
 * value   the value, in the scheme's block or in `all`; may be empty
 * why     a literal sentence, never NULL after a failure */
struct label_loss {
    span        value;
    const char *why;
};

/* label_marking - a label as a marking
 *
 * originators  whose it is: no label says it among its categories; at least one
 * out          marking_valid; release_to is empty when the label names nobody: nobody but they
 * fails        UNKNOWN when `all` has no such policy, level or name; MALFORMED when the label or the
 *              marking is not valid, or a category has no place in a marking; loss names it */
err label_marking(const struct policies *all, const struct label *l, set64 originators,
                  struct marking *out, struct label_loss *loss);

/* marking_label - the reverse
 *
 * m       marking_valid
 * s       the scheme of m's policy
 * out     valid; its originators are not in it: a record's originator says them
 * fails   UNKNOWN when the scheme has no such class, tag set or category; loss names it
 * holds   label_marking(marking_label(m), m's originators) = m  (test/law/spif/hub.c) */
err marking_label(const struct policies *all, const struct marking *m, const struct scheme *s,
                  struct label *out, struct label_loss *loss);

#endif
