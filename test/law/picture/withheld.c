/* SPDX-License-Identifier: Apache-2.0 */
/* What is withheld from a view leaves no trace in it: the same reports with and without those of the withheld
 * classes make the same bytes, one by one and in the same order. */
#include "picture/picture.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmocka_all.h"

#define WORLDS  60
#define REPORTS 3000
#define OBJECTS 40 /* things that are truly there */
#define SOURCES 6  /* source s reports under class s, the last under another class at times */
#define CLASSES 8
#define STEP_MS 200

/* wide     - every other world is so large that most in it have nobody near: what is made once for all views there, and
 * what each makes for itself, must be the same
 * seed     - of all that is by chance in it */
static bool     wide;
static uint64_t seed;

static uint32_t any(uint32_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((seed >> 33) % below);
}

/* tape - all that a viewer was told, as bytes */
struct tape {
    uint8_t *bytes;
    size_t   len, room;
    unsigned view;
    size_t   changed, gone, joined;
};

static void tape_put(struct tape *t, const void *bytes, size_t len)
{
    if (t->len + len > t->room) {
        t->room = 2 * (t->len + len);
        t->bytes = realloc(t->bytes, t->room);
        assert_non_null(t->bytes);
    }
    memcpy(t->bytes + t->len, bytes, len);
    t->len += len;
}

static void on_changed(void *ctx, unsigned view, const struct object *o)
{
    struct tape *t = ctx;
    if (view == t->view) {
        tape_put(t, o, sizeof *o);
        t->changed++;
        t->joined += o->sources > 1;
    }
}

static void on_gone(void *ctx, unsigned view, uint32_t at, uint64_t id)
{
    (void)at;
    struct tape *t = ctx;
    if (view == t->view) {
        tape_put(t, &id, sizeof id);
        t->gone++;
    }
}

static void on_each(void *ctx, const struct object *o)
{
    tape_put(ctx, o, sizeof *o);
}

struct truth {
    int32_t lat, lon, dlat, dlon;
};

struct said {
    struct contact_row row;
    struct report      report;
    char               name[16];
    instant            now;
};

static void say(struct said *s, const struct truth *thing, unsigned of, unsigned source,
                instant now)
{
    *s = (struct said){.now = now};
    s->report.time = now - (instant)any(500);
    s->report.start = s->report.time;
    s->report.stale = s->report.time + 2000 + (instant)any(20000);
    s->report.place.lat_e7 = thing->lat + (int32_t)any(20000) - 10000;
    s->report.place.lon_e7 = thing->lon + (int32_t)any(20000) - 10000;
    s->report.has = REPORT_CE;
    s->report.ce_cm = 5000 + any(100000);
    /* some sources share names of tracks, each has tracks of its own beside */
    snprintf(s->report.uid, sizeof s->report.uid,
             any(wide ? 40 : 4) == 0 ? "shared-%u" : "own-%u-%u", of, source);
    memcpy(s->report.type, "a-f-S", 6);
    memcpy(s->report.how, "m-r", 4);
    s->row.source = (uint16_t)source;
    s->row.class = (uint16_t)(any(10) == 0 ? CLASSES - 1 - source % 2 : source);
}

static struct said said[REPORTS];

static void world_make(uint64_t number)
{
    struct truth thing[OBJECTS];
    instant      now = 1000000;
    seed = number;
    wide = number % 2 == 0;
    for (unsigned i = 0; i < OBJECTS; i++) {
        const uint32_t e7 = wide ? 100000000 : 5000000;
        thing[i] = (struct truth){(int32_t)(350000000 + any(e7)), (int32_t)(1290000000 + any(e7)),
                                  (int32_t)any(400) - 200, (int32_t)any(400) - 200};
    }
    for (unsigned i = 0; i < REPORTS; i++) {
        unsigned of = any(OBJECTS), source = wide && any(4) > 0 ? of % SOURCES : any(SOURCES);
        now += any(STEP_MS);
        thing[of].lat += thing[of].dlat;
        thing[of].lon += thing[of].dlon;
        say(&said[i], &thing[of], of, source, now);
    }
}

/* Played to a viewer who sees `sees`; a class that is not in `there` says nothing at all.  The view begins at
 * report `from`, when another view has long been there. */
static void play(const struct classes *sees, const struct classes *there, unsigned from,
                 struct tape *t)
{
    const secret              key = {{7}};
    const struct picture_sink sink = {t, on_changed, on_gone};
    struct classes            all = {{0xff}};
    struct picture           *p;
    unsigned                  other;
    *t = (struct tape){.view = PICTURE_VIEWS_MAX};
    assert_false(err_is(picture_open(&key, sink, &p)));
    assert_false(err_is(picture_view(p, &all, &other)));
    for (unsigned i = 0; i < REPORTS; i++) {
        struct said *s = &said[i];
        if (i == from) {
            assert_false(err_is(picture_view(p, sees, &t->view)));
        }
        if (i >= from) {
            (void)picture_fill(p, t->view, 1); /* while reports go on */
        }
        if (i % 10 == 9) {
            picture_tick(p, s->now);
        }
        if (i % 500 == 499) {
            picture_withdraw(p, 1, 1);
        }
        snprintf(s->name, sizeof s->name, "feed-%u", s->row.source);
        s->row.name = span_text(s->name);
        s->row.report = &s->report;
        if (classes_have(there, s->row.class)) {
            (void)picture_report(p, s->now, &s->row);
        }
    }
    picture_each(p, t->view, on_each, t);
    picture_close(p);
}

static void what_is_withheld_leaves_no_trace(void **state)
{
    size_t told = 0, gone = 0, joined = 0;
    (void)state;
    for (unsigned w = 0; w < WORLDS; w++) {
        struct classes sees = {{0}}, all = {{0xff}};
        struct tape    with, without;
        world_make(w + 1);
        sees.bit[0] = 1 + any(254);
        unsigned from = any(REPORTS / 2);
        play(&sees, &all, from, &with);
        play(&sees, &sees, from, &without);
        assert_int_equal(with.len, without.len);
        assert_memory_equal(with.bytes, without.bytes, with.len);
        told += with.changed;
        gone += with.gone;
        joined += with.joined;
        free(with.bytes);
        free(without.bytes);
    }
    print_message("    %zu times told of an object, %zu of them of several sources, %zu gone\n",
                  told, joined, gone);
    assert_true(told > 10000 && gone > 1000 && joined > 1000);
}

/* The comparison can fail: a viewer who sees what was left out is told something else. */
static void what_is_not_withheld_does(void **state)
{
    struct classes sees = {{0x0f}}, there = {{0x07}};
    struct tape    with, without;
    (void)state;
    world_make(99);
    play(&sees, &sees, 100, &with);
    play(&sees, &there, 100, &without);
    assert_true(with.len != without.len || memcmp(with.bytes, without.bytes, with.len) != 0);
    free(with.bytes);
    free(without.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_withheld_leaves_no_trace),
        cmocka_unit_test(what_is_not_withheld_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
