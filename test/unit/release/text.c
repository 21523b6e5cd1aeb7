/* SPDX-License-Identifier: Apache-2.0 */
#include "base/lines.h"
#include "cmocka_all.h"
#include "unit/release/sample.h"
#include <stdio.h>

static struct tables t;

static const char crossing_text[] = "accord crossing 1\n"
                                    "marking KOR:II of KOR about dprk-missile from radar to JPN\n"
                                    "kind report\n"
                                    "from KOR\n"
                                    "to JPN\n"
                                    "giving release\n"
                                    "low 2026-11-22T12:00:00.000Z\n"
                                    "high 2026-11-22T12:00:00.020Z\n"
                                    "standing ALLIANCE,EXCHANGE,GSOMIA\n"
                                    "assurance GSOMIA\n"
                                    "assurance-levels KOR:II\n"
                                    "assurance-topics dprk-missile,dprk-nuclear\n"
                                    "assurance-from 2026-11-22T11:59:59.000Z\n"
                                    "assurance-until 2026-11-22T12:00:01.000Z\n"
                                    "approvals 0\n";

static const char verdict_text[] = "accord verdict 1\n"
                                   "outcome release\n"
                                   "cover GSOMIA article 2 clause 1\n"
                                   "permit EXCHANGE clause 1\n"
                                   "equivalent GSOMIA article 4 clause 1\n"
                                   "candidates JPN:GOKUHI,JPN:TOKUTEI-HIMITSU\n"
                                   "precedence FLASH\n"
                                   "rule release\n"
                                   "rule-number 1\n"
                                   "officers 0\n"
                                   "duties assurance,receipt,registry\n"
                                   "receipt-ms 3600000\n";

static int fresh(void **state)
{
    (void)state;
    sample_tables(&t);
    return 0;
}

static void assert_text(struct writer *w, const char *wanted)
{
    span got = {0};
    assert_false(err_is(writer_end(w, &got)));
    put_u8(w, 0);
    assert_string_equal((const char *)w->ptr, wanted);
}

static void is_as_the_page_shows_it(void **state)
{
    (void)state;
    uint8_t         buf[4096];
    struct writer   w = WRITER_OF(buf);
    struct crossing c = sample_crossing();
    struct verdict  v = verdict_by_reading(&t, &c);
    crossing_format(&t, &c, &w);
    assert_text(&w, crossing_text);
    w = WRITER_OF(buf);
    verdict_format(&t, &v, &w);
    assert_text(&w, verdict_text);
    assert_false(err_is(verdict_check(&t, span_text(crossing_text), span_text(verdict_text))));
}

static void every_line_comes_back(void **state)
{
    (void)state;
    uint8_t         first[4096], again[4096];
    struct writer   w = WRITER_OF(first), x = WRITER_OF(again);
    struct crossing c = sample_crossing(), back = {0};
    c.via = USA;
    c.lineage = 5;
    c.onward_approved = 6;
    c.other_purpose = c.given_by_act = true;
    c.approvals = 3;
    c.extent = (struct extent){true, 360000000, -1295000001, 410000000, 7};
    c.reduced = (struct reduction){.position_m = 10000, .every_ms = 7, .without = WITHOUT_ALL};
    c.assurance.levels = sample_levels(7, 15, 7);
    crossing_format(&t, &c, &w);
    struct lines l = lines_of(writer_span(&w));
    assert_false(err_is(crossing_read(&t, &l, &back)));
    assert_false(err_is(lines_end(&l)));
    crossing_format(&t, &back, &x);
    assert_true(span_equal(writer_span(&w), writer_span(&x)));
    assert_int_equal(back.via, USA);
    assert_int_equal(back.lineage, 5);
    assert_int_equal(back.onward_approved, 6);
    assert_true(back.other_purpose && back.given_by_act);
    assert_int_equal(back.approvals, 3);
    assert_memory_equal(&back.extent, &c.extent, sizeof c.extent);
    assert_memory_equal(&back.reduced, &c.reduced, sizeof c.reduced);
    assert_int_equal(back.assurance.levels.ranks[JPN], 15);
}

/* The sample with one line changed */
static err read_with(const char *old, const char *new)
{
    char            text[2048];
    const char     *at = strstr(crossing_text, old);
    struct crossing c = {0};
    assert_non_null(at);
    int len = snprintf(text, sizeof text, "%.*s%s%s", (int)(at - crossing_text), crossing_text, new,
                       at + strlen(old));
    struct lines l = lines_of((span){(const uint8_t *)text, (size_t)len});
    TRY(crossing_read(&t, &l, &c));
    return lines_end(&l);
}

