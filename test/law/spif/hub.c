/* SPDX-License-Identifier: Apache-2.0 */
#include "label/hub.h"
#include "cmocka_all.h"
#include "label/phrase.h"
#include "law/marking/generate.h"
#include "unit/spif/files.h"
#include <libxml/parser.h>
#include <stdlib.h>

#define GENERATED 50000

static struct policies all;
static struct scheme  *scheme[3];
static uint8_t         file[65536];

static const char *const shipped[] = {"policies/KOR.xml", "policies/JPN.xml", "policies/USA.xml"};

/* A label of the shipped policies has no Display Only, so what is only shown cannot be said by it */
static void what_can_be_said_comes_back(void **state)
{
    (void)state;
    struct dice d = {20161123};
    unsigned    said = 0, lost = 0;
    for (unsigned i = 0; i < GENERATED; i++) {
        uint8_t           p = (uint8_t)dice_below(&d, all.count);
        struct marking    m = dice_marking(&d, &all, p), back;
        struct label      l;
        struct label_loss loss;
        m.disclose_to = i % 2 == 0 ? m.release_to : m.disclose_to;
        err e = marking_label(&all, &m, scheme[p], &l, &loss);
        if (err_is(e)) {
            assert_true(loss.why != NULL &&
                        (m.disclose_to != m.release_to || err_is(marking_valid(&all, &m)) ||
                         !set_within(m.topics, all.policy[p].topics) ||
                         !set_within(m.disciplines, all.policy[p].disciplines)));
            lost++;
            continue;
        }
        assert_int_equal(m.disclose_to, m.release_to);
        assert_false(err_is(label_marking(&all, &l, m.originators, &back, &loss)));
        assert_true(marking_equal(&m, &back));
        said++;
    }
    print_message("%u markings came back, %u were refused\n", said, lost);
    assert_true(said > 100 && lost > 100);
}

static struct marking marking_of(const char *text)
{
    struct marking m;
    err            e = marking_read(&all, span_text(text), &m);
    if (err_is(e)) {
        print_error("%s: %s\n", text, e.why);
    }
    assert_false(err_is(e));
    return m;
}

static void release_to_nobody_is_read_by_nobody(void **state)
{
    (void)state;
    struct marking         m = marking_of("KOR:II of KOR about dprk-missile from radar");
    struct label           l;
    struct label_loss      loss;
    struct label_faults    faults;
    struct label_clearance c = {.scheme = scheme[0], .classes = 15, .categories = scheme[0]->known};
    assert_false(err_is(marking_label(&all, &m, scheme[0], &l, &loss)));
    assert_false(label_access(&l, &c, &faults));
    assert_int_equal(faults.count, 1);
    assert_int_equal(faults.fault[0].reason, REASON_NOBODY);
    m = marking_of("KOR:II of KOR about dprk-missile from radar to JPN");
    assert_false(err_is(marking_label(&all, &m, scheme[0], &l, &loss)));
    assert_true(label_access(&l, &c, &faults));
}

static void what_would_be_lost_is_named(void **state)
{
    (void)state;
    struct marking    m = marking_of("KOR:II of KOR about dprk-missile from radar to JPN show USA");
    struct label      l;
    struct label_loss loss;
    assert_true(err_is(marking_label(&all, &m, scheme[0], &l, &loss)));
    assert_true(span_is(loss.value, "USA"));
    m = marking_of("KOR:II of KOR about dprk-missile from radar to JPN");
    assert_true(err_is(marking_label(&all, &m, scheme[1], &l, &loss)));
    assert_true(span_is(loss.value, "JPN"));
    assert_false(err_is(marking_label(&all, &m, scheme[0], &l, &loss)));
    l.categories = (struct category_set){0};
    assert_true(err_is(label_marking(&all, &l, m.originators, &m, &loss)));
    assert_non_null(loss.why);
}

/* 군사 II급 비밀, 極秘: where the policy says that they stand */
static const struct {
    unsigned scheme;
    const char *class, *language;
    uint32_t    place;
    const char *shown;
} shown[] = {
    {0, "II", "ko", PLACE_PAGE, "군사 II급 비밀"},
    {0, "II", "ko-KR", PLACE_PAGE, "군사 II급 비밀"},
    {0, "II", "KO_kr", PLACE_PAGE, "군사 II급 비밀"},
    {0, "II", "en", PLACE_DOCUMENT_START, "MILITARY SECRET CLASS II"},
    {0, "II", "en", PLACE_PAGE, "II"},
    {0, "II", "ja", PLACE_ANY, "軍事II級秘密"},
    {0, "II", "fr", PLACE_ANY, "II"},
    {1, "GOKUHI", "ja", PLACE_PAGE, "極秘"},
    {1, "TOKUTEI-HIMITSU", "ja", PLACE_ANY, "特定秘密"},
    {1, "HI", "ja-JP", PLACE_ANY, "秘"},
    {1, "TOKUTEI-HIMITSU", "ko", PLACE_ANY, "특정비밀"},
};

static void levels_are_shown_in_three_languages(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
        const struct scheme *s = scheme[shown[i].scheme];
        uint8_t              buf[256];
        struct writer        w = WRITER_OF(buf);
        uint16_t class = scheme_class_by_name(s, span_text(shown[i].class));
        assert_int_not_equal(class, SCHEME_NONE);
        class_phrase(s, class, span_text(shown[i].language), shown[i].place, &w);
        if (!span_is(writer_span(&w), shown[i].shown)) {
            print_error("row %zu: '" SPAN_FMT "'\n", i, SPAN_ARG(writer_span(&w)));
        }
        assert_true(span_is(writer_span(&w), shown[i].shown));
    }
}

static int set_up(void **state)
{
    (void)state;
    static uint8_t       table[POLICY_TABLE_MAX];
    static const uint8_t digest[32];
    for (size_t i = 0; i < ARRAY_LEN(shipped); i++) {
        struct writer w = WRITER_OF(table);
        span          xml = file_of(shipped[i], file, sizeof file);
        if (err_is(spif_compile(xml, &w, NULL)) ||
            err_is(policy_read(&all, writer_span(&w), digest)) ||
            err_is(spif_scheme(xml, &scheme[i], NULL))) {
            return -1;
        }
    }
    return 0;
}

static int done(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(scheme); i++) {
        free(scheme[i]);
    }
    xmlCleanupParser();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_can_be_said_comes_back),
        cmocka_unit_test(release_to_nobody_is_read_by_nobody),
        cmocka_unit_test(what_would_be_lost_is_named),
        cmocka_unit_test(levels_are_shown_in_three_languages),
    };
    return cmocka_run_group_tests(tests, set_up, done);
}
