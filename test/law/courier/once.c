/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever is cut, and whoever ends and begins again: each batch that its party still has arrives once,
 * in the order of its epoch, after its grant; each grant comes to the guard; and each letter, both ways,
 * in order. */
#include "../../unit/courier/world.h"

#define SEEDS  20
#define STEPS  400
#define OWN    2  /* outboxes of its own */
#define FIRSTS 60 /* items of an epoch, so that a set of 64 tells which came */

struct maker {
    unsigned epoch[OWN], next_epoch;
    unsigned ahead; /* intake's next, of which its guard has spoken already; 0: none */
    uint64_t first[OWN];
};

/* A sealer that was started anew begins a new epoch. */
static void maker_restart(struct maker *m)
{
    for (unsigned i = 0; i < OWN; i++) {
        m->epoch[i] = ++m->next_epoch;
        m->first[i] = 0;
    }
    m->ahead = 0;
}

static unsigned epoch_next(struct maker *m, unsigned outbox)
{
    unsigned next = outbox == OUTBOX_INTAKE && m->ahead != 0 ? m->ahead : ++m->next_epoch;
    m->ahead = outbox == OUTBOX_INTAKE ? 0 : m->ahead;
    return next;
}

static void maker_begins(struct maker *m, struct world *w)
{
    if (m->ahead == 0 && dice(w, 60) == 0) {
        m->ahead = ++m->next_epoch;
        id e = epoch_of(m->ahead);
        guard_begins(&w->party[0], &e);
    }
}

static void maker_put(struct maker *m, struct world *w)
{
    unsigned outbox = dice(w, OWN);
    if (m->first[outbox] == FIRSTS || dice(w, 40) == 0) {
        m->epoch[outbox] = epoch_next(m, outbox);
        m->first[outbox] = 0;
    }
    maker_begins(m, w);
    id e = epoch_of(m->epoch[outbox]);
    outbox_put(&w->party[0], outbox, &e, m->first[outbox]++, outbox == OUTBOX_INTAKE);
    if (dice(w, 10) == 0) {
        struct memory_log *l = &w->party[0].outbox[outbox];
        l->synced = l->count;
    }
}

