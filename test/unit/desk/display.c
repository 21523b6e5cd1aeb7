/* SPDX-License-Identifier: Apache-2.0 */
/* Displays of a room: what they are told when somebody comes, in which order, and what becomes of those that are
 * silent */
#include "unit/desk/world.h"

#define PRESENCE_MS 2000

static const uint8_t key_of_displays[SHA256_LEN] = {7, 7, 7};

static struct origin radar, sat;
static uint32_t      turn;
static uint8_t       may[CLASSES_MAX / 8], bare[CLASSES_MAX / 8];

static void room_told(const char *room, uint32_t at_turn, uint32_t lease_ms)
{
    struct room_row row = {.room = name_is(room), .turn = at_turn, .lease_ms = lease_ms};
    memcpy(row.may, may, sizeof may);
    memcpy(row.bare, bare, sizeof bare);
    room_row_put(guard_says(ANSWER_ROOM, 0), &row);
    guard_sends();
}

/* shows - the room may show these classes from now on */
static void shows(uint8_t classes)
{
    may[0] = classes;
    room_told("ops", ++turn, PRESENCE_MS);
}

static void turned_on(const char *display, uint64_t session)
{
    char                body[256], path[16];
    struct desk_request r = request_of(ASK_ACT, 7);
    snprintf(body, sizeof body,
             "{\"person\":\"kim\",\"act\":\"display-on\",\"body\":\"display %s\\nminutes 60\\n\"}",
             display);
    r.body = span_text(body);
    asks(900, &r);
    struct writer *out = guard_says(ANSWER_CHALLENGE, guard_asked(REQUEST_ACT).tag);
    put_u32(out, (uint32_t)session);
    put_block16(out, SPAN_LIT("accord act 1\n"));
    guard_sends();
    snprintf(body, sizeof body, "{\"person\":\"kim\",\"signature\":\"%0128d\"}", 0);
    snprintf(path, sizeof path, "%u", (unsigned)session);
    r = request_of(ASK_SIGN, 7);
    r.body = span_text(body);
    r.named = span_text(path);
    asks(900, &r);
    uint8_t       result[128];
    struct writer w8 = WRITER_OF(result);
    name          d = name_is(display), room = name_is("ops");
    put_u64(&w8, session);
    put_name(&w8, &d);
    put_name(&w8, &room);
    put_span(&w8, SPAN_OF(key_of_displays));
    out = guard_says(ANSWER_DONE, guard_asked(REQUEST_SIGN).tag);
    put_u32(out, (uint32_t)session);
    put_u8(out, 0);
    put_block16(out, writer_span(&w8));
    guard_sends();
}

static void connects(uint32_t slot, const char *display)
{
    struct desk_request r = request_of(ASK_DISPLAY, (uint8_t)slot);
    r.holder = name_is(display);
    memcpy(r.key, key_of_displays, sizeof r.key);
    asks(slot, &r);
}

static void done(uint32_t slot, const char *display, const char *body)
{
    struct desk_request r = request_of(ASK_DONE, (uint8_t)slot);
    r.holder = name_is(display);
    memcpy(r.key, key_of_displays, sizeof r.key);
    r.body = span_text(body);
    asks(900, &r);
}

#define WORDS(caveats, to, show)                                                                   \
    "screen-caveats " caveats "\nscreen-to " to "\nscreen-show " show "\n"

#define DESCRIBE(feed, rank, color, banner)                                                        \
    "originator JPN\nkind track\nfeed " feed "\nmarking JPN:HI\nown-level KOR:III\nbanner x\n"     \
    "own-rank " rank "\nown-color " color "\nown-banner " banner "\n"

static void class_given(uint32_t tag, const struct origin *o, uint16_t class, const char *banner,
                        const char *describe)
{
    struct key_row row = {.handle = o->handle,
                          .epoch = o->epoch,
                          .key = o->key,
                          .lease_ms = 70000,
                          .items = UINT64_MAX,
                          .banner = span_text(banner),
                          .describe = span_text(describe),
                          .class = class};
    memcpy(row.sealer, o->sealer_public, sizeof row.sealer);
    key_row_put(guard_says(ANSWER_KEY, tag), &row);
    guard_sends();
}

