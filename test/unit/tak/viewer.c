/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cmocka_all.h"
#include "tak/viewer.h"

#define NOW INT64_C(1700000000000)

static struct cot_reader    cot;
static struct tak_reader    tak = {.cot = &cot};
static struct viewer_store  store;
static struct viewer       *v;
static struct viewer_report on_its_way;
static struct viewer_time   t = {.boot_ms = 1000, .now = NOW};

static int begin(void **state)
{
    (void)state;
    t = (struct viewer_time){.boot_ms = 1000, .now = NOW};
    v = malloc(sizeof *v);
    if (v == NULL || err_is(viewer_store_open(&store))) {
        return -1;
    }
    memset(v, 0xee, sizeof *v); /* nothing rests on what was there before */
    viewer_begin(v, &store, 7, &t);
    return 0;
}

static int end(void **state)
{
    (void)state;
    viewer_end(v);
    assert_int_equal(store.queue.free_count, VIEWER_STORE_MAX);
    viewer_store_close(&store);
    free(v);
    return 0;
}

#define VIEWER_TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

static struct report track(const char *uid, int lat)
{
    struct report r = {.time = NOW, .start = NOW, .stale = NOW + 60000, .how = "m-g"};
    (void)snprintf(r.uid, sizeof r.uid, "%s", uid);
    (void)snprintf(r.type, sizeof r.type, "a-f-G");
    r.place.lat_e7 = lat;
    return r;
}

static const struct cot_labels labels = {"SECRET", "NOFORN", ""};

static void shows(const char *uid, int lat, uint64_t under, bool warning)
{
    struct report r = track(uid, lat);
    on_its_way = (struct viewer_report){.report = &r,
                                        .also = {.labels = &labels, .group = SPAN_LIT("maritime")},
                                        .warning = warning,
                                        .under = under};
    viewer_show(v, &on_its_way, &t);
}

/* ---- the client's side ---- */

static uint8_t got[64 * VIEWER_OUT_MAX];
static size_t  got_len;

/* takes all that waits, so much at a time */
static void takes(size_t piece)
{
    span next = viewer_next(v);
    while (next.len > 0) {
        size_t n = next.len < piece ? next.len : piece;
        assert_true(got_len + n <= sizeof got);
        memcpy(got + got_len, next.ptr, n);
        got_len += n;
        viewer_sent(v, n, &t);
        next = viewer_next(v);
    }
}

static bool event_next(size_t *at, bool proto, struct cot_event *out)
{
    span   rest = {got + *at, got_len - *at}, piece;
    size_t used;
    bool   is = true;
    err    e = proto ? tak_frame(rest, &piece, &used) : cot_frame(rest, &piece, &used);
    assert_false(err_is(e));
    if (piece.len == 0) {
        assert_int_equal(rest.len, used);
        return false;
    }
    e = proto ? tak_read(&tak, tak_frame_body(piece), out, &is) : cot_read(&cot, piece, out);
    assert_false(err_is(e));
    *at += used;
    return true;
}

/* count - events of this type (or all) with this uid (or any) among what came; last receives the last of them */
static unsigned count(const char *type, const char *uid, bool proto, struct cot_event *last)
{
    struct cot_event e;
    unsigned         n = 0;
    for (size_t at = 0; event_next(&at, proto, &e);) {
        if ((type == NULL || strcmp(e.report.type, type) == 0) &&
            (uid == NULL || strcmp(e.report.uid, uid) == 0)) {
            n++;
            *last = e;
        }
    }
    return n;
}

static void hears(span bytes)
{
    while (bytes.len > 0 && v->lost == NULL) {
        size_t room = sizeof v->in - v->in_len, n = bytes.len < room ? bytes.len : room;
        memcpy(v->in + v->in_len, bytes.ptr, n);
        bytes = (span){bytes.ptr + n, bytes.len - n};
        viewer_heard(v, n, &t, &tak);
    }
}

static void says(enum talk_kind kind)
{
    uint8_t       text[TALK_EVENT_MAX];
    struct writer w = WRITER_OF(text);
    struct talk   k = {.kind = kind, .uid = "mine"};
    talk_put(&k, NOW, &w);
    hears(writer_span(&w));
}

static bool came(const char *text)
{
    return memmem(got, got_len, text, strlen(text)) != NULL;
}

/* ---- */

