/* SPDX-License-Identifier: Apache-2.0 */
#include "ismform/ismform.h"
#include "law/ism/generate.h"

#define GENERATED 4000

/* Half of them with what forms beyond a line carry, so that both sides of each limit are met */
static void dice_more(struct dice *d, struct ism *m)
{
    static const char *const days[] = {"2051-11-22", "2031-02-28"};
    if (dice_one_in(d, 2)) {
        return;
    }
    if (dice_one_in(d, 3)) {
        MUST(!err_is(ism_text_set(m, ISM_DECLASS_DATE, span_text(days[dice_below(d, 2)]))));
    }
    if (dice_one_in(d, 3)) {
        MUST(!err_is(ism_text_set(m, ISM_CLASSIFIED_BY, SPAN_LIT("J. Doe & <Son>, \"Chief\""))));
    }
    if (dice_one_in(d, 4)) {
        MUST(!err_is(ism_text_set(m, ISM_DERIVED_FROM, SPAN_LIT("Guide 2, 2024"))));
    }
    if (dice_one_in(d, 5)) {
        MUST(!err_is(ism_text_set(m, ISM_REASON, SPAN_LIT("김철수"))));
    }
    m->flags |= dice_one_in(d, 6) ? ISM_BIT(ISM_EXCLUDED) : 0;
}

/* What is written reads as the same; what is not names what would be lost */
static void form_holds(const struct ismform *f)
{
    const struct groups *g = sample_groups();
    struct dice          d = {20260101};
    unsigned             said = 0;
    for (unsigned i = 0; i < GENERATED; i++) {
        static uint8_t         buf[ISMFORM_BYTES_MAX];
        struct writer          w = WRITER_OF(buf);
        struct ism             m, again;
        struct ismform_problem p;
        dice_ism(&d, g, &m);
        dice_more(&d, &m);
        err e = ismform_write(f, g, &m, &w, &p);
        if (err_is(e)) {
            assert_int_equal(w.len, 0);
            assert_non_null(p.fault.rule);
            assert_true(p.fault.name[0] != '\0' || p.fault.value[0] != '\0');
            continue;
        }
        said++;
        assert_false(err_is(ismform_read(f, g, writer_span(&w), &again, &p)));
        assert_true(ism_equal(&m, &again));
    }
    print_message("%s: %u of %u can be said\n", f->name, said, GENERATED);
    assert_true(said > 0);
}

static void every_form_reads_back_the_same(void **state)
{
    (void)state;
    for (const struct ismform *f = ismforms; f->name != NULL; f++) {
        form_holds(f);
    }
}

/* A form that has all attributes says every marking */
static void attributes_say_everything(void **state)
{
    (void)state;
    static const char *const all[] = {"ism-xml", "ism-json"};
    const struct groups     *g = sample_groups();
    struct dice              d = {7};
    for (unsigned i = 0; i < 2 * GENERATED; i++) {
        static uint8_t         buf[ISMFORM_BYTES_MAX];
        struct writer          w = WRITER_OF(buf);
        struct ism             m;
        struct ismform_problem p;
        dice_ism(&d, g, &m);
        dice_more(&d, &m);
        assert_false(err_is(ismform_write(ismform_find(span_text(all[i % 2])), g, &m, &w, &p)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_reads_back_the_same),
        cmocka_unit_test(attributes_say_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
