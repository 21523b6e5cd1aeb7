/* SPDX-License-Identifier: Apache-2.0 */
/* What is owed for what came, and where an arrangement has ended, from the leaves and the matter's own table: by
 * true time, so a gateway whose clock leapt is held to no time. */
#include "sim/cast.h"
#include "sim/grow.h"

/* SLACK_US   - what two clocks within 0.4 s of the truth may differ by, and a turn
 * GONE_US    - of a key: a look through all slots (docs/format/pause.md), one that had begun before, a second and a turn;
 *              and of a guard that was not heard when trouble ended, the lease until it is */
#define SLACK_US (1500 * MS)
#define GONE_US  (30 * INT64_C(1000000))
#define SECOND   INT64_C(1000000)

static const char *agreement_of(const struct world *w)
{
    return scenes[w->scene].agreement;
}

static struct seen_duty *duty_of(const struct gateway *g, const id *handle)
{
    const struct oracle *o = &g->world->oracle;
    for (size_t i = 0; i < o->duty_count; i++) {
        if (o->duty[i].gateway == g->number && id_equal(&o->duty[i].handle, handle)) {
            return &o->duty[i];
        }
    }
    return NULL;
}

static bool under_scene(const struct gateway *g, const struct seen_leaf *leaf)
{
    span permit = leaf == NULL ? (span){0} : leaf_value(leaf->head.body, "permit");
    span agreement = span_cut(&permit, ' ');
    return g->world->scene != SCENE_NONE && span_is(agreement, agreement_of(g->world));
}

/* ---- the end ---- */

static bool ended(const struct gateway *g)
{
    return g->world->oracle.end[g->number].own && g->world->oracle.end[g->number].other;
}

static void consent_see(struct gateway *g, bool own)
{
    struct seen_end *e = &g->world->oracle.end[g->number];
    bool             before = ended(g);
    e->own = e->own || own;
    e->other = e->other || !own;
    if (!before && ended(g)) {
        e->at_us = g->world->now_us;
        g->world->totals.ended++;
        say(g->world, "%s: %s has ended", law_party[g->number], agreement_of(g->world));
    }
}

bool oracle_consented(const struct gateway *g)
{
    return g->world->oracle.end[g->number].own;
}

/* Has it surely ended here?  An instant of a clock that leapt may lie ahead. */
static bool surely_ended(const struct gateway *g)
{
    const struct world *w = g->world;
    return ended(g) && w->totals.clock_leaps == 0 &&
           w->now_us > w->oracle.end[g->number].at_us + SLACK_US;
}

bool oracle_over(const struct gateway *giver, const struct gateway *taker,
                 const struct seen_leaf *leaf)
{
    const struct world *w = giver->world;
    bool over = ended(giver) || ended(taker) || w->totals.clock_leaps > 0; /* hours */
    bool leapt = leaf != NULL && ended(taker) && w->totals.clock_leaps > 0;
    return (under_scene(giver, leaf) && over) || leapt;
}

/* ---- what is given ---- */

/* The hours are those of the giver's clock, which the world sets. */
static bool in_hours(const struct gateway *g)
{
    int64_t of_day = g->gate->now % MS_PER_DAY;
    return of_day >= 22 * MS_PER_HOUR || of_day < MS_PER_HOUR;
}

static void released_see(struct gateway *g, const struct seen_leaf *leaf)
{
    struct world         *w = g->world;
    const struct product *p = product_named(w, &leaf->about);
    unsigned              to = party_number(&leaf->who);
    if (under_scene(g, leaf) && surely_ended(g)) {
        wrong(w, "%s: leaf %u: given under what has ended", law_party[g->number],
              (unsigned)leaf->index);
    }
    if (p == NULL || p->gateway != g->number || to == NOBODY) {
        return;
    }
    if (p->misplaced) {
        (void)fault_now(w, FAULT_PLACE);
    }
    if ((p->matter->never & 1u << to) != 0) {
        wrong(w, "%s: leaf %u: %s is given to %s for all its place, time or fineness",
              law_party[g->number], (unsigned)leaf->index, p->title, leaf->who.text);
    }
    if (p->matter->hours && !in_hours(g)) {
        wrong(w, "%s: leaf %u: %s is given outside of its hours", law_party[g->number],
              (unsigned)leaf->index, p->title);
    }
    w->totals.within_terms += p->matter->extent != NULL || p->matter->reduced != NULL;
}

static void refused_see(struct gateway *g, const struct seen_leaf *leaf)
{
    const struct product *p = product_named(g->world, &leaf->about);
    unsigned              to = party_number(&leaf->who);
    g->world->totals.outside_terms +=
        p != NULL && to != NOBODY && (p->matter->never & 1u << to) != 0;
}

