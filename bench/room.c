/* links: sim */
/* SPDX-License-Identifier: Apache-2.0 */
/* A room of 32 people, half of them visitors, and 1,024 classes: judging all of them for all, and a visitor who comes,
 * whom nothing may be disclosed to, with the rows and leaves that follow; what a guard's rooms take of memory.  Then the
 * same room among 1,000: that a reader of it was heard, that it is judged anew, and that all are. */
#include "guard/state.h"
#include "sim/sim/stage.h"

#include <time.h>

#define ROUNDS 100

static struct gate gates[LAW_PARTIES];

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static name named(const char *stem, unsigned i)
{
    char text[NAME_MAX_LEN + 1];
    name n;
    (void)snprintf(text, sizeof text, "%s%u", stem, i);
    must(name_of(span_text(text), &n));
    return n;
}

static void class_fill(struct guard *g, unsigned i)
{
    struct class_row *c = &g->showing.class[i];
    must(marking_read(&g->tables.policies,
                      SPAN_LIT("KOR:II of KOR about dprk-missile from radar to JPN,USA"),
                      &c->marking));
    c->kind = KIND_TRACK;
    c->since = (instant)i; /* no two are the same */
    c->handled_as = c->marking.level.rank;
    c->giver = c->via = PARTY_NONE;
    c->agreement = CLAUSE_NONE;
    c->used_until = UINT64_MAX;
    c->stands = true;
}

static void person_fill(struct guard *g, struct room *r, unsigned i)
{
    struct person *p = &g->person[g->person_count++];
    p->name = named("p", i);
    p->reader = (struct clearance){.nationality = g->self,
                                   .employer = g->self,
                                   .ranks = UINT16_MAX,
                                   .topics = ~(set64)0,
                                   .registered = true};
    (void)room_enter(r, &p->name);
}

static void visitor_fill(struct guard *g, struct room *r, unsigned i, uint16_t ceiling)
{
    struct visit        *v = &g->showing.visit[i];
    const struct policy *his = policy_find(&g->tables.policies, name_span(&g->partner[0].name));
    *v = (struct visit){.visitor = named("v", i),
                        .policy = (uint8_t)(his - g->tables.policies.policy),
                        .clearance = UINT16_MAX,
                        .ceiling = ceiling,
                        .topics = ~(set64)0,
                        .until = INSTANT_NEVER,
                        .room_count = 1};
    v->room[0] = r->name;
    g->showing.visit_count = i + 1;
    (void)room_enter(r, &v->visitor);
}

static struct room *room_fill(struct guard *g)
{
    struct room *r;
    name         n = named("room", 1);
    must(room_add(&g->showing.rooms, &n, PRESENCE_MS_MAX, &r));
    room_call(r, g->boot_ms);
    *room_show_of(g, r) = (struct room_show){.ceiling = UINT16_MAX, .watched = true};
    for (unsigned i = 0; i < CLASSES_MAX; i++) {
        class_fill(g, i);
        bit_put(room_show_of(g, r)->asked, i);
    }
    g->showing.class_count = CLASSES_MAX;
    for (unsigned i = 0; i < OCCUPANTS_MAX / 2; i++) {
        person_fill(g, r, i);
        visitor_fill(g, r, i, UINT16_MAX);
    }
    return r;
}

static double judged_ms(struct guard *g, struct room *r, unsigned *shown)
{
    struct audience a;
    double          began = now_ms();
    *shown = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        audience_of(g, r, &a);
        for (unsigned c = 0; c < CLASSES_MAX; c++) {
            *shown += audience_may(g, &a, &g->showing.class[c]).why == NULL ? 1 : 0;
        }
    }
    *shown /= ROUNDS;
    return (now_ms() - began) / ROUNDS;
}

/* One by one: judge, tell, record */
static void turns(struct guard *g)
{
    do {
        rooms_turn(g);
        guard_urgent_end(g);
        guard_turn_end(g);
    } while (g->showing.pending);
}

static double masked_ms(struct guard *g, struct room *r)
{
    double sum = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        g->showing.visit[0].ceiling = UINT16_MAX;
        room_changed(g, r);
        turns(g);
        g->showing.visit[0].ceiling = 0;
        room_changed(g, r);
        double began = now_ms();
        rooms_turn(g);
        MUST(guard_urgent(g).len > 0);
        sum += now_ms() - began;
        turns(g);
    }
    return sum / ROUNDS;
}

/* ---- 1,000 rooms ---- */

static void rooms_fill(struct guard *g)
{
    for (unsigned i = 2; i <= ROOMS_MAX; i++) {
        struct room *r;
        name         n = named("room", i), who = named("p", i % (OCCUPANTS_MAX / 2));
        must(room_add(&g->showing.rooms, &n, PRESENCE_MS_MAX, &r));
        room_call(r, g->boot_ms);
        (void)room_enter(r, &who);
        *room_show_of(g, r) = (struct room_show){.ceiling = UINT16_MAX, .watched = true};
        for (unsigned c = i % 50; c < CLASSES_MAX; c += 50) {
            bit_put(room_show_of(g, r)->asked, c);
        }
        room_changed(g, r);
    }
    turns(g);
}

static double each_us(struct guard *g, struct room *r,
                      void (*what)(struct guard *g, const struct room *r))
{
    double began = now_ms();
    for (unsigned i = 0; i < ROUNDS; i++) {
        what(g, r);
        turns(g);
    }
    return (now_ms() - began) * 1e3 / ROUNDS;
}

static double all_ms(struct guard *g)
{
    double began = now_ms();
    rooms_law(g, true);
    turns(g);
    return now_ms() - began;
}

int main(void)
{
    unsigned shown;
    (void)suite_make(NULL);
    gates_open(gates, 1);
    gate_tick(&gates[KOR]); /* its guard knows what time it is */
    struct guard *g = gates[KOR].guard;
    struct room  *r = room_fill(g);
    double        began = now_ms();
    for (unsigned i = 0; i < CLASSES_MAX; i++) {
        (void)class_discloses(g, &g->showing.class[i], 0);
    }
    double disclosed = now_ms() - began, judged = judged_ms(g, r, &shown);
    printf("{\"classes\": %d, \"occupants\": %d, \"shown\": %u, \"disclose_ms\": %.2f, "
           "\"judge_ms\": %.2f, "
           "\"mask_ms\": %.2f, \"rooms_kib\": %zu, \"guard_kib\": %zu}\n",
           CLASSES_MAX, OCCUPANTS_MAX, shown, disclosed, judged, masked_ms(g, r),
           sizeof g->showing / 1024 + URGENT_ROOM / 1024, guard_size() / 1024);
    rooms_fill(g);
    (void)each_us(g, r + 500, room_heard);
    double heard = each_us(g, r + 500, room_heard), anew = each_us(g, r + 500, room_changed);
    printf("{\"rooms\": %d, \"heard_us\": %.1f, \"judged_us\": %.1f, \"all_judged_ms\": %.1f}\n",
           ROOMS_MAX, heard, anew, all_ms(g));
    return 0;
}
