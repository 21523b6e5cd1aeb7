/* SPDX-License-Identifier: Apache-2.0 */
#include "agreement/agreement.h"
#include "cmocka_all.h"
#include "unit/agreement/sample.h"

static struct policies policies, turned;
static const uint8_t   digest[32] = {7};

static struct scope scope_any(void)
{
    return (struct scope){.kinds = SCOPE_KINDS_ANY,
                          .disciplines = UINT64_MAX,
                          .topics = UINT64_MAX,
                          .levels = levels_of_any()};
}

/* Rows in no order at all, so that writing has to find it. */
static void sample_terms(struct terms *t)
{
    *t = (struct terms){.area_count = 1, .window_count = 1, .reduction_count = 2};
    t->area[0] = (struct area){.count = 3, .point = {{-5, -7}, {-5, 9}, {11, 0}}};
    t->window[0] = (struct window){.from = 1000, .until = INSTANT_NEVER, .day_from = 3600000};
    t->reduction[0] = (struct reduction){.position_m = 10000, .without = WITHOUT_SOURCE};
    t->reduction[1] = (struct reduction){.delay_ms = 60000};
    memcpy(t->area[0].name.text, "EAST-SEA", 8);
    memcpy(t->window[0].name.text, "EXERCISE", 8);
    memcpy(t->reduction[0].name.text, "COARSE", 6);
    memcpy(t->reduction[1].name.text, "LATE", 4);
}

static struct agreement sample(void)
{
    struct agreement a = {.binding = true, .extends = true, .term_years = 1, .notice_days = 90};
    uint8_t          kor = (uint8_t)sample_party(&policies, "KOR");
    uint8_t          jpn = (uint8_t)sample_party(&policies, "JPN");
    level            ii = sample_level(&policies, "KOR:II");
    level            gokuhi = sample_level(&policies, "JPN:GOKUHI");
    memcpy(a.name.text, "GSOMIA", 6);
    memcpy(a.title, "협정", strlen("협정"));
    a.parties = set_one(kor) | set_one(jpn);
    assert_false(err_is(text_date(SPAN_LIT("2016-11-23"), &a.in_force_on)));
    levels_add(&a.covers, ii);
    levels_add(&a.covers, gokuhi);
    a.covers_article = 2;
    a.covers_number = 1;
    a.owed = (struct obligations){.duties = DUTY_RECEIPT | DUTY_ASSURANCE, .receipt_ms = 1000};
    a.equivalence_count = 2;
    a.equivalence[0] =
        (struct equivalence){gokuhi, kor, ii.policy, (uint16_t)(1u << ii.rank), 4, 1};
    a.equivalence[1] =
        (struct equivalence){ii, jpn, gokuhi.policy, (uint16_t)(3u << gokuhi.rank), 4, 1};
    a.clause_count = 2;
    a.clause[0] = (struct clause){.kind = CLAUSE_NEVER,
                                  .article = 6,
                                  .number = 1,
                                  .from = PARTY_NONE,
                                  .to = PARTY_NONE,
                                  .via = PARTY_NONE,
                                  .never = NEVER_ONWARD,
                                  .unless_approved = true,
                                  .approver = kor,
                                  .scope = scope_any()};
    a.clause[1] = (struct clause){.kind = CLAUSE_MAY,
                                  .article = 5,
                                  .number = 2,
                                  .from = kor,
                                  .to = jpn,
                                  .via = PARTY_NONE,
                                  .giving = GIVING_RELEASE,
                                  .precedence = PRECEDENCE_FLASH,
                                  .scope = scope_any()};
    a.clause[1].scope.topics = 5;
    a.clause[1].scope.kinds = 3;
    a.clause[1].scope.area = a.clause[1].scope.window = 1;
    a.clause[1].scope.reduction = 2;
    a.clause[1].owed = (struct obligations){.duties = DUTY_COPIES, .copies = 3};
    a.after = AFTER_DESTROY;
    sample_terms(&a.terms);
    memset(a.text_digest, 0xab, sizeof a.text_digest);
    return a;
}

static span written(const struct policies *all, const struct agreement *a, uint8_t *buf, size_t max)
{
    struct writer w = writer_of(buf, max);
    span          out = {0};
    agreement_write(all, a, &w);
    assert_false(err_is(writer_end(&w, &out)));
    return out;
}

