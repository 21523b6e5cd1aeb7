/* SPDX-License-Identifier: Apache-2.0 */
/* What takes long for displays is done in small pieces, counted here and not timed: a mask waits for one of them at
 * most. */
#include "cmocka_all.h"
#include "desk/state.h"

#include <stdio.h>

#define DISPLAYS 40 /* of each of two rooms */
#define TRACKS   12000
#define HIDDEN   4000
#define ALARMS   700
#define PIECE    512
#define BYTES    (600u << 10) /* in one turn, and one event more */
#define FAR      (INT64_MAX / 4)

/* Classes as bits: radar's, the satellite's, alarms, and the radar's own alarms */
#define RADAR 1
#define SAT   2
#define ALARM 4
#define BOTH  8
#define ALL   15

static struct desk *desk;
static struct epoch
               *origin[4]; /* the third's are warnings, the fourth's of what the first reports */
static unsigned tracks;
static name     display_name[2 * DISPLAYS], room_name[2];
static int64_t  boot_ms;
static instant  now;
static size_t   bytes;
static unsigned masks, told;
static bool     full; /* clients take nothing */

/* watched - two displays that take so many events in a turn and then no more until they are let to, and what is on their
 * screens: what waits until then may be taken back.  first: kind and time of the first object of each event, as it left */
#define WATCHED  2
#define WAITS    2
#define FIRSTS   4096
#define ID_TABLE 65536
struct on_screen {
    uint64_t id;
    bool     on;
    unsigned layer, times;
    char     time[25];
};
struct watched {
    unsigned takes, waits, objects, different, taken_back, blanks, firsts;
    struct {
        char kind[8], data[EVENT_DATA_MAX + 1];
    } wait[WAITS];
    char             first[FIRSTS], first_time[FIRSTS][20];
    struct on_screen object[ID_TABLE];
};
static struct watched watched[WATCHED];
static bool           watching;

static err ask_guard(void *ctx, span message)
{
    (void)ctx;
    (void)message;
    return OK;
}

static void answer(void *ctx, struct asker a, unsigned status, span json)
{
    (void)ctx;
    (void)a;
    (void)json;
    assert_int_equal(status, 200);
}

static err stream_begin(void *ctx, struct asker a)
{
    (void)ctx;
    (void)a;
    return OK;
}

static struct on_screen *screen_place(struct watched *w, uint64_t object)
{
    size_t at = object % ID_TABLE;
    while (w->object[at].id != 0 && w->object[at].id != object) {
        at = (at + 1) % ID_TABLE;
    }
    w->different += w->object[at].id == 0;
    w->object[at].id = object;
    return &w->object[at];
}

static void put_seen(struct watched *w, const char *data)
{
    if (w->firsts < FIRSTS) {
        memcpy(w->first_time[w->firsts], strstr(data, "\"t\":\"") + 5, 19);
        w->first[w->firsts++] = *(strstr(data, "\"k\":\"") + 5);
    }
    for (const char *at = data; (at = strstr(at, "{\"i\":\"")) != NULL; at++) {
        struct on_screen *o = screen_place(w, strtoull(at + 6, NULL, 16));
        o->on = true;
        o->times++;
        o->layer = (unsigned)strtoul(strstr(at, "\"l\":") + 4, NULL, 10);
        memcpy(o->time, strstr(at, "\"t\":\"") + 5, sizeof o->time - 1);
        w->objects++;
    }
}

static void gone_seen(struct watched *w, const char *data)
{
    const char *at = data + strlen("{\"i\":[");
    for (; *at == '"'; at += *at == ',') {
        screen_place(w, strtoull(at + 1, NULL, 16))->on = false;
        at += 18;
    }
}

static void mask_seen(struct watched *w, const char *data)
{
    bool all = strstr(data, "\"all\":true") != NULL;
    w->blanks += all;
    const char *at = strstr(data, "\"layers\":[") + strlen("\"layers\":");
    while (*at != ']') {
        char    *end;
        unsigned layer = (unsigned)strtoul(at + 1, &end, 10);
        for (size_t i = 0; i < ID_TABLE; i++) {
            w->object[i].on = w->object[i].on && !all && w->object[i].layer != layer;
        }
        at = end;
        if (all) {
            break;
        }
    }
}