/* ---- what came ---- */

static void received_see(struct gateway *g, const struct seen_leaf *leaf)
{
    static const struct matter_row of_feeds;
    struct oracle                 *o = &g->world->oracle;
    const struct product          *p = product_named(g->world, &leaf->about);
    const struct matter_row       *matter = p == NULL ? &of_feeds : p->matter;
    if (p == NULL && !under_scene(g, leaf)) {
        return;
    }
    o->duty = grow(o->duty, &o->duty_count, &o->duty_max, sizeof *o->duty);
    struct seen_duty *d = &o->duty[o->duty_count - 1];
    *d = (struct seen_duty){.gateway = g->number,
                            .handle = leaf->handle,
                            .epoch = leaf->about,
                            .matter = matter,
                            .feed = p == NULL,
                            .under = under_scene(g, leaf),
                            .due_us = INT64_MAX};
    if (matter->within_s > 0) {
        d->due_us = g->world->now_us + matter->within_s * SECOND;
    }
    if (span_is(leaf_value(leaf->head.body, "cover"), "GSOMIA") ||
        span_starts(leaf_value(leaf->head.body, "cover"), SPAN_LIT("GSOMIA "))) {
        d->certifiers = 2;
    }
}

static void opened_see(struct gateway *g, const struct seen_leaf *leaf)
{
    struct world     *w = g->world;
    struct seen_duty *d = duty_of(g, &leaf->handle);
    const char       *what = NULL;
    if (d == NULL || leaf_value(leaf->head.body, "repeated").len > 0) {
        return;
    }
    d->opened++;
    if (d->lost) {
        (void)fault_now(w, FAULT_LOSS);
        what = "though it may be lost";
    } else if (d->late) {
        (void)fault_now(w, FAULT_DUE);
        what = "though it is overdue";
    } else if (!g->leapt && d->due_us < INT64_MAX && w->now_us > d->due_us + SLACK_US) {
        (void)fault_now(w, FAULT_DUE);
        what = "after the time in which it was to be destroyed";
    } else if (d->matter->copies > 0 && d->opened > d->matter->copies) {
        (void)fault_now(w, FAULT_COPIES);
        what = "more often than copies are allowed";
    } else if (d->under && surely_ended(g)) {
        what = "under what has ended, and is to be destroyed";
    }
    w->totals.copies += d->matter->copies > 0;
    if (what != NULL) {
        wrong(w, "%s: leaf %u: opened %s", law_party[g->number], (unsigned)leaf->index, what);
    }
}

/* ---- acts on it ---- */

static void act_see(struct gateway *g, const struct seen_leaf *leaf)
{
    static const enum player by[] = {PLAYER_OFFICER, PLAYER_SECOND};
    span                     act = leaf_value(leaf->head.body, "act");
    id                       handle = hex_id(said_value(leaf->head.body, "handle"));
    struct seen_duty        *d = duty_of(g, &handle);
    if (d != NULL && span_is(act, "loss")) {
        g->world->totals.losses += !d->lost;
        d->lost = true;
    }
    for (unsigned i = 0; d != NULL && span_is(act, "certify") && i < ARRAY_LEN(by); i++) {
        bool his = span_is(said_value(leaf->head.body, "by"), player_name[by[i]]);
        d->certified += his && (d->who & 1u << i) == 0;
        d->who |= his ? 1u << i : 0;
    }
}

/* As many as are owed have signed; its time has come, or its agreement ended, or persons wanted it so. */
static void destroyed_see(struct gateway *g, const struct seen_leaf *leaf)
{
    struct world     *w = g->world;
    struct seen_duty *d = duty_of(g, &leaf->handle);
    if (leaf_value(leaf->head.body, "handle").len == 0 ||
        leaf_value(leaf->head.body, "from").len > 0) {
        return; /* an order */
    }
    oracle_gone(g, &leaf->handle);
    if (d == NULL) {
        return;
    }
    d->gone = true;
    w->totals.destroyed_due++;
    w->totals.certified += d->certified >= 2;
    w->totals.ended_keys += d->under && ended(g);
    if (d->certified < d->certifiers) {
        (void)fault_now(w, FAULT_CERTIFY);
        wrong(w, "%s: leaf %u: destroyed, and not as many have signed as must",
              law_party[g->number], (unsigned)leaf->index);
    } else if (d->certified == 0 && !g->leapt && w->now_us < d->due_us - SLACK_US &&
               !(d->under && ended(g))) {
        wrong(w, "%s: leaf %u: destroyed before its time", law_party[g->number],
              (unsigned)leaf->index);
    }
}