static void reads_what_it_writes_in_canonical_order(void **state)
{
    (void)state;
    uint8_t          buf[4096];
    struct agreement a = sample(), b;
    span             table = written(&policies, &a, buf, sizeof buf);
    err              e = agreement_read(&policies, table, digest, &b);
    assert_null(e.why);
    assert_true(name_equal(&a.name, &b.name));
    assert_string_equal(a.title, b.title);
    assert_memory_equal(b.digest, digest, sizeof digest);
    assert_memory_equal(b.text_digest, a.text_digest, sizeof a.text_digest);
    assert_int_equal(b.in_force_on, a.in_force_on);
    assert_int_equal(b.parties, a.parties);
    assert_int_equal(b.clause_count, 2);
    assert_int_equal(b.clause[0].article, 5);
    assert_int_equal(b.clause[0].scope.topics, 5);
    assert_int_equal(b.clause[0].precedence, PRECEDENCE_FLASH);
    assert_int_equal(b.clause[0].scope.area, 1);
    assert_int_equal(b.clause[0].scope.window, 1);
    assert_int_equal(b.clause[0].scope.reduction, 2);
    assert_true(obligations_equal(&b.clause[0].owed, &a.clause[1].owed));
    assert_true(obligations_equal(&b.owed, &a.owed));
    assert_int_equal(b.after, AFTER_DESTROY);
    assert_memory_equal(&b.terms, &a.terms, sizeof a.terms);
    assert_int_equal(b.clause[1].approver, sample_party(&policies, "KOR"));
    assert_int_equal(b.clause[1].article, 6);
    assert_true(b.clause[1].unless_approved);
    assert_true(b.clause[1].scope.topics == UINT64_MAX && levels_any(&b.clause[1].scope.levels));
    assert_int_equal(b.equivalence_count, 2);
    assert_int_equal(set_count(b.equivalence[0].ranks) + set_count(b.equivalence[1].ranks), 3);
    assert_true(levels_within(&a.covers, &b.covers) && levels_within(&b.covers, &a.covers));
}

static void numbers_of_a_process_leave_no_trace(void **state)
{
    (void)state;
    uint8_t          one[4096], two[4096];
    struct agreement a = sample(), b;
    span             table = written(&policies, &a, one, sizeof one);
    assert_false(err_is(agreement_read(&turned, table, digest, &b)));
    assert_int_not_equal(a.clause[1].from, b.clause[0].from);
    assert_true(span_equal(table, written(&turned, &b, two, sizeof two)));
}

static void refuses_every_shorter_and_longer_table(void **state)
{
    (void)state;
    uint8_t          buf[4096] = {0};
    struct agreement a = sample(), b = {.clause_count = 77};
    span             table = written(&policies, &a, buf, sizeof buf - 1);
    for (size_t len = 0; len <= table.len + 1; len++) {
        err e = agreement_read(&policies, (span){buf, len}, digest, &b);
        assert_int_equal(err_is(e), len != table.len);
        assert_true(len == table.len || b.clause_count == 77);
        b.clause_count = 77;
    }
}

/* Whatever byte is turned: it is refused, or it means something else and is written back so. */
static void a_turned_byte_is_refused_or_means_something_else(void **state)
{
    (void)state;
    uint8_t          buf[4096], again[4096];
    struct agreement a = sample(), b;
    span             table = written(&policies, &a, buf, sizeof buf);
    unsigned         refused = 0;
    for (size_t i = 0; i < table.len; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            buf[i] ^= (uint8_t)(1u << bit);
            if (err_is(agreement_read(&policies, table, digest, &b))) {
                refused++;
            } else {
                assert_true(span_equal(table, written(&policies, &b, again, sizeof again)));
            }
            buf[i] ^= (uint8_t)(1u << bit);
        }
    }
    assert_true(refused > table.len);
}

static void refuses_a_name_that_no_policy_defines(void **state)
{
    (void)state;
    uint8_t          buf[4096];
    struct agreement a = sample(), b;
    struct policies  fewer;
    span             table = written(&policies, &a, buf, sizeof buf);
    sample_policies(&fewer, false);
    fewer.topics.count = 0;
    assert_int_equal(agreement_read(&fewer, table, digest, &b).code, ERR_UNKNOWN);
    sample_policies(&fewer, false);
    fewer.policy[0].level_count = 1;
    assert_int_equal(agreement_read(&fewer, table, digest, &b).code, ERR_UNKNOWN);
}

