/* SPDX-License-Identifier: Apache-2.0 */
#include "cmocka_all.h"
#include "language/language.h"
#include "unit/agreement/sample.h"

static struct policies policies;

static const char *const head[] = {
    "    parties KOR, JPN\n",
    "    signed 2016-11-23\n",
    "    in force 2016-11-23\n",
    "    term 1 year from 2016-11-23, extended each year\n",
    "    notice 90 days\n",
    "    parameter T = 1 hour\n",
    "    define area SEA = polygon 1N 1E, 1N 2E, 2N 2E\n",
    "    define area BAY = within 9 km of 3N 3E\n",
    "    define window NIGHT = each day 22:00 to 06:00 UTC\n",
    "    define window AUGUST = 2026-08-01 to 2026-08-31\n",
    "    define reduction LESS = delay 60 s\n",
    "    define reduction COARSE = position to 10 km\n",
    "    define topics T2 = cyber, exercise\n",
};
static const char *const article[] = {
    "article 2 \"a\"\n    covers any between the parties up to KOR:II, JPN:GOKUHI\n",
    "article 4 \"b\"\n    KOR:II = JPN:GOKUHI, JPN:TOKUTEI-HIMITSU\n    KOR:III => JPN:HI\n",
    "article 5 \"c\"\n    either may release track, image from radar to the other about T2\n"
    "        copies at most 3\n",
    "article 6 \"d\"\n    never onward\n    never radar, human to PRK, USA\n    receipt within T\n",
    "article 7 \"f\"\n    never image in SEA during NIGHT unless reduced LESS\n"
    "    never thing in BAY during AUGUST unless reduced COARSE\n",
    "article 9 \"e\"\n    KOR may disclose any from any to JPN about any via USA at FLASH\n",
};

static unsigned next(uint64_t *s, unsigned below)
{
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    return (unsigned)(*s % below);
}

static void put_shuffled(uint64_t *s, const char *const *part, unsigned count, struct writer *w)
{
    const char *left[ARRAY_LEN(head)];
    memcpy(left, part, count * sizeof *left);
    for (; count > 0; count--) {
        unsigned k = next(s, count);
        put_text(w, left[k]);
        left[k] = left[count - 1];
    }
}

static void order_of_lines_of_the_head_and_of_articles_means_nothing(void **state)
{
    (void)state;
    static struct agreements  none;
    static struct agreement   a;
    static struct diagnostics d;
    static uint8_t            first[4096];
    size_t                    first_len = 0;
    uint64_t                  s = 88172645463325252u;
    for (unsigned round = 0; round < 300; round++) {
        uint8_t       text[4096], table[4096];
        struct writer w = WRITER_OF(text), t = WRITER_OF(table);
        put_text(&w, "agreement A \"a\"\n");
        put_shuffled(&s, head, ARRAY_LEN(head), &w);
        put_shuffled(&s, article, ARRAY_LEN(article), &w);
        d.count = d.errors = 0;
        assert_false(err_is(language_compile(writer_span(&w), &policies, texts_of(&none), &d, &a)));
        agreement_write(&policies, &a, &t);
        if (round == 0) {
            memcpy(first, table, t.len);
            first_len = t.len;
        }
        assert_true(span_equal(writer_span(&t), (span){first, first_len}));
    }
}

/* A line more, a word less: another table, so another digest to sign. */
static void every_clause_counts(void **state)
{
    (void)state;
    static struct agreements  none;
    static struct agreement   a;
    static struct diagnostics d;
    size_t                    len[ARRAY_LEN(article)] = {0};
    for (unsigned leave = 0; leave < ARRAY_LEN(article); leave++) {
        uint8_t       text[4096], table[4096];
        struct writer w = WRITER_OF(text), t = WRITER_OF(table);
        put_text(&w, "agreement A \"a\"\n");
        for (unsigned i = 0; i < ARRAY_LEN(head); i++) {
            put_text(&w, head[i]);
        }
        for (unsigned i = 0; i < ARRAY_LEN(article); i++) {
            put_text(&w, i == leave ? "" : article[i]);
        }
        d.count = d.errors = 0;
        assert_false(err_is(language_compile(writer_span(&w), &policies, texts_of(&none), &d, &a)));
        agreement_write(&policies, &a, &t);
        len[leave] = t.len;
        for (unsigned i = 0; i < leave; i++) {
            assert_int_not_equal(len[i], len[leave]);
        }
    }
}

static int names_of_one(void **state)
{
    (void)state;
    sample_policies(&policies, false);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_of_lines_of_the_head_and_of_articles_means_nothing),
        cmocka_unit_test(every_clause_counts),
    };
    return cmocka_run_group_tests(tests, names_of_one, NULL);
}
