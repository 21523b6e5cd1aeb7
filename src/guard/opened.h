/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_OPENED_H
#define GUARD_OPENED_H

#include "base/text.h"
#include "wire/id.h"

/* Who has opened what, as far as it is remembered: so that a recall can say it.  A fold over the leaves
 * `opened`, of bounded size: in each group the oldest make room. */

#define OPENED_GROUPS  2048
#define OPENED_GROUP   8 /* 16,384 handles */
#define OPENED_PERSONS 8 /* told apart for each; more are "8 or more" */

struct opened_item {
    id       handle;
    uint32_t times; /* 0: free */
    uint32_t last;  /* by a count of openings: the smallest is the oldest */
    uint8_t  persons;
    bool     more; /* there were others that are no longer known */
    uint16_t person[OPENED_PERSONS];
};

struct opened {
    uint32_t           count;
    bool               lost[OPENED_GROUPS]; /* some of this group made room */
    struct opened_item item[OPENED_GROUPS][OPENED_GROUP];
};

struct guard;
struct leaf_head;

/* openings - how often, by how many; more: or more than that */
struct openings {
    uint32_t times, persons;
    bool     more;
};
/* opened_by - has this person, by number, opened it?  False too when it is not remembered any more */
bool            opened_by(const struct guard *g, const id *handle, uint16_t person);
struct openings opened_of(const struct guard *g, const id *handle);

err opened_fold(struct guard *g, const struct leaf_head *head);

#endif
