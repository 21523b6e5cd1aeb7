/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "ism/convert.h"
#include "law/marking/generate.h"
#include "unit/ism/policies.h"

/* A banner of the USA is written twice in this tree: by a policy's own words in marking/, by the
 * register's grammar here.  They agree on every byte, and each reads the other's. */
static void both_write_the_same_banner(void **state)
{
    (void)state;
    static struct policies all;
    const struct groups   *g = sample_groups();
    struct banner_context  context = {0, 1, 1};
    struct dice            d = {20161231};
    unsigned               compared = 0;
    sample_register(&all);
    for (unsigned i = 0; i < 50000; i++) {
        uint8_t          buf[2][BANNER_MAX];
        struct writer    by_policy = WRITER_OF(buf[0]), by_register = WRITER_OF(buf[1]);
        struct ism       m, again;
        struct ism_fault fault = {0};
        struct marking   read;
        struct marking   one = {.level = {0, (uint8_t)dice_below(&d, 4)},
                                .originators = 1,
                                .topics = 1,
                                .disciplines = 1,
                                .caveats = dice_set(&d, 2)};
        one.release_to = dice_set(&d, 7) & ~(set64)1;
        one.disclose_to = one.release_to | (dice_set(&d, 7) & ~(set64)1);
        assert_false(err_is(banner_write(&all, &one, &by_policy)));
        assert_false(err_is(ism_of_marking(g, &all, &one, &m, &fault)));
        if (err_is(ism_banner_write(g, &m, &by_register, &fault))) {
            assert_true(strcmp(fault.rule, "ORCON-LEVEL") == 0 ||
                        strcmp(fault.rule, "IMCON-LEVEL") == 0);
            continue;
        }
        assert_true(span_equal(writer_span(&by_policy), writer_span(&by_register)));
        assert_false(err_is(ism_banner_read(g, writer_span(&by_policy), &again, &fault)));
        assert_true(ism_equal(&m, &again));
        assert_false(err_is(ism_to_marking(g, &all, &context, &again, &read, &fault)));
        assert_true(marking_equal(&one, &read));
        compared++;
    }
    assert_true(compared > 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(both_write_the_same_banner)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
