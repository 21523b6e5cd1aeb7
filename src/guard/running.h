/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_RUNNING_H
#define GUARD_RUNNING_H

#include "base/set64.h"
#include "guard/limits.h"
#include "wire/request.h"

/* Epochs that are being sealed now, and under what they were granted: what a pause must stop.  Of this
 * boot only: a guard that starts anew hands out new epochs. */

struct guard;

#define RUNNING_MAX                                                                                \
    192 /* two for each source, and uploads; a product that is long begun makes room */

struct running {
    bool     used, product;
    id       epoch;
    uint16_t source;
    uint64_t since_boot_ms;
    set64    given;                /* partners, by number */
    uint8_t  permit[PARTNERS_MAX]; /* agreement whose clause permits it, for each of these */
};

struct running *running_find(struct guard *g, const id *epoch);
void            running_begin(struct guard *g, const id *epoch, uint16_t source);
void running_given(struct guard *g, const id *epoch, unsigned partner, uint8_t agreement);
void running_end(struct guard *g, const id *epoch);

#endif
