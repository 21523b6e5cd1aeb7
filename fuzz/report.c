/* links: feed */
/* SPDX-License-Identifier: Apache-2.0 */
/* An encoded report: what is taken encodes to the same bytes */
#include "feed/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct report r;
    if (!err_is(report_decode((span){data, len}, &r))) {
        uint8_t       buf[REPORT_BYTES_MAX], text[REPORT_COT_MAX];
        struct writer w = WRITER_OF(buf);
        struct writer json = writer_of(text, REPORT_JSON_MAX);
        MUST(!err_is(report_encode(&r, &w)));
        MUST(span_equal(writer_span(&w), (span){data, len}));
        report_json(&r, &json);
        struct writer cot = WRITER_OF(text);
        report_cot(&r, NULL, &cot);
        MUST(!json.bad && !cot.bad);
    }
    return 0;
}
