/* SPDX-License-Identifier: Apache-2.0 */
/* Opening, to be read beside docs/format/verdict.md; opening_table.c is the other one. */
#include "release/verdict.h"

#define EVERY_STEP ((1u << OPENING_STEP_COUNT) - 1)

static bool is_question(const struct policies *all, const struct opening *o)
{
    if (err_is(marking_valid(all, &o->marking)) || o->party >= all->parties.count ||
        o->reader.nationality >= all->parties.count || o->reader.employer >= all->parties.count ||
        o->own_policy >= all->count || o->handled_as >= all->policy[o->own_policy].level_count) {
        return false;
    }
    return o->marking.level.policy != o->own_policy || o->marking.level.rank == o->handled_as;
}

static bool is_admitted(const struct opening *o, uint8_t party)
{
    const struct marking *m = &o->marking;
    return set_has(m->release_to, party) || set_has(m->disclose_to, party) ||
           m->originators == set_one(party) ||
           (party == o->party && set_has(m->originators, party));
}

static bool step_fails(const struct opening *o, enum opening_step s)
{
    const struct clearance *r = &o->reader;
    switch (s) {
    case OPENING_RECALLED:
        return o->recalled;
    case OPENING_CLEARANCE:
        return (r->ranks >> o->handled_as & 1u) == 0;
    case OPENING_NEED:
        return !set_within(o->marking.topics, r->topics);
    case OPENING_NATIONALITY:
        return !is_admitted(o, r->nationality);
    case OPENING_EMPLOYER:
        return !is_admitted(o, r->employer);
    case OPENING_PURPOSE:
        return (o->obligations.duties & DUTY_PURPOSE) != 0 && o->other_purpose;
    case OPENING_REGISTRY:
        return (o->obligations.duties & DUTY_REGISTRY) != 0 && !r->registered;
    case OPENING_PLACE:
        return !is_admitted(o, o->party) || (o->place_ranks >> o->handled_as & 1u) == 0;
    case OPENING_CONTRACTOR:
        return (o->obligations.duties & DUTY_CONTRACTORS) != 0 &&
               (r->employer != o->party || r->hired) && !o->contractor_approved;
    case OPENING_COPIES:
        return (o->obligations.duties & DUTY_COPIES) != 0 && o->copying &&
               o->copied >= o->obligations.copies;
    case OPENING_STEP_COUNT:
        break;
    }
    return true;
}

uint16_t opening_by_reading(const struct tables *t, const struct opening *o)
{
    unsigned failed = 0;
    if (!is_question(&t->policies, o)) {
        return EVERY_STEP;
    }
    for (unsigned s = 0; s < OPENING_STEP_COUNT; s++) {
        failed |= step_fails(o, (enum opening_step)s) ? 1u << s : 0;
    }
    return (uint16_t)failed;
}