/* What waits has left. */
static void left(struct watched *w)
{
    for (unsigned i = 0; i < w->waits; i++) {
        (w->wait[i].kind[0] == 'p' ? put_seen : gone_seen)(w, w->wait[i].data);
    }
    w->waits = 0;
}

static void watched_event(struct watched *w, const char *kind, span data)
{
    if (strcmp(kind, "mask") == 0) {
        left(w);
        mask_seen(w, (const char *)data.ptr);
    } else if (strcmp(kind, "put") == 0 || strcmp(kind, "gone") == 0) {
        assert_true(w->takes > 0 && w->waits < WAITS && data.len <= EVENT_DATA_MAX);
        w->takes--;
        (void)snprintf(w->wait[w->waits].kind, sizeof w->wait[0].kind, "%s", kind);
        memcpy(w->wait[w->waits].data, data.ptr, data.len);
        w->wait[w->waits++].data[data.len] = 0;
    }
}

/* A turn in which it takes so many. */
static void lets_take(unsigned display, unsigned takes)
{
    left(&watched[display]);
    watched[display].takes = takes;
}

static void lets(unsigned display)
{
    lets_take(display, 1);
}

static void event(void *ctx, const struct asker *to, size_t count, const char *kind, span data)
{
    (void)ctx;
    for (size_t i = 0; watching && i < count; i++) {
        assert_true(to[i].slot < WATCHED);
        watched_event(&watched[to[i].slot], kind, data);
    }
    bytes += count * data.len;
    masks += strcmp(kind, "mask") == 0 ? (unsigned)count : 0;
    told += strcmp(kind, "put") == 0 ? (unsigned)count : 0;
}

static bool quiet(void *ctx, struct asker a)
{
    (void)ctx;
    return watching ? a.slot < WATCHED && watched[a.slot].takes > 0 : !full;
}

static bool purge(void *ctx, struct asker a)
{
    (void)ctx;
    bool back = watching && watched[a.slot].waits > 0;
    if (back) {
        watched[a.slot].waits = 0;
        watched[a.slot].taken_back++;
    }
    return back;
}

static void stream_end(void *ctx, struct asker a)
{
    (void)ctx;
    (void)a;
}

static void clock_moves(void)
{
    desk_at(desk, boot_ms += 100, now);
}

static struct epoch *epoch_with(uint8_t number)
{
    id            handle = {{(uint8_t)(number + 1)}};
    name          partner = {"JPN"};
    struct epoch *e = &desk->epoch[epoch_add(desk, &handle, &partner)];
    desk->class[number] =
        (struct class_known){.known = true, .rank = number, .level = "II", .banner = "JPN II"};
    e->known = e->keyed = true;
    e->class = number;
    e->originator = partner;
    static const char *const feed[] = {"radar", "satellite", "alarm", "radar"};
    assert_false(err_is(name_of(span_text(feed[number]), &e->feed)));
    bit_put(desk->warnings.bit, number, number >= 2);
    e->place = number % 3;
    desk->feed[e->place] = (struct feed_name){.originator = e->originator, .feed = e->feed};
    desk->feed_count = e->place < desk->feed_count ? desk->feed_count : e->place + 1;
    return e;
}

/* Alarms are where no track is. */
static void report_one(struct epoch *e, unsigned track)
{
    now++;
    struct report r = {.time = now, .start = now, .stale = now + MS_PER_HOUR};
    (void)snprintf(r.uid, sizeof r.uid, "TRACK-%u", track);
    memcpy(r.type, "a-f-A-M-F", 10);
    memcpy(r.how, "m-g", 4);
    r.place.lat_e7 = (int32_t)(track / 200) * 8000000 - (e == origin[2] ? 850000000 : 400000000);
    r.place.lon_e7 = (int32_t)(track % 200) * 8000000 - 800000000;
    epoch_picture(desk, e, &r);
}

