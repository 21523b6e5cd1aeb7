/* SPDX-License-Identifier: Apache-2.0 */
/* What happened from 2012 to 2023, by the shipped texts: what stood on each day as each side read it, and
 * what would have flowed. */
#include <stdio.h>
#include <stdlib.h>

#include "agreement/standing.h"
#include "cmocka_all.h"
#include "release/verdict.h"
#include "sim/law.h"

static struct law        law;
static struct tables     tables[LAW_PARTIES]; /* of each party, with its own rules */
static struct instrument list[64];
static size_t            count;
static uint8_t           kor, jpn, usa;

static instant day(const char *text)
{
    instant t = INSTANT_NEVER;
    assert_false(err_is(text_date(span_text(text), &t)));
    return t;
}

static uint8_t party(const char *text)
{
    unsigned n = 0;
    assert_false(err_is(names_find(&law.policies.parties, span_text(text), &n)));
    return (uint8_t)n;
}

static uint8_t named(const char *text)
{
    unsigned n = 0;
    assert_false(err_is(agreements_find(&law.agreements, span_text(text), &n)));
    return (uint8_t)n;
}

static void act(enum instrument_kind kind, uint8_t who, const char *agreement, instant at)
{
    struct instrument i = {.kind = kind, .party = who, .effective = at, .accepted = at};
    memcpy(i.digest, law.agreements.agreement[named(agreement)].digest, sizeof i.digest);
    assert_true(count < ARRAY_LEN(list));
    list[count++] = i;
}

static void warning_data_read(void)
{
    static struct law_text out;
    static uint8_t         text[16384];
    FILE                  *f = fopen("agreements/warning-data-2023.agreement", "rb");
    assert_non_null(f);
    size_t len = fread(text, 1, sizeof text, f);
    assert_int_equal(fclose(f), 0);
    assert_false(err_is(law_agreement(&law, (span){text, len}, &out)));
}

static int suite(void **state)
{
    (void)state;
    if (err_is(law_read(".", LAW_PARTIES, &law))) {
        return -1;
    }
    warning_data_read();
    kor = party("KOR");
    jpn = party("JPN");
    usa = party("USA");
    for (unsigned p = 0; p < LAW_PARTIES; p++) {
        struct tables *t = &tables[p];
        t->policies = law.policies;
        t->agreements = law.agreements;
        span table = {law.rules[p].table, law.rules[p].len};
        assert_false(err_is(rules_read(&t->policies, table, law.rules[p].digest, &t->rules)));
    }
    return 0;
}

/* Each text from its own days; and what Korea did about its notice, in 2019 and in 2023. */
static int as_it_was(void **state)
{
    (void)state;
    count = 0;
    for (unsigned i = 0; i < law.agreements.count; i++) {
        const struct agreement *a = &law.agreements.agreement[i];
        for (unsigned p = set_next(a->parties, 0); p < SET64_MAX; p = set_next(a->parties, p + 1)) {
            act(INSTRUMENT_SIGN, (uint8_t)p, a->name.text, a->signed_on);
            act(INSTRUMENT_NOTIFY, (uint8_t)p, a->name.text, a->in_force_on);
        }
    }
    act(INSTRUMENT_NOTICE, kor, "GSOMIA", day("2019-08-23"));
    act(INSTRUMENT_NOTICE_SUSPEND, kor, "GSOMIA", day("2019-11-22"));
    act(INSTRUMENT_NOTICE_WITHDRAW, kor, "GSOMIA", day("2023-03-21"));
    return 0;
}

/* ---- what would have flowed ---- */

struct flow {
    uint8_t    *from, *to, *via;
    const char *marking;
    enum kind   kind;
    const char *assured;
};

static uint8_t direct = PARTY_NONE;

