/* SPDX-License-Identifier: Apache-2.0 */
/* What each statement about place, time, reductions, duties and approval compiles to. */
#include "cmocka_all.h"
#include "language/language.h"
#include "unit/agreement/sample.h"

#include <stdio.h>

static struct policies    policies;
static struct agreements  none;
static struct agreement   a;
static struct rules       r;
static struct diagnostics d;

#define HEAD                                                                                       \
    "agreement A \"a\"\n    parties KOR, JPN\n    parameter T = 2 hours\n"                         \
    "    define area SQUARE = polygon 10N 20E, 10N 30E, 20.5N 30E, 20.5N 20E\n"                    \
    "    define area BAY = within 200 km of 37.57N 126.98E\n"                                      \
    "    define window AUGUST = 2026-08-01 to 2026-08-31\n"                                        \
    "    define window NIGHT = 2026-08-01 to 2026-08-31, each day 22:00 to 06:00 UTC\n"            \
    "    define window EVENING = each day 18:00 to 24:00 UTC\n"                                    \
    "    define window DAYS = each day 00:00 to 00:00 UTC\n"                                       \
    "    define reduction COARSE = position to 10 km, height to 0.5 km, pixels to 0.5 m, "         \
    "delay 60 s, every 10 s, without source, height\n"                                             \
    "    define reduction BARE = without identity, launch, delay 1.5 min\n"                        \
    "    define topics MISSILES = dprk-missile, dprk-nuclear\n"                                    \
    "    define topics ALL-OF-IT = MISSILES, cyber\n"                                              \
    "    define disciplines SENSORS = radar, imagery\n"                                            \
    "    define kinds DATA = track, warning\n"                                                     \
    "    define levels SECRET = KOR:II, JPN:GOKUHI\n"

static void compile(const char *text)
{
    d = (struct diagnostics){0};
    err e = language_compile(span_text(text), &policies, texts_of(&none), &d, &a);
    if (err_is(e)) {
        print_message("%u:%u %s | %s\n", d.item[0].at.line, d.item[0].at.column, d.item[0].sentence,
                      d.item[0].hint);
    }
    assert_false(err_is(e));
}

static const struct area *area_of(unsigned term, const char *wanted)
{
    assert_in_range(term, 1, a.terms.area_count);
    assert_string_equal(a.terms.area[term - 1].name.text, wanted);
    return &a.terms.area[term - 1];
}

static const struct window *window_named(const char *wanted)
{
    for (unsigned i = 0; i < a.terms.window_count; i++) {
        if (strcmp(a.terms.window[i].name.text, wanted) == 0) {
            return &a.terms.window[i];
        }
    }
    fail();
    return NULL;
}

static void places_are_in_tenths_of_a_millionth_of_a_degree(void **state)
{
    (void)state;
    compile(HEAD "    never track in SQUARE\n    never image in BAY\n");
    const struct area *square = area_of(a.clause[0].scope.area, "SQUARE");
    assert_int_equal(square->count, 4);
    assert_int_equal(square->point[2].lat, 205000000);
    assert_int_equal(square->point[2].lon, 300000000);
    const struct area *bay = area_of(a.clause[1].scope.area, "BAY");
    struct extent      city = {true, 375700000, 1269800000, 375700001, 1269800001};
    struct extent      far = {true, 405700000, 1269800000, 405700001, 1269800001};
    assert_true(area_holds(bay, &city));
    assert_false(area_touches(bay, &far));
}

static void a_window_holds_its_last_day(void **state)
{
    (void)state;
    instant first = 0, last = 0;
    compile(HEAD);
    assert_false(err_is(text_date(SPAN_LIT("2026-08-01"), &first)));
    assert_false(err_is(text_date(SPAN_LIT("2026-08-31"), &last)));
    assert_int_equal(a.terms.window_count, 4);
    const struct window *august = window_named("AUGUST"), *night = window_named("NIGHT");
    assert_int_equal(august->from, first);
    assert_int_equal(august->until, last + MS_PER_DAY);
    assert_true(window_holds(august, last + MS_PER_DAY - 1, last + MS_PER_DAY - 1));
    assert_int_equal(night->day_from, 22 * MS_PER_HOUR);
    assert_int_equal(night->day_until, 6 * MS_PER_HOUR);
    assert_true(window_holds(night, first + 23 * MS_PER_HOUR, first + 25 * MS_PER_HOUR));
    assert_int_equal(window_named("EVENING")->day_until, MS_PER_DAY);
    assert_int_equal(window_named("DAYS")->day_until, 0);
    assert_int_equal(window_named("DAYS")->until, INSTANT_NEVER);
}

