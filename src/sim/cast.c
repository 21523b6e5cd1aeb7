/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/cast.h"

#include "sim/bond.h"
#include "sim/further.h"
#include "sim/grow.h"

#include <stdio.h>

#define KOR   0
#define JPN   1
#define USA   2
#define TO(p) (1u << (p))

const char *const player_name[PLAYER_COUNT] = {"author",  "reader", "noneed", "noclear",
                                               "foreign", "ok1",    "ok2"};

#define OPEN_USA "KOR:II of KOR about dprk-missile from open to USA"
#define OPEN_JPN "KOR:II of KOR about dprk-missile from open to JPN"
#define OPEN_KOR "USA:SECRET of USA about dprk-missile from open to KOR"
#define OF_JPN   "JPN:GOKUHI of JPN about dprk-missile from open to KOR"
#define EAST_SEA "36.0000000,130.0000000,37.0000000,131.0000000"
#define PARTLY   "35.9999999,130.0000000,37.0000000,131.0000000"
#define STRAIT   "34.4000000,129.4000000,34.6000000,129.6000000"
#define COARSE   "position-m=10000,without=source"
#define ROUGH    "position-m=1000,delay-ms=600000"
#define FINE     "position-m=999,delay-ms=600000,without=source"

/* What each party's people give each other: some goes by itself, some waits for an officer, some must not
 * pass. */
const struct matter_row matter_rows[] = {
    {KOR, "KOR:II of KOR about dprk-missile from imagery to JPN", "image", TO(JPN), .low = false},
    {KOR, "KOR:II of KOR about dprk-missile from imagery to JPN,USA", "image", TO(JPN) | TO(USA),
     .low = false},
    {KOR, "KOR:II of KOR about dprk-missile from human to JPN", "report", TO(JPN), .copies = 3},
    {KOR, "KOR:III of KOR about dprk-nuclear from electronic to USA", "report", TO(USA),
     .low = true},
    {KOR, "KOR:I of KOR about dprk-missile from imagery to JPN", "image", TO(JPN), .low = false},
    {KOR, "KOR:II of KOR about dprk-missile from imagery", "image", 0, .low = false},
    {JPN, "JPN:HI of JPN about dprk-missile from imagery to KOR", "image", TO(KOR), .low = true},
    {JPN, "JPN:GOKUHI of JPN about dprk-missile from electronic to KOR", "report", TO(KOR),
     .low = false},
    {JPN, "JPN:HI of JPN about dprk-nuclear from imagery to USA", "image", TO(USA), .low = true},
    {USA, "USA:CONFIDENTIAL of USA about dprk-missile from imagery to JPN,KOR", "image",
     TO(JPN) | TO(KOR), .low = true},
    {USA, "USA:SECRET of USA about dprk-missile from electronic to KOR", "report", TO(KOR),
     .low = false},
    {USA, "USA:SECRET of USA about dprk-missile from human to JPN", "report", TO(JPN),
     .low = false},
    /* of the sea: where, when, how fine */
    {KOR, OPEN_USA, "report", TO(USA), .scene = SCENE_SEA, .extent = EAST_SEA, .reduced = COARSE,
     .hours = true, .within_s = 4},
    {KOR, OPEN_USA, "report", TO(USA), .scene = SCENE_SEA, .extent = EAST_SEA, .reduced = COARSE,
     .hours = true, .within_s = 4},
    {KOR, OPEN_USA, "report", TO(USA), .scene = SCENE_SEA, .extent = PARTLY, .reduced = COARSE,
     .never = TO(USA)},
    {KOR, OPEN_USA, "report", TO(USA), .scene = SCENE_SEA, .extent = EAST_SEA, .reduced = FINE,
     .never = TO(USA)},
    {KOR, OPEN_USA, "report", TO(USA), .scene = SCENE_SEA, .reduced = COARSE, .never = TO(USA)},
    {KOR, OPEN_USA, "image", TO(USA), .scene = SCENE_SEA, .extent = EAST_SEA, .reduced = COARSE,
     .never = TO(USA)},
    {USA, OPEN_KOR, "image", TO(KOR), .scene = SCENE_SEA, .extent = EAST_SEA, .copies = 2},
    {USA, OPEN_KOR, "image", TO(KOR), .scene = SCENE_SEA, .extent = EAST_SEA, .copies = 2},
    {USA, OPEN_KOR, "image", TO(KOR), .scene = SCENE_SEA, .extent = PARTLY, .never = TO(KOR)},
    /* of the strait: what two persons certify */
    {KOR, OPEN_JPN, "report", TO(JPN), .scene = SCENE_ASH, .within_s = 4},
    {KOR, OPEN_JPN, "report", TO(JPN), .scene = SCENE_ASH, .within_s = 4},
    {KOR, OPEN_JPN, "image", TO(JPN), .scene = SCENE_ASH, .reduced = ROUGH, .copies = 1},
    {KOR, OPEN_JPN, "image", TO(JPN), .scene = SCENE_ASH, .reduced = FINE, .never = TO(JPN)},
    {JPN, OF_JPN, "report", TO(KOR), .scene = SCENE_ASH, .extent = STRAIT, .copies = 2},
    {JPN, OF_JPN, "image", TO(KOR), .scene = SCENE_ASH, .extent = EAST_SEA, .never = TO(KOR)},
};
const size_t matter_row_count = ARRAY_LEN(matter_rows);

