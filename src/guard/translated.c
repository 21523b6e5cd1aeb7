/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/translated.h"

#include "guard/opened.h"
#include "guard/opening.h"

/* The first would have to be kept for the translation too, and nothing watches what began here; the second
 * are kept for the original alone. */
#define NOT_FOR_TRANSLATIONS (DUTY_DESTROY | DUTY_LEASE)
#define OF_THE_ORIGINAL      (DUTY_COPIES | DUTY_CERTIFICATE)

/* The own level that the original is handled as, or a higher one. */
static bool is_as_high(const struct guard *g, const struct marking *m, const struct opening *o)
{
    const struct policy *own = &g->tables.policies.policy[o->own_policy];
    return m->level.policy == o->own_policy &&
           own->level[m->level.rank].hierarchy >= own->level[o->handled_as].hierarchy;
}

static err is_as_strict(const struct guard *g, const struct marking *m, const struct opening *o)
{
    const struct marking *was = &o->marking;
    if (was->caveats != 0) {
        return FAIL(DENIED, "the original has caveats, for which the own policy has no words");
    }
    if (!is_as_high(g, m, o)) {
        return FAIL(DENIED, "a translation is of the own level that its original is handled as, or "
                            "of a higher one");
    }
    if (m->originators != was->originators) {
        return FAIL(DENIED, "a translation names the originators of its original, and no others");
    }
    if (!set_within(was->topics, m->topics) || !set_within(was->disciplines, m->disciplines)) {
        return FAIL(DENIED, "a translation has every topic and discipline of its original");
    }
    return set_within(m->release_to, was->release_to) &&
                   set_within(m->disclose_to, was->release_to | was->disclose_to)
               ? OK
               : FAIL(DENIED, "a translation is for nobody whom its original does not name");
}

err translated(struct guard *g, const id *original, const struct person *author,
               const struct marking *m, struct kept *k)
{
    struct kept    was = {0};
    struct opening o;
    err            e = opening_now(g, original, author, &was, &o);
    secret_wipe(&was.key);
    TRY(e);
    if (was.kind != KEPT_RECEIVED || cover_is_feed(&was.cover)) {
        return FAIL(DENIED, "a translation is of a product that came from a partner");
    }
    if (!opened_by(g, original, (uint16_t)(author - g->person))) {
        return FAIL(DENIED, "who translates an item has opened it before");
    }
    if ((was.owed.duties & NOT_FOR_TRANSLATIONS) != 0) {
        return FAIL(DENIED, "what is owed for its original cannot be kept for a translation");
    }
    TRY(is_as_strict(g, m, &o));
    k->cover.originator = was.cover.originator;
    k->owed = was.owed;
    k->owed.duties &= ~(uint32_t)OF_THE_ORIGINAL;
    k->owed.copies = k->owed.certifiers = 0;
    return OK;
}
