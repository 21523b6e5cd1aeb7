/* SPDX-License-Identifier: Apache-2.0 */
#include "picture/picture.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmocka_all.h"

#define SEEN_MAX 64

/* told - what the one view of a test was told, and what stands in it now */
struct told {
    struct object   now[SEEN_MAX];
    size_t          count, changed, gone;
    unsigned        view;
    struct picture *p;
};

static void told_gone(void *ctx, unsigned view, uint32_t at, uint64_t id)
{
    (void)at;
    struct told *t = ctx;
    for (size_t i = 0; view == t->view && i < t->count; i++) {
        if (t->now[i].id == id) {
            t->now[i] = t->now[--t->count];
            t->gone++;
            return;
        }
    }
    assert_true(view != t->view); /* gone is only told of what was told of */
}

static void told_changed(void *ctx, unsigned view, const struct object *o)
{
    struct told *t = ctx;
    if (view != t->view) {
        return;
    }
    t->changed++;
    for (size_t i = 0; i < t->count; i++) {
        if (t->now[i].id == o->id) {
            t->now[i] = *o;
            return;
        }
    }
    assert_true(t->count < SEEN_MAX);
    t->now[t->count++] = *o;
}

static struct classes set_of(uint64_t bits)
{
    return (struct classes){{bits}};
}

static void begin(struct told *t, uint64_t sees)
{
    const secret              key = {{9}};
    const struct picture_sink sink = {t, told_changed, told_gone};
    struct classes            c = set_of(sees);
    memset(t, 0, sizeof *t);
    assert_false(err_is(picture_open(&key, sink, &t->p)));
    assert_false(err_is(picture_view(t->p, &c, &t->view)));
}

static struct report report_of(const char *uid, instant at, double lat, double lon)
{
    struct report r = {.time = at, .start = at, .stale = at + 30000, .type = "a-f-S", .how = "m-r"};
    snprintf(r.uid, sizeof r.uid, "%s", uid);
    r.place = (struct place){(int32_t)(lat * 1e7), (int32_t)(lon * 1e7)};
    return r;
}

static err say(struct told *t, uint16_t source, uint16_t class, const struct report *r)
{
    char feed[16];
    snprintf(feed, sizeof feed, "feed-%u", source);
    struct contact_row row = {source, class, span_text(feed), r};
    return picture_report(t->p, r->time, &row);
}

static void say_at(struct told *t, uint16_t source, const char *uid, instant at, double lat,
                   double lon)
{
    struct report r = report_of(uid, at, lat, lon);
    assert_false(err_is(say(t, source, source, &r)));
}

static void two_sources_of_one_thing_are_one_track_after_three_reports(void **state)
{
    struct told t;
    (void)state;
    begin(&t, 3);
    for (int i = 0; i < 3; i++) {
        say_at(&t, 0, "kor-1", 1000 * i + 1000, 37.0, 130.0);
        say_at(&t, 1, "usa-9", 1000 * i + 1500, 37.001, 130.0);
        assert_int_equal(t.count, i < 2 ? 2 : 1);
    }
    assert_int_equal(t.now[0].sources, 2);
    assert_int_equal(t.now[0].source[0], 0);
    assert_int_equal(t.now[0].source[1], 1);
    assert_true(classes_have(&t.now[0].classes, 0) && classes_have(&t.now[0].classes, 1));
    assert_true(t.now[0].shown.place.lat_e7 > 370000000 && t.now[0].shown.place.lat_e7 < 370010000);
    picture_close(t.p);
}

static void the_more_exact_one_weighs_more(void **state)
{
    struct told   t;
    struct report a = report_of("x", 1000, 37.0, 130.0), b = report_of("x", 2000, 37.01, 130.0);
    (void)state;
    begin(&t, 3);
    a.has = b.has = REPORT_CE;
    a.ce_cm = 10000;
    b.ce_cm = 100000;
    assert_false(err_is(say(&t, 0, 0, &a)));
    assert_false(err_is(say(&t, 1, 1, &b)));
    assert_int_equal(t.count, 1); /* the same name, and near: at once */
    assert_in_range(t.now[0].shown.place.lat_e7, 370000500, 370001500);
    assert_true(t.now[0].shown.ce_cm < 10000);
    picture_close(t.p);
}

static void what_cannot_be_one_thing_is_not(void **state)
{
    static const struct {
        const char *type;
        double      lat;
        uint16_t    source;
    } other[] = {{"a-f-A", 37.0, 1}, {"a-f-S", 37.5, 1}, {"a-f-S", 37.0, 0}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(other); i++) {
        struct told t;
        begin(&t, 3);
        for (int n = 0; n < 6; n++) {
            struct report r = report_of("b", 1000 * n + 1500, other[i].lat, 130.0);
            memcpy(r.type, other[i].type, 6);
            say_at(&t, 0, "a", 1000 * n + 1000, 37.0, 130.0);
            assert_false(err_is(say(&t, other[i].source, other[i].source, &r)));
        }
        assert_int_equal(t.count, 2);
        picture_close(t.p);
    }
}

