/* SPDX-License-Identifier: Apache-2.0 */
/* A picture of a feed for who is behind in it: the newest report of each track once more, and nothing else. */
#include "intake/newest.h"
#include "marking/marking.h"

#include "unit/intake/fake.h"

#define PIECE 512
#define NOW   INT64_C(1511893080000) /* 2017-11-28T18:18:00Z, as fake.h says of events */

static int set_up(void **state)
{
    (void)state;
    fake_begin();
    fake_source(0, "radar", KIND_TRACK);
    fake_source(1, "warnings", KIND_WARNING);
    fake_source(63, "last", KIND_TRACK);
    fake_start();
    return 0;
}

/* second - past NOW, of its time; it is over 10 s later */
static enum intake_reason track_at(uint16_t source, unsigned uid, unsigned height, unsigned second)
{
    char text[512];
    snprintf(text, sizeof text,
             "<event version='2.0' uid='t-%u' type='a-h-A' how='m-r' time='2017-11-28T18:18:%02uZ' "
             "start='2017-11-28T18:18:00Z' stale='2017-11-28T18:18:%02uZ'><point lat='39.282' "
             "lon='125.869' hae='%u' ce='10' le='9999999'/></event>",
             uid, second, second + 10, height);
    return event(source, text);
}

static enum intake_reason track(uint16_t source, unsigned uid, unsigned height)
{
    return track_at(source, uid, height, 0);
}

static void want(const id *epoch)
{
    struct writer w;
    put_id(answer_begin(&w, ANSWER_PICTURE, 0), epoch);
    answer_end(&w);
    guard_speaks();
}

/* parts - of pictures in the outbox: how many batches, of how many items, and how many of the batches were the last */
struct parts {
    unsigned batches, items, last;
};

static struct parts parts(void)
{
    struct parts p = {0};
    for (size_t i = 0; i < fake.batch_count; i++) {
        struct batch b;
        assert_false(err_is(batch_read((span){fake.batch[i].bytes, fake.batch[i].len}, &b)));
        bool     its = line_pictures(fake.batch[i].type);
        unsigned last = its && line_part(fake.batch[i].type) == PART_LAST;
        assert_true(!its || (last != 0) == fake.batch[i].durable);
        p.batches += its;
        p.items += its ? b.count : 0;
        p.last += last;
    }
    return p;
}

static unsigned seen[8];

static void see(const struct report *r)
{
    unsigned uid = (unsigned)(r->uid[2] - '0');
    assert_true(uid < ARRAY_LEN(seen));
    seen[uid] = (unsigned)(r->hae_cm / 100);
}

static void the_newest_of_each_track(void **state)
{
    (void)state;
    for (unsigned height = 100; height <= 300; height += 100) {
        assert_int_equal(track(0, 1, height), INTAKE_SEALED);
    }
    assert_int_equal(track(0, 2, 50), INTAKE_SEALED);
    turn(1);
    assert_int_equal(fake.batch[0].type, line_type(1, PART_FIRST));
    want(&fake.epoch[0].row.epoch);
    turn(1);
    struct parts p = parts();
    assert_int_equal(p.batches, 1);
    assert_int_equal(p.items, 2);
    assert_int_equal(p.last, 1);
    assert_int_equal(epoch_read(&fake.epoch[0], see), 6);
    assert_int_equal(seen[1], 300);
    assert_int_equal(seen[2], 50);
    assert_int_equal(counters(0)->sealed, 4);
    assert_int_equal(counters(0)->pictured, 2);
    assert_int_equal(track(0, 2, 60), INTAKE_SEALED);
    turn(1);
    assert_int_equal(fake.batch[fake.batch_count - 1].type, line_type(1, PART_PLAIN));
}

/* One that comes late is passed on as it came, and is not the newest; one of a time to come keeps nothing out. */
static void the_newest_is_the_newest_in_time(void **state)
{
    (void)state;
    intake_now(fake.intake, NOW + 4000);
    assert_int_equal(track_at(0, 1, 100, 3), INTAKE_SEALED);
    assert_int_equal(track_at(0, 1, 200, 1), INTAKE_SEALED);
    assert_int_equal(track_at(0, 2, 100, 40), INTAKE_SEALED);
    intake_now(fake.intake, NOW + 5000);
    assert_int_equal(track_at(0, 2, 200, 5), INTAKE_SEALED);
    turn(1);
    assert_int_equal(counters(0)->sealed, 4);
    want(&fake.epoch[0].row.epoch);
    turn(1);
    assert_int_equal(parts().items, 2);
    (void)epoch_read(&fake.epoch[0], see);
    assert_int_equal(seen[1], 100);
    assert_int_equal(seen[2], 200);
}

static void who_asks_often_gets_one(void **state)
{
    (void)state;
    (void)track(0, 1, 100);
    turn(1);
    for (unsigned i = 0; i < 900; i++) {
        want(&fake.epoch[0].row.epoch);
        turn(1);
    }
    assert_int_equal(parts().last, 1);
    pass(200);
    want(&fake.epoch[0].row.epoch);
    turn(1);
    assert_int_equal(parts().last, 2);
}

