/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_ORDERS_H
#define SIM_ORDERS_H

#include "stage.h"

#include "guard/state.h"

/* Orders: what KOR gave to JPN, taking it back, and the time that this takes */

/* A product of KOR that JPN holds: its epoch, and its handle there */
struct given {
    id               epoch, handle;
    struct gate_mail grant;
};

static inline struct given give_one(struct gate g[static LAW_PARTIES])
{
    struct given out;
    must(submit(&g[KOR], "author", &imagery, &out.epoch));
    assert_int_equal(release(&g[KOR], &out.epoch, "JPN", &out.grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &out.grant, &out.handle));
    return out;
}

static inline err order(struct gate *g, const char *act, const char *body, span ids)
{
    bool            two = strcmp(act, "destroy") == 0;
    struct gate_act a = {
        .act = act, .body = body, .attachment = ids, .by = {"ok1", two ? "ok2" : NULL}};
    return gate_act(g, &a, NULL);
}

static inline void letters_go(struct gate g[static LAW_PARTIES])
{
    while (gates_pass(g, LAW_PARTIES)) {
    }
}

static inline unsigned taken(struct gate *g, uint8_t kind)
{
    struct gate_mail m;
    unsigned         count = 0;
    while (gate_take(g, kind, &m)) {
        gate_mail_drop(&m);
        count++;
    }
    return count;
}

static inline bool is_open(struct gate *g)
{
    const struct orders *o = &g->guard->orders;
    bool                 open = false;
    for (unsigned i = 0; i < ORDERS_MAX; i++) {
        open = open || o->own[i].step != ORDER_FREE;
    }
    for (unsigned i = 0; i < ORDERS_DUE_MAX; i++) {
        open = open || o->due[i].number != 0;
    }
    return open;
}

/* Seconds pass until no order is left; what other processes are told is not kept. */
static inline void work_off(struct gate g[static LAW_PARTIES])
{
    for (unsigned s = 0; s < 100; s++) {
        for (unsigned i = 0; i < LAW_PARTIES; i++) {
            time_pass(&g[i], 1000);
            gate_tick(&g[i]);
        }
        while (gates_pass(g, LAW_PARTIES)) {
            for (unsigned i = 0; i < LAW_PARTIES; i++) {
                (void)taken(&g[i], ANSWER_FORGET);
                (void)taken(&g[i], ANSWER_CUT);
            }
        }
        if (s > 3 && !is_open(&g[KOR]) && !is_open(&g[JPN])) {
            return;
        }
    }
    fail_msg("the order does not end");
}

#endif