static span track(struct origin *o, const char *uid, int32_t lat_e7, const char *remarks)
{
    uint8_t       bytes[REPORT_BYTES_MAX];
    struct writer out = WRITER_OF(bytes);
    static int    later;
    later++;
    struct report r = {.time = 1000000 + later, .start = 1000000 + later, .stale = 9000000};
    r.place.lat_e7 = lat_e7;
    assert_false(err_is(report_text(span_text(uid), REPORT_UID_MAX, false, r.uid)));
    assert_false(err_is(report_text(SPAN_LIT("a-f-G"), REPORT_TYPE_MAX, false, r.type)));
    assert_false(err_is(report_text(SPAN_LIT("m-g"), REPORT_HOW_MAX, false, r.how)));
    assert_false(err_is(report_text(span_text(remarks), REPORT_REMARKS_MAX, true, r.remarks)));
    assert_false(err_is(report_encode(&r, &out)));
    assert_false(err_is(seal_item(&o->seal, writer_span(&out))));
    return origin_batch(o);
}

/* turns - of the loop, until the displays have nothing more to be told */
static void turns(void)
{
    for (unsigned i = 0; i < 20; i++) {
        (void)desk_work(w.desk);
    }
}

static void opened_to(unsigned displays)
{
    for (unsigned i = 0; i < displays; i++) {
        class_given(guard_asked(REQUEST_OPEN).tag, &radar, 0, "JPN 秘 | III",
                    DESCRIBE("radar", "1", "c8102e", "III"));
    }
}

/* Two displays in a room that shows two classes: radar's is 0, sat's is 1. */
static int scene_begin(void **state)
{
    int failed = world_begin(state);
    if (failed != 0) {
        return failed;
    }
    greeted();
    turn = 0;
    memset(may, 0, sizeof may);
    memset(bare, 0, sizeof bare);
    w.stuck_slot = 9999;
    origin_begin(&radar, 3);
    origin_begin(&sat, 4);
    turned_on("wall-1", 501);
    turned_on("wall-2", 502);
    connects(1, "wall-1");
    connects(2, "wall-2");
    shows(3);
    arrives(&radar, "radar");
    opened_to(2);
    arrives(&sat, "sat");
    for (unsigned i = 0; i < 2; i++) {
        class_given(guard_asked(REQUEST_OPEN).tag, &sat, 1, "JPN 極秘 | II",
                    DESCRIBE("sat", "2", "ff8c00", "II"));
    }
    comes(track(&radar, "a", 10000000, "seen by radar"));
    comes(track(&sat, "b", 20000000, "seen by the satellite"));
    turns();
    guard_quiet();
    return 0;
}

static int scene_end(void **state)
{
    origin_end(&radar);
    origin_end(&sat);
    return world_end(state);
}

#define SCENE_TEST(f) cmocka_unit_test_setup_teardown(f, scene_begin, scene_end)

static const struct kept_event *first_of(size_t from, uint32_t slot, const char *kind)
{
    for (size_t i = from; i < w.events; i++) {
        if (w.event[i].slot == slot && strcmp(w.event[i].kind, kind) == 0) {
            return &w.event[i];
        }
    }
    return NULL;
}

static const struct kept_event *last_of(uint32_t slot, const char *kind)
{
    for (size_t i = w.events; i > 0; i--) {
        if (w.event[i - 1].slot == slot && strcmp(w.event[i - 1].kind, kind) == 0) {
            return &w.event[i - 1];
        }
    }
    return NULL;
}

