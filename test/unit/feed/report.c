/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/report.h"

#include "cmocka_all.h"

static struct report track(void)
{
    return (struct report){
        .time = INT64_C(1511893080000),
        .start = INT64_C(1511893080000),
        .stale = INT64_C(1511893090000),
        .place = {392820000, 1258690000},
        .has = REPORT_HAE | REPORT_CE | REPORT_COURSE | REPORT_SPEED,
        .hae_cm = 447500000,
        .ce_cm = 25050,
        .course_cdeg = 7600,
        .speed_cms = 123456,
        .uid = "kwangmyong-1",
        .type = "a-h-A-W-M-S-S",
        .how = "m-r",
    };
}

static span encoded(const struct report *r, uint8_t buf[static REPORT_BYTES_MAX])
{
    struct writer w = writer_of(buf, REPORT_BYTES_MAX);
    assert_false(err_is(report_encode(r, &w)));
    return writer_span(&w);
}

static void a_track_is_short_and_comes_back(void **state)
{
    (void)state;
    uint8_t       buf[REPORT_BYTES_MAX];
    struct report r = track();
    struct report back = {0};
    span          bytes = encoded(&r, buf);
    assert_true(bytes.len < 128);
    assert_false(err_is(report_decode(bytes, &back)));
    assert_memory_equal(&r, &back, sizeof r);
}

static void the_longest_report_fits(void **state)
{
    (void)state;
    uint8_t       buf[REPORT_BYTES_MAX];
    struct report r = track();
    r.has = REPORT_HAS_ALL;
    memset(r.uid, 'u', REPORT_UID_MAX);
    memset(r.type, 't', REPORT_TYPE_MAX);
    memset(r.how, 'h', REPORT_HOW_MAX);
    memset(r.callsign, '"', REPORT_CALLSIGN_MAX);
    memset(r.remarks, '\n', REPORT_REMARKS_MAX);
    r.remarks[0] = r.remarks[REPORT_REMARKS_MAX - 1] = 'r';
    assert_int_equal(encoded(&r, buf).len, REPORT_BYTES_MAX);
    uint8_t       text[REPORT_COT_MAX];
    struct writer w = writer_of(text, REPORT_JSON_MAX);
    report_json(&r, &w);
    assert_false(w.bad);
    memset(r.remarks, '&', REPORT_REMARKS_MAX);
    w = writer_of(text, REPORT_COT_MAX);
    report_cot(&r, NULL, &w);
    assert_false(w.bad);
}

static void each_cut_and_each_extra_byte_is_refused(void **state)
{
    (void)state;
    uint8_t       buf[REPORT_BYTES_MAX + 1] = {0};
    struct report r = track();
    struct report back = {0};
    size_t        len = encoded(&r, buf).len;
    for (size_t cut = 0; cut < len; cut++) {
        assert_int_equal(report_decode((span){buf, cut}, &back).code, ERR_MALFORMED);
    }
    assert_int_equal(report_decode((span){buf, len + 1}, &back).code, ERR_MALFORMED);
    buf[1] = 0x80; /* a field of a later version */
    assert_int_equal(report_decode((span){buf, len}, &back).code, ERR_MALFORMED);
}

/* Found by fuzzing: what stood behind the NUL was dropped. */
static void a_nul_in_a_text_is_refused(void **state)
{
    (void)state;
    uint8_t       buf[REPORT_BYTES_MAX];
    struct report r = track();
    struct report back = {0};
    memcpy(r.remarks, "ab", 3);
    size_t len = encoded(&r, buf).len;
    buf[len - 1] = 0;
    assert_int_equal(report_decode((span){buf, len}, &back).code, ERR_MALFORMED);
}

struct change {
    const char *what;
    void (*make)(struct report *r);
    enum err_code code;
};

static void no_uid(struct report *r)
{
    r->uid[0] = '\0';
    memset(r->uid, 0, sizeof r->uid);
}
static void uid_with_newline(struct report *r)
{
    r->uid[2] = '\n';
}
static void uid_ends_blank(struct report *r)
{
    memcpy(r->uid, "x ", 3);
    memset(r->uid + 2, 0, sizeof r->uid - 2);
}
static void uid_unfinished(struct report *r)
{
    memset(r->uid, 'x', sizeof r->uid);
}
static void uid_dirty_tail(struct report *r)
{
    r->uid[40] = 'x';
}
static void uid_not_utf8(struct report *r)
{
    r->uid[0] = (char)0xff;
}
static void stale_first(struct report *r)
{
    r->stale = r->start - 1;
}
static void too_far_north(struct report *r)
{
    r->place.lat_e7 = LAT_MAX_E7 + 1;
}
static void too_far_west(struct report *r)
{
    r->place.lon_e7 = -LON_MAX_E7 - 1;
}
static void full_course(struct report *r)
{
    r->course_cdeg = COURSE_FULL;
}
static void lacking_but_given(struct report *r)
{
    r->le_cm = 1;
}
static void unknown_field(struct report *r)
{
    r->has |= REPORT_HAS_ALL + 1;
}
static void before_1970(struct report *r)
{
    r->time = -1;
}
static void too_fast(struct report *r)
{
    r->speed_cms = REPORT_SPEED_MAX + 1;
}
static void too_deep(struct report *r)
{
    r->hae_cm = -REPORT_DEPTH_MAX_CM - 1;
}

