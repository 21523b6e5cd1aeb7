/* links: language */
/* SPDX-License-Identifier: Apache-2.0 */
#include "language/language.h"
#include "../test/unit/agreement/sample.h"
#include "language/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct policies    all;
static struct agreements  parents;
static struct diagnostics d;

static const char above[] =
    "agreement GSOMIA \"above\"\n    parties KOR, JPN\n    after end return\n"
    "    define area SEA = within 9 km of 1N 1E\n"
    "    covers any between the parties up to KOR:II, JPN:GOKUHI\n    KOR:II = JPN:GOKUHI\n"
    "    never onward\n    never human in SEA\n    receipt within 24 hours\n    copies at most 3\n";

static void start(void)
{
    sample_policies(&all, false);
    MUST(!err_is(language_compile(span_text(above), &all, texts_of(&parents), &d,
                                  &parents.agreement[parents.count])));
    parents.count++;
}

static void put_both(span text)
{
    static uint8_t buf[1 << 16];
    struct writer  w = WRITER_OF(buf);
    diagnostics_put(&d, DIAGNOSTIC_TEXT, SPAN_LIT("x"), text, &w);
    diagnostics_put(&d, DIAGNOSTIC_JSON, SPAN_LIT("x"), text, &w);
}

/* Judged, with a place for each reason; its table when it is good. */
static bool table_of(span text, struct writer *w)
{
    static struct agreement a;
    static struct rules     r;
    d.count = d.errors = d.left_out = 0;
    bool rules = language_is_rules(text);
    err  e = rules ? language_check_rules(text, &all, texts_of(&parents), &d, &r)
                   : language_check(text, &all, texts_of(&parents), &d, &a);
    MUST(err_is(e) == (d.errors > 0));
    for (unsigned i = 0; i < d.count; i++) {
        MUST(d.item[i].at.line > 0 && d.item[i].at.column > 0 && d.item[i].sentence[0] != '\0');
    }
    put_both(text);
    if (err_is(e)) {
        return false;
    }
    if (rules) {
        rules_write(&all, &r, w);
    } else {
        agreement_write(&all, &a, w);
    }
    MUST(!w->bad);
    return true;
}

static bool formatted(span text, struct writer *w)
{
    d.count = d.errors = d.left_out = 0;
    return !err_is(language_format(text, &d, w));
}

/* What is formatted is judged as before, compiles to the same and is not changed again. */
static void check_format(span text, bool good, const struct writer *table)
{
    static uint8_t one[LEX_TEXT_MAX], two[LEX_TEXT_MAX], again[AGREEMENT_TABLE_MAX];
    struct writer  w = WRITER_OF(one), v = WRITER_OF(two), t = WRITER_OF(again);
    if (!formatted(text, &w)) {
        return;
    }
    MUST(formatted(writer_span(&w), &v) && span_equal(writer_span(&w), writer_span(&v)));
    MUST(table_of(writer_span(&w), &t) == good);
    MUST(span_equal(writer_span(&t), writer_span(table)));
}

/* A text is refused with a reason that has a place in it, or has a table. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static uint8_t table[AGREEMENT_TABLE_MAX];
    struct writer  w = WRITER_OF(table);
    span           text = {data, len};
    if (parents.count == 0) {
        start();
    }
    bool good = table_of(text, &w);
    check_format(text, good, &w);
    return 0;
}