static void room_says(unsigned room, uint32_t turn, uint8_t classes)
{
    uint8_t         message[GUARD_MESSAGE_MAX];
    struct writer   w = WRITER_OF(message);
    struct room_row row = {.room = room_name[room], .turn = turn, .lease_ms = 1 << 30};
    row.may[0] = classes;
    guard_message_begin(&w, ANSWER_ROOM, 0);
    room_row_put(&w, &row);
    desk_hear(desk, writer_span(&w));
}

static void settle(void)
{
    clock_moves();
    while (desk_work(desk) || desk_soon(desk)) {
        clock_moves();
    }
}

static void connect_all(struct epoch *const e[4])
{
    for (uint32_t i = 0; i < 2 * DISPLAYS; i++) {
        char                text[32];
        struct desk_request r = {.what = ASK_DISPLAY};
        (void)snprintf(text, sizeof text, "wall-%u", i);
        assert_false(err_is(name_of(span_text(text), &display_name[i])));
        const struct display_row row = {display_name[i], room_name[i / DISPLAYS], i + 1, {0}};
        assert_false(err_is(display_on(desk, &row, 600)));
        for (unsigned k = 0; k < 4; k++) {
            epoch_until(e[k], DESK_SITTINGS_MAX + i, FAR);
        }
        r.holder = display_name[i];
        desk_ask(desk, (struct asker){i, 1}, &r);
    }
}

static int scene_of(unsigned of_tracks)
{
    static struct random_stream stream;
    const struct desk_setup     setup = {.port = {.ask_guard = ask_guard,
                                                  .answer = answer,
                                                  .stream_begin = stream_begin,
                                                  .event = event,
                                                  .stream_end = stream_end,
                                                  .quiet = quiet,
                                                  .purge = purge,
                                                  .cut = stream_end},
                                         .random = random_from(&stream),
                                         .sealer = {{7}},
                                         .spki = SPAN_LIT("spki"),
                                         .host = SPAN_LIT("127.0.0.1")};
    tracks = of_tracks;
    boot_ms = 5000;
    now = 1000000;
    full = watching = false;
    memset(watched, 0, sizeof watched);
    assert_false(err_is(desk_open(&setup, &desk)));
    assert_false(err_is(name_of(SPAN_LIT("ops"), &room_name[0])));
    assert_false(err_is(name_of(SPAN_LIT("map"), &room_name[1])));
    clock_moves();
    origin[0] = epoch_with(0);
    origin[1] = epoch_with(1);
    for (uint8_t i = 2; i < 4; i++) {
        origin[i] = epoch_with(i);
    }
    room_says(0, 1, ALL);
    room_says(1, 1, ALL);
    connect_all(origin);
    for (unsigned i = 0; i < tracks; i++) {
        report_one(origin[i < tracks / 3], i);
    }
    settle();
    masks = told = 0;
    return 0;
}

static int scene_begin(void **state)
{
    (void)state;
    return scene_of(TRACKS);
}

static int small_scene_begin(void **state)
{
    (void)state;
    return scene_of(TRACKS / 10);
}

static int scene_end(void **state)
{
    (void)state;
    desk_close(desk);
    return 0;
}

static uint32_t on_walls(void)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < PICTURE_VIEWS_MAX; i++) {
        sum += desk->wall[i].count;
    }
    return sum;
}

static void a_picture_is_made_in_pieces_and_a_mask_does_not_wait_for_it(void **state)
{
    unsigned turns = 0;
    (void)state;
    room_says(0, 2, RADAR);
    assert_int_equal(masks, DISPLAYS);
    for (uint32_t was = on_walls(); desk_work(desk); turns++) {
        assert_true(on_walls() <= was + PIECE);
        was = on_walls();
        if (turns == 5) { /* in the midst of it */
            room_says(1, 2, SAT);
            assert_int_equal(masks, 2 * DISPLAYS);
        }
        clock_moves();
    }
    assert_true(turns >= (TRACKS - HIDDEN) / PIECE);
    for (unsigned i = 0; i < 2 * DISPLAYS; i++) {
        const struct display *x = &desk->display[i];
        assert_true(x->staged && x->coming == NONE);
        assert_int_equal(desk->wall[x->wall].count, i < DISPLAYS ? TRACKS - HIDDEN : HIDDEN);
    }
    assert_int_equal(told, 0); /* what stayed was there */
    assert_int_equal(desk->wall[desk->display[0].wall].users, DISPLAYS);
}

