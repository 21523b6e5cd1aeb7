/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/link.h"

#include "cmocka_all.h"

static void a_frame_is_taken_whole_or_not_at_all(void **state)
{
    (void)state;
    uint8_t           buf[256];
    struct writer     w = WRITER_OF(buf);
    struct hello      h = {.notice = SPAN_LIT("notice"), .synced = {1, 2, 3, 4, 5}}, back;
    struct frame_view f;
    size_t            taken, began = frame_begin(&w, FRAME_HELLO);
    hello_put(&w, &h);
    frame_end(&w, began);
    for (size_t len = 0; len < w.len; len++) {
        assert_false(err_is(frame_read((span){buf, len}, &f, &taken)));
        assert_int_equal(taken, 0);
    }
    assert_false(err_is(frame_read(writer_span(&w), &f, &taken)));
    assert_int_equal(taken, w.len);
    assert_false(err_is(hello_read(f.body, &back)));
    assert_memory_equal(back.synced, h.synced, sizeof h.synced);
    assert_true(span_is(back.notice, "notice"));
}

static void hostile_frames_are_refused(void **state)
{
    (void)state;
    struct frame_view f;
    size_t            taken;
    const uint8_t     huge[] = {0xff, 0xff, 0xff, 0xff, FRAME_ENTRY, 0};
    const uint8_t     odd[] = {0, 0, 0, 0, 77};
    assert_int_equal(frame_read(SPAN_OF(huge), &f, &taken).code, ERR_LIMIT);
    for (uint32_t more = 0; more < 2; more++) { /* as long as one may be, and a byte longer */
        uint8_t       head[FRAME_HEAD_LEN];
        struct writer w = WRITER_OF(head);
        put_u32(&w, (uint32_t)(FRAME_MAX - FRAME_HEAD_LEN) + more);
        put_u8(&w, FRAME_ENTRY);
        assert_int_equal(frame_read(writer_span(&w), &f, &taken).code, more > 0 ? ERR_LIMIT : 0);
    }
    assert_int_equal(frame_read(SPAN_OF(odd), &f, &taken).code, ERR_MALFORMED);
    struct entry_head e;
    const uint8_t     no_lane[] = {LANE_COUNT, 0, 0, 0, 0, 0, 0, 0, 1, ENTRY_BATCH};
    const uint8_t     no_number[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, ENTRY_BATCH};
    const uint8_t     no_kind[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 99};
    assert_int_equal(entry_read(SPAN_OF(no_lane), &e).code, ERR_MALFORMED);
    assert_int_equal(entry_read(SPAN_OF(no_number), &e).code, ERR_MALFORMED);
    assert_int_equal(entry_read(SPAN_OF(no_kind), &e).code, ERR_UNKNOWN);
}

static void a_batch_must_add_up(void **state)
{
    (void)state;
    uint8_t       buf[512];
    struct writer w = WRITER_OF(buf);
    struct batch  b;
    id            handle = {{5}};
    put_id(&w, &handle);
    put_u64(&w, 7);
    put_u16(&w, 1);
    put_u32(&w, 4 + 32);
    put_u32(&w, 32);
    memset(put_space(&w, 32), 9, 32);
    put_u8(&w, 0);
    put_u16(&w, 0);
    memset(put_space(&w, 64), 1, 64);
    assert_false(err_is(batch_read(writer_span(&w), &b)));
    span items = b.items;
    assert_int_equal(batch_item(&items).len, 32);
    for (size_t len = 0; len < w.len; len++) {
        assert_true(err_is(batch_read((span){buf, len}, &b)));
    }
    buf[ID_LEN + 8 + 1] = 2; /* one item more than there is */
    assert_true(err_is(batch_read(writer_span(&w), &b)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_is_taken_whole_or_not_at_all),
        cmocka_unit_test(hostile_frames_are_refused),
        cmocka_unit_test(a_batch_must_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
