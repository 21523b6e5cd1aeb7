/* SPDX-License-Identifier: Apache-2.0 */
/* reach: everything that could ever flow from one party to another. */
#include "cli/reach_law.h"

#include "cli/verbs.h"

static void heading_tell(struct call *c, const struct footing *g, const struct reach *r)
{
    const char *from = g->law->parties.name[r->query.from].text;
    const char *to = g->law->parties.name[r->query.to].text;
    if (r->count == 0) {
        call_tell(c, "Nothing can flow from %s to %s.\n\n" NOT_SAID, from, to);
        return;
    }
    call_tell(c,
              "What can flow from %s to %s, in %zu row%s; what stands in no row does not flow.\n",
              from, to, r->count, r->count == 1 ? "" : "s");
}

static err rows_tell(struct call *c, struct footing *g, const struct reach *r)
{
    static struct witness x;
    heading_tell(c, g, r);
    call_set(c, "rows", json_array());
    for (size_t i = 0; i < r->count; i++) {
        TRY(footing_witness(c, g, &r->row[i], &x));
        call_append(c, "rows", row_json(g, &r->row[i], &x));
        row_tell(c, g, &r->row[i], (unsigned)i + 1, &x);
        call_tell(c, "%s", i + 1 < r->count ? "" : "\n" NOT_SAID);
    }
    return OK;
}

static err reach_tell(struct call *c, struct footing *g)
{
    struct query q = {.through = PARTY_NONE};
    struct reach r;
    TRY(footing_party(c, g, "from", &q.from));
    TRY(footing_party(c, g, "to", &q.to));
    if (call_has(c, "via")) {
        TRY(footing_party(c, g, "via", &q.through));
    }
    err e = reach_find(g->law, &q, &r);
    e = err_is(e) ? e : rows_tell(c, g, &r);
    reach_done(&r);
    return e;
}

err do_reach(struct call *c)
{
    struct footing g = {0};
    err            e = footing_of_call(c, true, &g);
    e = err_is(e) ? e : reach_tell(c, &g);
    footing_done(&g);
    return e;
}