static void ways_that_cross_are_two_tracks(void **state)
{
    struct told t;
    (void)state;
    begin(&t, 3);
    for (int n = 0; n < 6; n++) {
        struct report a = report_of("a", 1000 * n + 1000, 37.0, 130.0);
        struct report b = report_of("b", 1000 * n + 1500, 37.0, 130.0);
        a.has = b.has = REPORT_COURSE | REPORT_SPEED;
        a.speed_cms = b.speed_cms = 1000;
        b.course_cdeg = 9000;
        assert_false(err_is(say(&t, 0, 0, &a)));
        assert_false(err_is(say(&t, 1, 1, &b)));
    }
    assert_int_equal(t.count, 2);
    picture_close(t.p);
}

static void who_moves_away_is_a_track_of_its_own_again(void **state)
{
    struct told t;
    (void)state;
    begin(&t, 3);
    say_at(&t, 0, "x", 1000, 37.0, 130.0);
    say_at(&t, 1, "x", 2000, 37.0, 130.0);
    assert_int_equal(t.count, 1);
    say_at(&t, 1, "x", 3000, 37.2, 130.0);
    assert_int_equal(t.count, 2);
    assert_int_equal(t.now[0].sources + t.now[1].sources, 2);
    picture_close(t.p);
}

/* A new epoch has another class: the track goes on for who may see both, and is gone for who may not. */
static void a_track_goes_on_under_another_class(void **state)
{
    struct told   both, one;
    struct report r = report_of("x", 1000, 37.0, 130.0), s = report_of("x", 2000, 37.1, 130.0);
    (void)state;
    begin(&both, 3);
    begin(&one, 1);
    assert_false(err_is(say(&both, 0, 0, &r)));
    assert_false(err_is(say(&one, 0, 0, &r)));
    assert_int_equal(both.now[0].id, one.now[0].id);
    assert_false(err_is(say(&both, 0, 1, &s)));
    assert_false(err_is(say(&one, 0, 1, &s)));
    assert_int_equal(both.count, 1);
    assert_int_equal(both.now[0].shown.place.lat_e7, 371000000);
    assert_false(classes_have(&both.now[0].classes, 0));
    assert_int_equal(one.now[0].shown.place.lat_e7, 370000000);
    picture_tick(one.p, 31000);
    assert_int_equal(one.count, 0);
    picture_close(both.p);
    picture_close(one.p);
}

static void what_was_shown_stays_only_while_its_trail_rests_on_what_may_be_seen(void **state)
{
    struct told    t;
    struct classes first = set_of(1), all = set_of(3);
    (void)state;
    begin(&t, 3);
    say_at(&t, 0, "x", 1000, 37.0, 130.0);
    assert_true(object_keeps(&t.now[0], &first));
    say_at(&t, 1, "x", 2000, 37.0, 130.0);
    assert_false(object_keeps(&t.now[0], &first));
    assert_true(object_keeps(&t.now[0], &all));
    /* the other source has gone, but what was shown of the track rests on it */
    picture_withdraw(t.p, 1, 1);
    say_at(&t, 0, "x", 20000, 37.0, 130.0);
    assert_int_equal(t.now[0].sources, 1);
    struct report late = report_of("x", 20000 + TRAIL_MS + 5000, 37.0, 130.0);
    bool          renamed = t.now[0].trail.bit[0] == 1;
    assert_true(renamed || !object_keeps(&t.now[0], &first));
    assert_false(err_is(say(&t, 0, 0, &late)));
    assert_true(object_keeps(&t.now[0], &first));
    picture_close(t.p);
}

static void a_new_view_has_what_is_there_and_the_same_names(void **state)
{
    struct told    t;
    struct classes first = set_of(1);
    unsigned       view, again;
    (void)state;
    begin(&t, 3);
    say_at(&t, 0, "x", 1000, 37.0, 130.0);
    say_at(&t, 1, "y", 1000, 36.0, 130.0);
    assert_false(err_is(picture_view(t.p, &first, &view)));
    assert_false(err_is(picture_view(t.p, &first, &again)));
    assert_int_equal(view, again);
    assert_false(picture_fill(t.p, view, 2));
    t.view = view; /* listen to the new one from now on */
    size_t was = t.count;
    say_at(&t, 0, "x", 2000, 37.0, 130.0);
    say_at(&t, 1, "y", 2000, 36.0, 130.0);
    assert_int_equal(t.count, was); /* the known id again, and nothing of the withheld one */
    assert_int_equal(t.changed, 3);
    picture_view_end(t.p, view);
    assert_int_equal(picture_counts(t.p).views, 2);
    picture_view_end(t.p, view);
    assert_int_equal(picture_counts(t.p).views, 1);
    picture_close(t.p);
}

/* What is in already changes meanwhile, what is not waits for its turn with its newest report, what is new or goes
 * has no part in that. */