/* ---- who they are ---- */

static const char *const levels_all[LAW_PARTIES] = {
    [KOR] = "KOR:I,KOR:II,KOR:III",
    [JPN] = "JPN:GOKUHI,JPN:HI,JPN:TOKUTEI-HIMITSU",
    [USA] = "USA:CONFIDENTIAL,USA:SECRET",
};
static const char *const levels_low[LAW_PARTIES] = {
    [KOR] = "KOR:III", [JPN] = "JPN:HI", [USA] = "USA:CONFIDENTIAL"};

static unsigned foreigner_at(const struct gateway *at)
{
    return bond_foreigner(at->world->gateways, at->world->scene, at->number);
}

bool cast_may_open(const struct gateway *at, enum player role, const struct matter_row *m)
{
    switch (role) {
    case PLAYER_AUTHOR:
    case PLAYER_READER:
        return true;
    case PLAYER_NO_CLEARANCE:
        return m->low;
    case PLAYER_FOREIGN:
        return foreigner_at(at) == m->party || (m->to & TO(foreigner_at(at))) != 0;
    default:
        return false;
    }
}

/* All feeds are about what nobody without need may see, above the lowest level. */
bool may_watch(enum player role)
{
    return role == PLAYER_AUTHOR || role == PLAYER_READER || role == PLAYER_FOREIGN;
}

/* The shipped parties' feeds are for all three of them, those of the others for all with whom they have a bond. */
bool may_watch_of(const struct gateway *at, enum player role, unsigned giver)
{
    const struct world *w = at->world;
    unsigned            of = foreigner_at(at);
    unsigned            to =
        giver < LAW_PARTIES ? TO(LAW_PARTIES) - 1 : bonds_of(w->gateways, w->scene, giver);
    return may_watch(role) && (role != PLAYER_FOREIGN || of == giver || (to & TO(of)) != 0);
}

static void put_clearance(struct writer *w, unsigned at, bool low)
{
    if (at < LAW_PARTIES) {
        put_text(w, low ? levels_low[at] : levels_all[at]);
        return;
    }
    bond_put_level(w, at, LEVEL_LOW);
    if (!low) {
        put_u8(w, ',');
        bond_put_level(w, at, LEVEL_HIGH);
    }
}

