/* SPDX-License-Identifier: Apache-2.0 */
#include "ais/ais.h"

#include <stdio.h>

#include "cmocka_all.h"

#define NOW INT64_C(1763812833000) /* … :33 of a minute */

static struct ais ais;

static int setup(void **state)
{
    (void)state;
    memset(&ais, 0, sizeof ais);
    return 0;
}

static err take(const char *line, enum ais_found *found, struct report *r)
{
    return ais_read(&ais, span_text(line), NOW, 1000, found, r);
}

/* A line with the checksum that is right for it */
static const char *summed(const char *body)
{
    static char line[512];
    uint8_t     sum = 0;
    for (const char *c = body + 1; *c != 0; c++) {
        sum ^= (uint8_t)*c;
    }
    snprintf(line, sizeof line, "%s*%02X", body, sum);
    return line;
}

static void a_position_is_a_report(void **state)
{
    enum ais_found found;
    struct report  r;
    (void)state;
    assert_false(err_is(take("!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A\r\n", &found, &r)));
    assert_int_equal(found, AIS_REPORT);
    assert_string_equal(r.uid, "AIS.371798000");
    assert_string_equal(r.type, "a-u-S-X-M");
    assert_int_equal(r.place.lat_e7, 483816333);
    assert_int_equal(r.place.lon_e7, -1233953833);
    assert_int_equal(r.course_cdeg, 22400);
    assert_int_equal(r.speed_cms, 633); /* 12.3 knots */
    assert_int_equal(r.time, NOW);      /* the fix was at second 33 */
    assert_int_equal(r.stale, NOW + AIS_STALE_MS);
    assert_true((r.has & REPORT_CE) != 0);
}

/* The second of a fix is of the minute that has just been, not of one to come. */
static void the_second_is_of_the_last_minute(void **state)
{
    enum ais_found found;
    struct report  r;
    span           line = SPAN_LIT("!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A");
    (void)state;
    assert_false(err_is(ais_read(&ais, line, NOW - 3000, 0, &found, &r)));
    assert_int_equal(r.time, NOW - MS_PER_MINUTE);
    assert_false(err_is(ais_read(&ais, line, NOW - 1000, 0, &found, &r)));
    assert_int_equal(r.time, NOW);
}

static void a_name_comes_before_and_is_shown_with_the_place(void **state)
{
    enum ais_found found;
    struct report  r;
    (void)state;
    assert_false(
        err_is(take("!AIVDM,2,1,3,B,55P5TL01VIaAL@7WKO@mBplU@<PDhh000000001S;AJ::4A80?4i@E53,0*3E",
                    &found, &r)));
    assert_int_equal(found, AIS_NOTHING);
    assert_false(err_is(take("!AIVDM,2,2,3,B,1@0000000000000,2*55", &found, &r)));
    assert_int_equal(found, AIS_NOTHING);
    struct ais_message m = {.bits = 168};
    /* kind 1 of the same ship, at 0 N 0 E */
    m.bytes[0] = 1 << 2;
    uint32_t mmsi = 369190000;
    for (uint32_t i = 0; i < 30; i++) {
        if ((mmsi >> (29 - i) & 1) != 0) {
            m.bytes[(8 + i) / 8] |= (uint8_t)(128u >> (8 + i) % 8);
        }
    }
    assert_false(err_is(ais_message_read(&ais, &m, 0, NOW, &found, &r)));
    assert_int_equal(found, AIS_REPORT);
    assert_string_equal(r.uid, "AIS.369190000");
    assert_string_equal(r.callsign, "MT.MITCHELL");
}

static void a_part_without_the_one_before_is_refused_and_a_late_one_too(void **state)
{
    enum ais_found found;
    struct report  r;
    span           first =
        SPAN_LIT("!AIVDM,2,1,3,B,55P5TL01VIaAL@7WKO@mBplU@<PDhh000000001S;AJ::4A80?4i@E53,0*3E");
    span second = SPAN_LIT("!AIVDM,2,2,3,B,1@0000000000000,2*55");
    (void)state;
    assert_int_equal(ais_read(&ais, second, NOW, 0, &found, &r).code, ERR_MALFORMED);
    assert_false(err_is(ais_read(&ais, first, NOW, 0, &found, &r)));
    assert_int_equal(ais_read(&ais, second, NOW, AIS_WAIT_MS + 1, &found, &r).code, ERR_MALFORMED);
    assert_false(err_is(ais_read(&ais, first, NOW, 20000, &found, &r)));
    assert_false(err_is(ais_read(&ais, second, NOW, 21000, &found, &r)));
    assert_int_equal(ais_read(&ais, second, NOW, 21000, &found, &r).code, ERR_MALFORMED);
}