static void a_report_is_shown_with_its_labels_and_group(void **state)
{
    struct cot_event e;
    (void)state;
    got_len = 0;
    shows("a", 5, 1, false);
    takes(7);
    assert_int_equal(count("t-x-takp-v", NULL, false, &e), 1);
    assert_int_equal(count("a-f-G", "a", false, &e), 1);
    assert_string_equal(e.labels.access, "SECRET");
    assert_string_equal(e.labels.caveat, "NOFORN");
    assert_true(came("<__group name=\"maritime\" role=\"" REPORT_ROLE "\"/>"));
}

static void after_the_protocol_is_agreed_all_are_messages(void **state)
{
    struct cot_event e;
    (void)state;
    got_len = 0;
    shows("before", 5, 1, false);
    says(TALK_REQUEST);
    shows("after", 6, 1, false);
    takes(1000);
    span   end = SPAN_LIT("</event>");
    size_t at = 0;
    for (size_t i = 0; i + end.len <= got_len; i++) {
        at = memcmp(got + i, end.ptr, end.len) == 0 ? i + end.len : at;
    }
    assert_true(came("t-x-takp-r") && came("\"before\""));
    memmove(got, got + at, got_len - at);
    got_len -= at;
    assert_int_equal(got[0], TAK_MAGIC);
    assert_int_equal(count("a-f-G", "after", true, &e), 1);
    assert_string_equal(e.labels.access, "SECRET");
    assert_true(came("maritime"));
}

static void a_ping_is_answered_and_nothing_else_enters(void **state)
{
    struct cot_event e;
    (void)state;
    got_len = 0;
    says(TALK_PING);
    hears(SPAN_LIT("\n"));
    uint8_t       text[REPORT_COT_MAX];
    struct writer w = WRITER_OF(text);
    struct report r = track("own-place", 1);
    report_cot(&r, NULL, &w);
    hears(writer_span(&w));
    hears(SPAN_LIT("<event>rubbish</event>"));
    says(TALK_SUPPORT);
    takes(100);
    assert_int_equal(count("t-x-c-t-r", "mine", false, &e), 1);
    assert_int_equal(v->pings, 1);
    assert_int_equal(v->dropped, 2);
    assert_int_equal(v->refused, 1);
    assert_null(v->lost);
    assert_false(came("own-place"));
}

static void what_is_no_event_cuts(void **state)
{
    (void)state;
    hears(SPAN_LIT("\x16\x03\x01"));
    assert_non_null(v->lost);
}

static void an_event_without_end_cuts(void **state)
{
    static uint8_t long_one[2 * COT_EVENT_MAX];
    (void)state;
    memset(long_one, 'x', sizeof long_one);
    memcpy(long_one, "<event ", 7);
    hears(SPAN_OF(long_one));
    assert_non_null(v->lost);
}

static void a_flood_cuts(void **state)
{
    (void)state;
    got_len = 0;
    for (unsigned i = 0; i < VIEWER_SAYS_MAX; i++) {
        says(TALK_PING);
        got_len = 0;
        takes(10000);
    }
    assert_null(v->lost);
    says(TALK_PING);
    assert_non_null(v->lost);
}

static void one_who_asks_and_does_not_read_is_cut(void **state)
{
    (void)state;
    for (unsigned i = 0; i < VIEWER_FRAMES_MAX + 1 && v->lost == NULL; i++) {
        t.boot_ms += 100;
        says(TALK_PING);
    }
    assert_non_null(v->lost);
}

static void of_a_slow_client_the_newest_of_each_track_stays_and_every_warning(void **state)
{
    struct cot_event e;
    (void)state;
    got_len = 0;
    takes(100);
    got_len = 0;
    for (int i = 0; v->late.count == 0; i++) {
        shows("first", i, 1, false);
    }
    unsigned in_front = (unsigned)v->shown;
    for (int i = 0; i < 50; i++) {
        shows("busy", i, 1, false);
        shows("other", 1000 + i, 1, false);
        shows("missile", i, 1, true);
    }
    assert_true(v->late.count < 80);
    assert_true(v->left_out > 50);
    takes(10000);
    assert_int_equal(v->late.count, 0);
    assert_int_equal(count(NULL, "missile", false, &e), 50);
    assert_true(count(NULL, "busy", false, &e) < 20);
    assert_int_equal(e.report.place.lat_e7, 49);
    assert_true(count(NULL, "other", false, &e) < 20);
    assert_int_equal(e.report.place.lat_e7, 1049);
    assert_true(count(NULL, "first", false, &e) >= in_front);
}

