/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "law/marking/generate.h"
#include "marking/banner.h"

#define GENERATED 100000

static struct policies all;

static void canonical_text_reads_back(void **state)
{
    (void)state;
    struct dice d = {42};
    for (unsigned i = 0; i < GENERATED; i++) {
        struct marking m = dice_marking(&d, &all, (uint8_t)dice_below(&d, all.count)), back;
        uint8_t        buf[4096];
        struct writer  w = WRITER_OF(buf);
        marking_format(&all, &m, &w);
        assert_false(w.bad);
        assert_false(err_is(marking_read(&all, writer_span(&w), &back)));
        assert_true(marking_equal(&m, &back));
    }
}

/* Of which a banner can be written: originated by the party of its policy, given to others */
static struct marking bannered(struct dice *d)
{
    uint8_t        policy = (uint8_t)dice_below(d, all.count);
    struct marking m = dice_marking(d, &all, policy);
    unsigned       self = 0;
    MUST(!err_is(names_find(&all.parties, name_span(&all.policy[policy].name), &self)));
    m.originators = set_one(self);
    m.release_to &= ~m.originators;
    m.disclose_to &= ~m.originators;
    return m;
}

static void banner_lines_read_back(void **state)
{
    (void)state;
    struct dice d = {43};
    for (unsigned i = 0; i < GENERATED; i++) {
        struct marking        m = bannered(&d), back;
        struct banner_context c = {m.level.policy, m.topics, m.disciplines};
        uint8_t               buf[BANNER_MAX];
        struct writer         w = WRITER_OF(buf);
        assert_false(err_is(banner_write(&all, &m, &w)));
        assert_false(err_is(banner_read(&all, &c, writer_span(&w), &back)));
        assert_true(marking_equal(&m, &back));
    }
}

/* One byte away from a banner is no banner, or that of another marking, which writes these bytes */
static void a_spoilt_banner_is_never_mistaken(void **state)
{
    (void)state;
    struct dice d = {44};
    unsigned    refused = 0;
    for (unsigned i = 0; i < GENERATED; i++) {
        struct marking        m = bannered(&d), other;
        struct banner_context c = {m.level.policy, m.topics, m.disciplines};
        uint8_t               buf[BANNER_MAX], again[BANNER_MAX];
        struct writer         w = WRITER_OF(buf), x = WRITER_OF(again);
        assert_false(err_is(banner_write(&all, &m, &w)));
        buf[dice_below(&d, (unsigned)w.len)] ^= (uint8_t)(1 + dice_below(&d, 255));
        if (err_is(banner_read(&all, &c, writer_span(&w), &other))) {
            refused++;
            continue;
        }
        assert_false(marking_equal(&m, &other));
        assert_false(err_is(banner_write(&all, &other, &x)));
        assert_true(span_equal(writer_span(&w), writer_span(&x)));
    }
    assert_true(refused > GENERATED / 2);
}

static int set_up(void **state)
{
    (void)state;
    dice_policies(&all);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_text_reads_back),
        cmocka_unit_test(banner_lines_read_back),
        cmocka_unit_test(a_spoilt_banner_is_never_mistaken),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
