/* SPDX-License-Identifier: Apache-2.0 */
/* Groups of a label open to who belonged to them when it was made (docs/format/groups.md). */
#include "cmocka_all.h"
#include "files.h"
#include "label/label.h"
#include <libxml/parser.h>
#include <stdlib.h>

static uint8_t        file[1 << 16], changed[1 << 16], table[GROUPS_TABLE_MAX];
static struct scheme *nato;
static struct groups  shipped;

static unsigned category_called(const struct scheme *s, const char *set, span called)
{
    static const enum tag_type likes[] = {TAG_PERMISSIVE, TAG_RESTRICTIVE, TAG_INFORMATIVE};
    uint16_t                   in = scheme_set_by_name(s, span_text(set));
    for (size_t i = 0; i < ARRAY_LEN(likes); i++) {
        uint16_t c = scheme_category_by_name(s, in, likes[i], called);
        if (c != SCHEME_NONE) {
            return c;
        }
    }
    fail_msg("%.*s is not in the policy", (int)called.len, (const char *)called.ptr);
    return 0;
}

static void put_all(struct category_set *to, const char *set, const char *called)
{
    for (span rest = span_text(called); rest.len > 0;) {
        category_put(to, category_called(nato, set, span_cut(&rest, ' ')));
    }
}

static struct label secret_to(const char *release, const char *versions)
{
    struct label l = {.scheme = nato, .privacy = SCHEME_NONE};
    l.class = scheme_class_by_name(nato, SPAN_LIT("SECRET"));
    put_all(&l.categories, "Releasable To", release);
    put_all(&l.categories, "Group Table", versions);
    return l;
}

static bool opens(const char *release, const char *versions, const char *holds,
                  const struct groups *g, struct label_faults *faults)
{
    struct label           l = secret_to(release, versions);
    struct label_clearance c = {.scheme = nato, .classes = set_one(l.class)};
    put_all(&c.categories, "Releasable To", holds);
    return label_access_dated(&l, &c, g, faults);
}

static const struct {
    const char *release, *version, *holds;
    bool        opens;
} cases[] = {
    {"NATO", "202110", "USA", true},
    {"NATO", "202110", "FIN", false},
    {"NATO", "202211", "FIN", false},
    {"NATO", "202305", "FIN", true},
    {"NATO", "202305", "SWE", false},
    {"NATO", "202404", "SWE", true},
    {"NATO", "202404", "KOR", false},
    {"NATO KOR", "202110", "KOR", true},
    {"NATO FIN", "202110", "FIN", true},
    {"KOR", "", "KOR", true},
    {"NATO", "202110", "FIN USA", true},
    /* that he is listed as of the group says nothing about when */
    {"NATO", "202404", "NATO", false},
    {"NATO", "202110", "FIN NATO", false},
    {"NATO", "202404", "FIN NATO", true},
};

static void a_group_opens_to_its_members_of_then(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct label_faults faults;
        bool may = opens(cases[i].release, cases[i].version, cases[i].holds, &shipped, &faults);
        if (may != cases[i].opens) {
            print_error("row %zu\n", i);
        }
        assert_true(may == cases[i].opens);
        assert_true(may || faults.fault[0].reason == REASON_NONE_HELD);
    }
}

static void who_left_keeps_what_was_marked_before(void **state)
{
    (void)state;
    static struct groups g;
    struct label_faults  faults;
    unsigned             line = 0;
    assert_false(err_is(groups_read(SPAN_LIT("accord groups 1\nversion 202404\ncode FIN\ncode SWE\n"
                                             "code USA\ngroup NATO\nsince 202110 FIN,SWE,USA\n"
                                             "since 202305 FIN,USA\n"),
                                    &g, &line)));
    assert_true(opens("NATO", "202211", "SWE", &g, &faults));
    assert_false(opens("NATO", "202305", "SWE", &g, &faults));
    assert_false(opens("NATO", "202404", "SWE", &g, &faults));
}

static bool has_reason(const struct label_faults *faults, enum label_reason r)
{
    for (unsigned i = 0; i < faults->count; i++) {
        if (faults->fault[i].reason == r) {
            return true;
        }
    }
    return false;
}