static void what_breaks_a_rule_is_not_written(void **state)
{
    (void)state;
    static const struct change changes[] = {
        {"no uid", no_uid, ERR_MALFORMED},
        {"uid with a newline", uid_with_newline, ERR_MALFORMED},
        {"uid ends with a blank", uid_ends_blank, ERR_MALFORMED},
        {"uid without an end", uid_unfinished, ERR_LIMIT},
        {"uid with a dirty tail", uid_dirty_tail, ERR_MALFORMED},
        {"uid not UTF-8", uid_not_utf8, ERR_MALFORMED},
        {"stale before start", stale_first, ERR_MALFORMED},
        {"north of the pole", too_far_north, ERR_LIMIT},
        {"west of the date line", too_far_west, ERR_LIMIT},
        {"course of 360", full_course, ERR_LIMIT},
        {"a value that is lacking", lacking_but_given, ERR_MALFORMED},
        {"an unknown field", unknown_field, ERR_MALFORMED},
        {"before 1970", before_1970, ERR_LIMIT},
        {"too fast", too_fast, ERR_LIMIT},
        {"too deep", too_deep, ERR_LIMIT},
    };
    for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
        uint8_t       buf[REPORT_BYTES_MAX];
        struct writer w = WRITER_OF(buf);
        struct report r = track();
        changes[i].make(&r);
        if (report_encode(&r, &w).code != changes[i].code) {
            fail_msg("%s", changes[i].what);
        }
        assert_int_equal(w.len, 0);
    }
}

static void json_has_one_line_and_only_what_is_known(void **state)
{
    (void)state;
    uint8_t       buf[REPORT_JSON_MAX];
    struct writer w = WRITER_OF(buf);
    struct report r = track();
    memcpy(r.remarks, "a\n\"b\"", 6);
    report_json(&r, &w);
    assert_true(span_is(
        writer_span(&w),
        "{\"uid\":\"kwangmyong-1\",\"type\":\"a-h-A-W-M-S-S\",\"how\":\"m-r\","
        "\"time\":\"2017-11-28T18:18:00.000Z\",\"start\":\"2017-11-28T18:18:00.000Z\","
        "\"stale\":\"2017-11-28T18:18:10.000Z\",\"lat\":39.282,\"lon\":125.869,\"hae\":4475000,"
        "\"ce\":250.5,\"course\":76,\"speed\":1234.56,\"remarks\":\"a\\u000a\\\"b\\\"\"}"));
}

static void cot_says_unknown_and_escapes(void **state)
{
    (void)state;
    uint8_t       buf[REPORT_COT_MAX];
    struct writer w = WRITER_OF(buf);
    struct report r = track();
    r.has |= REPORT_IMPACT;
    r.impact = (struct place){-5, 0};
    r.impact_radius_m = 50000;
    memcpy(r.remarks, "a<b & c", 8);
    report_cot(&r, NULL, &w);
    assert_true(span_is(
        writer_span(&w),
        "<event version=\"2.0\" uid=\"kwangmyong-1\" type=\"a-h-A-W-M-S-S\" "
        "time=\"2017-11-28T18:18:00.000Z\" start=\"2017-11-28T18:18:00.000Z\" "
        "stale=\"2017-11-28T18:18:10.000Z\" how=\"m-r\">"
        "<point lat=\"39.282\" lon=\"125.869\" hae=\"4475000\" ce=\"250.5\" le=\"9999999\"/>"
        "<detail><track course=\"76\" speed=\"1234.56\"/>"
        "<__warning><impact lat=\"-0.0000005\" lon=\"0\" radius=\"50000\"/></__warning>"
        "<remarks>a&lt;b &amp; c</remarks></detail></event>"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_track_is_short_and_comes_back),
        cmocka_unit_test(the_longest_report_fits),
        cmocka_unit_test(each_cut_and_each_extra_byte_is_refused),
        cmocka_unit_test(a_nul_in_a_text_is_refused),
        cmocka_unit_test(what_breaks_a_rule_is_not_written),
        cmocka_unit_test(json_has_one_line_and_only_what_is_known),
        cmocka_unit_test(cot_says_unknown_and_escapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