static void all_came(const struct world *w, const struct came *came)
{
    for (unsigned outbox = 0; outbox < OWN; outbox++) {
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

/* Each sealer makes one epoch after another: so they come in each lane, but for what a power cut took and
 * the sender put in again. */
static void all_in_order(const struct world *w)
{
    const struct memory_log *l = &w->party[1].log[COURIER_INBOX];
    unsigned                 last[OWN][LANE_COUNT] = {0};
    for (size_t i = 0; i < l->count; i++) {
        struct inbox_record r;
        unsigned            n;
        assert_false(err_is(inbox_record_read((span){l->at[i].body, l->at[i].len}, &r)));
        if (r.kind != ENTRY_BATCH) {
            continue;
        }
        memcpy(&n, r.body.ptr, sizeof n);
        unsigned *before = &last[w->party[0].lies[n]][r.lane];
        if (n < *before) {
            fail_msg("epoch %u came after epoch %u", n, *before);
        }
        *before = n;
    }
}

struct chances {
    uint32_t cut, end, power, chunk; /* one in so many steps; 0 = never */
    uint32_t late;                   /* that the other is not heard any more, or again */
    bool     relay;
};

/* A guard sends what the other one has not got again after a while, and when its courier is new. */
static void letters_put(struct world *w)
{
    for (unsigned i = 0; i < 2; i++) {
        struct party *p = &w->party[i];
        bool          more = p->letters_sent < w->party[1 - i].letters_taken + 30;
        bool          one = more && dice(w, 6) == 0;
        p->letters_sent += one;
        if (one) {
            guard_mails(p, p->letters_sent, p->letters_sent, 2200);
        }
        if (dice(w, 20) == 0) {
            guard_mails(p, 0, ++p->beat_sent, 2200);
        }
    }
}

static void letters_again(struct world *w)
{
    guard_mails_letters(&w->party[0]);
    guard_mails_letters(&w->party[1]);
}

static void letters_came(struct world *w, bool exactly)
{
    struct came back;
    inbox_check(&w->party[0], &back);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(w->party[i].letters_taken, w->party[1 - i].letters_sent);
        assert_true(w->party[i].beat_newest > 0);
        assert_true(!exactly || w->party[i].letters_again == 0);
    }
}

static bool chance(struct world *w, uint32_t one_in)
{
    return one_in > 0 && dice(w, one_in) == 0;
}

/* What came is passed on, here back: everything, once and in order. */
static void all_went_back(const struct world *w)
{
    struct came came, back;
    inbox_check(&w->party[1], &came);
    inbox_check(&w->party[0], &back);
    for (unsigned n = 0; n < ARRAY_LEN(came.items); n++) {
        if ((came.items[n] & ~back.items[n]) != 0) {
            fail_msg("items of epoch %u were not passed on", n);
        }
    }
}

static void one_world(uint64_t seed, struct chances odds)
{
    struct world *w = world_make(seed);
    w->party[1].relays = odds.relay;
    w->party[0].slow = w->party[1].slow = 1 + dice(w, 6);
    bool         exactly = odds.end + odds.power == 0;
    struct came  came;
    struct maker m = {.next_epoch = 1};
    maker_restart(&m);
    for (unsigned i = 0; i < STEPS; i++) {
        for (unsigned k = dice(w, 8); k > 0; k--) {
            maker_put(&m, w);
        }
        letters_put(w);
        if (!exactly && i % 40 == 39) {
            letters_again(w);
        }
        world_step(w, odds.chunk);
        if (chance(w, odds.cut)) {
            link_cut(w, dice(w, 2));
        }
        if (chance(w, odds.cut)) {
            path_cut(w, dice(w, 2), dice(w, PATH_COUNT));
        }
        if (chance(w, odds.cut)) {
            struct courier_end end = {.dialled = true, .path = (uint8_t)dice(w, PATH_COUNT)};
            courier_pace(w->party[dice(w, 2)].courier, end, (enum pace)dice(w, PACE_COUNT));
        }
        if (chance(w, odds.end)) {
            party_restart(w, dice(w, 2), false);
        }
        if (chance(w, odds.late) && w->party[0].rule == RULE_LATE) {
            guard_hears(&w->party[0]);
        } else if (chance(w, odds.late)) {
            w->party[0].rule = RULE_LATE;
        }
        if (chance(w, odds.power)) {
            unsigned number = dice(w, 2);
            party_restart(w, number, true);
            if (number == 0) {
                maker_restart(&m);
            }
        }
    }
    guard_hears(&w->party[0]);
    w->now += 10000;
    world_run(w, 1500);
    letters_again(w);
    world_run(w, 300);
    inbox_check(&w->party[1], &came);
    letters_came(w, exactly);
    if (odds.relay) {
        all_went_back(w);
    }
    all_came(w, &came);
    if (odds.power == 0) {
        all_in_order(w);
        assert_int_equal(w->party[1].disorder, 0);
    }
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

/* A partner that is not heard for a while has it all later, and in order. */
static void once_when_it_is_late(void **state)
{
    (void)state;
    many_worlds((struct chances){.late = 10, .chunk = 3000});
    many_worlds((struct chances){.late = 10, .cut = 30, .end = 40, .chunk = 5000});
    many_worlds((struct chances){.late = 10, .cut = 40, .end = 80, .power = 50, .chunk = 3000});
}

static void passed_on_once(void **state)
{
    (void)state;
    many_worlds((struct chances){.relay = true, .chunk = 3000});
    many_worlds((struct chances){.relay = true, .cut = 20, .end = 80, .chunk = 3000});
}

static void passed_on_once_with_power_cuts(void **state)
{
    (void)state;
    many_worlds((struct chances){.relay = true, .cut = 40, .end = 80, .power = 50, .chunk = 3000});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(once_when_nothing_fails),
        cmocka_unit_test(once_with_bytes_in_pieces),
        cmocka_unit_test(once_with_lost_connections),
        cmocka_unit_test(once_with_restarts),
        cmocka_unit_test(once_with_power_cuts),
        cmocka_unit_test(once_when_it_is_late),
        cmocka_unit_test(passed_on_once),
        cmocka_unit_test(passed_on_once_with_power_cuts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