static void one_who_never_reads_is_cut_in_the_end(void **state)
{
    char uid[32];
    (void)state;
    for (unsigned i = 0; i < 2 * VIEWER_FRAMES_MAX + VIEWER_LATE_MAX && v->lost == NULL; i++) {
        (void)snprintf(uid, sizeof uid, "track-%u", i);
        shows(uid, 1, 1, false);
    }
    assert_non_null(v->lost);
    assert_true(v->len <= VIEWER_OUT_MAX);
}

static void one_who_takes_nothing_is_cut_in_time(void **state)
{
    (void)state;
    got_len = 0;
    takes(100);
    t.boot_ms += 2 * VIEWER_STUCK_MS;
    viewer_tick(v, &t);
    assert_null(v->lost); /* nothing waits for it */
    shows("a", 1, 1, false);
    t.boot_ms += VIEWER_STUCK_MS - 1;
    viewer_tick(v, &t);
    assert_null(v->lost);
    t.boot_ms += 1;
    viewer_tick(v, &t);
    assert_non_null(v->lost);
}

static void what_is_taken_back_is_deleted_where_it_was_shown(void **state)
{
    struct cot_event e;
    (void)state;
    got_len = 0;
    shows("mine", 1, 1, false);
    shows("theirs", 2, 2, false);
    takes(100);
    got_len = 0;
    viewer_take(v, 2, &t);
    takes(100);
    assert_int_equal(count("t-x-d-d", NULL, false, &e), 1);
    assert_true(came("<link relation=\"p-p\" uid=\"theirs\" type=\"a-f-G\"/>"));
    assert_false(came("mine"));
    got_len = 0;
    viewer_take(v, 2, &t);
    takes(100);
    assert_int_equal(got_len, 0); /* once */
    viewer_take(v, 0, &t);
    takes(100);
    assert_true(came("uid=\"mine\""));
}

static void what_has_not_left_goes_and_is_not_named(void **state)
{
    (void)state;
    got_len = 0;
    takes(100);
    shows("left", 1, 2, false);
    span offered = viewer_next(v); /* TLS may have begun to send it */
    viewer_sent(v, 10, &t);
    shows("waits", 2, 2, false);
    shows("stays", 3, 1, false);
    for (int i = 0; v->late.count == 0; i++) {
        shows("fills", i, 1, false);
    }
    shows("late", 1, 2, false);
    viewer_take(v, 2, &t);
    assert_true(offered.len > 10);
    got_len = 0;
    takes(100);
    assert_true(came("uid=\"left\"") && came("t-x-d-d") && came("stays"));
    assert_false(came("waits") || came("\"late\""));
}

static void what_moved_to_another_number_stays(void **state)
{
    (void)state;
    got_len = 0;
    shows("a", 1, 1, false);
    takes(100);
    shows("a", 2, 2, false);
    takes(100);
    got_len = 0;
    viewer_take(v, 1, &t);
    takes(100);
    assert_int_equal(got_len, 0);
}

static void many_are_deleted_as_there_is_room(void **state)
{
    struct cot_event e;
    char             uid[32];
    (void)state;
    for (unsigned i = 0; i < VIEWER_SEEN_MAX + 10; i++) {
        (void)snprintf(uid, sizeof uid, "track-%u", i);
        shows(uid, 1, 1, false);
        got_len = 0;
        takes(10000);
    }
    viewer_take(v, 0, &t);
    assert_null(v->lost);
    got_len = 0;
    takes(10000);
    assert_int_equal(count("t-x-d-d", NULL, false, &e), VIEWER_SEEN_MAX);
    assert_int_equal(v->doomed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        VIEWER_TEST(a_report_is_shown_with_its_labels_and_group),
        VIEWER_TEST(after_the_protocol_is_agreed_all_are_messages),
        VIEWER_TEST(a_ping_is_answered_and_nothing_else_enters),
        VIEWER_TEST(what_is_no_event_cuts),
        VIEWER_TEST(an_event_without_end_cuts),
        VIEWER_TEST(a_flood_cuts),
        VIEWER_TEST(one_who_asks_and_does_not_read_is_cut),
        VIEWER_TEST(of_a_slow_client_the_newest_of_each_track_stays_and_every_warning),
        VIEWER_TEST(one_who_never_reads_is_cut_in_the_end),
        VIEWER_TEST(one_who_takes_nothing_is_cut_in_time),
        VIEWER_TEST(what_is_taken_back_is_deleted_where_it_was_shown),
        VIEWER_TEST(what_has_not_left_goes_and_is_not_named),
        VIEWER_TEST(what_moved_to_another_number_stays),
        VIEWER_TEST(many_are_deleted_as_there_is_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
