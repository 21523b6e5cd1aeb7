/* SPDX-License-Identifier: Apache-2.0 */
/* replay: does every recorded verdict follow from its recorded case, under what was in force then? */
#include <inttypes.h>

#include "cli/audit.h"
#include "cli/matter.h"
#include "cli/verbs.h"

struct replay {
    struct call *call;
    uint64_t     count[LEAF_KIND_COUNT], recomputed, differ;
};

static void differ_tell(struct replay *r, const struct history_step *step, err e)
{
    call_tell(r->call, "leaf %" PRIu64 " (%s): %s", step->index, leaf_kind_name(step->head.kind),
              e.why);
    call_append(r->call, "different",
                json_pack("{s:I, s:s, s:s, s:s}", "leaf", (json_int_t)step->index, "kind",
                          leaf_kind_name(step->head.kind), "error", e.why, "code",
                          err_name(e.code)));
}

static err leaf_replay(void *ctx, const struct history *h, const struct history_step *step)
{
    struct replay *r = ctx;
    struct matter  m;
    if (!matter_of(&step->head, &m)) {
        return OK;
    }
    r->recomputed++;
    r->count[step->head.kind]++;
    err e = matter_check(h, &m);
    if (err_is(e)) {
        r->differ++;
        differ_tell(r, step, e);
    }
    return OK;
}

err do_replay(struct call *c)
{
    static const enum leaf_kind kind[] = {LEAF_RELEASED, LEAF_HELD, LEAF_REFUSED, LEAF_RECEIVED};
    static struct replay        r;
    static struct audit         a;
    r = (struct replay){.call = c};
    a = (struct audit){.take = leaf_replay, .ctx = &r};
    TRY(call_dir_is_party(c, c->arg[0]));
    err e = audit_ledger(&a, c->arg[0]);
    if (err_is(e)) {
        call_about(c, "ledger, position %" PRIu64, a.end.position);
        return e;
    }
    for (size_t i = 0; i < ARRAY_LEN(kind); i++) {
        call_set_number(c, leaf_kind_name(kind[i]), r.count[kind[i]]);
    }
    call_set_number(c, "recomputed", r.recomputed);
    call_set_number(c, "differ", r.differ);
    call_tell(c,
              "%" PRIu64 " verdicts recomputed (%" PRIu64 " released, %" PRIu64 " held, %" PRIu64
              " refused, %" PRIu64 " received), %" PRIu64 " differ",
              r.recomputed, r.count[LEAF_RELEASED], r.count[LEAF_HELD], r.count[LEAF_REFUSED],
              r.count[LEAF_RECEIVED], r.differ);
    audit_done(&a);
    return r.differ == 0 ? OK : FAIL(CONFLICT, "a recorded verdict does not follow from its case");
}
