/* links: courier */
/* SPDX-License-Identifier: Apache-2.0 */
/* A courier with a partner whose bytes nobody vouches for, on both connections, and messages of its guard, while time passes,
 * links end and syncs end: it keeps its numbers in order, and its answers are frames that can be read.
 *
 * Input: u8 what (1: it dialled, 6: the path, 120: of piece_row), u8 length, so many bytes */
#include <stdlib.h>

#include "courier/courier.h"

struct fuzzed {
    struct courier *courier;
    bool            up[2][PATH_COUNT];
    uint64_t        records;
};

static err on_append(void *ctx, enum courier_log log, const struct courier_record *r, uint64_t *at)
{
    struct fuzzed *f = ctx;
    (void)log;
    (void)r;
    *at = 4096 + 64 * f->records++;
    return f->records % 64 == 63 ? FAIL(FULL, "the log is full") : OK;
}

static err on_log(void *ctx, enum courier_log log)
{
    (void)ctx;
    (void)log;
    return OK;
}

static err on_read(void *ctx, enum courier_reader reader, uint64_t at, struct courier_item *out,
                   bool *more)
{
    (void)ctx;
    (void)reader;
    *out = (struct courier_item){.next = at};
    *more = false;
    return OK;
}

static uint64_t on_written(void *ctx, enum courier_reader reader)
{
    (void)ctx;
    (void)reader;
    return 0;
}

static err on_ask(void *ctx, span message)
{
    struct guard_message m;
    (void)ctx;
    MUST(!err_is(guard_message_read(message, &m)));
    return OK;
}

static void on_dial(void *ctx, struct courier_end end)
{
    (void)ctx;
    (void)end;
}

static void on_hang_up(void *ctx, struct courier_end end)
{
    ((struct fuzzed *)ctx)->up[end.dialled][end.path] = false;
}

static void on_done(void *ctx, enum courier_reader reader, uint64_t position)
{
    (void)ctx;
    (void)reader;
    (void)position;
}

static void on_note(void *ctx, const char *sentence, const name *partner)
{
    (void)ctx;
    (void)partner;
    MUST(sentence != NULL);
}

static void tell(struct courier *c, uint8_t kind, const struct partner_row *row)
{
    uint8_t       bytes[256];
    struct writer w = WRITER_OF(bytes);
    guard_message_begin(&w, kind, 0);
    if (row != NULL) {
        partner_row_put(&w, row);
    } else {
        put_block16(&w, SPAN_LIT("notice"));
    }
    courier_guard(c, 1000, writer_span(&w));
}

static void mail(struct courier *c, uint64_t number)
{
    uint8_t             bytes[256];
    struct writer       w = WRITER_OF(bytes);
    struct envelope_row row = {{"JPN"}, number, SPAN_LIT("an envelope")};
    guard_message_begin(&w, ANSWER_LETTER, 0);
    envelope_row_put(&w, &row);
    courier_guard(c, 1000, writer_span(&w));
}

static void begin(struct fuzzed *f)
{
    static struct random_stream stream;
    struct courier_port port = {f,          on_append, on_log,  on_log,     on_log,  on_read,
                                on_written, on_ask,    on_dial, on_hang_up, on_done, on_note};
    struct partner_row  row = {.name = {"JPN"}, .address = "x", .authority = SPAN_LIT("y")};
    courier_init(f->courier, &port, random_from(&stream), 1, 1000);
    MUST(!err_is(courier_restore(f->courier)));
    tell(f->courier, ANSWER_NOTICE, NULL);
    tell(f->courier, ANSWER_PARTNER, &row);
    row = (struct partner_row){0};
    tell(f->courier, ANSWER_PARTNER, &row);
    mail(f->courier, 0);
    mail(f->courier, 1);
    for (unsigned i = 0; i < 2 * PATH_COUNT; i++) {
        struct courier_end end = {0, i % 2 == 1, (uint8_t)(i / 2)};
        f->up[end.dialled][end.path] = true;
        courier_opened(f->courier, 1000, end);
    }
}

/* Its answers are frames, one behind the other. */
static void answers(struct fuzzed *f, struct courier_end end)
{
    span              left = courier_unsent(f->courier, end);
    struct frame_view v;
    size_t            taken = 0, all = left.len;
    while (left.len > 0) {
        MUST(!err_is(frame_read(left, &v, &taken)) && taken > 0);
        left = (span){left.ptr + taken, left.len - taken};
    }
    courier_sent(f->courier, end, all);
}

