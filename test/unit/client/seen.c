/* SPDX-License-Identifier: Apache-2.0 */
#include "client/inside.h"
#include "cmocka_all.h"

static void what_was_seen_reads_back(void **state)
{
    static const char text[] = "JPN radar 6fd3a01b9c-17,- - now-0123456789";
    struct seen       s;
    char              out[ACCORD_SEEN_MAX];
    struct writer     w = WRITER_OF(out);
    (void)state;
    assert_false(err_is(seen_read(&s, span_text(text))));
    seen_put(&s, true, &w);
    assert_true(span_is(writer_span(&w), text));
}

/* A desk would refuse it on each try, for ever. */
static void what_is_not_what_was_seen_is_refused(void **state)
{
    static const char *const bad[] = {"nonsense",
                                      "JPN radar",
                                      "JPN radar nonsense",
                                      "JPN radar 6fd3a01b9c",
                                      "JPN radar 6fd3a01b9c-",
                                      "JPN radar 6fd3a01b9c-017",
                                      "JPN radar now-012345678",
                                      "JPN ra/dar 6fd3a01b9c-17",
                                      "JPN radar 6fd3a01b9c-17 x",
                                      "JPN radar 6fd3a01b9c-17,\n"};
    struct seen              s;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        err e = seen_read(&s, span_text(bad[i]));
        assert_int_equal(e.code, ERR_MALFORMED);
        assert_non_null(strstr(e.why, "seen"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_was_seen_reads_back),
                                       cmocka_unit_test(what_is_not_what_was_seen_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
