/* SPDX-License-Identifier: Apache-2.0 */
#include "http/target.h"
#include "cmocka_all.h"

static void escapes_become_text(void **state)
{
    (void)state;
    uint8_t buf[32];
    utf8    out;
    assert_false(err_is(path_segment(SPAN_LIT("%ED%95%9c+a"), buf, sizeof buf, &out)));
    assert_true(span_is(out.bytes, "\xed\x95\x9c+a"));
    assert_false(err_is(path_segment(SPAN_LIT(""), buf, sizeof buf, &out)));
    assert_int_equal(out.bytes.len, 0);
    assert_int_equal(path_segment(SPAN_LIT("%4"), buf, sizeof buf, &out).code, ERR_MALFORMED);
    assert_int_equal(path_segment(SPAN_LIT("%ed%a0%80"), buf, sizeof buf, &out).code,
                     ERR_MALFORMED);
    assert_int_equal(path_segment(SPAN_LIT("abc"), buf, 2, &out).code, ERR_LIMIT);
    assert_false(err_is(path_segment(SPAN_LIT("a%62c"), buf, 3, &out)));
}

static void a_query_gives_its_values(void **state)
{
    (void)state;
    uint8_t buf[16];
    utf8    out;
    span    query = SPAN_LIT("from=2026&empty=&flag&t%6fpic=a+b%2Bc&two=1&two=2");
    assert_false(err_is(query_value(query, "from", buf, sizeof buf, &out)));
    assert_true(span_is(out.bytes, "2026"));
    assert_false(err_is(query_value(query, "empty", buf, sizeof buf, &out)));
    assert_int_equal(out.bytes.len, 0);
    assert_false(err_is(query_value(query, "flag", buf, sizeof buf, &out)));
    assert_false(err_is(query_value(query, "topic", buf, sizeof buf, &out)));
    assert_true(span_is(out.bytes, "a b+c"));
    assert_int_equal(query_value(query, "fro", buf, sizeof buf, &out).code, ERR_UNKNOWN);
    assert_int_equal(query_value(query, "two", buf, sizeof buf, &out).code, ERR_MALFORMED);
    assert_int_equal(query_value(query, "from", buf, 3, &out).code, ERR_LIMIT);
}

static void what_is_escaped_reads_back(void **state)
{
    (void)state;
    uint8_t       text[512], buf[512];
    uint8_t       ascii[95];
    struct writer w = WRITER_OF(text);
    utf8          out;
    for (size_t i = 0; i < sizeof ascii; i++) {
        ascii[i] = (uint8_t)(' ' + i);
    }
    put_escaped(&w, SPAN_OF(ascii));
    assert_false(err_is(path_segment(writer_span(&w), buf, sizeof buf, &out)));
    assert_true(span_equal(out.bytes, SPAN_OF(ascii)));
    assert_false(err_is(escape_decode(writer_span(&w), true, buf, sizeof buf, &out)));
    assert_true(span_equal(out.bytes, SPAN_OF(ascii)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_become_text),
        cmocka_unit_test(a_query_gives_its_values),
        cmocka_unit_test(what_is_escaped_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