static void comes(struct fuzzed *f, struct courier_end end, span bytes, int64_t *now)
{
    struct courier_room room = courier_room(f->courier, end);
    if (f->up[end.dialled][end.path] && room.len >= bytes.len) {
        memcpy(room.ptr, bytes.ptr, bytes.len);
        courier_came(f->courier, *now, end, bytes.len);
    }
}

/* ---- pieces ---- */

/* A frame that adds up: its kind, and its body. */
static void frame_comes(struct fuzzed *f, struct courier_end end, span bytes, int64_t *now)
{
    uint8_t       frame[512];
    struct writer w = WRITER_OF(frame);
    if (bytes.len > 0) {
        size_t began = frame_begin(&w, (enum frame)bytes.ptr[0]);
        put_span(&w, (span){bytes.ptr + 1, bytes.len - 1});
        frame_end(&w, began);
        comes(f, end, writer_span(&w), now);
    }
}

/* Its kind and its body, with no tag */
static void guard_says(struct fuzzed *f, struct courier_end end, span bytes, int64_t *now)
{
    uint8_t       message[512];
    struct writer w = WRITER_OF(message);
    (void)end;
    if (bytes.len > 0) {
        guard_message_begin(&w, bytes.ptr[0], 0);
        put_span(&w, (span){bytes.ptr + 1, bytes.len - 1});
        courier_guard(f->courier, *now, writer_span(&w));
    }
}

static void time_passes(struct fuzzed *f, struct courier_end end, span bytes, int64_t *now)
{
    (void)f;
    (void)end;
    *now += (int64_t)bytes.len * 500;
}

static void link_ends(struct fuzzed *f, struct courier_end end, span bytes, int64_t *now)
{
    bool *up = &f->up[end.dialled][end.path];
    (void)bytes;
    if (*up) {
        *up = false;
        courier_closed(f->courier, *now, end);
    } else {
        *up = true;
        courier_opened(f->courier, *now, end);
    }
}

static void syncs_end(struct fuzzed *f, struct courier_end end, span bytes, int64_t *now)
{
    (void)end;
    (void)bytes;
    (void)now;
    for (unsigned i = 0; i < COURIER_LOGS; i++) {
        courier_synced(f->courier, (enum courier_log)i);
    }
}

static void guard_new(struct fuzzed *f, struct courier_end end, span bytes, int64_t *now)
{
    (void)end;
    (void)bytes;
    (void)now;
    courier_guard_new(f->courier);
}

static void (*const piece_row[])(struct fuzzed *f, struct courier_end end, span bytes,
                                 int64_t *now) = {
    comes, frame_comes, guard_says, time_passes, link_ends, syncs_end, guard_new,
};

/* A piece is u8 what, u8 length, so many bytes. */
static span piece_next(span *rest, struct courier_end *end, unsigned *what)
{
    size_t len = rest->len > 2 ? rest->ptr[1] : 0;
    len = len < rest->len - 2 ? len : rest->len - 2;
    span piece = {rest->ptr + 2, len};
    end->dialled = (rest->ptr[0] & 1) != 0;
    end->path = (uint8_t)((rest->ptr[0] >> 1 & 3) % PATH_COUNT);
    *what = (rest->ptr[0] >> 3 & 15) % ARRAY_LEN(piece_row);
    *rest = (span){rest->ptr + 2 + len, rest->len - 2 - len};
    return piece;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct fuzzed f = {.courier = calloc(1, courier_size())};
    span          rest = {data, len};
    int64_t       now = 1000, next;
    MUST(f.courier != NULL);
    begin(&f);
    while (rest.len >= 2) {
        struct courier_end end = {0};
        unsigned           what;
        span               piece = piece_next(&rest, &end, &what);
        piece_row[what](&f, end, piece, &now);
        MUST(!err_is(courier_turn(f.courier, ++now, &next)));
        for (unsigned i = 0; i < 2 * PATH_COUNT; i++) {
            answers(&f, (struct courier_end){0, i % 2 == 1, (uint8_t)(i / 2)});
        }
    }
    free(f.courier);
    return 0;
}