/* layer_of_text - of the object in whose remarks this stands */
static unsigned layer_of_text(uint32_t slot, const char *remarks)
{
    for (size_t i = w.events; i > 0; i--) {
        const struct kept_event *e = &w.event[i - 1];
        const char              *at =
            e->slot == slot && strcmp(e->kind, "put") == 0 ? strstr(e->data, remarks) : NULL;
        if (at != NULL) {
            const char *l = NULL;
            for (const char *p = e->data; p < at; p++) {
                l = strncmp(p, "\"l\":", 4) == 0 ? p + 4 : l;
            }
            assert_non_null(l);
            return (unsigned)strtoul(l, NULL, 10);
        }
    }
    fail_msg("no object says %s", remarks);
    return 0;
}

static bool layers_have(const char *mask, unsigned layer)
{
    const char *at = strstr(mask, "\"layers\":[");
    assert_non_null(at);
    for (at += 10; *at != ']';) {
        char *end;
        if (strtoul(at, &end, 10) == layer) {
            return true;
        }
        at = *end == ',' ? end + 1 : end;
    }
    return false;
}

static unsigned puts_with(size_t from, uint32_t slot, const char *text)
{
    unsigned count = 0;
    for (size_t i = from; i < w.events; i++) {
        count += w.event[i].slot == slot && strstr(w.event[i].data, text) != NULL;
    }
    return count;
}

static void a_display_is_told_its_room_and_what_it_may_show(void **state)
{
    (void)state;
    for (uint32_t slot = 1; slot <= 2; slot++) {
        const struct kept_event *room = last_of(slot, "room");
        assert_non_null(room);
        assert_non_null(strstr(room->data,
                               "\"room\":\"ops\",\"turn\":1,\"state\":\"live\","
                               "\"lease\":2000,\"banner\":\"II\",\"back\":\"#ff8c00\""));
        assert_int_equal(puts_with(0, slot, "seen by radar"), 1);
        assert_int_equal(puts_with(0, slot, "seen by the satellite"), 1);
        const struct kept_event *put = last_of(slot, "put");
        assert_non_null(strstr(put->data, "\"from\":[\"JPN sat\"]"));
        assert_non_null(strstr(put->data, "\"b\":\"JPN 極秘 | II\""));
        assert_non_null(strstr(put->data, "\"la\":2,\"lo\":0"));
    }
    assert_int_equal(events_of(1, "report") + events_of(1, "note"), 0);
}

static void the_mask_goes_before_anything_else_and_names_only_what_goes(void **state)
{
    (void)state;
    size_t   before = w.events;
    unsigned kept = layer_of_text(1, "seen by radar"), taken = layer_of_text(1, "seen by the sat");
    assert_int_not_equal(kept, taken);
    shows(1);
    assert_string_equal(w.event[before].kind, "mask");
    assert_string_equal(w.event[before + 1].kind, "mask");
    assert_int_not_equal(w.event[before].slot, w.event[before + 1].slot);
    const char *mask = w.event[before].data;
    assert_true(layers_have(mask, taken));
    assert_false(layers_have(mask, kept));
    assert_non_null(strstr(mask, "\"turn\":2,"));
    assert_non_null(strstr(mask, "\"all\":false,\"banner\":\"JPN 秘 | III\",\"back\":\"#c8102e\""));
    turns();
    /* what stays is not told again, what comes of the other is told to nobody */
    assert_int_equal(puts_with(before, 1, "seen by"), 0);
    comes(track(&sat, "b", 20000001, "seen by the satellite again"));
    comes(track(&radar, "a", 10000001, "seen by radar again"));
    turns();
    assert_int_equal(puts_with(before, 1, "satellite"), 0);
    assert_int_equal(puts_with(before, 2, "seen by radar again"), 1);
    assert_null(first_of(before, 1, "gone") == NULL ? NULL
                                                    : strstr(last_of(1, "gone")->data, "zz"));
}

