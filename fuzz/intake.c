/* links: intake */
/* SPDX-License-Identifier: Apache-2.0 */
/* Events of two sources, the guard's answers, and time, in any order: u8 what, u16 length, bytes */
#include "intake/intake.h"
#include "wire/batch.h"

#include <sys/mman.h>

#define CONNECTION 240 /* from here on a step is one to a source */

static uint32_t tag[REQUEST_END];
static bool     full, listens[INTAKE_SOURCES_MAX];

static err ask(void *ctx, span message)
{
    struct guard_message m;
    (void)ctx;
    TRY(guard_message_read(message, &m));
    tag[m.kind % REQUEST_END] = m.tag;
    return OK;
}

static err append(void *ctx, const struct intake_batch *batch)
{
    (void)ctx;
    MUST(batch->bytes.len <= BATCH_MAX);
    return full ? FAIL(FULL, "no room") : OK;
}

static void source_open(void *ctx, const struct source_row *row)
{
    (void)ctx;
    MUST(row->number < INTAKE_SOURCES_MAX);
    listens[row->number] = true;
}

static void source_close(void *ctx, uint16_t number)
{
    (void)ctx;
    MUST(number < INTAKE_SOURCES_MAX);
    listens[number] = false;
}

static void note(void *ctx, const struct intake_note *n)
{
    (void)ctx;
    MUST(n->sentence != NULL);
}

/* Most answers are of use only with the tag of their question. */
static void answer(struct intake *in, int64_t now, uint8_t kind, uint8_t of, span body)
{
    uint8_t       bytes[512];
    struct writer w = WRITER_OF(bytes);
    guard_message_begin(&w, kind, tag[of % REQUEST_END]);
    put_span(&w, body);
    intake_from_guard(in, now, writer_span(&w));
}

/* A connection of that source, from its first byte to its end */
static void connection(struct intake *in, int64_t now, uint16_t source, span bytes)
{
    struct input_stream s = {0};
    uint8_t             reply[4096];
    span                piece;
    size_t              used = 0;
    struct writer       w = WRITER_OF(reply);
    intake_greet(in, now, source, &s, &w);
    while (!err_is(intake_frame(in, source, &s, bytes, &piece, &used)) && used > 0) {
        MUST(used <= bytes.len);
        w.len = 0;
        if (piece.len > 0) {
            (void)intake_piece(in, now, source, &s, piece, &w);
        }
        bytes = (span){bytes.ptr + used, bytes.len - used};
        used = 0;
    }
    if (bytes.len > 0 && intake_last(in, source, &s, bytes)) {
        w.len = 0;
        (void)intake_piece(in, now, source, &s, bytes, &w);
    }
}

static void step(struct intake *in, int64_t *now, uint8_t what, span bytes)
{
    if (what >= CONNECTION && listens[what & 1]) {
        connection(in, *now, what & 1, bytes);
    } else if (what < 2) {
        (void)intake_event(in, *now, what, bytes);
    } else if (what == 2) {
        *now += (int64_t)bytes.len * 16;
        intake_tick(in, *now);
        intake_turn_end(in, *now);
    } else if (what == 3) {
        intake_guard_new(in, *now);
    } else if (what == 4) {
        full = !full;
    } else {
        answer(in, *now, (uint8_t)(ANSWER_ERROR + what % 20), what / 20, bytes);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct random_stream stream = {.at = 0};
    struct intake_setup  setup = {.random = random_from(&stream),
                                  .port = {.ask = ask,
                                           .append = append,
                                           .source_open = source_open,
                                           .source_close = source_close,
                                           .note = note}};
    struct intake       *in = mmap(NULL, intake_size(), PROT_READ | PROT_WRITE,
                                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    struct reader        r = reader_of((span){data, len});
    int64_t              now = 1000;
    MUST(in != MAP_FAILED);
    intake_init(in, &setup);
    intake_guard_new(in, now);
    full = false;
    memset(listens, 0, sizeof listens);
    while (r.rest.len > 0 && !r.bad) {
        uint8_t what = read_u8(&r);
        span    bytes = read_block16(&r, 65535);
        if (!r.bad) {
            step(in, &now, what, bytes);
        }
    }
    intake_done(in, now);
    (void)munmap(in, intake_size());
    return 0;
}
