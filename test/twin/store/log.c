/* SPDX-License-Identifier: Apache-2.0 */
/* The log beside a slow obvious twin: a list of lengths with three counters. */
#include "cmocka_all.h"
#include "fault/store/disk.h"

#define RECORDS_MAX 400

static struct disk d;

struct twin {
    bool     live[RECORDS_MAX];
    uint64_t position[RECORDS_MAX];
    uint32_t appended, written, synced;
    uint64_t passed; /* a position */
};

static uint64_t chance_state;

static uint32_t chance(uint32_t below)
{
    chance_state = chance_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(chance_state >> 33) % below;
}

/* What a reader may have: those in a row from the first on that are out. */
static uint32_t twin_readable(const struct twin *t, bool live)
{
    uint32_t n = 0;
    while (n < t->written && t->position[n] < t->passed &&
           (n < t->synced || (live && t->live[n]))) {
        n++;
    }
    return n;
}

static void step_append(struct twin *t)
{
    uint8_t kind = chance(2) == 0 ? RECORD_LIVE : RECORD_DURABLE;
    if (t->appended == RECORDS_MAX) {
        return;
    }
    err e = disk_append(&d, t->appended, kind, &t->position[t->appended]);
    if (!err_is(e)) {
        t->live[t->appended++] = kind == RECORD_LIVE;
    } else {
        assert_int_equal(e.code, ERR_FULL);
    }
}

static void step_flush(struct twin *t)
{
    assert_false(err_is(log_flush(&d.writer)));
    t->written = t->appended;
}

static void step_sync(struct twin *t)
{
    assert_false(err_is(log_sync(&d.writer)));
    t->written = t->synced = t->appended;
}

/* The process dies: what was written stays, what was in its memory does not. */
static void step_kill(struct twin *t)
{
    struct log_end found;
    assert_false(err_is(disk_open_writer(&d, DISK_SEGMENTS, &found)));
    assert_true(found.records >= t->written && found.records <= t->appended);
    t->appended = t->written = t->synced = (uint32_t)found.records;
}

static void step_cut(struct twin *t)
{
    struct log_end found;
    disk_cut(&d, 512, NULL, NULL);
    assert_false(err_is(disk_open_writer(&d, DISK_SEGMENTS, &found)));
    assert_int_equal(found.records, t->synced);
    t->appended = t->written = t->synced;
}

static void step_pass(struct twin *t)
{
    bool some = t->appended > 0 && chance(2) == 0;
    t->passed = some ? t->position[chance(t->appended)] : LOG_PASSED_ALL;
    atomic_store(&d.marks.passed, t->passed);
}

static void agree(const struct twin *t)
{
    assert_int_equal(disk_count(&d, true), (int)twin_readable(t, true));
    assert_int_equal(disk_count(&d, false), (int)twin_readable(t, false));
}

static void does_what_its_twin_does(void **state)
{
    (void)state;
    typedef void       step(struct twin *);
    static step *const steps[] = {step_append, step_append, step_append, step_append,
                                  step_append, step_append, step_flush,  step_flush,
                                  step_sync,   step_pass,   step_kill,   step_cut};
    for (uint64_t seed = 1; seed <= 60; seed++) {
        static struct twin t;
        t = (struct twin){.passed = LOG_PASSED_ALL};
        chance_state = seed;
        disk_init(&d);
        assert_false(err_is(disk_open_writer(&d, DISK_SEGMENTS, NULL)));
        for (int i = 0; i < 250; i++) {
            uint32_t which = chance(ARRAY_LEN(steps));
            /* passed is a position: what it means after a cut is the checker's to say anew */
            if (which >= 10) {
                t.passed = LOG_PASSED_ALL;
                atomic_store(&d.marks.passed, LOG_PASSED_ALL);
            }
            steps[which](&t);
            agree(&t);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(does_what_its_twin_does)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