/* It changes its mind while the picture is being made: that of nobody is given up. */
static void a_picture_that_nobody_waits_for_any_more_goes(void **state)
{
    (void)state;
    room_says(0, 2, RADAR);
    for (unsigned i = 0; i < 4; i++) {
        assert_true(desk_work(desk));
    }
    room_says(0, 3, ALL);
    settle();
    assert_int_equal(picture_counts(desk->picture).views, 1);
    assert_int_equal(desk->wall[desk->display[0].wall].users, 2 * DISPLAYS);
    for (unsigned i = 0; i < DISPLAYS; i++) {
        display_off(desk, &display_name[i]);
    }
    room_says(1, 2, RADAR);
    for (unsigned i = 0; i < 4; i++) {
        assert_true(desk_work(desk));
    }
    for (unsigned i = DISPLAYS; i < 2 * DISPLAYS; i++) {
        display_off(desk, &display_name[i]);
    }
    assert_int_equal(picture_counts(desk->picture).views, 0);
}

static void a_turn_tells_so_much_at_most_and_all_displays_alike(void **state)
{
    uint64_t before[2 * DISPLAYS] = {0};
    (void)state;
    room_says(0, 2, RADAR);
    settle();
    room_says(0, 3, ALL);
    room_says(1, 2, RADAR);
    settle();
    told = 0;
    room_says(1, 3, ALL); /* 4,000 objects come back to 40 displays */
    clock_moves();
    for (bool more = true; more || desk_soon(desk);) {
        bytes = 0;
        more = desk_work(desk);
        assert_true(bytes <= BYTES);
        clock_moves();
    }
    assert_true(told >= DISPLAYS);
    for (unsigned i = DISPLAYS; i < 2 * DISPLAYS; i++) {
        const struct display *x = &desk->display[i];
        assert_int_equal(x->reach[WALL_TRACKS].put, desk->wall[x->wall].order[WALL_TRACKS].version);
        before[i] = x->reach[WALL_TRACKS].put;
    }
    assert_true(before[DISPLAYS] == before[2 * DISPLAYS - 1]);
}

/* Without time passing no more is told than waits in a link for some milliseconds. */
static void displays_are_told_no_more_than_a_link_carries(void **state)
{
    (void)state;
    room_says(0, 2, RADAR);
    room_says(1, 2, RADAR);
    settle();
    room_says(0, 3, ALL);
    room_says(1, 3, ALL);
    clock_moves();
    bytes = 0;
    while (desk_work(desk)) {
    }
    assert_true(desk_soon(desk));
    assert_true(bytes <= 6000000);
    settle();
    assert_true(bytes > 20000000); /* 80 displays, 4,000 objects */
}

static void watch(void)
{
    for (unsigned i = WATCHED; i < 2 * DISPLAYS; i++) {
        display_off(desk, &display_name[i]);
    }
    watching = true;
}

static void all_told(unsigned display)
{
    const struct display *x = &desk->display[display];
    for (size_t k = 0; k < WALL_KINDS; k++) {
        assert_int_equal(x->reach[k].put, desk->wall[x->wall].order[k].version);
    }
}

/* Tracks are reported again, all in ten turns, much faster than two displays take them, one of which is let to only
 * each third time.  Who was told as many objects as twice the wall has must have been told of each. */
static void a_display_that_is_behind_is_told_of_each_object(void **state)
{
    (void)state;
    watch();
    for (unsigned turn = 0; watched[1].objects < 2 * TRACKS; turn++) {
        assert_true(turn < 20000);
        for (unsigned i = 0; i < TRACKS / 10; i++) {
            unsigned track = turn * (TRACKS / 10) % TRACKS + i;
            report_one(origin[track < HIDDEN], track);
        }
        lets(0);
        if (turn % 3 == 0) {
            lets(1);
        }
        clock_moves();
        (void)desk_work(desk);
    }
    assert_int_equal(watched[0].different, TRACKS);
    assert_int_equal(watched[1].different, TRACKS);
    watching = false;
    settle();
    all_told(0);
    all_told(1);
}

