/* SPDX-License-Identifier: Apache-2.0 */
/* replay: does every recorded verdict follow from its recorded case, under what was in force then? */
#include <inttypes.h>

#include "cli/audit.h"
#include "cli/coarser.h"
#include "cli/duties.h"
#include "cli/matter.h"
#include "cli/rooms_said.h"
#include "cli/verbs.h"

#define AHEAD_MS  (2 * MS_PER_SECOND) /* a pause has effect so long before its leaf, at most */
#define AHEAD_MAX 256

/* ahead - a verdict that leaves out what stood: the pause that explains it is recorded a moment later, or
 * the guard was ended before it could be */
struct ahead {
    uint64_t       index;
    enum leaf_kind kind;
    instant        until;
    set64          left_out;
};

struct replay {
    struct call       *call;
    uint64_t           count[LEAF_KIND_COUNT], recomputed, duties, differ, rooms, derived, more;
    struct rooms_said *said;
    unsigned           ahead_count;
    struct ahead       ahead[AHEAD_MAX];
};

static void differ_tell(struct replay *r, uint64_t index, enum leaf_kind kind, err e)
{
    r->differ++;
    call_tell(r->call, "leaf %" PRIu64 " (%s): %s", index, leaf_kind_name(kind), e.why);
    call_append(r->call, "different",
                json_pack("{s:I, s:s, s:s, s:s}", "leaf", (json_int_t)index, "kind",
                          leaf_kind_name(kind), "error", e.why, "code", err_name(e.code)));
}

/* ---- what a pause explains that comes a moment later ---- */

static void ahead_tell(struct replay *r, const struct ahead *a)
{
    differ_tell(r, a->index, a->kind,
                FAIL(CONFLICT, "a verdict leaves out an agreement that stood at that time"));
}

static void ahead_add(struct replay *r, const struct history_step *step, set64 left_out)
{
    struct ahead one = {step->index, step->head.kind, step->head.time + AHEAD_MS, left_out};
    if (r->ahead_count == AHEAD_MAX) {
        ahead_tell(r, &one);
        return;
    }
    r->ahead[r->ahead_count++] = one;
}

static set64 paused_now(const struct history *h, instant at)
{
    uint8_t self;
    return err_is(history_party(h, &h->party, &self))
               ? 0
               : paused_set(&h->tables.agreements, h->instrument, h->instrument_count, self,
                            PAUSE_GIVING, at, at, INSTANT_NEVER);
}

static void ahead_look(struct replay *r, const struct history *h, const struct history_step *step)
{
    enum leaf_kind kind = step->head.kind;
    set64          paused = kind == LEAF_INSTRUMENT ? paused_now(h, step->head.time)
                            : kind == LEAF_STARTED  ? ~(set64)0
                                                    : 0;
    unsigned       left = 0;
    for (unsigned i = 0; i < r->ahead_count; i++) {
        struct ahead *a = &r->ahead[i];
        bool          late = step->head.time > a->until && kind != LEAF_STARTED;
        a->left_out &= late ? a->left_out : ~paused;
        if (late) {
            ahead_tell(r, a);
        } else if (a->left_out != 0) {
            r->ahead[left++] = *a;
        }
    }
    r->ahead_count = left;
}

static void ahead_end(struct replay *r)
{
    for (unsigned i = 0; i < r->ahead_count; i++) {
        ahead_tell(r, &r->ahead[i]);
    }
    r->ahead_count = 0;
}

static void more_tell(struct replay *r, uint64_t index)
{
    r->more++;
    call_tell(r->call, "leaf %" PRIu64 ": a feed is made coarser for a partner than it had to be",
              index);
    call_append(r->call, "coarser-than-needed", json_integer((json_int_t)index));
}

/* An epoch of an own feed: what its profile says; one that is derived: coarser by no less than was needed. */
static void coarser_look(struct replay *r, const struct history *h, const struct history_step *step)
{
    struct coarser c;
    err            e = coarser_check(h, step, &c);
    r->derived += c.derived ? 1 : 0;
    if (err_is(e)) {
        differ_tell(r, step->index, step->head.kind, e);
    } else if (c.left_out != 0) {
        ahead_add(r, step, c.left_out);
    }
    if (!err_is(e) && c.more) {
        more_tell(r, step->index);
    }
}

static err leaf_replay(void *ctx, const struct history *h, const struct history_step *step)
{
    struct replay *r = ctx;
    struct matter  m;
    set64          left_out = 0;
    bool           judged;
    ahead_look(r, h, step);
    err room = rooms_said_take(r->said, h, step, &r->rooms);
    if (err_is(room)) {
        differ_tell(r, step->index, step->head.kind, room);
    }
    err duty = duty_check(h, &step->head, &judged);
    r->duties += judged ? 1 : 0;
    if (err_is(duty)) {
        differ_tell(r, step->index, step->head.kind, duty);
    }
    coarser_look(r, h, step);
    if (!matter_of(&step->head, &m)) {
        return OK;
    }
    r->recomputed++;
    r->count[step->head.kind]++;
    err e = matter_check(h, &m, &left_out);
    if (err_is(e)) {
        differ_tell(r, step->index, step->head.kind, e);
    } else if (left_out != 0) {
        ahead_add(r, step, left_out);
    }
    return OK;
}

err do_replay(struct call *c)
{
    static const enum leaf_kind kind[] = {LEAF_RELEASED, LEAF_HELD, LEAF_REFUSED, LEAF_WITHHELD,
                                          LEAF_RECEIVED};
    static struct replay        r;
    static struct audit         a;
    TRY(call_dir_is_party(c, c->arg[0]));
    r = (struct replay){.call = c, .said = rooms_said_new()};
    a = (struct audit){.take = leaf_replay, .ctx = &r};
    err e = audit_ledger(&a, c->arg[0]);
    rooms_said_free(r.said);
    if (err_is(e)) {
        call_about(c, "ledger, position %" PRIu64, a.end.position);
        return e;
    }
    ahead_end(&r);
    for (size_t i = 0; i < ARRAY_LEN(kind); i++) {
        call_set_number(c, leaf_kind_name(kind[i]), r.count[kind[i]]);
    }
    call_set_number(c, "recomputed", r.recomputed);
    call_set_number(c, "duties", r.duties);
    call_set_number(c, "rooms", r.rooms);
    call_set_number(c, "derived", r.derived);
    call_set_number(c, "differ", r.differ);
    call_tell(c,
              "%" PRIu64 " verdicts recomputed (%" PRIu64 " released, %" PRIu64 " held, %" PRIu64
              " refused, %" PRIu64 " withheld, %" PRIu64 " received), %" PRIu64 " differ",
              r.recomputed, r.count[LEAF_RELEASED], r.count[LEAF_HELD], r.count[LEAF_REFUSED],
              r.count[LEAF_WITHHELD], r.count[LEAF_RECEIVED], r.differ);
    audit_done(&a);
    return r.differ == 0 ? OK : FAIL(CONFLICT, "a recorded verdict does not follow from its case");
}
