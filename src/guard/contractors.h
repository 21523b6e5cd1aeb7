/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARD_CONTRACTORS_H
#define GUARD_CONTRACTORS_H

#include "guard/limits.h"
#include "guard/mailbox.h"
#include "guard/onward.h"

/* Which contractors an originator lets open what it gave, where the agreement owes that it is asked first
 * (docs/format/duties.md).  A fold over the acts of the one and the letters to the other. */

#define CONTRACTORS_EACH                                                                           \
    64 /* approvals towards one partner, and of one partner; those that are over make room */
#define CONTRACTORS_MAX       (PARTNERS_MAX * CONTRACTORS_EACH)
#define CONTRACTOR_TOPICS_MAX 384 /* bytes of their list: a row of a table has 1,024 */
#define CONTRACTORS_KEPT_MS                                                                        \
    MS_PER_DAY /* own ones that are over: the partner's clock may be behind */

/* contractor - one approval: these people, these items, so high, so long
 *
 * leaf      of its act, at the originator; 0: the place is free
 * letter    at the one that is told: the leaf of the letter
 * employer, firm, facility    as the registry there has them; firm "": the employer's own people
 * agreement what came under it; "": one item
 * item      at the originator its epoch; there the handle */
struct contractor {
    uint64_t leaf, letter;
    name     employer, firm, facility, agreement;
    id       item;
    level    level;  /* of the originator's policy: the highest */
    set64    topics; /* every topic of an item is among them */
    instant  until;
    bool     sent, revoked, told; /* told: the letter of its end has gone */
    char     purpose[PURPOSE_MAX];
};

/* contractors - each partner's share lies together */
struct contractors {
    struct contractor given[CONTRACTORS_MAX], had[CONTRACTORS_MAX];
};

struct guard;
struct kept;
struct lines;
struct marking;
struct opening;
struct person;
struct writer;

/* contractor_take - the lines that act and letter share, from `employer` on
 *
 * body    ends before the line after `purpose`
 * from    whose policy the level is of
 * fails   MALFORMED, LIMIT, UNKNOWN; DENIED when the level is of another policy */
err contractor_take(struct guard *g, struct lines *body, const name *from, struct contractor *out);

/* contractor_room - a free place of that partner's share, or of one that is over; NULL: there is none */
struct contractor *contractor_room(struct guard *g, unsigned partner);

/* contractor_leave - who approved that this person opens this item now
 *
 * handle  under which it lies here
 * until   receives when the first of the approvals ends
 * w       receives a line `approval` for each: the leaf of its letter; NULL: not wanted
 * gives   false when an originator other than the own party did not */
bool contractor_leave(const struct guard *g, const id *handle, const struct kept *k,
                      const struct marking *m, const struct person *p, instant *until,
                      struct writer *w);

/* is_contractor - is this person in another's employ than the own party's? */
bool is_contractor(const struct guard *g, const struct person *p);

/* contractors_turn - letters that are to go; from guard_tick */
void contractors_turn(struct guard *g);

/* contractor_row - the i-th place, with its line `row`; false: it is free */
#define CONTRACTOR_ROWS (2 * CONTRACTORS_MAX)
bool contractor_row(const struct guard *g, unsigned i, unsigned row, struct writer *w);

/* the letters `contractor` and `contractor-end` */
err letter_contractor_check(struct guard *g, const struct letter_view *v);
err letter_contractor_fold(struct guard *g, const struct letter_view *v);
err letter_contractor_sent_fold(struct guard *g, const struct letter_view *v);
err letter_contractor_end_check(struct guard *g, const struct letter_view *v);
err letter_contractor_end_fold(struct guard *g, const struct letter_view *v);
err letter_contractor_end_sent_fold(struct guard *g, const struct letter_view *v);

#endif
