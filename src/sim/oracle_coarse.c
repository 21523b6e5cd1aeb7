/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds that some partners may have only made coarser: who has which epoch, by the scene's table; and what intake
 * really sealed for each, opened with the key that it was told. */
#include "base/without.h"
#include "pouch/seal.h"
#include "sim/grow.h"
#include "sim/state.h"

#include <math.h>

#define DEGREE_M 111195.0
#define RADIANS  0.0174532925

/* TURN_US      - after it heard of an epoch intake has had a turn
 * HELD_LATE_US - what may be shown goes with the next tick, and its turn */
#define TURN_US      (2 * MS)
#define HELD_LATE_US (300 * MS)

static const struct coarse *coarse_for(const struct gateway *g, const struct seen_epoch *e)
{
    return coarse_of(g->world->scene, g->number, e->source, e->to);
}

static bool is_at_once(const struct coarse *c)
{
    return c != NULL && c->delay_ms == 0 && c->every_ms == 0;
}

/* ---- what the guard says ---- */

/* As much as the texts ask for, and no more: read by a person. */
static bool is_as_read(const struct coarse *c, const struct derived_row *row)
{
    return c != NULL && !c->never && row->position_m == c->position_m && row->height_m == 0 &&
           row->delay_ms == c->delay_ms && row->every_ms == c->every_ms &&
           row->without == (c->hidden ? (uint32_t)WITHOUT_SOURCE : 0);
}

void coarse_told(struct gateway *g, struct reader *r)
{
    struct oracle     *o = &g->world->oracle;
    struct derived_row row;
    derived_row_read(r, &row);
    unsigned to = party_number(&row.recipient);
    if (err_is(reader_end(r)) || oracle_find(g, LEAF_EPOCH, &row.epoch.epoch, NULL) == NULL) {
        wrong(g->world, "%s: intake has a key without a leaf", law_party[g->number]);
    }
    o->epoch = grow(o->epoch, &o->epoch_count, &o->epoch_max, sizeof *o->epoch);
    struct seen_epoch *e = &o->epoch[o->epoch_count - 1];
    *e = (struct seen_epoch){.gateway = g->number,
                             .epoch = row.epoch.epoch,
                             .source = row.epoch.source,
                             .to = to,
                             .of = row.of,
                             .key = row.epoch.key,
                             .life = g->life[PROCESS_INTAKE],
                             .heard_us = g->world->now_us};
    if (!is_as_read(coarse_for(g, e), &row)) {
        wrong(g->world, "%s: what %s is given of a feed is not made as coarse as its texts say",
              law_party[g->number], row.recipient.text);
    }
}

static void due_drop(struct oracle *o, size_t at)
{
    memmove(&o->due[at], &o->due[at + 1], (--o->due_count - at) * sizeof *o->due);
}

/* What is derived ends with its feed's own, and may be stopped alone. */
void coarse_stopped(struct gateway *g, const id *epoch)
{
    struct oracle *o = &g->world->oracle;
    oracle_uneasy(g);
    for (size_t i = 0; i < o->epoch_count; i++) {
        struct seen_epoch *e = &o->epoch[i];
        bool               its = id_equal(&e->epoch, epoch) || id_equal(&e->of, epoch);
        e->stopped = e->stopped || (its && e->gateway == g->number);
        for (size_t k = o->due_count; its && k > 0; k--) {
            if (o->due[k - 1].gateway == g->number && id_equal(&o->due[k - 1].epoch, &e->epoch)) {
                due_drop(o, k - 1);
            }
        }
    }
}

/* ---- whose it is ---- */

static const struct seen_epoch *seen_of(const struct world *w, unsigned giver, const id *epoch)
{
    const struct oracle *o = &w->oracle;
    for (size_t i = o->epoch_count; i > 0; i--) {
        if (o->epoch[i - 1].gateway == giver && id_equal(&o->epoch[i - 1].epoch, epoch)) {
            return &o->epoch[i - 1];
        }
    }
    return NULL;
}