static void the_guard_hears_when_all_have_taken_it_down(void **state)
{
    (void)state;
    shows(1);
    guard_quiet();
    done(1, "wall-1", "{\"turn\":2}");
    guard_quiet();
    done(2, "wall-2", "{ \"turn\" : 2 }");
    struct guard_message m = guard_asked(REQUEST_SUBMIT);
    struct reader        r = reader_of(m.body);
    span                 text = read_block16(&r, UINT16_MAX);
    assert_true(span_is(text, "accord displays 1\nroom ops\nturn 2\n"));
    span zeros = read_bytes(&r, SIGNATURE_LEN);
    for (size_t i = 0; i < zeros.len; i++) {
        assert_int_equal(zeros.ptr[i], 0);
    }
    guard_quiet();
}

static void an_older_turn_is_no_answer_to_a_newer_one(void **state)
{
    (void)state;
    shows(1);
    turns();
    shows(0);
    done(1, "wall-1", "{\"turn\":2}");
    done(2, "wall-2", "{\"turn\":3}");
    guard_quiet();
    done(1, "wall-1", "{\"turn\":3}");
    (void)guard_asked(REQUEST_SUBMIT);
}

static void a_silent_display_loses_its_session_and_the_guard_is_told(void **state)
{
    (void)state;
    shows(1);
    done(2, "wall-2", "{\"turn\":2}");
    at(w.boot_ms + DISPLAY_DONE_MS - 1);
    room_told("ops", turn, PRESENCE_MS);
    desk_tick(w.desk);
    assert_int_equal(events_of(1, "end"), 0);
    at(w.boot_ms + 1);
    desk_tick(w.desk);
    assert_int_equal(events_of(1, "end"), 1);
    assert_int_equal(events_of(2, "end"), 0);
    struct guard_message m = guard_asked(REQUEST_SUBMIT);
    struct reader        r = reader_of(m.body);
    assert_true(span_is(read_block16(&r, UINT16_MAX),
                        "accord displays 1\nroom ops\nturn 2\nsilent wall-1\n"));
    connects(1, "wall-1");
    assert_int_equal(w.refused.code, ERR_STATE);
    size_t before = w.events;
    comes(track(&radar, "a", 10000002, "after"));
    turns();
    assert_int_equal(puts_with(before, 1, "after"), 0);
    assert_int_equal(puts_with(before, 2, "after"), 1);
}

static void without_a_lease_only_what_is_bare_stays(void **state)
{
    (void)state;
    bare[0] = 1;
    room_told("ops", turn, PRESENCE_MS); /* the same turn: the lease anew */
    assert_null(last_of(1, "mask"));
    size_t before = w.events;
    at(w.boot_ms + PRESENCE_MS);
    desk_tick(w.desk);
    const struct kept_event *mask = first_of(before, 1, "mask");
    assert_non_null(mask);
    assert_true(layers_have(mask->data, layer_of_text(1, "seen by the sat")));
    assert_false(layers_have(mask->data, layer_of_text(1, "seen by radar")));
    assert_non_null(strstr(last_of(1, "room")->data, "\"state\":\"bare\""));
}

static void what_comes_back_is_told_and_what_stayed_is_not(void **state)
{
    (void)state;
    shows(1);
    done(1, "wall-1", "{\"turn\":2}");
    done(2, "wall-2", "{\"turn\":2}");
    (void)guard_asked(REQUEST_SUBMIT);
    turns();
    size_t before = w.events;
    shows(3);
    turns();
    assert_null(first_of(before, 1, "mask"));
    assert_int_equal(puts_with(before, 1, "seen by radar"), 0);
    assert_int_equal(puts_with(before, 1, "seen by the satellite"), 1);
    assert_non_null(strstr(last_of(1, "room")->data, "\"banner\":\"II\""));
}

static void a_key_that_is_taken_back_takes_its_objects_down(void **state)
{
    (void)state;
    size_t before = w.events;
    forgets("JPN", &sat.handle);
    assert_string_equal(w.event[before].kind, "mask");
    assert_true(layers_have(w.event[before].data, layer_of_text(1, "seen by the sat")));
    assert_false(layers_have(w.event[before].data, layer_of_text(1, "seen by radar")));
}

