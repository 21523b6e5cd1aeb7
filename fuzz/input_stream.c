/* links: input */
/* SPDX-License-Identifier: Apache-2.0 */
/* A connection of Cursor on Target, with its negotiation: u8 that is passed over, u8 how it is cut, its bytes.  However
 * they are cut, the same is made of them */
#include "input/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define STREAM_MAX 65536

struct outcome {
    uint64_t events, refused, passed, hash;
    bool     lost;
    size_t   said;
};

static struct input_reader reader;

static void on_event(void *ctx, const struct cot_event *event)
{
    struct outcome *o = ctx;
    uint8_t         bytes[REPORT_BYTES_MAX];
    struct writer   w = WRITER_OF(bytes);
    MUST(!err_is(report_encode(&event->report, &w)));
    o->events++;
    for (size_t i = 0; i < w.len; i++) {
        o->hash = (o->hash ^ bytes[i]) * UINT64_C(1099511628211);
    }
}

static void on_refused(void *ctx, err why)
{
    struct outcome *o = ctx;
    MUST(why.why != NULL && (why.code == ERR_MALFORMED || why.code == ERR_LIMIT));
    o->refused++;
}

static void on_passed(void *ctx, uint32_t count)
{
    ((struct outcome *)ctx)->passed += count;
}

/* step: how many bytes come at once; 0 = all */
static struct outcome run(enum source_form form, span bytes, size_t step)
{
    struct outcome          o = {0};
    const struct input_sink sink = {&o, on_event, on_refused, on_passed};
    const struct input_time t = {.now = INT64_C(1700000000000), .boot_ms = 1000};
    struct input            in;
    struct input_stream     s;
    uint8_t                 answer[INPUT_REPLY_MAX];
    struct writer           w = WRITER_OF(answer);
    size_t                  at = 0, have = 0, used = 0;
    span                    piece;
    input_reader_init(&reader, 5);
    MUST(!err_is(input_init(&in, form, &reader)));
    input_greet(&in, &s, &t, &w);
    MUST(!w.bad);
    while (have < bytes.len && !o.lost) {
        have = step == 0 || have + step > bytes.len ? bytes.len : have + step;
        for (bool dry = false; !dry && !o.lost;) {
            o.lost = err_is(input_frame(&in, &s, (span){bytes.ptr + at, have - at}, &piece, &used));
            dry = o.lost || piece.len == 0;
            at += o.lost ? 0 : used;
            if (!dry) {
                w = writer_of(answer, sizeof answer);
                input_take(&in, &s, piece, &t, &sink, &w);
                MUST(!w.bad);
                o.said += w.len;
            }
        }
    }
    return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len < 2 || len > STREAM_MAX) {
        return 0;
    }
    span           bytes = {data + 2, len - 2};
    struct outcome whole = run(SOURCE_COT, bytes, 0);
    struct outcome cut = run(SOURCE_COT, bytes, 1 + data[1] % 64);
    MUST(whole.events == cut.events && whole.refused == cut.refused && whole.hash == cut.hash);
    MUST(whole.passed == cut.passed && whole.lost == cut.lost && whole.said == cut.said);
    return 0;
}