bool oracle_is_for(const struct world *w, unsigned giver, const id *epoch, unsigned to)
{
    const struct seen_epoch *e = seen_of(w, giver, epoch);
    if (e == NULL) {
        return true;
    }
    return e->to != NOBODY ? e->to == to : coarse_of(w->scene, giver, e->source, to) == NULL;
}

bool item_is_for(const struct world *w, const struct seen_item *item, unsigned to)
{
    bool own = item->gateway == to;
    return own ? item->to == NOBODY : oracle_is_for(w, item->gateway, &item->epoch, to);
}

const id *coarse_of_epoch(const struct world *w, unsigned giver, const id *epoch)
{
    const struct seen_epoch *e = seen_of(w, giver, epoch);
    return e != NULL && e->to != NOBODY ? &e->of : NULL;
}

/* ---- none is left out ---- */

void coarse_due(struct gateway *g, const struct seen_item *item)
{
    struct oracle *o = &g->world->oracle;
    for (size_t i = 0; i < o->epoch_count; i++) {
        const struct seen_epoch *e = &o->epoch[i];
        if (e->gateway == g->number && e->to != NOBODY && !e->stopped &&
            id_equal(&e->of, &item->epoch) && e->life == g->life[PROCESS_INTAKE] &&
            is_at_once(coarse_for(g, e))) {
            o->due = grow(o->due, &o->due_count, &o->due_max, sizeof *o->due);
            o->due[o->due_count - 1] = (struct seen_due){g->number, e->to, e->epoch, item->came};
        }
    }
}

/* The oldest that is due under it is this one. */
static void due_done(struct gateway *g, const struct seen_epoch *e, uint32_t came)
{
    struct oracle *o = &g->world->oracle;
    for (size_t i = 0; i < o->due_count; i++) {
        const struct seen_due *d = &o->due[i];
        if (d->gateway != g->number || !id_equal(&d->epoch, &e->epoch)) {
            continue;
        }
        if (d->came != came && !lies(g, PROCESS_INTAKE)) {
            wrong(g->world, "%s: a report is out of order, or another is left out, for %s",
                  law_party[g->number], law_party[e->to]);
        }
        due_drop(o, i);
        return;
    }
    if (!e->stopped && !lies(g, PROCESS_INTAKE)) {
        wrong(g->world, "%s: a report is sealed for %s without its feed's own",
              law_party[g->number], law_party[e->to]);
    }
}

void oracle_uneasy(struct gateway *g)
{
    g->world->oracle.uneasy_us[g->number] = g->world->now_us;
}

static const struct seen_item *coarse_copy(const struct oracle *o, const struct seen_taken *t,
                                           unsigned to)
{
    for (size_t i = 0; i < o->item_count; i++) {
        const struct seen_item *one = &o->item[i];
        if (one->to == to && one->gateway == t->gateway && one->source == t->source &&
            one->came == t->event.came) {
            return one;
        }
    }
    return NULL;
}

static const struct seen_epoch *newest_for(const struct oracle *o, const struct seen_taken *t,
                                           unsigned to)
{
    for (size_t i = o->epoch_count; i > 0; i--) {
        const struct seen_epoch *e = &o->epoch[i - 1];
        if (e->gateway == t->gateway && e->source == t->source && e->to == to) {
            return e;
        }
    }
    return NULL;
}

/* Where nothing happened to guard and intake from before it came until it may be shown, it is shown. */
static void held_check(struct gateway *g, const struct seen_taken *t, unsigned to)
{
    const struct oracle     *o = &g->world->oracle;
    const struct seen_epoch *e = newest_for(o, t, to);
    bool easy = e != NULL && !e->stopped && e->heard_us + TURN_US < t->event.at_us &&
                o->uneasy_us[g->number] < e->heard_us;
    if (easy && coarse_copy(o, t, to) == NULL && !lies(g, PROCESS_INTAKE)) {
        wrong(g->world, "%s: a report that was held back never goes to %s", law_party[g->number],
              law_party[to]);
    }
}

