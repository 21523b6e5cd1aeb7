/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_RUNNING_H
#define GUARD_RUNNING_H

#include "base/set64.h"
#include "guard/limits.h"
#include "wire/request.h"

/* Epochs that are being sealed, or lately were, and under what they were granted: what a pause must stop.
 * Of this start only: a guard that starts anew hands out new epochs. */

struct guard;

#define RUNNING_MAX                                                                                \
    256 /* two for each source and what is derived from it; the oldest that is not open makes room */

/* RUNNING_LEFT - its sealer has gone without closing it: only the courier can say how much there is */
enum running_state { RUNNING_FREE, RUNNING_OPEN, RUNNING_CLOSED, RUNNING_LEFT };

struct running {
    enum running_state state;
    bool               product;
    id                 epoch;
    uint16_t           source;
    uint64_t           since_boot_ms;
    uint64_t           items;                /* RUNNING_CLOSED: as its sealer said */
    set64              given;                /* partners, by number */
    uint8_t            permit[PARTNERS_MAX]; /* for each of these the agreement whose clause permits
                                                it; CLAUSE_NONE: given by act */
};

/* running_find - NULL when it is not, or no longer, known */
struct running *running_find(struct guard *g, const id *epoch);

/* running_begin  - a sealer was given a key; source SOURCE_NONE: a product
 * running_given  - this partner was granted it; nothing when it is not known
 * running_closed - its sealer says that it seals no more, and how many items there are
 * running_cut    - these partners get no more of it: a later pause leaves it as it is
 * running_left   - a sealer started anew: what it had open nobody will close */
void running_begin(struct guard *g, const id *epoch, uint16_t source);
void running_given(struct guard *g, const id *epoch, unsigned partner, uint8_t agreement);
void running_closed(struct guard *g, const id *epoch, uint64_t items);
void running_cut(struct guard *g, const id *epoch, set64 partners);
void running_left(struct guard *g, bool products);

#endif