/* What waits for a client that takes nothing is taken back before the mask; what was in it and may stay is told
 * again. */
static void what_waits_for_a_slow_display_is_taken_back(void **state)
{
    (void)state;
    comes(track(&radar, "c", 15000000, "third"));
    (void)desk_work(w.desk);
    w.stuck_slot = 1;
    size_t before = w.events;
    shows(1);
    assert_true(w.purges >= 2);
    w.stuck_slot = 9999;
    turns();
    assert_int_equal(puts_with(before, 1, "third"), 1);
    assert_int_equal(puts_with(before, 2, "third"),
                     1); /* those who go together are told together */
    assert_int_equal(puts_with(before, 1, "satellite"), 0);
}

static void a_slow_display_is_told_the_newest_of_each_only(void **state)
{
    (void)state;
    w.stuck_slot = 1;
    for (unsigned i = 0; i < 20; i++) {
        comes(track(&radar, "a", 10000000 + (int32_t)i, i == 19 ? "newest" : "older"));
        turns();
    }
    assert_int_equal(puts_with(0, 1, "older"), 0);
    w.stuck_slot = 9999;
    turns();
    assert_int_equal(puts_with(0, 1, "older"), 0);
    assert_int_equal(puts_with(0, 1, "newest"), 1);
}

static void who_connects_again_begins_anew(void **state)
{
    (void)state;
    size_t before = w.events;
    desk_gone(w.desk, asker_of(1));
    connects(1, "wall-1");
    turns();
    assert_string_equal(w.event[before].kind, "room");
    assert_int_equal(puts_with(before, 1, "seen by"), 1); /* both in one event */
    assert_int_equal(puts_with(before, 2, "seen by"), 0);
    connects(3, "wall-1"); /* a second page: the first one ends */
    assert_int_equal(events_of(1, "end"), 1);
    turns();
    assert_int_equal(puts_with(before, 3, "seen by"), 1);
}

static void a_room_that_is_removed_ends_its_displays(void **state)
{
    (void)state;
    room_told("ops", 0, 0);
    assert_int_equal(events_of(1, "end"), 1);
    assert_int_equal(events_of(2, "end"), 1);
    connects(1, "wall-1");
    assert_int_equal(w.refused.code, ERR_STATE);
}

static void a_new_guard_ends_all_displays(void **state)
{
    (void)state;
    desk_guard_new(w.desk);
    assert_int_equal(events_of(1, "end"), 1);
    assert_int_equal(events_of(2, "end"), 1);
}

static void what_is_stale_is_gone(void **state)
{
    (void)state;
    at(8100000);
    desk_tick(w.desk);
    turns();
    /* its key has ended too by then, so it was taken down before */
    assert_non_null(last_of(1, "mask"));
}

static const char *banner_now(void)
{
    const char *room = last_of(1, "room")->data, *at = strstr(room, "\"banner\":");
    static char line[2048];
    assert_non_null(at);
    snprintf(line, sizeof line, "%s", at + strlen("\"banner\":"));
    *strchr(line, ',') = 0;
    return line;
}

/* key_anew - of what a display has: its class with other words */
static void key_anew(struct origin *o, const char *epoch, uint16_t class, const char *banner,
                     const char *describe)
{
    origin_end(o);
    origin_begin(o, (uint8_t)(10 + class));
    arrives(o, epoch);
    for (unsigned i = 0; i < 2; i++) {
        class_given(guard_asked(REQUEST_OPEN).tag, o, class, banner, describe);
    }
    comes(track(o, epoch, 30000000, epoch));
    turns();
}