static void what_is_not_known_of_a_group_opens_nothing(void **state)
{
    (void)state;
    static struct groups old, other;
    struct label_faults  faults;
    unsigned             line = 0;
    assert_false(err_is(groups_read(
        SPAN_LIT("accord groups 1\nversion 202211\ncode USA\ngroup NATO\nsince 202211 USA\n"), &old,
        &line)));
    assert_false(err_is(groups_read(
        SPAN_LIT("accord groups 1\nversion 202404\ncode USA\natom NATO\n"), &other, &line)));
    assert_true(opens("NATO", "202211", "USA", &old, &faults));
    assert_false(opens("NATO", "202305", "USA", &old, &faults));
    assert_int_equal(faults.fault[0].reason, REASON_GROUP_TABLE);
    assert_false(
        opens("NATO KOR", "202305", "KOR", &old, &faults)); /* its label is not understood */
    assert_false(opens("NATO", "202110", "USA", &old, &faults));
    assert_true(has_reason(&faults, REASON_GROUP_MEMBERS));
    assert_false(opens("NATO", "202404", "USA", &other, &faults));
    assert_true(has_reason(&faults, REASON_GROUP_MEMBERS));
    assert_false(opens("NATO", "202404", "USA", NULL, &faults));
    assert_true(has_reason(&faults, REASON_GROUP_MEMBERS));
    assert_true(opens("NATO KOR", "202404", "KOR", NULL, &faults));
    assert_false(opens("NATO", "", "USA", &shipped, &faults));
    assert_int_equal(faults.fault[0].reason, REASON_CATEGORY_NEEDS);
    assert_false(opens("NATO", "202305 202404", "USA", &shipped, &faults));
    assert_true(has_reason(&faults, REASON_TOO_MANY));
}

static void labels_of_two_versions_are_joined_by_a_person(void **state)
{
    (void)state;
    struct label       a = secret_to("NATO", "202305"), b = secret_to("NATO", "202404"), out;
    struct label_hold  hold;
    enum label_outcome outcome;
    assert_false(err_is(label_join(&a, &b, JOIN_CLOSED, &out, &outcome, &hold)));
    assert_int_equal(outcome, LABEL_HOLD);
    assert_false(err_is(label_join(&a, &a, JOIN_CLOSED, &out, &outcome, &hold)));
    assert_int_equal(outcome, LABEL_OK);
}

static const struct {
    const char *from, *to, *says;
} refused[] = {
    {"name=\"202305\" lacv=\"202305\"", "name=\"202305\" lacv=\"5\"", "a year and a month"},
    {"name=\"202305\" lacv=\"202305\"", "name=\"202313\" lacv=\"202313\"", "a year and a month"},
    {"name=\"202305\" lacv=\"202305\"", "name=\"0202305\" lacv=\"202305\"", "a year and a month"},
    {"name=\"202305\" lacv=\"202305\"", "name=\"May\" lacv=\"202305\"", "a year and a month"},
    {"name=\"Group Table\" tagType=\"tagType7\" tag7Encoding=\"securityAttributes\"",
     "name=\"Group Table\" tagType=\"restrictive\"", "one informative tag"},
    {"operation=\"onlyOne\"", "operation=\"oneOrMore\"", "requires onlyOne"},
    {"tagType=\"tagType7\" all=\"true\"", "tagType=\"tagType7\" lacv=\"202305\"",
     "requires onlyOne"},
};

static span change(span xml, const char *from, const char *to)
{
    const uint8_t *hit = memmem(xml.ptr, xml.len, from, strlen(from));
    struct writer  w = WRITER_OF(changed);
    assert_non_null(hit);
    put_span(&w, (span){xml.ptr, (size_t)(hit - xml.ptr)});
    put_text(&w, to);
    put_span(&w, (span){hit + strlen(from), xml.len - (size_t)(hit - xml.ptr) - strlen(from)});
    return writer_span(&w);
}

static void a_policy_means_its_groups_in_one_way(void **state)
{
    (void)state;
    span xml = file_of("policies/labels/NATO.xml", file, sizeof file);
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        struct scheme_problems problems;
        struct scheme         *s = NULL;
        bool                   told = false;
        assert_true(
            err_is(spif_scheme(change(xml, refused[i].from, refused[i].to), &s, &problems)));
        for (unsigned k = 0; k < problems.count; k++) {
            told |= strstr(problems.problem[k].why, refused[i].says) != NULL &&
                    problems.problem[k].line > 0;
        }
        if (!told) {
            print_error("row %zu: %s\n", i, problems.problem[0].why);
        }
        assert_true(told);
    }
}

static int ready(void **state)
{
    (void)state;
    unsigned line = 0;
    return err_is(
               spif_scheme(file_of("policies/labels/NATO.xml", file, sizeof file), &nato, NULL)) ||
           err_is(groups_read(file_of("policies/labels/groups.table", table, sizeof table),
                              &shipped, &line));
}

static int done(void **state)
{
    (void)state;
    free(nato);
    xmlCleanupParser();
    return 0;
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(a_group_opens_to_its_members_of_then),
        cmocka_unit_test(who_left_keeps_what_was_marked_before),
        cmocka_unit_test(what_is_not_known_of_a_group_opens_nothing),
        cmocka_unit_test(labels_of_two_versions_are_joined_by_a_person),
        cmocka_unit_test(a_policy_means_its_groups_in_one_way),
    };
    return cmocka_run_group_tests(all, ready, done);
}