static void screen_is_as_the_wall(unsigned display)
{
    struct watched       *s = &watched[display];
    const struct display *x = &desk->display[display];
    const struct wall    *w = &desk->wall[x->wall];
    unsigned              on = 0;
    for (size_t i = 0; i < ID_TABLE; i++) {
        on += s->object[i].on;
    }
    assert_int_equal(on, w->count);
    for (uint32_t at = 1; at <= w->top; at++) {
        if (w->entry[at - 1].version == 0) {
            continue;
        }
        char                    time[25] = {0};
        struct writer           out = writer_of((uint8_t *)time, sizeof time - 1);
        const struct on_screen *o = screen_place(s, w->entry[at - 1].id);
        struct object           as;
        picture_object(desk->picture, x->wall, at - 1, &as);
        put_instant(&out, as.shown.time);
        assert_true(o->on && o->layer == w->entry[at - 1].layer);
        assert_string_equal(o->time, time);
    }
}

static void report_some(unsigned turn, unsigned reports)
{
    for (unsigned i = 0; i < reports; i++) {
        unsigned track = (turn * 7919 + i * 104729) % TRACKS;
        report_one(origin[track < HIDDEN], track);
        if (i % 4 == 0) {
            report_one(origin[2], (turn + i) % ALARMS);
        }
    }
}

static void turns_let(unsigned turns, unsigned reports)
{
    for (unsigned turn = 0; turn < turns; turn++) {
        report_some(turn, reports);
        lets_take(0, 2);
        lets(1);
        clock_moves();
        (void)desk_work(desk);
    }
}

/* What a room shows, one after the other: some of it for less time than a picture takes to be made. */
static unsigned room_next(unsigned turn)
{
    static const uint8_t shows[] = {ALL, RADAR, ALL, RADAR | ALARM, SAT | ALARM, ALL, SAT, 0};
    static unsigned      said = 2;
    unsigned             part = turn % 250;
    if (part == 0 || part == 3 || part == 60) {
        room_says(0, ++said, shows[(turn / 250 * 3 + part % 7) % ARRAY_LEN(shows)]);
    }
    return said;
}

/* Masks fall into the midst of it, and what waited is taken back; in the end each screen is as its wall. */
static void a_display_that_goes_around_misses_nothing_over_masks(void **state)
{
    unsigned said = 0;
    (void)state;
    watch();
    room_says(0, 2, 0); /* all off: what is on the screens is known from here on */
    settle();
    for (unsigned turn = 0; turn < 2000; turn++) {
        report_some(turn, 40);
        said = room_next(turn);
        lets_take(0, 1 + turn % 2);
        if (turn % 2 == 0) {
            lets(1);
        }
        clock_moves();
        (void)desk_work(desk);
    }
    room_says(0, said + 1, ALL);
    turns_let(1200, 10); /* they keep up, and what waits last is taken back */
    room_says(0, said + 2, RADAR | ALARM);
    turns_let(1200, 0);
    assert_true(watched[0].taken_back > 0 && watched[1].taken_back > 0);
    assert_int_equal(watched[0].blanks + watched[1].blanks, 0);
    screen_is_as_the_wall(0);
    screen_is_as_the_wall(1);
}

static bool warned(unsigned display)
{
    const struct display *x = &desk->display[display];
    return x->reach[WALL_WARNINGS].put == desk->wall[x->wall].order[WALL_WARNINGS].version;
}

/* 80 displays that 12,000 tracks wait for: a warning is told to all of them in the next turn. */
static void a_warning_goes_before_all_tracks(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TRACKS; i++) {
        report_one(origin[i < HIDDEN], i);
    }
    clock_moves();
    (void)desk_work(desk);
    report_one(origin[2], 1);
    assert_false(warned(0));
    clock_moves();
    (void)desk_work(desk);
    for (unsigned i = 0; i < 2 * DISPLAYS; i++) {
        const struct display *x = &desk->display[i];
        assert_true(warned(i));
        assert_true(x->reach[WALL_TRACKS].put < desk->wall[x->wall].order[WALL_TRACKS].version);
    }
}