static void held_look(struct gateway *g)
{
    struct oracle *o = &g->world->oracle;
    int64_t        now_us = g->world->now_us;
    for (size_t i = 0; i < o->taken_count; i++) {
        struct seen_taken *t = &o->taken[i];
        for (unsigned to = 0; t->gateway == g->number && to < g->world->gateways; to++) {
            const struct coarse *c = coarse_of(g->world->scene, t->gateway, t->source, to);
            int64_t due_us = c == NULL ? 0 : t->event.at_us + c->delay_ms * MS + HELD_LATE_US;
            if (c != NULL && c->delay_ms > 0 && !t->looked && now_us > due_us) {
                t->looked = true;
                held_check(g, t, to);
            }
        }
    }
}

void oracle_coarse_turn(struct gateway *g)
{
    struct oracle *o = &g->world->oracle;
    bool           waits = g->log[LOG_OUTBOX_INTAKE].full || g->dying[PROCESS_INTAKE];
    for (size_t i = o->due_count; !waits && i > 0; i--) {
        if (o->due[i - 1].gateway == g->number) {
            if (lies(g, PROCESS_INTAKE)) {
                due_drop(o, i - 1);
                continue;
            }
            wrong(g->world, "%s: a report is left out for %s", law_party[g->number],
                  law_party[o->due[i - 1].to]);
            due_drop(o, i - 1);
        }
    }
    held_look(g);
}

void coarse_gone(struct gateway *g)
{
    struct oracle *o = &g->world->oracle;
    for (size_t i = o->due_count; i > 0; i--) {
        if (o->due[i - 1].gateway == g->number) {
            due_drop(o, i - 1);
        }
    }
}

/* ---- what intake seals ---- */

static const struct seen_taken *taken_of(const struct gateway *g, uint16_t source, uint32_t came)
{
    const struct oracle *o = &g->world->oracle;
    for (size_t i = o->taken_count; i > 0; i--) {
        const struct seen_taken *t = &o->taken[i - 1];
        if (t->gateway == g->number && t->source == source && t->event.came == came &&
            t->life == g->life[PROCESS_INTAKE]) {
            return t;
        }
    }
    return NULL;
}

static double metres(const struct place *p, double lat, double lon)
{
    double north = ((double)p->lat_e7 * 1e-7 - lat) * DEGREE_M;
    double east = ((double)p->lon_e7 * 1e-7 - lon) * DEGREE_M * cos(lat * RADIANS);
    return hypot(north, east);
}

/* Never the true place, the same point for the same place, and no surer than it is */
static const char *place_wrong(const struct oracle *o, const struct seen_item *item,
                               const struct report *r, const struct sensed *s)
{
    double off = metres(&r->place, s->lat + 0.5, 127.25);
    for (size_t i = 0; i < o->item_count; i++) {
        const struct seen_item *one = &o->item[i];
        bool                    same = one->to == item->to && one->gateway == item->gateway &&
                    strcmp(one->uid, item->uid) == 0 &&
                    one->taken.event.number % 10 == item->taken.event.number % 10;
        if (same && memcmp(&one->place, &item->place, sizeof one->place) != 0) {
            return "the same place is shown as another";
        }
    }
    return off < 0.1              ? "its true place is shown"
           : off * 100 > r->ce_cm ? "it is shown as surer than it is"
           : r->remarks[0] != 0   ? "its remarks are shown"
                                  : NULL;
}

