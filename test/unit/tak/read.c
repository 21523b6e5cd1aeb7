/* SPDX-License-Identifier: Apache-2.0 */
#include "tak/tak.h"

#include "cmocka_all.h"
#include "message.h"

static struct cot_reader cot;
static struct tak_reader reader = {.cot = &cot};
static uint8_t           buf[80000], part[80000], small[1024];
static struct cot_event  event;

static err read_bytes_of(const struct writer *w)
{
    bool is = false;
    assert_false(w->bad);
    err e = tak_read(&reader, writer_span(w), &event, &is);
    assert_true(err_is(e) || is);
    return e;
}

static err read_event(span detail, span behind)
{
    struct writer w = WRITER_OF(buf);
    msg_whole(&w, "a-f-G", detail, behind);
    return read_bytes_of(&w);
}

static err read_detail(void (*fill)(struct writer *w))
{
    struct writer d = WRITER_OF(part);
    fill(&d);
    return read_event(writer_span(&d), SPAN_LIT(""));
}

static span contact(const char *endpoint, const char *callsign)
{
    struct writer w = WRITER_OF(small);
    msg_text(&w, 1, endpoint);
    msg_text(&w, 2, callsign);
    return writer_span(&w);
}

static span track(double speed, double course)
{
    struct writer w = WRITER_OF(small);
    msg_double(&w, 1, speed);
    msg_double(&w, 2, course);
    return writer_span(&w);
}

static void both_the_same(struct writer *d)
{
    msg_text(d, 1,
             "<contact phone='1' callsign='HAN &lt;1>'/><track speed='2.50' course=\"90\"/>"
             "<__group name='Blue'/><remarks>seen</remarks>");
    msg_bytes(d, 2, contact("*:-1:stcp", "HAN <1>"));
    msg_text(d, 3, "\012\004Blue");
    msg_bytes(d, 7, track(2.5, 90));
}

static void fields_and_xml_are_one_event(void **state)
{
    (void)state;
    assert_false(err_is(read_detail(both_the_same)));
    assert_string_equal(event.report.callsign, "HAN <1>");
    assert_string_equal(event.report.remarks, "seen");
    assert_int_equal(event.report.speed_cms, 250);
    assert_int_equal(event.report.course_cdeg, 9000);
    assert_int_equal(event.report.has, REPORT_SPEED | REPORT_COURSE);
    assert_int_equal(event.dropped, 4); /* endpoint, phone, and the group in both forms */
}

static void other_callsign(struct writer *d)
{
    msg_text(d, 1, "<contact callsign='B'/>");
    msg_bytes(d, 2, contact("", "A"));
}

static void other_endpoint(struct writer *d)
{
    msg_text(d, 1, "<contact endpoint='1.1.1.1:1:tcp'/>");
    msg_bytes(d, 2, contact("*:-1:stcp", "A"));
}

static void other_speed(struct writer *d)
{
    msg_text(d, 1, "<track speed='0'/>");
    msg_bytes(d, 7, track(2.5, 90));
}

static void other_course(struct writer *d)
{
    msg_bytes(d, 7, track(2.5, 0));
    msg_text(d, 1, "<track course='12'/>");
}

static void other_group(struct writer *d)
{
    msg_text(d, 1, "<__group name='Blue' role='HQ'/>");
    msg_text(d, 3, "\012\003Red");
}

static void other_battery(struct writer *d)
{
    msg_text(d, 1, "<status battery='99'/>");
    msg_text(d, 5, "\010\144"); /* 100 */
}

static void other_device(struct writer *d)
{
    msg_text(d, 1, "<takv device='x' version='2'/>");
    msg_text(d, 6, "\042\0011");
}

static void what_disagrees_is_refused(void **state)
{
    (void)state;
    void (*const differ[])(struct writer *) = {other_callsign, other_endpoint, other_speed,
                                               other_course,   other_group,    other_battery,
                                               other_device};
    for (size_t i = 0; i < ARRAY_LEN(differ); i++) {
        err e = read_detail(differ[i]);
        assert_int_equal(e.code, ERR_MALFORMED);
        assert_non_null(strstr(e.why, "do not say the same"));
    }
}

static void xml_that_leaves_detail_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "</detail>",
        "</detail><detail>",
        "<!--",
        "<![CDATA[",
        "<a>",
        "<?xml version='1.0'?><a/>",
        "<!DOCTYPE a>",
        "<?go?>",
        "<remarks>one</remarks><remarks>two</remarks>",
        "<contact callsign='a'/><contact callsign='a'/>",
        "&x;",
        "</detail><point lat='1' lon='1' hae='1' ce='1' le='1'/><detail>",
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct writer d = WRITER_OF(part);
        msg_text(&d, 1, bad[i]);
        err e = read_event(writer_span(&d), SPAN_LIT(""));
        if (e.code != ERR_MALFORMED) {
            fail_msg("%s: %s", bad[i], err_is(e) ? e.why : "taken");
        }
    }
}

static void script_stays_text(void **state)
{
    (void)state;
    const char   *script = "<script>alert(1)</script>";
    struct writer d = WRITER_OF(part);
    msg_text(&d, 1, "<remarks>&lt;script>alert(1)&lt;/script></remarks>");
    msg_bytes(&d, 2, contact("", script));
    assert_false(err_is(read_event(writer_span(&d), SPAN_LIT(""))));
    assert_string_equal(event.report.callsign, script);
    assert_string_equal(event.report.remarks, script);
    struct writer w = WRITER_OF(buf);
    report_cot(&event.report, NULL, &w);
    assert_null(memmem(buf, w.len, "<script", 7));
}

