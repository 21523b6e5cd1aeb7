/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/cot.h"

#include <stdio.h>

#include "cmocka_all.h"

static struct cot_reader reader;

#define TIMES                                                                                      \
    " time='2017-11-28T18:18:00Z' start='2017-11-28T18:18:00Z' stale='2017-11-28T18:18:10.5Z'"
#define EVENT(attributes)                                                                          \
    "<event version='2.0' uid='u-1' type='a-h-A' how='m-r'" TIMES attributes ">"
#define POINT "<point lat='39.282' lon='125.869' hae='9999999.0' ce='10' le='9999999'/>"

static err read_text(const char *xml, struct cot_event *out)
{
    return cot_read(&reader, span_text(xml), out);
}

static int set_up(void **state)
{
    (void)state;
    cot_init(&reader, 42);
    return 0;
}

static void keeps_what_a_report_holds(void **state)
{
    (void)state;
    struct cot_event e = {0};
    assert_false(err_is(
        read_text("<?xml version='1.0' encoding='utf-8' standalone='yes'?>\n" EVENT("") POINT
                  "<detail><contact callsign=' KN &amp; 15 ' endpoint='*:-1:stcp'/><__group/>"
                  "<track speed='1.2E-1' course='360.0' slope='4'/>"
                  "<remarks source='x'>\n  first\n  <![CDATA[<second>]]> <b>no</b>\n</remarks>"
                  "<__warning><launch lat='39' lon='125'/>"
                  "<impact lat='-0.5' lon='-180' radius='50000'/></__warning>"
                  "</detail></event>\n",
                  &e)));
    const struct report *r = &e.report;
    assert_string_equal(r->uid, "u-1");
    assert_string_equal(r->type, "a-h-A");
    assert_string_equal(r->how, "m-r");
    assert_string_equal(r->callsign, "KN & 15");
    assert_string_equal(r->remarks, "first\n  <second>");
    assert_int_equal(r->stale - r->start, 10500);
    assert_int_equal(r->place.lat_e7, 392820000);
    assert_int_equal(r->place.lon_e7, 1258690000);
    assert_int_equal(r->has,
                     REPORT_CE | REPORT_COURSE | REPORT_SPEED | REPORT_LAUNCH | REPORT_IMPACT);
    assert_int_equal(r->ce_cm, 1000);
    assert_int_equal(r->course_cdeg, 0);
    assert_int_equal(r->speed_cms, 12);
    assert_int_equal(r->launch.lat_e7, 390000000);
    assert_int_equal(r->impact.lon_e7, -1800000000);
    assert_int_equal(r->impact_radius_m, 50000);
    /* endpoint, __group, slope, source, b */
    assert_int_equal(e.dropped, 5);
    assert_false(err_is(report_valid(r)));
}

static void labels_come_out_as_they_stand(void **state)
{
    (void)state;
    struct cot_event e = {0};
    assert_false(err_is(read_text(EVENT(" access='SECRET' caveat='EYES ONLY' qos='1-r-c'"
                                        " releasableTo='USA JPN'") POINT "</event>",
                                  &e)));
    assert_string_equal(e.labels.access, "SECRET");
    assert_string_equal(e.labels.caveat, "EYES ONLY");
    assert_string_equal(e.labels.releasable_to, "USA JPN");
    assert_int_equal(e.dropped, 1);
    assert_false(err_is(read_text(EVENT(" access='Undefined' caveat=''") POINT "</event>", &e)));
    assert_string_equal(e.labels.access, "");
    assert_string_equal(e.labels.caveat, "");
    assert_false(err_is(read_text(EVENT(" releaseableTo='KOR'") POINT "</event>", &e)));
    assert_string_equal(e.labels.releasable_to, "KOR");
}

