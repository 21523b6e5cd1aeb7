/* SPDX-License-Identifier: Apache-2.0 */
/* What is formatted compiles to the same, is made the same again, and keeps every comment: of shipped texts, of
 * generated ones and of such with slips in them. */
#include "language/format.h"
#include "cmocka_all.h"
#include "language/language.h"
#include "law/language/roll.h"
#include "unit/agreement/sample.h"

#include <stdio.h>

#define TEXT_MAX 65536

static struct policies    policies;
static struct agreements  none;
static struct diagnostics d;

/* The table of a text, without a digest of the text; false when it does not compile. */
static bool table_of(span text, struct writer *w)
{
    static struct agreement a;
    static struct rules     r;
    d.count = d.errors = d.left_out = 0;
    if (language_is_rules(text)) {
        if (err_is(language_compile_rules(text, &policies, &d, &r))) {
            return false;
        }
        rules_write(&policies, &r, w);
    } else {
        if (err_is(language_compile(text, &policies, texts_of(&none), &d, &a))) {
            return false;
        }
        agreement_write(&policies, &a, w);
    }
    assert_false(w->bad);
    return true;
}

static bool formatted(span text, struct writer *w)
{
    d.count = d.errors = d.left_out = 0;
    return !err_is(language_format(text, &d, w));
}

static unsigned count_of(span text, uint8_t wanted)
{
    unsigned count = 0;
    for (size_t i = 0; i < text.len; i++) {
        count += text.ptr[i] == wanted;
    }
    return count;
}

/* Holds for whatever reads; returns whether the text did. */
static bool law_holds(span text)
{
    static uint8_t one[TEXT_MAX], two[TEXT_MAX], table[AGREEMENT_TABLE_MAX],
        again[AGREEMENT_TABLE_MAX];
    struct writer w = WRITER_OF(one), v = WRITER_OF(two), t = WRITER_OF(table),
                  u = WRITER_OF(again);
    if (!formatted(text, &w)) {
        assert_false(table_of(text, &t));
        return false;
    }
    assert_true(formatted(writer_span(&w), &v));
    assert_true(span_equal(writer_span(&w), writer_span(&v)));
    assert_int_equal(count_of(text, '#'), count_of(writer_span(&w), '#'));
    assert_int_equal(count_of(text, '"'), count_of(writer_span(&w), '"'));
    bool compiles = table_of(text, &t);
    assert_int_equal(compiles, table_of(writer_span(&w), &u));
    assert_true(span_equal(writer_span(&t), writer_span(&u)));
    return compiles;
}

/* ---- shipped texts, and such with slips ---- */

static const char *const path[] = {
    "agreements/gsomia.agreement",       "agreements/kor-usa-1987.agreement",
    "agreements/jpn-usa-2007.agreement", "agreements/tisa.agreement",
    "agreements/exchange.agreement",     "agreements/warning-data-2023.agreement",
    "agreements/rules/KOR.rules",        "agreements/rules/JPN.rules",
    "agreements/rules/USA.rules",
};

static span shipped(const char *file)
{
    static uint8_t buf[TEXT_MAX];
    FILE          *f = fopen(file, "rb");
    assert_non_null(f);
    size_t len = fread(buf, 1, sizeof buf, f);
    (void)fclose(f);
    return (span){buf, len};
}

static void shipped_texts_stay_what_they_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(path); i++) {
        assert_true(law_holds(shipped(path[i])));
    }
}

/* A byte more, less or another, of those that mean something. */
static span slip(span text)
{
    static uint8_t    buf[TEXT_MAX + 1];
    static const char some[] = " \n\t,#\"=>aT0:";
    size_t            at = roll((unsigned)text.len), kind = roll(3);
    struct writer     w = WRITER_OF(buf);
    put_span(&w, (span){text.ptr, at});
    if (kind != 0) {
        put_u8(&w, (uint8_t)some[roll(sizeof some - 1)]);
    }
    put_span(&w, (span){text.ptr + at + (kind != 1), text.len - at - (kind != 1)});
    return writer_span(&w);
}

static void slips_are_kept_or_refused(void **state)
{
    (void)state;
    unsigned kept = 0;
    for (unsigned round = 0; round < 3000; round++) {
        kept += law_holds(slip(shipped(path[roll(ARRAY_LEN(path))])));
    }
    assert_in_range(kept, 300, 2900);
}

/* ---- generated texts ---- */

static struct writer g;

static void put_one(const char *const *list)
{
    unsigned count = 0;
    while (list[count] != NULL) {
        count++;
    }
    put_text(&g, list[roll(count)]);
}
#define ONE(...) put_one((const char *const[]){__VA_ARGS__, NULL})

static void put_gap(void)
{
    ONE(" ", " ", "  ", "\t");
}

static void put_end(void)
{
    ONE("", "", " ", "  # why", "\t#why  ", " #  한국어");
    put_text(&g, "\n");
    ONE("", "", "", "\n", "\n\n\n", "  \n", "# at the margin\n", "      # within\n\n");
}

/* Parts of a scope, each at most once, in any order. */
static void put_parts(const char *const *part, unsigned count)
{
    unsigned left[16];
    for (unsigned i = 0; i < count; i++) {
        left[i] = i;
    }
    for (unsigned n = roll(count + 1); n > 0; n--) {
        unsigned k = roll(count);
        put_gap();
        put_text(&g, part[left[k]]);
        left[k] = left[--count];
    }
}

