/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/added.h"

#include "cli/marking_value.h"
#include "marking/names.h"

err added_marking(const struct policies *all, const struct marking *m, level added,
                  struct marking *out)
{
    struct marking made = *m;
    unsigned       party;
    if (m->caveats != 0) {
        return FAIL(DENIED, "its marking has caveats, which no other policy has words for");
    }
    TRY(names_find(&all->parties, name_span(&all->policy[added.policy].name), &party));
    made.level = added;
    made.originators = set_one(party);
    *out = made;
    return OK;
}

/* Names of a directory (RFC 4514): the forms of labels have no other word for a party. */
static void names_put(span originators, struct writer *w)
{
    for (bool first = true; originators.len > 0; first = false) {
        put_text(w, first ? "O=" : "+O=");
        put_span(w, span_cut(&originators, ','));
    }
}

err added_name(const struct call *c, span originators, struct label_record *r)
{
    if (!value_leaves_out(c, "kind")) {
        r->kind = LABEL_ALTERNATIVE;
    }
    if (!value_leaves_out(c, "originator")) {
        struct writer w = writer_of((uint8_t *)r->originator, sizeof r->originator - 1);
        memset(r->originator, 0, sizeof r->originator);
        names_put(originators, &w);
        if (w.bad) {
            return FAIL(LIMIT, "there is no room for the names of the originators");
        }
        r->originator_type = ORIGINATOR_DIRECTORY_NAME;
    }
    return OK;
}