static void unknown_movement_does_not_cost_the_position(void **state)
{
    (void)state;
    struct cot_event e = {0};
    assert_false(err_is(read_text(
        EVENT("") POINT "<detail><track course='NaN' speed='-1.0'/></detail></event>", &e)));
    assert_int_equal(e.report.has, REPORT_CE);
    assert_int_equal(e.dropped, 2);
}

struct refusal {
    const char   *xml;
    enum err_code code;
};

static void refuses_all_else(void **state)
{
    (void)state;
    static const struct refusal row[] = {
        {"", ERR_MALFORMED},
        {"<event", ERR_MALFORMED},
        {"<events/>", ERR_MALFORMED},
        {EVENT("") "</event>", ERR_MALFORMED},
        {EVENT("") POINT POINT "</event>", ERR_MALFORMED},
        {EVENT("") POINT "</event><event/>", ERR_MALFORMED},
        {EVENT("") POINT "<detail/><detail/></event>", ERR_MALFORMED},
        {EVENT("") "<point lat='1' lon='2' hae='0' ce='1'/></event>", ERR_MALFORMED},
        {EVENT("") "<point lat='1' lon='2' hae='NaN' ce='1' le='1'/></event>", ERR_MALFORMED},
        {EVENT("") "<point lat='1' lon='2' hae='1' ce='-1' le='1'/></event>", ERR_MALFORMED},
        {EVENT("") "<point lat='91' lon='2' hae='1' ce='1' le='1'/></event>", ERR_LIMIT},
        {EVENT("") "<point lat='1' lon='-180.1' hae='1' ce='1' le='1'/></event>", ERR_LIMIT},
        {EVENT("") "<point lat='1' lon='2' hae='99999999' ce='1' le='1'/></event>", ERR_LIMIT},
        {EVENT("") POINT "<detail><track course='360.01'/></detail></event>", ERR_LIMIT},
        {EVENT(" classification='S'") POINT "</event>", ERR_MALFORMED},
        {EVENT(" releasableTo='A' releaseableTo='B'") POINT "</event>", ERR_MALFORMED},
        {EVENT(" uid='twice'") POINT "</event>", ERR_MALFORMED},
        {"<!DOCTYPE event>" EVENT("") POINT "</event>", ERR_MALFORMED},
        {"<!DOCTYPE event [<!ENTITY a 'b'>]>" EVENT("") POINT "</event>", ERR_MALFORMED},
        {"<?xml-stylesheet href='x'?>" EVENT("") POINT "</event>", ERR_MALFORMED},
        {"<?xml version='1.0' encoding='EUC-KR'?>" EVENT("") POINT "</event>", ERR_MALFORMED},
        {"<?xml version='1.1'?>" EVENT("") POINT "</event>", ERR_MALFORMED},
        {EVENT("") POINT "<detail><remarks>&amp;&nbsp;</remarks></detail></event>", ERR_MALFORMED},
        {EVENT("") POINT "<detail><remarks>&#1;</remarks></detail></event>", ERR_MALFORMED},
        {EVENT("") POINT "<detail><contact callsign='a&#10;b'/></detail></event>", ERR_MALFORMED},
        {EVENT("") POINT "<detail><remarks>a&#x85;b</remarks></detail></event>", ERR_MALFORMED},
        {"<event version='1.0' uid='u' type='a' how='m'" TIMES ">" POINT "</event>", ERR_MALFORMED},
        {"<event version='2.0' uid='' type='a' how='m'" TIMES ">" POINT "</event>", ERR_MALFORMED},
        {"<event version='2.0' uid='u' type='a b' how='m'" TIMES ">" POINT "</event>",
         ERR_MALFORMED},
        {"<event version='2.0' uid='u' type='a'" TIMES ">" POINT "</event>", ERR_MALFORMED},
        {"<event version='2.0' uid='u' type='a' how='m' time='2017-11-28T18:18:00Z'"
         " start='2017-11-28T18:18:00Z' stale='2017-11-28T18:17:59Z'>" POINT "</event>",
         ERR_MALFORMED},
        {"<event version='2.0' uid='u' type='a' how='m' time='2017-11-28 18:18:00'"
         " start='2017-11-28T18:18:00Z' stale='2017-11-28T18:19:59Z'>" POINT "</event>",
         ERR_MALFORMED},
        {"<e:event xmlns:e='x'/>", ERR_MALFORMED},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        struct cot_event e = {.dropped = 77};
        if (read_text(row[i].xml, &e).code != row[i].code || e.dropped != 77) {
            fail_msg("%s", row[i].xml);
        }
    }
}