static const struct flow flows[] = {
    /* R: what Korea's radar sees, to Japan */
    {&kor, &jpn, &direct, "KOR:II of KOR about dprk-missile from radar to JPN", KIND_TRACK,
     "GSOMIA"},
    /* I: what Japan's satellites see, to Korea */
    {&jpn, &kor, &direct, "JPN:HI of JPN about dprk-missile from imagery to KOR", KIND_REPORT,
     "GSOMIA"},
    /* U: Korea's warning to the United States;  H: and by way of them to Japan */
    {&kor, &usa, &direct, "KOR:II of KOR about dprk-missile from electronic to USA", KIND_WARNING,
     "KOR-USA-1987"},
    {&kor, &jpn, &usa, "KOR:II of KOR about dprk-missile from electronic to JPN,USA", KIND_WARNING,
     "KOR-USA-1987"},
};

/* The giver has signed this reading, and acts on it. */
static enum outcome outcome_of(const struct flow *f, enum reading r, instant at)
{
    struct crossing   c = {.kind = f->kind,
                           .from = *f->from,
                           .to = *f->to,
                           .via = *f->via,
                           .giving = GIVING_RELEASE,
                           .now_low = at,
                           .now_high = at};
    struct instrument with[ARRAY_LEN(list) + 1];
    memcpy(with, list, count * sizeof list[0]);
    with[count] = (struct instrument){
        .kind = INSTRUMENT_READING, .party = c.from, .reading = (uint8_t)r, .effective = at};
    memcpy(with[count].digest, law.agreements.agreement[named("GSOMIA")].digest, 32);
    assert_false(err_is(marking_read(&law.policies, span_text(f->marking), &c.marking)));
    set64 way = agreements_between(&law.agreements, c.from, c.to);
    way |= c.via == PARTY_NONE ? 0 : agreements_between(&law.agreements, c.from, c.via);
    c.standing = way & standing_given(&law.agreements, with, count + 1, c.from, at, at, c.read_as);
    c.read_as[READING_LAPSED] &= c.standing;
    c.read_as[READING_HELD] &= c.standing;
    c.assurance = (struct assurance){.present = true,
                                     .agreement = named(f->assured),
                                     .topics = c.marking.topics,
                                     .until = NOW_LAST};
    levels_add(&c.assurance.levels, c.marking.level);
    for (unsigned p = 0; p < LAW_PARTIES; p++) {
        if (tables[p].rules.party == c.from) {
            return verdict_by_reading(&tables[p], &c).outcome;
        }
    }
    fail();
    return OUTCOME_REFUSE;
}

/* "RIUH", a dot in place of what does not flow */
static void flows_put(enum reading r, instant at, char out[static ARRAY_LEN(flows) + 1])
{
    static const char letter[] = "RIUH";
    for (size_t i = 0; i < ARRAY_LEN(flows); i++) {
        out[i] = outcome_of(&flows[i], r, at) == OUTCOME_RELEASE ? letter[i] : '.';
    }
    out[ARRAY_LEN(flows)] = 0;
}

struct row {
    const char *on, *flows[READING_COUNT], *happened;
};

static void rows_hold(const struct row *row, size_t rows)
{
    for (size_t i = 0; i < rows; i++) {
        char lapsed[ARRAY_LEN(flows) + 1], held[ARRAY_LEN(flows) + 1];
        flows_put(READING_LAPSED, day(row[i].on), lapsed);
        flows_put(READING_HELD, day(row[i].on), held);
        printf("# %s  lapsed %s  held %s  %s\n", row[i].on, lapsed, held, row[i].happened);
        assert_string_equal(lapsed, row[i].flows[READING_LAPSED]);
        assert_string_equal(held, row[i].flows[READING_HELD]);
    }
}

/* ---- as it was ---- */

