/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever is cut, and whoever ends and begins again: each batch that its party still has arrives once,
 * in the order of its epoch, after its grant; and each grant comes to the guard. */
#include "../../unit/courier/world.h"

#define SEEDS  20
#define STEPS  400
#define FIRSTS 60 /* items of an epoch, so that a set of 64 tells which came */

struct maker {
    unsigned epoch[OUTBOX_COUNT], next_epoch;
    uint64_t first[OUTBOX_COUNT];
};

/* A sealer that was started anew begins a new epoch. */
static void maker_restart(struct maker *m)
{
    for (unsigned i = 0; i < OUTBOX_COUNT; i++) {
        m->epoch[i] = ++m->next_epoch;
        m->first[i] = 0;
    }
}

static void maker_put(struct maker *m, struct world *w)
{
    unsigned outbox = dice(w, OUTBOX_COUNT);
    if (m->first[outbox] == FIRSTS || dice(w, 40) == 0) {
        m->epoch[outbox] = ++m->next_epoch;
        m->first[outbox] = 0;
    }
    id e = epoch_of(m->epoch[outbox]);
    outbox_put(&w->party[0], outbox, &e, m->first[outbox]++, outbox == OUTBOX_INTAKE);
    if (dice(w, 10) == 0) {
        struct memory_log *l = &w->party[0].outbox[outbox];
        l->synced = l->count;
    }
}

static void all_came(const struct world *w, const struct came *came)
{
    for (unsigned outbox = 0; outbox < OUTBOX_COUNT; outbox++) {
        const struct memory_log *l = &w->party[0].outbox[outbox];
        for (size_t i = 0; i < l->count; i++) {
            struct reader r = reader_of((span){l->at[i].body, l->at[i].len});
            id            epoch = read_id(&r);
            uint64_t      first = read_u64(&r);
            unsigned      n;
            memcpy(&n, epoch.bytes, sizeof n);
            if ((came->items[n] >> first & 1) == 0) {
                fail_msg("item %u of epoch %u is missing", (unsigned)first, n);
            }
            assert_true(w->party[1].handed[n]);
        }
    }
}

struct chances {
    uint32_t cut, end, power, chunk; /* one in so many steps; 0 = never */
};

static bool chance(struct world *w, uint32_t one_in)
{
    return one_in > 0 && dice(w, one_in) == 0;
}

static void one_world(uint64_t seed, struct chances odds)
{
    struct world *w = world_make(seed);
    struct came   came;
    struct maker  m = {.next_epoch = 1};
    maker_restart(&m);
    for (unsigned i = 0; i < STEPS; i++) {
        for (unsigned k = dice(w, 8); k > 0; k--) {
            maker_put(&m, w);
        }
        world_step(w, odds.chunk);
        if (chance(w, odds.cut)) {
            link_cut(w, dice(w, 2));
        }
        if (chance(w, odds.end)) {
            party_restart(w, dice(w, 2), false);
        }
        if (chance(w, odds.power)) {
            unsigned number = dice(w, 2);
            party_restart(w, number, true);
            if (number == 0) {
                maker_restart(&m);
            }
        }
    }
    w->now += 10000;
    world_run(w, 300);
    inbox_check(&w->party[1], &came);
    all_came(w, &came);
    world_free(w);
}

static void many_worlds(struct chances odds)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        one_world(seed, odds);
    }
}

static void once_when_nothing_fails(void **state)
{
    (void)state;
    many_worlds((struct chances){.chunk = 0});
}

static void once_with_bytes_in_pieces(void **state)
{
    (void)state;
    many_worlds((struct chances){.chunk = 900});
}

static void once_with_lost_connections(void **state)
{
    (void)state;
    many_worlds((struct chances){.cut = 15, .chunk = 2000});
}

static void once_with_restarts(void **state)
{
    (void)state;
    many_worlds((struct chances){.cut = 30, .end = 40, .chunk = 5000});
}

static void once_with_power_cuts(void **state)
{
    (void)state;
    many_worlds((struct chances){.cut = 40, .end = 80, .power = 50, .chunk = 3000});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(once_when_nothing_fails),    cmocka_unit_test(once_with_bytes_in_pieces),
        cmocka_unit_test(once_with_lost_connections), cmocka_unit_test(once_with_restarts),
        cmocka_unit_test(once_with_power_cuts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