static void labels_by_either_spelling(void **state)
{
    (void)state;
    struct writer w = WRITER_OF(small);
    msg_text(&w, 2, "SECRET");
    msg_text(&w, 16, "ORCON");
    msg_text(&w, 17, "KOR, USA");
    assert_false(err_is(read_event(SPAN_LIT(""), writer_span(&w))));
    assert_string_equal(event.labels.access, "SECRET");
    assert_string_equal(event.labels.caveat, "ORCON");
    assert_string_equal(event.labels.releasable_to, "KOR, USA");
}

static err read_behind(void (*fill)(struct writer *w))
{
    struct writer w = WRITER_OF(small);
    fill(&w);
    return read_event(SPAN_LIT(""), writer_span(&w));
}

static void twice(struct writer *w)
{
    msg_text(w, 2, "SECRET");
    msg_text(w, 2, "UNCLASSIFIED");
}

static void twice_number(struct writer *w)
{
    msg_double(w, 10, 1);
}

static void with_nul(struct writer *w)
{
    msg_bytes(w, 2, SPAN_LIT("SECRET\0"));
}

static void no_utf8(struct writer *w)
{
    msg_text(w, 16, "\xc3\x28");
}

static void label_of_its_own(struct writer *w)
{
    msg_text(w, 18, "COSMIC");
}

static void as_number(struct writer *w)
{
    msg_number(w, 2, 7);
}

static void as_group(struct writer *w)
{
    put_text(w, "\223\001\224\001"); /* 18, as a group */
}

static void cut_short(struct writer *w)
{
    put_text(w, "\022\177x");
}

static void without_number(struct writer *w)
{
    put_text(w, "\002\001x");
}

static void endless(struct writer *w)
{
    put_text(w, "\377\377\377\377\377\377\377\377\377\377\377\377");
}

static void what_others_take_in_silence_is_refused(void **state)
{
    (void)state;
    void (*const bad[])(struct writer *) = {
        twice,     twice_number, with_nul,  no_utf8,        label_of_its_own,
        as_number, as_group,     cut_short, without_number, endless,
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        err e = read_behind(bad[i]);
        if (e.code != ERR_MALFORMED) {
            fail_msg("%zu: %s", i, err_is(e) ? e.why : "taken");
        }
    }
}

static void numbers_that_are_none(void **state)
{
    (void)state;
    static const struct {
        double        lat;
        enum err_code code;
    } row[] = {{90.00000001, ERR_NONE},
               {90.0000001, ERR_LIMIT},
               {1e300, ERR_LIMIT},
               {__builtin_inf(), ERR_LIMIT},
               {-__builtin_inf(), ERR_LIMIT},
               {__builtin_nan(""), ERR_MALFORMED}};
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct writer e = WRITER_OF(part);
        struct writer w = WRITER_OF(buf);
        msg_event(&e, "a-f-G");
        uint8_t *lat = memmem(part, e.len, "\x51\0\0\0\0\0\xc0\x42\x40", 9);
        assert_non_null(lat);
        memcpy(lat + 1, &row[i].lat, 8);
        msg_bytes(&w, 2, writer_span(&e));
        assert_int_equal(read_bytes_of(&w).code, row[i].code);
    }
}

static void unknown_fields_are_counted(void **state)
{
    (void)state;
    struct writer d = WRITER_OF(part);
    struct writer w = WRITER_OF(buf);
    msg_text(&d, 9, "of a newer version");
    msg_whole(&w, "a-f-G", writer_span(&d), SPAN_LIT(""));
    msg_number(&w, 3, 1700000000000);
    msg_number(&w, 77, 1);
    assert_false(err_is(read_bytes_of(&w)));
    assert_int_equal(event.dropped, 3);
    for (unsigned i = 0; i < TAK_UNKNOWN_MAX; i++) {
        msg_number(&w, 100, i);
    }
    assert_int_equal(read_bytes_of(&w).code, ERR_LIMIT);
}

static void control_alone_is_no_event(void **state)
{
    (void)state;
    bool             is = true;
    struct cot_event e;
    assert_false(err_is(tak_read(&reader, SPAN_LIT("\012\004\010\001\020\001"), &e, &is)));
    assert_false(is);
    is = true;
    assert_false(err_is(tak_read(&reader, SPAN_LIT(""), &e, &is)));
    assert_false(is);
}

static void long_ones(void **state)
{
    (void)state;
    static char   text[70000];
    struct writer d = WRITER_OF(part);
    memset(text, 'x', 60000);
    msg_text(&d, 1, text);
    memcpy(part + d.len - 60000, "<!--", 4);
    memcpy(part + d.len - 3, "-->", 3);
    assert_false(err_is(read_event(writer_span(&d), SPAN_LIT(""))));
    memset(text, 'x', 69000);
    d = writer_of(part, sizeof part);
    msg_text(&d, 1, text);
    assert_int_equal(read_event(writer_span(&d), SPAN_LIT("")).code, ERR_LIMIT);
}

static int set_up(void **state)
{
    (void)state;
    cot_init(&cot, 3);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_and_xml_are_one_event),
        cmocka_unit_test(what_disagrees_is_refused),
        cmocka_unit_test(xml_that_leaves_detail_is_refused),
        cmocka_unit_test(script_stays_text),
        cmocka_unit_test(labels_by_either_spelling),
        cmocka_unit_test(what_others_take_in_silence_is_refused),
        cmocka_unit_test(numbers_that_are_none),
        cmocka_unit_test(unknown_fields_are_counted),
        cmocka_unit_test(control_alone_is_no_event),
        cmocka_unit_test(long_ones),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
