/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AGREEMENT_LAYERS_H
#define AGREEMENT_LAYERS_H

#include "agreement/agreement.h"

/* Layers: what stands under an agreement only tightens it.  A verdict takes the strictest of all that apply, so
 * what loosens would never count, and nobody is to sign it: it is told when a text is judged, and refused when
 * one is compiled to be signed, signed or loaded.  National rules cannot loosen: none of them permits. */

/* what a text asks less of, or permits more of, than what it stands under */
enum loosening_kind {
    LOOSENS_DUTIES, /* owed for all that is given under it: `duties` are those in looser measure */
    LOOSENS_OWED,   /* the same, of the permission `clause` alone */
    LOOSENS_LIFTED, /* the never `clause` has an exception, and the one above has none */
    LOOSENS_END,    /* less is done with what was given, once it has ended */
    LOOSENS_FORBIDDEN, /* all of the permission `clause` is forbidden by the never `by` */
    LOOSENS_COVERED,   /* the permission `clause` names levels that nothing covers */
    LOOSENS_UNCOVERED, /* it names no others */
};

/* loosening - one such case
 *
 * above    the agreement that is stricter, or the text itself, which a permission may not loosen either;
 *          NULL of levels
 * clause   place in the text's clauses      by   place in those of `above` */
struct loosening {
    enum loosening_kind     kind;
    const struct agreement *above;
    uint32_t                duties;
    unsigned                clause, by;
};

/* layers - a text, and what is loaded beside it
 *
 * all     what it stands under is looked up there by name; what is not there is passed over
 * text    of `all`, or not yet */
struct layers {
    const struct policies  *policies;
    texts                   all;
    const struct agreement *text;
};

/* above - numbers of all that a text stands under, however far up, the nearest first; has: by number */
struct above {
    unsigned count;
    uint8_t  number[TEXTS_MAX];
    bool     has[TEXTS_MAX];
};

/* layers_above - those that are there
 *
 * returns are all of them there? */
bool layers_above(const struct layers *l, struct above *out);

/* layers_judge - calls `take` for each case
 *
 * cost    clauses of the text times those of all above it, no memory */
void layers_judge(const struct layers *l, void (*take)(void *ctx, const struct loosening *one),
                  void                *ctx);

/* layers_hold - does it loosen nothing?  Of an agreement, which stands under nothing, only what contradicts itself.
 *
 * fails   CONFLICT, with the first case */
err layers_hold(const struct layers *l);

#endif
