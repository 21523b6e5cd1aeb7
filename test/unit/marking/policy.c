/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "sample.h"
#include <stdio.h>

static struct policies sample, one, two;
static uint8_t         table[POLICY_TABLE_MAX], changed[POLICY_TABLE_MAX + 1];
static size_t          table_len;
static const uint8_t   digest[32] = {1}, other_digest[32] = {2};

static int set_up(void **state)
{
    (void)state;
    struct writer w = WRITER_OF(table);
    sample_policies(&sample);
    policy_write(&sample, &sample.policy[0], &w);
    table_len = w.len;
    one = (struct policies){0};
    return w.bad;
}

static span the_table(void)
{
    return (span){table, table_len};
}

static void a_table_says_the_same_in_every_process(void **state)
{
    (void)state;
    static uint8_t again[POLICY_TABLE_MAX];
    struct writer  w = WRITER_OF(again);
    (void)sample_name(&one.parties, "ZZZ"); /* other numbers for the same names */
    (void)sample_name(&one.topics, "sport");
    assert_false(err_is(policy_read(&one, the_table(), digest)));
    const struct policy *p = policy_find(&one, SPAN_LIT("KOR"));
    assert_non_null(p);
    assert_memory_equal(p->digest, digest, sizeof digest);
    assert_false(err_is(policy_valid(&one, p)));
    policy_write(&one, p, &w);
    assert_int_equal(w.len, table_len);
    assert_memory_equal(again, table, table_len);
    assert_null(policy_find(&one, SPAN_LIT("JPN")));
}

static void the_same_table_twice_is_one_policy(void **state)
{
    (void)state;
    assert_false(err_is(policy_read(&one, the_table(), digest)));
    assert_false(err_is(policy_read(&one, the_table(), digest)));
    assert_int_equal(one.count, 1);
    assert_int_equal(policy_read(&one, the_table(), other_digest).code, ERR_CONFLICT);
    assert_int_equal(one.count, 1);
}

/* Whatever becomes of one byte: refused, and nothing was changed; or another policy, which writes
 * itself back as just these bytes */
static void try_changed(size_t len)
{
    static uint8_t again[POLICY_TABLE_MAX];
    struct writer  w = WRITER_OF(again);
    one = (struct policies){0};
    (void)sample_name(&one.parties, "KOR");
    two = one;
    if (err_is(policy_read(&one, (span){changed, len}, digest))) {
        assert_memory_equal(&one, &two, sizeof one);
        return;
    }
    policy_write(&one, &one.policy[0], &w);
    assert_int_equal(w.len, len);
    assert_memory_equal(again, changed, len);
}

static void a_changed_byte_is_refused_or_another_policy(void **state)
{
    (void)state;
    static const uint8_t flip[] = {0x01, 0x20, 0x80, 0xff};
    memcpy(changed, table, table_len);
    for (size_t i = 0; i < table_len; i++) {
        for (size_t k = 0; k < sizeof flip; k++) {
            changed[i] = (uint8_t)(table[i] ^ flip[k]);
            try_changed(table_len);
        }
        changed[i] = table[i];
    }
}

static void a_short_or_long_table_is_refused(void **state)
{
    (void)state;
    memcpy(changed, table, table_len);
    changed[table_len] = 0;
    for (size_t len = 0; len < table_len; len++) {
        assert_true(err_is(policy_read(&one, (span){changed, len}, digest)));
    }
    assert_true(err_is(policy_read(&one, (span){changed, table_len + 1}, digest)));
    assert_int_equal(policy_read(&one, SPAN_OF(changed), digest).code, ERR_LIMIT);
    assert_int_equal(one.count, 0);
}

