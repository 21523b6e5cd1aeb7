/* SPDX-License-Identifier: Apache-2.0 */
#include "guard/state.h"

struct person *person_find(struct guard *g, const name *n)
{
    for (unsigned i = 0; i < g->person_count; i++) {
        if (name_equal(&g->person[i].name, n)) {
            return &g->person[i];
        }
    }
    return NULL;
}

struct partner *partner_find(struct guard *g, const name *n)
{
    for (unsigned i = 0; i < g->partner_count; i++) {
        if (name_equal(&g->partner[i].name, n)) {
            return &g->partner[i];
        }
    }
    return NULL;
}

struct source *source_find(struct guard *g, const name *n)
{
    for (unsigned i = 0; i < g->source_count; i++) {
        if (!g->source[i].removed && name_equal(&g->source[i].row.name, n)) {
            return &g->source[i];
        }
    }
    return NULL;
}

struct held *held_known(struct guard *g, const id *epoch, unsigned partner)
{
    for (unsigned i = 0; i < g->held_count; i++) {
        if (g->held[i].partner == partner && id_equal(&g->held[i].epoch, epoch)) {
            return &g->held[i];
        }
    }
    return NULL;
}

struct held *held_find(struct guard *g, const id *epoch, unsigned partner)
{
    struct held *h = held_known(g, epoch, partner);
    return h != NULL && h->state == HELD_WAITING ? h : NULL;
}

struct session *session_find(struct guard *g, uint64_t number)
{
    for (unsigned i = 0; number != 0 && i < SESSIONS_MAX; i++) {
        struct session *s = &g->session[i];
        if (s->number == number && s->until_boot_ms > g->boot_ms) {
            return s;
        }
    }
    return NULL;
}

struct day_key *day_key_find(struct guard *g, const uint8_t key_id[static DAY_KEY_ID_LEN])
{
    for (unsigned i = 0; i < g->day_key_count; i++) {
        if (memcmp(g->day_key[i].public.id, key_id, DAY_KEY_ID_LEN) == 0) {
            return &g->day_key[i];
        }
    }
    return NULL;
}
