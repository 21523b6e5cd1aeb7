/* SPDX-License-Identifier: Apache-2.0 */
#include "reduce/reduce.h"

#include <stdlib.h>

#include "cmocka_all.h"
#include "reduce/trace.h"

static const struct report full = {
    .time = 1000,
    .start = 1000,
    .stale = 61000,
    .place = {375000000, 1270000000},
    .launch = {390000000, 1257000000},
    .impact = {400000000, 1370000000},
    .impact_radius_m = 50000,
    .hae_cm = 1234567,
    .ce_cm = 1000,
    .le_cm = 2000,
    .course_cdeg = 9000,
    .speed_cms = 25000,
    .has = REPORT_HAS_ALL,
    .uid = "radar-7.track-12",
    .type = "a-h-A-M-F",
    .how = "m-r",
    .callsign = "HAWK 21",
    .remarks = "seen at 37.5 north",
};

static struct reduce_keys keys_of(const char *recipient)
{
    secret             of = {{1, 2, 3}};
    struct reduce_keys k;
    reduce_keys_of(&of, span_text(recipient), &k);
    return k;
}

static struct report reduced(const struct reducing *how, const char *recipient)
{
    struct reduce_keys k = keys_of(recipient);
    struct report      out;
    reduce_report(how, &k, &full, &out);
    assert_false(err_is(report_valid(&out)));
    return out;
}

static void nothing_asked_nothing_changed(void **state)
{
    struct report out = reduced(&(struct reducing){0}, "JPN");
    (void)state;
    assert_memory_equal(&out, &full, sizeof out);
}

static void the_same_report_is_the_same_bytes_and_another_recipients_are_others(void **state)
{
    const struct reducing how = {.position_m = 10000, .height_m = 500, .without = WITHOUT_SOURCE};
    struct report a = reduced(&how, "JPN"), b = reduced(&how, "JPN"), c = reduced(&how, "USA");
    (void)state;
    assert_memory_equal(&a, &b, sizeof a);
    assert_int_not_equal(a.place.lat_e7, c.place.lat_e7);
    assert_int_not_equal(a.hae_cm, c.hae_cm);
    assert_string_not_equal(a.uid, c.uid);
}

static void each_field_that_is_to_be_gone_is_gone(void **state)
{
    (void)state;
    struct report r = reduced(&(struct reducing){.without = WITHOUT_ALL}, "JPN");
    assert_int_equal(r.has, 0);
    assert_int_equal(r.hae_cm, 0);
    assert_int_equal(r.course_cdeg + r.speed_cms + r.ce_cm + r.le_cm, 0);
    assert_int_equal(r.launch.lat_e7 | r.impact.lat_e7 | (int)r.impact_radius_m, 0);
    assert_string_equal(r.callsign, "");
    assert_string_equal(r.remarks, "");
    assert_string_equal(r.how, "m");
    assert_int_equal(strlen(r.uid), 16);
    assert_null(strstr(r.uid, "radar"));
    assert_int_equal(r.place.lat_e7, full.place.lat_e7);
}

static void one_field_gone_leaves_the_others(void **state)
{
    (void)state;
    struct report r = reduced(&(struct reducing){.without = WITHOUT_LAUNCH}, "JPN");
    assert_int_equal(r.has, REPORT_HAS_ALL & ~REPORT_LAUNCH);
    assert_int_equal(r.launch.lat_e7, 0);
    assert_int_equal(r.impact.lat_e7, full.impact.lat_e7);
    assert_string_equal(r.uid, full.uid);
    r = reduced(&(struct reducing){.without = WITHOUT_SOURCE}, "JPN"); /* may be a sensor's own */
    assert_string_equal(r.callsign, "");
    assert_string_equal(r.remarks, "");
    assert_int_equal(strlen(r.uid), 16);
    assert_int_equal(r.has, REPORT_HAS_ALL);
    r = reduced(&(struct reducing){.without = WITHOUT_IDENTITY}, "JPN");
    assert_string_equal(r.callsign, "");
    assert_string_equal(r.how, full.how);
    assert_string_equal(r.remarks, full.remarks);
    assert_int_equal(strlen(r.uid), 16);
}

/* Free text may say where it is. */
static void a_coarser_place_takes_the_remarks_away(void **state)
{
    (void)state;
    struct report r = reduced(&(struct reducing){.position_m = 1}, "JPN");
    assert_string_equal(r.remarks, "");
}

static void launch_and_impact_are_coarser_too(void **state)
{
    (void)state;
    struct report r = reduced(&(struct reducing){.position_m = 20000}, "JPN");
    assert_int_not_equal(r.launch.lat_e7, full.launch.lat_e7);
    assert_int_not_equal(r.impact.lon_e7, full.impact.lon_e7);
    assert_true(r.impact_radius_m > full.impact_radius_m + 20000);
    assert_true(labs((long)r.launch.lat_e7 - full.launch.lat_e7) < 3000000);
}

