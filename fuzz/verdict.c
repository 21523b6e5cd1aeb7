/* links: release */
/* SPDX-License-Identifier: Apache-2.0 */
/* Policies, agreements, rules and crossings made of the input's bytes: the table and the reference say the same of each,
 * and a crossing and its verdict are written, read back and written again as they were. */
#include "base/lines.h"
#include "twin/release/cases.h"

#define CROSSINGS_MAX 12

static struct tables tables;
static struct index  rows;

static void there_and_back(const struct crossing *c, const struct verdict *v)
{
    static uint8_t  one[CROSSING_TEXT_MAX], other[CROSSING_TEXT_MAX], said[VERDICT_TEXT_MAX];
    struct writer   w = WRITER_OF(one), again = WRITER_OF(other), verdict = WRITER_OF(said);
    struct crossing read;
    if ((v->failed >> STEP_MARKING & 1) != 0) {
        return; /* a marking that is not valid has no text of its own */
    }
    crossing_format(&tables, c, &w);
    verdict_format(&tables, v, &verdict);
    MUST(!w.bad && !verdict.bad);
    struct lines lines = lines_of(writer_span(&w));
    MUST(!err_is(crossing_read(&tables, &lines, &read)) && !err_is(lines_end(&lines)));
    crossing_format(&tables, &read, &again);
    MUST(!again.bad && span_equal(writer_span(&w), writer_span(&again)));
    MUST(!err_is(verdict_check(&tables, writer_span(&w), writer_span(&verdict))));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct dice d = {.from = data, .left = len};
    tables_make(&d, &tables);
    index_build(&tables, &rows);
    for (unsigned i = 0; i < CROSSINGS_MAX && (i == 0 || d.left > 0); i++) {
        struct crossing c = crossing_make(&d, &tables);
        struct verdict  read = verdict_by_reading(&tables, &c);
        struct verdict  looked_up = verdict_by_table(&tables, &rows, &c);
        MUST(verdict_equal(&read, &looked_up));
        there_and_back(&c, &read);
        struct opening o = opening_make(&d, &tables);
        MUST(opening_by_reading(&tables, &o) == opening_by_table(&tables, &o));
    }
    return 0;
}