static void what_would_have_flowed_on_each_of_its_dates(void **state)
{
    (void)state;
    static const struct row row[] = {
        {"2012-06-26", {"....", "...."}, "the cabinet of Korea passes it"},
        {"2012-06-29", {"....", "...."}, "the signing is called off on the day"},
        {"2014-12-28", {"....", "...."}, "before the trilateral arrangement"},
        {"2014-12-29", {"..UH", "..UH"}, "the trilateral arrangement"},
        {"2016-11-01", {"..UH", "..UH"}, "talks resume"},
        {"2016-11-14", {"..UH", "..UH"}, "initialled"},
        {"2016-11-22", {"..UH", "..UH"}, "passed by the cabinet"},
        {"2016-11-23", {"RIUH", "RIUH"}, "signed and in force"},
        {"2017-11-23", {"RIUH", "RIUH"}, "extended"},
        {"2019-08-22", {"RIUH", "RIUH"}, "Korea decides"},
        {"2019-08-23", {"RIUH", "RIUH"}, "notice, two days inside its time"},
        {"2019-11-21", {"RIUH", "RIUH"}, "the day before"},
        {"2019-11-22", {"RIUH", "RIUH"}, "the effect of the notice is suspended"},
        {"2019-11-23", {"RIUH", "RIUH"}, "extended, or held open"},
        {"2020-11-23", {"RIUH", "RIUH"}, "extended, or held open"},
        {"2021-11-23", {"RIUH", "RIUH"}, "extended, or held open"},
        {"2022-11-23", {"RIUH", "RIUH"}, "extended, or held open"},
        {"2023-03-16", {"RIUH", "RIUH"}, "the summit"},
        {"2023-03-21", {"RIUH", "RIUH"}, "notice and suspension withdrawn"},
        {"2023-12-19", {"RIUH", "RIUH"}, "warning data in real time"},
    };
    rows_hold(row, ARRAY_LEN(row));
}

static struct standing gsomia(enum reading r, const char *on, const char *known)
{
    return standing_read(r, &law.agreements.agreement[named("GSOMIA")], list, count, day(on),
                         day(known));
}

/* Standing and computed dates of each year of which the two sides disagree, and around them */
static void what_stood_on_each_of_its_dates(void **state)
{
    (void)state;
    /* "" = none; lapsed, then held */
    static const struct {
        const char         *on;
        enum standing_state as;
        struct {
            const char *term_end, *notice_by, *ends;
        } read[READING_COUNT];
    } want[] = {
        {"2016-11-22", STANDING_UNSIGNED, {{"", "", ""}, {"", "", ""}}},
        {"2016-11-23",
         STANDING_IN_FORCE,
         {{"2017-11-23", "2017-08-25", ""}, {"2017-11-23", "2017-08-25", ""}}},
        {"2019-08-23",
         STANDING_IN_FORCE,
         {{"2019-11-23", "2019-08-25", "2019-11-23"}, {"2019-11-23", "2019-08-25", "2019-11-23"}}},
        {"2019-11-22",
         STANDING_IN_FORCE,
         {{"2019-11-23", "2019-08-25", ""}, {"2019-11-23", "2019-08-25", ""}}},
        {"2019-11-23",
         STANDING_IN_FORCE,
         {{"2020-11-23", "2020-08-25", ""}, {"2019-11-23", "", ""}}},
        {"2020-11-23",
         STANDING_IN_FORCE,
         {{"2021-11-23", "2021-08-25", ""}, {"2019-11-23", "", ""}}},
        {"2021-11-23",
         STANDING_IN_FORCE,
         {{"2022-11-23", "2022-08-25", ""}, {"2019-11-23", "", ""}}},
        {"2022-11-23",
         STANDING_IN_FORCE,
         {{"2023-11-23", "2023-08-25", ""}, {"2019-11-23", "", ""}}},
        {"2023-03-21",
         STANDING_IN_FORCE,
         {{"2023-11-23", "2023-08-25", ""}, {"2023-11-23", "2023-08-25", ""}}},
        {"2023-12-19",
         STANDING_IN_FORCE,
         {{"2024-11-23", "2024-08-25", ""}, {"2024-11-23", "2024-08-25", ""}}},
    };
    for (size_t i = 0; i < ARRAY_LEN(want); i++) {
        for (unsigned r = 0; r < READING_COUNT; r++) {
            struct standing s = gsomia((enum reading)r, want[i].on, want[i].on);
            const char     *text[] = {want[i].read[r].term_end, want[i].read[r].notice_by,
                                      want[i].read[r].ends};
            const instant   got[] = {s.term_end, s.notice_by, s.ends};
            assert_int_equal(s.state, want[i].as);
            for (size_t k = 0; k < ARRAY_LEN(got); k++) {
                assert_int_equal(got[k], text[k][0] == 0 ? INSTANT_NEVER : day(text[k]));
            }
        }
    }
}