static char   big[2 * COT_EVENT_MAX];
static size_t big_len;

static void big_add(const char *text)
{
    memcpy(big + big_len, text, strlen(text));
    big_len += strlen(text);
}

static err big_read(const char *before, const char *fill, size_t times, const char *after)
{
    struct cot_event e = {0};
    big_len = 0;
    big_add(before);
    for (size_t i = 0; i < times; i++) {
        big_add(fill);
    }
    big_add(after);
    return cot_read(&reader, (span){(const uint8_t *)big, big_len}, &e);
}

static void limits_hold(void **state)
{
    (void)state;
    static const char head[] = EVENT("") POINT "<detail>";
    static const char tail[] = "</detail></event>";
    static const char remarks[] = EVENT("") POINT "<detail><remarks>";
    assert_false(err_is(big_read(head, "<a/>", 15000, tail)));
    assert_int_equal(big_read(head, "<a/>", 17000, tail).code, ERR_LIMIT);
    assert_int_equal(big_read(head, "<a>", 31, tail).code, ERR_LIMIT); /* the 33rd level */
    assert_int_equal(big_read(head, "<a>", 30, tail).code, ERR_MALFORMED);
    assert_false(err_is(big_read(remarks, "x", 255, "</remarks></detail></event>")));
    assert_int_equal(big_read(remarks, "x", 256, "</remarks></detail></event>").code, ERR_LIMIT);
    assert_int_equal(big_read(remarks, " ", 2000, "</remarks></detail></event>").code, ERR_LIMIT);
}

static err many_attributes(unsigned count)
{
    char text[4096];
    int  len = snprintf(text, sizeof text, "%s", EVENT("") POINT "<detail><contact");
    for (unsigned i = 0; i < count; i++) {
        len += snprintf(text + len, sizeof text - (size_t)len, " a%u=''", i);
    }
    snprintf(text + len, sizeof text - (size_t)len, "/></detail></event>");
    struct cot_event e = {0};
    return read_text(text, &e);
}

static void attributes_have_a_limit(void **state)
{
    (void)state;
    assert_false(err_is(many_attributes(COT_ATTRIBUTES_MAX)));
    assert_int_equal(many_attributes(COT_ATTRIBUTES_MAX + 1).code, ERR_LIMIT);
}

static void an_event_that_exhausts_the_arena_leaves_no_trace(void **state)
{
    (void)state;
    big_len = 0;
    big_add(EVENT("") POINT "<detail>");
    for (unsigned i = 0; i < 7000; i++) {
        char text[16];
        snprintf(text, sizeof text, "<e%04x/>", i);
        big_add(text);
    }
    big_add("</detail></event>");
    struct cot_event e = {0};
    assert_int_equal(cot_read(&reader, (span){(const uint8_t *)big, big_len}, &e).code, ERR_LIMIT);
    assert_false(err_is(read_text(EVENT("") POINT "</event>", &e)));
    assert_true(reader.used_max <= COT_ARENA_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_a_report_holds),
        cmocka_unit_test(labels_come_out_as_they_stand),
        cmocka_unit_test(unknown_movement_does_not_cost_the_position),
        cmocka_unit_test(refuses_all_else),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(attributes_have_a_limit),
        cmocka_unit_test(an_event_that_exhausts_the_arena_leaves_no_trace),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