static void reductions_are_in_metres_and_milliseconds(void **state)
{
    (void)state;
    compile(HEAD "    KOR may release track from radar to JPN about cyber reduced COARSE\n"
                 "    never image unless reduced BARE\n");
    const struct reduction *bare = &a.terms.reduction[0], *coarse = &a.terms.reduction[1];
    assert_string_equal(bare->name.text, "BARE");
    assert_int_equal(a.clause[0].scope.reduction, 2);
    assert_int_equal(a.clause[1].scope.reduction, 1);
    assert_int_equal(coarse->position_m, 10000);
    assert_int_equal(coarse->height_m, 500);
    assert_int_equal(coarse->pixel_cm, 50);
    assert_int_equal(coarse->delay_ms, 60000);
    assert_int_equal(coarse->every_ms, 10000);
    assert_int_equal(coarse->without, WITHOUT_SOURCE | WITHOUT_HEIGHT);
    assert_int_equal(bare->delay_ms, 90000);
    assert_int_equal(bare->without, WITHOUT_IDENTITY | WITHOUT_LAUNCH);
}

static void a_defined_list_stands_for_its_names(void **state)
{
    (void)state;
    static struct agreement short_;
    compile(HEAD "    KOR may release DATA from SENSORS to JPN about ALL-OF-IT up to SECRET\n"
                 "    never SENSORS about MISSILES\n");
    short_ = a;
    compile(HEAD
            "    KOR may release track, warning from radar, imagery to JPN about dprk-missile, "
            "dprk-nuclear, cyber up to KOR:II, JPN:GOKUHI\n"
            "    never radar, imagery about dprk-missile, dprk-nuclear\n");
    assert_memory_equal(a.clause, short_.clause, sizeof a.clause);
}

static void a_product_is_a_report_or_an_image(void **state)
{
    (void)state;
    compile(HEAD "    KOR may release product, track from radar to JPN about cyber\n"
                 "    never product\n");
    assert_int_equal(a.clause[0].scope.kinds, 1 << KIND_REPORT | 1 << KIND_IMAGE | 1 << KIND_TRACK);
    assert_int_equal(a.clause[1].scope.kinds, 1 << KIND_REPORT | 1 << KIND_IMAGE);
}

static void the_parts_of_a_scope_come_in_any_order(void **state)
{
    (void)state;
    static struct agreement other;
    compile(HEAD
            "    KOR may release DATA from radar to JPN about cyber up to SECRET via USA in BAY "
            "during NIGHT reduced BARE at FLASH\n");
    other = a;
    compile(HEAD "    KOR may release DATA from radar to JPN about cyber at FLASH reduced BARE "
                 "during NIGHT in BAY via USA up to SECRET\n");
    assert_memory_equal(a.clause, other.clause, sizeof a.clause);
    assert_int_equal(a.clause[0].scope.area, 1);
    assert_int_equal(a.clause[0].scope.window, 4);
}

static void above_means_what_up_to_does_not(void **state)
{
    (void)state;
    compile(HEAD
            "    never report above KOR:III, JPN:HI\n    never image above KOR:III up to SECRET\n");
    const struct levels *l = &a.clause[0].scope.levels;
    assert_true(levels_have(l, sample_level(&policies, "KOR:II")));
    assert_true(levels_have(l, sample_level(&policies, "KOR:I")));
    assert_false(levels_have(l, sample_level(&policies, "KOR:III")));
    assert_true(levels_have(l, sample_level(&policies, "JPN:GOKUHI")));
    assert_false(levels_have(l, sample_level(&policies, "USA:SECRET")));
    l = &a.clause[1].scope.levels;
    assert_true(levels_have(l, sample_level(&policies, "KOR:II")));
    assert_false(levels_have(l, sample_level(&policies, "KOR:I")));
}

static void who_may_lift_a_never_is_kept(void **state)
{
    (void)state;
    compile(HEAD "    never onward without prior written approval of KOR\n"
                 "    never human without prior written approval of JPN\n"
                 "    never onward without prior written approval of the originator\n"
                 "    never acoustic\n");
    assert_int_equal(a.clause[0].approver, sample_party(&policies, "KOR"));
    assert_int_equal(a.clause[1].approver, sample_party(&policies, "JPN"));
    assert_int_equal(a.clause[2].approver, PARTY_NONE);
    assert_true(a.clause[1].unless_approved && a.clause[2].unless_approved);
    assert_false(a.clause[3].unless_approved);
}