/* What was known on a day is not what is known of it now. */
static void a_day_is_seen_as_it_was_known_then(void **state)
{
    (void)state;
    assert_int_equal(gsomia(READING_HELD, "2019-11-23", "2019-08-22").ends, INSTANT_NEVER);
    assert_int_equal(gsomia(READING_HELD, "2019-11-21", "2019-08-23").ends, day("2019-11-23"));
    assert_int_equal(gsomia(READING_HELD, "2019-12-01", "2019-11-21").state, STANDING_ENDED);
    assert_int_equal(gsomia(READING_HELD, "2019-12-01", "2019-11-22").state, STANDING_IN_FORCE);
    struct standing then = gsomia(READING_HELD, "2023-04-01", "2023-03-20");
    assert_true(then.notice_suspended);
    assert_false(gsomia(READING_HELD, "2023-04-01", "2023-03-21").noticed);
}

/* ---- what was in dispute: Korea said that it may end it at any time ---- */

static void a_fresh_notice_would_have_parted_the_readings(void **state)
{
    (void)state;
    static const struct {
        const char *notice;
        struct row  row[3];
    } had[] = {
        {"2020-02-01",
         {{"2020-02-01", {"RIUH", "..UH"}, "held: over at once"},
          {"2020-11-22", {"RIUH", "..UH"}, "lapsed: the last day of its term"},
          {"2020-11-23", {"..UH", "..UH"}, "lapsed: over"}}},
        {"2021-08-25",
         {{"2021-08-24", {"RIUH", "RIUH"}, "the day before"},
          {"2021-08-25", {"RIUH", "..UH"}, "lapsed: in time for this term"},
          {"2021-11-23", {"..UH", "..UH"}, "lapsed: over"}}},
        {"2022-08-26",
         {{"2022-08-26", {"RIUH", "..UH"}, "lapsed: a day late for this term"},
          {"2022-11-23", {"RIUH", "..UH"}, "lapsed: extended once more"},
          {"2023-03-21", {"RIUH", "..UH"}, "lapsed: withdrawn in time; held: ended for good"}}},
    };
    for (size_t i = 0; i < ARRAY_LEN(had); i++) {
        as_it_was(NULL);
        act(INSTRUMENT_NOTICE, kor, "GSOMIA", day(had[i].notice));
        printf("# had Korea given notice afresh on %s:\n", had[i].notice);
        rows_hold(had[i].row, ARRAY_LEN(had[i].row));
    }
}

static void without_the_suspension_only_the_way_by_the_united_states_was_left(void **state)
{
    (void)state;
    count -= 2;
    static const struct row row[] = {
        {"2019-11-22", {"RIUH", "RIUH"}, "the last day"},
        {"2019-11-23", {"..UH", "..UH"}, "ended by notice"},
        {"2023-12-19", {"..UH", "..UH"}, "warning data in real time, by way of the United States"},
    };
    rows_hold(row, ARRAY_LEN(row));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_would_have_flowed_on_each_of_its_dates, as_it_was),
        cmocka_unit_test_setup(what_stood_on_each_of_its_dates, as_it_was),
        cmocka_unit_test_setup(a_day_is_seen_as_it_was_known_then, as_it_was),
        cmocka_unit_test_setup(a_fresh_notice_would_have_parted_the_readings, as_it_was),
        cmocka_unit_test_setup(without_the_suspension_only_the_way_by_the_united_states_was_left,
                               as_it_was),
    };
    return cmocka_run_group_tests(tests, suite, NULL);
}