static void of_warnings_there_is_none(void **state)
{
    static const id nobodys = {{9}};
    (void)state;
    assert_int_equal(track(1, 1, 100), INTAKE_SEALED);
    assert_int_equal(track(63, 1, 100), INTAKE_SEALED); /* its line has no number */
    turn(1);
    assert_int_equal(fake.batch[0].type, LINE_NONE);
    assert_int_equal(fake.batch[1].type, LINE_NONE);
    for (unsigned i = 0; i < 3; i++) {
        want(&fake.epoch[i].row.epoch);
    }
    want(&nobodys);
    pass(1000);
    assert_int_equal(parts().batches, 0);
}

static void a_large_one_comes_in_pieces(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2 * PIECE + 1; i++) {
        assert_int_equal(track(0, i, 100), INTAKE_SEALED);
    }
    turn(1);
    want(&fake.epoch[0].row.epoch);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(track(0, 5000 + i, 100), INTAKE_SEALED); /* between the pieces */
        turn(1);
    }
    struct parts p = parts();
    assert_int_equal(p.batches, 3);
    assert_int_equal(p.last, 1);
    assert_true(p.items >= 2 * PIECE + 1);
    assert_true(line_part(fake.batch[fake.batch_count - 1].type) != PART_PICTURE);
    (void)epoch_read(&fake.epoch[0], NULL);
}

static void it_goes_on_where_there_was_no_room(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2 * PIECE; i++) {
        assert_int_equal(track(0, i, 100), INTAKE_SEALED);
    }
    turn(1);
    want(&fake.epoch[0].row.epoch);
    intake_turn_end(fake.intake, fake.now);
    fake.full = true;
    pass(500);
    assert_int_equal(parts().last, 0);
    fake.full = false;
    turn(1);
    assert_int_equal(parts().items, 2 * PIECE);
    assert_int_equal(parts().last, 1);
    (void)epoch_read(&fake.epoch[0], NULL);
}

static void a_stop_without_room_undoes_it(void **state)
{
    (void)state;
    (void)track(0, 1, 100);
    turn(1);
    want(&fake.epoch[0].row.epoch);
    fake.full = true;
    intake_turn_end(fake.intake, fake.now);
    guard_stops(&fake.epoch[0].row.epoch);
    fake.full = false;
    pass(500);
    assert_int_equal(parts().batches, 0);
    assert_int_equal(counters(0)->pictured, 0);
    assert_int_equal(counters(0)->sealed, 1);
    assert_int_equal(epoch_read(&fake.epoch[0], NULL), 1);
}

static void what_is_long_over_is_in_none(void **state)
{
    (void)state;
    intake_now(fake.intake, NOW);
    (void)track(0, 1, 100);
    turn(1);
    pass(NEWEST_KEEP_MS / 2);
    assert_int_equal(track(0, 2, 100), INTAKE_SEALED);
    turn(1);
    pass(NEWEST_KEEP_MS / 2 + 11 * MS_PER_SECOND);
    size_t now = fake.epoch_count - 1;
    while (fake.epoch[now].row.source != 0) {
        now--;
    }
    want(&fake.epoch[now].row.epoch); /* the one that is to come: nothing is sealed under it */
    assert_int_equal(track(0, 2, 200), INTAKE_SEALED);
    turn(1);
    want(&fake.epoch[now].row.epoch);
    turn(1);
    assert_int_equal(parts().items, 1);
}

static void a_profile_that_changed_begins_anew(void **state)
{
    (void)state;
    (void)track(0, 1, 100);
    turn(1);
    fake.source[0].precedence = 2;
    intake_guard_new(fake.intake, fake.now);
    turn(1);
    (void)track(0, 2, 100);
    turn(1);
    assert_int_equal(fake.batch[fake.batch_count - 1].type, line_type(1, PART_FIRST));
    for (size_t i = 0; i < fake.epoch_count; i++) {
        want(&fake.epoch[i].row.epoch);
    }
    pass(100);
    assert_int_equal(parts().items, 1);
}

static void too_many_tracks_are_in_none(void **state)
{
    (void)state;
    for (unsigned i = 0; i <= NEWEST_EACH_MAX; i++) {
        assert_int_equal(track(0, i, 100), INTAKE_SEALED);
        if (i % 256 == 0) {
            turn(10);
        }
    }
    turn(1);
    want(&fake.epoch[fake.epoch_count - 1].row.epoch);
    want(&fake.epoch[0].row.epoch);
    pass(1000);
    assert_int_equal(parts().batches, 0);
    assert_int_equal(notes_of("a feed has too many tracks for a picture"), 1);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(the_newest_of_each_track),           EACH(who_asks_often_gets_one),
        EACH(of_warnings_there_is_none),          EACH(a_large_one_comes_in_pieces),
        EACH(it_goes_on_where_there_was_no_room), EACH(a_stop_without_room_undoes_it),
        EACH(what_is_long_over_is_in_none),       EACH(a_profile_that_changed_begins_anew),
        EACH(too_many_tracks_are_in_none),        EACH(the_newest_is_the_newest_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
