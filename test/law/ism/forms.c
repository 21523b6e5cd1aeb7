/* SPDX-License-Identifier: Apache-2.0 */
#include "ism/attributes.h"
#include "law/ism/generate.h"

#define GENERATED 20000

static void lines_read_back_the_same(void **state)
{
    (void)state;
    const struct groups *g = sample_groups();
    struct dice          d = {20160101};
    for (unsigned i = 0; i < GENERATED; i++) {
        uint8_t          buf[2][ISM_LINE_MAX];
        struct writer    banner = WRITER_OF(buf[0]), portion = WRITER_OF(buf[1]);
        struct ism       m, again;
        struct ism_fault fault = {0};
        dice_ism(&d, g, &m);
        assert_false(err_is(ism_banner_write(g, &m, &banner, &fault)));
        assert_false(err_is(ism_banner_read(g, writer_span(&banner), &again, &fault)));
        assert_true(ism_equal(&m, &again));
        assert_false(err_is(ism_portion_write(g, &m, &portion, &fault)));
        assert_false(err_is(ism_portion_read(g, writer_span(&portion), NULL, &again, &fault)));
        assert_true(ism_equal(&m, &again));
    }
}

struct kept {
    struct ism_attribute each[ISM_ATTRIBUTES_MAX];
    size_t               count, used;
    uint8_t              bytes[16384];
};

static err keep(void *to, span attribute, span value)
{
    struct kept *k = to;
    assert_true(k->used + value.len <= sizeof k->bytes);
    memcpy(k->bytes + k->used, value.ptr, value.len);
    k->each[k->count++] = (struct ism_attribute){attribute, {k->bytes + k->used, value.len}};
    k->used += value.len;
    return OK;
}

static void attributes_read_back_the_same(void **state)
{
    (void)state;
    const struct groups *g = sample_groups();
    struct dice          d = {20211101};
    static struct kept   k;
    for (unsigned i = 0; i < GENERATED; i++) {
        struct ism       m, again;
        struct ism_fault fault = {0};
        dice_ism(&d, g, &m);
        assert_false(err_is(ism_text_set(&m, ISM_CLASSIFIED_BY, SPAN_LIT("Somebody, 김철수"))));
        assert_false(err_is(ism_text_set(&m, ISM_DECLASS_DATE, SPAN_LIT("2051-11-22"))));
        m.flags |= dice_one_in(&d, 2) ? ISM_BIT(ISM_EXCLUDED) : 0;
        k.count = k.used = 0;
        assert_false(err_is(ism_attributes_write(g, &m, keep, &k, &fault)));
        assert_false(err_is(ism_attributes_read(g, k.each, k.count, &again, &fault)));
        assert_true(ism_equal(&m, &again));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_read_back_the_same),
        cmocka_unit_test(attributes_read_back_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