static void the_banner_has_what_restricts_any_and_whom_all_may_go_to(void **state)
{
    (void)state;
    shows(15);
    key_anew(&radar, "radar", 2, "KOR II",
             DESCRIBE("radar", "3", "c8102e", "II")
                 WORDS("20:EYES ONLY", "0:JPN/0:USA", "0:JPN/0:USA"));
    shows(4);
    turns();
    assert_string_equal(banner_now(), "\"KOR II//EYES ONLY/REL TO JPN");
    assert_non_null(strstr(last_of(1, "room")->data, "REL TO JPN, USA\""));
    key_anew(&sat, "sat", 3, "USA S | II",
             DESCRIBE("sat", "3", "c8102e", "II") WORDS("10:ORCON", "0:USA", "0:GBR/0:JPN/0:USA"));
    shows(12);
    turns();
    assert_non_null(
        strstr(last_of(1, "room")->data, "\"II//ORCON/EYES ONLY/REL TO USA/DISPLAY ONLY JPN\""));
    shows(8);
    turns();
    assert_non_null(
        strstr(last_of(1, "room")->data, "\"USA S | II//ORCON/REL TO USA/DISPLAY ONLY GBR, JPN\""));
}

/* keys_given - all that the guard is asked for, with the desk's turns in between; how many, and at most at a time */
static unsigned keys_given(const struct origin *next, unsigned *most)
{
    unsigned all = 0;
    for (; w.heard < w.sent; all++) {
        *most = (unsigned)(w.sent - w.heard) > *most ? (unsigned)(w.sent - w.heard) : *most;
        struct guard_message m = guard_asked(REQUEST_OPEN);
        struct reader        r = reader_of(m.body);
        (void)read_u64(&r);
        id                   handle = read_id(&r);
        bool                 of_sat = id_equal(&handle, &sat.handle);
        const struct origin *o = of_sat ? &sat : id_equal(&handle, &radar.handle) ? &radar : next;
        class_given(m.tag, o, of_sat, "JPN 秘 | III", DESCRIBE("radar", "1", "c8102e", "III"));
        w.events = 0;
        (void)desk_work(w.desk);
    }
    w.sent = w.heard = w.events = 0;
    return all;
}

static void the_guard_is_not_asked_for_all_displays_at_once(void **state)
{
    const unsigned displays = 70;
    struct origin  next;
    unsigned       most = 0;
    (void)state;
    room_told("ops", ++turn, 200000);
    for (unsigned i = 3; i <= displays; i++) {
        char display[16];
        snprintf(display, sizeof display, "wall-%u", i);
        turned_on(display, 500 + i);
        connects(i, display);
        assert_int_equal(keys_given(NULL, &most), 2);
    }
    origin_begin(&next, 5);
    arrives(&next, "radar");
    most = 0;
    assert_int_equal(keys_given(&next, &most), displays);
    assert_int_equal(most, 64);
    most = 0;
    at(w.boot_ms + 61000); /* before leases end they are asked for again */
    comes(track(&next, "c", 10000000, "seen by radar"));
    desk_tick(w.desk);
    assert_int_equal(keys_given(&next, &most), 3 * displays);
    assert_int_equal(most, 64);
    origin_end(&next);
}

static void a_certificate_of_another_key_is_not_the_display(void **state)
{
    struct desk_request r = request_of(ASK_DISPLAY, 5);
    (void)state;
    r.holder = name_is("wall-1");
    asks(5, &r);
    assert_int_equal(w.refused.code, ERR_STATE);
    r.what = ASK_DONE;
    r.body = SPAN_LIT("{\"turn\":1}");
    w.refused = OK;
    asks(5, &r);
    assert_int_equal(w.refused.code, ERR_STATE);
    assert_null(last_of(1, "end")); /* the display itself goes on */
}

static void bad_acknowledgements_are_refused(void **state)
{
    (void)state;
    static const char *const body[] = {
        "",
        "{",
        "{}",
        "[2]",
        "{\"turn\":}",
        "{\"turn\":-1}",
        "{\"turn\":2",
        "{\"turn\":99999999999}",
        "{\"turn\":2}}",
        "{\"turn\":\"2\"}",
        "{\"turn\":2,\"x\":1}",
    };
    shows(1);
    for (size_t i = 0; i < ARRAY_LEN(body); i++) {
        unsigned refusals = w.refusals;
        done(1, "wall-1", body[i]);
        assert_int_equal(w.refusals, refusals + 1);
    }
    done(1, "wall-9", "{\"turn\":2}");
    assert_int_equal(w.refused.code, ERR_STATE);
    guard_quiet();
}

