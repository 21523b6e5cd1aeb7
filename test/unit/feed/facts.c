/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/facts.h"

#include <stdio.h>

#include "cmocka_all.h"

#define HEAD "accord launches 1\ncredit somebody\n"
#define LINE "launch 2017-11-28 18:18 ICBM 39.282 125.869 4475 950 76 hwasong-15 Pyongsong Field\n"

static struct facts facts;

static void a_line_comes_back(void **state)
{
    (void)state;
    size_t        line = 0;
    uint8_t       buf[256];
    struct writer w = WRITER_OF(buf);
    assert_false(err_is(facts_read(SPAN_LIT(HEAD LINE), &facts, &line)));
    assert_int_equal(facts.count, 1);
    const struct launch *l = &facts.launch[0];
    assert_int_equal(l->at, INT64_C(1511893080000));
    assert_int_equal(l->apogee_m, 4475000);
    assert_int_equal(l->distance_m, 950000);
    assert_int_equal(l->bearing_cdeg, 7600);
    assert_string_equal(l->class, "ICBM");
    assert_string_equal(l->site, "Pyongsong Field");
    launch_format(l, &w);
    assert_true(span_is(writer_span(&w), LINE));
}

static void each_fault_is_found_at_its_line(void **state)
{
    (void)state;
    static const struct {
        const char   *text;
        size_t        line;
        enum err_code code;
    } row[] = {
        {"", 1, ERR_MALFORMED},
        {"accord launches 2\n", 1, ERR_MALFORMED},
        {"accord launches 1\n", 2, ERR_MALFORMED},
        {"accord launches 1\ncredit \n", 2, ERR_MALFORMED},
        {"accord launches 1\ncredit  x\n", 2, ERR_MALFORMED},
        {HEAD LINE "x\n", 4, ERR_MALFORMED},
        {HEAD LINE "\n", 4, ERR_MALFORMED},
        {HEAD LINE LINE "launch 2017-11-28 18:18 ICBM", 5, ERR_MALFORMED},
        {HEAD LINE "launch 2017-11-28 18:17 ICBM 39 125 44 95 76 x y\n", 4, ERR_MALFORMED},
        {HEAD "launch 2017-11-28 24:00 ICBM 39 125 44 95 76 x y\n", 3, ERR_MALFORMED},
        {HEAD "launch 2017-11-28 1:00 ICBM 39 125 44 95 76 x y\n", 3, ERR_MALFORMED},
        {HEAD "launch 2017-11-28 18x18 ICBM 39 125 44 95 76 x y\n", 3, ERR_MALFORMED},
        {HEAD "launch 2017-11-31 18:18 ICBM 39 125 44 95 76 x y\n", 3, ERR_MALFORMED},
        {HEAD "launch 2017-11-28 18:18 ICBM 39.0 125 44 95 76 x y\n", 3, ERR_MALFORMED},
        {HEAD "launch 2017-11-28 18:18 ICBM 39 125 44 95 76 x\n", 3, ERR_MALFORMED},
        {HEAD "launch 2017-11-28 18:18 ICBM 39 125 44 95 76 x \n", 3, ERR_MALFORMED},
        {HEAD "launch 2017-11-28 18:18 ICBM 39 125 44 95 na x y\n", 3, ERR_MALFORMED},
        {HEAD "launch 2017-11-28 18:18 ICBM 39  125 44 95 76 x y\n", 3, ERR_MALFORMED},
        {HEAD "launch 2017-11-28 18:18 ICBM 91 125 44 95 76 x y\n", 3, ERR_LIMIT},
        {HEAD "launch 2017-11-28 18:18 ICBM 39 125 0 95 76 x y\n", 3, ERR_LIMIT},
        {HEAD "launch 2017-11-28 18:18 ICBM 39 125 44 -5 76 x y\n", 3, ERR_LIMIT},
        {HEAD "launch 2017-11-28 18:18 ICBM 39 125 44 95 360 x y\n", 3, ERR_LIMIT},
        {HEAD "launch 2017-11-28 18:18 LONGCLASS 39 125 44 95 76 x y\n", 3, ERR_LIMIT},
    };
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        size_t line = 0;
        err    e = facts_read(span_text(row[i].text), &facts, &line);
        if (e.code != row[i].code || line != row[i].line) {
            fail_msg("row %zu: line %zu, %s", i, line, err_name(e.code));
        }
    }
}

static void no_more_than_the_limit(void **state)
{
    (void)state;
    static char text[64 + (FACTS_MAX + 1) * sizeof LINE];
    size_t      line = 0;
    strcpy(text, HEAD);
    for (size_t i = 0; i < FACTS_MAX; i++) {
        strcat(text, LINE);
    }
    assert_false(err_is(facts_read(span_text(text), &facts, &line)));
    strcat(text, LINE);
    assert_int_equal(facts_read(span_text(text), &facts, &line).code, ERR_LIMIT);
    assert_int_equal(line, FACTS_MAX + 3);
}

static void the_file_that_is_shipped_is_sound(void **state)
{
    (void)state;
    static uint8_t text[65536];
    size_t         line = 0;
    FILE          *file = fopen("demo/launches.facts", "rb");
    assert_non_null(file);
    size_t len = fread(text, 1, sizeof text, file);
    fclose(file);
    err e = facts_read((span){text, len}, &facts, &line);
    if (err_is(e)) {
        fail_msg("line %zu: %s", line, e.why);
    }
    assert_true(facts.count >= 20);
    assert_non_null(strstr(facts.credit, "CNS North Korea Missile Test Database"));
    assert_non_null(strstr(facts.credit, "Apache-2.0"));
    for (size_t i = 0; i < facts.count; i++) {
        const struct launch *l = &facts.launch[i];
        assert_in_range(l->at, INT64_C(1451606400000), INT64_C(1735689599999)); /* 2016 … 2024 */
        assert_in_range(l->place.lat_e7, 376000000, 430000000);
        assert_in_range(l->place.lon_e7, 1241000000, 1307000000);
        assert_in_range(l->apogee_m, 10000, 8000000);
        assert_in_range(l->distance_m, 50000, 5000000);
        assert_in_range(l->bearing_cdeg, 3000, 18200);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_comes_back),
        cmocka_unit_test(each_fault_is_found_at_its_line),
        cmocka_unit_test(no_more_than_the_limit),
        cmocka_unit_test(the_file_that_is_shipped_is_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