/* Between two walls, too, where it rests on what no mask took away. */
static void a_warning_does_not_wait_for_a_picture(void **state)
{
    (void)state;
    room_says(0, 2, RADAR | ALARM);
    for (unsigned i = 0; i < 4; i++) {
        clock_moves();
        (void)desk_work(desk);
    }
    assert_false(desk->display[0].staged);
    report_one(origin[2], 1);
    told = 0;
    clock_moves();
    (void)desk_work(desk);
    assert_false(desk->display[0].staged);
    assert_true(warned(0) && warned(DISPLAYS));
    assert_int_equal(told, 2 * DISPLAYS);
    room_says(0, 3, RADAR);
    report_one(origin[2], 2);
    told = 0;
    clock_moves();
    (void)desk_work(desk);
    assert_int_equal(told, DISPLAYS); /* of the other room */
    settle();
    assert_int_equal(told, DISPLAYS);
}

/* One that was told of warnings in a row, and has no wall any more. */
static void a_display_that_is_off_waits_for_nothing(void **state)
{
    (void)state;
    for (unsigned i = 0; i < DISPLAYS; i++) {
        desk->display[i].warned = 3;
    }
    name first = desk->display[0].name;
    display_off(desk, &first);
    assert_int_equal(desk->display[0].wall, NONE);
    report_one(origin[2], 1);
    clock_moves();
    (void)desk_work(desk);
    assert_true(warned(1));
}

/* More warnings than it takes: it is told of tracks all the same. */
static void warnings_leave_room_for_tracks(void **state)
{
    unsigned of_tracks = 0;
    (void)state;
    watch();
    for (unsigned turn = 0; turn < 400; turn++) {
        for (unsigned i = 0; i < ALARMS; i++) {
            report_one(origin[2], i);
        }
        report_some(turn, 400);
        lets(0);
        clock_moves();
        (void)desk_work(desk);
    }
    lets(0);
    for (unsigned i = 0; i < watched[0].firsts; i++) {
        of_tracks += watched[0].first[i] == 't';
    }
    assert_in_range(of_tracks, watched[0].firsts / 5, watched[0].firsts / 3);
}

static void told_anew(void)
{
    watched[0].objects = watched[0].firsts = 0;
    for (size_t i = 0; i < ID_TABLE; i++) {
        watched[0].object[i].times = 0;
    }
}

static unsigned told_since(void)
{
    unsigned count = 0;
    for (size_t i = 0; i < ID_TABLE; i++) {
        count += watched[0].object[i].times > 0;
    }
    return count;
}

/* The screens show all that there is, and nothing waits. */
static void all_is_shown(void)
{
    watch();
    room_says(0, 2, 0);
    settle();
    room_says(0, 3, ALL);
    turns_let(1000, 0);
}

/* Of what was hidden some was reported last: that comes back first, after the warnings. */
static void what_comes_back_is_told_newest_first(void **state)
{
    const struct watched *s = &watched[0];
    (void)state;
    all_is_shown();
    screen_is_as_the_wall(0);
    room_says(0, 4, RADAR);
    turns_let(200, 0);
    now += MS_PER_MINUTE;
    for (unsigned i = 0; i < 100; i++) {
        report_one(origin[1], 10 * i);
    }
    now += 5 * MS_PER_SECOND;
    report_one(origin[2], 1);
    told_anew();
    room_says(0, 5, ALL);
    turns_let(1000, 0);
    assert_int_equal(s->first[0], 'w');
    assert_true(s->firsts > 10 && strcmp(s->first_time[1], s->first_time[s->firsts - 1]) > 0);
    for (unsigned i = 2; i < s->firsts; i++) {
        assert_int_equal(s->first[i], 't');
        assert_true(strcmp(s->first_time[i - 1], s->first_time[i]) >= 0);
    }
    assert_int_equal(s->objects, HIDDEN + 1); /* what stayed was not told again */
    screen_is_as_the_wall(0);
}