static void presence_goes_to_the_guard_as_it_is(void **state)
{
    (void)state;
    char                body[512];
    struct desk_request r = request_of(ASK_PRESENCE, 5);
    snprintf(body, sizeof body,
             "{\"text\":\"accord presence 1\\nreader gate\\nroom ops\\nnumber 1\\n\","
             "\"signature\":\"%0128d\"}",
             1);
    r.body = span_text(body);
    asks(5, &r);
    struct guard_message m = guard_asked(REQUEST_SUBMIT);
    struct reader        read = reader_of(m.body);
    assert_true(span_is(read_block16(&read, UINT16_MAX),
                        "accord presence 1\nreader gate\nroom ops\nnumber 1\n"));
    struct writer *out = guard_says(ANSWER_LEASE, m.tag);
    put_u32(out, 1500);
    put_u8(out, 0);
    guard_sends();
    assert_string_equal(w.json, "{\"lease\":1500,\"enter\":false}");
    asks(5, &r);
    guard_refuses(guard_asked(REQUEST_SUBMIT).tag, ERR_FORGED, "it is not this reader's");
    assert_int_equal(w.refused.code, ERR_FORGED);
    snprintf(body, sizeof body, "{\"text\":\"accord displays 1\\n\",\"signature\":\"%0128d\"}", 0);
    r.body = span_text(body);
    asks(5, &r);
    assert_int_equal(w.refused.code, ERR_MALFORMED);
    guard_quiet();
}

/* Nobody's signature is zeros: by them the desk says what a log said that it follows itself. */
static void no_terminal_speaks_for_a_log(void **state)
{
    (void)state;
    char                body[512];
    struct desk_request r = request_of(ASK_PRESENCE, 5);
    snprintf(body, sizeof body,
             "{\"text\":\"accord presence 1\\nreader log\\nroom ops\\nnumber 1\\n\","
             "\"signature\":\"%0128d\"}",
             0);
    r.body = span_text(body);
    asks(5, &r);
    assert_int_equal(w.refused.code, ERR_DENIED);
    guard_quiet();
    r.what = ASK_FOLLOWED;
    asks(5, &r);
    (void)guard_asked(REQUEST_SUBMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(a_display_is_told_its_room_and_what_it_may_show),
        SCENE_TEST(the_mask_goes_before_anything_else_and_names_only_what_goes),
        SCENE_TEST(the_guard_hears_when_all_have_taken_it_down),
        SCENE_TEST(an_older_turn_is_no_answer_to_a_newer_one),
        SCENE_TEST(a_silent_display_loses_its_session_and_the_guard_is_told),
        SCENE_TEST(without_a_lease_only_what_is_bare_stays),
        SCENE_TEST(what_comes_back_is_told_and_what_stayed_is_not),
        SCENE_TEST(a_key_that_is_taken_back_takes_its_objects_down),
        SCENE_TEST(what_waits_for_a_slow_display_is_taken_back),
        SCENE_TEST(a_slow_display_is_told_the_newest_of_each_only),
        SCENE_TEST(who_connects_again_begins_anew),
        SCENE_TEST(a_room_that_is_removed_ends_its_displays),
        SCENE_TEST(a_new_guard_ends_all_displays),
        SCENE_TEST(what_is_stale_is_gone),
        SCENE_TEST(bad_acknowledgements_are_refused),
        SCENE_TEST(the_banner_has_what_restricts_any_and_whom_all_may_go_to),
        SCENE_TEST(the_guard_is_not_asked_for_all_displays_at_once),
        SCENE_TEST(a_certificate_of_another_key_is_not_the_display),
        SCENE_TEST(presence_goes_to_the_guard_as_it_is),
        SCENE_TEST(no_terminal_speaks_for_a_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
