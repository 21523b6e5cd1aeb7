/* SPDX-License-Identifier: Apache-2.0 */
/* The simulator's logs: a place in the midst of a record is no place, as in a real one. */
#include "sim/journal.h"

#include "cmocka_all.h"

#define BODIES 3

static uint64_t row_make(struct journal *j, uint64_t at[static BODIES])
{
    static const char body[] = "twenty-four bytes of it";
    const span        part = SPAN_OF(body);
    for (unsigned i = 0; i < BODIES; i++) {
        at[i] = journal_append(j, &part, 1, true, 0);
    }
    journal_open(j);
    return journal_written(j);
}

static void a_record_begins_or_ended_there_or_it_is_no_place(void **state)
{
    struct journal j = {0};
    uint64_t       at[BODIES], end = row_make(&j, at);
    (void)state;
    for (uint64_t p = JOURNAL_START; p <= end; p++) {
        bool begins = p == end;
        for (unsigned i = 0; i < BODIES; i++) {
            begins = begins || p == at[i];
        }
        assert_int_equal(journal_within(&j, p), !begins);
    }
    assert_false(journal_within(&j, 0));
    journal_free(&j);
}

/* A longer record stands where a power cut took another: what referred to the one behind it must notice. */
static void what_a_power_cut_took_is_no_place_any_more(void **state)
{
    struct journal       j = {0};
    uint64_t             at[BODIES], end = row_make(&j, at);
    static const uint8_t body[200];
    const span           part = SPAN_OF(body);
    (void)state;
    j.synced = 1;
    assert_int_equal(journal_cut(&j, 0), BODIES - 1);
    journal_open(&j);
    assert_int_equal(journal_append(&j, &part, 1, true, 0), at[1]);
    journal_write(&j);
    assert_true(journal_written(&j) > end);
    assert_true(journal_within(&j, at[2]));
    assert_false(journal_within(&j, at[1]));
    journal_free(&j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_begins_or_ended_there_or_it_is_no_place),
        cmocka_unit_test(what_a_power_cut_took_is_no_place_any_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