/* Of one track, the report before, as this recipient has it */
static const char *pace_wrong(const struct world *w, const struct seen_item *item,
                              const struct coarse *c)
{
    const struct oracle *o = &w->oracle;
    for (size_t i = o->item_count; i > 0; i--) {
        const struct seen_item *one = &o->item[i - 1];
        if (one->to != item->to || one->gateway != item->gateway ||
            strcmp(one->uid, item->uid) != 0 || one->taken.life != item->taken.life) {
            continue;
        }
        const struct seen_event *a = &one->taken.event, *b = &item->taken.event;
        struct sensed            x = sensed_of(w, item->gateway, item->source, a->number);
        struct sensed            y = sensed_of(w, item->gateway, item->source, b->number);
        int64_t                  between = x.time > y.time ? x.time - y.time : y.time - x.time;
        bool apart = b->at_us / MS - a->at_us / MS >= c->every_ms && between >= c->every_ms;
        return apart ? NULL : "it is shown too often";
    }
    return NULL;
}

static const char *item_wrong(const struct world *w, const struct coarse *c,
                              const struct seen_item *item, const struct report *r)
{
    const struct oracle *o = &w->oracle;
    struct sensed        s = sensed_of(w, item->gateway, item->source, item->taken.event.number);
    int64_t              ago_ms = w->now_us / MS - item->taken.event.at_us / MS;
    bool                 named = strcmp(r->uid, s.uid) == 0;
    const char          *place = c->position_m > 0 ? place_wrong(o, item, r, &s) : NULL;
    return coarse_copy(o, &item->taken, item->to) != NULL ? "it is sealed twice"
           : named == c->hidden                           ? "its name is not as it must be"
           : c->hidden && (r->remarks[0] != 0 || strlen(r->uid) != 16) ? "its source is shown"
           : ago_ms < c->delay_ms                                      ? "it is not held back"
           : place != NULL                                             ? place
           : c->every_ms > 0                                           ? pace_wrong(w, item, c)
                                                                       : NULL;
}

static void coarse_item(struct gateway *g, const struct seen_epoch *e, uint64_t number,
                        const struct report *r)
{
    struct world            *w = g->world;
    struct oracle           *o = &w->oracle;
    const struct coarse     *c = coarse_for(g, e);
    uint32_t                 came = (uint32_t)r->hae_cm / 100;
    const struct seen_taken *t = taken_of(g, e->source, came);
    if ((t == NULL || c == NULL || c->never) && lies(g, PROCESS_INTAKE)) {
        return;
    }
    if (t == NULL || c == NULL || c->never) {
        wrong(w, "%s: intake seals for %s what never came to it", law_party[g->number],
              law_party[e->to]);
        return;
    }
    struct seen_item item = {.gateway = g->number,
                             .source = e->source,
                             .epoch = e->epoch,
                             .number = number,
                             .came = came,
                             .sealed_us = is_at_once(c) ? t->event.at_us : w->now_us,
                             .to = e->to,
                             .place = r->place,
                             .taken = *t};
    memcpy(item.uid, r->uid, sizeof item.uid);
    const char *what = item_wrong(w, c, &item, r);
    if (what != NULL && !lies(g, PROCESS_INTAKE)) {
        wrong(w, "%s: a report for %s: %s", law_party[g->number], law_party[e->to], what);
    }
    if (is_at_once(c)) {
        due_done(g, e, came);
    }
    w->totals.coarse++;
    w->totals.held_back += c->delay_ms > 0;
    o->item = grow(o->item, &o->item_count, &o->item_max, sizeof *o->item);
    o->item[o->item_count - 1] = item;
}

void coarse_batch(struct gateway *g, const struct seen_epoch *epoch, const struct batch *b)
{
    static uint8_t    room[ITEM_MAX];
    struct seen_epoch e = *epoch; /* the table of epochs may move */
    struct unseal     u = {.epoch = e.epoch, .aead = aead_open(&e.key)};
    uint64_t          number = b->first;
    for (span items = b->items; items.len > 0; number++) {
        struct report r;
        span          plain;
        err           bad = unseal_item(&u, number, batch_item(&items), room, &plain);
        if (err_is(bad) || err_is(report_decode(plain, &r))) {
            wrong(g->world, "%s: intake seals what its key does not open", law_party[g->number]);
            break;
        }
        coarse_item(g, &e, number, &r);
    }
    aead_close(u.aead);
}