static const char *const part_of_may[] = {"up to  SECRETS", "via PRK",         "in SEA",
                                          "during\tNIGHT",  "reduced  COARSE", "at FLASH"};
static const char *const part_of_never[] = {"from radar",   "about cyber , exercise", "to KOR",
                                            "via USA",      "up to KOR:II",           "in SEA",
                                            "during NIGHT", "unless reduced COARSE"};

static void put_duty(void)
{
    ONE("receipt  within 3 hours", "copies at most 4",
        "destroy within 9 days  with certificate by 2 persons", "readers on registry",
        "never for another purpose");
}

static void put_clause(const char *indent)
{
    put_text(&g, indent);
    switch (roll(5)) {
    case 0:
        put_text(&g, "KOR may release track ,warning  from radar to JPN about cyber");
        put_parts(part_of_may, ARRAY_LEN(part_of_may));
        break;
    case 1:
        put_text(&g, "either  may disclose any from any to the other about MISSILES");
        put_parts(part_of_may, ARRAY_LEN(part_of_may));
        break;
    case 2:
        put_text(&g, "never image,thing");
        put_parts(part_of_never, ARRAY_LEN(part_of_never));
        ONE("", " without prior written  approval of the originator");
        break;
    case 3:
        put_text(&g, "note  \"a  # b, \tc\"");
        break;
    default:
        put_duty();
    }
    put_end();
    while (roll(3) == 0) {
        put_text(&g, indent);
        ONE("  ", "    ", "\t", " ", "");
        put_duty();
        put_end();
    }
}

static const char *const measure[] = {"position to 10  km", "height to 500 m",
                                      "pixels to 1 m",      "delay 60 s",
                                      "every 10 s",         "without source ,height"};

static void put_reduction(const char *indent)
{
    unsigned left[ARRAY_LEN(measure)], count = ARRAY_LEN(measure), want = 1 + roll(count);
    put_text(&g, indent);
    put_text(&g, "define reduction COARSE =");
    for (unsigned i = 0; i < count; i++) {
        left[i] = i;
    }
    for (unsigned i = 0; i < want; i++) {
        unsigned k = roll(count);
        put_text(&g, i > 0 ? "," : "");
        put_gap();
        put_text(&g, measure[left[k]]);
        left[k] = left[--count];
    }
    put_end();
}

static span generated(void)
{
    static uint8_t     buf[TEXT_MAX];
    static const char *indent[] = {" ", "    ", "\t", "  \t"};
    const char        *in = indent[roll(ARRAY_LEN(indent))];
    g = WRITER_OF(buf);
    ONE("", "# first\n\n", "\n\n  # second\n");
    ONE("agreement A  \"a\"", "agreement  A \"에이\" # not a note");
    put_text(&g, "\n");
    const char *const line[] = {"parties KOR ,JPN", "define levels SECRETS = KOR:II,JPN:GOKUHI",
                                "define area SEA = polygon 1N 1E,1N  2E , 2N 2E",
                                "define topics MISSILES = dprk-missile",
                                "define window NIGHT = each day 22:00 to 06:00 UTC"};
    for (size_t i = 0; i < ARRAY_LEN(line); i++) {
        put_text(&g, in);
        put_text(&g, line[i]);
        put_end();
    }
    put_reduction(in);
    for (unsigned n = 0; n < 1 + roll(4); n++) {
        char title[64];
        (void)snprintf(title, sizeof title, "article  %u \"x\"\n", n + 1);
        put_text(&g, title);
        for (unsigned k = roll(5); k > 0; k--) {
            put_clause(in);
        }
    }
    assert_false(g.bad);
    return writer_span(&g);
}

static void generated_texts_stay_what_they_are(void **state)
{
    (void)state;
    unsigned compiled = 0;
    for (unsigned round = 0; round < 3000; round++) {
        compiled += law_holds(generated());
    }
    assert_in_range(compiled, 500, 2999);
}

static void the_canonical_form_is_this(void **state)
{
    (void)state;
    static uint8_t buf[2048];
    struct writer  w = WRITER_OF(buf);
    assert_true(formatted(
        SPAN_LIT("#a  \n\n\nagreement A  \"a\"#b\n  parties   KOR ,JPN\n"
                 "  define reduction R = without source,height , height to 5 m,position to 1 km\n"
                 " \n#c\n\n\narticle 1 \"x\"\n#d\n"
                 "\tKOR may release track from radar to JPN about cyber at FLASH up to KOR:II\n"
                 "\t  # e\n\t   copies at most 1 #f\n\t# g\narticle 2 \"y\"\n # h"),
        &w));
    static const char *const wanted =
        "#a\n\nagreement A \"a\"  #b\n    parties KOR, JPN\n"
        "    define reduction R = position to 1 km, height to 5 m, without source, height\n"
        "\n#c\n\narticle 1 \"x\"\n    #d\n"
        "    KOR may release track from radar to JPN about cyber up to KOR:II at FLASH\n"
        "        # e\n        copies at most 1  #f\n    # g\n\narticle 2 \"y\"\n    # h\n";
    assert_string_equal((const char *)buf, wanted);
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
        cmocka_unit_test(the_canonical_form_is_this),
        cmocka_unit_test(shipped_texts_stay_what_they_are),
        cmocka_unit_test(slips_are_kept_or_refused),
        cmocka_unit_test(generated_texts_stay_what_they_are),
    };
    return cmocka_run_group_tests(tests, names_of_one, NULL);
}