static void duties_have_their_measure(void **state)
{
    (void)state;
    compile(HEAD "    receipt within 24 hours\n    receipt within T\n"
                 "    report loss or possible loss within 30 minutes\n"
                 "    copies at most 5\n    copies at most 3\n"
                 "    translate only by cleared persons\n"
                 "    contractors only with prior written approval of the originator\n"
                 "    destroy within 30 days with certificate by 1 person\n"
                 "    destroy with certificate by 2 persons\n"
                 "    open within 15 minutes of hearing the giver\n");
    assert_int_equal(a.owed.duties, DUTY_RECEIPT | DUTY_REPORT_LOSS | DUTY_COPIES | DUTY_TRANSLATE |
                                        DUTY_CONTRACTORS | DUTY_DESTROY | DUTY_CERTIFICATE |
                                        DUTY_LEASE);
    assert_int_equal(a.owed.receipt_ms, 2 * MS_PER_HOUR);
    assert_int_equal(a.owed.loss_ms, 30 * MS_PER_MINUTE);
    assert_int_equal(a.owed.copies, 3);
    assert_int_equal(a.owed.destroy_s, 30 * 86400);
    assert_int_equal(a.owed.certifiers, 2);
    assert_int_equal(a.owed.lease_ms, 15 * MS_PER_MINUTE);
}

static void what_stands_under_a_permission_is_owed_for_it_alone(void **state)
{
    (void)state;
    compile(HEAD "    either may release DATA from radar to the other about cyber\n"
                 "        receipt within 5 minutes\n"
                 "        never for another purpose\n"
                 "        copies at most 1\n"
                 "    KOR may disclose DATA from radar to JPN about cyber\n"
                 "    readers on registry\n");
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(a.clause[i].owed.duties, DUTY_RECEIPT | DUTY_COPIES | DUTY_PURPOSE);
        assert_int_equal(a.clause[i].owed.receipt_ms, 5 * MS_PER_MINUTE);
    }
    assert_int_equal(a.clause_count, 3);
    assert_int_equal(a.clause[2].owed.duties, 0);
    assert_int_equal(a.clause[2].number, 2);
    assert_int_equal(a.owed.duties, DUTY_REGISTRY);
}

static void the_end_is_said(void **state)
{
    (void)state;
    static const char *const word[] = {"protect", "return", "destroy"};
    for (unsigned i = 0; i < 3; i++) {
        char text[128];
        (void)snprintf(text, sizeof text, "agreement A \"a\"\n  parties KOR, JPN\n  after end %s\n",
                       word[i]);
        compile(text);
        assert_int_equal(a.after, i);
    }
}

static void rules_have_terms_and_agreements(void **state)
{
    (void)state;
    d = (struct diagnostics){0};
    err e = language_compile_rules(
        SPAN_LIT("rules KOR\n    define area SEA = within 50 NM of 37N 130E\n"
                 "    release track from radar in SEA under TISA\n"
                 "    define reduction LESS = position to 1 km\n"
                 "    hold image above KOR:III unless reduced LESS under GSOMIA for 2 officers\n"
                 "    never human to JPN\n"),
        &policies, &d, &r);
    assert_false(err_is(e));
    assert_int_equal(r.count, 3);
    assert_string_equal(r.rule[0].under.text, "TISA");
    assert_int_equal(r.rule[0].scope.area, 1);
    assert_string_equal(r.rule[1].under.text, "GSOMIA");
    assert_int_equal(r.rule[1].scope.reduction, 1);
    assert_int_equal(r.rule[1].officers, 2);
    assert_string_equal(r.rule[2].under.text, "");
    assert_int_equal(r.terms.area[0].count, AREA_POINTS_MAX);
}

static int names_of_one(void **state)
{
    (void)state;
    sample_policies(&policies, false);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_in_tenths_of_a_millionth_of_a_degree),
        cmocka_unit_test(a_window_holds_its_last_day),
        cmocka_unit_test(reductions_are_in_metres_and_milliseconds),
        cmocka_unit_test(a_defined_list_stands_for_its_names),
        cmocka_unit_test(a_product_is_a_report_or_an_image),
        cmocka_unit_test(the_parts_of_a_scope_come_in_any_order),
        cmocka_unit_test(above_means_what_up_to_does_not),
        cmocka_unit_test(who_may_lift_a_never_is_kept),
        cmocka_unit_test(duties_have_their_measure),
        cmocka_unit_test(what_stands_under_a_permission_is_owed_for_it_alone),
        cmocka_unit_test(the_end_is_said),
        cmocka_unit_test(rules_have_terms_and_agreements),
    };
    return cmocka_run_group_tests(tests, names_of_one, NULL);
}
