/* SPDX-License-Identifier: Apache-2.0 */
#include "deskio/route.h"

#include "cmocka_all.h"

static err asked(const char *path, const char *query, struct desk_request *out)
{
    const struct request r = {
        .method = METHOD_GET, .path = span_text(path), .query = span_text(query)};
    unsigned allow;
    err      why = OK;
    assert_int_equal(route_read(&r, out, &allow, &why), FAULT_NONE);
    return why;
}

static void a_stream_goes_on_after_events(void **state)
{
    struct desk_request r;
    (void)state;
    assert_false(err_is(asked("/v1/stream", "after=6fd3a01b9c-17,now-0123456789", &r)));
    assert_int_equal(r.seen_count, 2);
    assert_false(err_is(asked("/v1/stream", "after=", &r)));
    assert_true(r.resumes);
    assert_int_equal(r.seen_count, 0);
}

/* Who names what never was an event would be told a gap, as if something were lost. */
static void a_place_that_is_none_is_refused_in_words(void **state)
{
    static const char *const bad[][2] = {
        {"/v1/stream", "after=nonsense"},        {"/v1/stream", "after=17"},
        {"/v1/stream", "after=6fd3a01b9c"},      {"/v1/stream", "after=6fd3a01b9c-x"},
        {"/v1/stream", "after=6fd3a01b9c-17,x"}, {"/v1/stream", "after=now-"},
        {"/v1/items", "after=nonsense"},
    };
    struct desk_request r;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        err e = asked(bad[i][0], bad[i][1], &r);
        assert_int_equal(e.code, ERR_MALFORMED);
        assert_non_null(strstr(e.why, "`after`"));
    }
    assert_non_null(strstr(asked("/v1/stream", "session=x", &r).why, "session"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_stream_goes_on_after_events),
                                       cmocka_unit_test(a_place_that_is_none_is_refused_in_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
