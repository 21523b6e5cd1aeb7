/* links: release */
/* SPDX-License-Identifier: Apache-2.0 */
#include "../test/unit/release/sample.h"
#include "base/lines.h"
#include "release/index.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* What is read writes itself back as the very same bytes, and both evaluations agree on it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct tables t;
    static struct index  rows;
    uint8_t              text[CROSSING_TEXT_MAX], verdict[VERDICT_TEXT_MAX];
    struct writer        w = WRITER_OF(text), v = WRITER_OF(verdict);
    struct crossing      c;
    struct lines         l = lines_of((span){data, len});
    struct ruling        ruling;
    if (t.agreements.count == 0) {
        sample_tables(&t);
        index_build(&t, &rows);
    }
    (void)!err_is(ruling_read((span){data, len}, &ruling));
    if (err_is(crossing_read(&t, &l, &c))) {
        return 0;
    }
    crossing_format(&t, &c, &w);
    span taken = {data, len - l.rest.len};
    MUST(!w.bad && span_equal(writer_span(&w), taken));
    bool           differ = true;
    struct verdict decided = verdict_decide(&t, &rows, &c, &differ);
    MUST(!differ);
    verdict_format(&t, &decided, &v);
    MUST(!err_is(verdict_check(&t, taken, writer_span(&v))));
    return 0;
}