static void poles_meridian_and_the_coarsest_stay_on_the_earth(void **state)
{
    static const struct place edge[] = {{LAT_MAX_E7, 0},          {-LAT_MAX_E7, LON_MAX_E7},
                                        {0, -LON_MAX_E7},         {0, LON_MAX_E7},
                                        {899999999, -1799999999}, {-1, 1}};
    static const uint32_t     metres[] = {1, 999, 10000, 5000000, REDUCE_POSITION_MAX_M};
    struct reduce_keys        k = keys_of("JPN");
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(edge) * ARRAY_LEN(metres); i++) {
        const struct reducing how = {.position_m = metres[i % ARRAY_LEN(metres)]};
        struct report         r = full, out;
        r.place = r.launch = r.impact = edge[i / ARRAY_LEN(metres)];
        reduce_report(&how, &k, &r, &out);
        assert_false(err_is(report_valid(&out)));
    }
}

/* Who has the recipient's key can tell that a place is a point of its cell, though he has not the track's own name. */
static void a_point_goes_by_the_name_that_is_shown(void **state)
{
    const struct reducing how = {.position_m = 10000, .without = WITHOUT_SOURCE};
    struct reduce_keys    k = keys_of("JPN");
    struct report         r = reduced(&how, "JPN");
    struct part           in;
    struct cell           c = cell_at(how.position_m, r.place, &in);
    struct place shown = cell_point(how.position_m, c, cell_mark(&k.mark, CELL_PLACE, r.uid, c));
    (void)state;
    assert_string_not_equal(r.uid, full.uid);
    assert_memory_equal(&shown, &r.place, sizeof shown);
}

static void it_is_due_when_the_delay_is_over(void **state)
{
    (void)state;
    assert_int_equal(reduce_due(&(struct reducing){.delay_ms = 60000}, &full), 61000);
}

static void what_cannot_be_asked_is_refused(void **state)
{
    (void)state;
    assert_false(err_is(reducing_valid(&(struct reducing){.position_m = REDUCE_POSITION_MAX_M})));
    assert_int_equal(
        reducing_valid(&(struct reducing){.position_m = REDUCE_POSITION_MAX_M + 1}).code,
        ERR_LIMIT);
    assert_int_equal(reducing_valid(&(struct reducing){.height_m = UINT32_MAX}).code, ERR_LIMIT);
    assert_int_equal(reducing_valid(&(struct reducing){.without = WITHOUT_ALL + 1}).code,
                     ERR_MALFORMED);
}

static void a_trace_refuses_what_it_cannot_judge(void **state)
{
    static const struct place   there[] = {{0, 0}, {LAT_MAX_E7 + 1, 0}};
    static struct trace_suspect who[TRACE_SUSPECTS_MAX + 1];
    struct trace_found          f[TRACE_SUSPECTS_MAX];
    size_t                      found = 7;
    const struct trace          good = {"x", 1000, there, 1, who, 1, 1000, false};
    struct trace                t = good;
    (void)state;
    assert_false(err_is(trace_run(&t, f, &found)));
    assert_int_equal(found, 0);
    t.places = 2;
    assert_int_equal(trace_run(&t, f, &found).code, ERR_MALFORMED);
    t.places = 0;
    assert_int_equal(trace_run(&t, f, &found).code, ERR_LIMIT);
    t = good;
    t.suspects = TRACE_SUSPECTS_MAX + 1;
    assert_int_equal(trace_run(&t, f, &found).code, ERR_LIMIT);
    t = good;
    t.position_m = 0;
    assert_int_equal(trace_run(&t, f, &found).code, ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_asked_nothing_changed),
        cmocka_unit_test(the_same_report_is_the_same_bytes_and_another_recipients_are_others),
        cmocka_unit_test(each_field_that_is_to_be_gone_is_gone),
        cmocka_unit_test(one_field_gone_leaves_the_others),
        cmocka_unit_test(a_coarser_place_takes_the_remarks_away),
        cmocka_unit_test(launch_and_impact_are_coarser_too),
        cmocka_unit_test(a_point_goes_by_the_name_that_is_shown),
        cmocka_unit_test(poles_meridian_and_the_coarsest_stay_on_the_earth),
        cmocka_unit_test(it_is_due_when_the_delay_is_over),
        cmocka_unit_test(what_cannot_be_asked_is_refused),
        cmocka_unit_test(a_trace_refuses_what_it_cannot_judge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