static err enrol(struct gate *g, enum player role, unsigned foreigner)
{
    uint8_t             text[1024], key[SIGN_PUBLIC_LEN];
    struct writer       w = WRITER_OF(text);
    unsigned            at = g->number;
    struct gate_person *person = gate_person_new(g, player_name[role]);
    sign_public(&person->key, key);
    line_text(&w, "person", span_text(player_name[role]));
    line_hex(&w, "key", SPAN_OF(key));
    line_text(&w, "nationality", span_text(law_party[role == PLAYER_FOREIGN ? foreigner : at]));
    line_text(&w, "employer", span_text(law_party[at]));
    line_text(&w, "chain", SPAN_LIT("three"));
    line_text(&w, "roles", role == PLAYER_AUTHOR ? SPAN_LIT("author,reader") : SPAN_LIT("reader"));
    put_text(&w, "clearance ");
    put_clearance(&w, at, role == PLAYER_NO_CLEARANCE);
    put_u8(&w, '\n');
    line_text(&w, "topics",
              role == PLAYER_NO_NEED ? SPAN_LIT("cyber") : SPAN_LIT("dprk-missile,dprk-nuclear"));
    put_u8(&w, 0);
    MUST(!w.bad);
    struct gate_act a = {.act = "person-add", .body = (const char *)text, .by = {"ok1", "ok2"}};
    return gate_act(g, &a, NULL);
}

err cast_enrol(struct gate *g, unsigned foreigner)
{
    for (unsigned role = 0; role < PLAYER_OFFICER; role++) {
        TRY(enrol(g, (enum player)role, foreigner));
    }
    return OK;
}

struct cast *cast_new(struct world *w)
{
    struct cast *c = zeros(sizeof *c);
    c->further = further_new(w->gateways, w->scene);
    return c;
}

/* ---- what they will do ---- */

static void plan_one(struct world *w, enum task_kind kind, unsigned gateway, enum player role,
                     int64_t until_us)
{
    task_begin(w, task_new(w, kind, gateway, role), 300 * MS + roll(w, (uint32_t)until_us));
}

static void plan_early(struct world *w, enum task_kind kind, unsigned gateway, enum player role)
{
    task_begin(w, task_new(w, kind, gateway, role), 100 * MS + roll(w, 900000));
}

/* What a world's own arrangement gives its people to do */
static void plan_scene(struct world *w, unsigned i, int64_t until_us)
{
    plan_one(w, TASK_SUBMIT, i, PLAYER_AUTHOR, until_us / 2);
    plan_one(w, TASK_OPEN, i, PLAYER_READER, until_us);
    if (chance(w, 3)) {
        plan_one(w, TASK_LOSS, i, PLAYER_READER, until_us);
    }
    if (chance(w, 2)) {
        plan_one(w, TASK_CERTIFY, i, PLAYER_OFFICER, until_us);
    }
    if (w->ends) {
        plan_one(w, TASK_END, i, PLAYER_OFFICER, until_us);
    }
    if (chance(w, 6)) {
        plan_one(w, TASK_NOTICE, i, PLAYER_OFFICER, until_us);
    }
}

static void plan_party(struct world *w, unsigned i, int64_t until_us)
{
    static const enum player tries[] = {PLAYER_READER, PLAYER_NO_NEED, PLAYER_NO_CLEARANCE,
                                        PLAYER_FOREIGN};
    unsigned                 submissions = 1 + roll(w, 2);
    plan_early(w, TASK_WATCH, i, PLAYER_READER);
    plan_early(w, TASK_WATCH, i, chance(w, 2) ? PLAYER_NO_NEED : PLAYER_NO_CLEARANCE);
    if (chance(w, 2)) {
        plan_early(w, TASK_WATCH, i, PLAYER_FOREIGN);
    }
    plan_early(w, TASK_DECIDE, i, PLAYER_OFFICER);
    for (unsigned n = 0; n < submissions; n++) {
        plan_one(w, TASK_SUBMIT, i, PLAYER_AUTHOR, until_us * 3 / 4);
    }
    for (unsigned n = 0; n < 5; n++) {
        plan_one(w, TASK_OPEN, i, tries[roll(w, ARRAY_LEN(tries))], until_us);
    }
    if ((scenes[w->scene].parties & TO(i)) != 0) {
        plan_scene(w, i, until_us);
    }
    plan_one(w, TASK_LIST, i, tries[roll(w, ARRAY_LEN(tries))], until_us);
    if (chance(w, 4)) {
        plan_one(w, TASK_PAUSE, i, PLAYER_OFFICER, until_us);
    }
    if (chance(w, 4)) {
        plan_one(w, TASK_ORDER, i, PLAYER_OFFICER, until_us);
    }
}

