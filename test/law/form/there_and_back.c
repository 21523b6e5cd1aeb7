/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "cmocka_all.h"
#include "form/form.h"
#include "law/label/generate.h"
#include "unit/form/sample.h"

#define GENERATED 4000

static struct form_reader reader;
static uint8_t            written[FORM_MAX];

/* Any label of the scheme, valid or not: a form says what it is told */
static struct label any_label(struct dice *d, const struct scheme *s)
{
    struct label l = {.scheme = s, .privacy = SCHEME_NONE};
    unsigned     one_in = 1 + dice_below(d, 30);
    l.class = (uint16_t)dice_below(d, s->class_count);
    if (s->privacy_count > 0 && dice_below(d, 2) == 0) {
        l.privacy = (uint16_t)dice_below(d, s->privacy_count);
    }
    for (unsigned i = 0; i < s->category_count && dice_below(d, 40) != 0; i++) {
        if (dice_below(d, one_in) == 0) {
            category_put(&l.categories, i);
        }
    }
    return l;
}

static struct label_record any_record(struct dice *d, const struct scheme *s)
{
    struct label_record r = label_record_of(s);
    r.label = any_label(d, s);
    r.kind = (enum label_kind)dice_below(d, LABEL_KIND_COUNT);
    r.has_created = dice_below(d, 8) != 0;
    r.created = (instant)(dice_roll(d) % 4000000000000);
    r.has_review = dice_below(d, 2) == 0;
    r.review = (instant)(dice_roll(d) % 4000000000000) / 1000 * 1000;
    r.has_successor = dice_below(d, 4) == 0;
    r.succession = (instant)(dice_roll(d) % 4000000000000);
    r.successor = any_label(d, s);
    if (dice_below(d, 2) == 0) {
        r.originator_type = (enum originator_type)(1 + dice_below(d, ORIGINATOR_TYPE_COUNT - 1));
        (void)snprintf(r.originator, sizeof r.originator, "CN=\"%u\" <한글> & 'x'",
                       dice_below(d, 1000));
    }
    if (dice_below(d, 2) == 0) {
        (void)snprintf(r.id, sizeof r.id, "id-%u", dice_below(d, 1000));
    }
    return r;
}

/* A form writes all that it was given, or nothing: what a form cannot carry is first refused, then left
 * out on our own word, and what comes back is what was then written */
static bool comes_back(const struct form *f, struct label_record r, unsigned *refused)
{
    struct label_record back;
    struct form_problem p;
    struct writer       w = WRITER_OF(written);
    unsigned            lost = record_losses(f, &r);
    err                 e = form_write(f, &r, &w, &p);
    assert_true(lost == 0 || err_is(e));
    assert_true(err_is(e) == (p.why != NULL));
    record_without(&r, lost);
    w = WRITER_OF(written);
    if (err_is(form_write(f, &r, &w, &p))) {
        ++*refused;
        return false;
    }
    e = form_read(f, &reader, writer_span(&w), &back);
    if (err_is(e)) {
        print_error("%s: %s '%s' in " SPAN_FMT "\n", f->name, e.why, reader.problem.value,
                    SPAN_ARG(writer_span(&w)));
    }
    assert_false(err_is(e));
    assert_int_equal(reader.deviations, 0);
    if (!records_equal(&r, &back)) {
        print_error("%s: " SPAN_FMT "\n", f->name, SPAN_ARG(writer_span(&w)));
    }
    assert_true(records_equal(&r, &back));
    assert_ptr_equal(form_guess(writer_span(&w)), f);
    return true;
}

static void what_is_written_reads_the_same(void **state)
{
    (void)state;
    const struct catalog *all = sample_catalog();
    unsigned              forms;
    const struct form    *f = form_table(&forms);
    struct dice           d = {20161123};
    form_reader_init(&reader, all, false);
    for (unsigned i = 0; i < forms; i++) {
        unsigned same = 0, refused = 0;
        for (unsigned n = 0; n < GENERATED && f[i].write != NULL; n++) {
            unsigned of = dice_below(&d, all->count);
            same += comes_back(&f[i], any_record(&d, all->entry[of].scheme), &refused);
        }
        print_message("%s: %u records came back, %u were refused\n", f[i].name, same, refused);
        assert_true(f[i].write == NULL || same > 100);
    }
}