static void a_view_is_filled_piece_by_piece(void **state)
{
    struct told    t;
    struct classes all = set_of(7);
    char           uid[16];
    unsigned       view;
    (void)state;
    begin(&t, 1);
    for (unsigned i = 0; i < 10; i++) {
        snprintf(uid, sizeof uid, "t%u", i);
        say_at(&t, (uint16_t)(i % 2), uid, 1000, 30.0 + i, 130.0);
    }
    assert_false(err_is(picture_view(t.p, &all, &view)));
    t.view = view;
    t.changed = t.count = 0;
    assert_true(picture_fill(t.p, view, 4));
    assert_int_equal(t.changed, 4);
    say_at(&t, 0, "t0", 2000, 30.0, 130.0);
    assert_int_equal(t.changed, 5);
    say_at(&t, 0, "t8", 2000, 38.0, 130.0);
    say_at(&t, 0, "new", 2000, 50.0, 130.0);
    assert_int_equal(t.changed, 5);
    picture_tick(t.p, 31500); /* all but the three that were heard again */
    assert_int_equal(t.gone, 3);
    assert_false(picture_fill(t.p, view, 4));
    assert_int_equal(t.changed, 7);
    assert_int_equal(t.count, 3);
    say_at(&t, 0, "newer", 3000, 51.0, 130.0);
    assert_int_equal(t.changed, 8);
    picture_close(t.p);
}

static void what_is_stale_old_or_past_a_limit_is_refused_and_counted(void **state)
{
    struct told   t;
    struct report r = report_of("x", 1000, 37.0, 130.0);
    (void)state;
    begin(&t, 1);
    assert_int_equal(say(&t, PICTURE_SOURCES_MAX, 0, &r).code, ERR_LIMIT);
    assert_int_equal(say(&t, 0, PICTURE_CLASSES_MAX, &r).code, ERR_LIMIT);
    assert_false(err_is(say(&t, 0, 0, &r)));
    assert_int_equal(say(&t, 0, 0, &r).code, ERR_STATE);
    struct contact_row row = {0, 0, SPAN_LIT("feed-0"), &r};
    r.time = 2000;
    assert_int_equal(picture_report(t.p, r.stale, &row).code, ERR_STATE);
    assert_int_equal(picture_counts(t.p).late, 2);
    assert_int_equal(picture_counts(t.p).contacts, 1);
    picture_close(t.p);
}

static void a_full_picture_refuses_and_has_room_again(void **state)
{
    struct told t;
    (void)state;
    begin(&t, 0);
    for (unsigned i = 0; i <= PICTURE_CONTACTS_MAX; i++) {
        char uid[16];
        snprintf(uid, sizeof uid, "t%u", i);
        struct report r = report_of(uid, 1000, 37.0, 130.0);
        assert_int_equal(say(&t, 0, 0, &r).code, i < PICTURE_CONTACTS_MAX ? 0 : ERR_FULL);
    }
    assert_int_equal(picture_counts(t.p).full, 1);
    picture_tick(t.p, 31000);
    assert_int_equal(picture_counts(t.p).contacts, 0);
    say_at(&t, 0, "again", 32000, 37.0, 130.0);
    picture_close(t.p);
}

static void too_many_audiences_are_refused(void **state)
{
    struct told t;
    unsigned    view;
    (void)state;
    begin(&t, 1);
    for (uint64_t i = 1; i < PICTURE_VIEWS_MAX; i++) {
        struct classes c = set_of(i << 8);
        assert_false(err_is(picture_view(t.p, &c, &view)));
    }
    struct classes more = set_of(UINT64_C(1) << 40);
    assert_int_equal(picture_view(t.p, &more, &view).code, ERR_FULL);
    picture_close(t.p);
}

/* Across the 180th meridian and near a pole as anywhere else */
static void the_meridian_and_the_north_are_nothing_special(void **state)
{
    static const double place[][3] = {
        {10, 179.9995, -179.9995}, {74, 20, 20.001}, {-89.99, 0, 0.001}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(place); i++) {
        struct told t;
        begin(&t, 3);
        for (int n = 0; n < 4; n++) {
            say_at(&t, 0, "a", 1000 * n + 1000, place[i][0], place[i][1]);
            say_at(&t, 1, "b", 1000 * n + 1500, place[i][0], place[i][2]);
        }
        assert_int_equal(t.count, 1);
        assert_false(err_is(report_valid(&t.now[0].shown)));
        picture_close(t.p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_sources_of_one_thing_are_one_track_after_three_reports),
        cmocka_unit_test(the_more_exact_one_weighs_more),
        cmocka_unit_test(what_cannot_be_one_thing_is_not),
        cmocka_unit_test(ways_that_cross_are_two_tracks),
        cmocka_unit_test(who_moves_away_is_a_track_of_its_own_again),
        cmocka_unit_test(a_track_goes_on_under_another_class),
        cmocka_unit_test(what_was_shown_stays_only_while_its_trail_rests_on_what_may_be_seen),
        cmocka_unit_test(a_new_view_has_what_is_there_and_the_same_names),
        cmocka_unit_test(a_view_is_filled_piece_by_piece),
        cmocka_unit_test(what_is_stale_old_or_past_a_limit_is_refused_and_counted),
        cmocka_unit_test(a_full_picture_refuses_and_has_room_again),
        cmocka_unit_test(too_many_audiences_are_refused),
        cmocka_unit_test(the_meridian_and_the_north_are_nothing_special),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
