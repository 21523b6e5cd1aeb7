/* SPDX-License-Identifier: Apache-2.0 */
/* Who is alone is alone for everybody.  Most contacts are; then what a report makes is the same in each view that sees it,
 * and is made once. */
#include <string.h>

#include "picture/state.h"

/* LOOKED_MAX - who has more about him is taken to have company: a crowd at one place costs no more than this */
#define LOOKED_MAX 64

/* Of the same stated name: another source's, or the same track under another class */
static bool has_namesake(const struct picture *p, uint32_t contact)
{
    const struct contact *c = &p->contact[contact];
    for (uint32_t at = *bucket_of(p, c->report.uid); at != 0; at = p->contact[at - 1].next) {
        if (at != contact + 1 && strcmp(p->contact[at - 1].report.uid, c->report.uid) == 0) {
            return true;
        }
    }
    return false;
}

/* As a view looks (gates_apart), but of one that was ever joined to others the distance says nothing: theirs counts. */
static bool may_join(const struct contact *c, const struct contact *o)
{
    instant age = o->report.time - c->report.time;
    if (!gate_may(o, c)) {
        return false;
    }
    return o->joined || (age < GATE_AGE_MS && age > -GATE_AGE_MS &&
                         gate_apart_m(&o->report, &c->report) <= gate_m(&o->report, &c->report));
}

bool has_company(const struct picture *p, uint32_t contact)
{
    const struct contact *c = &p->contact[contact];
    uint32_t              cell[CELLS_ABOUT_MAX];
    unsigned              looked = 0;
    size_t                count = cells_about(c->report.place, cell);
    for (size_t i = 0; i < count; i++) {
        for (uint32_t at = p->cell[cell[i]]; at != 0; at = p->link[at - 1].next) {
            if (at == contact + 1) {
                continue;
            }
            if (++looked > LOOKED_MAX || may_join(c, &p->contact[at - 1])) {
                return true;
            }
        }
    }
    return has_namesake(p, contact);
}
