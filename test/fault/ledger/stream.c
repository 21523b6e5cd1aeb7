/* SPDX-License-Identifier: Apache-2.0 */
/* What goes wrong under a ledger: no room at the n-th byte, a flipped bit, a record gone, twice or
 * out of place. */
#include "ledger/verify.h"

#include "unit/ledger/sample.h"

static struct sample s;
static struct verify v;

static int begin(void **state)
{
    (void)state;
    sample_small(&s);
    return 0;
}

static int end(void **state)
{
    (void)state;
    sample_end(&s);
    return 0;
}

/* The records in this order; was anything noticed? */
static bool noticed(const size_t *order, size_t count)
{
    must_be_ok(verify_init(&v, SPAN_LIT(SAMPLE_ORIGIN), s.key.key));
    for (size_t i = 0; i < count; i++) {
        (void)err_is(verify_record(&v, sample_record(&s, order[i])));
    }
    return err_is(verify_end(&v).bad);
}

static void nothing_changes_when_there_is_no_room(void **state)
{
    (void)state;
    uint8_t       text_buf[256], record_buf[1024];
    struct writer text = WRITER_OF(text_buf);
    bool          passed = false;
    leaf_begin(&text, LEAF_OPENED, SAMPLE_TIME + 100, &(name){"KOR"});
    for (size_t room = 0; !passed; room++) {
        struct ledger l = s.ledger;
        struct writer record = writer_of(record_buf, room);
        uint64_t      index = 99;
        merkle_hash   hash = {0};
        assert_true(room < sizeof record_buf);
        err e = ledger_append_leaf(&l, random_from(&s.salts), writer_span(&text), &record, &index,
                                   &hash);
        passed = !err_is(e);
        assert_int_equal(passed, room == 1 + LEAF_SALT_LEN + text.len);
        assert_int_equal(l.tree.size, passed ? 5 : 4);
        assert_int_equal(index, passed ? 4 : 99);
        assert_int_equal(record.len, passed ? room : 0);
        assert_int_equal(memcmp(&l, &s.ledger, sizeof l) == 0, !passed);
    }
}

static void no_checkpoint_when_there_is_no_room(void **state)
{
    (void)state;
    uint8_t buf[1 + CHECKPOINT_NOTE_MAX];
    size_t  full = sample_record(&s, 6).len;
    for (size_t room = full - 60; room <= full; room++) {
        struct writer record = writer_of(buf, room);
        err           e = ledger_checkpoint(&s.ledger, &s.key, s.signer, &record);
        assert_int_equal(err_is(e), room < full);
        assert_int_equal(record.len, room < full ? 0 : full);
    }
}

static void every_flipped_bit_is_noticed(void **state)
{
    (void)state;
    const size_t order[] = {0, 1, 2, 3, 4, 5, 6};
    assert_false(noticed(order, ARRAY_LEN(order)));
    for (size_t bit = 0; bit < 8 * s.log.len; bit++) {
        s.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        /* One bit makes a checkpoint an attachment that nobody names: that is told, not refused. */
        if (!noticed(order, ARRAY_LEN(order)) && verify_end(&v).unnamed == 0) {
            fail_msg("bit %zu was flipped and nobody noticed", bit);
        }
        s.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static void a_record_gone_is_noticed(void **state)
{
    (void)state;
    for (size_t gone = 0; gone < 7; gone++) {
        size_t order[6];
        for (size_t i = 0; i < 6; i++) {
            order[i] = i < gone ? i : i + 1;
        }
        /* Checkpoints 4 and 6 may go: the one covers what the other did, or leaves a tail. */
        assert_int_equal(noticed(order, 6), gone != 4 && gone != 6);
        if (gone == 6) {
            assert_int_equal(verify_end(&v).covered, 3);
        }
    }
}

static void a_record_twice_is_noticed(void **state)
{
    (void)state;
    for (size_t twice = 0; twice < 7; twice++) {
        size_t order[8];
        for (size_t i = 0; i < 8; i++) {
            order[i] = i <= twice ? i : i - 1;
        }
        bool harmless = twice == 2 || twice == 4 || twice == 6;
        assert_int_equal(noticed(order, 8), !harmless);
        assert_int_equal(verify_end(&v).unnamed, twice == 2 ? 1 : 0);
    }
}

static void records_out_of_place_are_noticed(void **state)
{
    (void)state;
    for (size_t first = 0; first + 1 < 7; first++) {
        size_t order[] = {0, 1, 2, 3, 4, 5, 6};
        order[first] = first + 1;
        order[first + 1] = first;
        /* An attachment may stand before the leaf before its own. */
        assert_int_equal(noticed(order, 7), first != 1);
    }
}

static void a_record_cut_short_anywhere_is_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i < s.count; i++) {
        span whole = sample_record(&s, i);
        for (size_t len = 0; len < whole.len; len++) {
            must_be_ok(verify_init(&v, SPAN_LIT(SAMPLE_ORIGIN), s.key.key));
            for (size_t k = 0; k < i; k++) {
                must_be_ok(verify_record(&v, sample_record(&s, k)));
            }
            bool at_once = err_is(verify_record(&v, (span){whole.ptr, len}));
            for (size_t k = i + 1; k < s.count; k++) {
                (void)err_is(verify_record(&v, sample_record(&s, k)));
            }
            assert_true(at_once || err_is(verify_end(&v).bad));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_changes_when_there_is_no_room, begin, end),
        cmocka_unit_test_setup_teardown(no_checkpoint_when_there_is_no_room, begin, end),
        cmocka_unit_test_setup_teardown(every_flipped_bit_is_noticed, begin, end),
        cmocka_unit_test_setup_teardown(a_record_gone_is_noticed, begin, end),
        cmocka_unit_test_setup_teardown(a_record_twice_is_noticed, begin, end),
        cmocka_unit_test_setup_teardown(records_out_of_place_are_noticed, begin, end),
        cmocka_unit_test_setup_teardown(a_record_cut_short_anywhere_is_noticed, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
