/* links: feed */
/* SPDX-License-Identifier: Apache-2.0 */
/* One CoT event: what is taken is a valid report, and survives being written and read again */
#include "feed/cot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct cot_reader reader;

static void comes_back(const struct cot_event *e)
{
    uint8_t          buf[REPORT_COT_MAX];
    struct writer    w = WRITER_OF(buf);
    struct cot_event again;
    report_cot(&e->report, &e->labels, &w);
    MUST(!w.bad);
    MUST(!err_is(cot_read(&reader, writer_span(&w), &again)));
    MUST(memcmp(&again.report, &e->report, sizeof again.report) == 0);
    MUST(memcmp(&again.labels, &e->labels, sizeof again.labels) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct cot_event e;
    cot_init(&reader, 5);
    if (!err_is(cot_read(&reader, (span){data, len}, &e))) {
        uint8_t       buf[REPORT_BYTES_MAX];
        uint8_t       json[REPORT_JSON_MAX];
        struct writer w = WRITER_OF(buf);
        struct writer j = WRITER_OF(json);
        MUST(!err_is(report_encode(&e.report, &w)));
        report_json(&e.report, &j);
        MUST(!j.bad);
        comes_back(&e);
    }
    return 0;
}
