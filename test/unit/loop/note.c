/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/note.h"
#include "cmocka_all.h"

#include <unistd.h>

static void a_note_is_one_line_whatever_it_tells(void **state)
{
    (void)state;
    struct note_fact fact[] = {{"partner", SPAN_LIT("JPN")},
                               {"said", SPAN_LIT("a\nb\"c\\d\x1b\xeb\xac\xb8=e")}};
    struct note      n = {0, "courier", "a partner's link was closed", fact, 2};
    uint8_t          buf[256];
    struct writer    w = WRITER_OF(buf);
    note_line(&w, &n);
    assert_true(span_is(writer_span(&w),
                        "1970-01-01T00:00:00.000Z courier a partner's link was closed "
                        "partner=\"JPN\" said=\"a\\x0ab\\x22c\\x5cd\\x1b\\xeb\\xac\\xb8=e\"\n"));
}

static void too_long_a_fact_is_left_out_and_the_line_ends(void **state)
{
    (void)state;
    static uint8_t   long_value[NOTE_MAX];
    struct note_fact fact[] = {{"value", SPAN_OF(long_value)}, {"n", SPAN_LIT("7")}};
    struct note      n = {0, "desk", "refused", fact, 2};
    char             got[NOTE_MAX + 1] = {0};
    int              out[2];
    assert_int_equal(pipe(out), 0);
    note_write(out[1], &n);
    assert_true(read(out[0], got, NOTE_MAX) > 0);
    assert_string_equal(got, "1970-01-01T00:00:00.000Z desk refused n=\"7\"\n");
    close(out[0]);
    close(out[1]);
}

static void a_line_ends_in_any_buffer_that_holds_one(void **state)
{
    (void)state;
    struct note n = {0, "guard", "a sentence that is rather long", NULL, 0};
    for (size_t max = 1; max < 80; max++) {
        uint8_t       buf[80];
        struct writer w = writer_of(buf, max);
        note_line(&w, &n);
        assert_true(w.len >= 1 && w.len <= max);
        assert_int_equal(buf[w.len - 1], '\n');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_note_is_one_line_whatever_it_tells),
        cmocka_unit_test(too_long_a_fact_is_left_out_and_the_line_ends),
        cmocka_unit_test(a_line_ends_in_any_buffer_that_holds_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
