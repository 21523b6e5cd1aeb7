/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include <stdio.h>

#include "law/label/generate.h"

/* The same decisions by the letter, category by category, without a set that was made before */

static struct made made, ruled;

static bool refers(const struct scheme *s, const struct scheme_ref *r, unsigned c)
{
    const struct scheme_tag *t = &s->tag[s->category[c].tag];
    return span_equal(s->set[t->set].name, r->set_name) && t->type == r->type &&
           (r->all || s->category[c].lacv == r->lacv);
}

static unsigned counted(const struct label *l, const struct scheme_ref *r, unsigned but)
{
    unsigned n = 0;
    for (unsigned c = 0; c < l->scheme->category_count; c++) {
        n += c != but && category_has(&l->categories, c) && refers(l->scheme, r, c);
    }
    return n;
}

/* Each need here has one reference, to one category, so that the three operations ask the same; a tag of
 * nobody counts as having it */
static bool has_needed(const struct label *l, const struct scheme_need *n)
{
    bool nobody = false;
    for (unsigned c = 0; c < l->scheme->category_count; c++) {
        unsigned t = l->scheme->category[c].tag;
        nobody |= refers(l->scheme, n->ref, c) && (l->nobody[0] >> t & 1) != 0;
    }
    return counted(l, n->ref, CATEGORIES_MAX) == 1 || nobody;
}

static bool slow_valid(const struct label *l)
{
    const struct scheme       *s = l->scheme;
    const struct scheme_class *k = &s->class[l->class];
    bool good = !k->obsolete && (k->need_count == 0 || has_needed(l, k->need));
    for (unsigned c = 0; c < s->category_count; c++) {
        const struct scheme_category *x = &s->category[c];
        if (!category_has(&l->categories, c)) {
            continue;
        }
        good = good && !x->obsolete && !set_has(x->excluded_classes, l->class) &&
               (x->need_count == 0 || has_needed(l, x->need)) &&
               (x->excluded_count == 0 || counted(l, x->excluded, c) == 0);
    }
    return good;
}

static bool slow_access(const struct label *l, const struct label_clearance *k)
{
    const struct scheme *s = l->scheme;
    bool                 may = slow_valid(l) && set_has(k->classes, l->class);
    for (unsigned t = 0; t < s->tag_count; t++) {
        unsigned has = 0, held = 0;
        for (unsigned c = s->tag[t].first; c < (unsigned)s->tag[t].first + s->tag[t].count; c++) {
            has += category_has(&l->categories, c);
            held += category_has(&l->categories, c) && category_has(&k->categories, c);
        }
        may = may && !(tag_is_restrictive(s->tag[t].type) && held < has) &&
              !(tag_is_permissive(s->tag[t].type) && has > 0 && held == 0) &&
              (l->nobody[0] >> t & 1) == 0;
    }
    return may;
}

static void compare(const struct scheme *s, uint64_t seed)
{
    struct dice d = {seed};
    unsigned    valid = 0, read = 0;
    for (unsigned i = 0; i < 100000; i++) {
        struct label_faults    faults;
        struct label           l = dice_label(&d, s);
        struct label_clearance c = dice_clearance(&d, s);
        bool                   fast = label_valid(&l, &faults);
        assert_int_equal(fast, slow_valid(&l));
        assert_true(fast == (faults.count == 0));
        valid += fast;
        bool may = label_access(&l, &c, &faults);
        assert_int_equal(may, slow_access(&l, &c));
        read += may;
    }
    print_message("%u of 100000 labels were valid, %u were read\n", valid, read);
    assert_true(read > 100);
}

static void access_is_what_the_letter_says(void **state)
{
    (void)state;
    compare(&made.s, 1);
    compare(&ruled.s, 2);
}

static int set_up(void **state)
{
    (void)state;
    struct dice            d = {77};
    struct scheme_problems problems = {0};
    made_scheme(&made, &d, false, &problems);
    made_scheme(&ruled, &d, true, &problems);
    ruled.category[5].obsolete = true;
    category_put(&ruled.s.obsolete, 5);
    for (unsigned i = 0; i < MADE_CLASSES; i++) {
        category_put(&ruled.class[i].barred, 5);
    }
    return problems.count == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(access_is_what_the_letter_says)};
    return cmocka_run_group_tests(tests, set_up, NULL);
}