static void there_is_room_for_one_of_each_party(void **state)
{
    (void)state;
    struct policy *p = &sample.policy[0];
    for (unsigned i = 0; i <= POLICIES_MAX; i++) {
        struct writer w = WRITER_OF(changed);
        char          party[] = {'A', (char)('A' + i / 26), (char)('A' + i % 26), 0};
        sample.parties.count = 0; /* each table names its own party only */
        assert_false(err_is(name_of(span_text(party), &p->name)));
        p->parties = sample_names(&sample.parties, party);
        policy_write(&sample, p, &w);
        err e = policy_read(&one, writer_span(&w), digest);
        assert_int_equal(e.code, i < POLICIES_MAX ? ERR_NONE : ERR_FULL);
    }
    assert_int_equal(one.count, POLICIES_MAX);
}

static void names_are_at_most_sixty_four(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SET64_MAX; i++) {
        char code[16];
        (void)snprintf(code, sizeof code, "t%u", i);
        (void)sample_name(&one.topics, code);
    }
    two = one;
    assert_int_equal(policy_read(&one, the_table(), digest).code, ERR_FULL);
    assert_memory_equal(&one, &two, sizeof one);
    unsigned at = 0;
    assert_false(err_is(names_add(&one.topics, SPAN_LIT("t63"), &at)));
    assert_int_equal(at, 63);
    assert_int_equal(names_add(&one.topics, SPAN_LIT("one-more"), &at).code, ERR_FULL);
    assert_int_equal(names_add(&one.parties, SPAN_LIT("a b"), &at).code, ERR_MALFORMED);
}

#define SPOIL(change)                                                                              \
    do {                                                                                           \
        sample_policies(&sample);                                                                  \
        struct policy *p = &sample.policy[0];                                                      \
        assert_false(err_is(policy_valid(&sample, p)));                                            \
        change;                                                                                    \
        assert_true(err_is(policy_valid(&sample, p)));                                             \
    } while (0)

static void parts_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    SPOIL(p->level_count = 0);
    SPOIL(p->level_count = LEVELS_MAX + 1);
    SPOIL(p->caveat_count = CAVEATS_MAX + 1);
    SPOIL(p->topics = 0);
    SPOIL(p->disciplines = 0);
    SPOIL(p->parties = 0);
    SPOIL(p->topics |= set_one(63));
    SPOIL(p->id[0] = 0);
    SPOIL(p->id[1] = 'x');
    SPOIL(memset(p->id, '1', sizeof p->id));
    SPOIL(p->level[1].hierarchy = 99);
    SPOIL(p->level[1].name = p->level[0].name);
    SPOIL(p->level[1].lacv = p->level[3].lacv);
    SPOIL(p->level[1].color = p->level[3].color);
    SPOIL(p->level[1].color = 0x1000000);
    SPOIL(memcpy(p->level[1].banner, p->level[3].banner, TITLE_MAX));
    SPOIL(p->level[1].banner[0] = 0);
    SPOIL(memcpy(p->level[1].banner, "A//B", 5));
    SPOIL(memcpy(p->level[1].banner, "A\nB", 4));
    SPOIL(memcpy(p->level[1].banner, " A", 3));
    SPOIL(p->level[1].title[TITLE_JA][0] = 0);
    SPOIL(p->level[1].title[TITLE_KO][0] = (char)0xff);
    SPOIL(p->level[1].caveats_required = 4);
    SPOIL(p->level[0].caveats_required = 1);
    SPOIL(p->caveat[1].lacv = 1);
    SPOIL(p->caveat[1].name = p->caveat[0].name);
    SPOIL(memcpy(p->caveat[1].banner, "NOFORN", 7));
    SPOIL(memcpy(p->caveat[1].banner, "REL TO JPN", 11));
    SPOIL(memcpy(p->caveat[1].banner, "DISPLAY ONLY", 13));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_table_says_the_same_in_every_process, set_up),
        cmocka_unit_test_setup(the_same_table_twice_is_one_policy, set_up),
        cmocka_unit_test_setup(a_changed_byte_is_refused_or_another_policy, set_up),
        cmocka_unit_test_setup(a_short_or_long_table_is_refused, set_up),
        cmocka_unit_test_setup(there_is_room_for_one_of_each_party, set_up),
        cmocka_unit_test_setup(names_are_at_most_sixty_four, set_up),
        cmocka_unit_test(parts_that_do_not_fit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
