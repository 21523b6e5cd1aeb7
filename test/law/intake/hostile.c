/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever comes, in whatever order: every event is sealed or counted, nothing is sealed without a
 * lease, what was sealed is in the outbox and opens, and every closed epoch has the root that the guard
 * was told. */
#include "unit/intake/fake.h"

#define STEPS   1000
#define SEEDS   20
#define SOURCES 4

static struct random_stream dice_state;
static uint64_t             sealed;

static uint32_t dice(uint32_t below)
{
    uint32_t n;
    random_fill(random_from(&dice_state), &n, sizeof n);
    return n % below;
}

static const char *const seed_event[] = {
    EVENT("a"),
    EVENT_LABELLED("b", " access='SECRET'"),
    EVENT_LABELLED("c", " caveat='X' releasableTo='JPN USA'"),
    "<?xml version='1.0'?>" EVENT("d"),
    "<!DOCTYPE event [<!ENTITY a 'aaaa'>]>" EVENT("e"),
    EVENT("f") EVENT("g"),
    "<event version='2.0' uid='' type='a' how='m' time='x' start='' stale=''><point/></event>",
    "<event version='2.0'><point lat='NaN' lon='1e999'/></event>",
    "",
};

static span hostile_event(void)
{
    static uint8_t bytes[COT_EVENT_MAX + 64];
    const char    *from = seed_event[dice(ARRAY_LEN(seed_event))];
    size_t         len = strlen(from);
    memcpy(bytes, from, len);
    for (uint32_t n = dice(3) == 0 ? dice(8) : 0; n > 0 && len > 0; n--) {
        bytes[dice((uint32_t)len)] = (uint8_t)dice(256);
    }
    if (len > 0 && dice(16) == 0) {
        len = dice((uint32_t)len);
    }
    if (dice(64) == 0) {
        memset(bytes + len, ' ', sizeof bytes - len);
        len = sizeof bytes - dice(128);
    }
    return (span){bytes, len};
}

static uint64_t counted(uint16_t source)
{
    const struct intake_counters *c = counters(source);
    uint64_t                      n = c != NULL ? c->sealed : 0;
    for (unsigned r = 0; c != NULL && r < INTAKE_REASON_COUNT; r++) {
        n += c->refused[r];
    }
    return n;
}

static void give_event(void)
{
    uint16_t           source = (uint16_t)dice(SOURCES);
    uint64_t           before = counted(source);
    enum intake_reason wait = intake_waits(fake.intake, fake.now, source);
    enum intake_reason r = intake_event(fake.intake, fake.now, source, hostile_event());
    uint64_t           more = counted(source) - before;
    assert_true(more == 1 || (more == 0 && r == INTAKE_NO_EPOCH)); /* 0: there is no such source */
    if (r == INTAKE_SEALED) {
        sealed++;
        assert_int_equal(wait, INTAKE_SEALED);
        assert_true(fake.now < fake.heard_ms + fake.lease_ms);
    }
    if (wait != INTAKE_SEALED) {
        assert_int_equal(r, wait);
    }
}

static void flip(bool *what)
{
    *what = !*what;
}

static void change_sources(void)
{
    fake.source_count = 0;
    for (uint16_t i = 0; i < SOURCES; i++) {
        if (dice(4) > 0) {
            fake_source(i, "source", i % 2);
        }
    }
    if (fake.queued == 0 && !fake.away) {
        answer_sources(0);
    }
}

static void anything(void)
{
    switch (dice(24)) {
    case 0:
        flip(&fake.full);
        break;
    case 1:
        flip(&fake.away);
        break;
    case 2:
        flip(&fake.refuses);
        break;
    case 3:
        fake.queued = 0; /* what the old guard had to say is lost with it */
        intake_guard_new(fake.intake, fake.now);
        break;
    case 4:
        change_sources();
        break;
    case 5:
        if (fake.epoch_count > 0) {
            guard_stops(&fake.epoch[dice((uint32_t)fake.epoch_count)].row.epoch);
        }
        break;
    case 6:
        turn(dice(2000));
        break;
    case 7:
    case 8:
    case 9:
        turn(dice(200));
        break;
    default:
        give_event();
    }
}

static void heal(void)
{
    fake.full = fake.away = fake.refuses = false;
    fake.queued = 0;
    intake_guard_new(fake.intake, fake.now);
    pass(3000);
}

static void one_run(uint32_t seed)
{
    fake_begin();
    dice_state = (struct random_stream){.at = 0};
    memcpy(dice_state.seed, &seed, sizeof seed);
    sealed = 0;
    change_sources();
    fake.queued = 0;
    fake_start();
    for (unsigned i = 0; i < STEPS; i++) {
        anything();
    }
    heal();
    uint64_t kept = 0;
    for (uint16_t i = 0; i < SOURCES; i++) {
        kept += counters(i) != NULL ? counters(i)->sealed : 0;
    }
    assert_int_equal(all_read(), kept); /* all but what a stop found before a full outbox */
    assert_true(kept > 5 && kept <= sealed);
    assert_false(fake.asked_before_greeting);
    if (fake.source_count > 0) {
        assert_int_equal(event(fake.source[0].number, EVENT("z")), INTAKE_SEALED);
    }
    fake_end();
}

static void every_event_is_sealed_or_counted(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        print_message("# seed %u\n", seed);
        one_run(seed);
    }
}

/* The guard is ours, but its bytes are checked like anybody's. */
static void bytes_that_are_no_answer(void **state)
{
    (void)state;
    fake_begin();
    fake_source(0, "radar", 0);
    fake_start();
    for (unsigned i = 0; i < 5000; i++) {
        uint8_t  bytes[300];
        uint32_t len = dice(sizeof bytes);
        random_fill(random_from(&dice_state), bytes, sizeof bytes);
        bytes[0] = (uint8_t)(ANSWER_ERROR + dice(20));
        intake_from_guard(fake.intake, fake.now, (span){bytes, len});
        fake.note_count = 0;
        turn(10);
    }
    assert_int_equal(event(0, EVENT("z")), INTAKE_SEALED);
    fake_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_is_sealed_or_counted),
        cmocka_unit_test(bytes_that_are_no_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