static void a_tag_block_says_when(void **state)
{
    enum ais_found found;
    struct report  r;
    char           block[64], line[256];
    uint8_t        sum = 0;
    (void)state;
    snprintf(block, sizeof block, "s:shore,c:%lld", (long long)(NOW / 1000 - 120));
    for (const char *c = block; *c != 0; c++) {
        sum ^= (uint8_t)*c;
    }
    snprintf(line, sizeof line, "\\%s*%02X\\!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A", block,
             sum);
    assert_false(err_is(take(line, &found, &r)));
    assert_int_equal(r.time, NOW - 120000);
    assert_int_equal(ais_read(&ais, span_text(line), NOW + 2 * MS_PER_HOUR, 0, &found, &r).code,
                     ERR_MALFORMED);
    assert_int_equal(ais_read(&ais, span_text(line), NOW - 10 * MS_PER_MINUTE, 0, &found, &r).code,
                     ERR_MALFORMED);
}

static void what_is_no_report_is_passed_over(void **state)
{
    static const char *const lines[] = {"", "  ", "# a comment",
                                        "!AIVDM,1,1,,B,403Ovl@000Htt<tSF0l4Q@100`Pq,0*2B"};
    enum ais_found           found;
    struct report            r;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        assert_false(err_is(take(lines[i], &found, &r)));
        assert_int_equal(found, AIS_NOTHING);
    }
}

static void rubbish_is_refused(void **state)
{
    static const char *const bodies[] = {
        "!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ",     /* a field too few */
        "!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0,7", /* and too many */
        "!AIVDM,0,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0",   /* no parts */
        "!AIVDM,1,2,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0",   /* the second of one */
        "!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,6",   /* fill of a whole character */
        "!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208C~,0",   /* no bits */
        "!AIVDM,1,1,,A,15RTgt0P,0",                       /* short */
        "!AIVDM,1,1,,A,,0",                               /* empty */
        "!AIVDM,1,1,,A,0000000000000000000000000000,0",   /* kind 0 */
        "$AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0",
        "!GPGGA,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0",
        "!AIVDM,1,1,,AB,15RTgt0PAso;90TKcjM8h6g208CQ,0",
    };
    enum ais_found found;
    struct report  r;
    char           rubbish[AIS_LINE_MAX + 2];
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        assert_true(err_is(take(summed(bodies[i]), &found, &r)));
        assert_int_equal(found, AIS_NOTHING);
    }
    assert_int_equal(take("!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4B", &found, &r).code,
                     ERR_MALFORMED);
    assert_int_equal(take("!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0", &found, &r).code,
                     ERR_MALFORMED);
    memset(rubbish, 'x', sizeof rubbish);
    rubbish[sizeof rubbish - 1] = 0;
    assert_int_equal(take(rubbish, &found, &r).code, ERR_LIMIT);
}

/* Any bit of a real sentence turned over, with the checksum made good: a report that is valid, or a refusal. */
static void turned_bits_make_nothing_worse_than_a_refusal(void **state)
{
    static const char good[] = "!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0";
    (void)state;
    for (size_t i = 1; i < sizeof good - 1; i++) {
        for (int bit = 0; bit < 8; bit++) {
            char           body[sizeof good];
            enum ais_found found;
            struct report  r;
            memcpy(body, good, sizeof good);
            body[i] = (char)(body[i] ^ 1 << bit);
            err e = take(body[i] == 0 ? "" : summed(body), &found, &r);
            assert_true(err_is(e) || found == AIS_NOTHING || !err_is(report_valid(&r)));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_position_is_a_report, setup),
        cmocka_unit_test_setup(the_second_is_of_the_last_minute, setup),
        cmocka_unit_test_setup(a_name_comes_before_and_is_shown_with_the_place, setup),
        cmocka_unit_test_setup(a_part_without_the_one_before_is_refused_and_a_late_one_too, setup),
        cmocka_unit_test_setup(a_tag_block_says_when, setup),
        cmocka_unit_test_setup(what_is_no_report_is_passed_over, setup),
        cmocka_unit_test_setup(rubbish_is_refused, setup),
        cmocka_unit_test_setup(turned_bits_make_nothing_worse_than_a_refusal, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
