/* links: tak */
/* SPDX-License-Identifier: Apache-2.0 */
/* One message of the TAK protocol, or a datagram: what is taken is a valid report, and survives being written and read
 * again, as a message and as XML */
#include "tak/talk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct cot_reader cot;
static struct tak_reader reader = {.cot = &cot};

static void same(const struct cot_event *a, const struct cot_event *b)
{
    MUST(memcmp(&a->report, &b->report, sizeof a->report) == 0);
    MUST(memcmp(&a->labels, &b->labels, sizeof a->labels) == 0);
}

static void comes_back(const struct cot_event *e)
{
    uint8_t          message[TAK_FRAME_MAX], xml[REPORT_COT_MAX], bytes[REPORT_BYTES_MAX];
    struct writer    m = WRITER_OF(message);
    struct writer    x = WRITER_OF(xml);
    struct writer    w = WRITER_OF(bytes);
    struct cot_event again;
    struct talk      talk;
    bool             is = false;
    MUST(!err_is(report_encode(&e->report, &w)));
    tak_write(&e->report, &e->labels, &m);
    MUST(!m.bad && !err_is(tak_read(&reader, writer_span(&m), &again, &is)) && is);
    same(&again, e);
    if (talk_kind_of(&e->report) == TALK_NONE) {
        report_cot(&e->report, &e->labels, &x);
        MUST(!x.bad && !err_is(talk_read(&cot, writer_span(&x), &again, &talk)));
        same(&again, e);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct cot_event e;
    span             message = {data, len};
    bool             is = false;
    cot_init(&cot, 5);
    if (len == 0 || err_is(tak_datagram((span){data, len}, &message)) || message.ptr == NULL) {
        message = (span){data, len};
    }
    if (!err_is(tak_read(&reader, message, &e, &is)) && is) {
        comes_back(&e);
    }
    return 0;
}