/* Somebody looks in while it comes back: what was there stays, without a blank and without being told again. */
static void what_stays_stays_also_when_it_changes_in_the_midst(void **state)
{
    (void)state;
    all_is_shown();
    room_says(0, 4, RADAR);
    turns_let(200, 0);
    told_anew();
    for (uint32_t turn = 5; turn < 15; turn++) {
        room_says(0, turn, turn % 2 == 1 ? ALL : RADAR);
        turns_let(turn % 4 == 0 ? 2 : 30, 0);
    }
    assert_true(told_since() > 100 && told_since() < HIDDEN);
    room_says(0, 15, ALL);
    turns_let(400, 0);
    assert_int_equal(told_since(), HIDDEN);
    assert_int_equal(watched[0].blanks + watched[1].blanks, 0);
    screen_is_as_the_wall(0);
    screen_is_as_the_wall(1);
}

static unsigned any(unsigned below)
{
    static uint64_t number = 7;
    number = number * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(number >> 33) % below;
}

/* Now and then one of them takes nothing in all of it. */
static void some_turns(unsigned turns)
{
    unsigned stuck = any(2 * WATCHED);
    for (unsigned i = 0; i < turns; i++) {
        for (unsigned display = 0; display < WATCHED; display++) {
            if (any(3) > display && display != stuck) {
                lets_take(display, 1 + any(2));
            } else {
                watched[display].takes = 0;
            }
        }
        clock_moves();
        (void)desk_work(desk);
    }
}

/* Nearly nothing is reported again, so what is forgotten stays so. */
static void whatever_comes_and_goes_each_screen_is_as_its_wall(void **state)
{
    static const uint8_t shows[] = {ALL,          RADAR, RADAR | SAT,  ALL,          SAT | ALARM,
                                    RADAR | BOTH, 0,     ALL & ~ALARM, ALL & ~RADAR, SAT};
    uint32_t             turn = 2;
    (void)state;
    watch();
    room_says(0, turn, 0);
    settle();
    for (unsigned round = 0; round < 80; round++) {
        for (unsigned i = 1 + any(5); i > 0; i--) {
            for (unsigned n = any(2) * any(30); n > 0; n--) {
                unsigned track = any(tracks);
                report_one(track < tracks / 3 ? origin[1] : origin[any(2) * 3], track);
                report_one(origin[2], any(30));
            }
            room_says(0, ++turn, shows[any(ARRAY_LEN(shows))]);
            some_turns(any(2) * any(20) + any(4));
        }
        turns_let(200, 0);
        screen_is_as_the_wall(0);
        screen_is_as_the_wall(1);
    }
    assert_int_equal(watched[0].blanks + watched[1].blanks, 0);
}

#define SCENE_TEST(f) cmocka_unit_test_setup_teardown(f, scene_begin, scene_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(a_picture_is_made_in_pieces_and_a_mask_does_not_wait_for_it),
        SCENE_TEST(a_picture_that_nobody_waits_for_any_more_goes),
        SCENE_TEST(a_turn_tells_so_much_at_most_and_all_displays_alike),
        SCENE_TEST(displays_are_told_no_more_than_a_link_carries),
        SCENE_TEST(a_display_that_is_behind_is_told_of_each_object),
        SCENE_TEST(a_display_that_goes_around_misses_nothing_over_masks),
        SCENE_TEST(a_warning_goes_before_all_tracks),
        SCENE_TEST(a_warning_does_not_wait_for_a_picture),
        SCENE_TEST(warnings_leave_room_for_tracks),
        SCENE_TEST(a_display_that_is_off_waits_for_nothing),
        SCENE_TEST(what_comes_back_is_told_newest_first),
        SCENE_TEST(what_stays_stays_also_when_it_changes_in_the_midst),
        cmocka_unit_test_setup_teardown(whatever_comes_and_goes_each_screen_is_as_its_wall,
                                        small_scene_begin, scene_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