static void refuses_what_contradicts_itself(void **state)
{
    (void)state;
    uint8_t          buf[4096];
    struct agreement good = sample(), b;
    struct agreement bad[20];
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        bad[i] = good;
    }
    bad[0].clause[1].to = bad[0].clause[1].from;
    bad[1].clause[1].giving = GIVING_NONE;
    bad[2].clause[1].scope.topics = 0;
    bad[3].clause[0].giving = GIVING_RELEASE;
    bad[4].parties = set_one(0);
    bad[5].owed.duties = 0;
    bad[6].arrangement = true;
    bad[7].clause[0].scope.kinds = 0x80;
    bad[8].clause[0].scope.area = 2;
    bad[9].clause[1].scope.window = 2;
    bad[10].clause[1].scope.reduction = 3;
    bad[11].terms.area[0].point[2] = (struct area_point){-5, 0};
    bad[12].terms.window[0].until = 1000;
    bad[13].terms.reduction[0].without = WITHOUT_ALL + 1;
    bad[14].terms.reduction[1].name = bad[14].terms.reduction[0].name;
    bad[15].owed.loss_ms = 5;
    bad[16].clause[1].owed.copies = 0;
    bad[17].owed = (struct obligations){.duties = DUTY_LEASE, .lease_ms = LEASE_MS_MIN - 1};
    bad[18].owed = (struct obligations){.duties = DUTY_DESTROY, .destroy_s = DESTROY_S_MAX + 1};
    bad[19].clause[0].owed.duties = DUTY_RECEIPT;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        span table = written(&policies, &bad[i], buf, sizeof buf);
        assert_int_equal(agreement_read(&policies, table, digest, &b).code, ERR_MALFORMED);
    }
}

static void rules_read_what_they_write(void **state)
{
    (void)state;
    uint8_t       buf[1024];
    struct rules  r = {.party = 1, .count = 2}, back;
    struct writer w = WRITER_OF(buf);
    r.rule[0] = (struct rule){.action = RULE_HOLD,
                              .officers = 2,
                              .to = UINT64_MAX,
                              .via = PARTY_NONE,
                              .scope = scope_any()};
    r.rule[1] =
        (struct rule){.action = RULE_NEVER, .to = set_one(0), .via = 2, .scope = scope_any()};
    r.rule[1].scope.disciplines = set_one(3);
    r.rule[1].scope.reduction = 2;
    memcpy(r.rule[0].under.text, "GSOMIA", 6);
    sample_terms(&r.terms);
    rules_write(&policies, &r, &w);
    assert_false(w.bad);
    assert_false(err_is(rules_read(&policies, writer_span(&w), digest, &back)));
    assert_int_equal(back.party, 1);
    assert_int_equal(back.count, 2);
    assert_int_equal(back.rule[0].officers, 2);
    assert_int_equal(back.rule[1].via, 2);
    assert_int_equal(back.rule[1].scope.reduction, 2);
    assert_true(name_equal(&back.rule[0].under, &r.rule[0].under));
    assert_int_equal(back.rule[1].under.text[0], 0);
    assert_memory_equal(&back.terms, &r.terms, sizeof r.terms);
    assert_int_equal(back.rule[1].scope.disciplines, set_one(3));
    for (size_t len = 0; len < w.len; len++) {
        assert_true(err_is(rules_read(&policies, (span){buf, len}, digest, &back)));
    }
    r.rule[0].action = RULE_RELEASE;
    r.rule[0].officers = 0; /* and bound to an agreement, which a release is not */
    w = WRITER_OF(buf);
    rules_write(&policies, &r, &w);
    assert_int_equal(rules_read(&policies, writer_span(&w), digest, &back).code, ERR_MALFORMED);
}

static void names_a_clause_for_people(void **state)
{
    (void)state;
    static struct agreements all;
    uint8_t                  buf[128];
    struct writer            w = WRITER_OF(buf);
    all.count = 1;
    all.agreement[0] = sample();
    clause_ref_format(&all, (struct clause_ref){0, 5, 2}, &w);
    put_u8(&w, '|');
    clause_ref_format(&all, (struct clause_ref){0, 0, 1}, &w);
    put_u8(&w, '|');
    clause_ref_format(&all, (struct clause_ref){CLAUSE_NONE, 0, 0}, &w);
    assert_true(span_is(writer_span(&w), "GSOMIA article 5 clause 2|GSOMIA clause 1|-"));
}

static int names_of_both(void **state)
{
    (void)state;
    sample_policies(&policies, false);
    sample_policies(&turned, true);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_it_writes_in_canonical_order),
        cmocka_unit_test(numbers_of_a_process_leave_no_trace),
        cmocka_unit_test(refuses_every_shorter_and_longer_table),
        cmocka_unit_test(a_turned_byte_is_refused_or_means_something_else),
        cmocka_unit_test(refuses_a_name_that_no_policy_defines),
        cmocka_unit_test(refuses_what_contradicts_itself),
        cmocka_unit_test(rules_read_what_they_write),
        cmocka_unit_test(names_a_clause_for_people),
    };
    return cmocka_run_group_tests(tests, names_of_both, NULL);
}