static struct label_clearance any_clearance(struct dice *d, const struct scheme *s)
{
    struct label           l = any_label(d, s);
    struct label_clearance c = {.scheme = s, .categories = l.categories};
    while (c.classes == 0) {
        c.classes = dice_roll(d) & (set_one(s->class_count) - 1);
    }
    for (unsigned w = 0; w < s->words; w++) {
        c.categories.word[w] &= ~s->informative.word[w];
    }
    return c;
}

static void clearances_do_as_well(void **state)
{
    (void)state;
    const struct catalog *all = sample_catalog();
    unsigned              forms;
    const struct form    *f = form_table(&forms);
    struct dice           d = {1};
    form_reader_init(&reader, all, false);
    for (unsigned i = 0; i < forms; i++) {
        unsigned same = 0, refused = 0;
        for (unsigned n = 0; n < GENERATED && f[i].clearance_write != NULL; n++) {
            struct label_clearance c = any_clearance(&d,
                                                     all->entry[dice_below(&d, all->count)].scheme),
                                   back;
            struct form_problem p;
            struct writer       w = WRITER_OF(written);
            if (err_is(form_clearance_write(&f[i], &c, &w, &p))) {
                refused++;
                continue;
            }
            assert_false(err_is(form_clearance_read(&f[i], &reader, writer_span(&w), &back)));
            assert_ptr_equal(back.scheme, c.scheme);
            assert_true(back.classes == c.classes);
            assert_memory_equal(&back.categories, &c.categories, sizeof c.categories);
            same++;
        }
        print_message("%s: %u clearances came back, %u were refused\n", f[i].name, same, refused);
        assert_true(f[i].clearance_write == NULL || same > 100);
    }
}

/* Every change of one byte is refused or says something that is written as it then reads */
static void one_byte_changed_is_never_misread(void **state)
{
    (void)state;
    static uint8_t     changed[FORM_MAX], again[FORM_MAX];
    unsigned           forms, taken = 0;
    const struct form *f = form_table(&forms);
    struct dice        d = {7};
    for (unsigned i = 0; i < forms; i++) {
        for (unsigned n = 0; n < 300 && f[i].write != NULL; n++) {
            struct label_record r = any_record(&d, sample_scheme(n % 2 == 0 ? "SAMPLE" : "TLP")),
                                back, third;
            struct form_problem p;
            struct writer       w = WRITER_OF(changed), v = WRITER_OF(again);
            r.has_created = true;
            record_without(&r, record_losses(&f[i], &r));
            if (err_is(form_write(&f[i], &r, &w, &p))) {
                continue;
            }
            changed[dice_below(&d, (unsigned)w.len)] ^= (uint8_t)(1u << dice_below(&d, 8));
            if (err_is(form_read(&f[i], &reader, writer_span(&w), &back))) {
                assert_non_null(reader.problem.why);
                continue;
            }
            taken++;
            assert_false(err_is(form_write(&f[i], &back, &v, &p)));
            assert_false(err_is(form_read(&f[i], &reader, writer_span(&v), &third)));
            assert_true(records_equal(&back, &third));
        }
    }
    print_message("%u changed labels were still labels\n", taken);
}

static int done(void **state)
{
    (void)state;
    for (unsigned i = 0; i < sample_catalog()->count; i++) {
        const void *scheme = sample_catalog()->entry[i].scheme;
        void       *block;
        memcpy(&block, &scheme, sizeof block);
        free(block);
    }
    return 0;
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(what_is_written_reads_the_same),
        cmocka_unit_test(clearances_do_as_well),
        cmocka_unit_test(one_byte_changed_is_never_misread),
    };
    return cmocka_run_group_tests(all, NULL, done);
}