void cast_plan(struct world *w, int64_t until_us)
{
    w->ends = w->scene != SCENE_NONE && chance(w, 2);
    for (unsigned i = 0; i < w->gateways; i++) {
        plan_party(w, i, until_us);
    }
}

/* ---- the end of a seed ---- */

/* Did nobody stop it on its way?  Then whoever may open it must be able to. */
static bool nobody_stopped(struct world *w, const struct product *p, const name *to)
{
    const struct gateway   *giver = &w->gateway[p->gateway];
    const struct seen_leaf *release = oracle_find(giver, LEAF_RELEASED, &p->epoch, to);
    const struct seen_leaf *refused = oracle_find(giver, LEAF_REFUSED, &p->epoch, to);
    bool                    conceded = lies(giver, PROCESS_DESK) ||
                    lies(&w->gateway[party_number(to)], PROCESS_DESK) ||
                    liar_between(giver, &w->gateway[party_number(to)]);
    return release != NULL && !conceded && (refused == NULL || refused->index < release->index) &&
           !oracle_ordered(giver, &p->epoch, to) &&
           !(w->totals.clock_leaps > 0 && officer_gave_reason(giver)) &&
           /* it may be dated ahead */ oracle_cut(giver, &p->epoch, to) == UINT64_MAX &&
           !duty_watched(w, p, party_number(to)) &&
           !oracle_over(giver, &w->gateway[party_number(to)], release);
}

static void closing_open(struct world *w, unsigned at, size_t product, enum player role,
                         bool certain)
{
    struct task *t = task_new(w, TASK_OPEN, at, role);
    t->product = product;
    t->certain = certain;
    task_begin(w, t, roll(w, 200000));
}

/* Whatever was acknowledged and released is opened once more, by one who may and one who may not. */
static void closing_product(struct world *w, size_t product)
{
    const struct product *p = &w->cast->product[product];
    for (unsigned to = 0; p->acked && to < w->gateways; to++) {
        name who;
        MUST(!err_is(name_of(span_text(law_party[to]), &who)));
        bool certain = to != p->gateway && nobody_stopped(w, p, &who);
        bool watched =
            oracle_ordered(&w->gateway[p->gateway], &p->epoch, &who) || duty_watched(w, p, to);
        for (unsigned n = 0; watched && n < 1 + p->matter->copies; n++) {
            closing_open(w, to, product, PLAYER_READER,
                         false); /* an oracle sees what comes of it */
        }
        if (certain) {
            closing_open(w, to, product, PLAYER_READER, true);
            closing_open(w, to, product, chance(w, 2) ? PLAYER_NO_NEED : PLAYER_NO_CLEARANCE, true);
            w->totals.delivered++;
        }
    }
}

void cast_closing(struct world *w)
{
    w->cast->closing = true;
    for (size_t i = 0; i < w->cast->product_count; i++) {
        closing_product(w, i);
    }
}

const struct product *product_of(const struct world *w, const id *epoch)
{
    for (size_t i = 0; i < w->cast->product_count; i++) {
        const struct product *p = &w->cast->product[i];
        if (p->acked && id_equal(&p->epoch, epoch)) {
            return p;
        }
    }
    return NULL;
}

const struct product *product_named(const struct world *w, const id *epoch)
{
    for (size_t i = 0; i < w->cast->product_count; i++) {
        const struct product *p = &w->cast->product[i];
        if (p->named && id_equal(&p->epoch, epoch)) {
            return p;
        }
    }
    return NULL;
}

bool cast_idle(const struct world *w)
{
    for (size_t i = 0; i < w->cast->task_count; i++) {
        const struct task *t = w->cast->task[i];
        if (t->active && t->kind != TASK_WATCH && !lies(t->gateway, PROCESS_DESK)) {
            return false;
        }
    }
    return true;
}

void cast_free(struct cast *c)
{
    for (size_t i = 0; c != NULL && i < c->task_count; i++) {
        free(c->task[i]->shown.item);
        free(c->task[i]->said);
        free(c->task[i]);
    }
    for (size_t i = 0; c != NULL && i < c->product_count; i++) {
        free(c->product[i].content);
    }
    if (c != NULL) {
        free(c->task);
        free(c->product);
        free(c->further);
        free(c);
    }
}
