/* SPDX-License-Identifier: Apache-2.0 */
#include "http/route.h"
#include "cmocka_all.h"

enum { ITEMS, ITEM_NEW, ITEM, ITEM_DROP, DISPLAY, OPEN };

static const struct route table[] = {
    {METHOD_GET, "/items", 1, ITEMS},
    {METHOD_GET, "/items/new", 1, ITEM_NEW},
    {METHOD_GET, "/items/{id}", 1, ITEM},
    {METHOD_DELETE, "/items/{id}", 2, ITEM_DROP},
    {METHOD_POST, "/items/{id}/open", 1, OPEN},
    {METHOD_GET, "/rooms/{room}/displays/{display}", 1, DISPLAY},
};

static enum fault find(enum method m, const char *path, struct route_match *out, unsigned *allow)
{
    return route_find(table, ARRAY_LEN(table), m, span_text(path), out, allow);
}

static void rows_are_found_with_their_captures(void **state)
{
    (void)state;
    struct route_match m;
    unsigned           allow = 0;
    assert_int_equal(find(METHOD_GET, "/items", &m, &allow), FAULT_NONE);
    assert_int_equal(m.route->handler, ITEMS);
    assert_int_equal(find(METHOD_GET, "/items/new", &m, &allow), FAULT_NONE);
    assert_int_equal(m.route->handler, ITEM_NEW);
    assert_int_equal(find(METHOD_GET, "/items/n%65w", &m, &allow), FAULT_NONE);
    assert_int_equal(m.route->handler, ITEM);
    assert_true(span_is(m.capture[0], "n%65w"));
    assert_int_equal(find(METHOD_GET, "/rooms/a/displays/b", &m, &allow), FAULT_NONE);
    assert_int_equal(m.count, 2);
    assert_true(span_is(m.capture[0], "a"));
    assert_true(span_is(m.capture[1], "b"));
}

static void what_is_not_in_the_table_is_not_there(void **state)
{
    (void)state;
    static const char *const path[] = {
        "/",       "/item",         "/items/",        "//items",
        "/items/", "/items//",      "/items/x/close", "/rooms//displays/b",
        "/Items",  "/items/x/open/"};
    struct route_match m;
    unsigned           allow = 0;
    for (size_t i = 0; i < ARRAY_LEN(path); i++) {
        assert_int_equal(find(METHOD_GET, path[i], &m, &allow), FAULT_NO_ROUTE);
    }
    assert_int_equal(route_find(table, 0, METHOD_GET, SPAN_LIT("/"), &m, &allow), FAULT_NO_ROUTE);
}

static void a_wrong_method_is_told_the_right_ones(void **state)
{
    (void)state;
    struct route_match m;
    unsigned           allow = 0;
    assert_int_equal(find(METHOD_POST, "/items/x", &m, &allow), FAULT_WRONG_METHOD);
    assert_int_equal(allow, 1u << METHOD_GET | 1u << METHOD_DELETE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_found_with_their_captures),
        cmocka_unit_test(what_is_not_in_the_table_is_not_there),
        cmocka_unit_test(a_wrong_method_is_told_the_right_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
