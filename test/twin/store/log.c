/* SPDX-License-Identifier: Apache-2.0 */
/* The log beside a slow obvious twin: a list of lengths with three counters. */
#include "cmocka_all.h"
#define DISK_BODY_LEAST 244
#include "fault/store/disk.h"

#define RECORDS_MAX 400

static struct disk d;

struct twin {
    bool     live[RECORDS_MAX], refused[RECORDS_MAX];
    uint64_t position[RECORDS_MAX];
    uint32_t appended, written, synced;
    uint32_t looked; /* records that were looked at */
};

static uint64_t chance_state;

static uint32_t chance(uint32_t below)
{
    chance_state = chance_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(chance_state >> 33) % below;
}

/* What a reader may have: those in a row from the first on that are out; behind an inspector, those that it looked at, but
 * for what it refused. */
static void agree_as(const struct twin *t, bool live, bool inspected)
{
    struct log_item item;
    bool            more = true;
    d.inspected = inspected;
    assert_false(err_is(disk_open_reader(&d, DISK_SEGMENTS, 0, live)));
    for (uint32_t n = 0; n < t->written && (n < t->synced || (live && t->live[n])); n++) {
        if (inspected && n >= t->looked) {
            break;
        }
        if (!inspected || !t->refused[n]) {
            assert_false(err_is(log_next(&d.reader, &item, &more)));
            assert_true(more && disk_is(&item, n));
        }
    }
    assert_false(err_is(log_next(&d.reader, &item, &more)));
    assert_false(more);
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

/* Somebody looks at the next record that was written, and may refuse it. */
static void step_pass(struct twin *t)
{
    bool more;
    if (t->looked < t->written) {
        uint64_t from = t->position[t->looked];
        uint64_t to = t->looked + 1 < t->appended ? t->position[t->looked + 1] : UINT64_MAX;
        uint64_t written = atomic_load(&d.marks.written);
        to = to < written ? to : written;
        struct passing_what what = {.from = from, .to = to};
        t->refused[t->looked] = chance(3) == 0;
        if (t->refused[t->looked]) {
            assert_false(err_is(passing_refuse(&d.passing, &what, 0, &more)));
        }
        assert_false(err_is(
            disk_look(&d, t->looked, from, t->live[t->looked] ? RECORD_LIVE : RECORD_DURABLE)));
        t->looked++;
        passing_to(&d.passing, to);
    }
}

static void agree(const struct twin *t)
{
    for (unsigned i = 0; i < 4; i++) {
        agree_as(t, i % 2 == 0, i / 2 == 0);
    }
}

static void does_what_its_twin_does(void **state)
{
    (void)state;
    typedef void       step(struct twin *);
    static step *const steps[] = {step_append, step_append, step_append, step_append, step_append,
                                  step_append, step_flush,  step_flush,  step_sync,   step_pass,
                                  step_pass,   step_pass,   step_kill,   step_cut};
    for (uint64_t seed = 1; seed <= 60; seed++) {
        static struct twin t;
        t = (struct twin){0};
        chance_state = seed;
        disk_init(&d);
        assert_false(err_is(disk_open_writer(&d, DISK_SEGMENTS, NULL)));
        for (int i = 0; i < 250; i++) {
            uint32_t which = chance(ARRAY_LEN(steps));
            steps[which](&t);
            if (steps[which] == step_cut) { /* positions begin anew: so does who looks */
                memset(&d.passing, 0, sizeof d.passing);
                t.looked = 0;
                memset(t.refused, 0, sizeof t.refused);
            }
            agree(&t);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(does_what_its_twin_does)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
