/* SPDX-License-Identifier: Apache-2.0 */
/* Opening by sets: what everybody must be in, all at once. */
#include "release/verdict.h"

static const char *const step_names[OPENING_STEP_COUNT] = {
    [OPENING_RECALLED] = "recalled",
    [OPENING_CLEARANCE] = "clearance",
    [OPENING_NEED] = "need",
    [OPENING_NATIONALITY] = "nationality",
    [OPENING_EMPLOYER] = "employer",
    [OPENING_PURPOSE] = "purpose",
    [OPENING_REGISTRY] = "registry",
    [OPENING_PLACE] = "place",
    [OPENING_CONTRACTOR] = "contractor",
    [OPENING_COPIES] = "copies",
};

const char *opening_step_name(enum opening_step s)
{
    MUST((unsigned)s < OPENING_STEP_COUNT);
    return step_names[s];
}

/* Those who may see it at this party's desk */
static set64 admitted(const struct opening *o)
{
    const struct marking *m = &o->marking;
    set64                 listed = m->release_to | m->disclose_to;
    set64                 own = m->originators & set_one(o->party);
    bool                  alone = (m->originators & (m->originators - 1)) == 0;
    return listed | own | (alone ? m->originators : 0);
}

static bool makes_sense(const struct tables *t, const struct opening *o)
{
    const struct policies *p = &t->policies;
    const uint8_t          parties[] = {o->party, o->reader.nationality, o->reader.employer};
    bool                   sense = !err_is(marking_valid(p, &o->marking));
    for (size_t i = 0; i < ARRAY_LEN(parties); i++) {
        sense = sense && parties[i] < p->parties.count;
    }
    sense = sense && o->own_policy < p->count;
    sense = sense && o->handled_as < p->policy[o->own_policy].level_count;
    bool own = o->marking.level.policy == o->own_policy;
    return sense && !(own && o->marking.level.rank != o->handled_as);
}

uint16_t opening_by_table(const struct tables *t, const struct opening *o)
{
    if (!makes_sense(t, o)) {
        return UINT16_MAX >> (16 - OPENING_STEP_COUNT);
    }
    const struct clearance *r = &o->reader;
    set64                   may = admitted(o);
    uint16_t                rank = (uint16_t)(1u << o->handled_as);
    uint32_t                owed = o->obligations.duties;
    unsigned                left = o->obligations.copies > o->copied ? 1 : 0;
    set64                   staff = r->hired ? 0 : set_one(o->party);
    const bool              fails[OPENING_STEP_COUNT] = {
                     [OPENING_RECALLED] = o->recalled,
                     [OPENING_CLEARANCE] = (rank & ~r->ranks) != 0,
                     [OPENING_NEED] = (o->marking.topics & ~r->topics) != 0,
                     [OPENING_NATIONALITY] = (set_one(r->nationality) & ~may) != 0,
                     [OPENING_EMPLOYER] = (set_one(r->employer) & ~may) != 0,
                     [OPENING_PURPOSE] = o->other_purpose && (owed & DUTY_PURPOSE) != 0,
                     [OPENING_REGISTRY] = !r->registered && (owed & DUTY_REGISTRY) != 0,
                     [OPENING_PLACE] = (rank & ~o->place_ranks) != 0 || !set_has(may, o->party),
                     [OPENING_CONTRACTOR] = (owed & DUTY_CONTRACTORS) != 0 &&
                                            !(o->contractor_approved || set_has(staff, r->employer)),
                     [OPENING_COPIES] = (owed & DUTY_COPIES) != 0 && o->copying && left == 0,
    };
    uint16_t failed = 0;
    for (unsigned s = 0; s < OPENING_STEP_COUNT; s++) {
        failed = (uint16_t)(failed | fails[s] << s);
    }
    return failed;
}

uint16_t opening_decide(const struct tables *t, const struct opening *o, bool *differ)
{
    uint16_t by_table = opening_by_table(t, o), by_reading = opening_by_reading(t, o);
    *differ = by_table != by_reading;
    return *differ ? (uint16_t)((1u << OPENING_STEP_COUNT) - 1) : by_reading;
}
