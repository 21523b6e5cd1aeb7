/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/repeats.h"

#include <stdio.h>

#include "unit/ledger/sample.h"

static struct repeats table;
static uint8_t        buf[LEAF_TEXT_MAX];
static struct writer  out;

static struct leaf_head refusal(const char *body)
{
    return (struct leaf_head){.kind = LEAF_REFUSED, .party = {"KOR"}, .body = span_text(body)};
}

static enum repeats_answer offer(instant now, const char *body)
{
    struct leaf_head leaf = refusal(body);
    out = WRITER_OF(buf);
    return repeats_offer(&table, now, &leaf, &out);
}

static bool due(instant now)
{
    out = WRITER_OF(buf);
    return repeats_due(&table, now, &out);
}

static int begin(void **state)
{
    (void)state;
    memset(&table, 0, sizeof table);
    return 0;
}

static void the_first_is_recorded_and_equals_are_counted(void **state)
{
    (void)state;
    assert_int_equal(offer(0, "reason a\n"), REPEATS_RECORD);
    assert_int_equal(offer(1, "reason b\n"), REPEATS_RECORD);
    assert_int_equal(offer(2, "reason a\n"), REPEATS_COUNTED);
    assert_int_equal(offer(999, "reason a\n"), REPEATS_COUNTED);
    assert_int_equal(repeats_next_due(&table), 1000);
    assert_false(due(999));
    assert_true(due(1000));
    assert_true(span_is(writer_span(&out), "accord leaf 1\nkind refused\n"
                                           "time 1970-01-01T00:00:01.000Z\nparty KOR\n"
                                           "reason a\nrepeated 2\n"));
    assert_false(due(1000));
    assert_int_equal(repeats_next_due(&table), 1001);
    assert_false(due(5000)); /* b came once: nothing to add */
    assert_int_equal(repeats_next_due(&table), INSTANT_NEVER);
    assert_int_equal(offer(5000, "reason a\n"), REPEATS_RECORD);
}

static void kind_and_party_tell_apart(void **state)
{
    (void)state;
    struct leaf_head leaf = refusal("reason a\n");
    out = WRITER_OF(buf);
    assert_int_equal(repeats_offer(&table, 0, &leaf, &out), REPEATS_RECORD);
    leaf.kind = LEAF_OPENING_REFUSED;
    assert_int_equal(repeats_offer(&table, 0, &leaf, &out), REPEATS_RECORD);
    leaf.party = (name){"JPN"};
    assert_int_equal(repeats_offer(&table, 0, &leaf, &out), REPEATS_RECORD);
    assert_int_equal(repeats_offer(&table, 0, &leaf, &out), REPEATS_COUNTED);
}

static void none_is_lost_when_nobody_asks_in_time(void **state)
{
    (void)state;
    (void)offer(0, "reason a\n");
    assert_int_equal(offer(60000, "reason a\n"), REPEATS_COUNTED);
    assert_true(due(60000));
    struct leaf_head head;
    must_be_ok(leaf_head_read(writer_span(&out), &head));
    assert_int_equal(head.time, 60000);
    assert_true(span_is(head.body, "reason a\nrepeated 1\n"));
}

static void a_full_table_flushes_its_oldest(void **state)
{
    (void)state;
    char body[32];
    for (int i = 0; i < REPEATS_MAX; i++) {
        (void)snprintf(body, sizeof body, "reason %d\n", i);
        assert_int_equal(offer(i, body), REPEATS_RECORD);
    }
    assert_int_equal(offer(300, "reason 0\n"), REPEATS_COUNTED);
    assert_int_equal(offer(301, "reason new\n"), REPEATS_RECORD);
    struct leaf_head head;
    must_be_ok(leaf_head_read(writer_span(&out), &head));
    assert_true(span_is(head.body, "reason 0\nrepeated 1\n"));
    assert_int_equal(head.time, 301);
    assert_int_equal(offer(302, "reason newer\n"), REPEATS_RECORD);
    assert_int_equal(out.len, 0); /* the next oldest had come once */
    assert_int_equal(offer(303, "reason 2\n"), REPEATS_COUNTED);
    assert_int_equal(offer(303, "reason new\n"), REPEATS_COUNTED);
    assert_int_equal(table.count, REPEATS_MAX);
}

/* How many refusals the leaf that was just written stands for */
static uint64_t repeated(void)
{
    struct leaf_head head;
    uint64_t         count = 0;
    span             line = {0};
    if (out.len == 0) {
        return 0;
    }
    must_be_ok(leaf_head_read(writer_span(&out), &head));
    for (span rest = head.body; rest.len > 0;) {
        line = span_cut(&rest, '\n');
    }
    assert_true(span_is(span_cut(&line, ' '), "repeated"));
    must_be_ok(text_decimal(line, UINT64_MAX, &count));
    return count;
}

static void every_offer_ends_up_in_the_ledger(void **state)
{
    (void)state;
    uint64_t       seed = 1, told = 0, recorded = 0;
    const uint64_t offers = 20000;
    char           body[32];
    instant        now = 0;
    for (uint64_t i = 0; i < offers; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        now += (instant)(seed >> 62);
        (void)snprintf(body, sizeof body, "reason %u\n", (unsigned)(seed >> 33) % 400);
        recorded += offer(now, body) == REPEATS_RECORD;
        told += repeated();
        while (due(now)) {
            told += repeated();
        }
    }
    for (out = WRITER_OF(buf); repeats_all(&table, now, &out); out = WRITER_OF(buf)) {
        told += repeated();
    }
    assert_int_equal(recorded + told, offers);
    assert_true(recorded < offers / 2 && told > 0);
    assert_int_equal(table.count, 0);
}

static void long_bodies_are_recorded_each(void **state)
{
    (void)state;
    static char body[REPEATS_BODY_MAX + 2];
    memset(body, 'x', sizeof body - 1);
    body[REPEATS_BODY_MAX] = '\0';
    assert_int_equal(offer(0, body), REPEATS_RECORD);
    assert_int_equal(offer(0, body), REPEATS_COUNTED);
    body[REPEATS_BODY_MAX] = 'x';
    assert_int_equal(offer(0, body), REPEATS_RECORD);
    assert_int_equal(offer(0, body), REPEATS_RECORD);
}

static void leaves_with_an_attachment_are_recorded_each(void **state)
{
    (void)state;
    assert_int_equal(offer(0, "attachment 00\n"), REPEATS_RECORD);
    assert_int_equal(offer(0, "attachment 00\n"), REPEATS_RECORD);
    assert_int_equal(offer(0, "attachments 00\n"), REPEATS_RECORD);
    assert_int_equal(offer(0, "attachments 00\n"), REPEATS_COUNTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_first_is_recorded_and_equals_are_counted, begin),
        cmocka_unit_test_setup(kind_and_party_tell_apart, begin),
        cmocka_unit_test_setup(none_is_lost_when_nobody_asks_in_time, begin),
        cmocka_unit_test_setup(a_full_table_flushes_its_oldest, begin),
        cmocka_unit_test_setup(every_offer_ends_up_in_the_ledger, begin),
        cmocka_unit_test_setup(long_bodies_are_recorded_each, begin),
        cmocka_unit_test_setup(leaves_with_an_attachment_are_recorded_each, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