static void there_is_one_way_to_write_it(void **state)
{
    (void)state;
    static const struct {
        const char   *old, *new;
        enum err_code code;
    } bad[] = {
        {"to JPN\ng", "to PRK\ng", ERR_UNKNOWN},
        {"to JPN\ng", "to KOR\ng", ERR_MALFORMED},
        {"from KOR\n", "", ERR_MALFORMED},
        {"kind report", "kind rumour", ERR_UNKNOWN},
        {"giving release", "giving none", ERR_UNKNOWN},
        {"KOR:II of", "KOR:IV of", ERR_UNKNOWN},
        {"12:00:00.020Z", "12:00:00.02Z", ERR_MALFORMED},
        {"12:00:00.020Z", "11:00:00.020Z", ERR_MALFORMED},
        {"ALLIANCE,EXCHANGE", "EXCHANGE,ALLIANCE", ERR_MALFORMED},
        {"ALLIANCE,EXCHANGE", "EXCHANGE,EXCHANGE", ERR_MALFORMED},
        {"ALLIANCE,", ",", ERR_UNKNOWN},
        {"EXCHANGE,GSOMIA", "EXCHANGE,GSOMIA,", ERR_UNKNOWN},
        {"standing ALLIANCE,EXCHANGE,GSOMIA", "standing ", ERR_UNKNOWN},
        {"assurance GSOMIA", "other-purpose no\nassurance GSOMIA", ERR_MALFORMED},
        {"levels KOR:II", "levels KOR:II,KOR:I", ERR_MALFORMED},
        {"levels KOR:II", "levels KOR:II,KOR:II", ERR_MALFORMED},
        {"approvals 0", "approvals 00", ERR_MALFORMED},
        {"approvals 0", "approvals 256", ERR_MALFORMED},
        {"approvals 0\n", "approvals 0", ERR_MALFORMED},
        {"approvals 0\n", "approvals 0\nmore 1\n", ERR_MALFORMED},
        {"crossing 1", "crossing 2", ERR_MALFORMED},
    };
    assert_false(err_is(read_with("approvals 0", "approvals 255")));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        err e = read_with(bad[i].old, bad[i].new);
        if (e.code != bad[i].code) {
            fail_msg("%s -> %s: %s", bad[i].old, bad[i].new, err_name(e.code));
        }
    }
}

static void what_is_no_question_has_no_text(void **state)
{
    (void)state;
    uint8_t         buf[4096];
    struct writer   w = WRITER_OF(buf);
    struct crossing c = sample_crossing();
    c.to = 9;
    crossing_format(&t, &c, &w);
    assert_true(w.bad);
}

static void a_changed_verdict_is_found(void **state)
{
    (void)state;
    static const char *const lies[] = {"outcome hold\n", "rule never\n"};
    span                     crossing = span_text(crossing_text);
    char                     text[1024];
    assert_int_equal(verdict_check(&t, crossing, SPAN_LIT("")).code, ERR_CONFLICT);
    t.rules.count = 0; /* the ruling then comes out of the text */
    assert_false(err_is(verdict_check(&t, crossing, span_text(verdict_text))));
    assert_int_equal(verdict_check(&t, crossing, SPAN_LIT("")).code, ERR_MALFORMED);
    for (size_t i = 0; i < ARRAY_LEN(lies); i++) {
        const char *at = strstr(verdict_text, i == 0 ? "outcome" : "rule ");
        const char *after = strchr(at, '\n') + 1;
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - verdict_text), verdict_text, lies[i],
                 after);
        assert_int_equal(verdict_check(&t, crossing, span_text(text)).code, ERR_CONFLICT);
    }
}

static void a_ruling_that_no_rules_can_give_is_malformed(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "accord verdict 1\nrule release\nrule-number 1\nofficers 1\n",
        "accord verdict 1\nrule release\nrule-number 0\nofficers 0\n",
        "accord verdict 1\nrule hold\nrule-number 2\nofficers 0\n",
        "accord verdict 1\nrule hold\nrule-number 0\nofficers 2\n",
        "accord verdict 1\nrule hold\nrule-number 129\nofficers 1\n",
        "accord verdict 1\nrule hold\nofficers 1\n",
        "accord verdict 1\nrule perhaps\nrule-number 1\nofficers 1\n",
        "accord verdict 2\nrule hold\nrule-number 0\nofficers 1\n",
        "accord verdict 1\nrule hold",
        "",
    };
    struct ruling r = {0};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_int_equal(ruling_read(span_text(bad[i]), &r).code, ERR_MALFORMED);
    }
    assert_false(err_is(ruling_read(span_text(verdict_text), &r)));
    assert_int_equal(r.action, RULE_RELEASE);
    assert_int_equal(r.number, 1);
}

static void people_are_told_in_sentences(void **state)
{
    (void)state;
    uint8_t         buf[4096];
    struct writer   w = WRITER_OF(buf);
    struct crossing c = sample_crossing();
    c.marking.originators = 1u << USA;
    struct verdict v = verdict_by_reading(&t, &c);
    verdict_explain(&t, &c, &v, &w);
    assert_text(&w,
                "refuse\n"
                "1 marking: The marking is valid: KOR:II of USA about dprk-missile from radar to "
                "JPN.\n"
                "2 releasable: The marking lets it go to JPN by release.\n"
                "3 clause: GSOMIA article 2 clause 1 protects it; EXCHANGE clause 1 permits it.\n"
                "4 FAILS never: GSOMIA article 6 clause 1 forbids it.\n"
                "5 equivalent: By GSOMIA article 4 clause 1 it is handled as JPN:GOKUHI or "
                "JPN:TOKUTEI-HIMITSU.\n"
                "6 assurance: The assurance by the recipient is valid, or none is owed.\n"
                "7 rules: National rule 1 lets it go.\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(is_as_the_page_shows_it, fresh),
        cmocka_unit_test_setup(every_line_comes_back, fresh),
        cmocka_unit_test_setup(there_is_one_way_to_write_it, fresh),
        cmocka_unit_test_setup(what_is_no_question_has_no_text, fresh),
        cmocka_unit_test_setup(a_changed_verdict_is_found, fresh),
        cmocka_unit_test_setup(a_ruling_that_no_rules_can_give_is_malformed, fresh),
        cmocka_unit_test_setup(people_are_told_in_sentences, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
