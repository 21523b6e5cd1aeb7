/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "sample.h"

static struct places places_of(const struct groups *g, const char *list)
{
    struct places p = {0};
    for (span rest = span_text(list); rest.len > 0;) {
        unsigned n = code_find(g, span_cut(&rest, ' '));
        assert_true(n < g->count);
        codes_add(&p.codes, n);
    }
    return p;
}

static void the_shipped_table_has_what_was_published(void **state)
{
    (void)state;
    const struct groups *g = sample_groups();
    struct places        five = places_of(g, "FVEY"), nato = places_of(g, "NATO"), out;
    assert_int_equal(g->version, 202211);
    assert_int_equal(g->countries, 280);
    assert_int_equal(g->count, 341);
    places_expand(g, g->version, &five, &out);
    struct places want = places_of(g, "AUS CAN GBR NZL USA");
    assert_true(places_equal(&out, &want));
    places_expand(g, g->version, &nato, &out);
    assert_int_equal(places_count(&out), 30);
}

static void a_group_without_published_members_stays_itself(void **state)
{
    (void)state;
    const struct groups *g = sample_groups();
    struct places        p = places_of(g, "NKIC SPAA EU JPN"), out;
    places_expand(g, g->version, &p, &out);
    assert_true(places_equal(&out, &p));
}

static const char head[] = "accord groups 1\nversion 202401\ncode FIN\ncode SWE\ncode USA\n";

static err read_after_head(const char *rest, struct groups *g, unsigned *line)
{
    char text[512];
    (void)snprintf(text, sizeof text, "%s%s", head, rest);
    return groups_read(span_text(text), g, line);
}

static void members_are_those_of_the_version(void **state)
{
    (void)state;
    static struct groups g;
    unsigned             line = 0;
    struct places        out;
    assert_false(err_is(read_after_head(
        "group NATO\nsince 202211 USA\nsince 202304 FIN,USA\nsince 202401 FIN,SWE,USA\n", &g,
        &line)));
    struct places nato = places_of(&g, "NATO");
    const struct {
        uint32_t    version;
        const char *members;
    } cases[] = {{202210, "NATO"},
                 {202211, "USA"},
                 {202303, "USA"},
                 {202304, "FIN USA"},
                 {202401, "FIN SWE USA"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct places want = places_of(&g, cases[i].members);
        places_expand(&g, cases[i].version, &nato, &out);
        assert_true(places_equal(&out, &want));
    }
}

static void a_wrong_line_is_told(void **state)
{
    (void)state;
    static struct groups g;
    static const char   *wrong[] = {
          "code ABC\n",
          "group NATO\nsince 202402 USA\n",
          "group NATO\nsince 202211 DEU\n",
          "group NATO\nsince 202211 \n",
          "atom NKIC\nsince 202211 USA\n",
          "ended ISAF 2016-02-30\n",
          "group NATO\ngroup ISAF\n",
          "group NATO\nsince 202211 USA\nsince 202211 FIN\n",
          "nation DEU\n",
          "version 202401\n",
          "code usa\n",
          "\n",
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        unsigned line = 0;
        assert_true(err_is(read_after_head(wrong[i], &g, &line)));
        assert_in_range(line, 6, 8);
        assert_int_equal(g.count, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_table_has_what_was_published),
        cmocka_unit_test(a_group_without_published_members_stays_itself),
        cmocka_unit_test(members_are_those_of_the_version),
        cmocka_unit_test(a_wrong_line_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