/* ---- what is asked of it ---- */

static void instrument_see(struct gateway *g, span kind, bool own)
{
    if (g->world->scene != SCENE_NONE && span_is(kind, "terminate")) {
        consent_see(g, own);
    }
}

void oracle_duty_leaf(struct gateway *g, const struct seen_leaf *leaf)
{
    span              body = leaf->head.body;
    struct seen_duty *d;
    switch (leaf->kind) {
    case LEAF_RELEASED:
        released_see(g, leaf);
        break;
    case LEAF_REFUSED:
        refused_see(g, leaf);
        break;
    case LEAF_RECEIVED:
        received_see(g, leaf);
        break;
    case LEAF_OPENED:
        opened_see(g, leaf);
        break;
    case LEAF_ACT:
        act_see(g, leaf);
        break;
    case LEAF_DESTROYED:
        destroyed_see(g, leaf);
        break;
    case LEAF_OVERDUE:
        d = duty_of(g, &leaf->handle);
        if (d != NULL && span_is(leaf_value(body, "duty"), "destroy")) {
            d->late = true;
        }
        break;
    case LEAF_INSTRUMENT:
        instrument_see(g, leaf_value(body, "instrument"), true);
        break;
    case LEAF_LETTER_RECEIVED:
        instrument_see(g, said_value(body, "instrument"), false);
        break;
    default:
        break;
    }
}

bool oracle_duty_drops(const struct gateway *g, const id *handle)
{
    const struct seen_duty *d = duty_of(g, handle);
    return d != NULL && (d->lost || d->late || d->gone);
}

bool oracle_went_with_end(const struct gateway *g, const id *handle)
{
    const struct seen_duty *d = duty_of(g, handle);
    return d != NULL && d->gone && d->under && ended(g);
}

struct seen_duty *oracle_duty_draw(struct gateway *g, bool certified)
{
    struct oracle *o = &g->world->oracle;
    for (unsigned i = 0; i < 12 && o->duty_count > 0; i++) {
        struct seen_duty *d = &o->duty[roll(g->world, (uint32_t)o->duty_count)];
        if (d->gateway == g->number && !d->gone && !d->feed && (!certified || d->certifiers > 0)) {
            return d;
        }
    }
    return NULL;
}

/* Whatever is owed for it may keep it closed at the end of a seed. */
bool duty_watched(const struct world *w, const struct product *p, unsigned to)
{
    const struct matter_row *m = p->matter;
    const struct seen_duty  *d = NULL;
    for (size_t i = 0; i < w->oracle.duty_count; i++) {
        const struct seen_duty *one = &w->oracle.duty[i];
        d = one->gateway == to && id_equal(&one->epoch, &p->epoch) ? one : d;
    }
    return d != NULL && (m->scene != SCENE_NONE || m->copies > 0 || d->lost || d->certified > 0);
}

/* ---- keys that are to be gone ---- */

/* Since when the guard is to destroy it by itself; INT64_MAX: it is not */
static int64_t gone_since(const struct gateway *g, const struct seen_duty *d)
{
    int64_t since = g->leapt ? INT64_MAX : d->due_us;
    bool    heard =
        !any_lies(g); /* a courier that keeps beats back keeps an end from being heard of */
    bool over = d->under && ended(g) && heard && g->world->totals.clock_leaps == 0;
    if (over && g->world->oracle.end[g->number].at_us < since) {
        since = g->world->oracle.end[g->number].at_us;
    }
    return d->certified >= d->certifiers ? since : INT64_MAX;
}

bool oracle_duties_done(const struct world *w)
{
    const struct oracle *o = &w->oracle;
    for (size_t i = 0; i < o->duty_count; i++) {
        const struct seen_duty *d = &o->duty[i];
        const struct gateway   *g = &w->gateway[d->gateway];
        if (!d->gone && !oracle_taken_back(g, &d->handle) && gone_since(g, d) < w->now_us) {
            return false;
        }
    }
    return true;
}

void oracle_duties_look(struct world *w)
{
    const struct oracle *o = &w->oracle;
    for (size_t i = 0; w->calm && i < o->duty_count; i++) {
        const struct seen_duty *d = &o->duty[i];
        const struct gateway   *g = &w->gateway[d->gateway];
        int64_t                 since = gone_since(g, d);
        since = since > w->calm_us ? since : w->calm_us;
        if (!d->gone && !oracle_taken_back(g, &d->handle) && gone_since(g, d) < INT64_MAX &&
            w->now_us > since + GONE_US) {
            wrong(w, "%s: the key of what is to be destroyed is there still",
                  law_party[d->gateway]);
            return;
        }
    }
}
